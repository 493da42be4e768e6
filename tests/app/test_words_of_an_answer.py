"""What the page says of an appraisal whose numbers are written by hand, and what the process that simulates tells."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coworksim.app import answer as answers
from coworksim.app import page_worker
from coworksim.app.answer import answer
from coworksim.appraisal import comparison, rival_run
from tests.appraisal.made import TINY, VALUES, appraisal
from tests.appraisal.worlds import scheme


def told(**changes: list[float]) -> dict[str, Any]:
    return answer(appraisal(values={"half": {**VALUES, **changes}, "all": VALUES}), {})


def test_rows_say_what_there_is_in_the_unit_of_the_page() -> None:
    rows = {row["term"]: row for row in told()["rows"]}
    assert rows["take_up_share"]["unit"] == "%"
    assert rows["public_cost_gbp"]["unit"] == "GBP"
    assert "weighted_social_value_gbp" not in rows  # no arm has it
    assert rows["take_up_share"]["cells"][0]["mean"] == "10 %"
    lost = rows["-displaced_net_member_months"]["cells"][0]
    assert lost["mean"].startswith("−2")
    assert rows["budget_gbp"]["cells"][0] == {"text": "10,000", "mean": "10,000", "interval": "", "reason": ""}
    assert rows["social_value_gbp"]["cells"][0]["interval"].startswith("(−")


def test_a_number_that_is_none_says_why() -> None:
    rows = {row["term"]: row for row in told(additional_member_months=[1.0, -1.0, 2.0, -2.0])["rows"]}
    cell = rows["public_cost_per_additional_member_months"]["cells"][0]
    assert (cell["text"], cell["interval"]) == ("none", "")
    assert cell["reason"]


def test_two_questions_follow_the_reach_each_with_word_and_number() -> None:
    first, _ = told(social_value_gbp=[20.0, 21.0, 22.0, 21.0])["verdicts"]
    asks = [line["ask"] for line in first["lines"]]
    worth = float(TINY["appraisal.sd_year_value"])
    assert asks == [
        "Whom does it reach?",
        "Does it pay in money alone?",
        f"Does it pay if an sd-year of skill is worth {worth:,.0f} GBP?",
    ]
    assert first["lines"][1]["word"] == "Yes"
    assert first["lines"][1]["number"].startswith("21 (19.")
    assert first["lines"][1]["number"].endswith(" GBP")
    assert first["lead"].startswith("Hardly anybody uses it. It pays")
    assert first["what"].endswith("For: everybody.")
    assert first["what"][0].isupper()


def test_whom_it_reaches_is_told_in_people() -> None:
    (reach, *_) = told()["verdicts"][0]["lines"]
    assert reach["word"] == "Hardly anybody: 1 of 10 people a world"
    assert reach["meaning"] == (
        "Mean number of people of a world who had a part of a membership paid, and of those who could apply. Step by "
        "step: 10 could apply, 7 had heard of it, 4.5 wished to use it, 3 applied, 2 were awarded it, 1.5 used it, "
        "0.75 were members for longer because of it."
    )
    assert reach["mark"] == "few"
    (reach, *_) = told(recipients=[5.0, 6.0, 5.0, 6.0])["verdicts"][0]["lines"]
    assert (reach["word"], reach["mark"]) == ("5.5 of 10 people a world", "open")
    (reach, *_) = told(eligible_people=[0.0] * 4, recipients=[0.0] * 4)["verdicts"][0]["lines"]
    assert (reach["word"], reach["mark"]) == ("Nobody applies for it", "open")


def test_an_arm_without_policies_does_nothing() -> None:
    found = answer(replace(appraisal(), arms={"half": [], "all": [scheme()]}), {})
    assert found["verdicts"][0]["what"] == "Nothing is done."
    assert found["verdicts"][1]["what"] != "Nothing is done."


def test_warnings_come_before_what_always_holds() -> None:
    sentences = told()["sentences"]
    assert sentences[0].startswith(
        "half: supported: 1 people (0 to 3.25) in a world, so that it all hangs on a few people"
    )
    assert sentences[1].startswith("all: supported: 1 people")
    assert sentences[2].startswith("The money of half is spent")
    assert sentences[3].startswith("The money of all is spent")
    assert sentences[4].startswith("95 % intervals")
    assert sentences[5].startswith("Not in money: skills as such")
    assert all(text.startswith("Not in money: ") for text in sentences[5:])
    assert len(sentences) == 12
    assert not any(
        "hangs on a few people" in text for text in told(recipients=[5.0] * 4)["sentences"] if "half" in text
    )


def test_costs_that_are_far_apart_are_told() -> None:
    dear = [value * 1.3 for value in VALUES["public_cost_gbp"]]
    (line,) = (text for text in told(public_cost_gbp=dear)["sentences"] if text.startswith("They cost"))
    assert line.startswith("They cost different sums: look at the cost of an effect")
    near = [value * 1.2 for value in VALUES["public_cost_gbp"]]
    assert not any(text.startswith("They cost") for text in told(public_cost_gbp=near)["sentences"])


def test_effects_in_few_worlds_and_money_that_is_spent_early_are_told() -> None:
    few = told(additional_member_months=[0.0, 0.0, 0.0, 4.0], td_total_sd_years=[0.0, 0.0, 1.0, 4.0])["sentences"]
    (line,) = (text for text in few if "The means hang on the few worlds with a change" in text)
    assert line.startswith("In this model, half brings a change in membership in 1 of 4 worlds only: 1 member-months (")
    assert not any("worlds with a change" in text for text in told()["sentences"])
    (early,) = (
        text for text in told(budget_gbp=[1000.0] * 4)["sentences"] if "is spent after" in text and "half" in text
    )
    assert early == "The money of half is spent after 4.5 weeks (3.58 to 5.42) of the 26 for which it was meant."
    late = told(last_paid_week=[25.0] * 4)["sentences"]
    assert not any("is spent after" in text and "half" in text for text in late)


@pytest.mark.parametrize(("replicates", "rough"), [(9, True), (10, False)])
def test_an_answer_of_few_worlds_is_rough(replicates: int, rough: bool) -> None:
    more = {name: [*values, *values, *values][:replicates] for name, values in VALUES.items()}
    grown = replace(appraisal(), values={"half": more, "all": more}, replicates=replicates)
    assert answer(grown, {})["rough"] is rough


def test_changed_quantities_are_named_with_their_unit() -> None:
    (line,) = answer(appraisal(), {"membership.churn": 0.1})["changed"].items()
    assert line[0].endswith("(membership.churn)")
    assert line[1] == "0.1 share/month"


class Teller:
    """Keeps what a worker tells."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def tell(self, **message: Any) -> None:
        self.told.append(message)


def test_worlds_are_counted_over_batches_with_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("coworksim.app.page_worker.time.monotonic", lambda: now[0])
    teller: Any = Teller()
    count = page_worker._Count(teller, "a", 10)
    for second, finished, total in ((0.0, 0, 2), (2.0, 1, 2), (4.0, 2, 2), (5.0, 0, 8), (6.0, 1, 8), (20.0, 8, 8)):
        now[0] = 100.0 + second
        count(SimpleNamespace(finished=finished, total=total))
    assert [message["done"] for message in teller.told] == [0, 1, 2, 2, 3, 10]
    assert [message["left"] for message in teller.told] == [None, 18.0, 16.0, 20.0, 14.0, 0.0]
    assert {message["job"] for message in teller.told} == {"a"}


@pytest.mark.parametrize(
    ("replicates", "failed", "end"), [(5, 0, "done"), (4, 1, "done"), (4, 0, "cancelled"), (3, 1, "cancelled")]
)
def test_a_question_is_done_when_every_world_ended_or_failed(
    replicates: int, failed: int, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = SimpleNamespace(replicates=replicates, failed=["x"] * failed, appraisal=None, rival=None)
    asked: list[tuple[list[int], int]] = []

    def growing(scenario: object, arms: object, steps: Any, *, seed: int, progress: Any, **more: Any) -> Any:
        asked.append((list(steps), seed))
        assert progress._total == 5
        assert progress._job == "a"
        return iter([found])

    written: list[bool] = []
    monkeypatch.setattr(comparison, "growing", growing)
    beside: list[object] = []

    def with_rival(found: object, **_: object) -> object:
        beside.append(found)
        return found

    monkeypatch.setattr(rival_run, "with_rival", with_rival)
    monkeypatch.setattr(answers, "write_files", lambda found, folder, *, network: written.append(network))
    shown: list[object] = []
    drawer = SimpleNamespace(show=shown.append, end=lambda: shown.append("end"))
    monkeypatch.setattr(page_worker, "_Drawer", lambda *given: drawer)
    out = io.StringIO()
    question = {"scenario": TINY.model_dump(mode="json"), "arms": {}, "changed": {}, "replicates": 5, "seed": 3}
    one = page_worker.Worker(out, 1)
    assert one._answer("a", {"folder": str(tmp_path), "question": question}) == (end, "")
    assert asked == [([2, 4, 5], 3)]
    assert shown == [found, "end"]
    assert written == [end == "done"]
    assert beside == ([found] if end == "done" else [])  # of one who has cancelled nothing more is asked
    one.tell(job="a", end=end)
    assert json.loads(out.getvalue()) == {"job": "a", "end": end}
