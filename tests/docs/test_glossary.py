"""The glossary: terms in order, each with one short sentence."""

from __future__ import annotations

import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "docs/glossary.md").read_text()
ENTRIES = re.findall(r"^\| (\S[^|]*?) \| (\S[^|]*?) \|$", TEXT, re.MULTILINE)[2:]
MOST_WORDS, MOST_NUMBERS = 25, 4


def faults(entry: tuple[str, str]) -> list[str]:
    term, meaning = entry
    words, numbers = len(meaning.split()), len(re.findall(r"\d+", meaning))
    found = {
        "not one sentence": re.fullmatch(r"[A-Z][^.?!]*(?:\.\d[^.?!]*)*\.", meaning) is None,
        f"{words} words": words > MOST_WORDS,
        f"{numbers} numbers": numbers > MOST_NUMBERS,
    }
    return [f"{term}: {what}" for what, wrong in found.items() if wrong]


def test_every_meaning_is_one_short_sentence() -> None:
    assert len(ENTRIES) >= 60
    assert [fault for entry in ENTRIES for fault in faults(entry)] == []


def test_terms_are_in_order_and_named_once() -> None:
    terms = [term.lower() for term, _ in ENTRIES]
    assert terms == sorted(set(terms))


def test_a_long_meaning_is_seen() -> None:
    assert faults(("x", "One. Two.")) == ["x: not one sentence"]
    assert faults(("x", f"A{' b' * MOST_WORDS}.")) == [f"x: {MOST_WORDS + 1} words"]
