"""What may well be said and is hardly meant: each kind of it is told, and nothing that is built in is."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files import load
from coworksim.files.built_in import built_ins
from coworksim.files.errors import InputWarning
from coworksim.files.load import load_scenario
from coworksim.files.plausibility import beyond, read_by_nothing, spans, warnings_of
from coworksim.files.policy_reader import read_arms
from coworksim.files.uk_regions import real_regions
from coworksim.model.parameters import MECHANISMS, PARAMETERS, Kind, Parameter
from coworksim.model.policy import Policy
from coworksim.model.scenario import Region, Scenario, Space
from coworksim.runs.outcomes import study_work
from coworksim.runs.simulation import simulate


def _with(scenario: Scenario, **changes: object) -> Scenario:
    return Scenario.model_validate({**{k: getattr(scenario, k) for k in type(scenario).model_fields}, **changes})


def _subsidy(**said: object) -> Policy:
    given = {"name": "A", "kind": "membership_subsidy", "share": 0.5, "months": 3, "end": 26, "budget": 100_000}
    return Policy(**{**given, **said})


def _told(**changes: object) -> list[str]:
    return list(warnings_of(_with(load_scenario("tiny"), **changes)))


def test_nothing_built_in_is_told() -> None:
    assert {one.name: found for one in built_ins() if (found := warnings_of(load_scenario(one.name)))} == {}
    assert [place.code for place in real_regions().values() for k, v in place.indicators.items() if beyond(k, v)] == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"start": 26, "end": 40}, "does nothing: it starts in week 26, after the 26 weeks that are run"),
        ({"end": 27}, "ends in week 27, after the 26 weeks that are run: its end is not seen"),
        ({"share": 0.0}, "does nothing: it neither pays nor changes anything"),
        ({"budget": 0}, "does nothing: it neither pays nor changes anything"),
        ({"number": 0}, "does nothing: it neither pays nor changes anything"),
        ({"amount": 0}, "does nothing: it neither pays nor changes anything"),
        ({"eligible": {"statuses": ("nomad",)}}, "is for nobody who lives in this scenario"),
        ({"eligible": {"occupations": ("designer",)}}, "is for nobody who lives in this scenario"),
        (
            {"budget": 10**10},
            "has a budget of 100,000,000 GBP; if everybody who may apply were paid for",
        ),
    ],
)
def test_a_policy_that_cannot_do_what_it_says_is_told(said: dict[str, object], told: str) -> None:
    values = {**load_scenario("tiny").values, "population.nomad_share": 0.0, "population.designer_share": 0.0}
    quiet = {"policies": (_subsidy(),), "values": values}
    assert _told(**quiet) == []
    (found,) = _told(**quiet | {"policies": (_subsidy(**said),)})
    assert found.startswith(f"policy 'A' {told}")


def test_a_budget_may_be_a_quarter_above_what_all_could_use() -> None:
    """Ten awards of 60 GBP a month for three months are paid for 13 weeks at 13.85 GBP a week."""
    said = {"kind": "voucher", "share": None, "amount": 6000, "number": 10, "months": 3}
    most = 10 * 13 * 1385
    assert _told(policies=(_subsidy(**said, budget=int(1.25 * most)),)) == []
    (found,) = _told(policies=(_subsidy(**said, budget=int(1.25 * most) + 1),))
    assert found.endswith("about 1,800 GBP")


def test_the_dearest_desk_costs_twice_the_price_and_a_dedicated_one_more() -> None:
    scenario = load_scenario("tiny")
    pence = round(100 * scenario["space.price"] * 2.0 * scenario["space.dedicated_ratio"])
    most = 13 * ((12 * pence + 26) // 52)  # one award of the whole fee for three months
    said = {"share": 1.0, "number": 1, "months": 3}
    assert _told(policies=(_subsidy(**said, budget=int(1.25 * most)),)) == []
    assert len(_told(policies=(_subsidy(**said, budget=int(1.25 * most) + 1),))) == 1


def test_programmes_that_do_nothing_or_reach_nobody_are_told() -> None:
    said = {"name": "P", "kind": "awareness_campaign", "region_cost": 100, "end": 26, "budget": 1000}
    assert _told(policies=(Policy(**said, hear_spaces=0.1),)) == []
    assert _told(policies=(Policy(**said, hear_spaces=0.0),)) == [
        "policy 'P' does nothing: it neither pays nor changes anything"
    ]


def test_what_is_offered_beyond_the_whole_fee_is_told_once() -> None:
    full = [_subsidy(name=name, share=1.0) for name in "ABC"]
    assert _told(policies=tuple(full)) == [
        "policies 'A', 'B' and 'C' together offer 300 % of a fee; no more than all of it is paid"
    ]
    assert _told(policies=(_subsidy(name="A"), _subsidy(name="B"))) == []
    later = _subsidy(name="B", share=1.0, start=13)
    assert _told(policies=(_subsidy(share=1.0, end=13), later)) == []
    assert _told(policies=(_subsidy(share=1.0, end=14), later)) != []


def test_regions_that_can_hardly_be_meant_are_told() -> None:
    tiny = load_scenario("tiny").regions[0]

    def regions(**said: object) -> list[str]:
        return _told(regions=(Region(**{**tiny.model_dump(), **said}),))

    assert regions(people=10) == []
    assert regions(people=1) == [f"region {tiny.name!r} has 1 person"]
    absurd = {**tiny.indicators, "jobs_per_head": 1e10}
    (found,) = regions(indicators=absurd)
    assert found.startswith(f"region {tiny.name!r}: jobs_per_head is 10,000,000,000, and in the 179 ITL-3 regions")
    assert regions(people=9) == [f"region {tiny.name!r} has 9 people"]


def test_every_mechanism_off_is_told() -> None:
    assert _told(mechanisms=dict.fromkeys(MECHANISMS, False)) == ["every mechanism is off: nothing will happen"]


def test_the_span_is_that_of_the_regions_widened_by_a_tenth() -> None:
    populations = [place.columns["population"] for place in real_regions().values()]
    low, high = min(filter(None, populations)), max(filter(None, populations))
    assert spans()["population"][:2] == (low, high)
    assert beyond("population", high * 1.4) is None
    assert beyond("population", high * 1.6) is not None
    assert beyond("population", low / 1.4) is None
    assert beyond("population", low / 1.6) is not None


def test_what_is_set_and_read_by_nothing_is_told_with_its_place() -> None:
    scenario = load_scenario("tiny", {"mechanisms.encounters": False, "encounters.project_share": 0.3})
    assert "override: encounters.project_share is set, and nothing reads it: encounters is off" in warnings_of(scenario)


def test_a_price_that_the_list_of_spaces_fixes_is_read_by_nothing() -> None:
    region = load_scenario("tiny").regions[0]
    for own, wanted in (
        ((Space(price=150.0), Space(price=120.0)), {"space.price", "environment.price_level"}),
        ((Space(price=150.0), Space()), set()),
        ((Space(desks=3), Space(desks=4)), {"space.desks"}),
    ):
        fixed = _with(load_scenario("tiny"), regions=(region.model_copy(update={"spaces": 2, "own_spaces": own}),))
        asked = ("space.price", "space.desks", "environment.price_level", "space.events")
        assert {name for name, _ in read_by_nothing(fixed, asked)} == wanted


IDLE = """# Idle?
title: idle
extends: tiny
mechanisms: {encounters: off}
parameters: {encounters.project_share: 30 %}
"""


@pytest.mark.parametrize("called", ["tiny.yaml", "default", "override", "built-in tiny.yaml", "tiny.yaml:x/mine.yaml"])
def test_a_file_of_a_user_is_one_whatever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, called: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(called).parent.mkdir(exist_ok=True)
    Path(called).write_text(IDLE, encoding="utf-8")
    (told,) = warnings_of(load_scenario(Path(called), quiet=True))
    assert told.endswith(f"{called}:5: encounters.project_share is set, and nothing reads it: encounters is off")
    Path("end.yaml").write_text(f"# Last?\ntitle: last\nextends: ./{called}\n", encoding="utf-8")
    if called.endswith(".yaml"):
        assert warnings_of(load_scenario(Path("end.yaml"), quiet=True)) == (told,)


def test_all_that_a_built_in_scenario_sets_is_built_in() -> None:
    places = {place.partition(":")[0] for one in built_ins() for place in load_scenario(one.name).origins.values()}
    assert places == {"default", *(f"built-in {one.path.name}" for one in built_ins())}


def test_warnings_are_of_the_scenario_as_it_stands_now() -> None:
    base = load_scenario("tiny")
    off = load_scenario("tiny", {"mechanisms.encounters": False})
    assert warnings_of(off) == warnings_of(base) == ()
    (told,) = warnings_of(off.changed({"encounters.project_share": 0.3}))
    assert told == "override: encounters.project_share is set, and nothing reads it: encounters is off"
    rich = _with(base, policies=(_subsidy(budget=10**7),))
    assert len(warnings_of(rich)) == 1
    assert warnings_of(rich.changed({"space.price": 5000.0})) == ()


def test_what_tables_were_warned_of_stays_when_parameters_change() -> None:
    read = _with(load_scenario("tiny"), odd_figures=("regions.csv:2:3: population is 67,000,000",))
    assert warnings_of(read.changed({"space.price": 120.0})) == read.odd_figures


def test_a_run_that_loads_quietly_works_out_no_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("worked out for nobody")

    monkeypatch.setattr(load, "warnings_of", refuse)
    load_scenario("tiny", quiet=True)
    study_work(
        {"scenario": "tiny", "overrides": {"weeks": 1, "burn_in_weeks": 1}, "seed": 1, "replicate": 0, "outcomes": []}
    )
    with pytest.raises(AssertionError, match="for nobody"):
        load_scenario("tiny")


def test_policies_that_are_compared_are_told_of_each_with_those_that_stand() -> None:
    scenario = _with(load_scenario("tiny"), policies=(_subsidy(name="A", share=1.0),))
    arms = [(_subsidy(name="B", budget=10**10),), (_subsidy(name="C"),)]
    first, second, third = warnings_of(scenario, arms)
    assert first.startswith("policy 'B' has a budget of 100,000,000 GBP")
    assert second == "policies 'A' and 'B' together offer 150 % of a fee; no more than all of it is paid"
    assert third.startswith("policies 'A' and 'C'")
    assert warnings_of(scenario, [(_subsidy(name="A", budget=0),)]) != ()
    rich = _with(scenario, policies=(_subsidy(name="A", budget=10**10),))
    assert warnings_of(rich, [rich.policies], beside=True) == ()


def test_a_policy_that_is_compared_is_told_of_before_anything_runs(tmp_path: Path) -> None:
    file = tmp_path / "rich.yaml"
    policy = "{name: rich, kind: voucher, amount: 60 GBP/month, months: 3, end: 8, budget: 100000000 GBP}"
    file.write_text(f"# Rich?\npolicies:\n  - {policy}\n", encoding="utf-8")
    with pytest.warns(InputWarning, match="policy 'rich' has a budget of 100,000,000 GBP"):
        read_arms([str(file)], load_scenario("tiny"))


def _another(parameter: Parameter, value: object) -> float | int | str:
    """Return a value that differs as much as a sweep would have it, or more."""
    if parameter.kind is Kind.CHOICE:
        return next(one for one in parameter.choices if one != value)
    low, high = parameter.sampled or (max(parameter.limits[0], -1e3), min(parameter.limits[1], 1e3))
    other = high if value != high else low
    return int(other) if parameter.kind is Kind.INTEGER else other


@pytest.mark.parametrize("off", list(MECHANISMS))
def test_what_is_said_to_be_read_by_nothing_changes_no_number(off: str) -> None:
    base = load_scenario("tiny", {f"mechanisms.{off}": False, "weeks": 8, "burn_in_weeks": 8}, policies=["new-space"])
    said = [name for name, _ in read_by_nothing(base, PARAMETERS)]
    wrong = []
    digest = simulate(base).digest
    for name in said:
        other = _another(PARAMETERS[name], base[name])
        if simulate(_with(base, values={**base.values, name: other})).digest != digest:
            wrong.append(name)
    assert wrong == []
