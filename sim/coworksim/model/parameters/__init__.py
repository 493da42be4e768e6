"""Everything that a scenario may name, declared once, in the records of this folder.

Validation, ``coworksim describe``, sweeps and documents all read :data:`PARAMETERS` and :data:`MECHANISMS`.

>>> PARAMETERS["space.price"].unit
'GBP/month'
>>> list(MECHANISMS)[0]
'turnover'
"""

from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Final

from coworksim.model.parameters.parameter import GROUPS, Evidence, Group, Kind, Parameter, Role

__all__ = ["MECHANISMS", "OFF", "PARAMETERS", "PARAMETER_SET", "Evidence", "Kind", "Parameter", "Role"]

#: The version of all defaults: it counts up when one of them changes its value or its meaning, for digests of scenarios
#: cover only what differs from them. What is new, and does nothing at its default, leaves it as it is.
PARAMETER_SET: Final = 4


def _declared() -> tuple[Group, ...]:
    """Return every group of this folder in the order of tables."""
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    found = tuple(sorted(GROUPS.values(), key=lambda group: group.place))
    for what in ("name", "place", "week"):
        taken = [getattr(group, what) for group in found if getattr(group, what)]
        if twice := {str(one) for one in taken if taken.count(one) > 1}:
            raise ValueError(f"two groups of parameters have the same {what}: {', '.join(twice)}")
    return found


_GROUPS: Final = _declared()
#: Every parameter by name, in the order of tables.
PARAMETERS: Final = MappingProxyType({one.name: one for group in _GROUPS for one in group.parameters})
_WEEK: Final = sorted((group for group in _GROUPS if group.week), key=lambda group: group.week)
#: Mechanisms in the order of the week, each of which a scenario may switch off or on.
MECHANISMS: Final = MappingProxyType(
    {group.name: group.meaning + ("" if group.on else " (off, unless a scenario switches it on)") for group in _WEEK}
)
#: Those that are off by default.
OFF: Final = frozenset(group.name for group in _WEEK if not group.on)
