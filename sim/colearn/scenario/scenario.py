"""The frozen scenario: everything that a run reads, resolved and checked."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from colearn.quantities import MECHANISMS, QUANTITIES
from colearn.quantities.regions import FIELDS, INDICATORS

__all__ = ["Flag", "FrozenMapping", "Region", "Scenario"]


def _line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("must be one line of printable text")
    return text


type Line = Annotated[str, AfterValidator(_line)]
type Flag = Literal["left-behind", "other"]
type FrozenMapping[V] = Annotated[
    Mapping[str, V], AfterValidator(lambda found: MappingProxyType(dict(found))), PlainSerializer(dict)
]


class _Frozen(BaseModel):
    """A model that nothing changes: a copy shares what it holds, and pickling goes through plain data."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self.__copy__()

    def __reduce__(self) -> tuple[Callable[[Any], Self], tuple[dict[str, Any]]]:
        return type(self).model_validate, (self.model_dump(),)


class Region(_Frozen):
    """A region of a scenario.

    ``indicators`` are complete (one number each); ``environment`` holds only fields that the scenario sets outright;
    ``people`` is None where it follows from spaces times catchment. The flag is for analysis: no equation reads it.
    """

    name: Line
    code: str | None = None
    flag: Flag
    spaces: int = Field(default=1, ge=0)
    people: int | None = Field(default=None, ge=1)
    indicators: FrozenMapping[float]
    environment: FrozenMapping[float] = Field(default_factory=lambda: MappingProxyType({}))

    @model_validator(mode="after")
    def _names(self) -> Self:
        if set(self.indicators) != set(INDICATORS):
            raise ValueError(f"indicators must be exactly {', '.join(INDICATORS)}")
        if unknown := set(self.environment) - set(FIELDS):
            raise ValueError(f"unknown environment fields {sorted(unknown)}")
        return self


class Scenario(_Frozen):
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
