"""Sentences in which no number stands without its interval.

A sentence is made of words, of names, of estimates (which bring their interval along) and of facts: numbers that were
declared or counted and have no interval, such as a budget or how many worlds were simulated. Words hold no digit, so
that nobody can slip a bare number in. Cells of tables, captions and texts for screen readers are sentences too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import ClassVar, Final

from coworksim.appraisal.estimates import Estimate, Finding
from coworksim.files.errors import printable

_DIGITS: Final = 3
#: Units that are said before or after a number otherwise than they are called.
_AFTER: Final = {"share": "%", "difference of shares": "percentage points", "coefficient": "", "ratio": "", "": ""}


def figure(value: float, scale: float = 0.0) -> str:
    """Return a number in three significant figures of it, or of ``scale``, with a sign that is no hyphen.

    >>> figure(118_437.2), figure(-0.012345), figure(12.0), figure(0.0), figure(9.996)
    ('118,000', '−0.0123', '12', '0', '10')
    >>> figure(9.87, 42.2), figure(2.61, 12_345.0)
    ('9.9', '2.61')
    """
    if value == 0.0:
        return "0"
    own = _DIGITS - 1 - math.floor(math.log10(abs(value)))
    places = own if scale == 0.0 else min(own, _DIGITS - 1 - math.floor(math.log10(abs(scale))))
    rounded = round(value, places)
    if rounded == 0.0:
        return figure(value)
    places = max(min(places, _DIGITS - 1 - math.floor(math.log10(abs(rounded)))), 0)
    text = f"{rounded:,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


@dataclass(frozen=True, slots=True)
class _Marked:
    """What stands among words and is no word: in HTML it is marked by what it is."""

    text: str
    mark: ClassVar[str]

    def plain(self) -> str:
        """Return the text, made fit to be shown."""
        return printable(self.text)

    def __html__(self) -> str:
        return f'<span class="{self.mark}">{escape(self.plain())}</span>'


class Fact(_Marked):
    """A number that was declared or counted, and so has no interval."""

    __slots__ = ()
    mark = "fact"

    @classmethod
    def count(cls, number: float, unit: str = "") -> Fact:
        """Return a count or a declared number in full, with its unit.

        >>> Fact.count(250_000, "GBP").text
        '250,000 GBP'
        """
        shown = f"{number:,.10g}".replace("-", "−")
        return cls(f"{shown} {unit}".rstrip())


class Name(_Marked):
    """A name out of a file, or of a parameter, shown as it is."""

    __slots__ = ()
    mark = "name"


def texts(found: Estimate) -> tuple[str, str]:
    """Return a number with its unit, and its interval: all rounded alike, to what the greatest of them has.

    >>> texts(Estimate(0.2314, 0.19, 0.27, "share", 20))
    ('23.1 %', '(19 to 27)')
    >>> texts(Estimate(5.0, 5.0, 5.0, "people", 20))
    ('5 people', '(in every world)')
    >>> texts(Estimate(9.87, -22.5, 42.2, "people", 20))
    ('9.9 people', '(−22.5 to 42.2)')
    """
    factor = 100.0 if found.unit in ("share", "difference of shares") else 1.0
    unit = _AFTER.get(found.unit, found.unit)
    value, low, high = (factor * one for one in (found.value, found.low, found.high))
    scale = 0.0 if math.isnan(low) else max(abs(value), abs(low), abs(high))
    number = f"{figure(value, scale)} {unit}".rstrip()
    if found.exact:
        return number, f"(in every {found.each})"
    if math.isnan(low):
        return number, f"(one {found.each}, no interval)" if found.n else "(no interval)"
    return number, f"({figure(low, scale)} to {figure(high, scale)})"


type Part = str | Fact | Name | Estimate


def _html(part: Part) -> str:
    if isinstance(part, Estimate):
        number, span = texts(part)
        return f'<span class="est"><b>{escape(number)}</b> <span class="ci">{escape(span)}</span></span>'
    return escape(part) if isinstance(part, str) else part.__html__()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words, names, facts and estimates in their order."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        for part in self.parts:
            if isinstance(part, str) and any(sign.isdigit() for sign in part):
                raise ValueError(f"a number stands among the words {part!r}: make it a fact, a name or an estimate")

    def plain(self) -> str:
        """Return the sentence as text."""
        parts = (" ".join(texts(part)) if isinstance(part, Estimate) else part for part in self.parts)
        return "".join(part if isinstance(part, str) else part.plain() for part in parts)

    def __html__(self) -> str:
        return "".join(map(_html, self.parts))

    def __add__(self, more: Sentence) -> Sentence:
        return Sentence((*self.parts, " ", *more.parts))


def says(*parts: Part) -> Sentence:
    """Return a sentence of these parts; ``filled`` takes its words in one piece."""
    return Sentence(parts)


def filled(text: str, *parts: Part | Sentence | Sequence[Part]) -> Sentence:
    """Return a text as a sentence; for each ``{}`` in it stands one of ``parts``, or several one after the other.

    >>> filled("In {} worlds {} join.", Fact("20"), Estimate(1.0, 0.5, 1.5, "people", 20)).plain()
    'In 20 worlds 1 people (0.5 to 1.5) join.'
    """
    first, *others = text.split("{}")
    found: list[Part] = [first]
    for part, words in zip(parts, others, strict=True):
        several = part.parts if isinstance(part, Sentence) else part if isinstance(part, list | tuple) else [part]
        found += [*several, words]
    return Sentence(tuple(part for part in found if part != ""))


def joined(groups: Iterable[Sequence[Part]], between: str = "; ") -> list[Part]:
    """Return the parts of all groups, with words between one group and the next.

    >>> joined([("one",), (Name("2"), " more")])
    ['one', '; ', Name(text='2'), ' more']
    """
    return [part for at, group in enumerate(groups) for part in ([between, *group] if at else group)]


def cell(found: Finding | None) -> Sentence:
    """Return a number with its interval, or why there is none."""
    if found is None:
        return says("–")
    if found.estimate is not None:
        return says(found.estimate)
    return says(f"not given: {why_none(found.reason)}")


#: What the reason why there is no number holds, and what is said for it in few words.
_REASONS: Final = {
    "includes 0": "the interval of the effect includes zero",
    "there is less": "nothing is gained",
    "others lose": "some gain and others lose",
    "one replicate": "one world has no interval",
}


def why_none(reason: str) -> str:
    """Return in few words why there is no number.

    >>> why_none("the interval of additional membership includes 0 (-1 to 3): see plane and net benefit")
    'the interval of the effect includes zero'
    """
    return next((words for part, words in _REASONS.items() if part in reason), "there is none of it")
