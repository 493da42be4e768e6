"""Public policies, one file each: who is paid, and what is bought. Being there makes a file's kind known.

>>> list(KINDS)[:2]
['voucher', 'membership_subsidy']
>>> LEVERS["places"].unit
'places/week'
"""

from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Final

from coworksim.model.policies.kinds import AWARDS, COMMON, WHERE, Award, Lever, Programme, PublicPolicy, Target, Terms

__all__ = ["AWARDS", "KINDS", "LEVERS", "WHERE", "Award", "Lever", "Programme", "PublicPolicy", "Target", "Terms"]


def _kinds() -> dict[str, type[PublicPolicy]]:
    """Return the kinds that the files of this folder declare, in the order of lists."""
    kinds: dict[str, type[PublicPolicy]] = {}
    for module in iter_modules(__path__, f"{__name__}."):
        for found in vars(import_module(module.name)).values():
            own = isinstance(found, type) and found.__module__ == module.name and issubclass(found, PublicPolicy)
            if own and "kind" in vars(found):
                if found.kind in kinds:
                    raise ValueError(f"two classes declare the policy {found.kind}")
                kinds[found.kind] = found
    return dict(sorted(kinds.items(), key=lambda item: (item[1].place, item[0])))


def _levers() -> dict[str, Lever]:
    """Return levers in the order in which kinds take them; those of all awards come first."""
    levers = {name: COMMON[name] for name in ("share", "amount", "months")}
    for kind in KINDS.values():
        known = {**COMMON, **kind.levers()}
        for name in (*kind.needs, *kind.one_of, *kind.may):
            if name in known and levers.setdefault(name, known[name]) != known[name]:
                raise ValueError(f"{name} of the policy {kind.kind} is another number elsewhere; give it another name")
    return levers


#: Every kind of policy that a scenario may name.
KINDS: Final = MappingProxyType(_kinds())
#: The numbers that a policy may have.
LEVERS: Final = MappingProxyType(_levers())
