"""Surveys in the terminal, and what a pilot would find: tables, and the sentences that belong to them.

What needs the model is imported where it is used: a report of a pilot tells of plain data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from coworksim.files.errors import RunnerError
from coworksim.report.sentences.estimates_in_words import Fact, Sentence, figure, filled, says
from coworksim.report.sentences.limitations import runs_left_out
from coworksim.report.sentences.text import capital, with_interval, written
from coworksim.statistics.intervals import Z95, half_width

if TYPE_CHECKING:
    from coworksim.appraisal.pilot import Pilot
    from coworksim.evidence.survey.surveys import Survey

#: Term -> words for it.
TERMS: Final = {
    "intercept": "intercept",
    "social": "social interaction",
    "resource": "resource use",
    "left_behind": "left behind",
    "social:left_behind": "social x left behind",
    "resource:left_behind": "resource x left behind",
    "independent": "independent",
    "creative": "creative",
    "independent:creative": "independent x creative",
    "career_middle": "career of 5 to 15 years",
    "career_established": "career of 15 years and more",
    "months_member": "months as a member",
    "partners_new": "new partners",
    "partners_outside": "partners' outside contacts",
    "workload": "own workload",
    "outside_learning": "learning outside",
}
_FAMILY: Final = {"gatherings": "sc", "machine_hours": "td"}
_POWER: Final = (
    ("social", "sc_space"),
    ("resource", "td_space"),
    ("social:left_behind", "sc_space"),
    ("resource:left_behind", "td_space"),
    ("independent", "sc_space"),
    ("independent", "td_space"),
    ("independent:creative", "td_space"),
)


def rule_shown(survey: Survey) -> str:
    """Return the flag that tables in the terminal and charts show: the scenario's own rule where it can be fitted."""
    known = list(dict.fromkeys(survey.coefficients["rule"].astype(str)))
    known = [rule for rule in known if survey.fitted(rule)]
    if not known:
        raise RunnerError("no survey had enough answers for the regression; ask more members, or more regions")
    own = f"flag_{survey.scenario['frame.left_behind']}"
    return own if own in known else known[0]


def coefficient_rows(survey: Survey, rule: str, where: str = "space") -> list[tuple[str, ...]]:
    """Return the table of the first survey and true slopes, a term to a line: in the ``space``, or in ``total``."""
    from coworksim.evidence.survey.trial import true_of

    outcomes = (f"sc_{where}", f"td_{where}")
    tables = [survey.first(outcome, rule).set_index("term") for outcome in outcomes]
    words = {"space": "in the space", "total": "anywhere"}[where]
    true = len(survey.slopes) > 0
    heads = (f"SC {words}", "", f"TD {words}", "", *(("true SC", "true TD") if true else ()))
    rows: list[tuple[str, ...]] = [("", *heads)]
    for term, shown in TERMS.items():
        if all(term in table.index for table in tables):
            cells = [cell for table in tables for cell in _cells(table.loc[term])]
            slopes = [written(true_of(survey.slopes, outcome, rule, term), ".2f", "") for outcome in outcomes]
            rows.append((shown, *cells, *(slopes if true else ())))
    return rows


def _cells(row: Any) -> tuple[str, str]:
    p = row.get("p_permutation", math.nan)
    return with_interval(row, ".2f", "estimate"), f"p={p:.3f}" if math.isfinite(p) else ""


def slope_rows(survey: Survey, rule: str) -> list[tuple[str, ...]]:
    """Return the true slopes, means over replicates, of each treatment on the family of skills that it is about."""
    from coworksim.evidence.survey.regression import OUTCOMES

    slopes = survey.slopes
    rows: list[tuple[str, ...]] = [("trial", "developed", "region", "people", "sd per sd", "points per unit")]
    kept = slopes[slopes["rule"].isin(["all", rule.removeprefix("flag_")])]
    columns = ["treatment", "outcome", "rule", "group"]
    for (treatment, outcome, _, group), part in kept.groupby(columns, observed=True, sort=False):
        if str(outcome)[:2] != _FAMILY[str(treatment)] or "slope" not in part or not part["slope"].notna().any():
            continue
        told = part[part["slope"].notna()]
        if len(told) > 1:
            half = half_width(told["slope"].tolist())
        else:  # of a single replicate, from the jackknife
            half = Z95 * float(told["error"].iloc[0]) if "error" in told else math.nan
        shown = f"+- {half:.3f}" if math.isfinite(half) else "(too few regions for an interval)"
        means = f"{part['people'].mean():,.0f}", f"{part['slope'].mean():.3f} {shown}"
        where = str(treatment).replace("_", " "), OUTCOMES[str(outcome)], str(group)
        rows.append((*where, *means, f"{part['points_per_unit'].mean():.4f}"))
    return rows


def power_rows(survey: Survey, form: str = "direct") -> list[tuple[str, ...]]:
    """Return power and exaggeration of what the survey was asked to show, by each rule of the flag."""
    from coworksim.evidence.survey.regression import OUTCOMES

    rows: list[tuple[str, ...]] = [
        ("term", "outcome", "flag", "mean", "above 0", "power", "power, exact test", "type M", "type S", "true slope")
    ]
    for term, outcome in _POWER:
        at = (survey.power["term"] == term) & (survey.power["outcome"] == outcome) & (survey.power["form"] == form)
        chosen = survey.power[at]
        for row in chosen.to_dict("records"):
            flag = str(row["rule"]).removeprefix("flag_")
            means = f"{row['mean']:.2f}", f"{row['positive_share']:.2f}"
            power = (
                with_interval(row, ".2f", name, f"{name}_") if math.isfinite(row[name]) else ""
                for name in ("power", "power_permutation")
            )
            types = (written(row[name], ".2f", "") for name in ("type_m", "type_s", "true_slope"))
            rows.append((TERMS[term], OUTCOMES[outcome].split()[0], flag, *means, *power, *types))
    return rows


def survey_sentences(survey: Survey, rule: str) -> list[str]:
    """Return what has to be read with the table."""
    from coworksim.evidence.survey.regression import FORMS

    first = survey.first("sc_space", rule).iloc[0]
    answered = survey.respondents[survey.respondents["replicate"] == first["replicate"]]
    managers = int((answered["role"] == "manager").sum())
    which = f"The coefficients are those of the first of {survey.replicates} surveys: " if survey.replicates > 1 else ""
    rows = [
        f"{which}{first['respondents']:.0f} members and {managers} managers of {first['spaces']:.0f} spaces in "
        f"{first['regions']:.0f} regions answered, {first['left_behind_regions']:.0f} of the regions left behind by "
        f"the {rule.removeprefix('flag_')} rule.",
        "Standard deviations of the answers; 95 % intervals robust to regions (CR2, Satterthwaite); p: the flag "
        "permuted over regions.",
        f"Slopes: {FORMS['direct']}. They are associations among those who answered.",
    ]
    if len(survey.slopes):
        rows.append(
            "True slopes: effects of gatherings and machine hours that came by chance, in copies of the same world, "
            "in the units of the regression but without its errors of answering."
        )
    if survey.replicates > 1:
        rows.append(
            f"Power over {survey.replicates} worlds, each surveyed once: share significant at 5 %, with its 95 % "
            "interval; type M: how far the significant ones exaggerate the mean; type S: share of them with the other "
            "sign."
        )
    else:
        rows.append("One survey: ask for more with --replicates to see power and exaggeration.")
    for other in dict.fromkeys(survey.coefficients["rule"].astype(str)):
        if (count := survey.fitted(other)) < survey.replicates:
            rows.append(
                f"By the {other.removeprefix('flag_')} rule {count} of {survey.replicates} surveys could be fitted: "
                "in the others too few left-behind regions or members answered."
            )
    return rows + [f"Left out: {text}." for text in survey.failed]


#: What is measured of people, and its unit.
PILOT_OUTCOMES: Final = {
    "member": ("membership", "percentage points"),
    "td": ("TD skill", "points"),
    "sc": ("SC skill", "points"),
}
#: What belongs to the table.
_READ: Final = (
    "True effect: what those offered it have more of than the same people in the same world without the pilot.",
    "False positives: how often the same test finds an effect where there is none; 5 % are due.",
    "Bias: how far estimates are off the truth, the luck of the lot taken out. Spread: their standard deviation.",
    "±: half of a 95 % interval over replicates, of shares the interval; it covers chance alone.",
)
#: People above whom no number is given.
_TOO_MANY: Final = 1_000_000


def pilot_rows(found: Pilot) -> list[tuple[str, ...]]:
    """Return the table: outcome, month, people asked; power, false positives; estimate, truth and bias."""
    rows: list[tuple[str, ...]] = [
        ("outcome", "month", "people", "power", "false positives", "estimate", "spread", "true effect", "bias")
    ]
    for row in found.power.to_dict("records"):
        numbers = [written(row[name], ".3f") for name in ("estimate", "estimate_sd")]
        numbers += [_with_half(row, name, ".3f") for name in ("true_effect", "bias")]
        shares = [_with_half(row, name, ".0%") for name in ("power", "false_positives")]
        rows.append((str(row["outcome"]), str(row["month"]), str(row["people"]), *shares, *numbers))
    return rows


def _with_half(row: dict[Any, Any], name: str, form: str) -> str:
    """Write a number with its half-width; a share with its interval, no further than a share can be, if it has any."""
    value, half = row[name], row[f"{name}_half_width"]
    if not math.isfinite(half) or (form == ".0%" and half == 0.0):
        return written(value, form)
    if form == ".0%":
        return with_interval({"value": value, "low": max(value - half, 0.0), "high": min(value + half, 1.0)}, form)
    return f"{written(value, form)} ±{format(half, form)}"


def pilot_sentences(found: Pilot) -> list[str]:
    """Return what the table means in words."""
    from coworksim.appraisal.pilot import DESIGNS

    books, survey = found.books, found.survey
    offered, part = float(books["offered"].mean()), float(books["taking_part"].mean())
    redeemed, used = (float(books[name].sum()) for name in ("redeemed", "used_day_30"))
    total = float(books["offered"].sum())
    what = "people offered it" if found.design == "lottery" else "people in the first regions"
    start = " and at the start" if survey.at_start else ""
    lines = [
        f"{DESIGNS[found.design].capitalize()}. {simulated_in(found.replicates, survey.draws).plain()}",
        f"On average {part:,.0f} people take part, {offered:,.0f} of them offered it, for "
        f"{float(books['public_paid_gbp'].mean()):,.0f} GBP up to the last survey.",
        f"Seen in the books: {redeemed / total:.0%} of {what} had a part paid, {used / total:.0%} were in a space in "
        "the week of day 30.",
        f"Assumed of the survey in each month{start}: {survey.response:.0%} answer; of the variance of answers on "
        f"skills {survey.reliability:.0%} is no noise (both are guesses; --response, --reliability).",
    ]
    regions = found.people["region"].nunique() if survey.by_region else 0
    lines += [_needed(row, regions, found.sizes[-1]) for row in found.needed.to_dict("records")]
    tried = ", ".join(map(str, found.months))
    for outcome, (words, _) in PILOT_OUTCOMES.items() if len(found.months) > 1 else ():
        mine = found.needed[(found.needed["outcome"] == outcome) & (found.needed["how"] == "simulated")]
        enough = "" if mine.empty else f"{mine['month'].min():.0f} months are enough, of {tried} tried"
        none = f"none of {tried} months is enough with {found.sizes[-1]:,} people"
        lines.append(f"{capital(words)}: {enough or none}.")
    lines += [one.plain() for one in runs_left_out(found.failed)]
    return [*lines, *_READ]


def _needed(row: dict[Any, Any], regions: int, most: int) -> str:
    """Say how many must be asked; ``regions`` are those of a phased roll-out, else 0."""
    words, unit = PILOT_OUTCOMES[str(row["outcome"])]
    true = f"{100.0 * row['true_effect']:.1f}" if row["outcome"] == "member" else f"{row['true_effect']:.3f}"
    effect = f"{capital(words)} after {row['month']} months (true effect {true} {unit})"
    where = ""
    if regions and row["how"] == "extrapolated" and row["people"] <= _TOO_MANY:
        where = f", in about {figure(float(f'{regions * row["people"] / most:.2g}'))} regions like these"
    return f"{effect}: people to ask to find it in four of five: {asked(row).plain()}{where}."


def asked(row: Mapping[Any, Any]) -> Sentence:
    """Return how many people must be asked for an effect to be found in four surveys of five, or why none is given."""
    people = row["people"]
    if row["how"] == "not found" or people is None:
        return says("not given: over these worlds the effect is not clearly off zero")
    if row["how"] == "simulated":
        return says(Fact.count(int(people)))
    if people > _TOO_MANY:
        return says("more than ", Fact.count(_TOO_MANY), ": no such pilot finds it")
    return says("about ", Fact(figure(float(f"{people:.2g}"))), " (extrapolated)")


def simulated_in(replicates: int, surveys: int) -> Sentence:
    """Say in how many worlds a pilot was simulated."""
    return filled("Simulated in {} worlds with {} surveys of each.", Fact.count(replicates), Fact.count(surveys))
