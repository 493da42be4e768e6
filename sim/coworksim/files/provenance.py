"""Which code, which packages and which machine made a result."""

import platform
import sys
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Final

from coworksim.files.built_in import data_folder
from coworksim.model.sources import PACKAGE, imported, trees_hash

#: The packages that a result depends on.
PACKAGES: Final = (
    "mesa",
    "numba",
    "llvmlite",
    "numpy",
    "networkx",
    "pandas",
    "pyarrow",
    "ruamel.yaml",
    "pydantic",
    "click",
    "matplotlib",
    "SALib",
    "psutil",
)

#: What a run consists of: the simulation, and all from the name of a scenario to the values that it reads.
MODEL: Final = ("coworksim.runs.simulation", "coworksim.files.load")


def model_files(measured_by: str = "") -> set[Path]:
    """Return the sources that can change a number of a run, and of what the module ``measured_by`` makes of it.

    Folders are whole, as what lies in them may be found by lying there.
    """
    folders = ("parameters", "state", "mechanisms", "policies")
    whole = (path for name in folders for path in (PACKAGE / "model" / name).rglob("*.py"))
    return {*imported(*MODEL, *([measured_by] if measured_by else [])), *whole}


@cache
def model_version(measured_by: str = "") -> str:
    """SHA-256 over what can change a number of a run, on which ids of runs and folders of studies hang.

    That is what :func:`model_files` do, and the tables of regions; no report, page, docstring, description or test.
    ``measured_by`` is the module of the function that does a run.
    """
    digest = sha256(trees_hash(model_files(measured_by)).encode())
    for table in sorted((data_folder() / "regions").glob("*.csv")):
        digest.update(f"{table.name}\0".encode() + sha256(table.read_bytes()).digest())
    return digest.hexdigest()


@cache
def code_version() -> str:
    """SHA-256 over the package's sources (paths and contents, in order) and over requirements.lock, where there is one.

    It is reported, and nothing is refused for it. The lock lies beside ``sim/`` in a checkout, and nowhere in an
    installed package.
    """
    digest = sha256()
    named = sorted((path.relative_to(PACKAGE).as_posix(), path) for path in PACKAGE.rglob("*.py"))
    lock = PACKAGE.parent.parent / "requirements.lock"
    if lock.is_file() and PACKAGE.parent.name == "sim":
        named.append(("requirements.lock", lock))
    for name, path in named:
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _version(name: str, otherwise: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return otherwise


def own_version() -> str:
    """The version of coworksim that is installed, or ``unknown`` when it runs without having been installed."""
    return _version("coworksim", "unknown")


def version_line() -> str:
    """The version of the package and of its code, as people are told."""
    return f"{own_version()} (code {code_version()[:12]})"


def package_versions() -> dict[str, str]:
    """Version of each package that a result depends on; ``missing`` when it is not installed."""
    return {name: _version(name, "missing") for name in PACKAGES}


def environment() -> dict[str, object]:
    """Interpreter, platform and package versions. No names of people, machines or folders."""
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": package_versions(),
        "coworksim": own_version(),
        "model_version": model_version(),
        "code_version": code_version(),
    }
