"""The policies of a scenario file: what they resolve to, and the way through digest and file."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim.files.load import load_scenario
from coworksim.files.scenario_writer import to_yaml
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.policies import AWARDS, KINDS, LEVERS, WHERE
from coworksim.model.policy import CURRICULUM, LIMITS, Eligibility, Policy, keys_of
from coworksim.model.scenario import Scenario

from .files import HEAD, REGIONS, load

FULL = """\
policies:
  - name: Vouchers for early careers
    kind: voucher
    amount: 60.05 GBP/month
    months: 12
    start: 2
    end: 104
    budget: 30000 GBP
    number: 40
    award: lottery
    window: 6 weeks
    lag: 3
    redeem: 26
    eligible:
      career_from: 1 years
      career_below: 5 years
      income_below: 400 GBP/week
      statuses: [owner, freelancer]
      occupations: [film_maker, designer]
      regions: [other, left-behind]
      non_members: true
"""
LEAST = "policies:\n  - {name: A, kind: membership_subsidy, share: 0.5, months: 6, budget: 100}\n"
TWO = f"{HEAD}{REGIONS}{FULL}  - {{name: B, kind: membership_subsidy, share: 0.25,"
TWO += " amount: 10, months: 1, budget: 0.07}\n"


def test_every_field_is_read(tmp_path: Path) -> None:
    (policy,) = load(tmp_path, HEAD + REGIONS + FULL).policies
    eligible = Eligibility(
        career_below=5,
        career_from=1,
        income_below=400,
        occupations=("designer", "film_maker"),
        statuses=("freelancer", "owner"),
        regions=("left-behind", "other"),
        non_members=True,
    )
    assert policy == Policy(
        name="Vouchers for early careers",
        kind="voucher",
        amount=6005,
        months=12,
        start=2,
        end=104,
        budget=3_000_000,
        number=40,
        award="lottery",
        window=6,
        lag=3,
        redeem=26,
        eligible=eligible,
    )
    assert policy.eligible.occupations == ("designer", "film_maker")


def test_what_a_policy_leaves_out(tmp_path: Path) -> None:
    (policy,) = load(tmp_path, HEAD + REGIONS + LEAST).policies
    assert (policy.amount, policy.start, policy.end, policy.number) == (None, 0, 156, None)
    assert (policy.award, policy.window, policy.lag, policy.redeem) == ("first-come", 0, 4, 13)
    assert policy.eligible == Eligibility()
    (lottery,) = load(tmp_path, HEAD + REGIONS + LEAST.replace("}", ", award: lottery}")).policies
    assert (lottery.window, lottery.end) == (8, 156)


@pytest.mark.parametrize(
    ("more", "weeks", "end"),
    [("", 52, 52), ("start: 60", 52, 61), ("start: 50, award: lottery", 52, 58), ("end: 200", 52, 200)],
)
def test_an_open_end_is_the_horizon_that_counts_in_the_end(tmp_path: Path, more: str, weeks: int, end: int) -> None:
    (tmp_path / "base.yaml").write_text(HEAD + REGIONS + LEAST.replace("}", f", {more}}}"), encoding="utf-8")
    (tmp_path / "case.yaml").write_text("# q\nextends: base.yaml\nweeks: 9\n", encoding="utf-8")
    (policy,) = load_scenario(tmp_path / "case.yaml", {"weeks": weeks}).policies
    assert policy.end == end


def test_money_is_exact(tmp_path: Path) -> None:
    pence = {"0": 0, "0.29": 29, "1.1 GBP": 110, "4.35e2": 43500, '"7.07 GBP"': 707}
    read = {entry: load(tmp_path, HEAD + REGIONS + LEAST.replace("100", entry)).policies[0].budget for entry in pence}
    assert read == pence


def test_a_policy_may_do_nothing(tmp_path: Path) -> None:
    idle = "policies:\n  - {name: A, kind: voucher, amount: 0, months: 1, budget: 0, number: 0}\n"
    (policy,) = load(tmp_path, HEAD + REGIONS + idle).policies
    assert (policy.amount, policy.share, policy.budget, policy.number) == (0, None, 0, 0)


def test_a_list_replaces_that_of_the_extended_file_and_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(TWO, encoding="utf-8")
    extends = "# q\nextends: base.yaml\n"
    kept, replaced, none = (load(tmp_path, extends + more) for more in ("seed: 2", LEAST, "policies: []\n"))
    assert [policy.name for policy in kept.policies] == ["Vouchers for early careers", "B"]
    assert [policy.name for policy in replaced.policies] == ["A"]
    assert none.policies == ()
    origins = [scenario.origins["policies"] for scenario in (kept, replaced)]
    assert origins == [f"{tmp_path}/base.yaml:6", f"{tmp_path}/case.yaml:4"]
    assert load_scenario("tiny").origins["policies"] == "default"


def test_every_change_of_a_policy_changes_the_digest(tmp_path: Path) -> None:
    changes = {
        "Vouchers for": "Voucher for",
        "60.05": "60.06",
        "months: 12": "months: 13",
        "start: 2": "start: 3",
        "end: 104": "end: 103",
        "30000": "30000.01",
        "number: 40": "number: 41",
        "window: 6": "window: 7",
        "lag: 3": "lag: 4",
        "redeem: 26": "redeem: 25",
        "career_from: 1": "career_from: 0",
        "below: 5": "below: 6",
        "400": "401",
        "[owner, freelancer]": "[owner]",
        "[film_maker, designer]": "[other]",
        "[other, left-behind]": "[other]",
        "non_members: true": "non_members: false",
    }
    texts = [HEAD + REGIONS, TWO, *(TWO.replace(old, new, 1) for old, new in changes.items())]
    texts.append(f"{HEAD}{REGIONS}policies:\n{TWO[TWO.index('  - {name: B') :]}{FULL.partition(chr(10))[2]}")
    assert len({load(tmp_path, text).digest for text in texts}) == len(changes) + 3


def test_the_order_of_names_in_a_condition_changes_nothing(tmp_path: Path) -> None:
    other = FULL.replace("[owner, freelancer]", "[freelancer, owner]").replace("[other, l", "[left-behind, other] # ")
    assert load(tmp_path, HEAD + REGIONS + other).digest == load(tmp_path, HEAD + REGIONS + FULL).digest


def test_regions_are_taken_by_name_or_flag(tmp_path: Path) -> None:
    regions = "regions:\n  - {name: Leeds, like: other}\n  - like: left-behind\n"
    text = LEAST.replace("}", ", eligible: {regions: [Leeds, left-behind]}}")
    (policy,) = load(tmp_path, HEAD + regions + text).policies
    asked = [("Leeds", "other"), ("York", "left-behind"), ("York", "other")]
    assert [policy.eligible.includes(*one) for one in asked] == [True, True, False]
    assert Eligibility().includes("York", "other")


def test_nothing_of_a_policy_can_be_changed() -> None:
    scenario: Any = load_scenario("uk-voucher")
    with pytest.raises(pydantic.ValidationError):
        scenario.policies[0].amount = 1
    with pytest.raises(pydantic.ValidationError):
        scenario.policies[0].eligible.non_members = False
    assert pickle.loads(pickle.dumps(scenario)) == copy.deepcopy(scenario) == scenario  # noqa: S301 - our own bytes


WRONG: tuple[dict[str, Any], ...] = (
    {"name": " "},
    {"name": "a\x1bb"},
    {"kind": "loan"},
    {"award": "merit"},
    {"share": 0.1},
    {"amount": -1},
    {"amount": 0.5},
    {"months": 0},
    {"end": 2},
    {"end": 9},
    {"window": 0},
    {"award": "first-come"},
    {"number": -1},
    {"extra": 1},
    {"eligible": {"career_below": 1, "career_from": 1}},
    {"eligible": {"income_below": -1}},
    {"eligible": {"statuses": ("freelance",)}},
    {"eligible": {"occupations": ("designer", "designer")}},
    {"eligible": {"regions": ("Atlantis",)}},
)


def test_a_policy_built_by_hand_is_checked_too(subtests: pytest.Subtests) -> None:
    content = load_scenario("uk-voucher").model_dump()
    policy = {**content["policies"][0], "start": 2}
    assert Scenario.model_validate({**content, "policies": [policy]}).policies[0].start == 2
    for change in WRONG:
        with subtests.test(str(change)), pytest.raises(pydantic.ValidationError):
            Scenario.model_validate({**content, "policies": [policy | change]})


def test_two_policies_built_by_hand_need_two_names() -> None:
    content = load_scenario("uk-voucher").model_dump()
    with pytest.raises(pydantic.ValidationError, match="a name of its own"):
        Scenario.model_validate({**content, "policies": content["policies"] * 2})


def _number(name: str) -> st.SearchStrategy[Any]:
    low, high, _ = LIMITS[name]
    if name in ("career_below", "career_from", "income_below") or (name in LEVERS and LEVERS[name].form == "real"):
        return st.floats(low, high)
    return st.integers(int(low), int(high))


def _levers(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Draw what a kind needs, and some of what it may have."""
    about = KINDS[kind]
    said = {key: draw(_number(key)) for key in about.needs}
    if about.is_award:
        said |= {key: draw(_number(key)) for key in ("months", "lag")} | {"number": draw(st.none() | _number("number"))}
    for key in draw(st.sets(st.sampled_from(about.may))) if about.may else ():
        if key == "curriculum":
            said[key] = tuple(draw(st.sets(st.sampled_from(CURRICULUM), min_size=1)))
        else:
            said[key] = draw(st.sampled_from(list(WHERE))) if key == "where" else draw(_number(key))
    if about.one_of:
        key = draw(st.sampled_from(about.one_of))
        said[key] = draw(_number(key))
    if said.get("where") == "outside":
        said.pop("days", None)
    return said


@st.composite
def policies(draw: st.DrawFn, name: str) -> Policy:
    kind = draw(st.sampled_from(list(KINDS)))
    is_award = KINDS[kind].is_award
    award = draw(st.sampled_from(list(AWARDS))) if is_award else "first-come"
    window = draw(st.integers(1, 520)) if award != "first-come" else 0
    start = draw(_number("start"))
    regions = tuple(draw(st.sets(st.sampled_from(["left-behind", "other"]))))
    career = draw(st.none() | _number("career_below").filter(lambda years: years > 0))
    eligible = Eligibility(
        career_below=career,
        career_from=draw(st.none() | st.floats(0, career or 100, exclude_max=True)),
        income_below=draw(st.none() | _number("income_below")),
        occupations=tuple(draw(st.sets(st.sampled_from(OCCUPATIONS)))),
        statuses=tuple(draw(st.sets(st.sampled_from(STATUSES)))),
        regions=regions,
        non_members=draw(st.booleans()),
    )
    return Policy(
        name=name,
        kind=kind,
        **_levers(draw, kind),
        start=start,
        end=draw(st.integers(start + max(window, 1), int(LIMITS["end"][1]))),
        budget=draw(_number("budget")),
        award=award,
        window=window,
        eligible=eligible if is_award else Eligibility(regions=regions),
    )


def test_every_kind_has_levers_that_are_declared_and_every_lever_a_kind() -> None:
    named = {key for about in KINDS.values() for key in (*about.needs, *about.one_of, *about.may)}
    assert named - {"redeem", "where", "curriculum"} == LEVERS.keys() - {"months"}
    assert {key for kind in KINDS for key in keys_of(kind)} == set(Policy.model_fields)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(policies("Vouchers: 'a', \"b\" # \u00e9"), policies("true"), st.booleans())
def test_policies_survive_the_way_through_a_file(
    tmp_path_factory: pytest.TempPathFactory, one: Policy, other: Policy, origins: bool
) -> None:
    content = load_scenario("tiny").model_dump()
    scenario = Scenario.model_validate({**content, "policies": (one, other)})
    again = load(tmp_path_factory.mktemp("round"), to_yaml(scenario, origins=origins))
    assert again.policies == scenario.policies
    assert again.digest == scenario.digest
