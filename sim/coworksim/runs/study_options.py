"""What a study file asks for, key by key: which outcomes and how sure, and what is done in each arm.

An arm is ``{name: vouchers, policies: [...]}``, with policies as in a scenario file (none of them: ``[]``), or the
path of a YAML file that holds the two, or the name of ready-made policies (``coworksim scenario policies``).
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from coworksim.files import fields
from coworksim.files.built_in import built_in_policies, called, find, is_path
from coworksim.files.errors import Mark, Problem, Problems, echo
from coworksim.files.policy_reader import fit, read_policy_list
from coworksim.files.region_reader import LONGEST_NAME
from coworksim.files.yaml_reader import MOST_BYTES, Node, Scalar, decode, inside, parse, read_bytes
from coworksim.model.scenario import Scenario
from coworksim.runs.outcomes import ALL_OUTCOMES, OUTCOMES, RATIOS, WITHOUT, is_paired
from coworksim.runs.study import Arm
from coworksim.statistics.factors import Method
from coworksim.statistics.indices import MAIN

MOST_ARMS: Final = 64
MOST_COMBINED: Final = 5
_OF_OUTCOMES: Final = "[members_at_end, gain_sc_in_space], or all"
_OF_ARMS: Final = "[{name: nothing, policies: []}]"
_ARM_KEYS: Final = ("name", "policies")


def retell(told: Iterable[Problem], problems: Problems) -> None:
    """Note what was found by another reading beside what is found in this one."""
    for problem in told:
        found, _, write = problem.message.partition("; ")
        problems.add(Mark(problem.file, problem.line, problem.column), found, write)


# --- what is measured


def read_outcomes(node: Node | None, scenario: Scenario | None, problems: Problems) -> tuple[str, ...]:
    """Read the names; those that compare kinds of regions need both, and all are of one kind."""
    kinds = {region.flag for region in scenario.regions} if scenario is not None else {"", " "}
    if node is None:
        return ()
    if getattr(node, "text", None) == "all":
        return tuple(name for name, outcome in OUTCOMES.items() if len(kinds) > 1 or not outcome.both_kinds)
    listed = fields.items(node, "outcomes", _OF_OUTCOMES, problems)
    named = [(fields.one_of(item, "an outcome", ALL_OUTCOMES, problems), item.mark) for item in listed]
    found = list(fields.distinct(named, "outcome", problems))
    for name, mark in found:
        if ALL_OUTCOMES[name].both_kinds and len(kinds) < 2:
            what = f"{name} compares kinds of regions, and the scenario has one kind"
            problems.add(mark, what, "leave it out, or take another scenario")
        if is_paired(name) is not is_paired(found[0][0]):
            what = f"{name} beside {found[0][0]}, of which one compares worlds and the other does not"
            problems.add(mark, what, "make two studies of it")
    return tuple(name for name, _ in found)


def read_tolerance(node: Node, outcomes: tuple[str, ...], problems: Problems) -> dict[str, float]:
    """Read the half-width that each of some outcomes is wanted with."""
    found: dict[str, float] = {}
    for entry in fields.known_entries(node, outcomes or OUTCOMES, "tolerance", problems):
        name = entry.key.text
        value = fields.number(entry.value, name, ALL_OUTCOMES[name].unit, problems, 0.1)
        if value is not None and value <= 0:
            problems.add(entry.value.mark, f"{name} is {value}", "write a half-width above 0")
        elif value is not None:
            found[name] = float(value)
    return found


def check_arms(outcomes: Sequence[str], arms: Sequence[Arm] | None, mark: Mark, problems: Problems) -> None:
    """Refuse a comparison of worlds without a world to compare with."""
    if not outcomes or not is_paired(outcomes[0]):
        return
    names, without = {arm.name: arm for arm in arms or ()}, f"{{name: {WITHOUT}, policies: []}}"
    if WITHOUT not in names:
        what = f"{outcomes[0]} compares arms with one called {WITHOUT}, and there is none"
        problems.add(mark, what, f"add {without} to arms")
    elif names[WITHOUT].policies:
        problems.add(mark, f"the arm called {WITHOUT} has policies", f"write {without}")
    elif len(names) < 2:
        problems.add(mark, f"no arm but {WITHOUT}", "add an arm with policies")


def check_ratios(outcomes: Sequence[str], method: Method, replicates: int, mark: Mark, problems: Problems) -> None:
    """Refuse ratios where they would be averaged, or where nobody could tell whether the effect is above zero."""
    for name in (name for name in outcomes if name in RATIOS):
        if method.name not in MAIN:
            what = f"{name} is a ratio, which the method {method.name} would average"
            problems.add(mark, what, f"write {RATIOS[name].instead}")
        elif replicates < 2:
            what = f"{name} is a ratio, and one replicate cannot tell whether its effect is above zero"
            problems.add(mark, what, "write replicates: 2 or more")


# --- what is done


def read_arms(node: Node, folder: Path, scenario: Scenario, problems: Problems) -> tuple[Arm, ...]:
    """Read all arms, and fit their policies to the horizon and the regions of the scenario."""
    listed = fields.items(node, "arms", _OF_ARMS, problems)
    if len(listed) > MOST_ARMS:
        problems.add(node.mark, f"{len(listed)} arms", f"write at most {MOST_ARMS}")
    found: dict[str, Arm] = {}
    for item in listed[:MOST_ARMS]:
        tree = _file(item, folder, problems) if isinstance(item, Scalar) else item
        arm = None if tree is None else _arm(tree, scenario, problems)
        if arm is not None and arm.name in found:
            problems.add(item.mark, f"a second arm called {echo(arm.name)}", "give it a name of its own")
        elif arm is not None:
            found[arm.name] = arm
    return tuple(found.values())


def read_combined(node: Node, folder: Path, scenario: Scenario, problems: Problems) -> tuple[Arm, ...]:
    """Read some arms, and make one of every combination of them: first none of them, called ``without``."""
    single = read_arms(node, folder, scenario, problems)
    if not problems and not 2 <= len(single) <= MOST_COMBINED:
        problems.add(node.mark, f"{len(single)} to combine", f"write from 2 to {MOST_COMBINED}")
        return ()
    taken: dict[str, str] = {}
    for arm in single:
        for policy in arm.policies or ():
            if taken.setdefault(policy["name"], arm.name) != arm.name:
                what = f"a policy called {echo(policy['name'])} in {echo(taken[policy['name']])} and {echo(arm.name)}"
                problems.add(node.mark, what, "give each policy a name of its own")
        if arm.name == WITHOUT or not arm.policies:
            problems.add(node.mark, f"{echo(arm.name)} is there in every study that combines", "leave it out")
    sizes = range(len(single) + 1)
    return tuple(_joined(chosen) for size in sizes for chosen in itertools.combinations(single, size))


def _joined(arms: Sequence[Arm]) -> Arm:
    policies = tuple(policy for arm in arms for policy in arm.policies or ())
    return Arm(" + ".join(arm.name for arm in arms) or WITHOUT, policies, tuple(arm.name for arm in arms))


def _file(node: Scalar, folder: Path, problems: Problems) -> Node | None:
    """Read the file of an arm: a ready-made one, or one that lies in or below the folder of the study."""
    name = fields.text(node, "an arm", problems)
    if name is None:
        return None
    if not is_path(name):
        path, shown = find(name, node.mark, problems, built_in_policies(), "policy"), called(name)
    elif inside(folder, name):
        path, shown = folder / name, called(name)
    else:
        write = "write a path that stays in the folder of this file"
        problems.add(node.mark, f"arm {echo(name)} leaves the folder of this file", write)
        return None
    data = None if path is None else read_bytes(path, shown, node.mark, MOST_BYTES, problems)
    text = None if data is None else decode(data, shown, problems)
    tree = None if text is None else parse(text, shown, problems)
    if text is not None and tree is None:
        problems.add(Mark(shown, 1, 1), "no arm is in this file", "write name and policies")
    return tree


def _arm(node: Node, scenario: Scenario, problems: Problems) -> Arm | None:
    before = len(problems)
    nodes = {entry.key.text: entry.value for entry in fields.known_entries(node, _ARM_KEYS, "an arm", problems)}
    for key in _ARM_KEYS:
        if key not in nodes and len(problems) == before:
            problems.add(node.mark, f"an arm without {key}", f"write name and policies, such as {_OF_ARMS}")
    if len(problems) > before:
        return None
    name = fields.text(nodes["name"], "name", problems, LONGEST_NAME)
    drafts = read_policy_list(nodes["policies"], "policies", problems)
    if name is None or drafts is None:
        return None
    own = Problems()  # fitting gives up at the first problem, which need not be one of this arm
    fitted = fit(drafts, scenario.weeks, scenario.regions, own)
    retell(own.listed(), problems)
    policies: tuple[Mapping[str, Any], ...] = tuple(policy.model_dump(mode="json") for policy in fitted)
    return Arm(name, policies)
