"""The reference region: constants bring about what the inputs say, and the running model does so too."""

import math
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from coworksim.model.kernel_cache import Place
from coworksim.model.mechanisms.helpers import reference_region
from coworksim.model.mechanisms.helpers.elasticities import by_income
from coworksim.model.mechanisms.helpers.membership_chain import Constants
from coworksim.model.mechanisms.helpers.reference_region import behaviour, solved, usual_tastes
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.week import MembershipParameters
from coworksim.model.scenario import read
from coworksim.model.state import snapshot
from coworksim.model.weeks import Engine
from tests.worlds import busy, reference

P = read(busy(), MembershipParameters)


def constants(p: MembershipParameters) -> Constants:
    return Constants(p.price_weight, p.constant, p.habit, p.taste_scale)


CORNERS: list[dict[str, Any]] = [
    dict(zip(("elasticity", "members", "churn"), corner, strict=True))
    for corner in product(
        *(PARAMETERS[f"membership.{name}"].sampled or () for name in ("elasticity", "members", "churn"))
    )
]


@pytest.mark.slow
@pytest.mark.parametrize("form", [{}, {"persistence": 1}, {"money": 1}, {"review_weeks": 26.0, "early_habit": 0.7}])
def test_constants_bring_about_what_the_inputs_say(form: dict[str, Any]) -> None:
    for corner in CORNERS:
        p = solved(P._replace(**corner, **form))
        found = behaviour(p, constants(p))
        assert found == pytest.approx(tuple(corner.values()), rel=2e-4), corner


def test_more_members_or_less_churn_are_had_by_taste_and_habit() -> None:
    usual = solved(P)
    assert solved(P._replace(members=110.0)).constant > usual.constant
    assert solved(P._replace(churn=0.03)).habit > usual.habit
    assert solved(P._replace(elasticity=-1.5)).price_weight > usual.price_weight
    assert solved(P._replace(elasticity=0.0)).price_weight == 0.0
    assert solved(P._replace(appeal=9.0)).constant == usual.constant
    by_taste = solved(P._replace(persistence=1))
    assert by_taste.habit == 0.0
    assert by_taste.taste_scale > 1.0


def test_constants_that_were_kept_are_those_solved_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = solved(P)
    monkeypatch.setattr(reference_region, "PLACE", Place(tmp_path))
    solve, asked, file = reference_region._solved, list[MembershipParameters](), tmp_path / "constants.json"

    def counted(p: MembershipParameters) -> Constants:
        asked.append(p)
        return solve(p)

    monkeypatch.setattr(reference_region, "_solved", counted)

    def again(p: MembershipParameters) -> tuple[MembershipParameters, int]:
        solved.cache_clear()
        before = len(asked)
        return solved(p), len(asked) - before

    assert again(P) == (usual, 1)
    assert again(P) == (usual, 0)
    assert again(P._replace(churn=0.03))[1] == 1
    for damage in ("", "[]", file.read_text()[:-5], file.read_text().replace(": 0.0", ': "0"').replace(": 1.0", ": 1")):
        file.write_text(damage)
        assert again(P) == (usual, 1), damage[:20]
        assert again(P) == (usual, 0), damage[:20]


def test_a_plan_that_is_liked_far_better_than_others_leaves_a_solution() -> None:
    for day_constant in (-20.0, 8.0, 15.0, 20.0):
        p = solved(usual_tastes()._replace(day_constant=day_constant))
        assert behaviour(p, constants(p)) == pytest.approx((-0.7, 74.0, 0.06), rel=2e-4)


def test_what_nobody_can_bring_about_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"^no tastes give an elasticity of -0\.7, 74 members a space and 50 %"):
        solved(P._replace(churn=0.5, review_weeks=52.0))


def test_the_response_grows_with_time() -> None:
    p = solved(P)
    first, second, third, tenth = (behaviour(p, constants(p), year=year)[0] for year in (1, 2, 3, 10))
    assert 0.3 < first / third < 0.5
    assert 0.0 > first > second > third > tenth
    assert tenth / third < 1.3


def test_people_stand_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What 512 people do is within 7 % of what 16,384 of another draw do, whose own standard error is 1.7 %."""
    tastes = [solved(usual_tastes()._replace(elasticity=elasticity)) for elasticity in (-0.3, -0.7, -1.5)]
    few = [behaviour(p, constants(p)) for p in tastes]
    monkeypatch.setattr(reference_region, "PEOPLE", 16_384)
    monkeypatch.setattr(reference_region, "SEED", 1)
    reference_region._world.cache_clear()
    many = [behaviour(p, constants(p)) for p in tastes]
    reference_region._world.cache_clear()
    np.testing.assert_allclose(few, many, rtol=0.07)


def test_elasticities_of_fifths_by_income_add_up_and_the_poor_follow_a_price_most() -> None:
    usual = usual_tastes()
    assert usual == P._replace(appeal=0.0)
    everybody, *fifths = by_income(usual)
    assert len(fifths) == 5
    assert everybody.third_year == pytest.approx(-0.7, rel=2e-4)
    p = solved(usual)
    assert everybody.first_year == pytest.approx(behaviour(p, constants(p), year=1)[0])
    assert all(one.highest <= other.lowest for one, other in pairwise(fifths))
    assert (everybody.lowest, everybody.highest) == (fifths[0].lowest, fifths[-1].highest)
    assert all(one.third_year < one.first_year < 0.0 for one in fifths)
    assert fifths[0].third_year < everybody.third_year < fifths[-1].third_year
    for year in ("first_year", "third_year"):
        theirs = [getattr(one, year) for one in fifths]
        assert min(theirs) < getattr(everybody, year) < max(theirs)


def test_without_a_response_to_income_fifths_differ_less() -> None:
    spread = []
    for eta in (0.0, 0.8):
        _, *fifths = by_income(usual_tastes()._replace(income_elasticity=eta))
        spread.append(fifths[0].third_year - fifths[-1].third_year)
    assert spread[1] < spread[0]


@pytest.mark.slow
@pytest.mark.parametrize("elasticity", [-0.3, -0.7, -1.5])
def test_a_price_fork_gives_the_elasticity_that_was_put_in(elasticity: float) -> None:
    """A quarter dearer for three years in open spaces, after six years, in eight regions that do not know each other.

    The third year gives the input within 15 %; at the low input, where single regions scatter by a third, within 15 %
    and the 99 % interval over regions. Every fifth by income of all regions together goes down. Seed 1.
    """
    one = reference(**{"membership.elasticity": elasticity})
    regions = tuple(one.regions[0].model_copy(update={"name": f"Reference {k}"}) for k in range(8))
    model = Engine(one.model_copy(update={"regions": regions}), 1)
    model.live(one.burn_in_weeks + 6 * 52)
    dearer = Engine(model.setup, 1, world=snapshot.fork(model.world))
    dearer.world.spaces.price[:] = dearer.world.spaces.price * 5 // 4
    fifth = np.argsort(np.argsort(model.world.workers.income)) * 5 // len(model.world.workers)
    place = model.world.workers.region * 5 + fifth
    weeks = np.zeros((2, 8, 5))
    for k, side in enumerate((model, dearer)):
        side.live(104)
        for _ in range(52):
            side.step()
            weeks[k] += np.bincount(place[side.world.workers.member_of >= 0], minlength=40).reshape(8, 5)
    found = np.log(weeks[1].sum(axis=1) / weeks[0].sum(axis=1)) / math.log(1.25)
    mean, half = float(found.mean()), float(stats.t.ppf(0.995, 7) * stats.sem(found))
    assert mean + half < 0.5 * elasticity
    assert abs(mean - elasticity) < 0.15 * abs(elasticity) + (half if elasticity > -0.5 else 0.0), (mean, half)
    assert (weeks[1].sum(axis=0) < weeks[0].sum(axis=0)).all()
    assert model.phase(Membership).parameters.elasticity == elasticity
