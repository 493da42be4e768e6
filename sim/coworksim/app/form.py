"""The form of the page: what it offers, every field as text, the address that says the same, assumptions as sliders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.parameter import Evidence, Kind, Parameter

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario


class Offer(NamedTuple):
    """A kind of support: ``key`` is the lever that the page asks for, ``factor`` turns its number into the lever's."""

    label: str
    short: str = ""  # names a policy in the answer, with its number in braces
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
REGIONS: Final = {"left-behind": "Left-behind region", "other": "Region that is not left behind", "both": "One of each"}
SIZES: Final = {"town": "Small town: 500 workers, one space", "region": "Region with four spaces (slower)"}
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

_LOW_INCOME: Final = (("income", "400"), ("occupation", "all"), ("career", ""), ("where", "all"))
#: Questions that fill in the form; what they leave out is as at the start: early-career creatives, left-behind regions.
EXAMPLES: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    ("Does a 50 % subsidy for early-career creatives in left-behind regions pay?", ()),
    ("Half the fee or training outside spaces, for the same budget?", (("a2.kind", "training_voucher"),)),
    (
        "30, 50 or 80 % of the fee for people of low income?",
        tuple(
            (f"a{at}.{name}", text)
            for at, share in ((1, "30"), (2, "50"), (3, "80"))
            for name, text in (("kind", "membership_subsidy"), ("much.membership_subsidy", share), *_LOW_INCOME)
        ),
    ),
    (
        "Does the same subsidy act differently in a left-behind and another region?",
        (("region", "both"), ("a1.name", "left behind"), ("a2.kind", "membership_subsidy"),
         ("a2.name", "not left behind"), ("a2.where", "other")),
    ),
    ("Do equipment or community managers in spaces bring more than fees paid?",
            (("a2.kind", "resource_grant"), ("a3.kind", "community_grant"))),
)  # fmt: skip  # a table: a line is a row
#: Charts by the name of their file, and what each shows, for those who do not see it.
CHARTS: Final = {
    "forest": "For each policy: more membership, more skill of both families, social value, each a mean with its "
    "95 % interval. The numbers are in the table.",
    "difference": "Week by week, for each policy: more members and more skill than in the same worlds without it, "
    "with intervals. The numbers are in the file weekly.csv.",
    "cost-plane": "Replicates by effect and net public cost, and the share of them with a positive net benefit by "
    "what an effect is held to be worth.",
}
REPORT: Final = "report.html"
ARCHIVE: Final = "everything.zip"
#: Files to take away: name -> (words, media type).
OFFERED: Final = {
    REPORT: ("Report (opens in any browser)", "text/html; charset=utf-8"),
    "numbers.csv": ("All numbers (for spreadsheets)", "text/csv; charset=utf-8"),
    "weekly.csv": ("Week by week (for spreadsheets)", "text/csv; charset=utf-8"),
    "scenario.yaml": ("Scenario file", "text/yaml; charset=utf-8"),
    ARCHIVE: ("Everything in one archive", "application/zip"),
}


#: Field -> text. A field of policy 2 begins with ``a2.``, an assumption with ``q.``.
type Form = dict[str, str]

ASSUMPTIONS: Final = "q."
#: Settings of the frame of regions, which these worlds do not draw from, and the number of a draw.
_APART: Final = ("frame", "environment.draw")
SWEPT: Final[dict[str, Parameter]] = {
    name: quantity
    for name, quantity in PARAMETERS.items()
    if (quantity.sampled or quantity.choices) and quantity.group not in _APART and name not in _APART
}


def text_of(value: float | int | str) -> str:
    """Write a value as a field of the form holds it.

    >>> text_of(0.05), text_of(24), text_of(157.0), text_of("queue")
    ('0.05', '24', '157', 'queue')
    """
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def defaults() -> Form:
    """Return every field but the assumptions, as it stands at the start: for the same people in each policy."""
    form = {"region": "left-behind", "size": "town", "file": "", "replicates": "100", "seed": "1"}
    arm = {"name": "", "months": "12", "runs": "24", "budget": "30000", "career": "5", "income": "", "new": ""}
    arm |= {"occupation": "creative", "status": "all", "where": "left-behind"}
    arm |= {f"much.{kind}": str(offer.default) for kind, offer in OFFERS.items() if offer.key}
    for at in ARMS:
        arm["kind"] = "membership_subsidy" if at == 1 else "none"
        form |= {f"a{at}.{name}": text for name, text in arm.items()}
    return form


def filled(given: Iterable[tuple[str, str]]) -> Form:
    """Return the form with what is given, cut to a length that any honest value has; unknown names are left out."""
    form = defaults()
    for name, text in given:
        if name in form or (name.startswith(ASSUMPTIONS) and name[len(ASSUMPTIONS) :] in SWEPT):
            form[name] = text.strip()[:100]
    return form


def without_unchanged(form: Form, values: Mapping[str, float | int | str]) -> Form:
    """Leave out assumptions that are as the world has them.

    >>> without_unchanged({"q.space.desks": "24.0", "q.space.price": "99", "seed": "1"}, {"space.desks": 24,
    ...                    "space.price": 157.0})
    {'q.space.price': '99', 'seed': '1'}
    """

    def unchanged(name: str, text: str) -> bool:
        if not name.startswith(ASSUMPTIONS):
            return False
        value = values[name[len(ASSUMPTIONS) :]]
        if isinstance(value, str):
            return text == value
        number = _number(text)
        return number is not None and abs(number - value) <= 1e-9 * max(1.0, abs(value))

    return {name: text for name, text in form.items() if not unchanged(name, text)}


def query(form: Form, version: str) -> str:
    """Return the address of a form: the version, and what differs from the defaults and matters."""
    base = defaults()
    said = [(name, text) for name, text in sorted(form.items()) if base.get(name) != text and _matters(name, form)]
    return urlencode([("v", version), *said])


def larger(address: str, answer: Mapping[str, Any] | None, version: str) -> str:
    """Return the address of the same question in the larger world, where hardly anybody uses a policy; else nothing."""
    form = filled(parse_qsl(address))
    reached = [line["mark"] for one in (answer or {}).get("verdicts", ()) for line in one["lines"]]
    if "few" not in reached or form["file"] or form["size"] == "region":
        return ""
    return query(form | {"size": "region", "replicates": REPLICATES[0]}, version)


def _matters(name: str, form: Form) -> bool:
    """Whether a field says anything: numbers of kinds that are not chosen, and policies left out, do not."""
    if name in ("region", "size"):
        return not form["file"]
    arm, _, field = name.partition(".")
    if not (arm[:1] == "a" and arm[1:].isdigit()):
        return True
    kind = form[f"{arm}.kind"]
    offer = OFFERS.get(kind, OFFERS["none"])
    if field in ("kind", "name"):
        return field == "kind" or kind != "none"
    if field.startswith("much."):
        return field == f"much.{kind}"
    return bool(offer.key) and (offer.people or field in ("runs", "budget", "where"))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def assumption(quantity: Parameter, text: str) -> float | int | str | None:
    """Read the value of an assumption; None when it is none."""
    if quantity.kind is Kind.CHOICE:
        return text
    number = _number(text)
    if number is not None and quantity.kind is Kind.INTEGER and number.is_integer():
        return int(number)
    return number


_WORDS: Final = {
    Evidence.MEASURED: "measured",
    Evidence.DERIVED: "derived from measurements",
    Evidence.GUESS: "a guess",
}
#: What each part of the model is called on the page, in this order.
_TITLES: Final = {
    "appraisal": "How gains and costs are valued",
    "membership": "Joining and leaving a space",
    "schemes": "Applying for support",
    "awareness": "Hearing of spaces and support",
    "space": "Spaces as they open",
    "resource_pool": "Equipment and training in spaces",
    "training": "Courses, given or bought",
    "resource_learning": "Learning from hours and own work",
    "social_learning": "Learning from each other",
    "encounters": "Who meets whom",
    "income": "Projects, fees and wages",
    "population": "Who lives there",
    "environment": "The surroundings",
    "turnover": "Careers and changes of status",
    "frontier": "How skills move on",
    "adoption": "New tools",
    "decay": "Forgetting, and ties that fade",
    "management": "Running a space",
    "policies": "What policies buy",
    "graph": "Ties at the start",
}


def groups(form: Form, scenario: Scenario) -> list[dict[str, Any]]:
    """Return all assumptions by part of the model, for the page; ``scenario`` is the world before any was changed."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _TITLES}
    for name, quantity in SWEPT.items():
        field, own = f"{ASSUMPTIONS}{name}", scenario.values[name]
        text = form.get(field, text_of(own))
        low, high = quantity.sampled or (0.0, 0.0)
        ends = [low, high, *(end for value in (own, text) if (end := _number(str(value))) is not None)]
        slider = {"field": field, "parameter": quantity, "own": text_of(own), "text": text, "changed": field in form}
        slider |= {"least": text_of(min(ends)), "most": text_of(max(ends)), "evidence": _WORDS[quantity.evidence]}
        slider["sampled"] = f"{low:g} to {high:g} {quantity.unit}" if quantity.sampled else ""
        found.setdefault(quantity.group, []).append(slider)
    return [
        {"title": _TITLES.get(name, name), "sliders": own, "changed": sum(one["changed"] for one in own)}
        for name, own in found.items()
        if own
    ]
