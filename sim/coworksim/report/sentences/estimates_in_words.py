"""Sentences in which no number stands without its interval.

A sentence is made of words, of names, of estimates (which bring their interval along) and of facts: numbers that were
declared or counted and have no interval, such as a budget or how many worlds were simulated. Words hold no digit, so
that nobody can slip a bare number in. Cells of tables, captions and texts for screen readers are sentences too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Final

from coworksim.report.sentences.text import printable

__all__ = ["Estimate", "Fact", "Name", "Part", "Sentence", "figure", "says"]

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
class Fact:
    """A number that was declared or counted, and so has no interval."""

    text: str

    @classmethod
    def count(cls, number: float, unit: str = "") -> Fact:
        """Return a count or a declared number in full, with its unit.

        >>> Fact.count(250_000, "GBP").text
        '250,000 GBP'
        """
        shown = f"{number:,.10g}".replace("-", "−")
        return cls(f"{shown} {unit}".rstrip())

    def plain(self) -> str:
        """Return the text."""
        return printable(self.text)

    def __html__(self) -> str:
        """Return it marked as a fact."""
        return f'<span class="fact">{escape(self.plain())}</span>'


@dataclass(frozen=True, slots=True)
class Name:
    """A name out of a file, or of a parameter, shown as it is."""

    text: str

    def plain(self) -> str:
        """Return the text, made fit to be shown."""
        return printable(self.text)

    def __html__(self) -> str:
        """Return it escaped."""
        return f'<span class="name">{escape(self.plain())}</span>'


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over worlds, or draws, with its 95 % interval; limits that are NaN belong to a single one."""

    value: float
    low: float
    high: float
    unit: str
    n: int
    each: str = "world"  # what the interval is over

    @property
    def sign(self) -> int:
        """1 or -1 where the interval lies on one side of 0; else 0."""
        return 1 if self.low > 0.0 else -1 if self.high < 0.0 else 0

    @property
    def exact(self) -> bool:
        """Whether all worlds have the same number."""
        return self.low == self.high == self.value

    @property
    def negative(self) -> Estimate:
        """The same with the other sign."""
        return Estimate(0.0 - self.value, 0.0 - self.high, 0.0 - self.low, self.unit, self.n, self.each)

    def texts(self) -> tuple[str, str]:
        """Return the number with its unit, and its interval: all rounded alike, to what the greatest of them has.

        >>> Estimate(0.2314, 0.19, 0.27, "share", 20).texts()
        ('23.1 %', '(19 to 27)')
        >>> Estimate(5.0, 5.0, 5.0, "people", 20).texts()
        ('5 people', '(in every world)')
        >>> Estimate(9.87, -22.5, 42.2, "people", 20).texts()
        ('9.9 people', '(−22.5 to 42.2)')
        """
        factor = 100.0 if self.unit in ("share", "difference of shares") else 1.0
        unit = _AFTER.get(self.unit, self.unit)
        scale = 0.0 if math.isnan(self.low) else factor * max(abs(self.value), abs(self.low), abs(self.high))
        number = f"{figure(factor * self.value, scale)} {unit}".rstrip()
        if self.exact:
            return number, f"(in every {self.each})"
        if math.isnan(self.low):
            return number, f"(one {self.each}, no interval)" if self.n else "(no interval)"
        return number, f"({figure(factor * self.low, scale)} to {figure(factor * self.high, scale)})"

    def plain(self) -> str:
        """Return both in one."""
        return " ".join(self.texts())

    def __html__(self) -> str:
        """Return both, kept together."""
        number, span = self.texts()
        return f'<span class="est"><b>{escape(number)}</b> <span class="ci">{escape(span)}</span></span>'


type Part = str | Fact | Name | Estimate


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words, names, facts and estimates in their order."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        """Refuse a number among the words."""
        for part in self.parts:
            if isinstance(part, str) and any(sign.isdigit() for sign in part):
                raise ValueError(f"a number stands among the words {part!r}: make it a fact, a name or an estimate")

    def plain(self) -> str:
        """Return the sentence as text."""
        return "".join(part if isinstance(part, str) else part.plain() for part in self.parts)

    def __html__(self) -> str:
        """Return the sentence as HTML, everything escaped."""
        return "".join(escape(part) if isinstance(part, str) else part.__html__() for part in self.parts)

    def __add__(self, more: Sentence) -> Sentence:
        """Return both sentences with a space in between."""
        return Sentence((*self.parts, " ", *more.parts))


def says(*parts: Part) -> Sentence:
    """Return a sentence.

    >>> says("In ", Fact("20"), " worlds ", Estimate(1.0, 0.5, 1.5, "people", 20), " join.").plain()
    'In 20 worlds 1 people (0.5 to 1.5) join.'
    """
    return Sentence(parts)
