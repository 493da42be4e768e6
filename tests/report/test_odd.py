"""The description of the model and the log of assumptions: in step with the code, and nothing left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coworksim.cli import commands
from coworksim.model.mechanisms import WEEK
from coworksim.model.parameters import MECHANISMS, PARAMETERS
from coworksim.model.policies import AWARDS, KINDS, LEVERS
from coworksim.model.state.people import Population
from coworksim.model.state.rng import STREAMS
from coworksim.report.assumption_log import DECLARED, EVIDENCE, Impact, assumptions, assumptions_text, read_impacts
from coworksim.statistics.factors import is_swept
from tools.odd.docstrings import columns_of, rules_of
from tools.odd.document import ENTITIES, odd_text
from tools.odd.submodels import HELPERS, submodel

DOCS = Path(__file__).parents[2] / "docs"
MECHANISM_FILES = sorted((Path(__file__).parents[2] / "sim/coworksim/model/mechanisms").glob("[!_]*.py"))
#: A formula: something in code marks with a sign of arithmetic or of comparison in it.
FORMULA = re.compile(r"`[^`]*([-+*/%<>=]|min|max|exp)[^`]*`")
#: ODD+D asks for each of these.
ASKED = (
    "Theoretical background",
    "Individual decision-making",
    "Learning",
    "Sensing",
    "Prediction",
    "Interaction",
    "Collectives",
    "Heterogeneity",
    "Stochasticity",
    "Observation",
)


@pytest.fixture(scope="module")
def text() -> str:
    return odd_text()


@pytest.fixture
def odd() -> Callable[..., Result]:
    return lambda *words: CliRunner().invoke(commands, ["odd", *map(str, words)])


def section(text: str, title: str) -> str:
    """Return what stands under a heading, to the next one of the same depth or higher."""
    depth = title.partition(" ")[0]
    found = re.search(rf"^{re.escape(title)}$(.*?)(?=^#{{2,{len(depth)}}} |\Z)", text, re.M | re.S)
    assert found, f"no heading {title}"
    return found[1].strip()


def test_the_pages_are_in_step(text: str) -> None:
    assert (DOCS / "ODD.md").read_text() == text, "run make regenerate"
    log = (DOCS / "assumptions.md").read_text()
    assert log == assumptions_text(), "run make regenerate"


def test_each_phase_has_its_place_and_its_rule_in_symbols(text: str, subtests: pytest.Subtests) -> None:
    overview = section(text, "## 3. Process overview and scheduling")
    for number, phase in enumerate(WEEK, 1):
        with subtests.test(phase.name):
            assert f"| {number} | `{phase.name}` | {MECHANISMS[phase.name]} |" in overview
            entry = section(text, f"### {number}. {phase.name}: {MECHANISMS[phase.name]}")
            assert entry in submodel(number, phase)
            code = entry.replace(f"`mechanisms.{phase.name}`", "")
            assert FORMULA.search(code), "its docstring gives no formula"
            own = [quantity.name for quantity in PARAMETERS.values() if quantity.group == phase.name]
            assert [name for name in own if f"`{name}`" not in entry] == []


def test_each_file_of_a_mechanism_is_told_and_its_rules_are_in_symbols(text: str, subtests: pytest.Subtests) -> None:
    for path in MECHANISM_FILES:
        module = f"coworksim.model.mechanisms.{path.stem}"
        with subtests.test(path.stem):
            assert len([p for p in WEEK if module == p.__module__ or module in HELPERS.get(p.name, ())]) == 1
            rules = rules_of(module)
            assert [rule.call for rule in rules if f"- `{rule.call}`: " not in text] == []
            assert [rule.call for rule in rules if not FORMULA.search(rule.text)] == [], "no formula in the docstring"


def test_a_rule_without_symbols_would_be_seen() -> None:
    assert not FORMULA.search("whether a member who likes `days` days a week comes on one")
    assert FORMULA.search("whether `u < days/5`")


def test_each_kind_of_policy_has_its_entry(text: str) -> None:
    entries = {kind: section(text, f"### {kind}: {about.meaning}") for kind, about in KINDS.items()}
    assert [kind for kind, entry in entries.items() if len(entry) <= 100] == []
    keys = {kind: (*about.needs, *about.one_of, *about.may) for kind, about in KINDS.items()}
    assert [f"{kind}: {key}" for kind, entry in entries.items() for key in keys[kind] if f"`{key}`" not in entry] == []


def test_each_parameter_form_award_lever_and_stream_has_its_row(text: str) -> None:
    tables, forms = section(text, "## 10. Parameters"), section(text, "## 8. Rival forms")
    for q in PARAMETERS.values():
        (row,) = re.findall(rf"^\| `{re.escape(q.name)}` \|.*$", tables, re.M)
        cells = [cell.strip() for cell in row.replace("\\|", "/").strip("|").split(" | ")]
        assert (cells[1:3], cells[6:]) == ([q.meaning, q.unit], [str(q.role), EVIDENCE[q.evidence], q.source])
        assert (f"| `{q.name}` |" in forms) is bool(q.choices)
        assert all(f"`{form}`" in forms for form in q.choices)
        assert (q.sampled is None) is (cells[5] == "-")
    for name in (*AWARDS, *LEVERS):
        assert f"`{name}`" in section(text, "## 9. Policies")
    for name in STREAMS:
        assert f"| `{name}` |" in tables


def test_the_concepts_answer_what_the_protocol_asks(text: str) -> None:
    concepts = section(text, "## 4. Design concepts")
    for asked in ASKED:
        assert len(section(concepts, f"### {asked}")) > 100
    for title in ("## 5. Initialisation", "## 6. Input data", "## 7. Submodels"):
        assert len(section(text, title)) > 500


def test_each_state_variable_of_an_entity_is_there(text: str) -> None:
    for name, module, kind, _ in ENTITIES:
        entry = section(text, f"### {name}")
        listed = [column.name for column in columns_of(module, kind)]
        assert listed
        assert all(f"| `{column}` |" in entry for column in listed)
    worker = {column.name: column.meaning for column in columns_of("coworksim.model.state.people", "Population")}
    assert list(worker) == list(Population.__dataclass_fields__)
    assert all(worker.values())


def test_every_default_is_an_assumption_and_every_assumption_names_parameters_that_exist() -> None:
    log = {one.name: one for one in assumptions()}
    assert len(log) == len(DECLARED) + len(PARAMETERS)
    for name, quantity in PARAMETERS.items():
        assert (log[name].evidence, log[name].why) == (quantity.evidence, quantity.source)
        assert (log[name].impact is Impact.FIXED) is not is_swept(quantity)
    for declared in DECLARED:
        assert log[declared.name].structure
        assert set(declared.quantities) <= set(PARAMETERS)
    for one in log.values():
        assert one.quality_colour in ("green", "amber", "red")
        assert one.impact_colour in ("green", "amber", "red", "grey")


IMPACTS = """# By hand.
arm,outcome,input,measure,value,low,high,floor,above
scenario,a,decay.skill,mu_star,8.0,7,9,1,True
scenario,a,space.price,mu_star,2.0,1,3,1,True
scenario,b,space.price,mu_star,0.5,0.4,0.6,0.1,True
scenario,b,decay.skill,mu_star,5.0,4.4,5.6,0.1,True
scenario,a,space.desks,mu_star,0.9,0.1,1.7,1,False
scenario,a,space.desks,mu,7.0,,,,
scenario,a,dummy,mu_star,90.0,0.1,1.7,1,
scenario,b,schemes.hassle,mu_star,0.4,0.3,0.5,0.1,True
"""


def test_impacts_are_shares_of_the_greatest_effect_on_an_outcome(tmp_path: Path) -> None:
    (tmp_path / "indices.csv").write_text(IMPACTS)
    log = {one.name: one for one in assumptions(tmp_path / "indices.csv")}
    got = {
        name: (log[name].impact, log[name].impact_share, log[name].impact_on)
        for name in (
            "decay.skill",
            "space.price",
            "space.desks",
            "schemes.hassle",
            "schemes.early_hassle",
            "space.floor_per_desk",
        )
    }
    assert got == {
        "decay.skill": (Impact.LARGE, 1.0, "a"),
        "space.price": (Impact.MIDDLING, 0.25, "a"),
        "space.desks": (Impact.NONE, 0.9 / 8.0, "a"),
        "schemes.hassle": (Impact.SMALL, 0.08, "b"),
        "schemes.early_hassle": (Impact.UNKNOWN, None, ""),
        "space.floor_per_desk": (Impact.FIXED, None, ""),
    }
    assert log["hassle is lasting"].impact is Impact.SMALL  # the greatest of its quantities
    assert (
        "`schemes.early_hassle` | how much more it costs at the start of a career, and without skill: 0.5 ratio "
        "| guess | guess | not yet" in assumptions_text(tmp_path / "indices.csv")
    )


def test_a_table_of_another_kind_is_refused(tmp_path: Path, odd: Callable[..., Result]) -> None:
    other, sobol = tmp_path / "runs.csv", tmp_path / "sobol.csv"
    other.write_text("a,b\n1,2\n")
    sobol.write_text(IMPACTS.replace("mu_star", "ST"))
    for path, said in ((other, "has no columns outcome"), (sobol, "has no mu_star")):
        with pytest.raises(ValueError, match=said):
            read_impacts(path)
        got = odd("--assumptions", "--impacts", path)
        assert (got.exit_code, said in got.output) == (2, True)
    assert odd("--impacts", other).exit_code == 2


def test_the_command_writes_whole_files_and_replaces_none(
    tmp_path: Path, odd: Callable[..., Result], text: str
) -> None:
    file = tmp_path / "model.md"
    assert odd("--out", file).exit_code == 0
    assert file.read_text() == text == odd().output
    again = odd("--out", file, "--assumptions")
    assert (again.exit_code, "exists; give another name, or --force" in again.output) == (2, True)
    assert odd("--out", file, "--assumptions", "--force").exit_code == 0
    assert file.read_text() == assumptions_text()
    assert odd("--out", tmp_path / "model.txt").exit_code == 2
    assert odd("--out", tmp_path / "none" / "model.md").exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["model.md"]
