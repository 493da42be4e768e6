"""What would change the answer, the caveats that decide most, and the log of assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from colearn.quantities import QUANTITIES, Evidence, Quantity, Role
from colearn.report.html.headline import CLASSES
from colearn.report.html.source import Source
from colearn.report.html.tables import Table
from colearn.report.html.uncertainty import has_draws
from colearn.report.html.words import Fact, Name, Sentence, figure, says

__all__ = ["Assumption", "assumption_counts", "assumptions", "break_even", "caveats", "left_out", "missing_parts"]

_AGAIN: Final = "colearn compare"
_LAWS: Final = ("resource_learning.theta_td", "social_learning.theta_sc")


def break_even(source: Source) -> list[Sentence]:
    """Return what a unit of skill must be worth for each arm to pay."""
    lines = []
    worth = Fact.count(float(source.scenario["appraisal.sd_year_value"]), "GBP")
    for arm in source.arms:
        for skill in ("td", "sc"):
            cost = source.estimate(arm, f"public_cost_per_{skill}_total_sd_years")
            name = skill.upper()
            if cost is not None and cost.low == cost.low:  # not NaN
                lines.append(says(
                    "In this model, ", Name(arm), f" pays in {name} skill alone if an sd-year is worth more than ",
                    replace(cost, unit="GBP"),
                    "; it is held to be worth ", worth, ", a guess.",
                ))  # fmt: skip
            elif source.estimate(arm, f"{skill}_total_sd_years") is not None:
                lines.append(says(
                    Name(arm), f": no worth of {name} skill is given at which it pays, as the interval of its effect "
                    "is not above zero.",
                ))  # fmt: skip
    return lines


def missing_parts(source: Source) -> list[Sentence]:
    """Say what this result does not hold, and what to run for it."""
    lines = []
    if not has_draws(source):
        lines.append(says(
            "Parameters were not varied: all intervals here cover chance alone and rank no arm. ", Name(_AGAIN),
            " with ", Name("--draws 200"), " varies every swept quantity and both laws of learning.",
        ))  # fmt: skip
    if not source.about.get("switching"):
        lines.append(says(
            "At which price response, displacement or return of skill the answer turns is not known from this result; "
            "the same option finds it.",
        ))  # fmt: skip
    return lines


def _law(source: Source) -> Sentence:
    td, sc = (float(source.scenario[name]) for name in _LAWS)
    return says(
        "How people learn is a hypothesis: here learning closes a gap to the frontier with exponent ",
        Fact.count(td),
        " for TD and ",
        Fact.count(sc),
        " for SC skill. Other exponents are as plausible.",
    )


def caveats(source: Source) -> list[Sentence]:
    """Return the three caveats that decide most in this result: those that its own numbers call for come first."""
    found = list(_called_for(source))
    found.append(says(
        "The response of people to price, and what they learn from each other, are guesses within wide ranges. "
        "No trial has measured either for coworking.",
    ))  # fmt: skip
    found.append(_law(source))
    found.append(says("Nothing after the horizon counts: skills and ties that last, or spaces that close later."))
    return found[:3]


def _called_for(source: Source) -> Iterator[Sentence]:
    """Say what the numbers of this result warn of."""
    failed = source.about.get("failed") or []
    if failed:
        yield says(Fact.count(len(failed)), " worlds failed and are left out: ", Name("; ".join(failed)), ".")
    if not has_draws(source):
        yield says(
            "The intervals cover chance alone: other people and other luck in a world with these parameters. The "
            "parameters may be wrong, and more worlds do not help against that."
        )
    for arm in source.arms:
        owed = source.estimate(arm, "unpaid_commitments_gbp")
        if owed is not None and owed.sign > 0:
            yield says(Name(arm), " still owes at the horizon, and this is not in its cost: ", owed, ".")
    for line in source.about.get("subsidy_control") or []:
        yield says(Name(line), ".")


def left_out(source: Source) -> list[Sentence]:
    """Return what the model does not hold, and what has no price in it."""
    lines = [says(
        "The model does not hold sex, ethnicity or disability: it cannot say who of these gains or loses, and an "
        "equality assessment has to look elsewhere. It has neither taxes nor households.",
    )]  # fmt: skip
    not_priced = source.about.get("not_monetised") or []
    return lines + [says("Not in money: ", Name(text), ".") for text in not_priced]


@dataclass(frozen=True)
class Assumption:
    """A row of the log: what is assumed, its value here, its range, how well it is known, and the source."""

    quantity: Quantity
    value: str
    swept: str
    evidence: str  # measured, derived, guess: also the name of its colour


def _shown(value: object) -> str:
    return figure(float(value)) if isinstance(value, int | float) else str(value)


def assumptions(source: Source) -> list[Assumption]:
    """Return the log: all quantities, guesses first, and among them those of behaviour."""
    order = {Evidence.GUESS: 0, Evidence.DERIVED: 1, Evidence.MEASURED: 2}
    roles = {Role.BEHAVIOUR: 0, Role.ENVIRONMENT: 1}
    ranked = sorted(
        QUANTITIES.values(),
        key=lambda q: (order[q.evidence], roles.get(q.role, 2), q.sampled is None, q.name),
    )
    return [
        Assumption(
            quantity, f"{_shown(source.scenario[quantity.name])} {quantity.unit}",
            f"{_shown(quantity.sampled[0])} to {_shown(quantity.sampled[1])}" if quantity.sampled else "not varied",
            quantity.evidence.name.lower(),
        )
        for quantity in ranked
    ]  # fmt: skip


def assumption_counts(source: Source) -> Table:
    """Count, by what a quantity is to the model, how well quantities are known."""
    rows = []
    for role in Role:
        own = [quantity for quantity in QUANTITIES.values() if quantity.role is role]
        counts = [sum(quantity.evidence is evidence for quantity in own) for evidence in CLASSES]
        rows.append((says(role.value), *(says(Fact.count(count)) for count in counts)))
    heads = (says("Role"), *(says(words) for words in CLASSES.values()))
    return Table(says("How well the declared quantities are known."), heads, tuple(rows))
