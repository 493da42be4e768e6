"""An appraisal as its folder holds it, read without the model; and what became of an arm brought to another size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from coworksim.appraisal.estimates import COVERS
from coworksim.files.errors import InputError
from coworksim.files.result_folder import read_json, refuse
from coworksim.model.policy import Policy

if TYPE_CHECKING:
    import pandas as pd


#: Pilot worlds in which the size of an arm is looked for, and how near the mean cost must come to the budget.
PILOTS: Final = 4
TOLERANCE: Final = 0.02
#: Tables of the draws.
DRAWN: Final = ("draws", "draw-inputs", "ranking", "laws", "switching")
FILE: Final = "appraisal.json"
NETWORK: Final = "network.json"
_TABLES: Final = ("weekly", "take-up", "replicates", "levels", *DRAWN)
_NEEDED: Final = ("arms", "numbers", "replicates", "scenario", "seed")
#: What a folder says of itself and is kept as it says it.
_KEPT: Final = ("command", "scenario", "price_year", "read_this", "not_monetised", "environment")
_AGAIN: Final = "run coworksim compare again"
#: What a reader of an appraisal must know.
READ: Final = (
    "net effects are paired differences over everybody; no multiplier is applied on top",
    COVERS,
    "strata depend on how chance is shared by the worlds, net effects do not: see the bounds beside them",
    "groups are fixed as people stand in the world without it; sex, ethnicity and disability are not in the model",
    "income is income from work before tax: the model has neither taxes nor households",
    "prices are those of the year in which spaces open, present values of that week; nothing after the horizon counts",
)


class Change(NamedTuple):
    """One number of a policy and what became of it, as files write it."""

    policy: str
    key: str
    unit: str
    before: float
    after: float


@dataclass(frozen=True)
class Equalised:
    """What became of an arm: policies at the size that was found, the mean net public cost in pilots, and a verdict.

    ``verdict``: ``met``; ``short`` (it cannot spend the budget); ``coarse`` (cost moves in steps, none of them nearer);
    ``open`` (not found in time); ``nothing`` (no policies, or none that costs anything).
    """

    arm: str
    policies: tuple[Policy, ...]
    changed: tuple[Change, ...]
    budget: float
    before: float
    cost: float
    verdict: str

    @property
    def about(self) -> dict[str, Any]:
        """The same as JSON has it, without the policies."""
        found = {"arm": self.arm, "wanted_gbp": self.budget, "tolerance": TOLERANCE, "pilots": PILOTS}
        costs = {"cost_before_gbp": self.before, "cost_in_pilots_gbp": self.cost, "verdict": self.verdict}
        return found | costs | {"changed": [change._asdict() for change in self.changed]}


def _equalised(one: Mapping[str, Any], policies: tuple[Policy, ...]) -> Equalised:
    changed = tuple(Change(**change) for change in one["changed"])
    wanted, before, cost = (float(one[key]) for key in ("wanted_gbp", "cost_before_gbp", "cost_in_pilots_gbp"))
    return Equalised(one["arm"], policies, changed, wanted, before, cost, one["verdict"])


def read_appraisal(folder: Path) -> dict[str, Any]:
    """Return the fields of the appraisal that was saved in a folder. Raises InputError where it holds none."""
    about = read_json(folder, FILE, "give the folder that coworksim compare created", _AGAIN)
    missing = [key for key in _NEEDED if key not in about]
    if missing or not about["arms"]:
        refuse(folder, f"its {FILE} has no {missing[0] if missing else 'arms'}", _AGAIN)
    if not (folder / "weekly.parquet").is_file():
        refuse(folder, "there is no weekly.parquet in it", _AGAIN)
    try:
        return _fields(folder, about)
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        refuse(folder, f"its {FILE} is not that of a comparison ({type(error).__name__})", _AGAIN)


def _fields(folder: Path, about: Mapping[str, Any]) -> dict[str, Any]:
    import pandas as pd

    from coworksim.files.load import load_scenario

    files = {name: folder / f"{name}.parquet" for name in _TABLES}
    tables = {name: pd.read_parquet(path) for name, path in files.items() if path.is_file()}
    scenario = load_scenario(folder / "scenario.yaml")
    arms = {name: tuple(Policy.model_validate(one) for one in arm) for name, arm in about["arms"].items()}
    return {
        "scenario": scenario.model_copy(update={"name": about["scenario"].get("name", scenario.name)}),
        "seed": int(about["seed"]),
        "arms": arms,
        "replicates": int(about["replicates"]),
        "numbers": pd.DataFrame(about["numbers"]).astype(dict.fromkeys(("value", "low", "high"), float)),
        "tables": tables,
        "values": by_replicate(tables),
        "flags": about.get("subsidy_control") or (),
        "tolerance": about.get("tolerance") or {},
        "failed": about.get("failed") or (),
        "equalised": {one["arm"]: _equalised(one, arms[one["arm"]]) for one in about.get("equalised") or ()},
        "drawing": about.get("drawing"),
        "network": read_json(folder, NETWORK, _AGAIN, _AGAIN) if (folder / NETWORK).is_file() else None,
        "origin": {key: about[key] for key in _KEPT if key in about},
    }


def by_replicate(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, list[float]]]:
    """Return numbers by arm and name, a replicate each, out of the table of what is plotted."""
    found: dict[str, dict[str, list[float]]] = {}
    if "replicates" in tables:
        for (arm, term), block in tables["replicates"].groupby(["arm", "term"], sort=False, observed=True):
            found.setdefault(str(arm), {})[str(term)] = block["value"].tolist()
    return found
