"""The three commands on a world of four small regions: tables, resuming, refusals."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.evidence.patterns.ablation import ablation_batch, run_ablation
from coworksim.evidence.patterns.hypotheses import contrast_batch
from coworksim.evidence.patterns.pattern_runs import for_form, world_of
from coworksim.evidence.patterns.patterns import Asked, patterns_batch, run_patterns
from coworksim.evidence.patterns.region_contrast import ratios_of
from coworksim.evidence.patterns.variants import ABLATIONS, NULLS, RIVALS, Form
from coworksim.runs.batch import Limits
from coworksim.runs.simulation import simulate

HERE = Limits(workers=1)
WORLD = """# Do the commands run?
title: Four small regions
starts: 2022-11-07
burn_in_weeks: 2
weeks: 8
regions:
  - {like: TLD11, people: 30}
  - {like: TLJ34, people: 30}
  - {like: TLD44, people: 30}
  - {like: TLF21, people: 30}
parameters:
  space.desks: 10 desks
  membership.constant: -1
"""


@pytest.fixture
def world(tmp_path: Path) -> str:
    path = tmp_path / "four.yaml"
    path.write_text(WORLD)
    return str(path)


@pytest.mark.slow
def test_a_folder_goes_on_and_gives_what_one_go_gives(world: str, tmp_path: Path) -> None:
    batch = patterns_batch(world, {}, 1)
    first = run_patterns(batch, Asked(2, 1, 0), tmp_path / "a", HERE)
    more = run_patterns(batch, Asked(3, 2, 0), tmp_path / "a", HERE)
    fresh = run_patterns(batch, Asked(3, 2, 0), tmp_path / "b", HERE)
    assert more.held.digest == fresh.held.digest != first.held.digest
    assert len(more.held.runs) == 4 * (3 + 2)
    pd.testing.assert_frame_equal(more.shares, fresh.shares)
    kept = more.held.runs.set_index("run_id")["seconds"]
    assert (first.held.runs.set_index("run_id")["seconds"] == kept.loc[first.held.runs["run_id"]]).all()


def test_nulls_do_to_the_world_what_they_say(world: str, tmp_path: Path) -> None:
    found = run_patterns(patterns_batch(world, {}, 1), Asked(0, 2, 0), tmp_path / "runs", HERE)
    silent = found.held.done("replicates", "no learning")
    values = silent[[name for name in silent if ".space.value" in str(name) and not str(name).startswith("E6")]]
    assert np.nan_to_num(values.to_numpy(float)).tolist() == np.zeros(values.shape).tolist()


@pytest.mark.slow
def test_commands_print_tables_and_write_whole_folders(world: str, tmp_path: Path) -> None:
    runner = CliRunner()
    for name, arguments in {
        "patterns": ["patterns", world, "--draws", "2", "--replicates", "2", "--decompose", "0"],
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
        (["contrast", "novelty", "novelty"], "no rival of itself"),
        (["contrast", "novelty"], "stands alone"),
        (["contrast", "partner-anchored", "cognitive-distance"], "are the same world in patterns"),
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
    assert all(form.says in done.output for form in RIVALS.values())


@pytest.mark.parametrize("form", [*NULLS.values(), *RIVALS.values(), *ABLATIONS.values()], ids=lambda form: form.name)
def test_every_form_makes_the_world_that_it_names(form: Form) -> None:
    scenario = world_of({"scenario": "patterns", **for_form(form, {})})
    switches = {f"mechanisms.{name}": on for name, on in scenario.mechanisms.items()}
    assert all({**scenario.values, **switches}[name] == value for name, value in form.settings.items())
    assert len(scenario.policies) == len(form.policies or ())
    if form.ratios is not None:
        gaps = {field: gap for field, gap in ratios_of(scenario).items() if abs(gap) > 1e-9}
        assert gaps == pytest.approx(dict(form.ratios))


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(["novelty", "pipelines", "application"], 2)))
def test_of_three_rivals_each_acts_alone(one: str, other: str) -> None:
    contrast_batch("patterns", RIVALS[one], RIVALS[other], {}, 1)  # refuses two that make the same world
    differing = {key for key, value in RIVALS[one].settings.items() if RIVALS[other].settings[key] != value}
    assert len(differing) == 2, "what one has the other has not"
    nobody = RIVALS["none-of-three"].settings
    assert sum(RIVALS[one].settings[key] != nobody[key] for key in nobody) == 1


def test_provision_reaches_spaces_of_left_behind_regions_alone(world: str) -> None:
    spaces = simulate(world_of({"scenario": world, **for_form(RIVALS["provision"], {})})).spaces
    last = spaces[(spaces["week"] == spaces["week"].max()) & spaces["open"]].groupby("region", observed=True)
    offered = last["equipment_hours_offered"].first().tolist()
    assert min(offered[:2]) > max(offered[2:])


@pytest.mark.slow
def test_what_carries_a_pattern_is_found(world: str, tmp_path: Path) -> None:
    """Without hours nobody learns by hours: E2 in the space is gone; E1 stays."""
    found = run_ablation(ablation_batch(world, {"weeks": 26}, 1), 3, tmp_path / "x", HERE)
    at = found.table.set_index(["pattern", "place", "off"])["share"]
    assert at["E2", "space", "as declared"] > 0.5
    assert at["E2", "space", "social_learning + resource_learning"] == 0.0
    assert at["E1", "space", "social_learning"] == 0.0
