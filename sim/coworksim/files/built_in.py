"""The scenarios that come with the package: in ``scenarios/`` of a checkout, or inside the installed package.

The studies that come with the package: in ``experiments/`` of a checkout, or inside the installed package.
"""

from __future__ import annotations

import shlex
from functools import cache
from pathlib import Path
from typing import NamedTuple

from coworksim.files.errors import Mark, Problems, echo, nearest
from coworksim.files.yaml_reader import Scalar, Table, decode, first_comment, parse


class BuiltIn(NamedTuple):
    """A scenario (or study, or list of policies) that comes with the package, and the question that it answers."""

    name: str
    title: str
    question: str
    path: Path


@cache
def data_folder() -> Path:
    """Return the folder of scenarios and regional tables: the wheel's, else the checkout's."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_scenarios", package.parents[1] / "scenarios"):
        if (folder / "regions" / "uk_itl3.csv").is_file():
            return folder
    raise FileNotFoundError("the scenarios that belong to coworksim are missing; install the package again")


@cache
def built_ins() -> tuple[BuiltIn, ...]:
    """List the built-in scenarios by name.

    >>> [scenario.title for scenario in built_ins() if scenario.name == "tiny"]
    ['Two very small regions, half a year']
    """
    return listed(data_folder())


@cache
def built_in_policies() -> tuple[BuiltIn, ...]:
    """List the ready-made policies by name.

    >>> [one.name for one in built_in_policies()][:3]
    ['cluster-programme', 'college-places', 'community-manager']
    """
    return listed(data_folder() / "policies")


def listed(folder: Path) -> tuple[BuiltIn, ...]:
    """List the YAML files of a folder by name, with title and question."""
    return tuple(_built_in(path) for path in sorted(folder.glob("*.yaml")))


def _built_in(path: Path) -> BuiltIn:
    """Read only what a list needs, following no ``extends``."""
    problems = Problems()
    text = decode(path.read_bytes(), path.name, problems) or ""
    tree = parse(text, path.name, problems)
    entries = tree.entries if isinstance(tree, Table) else ()
    titles = [e.value.text for e in entries if e.key.text in ("title", "name") and isinstance(e.value, Scalar)]
    return BuiltIn(path.stem, titles[0] if titles else path.stem, first_comment(text) or "", path)


def find(
    name: str, mark: Mark, problems: Problems, among: tuple[BuiltIn, ...] | None = None, what: str = "scenario"
) -> Path | None:
    """Return the file of the built-in scenario ``name``; else note at ``mark`` which name comes nearest.

    ``among`` are other things that come with the package, each of them a ``what``.

    >>> problems = Problems()
    >>> find("uk-cor", Mark("command line"), problems)
    >>> problems.listed()[0].message.partition(";")[0]
    "no scenario is called 'uk-cor' (did you mean uk-core?)"
    """
    paths = {one.name: one.path for one in (built_ins() if among is None else among)}
    if name not in paths:
        close = nearest(name, paths)
        hint = f" (did you mean {close}?)" if close else ""
        write = f"write {', '.join(paths)} or the path of a file that ends in .yaml"
        problems.add(mark, f"no {what} is called {echo(name)}{hint}", write)
    return paths.get(name)


@cache
def _folder() -> Path:
    """Return the folder of studies: the wheel's, else the checkout's."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_experiments", package.parents[1] / "experiments"):
        if (folder / "screening.yaml").is_file():
            return folder
    raise FileNotFoundError("the studies that belong to coworksim are missing; install the package again")


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


def find_study(name: str, mark: Mark, problems: Problems) -> Path | None:
    """Return the file of the built-in study ``name``; else note at ``mark`` which name comes nearest."""
    return find(name, mark, problems, built_in_studies(), "study")


def install_line(extra: str) -> str:
    """Return the command that installs an optional part from the lock that comes with the package.

    The name alone is not enough: an index may hold another package of that name.

    >>> install_line("pdf").strip("'").rpartition("/")[2]
    'requirements-pdf.lock'
    """
    package = Path(__file__).resolve().parents[1]
    name = f"requirements-{extra}.lock"
    places = (package / "_locks" / name, package.parents[1] / name)
    lock = next((path for path in places if path.is_file()), Path(name))
    return shlex.join(["python", "-m", "pip", "install", "--require-hashes", "-r", str(lock)])


def model_description() -> str:
    """Return the ODD+D document that comes with the package, as Markdown; ``make regenerate`` makes it from the
    code.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_docs", package.parents[1] / "docs"):
        if (folder / "ODD.md").is_file():
            return (folder / "ODD.md").read_text(encoding="utf-8")
    raise FileNotFoundError("the description of the model is missing; install coworksim again")
