"""What is hashed is frozen: salts to the byte, lists of columns by version."""

from __future__ import annotations

import json
from hashlib import sha256

import numpy as np
import pytest

from coworksim import simulate
from coworksim.model.hashed import CHART_SALT, DIGEST_COLUMNS, DIGEST_VERSION, HASHED_TYPES, RUN_SALT, STUDY_SALT
from coworksim.model.recorder import COUNTS, MEASURES, SPACE_COLUMNS
from coworksim.model.state import rng
from coworksim.model.state.people import Population
from coworksim.model.state.ties import Ties
from coworksim.runs import run_tables
from coworksim.statistics.design import run_seed
from tests.worlds import busy

#: SHA-256 of the hashed names of each version.
PINNED = {
    1: "706cd91af5cba7f16acd9be482a1c191e5b65336ef8b7f2056dd934d79b67a7d",
    2: "9727dea62f13e8a139880e685ffecde20f6010b189a63d2de1174c9681d471e7",
    3: "472d6966a30f20d32bab204e45a954c7c3b5d6ea0d39d9ebe722c4e0b33f81ac",
}


def test_salts_keep_their_bytes() -> None:
    """Written as numbers, so that no search for a name finds them."""
    assert RUN_SALT.encode() == bytes.fromhex("636f6c6561726e2072756e")
    assert STUDY_SALT.encode() == bytes.fromhex("636f6c6561726e207374756479")
    assert CHART_SALT.encode() == bytes.fromhex("636f6c6561726e")


def test_keys_and_seeds_are_those_of_the_salts() -> None:
    assert [int(word) for word in rng.run_key(1, 2)] == [0xD0043107E38BBD57, 0x1156F89439287279]
    assert run_seed(1, 2) == 4_817_775_270_968_177_664


def test_a_version_hashes_the_columns_that_it_has_always_hashed() -> None:
    names = json.dumps({part: list(columns) for part, columns in DIGEST_COLUMNS.items()})
    assert sha256(names.encode()).hexdigest() == PINNED[DIGEST_VERSION], (
        "what a digest is taken over has changed; put it back, or raise the version as "
        "docs/decisions/frozen-digests-and-salts.md says"
    )


def test_every_column_of_today_is_in_the_digest_or_named_here() -> None:
    """A new column is left out on purpose, not by mistake."""
    today = {"counts": COUNTS, "sums": MEASURES, "spaces": SPACE_COLUMNS, "people": Population.__slots__}
    left_out: dict[str, set[str]] = {"counts": set(), "sums": set(), "spaces": set(), "people": {"cluster"}}
    for part, names in today.items():
        assert set(names) - set(DIGEST_COLUMNS[part].values()) == left_out[part], part


def test_rows_of_people_and_ties_are_in_the_order_of_keys() -> None:
    world = simulate(busy(weeks=30)).model.world
    keys, ties = world.workers.key.astype(np.int64), world.ties
    one, other = (keys[side[: len(ties)]] for side in (ties.source, ties.target))
    assert (np.diff(keys) > 0).all()
    assert len(ties) > 100
    assert (one < other).all()
    assert (np.diff(one << 32 | other) > 0).all()


def test_the_order_in_which_ties_are_kept_is_not_hashed() -> None:
    result = simulate(busy(weeks=4))
    before, ties = result.digest, result.model.world.ties
    i = int(np.diff(ties.source_start).argmax())
    mine = slice(*ties.source_start[i : i + 2].tolist())
    for side in (ties.target, ties.weight, ties.last):
        side[mine] = side[mine][::-1].copy()
    assert ties.target[mine][0] > ties.target[mine][-1]
    vars(result).pop("digest")
    assert result.digest == before
    ties.weight[0] += 2**-40
    vars(result).pop("digest")
    assert result.digest != before


@pytest.mark.parametrize("part", list(DIGEST_COLUMNS))
def test_the_digest_sees_the_order_of_columns(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = simulate(busy(weeks=4))
    before = result.digest
    turned = {**DIGEST_COLUMNS, part: dict(reversed(list(DIGEST_COLUMNS[part].items())))}
    monkeypatch.setattr(run_tables, "DIGEST_COLUMNS", turned)
    vars(result).pop("digest")
    assert result.digest != before


def test_a_new_name_in_the_code_moves_no_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    result = simulate(busy(weeks=4))
    before = result.digest
    monkeypatch.setattr(Population, "pay", property(lambda people: people.income), raising=False)
    monkeypatch.setattr(Ties, "lower", property(lambda ties: ties.source), raising=False)
    renamed = {"people": {"income": "pay"}, "ties": {"one": "lower"}}
    today = {part: {**columns, **renamed.get(part, {})} for part, columns in DIGEST_COLUMNS.items()}
    monkeypatch.setattr(run_tables, "DIGEST_COLUMNS", today)
    vars(result).pop("digest")
    assert result.digest == before


def test_columns_are_hashed_in_the_type_that_they_had_at_first() -> None:
    """Whole numbers are kept in less room than when digests were first taken."""
    world = simulate(busy(weeks=4)).model.world
    first: dict[str, np.dtype[np.generic]] = {"last": np.dtype(np.int32)}
    for name in ("tenure", "member_weeks", "days_total", "encounters", "outside_met", "partners_new", "waiting"):
        first[name] = np.dtype(np.int64)
        assert getattr(world.workers, DIGEST_COLUMNS["people"][name]).dtype == np.int32
    assert {name: np.dtype(of) for name, of in HASHED_TYPES.items()} == first
