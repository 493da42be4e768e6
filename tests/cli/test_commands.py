"""What each command prints, and with which exit code it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from coworksim.cli import commands, machine_commands
from coworksim.files.load import load_scenario
from coworksim.model.mechanisms import WEEK
from coworksim.model.parameters import MECHANISMS, PARAMETERS
from coworksim.model.policies import AWARDS, KINDS
from coworksim.model.policy import LIMITS

type Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(commands, [str(argument) for argument in arguments])


@pytest.mark.slow
def test_run_prints_a_summary_and_leaves_tables(call: Call, tmp_path: Path) -> None:
    done = call("run", "tiny", "--weeks", 4, "--out", "there")
    assert done.exit_code == 0, done.output
    manifest = json.loads((tmp_path / "there" / "manifest.json").read_text(encoding="utf-8"))
    assert f"Digest: {manifest['result_digest']}" in done.stdout
    assert "Results: there" in done.stdout
    assert "people are members at the end" in done.stdout
    assert "\ncommand" not in done.stderr
    assert manifest["command"] == ["coworksim", "run", "tiny", "--weeks", "4", "--out", "there"]
    assert done.stderr == ""  # no terminal, no bar


@pytest.mark.slow
def test_run_keeps_events_and_graph_on_request(call: Call, tmp_path: Path) -> None:
    done = call("run", "tiny", "--weeks", 4, "--out", "there", "--events", "--graph", "--quiet")
    assert (done.exit_code, done.output) == (0, "")
    files = json.loads((tmp_path / "there" / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {"events.csv", "events.parquet", "ties.graphml"} <= set(files)
    assert call("run", "tiny", "--weeks", 4, "--out", "there", "--quiet").exit_code == 0
    assert not list((tmp_path / "there").glob("events.*")) + list((tmp_path / "there").glob("*.graphml"))


@pytest.mark.slow
def test_run_by_default_writes_a_folder_for_each_setting(call: Call, tmp_path: Path) -> None:
    for extra in ((), ("--seed", 2), ("--set", "space.price=120"), ()):
        assert call("run", "tiny", "--weeks", 2, "--quiet", *extra).output == ""
    names = sorted(path.name for path in (tmp_path / "results").iterdir())
    assert len(names) == 3
    assert all(name.startswith("tiny-") and name[-6:] in ("-seed1", "-seed2") for name in names)


def test_run_adds_policies_by_name_and_by_file(call: Call, tmp_path: Path) -> None:
    one = "{name: A, kind: community_grant, hours: 3, hour_price: 2, budget: 9}"
    (tmp_path / "one.yaml").write_text(f"# Why?\nname: one\npolicies: [{one}]\n", encoding="utf-8")
    done = call("run", "tiny", "--weeks", 2, "--out", "there", "--policy", "equipment-grant", "--policy", "one.yaml")
    assert done.exit_code == 0, done.output
    assert "A: 6 GBP paid" in done.stdout  # enough for one week in one space
    saved = load_scenario(tmp_path / "there" / "scenario.yaml")
    assert [policy.name for policy in saved.policies] == ["Equipment grant", "A"]
    refused = call("run", "tiny", "--policy", "equipment-grants")
    assert refused.exit_code == 2
    assert "no policy is called 'equipment-grants' (did you mean equipment-grant?)" in refused.stderr
    listed = json.loads(call("scenario", "policies", "--json").stdout)
    assert {"do-nothing", "equipment-grant"} <= {one["name"] for one in listed}
    assert "do-nothing" in call("scenario", "policies").stdout


def test_run_prints_json_for_programs(call: Call) -> None:
    done = call("run", "tiny", "--weeks", 2, "--json", "--out", "there", "--seed", 0)
    found = json.loads(done.stdout)
    assert (found["seed"], found["weeks"], found["folder"]) == (0, 2, "there")
    assert [place["name"] for place in found["places"]] == [r.name for r in load_scenario("tiny").regions]


@pytest.mark.slow
def test_run_applies_settings(call: Call, tmp_path: Path) -> None:
    done = call(
        "run",
        "tiny",
        "--weeks",
        2,
        "--set",
        "space.price=160 GBP/month",
        "--set",
        "mechanisms.decay=off",
        "--out",
        "there",
        "--charts",
    )
    assert done.exit_code == 0, done.output
    saved = load_scenario(tmp_path / "there" / "scenario.yaml")
    assert saved["space.price"] == 160
    assert saved.mechanisms["decay"] is False
    assert (tmp_path / "there" / "gain-by-channel.svg").exists()


def test_bad_input_ends_with_2_and_says_what_to_write(call: Call, subtests: pytest.Subtests) -> None:
    cases: tuple[tuple[tuple[str, ...], str], ...] = (
        (("run", "tiny", "--set", "space.price"), "write name=value"),
        (("run", "tiny", "--set", "space.price=1", "--set", "space.price=2"), "set twice"),
        (("run", "tiny", "--set", "space.prize=1"), "space.price"),
        (("run", "tiny", "--set", "space.price=-1"), "between 0 and 5000 GBP/month"),
        (("run", "tiny", "--seed", "1", "--set", "seed=2"), "give it once"),
        (("run", "tiny", "--seed", "-1"), "--seed"),
        (("run", "tiny", "--weeks", "0"), "--weeks"),
        (("run", "tiney"), "tiny"),
        (("run", "no.yaml"), "no.yaml"),
        (("run",), "Missing argument"),
        (("dmeo",), "No such command"),
        (("describe", "space.prize"), "did you mean space.price?"),
        (("describe", "space.price", "--week"), "either"),
        (("scenario", "new", "mine.txt"), "mine.txt.yaml"),
        (("scenario", "new", "nowhere/mine.yaml"), "no folder"),
        (("scenario", "diff", "tiny", "nope"), "nope"),
        (("validate",), "Missing argument"),
    )
    for arguments, said in cases:
        with subtests.test(" ".join(arguments)):
            done = call(*arguments)
            assert done.exit_code == 2
            assert said in done.stderr
            assert "Traceback" not in done.output
            assert done.stdout == ""


def test_what_was_typed_is_shown_harmless(call: Call) -> None:
    for arguments in (("run", "\x1b[2Jx"), ("\x1b[2Jx",), ("validate", "\x1b[2Jx"), ("run", "tiny", "--set", "\x1b=1")):
        done = call(*arguments)
        assert done.exit_code == 2
        assert "\x1b" not in done.output
        assert "\\x1b" in done.stderr


def test_a_folder_of_others_is_refused_before_the_run(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "thesis.txt").write_text("mine", encoding="utf-8")
    for command in (("run", "tiny"), ("demo",)):
        with monkeypatch.context() as patch:
            patch.setattr("coworksim.runs.simulation.simulate", None)
            done = call(*command, "--out", "there")
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1
        assert "thesis.txt" in done.stderr
    assert call("run", "tiny", "--weeks", 2, "--out", "there", "--force").exit_code == 0
    assert (tmp_path / "there" / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_validate_tells_every_problem_with_its_place(call: Call, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("# Good?\nextends: tiny\n", encoding="utf-8")
    bad.write_text("# Bad?\nextends: tiny\nweeks: many\nparameters:\n  space.prize: 3\n", encoding="utf-8")
    done = call("validate", "good.yaml", "bad.yaml", "tiny")
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["bad.yaml:3:8", "bad.yaml:5:3"]
    assert "space.price" in lines[1]
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == ["good.yaml", "tiny"]
    assert call("validate", "good.yaml", "--quiet").output == ""


def test_validate_speaks_to_programs(call: Call, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("# Bad?\nextends: tiny\nweeks: many\n", encoding="utf-8")
    done = call("validate", "bad.yaml", "tiny", "--json")
    bad, good = json.loads(done.stdout)
    assert done.exit_code == 2
    assert (bad["valid"], bad["problems"][0]["line"], bad["problems"][0]["column"]) == (False, 3, 8)
    assert (good["valid"], good["problems"], len(good["digest"])) == (True, [], 64)


def test_describe_shows_every_parameter(call: Call) -> None:
    text = call("describe").stdout
    for quantity in PARAMETERS.values():
        assert f"  {quantity.name} = " in text
        assert quantity.meaning in text
        assert quantity.source in text


def test_describe_gives_all_that_is_declared(call: Call) -> None:
    found = json.loads(call("describe", "--json").stdout)
    assert [one["name"] for one in found] == list(PARAMETERS)
    (price,) = json.loads(call("describe", "space.price", "--json").stdout)
    declared = PARAMETERS["space.price"]
    assert (price["default"], price["unit"], price["limits"]) == (
        declared.default,
        declared.unit,
        list(declared.limits),
    )
    assert (price["role"], price["evidence"], price["source"]) == ("lever", "measured", declared.source)
    assert price["sampled"] == list(declared.sampled or ())
    assert "110 to 250" in call("describe", "space.price").stdout
    group = json.loads(call("describe", "membership", "--json").stdout)
    assert {one["name"].split(".")[0] for one in group} == {"membership"}


def test_describe_shows_the_week_that_is_run(call: Call) -> None:
    found = json.loads(call("describe", "--week", "--json").stdout)
    assert [phase["name"] for phase in found] == [phase.name for phase in WEEK] == list(MECHANISMS)
    text = call("describe", "--week").stdout
    assert text.count("\n") == len(WEEK) + 2
    for number, (name, meaning) in enumerate(MECHANISMS.items(), 1):
        assert f"{number:>2}  mechanisms.{name} " in text
        assert meaning in text
        assert found[number - 1]["switch"] == f"mechanisms.{name}"
        assert load_scenario("tiny", {found[number - 1]["switch"]: "off"}).mechanisms[name] is False


def test_describe_shows_how_members_follow_a_price_by_income(call: Call) -> None:
    everybody, *fifths = json.loads(call("describe", "elasticity", "--json").stdout)
    assert round(everybody["third_year"], 3) == PARAMETERS["membership.elasticity"].default
    text = call("describe", "elasticity").stdout
    assert "that of the third year, -0.7, is put in" in text
    for one in (everybody, *fifths):
        assert f"{one['first_year']:.2f}" in text
        assert f"{one['third_year']:.2f}" in text
    assert len(fifths) == 5


def test_describe_shows_rival_forms_and_policies(call: Call) -> None:
    everything = call("describe").stdout
    forms, policies = call("describe", "forms"), call("describe", "policies")
    assert forms.stdout in everything + "\n"
    assert policies.stdout in everything + "\n"
    rivals = [quantity for quantity in PARAMETERS.values() if quantity.choices]
    assert [one["name"] for one in json.loads(call("describe", "forms", "--json").stdout)] == [q.name for q in rivals]
    for rival in rivals:
        assert rival.default == rival.choices[0]  # the text says that the default comes first
        assert " or ".join(rival.choices) in forms.stdout
    found = json.loads(call("describe", "policies", "--json").stdout)
    assert (found["kinds"], found["awards"]) == ({name: kind.meaning for name, kind in KINDS.items()}, dict(AWARDS))
    for name in (*KINDS, *AWARDS, *LIMITS):
        assert f"  {name} " in policies.stdout


def test_help_has_a_line_for_each_example(call: Call) -> None:
    assert "\n  coworksim demo  " in call("--help").stdout
    assert "\n  coworksim trace uk-left-behind  " in call("--help").stdout


def test_scenarios_are_listed_and_shown(call: Call, tmp_path: Path) -> None:
    found = json.loads(call("scenario", "list", "--json").stdout)
    assert {"tiny", "uk-core", "uk-left-behind"} <= {one["name"] for one in found}
    assert all(one["question"].endswith("?") for one in found)
    assert "uk-core" in call("scenario", "list").stdout
    shown = call("scenario", "show", "uk-core").stdout
    (tmp_path / "again.yaml").write_text(shown, encoding="utf-8")
    assert load_scenario(tmp_path / "again.yaml").digest == load_scenario("uk-core").digest
    assert "default" in call("scenario", "show", "uk-core", "--origins").stdout


def test_a_new_scenario_is_ready_to_run_and_overwrites_nothing(call: Call, tmp_path: Path) -> None:
    done = call("scenario", "new", "mine.yaml")
    assert done.exit_code == 0
    assert "coworksim run mine.yaml" in done.stdout
    assert call("validate", "mine.yaml").exit_code == 0
    before = (tmp_path / "mine.yaml").read_bytes()
    again = call("scenario", "new", "mine.yaml")
    assert (again.exit_code, (tmp_path / "mine.yaml").read_bytes()) == (2, before)
    assert "exists" in again.stderr


def test_scenarios_are_compared(call: Call, tmp_path: Path) -> None:
    (tmp_path / "dear.yaml").write_text(
        "# Dear?\nextends: tiny\nstarts: 2024-01-01\nparameters: {space.price: 200}\n", encoding="utf-8"
    )
    text = call("scenario", "diff", "tiny", "dear.yaml").stdout
    assert "space.price" in text
    assert "157 -> 200 GBP/month" in text
    found: list[dict[str, Any]] = json.loads(call("scenario", "diff", "tiny", "dear.yaml", "--json").stdout)
    assert {one["name"] for one in found} == {"space.price", "starts"}
    assert call("scenario", "diff", "tiny", "tiny").stdout == "No difference.\n"


def test_schema_is_a_json_schema(call: Call) -> None:
    schema = json.loads(call("schema").stdout)
    assert "$schema" in schema
    assert "parameters" in schema["properties"]


@pytest.mark.parametrize("command", [(), ("run",), ("experiment", "status")])
def test_help_is_asked_for_in_either_way(command: tuple[str, ...], call: Call) -> None:
    short, long = (call(*command, ask) for ask in ("-h", "--help"))
    assert (short.exit_code, long.exit_code) == (0, 0)
    assert short.stdout == long.stdout
    assert long.stdout.startswith(" ".join(["Usage: commands", *command, "[OPTIONS]"]))


def test_doctor_finds_nothing_wrong_here(call: Call) -> None:
    done = call("doctor")
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("Nothing is wrong.\n")
    found = json.loads(call("doctor", "--json").stdout)
    assert found["fit"] is True
    assert {"python", "packages", "kernels", "cores", "memory", "disk", "results"} <= {
        c["name"] for c in found["checks"]
    }


def test_doctor_says_in_a_sentence_what_is_wrong(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(total=1, available=1))
    done = call("doctor", "--results", "file/results")
    assert done.exit_code == 3
    assert "file cannot be written; give another folder with --out." in done.stdout
    assert "0.0 GB of memory is too little." in done.stdout


@pytest.mark.parametrize(("total", "enough"), [(2**30, True), (2**30 - 1, False)])
def test_a_gigabyte_of_memory_is_enough(total: int, enough: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(total=total, available=2**29))
    found, wrong = machine_commands._memory()
    assert found == "1.0 GB, 0.5 GB of it free"
    assert (wrong == "") is enough


def test_version(call: Call) -> None:
    assert call("--version").stdout.startswith("coworksim ")


@pytest.mark.slow
def test_demo_leaves_tables_and_charts_of_both_regions(call: Call, tmp_path: Path) -> None:
    done = call("demo", "--out", "demo")
    assert done.exit_code == 0, done.output
    calibration, _, findings = done.stdout.partition("Members after three years")
    assert "freelancers under 25,000" in calibration
    assert calibration.startswith("Beside what is known of coworking spaces in the UK. Values were set on 161 spaces")
    assert 5 <= findings.count("\n") <= 16
    assert "A simulation, not a forecast." in done.stdout
    assert done.stdout.rstrip().endswith("Tables and two charts: demo")
    for name in ("uk-left-behind", "uk-core"):
        manifest = json.loads((tmp_path / "demo" / name / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["scenario"]["name"] == name
        assert (tmp_path / "demo" / name / "workers.parquet").exists()
    for chart in ("members-and-skills", "gain-by-channel"):
        assert (tmp_path / "demo" / f"{chart}.svg").stat().st_size > 10_000
        assert (tmp_path / "demo" / f"{chart}.png").stat().st_size > 10_000
    assert load_scenario(tmp_path / "demo" / "uk-core" / "scenario.yaml").weeks == 156


def test_what_is_hardly_meant_is_warned_of_before_a_run_and_refused_with_strict(tmp_path: Path) -> None:
    odd = tmp_path / "odd.yaml"
    odd.write_text(
        "# Q?\ntitle: T\nextends: tiny\nweeks: 2\nmechanisms: {encounters: off}\n"
        "parameters: {encounters.project_share: 0.3}\n",
        encoding="utf-8",
    )
    told = "encounters.project_share is set, and nothing reads it: encounters is off"
    done = CliRunner().invoke(commands, ["run", str(odd), "--quiet", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert f"warning: {odd}:6: {told}" in done.stderr
    assert done.stderr.count(told) == 1
    strict = CliRunner().invoke(commands, ["run", str(odd), "--strict", "--out", str(tmp_path / "never")])
    assert strict.exit_code == 2
    assert told in strict.stderr
    assert not (tmp_path / "never").exists()
    checked = CliRunner().invoke(commands, ["validate", str(odd), "--json"])
    (record,) = json.loads(checked.stdout)
    assert (checked.exit_code, record["valid"], record["warnings"]) == (0, True, [f"{odd}:6: {told}"])
    refused = CliRunner().invoke(commands, ["validate", str(odd), "--json", "--strict"])
    (record,) = json.loads(refused.stdout)
    assert (refused.exit_code, record["valid"]) == (2, False)
