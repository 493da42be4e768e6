"""Faults above the model: what the rules find, that the sample applies, and which tests are asked."""

from __future__ import annotations

import ast
import io
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.faults.above.__main__ import anew, newer_tests
from tests.faults.above.page import page, row
from tests.faults.above.rules import KINDS, Change, changes
from tests.faults.above.sample import DRAWN, FOLDERS, Planted, equivalents, every_fault, files, known, sample
from tests.faults.above.trial import Bench, Finding, Map, watched
from tests.faults.catalogue import PACKAGE, ROOT


@pytest.fixture(scope="module")
def draws() -> list[Planted]:
    return sample()


@pytest.mark.parametrize(
    ("source", "kind", "planted"),
    [
        ("x = a + b", "sign", ["(a - b)"]),
        ("x = -a", "sign", ["a"]),
        ("x = a + 'text'", "sign", []),
        ("x = a[-1:]", "sign", []),
        ("x = a <= b < c", "limit", ["(a < b < c)", "(a <= b <= c)"]),
        ("x = a is None", "comparison negated", ["(a is not None)"]),
        ("x = not a", "comparison negated", ["a"]),
        ("x = a if b else c", "comparison negated", ["(c if b else a)"]),
        ("x = a and b", "and for or", ["(a or b)"]),
        ("x = a & b", "and for or", ["(a | b)"]),
        ("FEW: Final = 5.0", "threshold", ["6.25"]),
        ("x = max(a, 3)", "threshold", ["4"]),
        ("x = y[3]", "threshold", []),
        ("z = inv_cdf(0.975)", "quantile", ["0.95"]),
        ("z = percentile(a, 95)", "quantile", ["90"]),
        ("z = range(95)", "quantile", []),
        ("adjust(left=0.2, low=0.2)", "quantile", ["0.1"]),
        ("x = min(a)", "partner", ["max"]),
        ("x = found.low", "partner", ["found.high"]),
        ("x = (low, high)", "swapped pair", ["(high, low)"]),
        ("x = f(a, b)", "swapped pair", ["f(b, a)"]),
        ("x = folder / name", "swapped pair", []),
        ("if a:\n    raise E", "guard left out", ["False"]),
        ("x = ['one', 'two']", "item left out", ["['one']"]),
        ("__all__ = ['one', 'two']", "item left out", []),
        ("x = f(a, axis=True)", "flag", ["False"]),
        ("x = zip(a, strict=True)", "flag", []),
        ("x = f'{a:+,.1f}'", "number format", ["+,.0f", ",.1f", "+.1f"]),
        ("def f(a: Literal[1 + 2]) -> None: ...", "sign", []),
    ],
)
def test_a_rule_plants_its_kind(source: str, kind: str, planted: list[str]) -> None:
    assert [change.new for change in changes(source) if change.kind == kind] == planted


def test_a_change_names_its_function_and_the_lines_of_its_statement() -> None:
    source = "class A:\n    def f(self, a):\n        return g(\n            a < 1,\n        )\n"
    (limit,) = (change for change in changes(source) if change.kind == "limit")
    assert (limit.place, limit.lines, limit.old, limit.new) == ("A.f", (3, 5), "a < 1", "(a <= 1)")


@pytest.mark.slow  # reads all that lies above the model
def test_the_sample_is_large_and_has_every_part_and_kind(draws: list[Planted]) -> None:
    assert len(draws) == len({fault.digest for fault in draws}) == sum(DRAWN.values()) >= 150
    assert Counter(fault.part for fault in draws) == DRAWN
    assert {fault.change.kind for fault in draws} == set(KINDS)


def test_every_file_above_the_model_is_of_one_part() -> None:
    package = ROOT / PACKAGE
    above = [path for path in package.rglob("*.py") if path.parent != package and "model" not in path.parts]
    listed = Counter(path for folders in FOLDERS.values() for path in files(folders))
    assert set(listed.values()) == {1}
    assert not [path for path in set(above) - set(listed) if list(changes(path.read_text(encoding="utf-8")))]
    assert set(DRAWN) == set(FOLDERS)


@pytest.mark.slow  # reads all that lies above the model
def test_what_is_said_to_change_nothing_is_something_that_the_rules_plant() -> None:
    planted = {
        (fault.file, fault.change.place, fault.change.old, fault.change.new, fault.twin)
        for faults in every_fault().values()
        for fault in faults
    }
    assert not set(equivalents()) - planted, "tests/faults/above/equivalent.yaml holds what is no longer there"


@pytest.mark.slow  # parses a module for every fault
def test_every_fault_leaves_a_module_that_reads_otherwise(draws: list[Planted]) -> None:
    for fault in (*draws, *known()):
        was = fault.original()
        assert ast.dump(ast.parse(was)) != ast.dump(ast.parse(fault.planted())), fault.name


def test_where_a_fault_stands_in_a_moved_file_does_not_change_its_hash() -> None:
    change = Change("sign", "f", 0, 5, (1, 1), "a + b", "(a - b)")
    here, there = Planted("report", "one.py", change, 0), Planted("report", "folder/two.py", change, 0)
    assert here.digest == there.digest != Planted("report", "one.py", change, 1).digest


def test_tests_are_asked_that_reach_the_line_themselves_or_by_a_fixture() -> None:
    def test(seconds: float, *fixtures: str, failed: bool = False) -> dict[str, object]:
        return {"seconds": seconds, "failed": failed, "fixtures": list(fixtures)}

    found = Map(
        {
            "t.py::a": test(2.0),
            "t.py::b": test(1.0, "fixture world"),
            "t.py::c": test(0.1, failed=True),
            "t.py::d": test(0.5),
            "u.py::e": test(0.1),
        },
        {"one.py": {3: {"t.py::a", "fixture world", "t.py::c"}, 9: {"u.py::e"}, 1: {"imports"}}},
    )
    at = Planted("report", "one.py", Change("sign", "f", 0, 5, (2, 4), "a + b", "(a - b)"), 0)
    assert found.reaching(at) == ["t.py::b", "t.py::a"]
    assert found.files_of(["t.py::a"]) == ["t.py::a", "t.py::b", "t.py::d"]
    constant = Planted("report", "one.py", Change("sign", "", 0, 5, (1, 1), "a + b", "(a - b)"), 0)
    assert found.reaching(constant) == ["u.py::e", "t.py::b", "t.py::a"]


def test_the_page_counts_what_was_caught_by_whom() -> None:
    four = [
        Planted("report", f"{name}.py", Change("sign", name, 0, 5, (1, 1), "a + b", "(a - b)"), 0) for name in "abcd"
    ]
    by = [Finding("t.py::a"), Finding("", "t.py::b"), Finding("", ""), Finding("t.py::d", first="")]
    found = {fault.digest: one for fault, one in zip(four, by, strict=True)}
    assert row("all", four, found) == "| all | 4 | 1 (25.0%) | 2 (50.0%) | 3 (75.0%) |\n"
    heads = ["Not caught", "Caught by slow tests only", "Missed by the fast tier at first sight, caught by it now"]
    listed = re.split(r"\n## (.*)\n", page(four, found))
    for head, name in zip([*heads, "Caught by the fast tier"], "cbda", strict=True):
        assert re.findall(r"`(.)\.py:1`", listed[listed.index(head) + 1]) == [name]
    assert "Only" not in listed[0]
    assert "Only 3 of 4 have been tried so far" in page(four, {k: v for k, v in found.items() if k != four[3].digest})


def test_what_came_of_a_fault_at_first_sight_is_kept_when_it_is_tried_again() -> None:
    fault, by = Planted("report", "a.py", Change("sign", "", 0, 5, (1, 1), "a + b", "(a - b)"), 0), iter("x  y")
    bench = SimpleNamespace(fast=lambda fault, tests: Finding(next(by).strip()))
    first = anew(cast("Bench", bench), fault, Map(), None)
    assert first.at_first == "x"
    found = replace(anew(cast("Bench", bench), fault, Map(), None), slow="")
    for now in ("", "y"):
        found = anew(cast("Bench", bench), fault, Map(), found)
        assert (found.fast, found.at_first) == (now, "")


@pytest.mark.parametrize("start", ['"""Text."""\n\nfrom __future__ import annotations\n', '"""Text."""\n', ""])
def test_the_package_is_watched_before_it_imports_anything(start: str) -> None:
    text = watched(f"{start}import json\n\nx = 1\n")
    assert text.splitlines()[start.count("\n") :] == [
        "import _reach; _reach.watch(_reach.Path(__file__).parent); import json",
        "",
        "x = 1",
    ]
    ast.parse(text)


def test_a_map_without_a_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lines-fast.tests").write_text("{}")
    with pytest.raises(RuntimeError, match="were not watched"):
        Map.read(tmp_path / "lines-fast")
    (tmp_path / "lines-fast.7").write_text("t.py::a\tone.py\t3\n")
    assert Map.read(tmp_path / "lines-fast").lines == {"one.py": {3: {"t.py::a"}}}


def test_a_file_that_has_changed_since_is_refused(tmp_path: Path) -> None:
    file = tmp_path / PACKAGE / "one.py"
    file.parent.mkdir(parents=True)
    file.write_text("x = a + b\n")
    fault = Planted("report", "one.py", Change("sign", "", 4, 9, (1, 1), "a + b", "(a - b)"), 0)
    assert fault.planted(tmp_path) == "x = (a - b)\n"
    file.write_text("y = 1\nx = a + b\n")
    with pytest.raises(ValueError, match="has changed since"):
        fault.planted(tmp_path)


def test_tests_that_are_newer_than_a_note_are_noted_anew_but_for_those_that_are_never_asked() -> None:
    every = newer_tests(0.0)
    assert "tests/runs/test_store.py" in every
    assert not [name for name in every if name.startswith(("tests/model/", "tests/faults/"))]
    newest = max((ROOT / name).stat().st_mtime for name in every)
    assert newer_tests(newest) == []


def test_a_case_that_a_fault_takes_away_fails_nowhere_and_the_others_are_asked(tmp_path: Path) -> None:
    (tmp_path / "output.txt").write_text("ERROR: not found: /copy/t.py::a\n(no match)\n", encoding="utf-8")
    bench, asked = Bench.__new__(Bench), io.StringIO()
    answers = io.StringIO('[4, ""]\n[1, "t.py::a[10]"]\n[2, ""]\n')
    bench.copy = cast("Any", SimpleNamespace(root=tmp_path))
    bench._process = cast("Any", SimpleNamespace(stdin=asked, stdout=answers))
    names = ["t.py::a[1]", "t.py::a[10]", "t.py::b"]
    reach = Map({name: {"seconds": 0.1} for name in names})
    assert bench.first_failure(names, reach) == "t.py::a[10]"
    assert [json.loads(line)["tests"] for line in asked.getvalue().splitlines()] == [names, ["t.py::a", "t.py::b"]]
    assert bench.first_failure(names, reach) == "a test interrupts pytest itself"
