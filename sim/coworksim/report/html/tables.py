"""Tables of a report: arms beside each other, cost by year, who gains, gaps, channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coworksim.appraisal.estimates import Finding
from coworksim.appraisal.result import Appraisal
from coworksim.model.parameters.skills import GROUPS
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, cell, says
from coworksim.report.sentences.policies_in_words import budget, policy_sentence, who
from coworksim.report.sentences.term_labels import CHANNELS, LABELS


@dataclass(frozen=True)
class Table:
    """A caption, the heads of columns, and rows of cells of which the first is the row's head; or a band of rows."""

    caption: Sentence
    heads: tuple[Sentence, ...]
    rows: tuple[tuple[Sentence, ...], ...]

    def is_band(self, row: tuple[Sentence, ...]) -> bool:
        """Whether a row only names those that follow."""
        return len(row) == 1


_NONE_OF_IT: Final = Finding("", None, "", "")


def frame_table(source: Appraisal) -> Table:
    """Nothing, and each arm: what it does, for whom, for how much."""
    rows = [(says("nothing"), says("the same worlds without any of it"), says("nobody"), says("none"), says("none"))]
    for arm in source.arms:
        policies = source.arms[arm]
        done = says(
            *[
                part
                for at, one in enumerate(policies)
                for part in (*((". ",) if at else ()), *policy_sentence(one).parts)
            ]
        )
        cost = cell(source.finding(arm, "public_cost_gbp"))
        rows.append(
            (says(Name(arm)), done if policies else says("nothing"), who(policies), says(budget(policies)), cost)
        )
    caption = says("What is compared. Every arm acts in copies of the same burnt-in worlds.")
    heads = ("Arm", "What it does", "For whom", "Budget", "Net public cost")
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))


def _numbers(source: Appraisal, term: str) -> list[Finding | None]:
    found = [source.finding(arm, term.removeprefix("-")) for arm in source.acting]
    enough = [one if one and not _alone(one, source) else None for one in found]
    return [one.turned if one and term.startswith("-") else one for one in enough]


def _alone(number: Finding, source: Appraisal) -> bool:
    """Whether a number stands on one world of many: one that has a last payment, say, so long before the horizon."""
    return number.estimate is not None and number.estimate.n == 1 < source.replicates


def _is_nothing(found: list[Finding | None]) -> bool:
    """Whether a row says of every arm that there is none of it: zero in every world, or a share of nothing."""
    return all(
        one is None
        or (one.estimate.value == 0.0 and one.estimate.exact if one.estimate else cell(one) == cell(_NONE_OF_IT))
        for one in found
    )


def appraisal_table(source: Appraisal) -> Table:
    """Terms of appraisal down, arms across; what there is none of is left to ``nothing_of``."""
    rows: list[tuple[Sentence, ...]] = []
    for part, terms in LABELS.items():
        found = [(label, _numbers(source, term)) for term, label in terms.items()]
        own = [(says(label), *map(cell, numbers)) for label, numbers in found if not _is_nothing(numbers)]
        rows += [(says(part),), *own] if own else []
    caption = says(
        "Each arm less the same worlds without it, mean over ",
        Fact.count(source.replicates),
        " pairs of worlds and its ",
        Fact("95 %"),
        " interval. Member-months, money and skill are sums over everybody up to the horizon.",
    )
    return Table(caption, (says("Term"), *(says(Name(arm)) for arm in source.acting)), tuple(rows))


def nothing_of(source: Appraisal) -> list[Sentence]:
    """Name the terms of appraisal of which there is nothing under any arm."""
    named = []
    for part, terms in LABELS.items():
        found = [(label, _numbers(source, term)) for term, label in terms.items()]
        own = [
            label if label[1].isupper() else f"{label[0].lower()}{label[1:]}"
            for label, numbers in found
            if any(numbers) and _is_nothing(numbers)
        ]
        named += [f"{part.partition(' (')[0].lower()} ({'; '.join(own)})"] if own else []
    return [says("Nothing in every world, under every arm: ", ", ".join(named), ".")] if named else []


def years_table(source: Appraisal) -> Table | None:
    """What is promised and paid by financial year."""
    years = [term.removeprefix("outturn | ") for term in source.terms("outturn | ")]
    if not years:
        return None
    rows = []
    for arm in source.acting:
        for words, key in (("paid", "outturn"), ("promised", "committed")):
            cells = [cell(source.finding(arm, f"{key} | {year}")) for year in years]
            rows.append((says(Name(arm), f": {words}"), *cells))
    caption = says(
        "Public money by financial year (April to March) of simulated time. Below zero: promises that came back unused."
    )
    return Table(caption, (says("Arm"), *(says(Fact(year)) for year in years)), tuple(rows))


def group_table(source: Appraisal, arm: str) -> Table:
    """Groups of people down: how many, how many get support, their share of it, and what they gain."""
    rows: list[tuple[Sentence, ...]] = []
    for dimension, names in GROUPS.items():
        rows.append((says(f"By {dimension}"),))
        for name in names:
            start = f"{dimension} | {name} | "
            people = source.estimate(arm, f"group | {start}people")
            if people is None or people.value == 0.0:
                continue
            cells = [
                f"group | {start}people",
                f"group | {start}recipients",
                f"share | {start}support_gbp",
                f"group | {start}td_point_years",
                f"group | {start}sc_point_years",
                f"group | {start}earned_gbp",
            ]
            rows.append((says(Name(name.replace("_", " "))), *(cell(source.finding(arm, one)) for one in cells)))
    caption = says(
        "Who gains from ",
        Name(arm),
        ". Groups are as people stand in the world without it, at the opening or on "
        "coming later. Income is income from work before tax. Point-years: a hundredth of the best skill at the "
        "start, for a year.",
    )
    heads = ("Group", "People", "Supported", "Share of support", "More TD skill", "More SC skill", "More earnings")
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))


def _supports(source: Appraisal, arm: str) -> bool:
    paid = source.estimate(arm, "support_gbp")
    return paid is not None and paid.value != 0.0


def landing_table(source: Appraisal) -> Table | None:
    """Where the money of each arm lands: shares of support by income fifth, region and status, arms across."""
    rows: list[tuple[Sentence, ...]] = []
    given = [arm for arm in source.acting if _supports(source, arm)]
    for dimension in ("income fifth", "region", "status"):
        own = [
            (
                says(Name(name.replace("_", " "))),
                *(cell(source.finding(arm, f"share | {dimension} | {name} | support_gbp")) for arm in given),
            )
            for name in GROUPS[dimension]
            if any(source.estimate(arm, f"share | {dimension} | {name} | support_gbp") for arm in given)
        ]
        rows += [(says(f"By {dimension}"),), *own] if own else []
    if len(given) < 2 or not rows:
        return None
    caption = says("Where the money of each arm lands: each group's share of the support for members.")
    return Table(caption, (says("Group"), *(says(Name(arm)) for arm in given)), tuple(rows))


def gap_table(source: Appraisal) -> Table:
    """Inequality and the gap between kinds of region at the horizon: without, and what each arm changes."""
    labels = {"gini": "Inequality (Gini) of", "regional_gap": "Left-behind regions minus others:"}
    kinds = {"td": "TD skill", "sc": "SC skill", "income": "income from work"}
    first, rows = source.acting[0], []
    for measure, words in labels.items():
        for name, what in kinds.items():
            if source.finding(first, f"{measure}_{name}_change"):
                changes = [cell(source.finding(arm, f"{measure}_{name}_change")) for arm in source.acting]
                rows.append(
                    (says(f"{words} {what}"), cell(source.finding(first, f"{measure}_{name}_without")), *changes)
                )
    caption = says("Gaps at the horizon without any policy, and what each arm changes in them.")
    heads = (says("Gap"), says("Without"), *(says("Change by ", Name(arm)) for arm in source.acting))
    return Table(caption, heads, tuple(rows))


def channel_table(source: Appraisal, arm: str) -> Table | None:
    """Where skills came from, without and with an arm."""
    rows: list[tuple[Sentence, ...]] = []
    for family, words in (("td", "Technical-digital skill"), ("sc", "Social-cognitive skill")):
        own = []
        for channel, label in CHANNELS.items():
            found = [
                source.finding(arm, f"channel | {family} | {channel} | {side}")
                for side in ("without", "with", "change")
            ]
            if any(found):
                own.append((says(label), *(cell(one) for one in found)))
        rows += [(says(words),), *own] if own else []
    if not rows:
        return None
    caption = says("Points gained by a person since the opening, mean over everybody, by where they came from.")
    return Table(caption, tuple(says(head) for head in ("From", "Without", "With", "Change")), tuple(rows))
