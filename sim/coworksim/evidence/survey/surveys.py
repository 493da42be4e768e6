"""Surveys of many worlds: simulate, survey, fit, on several processors; then power, and exaggeration.

What a world yields is kept in a folder: answers, coefficients and true slopes, rows of one table whose column ``part``
says which they are.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

import pandas as pd

from coworksim.evidence.survey.recipe import NAME, recipe
from coworksim.evidence.survey.regression import FORMS, OUTCOMES, fits
from coworksim.evidence.survey.respondents import flags_by, survey_world, with_categories, with_codes
from coworksim.evidence.survey.trial import TREATMENTS, power_table, simulated
from coworksim.files.columns import note
from coworksim.files.errors import InputError, Mark, Problems, RunnerError
from coworksim.files.manifest import MANIFEST
from coworksim.files.provenance import environment
from coworksim.files.result_folder import write_json
from coworksim.files.scenario_writer import write_scenario
from coworksim.files.table_files import write_tables
from coworksim.files.uk_regions import RULES
from coworksim.model.scenario import Scenario
from coworksim.runs.announcement import ONE, Worlds
from coworksim.runs.batch import MISSING, BatchResult, Cell, InFolder, asked_for, run_in_folder
from coworksim.runs.run import Limits, Options, run_of, sha, version_of
from coworksim.runs.stored_runs import StoredRuns, as_written
from coworksim.runs.worker import check_deadline

if TYPE_CHECKING:
    import pyarrow as pa


#: The survey of replicate k has the seed of the worlds plus k times this: who answers differs from world to world.
SURVEY_SEEDS: Final = 1_000_003
_PARTS: Final = ("respondents", "coefficients", "slopes")
#: What a reader must know.
LIMITS: Final = (
    "slopes are associations among those who answered; the true slopes beside them come from randomised trials in "
    "copies of the same worlds",
    "development, scales and months as a member are in standard deviations of the respondents",
    "intervals are robust to regions (CR2, Satterthwaite); p_permutation permutes the flag over regions",
    "the flag is a rule of this project; both its variants are fitted",
    "which questions were asked in the original is known from its report only; items stand for them",
)


@dataclass(frozen=True, repr=False)
class Survey(InFolder):
    """Surveys of ``replicates`` worlds of a scenario: answers, coefficients, and true slopes.

    ``batch``: how the runs stand; where some are missing (a stop), the tables hold those that are there. A survey lies
    in the folder of its runs: ``load`` reads it from there, and ``save`` puts a copy elsewhere.
    """

    told_by = "report_survey"
    scenario: Scenario
    seed: int
    replicates: int
    batch: BatchResult
    respondents: pd.DataFrame
    coefficients: pd.DataFrame
    slopes: pd.DataFrame
    failed: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, folder: Path, *, altered: bool = False) -> Survey:
        """Read what a folder holds.

        Args:
            folder: Folder of the runs of a survey, or a copy of it.
            altered: Whether to read it although a file has changed since it was written.

        Returns:
            The survey as far as it is done.

        Raises:
            StoreError: The folder holds no survey, or is not as it was written.
        """
        stored, about = StoredRuns.to_use(folder, altered=altered), asked_for(folder, "survey")
        with as_written(folder):
            scenario = Scenario.model_validate(about["world"])
            cells = _cells(scenario, about["seed"], about["replicates"], stored.code, trial=about["trial"])
        return _read(scenario, about["seed"], BatchResult.of(cells, stored), stored)

    def __repr__(self) -> str:
        """Return in a line what was surveyed, and what there is of it."""
        counts = f"{self.replicates} worlds, {len(self.respondents)} answers"
        return f"<Survey of {self.scenario.name}: {counts}, seed {self.seed}>"

    def _repr_html_(self) -> str:
        """Return the same for a notebook, with the power of the regression."""
        return f"<p>{escape(repr(self))}</p>" + (self.power.to_html(index=False) if self.replicates > 1 else "")

    @cached_property
    def power(self) -> pd.DataFrame:
        """Return power and exaggeration over the surveys."""
        return power_table(self.coefficients, self.slopes)

    def fitted(self, rule: str, form: str = "direct") -> int:
        """Count the surveys to which the regression could be fitted.

        Args:
            rule: Column of the flag: ``flag_narrow`` or ``flag_wide``.
            form: Form of the regression.

        Returns:
            How many surveys.
        """
        c = self.coefficients
        return int(c[(c["rule"] == rule) & (c["form"] == form)]["replicate"].nunique())

    def first(self, outcome: str, rule: str = "flag_narrow", form: str = "direct") -> pd.DataFrame:
        """Return the coefficients of the first survey that has them.

        Args:
            outcome: Developed skill, such as ``td_space``.
            rule: Column of the flag.
            form: Form of the regression.

        Returns:
            One row per term.
        """
        c = self.coefficients
        chosen = c[(c["outcome"] == outcome) & (c["rule"] == rule) & (c["form"] == form)]
        found: pd.DataFrame = chosen[chosen["replicate"] == chosen["replicate"].min()]
        return found


def work(given: Mapping[str, object]) -> tuple[dict[str, float], pa.Table]:
    """Return how many answered and how many regressions were fitted in one replicate, and the table of all of it."""
    task: Any = given
    scenario, replicate, seed = Scenario.model_validate(task["scenario"]), int(task["replicate"]), int(task["seed"])
    world, slopes = simulated(scenario, seed, replicate, trial=bool(task["trial"]), check=check_deadline)
    answers = survey_world(world, seed + SURVEY_SEEDS * replicate)
    fitted = _fitted(answers, task["rules"])
    true = pd.DataFrame([asdict(slope) for slope in slopes])
    counted = {"respondents": float(len(answers)), "regressions": float(len(fitted))}
    return counted, _together(answers, pd.concat(fitted, ignore_index=True), true)


def _fitted(table: pd.DataFrame, rules: Sequence[str]) -> list[pd.DataFrame]:
    """Return every regression that the answers bear; ValueError, the first reason, where they bear none.

    A survey with too few left-behind regions by one rule still tells about the other, and is not left out: surveys
    left out by what they found would bend what the rest say.
    """
    found, refused = [], []
    for rule, form in itertools.product(rules, FORMS):
        try:
            found += [one.table() for one in fits(table, tuple(OUTCOMES), rule=rule, form=form)]
        except ValueError as error:
            refused.append(error)
    if not found:
        raise refused[0]
    return found


def _together(*tables: pd.DataFrame) -> pa.Table:
    """Return tables as one, ``part`` first; what one of them lacks is missing there."""
    import pyarrow as pa

    parts = []
    for name, table in zip(_PARTS, tables, strict=True):
        plain = table.astype(dict.fromkeys(table.select_dtypes("category"), object))
        part = pa.Table.from_pandas(plain, preserve_index=False).replace_schema_metadata(None)
        parts.append(part.add_column(0, "part", pa.repeat(name, len(table))))
    return pa.concat_tables([part for part in parts if len(part)], promote_options="permissive")


def _part(everything: pa.Table, name: str, replicates: Mapping[str, int]) -> pd.DataFrame:
    """Return the rows that these runs have of one of the tables, ``replicate`` first, in their order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = pc.is_in(everything["run_id"], pa.array(list(replicates)))
    rows = everything.filter(pc.and_(kept, pc.equal(everything["part"], name)))
    here = [one for one in rows.column_names if one not in ("part", "number") and rows[one].null_count < len(rows)]
    table = rows.select(here).to_pandas()
    if table.empty:
        return pd.DataFrame()
    table.insert(0, "replicate", table.pop("run_id").map(replicates))
    found: pd.DataFrame = table.sort_values("replicate", kind="stable", ignore_index=True)
    return found


def survey_folder(scenario: Scenario, seed: int, *, trial: bool) -> Path:
    """Return the folder of the surveys of a scenario where none is given."""
    return Path("results", f"{scenario.name}-survey-{sha(['survey', scenario.digest, seed, trial])[:8]}")


def survey_many(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replicates: int = 1,
    trial: bool = True,
    folder: Path | None = None,
    **options: Unpack[Options],
) -> Survey:
    """Simulate worlds, survey each, and fit every form, outcome and rule to the answers.

    Args:
        scenario: What to simulate; it needs two regions of either kind.
        seed: Seed of the first world; None takes that of the scenario.
        replicates: How many worlds are surveyed.
        trial: Whether randomised trials in copies of each world give the true slopes; they take as long as
            ``survey.trial_weeks`` twice more.
        folder: Where the runs are kept, of which the next call goes on; None makes one under ``results/``.
        options: Fields of ``Limits``: processes, deadline, progress and such.

    Returns:
        Answers, coefficients and true slopes of the worlds that are there.

    Raises:
        InputError: The scenario cannot bear the regression.
        RunnerError: No replicate succeeds.
    """
    seed, code = scenario.seed if seed is None else seed, version_of(work)
    named = {"name": scenario.name, "digest": scenario.digest}
    about: dict[str, Any] = {"purpose": "survey", "scenario": named, "world": scenario.model_dump(mode="json")}
    about |= {"seed": seed, "trial": trial, "replicates": replicates}
    cells = _cells(scenario, seed, replicates, code, trial=trial)
    place = folder or survey_folder(scenario, seed, trial=trial)
    said: Any = {"study": sha(["survey", scenario.digest, seed, trial]), "code": code, "about": about}
    worlds = Worlds(len(TREATMENTS) + 1, f"a world and {len(TREATMENTS)} trials in copies of it") if trial else ONE
    return _read(scenario, seed, *run_in_folder(cells, work, place, Limits(**options), worlds=worlds, **said))


def _cells(scenario: Scenario, seed: int, replicates: int, code: str, *, trial: bool) -> list[Cell]:
    plain = {"scenario": scenario.model_dump(mode="json"), "digest": scenario.digest}
    told = plain | {"seed": seed, "trial": trial, "rules": _rules(scenario)}
    runs = (run_of(work, k, told | {"replicate": k}, code) for k in range(replicates))
    return [Cell(run, replicate=run.number) for run in runs]


def _read(scenario: Scenario, seed: int, batch: BatchResult, stored: StoredRuns) -> Survey:
    """Return the tables of the runs that are done."""
    rows = list(batch.runs[["run_id", "replicate", "status", "error"]].itertuples(index=False, name=None))
    done = {run_id: replicate for run_id, replicate, status, _ in rows if status == "done"}
    failed = [f"replicate {at}: {error}" for _, at, status, error in rows if status not in ("done", MISSING)]
    if not done and batch.complete:
        raise RunnerError(f"no replicate succeeded; the first says: {failed[0]}")
    everything = stored.series()
    answers, coefficients, slopes = (_part(everything, name, done) if done else pd.DataFrame() for name in _PARTS)
    for table in (coefficients, slopes):
        for name in (one for one in table.columns if isinstance(table[one].dtype, pd.StringDtype)):
            table[name] = pd.Categorical(table[name], categories=list(dict.fromkeys(table[name])))
    answers = with_codes(with_categories(answers, scenario), scenario)
    return Survey(scenario, seed, len(done), batch, answers, coefficients, slopes, failed)


def _rules(scenario: Scenario) -> list[str]:
    """Return the flags that have regions of both kinds; a scenario without two of either kind is refused."""
    counts = {rule: Counter(flag == "left-behind" for flag in flags_by(scenario, rule)) for rule in RULES}
    found = [f"flag_{rule}" for rule, count in counts.items() if min(count[True], count[False]) >= 2]
    if found:
        return found
    problems, behind = Problems(), sum(place.flag == "left-behind" for place in scenario.regions)
    what = f"{behind} of {len(scenario.regions)} regions are left behind"
    write = "survey a scenario with at least two regions of either kind, such as uk-74-regions"
    problems.add(Mark(scenario.name), what, write)
    raise InputError(problems.listed())


def about(survey: Survey, command: Sequence[str] = ()) -> dict[str, Any]:
    """Return where surveys come from and how they are to be read."""
    return {
        "command": list(command),
        "scenario": {name: getattr(survey.scenario, name) for name in ("name", "title", "digest")},
        "seed": survey.seed,
        "replicates": survey.replicates,
        "failed": list(survey.failed),
        "digest": survey.batch.digest,
        "altered": list(survey.batch.altered),
        "outcomes": OUTCOMES,
        "forms": FORMS,
        "read_this": list(LIMITS),
        "environment": environment(),
        "about": "Surveys of simulated people, not of real ones.",
    }


def write_surveys(survey: Survey, folder: Path, *, command: Sequence[str] = ()) -> None:
    """Write the tables, how to fit them again, scenario and manifest into ``folder``, which exists."""
    tables = {"respondents": survey.respondents, "coefficients": survey.coefficients, "true-slopes": survey.slopes}
    rows = write_tables(tables | {"power": survey.power}, folder, {"respondents"})
    write_scenario(survey.scenario, folder)
    if len(survey.coefficients):
        first = survey.coefficients.iloc[0]
        (folder / NAME).write_text(recipe(int(first["replicate"]), str(first["rule"])), encoding="utf-8", newline="\n")
    columns = {str(column): note(str(column)) for column in survey.respondents.columns}
    write_json(folder / MANIFEST, about(survey, command) | {"columns": {"respondents": columns}, "rows": rows})
