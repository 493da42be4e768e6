"""What tests of the report share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

_CHARTS = (
    "over_time.difference",
    "over_time.levels",
    "bars.forest",
    "bars.groups",
    "bars.channels",
    "plane.plane",
    "tiles.tiles",
    "network.network",
)


@pytest.fixture
def undrawn() -> Iterator[None]:
    """Keep captions and texts of charts, and leave the drawing itself to other tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coworksim.report.html.illustrations.Illustration.uri", "data:,")
        for chart in _CHARTS:
            patch.setattr(f"coworksim.report.html.illustrations.{chart}", lambda *_, **__: None)
        patch.setattr("coworksim.report.html.pattern_part.pattern_shares", lambda *_, **__: None)
        yield
