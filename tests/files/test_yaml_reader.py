"""The reader core, which other kinds of files share."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ruamel.yaml import YAML

from coworksim.files.errors import Mark, Problem, Problems, nearest, printable
from coworksim.files.fields import number_text, plain_value
from coworksim.files.yaml_reader import Entry, Listing, Scalar, Table, _Builder, first_comment, parse


def test_every_key_and_value_knows_its_place() -> None:
    problems = Problems()
    tree = parse("a:\n  - 'x'\n  - {b: 1}\n", "f", problems)
    assert not problems
    inner = Table(Mark("f", 3, 5), (Entry(Scalar(Mark("f", 3, 6), "b"), Scalar(Mark("f", 3, 9), "1")),))
    listing = Listing(Mark("f", 2, 3), (Scalar(Mark("f", 2, 5), "x", plain=False), inner))
    assert tree == Table(Mark("f", 1, 1), (Entry(Scalar(Mark("f", 1, 1), "a"), listing),))


def test_what_yaml_1_2_takes_for_text() -> None:
    texts = ["yes", "NO", "on", "Off", "1_000", "12:30", "1,000", "0b1", "tRUE", "2022-11-07", "١"]
    assert [plain_value(Scalar(Mark("f"), text)) for text in texts] == texts


def test_what_yaml_1_2_takes_for_a_number() -> None:
    values = {"1e-3": 0.001, "+1": 1, "0o17": 15, "0x1F": 31, "007": 7, "-.5": -0.5, "1.": 1.0}
    assert {text: number_text(text) for text in values} == values


def test_booleans_and_nothing() -> None:
    values = {"true": True, "FALSE": False, "~": None, "": None, "null": None}
    assert [text for text, value in values.items() if plain_value(Scalar(Mark("f"), text)) is not value] == []
    assert {text: plain_value(Scalar(Mark("f"), text, plain=False)) for text in values} == {
        text: text for text in values
    }


def test_first_comment() -> None:
    comments = {"# a?\n": "a?", "## a": "a", "#\n# a": None, "a: 1 # b": None, "\n# a": None, "": None}
    assert {text: first_comment(text) for text in comments} == comments


def test_problems_are_told_once_and_in_order() -> None:
    problems = Problems()
    for line in (3, 1, 3):
        problems.add(Mark("f", line, 1), "a", "b")
    assert problems.listed() == [Problem("f", 1, 1, "a; b"), Problem("f", 3, 1, "a; b")]
    assert str(problems.listed()[0]) == "f:1:1: a; b"


def test_help_with_words() -> None:
    assert nearest("wekes", ["weeks", "seed"]) == "weeks"
    assert nearest("zzz", ["weeks", "seed"]) is None
    assert printable("a\u202eb\ud800") == "a\\u202eb\\ud800"


class MarkedError(Exception):
    """An error as the parser of YAML raises it, without a place."""

    def __init__(self, problem: str) -> None:
        self.context, self.problem = None, problem


def test_what_the_parser_stumbles_over_is_told_in_print_and_at_the_last_place_where_it_says_none() -> None:
    def stumbles(error: Exception) -> Any:
        yield SimpleNamespace(start_mark=SimpleNamespace(line=3, column=4))
        raise error

    for error, told in (
        (ValueError("anything"), "this is not YAML"),
        (MarkedError("a\x1b[31m"), "this is not YAML"),
        (MarkedError("an  odd\nend"), "this is not YAML (an odd end)"),
    ):
        builder = _Builder(stumbles(error), "f", Problems())
        with pytest.raises(type(error)):
            builder.document()
        assert builder.explain(error) == (told, Mark("f", 4, 5))


def test_files_are_read_by_the_parser_in_python_also_where_there_is_one_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one in C has other places and other sentences, and is there or not."""
    asked = []

    class Watched(YAML):
        def __init__(self, **given: Any) -> None:
            asked.append((given["typ"], given["pure"]))
            super().__init__(**given)

    monkeypatch.setattr("ruamel.yaml.YAML", Watched)
    assert parse("a: 1\n", "f", Problems()) is not None
    assert asked == [("safe", True)]
