"""Files of policies, which can be added to any scenario: a question, a name, and a list as a scenario has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from colearn.scenario import fields, registry
from colearn.scenario.extends import is_path
from colearn.scenario.files import read_bytes
from colearn.scenario.policy_reader import Draft, read_policy_list
from colearn.scenario.problems import Mark, Problems, printable
from colearn.scenario.region_reader import LONGEST_NAME
from colearn.scenario.yaml_reader import MOST_BYTES, Node, decode, first_comment, parse

__all__ = ["FILE_KEYS", "read_policy_files"]

#: Keys of a file of policies and what they are for.
FILE_KEYS: Final = {"name": "what the policies are called together", "policies": "the policies; none of them: []"}


def read_policy_files(names: Sequence[str | Path], problems: Problems) -> Iterator[tuple[Mark, Draft]]:
    """Read policies by built-in name or by path: each with the place of its file."""
    for name in names:
        mark = Mark(printable(str(name)))
        path: Path | None = Path(name)
        if not is_path(name):
            path = registry.find(str(name), mark, problems, registry.built_in_policies(), "policy")
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
