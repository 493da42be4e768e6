"""Which code, which packages and which machine made a result."""

from __future__ import annotations

import platform
import sys
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Final

__all__ = ["PACKAGES", "code_version", "environment", "own_version", "package_versions"]

#: The packages that a result depends on.
PACKAGES: Final = (
    "mesa", "numba", "llvmlite", "numpy", "networkx", "pandas", "pyarrow", "ruamel.yaml", "pydantic", "click",
    "matplotlib", "SALib", "psutil",
)  # fmt: skip

_PACKAGE: Final = Path(__file__).resolve().parent.parent


@cache
def code_version() -> str:
    """SHA-256 over the package's sources (paths and contents, in order) and over requirements.lock, where there is one.

    The lock lies beside ``sim/`` in a checkout, and nowhere in an installed package.
    """
    digest = sha256()
    sources = sorted(_PACKAGE.rglob("*.py"), key=lambda path: path.relative_to(_PACKAGE).as_posix())
    named = [(path.relative_to(_PACKAGE).as_posix(), path) for path in sources]
    lock = _PACKAGE.parent.parent / "requirements.lock"
    if lock.is_file() and _PACKAGE.parent.name == "sim":
        named.append(("requirements.lock", lock))
    for name, path in named:
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def own_version() -> str:
    """The version of colearn that is installed, or ``unknown`` when it runs without having been installed."""
    try:
        return metadata.version("colearn")
    except metadata.PackageNotFoundError:
        return "unknown"


def package_versions() -> dict[str, str]:
    """Version of each package that a result depends on; ``missing`` when it is not installed."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "missing"
    return versions


def environment() -> dict[str, object]:
    """Interpreter, platform and package versions. No names of people, machines or folders."""
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": package_versions(),
        "colearn": own_version(),
        "code_version": code_version(),
    }
