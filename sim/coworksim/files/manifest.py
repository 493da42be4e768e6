"""What the manifest of a result folder says, declared, and its seal: a hash over all of it.

Who changes a number of a manifest by hand breaks the seal. That is no protection from somebody who means to deceive,
who can make a new one; it is for copies cut short, merges, editors, and folders that were put together.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from coworksim.files.errors import echo
from coworksim.model.policy import Policy

#: Name of the file.
MANIFEST: Final = "manifest.json"
#: Who writes results, and the kind of a folder in which runs are kept.
MADE_BY: Final = "coworksim"
OF_RUNS: Final = "study"
_SEAL: Final = "seal"

type Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
type Count = Annotated[int, Field(ge=0, strict=True)]
type Seed = Annotated[int, Field(ge=0, lt=2**63, strict=True)]
type Some = Annotated[int, Field(ge=1, strict=True)]


class _Declared(BaseModel):
    """What is declared must be so; more may stand beside it."""

    model_config = ConfigDict(frozen=True, extra="allow")


class FileOf(_Declared):
    """A file of a folder as it was written; of a table its rows, and its columns with their types."""

    bytes: Count
    sha256: Sha256
    rows: Count | None = None
    columns: dict[str, str] | None = None


class Manifest(_Declared):
    """What every folder of results says of itself. ``altered``: files that had changed before these came of them."""

    made_by: Literal["coworksim"]
    complete: Literal[True]
    files: dict[str, FileOf]
    seal: Sha256
    altered: tuple[str, ...] = ()


class ScenarioOf(_Declared):
    """The scenario that was run."""

    name: str
    digest: Sha256


class RunManifest(Manifest):
    """A run."""

    scenario: ScenarioOf
    seed: Seed
    replicate: Count
    seconds: Annotated[FiniteFloat, Field(ge=0)]
    result_digest: Sha256
    awarded: tuple[Count, ...] | None


class ChangeOf(_Declared):
    """One number of a policy and what became of it."""

    policy: str
    key: str
    unit: str
    before: FiniteFloat
    after: FiniteFloat


class EqualisedOf(_Declared):
    """What became of an arm that was brought to another cost."""

    arm: str
    wanted_gbp: FiniteFloat
    cost_before_gbp: FiniteFloat
    cost_in_pilots_gbp: FiniteFloat
    verdict: str
    changed: tuple[ChangeOf, ...]


class DrawingOf(_Declared):
    """How parameters were drawn."""

    asked: Count
    counted: Count
    replicates: Some
    sd_year_value_gbp: FiniteFloat


class RivalOf(_Declared):
    """What was asked of the rival form of persistence, in how many replicates, or why not."""

    own: Literal["habit", "taste"]
    other: Literal["habit", "taste"]
    replicates: Count
    reason: str


class AppraisalManifest(Manifest):
    """A comparison of policies."""

    command: tuple[str, ...] = ()
    scenario: ScenarioOf
    seed: Seed
    replicates: Some
    arms: Annotated[dict[str, tuple[Policy, ...]], Field(min_length=1)]
    tolerance: dict[str, FiniteFloat] = {}
    failed: tuple[str, ...] = ()
    subsidy_control: tuple[str, ...] = ()
    equalised: tuple[EqualisedOf, ...] = ()
    drawing: DrawingOf | None = None
    rival: RivalOf | None = None
    price_year: int
    read_this: tuple[str, ...]
    not_monetised: Any
    environment: dict[str, Any]


class PilotManifest(Manifest):
    """A simulated pilot."""

    class PolicyOf(_Declared):
        """A policy that was piloted."""

        name: str

    class DesignOf(_Declared):
        """How it was laid out."""

        meaning: str

    scenario: ScenarioOf
    policies: tuple[PolicyOf, ...]
    design: DesignOf
    replicates: Some
    surveys_of_each: Some
    failed: tuple[str, ...] = ()


class PlanOf(_Declared):
    """How far a study was planned."""

    size: Annotated[int, Field(ge=1, le=2_000_000, strict=True)]
    replicates: Annotated[int, Field(ge=1, le=100_000, strict=True)]


class StoreManifest(_Declared):
    """A folder in which runs are kept, and, where it says so, how many were asked for."""

    made_by: Literal["coworksim"]
    kind: Literal["study"]
    layout: int
    study: str
    model_version: str
    mixed: list[dict[str, Any]]
    damaged: list[dict[str, Any]]
    seal: Sha256
    seed: Seed = 0
    replicates: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 1
    asked: dict[str, Annotated[int, Field(ge=0, le=1_000_000, strict=True)]] = {}
    plan: PlanOf | None = None


def seal_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 over all that a manifest says but its seal, in whatever order it says it."""
    said = {name: value for name, value in content.items() if name != _SEAL}
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest with its seal.

    >>> first = sealed({"seed": 1})
    >>> broken_seal(first), broken_seal({**first, "seed": 2})
    (False, True)
    """
    plain: dict[str, Any] = json.loads(json.dumps({name: one for name, one in content.items() if name != _SEAL}))
    return {**plain, _SEAL: seal_of(plain)}


def broken_seal(content: Mapping[str, Any]) -> bool:
    """Whether a manifest is not as it was written."""
    return content.get(_SEAL) != seal_of(content)


def first_fault(error: ValidationError) -> str:
    """Say what is wrong with a manifest first: where, and what stands there."""
    fault = error.errors()[0]
    place = ".".join(str(one) for one in fault["loc"]) or "content"
    if fault["type"] == "missing":
        return f"it has no {echo(place)}"
    return f"its {echo(place)} is {echo(json.dumps(fault['input'], default=str))}"
