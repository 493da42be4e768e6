"""The bench world: as many regions of 500 workers with one busy space as are asked for."""

from __future__ import annotations

import tempfile
from pathlib import Path

from coworksim.files.load import load_scenario
from coworksim.files.uk_regions import real_regions
from coworksim.model.model import CoworkingModel
from coworksim.model.scenario import Scenario
from tests.docking.harness import people_of
from tests.reference.model import PlainModel

__all__ = ["PEOPLE", "bench_scenario", "product_and_peer", "state"]

PEOPLE = 500
SETTINGS: dict[str, object] = {
    "membership.appeal": 1.6,
    "awareness.at_opening": 0.5,
    "social_learning.theta_sc": 0.3,
    "resource_learning.theta_td": 0.6,
}


def bench_scenario(workers: int, without: tuple[str, ...] = ()) -> Scenario:
    """Return a scenario of ``workers`` workers in regions of at most 500, real ones in the order of their codes.

    Every mechanism is on but those in ``without``.
    """
    codes = sorted(real_regions())
    sizes = [min(PEOPLE, workers - start) for start in range(0, workers, PEOPLE)]
    regions = "\n".join(
        f"  - {{name: R{number}, like: {codes[number % len(codes)]}, people: {size}, spaces: 1}}"
        for number, size in enumerate(sizes)
    )
    head = "# How fast is a week?\ntitle: bench\nextends: uk-core"
    text = f"{head}\nburn_in_weeks: 4\nmarket: new\nweeks: 156\nregions:\n{regions}\n"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.yaml"
        file.write_text(text)
        return load_scenario(file, overrides={**SETTINGS, **{f"mechanisms.{name}": False for name in without}})


def product_and_peer(workers: int) -> tuple[CoworkingModel, PlainModel]:
    """Return the product, and its plain twin drawing from Mesa's own generator, both from the same people."""
    scenario = bench_scenario(workers)
    model = CoworkingModel(scenario)
    return model, PlainModel(scenario, people_of(model.world), draws="mesa")


def state(model: CoworkingModel) -> dict[str, float]:
    """Say how busy the world is: member share, ties per worker, encounters per member-week."""
    world = model.world
    members = int((world.workers.member_of >= 0).sum())
    return {
        "member share": members / len(world.workers),
        "ties per worker": 2 * len(world.ties) / len(world.workers),
        "encounters per member-week": 2 * int(world.spaces.meetings.sum()) / max(1, members),
    }
