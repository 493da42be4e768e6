"""What a pilot would find: estimates from answers to a survey, how often they are found, and beside them the truth.

The estimate is the difference of means between those who were offered support and the others (Welch's t, 5 % two-sided;
of a phased roll-out, of the means of regions). With a survey at the start it is the difference of changes. The truth is
what those who were offered it have more of than the same people in the same world without the pilot. ``under no
effect`` the same people are asked in the world without it, divided by the same lot.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.pilot_run import OUTCOMES, Noise, errors_of, noise, survey_error
from coworksim.model.state.rng import RunKey, run_key
from coworksim.statistics.intervals import Difference, half_width, welch

if TYPE_CHECKING:
    import pandas as pd


#: The power that a pilot should have.
POWER: Final = 0.8
#: Standard errors between no effect and one that is found with that power at 5 %: 1.96 + 0.84.
_STEPS: Final = 2.8016

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]


class Survey(NamedTuple):
    """How answers come about and are used."""

    response: float
    reliability: float
    at_start: bool  # a survey at the start too
    by_region: bool  # means of regions are compared
    draws: int  # surveys of each world


class _People(NamedTuple):
    """Those who take part and are there in a month, in one world of a replicate."""

    treated: Flags
    region: NDArray[np.int64]
    told: dict[str, Floats]  # what each would say, by outcome, with the noise of a draw
    answers: Flags
    order: NDArray[np.int64]  # rows by lot


def _asked(people: _People, size: int) -> NDArray[np.int64]:
    """Return whom a survey of ``size`` people asks: as many of those offered support as of the others, by lot."""
    treated = people.treated[people.order]
    return np.concatenate([people.order[treated][: size // 2], people.order[~treated][: size // 2]])


def _answer(people: _People, outcome: str, size: int, survey: Survey) -> Difference | None:
    rows = _asked(people, size)
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


def _people(block: pd.DataFrame, suffix: str, luck: Noise, before: Noise, survey: Survey) -> _People:
    """Return what people would say in the world with the pilot (no suffix) or in the one without."""
    told = {}
    for outcome in OUTCOMES:
        now = block[f"{outcome}{suffix}"].to_numpy(np.float64)
        start = block[f"{outcome}_start"].to_numpy(np.float64)
        error = errors_of(luck, outcome)
        if error is not None:
            scale = survey_error(float(start.var()), survey.reliability)
            now = now + scale * error
            first = errors_of(before, outcome)
            start = start + (0.0 if first is None else scale * first)
        told[outcome] = now - start if survey.at_start else now
    return _People(
        block["treated"].to_numpy(np.bool_),
        block["region"].to_numpy(np.int64),
        told,
        luck.answers < survey.response,
        np.argsort(luck.lot, kind="mergesort"),
    )


def power_table(people: pd.DataFrame, seed: int, sizes: Sequence[int], survey: Survey) -> pd.DataFrame:
    """Return a row for each outcome, month and number of people asked; ``people`` as ``pilot_work`` gives them."""
    import pandas as pd

    found: dict[tuple[int, str, int], list[list[Difference | None]]] = {}
    placebo: dict[tuple[int, str, int], list[list[Difference | None]]] = {}
    keys: Any  # pandas knows no types of group keys
    for keys, block in people.groupby(["replicate", "month"], sort=True):
        replicate, month = int(keys[0]), int(keys[1])
        who, run = block["key"].to_numpy(np.int64), run_key(seed, replicate)
        lists: dict[tuple[bool, str, int], list[Difference | None]] = {}
        for draw in range(survey.draws):
            luck, before = noise(run, who, month, draw), _first(run, who, draw)
            for suffix in ("", "_without"):
                told = _people(block, suffix, luck, before, survey)
                for outcome in OUTCOMES:
                    for size in sizes:
                        answer = _answer(told, outcome, size, survey)
                        lists.setdefault((suffix == "", outcome, size), []).append(answer)
        for (real, outcome, size), answers in lists.items():
            (found if real else placebo).setdefault((month, outcome, size), []).append(answers)
    truths = _truths(people)
    return pd.DataFrame([_row(key, found[key], placebo[key], truths[key[0], key[1]]) for key in sorted(found)])


def _first(run: RunKey, who: NDArray[np.int64], draw: int) -> Noise:
    """Draw the chance of the survey at the start: its place is that of a month nobody is asked in."""
    return noise(run, who, 2**15, draw)


def _truths(people: pd.DataFrame) -> dict[tuple[int, str], list[tuple[float, float]]]:
    """Return by month and outcome, for each replicate, what those offered and what the others have more of, on average.

    More than in the same world without the pilot: no lot, no answer and no noise is in it.
    """
    found: dict[tuple[int, str], list[tuple[float, float]]] = {}
    keys: Any  # as above
    for keys, block in people.groupby(["replicate", "month"], sort=True):
        treated = block["treated"].to_numpy(np.bool_)
        for outcome in OUTCOMES:
            gain = (block[outcome] - block[f"{outcome}_without"]).to_numpy(np.float64)
            pair = float(gain[treated].mean()), float(gain[~treated].mean())
            found.setdefault((int(keys[1]), outcome), []).append(pair)
    return found


def _row(
    key: tuple[int, str, int],
    found: list[list[Difference | None]],
    placebo: list[list[Difference | None]],
    truth: list[tuple[float, float]],
) -> dict[str, Any]:
    """Return one row; a survey without an estimate finds nothing.

    Bias is what an estimate has more of than that of the same lot and answers in the world without, less the truth: the
    luck of lots, which is none on average, is taken out.
    """
    month, outcome, size = key
    shares, errors = ([_share(answers) for answers in lists] for lists in (found, placebo))
    estimates = [a.estimate for answers in found for a in answers if a is not None]
    biases = [
        fmean(gap) - offered
        for answers, nothing, (offered, _) in zip(found, placebo, truth, strict=True)
        if (gap := [x.estimate - y.estimate for x, y in zip(answers, nothing, strict=True) if x and y])
    ]
    contrasts = [offered - other for offered, other in truth]
    return {
        "outcome": outcome,
        "month": month,
        "people": size,
        "power": fmean(shares),
        "power_half_width": half_width(shares),
        "false_positives": fmean(errors),
        "false_positives_half_width": half_width(errors),
        "estimate": fmean(estimates) if estimates else math.nan,
        "estimate_sd": stdev(estimates) if len(estimates) > 1 else math.nan,
        "true_effect": fmean(offered for offered, _ in truth),
        "true_effect_half_width": half_width([offered for offered, _ in truth]),
        "effect_on_others": fmean(other for _, other in truth),
        "true_contrast": fmean(contrasts),
        "true_contrast_half_width": half_width(contrasts),
        "bias": fmean(biases) if biases else math.nan,
        "bias_half_width": half_width(biases),
        "surveys": sum(map(len, found)),
        "estimates": len(estimates),
        "replicates": len(found),
    }


def _share(answers: Sequence[Difference | None]) -> float:
    return fmean(answer is not None and answer.found for answer in answers)


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
        enough = _from_here_on(ordered["power"].tolist(), ordered["people"].tolist())
        how, people = "simulated", float(enough or math.nan)
        if enough is None:
            how = "extrapolated"
            people = _extrapolated(last)
            how = "not found" if math.isnan(people) else how
        rows.append(
            {
                "outcome": keys[0],
                "month": int(keys[1]),
                "people": people,
                "how": how,
                "true_effect": last["true_effect"],
                "true_contrast": last["true_contrast"],
            }
        )
    return pd.DataFrame(rows)


def _from_here_on(power: Sequence[float], people: Sequence[int]) -> int | None:
    least = None
    for share, size in zip(reversed(power), reversed(people), strict=True):
        if share < POWER:
            break
        least = size
    return least


def _extrapolated(last: pd.Series[Any]) -> float:
    effect, spread = abs(float(last["true_contrast"])), float(last["estimate_sd"])
    if not (effect > float(last["true_contrast_half_width"]) and spread > 0.0):
        return math.nan
    ratio = _STEPS * spread / effect
    return math.ceil(float(last["people"]) * max(1.0, ratio * ratio))
