"""Weekly series of a run, thinned, for the store of a study: one row a kept week and region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from colearn.observe.recorder import COUNTS

if TYPE_CHECKING:
    import pyarrow as pa

    from colearn.observe.results import Result

__all__ = ["thinned"]


def thinned(result: Result, every: int) -> pa.Table:
    """Return ``week, region, people, members, encounters`` of every so many weeks since the opening, the last included.

    >>> from colearn import load_scenario, simulate
    >>> table = thinned(simulate(load_scenario("tiny")), every=10)
    >>> table["week"].to_pylist()[::2], table["people"].to_pylist()[:2]
    ([5, 15, 25], [30.0, 30.0])
    """
    import pyarrow as pa

    record = result.recorder
    weeks = np.arange(record.weeks) + record.first_week - result.model.world.opening
    kept = np.flatnonzero((weeks >= 0) & ((weeks[-1] - weeks) % every == 0))
    counts = record.counts[kept].sum(axis=2)  # over groups of people
    names = [region.name for region in result.scenario.regions]
    return pa.table(
        {
            "week": np.repeat(weeks[kept], len(names)),
            "region": names * len(kept),
            **{
                name: counts[:, :, COUNTS.index(name)].ravel().astype(np.float64)
                for name in ("people", "members", "encounters")
            },
        }
    )
