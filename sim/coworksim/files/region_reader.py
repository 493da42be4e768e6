"""The ``regions`` of a scenario file: from entries such as ``{like: TLC12, people: 500}`` to resolved regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from coworksim.files import fields
from coworksim.files.errors import Mark, Problems, echo, nearest
from coworksim.files.uk_frame import FRAMES
from coworksim.files.uk_regions import RealRegion, group_medians, real_regions
from coworksim.files.yaml_reader import Broken, Listing, Node, Scalar, Table
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.scenario import GROUPS, MOST_PEOPLE, MOST_SPACES, Region, Space

#: Keys of a region and what they are for.
REGION_KEYS: Final = {
    "name": "name of the region; of a real region by default its own",
    "like": "whose indicators to take: the code of an ITL-3 region, or the medians of left-behind or other regions",
    "code": "code of the region, for tables and charts; its noise follows it; of a real region by default its own",
    "spaces": "coworking spaces in the region: how many, or a list with what is known of each",
    "people": "potential users; by default spaces times catchment",
    "flag": "left-behind or other, for the analysis only; by default that of the regions it is like",
    "indicators": "indicators that differ from those of the regions it is like",
    "environment": "environment fields set outright, whatever the indicators say",
    "uk_values": "indicators for which the figure of the UK stands in, for want of one of the region",
}
#: Keys of a space in the list of a region and what they are for.
SPACE_KEYS: Final = {
    "name": "name of the space",
    "desks": "desks at its opening; by default space.desks",
    "price": "price of a hot desk as members pay it; by default space.price times the regional price level",
}
#: Keys of tables and what they are for; paths are relative to the scenario file, and stay in its folder.
TABLE_KEYS: Final = {
    "table": "file (CSV) with one row a region, in the columns of uk_itl3.csv; by default the 179 ITL-3 regions",
    "spaces": "file (CSV) with one row a space; by default each region of the table has one",
}
#: Whole-number keys of a region: (default, least, most, unit).
WHOLE: Final = {"spaces": (1, 0, MOST_SPACES, "spaces"), "people": (None, 1, MOST_PEOPLE, "people")}
MOST_REGIONS: Final = 2**10
LONGEST_NAME: Final = 100
EXAMPLE: Final = f"- like: left-behind, or {' or '.join(FRAMES)}, or the tables {{table: FILE.csv}}"
#: Largest size of an indicator, and the inverse of the least one of those taken in logarithms.
LARGEST: Final = 1e12


class _Like(NamedTuple):
    """The region or group that an entry resembles."""

    name: str
    code: str | None
    flag: str
    indicators: Mapping[str, float]
    real: RealRegion | None = None


class Listed(NamedTuple):
    """A region of a list; ``real`` is the one whose flag it takes, by a rule that is known later, or None."""

    region: Region
    real: RealRegion | None


@dataclass(frozen=True, slots=True)
class Tables:
    """The files that a scenario names instead of a list, in the folder of the scenario file."""

    table: Scalar | None
    spaces: Scalar | None
    folder: Path = Path()
    folder_shown: Path = Path()

    def shown(self, file: str) -> str:
        """How messages call a file."""
        return str(self.folder_shown / file)


def read_region_list(node: Node, name: str, problems: Problems) -> tuple[Listed, ...] | Tables | str | None:
    """Read all regions of a file, or the name of a frame or the tables that give them; None when any is refused."""
    if isinstance(node, Scalar) and node.text in FRAMES:
        return node.text
    if isinstance(node, Table):
        return _tables(node, name, problems)
    before = len(problems)
    regions: list[Listed] = []
    nodes = fields.items(node, name, EXAMPLE, problems)
    if len(nodes) > MOST_REGIONS:
        problems.add(node.mark, f"{len(nodes)} regions", f"write at most {MOST_REGIONS}")
    for item in nodes[:MOST_REGIONS]:
        found = _region(item, problems)
        if found and found.region.name in {known.region.name for known in regions}:
            problems.add(item.mark, f"a second region called {echo(found.region.name)}", "give it a name of its own")
        if found:
            regions.append(found)
    return tuple(regions) if regions and len(problems) == before else None


def _tables(node: Table, name: str, problems: Problems) -> Tables | None:
    before = len(problems)
    entries = {entry.key.text: entry.value for entry in fields.known_entries(node, TABLE_KEYS, name, problems)}
    files = {key: value for key, value in entries.items() if fields.text(value, f"{name}.{key}", problems)}
    if not entries and len(problems) == before:
        problems.add(node.mark, f"{name} names no tables", "write {table: FILE.csv} or {spaces: FILE.csv} or both")
    scalars = {key: value for key, value in files.items() if isinstance(value, Scalar)}
    return Tables(scalars.get("table"), scalars.get("spaces")) if len(problems) == before else None


def _region(node: Node, problems: Problems) -> Listed | None:
    """Read one region; None when refused."""
    before = len(problems)
    entries = {e.key.text: e.value for e in fields.known_entries(node, REGION_KEYS, "a region", problems)}
    said = {key: _value(key, value, problems) for key, value in entries.items()}
    if not isinstance(node, Table) or len(problems) > before or any(isinstance(v, Broken) for v in entries.values()):
        return None
    like = said.get("like")
    _check_complete(node.mark, said, like, problems)
    if len(problems) > before:
        return None
    given: dict[str, Any] = {"spaces": WHOLE["spaces"][0], **said}
    if isinstance(given["spaces"], tuple):
        given |= {"spaces": len(given["spaces"]), "own_spaces": given["spaces"]}
    given["indicators"] = {**(like.indicators if like else {}), **said.get("indicators", {})}
    if like:
        uk = tuple(name for name in like.real.uk_values if name not in said.get("indicators", {})) if like.real else ()
        given = {"name": like.name, "flag": like.flag, "code": like.code, "uk_values": uk, **given}
        del given["like"]
    return Listed(Region(**given), like.real if like and "flag" not in said else None)


def _check_complete(mark: Mark, said: Mapping[str, Any], like: _Like | None, problems: Problems) -> None:
    """Refuse a region that leaves something open."""
    missing = [name for name in INDICATORS if not like and name not in said.get("indicators", {})]
    if missing:
        write = "write like: left-behind, like: other, like: and a code, or give all indicators"
        problems.add(mark, f"a region without like and without the indicators {', '.join(missing)}", write)
    for key in ("name", "flag"):
        if not like and key not in said:
            problems.add(mark, f"a region without like and without {key}", f"write its {key}")
    if said.get("spaces") == 0 and "people" not in said:
        problems.add(mark, "a region without spaces and without people", "write how many people live there")


def _value(key: str, node: Node, problems: Problems) -> Any:
    """Read the value of one key of a region."""
    if key == "spaces" and isinstance(node, Listing):
        return _spaces(node, problems)
    if key in WHOLE:
        default, low, high, unit = WHOLE[key]
        return fields.whole(node, key, unit, (low, high), problems, default or 500)
    if key in ("name", "code"):
        return fields.text(node, key, problems, LONGEST_NAME)
    if key == "like":
        return _like(node, problems)
    if key == "flag":
        return _flag(node, problems)
    if key == "uk_values":
        read = ((fields.one_of(item, key, INDICATORS, problems), item.mark) for item in _listed(node, key, problems))
        return tuple(name for name, _ in fields.distinct(read, "the indicator", problems))
    known = INDICATORS if key == "indicators" else FIELDS
    one = _indicator if key == "indicators" else _environment
    found = {e.key.text: one(e.key.text, e.value, problems) for e in fields.known_entries(node, known, key, problems)}
    return {name: value for name, value in found.items() if value is not None}


def _listed(node: Node, key: str, problems: Problems) -> tuple[Node, ...]:
    return fields.items(node, key, "- digital_skills", problems)


def _spaces(node: Listing, problems: Problems) -> tuple[Space, ...] | None:
    """Read the spaces of a region one by one; None when any is refused."""
    before = len(problems)
    if len(node.items) > MOST_SPACES:
        problems.add(node.mark, f"{len(node.items)} spaces", f"write at most {MOST_SPACES}")
    found = []
    for item in fields.items(node, "spaces", "- desks: 40, or how many there are", problems)[:MOST_SPACES]:
        entries = fields.known_entries(item, SPACE_KEYS, "a space", problems)
        said = {entry.key.text: _of_space(entry.key.text, entry.value, problems) for entry in entries}
        if len(problems) == before:
            found.append(Space(**said))
    return tuple(found) if found else None


def _of_space(key: str, node: Node, problems: Problems) -> Any:
    if key == "name":
        return fields.text(node, "name", problems, LONGEST_NAME)
    return fields.parameter_value(PARAMETERS[f"space.{key}"], node, problems, key)


def _like(node: Node, problems: Problems) -> _Like | None:
    said = fields.text(node, "like", problems)
    if said is None:
        return None
    if said in GROUPS:
        return _Like(said, None, said, group_medians(said))
    if real := real_regions().get(said):
        return _Like(real.name, real.code, real.flag, real.indicators, real)
    codes = {**dict.fromkeys(GROUPS), **dict.fromkeys(real_regions())}
    by_name = {region.name: code for code, region in real_regions().items()}
    close = by_name.get(nearest(said, by_name) or "") or nearest(said, codes)
    write = "write left-behind, other, or the code of an ITL-3 region"
    hint = close or "TLC12"
    shown = f"{hint} ({real_regions()[hint].name})" if hint in real_regions() else hint
    problems.add(node.mark, f"no region {echo(said)} is known", f"{write}, such as {shown}")
    return None


def _flag(node: Node, problems: Problems) -> str | None:
    said = fields.text(node, "flag", problems)
    if said is not None and said not in GROUPS:
        problems.add(node.mark, f"flag is {fields.describe(node)}", f"write {' or '.join(GROUPS)}")
    return said


def _indicator(name: str, node: Node, problems: Problems) -> float | None:
    """Read an indicator: of a size that can be meant, and above zero where it is taken in logarithms."""
    indicator = INDICATORS[name]
    usual = f"{group_medians('other')[name]:g}"
    value = fields.number(node, name, indicator.unit, problems, usual)
    if value is None:
        return None
    if indicator.scale == "ln" and not value > 0:
        problems.add(
            node.mark, f"{name} is {value}, but its logarithm is taken", f"write a number above 0 ({indicator.unit})"
        )
        return None
    if abs(value) > LARGEST or (indicator.scale == "ln" and value < 1 / LARGEST):
        problems.add(node.mark, f"{name} is {value:g}", f"write a number nearer to {usual}")
        return None
    return float(value)


def _environment(name: str, node: Node, problems: Problems) -> float | None:
    value = fields.parameter_value(PARAMETERS[f"environment.{name}"], node, problems)
    return None if value is None or isinstance(value, str) else float(value)
