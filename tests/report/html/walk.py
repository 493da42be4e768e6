"""Goes through every text of a report and notes where a rule of wording is broken."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["NUMBER", "Walk", "breaches", "walked"]

NUMBER = r"−?\d[\d,]*(?:\.\d+)?"
_SPAN = rf"\((?:{NUMBER} to {NUMBER}|in every (?:world|draw)|one (?:world|draw), no interval)\)"
ESTIMATE = re.compile(rf"{NUMBER}(?: [^()]+)? {_SPAN}")
#: Elements whose text is no statement about results: code, names out of files, facts that were declared or counted.
_EXEMPT_TAGS = {"code", "pre", "style", "title", "script"}
_EXEMPT_CLASSES = {"name", "fact", "declared"}
#: Sections whose tables hold results only: no cell of theirs is declared or counted.
_RESULTS = {"appraisal", "gains", "mechanism"}
_VOID = {"meta", "img", "col", "br"}
#: Verbs that claim a cause, and what must stand in the same block.
_CAUSAL = re.compile(r"\b(brings|leads to|causes|raises|lowers|pays in|pays for itself)\b")


@dataclass
class Walk(HTMLParser):
    """Texts of a report by what they are."""

    loose: list[str] = field(default_factory=list)  # outside estimates and whatever is exempt
    estimates: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    blocks: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    declared: list[str] = field(default_factory=list)  # facts in tables of results
    _open: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= given.keys()
        self.addresses += [given[name] for name in ("src", "href") if name in given]
        if "alt" in given:
            self.alts.append(given["alt"])
        if tag == "section":
            self.sections.append(given["id"])
        classes = frozenset(given.get("class", "").split())
        if tag in {"p", "td", "th", "li", "caption", "figcaption", "dd"}:
            self.blocks.append("")
        if "est" in classes:
            self.estimates.append("")
        if tag not in _VOID:
            self._open.append((tag, classes))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1][0] == tag, f"</{tag}> closes <{self._open[-1][0]}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        classes = frozenset(c for _, own in self._open for c in own)
        tags = {tag for tag, _ in self._open}
        if "fact" in classes and "td" in tags and self.sections[-1:] and self.sections[-1] in _RESULTS:
            self.declared.append(data)
        if "est" in classes:
            self.estimates[-1] += data
        elif not (tags & _EXEMPT_TAGS or classes & _EXEMPT_CLASSES):
            self.loose.append(data)
        if self.blocks and not tags & _EXEMPT_TAGS and "declared" not in classes:  # meanings are no results
            self.blocks[-1] += data


def walked(page: str) -> Walk:
    """Read a page."""
    walk = Walk()
    walk.feed(page)
    walk.close()
    assert not walk._open
    return walk


def digits(number: str) -> int:
    """Count significant figures.

    >>> digits("0.0120"), digits("118,000"), digits("−1,234")
    (3, 3, 4)
    """
    plain = number.replace(",", "").replace("−", "")
    if "." in plain:
        return len(plain.replace(".", "").lstrip("0"))
    return len(plain.strip("0"))


def breaches(page: str) -> list[str]:
    """List what breaks a rule of wording."""
    walk = walked(page)
    found = [f"a bare number: {text.strip()!r}" for text in walk.loose if any(sign.isdigit() for sign in text)]
    found += [f"a result that is no estimate: {text!r}" for text in walk.declared]
    for text in walk.estimates:
        if not ESTIMATE.fullmatch(text):
            found.append(f"a number without its interval: {text!r}")
        found += [f"{n} has more than three figures" for n in re.findall(NUMBER, text) if digits(n) > 3]
    every = [*walk.blocks, *walk.alts]
    found += [f"counts, please: {text!r}" for text in every if "significan" in text.lower()]
    for text in walk.blocks:
        if _CAUSAL.search(text) and "model" not in text:
            found.append(f"a cause without 'in this model': {text!r}")
    found += [f"a picture without words: {alt!r}" for alt in walk.alts if not re.search(r"\d", alt)]
    return found
