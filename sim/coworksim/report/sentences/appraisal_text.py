"""An appraisal in the terminal: tables with an arm in each column, and the sentences that belong to them."""

from __future__ import annotations

import math
import textwrap
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from coworksim.appraisal.estimates import COVERS
from coworksim.appraisal.money import NOT_MONETISED
from coworksim.report.sentences.text import shortened

if TYPE_CHECKING:
    from coworksim.appraisal.result import Appraisal

__all__ = ["SHOWN", "WIDTH", "appraisal_sentences", "appraisal_tables", "number", "with_interval", "wrapped"]

#: What the terminal shows, in groups, and the words for it; the files hold everything.
SHOWN: Final = {
    "The world in which it acts": {
        "occupancy_without": "desks in use without the policies, share",
        "occupancy_with": "desks in use with them, share",
        "price_elasticity": "price elasticity of membership (10 % dearer)",
    },
    "Who is reached": {
        "eligible_people": "people who could apply",
        "recipients": "people whose membership was paid for in part",
        "additional_member_months": "additional membership, member-months",
        "acceleration_member_months": "  of recipients: joined earlier than otherwise",
        "retention_member_months": "  of recipients: stayed longer than otherwise",
        "deadweight_share": "share of support for what would have been anyway",
    },
    "What others lose": {
        "displaced_net_member_months": "membership that others lose, member-months",
        "other_spaces_lost_member_months": "membership that other spaces lose",
        "others_fees_lost_net_gbp": "project fees that others lose, GBP",
        "outside_hours_lost": "learning outside that is given up, hours",
        "price_supported_gbp": "support that higher prices take, GBP",
    },
    "What is learnt (in sd-years: a standard deviation at the opening, held for a year)": {
        "td_total_sd_years": "technical-digital (TD) skill, everybody",
        "td_in_space_sd_years": "  gained in spaces",
        "sc_total_sd_years": "social-cognitive (SC) skill, everybody",
        "sc_in_space_sd_years": "  gained in spaces",
    },
    "What it costs": {
        "public_cost_gbp": "net public cost, GBP (VAT, administration in it)",
        "public_cost_without_vat_gbp": "  the same without VAT, GBP",
        "underspend_gbp": "budget left over, GBP",
        "public_cost_per_additional_member_months": "GBP for an additional member-month",
        "public_cost_per_td_total_sd_years": "GBP for an sd-year of TD skill",
        "public_cost_per_sc_total_sd_years": "GBP for an sd-year of SC skill",
        "net_benefit_td_total": "net benefit for TD skill, GBP",
        "net_benefit_sc_total": "net benefit for SC skill, GBP",
        "social_value_gbp": "social value, GBP",
        "weighted_social_value_gbp": "  with distributional weights, GBP",
    },
    "How much it gains to compare the same worlds (times fewer replicates)": {
        "variance_ratio_member_months": "for membership",
        "variance_ratio_td_point_years": "for TD skill",
        "variance_ratio_sc_point_years": "for SC skill",
    },
}
_WORDS: Final = {name: words.strip() for group in SHOWN.values() for name, words in group.items()}
#: Signs of a line of the terminal.
WIDTH: Final = 120
_LABEL: Final = 50
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
            rows.append((group.partition(" (")[0].upper(), *("" for _ in chosen)))
            rows += [(words, *(_cell(appraisal, arm, name) for arm in chosen)) for name, words in names.items()]
        tables.append((f"Each arm less the same worlds without it: mean (95 % interval){more}", rows))
    return tables


def _cell(appraisal: Appraisal, arm: str, name: str) -> str:
    """Return a number with its interval; a dash where there is none."""
    table = appraisal.numbers
    rows = table[(table["arm"] == arm) & (table["term"] == name)]
    return with_interval(rows.iloc[0]) if len(rows) else "-"


def with_interval(row: Any) -> str:
    """Return a number with its interval; a dash where it is not defined."""
    if not math.isfinite(row["value"]):
        return "-"
    text = number(row["value"])
    if math.isfinite(row["low"]) and row["low"] != row["high"]:
        text += f" ({number(row['low'])} to {number(row['high'])})"
    return text


def number(value: float) -> str:
    """Return a number in three digits; a dash for none.

    >>> number(123_456.0), number(0.12345), number(12.34), number(-0.0)
    ('123,000', '0.123', '12.3', '0')
    >>> number(0.000043), number(2.0)
    ('0.000043', '2')
    """
    if value == 0.0 or not math.isfinite(value):
        return "0" if value == 0.0 else "-"
    rounded = Decimal(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:.1f}" if abs(rounded) >= 10 else f"{rounded:f}"


def wrapped(sentence: str) -> str:
    """Return a sentence in lines that fit the terminal."""
    return textwrap.fill(sentence, WIDTH, subsequent_indent="  ", break_long_words=False)


def appraisal_sentences(appraisal: Appraisal) -> list[str]:
    """Return what has to be read with the table: replicates, undefined ratios, subsidy control, what is left out."""
    worth = float(appraisal.scenario["appraisal.sd_year_value"])
    lines = [
        f"{appraisal.replicates} replicates, each arm in the same worlds. {COVERS}.",
        f"An sd-year is a standard deviation of a skill at the opening, held for a year. Net benefit holds it to be "
        f"worth {worth:,.0f} GBP, which is an assumption.",
    ]
    table = appraisal.numbers
    undefined = table[(table["reason"] != "") & table["term"].isin(_WORDS)]
    for reason, rows in undefined.groupby("reason", sort=False):
        names = "; ".join(dict.fromkeys(_WORDS[str(name)] for name in rows["term"]))
        lines.append(f"No number for {', '.join(dict.fromkeys(rows['arm'].astype(str)))} ({names}): {reason}.")
    lines += appraisal.flags
    lines += [f"Left out: {text}." for text in appraisal.failed]
    lines.append("Not in money: " + "; ".join(NOT_MONETISED) + ".")
    return [wrapped(line) for line in lines]
