"""From a filled-in form to what is asked: a scenario, up to four sets of policies, and how many worlds."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from coworksim.app import form as choices
from coworksim.app.form import ASSUMPTIONS, SWEPT, Form, assumption
from coworksim.files.errors import echo, first_of, nearest, printable
from coworksim.files.plausibility import warnings_of
from coworksim.model.parameters.skills import CREATIVE, INDEPENDENT, OCCUPATIONS, STATUSES

if TYPE_CHECKING:
    from coworksim.model.policy import Policy
    from coworksim.model.scenario import Scenario

#: People of one world, and person-weeks of a whole comparison, that the page will take on.
MOST_PEOPLE: Final = 20_000
MOST_WORK: Final = 2_000_000_000
_WEEKS: Final = 52 / 12


class Trouble(NamedTuple):
    """What is wrong with a field, in a sentence."""

    field: str
    text: str


class FormError(ValueError):
    """A form was refused; ``troubles`` has a sentence for each field that is wrong."""

    def __init__(self, troubles: list[Trouble]) -> None:
        self.troubles = troubles
        super().__init__("; ".join(trouble.text for trouble in troubles))


@dataclass(frozen=True)
class Question:
    """What is asked; ``changed`` are the assumptions that differ from the world's own, ``odd`` what is hardly meant."""

    scenario: Scenario
    arms: Mapping[str, tuple[Policy, ...]]
    replicates: int
    seed: int
    changed: Mapping[str, float | int | str]
    people: int
    odd: tuple[str, ...] = ()

    @property
    def plain(self) -> dict[str, Any]:
        """Return the question as plain data for the process that simulates."""
        stands = self.scenario.standing(self.arms.values())
        scenario = self.scenario.model_copy(update={"policies": stands}).model_dump(mode="json")
        arms = {name: [policy.model_dump(mode="json") for policy in arm] for name, arm in self.arms.items()}
        about = {"replicates": self.replicates, "seed": self.seed, "changed": dict(self.changed)}
        return {"scenario": scenario, "arms": arms, **about}

    @property
    def key(self) -> str:
        """Return a name that equal questions share."""
        return hashlib.sha256(json.dumps(self.plain, sort_keys=True).encode()).hexdigest()[:16]


def read(form: Form, load: Callable[[Form, Mapping[str, float | int | str]], Scenario]) -> Question:
    """Read a form; ``load`` gives its world under changed assumptions. Raises FormError with every problem found."""
    troubles = list(_choices(form))
    changed = _changed(form, troubles)
    seed = _whole(form, "seed", "Seed", 0, 2**63 - 1, troubles)
    drafts = [draft for at in choices.ARMS if (draft := _draft(form, at, troubles)) is not None]
    if not drafts and not troubles:
        troubles.append(Trouble("a1.kind", "No policy is used: choose what is offered in policy 1"))
    if troubles:
        raise FormError(troubles)
    scenario = load(form, changed)
    arms = _arms(form, drafts, scenario, troubles)
    replicates = int(form["replicates"])
    people = _people(scenario, replicates, len(arms), troubles)
    if troubles:
        raise FormError(troubles)
    return Question(scenario, arms, replicates, seed, changed, people, odd_of(scenario, arms.values()))


def marks(odd: Iterable[str]) -> dict[str, str]:
    """Return what a form says of each sentence that was in sight when it was sent: mark -> sentence."""
    return {hashlib.sha256(sentence.encode()).hexdigest()[:16]: sentence for sentence in odd}


def odd_of(scenario: Scenario, arms: Iterable[tuple[Policy, ...]] | None = None) -> tuple[str, ...]:
    """Return what is hardly meant in a world with the policies that are asked about, as much as anybody reads."""
    return tuple(first_of(warnings_of(scenario, arms)))


def _choices(form: Form) -> Iterator[Trouble]:
    of_arm: dict[str, Any] = {"kind": choices.OFFERS, "occupation": choices.OCCUPATIONS_MEANT}
    of_arm |= {"status": choices.STATUSES_MEANT, "where": choices.WHERE, "new": ("", "on")}
    known = {"region": choices.REGIONS, "size": choices.SIZES, "replicates": choices.REPLICATES}
    known |= {f"a{at}.{name}": allowed for at in choices.ARMS for name, allowed in of_arm.items()}
    for name, allowed in known.items():
        if form[name] not in allowed:
            close = nearest(form[name], allowed)
            write = f"choose {close}" if close else f"choose one of {', '.join(filter(None, allowed))}"
            yield Trouble(name, f"{name} cannot be {echo(form[name])}; {write}")


def _changed(form: Form, troubles: list[Trouble]) -> dict[str, float | int | str]:
    found: dict[str, float | int | str] = {}
    for name, text in form.items():
        if not name.startswith(ASSUMPTIONS):
            continue
        quantity = SWEPT[name[len(ASSUMPTIONS) :]]
        value = assumption(quantity, text)
        problem = "must be a number" if value is None else quantity.problem(value)
        if problem or value is None:
            troubles.append(Trouble(name, f"{quantity.name} is {echo(text)}; it {problem}"))
        else:
            found[quantity.name] = value
    return found


def _whole(form: Form, name: str, label: str, least: int, most: int, troubles: list[Trouble], unit: str = "") -> int:
    """Read a whole number; 0 and a trouble where there is none."""
    try:
        value = int(form[name])
    except ValueError:
        value = least - 1
    if least <= value <= most:
        return value
    write = f"write a whole number from {least:,} to {most:,} {unit}".rstrip()
    troubles.append(Trouble(name, f"{label} is {echo(form[name])}; {write}"))
    return 0


class _Draft(NamedTuple):
    """A policy as the form has it."""

    at: int
    kind: str
    much: int
    numbers: Mapping[str, int | None]


def _draft(form: Form, at: int, troubles: list[Trouble]) -> _Draft | None:
    kind = form[f"a{at}.kind"]
    if kind == "none" or kind not in choices.OFFERS:
        return None
    offer, before = choices.OFFERS[kind], f"Policy {at}: "
    if not offer.key:
        return _Draft(at, kind, 0, {})
    much = _whole(form, f"a{at}.much.{kind}", before + offer.ask, offer.least, offer.most, troubles, offer.unit)
    numbers: dict[str, int | None] = {}
    for name, (label, unit, least, most, optional) in choices.FIELDS.items():
        field = f"a{at}.{name}"
        if offer.people or name not in ("months", "career", "income"):
            empty = optional and not form[field]
            numbers[name] = None if empty else _whole(form, field, before + label, least, most, troubles, unit)
    return _Draft(at, kind, much, numbers)


def _arms(
    form: Form, drafts: list[_Draft], scenario: Scenario, troubles: list[Trouble]
) -> dict[str, tuple[Policy, ...]]:
    arms: dict[str, tuple[Policy, ...]] = {}
    for draft in drafts:
        field = f"a{draft.at}.name"
        name = printable(form[field])[:60] or choices.OFFERS[draft.kind].short.format(f"{draft.much:,}")
        if name in arms and not form[field]:
            name = f"{name} ({draft.at})"
        if name in arms or name == "without":
            troubles.append(Trouble(field, f"A second world is called {echo(name)}; give another name"))
        else:
            arms[name] = _policies(form, draft, name, scenario, troubles)
    return arms


def _policies(form: Form, draft: _Draft, name: str, scenario: Scenario, troubles: list[Trouble]) -> tuple[Policy, ...]:
    from coworksim.model.policies import LEVERS
    from coworksim.model.policy import Policy

    if draft.kind == "nothing":
        return ()
    if draft.kind == "declared":
        if not scenario.policies:
            text = f"Policy {draft.at}: the scenario {echo(scenario.name)} declares no policies; choose another kind"
            troubles.append(Trouble(f"a{draft.at}.kind", text))
        return scenario.policies
    end = math.floor((draft.numbers["runs"] or 0) * _WEEKS + 0.5)
    if end > scenario.weeks:
        most = math.floor(scenario.weeks / _WEEKS)
        text = f"Policy {draft.at}: the scheme runs for longer than this world does; write at most {most} months"
        troubles.append(Trouble(f"a{draft.at}.runs", text))
        return ()
    offer = choices.OFFERS[draft.kind]
    said: dict[str, Any] = {"months": draft.numbers["months"] or 0} if offer.people else {}
    levers: dict[str, float] = {offer.key: offer.factor * draft.much, **dict(offer.fixed)}
    for key, value in levers.items():  # a policy holds money in pence, whole numbers as such
        held = LEVERS[key].form
        said[key] = round(100 * value) if held == "money" else round(value) if held == "whole" else value
    budget = 100 * (draft.numbers["budget"] or 0)
    eligible = _eligible(form, draft, offer.people)
    return (Policy(name=name, kind=draft.kind, end=end, budget=budget, eligible=eligible, **said),)


def _eligible(form: Form, draft: _Draft, people: bool) -> Any:
    from coworksim.model.policy import Eligibility

    def named(names: tuple[str, ...], marked: tuple[bool, ...], field: str, wanted: str) -> tuple[str, ...]:
        said = form[f"a{draft.at}.{field}"]
        chosen = zip(names, marked, strict=True) if said != "all" else ()
        return tuple(name for name, mark in chosen if mark is (said == wanted))

    where = form[f"a{draft.at}.where"]
    regions = () if where == "all" else (where,)
    if not people:
        return Eligibility(regions=regions)
    return Eligibility(
        career_below=draft.numbers["career"],
        income_below=draft.numbers["income"],
        occupations=named(OCCUPATIONS, CREATIVE, "occupation", "creative"),
        statuses=named(STATUSES, INDEPENDENT, "status", "independent"),
        regions=regions,
        non_members=form[f"a{draft.at}.new"] == "on",
    )


def _people(scenario: Scenario, replicates: int, arms: int, troubles: list[Trouble]) -> int:
    """Return about how many people a world has; refuse what would take this machine too long."""
    people, usual = 0, float(scenario["environment.catchment"])
    for place in scenario.regions:
        found = round(place.spaces * float(place.environment.get("catchment", usual)))
        people += found if place.people is None else place.people
    weeks = scenario.start_week + scenario.weeks * (arms + 1)
    if people > MOST_PEOPLE:
        text = f"This world has about {people:,} people, and the page takes at most {MOST_PEOPLE:,}"
        troubles.append(Trouble("size", f"{text}; use coworksim compare for it"))
    elif people * weeks * replicates > MOST_WORK:
        text = f"{people:,} people, {weeks:,} weeks and {replicates} replicates are more than the page takes on"
        troubles.append(Trouble("replicates", f"{text}; choose fewer replicates, or use coworksim compare"))
    return people
