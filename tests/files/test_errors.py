"""What is proposed for a misspelt word is right, or nothing is."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from coworksim.files.errors import nearest
from coworksim.model.parameters import MECHANISMS, PARAMETERS
from coworksim.model.policies import KINDS, LEVERS

LETTERS = "abcdefghijklmnopqrstuvwxyz_"


def _typos(word: str, lots: random.Random) -> Iterator[str]:
    at, letter = lots.randrange(len(word)), lots.choice(LETTERS)
    yield word[:at] + word[at + 1 :]
    yield word[:at] + letter + word[at:]
    yield word[:at] + letter + word[at + 1 :]
    yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


@pytest.mark.slow
def test_one_slip_leads_to_the_word_that_was_meant_or_to_none() -> None:
    lots = random.Random(18)
    for known in (list(PARAMETERS), list(MECHANISMS), list(KINDS), list(LEVERS)):
        words = lots.sample(known, min(len(known), 30))
        tried = [(word, typo) for word in words for typo in _typos(word, lots) if typo not in known]
        found = [(word, typo, nearest(typo, known)) for word, typo in tried]
        assert [one for one in found if one[2] not in (one[0], None)] == []
        assert sum(one[2] is None for one in found) < len(found) / 20


def test_a_beginning_does_not_hide_a_word_that_is_a_slip_away() -> None:
    assert nearest("place", ["places", "place_price"]) is None
    assert nearest("place", ["place_price", "days"]) == "place_price"


def test_a_word_that_is_none_of_them_leads_nowhere() -> None:
    others = ["nothing", "subsidy", "colour", "weeks", "", "a", "price_of_everything", "space", "membership."]
    assert [word for word in others if nearest(word, PARAMETERS)] == []


def test_a_figure_too_many_is_another_name_and_no_slip() -> None:
    assert nearest("TLC19", ["TLC11", "TLC12"]) is None
    assert nearest("region 3", ["region 1", "region 2"]) is None
