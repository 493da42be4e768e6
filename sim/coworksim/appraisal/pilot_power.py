"""What a survey of a pilot gets to see, how often it finds an effect, and beside that the truth.

A person asked answers with chance ``response``. Whether one is a member is told as it is; a skill is told with an error
whose variance is such that the share ``reliability`` of the variance of answers is that of skills.

The estimate is the difference of means between those who were offered support and the others (Welch's t, 5 % two-sided;
of a phased roll-out, of the means of regions). With a survey at the start it is the difference of changes. The truth is
what those who were offered it have more of than the same people in the same world without the pilot. ``under no
effect`` the same people are asked in the world without it, divided by the same lot.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.pilot_run import OUTCOMES
from coworksim.model.kernels import kernel
from coworksim.model.parameters.parameter import Role, declare, real
from coworksim.model.state.rng import PILOT, RunKey, normal, run_key, uniform, word
from coworksim.statistics.intervals import Difference, half_width, welch

if TYPE_CHECKING:
    import pandas as pd


#: The power that a pilot should have.
POWER: Final = 0.8
#: Standard errors between no effect and one that is found with that power at 5 %: 1.96 + 0.84.
_STEPS: Final = 2.8016
#: Stands for the survey at the start where chance is drawn: a month in which nobody is asked.
_AT_START: Final = 2**15

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type _Key = tuple[int, str, int]  # month, outcome, people asked
type _Answers = list[list[Difference | None]]  # by replicate and survey


class Inputs(NamedTuple):
    """What a pilot assumes of its survey."""

    response: float = real("share", 0.6, (0.01, 1.0), (0.3, 0.9), "people asked who answer the survey")
    reliability: float = real("share", 0.6, (0.05, 1.0), (0.4, 0.9),
        "share of the variance of answers on skills that is no noise",
        "guess: short self-assessments")  # fmt: skip  # the row of a table


#: The same by name.
INPUTS: Final = {one.field: one for one in declare("pilot", 0, Inputs, role=Role.MEASUREMENT).parameters}


class Survey(NamedTuple):
    """How answers come about and are used."""

    response: float
    reliability: float
    at_start: bool  # a survey at the start too
    by_region: bool  # means of regions are compared
    draws: int  # surveys of each world


class Noise(NamedTuple):
    """Chance of one survey: a lot and a number to answer by for each person, and standard errors of two skills."""

    lot: Floats
    answers: Floats
    td: Floats
    sc: Floats


@kernel
def noise(run: RunKey, key: NDArray[np.int64], month: int, draw: int) -> Noise:
    """Draw the chance of the ``draw``-th survey in a month (from 1), for people of these keys."""
    found = np.empty((4, len(key)))
    for i in range(len(key)):
        who = np.uint64(key[i])
        found[0, i] = uniform(word(run, who, PILOT, month, 4 * draw + 3))
        found[1, i] = uniform(word(run, who, PILOT, month, 4 * draw))
        found[2, i] = normal(uniform(word(run, who, PILOT, month, 4 * draw + 1)))
        found[3, i] = normal(uniform(word(run, who, PILOT, month, 4 * draw + 2)))
    return Noise(found[0], found[1], found[2], found[3])


def survey_error(variance: float, reliability: float) -> float:
    """Return the standard error of an answer.

    >>> survey_error(9.0, 0.5), survey_error(9.0, 1.0)
    (3.0, 0.0)
    """
    return math.sqrt(variance * (1.0 - reliability) / reliability)


class _People(NamedTuple):
    """Those who take part and are there in a month, in one world of a replicate."""

    treated: Flags
    region: NDArray[np.int64]
    told: dict[str, Floats]  # what each would say, by outcome, with the noise of a draw
    answers: Flags
    order: NDArray[np.int64]  # rows by lot


def _people(block: pd.DataFrame, suffix: str, luck: Noise, before: Noise, survey: Survey) -> _People:
    """Return what people would say in the world with the pilot (no suffix) or in the one without."""
    told = {}
    for outcome in OUTCOMES:
        now = block[f"{outcome}{suffix}"].to_numpy(np.float64)
        start = block[f"{outcome}_start"].to_numpy(np.float64)
        if outcome != "member":
            scale = survey_error(float(start.var()), survey.reliability)
            now, start = now + scale * getattr(luck, outcome), start + scale * getattr(before, outcome)
        told[outcome] = now - start if survey.at_start else now
    treated, region = block["treated"].to_numpy(np.bool_), block["region"].to_numpy(np.int64)
    return _People(treated, region, told, luck.answers < survey.response, np.argsort(luck.lot, kind="mergesort"))


def _answer(people: _People, outcome: str, size: int, survey: Survey) -> Difference | None:
    """Ask so many people, as many of those offered support as of the others by lot, and compare the two groups."""
    offered = people.treated[people.order]
    rows = np.concatenate([people.order[offered][: size // 2], people.order[~offered][: size // 2]])
    rows = rows[people.answers[rows]]
    values, treated = people.told[outcome][rows], people.treated[rows]
    if not survey.by_region:
        return welch(values[treated], values[~treated])
    region = people.region[rows]
    groups: tuple[list[float], list[float]] = ([], [])
    for one in np.unique(region).tolist():
        mine = region == one
        groups[0 if treated[mine][0] else 1].append(float(values[mine].mean()))
    return welch(np.array(groups[0]), np.array(groups[1]))


def power_table(people: pd.DataFrame, seed: int, sizes: Sequence[int], survey: Survey) -> pd.DataFrame:
    """Return a row for each outcome, month and number of people asked; ``people`` as ``pilot_run.work`` gives them."""
    import pandas as pd

    found: defaultdict[tuple[str, _Key], _Answers] = defaultdict(list)  # "" or without the pilot
    truths: dict[tuple[int, str], list[tuple[float, float]]] = {}
    keys: Any  # pandas knows no types of group keys
    for keys, block in people.groupby(["replicate", "month"], sort=True):
        replicate, month = int(keys[0]), int(keys[1])
        who, run = block["key"].to_numpy(np.int64), run_key(seed, replicate)
        asked = [(noise(run, who, month, draw), noise(run, who, _AT_START, draw)) for draw in range(survey.draws)]
        for suffix in ("", "_without"):
            told = [_people(block, suffix, luck, before, survey) for luck, before in asked]
            for outcome, size in itertools.product(OUTCOMES, sizes):
                answers = [_answer(people, outcome, size, survey) for people in told]
                found[suffix, (month, outcome, size)].append(answers)
        treated = block["treated"].to_numpy(np.bool_)
        for outcome in OUTCOMES:  # what people have more of than without the pilot: no lot, answer or noise is in it
            gain = (block[outcome] - block[f"{outcome}_without"]).to_numpy(np.float64)
            truths.setdefault((month, outcome), []).append((float(gain[treated].mean()), float(gain[~treated].mean())))
    rows = sorted(key for suffix, key in found if not suffix)
    return pd.DataFrame([_row(key, found["", key], found["_without", key], truths[key[:2]]) for key in rows])


def _row(key: _Key, found: _Answers, placebo: _Answers, truth: list[tuple[float, float]]) -> dict[str, Any]:
    """Return one row; a survey without an estimate finds nothing.

    The bias is what an estimate has more of than that of the same lot and answers in the world without, less the truth:
    the luck of lots, which is none on average, is taken out.
    """
    month, outcome, size = key
    estimates = [a.estimate for answers in found for a in answers if a is not None]
    biases = [
        fmean(gap) - offered
        for answers, nothing, (offered, _) in zip(found, placebo, truth, strict=True)
        if (gap := [x.estimate - y.estimate for x, y in zip(answers, nothing, strict=True) if x and y])
    ]
    row: dict[str, Any] = {"outcome": outcome, "month": month, "people": size}
    row |= _mean("power", _shares(found)) | _mean("false_positives", _shares(placebo))
    row["estimate"] = fmean(estimates) if estimates else math.nan
    row["estimate_sd"] = stdev(estimates) if len(estimates) > 1 else math.nan
    row |= _mean("true_effect", [offered for offered, _ in truth])
    row["effect_on_others"] = fmean(other for _, other in truth)
    row |= _mean("true_contrast", [offered - other for offered, other in truth]) | _mean("bias", biases)
    return row | {"surveys": sum(map(len, found)), "estimates": len(estimates), "replicates": len(found)}


def _mean(name: str, values: list[float]) -> dict[str, Any]:
    return {name: fmean(values) if values else math.nan, f"{name}_half_width": half_width(values)}


def _shares(replicates: _Answers) -> list[float]:
    return [fmean(answer is not None and answer.found for answer in answers) for answers in replicates]


def needed(power: pd.DataFrame) -> pd.DataFrame:
    """Return, by outcome and month, how many people must be asked to find the effect with 80 % power.

    ``simulated``: the least number tried from which on power is 80 % or more. Otherwise ``extrapolated``: from the true
    difference between those offered it and the others, and the spread of estimates at the largest number tried, as
    standard errors fall with the root of the number. NaN (``not found``) where the 95 % interval of that difference
    over replicates includes 0, or no survey gave an estimate.
    """
    import pandas as pd

    rows = []
    keys: Any  # as above
    for keys, block in power.groupby(["outcome", "month"], sort=True):
        ordered = block.sort_values("people")
        last = ordered.iloc[-1]
        how, people = "simulated", math.nan
        for share, size in zip(ordered["power"].tolist()[::-1], ordered["people"].tolist()[::-1], strict=True):
            if share < POWER:
                break
            people = float(size)
        if math.isnan(people):
            effect, spread = abs(float(last["true_contrast"])), float(last["estimate_sd"])
            if effect > float(last["true_contrast_half_width"]) and spread > 0.0:
                ratio = _STEPS * spread / effect
                people = math.ceil(float(last["people"]) * max(1.0, ratio * ratio))
            how = "not found" if math.isnan(people) else "extrapolated"
        about = {"outcome": keys[0], "month": int(keys[1]), "people": people, "how": how}
        rows.append(about | {name: last[name] for name in ("true_effect", "true_contrast")})
    return pd.DataFrame(rows)
