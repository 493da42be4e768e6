"""What varies in a study, as its file says.

An entry of ``vary`` is the name of a parameter, ``group.*``, ``all swept``, ``role: behaviour`` (or another role), or
``name: low..high`` for a range of its own: as written, or with ``times`` behind it in multiples of what is there.
What is named by itself counts more than what a group brings in; the values that ``set`` fixes are left out of groups.
Without a range of its own, a parameter is drawn around what the scenario sets (``coworksim.statistics.around``).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from coworksim.files import fields
from coworksim.files.errors import Mark, Problems, echo, nearest
from coworksim.files.yaml_reader import Broken, Node, Scalar, Table
from coworksim.model.parameters import PARAMETERS, Kind, Parameter
from coworksim.statistics.around import stays
from coworksim.statistics.factors import Factor, Value, factor_of, factors_around, is_swept

ALL: Final = "all swept"
ROLES: Final = ("behaviour", "environment", "lever")
_GROUPS: Final = tuple(dict.fromkeys(parameter.group for parameter in PARAMETERS.values()))
#: Behind a range: its ends are multiples of the scenario's own value.
_TIMES: Final = "times"
_OF_VARY: Final = f"[membership.*, space.price: 110..250], or {ALL}"


def read_vary(node: Node, fixed: Collection[str], own: Mapping[str, Value], problems: Problems) -> tuple[Factor, ...]:
    """Read all entries, in the order in which parameters are declared.

    ``fixed`` are names that ``set`` gives, ``own`` the values of the scenario.
    """
    chosen = _Vary(fixed, own, problems)
    alone = isinstance(node, Scalar) and fields.plain_value(node) == ALL
    for item in (node,) if alone else fields.items(node, "vary", _OF_VARY, problems):
        chosen.entry(item)
    found = chosen.brought | chosen.named
    return tuple(found[name] for name in PARAMETERS if name in found)


class _Vary:
    """Collects factors: those of groups, and those named by themselves."""

    def __init__(self, fixed: Collection[str], own: Mapping[str, Value], problems: Problems) -> None:
        self.fixed, self.own, self.problems = fixed, own, problems
        self.brought: dict[str, Factor] = {}
        self.named: dict[str, Factor] = {}

    def entry(self, node: Node) -> None:
        """Read one entry."""
        if isinstance(node, Table):
            self._mapping(node)
        elif (text := fields.text(node, "an entry of vary", self.problems)) is not None and isinstance(node, Scalar):
            self._text(node, text)

    def _mapping(self, node: Table) -> None:
        if len(node.entries) != 1:
            self.problems.add(node.mark, "a mapping with more or fewer keys than one", "write name: low..high")
            return
        key, value = node.entries[0].key, node.entries[0].value
        if key.text == "role":
            role = fields.one_of(value, "role", ROLES, self.problems)
            if role is not None:
                self._bring((q for q in PARAMETERS.values() if q.role == role), f"role: {role}", value.mark)
        elif (parameter := self._known(key)) is not None and (limits := self._range(parameter, value)) is not None:
            self._name(factor_of(parameter, limits), key.mark)

    def _text(self, node: Scalar, text: str) -> None:
        """Read an entry that is a name, or names several."""
        if text == ALL:
            self._bring(PARAMETERS.values(), text, node.mark)
        elif text.endswith(".*"):
            group = text.removesuffix(".*")
            if group in _GROUPS:
                self._bring((q for q in PARAMETERS.values() if q.group == group), text, node.mark)
            else:
                close = nearest(group, _GROUPS)
                write = f"write {close}.*" if close else f"write one of {', '.join(_GROUPS)}, and .*"
                self.problems.add(node.mark, f"no group of parameters is called {echo(group)}", write)
        elif (parameter := self._known(node)) is not None:
            own = self.own.get(text, parameter.default)
            if parameter.sampled is not None and stays(parameter, own):
                what = f"{text} is {own} in the scenario, around which nothing can be drawn"
                self.problems.add(node.mark, what, f"write {text}: low..high")
            elif is_swept(parameter) or parameter.sampled is not None:
                self._name(factor_of(parameter, own=own), node.mark)
            elif parameter.kind is Kind.CHOICE:
                self.problems.add(node.mark, f"{text} is a way of measuring", "set it to one of its values instead")
            else:
                self.problems.add(node.mark, f"{text} has no range to sample", f"write {text}: low..high")

    def _bring(self, parameters: Iterable[Parameter], what: str, mark: Mark) -> None:
        """Take all that have a range to sample, and that the scenario has not decided."""
        free = (q for q in parameters if q.name not in self.fixed)
        swept = {factor.name: factor for factor in factors_around(free, self.own)}
        if not swept:
            self.problems.add(mark, f"nothing that may vary in {echo(what)}", "name parameters, as name: low..high")
        self.brought |= swept

    def _name(self, factor: Factor, mark: Mark) -> None:
        """Take one that the file names by itself."""
        if factor.name in self.named:
            self.problems.add(mark, f"{factor.name} a second time", "name each parameter once")
        elif factor.name in self.fixed:
            self.problems.add(mark, f"{factor.name} is fixed by set", "leave it out here or there")
        else:
            self.named[factor.name] = factor

    def _known(self, node: Scalar) -> Parameter | None:
        if node.text in PARAMETERS:
            return PARAMETERS[node.text]
        close = nearest(node.text, [*PARAMETERS, ALL])
        write = f"write {close}" if close else f"write the name of a parameter, group.*, role: {ROLES[0]}, or {ALL}"
        self.problems.add(node.mark, f"no parameter is called {echo(node.text)}", write)
        return None

    def _range(self, parameter: Parameter, node: Node) -> tuple[float, float] | None:
        """Read ``low..high``, bare, with the unit of the parameter, or as multiples of the scenario's own value."""
        if isinstance(node, Broken):
            return None
        if parameter.kind is Kind.CHOICE:
            self.problems.add(node.mark, f"a range of {parameter.name}, which is a choice", "write its name alone")
            return None
        default, own = float(parameter.default), float(self.own.get(parameter.name, parameter.default))
        usual = parameter.sampled or (default * 0.5, default * 1.5 or 1.0)
        write = f"write low..high, such as {usual[0]:g}..{usual[1]:g}"
        first, _, second = (part.strip() for part in (node.text if isinstance(node, Scalar) else "").partition(".."))
        if not first or not second:
            self.problems.add(node.mark, f"the range of {parameter.name} is {fields.describe(node)}", write)
            return None
        bare, _, unit = second.partition(" ")
        low = self._end(parameter, Scalar(node.mark, first), unit)
        high = None if low is None else self._end(parameter, Scalar(node.mark, bare), unit)
        if low is None or high is None:
            return None
        if unit == _TIMES and own < 0:
            low, high = high, low
        if not low < high:
            self.problems.add(node.mark, f"the range of {parameter.name} does not rise", write)
            return None
        if parameter.log and low <= 0:
            what = f"{parameter.name} is drawn in logarithms, from {low:g}"
            self.problems.add(node.mark, what, "begin above 0")
            return None
        return low, high

    def _end(self, parameter: Parameter, node: Scalar, unit: str) -> float | None:
        """Read one end of a range: a value of the parameter, or a multiple of the scenario's."""
        text = f"{node.text} {unit}".strip()
        if unit == _TIMES:
            number = fields.number(node, f"a multiple of {parameter.name}", "", self.problems, "0.5")
            if number is None:
                return None
            times = number * float(self.own.get(parameter.name, parameter.default))
            text = repr(round(times) if parameter.kind is Kind.INTEGER else times)
        value = fields.parameter_value(parameter, Scalar(node.mark, text), self.problems)
        return None if value is None else float(value)
