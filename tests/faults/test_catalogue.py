"""The catalogue of planted faults: every fault still applies, and the catalogue covers the package."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from coworksim.model.parameters import MECHANISMS, OFF
from tests.faults.catalogue import OPERATORS, PACKAGE, ROOT, Fault, read_faults
from tests.faults.page import page, totals
from tests.faults.runner import Finding
from tests.faults.suites import PHASES, docking, nearest

FAULTS = read_faults()


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_applies_once_and_leaves_a_module(fault: Fault) -> None:
    before = ast.parse((ROOT / PACKAGE / fault.file).read_text(encoding="utf-8"))
    after = ast.parse(fault.planted())
    assert ast.dump(before) != ast.dump(after)
    assert fault.operator in OPERATORS


def test_a_fault_whose_text_is_gone_is_refused() -> None:
    gone = Fault("decay", "gone", "model/mechanisms/decay.py", "sign", "no such text", "")
    with pytest.raises(ValueError, match="occurs 0 times"):
        gone.planted()


def test_every_mechanism_has_faults_and_every_kind_is_planted() -> None:
    phases = Counter(fault.phase for fault in FAULTS)
    people = {"agents", "views", "casting", "mesa_base", "answers", "teams", "groups"}
    others = people | {"ledger", "draws", "social_graph", "market"}
    assert set(phases) == set(PHASES)
    assert {*MECHANISMS} - OFF | others <= set(PHASES) <= {*MECHANISMS} | others
    assert min(phases.values()) >= 3
    assert {fault.operator for fault in FAULTS} == set(OPERATORS)
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 56


@pytest.mark.parametrize("phase", PHASES)
def test_the_tests_that_look_for_a_phase_exist(phase: str) -> None:
    for test in (*nearest(phase), *docking(phase)):
        file, _, name = test.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        function, _, variant = name.partition("[")
        assert f"def {function}" in text
        assert variant.removesuffix("]") in text


def test_the_page_counts_what_was_killed_by_whom() -> None:
    faults = FAULTS[:3]
    by = [("tests/a.py::test_a", ""), ("", "tests/b.py::test_b"), ("", "")]
    findings = {f.name: Finding(f.digest, one, other) for f, (one, other) in zip(faults, by, strict=True)}
    assert totals(faults, findings) == {"total": 3, "killed": 2, "alone": 1, "docked": 1, "whole": 0, "survived": 1}
    text = page(faults, findings)
    assert f"- **{faults[2].name}** (`{faults[2].file}`): not seen." in text
    assert "`test_b`" in text
