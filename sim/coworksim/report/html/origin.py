"""Where a report comes from: the command that makes it again, versions, and the data themselves."""

from __future__ import annotations

import shlex
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from coworksim.appraisal.result import Appraisal
from coworksim.files.result_folder import as_csv
from coworksim.files.scenario_writer import to_yaml
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, says

_LINE: Final = 200  # bytes around an address
_ORDER: Final = ("take-up", "replicates", "ranking", "switching", "laws", "weekly", "levels", "draws")


@dataclass(frozen=True)
class Download:
    """A file inside the report; without an address it did not fit."""

    name: str
    uri: str | None
    about: str


def facts(source: Appraisal) -> list[tuple[str, Sentence]]:
    """Return what made this result, as words and values."""
    about = source.about()
    machine = about["environment"]
    packages = machine.get("packages") or {}
    return [
        ("Scenario", says(Name(source.scenario.name), ": ", Name(source.scenario.title))),
        ("Question", says(Name(source.scenario.question))),
        ("Digest of the scenario", says(Name(about["scenario"].get("digest", "unknown")))),
        ("Seed", says(Fact(str(about["seed"])))),
        ("Pairs of worlds", says(Fact.count(source.replicates))),
        ("Regions", says(Fact.count(len(source.scenario.regions)))),
        (
            "Weeks",
            says(
                Fact.count(source.scenario.weeks),
                " after ",
                Fact.count(source.scenario.burn_in_weeks),
                " weeks of burn-in without spaces",
            ),
        ),
        ("Prices of", says(Fact(str(about.get("price_year", "unknown"))))),
        ("Version", says(Name(_version(machine)))),
        ("Packages", says(Name(", ".join(f"{name} {version}" for name, version in packages.items())))),
    ]


def _version(machine: Mapping[str, Any]) -> str:
    code, python = str(machine.get("code_version", "unknown"))[:12], machine.get("python", "unknown")
    return (
        f"coworksim {machine.get('coworksim', 'unknown')}, code {code}, Python {python}, {machine.get('platform', '')}"
    )


def command(source: Appraisal) -> str:
    """Return the command that makes the result again, as it was typed."""
    return shlex.join(source.origin.get("command") or ["coworksim", "compare", source.scenario.name])


def policy_file(scenario: Scenario, policies: Sequence[Policy]) -> str:
    """Return the policies of an arm as a file of policies has them, with their units."""
    text = to_yaml(scenario.model_copy(update={"policies": tuple(policies)}))
    return f"# What do these policies bring?\n{text[text.index('\npolicies:') + 1 : text.index('\nmechanisms:') + 1]}"


def downloads(source: Appraisal, room: int) -> list[Download]:
    """Return the data of a report as files inside it, the most asked for first, as far as ``room`` bytes go."""
    files = [
        ("numbers.csv", _csv(source.numbers), "every number with unit, interval, worlds and meaning"),
        ("scenario.yaml", to_yaml(source.scenario).encode(), "the scenario as it was run"),
    ]
    files += [
        (f"policy-{at}.yaml", policy_file(source.scenario, policies).encode(), f"what is done in {arm}")
        for at, (arm, policies) in enumerate(source.arms.items(), 1)
    ]
    for name in _ORDER:
        if name in source.tables:
            files.append((f"{name}.csv", _csv(source.tables[name]), "a table of the result folder"))
    found, used = [], 0
    for name, content, about in files:
        uri = f"data:{'text/csv' if name.endswith('csv') else 'text/plain'};base64,{b64encode(content).decode()}"
        fits = used + len(uri) + _LINE <= room
        used += _LINE + (len(uri) if fits else 0)
        found.append(Download(name, uri if fits else None, about))
    return found


def _csv(table: Any) -> bytes:
    """Return a table with numbers in six digits."""
    return as_csv(table, "%.6g")
