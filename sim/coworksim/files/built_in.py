"""What comes with the package: in a checkout in its own folders, in the installed package inside it."""

import shlex
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from coworksim.files.errors import Mark, Problems, echo, nearest, printable
from coworksim.files.yaml_reader import Scalar, Table, decode, first_comment, parse

#: How the place of whatever comes with the package begins; no file of a user's is called so.
OURS: Final = "built-in "


class BuiltIn(NamedTuple):
    """A scenario (or study, or list of policies) that comes with the package, and the question that it answers."""

    name: str
    title: str
    question: str
    path: Path


def is_path(name_or_path: str | Path) -> bool:
    """Say whether this is the path of a file, rather than the name of one that comes with the package."""
    text = str(name_or_path)
    return isinstance(name_or_path, Path) or text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text


def called(name_or_path: str | Path) -> str:
    """Return how messages and origins call a file, so that a user's is never taken for one of the package.

    >>> called("tiny"), called("tiny.yaml"), called("built-in tiny.yaml")
    ('built-in tiny.yaml', 'tiny.yaml', './built-in tiny.yaml')
    """
    text = printable(str(name_or_path))
    if not is_path(name_or_path):
        return f"{OURS}{text}.yaml"
    return f"./{text}" if text.startswith(OURS) else text


def _places(installed: str, checkout: str) -> tuple[Path, Path]:
    """Return the two places where a folder of what comes with the package may lie."""
    package = Path(__file__).resolve().parents[1]
    return package / installed, package.parents[1] / checkout


def _holding(folders: tuple[Path, Path], file: str, missing: str) -> Path:
    """Return the first of two folders that holds ``file``."""
    found = next((folder for folder in folders if (folder / file).is_file()), None)
    if found is None:
        raise FileNotFoundError(missing)
    return found


@cache
def data_folder() -> Path:
    """Return the folder of scenarios and regional tables."""
    missing = "the scenarios that belong to coworksim are missing; install the package again"
    return _holding(_places("_scenarios", "scenarios"), "regions/uk_itl3.csv", missing)


@cache
def _studies_folder() -> Path:
    missing = "the studies that belong to coworksim are missing; install the package again"
    return _holding(_places("_experiments", "experiments"), "screening.yaml", missing)


@cache
def built_ins() -> tuple[BuiltIn, ...]:
    """List the built-in scenarios by name.

    >>> [scenario.title for scenario in built_ins() if scenario.name == "tiny"]
    ['Two very small regions, half a year']
    """
    return listed(data_folder())


@cache
def built_in_policies() -> tuple[BuiltIn, ...]:
    """List the ready-made policies by name."""
    return listed(data_folder() / "policies")


@cache
def built_in_studies() -> tuple[BuiltIn, ...]:
    """List the built-in studies by name.

    >>> [study.name for study in built_in_studies()]
    ['factorial-policies', 'one-at-a-time', 'replicates', 'screening', 'sobol-membership', 'sobol-policy']
    """
    return listed(_studies_folder())


def listed(folder: Path) -> tuple[BuiltIn, ...]:
    """List the YAML files of a folder by name, with title and question; no ``extends`` is followed."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        problems = Problems()
        text = decode(path.read_bytes(), path.name, problems) or ""
        tree = parse(text, path.name, problems)
        entries = tree.entries if isinstance(tree, Table) else ()
        titles = [e.value.text for e in entries if e.key.text in ("title", "name") and isinstance(e.value, Scalar)]
        found.append(BuiltIn(path.stem, titles[0] if titles else path.stem, first_comment(text) or "", path))
    return tuple(found)


def find(
    name: str, mark: Mark, problems: Problems, among: tuple[BuiltIn, ...] | None = None, what: str = "scenario"
) -> Path | None:
    """Return the file of the built-in scenario ``name``; else note at ``mark`` which name comes nearest.

    ``among`` are other things that come with the package, each of them a ``what``.
    """
    paths = {one.name: one.path for one in (built_ins() if among is None else among)}
    if name not in paths:
        close = nearest(name, paths)
        hint = f" (did you mean {close}?)" if close else ""
        write = f"write {', '.join(paths)} or the path of a file that ends in .yaml"
        problems.add(mark, f"no {what} is called {echo(name)}{hint}", write)
    return paths.get(name)


def find_study(name: str, mark: Mark, problems: Problems) -> Path | None:
    """Return the file of the built-in study ``name``; else note at ``mark`` which name comes nearest."""
    return find(name, mark, problems, built_in_studies(), "study")


def data_file(name: str) -> Path | None:
    """Return a file that lies beside the studies; None where there is none of that name."""
    path = _studies_folder() / name
    return path if path.is_file() else None


def install_line(extra: str) -> str:
    """Return the command that installs an optional part from the lock that comes with the package.

    The name alone is not enough: an index may hold another package of that name.

    >>> install_line("pdf").strip("'").rpartition("/")[2]
    'requirements-pdf.lock'
    """
    name = f"requirements-{extra}.lock"
    places = (folder / name for folder in _places("_locks", "."))
    lock = next((path for path in places if path.is_file()), Path(name))
    return shlex.join(["python", "-m", "pip", "install", "--require-hashes", "-r", str(lock)])


def model_description() -> str:
    """Return the ODD+D document as Markdown; ``make regenerate`` makes it from the code."""
    missing = "the description of the model is missing; install coworksim again"
    return (_holding(_places("_docs", "docs"), "ODD.md", missing) / "ODD.md").read_text(encoding="utf-8")
