"""The season of the plain twin: when it is, that its mean is 1, and whom it keeps away."""

from __future__ import annotations

from datetime import date

import pytest

from .plain_draws import KeyedSource
from .season import season_of
from .trials import BUSY, model_of, run

AUGUST, CHRISTMAS = 0.85, 0.5
USUAL = (52 - 4 * AUGUST - 2 * CHRISTMAS) / 46


class Always(KeyedSource):
    """A keyed source all of whose uniform numbers are the same."""

    def __init__(self, u: float) -> None:
        super().__init__(0)
        self.u = u

    def uniform(self, stream: str, key: int, week: int, index: int) -> float:
        return self.u


def of(starts: date, since: int = 0) -> float:
    return season_of(starts, since, christmas=CHRISTMAS, august=AUGUST)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 12, 19), USUAL),
        (date(2023, 12, 20), CHRISTMAS),
        (date(2024, 1, 1), CHRISTMAS),
        (date(2024, 1, 2), CHRISTMAS),
        (date(2024, 1, 3), USUAL),
        (date(2024, 7, 31), USUAL),
        (date(2024, 8, 1), AUGUST),
        (date(2024, 8, 31), AUGUST),
        (date(2024, 9, 1), USUAL),
    ],
)
def test_the_first_day_of_a_week_decides(day: date, expected: float) -> None:
    assert of(day) == expected
    assert of(date.fromordinal(day.toordinal() - 7 * 30), 30) == expected
    assert of(date.fromordinal(day.toordinal() + 7 * 30), -30) == expected
    assert of(date(day.year + 7200, day.month, day.day), 20871 * 20) == expected  # 20,871 weeks are 400 years


def test_the_mean_of_a_year_is_1_and_there_may_be_no_season() -> None:
    year = [of(date(2022, 1, 3), since) for since in range(1, 53)]
    assert [year.count(x) for x in (CHRISTMAS, AUGUST)] == [2, 5]  # 2022 has five Mondays in August
    assert sum([*[USUAL] * 46, *[CHRISTMAS] * 2, *[AUGUST] * 4]) == pytest.approx(52)
    assert {season_of(date(2022, 1, 3), since, christmas=1.0, august=1.0) for since in range(52)} == {1.0}


def test_fewer_come_in_august_and_a_few_more_at_other_times() -> None:
    model = run(weeks=8, membership__day_constant=-9, membership__dedicated_constant=-9, **BUSY)
    manager = max(model.managers, key=lambda one: len(one.members))
    manager.desks = 1000
    for week, season in ((model.start + 30, AUGUST), (model.start + 20, USUAL), (model.start + 51, CHRISTMAS)):
        model.week = week
        assert model.season == season
        for days in range(1, 6):
            for u, comes in ((season * days / 5 - 1e-9, True), (season * days / 5 + 1e-9, False)):
                if 0 < u < 1:
                    model.source = Always(u)
                    for worker in manager.members:
                        worker.days = days
                    manager.open_doors(model)
                    assert {w.days_present for w in manager.members} == {5 if comes else 0}


def test_people_look_as_the_season_is() -> None:
    model = model_of()
    worker = model.workers[0]
    for week, season in ((model.start + 30, AUGUST), (model.start + 20, USUAL)):
        model.week = week
        chance = season / model.rules.review_weeks
        for u, looks in ((chance - 1e-9, True), (chance + 1e-9, False)):
            model.source = Always(u)
            assert worker.decides(week) is looks
