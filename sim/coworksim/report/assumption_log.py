"""The log of assumptions: what is assumed, why, how good the evidence is, and how much it moves outcomes.

Assumptions of structure come first: what the model takes for granted beyond the values of single parameters; then one
for each parameter: its default. The impact is measured by a screening of every swept parameter (``coworksim experiment
run screening``), whose table ``indices.csv`` this module reads: the share that an input's mean effect over its range
(mu*) has of the greatest mean effect on the same outcome, at most over outcomes.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from coworksim.files.built_in import data_file
from coworksim.model.parameters import PARAMETERS, Evidence
from coworksim.report.sentences.text import shown
from coworksim.statistics.factors import is_swept

#: Evidence classes in words.
EVIDENCE: Final = {Evidence.MEASURED: "measured", Evidence.DERIVED: "derived", Evidence.GUESS: "guess"}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Return a table in Markdown; what would end a cell is escaped.

    >>> print(table(("a", "b"), [("x|y", "1")]))
    | a | b |
    | --- | --- |
    | x\|y | 1 |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '\\|') for cell in line)} |" for line in lines)


_D, _G = Evidence.DERIVED, Evidence.GUESS


class Declared(NamedTuple):
    """An assumption of structure, and the quantities through which a study sees what it may change."""

    name: str
    assumed: str
    why: str
    evidence: Evidence
    quantities: tuple[str, ...] = ()


DECLARED: Final = (
    Declared("regions differ in environment only", "no coefficient of learning differs by region or type of worker",
             "findings about regions must emerge; any difference could be typed in otherwise", _G,
             ("environment.outside_access", "environment.firm_density", "environment.catchment",
              "environment.reach")),
    Declared("fields follow figures of their own", "density, income, training, provision and reach go by what is "
             "measured in a region; how behaviour responds is swept", "the one is known, the other is not", _D,
             ("environment.firm_density_response", "environment.reach_response", "environment.demand_response",
              "environment.work_training_response", "environment.public_provision_response")),
    Declared("a missing figure is the mean of its nation", "in draw 0; other draws, as the frames of the UK take, are "
             "around it, with the spread of the figures that are known",
             "a town should stand on no single draw, and a whole country has regions that differ", _D,
             ("environment.draw",)),
    Declared("users per space go by published areas", "people per space of a nation or city, times users per "
             "head of the region; drawn below published counts", "no count below exists; who is a user is a choice",
             _D,
             ("environment.users_by", "environment.catchment")),
    Declared("TD learning closes a gap", "TD skill is anchored to a frontier that equipment and trainers carry along",
             "skill in tools is codified; the rival law is a parameter away", _G, ("resource_learning.theta_td",)),
    Declared("SC learning is limited by input", "SC skill grows with novelty and contacts of partners, not with a gap",
             "gap-closing laws favour the isolated; the rival law is a parameter away", _G,
             ("social_learning.theta_sc",)),
    Declared("time is a budget", "an hour of learning inside a space is not spent outside",
             "people's time is short; without it spaces would add learning for nothing", _G,
             ("population.learning_hours", "resource_pool.inclination")),
    Declared("peers drag nobody down", "only the lead of a partner counts, and the partner loses nothing but time",
             "a simplification; the contrary would need data on who holds back whom", _G,
             ("social_learning.peer_gain", "social_learning.peer_gain_td")),
    Declared("distance of skills does not matter", "partners teach alike, however far their TD profiles lie apart",
             "a study of a left-behind town finds no effect; the rival, an inverted U, is a parameter away", _G,
             ("social_learning.cognitive_distance",)),
    Declared("membership is a logit choice", "taste, habit, ties, expected gain, price, crowding and distance add up",
             "standard in discrete choice; its constants follow from elasticity, members and churn", _D,
             ("membership.elasticity", "membership.members", "membership.churn", "membership.taste_sd",
              "membership.persistence", "membership.money")),
    Declared("people look now and then", "a wish lives until the next look; nobody joins or leaves between two "
             "looks but when support begins to pay", "inertia: a comb of fixed dates would move everybody at once", _G,
             ("membership.review_weeks", "schemes.intent_weeks")),
    Declared("people apply because they want to come", "surplus with support over without, over the use expected, "
             "against hassle", "without it awards go to people who never come", _D,
             ("schemes.hassle", "schemes.early_hassle", "schemes.wish")),
    Declared("tables", "who sits together on a day is chance; people choose neighbours by distance and tie",
             "cheap and mean-preserving; contact falls off by about 8 m (Allen 1977)", _D,
             ("encounters.distance", "encounters.habit", "encounters.visits")),
    Declared("projects are partly taken from others", "a share of what skill earns is another freelancer's loss",
             "regional demand is limited; no figure exists", _G, ("income.own_expansion", "income.skill_return")),
    Declared("nobody moves between regions", "a home lasts as long as a career; nomads come and go",
             "migration is left out for want of data at this level", _G),
    Declared("no inflation", "prices, wages and costs are those of the year of the start, but for managers' prices",
             "effects are differences between worlds in the same year", _G),
    Declared("firms are scenery", "employers train, sponsor and bring colleagues together, and decide nothing",
             "the question is about people without an employer", _G, ("encounters.colleagues", "training.employees")),
    Declared("managers follow rules of thumb", "price by occupancy in steps, investment of a surplus, closure if broke",
             "no data on pricing by spaces; the rules are written out in coworksim.model.agents.Manager", _G,
             ("management.price_step",)),
    Declared("one desk count for all spaces", "spaces open alike unless the scenario lists its own",
             "sizes by region are not published", _G, ("space.desks",)),
    Declared("spaces follow a rule of allocation", "where the UK's spaces are is computed from people, jobs and firms",
             "no count by ITL-3 region exists; exponents are fitted to nations and cities", _D,
             ("frame.population_exponent", "frame.jobs_exponent", "frame.creative_exponent")),
    Declared("outside access follows public provision", "an hour wanted outside can be used more often where publicly "
             "funded learning is more frequent", "no figure of access to courses, labs and machines exists; work "
             "training and no field at all are rivals", _G,
             ("environment.outside_access", "environment.outside_access_follows")),
    Declared("starting skills follow the laws", "a career so far has added what the laws of learning give",
             "avoids decades of burn-in; the burn-in adds the rest", _D, ("population.entry_skill",)),
    Declared("hassle is lasting", "how hard applying is to a person is drawn once, heavier early in a career",
             "redrawing would bring everybody in sooner or later", _G, ("schemes.hassle", "schemes.early_hassle")),
    Declared("awards are used as meant", "no fraud, no resale; support pays a fee that the person would owe",
             "administration and error are a declared share of cost", _G, ("appraisal.administration",)),
    Declared("what is not in the model", "sex, ethnicity, disability, household, health and taxes have no part",
             "no data in the survey to hold them against; distributional results say so", _G),
)  # fmt: skip  # a table: a line is a row

#: The table of impacts that comes with the package.
IMPACT_FILE: Final = "impact.csv"
_LARGE, _MIDDLING = 1 / 3, 1 / 10
#: Outcomes of the screening in few words.
_OUTCOMES: Final = {
    "members_at_end": "members", "member_share": "members", "member_weeks_per_person": "membership",
    "gain_sc_in_space": "SC skill gained in spaces", "gain_td_in_space": "TD skill gained in spaces",
    "gain_sc_total": "SC skill", "gain_td_total": "TD skill", "gain_sc_per_member_year": "SC skill by membership",
    "gain_td_per_member_year": "TD skill by membership", "encounters_per_member_week": "encounters", "price": "prices",
    "occupancy": "occupancy", "spaces_open": "open spaces", "income_median": "median income",
}  # fmt: skip  # a table: a line is a row


class Impact(StrEnum):
    """How much an assumption moves outcomes, in words."""

    LARGE = "large"
    MIDDLING = "middling"
    SMALL = "small"
    NONE = "none seen above chance"
    UNKNOWN = "not yet measured"
    FIXED = "not varied by studies"


#: A colour for how well a thing is known, and for how much it moves; never the only sign. Others are grey.
_COLOURS: Final = {
    Evidence.MEASURED: "green", Evidence.DERIVED: "amber", Evidence.GUESS: "red",
    Impact.SMALL: "green", Impact.MIDDLING: "amber", Impact.LARGE: "red",
}  # fmt: skip  # a table: a line is a row


@dataclass(frozen=True, slots=True)
class Assumption:
    """One row of the log.

    ``impact_on`` is the outcome that it moves most, ``impact_share`` its effect there as a share of the greatest;
    empty and None where nothing was measured. ``structure`` tells assumptions of structure from defaults.
    """

    name: str
    assumed: str
    why: str
    evidence: Evidence
    impact: Impact
    impact_share: float | None = None
    impact_on: str = ""
    structure: bool = False

    @property
    def quality(self) -> str:
        """The quality of the evidence in a word: measured, derived or guess."""
        return EVIDENCE[self.evidence]

    @property
    def quality_colour(self) -> str:
        """A colour that says the same."""
        return _COLOURS[self.evidence]

    @property
    def impact_colour(self) -> str:
        """A colour for the impact."""
        return _COLOURS.get(self.impact, "grey")

    @property
    def pressing(self) -> bool:
        """Whether better evidence would matter most: a guess that moves much."""
        return self.evidence is Evidence.GUESS and self.impact is Impact.LARGE


#: What a screening found of one input: whether it rose above chance, the greatest share, and the outcome.
type Measured = tuple[bool, float, str]


@cache
def read_impacts(path: Path) -> Mapping[str, Measured]:
    """Return what a table of a screening says, by input; the table is ``indices.csv`` of a study by ``morris``.

    Outcomes that are defined at few points have no rows. Raises ValueError for a table of another kind.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    if not rows or not {"outcome", "input", "measure", "value", "above"} <= set(rows[0]):
        raise ValueError(f"{path} has no columns outcome, input, measure, value and above; give indices.csv of a study")
    wanted = [row for row in rows if row["measure"] == "mu_star" and row["input"] != "dummy" and row["value"]]
    if not wanted:
        raise ValueError(f"{path} has no mu_star; give indices.csv of a study by the method morris")
    greatest: dict[str, float] = {}
    for row in wanted:
        greatest[row["outcome"]] = max(greatest.get(row["outcome"], 0.0), float(row["value"]))
    found: dict[str, Measured] = {}
    for row in wanted:
        scale = greatest[row["outcome"]]
        now = row["above"] == "True", float(row["value"]) / scale if scale > 0 else 0.0, row["outcome"]
        before = found.get(row["input"])
        if before is None or now[:2] > before[:2]:
            found[row["input"]] = now
    return found


def assumptions(impacts: Path | None = None) -> list[Assumption]:
    """Return the log; ``impacts`` is a table to read in place of the one that comes with the package.

    >>> log = assumptions()
    >>> {one.quality for one in log} == {"measured", "derived", "guess"}
    True
    """
    path = impacts or data_file(IMPACT_FILE)
    measured = {} if path is None else read_impacts(path)
    log = [
        Assumption(one.name, one.assumed, one.why, one.evidence, *_impact(one.quantities, measured), structure=True)
        for one in DECLARED
    ]
    for one in PARAMETERS.values():
        assumed = f"{one.meaning}: {shown(one.default)}" + ("" if one.choices else f" {one.unit}")
        log.append(Assumption(one.name, assumed, one.source, one.evidence, *_impact((one.name,), measured)))
    return log


def _impact(names: Iterable[str], measured: Mapping[str, Measured]) -> tuple[Impact, float | None, str]:
    if not any(is_swept(PARAMETERS[name]) for name in names):
        return Impact.FIXED, None, ""
    found = [measured[name] for name in names if name in measured]
    if not found:
        return Impact.UNKNOWN, None, ""
    above, share, outcome = max(found, key=lambda one: one[:2])
    size = Impact.LARGE if share >= _LARGE else Impact.MIDDLING if share >= _MIDDLING else Impact.SMALL
    return (size if above else Impact.NONE), share, outcome


def impact_text(one: Assumption) -> str:
    """Say the impact in words: how large, of what."""
    if one.impact_share is None or one.impact is Impact.NONE:
        return str(one.impact)
    on = _OUTCOMES.get(one.impact_on, one.impact_on)
    return f"{one.impact} ({one.impact_share:.2f} of the greatest effect on {on})"


def assumptions_text(impacts: Path | None = None) -> str:
    """Return the log as Markdown."""
    log = assumptions(impacts)
    pressing = [one for one in log if one.pressing]
    counts = ", ".join(f"{sum(one.evidence is e for one in log)} {word}" for e, word in EVIDENCE.items())
    first = (
        "# What is assumed\n\n"
        "This page is made from the code by `coworksim odd --assumptions`; a test fails when the two differ.\n\n"
        f"{len(log)} assumptions: {counts}. Evidence: measured is a published figure, derived follows from such "
        "figures, a guess has no figure behind it. Impact: of all swept parameters, how much an input moves an outcome "
        "over its whole range, as a share of the greatest such effect on that outcome (the outcome it moves most is "
        "named): large from a third, middling from a tenth, small below; of several parameters the greatest. "
        f"{origin(impacts)}\n\n"
        f"Guesses that move much ({len(pressing)}): {', '.join(one.name for one in pressing) or 'none known'}."
    )
    parts = [first]
    for title, structure in (("Structure", True), ("Defaults", False)):
        rows = [
            (one.name if structure else f"`{one.name}`", one.assumed, one.why, one.quality, impact_text(one))
            for one in log
            if one.structure is structure
        ]
        parts.append(f"## {title}\n\n{table(('assumption', 'what is assumed', 'why', 'evidence', 'impact'), rows)}")
    return "\n\n".join(parts) + "\n"


def origin(impacts: Path | None = None) -> str:
    """Say where the impacts come from: the comment at the top of the table."""
    path = data_file(IMPACT_FILE) if impacts is None else impacts
    if path is None:
        return "No study has measured it yet."
    with path.open(encoding="utf-8") as file:
        first = file.readline()
    return first.lstrip("# ").strip() if first.startswith("#") else "Measured by a study whose table was given."
