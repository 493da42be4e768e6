"""The frozen scenario: everything that a run reads, resolved and checked."""

from __future__ import annotations

import datetime
import hashlib
import json
from types import MappingProxyType
from typing import Any, Final, Self

from pydantic import Field, model_validator

from colearn.quantities import MECHANISMS, QUANTITIES
from colearn.quantities.regions import FIELDS, INDICATORS
from colearn.scenario.frozen import Flag, Frozen, FrozenMapping, Line
from colearn.scenario.policy import MOST_POLICIES, Policy
from colearn.scenario.regions import GROUPS

__all__ = ["MOST_PEOPLE", "MOST_SPACES", "Region", "Scenario"]

#: What the keys of spaces and workers have room for, in one region.
MOST_SPACES: Final = 64
MOST_PEOPLE: Final = 2**16


class Region(Frozen):
    """A region of a scenario.

    ``indicators`` are complete (one number each); ``environment`` holds only fields that the scenario sets outright;
    ``people`` is None where it follows from spaces times catchment. The flag is for analysis: no equation reads it.
    """

    name: Line
    code: str | None = None
    flag: Flag
    spaces: int = Field(default=1, ge=0, le=MOST_SPACES)
    people: int | None = Field(default=None, ge=1, le=MOST_PEOPLE)
    indicators: FrozenMapping[float]
    environment: FrozenMapping[float] = Field(default_factory=lambda: MappingProxyType({}))

    @model_validator(mode="after")
    def _names(self) -> Self:
        if set(self.indicators) != set(INDICATORS):
            raise ValueError(f"indicators must be exactly {', '.join(INDICATORS)}")
        if unknown := set(self.environment) - set(FIELDS):
            raise ValueError(f"unknown environment fields {sorted(unknown)}")
        return self


class Scenario(Frozen):
    """A resolved scenario. ``scenario["space.price"]`` is the value of a quantity in its declared unit.

    ``reference`` is (mean, sd) of each indicator on its scale over the 179 real regions; ``origins`` says for each
    value whether it is the default, or which line of which file set it.
    """

    name: Line
    title: Line
    question: Line
    starts: datetime.date
    burn_in_weeks: int = Field(ge=0)
    weeks: int = Field(ge=1)
    seed: int = Field(ge=0)
    regions: tuple[Region, ...] = Field(min_length=1)
    policies: tuple[Policy, ...] = Field(default=(), max_length=MOST_POLICIES)
    reference: FrozenMapping[tuple[float, float]]
    mechanisms: FrozenMapping[bool]
    values: FrozenMapping[float | int | str]
    origins: FrozenMapping[str]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for found, wanted in (
            (self.mechanisms, MECHANISMS),
            (self.values, QUANTITIES),
            (self.reference, INDICATORS),
        ):
            if set(found) != set(wanted):
                raise ValueError(f"expected exactly these names: {', '.join(wanted)}")
        for name, value in self.values.items():
            if problem := QUANTITIES[name].problem(value):
                raise ValueError(f"{name} {problem}")
        return self

    @model_validator(mode="after")
    def _policies_fit(self) -> Self:
        names = [policy.name for policy in self.policies]
        if len(set(names)) < len(names):
            raise ValueError("each policy needs a name of its own")
        known = {name for region in self.regions for name in (region.name, *GROUPS)}
        for policy in self.policies:
            if unknown := set(policy.eligible.regions) - known:
                raise ValueError(f"policy {policy.name} names unknown regions {sorted(unknown)}")
        return self

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def digest(self) -> str:
        """SHA-256 of all that a run reads: not of name, title, question and origins, which change no number."""
        content = self.model_dump(mode="json", exclude={"name", "title", "question", "origins"})
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def to_yaml(self, *, origins: bool = False) -> str:
        """Write the resolved scenario as a file that loads again to the same digest (see ``scenario.writer``)."""
        from colearn.scenario.writer import to_yaml

        return to_yaml(self, origins=origins)
