"""Public names: what is promised is what is there, visible and described."""

from __future__ import annotations

import inspect
import pydoc
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import coworksim

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/public-names.md").read_text()


def rows(heading: str) -> list[tuple[str, str]]:
    """Return the rows of the table under a heading of the page."""
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([\w.]+)` \| (.+) \|$", part, re.MULTILINE)


def test_the_page_lists_what_is_public_and_the_package_says_the_same_of_each() -> None:
    said = re.findall(r"^    (\w+) +(\S.*)$", coworksim.__doc__ or "", re.MULTILINE)
    assert rows("Names") == said, "docs/reference/public-names.md and coworksim/__init__.py say the same of each name"
    assert sorted(name for name, _ in said) == sorted(coworksim.__all__)


@pytest.mark.slow
def test_dir_and_help_show_public_names_before_anybody_has_used_them() -> None:
    code = "import coworksim, json; print(json.dumps(dir(coworksim)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert [name for name in coworksim.__all__ if f'"{name}"' not in shown] == []
    text = pydoc.plain(pydoc.render_doc(coworksim))
    assert [name for name in coworksim.__all__ if not re.search(rf"^    (class )?{name}\b[ (]", text, re.M)] == []


def test_dir_shows_nothing_that_is_there_by_the_way() -> None:
    assert {name for name in dir(coworksim) if not name.startswith("__")} == set(coworksim.__all__)


def test_the_old_name_of_the_parameters_says_what_to_write() -> None:
    with pytest.warns(DeprecationWarning, match="write PARAMETERS"):
        assert coworksim.QUANTITIES is coworksim.PARAMETERS


def overridden() -> Iterator[tuple[str, Any]]:
    for place, methods in rows("What you may override"):
        module, _, name = place.rpartition(".")
        kind = getattr(import_module(module), name)
        yield from ((f"{name}.{method}", getattr(kind, method)) for method in re.findall(r"`(\w+)`", methods))


def described() -> Iterator[tuple[str, Any]]:
    """Return public functions, public methods of public classes, and methods that users override."""
    for name in coworksim.__all__:
        value = getattr(coworksim, name)
        if inspect.isfunction(value):
            yield name, value
        for method, found in vars(value).items() if inspect.isclass(value) else ():
            function = found.__func__ if isinstance(found, classmethod) else found
            if not inspect.isfunction(function) or function.__code__.co_filename.startswith("<"):  # not written by us
                continue
            if not method.startswith("_") or method == "__init__":
                yield f"{name}.{method}", function
    yield from overridden()


def missing(function: Any) -> list[str]:
    """Name the arguments and the result that a docstring does not describe."""
    text, signature = inspect.getdoc(function) or "", inspect.signature(function)
    section = text.partition("\nArgs:\n")[2]
    named = [name for name in signature.parameters if name not in ("self", "cls")]
    found = [name for name in named if not re.search(rf"^    \*{{0,2}}{name}: \S", section, re.MULTILINE)]
    returns = signature.return_annotation not in (None, "None", inspect.Signature.empty)
    return found + (["Returns"] if returns and "\nReturns:\n    " not in text else [])


def test_docstrings_describe_arguments_and_results() -> None:
    assert {name: gaps for name, function in described() if (gaps := missing(function))} == {}


def test_a_gap_is_seen() -> None:
    def planted(weeks: int, seed: int) -> int:
        """Run.

        Args:
            weeks: How long.
        """
        return weeks + seed

    assert missing(planted) == ["seed", "Returns"]


@pytest.mark.slow
def test_the_reference_describes_every_public_name_and_loads_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "tools.reference", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    text = (tmp_path / "coworksim.html").read_text()
    assert [name for name in coworksim.__all__ if f'<section id="{name}"' not in text] == []
    assert "Name of a built-in scenario, or path of a file." in text
    assert re.findall(r'(?:src|href|url\()="?(?:https?:)?//(?!pdoc\.dev")[^"]*', text) == []
