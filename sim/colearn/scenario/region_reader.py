"""The ``regions`` of a scenario file: from entries such as ``{like: TLC12, people: 500}`` to resolved regions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from colearn.quantities import QUANTITIES
from colearn.quantities.regions import FIELDS, INDICATORS
from colearn.scenario import fields
from colearn.scenario.frame import FRAMES
from colearn.scenario.problems import Mark, Problems, echo, nearest
from colearn.scenario.regions import GROUPS, group_medians, real_regions
from colearn.scenario.scenario import MOST_PEOPLE, MOST_SPACES, Region
from colearn.scenario.yaml_reader import Broken, Node, Scalar, Table

__all__ = ["LONGEST_NAME", "REGION_KEYS", "WHOLE", "read_region_list"]

#: Keys of a region and what they are for.
REGION_KEYS: Final = {
    "name": "name of the region; of a real region by default its own",
    "like": "whose indicators to take: the code of an ITL-3 region, or the medians of left-behind or other regions",
    "spaces": "coworking spaces in the region",
    "people": "potential users; by default spaces times catchment",
    "flag": "left-behind or other, for the analysis only; by default that of the regions it is like",
    "indicators": "indicators that differ from those of the regions it is like",
    "environment": "environment fields set outright, whatever the indicators say",
}
#: Whole-number keys of a region: (default, least, most, unit).
WHOLE: Final = {"spaces": (1, 0, MOST_SPACES, "spaces"), "people": (None, 1, MOST_PEOPLE, "people")}
MOST_REGIONS: Final = 2**10
LONGEST_NAME: Final = 100
EXAMPLE: Final = f"- like: left-behind, or {' or '.join(FRAMES)}"
#: Largest size of an indicator, and the inverse of the least one of those taken in logarithms.
LARGEST: Final = 1e12


class _Like(NamedTuple):
    """The region or group that an entry resembles."""

    name: str
    code: str | None
    flag: str
    indicators: Mapping[str, float]


def read_region_list(node: Node, name: str, problems: Problems) -> tuple[Region, ...] | str | None:
    """Read all regions of a file, or the name of a frame that gives them; None when any of them is refused."""
    if isinstance(node, Scalar) and node.text in FRAMES:
        return node.text
    before = len(problems)
    regions: list[Region] = []
    nodes = fields.items(node, name, EXAMPLE, problems)
    if len(nodes) > MOST_REGIONS:
        problems.add(node.mark, f"{len(nodes)} regions", f"write at most {MOST_REGIONS}")
    for item in nodes[:MOST_REGIONS]:
        region = _region(item, problems)
        if region and region.name in {known.name for known in regions}:
            problems.add(item.mark, f"a second region called {echo(region.name)}", "give it a name of its own")
        if region:
            regions.append(region)
    return tuple(regions) if regions and len(problems) == before else None


def _region(node: Node, problems: Problems) -> Region | None:
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
    given["indicators"] = {**(like.indicators if like else {}), **said.get("indicators", {})}
    if like:
        given = {"name": like.name, "flag": like.flag, **given, "code": like.code}
        del given["like"]
    return Region(**given)


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
    if key in WHOLE:
        default, low, high, unit = WHOLE[key]
        return fields.whole(node, key, unit, (low, high), problems, default or 500)
    if key == "name":
        return fields.text(node, key, problems, LONGEST_NAME)
    if key == "like":
        return _like(node, problems)
    if key == "flag":
        return _flag(node, problems)
    known = INDICATORS if key == "indicators" else FIELDS
    one = _indicator if key == "indicators" else _environment
    found = {e.key.text: one(e.key.text, e.value, problems) for e in fields.known_entries(node, known, key, problems)}
    return {name: value for name, value in found.items() if value is not None}


def _like(node: Node, problems: Problems) -> _Like | None:
    said = fields.text(node, "like", problems)
    if said is None:
        return None
    if said in GROUPS:
        return _Like(said, None, said, group_medians(said))
    if real := real_regions().get(said):
        return _Like(real.name, real.code, real.flag, real.indicators)
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
    from colearn.scenario.reader import quantity_value

    value = quantity_value(QUANTITIES[f"environment.{name}"], node, problems)
    return None if value is None or isinstance(value, str) else float(value)
