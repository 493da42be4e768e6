"""Both accounts of what remains stand beside each other wherever it is told, with what differs and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from coworksim.app.answer import answer
from coworksim.appraisal.result import Appraisal
from coworksim.appraisal.rival import COLUMNS
from coworksim.report.html.tables import remains_table
from coworksim.report.sentences.rival_text import rival_lines, rival_sentences, rival_tables
from tests.appraisal.made import appraisal

ASKED = {"own": "habit", "other": "taste", "replicates": 3, "reason": ""}


def row(arm: str, form: str, value: float, low: float, high: float) -> tuple[Any, ...]:
    return (arm, "members_after_12_months", "people", form, value, low, high, 3, "more members")


def told(*difference: float, own: str = "habit", arm: str = "half", **asked: Any) -> Appraisal:
    """Return a comparison in which 12 members remain by habit and 2 by taste, with such a difference."""
    other = {"habit": "taste", "taste": "habit"}[own]
    forms = ("habit", (12.0, 5.0, 19.0)), ("taste", (2.0, -3.0, 7.0)), ("difference", difference)
    rows = [row(arm, form, *numbers) for form, numbers in forms]
    table, base = pd.DataFrame(rows, columns=COLUMNS), appraisal()
    asked = {**ASKED, "own": own, "other": other, **asked}
    return replace(base, tables={**base.tables, "remains": table}, rival=asked)


def test_a_sentence_sets_both_beside_each_other_and_says_why_less_remains() -> None:
    (line,) = rival_sentences(told(-10.0, -16.0, -4.0))
    assert line.plain() == (
        "12 months after the last payment of half: more members: 12 people (5 to 19) if people stay members because "
        "they have got used to it; no clear change in members: 2 people (−3 to 7) if they stay because they have "
        "always liked it. The second was asked in 3 of 4 worlds. Less remains by taste alone: an award makes nobody "
        "like coworking more, so whom it brought in leaves when it ends."
    )


@pytest.mark.parametrize(
    ("difference", "own", "verdict"),
    [
        ((-10.0, -16.0, -4.0), "habit", "Less remains by taste alone"),
        ((10.0, 4.0, 16.0), "habit", "More remains by taste alone"),
        ((-1.0, -9.0, 7.0), "habit", "These worlds do not tell the two apart"),
        ((10.0, 4.0, 16.0), "taste", "Less remains by taste alone"),
        ((-10.0, -16.0, -4.0), "taste", "More remains by taste alone"),
    ],
)
def test_what_differs_goes_by_the_interval_of_the_difference(
    difference: tuple[float, ...], own: str, verdict: str
) -> None:
    (line,) = rival_sentences(told(*difference, own=own))
    assert verdict in line.plain()


def test_page_terminal_and_report_have_both_numbers_and_the_sentence() -> None:
    source = told(-10.0, -16.0, -4.0)
    (sentence,) = rival_sentences(source)
    assert sentence.plain() in answer(source, {})["sentences"]
    shown = {row["words"]: row["cells"][0]["text"] for row in answer(source, {})["rows"]}
    assert shown["More members, 12 months after the last payment, by habit"] == "12 (5 to 19)"
    assert shown["More members, 12 months after the last payment, by taste"] == "2 (−3 to 7)"
    assert " ".join(rival_lines(source)[0].split()) == sentence.plain().replace("−", "-")
    ((title, rows),) = rival_tables(source)
    assert title == "What remains of half after the last payment"
    assert rows == [
        ("", "by habit", "by taste", "difference, same worlds"),
        ("More members, 12 months on, people", "12 (5 to 19)", "2 (-3 to 7)", "-10 (-16 to -4)"),
    ]
    table = remains_table(source, "half")
    assert table
    assert [cell.plain() for cell in table.rows[0][1:]] == [
        "12 people (5 to 19)",
        "2 people (−3 to 7)",
        "−10 people (−16 to −4)",
    ]


def test_the_sentence_is_of_the_latest_time_that_most_worlds_reach() -> None:
    source = told(-10.0, -16.0, -4.0)
    few = source.tables["remains"]
    later = few.assign(term="members_after_24_months", n=2)
    source = replace(source, tables={**source.tables, "remains": pd.concat([few, later], ignore_index=True)})
    (line,) = rival_sentences(source)
    assert line.plain().startswith("12 months after")


def test_where_the_rival_could_not_be_asked_it_says_why() -> None:
    base = replace(appraisal(), rival={**ASKED, "replicates": 0, "reason": "no tastes give that"})
    (line,) = rival_sentences(base)
    assert line.plain() == (
        "What remains after awards holds if people stay members because they have got used to it. If they stay because "
        "they have always liked it, the model cannot say: no tastes give that."
    )
    assert rival_tables(base) == []
    assert remains_table(base, "half") is None


def test_where_nothing_was_asked_nothing_is_said() -> None:
    assert rival_sentences(appraisal()) == []
    assert rival_tables(appraisal()) == []
    assert remains_table(appraisal(), "half") is None
