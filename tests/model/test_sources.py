"""Which edits of the sources count, and which files do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numba
import pytest

from coworksim.appraisal.paired_study import pair_work
from coworksim.appraisal.pilot_run import work as pilot_work
from coworksim.appraisal.replicate import work as appraisal_work
from coworksim.evidence.patterns.pattern_runs import pattern_work
from coworksim.evidence.survey.surveys import work as survey_work
from coworksim.files.provenance import model_files, model_version
from coworksim.model.kernels import sources
from coworksim.model.sources import PACKAGE, imported, tree_hash, trees_hash
from coworksim.runs.outcomes import study_work
from coworksim.runs.run import Measure, version_of

CODE = '''"""A rule."""
from coworksim.model.kernels import rule

LEAST = 0.1
ABOUT = "at least this much of it"


@rule
def left(income, cost):  # what is left
    """Return what is left of income."""
    if income == "nobody has any money":
        raise ValueError(f"{income} is not what is wanted here")
    return max(income - cost, LEAST * income)
'''
SAME = {
    '"""A rule."""': '"""Another rule.\n\nAt more length.\n"""',
    "  # what is left": "",
    '    """Return what is left of income."""\n': "",
    "at least this much of it": "at most that much of it",
    "is not what is wanted here": "is not what we want here",
    "(income, cost)": "(\n    income,\n    cost,\n)",
}
OTHER = {
    "LEAST = 0.1": "LEAST = 0.10001",
    "income - cost": "income + cost",
    "income - cost, ": "cost - income, ",
    "def left": "def rest",
    "max(": "min(",
    "nobody has any money": "everybody has any money",
    "LEAST * income": "income * LEAST",
    "    return max(income - cost, LEAST * income)\n": "",
}


def hashed(folder: Path, text: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "left.py").write_text(text)
    return tree_hash(folder / "left.py")


def test_what_an_edit_changes(tmp_path: Path) -> None:
    edits = {**SAME, **OTHER}
    assert [old for old in edits if CODE.count(old) != 1 and old != "income - cost"] == []
    before = hashed(tmp_path / "before", CODE)
    after = {old: hashed(tmp_path / str(at), CODE.replace(old, new)) for at, (old, new) in enumerate(edits.items())}
    assert [old for old, found in after.items() if found == before] == list(SAME)


def test_a_text_counts_where_something_is_looked_up_by_it(tmp_path: Path) -> None:
    for k, place in enumerate(('x["{}"]', '{{"{}": 1}}', 'y == "{}"', "[k for k in x if k in ('{}', 2)]")):
        one, other = (hashed(tmp_path / f"{k}{words}", place.format(f"a {words} of text")) for words in ("bit", "lot"))
        assert one != other, place


def test_where_a_file_lies_counts_and_the_order_in_which_files_are_given_does_not() -> None:
    one, other = PACKAGE / "model" / "model.py", PACKAGE / "model" / "agents.py"
    assert trees_hash([one, other]) == trees_hash([other, one]) != trees_hash([one])
    assert trees_hash([PACKAGE / "app" / "__init__.py"]) != trees_hash([PACKAGE / "model" / "__init__.py"])


def test_imports_are_followed_and_those_for_the_type_checker_are_not() -> None:
    found = {path.relative_to(PACKAGE).as_posix() for path in imported("coworksim.statistics.cluster_models", "numpy")}
    assert {
        "statistics/cluster_models.py",
        "statistics/lots.py",
        "model/state/rng.py",
        "model/kernels.py",
    } <= found
    assert PACKAGE / "statistics" / "intervals.py" in imported("coworksim.appraisal.ranking")
    assert PACKAGE / "model" / "state" / "world.py" not in imported("coworksim.model.state.synthesis")


#: What does a run, in every command that keeps runs.
WORKS: dict[str, Measure] = {
    "study": study_work,
    "study in pairs": pair_work,
    "patterns": pattern_work,
    "survey": survey_work,
    "comparison": appraisal_work,
    "pilot": pilot_work,
}


def test_no_report_command_or_page_decides_a_run(subtests: pytest.Subtests) -> None:
    for name, work in WORKS.items():
        files = model_files(work.__module__)
        with subtests.test(name):
            assert {path.relative_to(PACKAGE).parts[0] for path in files}.isdisjoint({"report", "app", "cli"})
            assert set((PACKAGE / "model").rglob("*.py")) - set(files) <= {PACKAGE / "model" / "__init__.py"}
            assert PACKAGE / "files" / "load.py" in files


def test_each_measure_has_a_version_and_what_is_not_ours_has_that_of_the_model() -> None:
    versions = {version_of(work) for work in WORKS.values()}
    assert len(versions) == len(WORKS)
    assert model_version() not in versions
    assert version_of(hashed) == model_version()  # type: ignore[arg-type]  # a function of another package


LOADED = """
import sys
from coworksim import load_scenario, simulate
simulate(load_scenario("tiny", {"weeks": 2, "burn_in_weeks": 2}, policies=["voucher"]), events=True).digest
print("\\n".join(module.__file__ for name, module in sys.modules.items() if name.startswith("coworksim")))
"""


@pytest.mark.slow
def test_whatever_a_run_loads_is_part_of_the_model() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = {Path(line) for line in done.stdout.splitlines() if Path(line).name != "__init__.py"}
    assert len(loaded) > 70
    assert loaded <= model_files()


def test_kernels_of_a_module_have_names_of_their_own() -> None:
    """Compiled code is kept by module and name."""
    import coworksim.model.model  # noqa: F401  # compiles nothing, but declares the kernels

    ours = [f for f in _compiled() if Path(f.__code__.co_filename).is_relative_to(PACKAGE)]
    assert len(ours) > 100
    names = Counter((f.__code__.co_filename, f.__qualname__) for f in ours)
    assert [name for name, count in names.items() if count > 1] == []


def _compiled() -> list[Any]:
    """Return the Python function of every compiled one that a module of this package holds."""
    found = {
        id(value): value.py_func
        for name, module in list(sys.modules.items())
        if name.startswith("coworksim.")
        for value in vars(module).values()
        if isinstance(value, numba.core.dispatcher.Dispatcher)
    }
    return list(found.values())


def test_kernels_lie_where_their_sources_are_asked_for() -> None:
    assert set(sources()) <= model_files()


@pytest.mark.slow
def test_what_is_kept_of_sources_is_what_they_do(tmp_path: Path) -> None:
    script = (
        "import ast\nparse, read = ast.parse, []\nast.parse = lambda *a, **k: read.append(1) or parse(*a, **k)\n"
        "from coworksim.files.provenance import model_version\nfrom coworksim.model.kernels import fingerprint\n"
        "print(fingerprint(), model_version(), len(read) > 0)"
    )

    def said() -> tuple[str, bool]:
        where = {**os.environ, "COWORKSIM_CACHE": str(tmp_path)}
        done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=where)
        *versions, parsed = done.stdout.split()
        return " ".join(versions), parsed == "True"

    first = said()
    assert first[1]
    assert said() == (first[0], False)
    kept = tmp_path / "coworksim" / "sources.json"
    for damage in ("", "[]", "{", '{"a": 1}', kept.read_text()[:-9], kept.read_text().replace('["', '[7, "')):
        kept.write_text(damage)
        assert said() == first, damage[:9]
        assert said() == (first[0], False), damage[:9]
