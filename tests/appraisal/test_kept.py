"""A second question in the same world: the same numbers as without anything kept, and only the arms are lived again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coworksim import run_study
from coworksim.app.answer import frames
from coworksim.appraisal import replicate
from coworksim.appraisal.comparison import compare, growing, network
from coworksim.appraisal.equal_cost import equalised
from coworksim.appraisal.pairs import Record, lived
from coworksim.appraisal.replicate import baseline, payload, work
from coworksim.appraisal.result import Appraisal
from coworksim.model.scenario import Scenario
from coworksim.model.sources import PACKAGE, imported
from coworksim.runs import world_cache
from coworksim.runs.engines import Inline
from coworksim.runs.opening import burnt_in, forked
from tests.appraisal.worlds import easy, scheme
from tests.runs.files import load
from tests.runs.kept import Lived, keep_in

WORLD = easy(weeks=16, burn_in_weeks=6)
HALF, MORE = (scheme(end=16, share=share) for share in (0.5, 0.8))
STANDING = scheme(name="stands", share=0.1, end=16)


@pytest.fixture
def weeks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lived:
    keep_in(tmp_path / "kept", monkeypatch)
    return Lived(monkeypatch)


def without_keeping[T](monkeypatch: pytest.MonkeyPatch, asked: Callable[[], T]) -> T:
    """Return what is found where nothing is kept."""
    with monkeypatch.context() as patch:
        patch.setenv("COWORKSIM_KEEP_GB", "0")
        return asked()


def numbers(found: Appraisal) -> str:
    return found.numbers.to_csv() + "".join(table.to_csv() for table in found.tables.values())


def answers(scenario: Scenario = WORLD, **more: Any) -> Callable[[], str]:
    return lambda: numbers(compare(scenario, {"more": (MORE,)}, replicates=2, executor=Inline, **more))


def test_a_second_question_lives_the_arm_alone_and_finds_the_same(
    weeks: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = without_keeping(monkeypatch, answers())
    assert weeks.since() == 2 * (6 + 16 + 16)
    compare(WORLD, {"half": (HALF,)}, replicates=2, executor=Inline)
    assert weeks.since() == 2 * (6 + 16 + 16)
    for _ in range(2):
        assert answers()() == plain
        assert weeks.since() == 2 * 16
    assert {name: number for name, (number, _) in world_cache.usage().kinds.items()} == {"world": 2, "baseline": 2}


@pytest.mark.slow
def test_policies_that_stand_and_late_parameters_have_a_baseline_of_their_own(
    weeks: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers()()
    others = (
        WORLD.model_copy(update={"policies": (STANDING,)}),
        easy(weeks=16, burn_in_weeks=6, **{"membership.churn": 0.1}),
        easy(weeks=12, burn_in_weeks=6),
    )
    for other in others:
        arm = {"more": (scheme(end=12, share=0.8),)}
        ask: Callable[[], str] = lambda: numbers(compare(other, arm, replicates=2, executor=Inline))  # noqa: B023, E731  # asked at once
        plain = without_keeping(monkeypatch, ask)
        weeks.since()
        assert ask() == plain
        assert weeks.since() == 2 * 2 * other.weeks  # no burn-in
        assert ask() == plain
        assert weeks.since() == 2 * other.weeks


@pytest.mark.slow
def test_draws_and_the_search_for_equal_cost_find_the_same(weeks: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = answers(draws=6)
    plain = without_keeping(monkeypatch, drawn)
    assert drawn() == plain
    weeks.since()
    assert drawn() == plain
    ran = (weeks.since() - 2 * 16) / 16
    drawing = compare(WORLD, {"more": (MORE,)}, replicates=2, executor=Inline, draws=6).drawing
    assert drawing is not None
    assert ran == drawing["counted"] >= 4  # draws of which no constants exist are left out

    def sizes() -> str:
        return repr(equalised(WORLD, {"half": (HALF,), "more": (MORE,)}, 400.0, seed=1, executor=Inline))

    weeks.since()
    plain = without_keeping(monkeypatch, sizes)
    alone = weeks.since()
    assert sizes() == plain
    assert weeks.since() < 0.8 * alone


def test_the_page_finds_the_same(weeks: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_policy = MORE.model_dump(mode="json")
    given = {"scenario": WORLD.model_dump(mode="json"), "policies": [plain_policy], "seed": 1}

    def page() -> str:
        *_, last = growing(WORLD, {"more": (MORE,)}, (1, 2), seed=1, executor=Inline)
        return repr((last.values, last.without, frames(given), network(WORLD, (MORE,), 1)))

    plain = without_keeping(monkeypatch, page)
    assert page() == plain
    weeks.since()
    assert page() == plain
    assert weeks.since() == (2 + 1 + 2) * 16


@pytest.mark.parametrize("design", ["lottery", "phased"])
def test_a_pilot_finds_the_same(weeks: Lived, monkeypatch: pytest.MonkeyPatch, design: str) -> None:
    task = replicate_of_pilot(design)
    plain = without_keeping(monkeypatch, task)
    assert task() == task() == plain


def replicate_of_pilot(design: str) -> Callable[[], str]:
    from coworksim.appraisal import pilot_run

    given = pilot_run.payload(easy(weeks=40, burn_in_weeks=6), (HALF,), 1, 0, design=design, months=[3], window=8)

    def asked() -> str:
        books, table = pilot_run.work(given)
        return repr(books) + table.to_csv()

    return asked


STUDY = """# What moves membership?
title: Late
scenario: tiny
set: {{weeks: 12, burn_in_weeks: 6, schemes.hassle: 20, awareness.at_opening: 0.9}}
vary: [{vary}]
method: {method}
size: 2
replicates: 2
{arms}
outcomes: [{outcome}]
"""
ARMS = (
    "arms: [{name: without, policies: []}, {name: half, policies: [{name: One, kind: membership_subsidy, share: 0.5, "
    "months: 6, budget: 9000 GBP}]}]"
)
LATE, EARLY = "membership.churn, membership.taste_sd", "income.fee, membership.churn"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("vary", "arms", "outcome", "kept"),
    [
        (LATE, "", "members_at_end", True),
        (LATE, ARMS, "additional_member_months", True),
        (EARLY, ARMS, "members_at_end", True),  # the arms share the worlds
        (EARLY, "", "members_at_end", False),
        (EARLY, ARMS, "additional_member_months", False),  # a run is all arms
    ],
)
def test_a_study_keeps_worlds_that_its_runs_share_and_finds_the_same(
    weeks: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vary: str, arms: str, outcome: str, kept: bool
) -> None:
    load(tmp_path, STUDY.format(vary=vary, method="sobol", arms=arms, outcome=outcome))

    def studied(name: str) -> Any:
        found = run_study(tmp_path / "case.yaml", tmp_path / name, executor=Inline)
        assert found.complete
        return found.runs.drop(columns="seconds")

    plain = without_keeping(monkeypatch, lambda: studied("without"))
    alone = weeks.since()
    assert studied("with").equals(plain)
    assert (weeks.since() < alone) == (world_cache.usage().files > 0) == kept


def test_a_record_comes_back_to_the_bit() -> None:
    record = lived(forked(burnt_in(WORLD, 1, 0), (HALF,)), WORLD.weeks)
    back = Record.joined(*record.parted())
    for name, value in vars(back).items():
        mine = getattr(record, name)
        if isinstance(value, np.ndarray):
            assert value.tobytes() == mine.tobytes()
        elif name in {"first", "last"}:
            assert {key: column.tobytes() for key, column in value.items()} == {
                key: column.tobytes() for key, column in mine.items()
            }
        else:
            assert value == mine


def test_a_damaged_baseline_is_made_anew(weeks: Lived) -> None:
    task = payload(WORLD, [(MORE,)], 1, 0)
    work_of: Any = work
    before = work_of(task)[0]
    folder = world_cache.usage().folder
    assert folder is not None
    (file,) = folder.glob("baseline-*")
    file.write_bytes(file.read_bytes()[:-9])
    weeks.since()
    assert work_of(task)[0] == before
    assert weeks.since() == 2 * 16
    assert work_of(task)[0] == before
    assert weeks.since() == 16


def test_what_makes_a_baseline_beside_the_model_is_named() -> None:
    """Else one could be read that another version of the code has made."""
    found = {path.relative_to(PACKAGE).as_posix() for path in imported("coworksim.appraisal.pairs")}
    beside = {name for name in found if name.startswith(("appraisal/", "runs/"))}
    assert beside - set(replicate._SOURCES) == {"runs/run.py", "runs/threads.py", "runs/worker.py"}


def test_the_answer_to_a_dearer_offer_is_kept_with_the_baseline(weeks: Lived) -> None:
    model = burnt_in(WORLD, 1, 0)
    first, second = (baseline(model, 0, WORLD)[1] for _ in range(2))
    assert first == second != 0.0
    assert isinstance(first, float)
    assert weeks.since() == 6 + 16
