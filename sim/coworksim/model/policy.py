"""What the parts of a scenario are made of: frozen models, lines of text, mappings that nothing changes.

A policy of a scenario: what it does, for whom or where, from when to when, and for how much money.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, create_model, model_validator

from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, STATUSES, TD
from coworksim.model.policies import AWARDS, KINDS, LEVERS, WHERE, Lever


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


#: The list of policies ends somewhere.
MOST_POLICIES: Final = 64
#: What public training can teach: the technical-digital skills.
CURRICULUM: Final[tuple[str, ...]] = tuple(SKILLS[TD])
#: Numbers of a policy: (least, most, unit in a file). Money is held in pence.
LIMITS: Final[Mapping[str, tuple[float, float, str]]] = {
    **{name: (*lever.limits, lever.unit) for name, lever in LEVERS.items()},
    "start": (0, 5200, "weeks"),
    "end": (1, 10_000, "weeks"),
    "budget": (0, 10**12, "GBP"),
    "number": (0, 10**7, "people"),
    **dict.fromkeys(("window", "lag", "redeem"), (0, 520, "weeks")),
    "away_months": (0, 120, "months"),
    **dict.fromkeys(("career_below", "career_from"), (0, 100, "years")),
    "income_below": (0, 10**6, "GBP/week"),
}
_EVERY: Final = ("name", "kind", "start", "end", "budget", "eligible")
_AWARD: Final = ("months", "number", "award", "window", "lag", "through_spaces")

type Number = Annotated[float, AfterValidator(lambda value: value + 0.0)]  # there is one zero


def keys_of(kind: str) -> frozenset[str]:
    """Return the keys that a policy of this kind may have.

    >>> sorted(keys_of("equipment_loan") - keys_of("community_grant"))
    ['access', 'award', 'lag', 'loan_price', 'months', 'number', 'through_spaces', 'window']
    """
    about = KINDS[kind]
    own = (*about.needs, *about.one_of, *about.may)
    return frozenset((*_EVERY, *own, *(_AWARD if about.is_award else ())))


def _in_order(names: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """Return distinct names in the order of ``known``, so that equal conditions are equal."""
    if len(set(names)) < len(names) or not set(names) <= set(known):
        raise ValueError(f"must be distinct names out of {', '.join(known)}")
    return tuple(name for name in known if name in names)


def _out_of(known: Collection[str]) -> AfterValidator:
    return AfterValidator(lambda names: _in_order(names, known))


class Eligibility(Frozen):
    """Who may apply: a person who meets every condition that is set.

    Years of career lie in ``[career_from, career_below)``; smoothed income lies under ``income_below`` (GBP a week).
    An empty tuple stands for all. ``regions`` holds names and flags of regions. ``non_members`` leaves out those who
    are members of a space when they apply, or were in the last ``away_months``. What nobody applies for has conditions
    on regions only.
    """

    career_below: Number | None = None
    career_from: Number | None = None
    income_below: Number | None = None
    occupations: Annotated[tuple[str, ...], _out_of(OCCUPATIONS)] = ()
    statuses: Annotated[tuple[str, ...], _out_of(STATUSES)] = ()
    regions: Annotated[tuple[Line, ...], AfterValidator(lambda names: _in_order(names, sorted(set(names))))] = ()
    non_members: bool = False
    away_months: int = 0

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        _check_limits(self)
        if self.career_below is not None and (self.career_from or 0) >= self.career_below:
            raise ValueError("career_from must lie below career_below")
        if self.away_months and not self.non_members:
            raise ValueError("away_months is for a policy for non-members: non_members must be true")
        return self

    def includes(self, region: str, flag: str) -> bool:
        """Whether people and spaces of the region with this name and flag are meant.

        >>> Eligibility(regions=("left-behind", "Leeds")).includes("Leeds", "other")
        True
        """
        return not self.regions or region in self.regions or flag in self.regions


class _Named(Frozen):
    name: Line
    kind: str


def _held(lever: Lever) -> Any:
    """Return the type and the default of a field that holds a lever."""
    held: Any = Number if lever.form == "real" else int
    return (held | None, None) if lever.unset else (held, lever.idle)


if TYPE_CHECKING:

    class _Levered(_Named):
        def __getattr__(self, lever: str) -> Any: ...

else:
    _Levered = create_model("_Levered", __base__=_Named, **{name: _held(lever) for name, lever in LEVERS.items()})


class Policy(_Levered):
    """A policy. Money is in whole pence; weeks count from the start, and ``end`` is the first week without it.

    ``budget`` covers all that is promised or bought. Its numbers are :data:`coworksim.model.policies.LEVERS`, and
    ``KINDS`` says which keys a kind has; the others are idle, and do nothing. Of a weekly fee a policy pays ``share``
    (None: all of it) and at most ``amount`` a month (None: no limit). What people apply for lasts ``months`` from
    ``lag`` weeks after the award; of help with fees, an award not used within ``redeem`` weeks after the lag is void.
    ``number`` is the most awards (None: no limit). A lottery, or an award by means, takes applications for ``window``
    weeks from ``start``; with first-come ``window`` is 0. With ``through_spaces``
    open spaces tell of it whoever looks at them. A policy may well do nothing.
    """

    if TYPE_CHECKING:

        def __init__(self, **said: Any) -> None: ...

    where: str = "inside"
    curriculum: Annotated[tuple[str, ...], _out_of(CURRICULUM)] = ()
    start: int = 0
    end: int
    budget: int
    number: int | None = None
    award: str = "first-come"
    window: int = 0
    lag: int = 4
    redeem: int = 13
    through_spaces: bool = False
    eligible: Eligibility = Field(default_factory=Eligibility)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_limits(self)
        for name, known in (("kind", KINDS), ("award", AWARDS), ("where", WHERE)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}")
        self._check_kind()
        if (self.award != "first-come") != (self.window > 0):
            raise ValueError("an award by lottery or means, and nothing else, needs a window of at least 1 week")
        if self.end < self.start + max(self.window, 1):
            raise ValueError("end must lie after start, with a window by its length at least")
        return self

    def _check_kind(self) -> None:
        """Refuse what a policy of this kind does not have, or lacks."""
        about, fields = KINDS[self.kind], type(self).model_fields
        for key in fields.keys() - keys_of(self.kind):
            if getattr(self, key) != fields[key].default:
                raise ValueError(f"a {self.kind} has no {key}")
        for key in (*about.needs, *(["months"] if about.is_award else [])):
            if getattr(self, key) is None:
                raise ValueError(f"a {self.kind} needs {key}")
        if not about.is_award and self.eligible != Eligibility(regions=self.eligible.regions):
            raise ValueError(f"nobody applies for a {self.kind}: eligible can name regions only")
        for _, what, write in about.contradictions(self.model_dump()):
            raise ValueError(f"{what}: {write}")


def _check_limits(model: Frozen) -> None:
    for name in LIMITS.keys() & type(model).model_fields.keys():
        value, (low, high, _) = getattr(model, name), LIMITS[name]
        if value is not None and not low <= value <= high:
            raise ValueError(f"{name} must lie between {low} and {high}")
