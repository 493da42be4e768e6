"""The manifest of a study's folder: which study, which code, which machine, and how far it is."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from colearn.experiments.errors import StoreError
from colearn.experiments.locking import LOCK
from colearn.experiments.parts import write_whole
from colearn.observe.folders import MANIFEST, OF_RUNS
from colearn.observe.provenance import environment

__all__ = ["accepted", "fresh_manifest", "now", "read_manifest", "write_manifest"]


def now() -> str:
    """The time of day, for people to read: nothing is computed from it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder that holds a study."""
    path = folder / MANIFEST
    try:
        manifest: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StoreError(f"{folder} holds no study: there is no {MANIFEST} in it") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise StoreError(f"{path} is damaged; put back a copy of it, or give another folder") from error
    if not isinstance(manifest, dict) or manifest.get("made_by") != "colearn" or manifest.get("kind") != OF_RUNS:
        raise StoreError(f"{folder} holds other results, not a study; give another folder")
    return manifest


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(folder / MANIFEST, text.encode("utf-8", errors="backslashreplace"))


def fresh_manifest(study: str, code: str, about: Mapping[str, object]) -> dict[str, Any]:
    """The manifest of a study that begins."""
    import psutil

    return {
        "made_by": "colearn",
        "kind": OF_RUNS,
        "study": study,
        "model_version": code,
        **{name: value for name, value in about.items() if name not in ("made_by", "kind", "study", "model_version")},
        "environment": environment(),
        "machine": {"processors": os.cpu_count(), "memory_mb": psutil.virtual_memory().total // 2**20},
        "started": now(),
        "mixed": [],
        "damaged": [],
    }


def accepted(folder: Path, study: str, code: str, about: Mapping[str, object], *, force: bool) -> dict[str, Any]:
    """The manifest to go on with in ``folder``, or a refusal; ``force`` takes what differs, which it then says."""
    if not (folder / MANIFEST).exists():
        foreign = sorted(path.name for path in folder.iterdir() if path.name not in (LOCK, f"{MANIFEST}.tmp"))
        if foreign:
            more = ", ..." if foreign[1:] else ""
            raise StoreError(f"{folder} holds other files ({foreign[0]}{more}) and no study; give another folder")
        return fresh_manifest(study, code, about)
    manifest = read_manifest(folder)
    differs = [("study", "another study", study), ("model_version", "runs of another model", code)]
    for name, what, given in differs:
        if manifest.get(name) == given:
            continue
        if not force:
            raise StoreError(
                f"{folder} holds {what} ({name} {str(manifest.get(name))[:12]}, not {given[:12]}); "
                "give another folder, or --force to add to it all the same, which the manifest will say"
            )
        note = {"at": now(), name: given, "differs_from": manifest.get(name)}
        if not any(old.get(name) == given for old in manifest.get("mixed", [])):
            manifest.setdefault("mixed", []).append(note)
    return manifest
