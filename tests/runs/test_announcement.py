"""Before anything is run it is said how many runs there will be, and of what they are made."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.evidence.patterns.untuned import ranges
from coworksim.files.load import load_scenario
from coworksim.model.parameters import PARAMETERS
from coworksim.runs.announcement import will_replace, will_run
from coworksim.runs.batch import Cell
from coworksim.runs.progress import Forecast
from coworksim.runs.run import Run
from coworksim.statistics.factors import factor_of

WORLD = """# What will be run?
title: Four small regions
starts: 2022-11-07
burn_in_weeks: 1
weeks: 2
regions:
  - {like: TLD11, people: 20}
  - {like: TLJ34, people: 20}
  - {like: TLD44, people: 20}
  - {like: TLF21, people: 20}
"""


@pytest.fixture
def world(tmp_path: Path) -> str:
    path = tmp_path / "four.yaml"
    path.write_text(WORLD, encoding="utf-8")
    return str(path)


def cell(name: str, point: int, replicate: int = 0, part: str = "", arm: str = "") -> Cell:
    return Cell(Run(name, 0, {}), part, arm, point, replicate)


def test_parts_are_points_times_options_times_replicates() -> None:
    cells = [cell(f"{p}{a}{k}", p, k, part="draws", arm=a) for p in range(3) for a in "xy" for k in range(2)]
    cells += [cell(f"c{k}", 0, k, part="replicates") for k in range(5)]
    assert (
        will_run(cells, 17) == "To do: 17 runs (draws: 3 points x 2 options x 2 replicates; replicates: 5 replicates)."
    )
    assert will_run(cells, 4).startswith("To do: 17 runs, 13 of them done already (draws")
    many = [cell(f"{p}", p) for p in range(2000)]
    assert will_run(many, 500) == "To do: 2,000 runs, 1,500 of them done already (2,000 points)."


def test_runs_that_are_the_same_and_points_that_cannot_be_do_not_count() -> None:
    cells = [cell("one", 0), cell("one", 1), cell("two", 2), replace_feasible(cell("three", 3))]
    assert will_run(cells, 2) == "To do: 2 runs."
    assert will_run([*cells, cell("four", 0, part="more")], 3) == "To do: 3 runs (2 runs; more: 1 run)."


def replace_feasible(one: Cell) -> Cell:
    return one._replace(feasible=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            ["patterns", "WORLD", "--draws", "1", "--replicates", "1", "--decompose", "1"],
            "To do: 65 runs (draws: 4 options; replicates: 4 options; coalitions: 32 points; surface: 25 points).",
        ),
        (["ablate", "WORLD", "--replicates", "1"], "To do: 21 runs (ablation: 21 options)."),
        (["survey", "WORLD", "--no-trial"], "To do: 1 run."),
        (["sweep", "WORLD", "--vary", "space.price=100:200", "--replicates", "2"], "To do: 8 runs ("),
        (
            ["compare", "WORLD", "--policy", "voucher", "--replicates", "2"],
            "To do: 2 runs, each of 1 option and the baseline from one burn-in: 4 worlds.",
        ),
        (
            ["pilot", "WORLD", "--policy", "voucher", "--replicates", "2", "--set", "weeks=16", "--months", "1"],
            "To do: 2 runs, each of a world with the",
        ),
    ],
)
def test_every_command_says_first_what_it_will_run(
    command: list[str], said: str, world: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [Path(world).name if word == "WORLD" else word for word in command]
    done = CliRunner().invoke(commands, [*words, "--workers", "1", "--out", str(tmp_path / "out")])
    assert done.stderr.startswith(said), (done.stderr, done.exception)


def test_what_draws_replace_is_said_before_they_are_run() -> None:
    factors = [factor_of(PARAMETERS[name]) for name in ("environment.catchment", "space.price", "space.desks")]
    scaled = load_scenario("patterns", {"space.desks": "20"})
    assert will_replace(scaled, factors) == (
        "Draws replace what patterns sets (--set NAME=VALUE holds one): "
        "environment.catchment 240.0 by 400 to 1600 (which leaves it out)."
    )
    assert will_replace(load_scenario("uk-core"), factors) == ""
    relative = [factor for factor in ranges(scaled) if factor.name == "environment.catchment"]
    assert will_replace(scaled, relative).endswith("240.0 by 120 to 480.")  # as the scenario scales its default


@pytest.mark.slow
@pytest.mark.parametrize("command", [["compare", "WORLD", "--policy", "voucher"], ["patterns", "WORLD"]])
def test_draws_in_a_scaled_world_say_what_they_replace(
    command: list[str], world: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small = Path(world).with_name("small.yaml")
    small.write_text(WORLD + "parameters: {environment.noise: 0.2, space.desks: 9 desks}\n", encoding="utf-8")
    words = [small.name if word == "WORLD" else word for word in command]
    more = ["--replicates", "1", "--draws", "6", *(["--decompose", "0"] if "patterns" in words else [])]
    done = CliRunner().invoke(commands, [*words, *more, "--workers", "1", "--out", "out"])
    assert "Draws replace what small sets (--set NAME=VALUE holds one): " in done.stderr
    assert "environment.noise 0.2 by 0 to 0.3" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("silent", ["--quiet", "--json"])
def test_it_is_not_said_where_nobody_reads_it(silent: str, world: str, tmp_path: Path) -> None:
    words = ["ablate", world, "--replicates", "1", "--workers", "1", "--out", str(tmp_path / "out"), silent]
    assert "To do" not in CliRunner().invoke(commands, words).stderr


def test_a_forecast_has_two_figures_of_a_second() -> None:
    told = str(Forecast(runs=1200, workers=1, timed=6, seconds_each=0.123, bytes_each=400.0))
    assert told.startswith("1,200 runs of about 0.12 s by 1 worker: about 2 min 34 s and 0.5 MB on the disk")
