"""What pictures of a comparison are made of: it agrees with the terms, and a new space takes from the others."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.appraisal.measures import MONTH, Pair, terms
from coworksim.appraisal.replicate import channels, levels_by_week, same_spaces
from tests.appraisal.worlds import easy, pair, scheme


@pytest.fixture(scope="module")
def opened() -> Pair:
    """A world in which a space is opened at public cost, beside the same without it."""
    space = scheme(kind="resource_grant", share=None, months=None, lag=4, new_spaces=1, budget=100_000_000)
    return pair(easy(), space)


def test_what_spaces_of_both_worlds_lose_and_what_others_have_make_the_additional_membership(opened: Pair) -> None:
    alone = opened.there.open & ~opened.here.open
    assert alone.any()
    there = float((opened.there.members * alone).sum()) / MONTH
    here = float((opened.here.members * (opened.here.open & ~opened.there.open)).sum()) / MONTH
    lost = same_spaces(opened)["same_spaces_lost_member_months"]
    assert there > 0.0
    assert terms(opened)["additional_member_months"] == pytest.approx(there - here - lost)
    assert lost > 0.0


def test_channels_are_means_over_the_people_at_the_horizon(opened: Pair) -> None:
    found = channels(opened)
    assert len(found) == 2 * 7 * 3
    gained = sum(value for name, value in found.items() if name.startswith("channel\ttd") and name.endswith("change"))
    skill = 100.0 * float(opened.there.last["td"].mean() - opened.here.last["td"].mean())
    assert gained == pytest.approx(skill, abs=1e-9)


def test_levels_differ_by_the_paired_difference(opened: Pair) -> None:
    levels = levels_by_week(opened)
    assert np.allclose(levels["members_with"] - levels["members_without"], opened.weekly("members"))
    assert np.allclose((levels["td_with"] - levels["td_without"]) * opened.people / 100.0, opened.weekly("td"))
