"""The submodels: each phase of the week, out of the docstrings of its module, of its rules and of its helpers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from coworksim.model.mechanisms import WEEK, Phase
from coworksim.model.parameters import MECHANISMS, PARAMETERS
from tools.odd.docstrings import module_text, rules_of

__all__ = ["HELPERS", "SHARED", "policies_text", "submodel", "submodels"]

#: Modules in which a phase has parts of its rule, beside its own.
HELPERS: Final = {
    "frontier": ("coworksim.model.state.careers",),
    "membership": ("coworksim.model.mechanisms.helpers.fees",),
    "attendance": ("coworksim.model.state.season",),
    "encounters": (
        "coworksim.model.mechanisms.helpers.table_places",
        "coworksim.model.mechanisms.helpers.seating",
        "coworksim.model.mechanisms.helpers.contacts",
        "coworksim.model.mechanisms.helpers.evenings",
        "coworksim.model.mechanisms.helpers.gatherings",
        "coworksim.model.mechanisms.helpers.groups",
        "coworksim.model.mechanisms.helpers.encounter_records",
    ),
    "turnover": ("coworksim.model.state.teams",),
    "social_learning": ("coworksim.model.mechanisms.helpers.encounter_records",),
}
#: Modules whose rules several phases read.
SHARED: Final = ("coworksim.model.state.arithmetic", "coworksim.model.state.ties", "coworksim.model.state.careers")


def submodels() -> str:
    """Return the section, phases in the order of the week."""
    shared = [f"### Shared by several phases\n\n{_rules(SHARED)}"]
    return "\n\n".join([*(submodel(number, phase) for number, phase in enumerate(WEEK, 1)), *shared])


def submodel(number: int, phase: type[Phase]) -> str:
    """Return the entry of one phase: what it does, its rules in symbols, and the parameters that it is named after."""
    modules = (phase.__module__, *HELPERS.get(phase.name, ()))
    own = [f"`{parameter.name}`" for parameter in PARAMETERS.values() if parameter.group == phase.name]
    parts = [
        f"### {number}. {phase.name}: {MECHANISMS[phase.name]}",
        f"Code: `{phase.__module__}`. Switch: `mechanisms.{phase.name}`.",
        *(module_text(module) for module in modules),
        _rules(modules),
        f"Parameters: {', '.join(own)}." if own else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _rules(modules: tuple[str, ...]) -> str:
    """List the rules of some modules."""
    return "\n".join(_items(modules))


def _items(modules: tuple[str, ...]) -> Iterator[str]:
    for module in modules:
        for rule in rules_of(module):
            yield f"- `{rule.call}`: {' '.join(rule.text.split())}"


def policies_text() -> str:
    """Return what each kind of policy does, out of its module."""
    from coworksim.model.policies import AWARDS, KINDS

    found = ["coworksim.model.policies.kinds"]
    parts = [module_text(found[0])]
    for name, about in KINDS.items():
        keys = [f"needs `{'`, `'.join(about.needs)}`" if about.needs else ""]
        keys.append(f"one or more of `{'`, `'.join(about.one_of)}`" if about.one_of else "")
        keys.append(f"may have `{'`, `'.join(about.may)}`" if about.may else "")
        who = "People apply for it." if about.is_award else "Nobody applies for it: it reaches spaces and regions."
        told = "; ".join(key for key in keys if key)
        parts.append(f"### {name}: {about.meaning}\n\n{module_text(about.__module__)}\n\n{who} In a file it {told}.")
    awards = "\n".join(f"- `{name}`: {meaning}." for name, meaning in AWARDS.items())
    parts.append(f"### How awards are given\n\n{awards}")
    return "\n\n".join(parts)
