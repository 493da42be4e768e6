"""An appraisal as its folder holds it, read without the model; and what became of an arm brought to another size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self

from pydantic import BaseModel, FiniteFloat, NonNegativeInt, model_validator

from coworksim.appraisal.estimates import COVERS
from coworksim.files.checked_folder import checked
from coworksim.files.manifest import AppraisalManifest, EqualisedOf
from coworksim.files.result_folder import refuse
from coworksim.model.policy import Policy

if TYPE_CHECKING:
    import pandas as pd


#: Pilot worlds in which the size of an arm is looked for, and how near the mean cost must come to the budget.
PILOTS: Final = 4
TOLERANCE: Final = 0.02
#: Tables of the draws.
DRAWN: Final = ("draws", "draw-inputs", "ranking", "laws", "switching")
#: These and what remains by the rival: tables that appraisal.json has beside the numbers.
BESIDE: Final = (*DRAWN, "remains")
FILE: Final = "appraisal.json"
NETWORK: Final = "network.json"
_TABLES: Final = ("weekly", "take-up", "funnel", "replicates", "levels", *BESIDE)
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


def _equalised(one: EqualisedOf, policies: tuple[Policy, ...]) -> Equalised:
    changed = tuple(Change(*(getattr(change, key) for key in Change._fields)) for change in one.changed)
    return Equalised(
        one.arm, policies, changed, one.wanted_gbp, one.cost_before_gbp, one.cost_in_pilots_gbp, one.verdict
    )


class Network(BaseModel):
    """The picture of ties: people of one space, and ties among them by their places in the list."""

    class Person(BaseModel):
        """Who is a member where, and who was supported."""

        member_without: bool
        member_with: bool
        supported: bool

    arm: str
    replicate: int
    seed: int
    week: int
    people: list[Person]
    ties: dict[Literal["opening", "without", "with"], list[tuple[NonNegativeInt, NonNegativeInt, FiniteFloat]]]

    @model_validator(mode="after")
    def _among_the_people(self) -> Self:
        ends = (end for ties in self.ties.values() for one, other, _ in ties for end in (one, other))
        if len(self.ties) != 3 or any(end >= len(self.people) for end in ends):
            raise ValueError("ties are not among the people")
        return self


def read_appraisal(folder: Path, *, altered: bool = False) -> dict[str, Any]:
    """Return the fields of the appraisal that was saved in a folder.

    Raises InputError where it holds none, or not what was written (see ``checked_folder``).
    """
    give = "give the folder that coworksim compare created"
    found = checked(folder, AppraisalManifest, give, _AGAIN, altered=altered)
    about, tables = found.manifest, found.tables(*_TABLES)
    if "weekly" not in tables:
        refuse(folder, "there is no weekly.parquet in it", _AGAIN)
    changed = {"altered": found.altered} if found.altered else {}
    return {
        "scenario": found.scenario(about.scenario.name, about.scenario.digest),
        "seed": about.seed,
        "arms": about.arms,
        "replicates": about.replicates,
        "numbers": found.table("numbers"),
        "tables": tables,
        "values": by_replicate(tables),
        "flags": about.subsidy_control,
        "tolerance": about.tolerance,
        "failed": about.failed,
        "equalised": {one.arm: _equalised(one, about.arms[one.arm]) for one in about.equalised},
        "drawing": found.said.get("drawing"),
        "rival": found.said.get("rival"),
        "network": found.json(NETWORK, Network).model_dump(mode="json") if NETWORK in about.files else None,
        "origin": {key: found.said[key] for key in _KEPT if key in found.said} | changed,
    }


def by_replicate(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, list[float]]]:
    """Return numbers by arm and name, a replicate each, out of the table of what is plotted."""
    found: dict[str, dict[str, list[float]]] = {}
    if "replicates" in tables:
        for (arm, term), block in tables["replicates"].groupby(["arm", "term"], sort=False, observed=True):
            found.setdefault(str(arm), {})[str(term)] = block["value"].tolist()
    return found
