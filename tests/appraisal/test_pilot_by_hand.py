"""Parts of a pilot by hand: chance by its address, who is asked, who is enough, and what files hold."""

from __future__ import annotations

import json
import math
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

from coworksim.appraisal import pilot_run
from coworksim.appraisal.pilot_power import POWER, Survey, needed, noise
from coworksim.appraisal.pilot_run import region_lots
from coworksim.files.errors import InputError, RunnerError
from coworksim.model.policy import Eligibility
from coworksim.model.state.policy_state import AWARDED, IN_USE, OVER
from coworksim.model.state.rng import PILOT, normal, run_key, uniform, word
from coworksim.runs.batch import Outcomes
from coworksim.runs.run import Outcome
from tests.appraisal.made import TINY
from tests.appraisal.worlds import scheme

pilots: Any = import_module("coworksim.appraisal.pilot")


def test_each_number_of_chance_has_an_address_of_its_own() -> None:
    run, who = run_key(7, 2), np.array([64, 128, 1000])
    found = noise(run, who, 6, 3)
    for at, key in enumerate(who.astype(np.uint64)):
        words = [np.uint64(word(run, key, PILOT, 6, 12 + k)) for k in range(4)]
        assert found.lot[at] == uniform(words[3])
        assert found.answers[at] == uniform(words[0])
        assert found.td[at] == normal(uniform(words[1]))
        assert found.sc[at] == normal(uniform(words[2]))
    lots = region_lots(run, np.array([0, 5]))
    assert lots.tolist() == [uniform(np.uint64(word(run, np.uint64(k), PILOT, 0, 0))) for k in (0, 5)]


def row(people: int, power: float, **more: Any) -> dict[str, Any]:
    return {
        "outcome": "td",
        "month": 6,
        "people": people,
        "power": power,
        "estimate": 1.0,
        "estimate_sd": 2.0,
        "true_effect": 1.0,
        "true_contrast": 1.0,
        "true_contrast_half_width": 0.1,
        **more,
    }


def test_a_power_of_four_in_five_is_enough() -> None:
    assert POWER == 0.8
    found = needed(pd.DataFrame([row(20, 0.79), row(40, 0.8), row(80, 0.81)])).iloc[0]
    assert (found["people"], found["how"]) == (40, "simulated")
    found = needed(pd.DataFrame([row(20, 0.9), row(40, 0.79)])).iloc[0]
    assert found["how"] == "extrapolated"
    clear = [row(20, 0.1, true_contrast=0.5, true_contrast_half_width=width) for width in (0.49, 0.51)]
    assert [needed(pd.DataFrame([one])).iloc[0]["how"] for one in clear] == ["extrapolated", "not found"]


def test_what_is_needed_stands_in_order_of_outcome_and_month_whatever_the_order_of_the_power() -> None:
    about = [("td", 12), ("member", 6), ("td", 6)]
    rows = [row(20, 0.9, outcome=outcome, month=month) for outcome, month in about]
    found = needed(pd.DataFrame(rows))
    assert list(zip(found["outcome"], found["month"], strict=True)) == sorted(about)


def people(offered: int, others: int) -> pd.DataFrame:
    treated = [True] * offered + [False] * others
    return pd.DataFrame({"month": 6, "key": range(len(treated)), "region": 0, "treated": treated})


def tried(monkeypatch: pytest.MonkeyPatch, *groups: tuple[int, int], **more: Any) -> Any:
    """Plan a pilot whose replicates have so many people who are offered it, and others."""
    done = {}
    for k, (offered, others) in enumerate(groups):
        table = people(offered, others)
        done[k] = Outcome(
            str(k), "done", {"offered": float(offered)}, SimpleNamespace(to_pandas=lambda table=table: table)
        )
    lost = Outcome("9", "failed", error="it broke")
    monkeypatch.setattr(pilots, "run_in_memory", lambda *given, **more: Outcomes({9: lost, **done}))
    said: dict[str, Any] = {"months": (4, 2, 2), "response": 0.6, "reliability": 0.8, "surveys": 3, **more}
    return pilots.pilot(TINY, (scheme(),), **said)


def test_a_pilot_keeps_what_was_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tried(monkeypatch, (30, 100), (45, 50))
    assert found.survey == Survey(0.6, 0.8, at_start=False, by_region=False, draws=3)
    assert found.months == (2, 4)
    assert found.sizes == (20, 40, 60)  # twice, and as many as can be asked in every replicate
    assert (found.replicates, found.failed) == (2, ("replicate 9: it broke",))
    assert found.books["replicate"].tolist() == [0, 1]
    assert tried(monkeypatch, (30, 100), (45, 50), at_start=True).survey.at_start
    assert tried(monkeypatch, (30, 100), (45, 50), people=(60, 10)).sizes == (10, 60)
    assert tried(monkeypatch, (40, 40), (40, 40)).sizes == (20, 40, 80)
    with pytest.raises(InputError, match="61 people, but 60 can be asked"):
        tried(monkeypatch, (30, 100), (45, 50), people=(61,))


@pytest.mark.parametrize(("succeed", "failed"), [(1, 1), (1, 0), (0, 2)])
def test_fewer_than_two_replicates_make_no_pilot(succeed: int, failed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Outcome("x", "failed", error="it broke")
    done = {k: Outcome("x", "done", {}) if k < succeed else lost for k in range(succeed + failed)}
    monkeypatch.setattr(pilots, "run_in_memory", lambda *given, **more: Outcomes(done))
    said = f"the first failure: replicate {succeed}: it broke" if failed else f"there are {succeed}$"
    with pytest.raises(RunnerError, match=said):
        pilots.pilot(TINY, (scheme(),), months=(4,))


@pytest.mark.parametrize("applying", [7, 8, 9])
def test_a_lottery_needs_eight_people_and_is_for_half_of_them(applying: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def forked(model: object, policies: tuple[Any, ...]) -> Any:
        (policy,) = policies
        asked.append(policy)
        state = np.full((12, 1), -1)
        state[:applying, 0] = OVER
        for k in range(policy.number):
            state[k, 0] = (AWARDED, IN_USE)[k % 2]
        return SimpleNamespace(live=asked.append, world=SimpleNamespace(schemes=SimpleNamespace(state=state)))

    monkeypatch.setattr(pilot_run, "forked", forked)
    model: Any = object()
    if applying < 8:
        with pytest.raises(ValueError, match="only 7 people apply in 5 weeks; a lottery needs at least 8"):
            pilot_run._lottery(model, (scheme(start=3, end=5),), 5)
        return
    found = pilot_run._lottery(model, (scheme(start=3, end=5),), 5)
    assert found.rows.tolist() == list(range(applying))
    assert found.treated.tolist() == [k < applying // 2 for k in range(applying)]
    assert [asked[0].number, asked[1], asked[2].number, asked[3]] == [0, 9, applying // 2, 9]  # drawn in week 8
    assert (asked[2].award, asked[2].window, asked[2].end) == ("lottery", 5, 9)


@pytest.mark.parametrize("meet", [7, 8])
def test_half_of_the_regions_that_are_meant_come_first(meet: int, monkeypatch: pytest.MonkeyPatch) -> None:
    regions = [SimpleNamespace(name=name, flag=flag) for name, flag in zip("abcde", "lolll", strict=True)]
    region = np.repeat(np.arange(5), 3)
    monkeypatch.setattr(pilot_run, "region_lots", lambda run, meant: np.array([0.9, 0.1, 0.5, 0.3])[: len(meant)])
    monkeypatch.setattr(pilot_run, "forked", lambda model, policies: SimpleNamespace(world=None))
    monkeypatch.setattr(pilot_run, "meets_conditions", lambda world: np.cumsum(region != 1) <= meet)
    workers = SimpleNamespace(region=region)
    model: Any = SimpleNamespace(
        setup=SimpleNamespace(regions=regions), world=SimpleNamespace(run=None, workers=workers)
    )
    policy = scheme(eligible=Eligibility(regions=("a", "c", "d", "e")))
    if meet < 8:
        with pytest.raises(ValueError, match="only 7 people meet the conditions; a pilot needs at least 8"):
            pilot_run._phased(model, (policy,))
        return
    found = pilot_run._phased(model, (policy,))
    assert found.policies[0].eligible.regions == ("c", "e")  # the lowest lots of a, c, d and e are of c and e
    assert found.rows.tolist() == [0, 1, 2, 6, 7, 8, 9, 10]
    assert found.treated.tolist() == [False] * 3 + [True] * 3 + [False] * 2


def test_files_hold_the_tables_and_nothing_else(tmp_path: Path) -> None:
    found = pilots.Pilot(
        TINY,
        (scheme(),),
        "lottery",
        4,
        (6,),
        (20,),
        Survey(0.6, 0.8, at_start=False, by_region=False, draws=3),
        2,
        people(4, 4),
        pd.DataFrame({"replicate": [0, 1], "offered": [4.0, math.nan]}),
        ("replicate 9: it broke",),
    )
    vars(found)["power"] = pd.DataFrame([row(20, 0.5)])
    vars(found)["needed"] = pd.DataFrame([row(20, 0.5)])
    pilots.write_pilot(found, tmp_path, ["coworksim", "pilot"])
    assert (tmp_path / "power.csv").read_text().startswith('"outcome","month","people","power",')
    assert pyarrow.parquet.read_schema(tmp_path / "books.parquet").names == ["replicate", "offered"]
    told = json.loads((tmp_path / "pilot.json").read_text())
    assert told["books"] == [{"replicate": 0, "offered": 4.0}, {"replicate": 1, "offered": None}]
    assert told["command"] == ["coworksim", "pilot"]
    assert (told["replicates"], told["surveys_of_each"], told["failed"]) == (2, 3, ["replicate 9: it broke"])
    assert told["assumed"]["response"]["value"] == 0.6
    assert told["assumed"]["reliability"]["value"] == 0.8
