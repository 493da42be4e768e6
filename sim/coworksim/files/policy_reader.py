"""Policies, as a scenario or a file of its own has them: read and checked, then fitted to horizon and regions.

A file of policies, which can be added to any scenario, is a part of a scenario file: its first line is a comment with
the question, and it has ``policies:`` as a scenario has them. An arm, as a user names it, is such a file, a policy of
the scenario, or the scenario's policies as declared.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from coworksim.files import built_in, fields
from coworksim.files.built_in import called, data_folder, is_path
from coworksim.files.errors import InputError, Mark, Problems, echo, nearest, printable, tell
from coworksim.files.plausibility import warnings_of
from coworksim.files.region_reader import LONGEST_NAME
from coworksim.files.yaml_reader import MOST_BYTES, Listing, Node, Table, decode, first_comment, parse, read_bytes
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.policies import AWARDS, KINDS, LEVERS, WHERE
from coworksim.model.policy import CURRICULUM, LIMITS, MOST_POLICIES, Eligibility, Policy, keys_of
from coworksim.model.scenario import GROUPS, Region, Scenario

#: Keys of a file of policies and what they are for.
FILE_KEYS: Final = {"name": "what the policies are called together", "policies": "the policies; none of them: []"}
#: Keys of a policy and what they are for.
POLICY_KEYS: Final = {
    "name": "name of the policy, its own within the scenario; alternatives of one name draw the same lots and hassle",
    "kind": "; ".join(f"{name}: {kind.meaning}" for name, kind in KINDS.items()),
    **{name: lever.meaning for name, lever in LEVERS.items()},
    "where": "; ".join(f"{where}: {meaning}" for where, meaning in WHERE.items()),
    "curriculum": "technical-digital skills that are taught; by default all, as the occupation weighs them",
    "start": "week since the start in which it begins",
    "end": "week since the start in which it is over, or one may no longer apply; by default the end of the run",
    "budget": "what may be promised or spent in all, in whole pence",
    "number": "the most people who get it; by default as many as the budget allows",
    "award": "; ".join(f"{award}: {meaning}" for award, meaning in AWARDS.items()),
    "window": "weeks from the start in which a lottery, or an award by means, takes applications",
    "lag": "weeks from award to first payment",
    "redeem": "weeks after the lag in which an award must be used for the first time",
    "through_spaces": "true: open spaces tell of it whoever looks at them",
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
    "away_months": "with non_members: months in which they were no members either",
}
#: Keys that no policy may leave out, and what to write.
NEEDED: Final = {
    "name": "its name",
    "kind": f"kind: {' or kind: '.join(list(KINDS)[:2])}, or another",
    "budget": "what may be promised or spent in all, such as budget: 30000 GBP",
}
_CONDITIONS: Final = {"career_below": 5, "career_from": 5, "income_below": 400}
_OTHERS: Final = {**_CONDITIONS, "end": 104, "budget": 30000, "number": 40}
_EXAMPLES: Final[dict[str, float]] = {**{name: lever.example for name, lever in LEVERS.items()}, **_OTHERS}
#: Keys in pounds, and keys of other numbers that need not be whole.
MONEY: Final = (*(name for name, lever in LEVERS.items() if lever.form == "money"), "budget")
REAL: Final = (*(name for name, lever in LEVERS.items() if lever.form == "real"), *_CONDITIONS)
#: Keys that are true or false.
SWITCHES: Final = ("non_members", "through_spaces")
#: Keys that take a name out of a list, and those that take several: the names, and what one of them is called.
CHOICES: Final = {"kind": KINDS, "award": AWARDS, "where": WHERE}
LISTS: Final = {
    "curriculum": (CURRICULUM, "skill"),
    "occupations": (OCCUPATIONS, "occupation"),
    "statuses": (STATUSES, "status"),
}
#: Weeks in which a lottery takes applications, unless it says so itself.
WINDOW: Final = 8
#: The name of the arm with the scenario's own policies.
AS_DECLARED: Final = "as-declared"


class Draft(NamedTuple):
    """A policy as a file says it; ``end`` may be open, and ``regions`` are not yet known to exist."""

    said: Mapping[str, Any]
    regions: tuple[tuple[str, Mark], ...]


def read_policy_list(node: Node, name: str, problems: Problems) -> tuple[Draft, ...] | None:
    """Read all policies of a file; None when any of them is refused. An empty list is one without policies."""
    if isinstance(node, Listing) and not node.items:
        return ()
    return fields.named(node, ("policy", "policies", MOST_POLICIES, "- name: Vouchers"), name, _policy, problems)


def _policy(node: Node, problems: Problems) -> tuple[str, Draft] | None:
    """Read one policy with its name; None when refused."""
    said = fields.mapping(node, POLICY_KEYS, "a policy", _value, problems)
    if said is None or not isinstance(node, Table):
        return None
    before, marks = len(problems), {entry.key.text: entry.value.mark for entry in node.entries}
    for found in (_missing(said), _contradictions(said)):
        for key, what, write in found:
            problems.add(marks.get(key, node.mark), what, write)
    if len(problems) > before:
        return None
    if said.get("award", "first-come") != "first-come":
        said.setdefault("window", WINDOW)
    return said["name"], Draft(said, said.get("eligible", {}).pop("regions", ()))


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
    if eligible.get("away_months") and not eligible.get("non_members"):
        yield "eligible", "away_months of members", "write non_members: true beside it"


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
    """Read the value of one key of a policy, or of ``eligible`` in it."""
    if key == "name":
        return fields.text(node, key, problems, LONGEST_NAME)
    if key in CHOICES:
        return fields.one_of(node, key, CHOICES[key], problems)
    if key in LISTS:
        known, what = LISTS[key]
        listed = fields.items(node, key, f"[{', '.join(known[:2])}]", problems)
        found = [(fields.one_of(item, what, known, problems), item.mark) for item in listed]
        return tuple(name for name, _ in fields.distinct(found, what, problems))
    if key == "eligible":
        return fields.mapping(node, ELIGIBLE_KEYS, key, _value, problems) or {}
    if key == "regions":
        listed = fields.items(node, key, f"[{', '.join(GROUPS)}]", problems)
        found = [(fields.text(item, "a region", problems, LONGEST_NAME), item.mark) for item in listed]
        return tuple(fields.distinct(found, "region", problems))
    if key in SWITCHES:
        return fields.switch(node, key, problems, "write true or false")
    low, high, unit = LIMITS[key]
    if key in MONEY:
        return fields.money(node, key, unit, int(high), problems, _EXAMPLES[key])
    if key in REAL:
        return fields.real(node, key, unit, (low, high), problems, _EXAMPLES[key])
    return fields.whole(node, key, unit, (least(key), int(high)), problems, _EXAMPLES.get(key, 8))


def least(key: str) -> int:
    """Return the least whole number that a file may give; a lottery needs a window."""
    return 1 if key == "window" else int(LIMITS[key][0])


def fit(drafts: Sequence[Draft], weeks: int, regions: Sequence[Region], problems: Problems) -> tuple[Policy, ...]:
    """Make policies of what files say: open ends are set to the horizon of ``weeks``, regions must exist.

    Where the horizon comes before the start, or before awards are drawn, an open end follows these instead.
    """
    for draft in drafts:
        for name, mark in draft.regions:
            _check_region(name, mark, regions, problems)
    fitted = []
    for draft in drafts if not problems else ():
        said = dict(draft.said)
        eligible = Eligibility(**said.pop("eligible", {}), regions=tuple(name for name, _ in draft.regions))
        least_end = said.get("start", 0) + max(said.get("window", 0), 1)
        fitted.append(Policy(**{"end": max(weeks, least_end), **said}, eligible=eligible))
    return tuple(fitted)


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


def read_policy_files(names: Sequence[str | Path], problems: Problems) -> Iterator[tuple[Mark, Draft]]:
    """Read policies by built-in name or by path: each with the place of its file."""
    for name in names:
        mark = Mark(printable(str(name)))
        path: Path | None = Path(name)
        if not is_path(name):
            path = built_in.find(str(name), mark, problems, built_in.built_in_policies(), "policy")
        shown = called(name)
        drafts = _file(path, shown, mark, problems, named=True) if path else None
        yield from ((Mark(shown, 1, 1), draft) for draft in drafts or ())


def _file(path: Path, shown: str, asked: Mark, problems: Problems, *, named: bool) -> tuple[Draft, ...] | None:
    """Read a file of policies, which must have a name where it is ``named``; None when refused."""
    data = read_bytes(path, shown, asked, MOST_BYTES, problems)
    content = None if data is None else decode(data, shown, problems)
    if content is None:
        return None
    top = Mark(shown, 1, 1)
    if first_comment(content) is None:
        problems.add(top, "the first line is no comment", "write there, after #, which question the policies answer")
    before = len(problems)
    write = "write name and policies" if named else "write policies: and at least one"
    tree = parse(content, shown, problems)
    if tree is None:
        if len(problems) == before:
            problems.add(top, "no policies are in this file" if named else "the file is empty", write)
        return None
    nodes = {e.key.text: e.value for e in fields.known_entries(tree, FILE_KEYS, "a file of policies", problems)}
    for key in FILE_KEYS if named else ("policies",):
        if key not in nodes and len(problems) == before:
            found = f"a file of policies without {key}" if named else "the file has no policies"
            problems.add(tree.mark if named else top, found, write)
    if "name" in nodes:
        fields.text(nodes["name"], "name", problems, LONGEST_NAME)
    return read_policy_list(nodes["policies"], "policies", problems) if "policies" in nodes else None


def read_arms(names: Sequence[str], scenario: Scenario) -> Mapping[str, tuple[Policy, ...]]:
    """Return the arms by name, those of files by the name of the file. Raises InputError with every problem.

    No names at all stand for the scenario's policies as declared.
    """
    problems, found = Problems(), dict[str, tuple[Policy, ...]]()
    for name in names or (AS_DECLARED,):
        label = printable(Path(name).stem if is_path(name) else name)
        policies = _arm(name, scenario, problems)
        if label in found:
            problems.add(Mark("--policy"), f"a second arm called {echo(label)}", "name each once")
        elif policies is not None:
            found[label] = policies
    if problems:
        raise InputError(problems.listed())
    tell(warnings_of(scenario, found.values(), beside=True))
    return found


def _arm(name: str, scenario: Scenario, problems: Problems) -> tuple[Policy, ...] | None:
    """Return the policies that a name stands for, or note why there are none."""
    own = {policy.name: policy for policy in scenario.policies}
    ready = {path.stem: path for path in sorted((data_folder() / "policies").glob("*.yaml"))}
    if name == AS_DECLARED and own:
        return scenario.policies
    if name in own and not is_path(name):
        return (own[name],)
    if is_path(name) or name in ready:
        path, shown = Path(name) if is_path(name) else ready[name], called(name)
        drafts = _file(path, shown, Mark(shown), problems, named=False)
        return None if drafts is None else fit(drafts, scenario.weeks, scenario.regions, problems)
    known = ([AS_DECLARED] if own else []) + [*own, *ready]
    close = nearest(name, known)
    write = f"write {close}" if close else f"write {', '.join(known)} or the path of a file that ends in .yaml"
    what = f"scenario {scenario.name} has no policies" if name == AS_DECLARED else f"no policy is called {echo(name)}"
    problems.add(Mark("--policy"), what, write)
    return None
