"""Folders of results for tests: made from tables, and damaged on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from coworksim.files.manifest import MANIFEST, sealed
from coworksim.files.result_folder import published, write_json
from coworksim.files.table_files import write_tables


def folder_of(folder: Path, tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any] | None = None) -> Path:
    """Write a folder of results as every command does: these tables, and a manifest that says ``about``."""
    with published(folder, force=True) as staging:
        write_tables(tables, staging)
        write_json(staging / MANIFEST, dict(about or {}))
    return folder


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return found


def resealed(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what a manifest says, and give it a new seal, as somebody would who means to deceive."""
    manifest = manifest_of(folder)
    change(manifest)
    write_json(folder / MANIFEST, sealed(manifest))


def with_numbers(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what a manifest says, and leave its seal as it was."""
    manifest = manifest_of(folder)
    change(manifest)
    write_json(folder / MANIFEST, manifest)


#: Anything that JSON can say.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(said: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every place of a manifest."""
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    return [*([at] if at else []), *(place for key, value in inner for place in places(value, (*at, key)))]
