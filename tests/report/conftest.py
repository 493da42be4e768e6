"""What tests of the report share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

_CHARTS = (
    "effect_charts.difference",
    "effect_charts.levels",
    "effect_charts.forest",
    "effect_charts.groups",
    "effect_charts.channels",
    "appraisal_charts.plane",
    "ties_and_tiles.tiles",
    "ties_and_tiles.network",
)


@pytest.fixture
def undrawn() -> Iterator[None]:
    """Keep captions and texts of charts, and leave the drawing itself to other tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coworksim.report.html.illustrations.Illustration.uri", "data:,")
        for chart in _CHARTS:
            patch.setattr(f"coworksim.report.html.illustrations.{chart}", lambda *_, **__: None)
        patch.setattr("coworksim.report.html.studies_beside.pattern_shares", lambda *_, **__: None)
        yield
