"""The studies that come with the package: in ``experiments/`` of a checkout, or inside the installed package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from colearn.scenario.problems import Mark, Problems, echo, nearest
from colearn.scenario.registry import BuiltIn, listed

__all__ = ["built_in_studies", "data_file", "find"]


@cache
def _folder() -> Path:
    """Return the folder of studies: the wheel's, else the checkout's."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_experiments", package.parents[1] / "experiments"):
        if (folder / "screening.yaml").is_file():
            return folder
    raise FileNotFoundError("the studies that belong to colearn are missing; install the package again")


def data_file(name: str) -> Path | None:
    """Return a file that lies beside the studies; None where there is none of that name."""
    path = _folder() / name
    return path if path.is_file() else None


@cache
def built_in_studies() -> tuple[BuiltIn, ...]:
    """List the built-in studies by name.

    >>> [study.name for study in built_in_studies()]
    ['factorial-policies', 'one-at-a-time', 'replicates', 'screening', 'sobol-membership', 'sobol-policy']
    """
    return listed(_folder())


def find(name: str, mark: Mark, problems: Problems) -> Path | None:
    """Return the file of the built-in study ``name``; else note at ``mark`` which name comes nearest."""
    paths = {study.name: study.path for study in built_in_studies()}
    if name not in paths:
        close = nearest(name, paths)
        hint = f" (did you mean {close}?)" if close else ""
        write = f"write {', '.join(paths)} or the path of a file that ends in .yaml"
        problems.add(mark, f"no study is called {echo(name)}{hint}", write)
    return paths.get(name)
