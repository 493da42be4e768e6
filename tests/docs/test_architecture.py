"""The architecture that the documents tell of is that of the code, and the files that they name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_lint import ORDER
from tools.architecture import PACKAGE, architecture_svg, folders, layers

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
#: Documents written by hand; the others are made from the code.
BY_HAND = [ROOT / "README.md", *sorted({*ROOT.glob("*ING.md"), *DOCS.rglob("*.md")} - {DOCS / "ODD.md"})]


def in_tree(text: str) -> list[str]:
    """Return the folders of the package in the tree of the page, as paths from the package."""
    found, above = [], [""]
    for line in text.partition("sim/coworksim/")[2].partition("\nscenarios/")[0].splitlines()[1:]:
        depth = (len(line) - len(line.lstrip())) // 2
        name, told = re.fullmatch(r" *([a-z]+)/ +(\S.*)", line).groups()  # type: ignore[union-attr]  # no match fails
        assert told
        above[depth:] = [f"{above[depth - 1]}{name}/"]
        found.append(above[depth].rstrip("/"))
    return found


def test_every_folder_is_in_the_tree_with_a_line() -> None:
    assert sorted(in_tree((DOCS / "architecture.md").read_text())) == folders()


@pytest.mark.slow
def test_the_picture_is_in_step_with_the_imports() -> None:
    assert (DOCS / "architecture.svg").read_text() == architecture_svg(), "run `make regenerate`"


@pytest.mark.slow
def test_the_layers_of_the_picture_are_those_that_the_rules_hold() -> None:
    assert [sorted(layer) for layer in ORDER if any((PACKAGE / name).is_dir() for name in layer)] == layers()


def named_files(text: str) -> set[str]:
    """Return what looks like a path from the root, in code marks, commands or links to it."""
    return set(re.findall(r"(?<![\w/.])(?:sim|tests|docs|scripts|tools|benchmarks|scenarios)/[\w./-]*\w", text))


def test_every_file_and_link_that_a_document_names_exists() -> None:
    missing = []
    for path in BY_HAND:
        text = re.sub(r"```(diff|console)\n.*?```", "", path.read_text(), flags=re.DOTALL)
        links = [path.parent / target for target in re.findall(r"\]\(([^)#:]+)\)", text)]
        files = [ROOT / name for name in sorted(named_files(text))]
        missing += [f"{path.name}: {found.relative_to(ROOT)}" for found in (*links, *files) if not found.exists()]
    assert missing == []


def test_every_decision_is_in_the_index() -> None:
    index = (DOCS / "decisions/README.md").read_text()
    listed = re.findall(r"\]\(([^)]+\.md)\)", index)
    assert sorted(listed) == sorted(path.name for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md")
