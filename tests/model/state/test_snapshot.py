"""Saving, loading and forking a world."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coworksim import CoworkingModel
from coworksim.model.state.snapshot import SnapshotError
from tests.worlds import busy


def digest(model: CoworkingModel) -> list[bytes]:
    world = model.world
    columns = [getattr(world.workers, name) for name in world.workers.__slots__]
    return [np.ascontiguousarray(column).tobytes() for column in columns] + [repr(world.ledger.postings).encode()]


def test_a_loaded_world_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    model = CoworkingModel(busy())
    model.run_for(25)
    model.save(tmp_path / "world.npz")
    loaded = CoworkingModel.load(tmp_path / "world.npz", busy())
    assert digest(loaded) == digest(model)
    for each in (model, loaded):
        each.run_for(13)
    assert digest(loaded) == digest(model)
    assert [p.name for p in tmp_path.iterdir()] == ["world.npz"]


def test_a_fork_goes_its_own_way() -> None:
    model = CoworkingModel(busy())
    model.run_for(20)
    before = digest(model)
    one, other = model.fork(), model.fork()
    one.run_for(10)
    assert digest(model) == before
    other.run_for(10)
    assert digest(one) == digest(other) != before
    model.run_for(10)
    assert digest(model) == digest(one)


def test_a_file_of_another_scenario_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    model = CoworkingModel(busy())
    model.save(tmp_path / "world.npz")
    with pytest.raises(SnapshotError, match="another scenario"):
        CoworkingModel.load(tmp_path / "world.npz", busy(**{"space.desks": 9}))
    content = (tmp_path / "world.npz").read_bytes()
    (tmp_path / "torn.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(SnapshotError, match="damaged"):
        CoworkingModel.load(tmp_path / "torn.npz", busy())
    (tmp_path / "text.npz").write_text("no world")
    with pytest.raises(SnapshotError, match="not a saved world"):
        CoworkingModel.load(tmp_path / "text.npz", busy())
