"""What the baseline holds: for each entry a function that makes it, and whether it is left to the slow tier."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from coworksim import compare, run_study, simulate
from coworksim.appraisal.appraisal_folder import DRAWN
from coworksim.appraisal.cases import read_case
from coworksim.appraisal.cases_check import tried
from coworksim.appraisal.comparison import with_network
from coworksim.appraisal.monte_carlo import HEADLINES, Uncertainty, cell_of, sample
from coworksim.appraisal.pilot import pilot
from coworksim.appraisal.result import Appraisal
from coworksim.evidence.calibration import EARLIER, calibrate
from coworksim.evidence.patterns.declaration import HYPOTHESES
from coworksim.evidence.patterns.hypotheses import run_contrast
from coworksim.evidence.patterns.patterns import run_ablation, run_patterns
from coworksim.evidence.survey.surveys import survey_many
from coworksim.files.built_in import built_ins
from coworksim.files.load import load_scenario
from coworksim.model.scenario import Scenario
from coworksim.report.charts import appraisal_charts, effect_charts, ties_and_tiles
from coworksim.report.html import illustrations, studies_beside
from coworksim.report.sentences.appraisal_text import appraisal_sentences, appraisal_tables
from coworksim.report.sentences.calibration_text import calibration_json, calibration_text
from coworksim.report.sentences.pattern_text import (
    ablation_rows,
    ablation_sentences,
    contrast_rows,
    contrast_sentences,
    pattern_rows,
    pattern_sentences,
)
from coworksim.report.sentences.ranking_text import equalised_sentences, ranking_sentences, ranking_tables
from coworksim.report.sentences.run_text import summary, summary_text
from coworksim.report.sentences.survey_text import (
    coefficient_rows,
    pilot_rows,
    pilot_sentences,
    power_rows,
    rule_shown,
    slope_rows,
    survey_sentences,
)
from coworksim.report.study_files import findings, tally
from coworksim.runs.engines import Inline
from coworksim.runs.scan import scan
from coworksim.runs.trace import plain as traced
from coworksim.runs.trace import trace
from tests.baseline.values import Exact, sections
from tests.evidence.survey.worlds import surveyed
from tests.worlds import KINDS, OTHERS, busy, with_policies

__all__ = ["ENTRIES", "Entry"]

type Parts = Mapping[str, Any]

HERE: Any = {"workers": 1}
CASES = Path(__file__).parents[1] / "appraisal" / "cases"


class Entry(NamedTuple):
    """What makes the parts of an entry, given an empty folder."""

    make: Callable[[Path], Parts]
    slow: bool = False


#: Built-in scenarios and methods of studies that take long.
SLOW = ("ai-shock", "placebo", "uk-74-regions", "uk-all", "rbd_fast", "efast", "pawn", "delta")


# --- runs ---

#: Weeks of burn-in and after it, and what else makes the scenario act within them; others have four and six. Where a
#: market is mature, six come between.
SHORT: dict[str, dict[str, Any]] = {
    "ai-shock": {"burn_in_weeks": 1, "weeks": 2, "frontier.ai_week": 1},
    "placebo": {"burn_in_weeks": 1, "weeks": 2},
    "tiny": {},
    "uk-74-regions": {"burn_in_weeks": 1, "weeks": 2},
    "uk-all": {"burn_in_weeks": 1, "weeks": 1},
    "uk-voucher": {"burn_in_weeks": 4, "weeks": 30},
}


def _scenario(name: str, folder: Path) -> Parts:
    short = {"spin_up_weeks": 6} | SHORT.get(name, {"burn_in_weeks": 4, "weeks": 6})
    return {"digest": Exact(simulate(load_scenario(name, short)).digest)}


def _policies(folder: Path) -> Parts:
    """Every kind of policy alone, and all of them together."""
    one = {name: with_policies([text]) for name, text in (KINDS | OTHERS).items()}
    every = {**one, "all together": with_policies([*KINDS.values(), *OTHERS.values()])}
    return {name: Exact(simulate(scenario).digest) for name, scenario in every.items()}


FEW: dict[str, object] = {"weeks": 6, "burn_in_weeks": 3}
SCANNED = ("membership.churn", "income.skill_return")


def _changed(name: str, value: float | str) -> Scenario:
    return busy(**FEW, **{name: value})


def _tables(folder: Path) -> Parts:
    """The tables, the summary and the trace of one run."""
    result = simulate(_acting(), events=True)
    said = summary(result) | {"seconds": 0.0}
    text = [line for line in summary_text(said).splitlines() if "digest" not in line.lower()]
    names = ("regions", "space_list", "series", "spaces", "workers", "ledger", "events", "ties")
    key, small = int(result.workers["key"].iloc[7]), busy(**FEW)
    return {
        **{name: getattr(result, name) for name in names},
        "summary": text,
        "trace": [traced(week) for week in trace(_acting(), key, 10, 30)],
        "scan": [one._asdict() for one in scan(small, _changed, SCANNED, workers=1)],
    }


# --- comparisons ---


def _acting(**overrides: object) -> Scenario:
    kinds = ("membership_subsidy", "training_voucher", "community_grant")
    return with_policies([KINDS[kind] for kind in kinds], **overrides)


@cache
def _compared() -> Appraisal:
    scenario = _acting()
    arms = {policy.kind.replace("_", " "): (policy,) for policy in scenario.policies}
    return compare(scenario, arms, replicates=3, draws=6, workers=1)


def _told(found: Appraisal) -> Parts:
    left_out = ("command", "environment", "scenario", "about")
    return {
        "numbers": found.numbers,
        "weekly": found.weekly,
        "take-up": found.take_up,
        **{name: found.tables[name] for name in DRAWN},
        "read this": {key: value for key, value in found.about().items() if key not in left_out},
        "terminal": [*appraisal_tables(found), *ranking_tables(found)],
        "sentences": [*equalised_sentences(found), *ranking_sentences(found), *appraisal_sentences(found)],
    }


def _comparison(folder: Path) -> Parts:
    return _told(_compared())


def _equal_cost(folder: Path) -> Parts:
    scenario = _acting()
    arms = {policy.kind.replace("_", " "): (policy,) for policy in scenario.policies[:2]}
    found = compare(scenario, arms, replicates=2, budget=2500.0, workers=1)
    return {"numbers": found.numbers, "sentences": equalised_sentences(found)}


def _cases(folder: Path) -> Parts:
    """Every number of a pair of worlds of each case: each kind of policy in a world made to show what it does."""
    return {case.stem: tried(read_case(case), 0).numbers for case in sorted(CASES.glob("*.yaml"))}


def _switching(folder: Path) -> Parts:
    """What is made of draws whose net benefits cross 0 with an input: plain arithmetic stands for their worlds."""
    scenario = _acting()
    chosen, rows = sample(scenario, 64, 1), list[dict[str, Any]]()
    for at, one in enumerate(chosen.draws):
        habit, price = (float(one.values[name]) for name in ("membership.churn", "membership.elasticity"))
        for arm, size in (("nothing", 0.0), ("small", 1.0), ("large", 2.0)):
            found = {name: size * (place + math.sin(place + at)) for place, name in enumerate(HEADLINES)}
            found |= {
                "td_total_sd_years": size * habit,
                "public_cost_gbp": size * (600.0 * price + 99.0 * math.sin(at)),
            }
            rows.append({"draw": one.number, "cell": cell_of(one.values), "arm": arm, **found})
    table = pd.DataFrame(rows).astype({"cell": "category"})
    over = Uncertainty(chosen, ("nothing", "small", "large"), ("nothing",), 1, table, (), 205.0)
    told = over.added_to(_compared())
    return {**over.tables, "said": [*ranking_tables(told), *ranking_sentences(told)]}


#: What draws the charts of a report, by its module.
PICTURES = {
    appraisal_charts: ("plane",),
    effect_charts: ("channels", "difference", "forest", "groups", "levels"),
    studies_beside: ("pattern_shares",),
    ties_and_tiles: ("network", "tiles"),
}


@contextmanager
def _undrawn() -> Iterator[None]:
    """Keep captions and texts of charts, and leave out the drawing itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(illustrations.Illustration, "uri", "data:,")
        for module, charts in PICTURES.items():
            for chart in charts:
                patch.setattr(module, chart, lambda *_, **__: None)
        yield


def _report(folder: Path) -> Parts:
    """The text of a report, section by section."""
    saved = with_network(_compared()).save(folder, command=["coworksim", "compare", "tiny"], charts=False)
    with _undrawn():
        return sections(Appraisal.load(saved).report())


def _pilot(folder: Path, design: str) -> Parts:
    scenario = _acting()
    found = pilot(
        scenario, scenario.policies[:1], design, people=(8,), months=(3,), window=8, replicates=3, surveys=3, workers=1
    )
    return {
        "power": found.power,
        "needed": found.needed,
        "books": found.books,
        "said": [*pilot_rows(found), *pilot_sentences(found)],
    }


def _calibration(folder: Path) -> Parts:
    found = calibrate(simulate(busy(), events=True, earlier=EARLIER))
    return {"numbers": calibration_json(found), "text": calibration_text(found)}


# --- studies ---

STUDY = """# What moves members?
title: Small
scenario: tiny
set: {weeks: 6, burn_in_weeks: 3, space.desks: 8, awareness.at_opening: 0.9}
method: METHOD
outcomes: [members_at_end, gain_td_total, income_median]
"""
VARY = "vary: [membership.members, membership.churn, income.fee]\n"
#: Size of each method; none where a study has none.
SIZES = {
    "morris": 3,
    "sobol": 4,
    "rbd_fast": 64,
    "efast": 65,
    "pawn": 64,
    "delta": 128,
    "one_at_a_time": 2,
    "factorial": 2,
    "replicates": None,
}
PAIRED = """# What decides how much a policy changes?
title: Pairs
scenario: tiny
set: {weeks: 16, burn_in_weeks: 6, awareness.unprompted: 0.2, awareness.at_opening: 0.9, schemes.hassle: 20}
vary: [membership.elasticity, membership.churn]
method: METHOD
size: 2
replicates: 2
outcomes: [additional_member_months, sc_total_point_years, public_cost_gbp, net_benefit_td_gbp]
"""
HALF = "{name: One, kind: membership_subsidy, share: 0.5, months: 6, budget: 9000 GBP}"
OTHER = "{name: Other, kind: voucher, amount: 60, months: 6, budget: 9000 GBP}"
ARMS = f"arms: [{{name: without, policies: []}}, {{name: half, policies: [{HALF}]}}]\n"
COMBINED = f"combine: [{{name: half, policies: [{HALF}]}}, {{name: other, policies: [{OTHER}]}}]\n"


def _study(text: str, folder: Path) -> Parts:
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    found = run_study(path, folder / "runs", executor=Inline)
    return {
        "digest": Exact(found.digest),
        "runs": found.runs,
        "table": {arm: one.table for arm, one in found.analyses.items()},
        "outcomes": {arm: one.outcomes for arm, one in found.analyses.items()},
        "findings": [tally(found.counts), *findings(found)],
    }


def _by_method(method: str) -> str:
    size, text = SIZES[method], STUDY.replace("METHOD", method)
    return text + "replicates: 6\n" if size is None else f"{text}{VARY}size: {size}\nreplicates: 2\n"


# --- evidence ---

FOUR = """# Do patterns show?
title: Four small regions
starts: 2022-11-07
burn_in_weeks: 2
spin_up_weeks: 6
weeks: 8
regions:
  - {like: TLD11, people: 30}
  - {like: TLJ34, people: 30}
  - {like: TLD44, people: 30}
  - {like: TLF21, people: 30}
parameters:
  space.desks: 10 desks
  membership.appeal: 3
"""


def _survey(folder: Path, replicates: int, trial: bool) -> Parts:
    found = survey_many(surveyed(), replicates=replicates, trial=trial, folder=folder / "runs", **HERE)
    rule = rule_shown(found)
    rows = [*coefficient_rows(found, rule), *coefficient_rows(found, rule, "total")]
    if trial:
        rows += [*slope_rows(found, rule), *power_rows(found)]
    return {
        "digest": Exact(found.batch.digest),
        "respondents": found.respondents,
        "coefficients": found.coefficients,
        "slopes": found.slopes,
        "power": found.power,
        "said": [*rows, *survey_sentences(found, rule)],
    }


def _four(folder: Path) -> str:
    path = folder / "four.yaml"
    path.write_text(FOUR, encoding="utf-8")
    return str(path)


def _patterns(folder: Path) -> Parts:
    found = run_patterns(_four(folder), {}, draws=64, replicates=3, decompose=1, folder=folder / "runs", **HERE)
    tables = ("shares", "shapley", "surface", "deciding", "halves")
    return {
        "digest": Exact(found.batch.digest),
        **{name: getattr(found, name) for name in tables},
        "real": dict(found.real),
        "said": [*pattern_rows(found), *pattern_sentences(found)],
    }


def _ablation(folder: Path) -> Parts:
    found = run_ablation(_four(folder), {}, replicates=3, folder=folder / "runs", **HERE)
    return {"table": found.table, "said": [*ablation_rows(found), *ablation_sentences(found)]}


def _contrast(folder: Path) -> Parts:
    one, other = list(HYPOTHESES)[:2]
    found = run_contrast((one, other), _four(folder), {}, draws=20, folder=folder / "runs", **HERE)
    tables = {name: table for name, table in vars(found).items() if isinstance(table, pd.DataFrame)}
    return {**tables, "said": [*contrast_rows(found), *contrast_sentences(found)]}


#: Every entry by its name.
ENTRIES: dict[str, Entry] = {
    **{f"scenario {one.name}": Entry(partial(_scenario, one.name), one.name in SLOW) for one in built_ins()},
    "policies": Entry(_policies),
    "tables of a run": Entry(_tables),
    "comparison": Entry(_comparison),
    "report": Entry(_report),
    "switching values": Entry(_switching),
    "cases": Entry(_cases),
    "equal cost": Entry(_equal_cost, slow=True),
    "pilot by lottery": Entry(partial(_pilot, design="lottery")),
    "calibration": Entry(_calibration),
    **{f"study by {method}": Entry(partial(_study, _by_method(method)), method in SLOW) for method in SIZES},
    "study of pairs": Entry(partial(_study, PAIRED.replace("METHOD", "sobol") + ARMS)),
    "study of combinations": Entry(partial(_study, PAIRED.replace("METHOD", "factorial") + COMBINED), slow=True),
    "survey": Entry(partial(_survey, replicates=1, trial=False)),
    "surveys with trials": Entry(partial(_survey, replicates=2, trial=True), slow=True),
    "patterns": Entry(_patterns, slow=True),
    "ablation": Entry(_ablation, slow=True),
    "contrast": Entry(_contrast, slow=True),
}
