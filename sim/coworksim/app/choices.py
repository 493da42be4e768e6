"""What the page offers to choose from: worlds, kinds of support, who is meant, and examples to start from."""

from __future__ import annotations

from typing import Final, NamedTuple


class Offer(NamedTuple):
    """A kind of support: ``key`` is the lever that the page asks for, ``factor`` turns its number into the lever's.

    ``short`` names a policy in the answer, with its number in braces.
    """

    label: str
    short: str = ""
    key: str = ""
    ask: str = ""
    unit: str = ""
    default: int = 0
    least: int = 0
    most: int = 0
    factor: float = 1.0
    people: bool = True  # whether people apply for it
    fixed: tuple[tuple[str, float], ...] = ()
    note: str = ""


class Whole(NamedTuple):
    """A whole number of the form, or an empty field where that is allowed."""

    label: str
    unit: str
    least: int
    most: int
    optional: bool = False


class Example(NamedTuple):
    """A question that fills in the form."""

    title: str
    fields: tuple[tuple[str, str], ...]


ARMS: Final = (1, 2, 3, 4)
#: Kinds of support; ``none`` leaves a policy out, ``nothing`` compares the world with itself.
OFFERS: Final[dict[str, Offer]] = {
    "none": Offer("Not used"),
    "membership_subsidy": Offer(
        "A part of the membership fee", "{} % of the fee", "share", "Part of the fee that is paid", "%",
        50, 1, 100, 0.01,
    ),
    "voucher": Offer(
        "A voucher towards the membership fee", "Voucher of {} GBP", "amount", "Worth of the voucher", "GBP/month",
        60, 1, 1000,
    ),
    "training_voucher": Offer(
        "Training outside spaces", "Training, {} h a week", "hours", "Taught hours", "h/week", 2, 1, 20,
        fixed=(("hour_price", 30.0),), note="An hour is bought at 30 GBP.",
    ),
    "resource_grant": Offer(
        "Equipment for spaces", "Equipment, {} h a week", "equipment", "Equipment hours that a space gets", "h/week",
        40, 1, 500, people=False, fixed=(("match", 0.25),), note="The space pays a quarter of the cost itself.",
    ),
    "community_grant": Offer(
        "Community managers in spaces", "Managers, {} h a week", "hours", "Paid hours of a manager", "h/week",
        15, 1, 60, people=False, fixed=(("hour_price", 19.0),), note="An hour is paid with 19 GBP.",
    ),
    "skills_programme": Offer(
        "Training places in spaces", "{} training places", "places", "Places bought in a space", "places/week",
        4, 1, 100, people=False, fixed=(("place_price", 40.0),), note="A place is bought at 40 GBP.",
    ),
    "declared": Offer("The policies of the scenario file, as they stand there", "As declared"),
    "nothing": Offer("Nothing at all (a check: every difference must be 0)", "Nothing"),
}  # fmt: skip  # a table: a line is a row
REGIONS: Final = {
    "left-behind": "Left-behind region",
    "other": "Region that is not left behind",
    "both": "One of each",
}
SIZES: Final = {
    "town": "Small town: 500 workers, one space",
    "region": "Region with four spaces (slower)",
}
REPLICATES: Final = ("20", "50", "100", "200")
OCCUPATIONS_MEANT: Final = {"all": "Any occupation", "creative": "Creative occupations"}
STATUSES_MEANT: Final = {"all": "Anybody", "independent": "Freelancers, owners and nomads", "employed": "Employees"}
WHERE: Final = {"all": "All regions", "left-behind": "Left-behind regions only", "other": "Other regions only"}
#: Whole numbers of a policy.
FIELDS: Final = {
    "months": Whole("Support for one person lasts", "months", 1, 60),
    "runs": Whole("The scheme runs for", "months", 1, 60),
    "budget": Whole("Budget", "GBP", 0, 100_000_000),
    "career": Whole("Career shorter than", "years", 1, 60, optional=True),
    "income": Whole("Income under", "GBP/week", 1, 10_000, optional=True),
}


def arm_defaults(at: int) -> dict[str, str]:
    """Return the fields of policy ``at`` as they stand when nobody has touched them: for the same people in each."""
    return {
        "kind": "membership_subsidy" if at == 1 else "none",
        "name": "",
        **{f"much.{kind}": str(offer.default) for kind, offer in OFFERS.items() if offer.key},
        "months": "12",
        "runs": "24",
        "budget": "30000",
        "occupation": "creative",
        "status": "all",
        "career": "5",
        "income": "",
        "where": "left-behind",
        "new": "",
    }


_EARLY: Final = (("a1.occupation", "creative"), ("a1.career", "5"), ("a1.where", "left-behind"))
EXAMPLES: Final = (
    Example("Does a 50 % subsidy for early-career creatives in left-behind regions pay?", _EARLY),
    Example(
        "Half the fee or training outside spaces, for the same budget?",
        (*_EARLY, ("a2.kind", "training_voucher"), ("a2.occupation", "creative"), ("a2.career", "5"),
         ("a2.where", "left-behind")),
    ),
    Example(
        "30, 50 or 80 % of the fee for people of low income?",
        tuple(
            pair for at, share in ((1, 30), (2, 50), (3, 80))
            for pair in ((f"a{at}.kind", "membership_subsidy"), (f"a{at}.much.membership_subsidy", str(share)),
                         (f"a{at}.income", "400"), (f"a{at}.occupation", "all"), (f"a{at}.career", ""),
                         (f"a{at}.where", "all"))
        ),
    ),
    Example(
        "Does the same subsidy act differently in a left-behind and another region?",
        (("region", "both"), ("a1.name", "left behind"), *_EARLY, ("a2.kind", "membership_subsidy"),
         ("a2.name", "not left behind"), ("a2.occupation", "creative"), ("a2.career", "5"), ("a2.where", "other")),
    ),
    Example("Do equipment or community managers in spaces bring more than fees paid?",
            (("a2.kind", "resource_grant"), ("a3.kind", "community_grant"))),
)  # fmt: skip  # a table: a line is a row
