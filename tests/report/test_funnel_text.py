"""From those who could apply to those who gain: every step stands where users look, in its order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from coworksim.app.answer import ROWS, answer
from coworksim.appraisal.pooled import FUNNEL
from coworksim.appraisal.result import Appraisal
from coworksim.report.html import headline
from coworksim.report.html.tables import funnel_table
from coworksim.report.sentences import funnel_text
from coworksim.report.sentences.appraisal_text import SHOWN, appraisal_tables
from coworksim.report.sentences.policies_and_terms import LABELS, called
from tests.appraisal.made import VALUES, appraisal

WORDS = (
    "could apply",
    "had heard of it",
    "wished to use it",
    "applied",
    "were awarded it",
    "used it",
    "were members for longer because of it",
)
TERMS = (
    "eligible_people",
    "aware_people",
    "wished_people",
    "applied_people",
    "awarded_people",
    "used_people",
    "additional_people",
)


def in_order(text: str) -> bool:
    """Return whether every step stands in a text after the one before, each after a number."""
    return re.search(".*".join(rf"\d\S*(?: people \([^)]*\))? {words}\b" for words in WORDS), text) is not None


def in_report() -> str:
    (line,) = (one.plain() for one in headline.headlines(appraisal(), "half") if "How far" in one.plain())
    return line


def on_page() -> str:
    return str(answer(appraisal(), {})["verdicts"][0]["lines"][0]["meaning"])


def with_months(*parts: pd.DataFrame) -> Appraisal:
    source = appraisal()
    return replace(source, tables={**source.tables, "funnel": pd.concat(parts)})


def left_out(steps: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {term: step for term, step in steps.items() if term != "wished_people"}


def turned(steps: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    order = [*TERMS[:3], "awarded_people", "applied_people", *TERMS[5:]]
    return {term: steps[term] for term in order}


@pytest.mark.parametrize("text", [in_report, on_page])
def test_every_step_is_told_in_its_order(text: Callable[[], str]) -> None:
    assert in_order(text())


@pytest.mark.parametrize("fault", [left_out, turned])
@pytest.mark.parametrize("text", [in_report, on_page])
def test_a_step_left_out_or_out_of_order_is_seen(
    text: Callable[[], str],
    fault: Callable[[dict[str, tuple[str, str]]], dict[str, tuple[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(funnel_text, "STEPS", fault(funnel_text.STEPS))
    assert not in_order(text())


def test_steps_are_those_that_are_counted() -> None:
    assert tuple(stage for stage, _ in funnel_text.STEPS.values()) == FUNNEL
    assert tuple(funnel_text.STEPS) == TERMS


def test_tables_of_terminal_page_and_report_have_every_step_in_its_order() -> None:
    for shown in (SHOWN["Who is reached"], ROWS, tuple(LABELS["Take-up"])):
        assert tuple(term for term in shown if term in TERMS) == TERMS
    ((_, rows),) = appraisal_tables(appraisal())
    labels = [f"{called(term)}, people" for term in TERMS]
    own = [row for row in rows if row[0] in labels]
    assert [row[0] for row in own] == labels
    means = [str(sum(VALUES[term]) / 4).removesuffix(".0") for term in TERMS]
    assert [row[1].partition(" ")[0] for row in own] == means == ["10", "7", "4.5", "3", "2", "1.5", "0.75"]


def test_the_report_says_how_many_had_come_how_far_by_the_end_of_a_month() -> None:
    table = funnel_table(appraisal())
    assert table is not None
    assert [head.plain() for head in table.heads] == ["Step", "At the end"]  # nine weeks: no third month has ended
    band, *rows = table.rows[:8]
    assert [cell.plain() for cell in band] == ["half"]
    assert [row[0].plain() for row in rows] == list(WORDS)
    last = [14, 12, 10, 8, 6, 4, 2]  # week 8: one more in each week, and at every step two less
    assert [row[1].plain() for row in rows] == [f"{people} people (in every world)" for people in last]


def test_months_that_have_ended_come_before_the_end() -> None:
    funnel = appraisal().funnel
    early, late = (funnel[funnel["month"] == month] for month in (0, 1))
    table = funnel_table(with_months(early.assign(month=2), late.assign(month=13)))
    assert table is not None
    assert [head.plain() for head in table.heads] == ["Step", "After 3 months", "At the end"]
    assert [cell.plain() for cell in table.rows[1][1:]] == ["10 people (in every world)", "14 people (in every world)"]


def test_where_nobody_could_apply_nothing_is_said() -> None:
    nobody = {**VALUES, **dict.fromkeys(TERMS, [0.0] * 4)}
    source = appraisal(values={"half": nobody, "all": nobody})
    assert funnel_text.funnel_sentence(source, "half") == []
    empty = source.funnel.assign(people=0.0, low=0.0, high=0.0)
    assert funnel_table(with_months(empty)) is None
