"""What the parts of a scenario are made of: frozen models, lines of text, mappings that nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer

__all__ = ["Flag", "Frozen", "FrozenMapping", "Line"]


def _line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("must be one line of printable text")
    return text


type Line = Annotated[str, AfterValidator(_line)]
type Flag = Literal["left-behind", "other"]
type FrozenMapping[V] = Annotated[
    Mapping[str, V], AfterValidator(lambda found: MappingProxyType(dict(found))), PlainSerializer(dict)
]


class Frozen(BaseModel):
    """A model that nothing changes: a copy shares what it holds, and pickling goes through plain data."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self.__copy__()

    def __reduce__(self) -> tuple[Callable[[Any], Self], tuple[dict[str, Any]]]:
        return type(self).model_validate, (self.model_dump(),)
