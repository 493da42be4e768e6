"""The three commands on a world of four small regions: tables, resuming, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.evidence.patterns.declaration import ABLATIONS, HYPOTHESES, NULLS
from coworksim.evidence.patterns.hypotheses import _same
from coworksim.evidence.patterns.pattern_runs import as_variant, world_of
from coworksim.evidence.patterns.patterns import Patterns, run_ablation, run_patterns
from coworksim.evidence.patterns.untuned import ratios_of
from coworksim.files.load import load_scenario
from coworksim.runs.simulation import simulate

WORLD = """# Do the commands run?
title: Four small regions
starts: 2022-11-07
burn_in_weeks: 2
market: new
weeks: 8
regions:
  - {like: TLD11, people: 30}
  - {like: TLJ34, people: 30}
  - {like: TLD44, people: 30}
  - {like: TLF21, people: 30}
parameters:
  space.desks: 10 desks
  space.size_sd: 0
  space.size_by_place: 0
  membership.appeal: 3
"""


@pytest.fixture
def world(tmp_path: Path) -> str:
    path = tmp_path / "four.yaml"
    path.write_text(WORLD)
    return str(path)


@pytest.mark.slow
def test_a_folder_goes_on_and_gives_what_one_go_gives(world: str, tmp_path: Path) -> None:
    def patterns(draws: int, replicates: int, place: str) -> Patterns:
        folder = tmp_path / place
        return run_patterns(world, {}, draws=draws, replicates=replicates, decompose=0, folder=folder, workers=1)

    first, more, fresh = patterns(2, 1, "a"), patterns(3, 2, "a"), patterns(3, 2, "b")
    assert more.batch.digest == fresh.batch.digest != first.batch.digest
    assert len(more.batch.runs) == 4 * (3 + 2)
    pd.testing.assert_frame_equal(more.shares, fresh.shares)
    kept = more.batch.runs.set_index("run_id")["seconds"]
    assert (first.batch.runs.set_index("run_id")["seconds"] == kept.loc[first.batch.runs["run_id"]]).all()


def test_nulls_do_to_the_world_what_they_say(world: str, tmp_path: Path) -> None:
    found = run_patterns(world, {}, draws=0, replicates=2, decompose=0, folder=tmp_path / "runs", workers=1)
    silent = found.batch.done("replicates", "no learning")
    values = silent[[name for name in silent if ".space.value" in str(name) and not str(name).startswith("E6")]]
    assert np.nan_to_num(values.to_numpy(float)).tolist() == np.zeros(values.shape).tolist()


#: Every draw has constants of utility then.
SOLVABLE = ("--set", "membership.persistence=habit")


@pytest.mark.slow
def test_commands_print_tables_and_write_whole_folders(world: str, tmp_path: Path) -> None:
    runner = CliRunner()
    for name, arguments in {
        "patterns": [
            "patterns",
            world,
            "--set",
            "membership.persistence=habit",
            "--draws",
            "2",
            "--replicates",
            "2",
            "--decompose",
            "0",
        ],
        "ablate": ["ablate", world, "--replicates", "2"],
        "contrast": ["contrast", "gap-closing", "partner-anchored", "--scenario", world, "--draws", "20"],
    }.items():
        folder = tmp_path / name
        done = runner.invoke(commands, [*arguments, "--workers", "1", "--json", "--quiet", "--out", str(folder)])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["runs"]["done"] >= 16
        manifest = json.loads((folder / "analysis" / "manifest.json").read_text())
        assert manifest["complete"]
        assert any(file.endswith(".svg") for file in manifest["files"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["patterns", "tiny"], "1 left-behind regions and 1 others"),
        (["patterns", "tiny", "--draws", "-1"], "0<=x"),
        (["contrast", "gap-closng", "novelty"], "did you mean gap-closing?"),
        (["contrast", "novelty", "novelty"], "is given twice; name two different forms"),
        (["contrast", "novelty"], "stands alone"),
        (["contrast", "partner-anchored", "no-cognitive-distance"], "are the same world in patterns"),
        (["ablate", "no-such-world"], "no-such-world"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_written(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(commands, arguments)
    assert done.exit_code == 2
    assert words in done.output
    assert list(tmp_path.iterdir()) == []


def test_the_forms_are_listed_with_what_they_say() -> None:
    done = CliRunner().invoke(commands, ["contrast"])
    assert done.exit_code == 0
    assert all(form.says in done.output for form in HYPOTHESES.values())


def test_every_form_makes_the_world_that_it_names(subtests: pytest.Subtests) -> None:
    for form in (*NULLS.values(), *HYPOTHESES.values(), *ABLATIONS.values()):
        with subtests.test(form.name):
            scenario = world_of({"scenario": "patterns", **as_variant(form, {})})
            switches = {f"mechanisms.{name}": on for name, on in scenario.mechanisms.items()}
            known = {**scenario.values, **switches}
            assert {name: known[name] for name in form.settings} == dict(form.settings)
            assert len(scenario.policies) == len(form.policies or ())
            if form.ratios is not None:
                gaps = {field: gap for field, gap in ratios_of(scenario).items() if abs(gap) > 1e-9}
                assert gaps == pytest.approx(dict(form.ratios))


def test_of_two_rivals_each_acts_alone() -> None:
    one, other = "novelty", "pipelines"
    assert not _same(HYPOTHESES[one], HYPOTHESES[other], load_scenario("patterns"))
    differing = {key for key, value in HYPOTHESES[one].settings.items() if HYPOTHESES[other].settings[key] != value}
    assert len(differing) == 2, "what one has the other has not"
    nobody = HYPOTHESES["neither-of-two"].settings
    for name in (one, other):
        assert sum(HYPOTHESES[name].settings[key] != nobody[key] for key in nobody) == 1


def test_provision_reaches_spaces_of_left_behind_regions_alone(world: str) -> None:
    spaces = simulate(world_of({"scenario": world, **as_variant(HYPOTHESES["provision"], {})})).spaces
    last = spaces[(spaces["week"] == spaces["week"].max()) & spaces["open"]].groupby("region", observed=True)
    offered = last["equipment_hours_offered"].first().tolist()
    assert min(offered[:2]) > max(offered[2:])


@pytest.mark.slow
def test_what_carries_a_pattern_is_found(world: str, tmp_path: Path) -> None:
    """Without hours nobody learns by hours: E2 in the space is gone; E1 stays."""
    found = run_ablation(world, {"weeks": 26}, replicates=3, folder=tmp_path / "x", workers=1)
    at = found.table.set_index(["pattern", "place", "off"])["share"]
    assert at["E2", "space", "as declared"] > 0.5
    assert at["E2", "space", "social_learning + resource_learning"] == 0.0
    assert at["E1", "space", "social_learning"] == 0.0
