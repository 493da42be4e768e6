"""Files of policies, which can be added to any scenario: a question, a name, and a list as a scenario has it.

Arms as a user names them: a file of policies, a policy of the scenario, or the scenario's policies as declared.

A file of policies is a part of a scenario file: its first line is a comment with the question, and it has ``policies:``
as a scenario has them (with a ``name:`` or without).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from coworksim.files import built_in, fields
from coworksim.files.built_in import data_folder
from coworksim.files.errors import InputError, Mark, Problems, echo, nearest, printable
from coworksim.files.extends import is_path
from coworksim.files.policy_reader import Draft, fit, read_policy_list
from coworksim.files.region_reader import LONGEST_NAME
from coworksim.files.yaml_reader import MOST_BYTES, Node, decode, first_comment, parse, read_bytes
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario

#: Keys of a file of policies and what they are for.
FILE_KEYS: Final = {"name": "what the policies are called together", "policies": "the policies; none of them: []"}


def read_policy_files(names: Sequence[str | Path], problems: Problems) -> Iterator[tuple[Mark, Draft]]:
    """Read policies by built-in name or by path: each with the place of its file."""
    for name in names:
        mark = Mark(printable(str(name)))
        path: Path | None = Path(name)
        if not is_path(name):
            path = built_in.find(str(name), mark, problems, built_in.built_in_policies(), "policy")
        shown = mark.file if is_path(name) else f"{mark.file}.yaml"
        data = read_bytes(path, shown, mark, MOST_BYTES, problems) if path else None
        if data is not None:
            yield from ((Mark(shown, 1, 1), draft) for draft in _file(data, shown, problems))


def _file(data: bytes, shown: str, problems: Problems) -> tuple[Draft, ...]:
    """Read one file."""
    top, content = Mark(shown, 1, 1), decode(data, shown, problems)
    if content is None:
        return ()
    if first_comment(content) is None:
        problems.add(top, "the first line is no comment", "write there, after #, which question the policies answer")
    before = len(problems)
    tree = parse(content, shown, problems)
    if tree is None:
        if len(problems) == before:
            problems.add(top, "no policies are in this file", "write name and policies")
        return ()
    found: dict[str, Node] = {
        entry.key.text: entry.value for entry in fields.known_entries(tree, FILE_KEYS, "a file of policies", problems)
    }
    for key in FILE_KEYS:
        if key not in found and len(problems) == before:
            problems.add(tree.mark, f"a file of policies without {key}", "write name and policies")
    if "name" in found:
        fields.text(found["name"], "name", problems, LONGEST_NAME)
    return (read_policy_list(found["policies"], "policies", problems) or ()) if "policies" in found else ()


#: The name of the arm with the scenario's own policies.
AS_DECLARED: Final = "as-declared"
_KEYS: Final = ("name", "policies")


def read_arms(names: Sequence[str], scenario: Scenario) -> Mapping[str, tuple[Policy, ...]]:
    """Return the arms by name, those of files by the name of the file. Raises InputError with every problem.

    No names at all stand for the scenario's policies as declared.
    """
    problems, found = Problems(), dict[str, tuple[Policy, ...]]()
    for name in names or (AS_DECLARED,):
        label = printable(Path(name).stem if is_path(name) else name)
        policies = _policies(name, scenario, problems)
        if label in found:
            problems.add(Mark("--policy"), f"a second arm called {echo(label)}", "name each once")
        elif policies is not None:
            found[label] = policies
    if problems:
        raise InputError(problems.listed())
    return found


def _policies(name: str, scenario: Scenario, problems: Problems) -> tuple[Policy, ...] | None:
    """Return the policies that a name stands for, or note why there are none."""
    if is_path(name):
        return _read(Path(name), printable(name), scenario, problems)
    own = {policy.name: policy for policy in scenario.policies}
    built_in = {path.stem: path for path in sorted((data_folder() / "policies").glob("*.yaml"))}
    if name == AS_DECLARED and own:
        return scenario.policies
    if name in own:
        return (own[name],)
    if name in built_in:
        return _read(built_in[name], f"{name}.yaml", scenario, problems)
    known = ([AS_DECLARED] if own else []) + [*own, *built_in]
    close = nearest(name, known)
    write = f"write {close}" if close else "write the path of a file that ends in .yaml"
    if known and not close:
        write = f"write {', '.join(known)} or the path of a file that ends in .yaml"
    what = f"scenario {scenario.name} has no policies" if name == AS_DECLARED else f"no policy is called {echo(name)}"
    problems.add(Mark("--policy"), what, write)
    return None


def _read(path: Path, shown: str, scenario: Scenario, problems: Problems) -> tuple[Policy, ...] | None:
    """Read a file of policies, and fit them to horizon and regions of the scenario."""
    own = Problems()
    fitted = _from_bytes(read_bytes(path, shown, Mark(shown), MOST_BYTES, own), shown, scenario, own)
    for problem in own.listed():
        found, _, write = problem.message.rpartition("; ")
        problems.add(Mark(problem.file, problem.line, problem.column), found, write)
    return fitted


def _from_bytes(data: bytes | None, shown: str, scenario: Scenario, problems: Problems) -> tuple[Policy, ...] | None:
    content = None if data is None else decode(data, shown, problems)
    if content is None:
        return None
    top = Mark(shown, 1, 1)
    if first_comment(content) is None:
        problems.add(top, "the first line is no comment", "write there, after #, which question the policies answer")
    tree = parse(content, shown, problems)
    if tree is None:
        if not problems:
            problems.add(top, "the file is empty", "write policies: and at least one")
        return None
    nodes = {e.key.text: e.value for e in fields.known_entries(tree, _KEYS, "a file of policies", problems)}
    if "name" in nodes:
        fields.text(nodes["name"], "name", problems, LONGEST_NAME)
    if "policies" not in nodes:
        if not problems:
            problems.add(top, "the file has no policies", "write policies: and at least one")
        return None
    drafts = read_policy_list(nodes["policies"], "policies", problems)
    return None if drafts is None else fit(drafts, scenario.weeks, scenario.regions, problems)
