"""Functions with known indices in the place of the simulation, in the inputs that a study file varies.

Each maps the values of a point back to the unit interval by the ranges of the study, so that the whole path is used.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from coworksim.model.state.rng import run_key
from coworksim.runs.run import Found

#: Inputs that stand in for those of the functions, with the ranges that a study gives them, as quantities are declared.
RANGES = {
    "membership.churn": (0.02, 0.1),
    "membership.elasticity": (-2.0, -1.0),
    "membership.crowding_weight": (0.5, 1.5),
    "membership.distance_weight": (0.1, 0.3),
}
#: Runs that were done in this process.
CALLS: list[tuple[object, ...]] = []


def study(method: str = "sobol", size: int = 4, inputs: int = 4, **more: object) -> str:
    """Return the text of a study file over the first inputs."""
    vary = "".join(f"  - {name}: {low}..{high}\n" for name, (low, high) in list(RANGES.items())[:inputs])
    lines = "".join(
        f"{key}: {value}\n" for key, value in {"replicates": 1, "outcomes": "[members_at_end]", **more}.items()
    )
    return f"# Is the answer known?\ntitle: Known\nscenario: tiny\nvary:\n{vary}method: {method}\nsize: {size}\n{lines}"


def unit(payload: Mapping[str, Any]) -> list[float]:
    """Return where a point lies in the unit cube."""
    given = payload["overrides"]
    CALLS.append((*given.values(), payload["seed"], payload["replicate"]))
    return [(given[name] - low) / (high - low) for name, (low, high) in RANGES.items() if name in given]


def ishigami(payload: Mapping[str, Any]) -> Found:
    """Ishigami and Homma 1990 with a = 7, b = 0.1; a fourth input does nothing."""
    x, y, z = (math.pi * (2 * u - 1) for u in unit(payload)[:3])
    return {"members_at_end": math.sin(x) + 7 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)}


def sobol_g(payload: Mapping[str, Any]) -> Found:
    """Sobol' G with a = 0, 1, 4.5, 9."""
    factors = ((abs(4 * u - 2) + a) / (1 + a) for u, a in zip(unit(payload), (0.0, 1.0, 4.5, 9.0), strict=True))
    return {"members_at_end": math.prod(factors)}


def noisy(payload: Mapping[str, Any]) -> Found:
    """Twice the first input, the second, and chance, which the third input deals anew and does nothing else."""
    u = unit(payload)
    key, _ = run_key(payload["seed"] + int(1e9 * u[2]), payload["replicate"])
    return {"members_at_end": 2 * u[0] + u[1] + float(key) / 2**64}


def faulty(payload: Mapping[str, Any]) -> Found:
    """Give no number where the first input is in the upper half of its range."""
    return {"members_at_end": math.nan if unit(payload)[0] > 0.5 else 1.0}


#: Whether what ails ``ailing`` has been mended.
MENDED: list[bool] = []


def ailing(payload: Mapping[str, Any]) -> Found:
    """The first input; until it is mended, large ones raise, and middling ones give no number."""
    first = unit(payload)[0]
    if first > 0.7 and not MENDED:
        raise OSError("a disk was full")
    return {"members_at_end": math.nan if first > 0.4 and not MENDED else first}


def paired(payload: Mapping[str, Any]) -> Found:
    """What a policy adds by a plain rule: an effect from -.2 to .8 by the first input, with a little chance; a cost."""
    u = unit(payload)
    key, _ = run_key(payload["seed"], payload["replicate"])
    effect = u[0] - 0.2 + 1e-3 * (float(key) / 2**64 - 0.5)
    values = {"additional_member_months": effect, "public_cost_gbp": 100 * (1 + u[1])}
    return {f"1 {name}": values[name] for name in payload["outcomes"]}


def together(payload: Mapping[str, Any]) -> Found:
    """Two policies: the first adds 2, twice the input on top; the second 1; both another .5. Chance is shared."""
    (theta,) = unit(payload)
    key, _ = run_key(payload["seed"], payload["replicate"])
    luck = float(key) / 2**64
    found = {}
    for at, policies in enumerate(payload["arms"]):
        kinds = [policy["kind"] for policy in policies or []]
        one, other = "membership_subsidy" in kinds, "voucher" in kinds
        value = one * (2 + 2 * theta) + other * (1 + luck) + 0.5 * (one and other)
        if policies is not None:
            found[f"{at} additional_member_months"] = value
    return found
