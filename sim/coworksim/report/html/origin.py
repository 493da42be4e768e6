"""Where a report comes from: the command that makes it again, versions, and the data themselves."""

from __future__ import annotations

import shlex
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.report.html.source import Source
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, says
from coworksim.runs.saved_run import for_spreadsheets

__all__ = ["Download", "command", "downloads", "facts", "policy_file", "question"]

_LINE: Final = 200  # bytes around an address
_ORDER: Final = ("take-up", "replicates", "ranking", "switching", "laws", "weekly", "levels", "draws")


@dataclass(frozen=True)
class Download:
    """A file inside the report; without an address it did not fit."""

    name: str
    uri: str | None
    about: str


def facts(source: Source) -> list[tuple[str, Sentence]]:
    """Return what made this result, as words and values."""
    about, machine = source.about, source.about.get("environment") or {}
    packages = machine.get("packages") or {}
    return [
        ("Scenario", says(Name(source.name), ": ", Name(source.scenario.title))),
        ("Question", says(Name(question(source)))),
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


def question(source: Source) -> str:
    """Return the question of the scenario."""
    first = source.scenario_text.splitlines()[0] if source.scenario_text else ""
    return first.removeprefix("#").strip() if first.startswith("#") else "not stated"


def command(source: Source) -> str:
    """Return the command that makes the result again, as it was typed."""
    return shlex.join(source.about.get("command") or ["coworksim", "compare", source.name])


def policy_file(scenario: Scenario, arm: Sequence[Mapping[str, Any]]) -> str:
    """Return the policies of an arm as a file of policies has them, with their units."""
    policies = tuple(Policy.model_validate(one) for one in arm)
    text = scenario.model_copy(update={"policies": policies}).to_yaml()
    return f"# What do these policies bring?\n{text[text.index('\npolicies:') + 1 : text.index('\nmechanisms:') + 1]}"


def downloads(source: Source, room: int) -> list[Download]:
    """Return the data of a report as files inside it, the most asked for first, as far as ``room`` bytes go."""
    import pandas as pd

    numbers = pd.DataFrame([{key: row[key] for key in row} for row in source.about["numbers"]])
    files = [
        ("numbers.csv", _csv(numbers), "every number with unit, interval, worlds and meaning"),
        ("scenario.yaml", source.scenario_text.encode(), "the scenario as it was run"),
    ]
    files += [
        (f"policy-{at}.yaml", policy_file(source.scenario, source.policies(arm)).encode(), f"what is done in {arm}")
        for at, arm in enumerate(source.arms, 1)
    ]
    tables: dict[str, Any] = dict(source.tables)
    for name in _ORDER:
        if name in tables:
            files.append((f"{name}.csv", _csv(tables[name]), "a table of the result folder"))
    found, used = [], 0
    for name, content, about in files:
        uri = f"data:{'text/csv' if name.endswith('csv') else 'text/plain'};base64,{b64encode(content).decode()}"
        fits = used + len(uri) + _LINE <= room
        used += _LINE + (len(uri) if fits else 0)
        found.append(Download(name, uri if fits else None, about))
    return found


def _csv(table: Any) -> bytes:
    """Return a table with numbers in six digits."""
    text: str = for_spreadsheets(table).to_csv(index=False, lineterminator="\n", float_format="%.6g")
    return text.encode()
