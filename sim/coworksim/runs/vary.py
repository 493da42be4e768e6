"""The ``vary`` of a study file: which parameters, over which ranges.

An entry is the name of a parameter, ``group.*``, ``all swept``, ``role: behaviour`` (or another role), or
``name: low..high`` for a range of its own. What is named by itself counts more than what a group brings in; the
values that ``set`` fixes are left out of groups.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from coworksim.files import fields
from coworksim.files.errors import Mark, Problems, echo, nearest
from coworksim.files.yaml_reader import Broken, Node, Scalar, Table
from coworksim.model.parameters import PARAMETERS, Kind, Parameter
from coworksim.statistics.factors import Factor, factor_of, is_swept

ALL: Final = "all swept"
ROLES: Final = ("behaviour", "environment", "lever")
_GROUPS: Final = tuple(dict.fromkeys(parameter.group for parameter in PARAMETERS.values()))
_EXAMPLE: Final = "[membership.*, space.price: 110..250]"


class _Chosen:
    """Collects factors: those of groups, and those named by themselves."""

    def __init__(self, fixed: Collection[str], problems: Problems) -> None:
        self.fixed, self.problems = fixed, problems
        self.brought: dict[str, Factor] = {}
        self.named: dict[str, Factor] = {}

    def bring(self, parameters: Iterable[Parameter], what: str, mark: Mark) -> None:
        """Take all that have a range to sample."""
        swept = {q.name: factor_of(q) for q in parameters if is_swept(q) and q.name not in self.fixed}
        if not swept:
            self.problems.add(mark, f"nothing that may vary in {echo(what)}", "name parameters, as name: low..high")
        self.brought |= swept

    def name(self, factor: Factor, mark: Mark) -> None:
        """Take one that the file names by itself."""
        if factor.name in self.named:
            self.problems.add(mark, f"{factor.name} a second time", "name each parameter once")
        elif factor.name in self.fixed:
            self.problems.add(mark, f"{factor.name} is fixed by set", "leave it out here or there")
        else:
            self.named[factor.name] = factor

    def factors(self) -> tuple[Factor, ...]:
        """Return all, in the order in which parameters are declared."""
        found = self.brought | self.named
        return tuple(found[name] for name in PARAMETERS if name in found)


def read_vary(node: Node, fixed: Collection[str], problems: Problems) -> tuple[Factor, ...]:
    """Read all entries; ``fixed`` are names that ``set`` gives a value."""
    chosen = _Chosen(fixed, problems)
    if isinstance(node, Scalar) and fields.plain_value(node) == ALL:
        _entry(node, chosen)
    else:
        for item in fields.items(node, "vary", f"{_EXAMPLE}, or {ALL}", problems):
            _entry(item, chosen)
    return chosen.factors()


def _entry(node: Node, chosen: _Chosen) -> None:
    if isinstance(node, Table) and len(node.entries) == 1:
        key, value = node.entries[0].key, node.entries[0].value
        if key.text == "role":
            role = fields.one_of(value, "role", ROLES, chosen.problems)
            if role is not None:
                chosen.bring((q for q in PARAMETERS.values() if q.role == role), f"role: {role}", value.mark)
        elif (parameter := _known(key, chosen.problems)) is not None:
            limits = _range(parameter, value, chosen.problems)
            if limits is not None:
                chosen.name(factor_of(parameter, limits), key.mark)
        return
    text = fields.text(node, "an entry of vary", chosen.problems) if not isinstance(node, Table) else None
    if isinstance(node, Table):
        chosen.problems.add(node.mark, "a mapping with more or fewer keys than one", "write name: low..high")
    elif text is not None and isinstance(node, Scalar):
        _text(node, text, chosen)


def _text(node: Scalar, text: str, chosen: _Chosen) -> None:
    """Read an entry that is a name, or names several."""
    if text == ALL:
        chosen.bring(PARAMETERS.values(), text, node.mark)
    elif text.endswith(".*"):
        group = text.removesuffix(".*")
        if group in _GROUPS:
            chosen.bring((q for q in PARAMETERS.values() if q.group == group), text, node.mark)
        else:
            close = nearest(group, _GROUPS)
            write = f"write {close}.*" if close else f"write one of {', '.join(_GROUPS)}, and .*"
            chosen.problems.add(node.mark, f"no group of parameters is called {echo(group)}", write)
    elif (parameter := _known(node, chosen.problems)) is not None:
        if is_swept(parameter) or parameter.sampled is not None:
            chosen.name(factor_of(parameter), node.mark)
        elif parameter.kind is Kind.CHOICE:
            chosen.problems.add(node.mark, f"{text} is a way of measuring", "set it to one of its values instead")
        else:
            write = f"write {text}: low..high"
            chosen.problems.add(node.mark, f"{text} has no range to sample", write)


def _known(node: Scalar, problems: Problems) -> Parameter | None:
    if node.text in PARAMETERS:
        return PARAMETERS[node.text]
    close = nearest(node.text, [*PARAMETERS, ALL])
    write = f"write {close}" if close else f"write the name of a parameter, group.*, role: {ROLES[0]}, or {ALL}"
    problems.add(node.mark, f"no parameter is called {echo(node.text)}", write)
    return None


def _range(parameter: Parameter, node: Node, problems: Problems) -> tuple[float, float] | None:
    """Read ``low..high``, bare or with the unit of the parameter."""
    if isinstance(node, Broken):
        return None
    if parameter.kind is Kind.CHOICE:
        problems.add(node.mark, f"a range of {parameter.name}, which is a choice", "write its name alone")
        return None
    low, high = _example(parameter)
    write = f"write low..high, such as {low:g}..{high:g}"
    first, dots, second = node.text.strip().partition("..") if isinstance(node, Scalar) else ("", "", "")
    if not dots or not first.strip() or not second.strip():
        problems.add(node.mark, f"the range of {parameter.name} is {fields.describe(node)}", write)
        return None
    _, _, unit = second.strip().partition(" ")
    numbers: list[float] = []
    for text in (f"{first.strip()} {unit}".strip(), second.strip()):
        value = fields.parameter_value(parameter, Scalar(node.mark, text), problems)
        if not isinstance(value, int | float):
            return None
        numbers.append(float(value))
    if not numbers[0] < numbers[1]:
        problems.add(node.mark, f"the range of {parameter.name} does not rise", write)
        return None
    if parameter.log and numbers[0] <= 0:
        problems.add(node.mark, f"{parameter.name} is drawn in logarithms, from {numbers[0]:g}", "begin above 0")
        return None
    return numbers[0], numbers[1]


def _example(parameter: Parameter) -> tuple[float, float]:
    default = float(parameter.default)
    return parameter.sampled or (default * 0.5, default * 1.5 or 1.0)
