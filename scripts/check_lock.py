"""Check, offline, that all locks are in step with pyproject.toml: `python scripts/check_lock.py`."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


class Pin(NamedTuple):
    """One entry of the lock: `name==version ; marker` and how many hashes it carries."""

    requirement: Requirement
    version: str
    hashes: int


def pins(lock: str) -> list[Pin]:
    """Read the entries of a lock. Raises ValueError for an entry that is not pinned with `==`."""
    entries = re.sub(r"^\s*#.*$", "", lock, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [_pin(entry) for entry in entries if entry.strip()]


def _pin(entry: str) -> Pin:
    head, *hashes = entry.split("--hash=")
    requirement = Requirement(head.strip())
    found = re.fullmatch(r"==([^*,]+)", str(requirement.specifier))
    if not found:
        raise ValueError(f"{head.strip()!r} is not pinned with ==")
    return Pin(requirement, found[1], len(hashes))


def direct_requirements(pyproject: str, extra: str = "") -> list[Requirement]:
    """All that pyproject.toml asks for by name: to run, and to build and develop, or for an extra."""
    table = tomllib.loads(pyproject)
    more = table["project"]["optional-dependencies"][extra] if extra else table["dependency-groups"]["dev"]
    build = [] if extra else table["build-system"]["requires"]
    return [Requirement(text) for text in (*build, *table["project"]["dependencies"], *more)]


def locks(pyproject: str) -> dict[str, str]:
    """File of each lock and the extra it is for; the main one is for none."""
    extras = tomllib.loads(pyproject)["project"].get("optional-dependencies", {})
    return {"requirements.lock": "", **{f"requirements-{extra}.lock": extra for extra in extras}}


def problems(pyproject: str, lock: str, extra: str = "") -> Iterator[str]:
    """One sentence for each way in which the lock fails pyproject.toml; none when they are in step."""
    for number, line in enumerate(lock.splitlines(), start=1):
        option = line.strip().startswith("-") and not HASH.match(line.strip())
        if "://" in line or option:
            yield f"line {number} holds an address or an option, which belongs to one machine: {line.strip()}"
            return
    try:
        locked = pins(lock)
    except ValueError as error:
        yield str(error)
        return
    yield from (f"{pin.requirement.name} has no hash" for pin in locked if not pin.hashes)
    for wanted in direct_requirements(pyproject, extra):
        name = canonicalize_name(wanted.name)
        versions = [pin.version for pin in locked if canonicalize_name(pin.requirement.name) == name]
        if not versions:
            yield f"{wanted} is asked for by pyproject.toml and not locked"
        for version in versions:
            if not wanted.specifier.contains(version, prereleases=True):
                yield f"{wanted} is asked for by pyproject.toml and locked as {version}"


def main() -> int:
    """Print every problem; 0 when there is none, else 1."""
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = [
        f"{name}: {problem}"
        for name, extra in locks(pyproject).items()
        for problem in problems(pyproject, (ROOT / name).read_text(encoding="utf-8"), extra)
    ]
    for problem in found:
        print(f"{problem}; run `make lock`.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
