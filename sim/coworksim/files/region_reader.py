"""The ``regions`` of a scenario file: from entries such as ``{like: TLC12, people: 500}`` to resolved regions."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from coworksim.files import fields
from coworksim.files.area_codes import advice
from coworksim.files.errors import Mark, Problems, echo, nearest
from coworksim.files.indicators import USERS_PER_SPACE, Indicators
from coworksim.files.uk_regions import FRAMES, RULES, USERS_BY, ReadBy, RealRegion, group_medians, real_regions
from coworksim.files.yaml_reader import Listing, Node, Scalar, Table
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS, OUTSIDE_ACCESS
from coworksim.model.scenario import GROUPS, MOST_GAP, MOST_PEOPLE, MOST_SPACES, Region, Space

#: Keys of a region and what they are for.
REGION_KEYS: Final = {
    "name": "name of the region; of a real region by default its own",
    "like": "whose indicators to take: the code of an ITL-3 region, or the medians of left-behind or other regions",
    "code": "code of the region, for tables and charts; its noise follows it; of a real region by default its own",
    "spaces": "coworking spaces in the region: how many, or a list with what is known of each",
    "people": "potential users; by default spaces times catchment",
    "flag": "left-behind or other, for the analysis only; by default that of the regions it is like",
    "flags": "left-behind or other by each rule of the flag, for surveys; by default those of the region it is like",
    "indicators": "indicators that differ from those of the regions it is like",
    "environment": "environment fields set outright, whatever the indicators say",
    "gaps": "indicators without a figure for this region, each with the spread (sd of ln) of the figures that stand in",
    "editions": "indicators of a newer edition, with its year",
}
#: Keys of a space in the list of a region and what they are for.
SPACE_KEYS: Final = {
    "name": "name of the space",
    "desks": "desks at its opening; by default space.desks",
    "price": "price of a hot desk as members pay it; by default space.price times the regional price level",
    "cluster": "whether it lies in a microcluster of the region, true or false; by default drawn",
    "opened": "day on which it opened or will open (YYYY-MM-DD); by default before week 0, with an age that is drawn",
    "closed": "day on which it closed or will close (YYYY-MM-DD); by default the model says when",
}
#: Keys of tables and what they are for; paths are relative to the scenario file, and stay in its folder.
TABLE_KEYS: Final = {
    "table": "file (CSV) with one row a region, in the columns of uk_itl3.csv; by default the 179 ITL-3 regions",
    "spaces": "file (CSV) with one row a space; by default each region of the table has one",
    "editions": "file (CSV) with newer figures of regions: code, year, and any columns of figures",
}
#: Whole-number keys of a region: (default, least, most, unit).
WHOLE: Final = {"spaces": (1, 0, MOST_SPACES, "spaces"), "people": (None, 1, MOST_PEOPLE, "people")}
MOST_REGIONS: Final = 2**10
LONGEST_NAME: Final = 100
EXAMPLE: Final = f"- like: left-behind, or {' or '.join(FRAMES)}, or the tables {{table: FILE.csv}}"
#: Largest size of an indicator, and the inverse of the least one of those taken in logarithms.
LARGEST: Final = 1e12


class Listed(NamedTuple):
    """A region of a list, what it is like, and what is settled later: by the rule of the flag, and who is a user."""

    region: Region
    like: RealRegion | str | None
    by_rule: bool
    by_users: bool

    def resolved(self, read_by: ReadBy) -> Region:
        """Return the region by what is chosen elsewhere in the scenario."""
        region, update = self.region, dict[str, Any]()
        if self.by_rule:
            update["flag"] = region.flags[read_by.rule]
        if self.by_users and self.like is not None and read_by.users_by != USERS_BY:
            values, gaps = _indicators_of(self.like, read_by.users_by)
            update["indicators"] = MappingProxyType({**region.indicators, USERS_PER_SPACE: values[USERS_PER_SPACE]})
            kept = {name: gap for name, gap in region.gaps.items() if name != USERS_PER_SPACE}
            newer = {name: gap for name, gap in gaps.items() if name == USERS_PER_SPACE}
            update["gaps"] = MappingProxyType({**kept, **newer})
        return region.model_copy(update=update)


@dataclass(frozen=True, slots=True)
class Tables:
    """The files that a scenario names instead of a list, in the folder of the scenario file."""

    table: Scalar | None
    spaces: Scalar | None
    editions: Scalar | None = None
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
    return fields.named(node, ("region", "regions", MOST_REGIONS, EXAMPLE), name, _region, problems)


def _tables(node: Table, name: str, problems: Problems) -> Tables | None:
    def path(key: str, value: Node, problems: Problems) -> Scalar | None:
        given = fields.text(value, f"{name}.{key}", problems) is not None
        return value if given and isinstance(value, Scalar) else None

    found = fields.mapping(node, TABLE_KEYS, name, path, problems)
    if found == {}:
        problems.add(node.mark, f"{name} names no tables", "write {table: FILE.csv} or {spaces: FILE.csv} or both")
    return Tables(found.get("table"), found.get("spaces"), found.get("editions")) if found else None


def _region(node: Node, problems: Problems) -> tuple[str, Listed] | None:
    """Read one region with its name; None when refused."""
    said = fields.mapping(node, REGION_KEYS, "a region", _value, problems)
    if said is None:
        return None
    before, like, own = len(problems), said.pop("like", None), said.get("indicators", {})
    _check_complete(node.mark, said, like, problems)
    if len(problems) > before:
        return None
    given: dict[str, Any] = {"spaces": WHOLE["spaces"][0]}
    values, gaps = _indicators_of(like, USERS_BY) if like is not None else Indicators({}, {})
    if isinstance(like, RealRegion):
        open_gaps = {name: gap for name, gap in gaps.items() if name not in own}
        given |= {"name": like.name, "flag": like.flag, "code": like.code, "gaps": open_gaps}
        given |= {} if "flag" in said else {"flags": like.flags}
    elif like is not None:
        given |= {"name": like, "flag": like}
    given |= said
    if isinstance(given["spaces"], tuple):
        given |= {"spaces": len(given["spaces"]), "own_spaces": given["spaces"]}
    given["indicators"] = {**values, **own}
    region = Region(**given)
    by_rule, by_users = isinstance(like, RealRegion) and "flag" not in said, USERS_PER_SPACE not in own
    return region.name, Listed(region, like, by_rule, by_users and "gaps" not in said)


def _indicators_of(like: RealRegion | str, users_by: str) -> Indicators:
    """Return the indicators of a region, or the medians of a group, for which nothing is drawn."""
    return like.by_users[users_by] if isinstance(like, RealRegion) else Indicators(group_medians(like, users_by), {})


def _check_complete(mark: Mark, said: Mapping[str, Any], like: RealRegion | str | None, problems: Problems) -> None:
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
        return fields.one_of(node, key, GROUPS, problems)
    if key == "flags":
        return _flags(node, key, problems)
    known, read = _MAPPINGS[key]
    return fields.mapping(node, known, key, read, problems) or {}


def _flags(node: Node, key: str, problems: Problems) -> dict[str, str]:
    """Read the flag by each rule: all of them, or the others would be without."""
    found = fields.mapping(node, RULES, key, lambda rule, by, told: fields.one_of(by, rule, GROUPS, told), problems)
    if found is not None and set(found) != set(RULES):
        problems.add(node.mark, f"{key} leaves a rule out", f"write one for each of {', '.join(RULES)}")
    return found or {}


def _spaces(node: Listing, problems: Problems) -> tuple[Space, ...] | None:
    """Read the spaces of a region one by one; None when any is refused."""

    def value(key: str, node: Node, problems: Problems) -> Any:
        if key == "name":
            return fields.text(node, key, problems, LONGEST_NAME)
        if key == "cluster":
            return fields.switch(node, key, problems, "write true or false")
        if key in ("opened", "closed"):
            return fields.date(node, key, problems)
        return fields.parameter_value(PARAMETERS[f"space.{key}"], node, problems, key)

    def dated(item: Node) -> dict[str, Any] | None:
        said = fields.mapping(item, SPACE_KEYS, "a space", value, problems)
        if said is not None and "opened" in said and "closed" in said and said["closed"] <= said["opened"]:
            problems.add(item.mark, "this space closes before it has opened", "write a later day")
            return None
        return said

    if len(node.items) > MOST_SPACES:
        problems.add(node.mark, f"{len(node.items)} spaces", f"write at most {MOST_SPACES}")
    listed = fields.items(node, "spaces", "- desks: 40, or how many there are", problems)[:MOST_SPACES]
    found = [dated(item) for item in listed]
    names = [said.get("name") for said in found if said is not None]
    for name in sorted({name for name in names if name is not None and names.count(name) > 1}):
        problems.warn(node.mark, f"the space {echo(name)} is listed more than once")
    return tuple(Space(**said) for said in found if said is not None) or None


def _like(node: Node, problems: Problems) -> RealRegion | str | None:
    """Read the region or the group that a region resembles."""
    said = fields.text(node, "like", problems)
    if said is None or said in GROUPS:
        return said
    if real := real_regions().get(said):
        return real
    group = nearest(said, GROUPS)
    write = f"write {group}" if group else advice(said, real_regions(), "the UK") + "; or left-behind, or other"
    problems.add(node.mark, f"no region {echo(said)} is known", write)
    return None


def _indicator(name: str, node: Node, problems: Problems) -> float | None:
    """Read an indicator: of a size that can be meant, and above zero where it is taken in logarithms."""
    indicator = INDICATORS[name]
    usual = f"{group_medians('other')[name]:g}"
    value = fields.number(node, name, indicator.unit, problems, usual)
    if value is None:
        return None
    if indicator.scale == "ln" and not value > 0:
        write = f"write a number above 0 ({indicator.unit})"
        problems.add(node.mark, f"{name} is {value}, but its logarithm is taken", write)
    elif abs(value) > LARGEST or (indicator.scale == "ln" and value < 1 / LARGEST):
        problems.add(node.mark, f"{name} is {value:g}", f"write a number nearer to {usual}")
    return float(value)


def _environment(name: str, node: Node, problems: Problems) -> float | None:
    value = fields.parameter_value(PARAMETERS[f"environment.{name}"], node, problems)
    return None if value is None or isinstance(value, str) else float(value)


def _gap(name: str, node: Node, problems: Problems) -> float | None:
    """Read the spread of a figure that is missing."""
    value = fields.number(node, name, "", problems, "0.2")
    if value is not None and not 0.0 <= value <= MOST_GAP:
        problems.add(node.mark, f"the gap of {name} is {value}", f"write a spread from 0 to {MOST_GAP:g}")
        return None
    return None if value is None else float(value)


def _edition(name: str, node: Node, problems: Problems) -> str | None:
    return fields.text(node, name, problems, LONGEST_NAME)


#: Keys whose value is a mapping: what it may name, and how each value is read.
_MAPPINGS: Final[Mapping[str, tuple[Collection[str], Callable[[str, Node, Problems], Any]]]] = {
    "indicators": (INDICATORS, _indicator),
    "environment": ((*FIELDS, OUTSIDE_ACCESS), _environment),
    "gaps": (INDICATORS, _gap),
    "editions": (INDICATORS, _edition),
}
