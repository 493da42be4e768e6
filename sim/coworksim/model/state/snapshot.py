"""A world put on disk, read back, or copied: nothing but arrays of numbers and one text of JSON, no pickles.

What agents decide in plain Python is not part of a snapshot: cast them again in the copy.
"""

import copy
import dataclasses
import json
import os
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import fingerprint
from coworksim.model.scenario import Scenario
from coworksim.model.state.build import new_world
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.world import Ledger, Posting, World

_FORMAT: Final = "coworksim world 1"
#: Parts that hold columns, all of them arrays or plain numbers.
_PARTS: Final = ("workers", "spaces", "schemes", "ties", "meetings")
_PLAIN: Final = ("week", "opening", "log_rho")
_ARRAYS: Final = ("frontier", "unmet")


class SnapshotError(ValueError):
    """A file that is no snapshot of this scenario and this code."""


def save(world: World, path: Path) -> None:
    """Write a world to ``path``, whole or not at all."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(world, name) for name in _ARRAYS}
    numbers: dict[str, Any] = {name: getattr(world, name) for name in _PLAIN}
    for part in _PARTS:
        for name in _columns(world, part):
            value = getattr(getattr(world, part), name)
            (arrays if isinstance(value, np.ndarray) else numbers)[f"{part}.{name}"] = value
    text = json.dumps(
        {
            "format": _FORMAT,
            "code": fingerprint(),
            "scenario": world.scenario.digest,
            "run": [int(word) for word in world.run],
            "numbers": numbers,
            "postings": [list(posting) for posting in world.ledger.postings],
        }
    )
    arrays["json"] = np.frombuffer(text.encode(), np.uint8)
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _columns(world: World, part: str) -> tuple[str, ...]:
    """Return the names of the columns of a part."""
    kind: Any = type(getattr(world, part))
    names: tuple[str, ...] = kind._fields if part == "meetings" else kind.__slots__
    return names


def load(path: Path, scenario: Scenario) -> World:
    """Read the world that :func:`save` wrote for the same scenario and code."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
            facts = json.loads(bytes(arrays.pop("json")).decode())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise SnapshotError(f"{path} is not a saved world, or it is damaged; save it again") from error
    if facts.get("format") != _FORMAT:
        raise SnapshotError(f"{path} is not a saved world of this version; save it again")
    if facts["scenario"] != scenario.digest:
        raise SnapshotError(f"{path} was saved from another scenario; load it with the scenario that made it")
    if facts["code"] != fingerprint():
        raise SnapshotError(f"{path} was saved by another version of the code; run the scenario again")
    world = new_world(scenario, 0)
    world.run = (np.uint64(facts["run"][0]), np.uint64(facts["run"][1]))
    values = arrays | facts["numbers"]
    for name in (*_ARRAYS, *_PLAIN):
        setattr(world, name, values[name])
    for part in _PARTS:
        columns = {name: values[f"{part}.{name}"] for name in _columns(world, part)}
        setattr(world, part, type(getattr(world, part))(**columns))
    world.ledger = Ledger()
    for posting in facts["postings"]:
        world.ledger.post(*Posting(*posting))
    return world


def fork(world: World) -> World:
    """Return a copy that goes its own way from here; agents and managers are not copied."""
    parts = {part: copy.deepcopy(getattr(world, part)) for part in (*_PARTS, *_ARRAYS, "ledger", "exchange")}
    behaviours = type(world.behaviours)(world.behaviours.people)
    levers = Levers.none(len(world.regions.names), len(world.spaces))
    return dataclasses.replace(world, **parts, levers=levers, behaviours=behaviours, managers=[], division=None)
