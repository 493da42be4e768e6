"""Before anything is run it is said how many runs there will be, and of what they are made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.evidence.patterns.untuned import ranges
from coworksim.files.load import load_scenario
from coworksim.model.parameters import PARAMETERS
from coworksim.model.weeks import Weeks
from coworksim.runs.announcement import will_replace, will_run
from coworksim.runs.batch import Cell
from coworksim.runs.progress import Forecast
from coworksim.runs.run import Run
from coworksim.statistics.factors import factor_of
from tests.evidence.survey.worlds import SHORT, text

WORLD = """# What will be run?
title: Four small regions
starts: 2022-11-07
burn_in_weeks: 1
market: new
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
    assert will_run(cells, 4).endswith("replicates: 5 replicates). Of the runs 13 are done already.")
    many = [cell(f"{p}", p) for p in range(2000)]
    assert will_run(many, 500) == "To do: 2,000 runs (2,000 points). Of the runs 1,500 are done already."


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
        (["ablate", "WORLD", "--replicates", "1"], "To do: 22 runs (ablation: 22 options)."),
        (["survey", "WORLD", "--no-trial"], "To do: 1 run."),
        (["survey", "WORLD"], "To do: 1 run, each of a world and 2 trials in copies of it: 3 worlds."),
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
    first = next(line for line in done.stderr.splitlines() if not line.startswith("warning: "))
    assert first.startswith(said), (done.stderr, done.exception)


PAIRS = """# What do vouchers bring?
title: Vouchers
scenario: four.yaml
vary: [membership.churn]
method: one_at_a_time
replicates: 2
arms: [{name: without, policies: []}, subsidy-50]
outcomes: [public_cost_gbp]
"""
CASE = """# Is the order of policies without effect?
name: Order
world: {scenario: tiny, settings: {weeks: 16}}
replicates: 2
policies:
  - {name: one, kind: membership_subsidy, share: 0.5, months: 1, start: 0, end: 4, budget: 2000 GBP}
expect: [same in any order]
"""
SHORTER = [word for name, value in SHORT.items() for word in ("--set", f"{name}={value}")]
#: So that enough people apply for a lottery.
EAGER = {"membership.appeal": 4, "schemes.hassle": 10, "awareness.unprompted": 0.2, "weeks": 28}
EAGERLY = [word for name, value in EAGER.items() for word in ("--set", f"{name}={value}")]
#: An award that ends half a year before the horizon, in a world whose people hear of it and want it.
EAGER_PEOPLE = "parameters: {membership.appeal: 4.0, schemes.hassle: 0 GBP, awareness.unprompted: 0.5}\n"
ENDS = """# What remains of a month of help?
policies: [{name: h, kind: membership_subsidy, share: 0.5, months: 1, start: 0, end: 4, budget: 9000 GBP, lag: 0}]
"""
PILOT = ["pilot", "surveyed.yaml", "--policy", "voucher", "--replicates", "2", *EAGERLY, "--months", "1"]
COUNTED = {
    "survey": ["survey", "surveyed.yaml", "--replicates", "2", *SHORTER],
    "survey without trials": ["survey", "surveyed.yaml", "--no-trial", *SHORTER],
    "sweep": ["sweep", "four.yaml", "--vary", "space.price=100:200", "--replicates", "2"],
    "scan": ["scan", "four.yaml"],
    "ablate": ["ablate", "four.yaml", "--replicates", "1"],
    "patterns": ["patterns", "four.yaml", "--draws", "2", "--replicates", "1", "--decompose", "0"],
    "compare": ["compare", "four.yaml", "--policy", "voucher", "--replicates", "2"],
    "compare to the rival": ["compare", "longer.yaml", "--policy", "short.yaml", "--replicates", "3"],
    "without the rival": ["compare", "longer.yaml", "--policy", "short.yaml", "--replicates", "3", "--no-rival"],
    "draws": ["compare", "four.yaml", "--policy", "voucher", "--replicates", "2", "--draws", "6"],
    "pairs": ["experiment", "run", "pairs.yaml"],
    "lottery": [*PILOT, "--window", "20"],
    "phased": [*PILOT, "--design", "phased"],
    "cases": ["check", "case.yaml"],
    "demo": ["demo"],
}


@pytest.mark.slow
@pytest.mark.parametrize("what", COUNTED)
def test_as_many_worlds_are_simulated_as_was_said_before_the_first(
    what: str, world: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A world counts that lives after the opening; those that share a burn-in are forked there."""
    monkeypatch.chdir(tmp_path)
    Path("pairs.yaml").write_text(PAIRS, encoding="utf-8")
    Path("case.yaml").write_text(CASE, encoding="utf-8")
    Path("surveyed.yaml").write_text(text(), encoding="utf-8")
    Path("longer.yaml").write_text(WORLD.replace("weeks: 2\n", "weeks: 40\n") + EAGER_PEOPLE, encoding="utf-8")
    Path("short.yaml").write_text(ENDS, encoding="utf-8")
    lived: list[Weeks] = []
    step = Weeks.step

    def counted(model: Weeks) -> None:
        if model.world.week >= model.world.opening and not any(one is model for one in lived):
            lived.append(model)
        step(model)

    monkeypatch.setattr(Weeks, "step", counted)
    alone = [] if what in ("cases", "demo") else ["--workers", "1"]
    done = CliRunner().invoke(commands, [*COUNTED[what], *alone])
    assert done.exit_code == 0, (done.stderr, done.exception)
    assert said_of(done.stderr) == len(lived), done.stderr
    assert ("what remains by taste in place of habit" in done.stderr) is (what == "compare to the rival")


def said_of(stderr: str) -> int:
    """Add up what sentences say will be simulated."""
    lines = [line for line in stderr.splitlines() if line.startswith(("To do: ", "The picture of ties: "))]
    assert lines
    return sum(int((re.findall(r"([\d,]+) worlds?", line) or re.findall(r"([\d,]+) runs?", line))[0]) for line in lines)


@pytest.mark.slow
def test_what_is_done_already_is_said_of_every_kind_of_command(world: str, tmp_path: Path) -> None:
    words = [
        "compare",
        world,
        "--policy",
        "voucher",
        "--replicates",
        "2",
        "--workers",
        "1",
        "--out",
        str(tmp_path / "o"),
    ]
    assert "done already" not in CliRunner().invoke(commands, words).stderr
    again = CliRunner().invoke(commands, [*words, "--force"])
    assert "4 worlds. Of the runs 2 are done already." in again.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["sweep", "small.yaml", "--vary", "environment.demand", "--replicates", "1", "--workers", "1"],
        ["experiment", "run", "study.yaml", "--workers", "1"],
        ["scan", "small.yaml", "--set", "space.desks=3", "--workers", "1"],
    ],
)
def test_whatever_varies_says_first_what_it_replaces(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(WORLD + "parameters: {environment.demand: 2.0}\n", encoding="utf-8")
    study = "# Does it move?\ntitle: Move\nscenario: small.yaml\nmethod: morris\nsize: 2\noutcomes: [member_share]\n"
    Path("study.yaml").write_text(study + "vary: [environment.demand, membership.churn]\n", encoding="utf-8")
    done = CliRunner().invoke(commands, command)
    first, second, *_ = done.stderr.splitlines()
    more = "; space.desks 3 (1 to 7)" if "scan" in command else ""
    assert first == f"Values vary around what small sets: environment.demand 2 (1.4 to 2.8){more}."
    assert second.startswith("To do: ")


def test_what_draws_are_around_is_said_before_they_are_run() -> None:
    scaled = load_scenario("patterns", {"space.desks": "20"})
    names = ("environment.catchment", "space.price", "space.desks")
    factors = [one for one in ranges(scaled, ["space.desks"]) if one.name in names]
    assert will_replace(scaled, factors) == (
        "Draws are around what patterns sets (--set NAME=VALUE holds one): environment.catchment 240 (120 to 480)."
    )
    assert will_replace(load_scenario("uk-core"), ranges(load_scenario("uk-core"))) == ""


def test_what_ranges_of_the_users_own_replace_is_said_apart() -> None:
    scaled = load_scenario("patterns", {"space.price": 100.0})
    names = ("environment.catchment", "space.desks", "space.price")
    around = [one for one in ranges(scaled) if one.name == "environment.catchment"]
    written = [factor_of(PARAMETERS[name], (50, 200)) for name in names[1:]]
    assert will_replace(scaled, [*around, *written], drawn=False) == (
        "Values vary around what patterns sets: environment.catchment 240 (120 to 480).\n"
        "Ranges replace what patterns sets: space.desks 24 by 50 to 200; space.price 100.0 by 50 to 200."
    )


@pytest.mark.slow
@pytest.mark.parametrize("command", [["compare", "WORLD", "--policy", "voucher"], ["patterns", "WORLD"]])
def test_draws_in_a_scaled_world_say_what_they_are_around(
    command: list[str], world: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small = Path(world).with_name("small.yaml")
    small.write_text(WORLD + "parameters: {space.desks: 9 desks}\n", encoding="utf-8")
    words = [small.name if word == "WORLD" else word for word in command]
    more = ["--replicates", "1", "--draws", "6", *(["--decompose", "0"] if "patterns" in words else [])]
    done = CliRunner().invoke(commands, [*words, *more, "--workers", "1", "--out", "out"])
    assert "Draws are around what small sets (--set NAME=VALUE holds one): " in done.stderr
    assert "space.desks 9 (4 to 21)" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("silent", ["--quiet", "--json"])
def test_it_is_not_said_where_nobody_reads_it(silent: str, world: str, tmp_path: Path) -> None:
    words = ["ablate", world, "--replicates", "1", "--workers", "1", "--out", str(tmp_path / "out"), silent]
    assert "To do" not in CliRunner().invoke(commands, words).stderr


def test_a_forecast_has_two_figures_of_a_second() -> None:
    told = str(Forecast(runs=1200, workers=1, timed=6, seconds_each=0.123, bytes_each=400.0))
    assert told.startswith("1,200 runs of about 0.12 s by 1 worker: about 2 min 34 s and 0.5 MB on the disk")
