"""What a person knows of one plan, for tests."""

from __future__ import annotations

from typing import Any

from coworksim.model.mechanisms.helpers.offers import Offer
from coworksim.model.state.people import HOT


def offer(**known: Any) -> Offer:
    """Return a hot desk that a stranger could have for 30 GBP a week, with what is known of it otherwise."""
    usual = Offer(
        price=30.0,
        income=500.0,
        pound=0.02,
        member=False,
        tenure=0,
        ties=0,
        expected_gain=0.0,
        crowd=0.0,
        km=0.0,
        plan=HOT,
    )
    return usual._replace(**known)
