"""One single run, week by week, to look at: where a sample of people are, and how many are members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["SAMPLE", "frames"]

#: People that are drawn: every so-manieth, in the order of rows.
SAMPLE: Final = 600
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def frames(given: Mapping[str, Any]) -> dict[str, Any]:
    """Run one world with the policies of one arm (replicate 0) and return what is drawn of each week.

    ``where`` has a sign for each person of the sample: a dot outside, or the letter of the space; ``paid`` a 1 for
    those of whose fee a part was paid this week. ``members`` and ``paid_people`` count everybody.
    """
    import numpy as np

    from colearn.appraisal.pairs import burnt_in, forked
    from colearn.scenario import Policy, Scenario

    scenario = Scenario.model_validate(given["scenario"])
    policies = tuple(Policy.model_validate(one) for one in given["policies"])
    model = forked(burnt_in(scenario, int(given["seed"]), 0), policies)
    world = model.world
    people = len(world.workers)
    rows = np.arange(0, people, max(1, -(-people // SAMPLE)))
    weeks, before, opened = [], world.workers.supported.copy(), world.spaces.open.copy()
    for _ in range(scenario.weeks):
        model.step()
        space, total = world.workers.member_of, world.workers.supported
        paid = total > before
        before = total.copy()
        opened |= world.spaces.open
        weeks.append(
            {
                "where": "".join("." if at < 0 else _LETTERS[at % len(_LETTERS)] for at in space[rows].tolist()),
                "paid": "".join("1" if one else "0" for one in paid[rows].tolist()),
                "members": int(np.count_nonzero(space >= 0)),
                "paid_people": int(np.count_nonzero(paid)),
            }
        )
    regions = world.spaces.region.tolist()
    spaces = {_LETTERS[at % len(_LETTERS)]: world.regions.names[regions[at]] for at in np.flatnonzero(opened).tolist()}
    return {"people": people, "sample": len(rows), "weeks": weeks, "spaces": spaces, "title": scenario.title}
