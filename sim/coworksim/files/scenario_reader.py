"""One scenario file, read and checked: flat names -> what the file says, and where.

Names are those that ``load_scenario`` takes as overrides: ``title``, ``weeks``, ``membership.elasticity``,
``mechanisms.decay`` and so on.
"""

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple

from coworksim.files import fields
from coworksim.files.errors import Mark, Problems
from coworksim.files.policy_reader import read_policy_list
from coworksim.files.region_reader import read_region_list
from coworksim.files.yaml_reader import Node, Table, decode, first_comment, parse
from coworksim.model.parameters import MECHANISMS, PARAMETERS

#: Whole-number keys of a scenario: (default, least, most, unit).
WHOLE: Final = {
    "burn_in_weeks": (260, 0, 5200, "weeks"),
    "spin_up_weeks": (416, 0, 5200, "weeks"),
    "weeks": (156, 1, 5200, "weeks"),
    "seed": (1, 0, 2**63 - 1, ""),
}
#: Keys of a scenario that are one of some words: (default, words).
WORDS: Final = {"market": ("mature", ("mature", "growing", "new"))}
#: Keys of a scenario file and what they are for.
KEYS: Final = {
    "title": "what the scenario is, in a few words",
    "extends": "a file in this folder, or a built-in scenario, whose entries apply where this file has none",
    "starts": "day on which the weeks begin: after the burn-in and, unless the market is new, the spin-up",
    "market": "mature: spaces have come and gone for the spin-up when the weeks begin; growing: the same, with more "
    "founders every year; new: all open as the weeks begin",
    "burn_in_weeks": "weeks before the market of spaces opens, in which people find their ways",
    "spin_up_weeks": "weeks from the opening of a market that is not new to the first that counts; without policies",
    "weeks": "weeks that count: of policies, tables and effects",
    "seed": "number that fixes every random draw",
    "regions": "the regions of the scenario: a list, or uk-frame, or uk-sample (a sample of that frame), or tables",
    "policies": "policies that support members of coworking spaces; none by default",
    "mechanisms": "mechanisms to switch off (or on again)",
    "parameters": "values other than the default",
}
LONGEST_TITLE: Final = 120


class Said(NamedTuple):
    """A value and the place that said it."""

    value: Any
    mark: Mark


def read_file(data: bytes, file: str, problems: Problems) -> tuple[str, dict[str, Said]] | None:
    """Check one file by itself, called ``file`` in messages; return its question, and its values by flat name.

    None: nothing in it could be read.
    """
    content = decode(data, file, problems)
    if content is None:
        return None
    top = Mark(file, 1, 1)
    question = first_comment(content)
    if question is None or not question.isprintable():
        question = ""
        problems.add(top, "the first line is no comment", "write there, after #, which question the scenario answers")
    tree = parse(content, file, problems)
    if tree is None:
        return (question, {}) if not problems else None
    said: dict[str, Said] = {}
    for entry in fields.known_entries(_renamed(tree), KEYS, "the scenario", problems):
        said.update(_read_entry(entry.key.text, entry.value, problems))
    return question, said


def _renamed(tree: Node) -> Node:
    """Let ``quantities`` stand for ``parameters``, as it did before 0.2, and say what to write."""
    if not isinstance(tree, Table) or any(entry.key.text == "parameters" for entry in tree.entries):
        return tree
    old = next((entry.key for entry in tree.entries if entry.key.text == "quantities"), None)
    if old is None:
        return tree
    what = "quantities are called parameters now; write parameters: instead (quantities: is read until 0.2)"
    warnings.warn(f"{old.mark.file}:{old.mark.line}:{old.mark.column}: {what}", FutureWarning, stacklevel=1)
    new = replace(old, text="parameters")
    return replace(tree, entries=tuple(replace(one, key=new) if one.key is old else one for one in tree.entries))


def _read_entry(key: str, node: Node, problems: Problems) -> dict[str, Said]:
    """Read the value of one key of the file into flat names."""
    given = [(key, node, node.mark)]
    if key in ("mechanisms", "parameters"):
        known, prefix = (MECHANISMS, "mechanisms.") if key == "mechanisms" else (PARAMETERS, "")
        entries = fields.known_entries(node, known, key, problems)
        given = [(prefix + entry.key.text, entry.value, entry.key.mark) for entry in entries]
    found = {name: Said(read_one(name, value, problems), mark) for name, value, mark in given}
    return {name: said for name, said in found.items() if said.value is not None}


def read_one(name: str, node: Node, problems: Problems) -> Any:
    """Read the value of one flat name, or note what is wrong and return None."""
    if name in PARAMETERS:
        return fields.parameter_value(PARAMETERS[name], node, problems)
    if name.startswith("mechanisms."):
        return fields.switch(node, name, problems)
    if name in WHOLE:
        default, low, high, unit = WHOLE[name]
        return fields.whole(node, name, unit, (low, high), problems, default)
    if name in WORDS:
        return fields.one_of(node, name, WORDS[name][1], problems)
    return _READERS[name](node, name, problems)


_READERS: Final[dict[str, Callable[[Node, str, Problems], Any]]] = {
    "title": partial(fields.text, longest=LONGEST_TITLE),
    "extends": fields.text,
    "starts": fields.date,
    "regions": read_region_list,
    "policies": read_policy_list,
}
