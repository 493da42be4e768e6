"""Folders of results for tests: made from tables, and damaged on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

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
