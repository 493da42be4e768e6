"""From the name or path of a scenario to the frozen scenario: extends, overrides, defaults, checks."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from coworksim.files import extends, policy_reader
from coworksim.files.errors import InputError, Mark, Problems, echo, nearest, printable
from coworksim.files.policy_files import read_policy_files
from coworksim.files.policy_reader import Draft
from coworksim.files.region_reader import Listed, Tables, read_region_list
from coworksim.files.region_tables import read_tables
from coworksim.files.scenario_reader import WHOLE, Said, read_one
from coworksim.files.uk_frame import frame_regions
from coworksim.files.uk_regions import reference
from coworksim.files.yaml_reader import Entry, Listing, Scalar, Table
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS
from coworksim.model.policy import MOST_POLICIES, Policy
from coworksim.model.scenario import PARTS, Region, Scenario

STARTS: Final = datetime.date(2022, 11, 7)
#: Names that an override may set.
OVERRIDES: Final = ("title", "starts", *WHOLE, *PARAMETERS, *(f"mechanisms.{name}" for name in MECHANISMS))
_DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType(
    {"starts": STARTS, "policies": ()}
    | {name: row[0] for name, row in WHOLE.items()}
    | {f"mechanisms.{name}": name not in OFF for name in MECHANISMS}
    | {name: parameter.default for name, parameter in PARAMETERS.items()}
)


class ScenarioError(InputError):
    """A scenario was refused; ``problems`` lists all reasons with file, line and column."""


def load_scenario(
    name_or_path: str | Path,
    overrides: Mapping[str, object] | None = None,
    region: str | None = None,
    policies: Sequence[str | Path] = (),
) -> Scenario:
    """Load a built-in scenario by name, or a file by path, and check all of it.

    Args:
        name_or_path: Name of a built-in scenario, or path of a file.
        overrides: Values by flat name, such as ``{"seed": 3, "mechanisms.decay": False}``, checked as if they stood
            in the file. Text is read as a file would have it (``"160 GBP/month"``, ``"off"``).
        region: Code of one region of the scenario, or else of an ITL-3 region. It alone is run, with the spaces that
            it has in the scenario, or else one.
        policies: Policies added to those of the scenario: ready-made ones by name
            (:func:`coworksim.files.built_in.built_in_policies`), or files by path.

    Returns:
        The frozen scenario; ``scenario["space.price"]`` is a value in its declared unit.

    Raises:
        ScenarioError: The scenario is refused; ``problems`` lists every reason with file, line and column.

    >>> load_scenario("tiny", {"weeks": 52})["space.price"]
    157.0
    """
    problems = Problems()
    chain = extends.read_chain(name_or_path, problems)
    given = _read_overrides(overrides or {}, problems)
    added = list(read_policy_files(policies, problems))
    if problems or chain is None:
        raise ScenarioError(problems.listed())
    said = chain.said | given
    if added:
        said["policies"] = _with(said.get("policies"), added, problems)
    for key, write in (
        ("title", "write title: and a few words"),
        ("regions", "write regions: with at least one"),
    ):
        if key not in said:
            problems.add(Mark(chain.file, 1, 1), f"the scenario has no {key}", write)
    _check_parts(said, problems)
    if "regions" in said:
        said["regions"] = _resolved(said, region, problems)
    fitted = _policies(said, problems) if "regions" in said else ()
    if problems:
        raise ScenarioError(problems.listed())
    return _build(chain.name, chain.question, said, fitted)


def _read_overrides(overrides: Mapping[str, object], problems: Problems) -> dict[str, Said]:
    """Check overrides as values of a file."""
    said = {}
    for name, value in overrides.items():
        mark = Mark(f"override {printable(str(name))}")
        if name not in OVERRIDES:
            close = nearest(str(name), OVERRIDES)
            write = f"write {close}" if close else "write the name of a setting or parameter, or mechanisms.NAME"
            problems.add(mark, f"nothing is called {echo(str(name))}", write)
            continue
        text = _as_written(value)
        if text is None:
            problems.add(mark, f"{name} is a {type(value).__name__}", "give a number, text, a boolean or a date")
            continue
        plain = not isinstance(value, str) or name != "title"
        found = read_one(name, Scalar(mark, text, plain), problems)
        if found is not None:
            said[name] = Said(found, Mark("override"))
    return said


def _as_written(value: object) -> str | None:
    """Write a Python value as a file would; None for what no file could hold in one place."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value) if abs(value) < 10**50 else "1e50"
    if isinstance(value, float):
        return repr(float(value)) if math.isfinite(value) else ".nan"
    return value.isoformat() if type(value) is datetime.date else None


def _check_parts(said: Mapping[str, Said], problems: Problems) -> None:
    """Refuse shares that add up to more than the whole, at the place of the last one set."""
    for names in PARTS:
        total = math.fsum(said[name].value if name in said else _DEFAULTS[name] for name in names)
        if total > 1 + 1e-9:
            marks = [said[name].mark for name in names if name in said]
            problems.add(marks[-1], f"{' + '.join(names)} is {total:g}", "write shares that add up to at most 1")


def _resolved(said: Mapping[str, Said], region: str | None, problems: Problems) -> Said:
    """Turn the name of a frame, or tables, into regions, flag them, and keep the one that is asked for."""
    value, mark, before = said["regions"].value, said["regions"].mark, len(problems)
    wanted = [name for name in PARAMETERS if name.startswith("frame.") or name == "environment.draw"]
    values = {name: said[name].value if name in said else _DEFAULTS[name] for name in wanted}
    rule = str(values["frame.left_behind"])
    regions: tuple[Region, ...] = ()
    if isinstance(value, str):
        try:
            regions = frame_regions(value, values)
        except ValueError as error:
            problems.add(mark, str(error), "write fewer frame.spaces, or another frame.london_share")
    elif isinstance(value, Tables):
        regions = read_tables(value, rule, problems)
    else:
        regions = _flagged(value, rule)
    if region is not None and len(problems) == before:
        regions = tuple(place for place in regions if place.code == region) or _one(region, rule, problems)
    return Said(regions, mark)


def _one(code: str, rule: str, problems: Problems) -> tuple[Region, ...]:
    """Return a region that the scenario does not have, with one space."""
    mark = Mark("--region")
    entry = Table(mark, (Entry(Scalar(mark, "like"), Scalar(mark, code)),))
    listed = read_region_list(Listing(mark, (entry,)), "", problems)
    return _flagged(listed, rule) if isinstance(listed, tuple) else ()


def _flagged(listed: tuple[Listed, ...], rule: str) -> tuple[Region, ...]:
    """Apply the rule of the flag to the regions of a list that leave theirs to it."""
    return tuple(
        place.region if place.real is None else place.region.model_copy(update={"flag": place.real.flag_by(rule)})
        for place in listed
    )


def _with(said: Said | None, added: Sequence[tuple[Mark, Draft]], problems: Problems) -> Said:
    """Add policies of other files to those of the scenario."""
    drafts = list(said.value) if said else []
    for mark, draft in added:
        name = draft.said["name"]
        if any(name == other.said["name"] for other in drafts):
            problems.add(mark, f"a second policy called {echo(name)}", "give it a name of its own")
        drafts.append(draft)
    if len(drafts) > MOST_POLICIES:
        problems.add(added[-1][0], f"{len(drafts)} policies", f"add them up to {MOST_POLICIES} at most")
    files = dict.fromkeys(([said.mark.origin] if said else []) + [mark.file for mark, _ in added])
    return Said(tuple(drafts), Mark(", ".join(files)))


def _policies(said: Mapping[str, Said], problems: Problems) -> tuple[Policy, ...]:
    """Fit the policies to the horizon and the regions that all files and overrides agree on."""
    drafts, weeks = (said[key].value if key in said else _DEFAULTS[key] for key in ("policies", "weeks"))
    return policy_reader.fit(drafts, weeks, said["regions"].value, problems)


def _build(name: str, question: str, said: Mapping[str, Said], policies: tuple[Policy, ...]) -> Scenario:
    """Fill in the defaults and freeze."""
    values: dict[str, Any] = {key: said[key].value if key in said else _DEFAULTS[key] for key in _DEFAULTS}
    origins = {key: said[key].mark.origin if key in said else "default" for key in ("title", "regions", *_DEFAULTS)}
    return Scenario(
        name=name,
        title=said["title"].value,
        question=question,
        starts=values["starts"],
        **{key: values[key] for key in WHOLE},
        regions=said["regions"].value,
        policies=policies,
        reference=reference(),
        mechanisms={key: values[f"mechanisms.{key}"] for key in MECHANISMS},
        values={key: values[key] for key in PARAMETERS},
        origins=origins,
    )
