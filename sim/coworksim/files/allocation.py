"""Sharing out spaces to regions: the rule of the synthetic frame."""

from collections.abc import Mapping
from typing import NamedTuple

from coworksim.files.published_spaces import LONDON
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import MOST_SPACES


class Row(NamedTuple):
    """What is known of a region: its ITL-1 region, and its figures."""

    itl1: str
    columns: Mapping[str, float | None]


class Exponents(NamedTuple):
    """How spaces follow people, jobs and the creative share."""

    population: float
    jobs: float
    creative: float


def declared() -> Exponents:
    """Return the exponents as declared."""
    return Exponents(*(float(PARAMETERS[f"frame.{name}_exponent"].default) for name in Exponents._fields))


def weight(row: Row, by: Exponents) -> float:
    """Return ``population**a * jobs**b * creative_share**c``."""
    x = {name: value for name, value in row.columns.items() if value is not None}
    creative = x["creative_digital_gva_share"] ** by.creative
    return float(x["population"] ** by.population * x["jobs"] ** by.jobs * creative)


def allocate(rows: Mapping[str, Row], spaces: int, london_share: float, by: Exponents) -> dict[str, int]:
    """Return how many spaces lie in each region: London has its share; inside it, and outside, they follow weights."""
    inside = int(spaces * london_share + 0.5)
    counts = dict.fromkeys(rows, 0)
    for part, number in ((True, inside), (False, spaces - inside)):
        counts |= share_out(number, {c: weight(row, by) for c, row in rows.items() if (row.itl1 == LONDON) is part})
    return counts


def share_out(number: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Share out by largest remainders; what a full region cannot take goes to the others.

    >>> share_out(100, {"a": 9.0, "b": 1.0, "c": 1.0})
    {'a': 82, 'b': 9, 'c': 9}
    """
    counts = dict.fromkeys(weights, 0)
    while (left := number - sum(counts.values())) > 0:
        free = [code for code in weights if counts[code] < MOST_SPACES]
        if not free:
            raise ValueError(f"{number} spaces are more than {len(weights)} regions have room for")
        total = sum(weights[code] for code in free)
        exact = {code: min(left * weights[code] / total, MOST_SPACES - counts[code]) for code in free}
        for code in free:
            counts[code] += int(exact[code])
        rest = number - sum(counts.values())
        remainders = sorted(free, key=lambda code: (int(exact[code]) - exact[code], code))
        for code in [code for code in remainders if counts[code] < MOST_SPACES][:rest]:
            counts[code] += 1
    return counts
