"""A survey in the terminal: coefficients with intervals, true slopes, power, and what to read with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coworksim.evidence.survey.regression import FORMS, OUTCOMES
from coworksim.evidence.survey.trial import true_of
from coworksim.files.errors import RunnerError

if TYPE_CHECKING:
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
_FAMILY: Final = {"introductions": "sc", "machine_hours": "td"}
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
    """Return the table of the first survey, a term to a line: skill developed in the ``space``, or in ``total``.

    The true slopes stand beside those in the space.
    """
    outcomes = (f"sc_{where}", f"td_{where}")
    tables = [survey.first(outcome, rule).set_index("term") for outcome in outcomes]
    words = {"space": "in the space", "total": "anywhere"}[where]
    true = len(survey.slopes) > 0
    heads = (f"SC {words}", "", f"TD {words}", "", *(("true SC", "true TD") if true else ()))
    rows: list[tuple[str, ...]] = [("", *heads)]
    for term, shown in TERMS.items():
        if all(term in table.index for table in tables):
            cells = [cell for table in tables for cell in _cells(table.loc[term])]
            slopes = [_plain(true_of(survey.slopes, outcome, rule, term)) for outcome in outcomes]
            rows.append((shown, *cells, *(slopes if true else ())))
    return rows


def _cells(row: Any) -> tuple[str, str]:
    """Return estimate and interval, and the exact p of what the flag goes with."""
    p = row.get("p_permutation", math.nan)
    return f"{row['estimate']:.2f} ({row['low']:.2f} to {row['high']:.2f})", f"p={p:.3f}" if math.isfinite(p) else ""


def _plain(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else ""


def slope_rows(survey: Survey, rule: str) -> list[tuple[str, ...]]:
    """Return the true slopes, means over replicates, of each treatment on the family of skills that it is about."""
    slopes = survey.slopes
    rows: list[tuple[str, ...]] = [("trial", "developed", "region", "people", "sd per sd", "points per unit")]
    kept = slopes[slopes["rule"].isin(["all", rule.removeprefix("flag_")])]
    for (treatment, outcome, _, group), part in kept.groupby(
        ["treatment", "outcome", "rule", "group"], observed=True, sort=False
    ):
        if str(outcome)[:2] != _FAMILY[str(treatment)] or "slope" not in part or not part["slope"].notna().any():
            continue
        half = _half(part)
        shown = f"+- {half:.3f}" if math.isfinite(half) else "(too few regions for an interval)"
        rows.append(
            (
                str(treatment).replace("_", " "),
                OUTCOMES[str(outcome)],
                str(group),
                f"{part['people'].mean():,.0f}",
                f"{part['slope'].mean():.3f} {shown}",
                f"{part['points_per_unit'].mean():.4f}",
            )
        )
    return rows


def _half(part: pd.DataFrame) -> float:
    """Return the half-width of a 95 % interval of the mean: from replicates, or from the jackknife of a single one."""
    from coworksim.statistics.intervals import Z95, half_width

    told = part[part["slope"].notna()]
    if len(told) > 1:
        return half_width(told["slope"].tolist())
    return Z95 * float(told["error"].iloc[0]) if "error" in told else math.nan


def power_rows(survey: Survey, form: str = "direct") -> list[tuple[str, ...]]:
    """Return power and exaggeration of what the survey was asked to show, by each rule of the flag."""
    power = survey.power
    rows: list[tuple[str, ...]] = [
        ("term", "outcome", "flag", "mean", "above 0", "power", "power, exact test", "type M", "type S", "true slope")
    ]
    for term, outcome in _POWER:
        chosen = power[(power["term"] == term) & (power["outcome"] == outcome) & (power["form"] == form)]
        for row in chosen.to_dict("records"):
            rows.append(
                (
                    TERMS[term],
                    OUTCOMES[outcome].split()[0],
                    str(row["rule"]).removeprefix("flag_"),
                    f"{row['mean']:.2f}",
                    f"{row['positive_share']:.2f}",
                    _share(row, "power"),
                    _share(row, "power_permutation"),
                    _plain(row["type_m"]),
                    _plain(row["type_s"]),
                    _plain(row["true_slope"]),
                )
            )
    return rows


def _share(row: Any, name: str) -> str:
    if not math.isfinite(row[name]):
        return ""
    return f"{row[name]:.2f} ({row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f})"


def survey_sentences(survey: Survey, rule: str) -> list[str]:
    """Return what has to be read with the table."""
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
            "True slopes: effects of introductions and machine hours that came by chance, in copies of the same world, "
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
