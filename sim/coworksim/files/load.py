"""From the name or path of a scenario to the frozen scenario: extends, overrides, defaults, checks.

A file, the file that it extends, and so on: each fills in what those before it leave out. Title, starts, weeks, market,
seed, regions and policies are taken whole from the first file that has them; mechanisms and parameters one by one.
"""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from coworksim.files import built_in, policy_reader
from coworksim.files.built_in import called, is_path
from coworksim.files.errors import InputError, Mark, Problems, echo, nearest, printable, tell
from coworksim.files.frame import frame_regions, size_of
from coworksim.files.plausibility import warnings_of
from coworksim.files.policy_reader import Draft, read_policy_files
from coworksim.files.region_reader import Tables, read_region_list
from coworksim.files.region_tables import read_tables
from coworksim.files.scenario_reader import WHOLE, WORDS, Said, read_file, read_one
from coworksim.files.uk_regions import ReadBy, reference
from coworksim.files.yaml_reader import MOST_BYTES, Entry, Listing, Scalar, Table, inside, read_bytes
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS
from coworksim.model.policy import MOST_POLICIES, Policy
from coworksim.model.scenario import MOST_PEOPLE, PARTS, Region, Scenario

MOST_FILES: Final = 10
#: The catchment of a region is less than so many times the usual one, but for odd figures.
_FAR_FROM_USUAL: Final = 8.0
STARTS: Final = datetime.date(2022, 11, 7)
#: Names that an override may set.
OVERRIDES: Final = ("title", "starts", *WHOLE, *WORDS, *PARAMETERS, *(f"mechanisms.{name}" for name in MECHANISMS))
#: Parameters that settle how regions are read, beside those of the frame.
_READ_NOW: Final = ("environment.draw", "environment.users_by")
_DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType(
    {"starts": STARTS, "policies": ()}
    | {name: row[0] for name, row in (*WHOLE.items(), *WORDS.items())}
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
    *,
    quiet: bool = False,
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
        quiet: Whether to leave it to the caller to show what is hardly meant
            (:func:`coworksim.files.plausibility.warnings_of`); else it comes as an InputWarning.

    Returns:
        The frozen scenario; ``scenario["space.price"]`` is a value in its declared unit.

    Raises:
        ScenarioError: The scenario is refused; ``problems`` lists every reason with file, line and column.

    >>> load_scenario("tiny", {"weeks": 52})["space.price"]
    157.0
    """
    problems = Problems()
    source = _found(name_or_path, Mark(printable(str(name_or_path))), problems)
    question, said = _read_chain(source, problems) if source else ("", {})
    said |= _read_overrides(overrides or {}, problems)
    added = list(read_policy_files(policies, problems))
    if problems or source is None:
        raise ScenarioError(problems.listed())
    if added:
        said["policies"] = _with(said.get("policies"), added, problems)
    for key, write in (("title", "write title: and a few words"), ("regions", "write regions: with at least one")):
        if key not in said:
            problems.add(Mark(source.shown, 1, 1), f"the scenario has no {key}", write)
    _check_parts(said, problems)
    _fill_frame(said)
    compared_with: Mapping[str, float] = {}
    fitted: tuple[Policy, ...] = ()
    if "regions" in said:
        said["regions"], compared_with = _resolved(said, region, problems)
        # policies are fitted to the horizon and the regions that all files and overrides agree on
        drafts, weeks = (_value(said, key) for key in ("policies", "weeks"))
        fitted = policy_reader.fit(drafts, weeks, said["regions"].value, problems)
    if problems:
        raise ScenarioError(problems.listed())
    text = str(name_or_path)
    name = printable(Path(text).stem if is_path(name_or_path) else text)
    made = Scenario(
        name=name,
        title=said["title"].value,
        question=question,
        starts=_value(said, "starts"),
        **{key: _value(said, key) for key in (*WHOLE, *WORDS)},
        regions=said["regions"].value,
        policies=fitted,
        reference=compared_with,
        mechanisms={key: _value(said, f"mechanisms.{key}") for key in MECHANISMS},
        values={key: _value(said, key) for key in PARAMETERS},
        origins={key: said[key].mark.origin if key in said else "default" for key in ("title", "regions", *_DEFAULTS)},
        odd_figures=tuple(problems.warnings),
    )
    _check_people(made, said["regions"].mark, problems)
    if problems:
        raise ScenarioError(problems.listed())
    if not quiet:
        tell(warnings_of(made), problems.notes)
    return made


def _check_people(scenario: Scenario, mark: Mark, problems: Problems) -> None:
    """Refuse a region with more people than keys, before anything runs."""
    usual = float(scenario["environment.catchment"])
    drawn = [region for region in scenario.regions if region.people is None]
    if all(_FAR_FROM_USUAL * region.spaces * usual < MOST_PEOPLE for region in drawn):
        return
    from coworksim.model.state.spaces import Regions  # takes a moment to import

    try:
        Regions.of(scenario)
    except ValueError as error:
        problems.add(mark, str(error), "the people of a region are its spaces times environment.catchment")


def _value(said: Mapping[str, Said], key: str) -> Any:
    return said[key].value if key in said else _DEFAULTS[key]


class _Source(NamedTuple):
    """A file to be read: where it is, how messages call it, and which place asked for it."""

    path: Path
    shown: str
    asked: Mark


def _found(name_or_path: str | Path, mark: Mark, problems: Problems) -> _Source | None:
    """Find a file by path, or a built-in scenario by name; messages call it as the user did."""
    own = is_path(name_or_path)
    path = Path(name_or_path) if own else built_in.find(str(name_or_path), mark, problems)
    return _Source(path, called(name_or_path), mark) if path else None


def _read_chain(source: _Source, problems: Problems) -> tuple[str, dict[str, Said]]:
    """Read a scenario and what it extends; return the question of the first file, and what all of them say."""
    question, said = _read(source, problems) or ("", {})
    seen = {source.path.resolve()} if said else set()
    while (extends := said.pop("extends", None)) is not None:
        found = _followed(source, extends, problems)
        if found is None:
            break
        if found.path.resolve() in seen or len(seen) >= MOST_FILES:
            what = "comes back to a file of the same chain" if found.path.resolve() in seen else "goes too deep"
            problems.add(found.asked, f"extends {echo(extends.value)} {what}", "extend another file")
            break
        seen.add(found.path.resolve())
        source, (_, more) = found, _read(found, problems) or ("", {})
        said = more | said
    return question, said


def _followed(source: _Source, extends: Said, problems: Problems) -> _Source | None:
    """Find what ``extends`` names: a file in or below the folder of the one that says so, or a built-in."""
    value: str = extends.value
    if not is_path(value):
        return _found(value, extends.mark, problems)
    if not inside(source.path.parent, value):
        write = "write a path that stays in the folder of this file, or the name of a built-in scenario"
        problems.add(extends.mark, f"extends {echo(value)} leaves the folder of this file", write)
        return None
    return _Source(source.path.parent / value, called(Path(source.shown).parent / value), extends.mark)


def _read(source: _Source, problems: Problems) -> tuple[str, dict[str, Said]] | None:
    """Read a file, at most as much of it as a scenario may hold; tables that it names lie in its folder."""
    data = read_bytes(source.path, source.shown, source.asked, MOST_BYTES, problems)
    found = read_file(data, source.shown, problems) if data is not None else None
    regions = found[1].get("regions") if found is not None else None
    if found is not None and regions is not None and isinstance(regions.value, Tables):
        placed = replace(regions.value, folder=source.path.parent, folder_shown=Path(source.shown).parent)
        found[1]["regions"] = Said(placed, regions.mark)
    return found


def _read_overrides(overrides: Mapping[str, object], problems: Problems) -> dict[str, Said]:
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
        total = math.fsum(_value(said, name) for name in names)
        if total > 1 + 1e-9:
            marks = [said[name].mark for name in names if name in said]
            problems.add(marks[-1], f"{' + '.join(names)} is {total:g}", "write shares that add up to at most 1")


def _fill_frame(said: dict[str, Said]) -> None:
    """Let the definition of a space say how many there are, and how many in London, where nothing else does."""
    if (definition := said.get("frame.definition")) is not None:
        for name, value in size_of(str(definition.value)).items():
            said.setdefault(name, Said(value, definition.mark))


def _resolved(said: Mapping[str, Said], region: str | None, problems: Problems) -> tuple[Said, Mapping[str, float]]:
    """Turn the name of a frame, or tables, into regions, flag them, and keep the one that is asked for.

    The second result is what their indicators are compared with.
    """
    value, mark, before = said["regions"].value, said["regions"].mark, len(problems)
    wanted = [name for name in PARAMETERS if name.startswith("frame.") or name in _READ_NOW]
    values = {name: _value(said, name) for name in wanted}
    read_by = ReadBy(str(values["frame.left_behind"]), str(values["environment.users_by"]))
    regions: tuple[Region, ...] = ()
    compared_with = reference(read_by.users_by)
    if isinstance(value, str):
        try:
            regions = frame_regions(value, values)
        except ValueError as error:
            problems.add(mark, str(error), "write fewer frame.spaces, or another frame.london_share")
    elif isinstance(value, Tables):
        regions, compared_with = read_tables(value, read_by, problems)
    else:
        regions = tuple(place.resolved(read_by) for place in value)
    if region is not None and len(problems) == before:
        regions = tuple(place for place in regions if place.code == region) or _one(region, read_by, problems)
    return Said(regions, mark), compared_with


def _one(code: str, read_by: ReadBy, problems: Problems) -> tuple[Region, ...]:
    """Return a region that the scenario does not have, with one space."""
    mark = Mark("--region")
    entry = Table(mark, (Entry(Scalar(mark, "like"), Scalar(mark, code)),))
    listed = read_region_list(Listing(mark, (entry,)), "", problems)
    return tuple(place.resolved(read_by) for place in listed) if isinstance(listed, tuple) else ()


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
