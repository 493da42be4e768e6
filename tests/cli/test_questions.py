"""The questions that come with the package: every command of their page names what is there and can be read."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from coworksim.cli import commands
from coworksim.files.built_in import data_folder
from coworksim.files.load import load_scenario
from coworksim.files.policy_reader import read_arms
from coworksim.files.yaml_reader import first_comment
from coworksim.model.policies import KINDS

FOLDER = data_folder() / "questions"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
EVERY = [shlex.split(line) for line in PAGE.splitlines() if line.startswith("    coworksim ")]
COMMANDS = [words for words in EVERY if words[1] == "compare"]


def test_there_are_five_and_each_has_its_report() -> None:
    assert len(COMMANDS) == 5
    for words in COMMANDS:
        assert f"    coworksim report {words[words.index('--out') + 1]}\n" in PAGE


def test_a_command_names_a_scenario_and_arms_that_can_be_read(
    monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    monkeypatch.chdir(data_folder().parent)
    for words in COMMANDS:
        with subtests.test(shlex.join(words)):
            scenario = load_scenario(words[2])
            used = [words[at + 1] for at, word in enumerate(words) if word == "--policy"]
            arms = read_arms(used, scenario)
            assert all(arms.values()) or list(arms)[-1] == "do-nothing"
            own = {path.relative_to(Path.cwd()) for path in (FOLDER / Path(words[2]).stem).glob("*.yaml")}
            assert own <= {Path(path) for path in used}, "an arm that no command uses"


def test_the_command_line_takes_every_command(subtests: pytest.Subtests) -> None:
    for words in EVERY:
        with subtests.test(shlex.join(words)):
            command = commands.get_command(click.Context(commands), words[1])
            assert command is not None
            given = command.make_context(words[1], words[2:], resilient_parsing=False).params
            assert not given.get("budget") or given["equalise_cost"]


def test_the_same_money_is_spent_and_a_pilot_is_told() -> None:
    (same,) = [words for words in COMMANDS if Path(words[2]).stem == "same-money"]
    assert "--equalise-cost" in same
    (pilot,) = [words for words in EVERY if words[1] == "pilot"]
    scenario = load_scenario(data_folder().parent / pilot[2])
    arms = read_arms([str(data_folder().parent / pilot[pilot.index("--policy") + 1])], scenario)
    ((policy,),) = arms.values()
    assert KINDS[policy.kind].is_award, "a lottery is of what one applies for"
    assert f"--pilot {pilot[pilot.index('--out') + 1]}\n" in PAGE


def test_every_file_begins_with_its_question() -> None:
    files = sorted(FOLDER.rglob("*.yaml"))
    first = {path.name: first_comment(path.read_text(encoding="utf-8")) for path in files}
    assert [f"{name}: {said!r}" for name, said in first.items() if not (said and said.endswith("?"))] == []
    assert len(files) > len(COMMANDS)
