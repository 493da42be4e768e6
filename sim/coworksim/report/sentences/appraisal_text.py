"""An appraisal in the terminal: tables with an arm in each column, and the sentences that belong to them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from coworksim.appraisal.estimates import COVERS
from coworksim.report.sentences.effect_text import SD_YEAR
from coworksim.report.sentences.limitations import failed_worlds, not_in_money, subsidy_control
from coworksim.report.sentences.term_labels import called, short, unit_shown
from coworksim.report.sentences.text import shortened

if TYPE_CHECKING:
    from coworksim.appraisal.result import Appraisal


#: What the terminal shows, in groups; the files hold everything. A minus before a term turns its sign round.
SHOWN: Final = {
    "The world in which it acts": ("occupancy_without", "occupancy_with", "price_elasticity"),
    "Who is reached": (
        "eligible_people",
        "recipients",
        "additional_member_months",
        "acceleration_member_months",
        "retention_member_months",
        "deadweight_gbp",
        "deadweight_share",
    ),
    "What others lose": (
        "-displaced_net_member_months",
        "-other_spaces_lost_member_months",
        "-others_fees_lost_net_gbp",
        "-outside_hours_lost",
        "price_supported_gbp",
    ),
    "What is learnt": ("td_total_sd_years", "td_in_space_sd_years", "sc_total_sd_years", "sc_in_space_sd_years"),
    "What it costs": (
        "public_cost_gbp",
        "public_cost_without_vat_gbp",
        "underspend_gbp",
        "public_cost_per_additional_member_months",
        "public_cost_per_td_total_sd_years",
        "public_cost_per_sc_total_sd_years",
        "net_benefit_td_total",
        "net_benefit_sc_total",
        "social_value_gbp",
        "weighted_social_value_gbp",
    ),
    "How many times fewer worlds it takes to compare the same ones": (
        "variance_ratio_member_months",
        "variance_ratio_td_point_years",
        "variance_ratio_sc_point_years",
    ),
}
#: Signs of a line of the terminal.
WIDTH: Final = 120
_LABEL: Final = 62
_CELL: Final = 27
_NAME: Final = 24


def appraisal_tables(appraisal: Appraisal) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Return tables with their titles: a line a number, and for each arm its mean and 95 % interval."""
    arms, at_once = list(appraisal.arms), max(1, (WIDTH - _LABEL) // _CELL)
    tables = []
    for first in range(0, len(arms), at_once):
        chosen = arms[first : first + at_once]
        more = f", arms {first + 1} to {first + len(chosen)} of {len(arms)}" if len(arms) > at_once else ""
        rows: list[tuple[str, ...]] = [("", *(shortened(arm, _NAME) for arm in chosen))]
        for group, names in SHOWN.items():
            rows.append((group.upper(), *("" for _ in chosen)))
            rows += [(_label(appraisal, name), *(_cell(appraisal, arm, name) for arm in chosen)) for name in names]
        tables.append((f"Each arm less the same worlds without it: mean (95 % interval){more}", rows))
    return tables


def _label(appraisal: Appraisal, name: str) -> str:
    units = (one.unit for arm in appraisal.arms if (one := appraisal.estimate(arm, name.removeprefix("-"))))
    unit = unit_shown(next(units, ""))
    return called(name) if unit in ("", "%", "ratio") else f"{called(name)}, {unit}"


def _cell(appraisal: Appraisal, arm: str, name: str) -> str:
    """Return a number with its interval; a dash where there is none."""
    one = appraisal.finding(arm, name.removeprefix("-"))
    mean, interval, _ = short(one.turned if one and name.startswith("-") else one)
    return in_terminal(f"{mean} {interval}".rstrip() or "-")


def in_terminal(text: str) -> str:
    """Return a text with a sign that every terminal has in place of the minus of print."""
    return text.replace("\N{MINUS SIGN}", "-")


def wrapped(sentence: str) -> str:
    """Return a sentence in lines that fit the terminal."""
    return textwrap.fill(in_terminal(sentence), WIDTH, subsequent_indent="  ", break_long_words=False)


def appraisal_sentences(appraisal: Appraisal) -> list[str]:
    """Return what has to be read with the table: replicates, undefined ratios, subsidy control, what is left out."""
    lines = [
        f"{appraisal.replicates} replicates, each arm in the same worlds. {COVERS}.",
        f"{SD_YEAR}. Net benefit holds it to be worth {appraisal.worth:,.0f} GBP, which is an assumption.",
        *_undefined(appraisal),
        *(line.plain() for say in (subsidy_control, failed_worlds, not_in_money) for line in say(appraisal)),
    ]
    return [wrapped(line) for line in lines]


def _undefined(appraisal: Appraisal) -> list[str]:
    """Say by reason which numbers of the table there are not."""
    reasons: dict[str, list[tuple[str, str]]] = {}
    for arm in appraisal.arms:
        for name in (name for names in SHOWN.values() for name in names):
            one = appraisal.finding(arm, name.removeprefix("-"))
            if one is not None and one.reason:
                reasons.setdefault(one.reason, []).append((arm, called(name)))
    return [
        f"No number for {', '.join(dict.fromkeys(arm for arm, _ in of))} "
        f"({'; '.join(dict.fromkeys(words for _, words in of))}): {reason}."
        for reason, of in reasons.items()
    ]
