"""Kinds of policy that a scenario may name, the levers of each, and how awards are given."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["AWARDS", "KINDS", "LEVERS", "POLICY_KINDS", "WHERE", "Lever", "PolicyKind"]


class Lever(NamedTuple):
    """A number of a policy: ``form`` is real, whole or money (held in whole pence, written in pounds)."""

    form: str
    unit: str
    limits: tuple[float, float]  # of what is held
    example: float
    meaning: str


class PolicyKind(NamedTuple):
    """What a kind does, whether people apply for it, and its keys: those it needs, some it needs one of, others."""

    meaning: str
    is_award: bool
    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


#: Levers by name. Those of awards come first.
LEVERS: Final = MappingProxyType(
    {
        "share": Lever("real", "share", (0, 1), 0.5, "share of the fee that is paid"),
        "amount": Lever("money", "GBP/month", (0, 10**7), 60, "what is paid towards the fee, at most"),
        "months": Lever("whole", "months", (1, 120), 12, "how long it pays for one person"),
        "hours": Lever("real", "h/week", (0, 60), 4, "taught hours of a person, or hours of a community manager"),
        "hour_price": Lever("money", "GBP/h", (0, 10**6), 12, "what an hour costs"),
        "access": Lever("real", "share", (0, 1), 0.9, "outside access that equipment on loan gives at least"),
        "loan_price": Lever("money", "GBP/month", (0, 10**6), 70, "what a loan of equipment costs"),
        "equipment": Lever("real", "h/week", (0, 10**4), 20, "equipment hours that a space gets"),
        "training": Lever("whole", "places/week", (0, 10**4), 2, "training places that a space gets"),
        "desks": Lever("whole", "desks", (0, 10**4), 10, "desks that a space gets"),
        "new_spaces": Lever("whole", "spaces/region", (0, 8), 1, "new spaces"),
        "match": Lever("real", "share", (0, 1), 0.5, "share of the cost that the space (of a new one, investors) pays"),
        "region_cost": Lever("money", "GBP/week", (0, 10**9), 500, "what it costs in a region"),
        "density": Lever("real", "ratio", (0, 20), 1.5, "factor on the density of creative firms"),
        "visitors": Lever("real", "ratio", (0, 20), 1.5, "factor on visitors of events"),
        "demand": Lever("real", "ratio", (0, 20), 1.1, "factor on project demand"),
        "hear_spaces": Lever("real", "1/week", (0, 1), 0.02, "added chance to hear of a space"),
        "hear_schemes": Lever("real", "1/week", (0, 1), 0.02, "added chance to hear of a policy one can apply for"),
        "assistance": Lever("real", "ratio", (1, 100), 2, "by what the hassle of applying is divided"),
        "places": Lever("whole", "places/week", (0, 10**4), 4, "training places bought in a space, or in a region"),
        "place_price": Lever("money", "GBP/place", (0, 10**6), 40, "what a training place costs"),
        "days": Lever("whole", "days", (0, 5), 2, "days in a space this week on which a place depends"),
    }
)
#: Where a skills programme buys its training places.
WHERE: Final = MappingProxyType(
    {
        "inside": "in spaces, for their members",
        "outside": "elsewhere in the region, for all who live there",
    }
)
KINDS: Final = MappingProxyType(
    {
        "voucher": PolicyKind("a fixed amount a month towards the fee of a space", True, ("amount",), may=("redeem",)),
        "membership_subsidy": PolicyKind(
            "a share of the fee of a space, up to an amount if one is set", True, ("share",), may=("amount", "redeem")
        ),
        "training_voucher": PolicyKind(
            "taught hours outside spaces (college, bootcamp)", True, ("hours", "hour_price"), may=("curriculum",)
        ),
        "equipment_loan": PolicyKind("a machine at home, for a time", True, ("access", "loan_price")),
        "resource_grant": PolicyKind(
            "equipment, training places or desks for spaces, or new spaces", False,
            one_of=("equipment", "training", "desks", "new_spaces"), may=("match",),
        ),
        "community_grant": PolicyKind(
            "hours of community managers: events and introductions", False, ("hours", "hour_price")
        ),
        "cluster_programme": PolicyKind(
            "creative firms are settled: density, visitors, project demand", False, ("region_cost",),
            one_of=("density", "visitors", "demand"),
        ),
        "awareness_campaign": PolicyKind(
            "word of spaces and policies, and help with applying", False, ("region_cost",),
            one_of=("hear_spaces", "hear_schemes", "assistance"),
        ),
        "skills_programme": PolicyKind(
            "training places are bought, in spaces or elsewhere", False, ("places", "place_price"),
            may=("where", "days", "curriculum"),
        ),
    }
)  # fmt: skip
#: Kinds of policy and what they do.
POLICY_KINDS: Final = MappingProxyType({name: kind.meaning for name, kind in KINDS.items()})
#: How those who apply are chosen while budget and number last.
AWARDS: Final = MappingProxyType(
    {
        "first-come": "every week, whoever has applied by then, in random order within the week",
        "lottery": "once, at the end of a window for applications, in random order",
        "means": "once, at the end of a window for applications, those with the least income first",
    }
)
