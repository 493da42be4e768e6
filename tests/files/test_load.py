"""Loading: values, units, overrides, frozenness, digest, and the round trip through a file."""

from __future__ import annotations

import copy
import datetime
import pickle
import re
from pathlib import Path
from typing import Any

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.scenario_writer import to_yaml
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS, Kind
from coworksim.model.parameters.parameter import Parameter
from coworksim.model.scenario import Scenario

from .files import HEAD, REGIONS, load

QUANTITY_LINES = HEAD + REGIONS + "parameters:\n"


def test_a_file_that_says_little_has_all_defaults(tmp_path: Path) -> None:
    scenario = load(tmp_path, HEAD + REGIONS)
    assert (scenario.name, scenario.title, scenario.question) == ("case", "A test", "Does it load?")
    assert (scenario.starts, scenario.burn_in_weeks, scenario.weeks, scenario.seed) == (
        (datetime.date(2022, 11, 7), 260, 156, 1)
    )
    assert list(scenario.values) == list(PARAMETERS)
    assert dict(scenario.values) == {name: quantity.default for name, quantity in PARAMETERS.items()}
    assert dict(scenario.mechanisms) == {name: name not in OFF for name in MECHANISMS}
    assert set(scenario.origins.values()) - {"default"} == {f"{tmp_path}/case.yaml:{line}" for line in (2, 3, 4)} - {
        f"{tmp_path}/case.yaml:3"
    }


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("160", 160.0),
        ("160 GBP/month", 160.0),
        ('"160 GBP/month"', 160.0),
        ("1e-3", 0.001),
        ("0x10", 16.0),
        (".5", 0.5),
    ],
)
def test_numbers_with_and_without_unit(tmp_path: Path, written: str, value: float) -> None:
    found = load(tmp_path, f"{QUANTITY_LINES}  space.price: {written}\n")["space.price"]
    assert found == value
    assert type(found) is float


def test_whole_quantities_are_int_and_switches_may_be_on_off_true_or_false(tmp_path: Path) -> None:
    scenario = load(
        tmp_path,
        QUANTITY_LINES
        + "  space.desks: 20 desks\nmechanisms: {decay: off, income: false, membership: on, attendance: true}\n",
    )
    assert type(scenario["space.desks"]) is int
    assert [name for name, on in scenario.mechanisms.items() if not on and name not in OFF] == ["income", "decay"]


def test_quantities_are_read_as_parameters_for_one_release_with_a_sentence(tmp_path: Path) -> None:
    said = f"{tmp_path}/case.yaml:5:1: quantities are called parameters now; write parameters: instead"
    with pytest.warns(FutureWarning, match=re.escape(said)):
        scenario = load(tmp_path, HEAD + REGIONS + "quantities: {space.price: 99}\n")
    assert scenario["space.price"] == 99
    assert scenario.origins["space.price"] == f"{tmp_path}/case.yaml:5"
    both = HEAD + REGIONS + "quantities: {space.price: 99}\nparameters: {space.desks: 9}\n"
    with pytest.raises(ScenarioError, match=r"5:1: unknown key 'quantities' in the scenario"):
        load(tmp_path, both)


def test_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    text = ("\ufeff" + HEAD + REGIONS).replace("\n", "\r\n")
    assert load(tmp_path, text).question == "Does it load?"


def test_overrides_are_checked_as_if_they_stood_in_the_file() -> None:
    scenario = load_scenario("tiny", {"seed": 3, "weeks": 52, "membership.elasticity": -1.2, "mechanisms.decay": False})
    assert (scenario.seed, scenario.weeks, scenario["membership.elasticity"]) == (3, 52, -1.2)
    assert scenario.mechanisms["decay"] is False
    assert scenario.origins["seed"] == scenario.origins["mechanisms.decay"] == "override"
    text = load_scenario("tiny", {"space.price": "160 GBP/month", "mechanisms.decay": "off", "title": "2022"})
    assert (text["space.price"], text.mechanisms["decay"], text.title) == (160.0, False, "2022")
    assert load_scenario("tiny", {"starts": datetime.date(2024, 1, 1)}).starts == datetime.date(2024, 1, 1)


WRONG: dict[str, tuple[Any, str]] = {
    "sed": (1, "override sed: nothing is called 'sed'; write seed"),
    "seed": ([1], "override seed: seed is a list; give a number, text, a boolean or a date"),
    "weeks": (True, "override weeks: weeks is the boolean true; write a number, bare or as 156 weeks"),
    "space.price": (
        float("nan"),
        "override space.price: space.price is .nan, which is no finite number; "
        "write a number, bare or as 157 GBP/month",
    ),
    "space.desks": (
        10**5000,
        "override space.desks: space.desks is the number 1e50; it must lie between 1 and 5000 desks",
    ),
    "mechanisms.decay": (1, "override mechanisms.decay: mechanisms.decay is the number 1; write on or off"),
}


def test_wrong_overrides(subtests: pytest.Subtests) -> None:
    for name, (value, message) in WRONG.items():
        with subtests.test(name):
            with pytest.raises(ScenarioError) as refused:
                load_scenario("tiny", {name: value})
            assert str(refused.value) == message


def test_an_override_can_break_a_sum_of_shares() -> None:
    with pytest.raises(
        ScenarioError, match=r"^override: population.designer_share \+ .* is 1.25; write shares that add"
    ):
        load_scenario("tiny", {"population.designer_share": 0.9})


def test_nothing_can_be_changed() -> None:
    scenario: Any = load_scenario("tiny")
    with pytest.raises(pydantic.ValidationError):
        scenario.seed = 2
    with pytest.raises(pydantic.ValidationError):
        scenario.regions[0].flag = "other"
    for mapping in (
        scenario.values,
        scenario.origins,
        scenario.mechanisms,
        scenario.reference,
        scenario.regions[0].indicators,
        scenario.regions[0].environment,
    ):
        with pytest.raises(TypeError):
            mapping["x"] = 1


def test_copies_leave_the_original_alone() -> None:
    scenario = load_scenario("tiny")
    assert scenario.model_copy(update={"seed": 7}).seed == 7
    assert copy.deepcopy(scenario).model_copy(update={"seed": 8}).seed == 8
    assert scenario.seed == 1
    assert pickle.loads(pickle.dumps(scenario)) == copy.deepcopy(scenario) == scenario  # noqa: S301 - our own bytes


def test_a_scenario_built_by_hand_is_checked_too() -> None:
    content = load_scenario("tiny").model_dump()
    wrong_price = {**content["values"], "space.price": -1}
    changes: list[dict[str, Any]] = [{"extra": 1}, {"weeks": 0}, {"values": {}}, {"values": wrong_price}]
    for change in changes:
        with pytest.raises(pydantic.ValidationError):
            Scenario.model_validate({**content, **change})


def test_the_digest_is_that_of_content_and_not_of_names_or_places(tmp_path: Path) -> None:
    one = load(tmp_path, HEAD + REGIONS)
    other = load(tmp_path, "\n\n".join(("# Another?", "title: Other", REGIONS, "seed: 1")), "other.yaml")
    assert one.digest == other.digest
    changed = {
        load(tmp_path, HEAD + REGIONS + line).digest
        for line in (
            "seed: 2",
            "weeks: 3",
            "mechanisms: {decay: off}",
            "parameters: {space.price: 1}",
            "starts: 2023-01-02",
        )
    }
    assert len(changed | {one.digest}) == 6


def test_a_resolved_scenario_loads_again_to_the_same_digest(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for name in ("tiny", "uk-core", "uk-left-behind", "uk-voucher"):
        scenario = load_scenario(name, {"mechanisms.decay": False, "starts": "2024-02-29"})
        for origins in (False, True):
            again = load(tmp_path, to_yaml(scenario, origins=origins))
            with subtests.test(f"{name}, origins {origins}"):
                assert again.digest == scenario.digest
                assert (again.title, again.question) == (scenario.title, scenario.question)


def _values(quantity: Parameter) -> st.SearchStrategy[float | int | str]:
    low, high = quantity.limits
    if quantity.kind is Kind.CHOICE:
        return st.sampled_from(quantity.choices)
    if quantity.kind is Kind.INTEGER:
        return st.integers(int(low), int(high))
    if quantity.name.endswith("_share"):
        high = min(high, 0.25)
    return st.floats(low, high, allow_nan=False)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional={name: _values(quantity) for name, quantity in PARAMETERS.items()}))
def test_values_survive_the_way_through_a_file(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, float | int | str]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    lines = [
        f"  {name}: {value}{'' if isinstance(value, str) else ' ' + PARAMETERS[name].unit}\n"
        for name, value in values.items()
    ]
    scenario = load(folder, HEAD + REGIONS + "    people: 300\n" + ("parameters:\n" + "".join(lines) if lines else ""))
    assert {name: scenario[name] for name in values} == values
    assert load(folder, to_yaml(scenario), "again.yaml").digest == scenario.digest


@pytest.mark.parametrize("written", ["0.35", "0.35 share", "35 %", "35.0 %"])
def test_a_share_may_be_written_in_per_cent(tmp_path: Path, written: str) -> None:
    found = load(tmp_path, f"{HEAD}{REGIONS}parameters:\n  population.nomad_share: {written}\n")
    assert found["population.nomad_share"] == 0.35
