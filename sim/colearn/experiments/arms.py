"""The ``arms`` of a study file: what is done in the same worlds, each a name and a list of policies.

An arm is ``{name: vouchers, policies: [...]}``, with policies as in a scenario file (none of them: ``[]``), or the
path of a YAML file that holds the two, or the name of ready-made policies (``colearn scenario policies``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from colearn.experiments.paired import WITHOUT
from colearn.experiments.study import Arm
from colearn.scenario import Scenario, fields
from colearn.scenario.extends import is_path
from colearn.scenario.files import inside, read_bytes
from colearn.scenario.policy_reader import fit, read_policy_list
from colearn.scenario.problems import Mark, Problems, echo
from colearn.scenario.region_reader import LONGEST_NAME
from colearn.scenario.registry import built_in_policies, find
from colearn.scenario.yaml_reader import MOST_BYTES, Node, Scalar, decode, parse

__all__ = ["MOST_ARMS", "read_arms", "read_combined"]

MOST_ARMS: Final = 64
MOST_COMBINED: Final = 5
_KEYS: Final = ("name", "policies")
_EXAMPLE: Final = "[{name: nothing, policies: []}]"


def read_arms(node: Node, folder: Path, scenario: Scenario, problems: Problems) -> tuple[Arm, ...]:
    """Read all arms, and fit their policies to the horizon and the regions of the scenario."""
    listed = fields.items(node, "arms", _EXAMPLE, problems)
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
    return tuple(_joined(chosen) for chosen in _subsets(single))


def _subsets(arms: Sequence[Arm]) -> Iterator[tuple[Arm, ...]]:
    """Go through all subsets, small ones first."""
    for size in range(len(arms) + 1):
        yield from itertools.combinations(arms, size)


def _joined(arms: Sequence[Arm]) -> Arm:
    policies = tuple(policy for arm in arms for policy in arm.policies or ())
    return Arm(" + ".join(arm.name for arm in arms) or WITHOUT, policies, tuple(arm.name for arm in arms))


def _file(node: Scalar, folder: Path, problems: Problems) -> Node | None:
    """Read the file of an arm: a ready-made one, or one that lies in or below the folder of the study."""
    name = fields.text(node, "an arm", problems)
    if name is None:
        return None
    if not is_path(name):
        path = find(name, node.mark, problems, built_in_policies(), "policy")
        return _tree(path, f"{name}.yaml", node.mark, problems) if path else None
    if not inside(folder, name):
        write = "write a path that stays in the folder of this file"
        problems.add(node.mark, f"arm {echo(name)} leaves the folder of this file", write)
        return None
    return _tree(folder / name, name, node.mark, problems)


def _tree(path: Path, name: str, asked: Mark, problems: Problems) -> Node | None:
    """Parse the file of an arm."""
    data = read_bytes(path, name, asked, MOST_BYTES, problems)
    text = None if data is None else decode(data, name, problems)
    tree = None if text is None else parse(text, name, problems)
    if text is not None and tree is None:
        problems.add(Mark(name, 1, 1), "no arm is in this file", "write name and policies")
    return tree


def _arm(node: Node, scenario: Scenario, problems: Problems) -> Arm | None:
    before = len(problems)
    nodes = {entry.key.text: entry.value for entry in fields.known_entries(node, _KEYS, "an arm", problems)}
    for key in _KEYS:
        if key not in nodes and len(problems) == before:
            problems.add(node.mark, f"an arm without {key}", f"write name and policies, such as {_EXAMPLE}")
    if len(problems) > before:
        return None
    name = fields.text(nodes["name"], "name", problems, LONGEST_NAME)
    drafts = read_policy_list(nodes["policies"], "policies", problems)
    if name is None or drafts is None:
        return None
    own = Problems()  # fitting gives up at the first problem, which need not be one of this arm
    fitted = fit(drafts, scenario.weeks, scenario.regions, own)
    for problem in own.listed():
        found, _, write = problem.message.partition("; ")
        problems.add(Mark(problem.file, problem.line, problem.column), found, write)
    policies: tuple[Mapping[str, Any], ...] = tuple(policy.model_dump(mode="json") for policy in fitted)
    return Arm(name, policies)
