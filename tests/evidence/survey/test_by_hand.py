"""Parts of a survey by hand: who has answered, what a regression needs, and ratios with an error by region."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coworksim.evidence.survey.questionnaire import _cut, standardised
from coworksim.evidence.survey.regression import _check_regions, _firsts, _independent, designs
from coworksim.evidence.survey.respondents import _of_spaces, _who
from coworksim.evidence.survey.trial import _ratio
from coworksim.statistics.cluster_models import ClusteredDesign
from tests.evidence.survey.synthetic import respondents

LEAST = 2


@pytest.mark.parametrize("behind", [0, LEAST - 1, LEAST, 10 - LEAST, 10 - LEAST + 1, 10])
def test_a_regression_needs_regions_of_either_kind(behind: int) -> None:
    flag = np.arange(10) < behind
    if LEAST <= behind <= 10 - LEAST:
        _check_regions(flag, "flag_own")
    else:
        told = f"{behind} of 10 regions with respondents are left behind by flag_own; the regression needs {LEAST}"
        with pytest.raises(ValueError, match=told):
            _check_regions(flag, "flag_own")


def test_rows_stand_in_one_order_however_the_table_is_sorted() -> None:
    table = respondents(1)
    other = table.sample(frac=1.0, random_state=1)
    one, two = (
        designs(table, ["td_space"], "flag", "direct")["td_space"],
        designs(other, ["td_space"], "flag", "direct")["td_space"],
    )
    assert (one.x == two.x).all()
    assert (one.y == two.y).all()


def test_stage_of_a_career_counts_the_weeks_since_somebody_came() -> None:
    rows = np.arange(4)
    workers: Any = SimpleNamespace(
        career_start=np.array([4.0, 4.0, 14.0, 14.0]),
        entered=np.array([100, 48, 100, 48]),
        status=np.zeros(4, np.int64),
        occupation=np.zeros(4, np.int64),
        member_weeks=np.array([0, 2, 3, 52]),
    )
    world: Any = SimpleNamespace(workers=workers, week=100)
    found = _who(world, rows, 2)
    assert found["career_stage"].codes.tolist() == [0, 1, 1, 2, -1, -1]  # five and fifteen years
    assert found["months_member"][:4].tolist() == [0.0, 0.0, 1.0, 12.0]
    assert np.isnan(found["months_member"][4:]).all()


def test_a_ratio_of_sums_has_its_error_by_leaving_out_regions() -> None:
    above, below, region = np.array([1.0, 2.0, 6.0, 3.0]), np.array([1.0, 1.0, 2.0, 2.0]), np.array([0, 0, 4, 7])
    ratio, error = _ratio(above, below, region.astype(np.int32))
    assert ratio == pytest.approx(2.0)
    without = np.array([9.0 / 4.0, 6.0 / 4.0, 9.0 / 4.0])
    assert error == pytest.approx(math.sqrt(2.0 * without.var()))
    nothing = _ratio(above, np.array([1.0, -1.0, 2.0, -2.0]), region.astype(np.int32))
    assert all(math.isnan(one) for one in nothing)
    few = _ratio(above, below, np.array([0, 0, 4, 4], np.int32))
    assert few[0] == pytest.approx(2.0)
    assert math.isnan(few[1])
    lost = _ratio(above, np.array([1.0, 1.0, 2.0, -2.0]), region.astype(np.int32))
    assert lost[0] == pytest.approx(6.0)
    assert math.isnan(lost[1])  # without the second region nothing is left below


@pytest.mark.parametrize("rows", [12, 11, 10])
def test_a_regression_needs_more_than_two_respondents_a_term(rows: int) -> None:
    draw = np.random.default_rng(1)
    x = np.column_stack([np.ones(rows), draw.standard_normal((rows, 3)), np.arange(rows) < 6])
    x = np.column_stack([x, 2.0 * x[:, 3]])  # what is a multiple of another leaves
    terms = ("intercept", "social", "resource", "who", "left_behind", "again")
    first = np.arange(0, rows, 3)
    d = ClusteredDesign(terms, x, np.zeros(rows), 3, ("left_behind",), np.arange(len(first)) < 2, first, first, first)
    if rows > 10:
        assert _independent(d).terms == terms[:5]
    else:
        with pytest.raises(ValueError, match="10 respondents are too few for 5 terms"):
            _independent(d)


def test_an_answer_is_one_more_than_the_cuts_that_lie_below_it() -> None:
    cuts = np.array([-1.5, -0.5, 0.5, 1.5])
    for step, lift in ((1.0, 0.0), (2.0, 0.5)):
        at = cuts * step - lift
        assert _cut(at, step, lift).tolist() == [1, 2, 3, 4]  # a cut does not lie below itself
        assert _cut(np.nextafter(at, 9.0), step, lift).tolist() == [2, 3, 4, 5]


@pytest.mark.parametrize("spaces", [[4], [4, 7], [7], []])
def test_members_of_a_space_that_is_not_asked_count_for_none(spaces: list[int]) -> None:
    workers: Any = SimpleNamespace(member_of=np.array([4, 9, 7, 4, 2]))
    world: Any = SimpleNamespace(workers=workers)
    felt = {name: np.array([1.0, 50.0, 4.0, 2.0, 60.0]) for name in ("equipment", "training")}
    found = _of_spaces(world, np.arange(5), felt, np.array(spaces, np.int64))
    wanted = standardised(np.array([{4: 1.5, 7: 4.0}[space] for space in spaces]))
    assert {name: column.tolist() for name, column in found.items()} == dict.fromkeys(felt, wanted.tolist())


def test_rows_begin_anew_where_a_code_differs_from_the_one_before() -> None:
    for codes in ([], [7], [7, 7], [7, 7, 2, 2, 7]):
        firsts = [at for at in range(len(codes)) if at == 0 or codes[at] != codes[at - 1]]
        assert _firsts(np.array(codes, np.int64)).tolist() == firsts
