"""What a case may state: a small grammar of plain sentences, read without evaluating anything.

A statement compares a term of the appraisal with an amount or with another term of the same unit, or it is one of a few
laws. Terms go by their name or by the words that one would write: ``public_cost_gbp`` is ``public cost``,
``additional_member_months`` is ``additional member-months``, a group is ``recipients in region left-behind``, or in
a region of the scenario by its name.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from coworksim.appraisal.measure_registry import COSTS, EFFECTS, GROUP_MEASURES, SHARES, TAB, TERMS
from coworksim.files import fields
from coworksim.files.errors import Mark, Problems, echo, nearest
from coworksim.files.yaml_reader import Broken, Node, Scalar
from coworksim.model.parameters.skills import GROUPS

#: Laws and what each says.
LAWS: Final = {
    "no effect outside the target region": "people and spaces of regions that no policy is for are as without it",
    "same as without": "people, spaces and books are, week by week, those of the world without the policies",
    "same in any order": "the policies in the opposite order give the same people, spaces and postings",
    "pence paid = pence received": "every penny has a payer and a payee, in the books and in the accounts of people",
    "budgets hold to the penny": "no policy promises or pays more than its budget, in any week",
}
#: The law that may end in ``within N weeks``.
OUTSIDE: Final = "no effect outside the target region"
#: Words for terms that one would not guess from their names.
_ALSO: Final = {
    "take-up": "take_up_share",
    "net effect": "additional_member_months",
    "induced entry": "recipients_new_member_months",
    "displacement": "displaced_net_member_months",
    "present value of social value": "social_value_gbp",
}
_AVERAGE: Final = "on average "
_SIGN: Final = re.compile(r"\s*(<=|>=|!=|==|=|<|>)\s*")
_WITHIN: Final = re.compile(r"(.*?)\s+within\s+(.*)")
_WEEKS: Final = re.compile(r"(.*?) within (\S+) weeks?")


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of an appraisal: a term, or the ratio of two (of their means over replicates)."""

    name: str
    unit: str
    above: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A term against an amount, or against another term; ``within``: how far off an equal one may lie."""

    text: str
    mark: Mark
    average: bool
    measure: Measure
    sign: str
    amount: float | Measure
    within: float | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """One of LAWS; ``weeks`` is how long since the first start of a policy, None for all weeks."""

    text: str
    mark: Mark
    name: str
    weeks: int | None = None


type Statement = Comparison | Law


def _plain(text: str) -> str:
    """Return words as they are looked up.

    >>> _plain("Additional  member-months"), _plain("public_cost_gbp")
    ('additional member months', 'public cost')
    """
    return " ".join(re.sub(r"[-_|\t]", " ", text.lower()).split()).removesuffix(" gbp")


@cache
def measures(regions: tuple[str, ...] = ()) -> Mapping[str, Measure]:
    """Return every number that a statement may name, by the words for it; ``regions`` are names of the scenario's.

    A region may be called as it likes, with commas and all. Two that read alike are not told apart, so neither counts.
    """
    found = {name: Measure(name, about.unit, name) for name, about in TERMS.items()}
    found |= {name: Measure(name, "share", above, below) for name, (above, below, _) in SHARES.items()}
    for effect, unit in EFFECTS.items():
        named = {f"{cost.removesuffix('_gbp')}_per_{effect}": cost for cost in COSTS}
        found |= {name: Measure(name, unit, cost, effect) for name, cost in named.items()}
    alike = Counter(_plain(name) for name in regions)
    own = [("region", name) for name in regions if alike[_plain(name)] == 1]
    groups = [*own, *((dimension, group) for dimension, names in GROUPS.items() for group in names)]
    for dimension, group in groups:
        for measure, (unit, _) in GROUP_MEASURES.items():
            key = TAB.join(("group", dimension, group, measure))
            one = Measure(key.replace(TAB, " | "), unit, key)
            found |= {key: one, f"{_plain(measure)} in {dimension} {group}": one}
    found |= {words: found[name] for words, name in _ALSO.items()}
    return {_plain(words): one for words, one in found.items()}


def read_statement(node: Node, problems: Problems, regions: tuple[str, ...] = ()) -> Statement | None:
    """Read one statement, or note what is wrong and return None; it may name these regions."""
    text = fields.text(node, "a statement", problems)
    if text is None or not isinstance(node, Scalar):
        return None
    law = _law(" ".join(text.split()), node.mark, problems)
    if law is not None:
        return None if isinstance(law, Broken) else law
    known = measures(regions)
    signs = list(_SIGN.finditer(text))  # one may stand in the name of a region
    whole = (one for one in signs if _plain(text[: one.start()].removeprefix(_AVERAGE)) in known)
    sign = next(whole, signs[0] if signs else None)
    if sign is None or not text[: sign.start()].strip():
        examples = f"public cost <= 30000 GBP, or one of: {'; '.join(LAWS)}"
        write = nearest(" ".join(text.split()).lower(), LAWS) or examples
        problems.add(node.mark, f"no statement reads {echo(text)}", f"write {write}")
        return None
    if sign[1] == "==":
        problems.add(_at(node, sign.start(1)), "the sign ==", "write =")
        return None
    return _comparison(node, text, sign, known, problems)


def _law(words: str, mark: Mark, problems: Problems) -> Law | Broken | None:
    """Return the law that words name; None when they name none."""
    lower = words.lower()
    if lower in LAWS:
        return Law(words, mark, lower)
    split = _WEEKS.fullmatch(lower)
    if split is None or split[1] not in LAWS:
        return None
    weeks = fields.number_text(split[2])
    if split[1] != OUTSIDE:
        problems.add(mark, f"{echo(split[1])} has no weeks", f"write {split[1]}")
    elif isinstance(weeks, int) and weeks >= 1:
        return Law(words, mark, split[1], weeks)
    else:
        write = "write within 1 week, or another whole number of weeks"
        problems.add(mark, f"within {echo(split[2])} weeks", write)
    return Broken(mark)


def _at(node: Scalar, place: int) -> Mark:
    """Return the place in the file of a character of a statement in one line."""
    return Mark(node.mark.file, node.mark.line, node.mark.column + place + (0 if node.plain else 1))


def _comparison(
    node: Scalar, text: str, sign: re.Match[str], known: Mapping[str, Measure], problems: Problems
) -> Comparison | None:
    left, right = text[: sign.start()].strip(), text[sign.end() :].strip()
    average = left.lower().startswith(_AVERAGE)
    measure = _measure(left[len(_AVERAGE) :] if average else left, _at(node, 0), known, problems)
    split = None if _plain(right) in known else _WITHIN.fullmatch(right)
    if measure is None:
        return None
    there = _at(node, sign.end())
    told = split[1] if split else right  # a number with or without the unit of the measure, or another term
    words = told and not (told[0].isdigit() or told[0] in "+-.")
    amount = _measure(told, there, known, problems) if words else _number(told, measure, there, problems)
    within = _number(split[2], measure, there, problems) if split else None
    if split and sign[1] != "=":
        problems.add(_at(node, sign.start(1)), f"within after {sign[1]}", "write = before an amount with within")
        return None
    if amount is None or (split and within is None):
        return None
    if isinstance(amount, Measure) and amount.unit != measure.unit:
        what = f"{amount.name} is in {amount.unit}, {measure.name} in {measure.unit}"
        problems.add(there, what, "compare terms of one unit")
        return None
    return Comparison(text, node.mark, average, measure, sign[1], amount, within)


def _measure(words: str, mark: Mark, known: Mapping[str, Measure], problems: Problems) -> Measure | None:
    if _plain(words) in known:
        return known[_plain(words)]
    write = nearest(_plain(words), known) or "a term such as public cost, or additional member-months"
    problems.add(mark, f"no term of an appraisal is called {echo(words)}", f"write {write}")
    return None


def _number(text: str, measure: Measure, mark: Mark, problems: Problems) -> float | None:
    first, _, unit = text.partition(" ")
    percent = measure.unit == "share" and unit == "%"
    node = Scalar(mark, first if percent else text)
    found = fields.number(node, measure.name, measure.unit, problems)
    return None if found is None else float(found) / (100.0 if percent else 1.0)
