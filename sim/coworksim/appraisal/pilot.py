"""A pilot simulated before it is paid for: would a lottery, or a phased roll-out, find what the policy does?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

from coworksim.appraisal.pairs import aimed
from coworksim.appraisal.pilot_power import INPUTS, Survey, needed, power_table
from coworksim.appraisal.pilot_run import WINDOW, payload, weeks_of, work
from coworksim.files.errors import InputError, Mark, Problems, RunnerError, echo, tell
from coworksim.files.manifest import MANIFEST
from coworksim.files.provenance import environment
from coworksim.files.result_folder import plain_rows, write_json
from coworksim.files.scenario_writer import write_scenario
from coworksim.files.table_files import write_tables
from coworksim.model.policies import KINDS
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.announcement import Worlds, counted
from coworksim.runs.batch import RunCache, run_in_memory
from coworksim.runs.run import Limits, Options, run_of

if TYPE_CHECKING:
    import pandas as pd


DESIGNS: Final = {
    "lottery": "half of those who apply get it, by lot",
    "phased": "half of the regions get it first, by lot; the others after the last survey",
}
MONTHS: Final = (6,)
REPLICATES: Final = 20
#: Surveys drawn from each world.
SURVEYS: Final = 10
#: Regions that a phased roll-out needs: a spread of means in each half.
_FEWEST_REGIONS: Final = 4
_FEWEST_PEOPLE: Final = 4
_MOST_MONTHS: Final = 120
_FIRST_SIZE: Final = 20


@dataclass(frozen=True)
class Pilot:
    """What a pilot would find. ``people`` has a row per replicate, month and person; ``books`` one per replicate."""

    scenario: Scenario
    policies: tuple[Policy, ...]
    design: str
    seed: int
    months: tuple[int, ...]
    sizes: tuple[int, ...]
    survey: Survey
    replicates: int
    people: pd.DataFrame
    books: pd.DataFrame
    failed: tuple[str, ...]

    @cached_property
    def power(self) -> pd.DataFrame:
        """Power, false positives, estimate and truth by outcome, month and people asked."""
        return power_table(self.people, self.seed, self.sizes, self.survey)

    @cached_property
    def needed(self) -> pd.DataFrame:
        """People to ask for 80 % power, by outcome and month."""
        return needed(self.power)


class Asked(Options, total=False):
    """What :func:`pilot` may be given beside what it names: shares of answers, and how runs are done."""

    response: float | None
    reliability: float | None


def pilot(
    scenario: Scenario,
    policies: Sequence[Policy],
    design: str = "lottery",
    *,
    replicates: int = REPLICATES,
    seed: int | None = None,
    cache: RunCache | None = None,
    people: Sequence[int] = (),
    months: Sequence[int] = MONTHS,
    at_start: bool | None = None,
    window: int = WINDOW,
    surveys: int = SURVEYS,
    **options: Unpack[Asked],
) -> Pilot:
    """Simulate a pilot of ``policies``, and what a survey in each of ``months`` after the offer would find.

    ``people`` are numbers of people asked; none: 20, 40, 80 and so on, up to all. ``window``: weeks in which a lottery
    takes applications. ``at_start``: a survey at the start too, so that changes are compared; by default of a phased
    roll-out only. What ``cache`` holds is not run again; the others are fields of ``Limits``. Raises InputError for
    what cannot be, RunnerError when fewer than two replicates succeed.
    """
    seed, given = scenario.seed if seed is None else seed, dict[str, Any](options)
    noise: dict[str, float] = {}
    for name in ("response", "reliability"):
        value = given.pop(name, None)
        noise[name] = float(INPUTS[name].default if value is None else value)
    chosen, when = tuple(policies), tuple(sorted(set(months)))
    problems = _check(scenario, chosen, design, people, noise)
    begins = max((p.start for p in chosen), default=0) + (window if design == "lottery" else 0)
    _check_months(when, begins, scenario.weeks, problems)
    if problems:
        raise InputError(problems.listed())
    tell(problems.warnings)
    plan: Any = {"design": design, "months": list(when), "window": window}
    runs = [run_of(work, k, payload(scenario, chosen, seed, k, **plan)) for k in range(replicates)]
    both = Worlds(2, "a world with the pilot and without it")
    worlds = both if design != "lottery" else Worlds(4, f"{both.which}, after 2 trials of who applies and who wins")
    says = f"To do: {counted(replicates, 'run')}{worlds.of(replicates)}."
    outcomes = run_in_memory(runs, work, cache, Limits(**given), says=says)
    done, failed = outcomes.done, outcomes.failed()
    if len(done) < 2:
        why = f"; the first failure: {failed[0]}" if failed else ""
        raise RunnerError(f"a pilot needs two replicates that succeed, and there are {len(done)}{why}")
    import pandas as pd

    table = pd.concat([o.series.to_pandas().assign(replicate=k) for k, o in done.items()], ignore_index=True)
    books = pd.DataFrame([{"replicate": k, **o.values} for k, o in done.items()])
    groups = table.groupby(["replicate", "month", "treated"], observed=True)
    phased, most = design == "phased", 2 * int(groups.size().min())
    survey = Survey(**noise, at_start=phased if at_start is None else at_start, by_region=phased, draws=surveys)
    doubled = [size for k in range(20) if (size := _FIRST_SIZE << k) < most]
    sizes = tuple(sorted(set(people))) or (*doubled, most)
    if max(sizes) > most:
        what = f"{max(sizes)} people, but {most} can be asked (as many offered as not, in every replicate)"
        problems.add(Mark("--people"), what, f"write numbers up to {most}, or take a scenario with more people")
        raise InputError(problems.listed())
    return Pilot(scenario, chosen, design, seed, when, sizes, survey, len(done), table, books, tuple(failed))


def _check(
    scenario: Scenario, policies: tuple[Policy, ...], design: str, people: Sequence[int], inputs: Mapping[str, float]
) -> Problems:
    """Say what nobody could pilot."""
    problems = Problems()
    for policy in scenario.standing([policies]):
        problems.warn(Mark("--policy"), f"{echo(policy.name)}, which the scenario runs, does not act in the pilot")
    if design not in DESIGNS:
        problems.add(Mark("--design"), f"design is {design}", f"write {' or '.join(DESIGNS)}")
    for name, value in inputs.items():
        if problem := INPUTS[name].problem(value):
            problems.add(Mark(f"--{name}"), f"{name} is {value}", f"it {problem}")
    for size in (size for size in people if size < _FEWEST_PEOPLE):
        problems.add(Mark("--people"), f"a survey of {size} people", f"write at least {_FEWEST_PEOPLE}")
    if not policies:
        problems.add(Mark("--policy"), "no policy to pilot", "name one that does something")
    meant = sum(aimed(policies, region) for region in scenario.regions)
    if design == "lottery":
        _check_lottery(policies, problems)
    elif meant < _FEWEST_REGIONS:
        what = f"a phased roll-out over {meant} regions, which needs at least {_FEWEST_REGIONS}"
        problems.add(Mark("--design"), what, "write lottery, or take a scenario with more regions")
    return problems


def _check_months(months: Sequence[int], begins: int, weeks: int, problems: Problems) -> None:
    for month in months:
        if not 1 <= month <= _MOST_MONTHS:
            problems.add(Mark("--months"), f"a survey in month {month}", f"write months from 1 to {_MOST_MONTHS}")
        elif begins + weeks_of(month) >= weeks:
            what = f"a survey {month} months after week {begins}, beyond the {weeks} weeks of the scenario"
            problems.add(Mark("--months"), what, "write fewer months, or --set weeks=")


def _check_lottery(policies: tuple[Policy, ...], problems: Problems) -> None:
    if len(policies) > 1:
        problems.add(Mark("--policy"), f"a lottery of {len(policies)} policies", "name a single one")
    for policy in policies:
        if not KINDS[policy.kind].is_award:
            what = f"a lottery of {policy.name}: nobody applies for a {policy.kind}"
            problems.add(Mark("--policy"), what, "write --design phased, or a policy that one applies for")


def about(found: Pilot, command: Sequence[str] = ()) -> dict[str, Any]:
    """Return where a pilot comes from, and what it assumes."""
    survey = found.survey
    design = {"name": found.design, "meaning": DESIGNS[found.design], "months": list(found.months)}
    assumed = {}
    for name, one in INPUTS.items():
        known = {"unit": one.unit, "meaning": one.meaning, "source": one.source, "class": str(one.evidence)}
        assumed[name] = {"value": getattr(survey, name), **known}
    return {
        "command": list(command),
        "scenario": {"name": found.scenario.name, "digest": found.scenario.digest},
        "policies": [policy.model_dump(mode="json") for policy in found.policies],
        "design": design | {"people": list(found.sizes), "survey_at_start": survey.at_start},
        "assumed": assumed,
        "seed": found.seed,
        "replicates": found.replicates,
        "surveys_of_each": survey.draws,
        "failed": list(found.failed),
        "environment": environment(),
        "about": "A simulation, not a forecast.",
    }


def write_pilot(found: Pilot, folder: Path, command: Sequence[str] = ()) -> None:
    """Write tables, ``pilot.json``, the scenario and the manifest."""
    content = about(found, command)
    tables = {"power": found.power, "needed": found.needed, "books": found.books}
    rows = write_tables(tables, folder)
    write_json(folder / "pilot.json", content | {name: plain_rows(table) for name, table in tables.items()})
    write_scenario(found.scenario, folder)
    write_json(folder / MANIFEST, content | {"rows": rows})
