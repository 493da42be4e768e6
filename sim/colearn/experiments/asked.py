"""What a study file asks for: outcomes of single worlds, or of worlds in pairs, and how sure each is to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from colearn.experiments.outcomes import OUTCOMES
from colearn.experiments.paired import PAIRED, RATIOS, WITHOUT, is_paired, unit_of
from colearn.experiments.study import Arm
from colearn.scenario import Scenario, fields
from colearn.scenario.problems import Mark, Problems
from colearn.scenario.yaml_reader import Node

__all__ = ["ALL_OUTCOMES", "check_arms", "check_ratios", "read_outcomes", "read_tolerance"]

#: Everything that a study may ask for.
ALL_OUTCOMES: Final = (*OUTCOMES, *PAIRED, *RATIOS)
_EXAMPLE: Final = "[members_at_end, gain_sc_in_space], or all"


def read_outcomes(node: Node | None, scenario: Scenario | None, problems: Problems) -> tuple[str, ...]:
    """Read the names; those that compare kinds of regions need both, and all are of one kind."""
    kinds = {region.flag for region in scenario.regions} if scenario is not None else {"", " "}
    if node is None:
        return ()
    if getattr(node, "text", None) == "all":
        return tuple(name for name, outcome in OUTCOMES.items() if len(kinds) > 1 or not outcome.both_kinds)
    listed = fields.items(node, "outcomes", _EXAMPLE, problems)
    named = [(fields.one_of(item, "an outcome", ALL_OUTCOMES, problems), item.mark) for item in listed]
    found = list(fields.distinct(named, "outcome", problems))
    for name, mark in found:
        if _needs_both(name) and len(kinds) < 2:
            what = f"{name} compares kinds of regions, and the scenario has one kind"
            problems.add(mark, what, "leave it out, or take another scenario")
        if is_paired(name) is not is_paired(found[0][0]):
            what = f"{name} beside {found[0][0]}, of which one compares worlds and the other does not"
            problems.add(mark, what, "make two studies of it")
    return tuple(name for name, _ in found)


def _needs_both(name: str) -> bool:
    return OUTCOMES[name].both_kinds if name in OUTCOMES else name in PAIRED and PAIRED[name].both_kinds


def read_tolerance(node: Node, outcomes: tuple[str, ...], problems: Problems) -> dict[str, float]:
    """Read the half-width that each of some outcomes is wanted with."""
    found: dict[str, float] = {}
    for entry in fields.known_entries(node, outcomes or OUTCOMES, "tolerance", problems):
        name = entry.key.text
        value = fields.number(entry.value, name, unit_of(name), problems, 0.1)
        if value is not None and value <= 0:
            problems.add(entry.value.mark, f"{name} is {value}", "write a half-width above 0")
        elif value is not None:
            found[name] = float(value)
    return found


def check_arms(outcomes: Sequence[str], arms: Sequence[Arm] | None, mark: Mark, problems: Problems) -> None:
    """Refuse a comparison of worlds without a world to compare with."""
    names = {arm.name: arm for arm in arms or ()}
    paired = bool(outcomes) and is_paired(outcomes[0])
    if paired and WITHOUT not in names:
        what = f"{outcomes[0]} compares arms with one called {WITHOUT}, and there is none"
        problems.add(mark, what, f"add {{name: {WITHOUT}, policies: []}} to arms")
    elif paired and names[WITHOUT].policies:
        problems.add(mark, f"the arm called {WITHOUT} has policies", f"write {{name: {WITHOUT}, policies: []}}")
    elif paired and len(names) < 2:
        problems.add(mark, f"no arm but {WITHOUT}", "add an arm with policies")


def check_ratios(
    outcomes: Sequence[str], able: bool, replicates: int, method: str, mark: Mark, problems: Problems
) -> None:
    """Refuse ratios where they would be averaged, or where nobody could tell whether the effect is above zero."""
    for name in (name for name in outcomes if name in RATIOS):
        if not able:
            what = f"{name} is a ratio, which the method {method} would average"
            problems.add(mark, what, f"write {RATIOS[name].instead}")
        elif replicates < 2:
            what = f"{name} is a ratio, and one replicate cannot tell whether its effect is above zero"
            problems.add(mark, what, "write replicates: 2 or more")
