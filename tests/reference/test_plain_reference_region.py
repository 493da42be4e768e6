"""The reference region once more, in plain Python, from the text that describes it: constants bring the inputs about.

The rules that a person decides by are those of the plain twin; here is the chain of weeks in and out of spaces, summed
over people.
"""

from __future__ import annotations

import datetime
from math import exp, log
from operator import mul
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.scenario import Region, Scenario

from .model import PlainModel
from .plain_draws import KeyedSource
from .population import population_at_start
from .wishes import shared

if TYPE_CHECKING:
    from .agents import Worker

PEOPLE, DRAW, SPACES, HEARD = 512, 10, 8, 0.72
#: What a member of some months knows of his or her space, and what others know of theirs: ln(1 + ties), and gain.
TIES, GAIN, FEW_TIES, LITTLE_GAIN = 3.2, 1.2, 0.14, 0.16
#: Weeks of a spell from which its chances stay as they are; so long that nobody is left in a spell; the third year.
GROWN, LONG = 65, 6000
THIRD_YEAR = range(104, 156)


def reference(**values: float | str) -> PlainModel:
    """The reference region before its first week, with some parameters of membership otherwise than by default."""
    region = Region(
        name="Reference region",
        flag="other",
        spaces=SPACES,
        people=PEOPLE,
        indicators=dict.fromkeys(INDICATORS, 1.0),
        environment={field: float(PARAMETERS[f"environment.{field}"].default) for field in FIELDS},
    )
    scenario = Scenario(
        name="reference",
        title="Reference region",
        question="What do people want there?",
        starts=datetime.date(2022, 1, 3),
        burn_in_weeks=0,
        market="new",
        weeks=1,
        seed=DRAW,
        regions=(region,),
        reference=dict.fromkeys(INDICATORS, 1.0),
        mechanisms={name: name not in OFF for name in MECHANISMS},
        values={name: one.default for name, one in PARAMETERS.items()}
        | {"space.price_sd": 0.0, "space.size_sd": 0.0, "space.size_by_place": 0.0}
        | {f"membership.{name}": value for name, value in values.items()},
        origins={},
    )
    return PlainModel(scenario, population_at_start(scenario, KeyedSource(DRAW)))


class Life(NamedTuple):
    """Chances of a person in a week: to join, and by weeks of a spell that it ends, and that it ends by a move."""

    joins: float
    ends: list[float]
    moves: list[float]


def values(worker: Worker, rise: float) -> dict[int, list[float]]:
    """Utility of the three plans of each space that a person has heard of, at prices so much dearer.

    The draws of a space are those of its place among the eight within reach.
    """
    rules, found = worker.rules, {}
    for place, (manager, km) in enumerate(sorted(worker.candidates, key=lambda one: one[0].ordinal)):
        if worker.model.source.uniform("awareness", worker.key, 0, place) >= HEARD:
            continue
        common = rules.constant + rules.taste_scale * worker.taste - rules.distance_weight * km
        common += rules.learning_weight * LITTLE_GAIN + rules.ties_weight * FEW_TIES
        common -= rules.office if worker.has_office else 0.0
        plans = zip((rules.day_constant, 0.0, rules.dedicated_constant), manager.fees, strict=True)
        found[place] = [common + plan - worker.burden(rise * worker.bill(fee, 0)[0] / 100) for plan, fee in plans]
    return found


def in_a_space(total: float, mu: float) -> float:
    """The chance that a look ends in a space, of the sum of exp(V/mu)."""
    return float(total**mu / (1 + total**mu))


def life(worker: Worker, rise: float, quits: float) -> Life:
    """What one person does in a week, by habit or by lasting taste."""
    rules, offers = worker.rules, values(worker, rise)
    if not offers:
        return Life(0.0, [1.0], [0.0])
    if rules.tastes_last:
        source = worker.model.source
        turn, wait = (
            source.uniform("membership", worker.key, 0, 2**29),
            -log(source.uniform("membership", worker.key, 0, 2**29 + 1)),
        )
        common = rules.dissimilarity * shared(rules.dissimilarity, turn, wait)
        best = max(
            value + common + rules.dissimilarity * source.gumbel("membership", worker.key, 0, 1 + 4 * place + plan)
            for place, plans in offers.items()
            for plan, value in enumerate(plans)
        )
        wants = exp(-exp(-best))
        return Life(wants / rules.review_weeks, [(1 - wants) / rules.review_weeks + quits], [0.0])
    mu = rules.dissimilarity
    parts = [sum(exp(value / mu) for value in plans) for plans in offers.values()]
    whole = sum(parts)
    own = sum(part * part for part in parts) / whole  # of the space that one joins, on average
    rest = whole - own
    ends, moves = [], []
    for t in range(GROWN + 1):
        new = exp(-t / 13) if t < GROWN else 0.0
        pull = rules.membership_habit * (1 - rules.early_habit * new)
        pull += (rules.ties_weight * TIES + rules.learning_weight * GAIN) * (1 - new)
        held = own * exp(pull / mu)
        inside = in_a_space(held + rest, mu)
        moves.append(inside * rest / (held + rest) / rules.review_weeks)
        ends.append((1 - inside * held / (held + rest)) / rules.review_weeks + quits)
    return Life(in_a_space(whole, mu) / rules.review_weeks, ends, moves)


def as_usual(life: Life) -> list[float]:
    """Where somebody is in the long run: the chance to be in each week of a spell, the last for all later ones."""
    staying, spell, moved = 1.0, [0.0] * len(life.ends), 0.0
    for t in range(LONG):
        at = min(t, len(spell) - 1)
        spell[at] += staying
        moved += staying * life.moves[at]
        staying *= 1 - life.ends[at]
        if staying < 1e-14:
            break
    weeks = sum(spell) / (1 - moved)  # a move is the beginning of another spell
    share = life.joins * weeks / (1 + life.joins * weeks)
    return [share * part / sum(spell) for part in spell]


def after(usual: list[float], life: Life) -> float:
    """The share of the third year as a member of somebody who begins as usual and lives with these chances."""
    now, found = list(usual), 0.0
    for week in range(THIRD_YEAR.stop):
        begin = life.joins * (1 - sum(now)) + sum(map(mul, life.moves, now))
        later = [there * (1 - ending) for there, ending in zip(now, life.ends, strict=True)]
        now = [begin, *later[:-1]] if len(now) > 1 else [begin]
        now[-1] += later[-1]
        found += sum(now) if week in THIRD_YEAR else 0.0
    return found / len(THIRD_YEAR)


def brought_about(**inputs: Any) -> tuple[float, float, float]:
    """Arc elasticity in the third year, members of a space, and spells that end in a month."""
    model = reference(**inputs)
    number = {name: float(PARAMETERS[name].default) for name in ("turnover.exit", "population.career_years")}
    quits = (number["turnover.exit"] + 1 / number["population.career_years"]) / 52
    members = ends = fewer = 0.0
    for worker in model.workers:
        now, dearer = (life(worker, rise, quits) for rise in (1.0, 1.25))
        usual = as_usual(now)
        members += sum(usual)
        ends += sum(map(mul, usual, now.ends))
        fewer += after(usual, dearer)
    catchment = float(PARAMETERS["environment.catchment"].default)
    return log(fewer / members) / log(1.25), catchment * members / PEOPLE, ends / members * 52 / 12


INPUTS: dict[str, dict[str, Any]] = {
    "by default": {},
    "few who mind the price much and stay long": {"elasticity": -1.5, "members": 47, "churn": 0.03},
    "many who mind it little and come and go": {"elasticity": -0.3, "members": 110, "churn": 0.11},
    "habit that grows late, and looks that are rare": {"early_habit": 0.7, "review_weeks": 20},
    "money by its logarithm": {"money": "logarithmic"},
    "lasting taste in the place of habit": {"persistence": "taste"},
    "lasting taste, much felt prices": {"persistence": "taste", "elasticity": -1.2, "churn": 0.08},
    "spaces as far from each other as from none": {"dissimilarity": 1.0},
    "who has ties and learns": {"ties_weight": 0.5, "learning_weight": 0.6, "income_elasticity": 0.8},
}


@pytest.mark.slow
@pytest.mark.parametrize("inputs", INPUTS.values(), ids=list(INPUTS))
def test_the_plain_chain_brings_about_what_was_put_in(inputs: dict[str, Any]) -> None:
    expected = {"elasticity": -0.7, "members": 74.0, "churn": 0.06} | inputs
    found = brought_about(**inputs)
    wanted = [float(expected[name]) for name in ("elasticity", "members", "churn")]
    assert found == pytest.approx(tuple(wanted), rel=0.003)


def test_the_region_is_the_twins_and_hears_of_its_share() -> None:
    model = reference()
    assert len(model.workers) == PEOPLE
    heard = sum(len(values(worker, 1.0)) for worker in model.workers) / PEOPLE / SPACES
    assert heard == pytest.approx(HEARD, abs=4 * (HEARD * (1 - HEARD) / PEOPLE / SPACES) ** 0.5)
