"""The ``policies`` of a scenario file: read and checked one by one, then fitted to horizon and regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from coworksim.files import fields
from coworksim.files.errors import Mark, Problems, echo, nearest
from coworksim.files.region_reader import LONGEST_NAME
from coworksim.files.yaml_reader import Broken, Listing, Node, Table
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.policies import AWARDS, KINDS, LEVERS, WHERE
from coworksim.model.policy import CURRICULUM, LIMITS, MOST_POLICIES, Eligibility, Policy, keys_of
from coworksim.model.scenario import GROUPS, Region

#: Keys of a policy and what they are for.
POLICY_KEYS: Final = {
    "name": "name of the policy, its own within the scenario; alternatives of one name draw the same lots and hassle",
    "kind": "; ".join(f"{name}: {kind.meaning}" for name, kind in KINDS.items()),
    **{name: lever.meaning for name, lever in LEVERS.items()},
    "where": "; ".join(f"{where}: {meaning}" for where, meaning in WHERE.items()),
    "curriculum": "technical-digital skills that are taught; by default all, as the occupation weighs them",
    "start": "week since the opening in which it begins",
    "end": "week since the opening in which it is over, or one may no longer apply; by default the end of the run",
    "budget": "what may be promised or spent in all, in whole pence",
    "number": "the most people who get it; by default as many as the budget allows",
    "award": "; ".join(f"{award}: {meaning}" for award, meaning in AWARDS.items()),
    "window": "weeks from the start in which a lottery, or an award by means, takes applications",
    "lag": "weeks from award to first payment",
    "redeem": "weeks after the lag in which an award must be used for the first time",
    "eligible": "conditions that an applicant must meet, all of them; of what nobody applies for, the regions",
}
#: Keys of ``eligible`` and what they are for.
ELIGIBLE_KEYS: Final = {
    "career_below": "years of career, fewer than",
    "career_from": "years of career, at least",
    "income_below": "smoothed income, less than",
    "occupations": "only these occupations",
    "statuses": "only these statuses",
    "regions": "only these regions, by name or flag",
    "non_members": "true: only those who are not members of a space",
}
#: Keys that no policy may leave out, and what to write.
NEEDED: Final = {
    "name": "its name",
    "kind": f"kind: {' or kind: '.join(list(KINDS)[:2])}, or another",
    "budget": "what may be promised or spent in all, such as budget: 30000 GBP",
}
_EXAMPLES: Final = {
    **{name: lever.example for name, lever in LEVERS.items()},
    "end": 104,
    "budget": 30000,
    "number": 40,
    "career_below": 5,
    "career_from": 5,
    "income_below": 400,
}
#: Keys in pounds, and keys of other numbers that need not be whole.
MONEY: Final = (*(name for name, lever in LEVERS.items() if lever.form == "money"), "budget")
REAL: Final = (
    *(name for name, lever in LEVERS.items() if lever.form == "real"),
    "career_below",
    "career_from",
    "income_below",
)
#: Keys that take a name out of a list.
_CHOICES: Final = {"kind": KINDS, "award": AWARDS, "where": WHERE}
#: Weeks in which a lottery takes applications, unless it says so itself.
WINDOW: Final = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy as a file says it; ``end`` may be open, and ``regions`` are not yet known to exist."""

    said: Mapping[str, Any]
    regions: tuple[tuple[str, Mark], ...]


def read_policy_list(node: Node, name: str, problems: Problems) -> tuple[Draft, ...] | None:
    """Read all policies of a file; None when any of them is refused. An empty list is one without policies."""
    if isinstance(node, Listing) and not node.items:
        return ()
    before = len(problems)
    drafts: dict[str, Draft] = {}
    nodes = fields.items(node, name, "- name: Vouchers", problems)
    if len(nodes) > MOST_POLICIES:
        problems.add(node.mark, f"{len(nodes)} policies", f"write at most {MOST_POLICIES}")
    for item in nodes[:MOST_POLICIES]:
        draft = _policy(item, problems)
        if draft and draft.said["name"] in drafts:
            problems.add(item.mark, f"a second policy called {echo(draft.said['name'])}", "give it a name of its own")
        if draft:
            drafts[draft.said["name"]] = draft
    return tuple(drafts.values()) if drafts and len(problems) == before else None


def _policy(node: Node, problems: Problems) -> Draft | None:
    """Read one policy; None when refused."""
    before = len(problems)
    entries = {e.key.text: e.value for e in fields.known_entries(node, POLICY_KEYS, "a policy", problems)}
    said = {key: _value(key, value, problems) for key, value in entries.items()}
    if not isinstance(node, Table) or len(problems) > before or any(isinstance(v, Broken) for v in entries.values()):
        return None
    marks = {key: value.mark for key, value in entries.items()}
    for found in (_missing(said), _contradictions(said)):
        for key, what, write in found:
            problems.add(marks.get(key, node.mark), what, write)
    if len(problems) > before:
        return None
    if said.get("award", "first-come") != "first-come":
        said.setdefault("window", WINDOW)
    return Draft(said, said.get("eligible", {}).pop("regions", ()))


type _Found = Iterator[tuple[str, str, str]]


def _missing(said: Mapping[str, Any]) -> _Found:
    """Say what a policy leaves open: (key, what was found, what to write)."""
    for key, write in NEEDED.items():
        if key not in said:
            yield key, f"a policy without {key}", f"write {write}"
    if "kind" not in said:
        return
    kind, about = said["kind"], KINDS[said["kind"]]
    for key in (*about.needs, *(["months"] if about.is_award else [])):
        if key not in said:
            yield key, f"{_a(kind)} without {key}", f"write {_example(key)}"
    if about.one_of and not said.keys() & set(about.one_of):
        yield "kind", f"{_a(kind)} that does nothing", f"write any of {', '.join(map(_example, about.one_of))}"


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'ae' else 'a'} {kind}"


def _example(key: str) -> str:
    lever = LEVERS[key]
    return f"{key}: {lever.example:g} {lever.unit} ({lever.meaning})"


def _contradictions(said: Mapping[str, Any]) -> _Found:
    """Say what in a policy does not go together: (key, what was found, what to write)."""
    if "kind" in said:
        yield from _of_kind(said)
    once = said.get("award", "first-come") != "first-come"
    if "window" in said and not once:
        yield "window", "window with first-come awards", "write award: lottery or award: means, or leave window out"
    start, window = said.get("start", 0), said.get("window", WINDOW) if once else 0
    if "end" in said and said["end"] <= start:
        yield "end", f"end is {said['end']}, not after start ({start})", "write a later week, or leave end out"
    elif "end" in said and said["end"] < start + window:
        what = f"applications are taken for {window} weeks from week {start}, beyond end ({said['end']})"
        yield "window" if "window" in said else "end", what, "write a shorter window or a later end"
    eligible = said.get("eligible", {})
    low, high = eligible.get("career_from") or 0.0, eligible.get("career_below")
    if high is not None and low >= high:
        what = f"nobody has a career from {low:g} and below {high:g} years"
        yield "eligible", what, "write a career_from below career_below"


def _of_kind(said: Mapping[str, Any]) -> _Found:
    """Say what does not go together with the kind of policy."""
    kind, allowed = said["kind"], keys_of(said["kind"])
    for key in said:
        if key not in allowed:
            kinds = " or ".join(name for name in KINDS if key in keys_of(name))
            yield key, f"{key} in {_a(kind)}", f"leave it out; it belongs to {kinds}"
    if not KINDS[kind].is_award and said.get("eligible", {}).keys() - {"regions"}:
        yield "eligible", f"conditions on people in {_a(kind)}, for which nobody applies", "write regions only"
    yield from KINDS[kind].contradictions(said)


def _value(key: str, node: Node, problems: Problems) -> Any:
    """Read the value of one key of a policy."""
    if key == "name":
        return fields.text(node, key, problems, LONGEST_NAME)
    if key in _CHOICES:
        return fields.one_of(node, key, _CHOICES[key], problems)
    if key == "curriculum":
        return _names(node, key, CURRICULUM, "skill", problems)
    if key == "eligible":
        found = fields.known_entries(node, ELIGIBLE_KEYS, key, problems)
        conditions = {e.key.text: _condition(e.key.text, e.value, problems) for e in found}
        return {name: value for name, value in conditions.items() if value is not None}
    low, high, unit = LIMITS[key]
    if key in MONEY:
        return fields.money(node, key, unit, int(high), problems, _EXAMPLES[key])
    if key in REAL:
        return fields.real(node, key, unit, (low, high), problems, _EXAMPLES[key])
    return fields.whole(node, key, unit, (least(key), int(high)), problems, _EXAMPLES.get(key, 8))


def least(key: str) -> int:
    """Return the least whole number that a file may give; a lottery needs a window."""
    return 1 if key == "window" else int(LIMITS[key][0])


def _condition(key: str, node: Node, problems: Problems) -> Any:
    """Read the value of one key of ``eligible``."""
    if key == "non_members":
        return fields.switch(node, key, problems, "write true or false")
    if key == "regions":
        listed = fields.items(node, key, f"[{', '.join(GROUPS)}]", problems)
        found = [(fields.text(item, "a region", problems, LONGEST_NAME), item.mark) for item in listed]
        return tuple(fields.distinct(found, "region", problems))
    if key in ("occupations", "statuses"):
        known, what = (OCCUPATIONS, "occupation") if key == "occupations" else (STATUSES, "status")
        return _names(node, key, known, what, problems)
    low, high, unit = LIMITS[key]
    return fields.real(node, key, unit, (low, high), problems, _EXAMPLES[key])


def _names(node: Node, key: str, known: Sequence[str], what: str, problems: Problems) -> tuple[str, ...]:
    """Read a list of distinct names out of ``known``."""
    listed = fields.items(node, key, f"[{', '.join(known[:2])}]", problems)
    named = [(fields.one_of(item, what, known, problems), item.mark) for item in listed]
    return tuple(name for name, _ in fields.distinct(named, what, problems))


def fit(drafts: Sequence[Draft], weeks: int, regions: Sequence[Region], problems: Problems) -> tuple[Policy, ...]:
    """Make policies of what files say: open ends are set to the horizon of ``weeks``, regions must exist.

    Where the horizon comes before the start, or before awards are drawn, an open end follows these instead.
    """
    for draft in drafts:
        for name, mark in draft.regions:
            _check_region(name, mark, regions, problems)
    return tuple(_fitted(draft, weeks) for draft in drafts) if not problems else ()


def _fitted(draft: Draft, weeks: int) -> Policy:
    said = dict(draft.said)
    eligible = Eligibility(**said.pop("eligible", {}), regions=tuple(name for name, _ in draft.regions))
    least = said.get("start", 0) + max(said.get("window", 0), 1)
    return Policy(**{"end": max(weeks, least), **said}, eligible=eligible)


def _check_region(name: str, mark: Mark, regions: Sequence[Region], problems: Problems) -> None:
    """Refuse what is neither flag nor name of a region, or is both and means different regions."""
    known = dict.fromkeys([*GROUPS, *(region.name for region in regions)])
    if name not in known:
        close = nearest(name, known)
        write = f"write {close}" if close else f"write {', '.join(GROUPS)} or the name of a region of this scenario"
        problems.add(mark, f"no region or flag {echo(name)} is in this scenario", write)
    elif any(name == region.name != region.flag for region in regions) and name in GROUPS:
        what = f"{name} is both a flag and the name of a region with another flag"
        problems.add(mark, what, "give that region another name")
