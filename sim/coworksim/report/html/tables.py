"""Tables of a report: arms beside each other, cost by year, who gains, gaps, channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coworksim.appraisal.estimates import Finding
from coworksim.appraisal.result import Appraisal
from coworksim.model.parameters.skills import GROUPS
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, cell, filled, joined, says
from coworksim.report.sentences.funnel_text import so_far
from coworksim.report.sentences.policies_and_terms import CHANNELS, LABELS, budget, policy_sentence, who
from coworksim.report.sentences.rival_text import remaining, staying

type Row = tuple[Sentence, ...]


@dataclass(frozen=True)
class Table:
    """A caption, the heads of columns, and rows of cells of which the first is the row's head; or a band of rows."""

    caption: Sentence
    heads: tuple[Sentence, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, caption: Sentence, heads: Sequence[str | Sentence], rows: Iterable[Row]) -> Table:
        """Return a table; heads may be words."""
        return cls(caption, tuple(says(head) if isinstance(head, str) else head for head in heads), tuple(rows))


_NONE_OF_IT: Final = Finding("", None, "", "")
_FAMILIES: Final = {"td": "Technical-digital skill", "sc": "Social-cognitive skill"}


def banded(parts: Mapping[str, Sequence[Row]]) -> list[Row]:
    """Return the rows of all parts, each under its name; a part without rows is left out."""
    return [row for words, rows in parts.items() if rows for row in ((says(words),), *rows)]


def frame_table(source: Appraisal) -> Table:
    """Nothing, and each arm: what it does, for whom, for how much."""
    rows = [tuple(map(says, ("nothing", "the same worlds without any of it", "nobody", "none", "none")))]
    for arm, policies in source.arms.items():
        done = says(*joined((policy_sentence(one).parts for one in policies), ". ")) if policies else says("nothing")
        cost = cell(source.finding(arm, "public_cost_gbp"))
        rows.append((says(Name(arm)), done, who(policies), says(budget(policies)), cost))
    caption = says("What is compared. Every arm acts in copies of the same burnt-in worlds.")
    return Table.of(caption, ("Arm", "What it does", "For whom", "Budget", "Net public cost"), rows)


def _numbers(source: Appraisal, term: str) -> list[Finding | None]:
    found = []
    for arm in source.acting:
        one = source.finding(arm, term.removeprefix("-"))
        if one and one.estimate and one.estimate.n == 1 < source.replicates:
            one = None  # it stands on one world of many: one that has a last payment, say, so long before the horizon
        found.append(one.turned if one and term.startswith("-") else one)
    return found


def _is_nothing(found: list[Finding | None]) -> bool:
    """Whether a row says of every arm that there is none of it: zero in every world, or a share of nothing."""
    return all(
        one is None or (one.estimate.nothing if one.estimate else cell(one) == cell(_NONE_OF_IT)) for one in found
    )


def appraisal_table(source: Appraisal) -> Table:
    """Terms of appraisal down, arms across; what there is none of is left to ``nothing_of``."""
    parts = {}
    for part, terms in LABELS.items():
        found = [(label, _numbers(source, term)) for term, label in terms.items()]
        parts[part] = [(says(label), *map(cell, numbers)) for label, numbers in found if not _is_nothing(numbers)]
    text = (
        "Each arm less the same worlds without it, mean over {} pairs of worlds and its {} interval. Member-months, "
        "money and skill are sums over everybody up to the horizon."
    )
    caption = filled(text, Fact.count(source.replicates), Fact("95 %"))
    return Table.of(caption, ("Term", *(says(Name(arm)) for arm in source.acting)), banded(parts))


def nothing_of(source: Appraisal) -> list[Sentence]:
    """Name the terms of appraisal of which there is nothing under any arm."""
    told = []
    for part, terms in LABELS.items():
        found = [(label, _numbers(source, term)) for term, label in terms.items()]
        own = [
            label if label[1].isupper() else f"{label[0].lower()}{label[1:]}"
            for label, numbers in found
            if any(numbers) and _is_nothing(numbers)
        ]
        told += [f"{part.partition(' (')[0].lower()} ({'; '.join(own)})"] if own else []
    return [says("Nothing in every world, under every arm: ", ", ".join(told), ".")] if told else []


#: Months at whose end a report tells how far people have come, beside the last.
_MONTHS: Final = (3, 12, 24)


def funnel_table(source: Appraisal) -> Table | None:
    """How many people have come how far by the end of some months, each arm a band; None where nobody applies."""
    table = source.tables.get("funnel")
    if table is None or not len(table):
        return None
    ended, last = {*table["month"]}, int(table["month"].max())
    months = [*(month for month in _MONTHS if month <= last and month - 1 in ended), last + 1]
    by_arm: dict[str, list[Row]] = {}
    for arm in source.acting:
        found = {month: so_far(source, arm, month) for month in months}
        if all(one.nothing for ones in found.values() for _, one in ones):
            continue
        steps = zip(*found.values(), strict=False)  # a table that somebody has altered may lack some
        by_arm[arm] = [(says(step[0][0]), *(says(one) for _, one in step)) for step in steps]
    if not by_arm:
        return None
    rows = [row for arm, own in by_arm.items() for row in ((says(Name(arm)),), *own)]
    caption = says("How far people have come, from those who could apply on: people in a world, counted so far.")
    heads = [filled("After {}", Fact.count(month, "months")) for month in months[:-1]]
    return Table.of(caption, ("Step", *heads, "At the end"), rows)


def years_table(source: Appraisal) -> Table | None:
    """What is promised and paid by financial year."""
    years = [term.removeprefix("outturn | ") for term in source.terms("outturn | ")]
    if not years:
        return None
    rows = [
        (says(Name(arm), f": {words}"), *(cell(source.finding(arm, f"{key} | {year}")) for year in years))
        for arm in source.acting
        for words, key in (("paid", "outturn"), ("promised", "committed"))
    ]
    caption = says(
        "Public money by financial year (April to March) of simulated time. Below zero: promises that came back unused."
    )
    return Table.of(caption, ("Arm", *(says(Fact(year)) for year in years)), rows)


def remains_table(source: Appraisal, arm: str) -> Table | None:
    """What remains of an arm after its last payment: by the scenario's form of persistence, by the rival, and more."""
    rows = [(label, *map(says, beside)) for label, beside in remaining(source, arm)]
    if not rows or source.rival is None:
        return None
    text = "What remains of {} when it has ended, where people stay {}, and where they stay {}: everybody together."
    own, other = source.rival["own"], source.rival["other"]
    heads = ("After the last payment", f"By {own}", f"By {other}", "Difference in the same worlds")
    return Table.of(filled(text, Name(arm), staying(own), staying(other)), heads, rows)


def group_table(source: Appraisal, arm: str) -> Table:
    """Groups of people down: how many, how many get support, their share of it, and what they gain."""
    parts: dict[str, list[Row]] = {}
    for dimension, names in GROUPS.items():
        own = parts.setdefault(f"By {dimension}", [])
        for name in names:
            at = f"{dimension} | {name}"
            people = source.estimate(arm, f"group | {at} | people")
            if people is None or people.value == 0.0:
                continue
            supported = [f"group | {at} | people", f"group | {at} | recipients", f"share | {at} | support_gbp"]
            gained = [f"group | {at} | {one}" for one in ("td_point_years", "sc_point_years", "earned_gbp")]
            cells = [cell(source.finding(arm, term)) for term in (*supported, *gained)]
            own.append((says(Name(name.replace("_", " "))), *cells))
    caption = filled(
        "Who gains from {}. Groups are as people stand in the world without it, at the start or on coming later. "
        "Income is income from work before tax. Point-years: a hundredth of the best skill at the start, for a year.",
        Name(arm),
    )
    heads = ("Group", "People", "Supported", "Share of support", "More TD skill", "More SC skill", "More earnings")
    return Table.of(caption, heads, [row for words, rows in parts.items() for row in ((says(words),), *rows)])


def landing_table(source: Appraisal) -> Table | None:
    """Where the money of each arm lands: shares of support by income fifth, region and status, arms across."""
    paid = {arm: source.estimate(arm, "support_gbp") for arm in source.acting}
    given = [arm for arm, one in paid.items() if one is not None and one.value != 0.0]
    parts: dict[str, list[Row]] = {}
    for dimension in ("income fifth", "region", "status"):
        own = parts.setdefault(f"By {dimension}", [])
        for name in GROUPS[dimension]:
            found = [source.finding(arm, f"share | {dimension} | {name} | support_gbp") for arm in given]
            if any(one and one.estimate for one in found):
                own.append((says(Name(name.replace("_", " "))), *map(cell, found)))
    if len(given) < 2 or not any(parts.values()):
        return None
    caption = says("Where the money of each arm lands: each group's share of the support for members.")
    return Table.of(caption, ("Group", *(says(Name(arm)) for arm in given)), banded(parts))


def gap_table(source: Appraisal) -> Table:
    """Inequality and the gap between kinds of region at the horizon: without, and what each arm changes."""
    labels = {"gini": "Inequality (Gini) of", "regional_gap": "Left-behind regions minus others:"}
    kinds = {"td": "TD skill", "sc": "SC skill", "income": "income from work"}
    first, rows = source.acting[0], []
    for measure, words in labels.items():
        for name, what in kinds.items():
            if source.finding(first, f"{measure}_{name}_change"):
                found = [source.finding(first, f"{measure}_{name}_without")]
                found += [source.finding(arm, f"{measure}_{name}_change") for arm in source.acting]
                rows.append((says(f"{words} {what}"), *map(cell, found)))
    caption = says("Gaps at the horizon without any policy, and what each arm changes in them.")
    changes = [says("Change by ", Name(arm)) for arm in source.acting]
    return Table.of(caption, ("Gap", "Without", *changes), rows)


def channels_of(source: Appraisal, arm: str) -> dict[str, dict[str, list[Finding | None]]]:
    """Return by family of skills and channel the points a person gained: without and with an arm, and the change."""
    sides = ("without", "with", "change")
    return {
        words: {
            label: [source.finding(arm, f"channel | {family} | {channel} | {side}") for side in sides]
            for channel, label in CHANNELS.items()
        }
        for family, words in _FAMILIES.items()
    }


def channel_table(source: Appraisal, arm: str) -> Table | None:
    """Where skills came from, without and with an arm."""
    rows = banded(
        {
            words: [(says(label), *map(cell, found)) for label, found in own.items() if any(found)]
            for words, own in channels_of(source, arm).items()
        }
    )
    caption = says("Points gained by a person since the start, mean over everybody, by where they came from.")
    return Table.of(caption, ("From", "Without", "With", "Change"), rows) if rows else None
