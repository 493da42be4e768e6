"""What the README shows is run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from coworksim.cli import commands as cli
from coworksim.files.built_in import built_in_policies, built_in_studies, built_ins
from coworksim.files.load import load_scenario

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_scenario_example_loads(tmp_path: Path) -> None:
    (example,) = blocks("yaml")
    (tmp_path / "my.yaml").write_text(example)
    scenario = load_scenario(tmp_path / "my.yaml")
    assert scenario.regions[0].code == "TLC13"
    assert scenario["space.price"] == 78


#: Those that take a second or two are run, the others parsed.
RUN = ("scenario", "validate", "describe")


def commands_of(text: str) -> list[list[str]]:
    """Return the commands of coworksim in blocks and in code marks, as words."""
    lines = re.findall(r"^(?:\$ )?(?:\.venv/bin/)?coworksim +(.+)$", text, re.MULTILINE)
    lines += re.findall(r"`coworksim ([^`]+)`", text)
    return [shlex.split(line, comments=True) for line in lines]


def parse(words: list[str]) -> None:
    """Let click read a command and all its options, and do nothing. Raises click.ClickException."""
    command: click.Command = cli
    while isinstance(command, click.Group) and words:
        name, *words = words
        found = command.get_command(click.Context(command), name)
        if found is None:
            raise click.UsageError(f"no command {name}")
        command = found
    command.make_context(command.name, list(words), resilient_parsing=not words)


def test_every_command_in_a_document_is_one() -> None:
    wrong = []
    for path in DOCUMENTS:
        for words in commands_of(path.read_text()):
            try:
                parse(words)
            except click.ClickException as error:
                wrong.append(f"{path.name}: coworksim {' '.join(words)}: {error.format_message()}")
    assert wrong == []


def test_a_wrong_command_is_seen() -> None:
    for words in (["rnu", "tiny"], ["run", "tiny", "--sed", "1"], ["run", "tiny", "--seed", "x"]):
        with pytest.raises(click.ClickException):
            parse(words)


def test_quick_commands_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    quick = [words for words in commands_of(README) if words[0] in RUN]
    assert len(quick) > len(RUN)
    for words in quick:
        assert CliRunner().invoke(cli, words).exit_code == 0, words


def test_every_target_of_make_in_a_document_is_one() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {(path.name, target) for path in DOCUMENTS for target in re.findall(r"`make ([a-z-]+)", path.read_text())}
    assert {(name, target) for name, target in named if target not in targets} == set()


def test_scenarios_and_policies_of_the_readme_are_there() -> None:
    known = {one.name for one in (*built_ins(), *built_in_policies(), *built_in_studies())}
    named = re.findall(r"--policy ([\w-]+)|coworksim (?:run|compare|pilot|survey|scan|sweep|trace) ([\w-]+)", README)
    assert {name for pair in named for name in pair if name} <= known
