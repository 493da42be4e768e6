"""What a batch will run, in a sentence that is said before it begins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario
    from coworksim.statistics.factors import Factor


def counted(number: int, what: str) -> str:
    """Return a number and what it counts, in the plural where it is not one.

    >>> counted(1, "run"), counted(1234, "run")
    ('1 run', '1,234 runs')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def times(*factors: tuple[int, str]) -> str:
    """Return a product in words; factors of one are left out.

    >>> times((24, "draw"), (4, "option"), (1, "replicate"))
    '24 draws x 4 options'
    """
    return " x ".join(counted(number, what) for number, what in factors if number != 1)


class Worlds(NamedTuple):
    """How many worlds a run simulates, and which these are; by itself it is one."""

    number: int = 1
    which: str = ""

    def of(self, runs: int) -> str:
        """Return the words for so many runs.

        >>> Worlds(3, "a world and 2 trials in copies of it").of(4)
        ', each of a world and 2 trials in copies of it: 12 worlds'
        """
        return f", each of {self.which}: {counted(runs * self.number, 'world')}" if self.which else ""


#: A run that is one world.
ONE: Final = Worlds()


def in_pairs(options: int) -> Worlds:
    """Return the worlds of a run that sets so many options beside the baseline."""
    return Worlds(options + 1, f"{counted(options, 'option')} and the baseline from one burn-in")


def done_already(number: int) -> str:
    """Say how many of the runs are there already; empty where none is."""
    return f" Of the runs {number:,} {'is' if number == 1 else 'are'} done already." if number else ""


def will_run(cells: Iterable[Any], missing: int, worlds: Worlds = ONE) -> str:
    """Say how many runs a batch of cells comes to, of which parts, and how many are there already.

    A part is points x options x replicates, where it is as many runs as that; a run that two cells share counts once.
    """
    parts: dict[str, list[Any]] = {}
    for cell in cells:
        if cell.feasible:
            parts.setdefault(cell.part, []).append(cell)
    total = len({cell.run.run_id for part in parts.values() for cell in part})
    told = "; ".join(f"{name}: {words}" if name else words for name, words in _parts(parts) if words)
    made = f" ({told})" if told else ""
    return f"To do: {counted(total, 'run')}{made}{worlds.of(total)}.{done_already(total - missing)}"


def _parts(parts: dict[str, list[Any]]) -> Iterable[tuple[str, str]]:
    for name, cells in parts.items():
        points, arms, replicates = ({cell[at] for cell in cells} for at in (3, 2, 4))
        runs = len({cell.run.run_id for cell in cells})
        factors = (len(points), "point"), (len(arms), "option"), (len(replicates), "replicate")
        whole = len(points) * len(arms) * len(replicates) == runs
        words = times(*factors) if whole else ""
        alone = len(parts) == 1
        yield name, words if alone or words else counted(runs, "run")


def will_compare(runs: int, arms: int, of: str = "") -> str:
    """Say how many worlds a comparison takes, of which each is simulated with every option and without any.

    ``of`` is what the runs are made of.

    >>> will_compare(20, 2)
    'To do: 20 runs, each of 2 options and the baseline from one burn-in: 60 worlds.'
    """
    made = f" ({of})" if of else ""
    return f"To do: {counted(runs, 'run')}{made}{in_pairs(arms).of(runs)}."


def will_replace(scenario: Scenario, factors: Iterable[Factor], *, drawn: bool = True) -> str:
    """Say what varies around values that the scenario sets, and which of them ranges of the user's own replace.

    What is as by default has the declared range, and what is set on the command line is not ``drawn``.
    """
    around, instead = [], []
    for factor in factors:
        low, high = factor.ends
        if factor.own is not None:
            around.append(f"{factor.name} {factor.own:g} ({low:g} to {high:g})")
        elif not drawn and scenario.origins.get(factor.name, "default") != "default":
            span = ", ".join(factor.choices) or f"{low:g} to {high:g}"
            instead.append(f"{factor.name} {scenario[factor.name]} by {span}")
    how = "Draws are around what {} sets (--set NAME=VALUE holds one)" if drawn else "Values vary around what {} sets"
    told = ((how, around), ("Ranges replace what {} sets", instead))
    return "\n".join(f"{what.format(scenario.name)}: {'; '.join(names)}." for what, names in told if names)
