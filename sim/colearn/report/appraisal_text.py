"""An appraisal in the terminal: one table with an arm in each column, and the sentences that belong to it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from colearn.appraisal.intervals import COVERS
from colearn.appraisal.money import NOT_MONETISED

if TYPE_CHECKING:
    from colearn.appraisal.results import Appraisal

__all__ = ["appraisal_rows", "appraisal_sentences"]

#: What the terminal shows; the files hold everything.
SHOWN: Final = (
    "eligible_people", "recipients", "support_gbp", "deadweight_gbp", "deadweight_share", "additional_member_months",
    "acceleration_member_months", "retention_member_months", "displaced_net_member_months",
    "other_spaces_lost_member_months", "others_fees_lost_net_gbp", "outside_hours_lost", "price_supported_gbp",
    "td_total_sd_years", "td_in_space_sd_years", "sc_total_sd_years", "sc_in_space_sd_years", "public_cost_gbp",
    "public_cost_without_vat_gbp", "underspend_gbp", "public_cost_per_additional_member_months",
    "public_cost_per_td_total_sd_years", "public_cost_per_sc_total_sd_years", "net_benefit_td_total",
    "net_benefit_sc_total", "social_value_gbp", "weighted_social_value_gbp", "variance_ratio_member_months",
    "variance_ratio_td_point_years", "variance_ratio_sc_point_years",
)  # fmt: skip


def appraisal_rows(appraisal: Appraisal) -> list[tuple[str, ...]]:
    """Return the table: term, unit, and for each arm the mean and its 95 % interval."""
    rows: list[tuple[str, ...]] = [("", "", *appraisal.arms)]
    for name in SHOWN:
        found = [appraisal.number(arm, name) for arm in appraisal.arms]
        rows.append((name, str(found[0]["unit"]), *(_cell(one) for one in found)))
    return rows


def _cell(row: Any) -> str:
    """Return a number with its interval; a dash where there is none."""
    if not math.isfinite(row["value"]):
        return "-"
    text = _number(row["value"])
    if math.isfinite(row["low"]) and row["low"] != row["high"]:
        text += f" ({_number(row['low'])} to {_number(row['high'])})"
    return text


def _number(value: float) -> str:
    """Return a number in about three digits.

    >>> _number(1234.5), _number(0.12345), _number(12.34), _number(-0.0)
    ('1,234', '0.123', '12.3', '0')
    """
    if value == 0.0:
        return "0"
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.3g}"


def appraisal_sentences(appraisal: Appraisal) -> list[str]:
    """Return what has to be read with the table: replicates, undefined ratios, subsidy control, what is left out."""
    lines = [f"{appraisal.replicates} replicates, each arm in the same worlds. {COVERS}."]
    table = appraisal.numbers
    undefined = table[(table["reason"] != "") & table["term"].isin(SHOWN)]
    lines += [f"No {row.term} of {row.arm}: {row.reason}." for row in undefined.itertuples()]
    lines += appraisal.flags
    lines += [f"Left out: {text}." for text in appraisal.failed]
    lines.append("Not in money: " + "; ".join(NOT_MONETISED) + ".")
    return lines
