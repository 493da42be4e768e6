"""The frozen scenario: everything that a run reads, resolved and checked."""

import datetime
import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from coworksim.model.parameters import MECHANISMS, OFF, PARAMETER_SET, PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS, OUTSIDE_ACCESS
from coworksim.model.parameters.parameter import GROUPS as RECORDS
from coworksim.model.policy import MOST_POLICIES, Flag, Frozen, FrozenMapping, Line, Policy

#: Flags, and at the same time the groups whose medians a scenario may ask for.
GROUPS: Final = ("left-behind", "other")
#: What the keys of spaces and workers have room for, in one region.
MOST_SPACES: Final = 500
MOST_PEOPLE: Final = 2**16
#: The greatest spread of a figure that is missing, in logarithms.
MOST_GAP: Final = 3.0
#: What changes no number of a run; values and mechanisms are looked at one by one.
_UNREAD: Final[dict[str, Any]] = {
    **dict.fromkeys(("name", "title", "question", "origins", "odd_figures", "values", "mechanisms"), True),
    "regions": {"__all__": {"editions", "flags"}},
}
#: Shares that are parts of one whole.
PARTS: Final = (
    tuple(f"population.{name}_share" for name in ("freelancer", "owner", "nomad", "remote")),
    tuple(f"population.{name}_share" for name in ("designer", "content_creator", "film_maker", "game_developer")),
    ("population.full_time_share", "population.frequent_share"),
)


class Space(Frozen):
    """What a scenario says about one space of its own; None where ``space.desks`` and ``space.price`` apply.

    ``price`` is the price of a hot desk as members pay it, GBP a month: no regional price level comes on top. It opens
    in the week of the day ``opened``, and closes in that of ``closed``. ``cluster`` says whether it lies in a
    microcluster, None where that is drawn.
    """

    name: Line | None = None
    desks: int | None = Field(default=None, ge=1)
    price: float | None = Field(default=None, ge=0)
    cluster: bool | None = None
    opened: datetime.date | None = None
    closed: datetime.date | None = None

    @model_validator(mode="after")
    def _limits(self) -> Self:
        for key in ("desks", "price"):
            value = getattr(self, key)
            if value is not None and (problem := PARAMETERS[f"space.{key}"].problem(value)):
                raise ValueError(f"{key} {problem}")
        if self.opened is not None and self.closed is not None and self.closed <= self.opened:
            raise ValueError(f"closed on {self.closed}, before it opened on {self.opened}")
        return self


class Region(Frozen):
    """A region of a scenario.

    ``indicators`` are complete (one number each); ``environment`` holds only fields that the scenario sets outright;
    ``people`` is None where it follows from spaces times catchment. The flag is for analysis: no equation reads it.
    ``own_spaces`` is empty, or has an entry for each of the spaces. ``gaps`` holds the indicators of which there is no
    figure of the region, with the spread (sd of the logarithm) of the figures for which they stand. ``editions`` says
    which indicators are of a newer edition, and of which year. ``flags`` says how each rule of the flag (narrow, wide)
    would have it; without an entry ``flag`` holds for a rule, too.
    """

    name: Line
    code: Line | None = None
    flag: Flag
    spaces: int = Field(default=1, ge=0, le=MOST_SPACES)
    people: int | None = Field(default=None, ge=1, le=MOST_PEOPLE)
    indicators: FrozenMapping[float]
    environment: FrozenMapping[float] = Field(default_factory=lambda: MappingProxyType({}))
    own_spaces: tuple[Space, ...] = ()
    gaps: FrozenMapping[float] = Field(default_factory=lambda: MappingProxyType({}))
    editions: FrozenMapping[Line] = Field(default_factory=lambda: MappingProxyType({}))
    flags: FrozenMapping[Flag] = Field(default_factory=lambda: MappingProxyType({}))

    @model_validator(mode="after")
    def _names(self) -> Self:
        if self.own_spaces and len(self.own_spaces) != self.spaces:
            raise ValueError(f"{len(self.own_spaces)} entries of spaces for {self.spaces} spaces")
        if unknown := {*self.gaps, *self.editions} - set(INDICATORS):
            raise ValueError(f"unknown indicators {sorted(unknown)}")
        if any(not 0.0 <= gap <= MOST_GAP for gap in self.gaps.values()):
            raise ValueError(f"a gap is a spread from 0 to {MOST_GAP:g}")
        if set(self.indicators) != set(INDICATORS):
            raise ValueError(f"indicators must be exactly {', '.join(INDICATORS)}")
        if unknown := set(self.environment) - {*FIELDS, OUTSIDE_ACCESS}:
            raise ValueError(f"unknown environment fields {sorted(unknown)}")
        return self


class Scenario(Frozen):
    """A resolved scenario. ``scenario["space.price"]`` is the value of a parameter in its declared unit.

    Spaces open after the burn-in. Where the market is ``mature`` or ``growing``, it runs for ``spin_up_weeks`` before
    week 0 of policies and records; where it is ``new``, it opens in that week, and the spin-up is not read.
    ``reference`` is what each indicator is compared with, from the 179 real regions; ``origins`` says for each value
    whether it is the default, or which line of which file set it. ``odd_figures`` says what in its tables is
    hardly meant; ``coworksim.files.plausibility.warnings_of`` says it of the whole scenario.
    """

    name: Line
    title: Line
    question: Line
    starts: datetime.date
    burn_in_weeks: int = Field(ge=0)
    market: Literal["mature", "growing", "new"] = "mature"
    spin_up_weeks: int = Field(default=416, ge=0, le=5200)
    weeks: int = Field(ge=1)
    seed: int = Field(ge=0)
    regions: tuple[Region, ...] = Field(min_length=1)
    policies: tuple[Policy, ...] = Field(default=(), max_length=MOST_POLICIES)
    reference: FrozenMapping[float]
    mechanisms: FrozenMapping[bool]
    values: FrozenMapping[float | int | str]
    origins: FrozenMapping[str]
    odd_figures: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for found, wanted in ((self.mechanisms, MECHANISMS), (self.values, PARAMETERS), (self.reference, INDICATORS)):
            if set(found) != set(wanted):
                raise ValueError(f"expected exactly these names: {', '.join(wanted)}")
        for name, value in self.values.items():
            if problem := PARAMETERS[name].problem(value):
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
    def is_spun_up(self) -> bool:
        """Whether the market runs before week 0."""
        return self.market != "new"

    @property
    def start_week(self) -> int:
        """Week 0 of policies and records, counted from the first week of burn-in."""
        return self.burn_in_weeks + (self.spin_up_weeks if self.is_spun_up else 0)

    def week_of(self, day: datetime.date) -> int:
        """Say in which week a day lies.

        Args:
            day: The day.

        Returns:
            The week, counted from the first of burn-in; below 0 before it.
        """
        return self.start_week + (day - self.starts).days // 7

    @property
    def market_week(self) -> int:
        """First week of the market's accounts, after a third of the spin-up: by then people have come to spaces."""
        return self.burn_in_weeks + (self.start_week - self.burn_in_weeks) // 3

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Change values of parameters, checked as a scenario is when it is read.

        Args:
            values: Values by name, in the declared unit.

        Returns:
            The scenario with these values.

        Raises:
            ValueError: There is no such parameter, it is settled when a scenario is read, or its value is refused.
        """
        plain: dict[str, float | int | str] = {}
        for name, value in values.items():
            if (
                name.startswith("frame.")
                or name in ("environment.draw", "environment.users_by")
                or name.partition(".")[0] in type(self).model_fields
            ):
                raise ValueError(f"{name} is settled when a scenario is read; give it to load_scenario as an override")
            if name not in PARAMETERS:
                raise ValueError(f"there is no parameter {name}; coworksim.PARAMETERS lists them all")
            given = value.item() if hasattr(value, "item") else value  # a number of NumPy
            if problem := PARAMETERS[name].problem(given):
                raise ValueError(f"{name} {problem}")
            plain[name] = given if PARAMETERS[name].choices else PARAMETERS[name].held(given)
        said = {name: getattr(self, name) for name in type(self).model_fields}
        filled, origins = {**self.values, **plain}, {**self.origins, **dict.fromkeys(plain, "override")}
        for names in PARTS:
            if {*names} & {*plain} and (total := math.fsum(float(filled[name]) for name in names)) > 1 + 1e-9:
                raise ValueError(f"{' + '.join(names)} is {total:g}; write shares that add up to at most 1")
        return type(self).model_validate({**said, "values": filled, "origins": origins})

    def standing(self, arms: Iterable[Sequence[Policy]]) -> tuple[Policy, ...]:
        """Name the scenario's own policies that act in every world that is compared.

        Args:
            arms: The policies of each arm.

        Returns:
            Those of the scenario's policies that no arm names.
        """
        named = {policy.name for arm in arms for policy in arm}
        return tuple(policy for policy in self.policies if policy.name not in named)

    @property
    def digest(self) -> str:
        """SHA-256 of all that a run reads and that is not as by default, with the version of the defaults.

        Name, title, question and sources change no number, and are no part of it.
        """
        content = self.model_dump(mode="json", exclude=_UNREAD, exclude_defaults=True) | {
            "parameter_set": PARAMETER_SET,
            "values": {name: value for name, value in self.values.items() if value != PARAMETERS[name].default},
            "off": [name for name, on in self.mechanisms.items() if not on and name not in OFF],
        }
        if on := [name for name, on in self.mechanisms.items() if on and name in OFF]:
            content["on"] = on
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()


def read[T: tuple[Any, ...]](scenario: Scenario, record: type[T]) -> T:
    """Return a record of coworksim.model.parameters, which kernels take as one argument, filled from a scenario.

    Fields with a plain default are constants that the mechanism derives itself.
    """
    filled = RECORDS[record].fields.items()
    return record(**{field: PARAMETERS[name].held(scenario[name]) for field, name in filled})


def by_default[T: tuple[Any, ...]](record: type[T]) -> T:
    """Return a record of coworksim.model.parameters with its defaults."""
    filled = RECORDS[record].fields.items()
    return record(**{field: PARAMETERS[name].held(PARAMETERS[name].default) for field, name in filled})
