"""Files that a scenario names: a path that stays in a folder, and at most as many bytes as may be meant."""

from __future__ import annotations

from pathlib import Path

from colearn.scenario.problems import Mark, Problems, echo, printable

__all__ = ["inside", "read_bytes"]


def inside(folder: Path, value: str) -> bool:
    """Say whether a path, as a scenario file writes it, stays in or below the folder of that file.

    >>> inside(Path("here"), "tables/regions.csv"), inside(Path("here"), "../regions.csv")
    (True, False)
    """
    try:
        stays = (folder / value).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
    return stays and not Path(value).is_absolute() and "\\" not in value


def read_bytes(path: Path, shown: str, asked: Mark, most: int, problems: Problems) -> bytes | None:
    """Read a file, one byte more than ``most`` where it has them; else note at ``asked`` why it cannot be read."""
    try:
        if not path.exists():
            problems.add(asked, f"there is no file {echo(shown, 200)}", "write the path of a file")
            return None
        if not path.is_file():
            problems.add(asked, f"{echo(shown, 200)} is not a file", "write the path of a file")
            return None
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError) as error:
        reason = printable(getattr(error, "strerror", None) or "its name is not one a file can have")
        problems.add(asked, f"{echo(shown, 200)} cannot be read ({reason})", "check name and permissions")
        return None
