"""One burn-in for all arms: a fork is the world that a run from the start would have been."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from coworksim import simulate
from coworksim.appraisal.measures import Pair, terms
from coworksim.appraisal.pairs import Record, lived
from coworksim.appraisal.record_week import SUMS
from coworksim.model.state.people import Population
from coworksim.model.weeks import Weeks
from coworksim.runs import opening
from coworksim.runs.opening import burnt_in, forked
from tests.appraisal.worlds import easy, pair, scheme
from tests.worlds import schemes


def same_world(model: Weeks, other: Weeks) -> bool:
    a, b = model.world, other.world
    columns = all(
        np.array_equal(getattr(a.workers, c.name), getattr(b.workers, c.name)) for c in dataclasses.fields(Population)
    )
    return columns and a.ledger.postings == b.ledger.postings and np.array_equal(a.schemes.used, b.schemes.used)


@pytest.mark.slow
def test_an_arm_is_the_world_of_a_run_with_its_policies() -> None:
    scenario = schemes()
    arm = forked(burnt_in(scenario, 1, 0), scenario.policies)
    lived(arm, scenario.weeks)
    assert arm.world.schemes.spent.sum() > 0
    assert same_world(arm, simulate(scenario, 1).model)


def test_an_arm_without_the_draws_of_hassle_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_draw_hassle", lambda *_: None)
    scenario = schemes()
    arm = forked(burnt_in(scenario, 1, 0), scenario.policies)
    lived(arm, scenario.weeks)
    assert not same_world(arm, simulate(scenario, 1).model)


def test_arms_do_not_touch_each_other() -> None:
    scenario = easy()
    model = burnt_in(scenario, 1, 0)
    first = lived(forked(model, (scheme(),)), scenario.weeks)
    lived(forked(model, ()), scenario.weeks)
    again = lived(forked(model, (scheme(),)), scenario.weeks)
    assert np.array_equal(first.sums, again.sums)
    assert first.postings == again.postings


def test_what_is_kept_adds_up_to_what_the_world_says() -> None:
    scenario = easy()
    model = forked(burnt_in(scenario, 1, 0), (scheme(),))
    record = lived(model, scenario.weeks)
    w = model.world.workers
    here = w.key == record.key[-1]
    assert here.all()
    generation = record.generation[-1]
    earned = record.sums[SUMS.index("earned")][np.arange(len(w)), generation]
    old = w.entered < model.world.opening
    assert np.array_equal(earned[~old], w.earned[~old])
    assert record.sums[0].sum() == record.key.size
    assert (record.generation > 0).any()  # some came later, and are others than those before
    assert int(record.support.sum()) == sum(p.pence for p in record.postings if p.payer == "treasury")


def moved(record: Record) -> Record:
    """Let somebody else live in the place of a person with support, in the second half."""
    row = int(np.flatnonzero(record.support.sum(axis=0))[0])
    record.key[13:, row] += 1
    record.sums = np.pad(record.sums, ((0, 0), (0, 0), (0, 1)))
    return record


def test_person_weeks_of_one_world_only_are_in_no_stratum() -> None:
    whole = pair(easy(), scheme())
    other = Pair(whole.scenario, moved(pair(easy(), scheme()).there), whole.here)
    before, after = terms(whole), terms(other)
    assert before["weeks_unmatched"] == 0
    assert after["weeks_unmatched"] == 13
    for found in (before, after):
        cells = [found[f"weeks_{name}"] for name in ("both", "only_with", "only_without", "neither", "unmatched")]
        assert sum(cells) == whole.there.key.size
    assert after["support_unmatched_gbp"] > 0
    assert after["support_gbp"] == before["support_gbp"]


def test_who_could_apply_is_seen_in_a_window_of_a_single_week() -> None:
    short = scheme(start=2, end=3)
    record = pair(easy(weeks=6, burn_in_weeks=4), short).there
    assert record.reached("eligible").any()
    late = pair(easy(weeks=2, burn_in_weeks=4), short).there
    assert not late.reached("eligible").any()
