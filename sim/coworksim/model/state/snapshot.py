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
from coworksim.model.state.memory import give_back
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers, Schemes
from coworksim.model.state.rng import forget_draws
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.ties import Meetings, Ties
from coworksim.model.state.world import Behaviours, Ledger, Posting, World

type Arrays = dict[str, NDArray[Any]]
type Facts = dict[str, Any]

_FORMAT: Final = "coworksim world 2"
#: Parts that hold columns, all of them arrays or plain numbers.
_PARTS: Final[dict[str, Any]] = {
    "workers": Population,
    "spaces": Spaces,
    "schemes": Schemes,
    "ties": Ties,
    "meetings": Meetings,
}
_PLAIN: Final = ("week", "opening", "start", "log_rho")
_ARRAYS: Final = ("frontier", "weights")


class SnapshotError(ValueError):
    """A file that is no snapshot of this scenario and this code."""


def parted(world: World) -> tuple[Arrays, Facts]:
    """Return all that a world is beside its scenario: arrays by name, and what JSON can hold. Nothing is copied."""
    arrays: Arrays = {name: getattr(world, name) for name in _ARRAYS}
    numbers: Facts = {name: getattr(world, name) for name in _PLAIN}
    for part, kind in _PARTS.items():
        for name in _columns(kind):
            value = getattr(getattr(world, part), name)
            (arrays if isinstance(value, np.ndarray) else numbers)[f"{part}.{name}"] = value
    postings = [list(posting) for posting in world.ledger.postings]
    return arrays, {"run": [int(word) for word in world.run], "numbers": numbers, "postings": postings}


def joined(scenario: Scenario, arrays: Arrays, facts: Facts) -> World:
    """Return the world of a scenario that :func:`parted` took apart; it takes the arrays, and copies none."""
    forget_draws()
    give_back()
    values, regions = arrays | facts["numbers"], Regions.of(scenario)
    parts = {part: kind(**{name: values[f"{part}.{name}"] for name in _columns(kind)}) for part, kind in _PARTS.items()}
    ledger = Ledger()
    for posting in facts["postings"]:
        ledger.post(*Posting(*posting))
    return World(
        scenario=scenario,
        run=(np.uint64(facts["run"][0]), np.uint64(facts["run"][1])),
        regions=regions,
        levers=Levers.none(len(regions.names), len(parts["spaces"])),
        behaviours=Behaviours(len(parts["workers"])),
        ledger=ledger,
        **parts,
        **{name: values[name] for name in (*_ARRAYS, *_PLAIN)},
    )


def _columns(kind: Any) -> tuple[str, ...]:
    """Return the names of the columns of a part."""
    names: tuple[str, ...] = kind._fields if kind is Meetings else kind.__slots__
    return names


def save(world: World, path: Path) -> None:
    """Write a world to ``path``, whole or not at all."""
    arrays, facts = parted(world)
    about = {"format": _FORMAT, "code": fingerprint(), "scenario": world.scenario.digest}
    arrays["json"] = np.frombuffer(json.dumps(about | facts).encode(), np.uint8)
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


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
    return joined(scenario, arrays, facts)


def fork(world: World) -> World:
    """Return a copy that goes its own way from here; agents and managers are not copied."""
    parts = {part: copy.deepcopy(getattr(world, part)) for part in (*_PARTS, *_ARRAYS, "exchange")}
    ledger = Ledger(world.ledger.postings.copy(), world.ledger.balances.copy())  # nobody changes a posting
    behaviours = type(world.behaviours)(world.behaviours.people)
    levers = Levers.none(len(world.regions.names), len(world.spaces))
    return dataclasses.replace(
        world, **parts, ledger=ledger, levers=levers, behaviours=behaviours, managers=[], division=None
    )
