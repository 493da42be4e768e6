"""What a report rests on: the log of assumptions with what this scenario has otherwise, and where results come from."""

import shlex
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coworksim.appraisal.result import Appraisal
from coworksim.files.scenario_writer import to_yaml
from coworksim.files.table_files import as_csv
from coworksim.model.parameters import PARAMETERS, Evidence
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.report.assumption_log import Assumption, Impact, assumptions, impact_text, origin
from coworksim.report.html.tables import Table
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, figure, filled, joined, says

_KNOWN: Final = (Evidence.GUESS, Evidence.DERIVED, Evidence.MEASURED)
_LINE: Final = 200  # bytes around an address
_ORDER: Final = ("take-up", "funnel", "replicates", "ranking", "switching", "laws", "weekly", "levels", "draws")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the log; ``here`` is the value in this scenario where that is not the default, else empty."""

    it: Assumption
    here: str

    @property
    def impact(self) -> str:
        """How much it moves outcomes, in words."""
        return impact_text(self.it)


def assumption_log(source: Appraisal) -> list[Row]:
    """Return the log: what would most need better evidence first, then the less known and what moves more."""
    impacts, log = list(Impact), []
    for one in assumptions():
        here = ""
        if not one.structure and (value := source.scenario[one.name]) != PARAMETERS[one.name].default:
            here = f"{_value(value)} {PARAMETERS[one.name].unit}"
        log.append(Row(one, here))

    def order(row: Row) -> tuple[bool, int, int, bool]:
        one = row.it
        return not one.pressing, _KNOWN.index(one.evidence), impacts.index(one.impact), not one.structure

    return sorted(log, key=order)


def _value(value: object) -> str:
    return figure(float(value)) if isinstance(value, int | float) else str(value)


def otherwise(log: list[Row]) -> list[Sentence]:
    """Say what this scenario assumes otherwise than the model does by itself, in one sentence."""
    told = []
    for row in log:
        if row.here:
            parameter = PARAMETERS[row.it.name]
            itself = " (by itself ", Fact(_value(parameter.default)), ")"
            told.append((Name(parameter.meaning), " ", Fact(row.here.strip()), *itself))
    return [says("Assumed here otherwise than by the model itself: ", *joined(told), ".")] if told else []


def assumption_counts(log: list[Row]) -> Table:
    """Count assumptions by how well they are known, and by how much they move outcomes."""
    rows = []
    for impact in Impact:
        own = [row.it.evidence for row in log if row.it.impact is impact]
        if own:
            rows.append((says(impact.value), *(says(Fact.count(own.count(evidence))) for evidence in _KNOWN)))
    rules = sum(row.it.structure for row in log)
    text = (
        "How many assumptions there are, by what moves outcomes and how well it is known: {} declared parameters and "
        "{} rules."
    )
    caption = filled(text, Fact.count(len(log) - rules), Fact.count(rules))
    return Table.of(caption, ("Impact on outcomes", "guesses", "derived from measured figures", "measured"), rows)


def impact_origin() -> Sentence:
    """Say where the impacts come from."""
    return says(
        "Impact: how much an assumption moves an outcome over its range, as a share of the greatest such "
        "effect on that outcome. ",
        Fact(origin()),
    )


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
    package, code, python = (str(machine.get(key, "unknown")) for key in ("coworksim", "code_version", "python"))
    version = f"coworksim {package}, code {code[:12]}, Python {python}, {machine.get('platform', '')}"
    return [
        ("Scenario", says(Name(source.scenario.name), ": ", Name(source.scenario.title))),
        ("Question", says(Name(source.scenario.question))),
        ("Digest of the scenario", says(Name(about["scenario"].get("digest", "unknown")))),
        ("Seed", says(Fact(str(about["seed"])))),
        ("Pairs of worlds", says(Fact.count(source.replicates))),
        ("Regions", says(Fact.count(len(source.scenario.regions)))),
        ("Weeks", _weeks(source.scenario)),
        ("Prices of", says(Fact(str(about.get("price_year", "unknown"))))),
        ("Version", says(Name(version))),
        ("Packages", says(Name(", ".join(f"{name} {version}" for name, version in packages.items())))),
    ]


def _weeks(scenario: Scenario) -> Sentence:
    counts = scenario.weeks, scenario.burn_in_weeks, scenario.start_week - scenario.burn_in_weeks
    weeks, burn_in, spin_up = map(Fact.count, counts)
    if scenario.market == "new":
        return filled("{} after {} weeks of burn-in without spaces; all spaces open at the start", weeks, burn_in)
    text = "{} after {} weeks of burn-in without spaces and {} of spin-up of the market of spaces"
    if scenario.market == "growing":
        text += ", in which founders become more"
    return filled(text, weeks, burn_in, spin_up)


def command(source: Appraisal) -> str:
    """Return the command that makes the result again, as it was typed; the call, where it was made in Python."""
    call = f"coworksim.compare(scenario, arms, replicates={source.replicates}, seed={source.seed})"
    return shlex.join(source.origin.get("command") or ()) or call


def policy_file(scenario: Scenario, policies: Sequence[Policy]) -> str:
    """Return the policies of an arm as a file of policies has them, with their units."""
    text = to_yaml(scenario.model_copy(update={"policies": tuple(policies)}))
    return f"# What do these policies bring?\n{text[text.index('\npolicies:') + 1 : text.index('\nmechanisms:') + 1]}"


def downloads(source: Appraisal, room: int) -> list[Download]:
    """Return the data of a report as files inside it, the most asked for first, as far as ``room`` bytes go."""
    files = [
        ("numbers.csv", as_csv(source.numbers, "%.6g"), "every number with unit, interval, worlds and meaning"),
        ("scenario.yaml", to_yaml(source.scenario).encode(), "the scenario as it was run"),
    ]
    files += [
        (f"policy-{at}.yaml", policy_file(source.scenario, policies).encode(), f"what is done in {arm}")
        for at, (arm, policies) in enumerate(source.arms.items(), 1)
    ]
    for name in _ORDER:
        if name in source.tables:
            files.append((f"{name}.csv", as_csv(source.tables[name], "%.6g"), "a table of the result folder"))
    found, used = [], 0
    for name, content, about in files:
        uri = f"data:{'text/csv' if name.endswith('csv') else 'text/plain'};base64,{b64encode(content).decode()}"
        fits = used + len(uri) + _LINE <= room
        used += _LINE + (len(uri) if fits else 0)
        found.append(Download(name, uri if fits else None, about))
    return found
