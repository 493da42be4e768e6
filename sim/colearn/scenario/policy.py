"""A policy that pays a part of the fee of a coworking space, and who may apply for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from colearn.quantities.policies import AWARDS, POLICY_KINDS
from colearn.quantities.skills import OCCUPATIONS, STATUSES
from colearn.scenario.frozen import Frozen, Line

__all__ = ["LIMITS", "MOST_POLICIES", "Eligibility", "Policy"]

#: The draws of applicants know that many policies apart.
MOST_POLICIES: Final = 64
#: Numbers of a policy: (least, most, unit in a file). Money is held in pence.
LIMITS: Final[Mapping[str, tuple[float, float, str]]] = MappingProxyType(
    {
        "share": (0, 1, "share"),
        "amount": (0, 10**7, "GBP/month"),
        "months": (1, 120, "months"),
        "start": (0, 5200, "weeks"),
        "end": (1, 10_000, "weeks"),
        "budget": (0, 10**12, "GBP"),
        "number": (0, 10**7, "people"),
        "window": (0, 520, "weeks"),
        "lag": (0, 520, "weeks"),
        "redeem": (0, 520, "weeks"),
        "career_below": (0, 100, "years"),
        "career_from": (0, 100, "years"),
        "income_below": (0, 10**6, "GBP/week"),
    }
)

type Number = Annotated[float, AfterValidator(lambda value: value + 0.0)]  # there is one zero


class Eligibility(Frozen):
    """Who may apply: a person who meets every condition that is set.

    Years of career lie in ``[career_from, career_below)``; smoothed income lies under ``income_below`` (GBP a week).
    An empty tuple stands for all. ``regions`` holds names and flags of regions. ``non_members`` leaves out those who
    are members of a space when they apply.
    """

    career_below: Number | None = None
    career_from: Number | None = None
    income_below: Number | None = None
    occupations: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    regions: tuple[Line, ...] = ()
    non_members: bool = False

    @field_validator("occupations")
    @classmethod
    def _known_occupations(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _in_order(names, OCCUPATIONS)

    @field_validator("statuses")
    @classmethod
    def _known_statuses(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _in_order(names, STATUSES)

    @field_validator("regions")
    @classmethod
    def _sorted_regions(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _in_order(names, sorted(set(names)))

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        _check_limits(self)
        if self.career_below is not None and (self.career_from or 0) >= self.career_below:
            raise ValueError("career_from must lie below career_below")
        return self

    def includes(self, region: str, flag: str) -> bool:
        """Whether people of the region with this name and flag may apply.

        >>> Eligibility(regions=("left-behind", "Leeds")).includes("Leeds", "other")
        True
        """
        return not self.regions or region in self.regions or flag in self.regions


class Policy(Frozen):
    """A policy. Money is in whole pence; weeks count from the opening, and ``end`` is the first week without it.

    Of a weekly fee it pays ``share`` (0 for a voucher) and ``amount`` a month, together at most the fee, for
    ``months`` from ``lag`` weeks after the award. An award not used within ``redeem`` weeks after the lag is void.
    ``budget`` covers all that is promised; ``number`` is the most awards (None: no limit). A lottery takes
    applications for ``window`` weeks from ``start``; with first-come ``window`` is 0. A policy may well do nothing.
    """

    name: Line
    kind: str
    share: Number = 0.0
    amount: int = 0
    months: int
    start: int = 0
    end: int
    budget: int
    number: int | None = None
    award: str = "first-come"
    window: int = 0
    lag: int = 4
    redeem: int = 13
    eligible: Eligibility = Field(default_factory=Eligibility)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_limits(self)
        for name, value, known in (("kind", self.kind, POLICY_KINDS), ("award", self.award, AWARDS)):
            if value not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}")
        if self.kind == "voucher" and self.share:
            raise ValueError("a voucher has an amount and no share")
        if (self.award == "lottery") != (self.window > 0):
            raise ValueError("a lottery, and nothing else, needs a window of at least 1 week")
        if self.end < self.start + max(self.window, 1):
            raise ValueError("end must lie after start, in a lottery by its window at least")
        return self


def _check_limits(model: Frozen) -> None:
    for name in LIMITS.keys() & type(model).model_fields.keys():
        value, (low, high, _) = getattr(model, name), LIMITS[name]
        if value is not None and not low <= value <= high:
            raise ValueError(f"{name} must lie between {low} and {high}")


def _in_order(names: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """Return distinct names in the order of ``known``, so that equal conditions are equal."""
    if len(set(names)) < len(names) or not set(names) <= set(known):
        raise ValueError(f"must be distinct names out of {', '.join(known)}")
    return tuple(name for name in known if name in names)
