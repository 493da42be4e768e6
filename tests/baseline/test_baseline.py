"""No number and no sentence moves unnoticed: what ENTRIES make has the digests of the file.

Digests are promised on one platform (64-bit Linux on x86); elsewhere the last digits of a number may differ.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.baseline.entries import ENTRIES
from tests.baseline.file import changes, digests, recorded

CASES = [pytest.param(name, id=name, marks=[pytest.mark.slow] if one.slow else []) for name, one in ENTRIES.items()]


@pytest.mark.parametrize("name", CASES)
def test_nothing_has_moved(name: str, tmp_path: Path) -> None:
    found = changes(recorded().get(name, {}), digests(ENTRIES[name].make(tmp_path)))
    assert not found, (
        f"{name}: {', '.join(found)}; where that is meant, run python -m tests.baseline '{name}' and write what moved "
        "under 'Results that change' in CHANGELOG.md, and where not, compare what its option --show prints before and "
        "after"
    )


def test_the_file_has_every_entry_and_no_other() -> None:
    assert list(recorded()) == list(ENTRIES)
