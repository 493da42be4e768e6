"""Beside an appraisal: shares of patterns, what each hinges on, and the inputs that move the outcomes of a study."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest

from coworksim import load_scenario
from coworksim.evidence.patterns.declaration import MEASURES
from coworksim.evidence.patterns.untuned import ranges, ranges_hash
from coworksim.model.parameters import PARAMETERS
from coworksim.report.html import report
from coworksim.report.html.studies_beside import (
    FILES,
    MEASURED,
    Study,
    own_patterns,
    pattern_picture,
    read_patterns,
    sensitivity_table,
)
from coworksim.report.sentences.pattern_drivers import PatternTables, drivers, measured_where
from scripts import keep_patterns
from tests.folders import folder_of
from tests.report.html.made import made
from tests.report.html.walk import breaches

E1 = {"pattern": "E1", "place": "space"}


def shares() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "part": "draws",
                "pattern": p,
                "place": "space",
                "form": form,
                "n": 40,
                "shown": k,
                "share": k / 40,
                "low": k / 50,
                "high": min(1.0, k / 30),
            }
            for p, k in (("E1", 37), ("E3b", 18))
            for form in ("as declared", "placebo")
        ]
    )


def ablation(void: tuple[str, ...] = (), **off: tuple[float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                **E1,
                "pattern": pattern,
                "off": name.replace("_and_", " + ").replace("as_declared", "as declared"),
                "n": 24,
                "shown": 0,
                "share": share,
                "low": low,
                "high": high,
                "defined": 0 if (name in void and pattern == "E1") or name == "membership" else 24,
            }
            for pattern in ("E1", "E5")
            for name, (share, low, high) in off.items()
        ]
    )


def deciding(inputs_above: int, **direction: float) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                **E1,
                "input": name.replace("__", "."),
                "above": True,
                "inputs_above": inputs_above,
                "inputs": 100,
                "direction": value,
            }
            for name, value in direction.items()
        ]
    )


def halves(less: float, more: float) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                **E1,
                "field": "outside_access",
                "left_behind_has": side,
                "n": 200,
                "share": share,
                "low": share - 0.06,
                "high": share + 0.06,
            }
            for side, share in (("less", less), ("more", more))
        ]
    )


def told(**tables: pd.DataFrame) -> str:
    return drivers(PatternTables({"shares": shares(), **tables}), "E1", "space").plain()


NONE, SOME = (0.0, 0.0, 0.14), (0.5, 0.31, 0.69)


def test_mechanisms_without_which_a_pattern_is_shown_clearly_less_or_more_often() -> None:
    text = told(
        ablation=ablation(
            as_declared=SOME,
            encounters=NONE,
            social_learning=(0.04, 0.01, 0.2),
            decay=(0.6, 0.4, 0.78),
            income=(0.9, 0.75, 0.97),
            encounters_and_decay=NONE,
        )
    )
    assert text == (
        "shown by 0 % (0 to 14) of runs without encounters, 4 % (1 to 20) of runs without social learning, "
        "90 % (75 to 97) of runs without income, by 50 % (31 to 69) with all on"
    )


def test_that_only_members_are_members_is_no_finding() -> None:
    rows = ablation(as_declared=SOME, membership=NONE).assign(pattern="E6i", defined=24)
    found = PatternTables({"shares": shares(), "ablation": rows})
    assert drivers(found, "E6i", "space").plain() == "nothing stands out from chance"


def test_mechanisms_without_which_there_is_nothing_to_measure() -> None:
    """Without encounters there is no slope on them, but others can be measured; without members there is nobody."""
    text = told(ablation=ablation(("encounters",), as_declared=SOME, encounters=NONE, membership=NONE))
    assert text == "nothing to measure without encounters"


def test_an_environment_whose_sign_decides() -> None:
    assert told(halves=halves(0.57, 0.39)) == (
        "57 % (51 to 63) of draws where left-behind regions have less outside access, 39 % (33 to 45) where more"
    )
    assert told(halves=halves(0.5, 0.45)) == "nothing stands out from chance"


def test_inputs_count_only_where_there_are_more_of_them_than_by_chance() -> None:
    moved = {"decay__skill": 0.4, "encounters__rate": -0.2, "space__price": 0.1}
    assert told(deciding=deciding(9, **moved)) == (
        "rises with decay.skill, falls with encounters.rate (9 of 100 inputs above the noise floor)"
    )
    assert told(deciding=deciding(6, **moved)) == "nothing stands out from chance"


def test_what_was_not_measured_is_not_called_chance() -> None:
    assert told() == "–"


def test_what_comes_with_coworksim_is_of_these_ranges_or_says_that_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of ranges asks for new measurement: coworksim patterns, coworksim ablate, scripts/keep_patterns.py."""
    found = own_patterns()
    assert found.about is not None
    inputs = set(found.about["inputs"])
    today = ranges_hash(one for one in ranges(load_scenario("patterns")) if one.name in inputs)
    said = "Measured over other ranges than are drawn today."
    for told in (today, found.about["ranges_hash"], "an older one"):
        lines = measured_where(replace(found, about={**found.about, "ranges_hash": told}))
        assert any(line.plain().startswith(said) for line in lines) is (told != today)
    wider = replace(PARAMETERS["decay.skill"], sampled=(0.001, 0.05))
    changed = MappingProxyType({**PARAMETERS, "decay.skill": wider})
    monkeypatch.setattr("coworksim.evidence.patterns.untuned.PARAMETERS", changed)
    lines = measured_where(replace(found, about={**found.about, "ranges_hash": today}))
    assert any(line.plain().startswith(said) for line in lines)


def test_what_comes_with_coworksim_is_whole() -> None:
    found = own_patterns()
    assert found.about is not None
    assert set(found.of) == set(FILES)
    for name, every in (("shares", True), ("ablation", True), ("deciding", False)):
        there = set(zip(found.of[name]["pattern"], found.of[name]["place"], strict=True)) - {("all", "space")}
        assert there == set(MEASURES) if every else there <= set(MEASURES)
    assert found.of["shares"].query("part == 'draws'")["n"].max() >= 400
    text = json.dumps(found.about)
    assert "/" not in text, "no folder of the machine on which it was measured"


def test_a_swept_parameter_that_came_later_is_named_beside_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    found = own_patterns()
    assert found.about is not None
    before = [one.plain() for one in measured_where(found)]
    (already,) = [one for one in before if one.startswith("Measured before ")]
    count, names = already.removeprefix("Measured before ").split(" parameters were added: ")
    more = {name: replace(PARAMETERS["decay.skill"], name=name) for name in ("decay.new", "decay.newer")}
    monkeypatch.setattr("coworksim.evidence.patterns.untuned.PARAMETERS", MappingProxyType({**PARAMETERS, **more}))
    after = [one.plain() for one in measured_where(found)]
    assert [one for one in after if not one.startswith("Measured before ")] == [one for one in before if one != already]
    (said,) = [one for one in after if one.startswith("Measured before ")]
    listed = names.removesuffix(". What that changes, they do not say.")
    assert said.startswith(f"Measured before {int(count) + 2} parameters were added: {listed}, decay.new, decay.newer.")


def test_a_report_tells_of_patterns_without_being_given_any(undrawn: None) -> None:
    text = report(made())
    assert "Measured beforehand on a scenario of its own" in text
    assert "What it hinges on" in text
    assert "Mechanisms were switched off at the scenario's own values." in text.replace("&#39;", "'")
    assert breaches(text) == []


def test_a_run_that_is_given_takes_its_place(undrawn: None, tmp_path: Path) -> None:
    folder_of(tmp_path, {"shares": shares(), "halves": halves(0.57, 0.39)})
    text = report(made(), read_patterns(tmp_path))
    assert '<span class="fact">37</span> of <span class="fact">40</span>' in text
    assert "Measured beforehand" not in text
    assert "E3b encounter slope steeper elsewhere, in the space" in text
    assert "are shown by clearly more untuned draws" in text
    assert "of draws where left-behind regions have less" in text
    assert breaches(text) == []


def test_what_was_measured_is_kept_without_the_folders_it_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "one" / "analysis", tmp_path / "other"
    about: dict[str, Any] = {
        "scenario": {"name": "patterns"},
        "ranges_hash": "1f",
        "ranges": [["decay.skill", 0.005, 0.05, []]],
        "environment": {"code_version": "abc"},
        "runs": {},
        "digest": "2e",
    }
    for folder, command in (
        (one, ["coworksim", "patterns", "patterns", "--out", str(one), "--draws", "9"]),
        (other, ["coworksim", "ablate", "patterns"]),
    ):
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps({**about, "command": command}), encoding="utf-8")
    shares().to_parquet(one / "shares.parquet")
    halves(0.57, 0.39).to_parquet(one / "halves.parquet")
    deciding(9, decay__skill=0.4).to_parquet(one / "deciding.parquet")
    ablation(as_declared=(0.5, 0.31, 0.69)).assign(half_width=0.1).to_parquet(other / "ablation.parquet")
    monkeypatch.setattr(keep_patterns, "TARGET", tmp_path / MEASURED)
    keep_patterns.keep([one, other])
    monkeypatch.setattr("coworksim.report.html.studies_beside.data_file", lambda name: tmp_path / name)
    found = own_patterns()
    assert found.about is not None
    assert found.about["commands"] == ["coworksim patterns patterns --draws 9", "coworksim ablate patterns"]
    assert set(found.of) == set(FILES)
    assert drivers(found, "E1", "space").plain().endswith("9 of 100 inputs above the noise floor)")


def index(outcome: str, name: str, value: float, above: bool | None = True, **more: str | float) -> dict[str, object]:
    return {
        "arm": "scenario",
        "outcome": outcome,
        "input": name,
        "measure": "ST",
        "value": value,
        "low": None,
        "high": None,
        "above": above,
        **more,
    }


def test_inputs_above_the_floor_stand_by_outcome_the_greatest_first() -> None:
    rows = [
        index("y_b", "small", 0.1),
        index("y_b", "great", 0.5),
        index("y_b", "noise", 0.9, above=False),
        index("y_b", "dummy", 0.99),
        index("y_b", "other", 0.7, arm="arm-1"),
        index("y_b", "alone", 0.8, measure="S1"),
        index("y_a", "none", 0.3, above=None),
    ]
    table = sensitivity_table(Study(pd.DataFrame(rows), None))
    assert table is not None
    assert [[cell.plain() for cell in row] for row in table.rows] == [
        ["y b"],
        ["great", "0.5 (no interval)", "larger than chance alone"],
        ["small", "0.1 (no interval)", "larger than chance alone"],
        ["y a"],
        ["no input", "–", "none is larger than chance alone"],
    ]
    assert sensitivity_table(Study(pd.DataFrame(rows)[:0], None)) is None


def test_not_zero_and_larger_than_chance_are_two_statements_and_no_share_is_more_than_all() -> None:
    rows = [
        index("y", "larger", 0.4, low=0.3, high=1.2),
        index("y", "beyond", 1.75, low=0.9, high=2.6),
        index("y", "beside", 0.6, low=0.01, high=0.9, above=False),
        index("y", "nothing", 0.01, low=-0.01, high=0.03, above=False),
    ]
    table = sensitivity_table(Study(pd.DataFrame(rows), None))
    assert table is not None
    assert [[cell.plain() for cell in row] for row in table.rows[1:]] == [
        [
            "beyond",
            "not given: the estimate lies outside what a share can be, by sampling error",
            "larger than chance alone",
        ],
        ["larger", "0.4 (0.3 to 1)", "larger than chance alone"],
        ["beside", "0.6 (0.01 to 0.9)", "not zero, but not larger than chance alone"],
    ]


def test_where_no_pattern_was_measured_there_is_no_picture() -> None:
    assert pattern_picture(PatternTables({"shares": shares()})) is not None
    assert pattern_picture(PatternTables({"shares": shares()[:0]})) is None
