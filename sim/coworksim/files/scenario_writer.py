"""A resolved scenario as a YAML file that loads again to the same digest; and what differs between two, by entry."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from coworksim.files.policy_reader import MONEY
from coworksim.files.scenario_reader import WHOLE, WORDS
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.policy import LIMITS, Eligibility, Policy, keys_of
from coworksim.model.scenario import Region, Scenario

type Value = float | int | str | bool | datetime.date | None


class Difference(NamedTuple):
    """An entry that two scenarios hold differently; None stands for one that a scenario does not have."""

    name: str
    first: Value
    second: Value
    unit: str


def to_yaml(scenario: Scenario, *, origins: bool = False) -> str:
    """Write all values, defaults too, each parameter with its unit; with ``origins`` also where it was set."""
    return "\n".join([f"# {scenario.question}", *_lines(scenario, origins)]) + "\n"


def write_scenario(scenario: Scenario, folder: Path) -> None:
    """Write a scenario as ``scenario.yaml`` into ``folder``."""
    (folder / "scenario.yaml").write_text(to_yaml(scenario), encoding="utf-8", newline="\n")


def _lines(scenario: Scenario, origins: bool) -> Iterator[str]:
    def comment(name: str, unit: str = "") -> str:
        parts = [unit] if unit else []
        parts += [scenario.origins.get(name, "default")] if origins else []
        return f"  # {'; '.join(parts)}" if parts else ""

    yield f"title: {_quoted(scenario.title)}{comment('title')}"
    yield f"starts: {scenario.starts.isoformat()}{comment('starts')}"
    for name in (*WORDS, *WHOLE):
        yield f"{name}: {getattr(scenario, name)}{comment(name)}"
    yield f"regions:{comment('regions')}"
    for region in scenario.regions:
        yield from _region(region)
    yield f"policies:{'' if scenario.policies else ' []'}{comment('policies')}"
    for policy in scenario.policies:
        yield from _policy(policy)
    yield "mechanisms:"
    for name, on in scenario.mechanisms.items():
        yield f"  {name}: {'on' if on else 'off'}{comment(f'mechanisms.{name}')}"
    yield "parameters:"
    for name, value in scenario.values.items():
        shown = value if isinstance(value, str) else repr(value)
        yield f"  {name}: {shown}{comment(name, PARAMETERS[name].unit)}"


def _region(region: Region) -> Iterator[str]:
    yield f"  - name: {_quoted(region.name)}"
    if region.code is not None:
        yield f"    code: {_quoted(region.code)}"
    yield f"    flag: {region.flag}"
    if region.flags:
        yield f"    flags: {{{', '.join(f'{rule}: {flag}' for rule, flag in region.flags.items())}}}"
    yield f"    spaces:{'' if region.own_spaces else f' {region.spaces}'}"
    for space in region.own_spaces:
        said = [f"name: {_quoted(space.name)}"] if space.name is not None else []
        numbers = [("desks", space.desks), ("price", space.price)]
        said += [f"{key}: {value!r} {PARAMETERS[f'space.{key}'].unit}" for key, value in numbers if value is not None]
        said += [] if space.cluster is None else [f"cluster: {'true' if space.cluster else 'false'}"]
        days = (("opened", space.opened), ("closed", space.closed))
        said += [f"{key}: {day.isoformat()}" for key, day in days if day is not None]
        yield f"      - {{{', '.join(said)}}}"
    if region.people is not None:
        yield f"    people: {region.people}"
    yield "    indicators:"
    for name, value in region.indicators.items():
        yield f"      {name}: {value!r}  # {INDICATORS[name].unit}"
    if region.environment:
        yield "    environment:"
    for name, value in region.environment.items():
        yield f"      {name}: {value!r}  # {PARAMETERS[f'environment.{name}'].unit}"
    if region.gaps:
        yield f"    gaps: {{{', '.join(f'{name}: {gap!r}' for name, gap in region.gaps.items())}}}"
    if region.editions:
        yield f"    editions: {{{', '.join(f'{name}: {_quoted(year)}' for name, year in region.editions.items())}}}"


def _policy(policy: Policy) -> Iterator[str]:
    """Write a policy: numbers with their units, and nothing where a condition or limit is not set."""
    yield f"  - name: {_quoted(policy.name)}"
    keys = keys_of(policy.kind) - {"name", "eligible", *(["window"] if policy.award == "first-come" else [])}
    yield from (f"    {key}: {_written(key, getattr(policy, key))}" for key in _set(policy) if key in keys)
    conditions = [key for key, one in Eligibility.model_fields.items() if getattr(policy.eligible, key) != one.default]
    if conditions:
        yield "    eligible:"
    yield from (f"      {key}: {_written(key, getattr(policy.eligible, key))}" for key in conditions)


def _set(part: Policy) -> list[str]:
    """Name the fields that say something: None, nothing listed and False are what a file leaves out."""
    values = {key: getattr(part, key) for key in type(part).model_fields}
    return [key for key, value in values.items() if value is not None and value is not False and value != ()]


def _written(key: str, value: float | int | str | bool | tuple[str, ...]) -> str:
    """Write a value of a policy, numbers with their unit."""
    if isinstance(value, tuple):
        return f"[{', '.join(_quoted(name) for name in value)}]"
    if isinstance(value, bool | str):
        return str(value).lower()
    number = f"{value // 100}.{value % 100:02d}" if key in MONEY else repr(value)
    return f"{number} {LIMITS[key][2]}"


def _quoted(text: str) -> str:
    """Write printable text in double quotes, which JSON and YAML escape alike."""
    return json.dumps(text, ensure_ascii=False)


def diff(first: Scenario, second: Scenario) -> list[Difference]:
    """List all entries that differ, in the order of a scenario file; names, questions and origins do not count.

    >>> from coworksim.files.load import load_scenario
    >>> diff(load_scenario("tiny"), load_scenario("tiny", {"space.price": 160}))
    [Difference(name='space.price', first=157.0, second=160.0, unit='GBP/month')]
    """
    left, right = ({name: (value, unit) for name, value, unit in _entries(one)} for one in (first, second))
    none, parts = (None, ""), ("title", "starts", *WORDS, *WHOLE, "regions", "policies")

    def section(name: str) -> int:
        part = name.partition(".")[0]
        return parts.index(part) if part in parts else len(parts)

    found = [
        Difference(name, left.get(name, none)[0], right.get(name, none)[0], unit)
        for name, (_, unit) in {**left, **right}.items()
    ]
    return sorted((one for one in found if one.first != one.second), key=lambda one: section(one.name))


def _entries(scenario: Scenario) -> Iterator[tuple[str, Value, str]]:
    for key in ("title", "starts", *WORDS, *WHOLE):
        yield key, getattr(scenario, key), WHOLE[key][3] if key in WHOLE else ""
    for region in scenario.regions:
        yield from _region_entries(region, f"regions.{region.name}")
    yield "policies", _joined(tuple(policy.name for policy in scenario.policies)), ""
    for policy in scenario.policies:
        yield from _policy_entries(policy, f"policies.{policy.name}")
    yield from ((f"mechanisms.{name}", on, "") for name, on in scenario.mechanisms.items())
    yield from ((name, value, PARAMETERS[name].unit) for name, value in scenario.values.items())


def _region_entries(region: Region, prefix: str) -> Iterator[tuple[str, Value, str]]:
    for key in ("code", "flag", "spaces", "people"):
        yield f"{prefix}.{key}", getattr(region, key), ""
    yield from ((f"{prefix}.gaps.{name}", gap, "") for name, gap in region.gaps.items())
    yield from ((f"{prefix}.editions.{name}", year, "") for name, year in region.editions.items())
    for at, space in enumerate(region.own_spaces):
        for key in ("name", "desks", "price", "opened", "closed", "cluster"):
            unit = {"desks": "desks", "price": "GBP/month"}.get(key, "")
            yield f"{prefix}.spaces.{at}.{key}", getattr(space, key), unit
    for name, value in region.indicators.items():
        yield f"{prefix}.indicators.{name}", value, INDICATORS[name].unit
    for name, value in region.environment.items():
        yield f"{prefix}.environment.{name}", value, PARAMETERS[f"environment.{name}"].unit


def _policy_entries(policy: Policy, prefix: str) -> Iterator[tuple[str, Value, str]]:
    """Go through a policy; money is in pounds, as in a file."""
    mine = [key for key in Policy.model_fields if key in keys_of(policy.kind)]
    of_part = ((policy, prefix, mine), (policy.eligible, f"{prefix}.eligible", list(Eligibility.model_fields)))
    for part, dots, keys in of_part:
        for key in keys:
            value = getattr(part, key)
            if key in MONEY and value is not None:
                value = value / 100
            if isinstance(value, tuple):
                value = _joined(value)
            if key != "name" and not isinstance(value, Eligibility):
                yield f"{dots}.{key}", value, LIMITS[key][2] if key in LIMITS else ""


def _joined(names: tuple[str, ...]) -> str | None:
    return ", ".join(names) or None
