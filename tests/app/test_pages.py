"""The form, what its address carries, opened files, and comparisons as the page shows them."""

from __future__ import annotations

import asyncio
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from coworksim.app import form as choices
from coworksim.app import opened_file
from coworksim.app.job_queue import KEPT
from coworksim.app.server import version
from tests.app.desks import Client, QuietDesk, client

HOSTILE = '"><script>alert(1)</script>&{{7*7}}'


@pytest.fixture
def desk(tmp_path: Path) -> QuietDesk:
    return QuietDesk(tmp_path)


@pytest.fixture
def page(desk: QuietDesk, tmp_path: Path) -> Client:
    return client(desk, tmp_path)


def asked(desk: QuietDesk) -> Any:
    """Return what the last comparison asks for."""
    return desk.sent[-1]["question"]


def test_the_form_as_it_stands_asks_the_question_of_early_career_creatives(page: Client, desk: QuietDesk) -> None:
    assert page.post("/compare", data={}).status_code == 303
    (arm,) = asked(desk)["arms"].values()
    (policy,) = arm
    assert (policy["kind"], policy["share"], policy["months"], policy["budget"]) == ("membership_subsidy", 0.5, 12, 3e6)
    eligible = policy["eligible"]
    assert (eligible["career_below"], eligible["regions"]) == (5, ["left-behind"])
    assert eligible["occupations"] == ["designer", "content_creator", "film_maker", "game_developer"]
    assert policy["end"] == 104


def test_the_address_carries_version_and_question_and_nothing_that_stands_as_it_was(
    page: Client, desk: QuietDesk
) -> None:
    given = {
        "a1.kind": "voucher",
        "a1.much.voucher": "75",
        "a1.much.membership_subsidy": "33",
        "seed": "9",
        "a2.name": "left out",
        "q.space.price": "120",
        "q.space.desks": "52",
    }
    done = page.post("/compare", data=given)
    place = done.headers["location"]
    assert place == f"/?v={version()}&a1.kind=voucher&a1.much.voucher=75&q.space.price=120&seed=9#answer"
    again = page.get(place)
    assert 'data-job="1"' in again.text
    page.post("/compare", data=given)
    assert len(desk.sent) == 1, "the same question is not begun a second time"


def test_an_address_of_another_version_says_so(page: Client) -> None:
    assert "numbers may differ" in page.get("/?v=0.0.9-abc&seed=3").text
    assert "numbers may differ" not in page.get(f"/?v={version()}&seed=3").text


def test_a_changed_assumption_is_in_the_world_and_said(page: Client, desk: QuietDesk) -> None:
    done = page.post("/compare", data={"q.membership.elasticity": "-1.25", "shown": "region=left-behind&size=town"})
    assert asked(desk)["changed"] == {"membership.elasticity": -1.25}
    assert asked(desk)["scenario"]["values"]["membership.elasticity"] == -1.25
    text = page.get(done.headers["location"]).text
    assert '<span id="changed-count">1</span> changed of' in text
    assert "Changed from 1.5: moves both worlds." in text


def test_sliders_of_another_world_that_nobody_touched_are_not_changes(page: Client, desk: QuietDesk) -> None:
    """A file has 24 desks to a space and the region 52: choosing the region must not carry the 24 along."""
    done = opened(page, "# ?\ntitle: x\nextends: tiny\nparameters: {space.desks: 24}\n")
    (mark,) = re.findall(r"file=(\w+)", done.headers["location"])
    page.post("/compare", data={"size": "region", "file": "", "q.space.desks": "24", "shown": f"file={mark}"})
    assert asked(desk)["changed"] == {}
    assert asked(desk)["scenario"]["values"]["space.desks"] == 52


def test_every_kind_of_support_can_be_asked_for_in_every_world(page: Client, desk: QuietDesk) -> None:
    kinds = [kind for kind, offer in choices.OFFERS.items() if offer.key]
    for region in choices.REGIONS:
        for at in range(0, len(kinds), 4):
            given = {f"a{k + 1}.kind": kind for k, kind in enumerate(kinds[at : at + 4])}
            given |= {f"a{k}.where": "all" for k in choices.ARMS}
            assert page.post("/compare", data={**given, "region": region}).status_code == 303
            assert [arm[0]["kind"] for arm in asked(desk)["arms"].values()] == kinds[at : at + 4]


def test_every_example_can_be_compared(page: Client, desk: QuietDesk, subtests: pytest.Subtests) -> None:
    for title, fields in choices.EXAMPLES:
        with subtests.test(title):
            assert page.post("/compare", data=dict(fields)).status_code == 303
            assert asked(desk)["arms"]


def test_what_cannot_be_is_told_beside_its_field(page: Client, desk: QuietDesk, subtests: pytest.Subtests) -> None:
    cases = (
        ("a1.months", "0", "Support for one person lasts is '0'; write a whole number from 1 to 60 months"),
        ("a1.budget", "", "Budget is ''; write a whole number from 0 to 100,000,000 GBP"),
        ("a1.much.membership_subsidy", "150", "'150'; write a whole number from 1 to 100 %"),
        ("a1.runs", "36", "the scheme runs for longer than this world does; write at most 24 months"),
        ("a1.kind", "vouchr", "choose voucher"),
        ("a1.kind", "declared", "declares no policies"),
        ("a1.name", "without", "give another name"),
        ("region", "north", "region cannot be 'north'"),
        ("replicates", "2000", "replicates cannot be '2000'"),
        ("seed", "-1", "Seed is '-1'; write a whole number from 0"),
        ("q.space.price", "9999", "space.price is '9999'; it must lie between 0 and 5000 GBP/month"),
        ("q.space.price", "nan", "space.price is 'nan'"),
        ("q.membership.money", "free", "must be one of linear, logarithmic"),
        ("file", "0123456789abcdef", "is not open here; open it again"),
    )
    for field, value, words in cases:
        with subtests.test(f"{field} {value}"):
            done = page.post("/compare", data={field: value})
            assert (done.status_code, desk.sent) == (422, [])
            assert words in unescape(done.text)


def test_an_example_says_that_it_is_filled_in_and_policies_are_for_the_same_people(
    page: Client, desk: QuietDesk
) -> None:
    link = re.search(r'href="(/\?[^"]*example=1#question)"', page.get("/").text)
    assert link is not None
    assert f"filled in: {choices.EXAMPLES[1][0]}" in unescape(page.get(unescape(link[1])).text)
    page.post("/compare", data={"a2.kind": "voucher"})
    first, second = (arm[0]["eligible"] for arm in asked(desk)["arms"].values())
    assert first == second != {}


def test_all_policies_left_out_is_no_question(page: Client, desk: QuietDesk) -> None:
    assert page.post("/compare", data={"a1.kind": "none"}).status_code == 422
    assert desk.sent == []


SCENARIO = """# Who gains?
title: {title}
extends: tiny
weeks: 30
policies:
  - {{name: half, kind: membership_subsidy, share: 0.5, months: 3, lag: 1, end: 8, budget: 2000 GBP}}
"""


def opened(page: Client, text: str, name: str = "mine.yaml") -> Any:
    return page.post("/scenario", files={"scenario": (name, text.encode(), "text/yaml")})


def test_an_opened_file_is_the_world_and_its_policies_are_offered(page: Client, desk: QuietDesk) -> None:
    done = opened(page, SCENARIO.format(title="Mine"))
    assert done.status_code == 303
    text = page.get(done.headers["location"]).text
    assert "your file <b>mine.yaml</b>" in text
    mark = re.search(r'name="file" value="(\w+)"', text)
    assert mark is not None
    page.post("/compare", data={"file": mark[1], "a1.kind": "declared", "shown": f"file={mark[1]}"})
    assert asked(desk)["scenario"]["name"] == "mine"
    assert [arm[0]["name"] for arm in asked(desk)["arms"].values()] == ["half"]


def test_mistakes_in_a_file_are_told_with_line_and_column_and_no_place_of_this_machine(
    page: Client, tmp_path: Path
) -> None:
    text = SCENARIO.format(title="Mine") + "parameters:\n  membership.price_wieght: 1\nextends: there/other.yaml\n"
    done = opened(page, text)
    told = unescape(done.text)
    assert done.status_code == 422
    assert "mine.yaml, line 8, column 3: " in told
    assert "membership.elasticity" in told
    assert str(tmp_path) not in told
    missing = unescape(opened(page, "# ?\ntitle: x\nextends: there/other.yaml\n").text)
    assert "other.yaml" in missing
    assert str(tmp_path) not in missing


PLACES = (
    "regions:\n  table: .\n",
    "regions:\n  table: ./\n",
    "regions:\n  table: there/..\n",
    "regions:\n  spaces: .\n",
    "regions:\n  table: there.csv\n",
    f"regions:\n  table: {'long/' * 60}there.csv\n",
    "extends: .\n",
    "extends: ./there/../x.yaml\n",
    "regions:\n  table: ../there.csv\n",
    "regions:\n  table: mine.yaml\n",
)


@pytest.mark.parametrize("asked_for", PLACES)
def test_no_file_that_a_scenario_names_shows_a_place_of_this_machine(
    page: Client, tmp_path: Path, asked_for: str
) -> None:
    done = opened(page, f"# ?\ntitle: x\n{'' if 'extends' in asked_for else 'extends: tiny' + chr(10)}{asked_for}")
    told = unescape(done.text)
    assert done.status_code == 422
    assert "mine.yaml, line " in told
    for part in (str(tmp_path), tmp_path.name, "/tmp", "scenarios/"):
        assert part not in told


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["SECONDS", "BYTES"])
def test_a_file_that_takes_too_long_or_too_much_to_read_is_refused(
    page: Client, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(opened_file, "PROGRAM", "tests.app.slow_file")
    monkeypatch.setenv("SLOW_FILE", limit)
    monkeypatch.setattr(opened_file, "SECONDS", 3 if limit == "SECONDS" else 60)
    done = opened(page, SCENARIO.format(title="Mine"))
    assert done.status_code == 422
    assert "seconds or 1 GB of memory to read; write a simpler file" in done.text


def test_no_file_and_no_text_are_refused(page: Client) -> None:
    assert page.post("/scenario", data={}).status_code == 422
    assert page.post("/scenario", files={"scenario": ("x.yaml", b"\xff\xfe\x00", "text/yaml")}).status_code == 422


def test_a_hostile_name_is_text_everywhere(page: Client, desk: QuietDesk) -> None:
    done = opened(page, SCENARIO.format(title=json.dumps(HOSTILE)), name=f"{HOSTILE}.yaml")
    text = page.get(done.headers["location"]).text
    assert "<script>alert" not in text
    assert "{{7*7}}" in text, "it is shown, not filled in"
    done = page.post("/compare", data={"a1.name": HOSTILE})
    desk.hear(job="1", answer=an_answer(HOSTILE), charts="")
    for place in (done.headers["location"], "/jobs/1/answer", f"/watch?{desk.sent[-1] and 'a1.name=' + 'x'}"):
        shown = page.get(place).text
        assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in page.get("/jobs/1/answer").text


def an_answer(arm: str = "half", replicates: int = 4, mark: str = "open") -> dict[str, Any]:
    """Return an answer as the process that simulates would give it, of one row."""
    cell = {"text": "1 (0 to 2)", "mean": "1", "interval": "(0 to 2)", "reason": ""}
    row = {"term": "recipients", "words": "People", "unit": "people", "cells": [cell], "meaning": "m"}
    line = {"ask": "Whom?", "word": "1 of 60", "mark": mark, "number": "1 GBP", "meaning": "m"}
    return {
        "world": "W",
        "baseline": "Baseline: the same world.",
        "arms": [arm],
        "replicates": replicates,
        "seed": 1,
        "weeks": 104,
        "spin_up": 156,
        "changed": {},
        "rough": replicates < 10,
        "verdicts": [{"arm": arm, "what": "Half of it.", "lead": "It cannot be told.", "lines": [line]}],
        "rows": [row],
        "sentences": ["chance alone"],
    }


def test_an_answer_that_grows_is_shown_with_what_it_stands_on(page: Client, desk: QuietDesk) -> None:
    place = page.post("/compare", data={}).headers["location"]
    assert "Replicate 1 of 100." in page.get(place).text
    assert page.get("/jobs/1/answer").status_code == 404, "there is none yet"
    desk.hear(job="1", done=40, left=20.2)
    assert "Replicate 41 of 100, about 20 s left." in page.get(place).text
    desk.hear(job="1", answer=an_answer(replicates=40), charts="")
    text = page.get(place).text
    assert "<b>40 replicates</b> so far" in text
    assert "World: W; 104 weeks, before which its market of spaces ran for 156; seed 1." in text
    assert "The charts are being drawn" in text
    desk.hear(job="1", answer=an_answer(replicates=40), charts="charts-40")
    desk.hear(job="1", answer=an_answer(replicates=60), charts="")
    text = page.get(place).text
    assert 'class="charts stale"' in text, "charts of fewer replicates than the numbers are greyed"
    assert "files/report.html" not in text
    desk.hear(job="1", end="done", error="")
    text = page.get(place).text
    assert "Done: 60 replicates." in text
    assert "files/report.html" in text


def test_a_first_answer_is_called_rough_and_one_of_few_people_offers_a_larger_world(
    page: Client, desk: QuietDesk
) -> None:
    place = page.post("/compare", data={"seed": "8"}).headers["location"]
    desk.hear(job="1", answer=an_answer(replicates=4, mark="few"), charts="")
    text = page.get(place).text
    assert "rough: 4 worlds so far" in text
    link = re.search(r'href="/\?([^"]*)">Ask the same in the larger world', text)
    assert link is not None
    assert {"size=region", "seed=8"} <= set(unescape(link[1]).split("&"))
    assert "larger world" in page.get("/jobs/1/answer").text
    desk.hear(job="1", answer=an_answer(replicates=40), charts="")
    text = page.get(place).text
    assert "rough" not in text
    assert "larger world" not in text


def test_a_cancelled_comparison_keeps_what_it_found(page: Client, desk: QuietDesk) -> None:
    place = page.post("/compare", data={}).headers["location"]
    desk.hear(job="1", done=8, left=9.0)
    desk.hear(job="1", answer=an_answer(replicates=8), charts="charts-8")
    done = page.post("/jobs/1/cancel", data={"next": place})
    assert (done.status_code, done.headers["location"]) == (303, place)
    assert desk.sent[-1] == {"stop": "1"}
    assert "Cancelling" in page.get(place).text
    desk.hear(job="1", end="cancelled", error="")
    text = page.get(place).text
    assert "Cancelled after 8 of 100 replicates" in text
    assert "files/report.html" in text


def sent(desk: QuietDesk) -> list[str]:
    return [f"stop {message['stop']}" if "stop" in message else message["job"] for message in desk.sent]


def instead(page: str) -> str:
    found = re.search(r'name="instead" value="(\w*)"', page)
    assert found is not None
    return found[1]


def test_one_tab_asks_one_thing_at_a_time(page: Client, desk: QuietDesk) -> None:
    first = page.get(page.post("/compare", data={"seed": "1"}).headers["location"]).text
    wrong = page.post("/compare", data={"seed": "many", "instead": instead(first)})
    assert (wrong.status_code, instead(wrong.text)) == (422, "1")
    page.post("/compare", data={"seed": "2", "instead": instead(wrong.text)})
    assert sent(desk) == ["1", "stop 1", "2"]


def test_a_second_tab_waits_for_the_first(page: Client, desk: QuietDesk) -> None:
    place = page.post("/compare", data={"seed": "5"}).headers["location"]
    other = page.post("/compare", data={"seed": "2", "instead": instead(page.get("/").text)}).headers["location"]
    assert sent(desk) == ["1", "2"]
    assert "A comparison of another tab is under way" in page.get(other).text
    assert "A comparison of another tab is under way" not in page.get(place).text
    desk.hear(job="1", end="done", error="")
    assert "Replicate 1 of 100." in page.get(other).text


def test_a_comparison_that_waits_is_cancelled_at_once(page: Client, desk: QuietDesk) -> None:
    page.post("/compare", data={"seed": "1"})
    other = page.post("/compare", data={"seed": "2"}).headers["location"]
    page.post("/jobs/2/cancel", data={"next": other})
    assert "Cancelled after 0 of 100 replicates." in page.get(other).text
    assert sent(desk) == ["1", "2", "stop 2"]


def test_what_two_tabs_watch_goes_on_when_one_of_them_asks_something_else(page: Client, desk: QuietDesk) -> None:
    page.post("/compare", data={"seed": "1"})
    job = desk.job("1")
    assert job is not None
    job.waiting.update((asyncio.Event(), asyncio.Event()))
    page.post("/compare", data={"seed": "2", "instead": "1"})
    assert sent(desk) == ["1", "2"]


def test_so_many_comparisons_may_wait_and_no_more(page: Client, desk: QuietDesk) -> None:
    for seed in range(KEPT):
        assert page.post("/compare", data={"seed": str(seed)}).status_code == 303
    done = page.post("/compare", data={"seed": "99"})
    assert (done.status_code, len(desk.sent)) == (422, KEPT)
    assert f"{KEPT} comparisons of other tabs are under way; wait for one to end, or cancel it there" in done.text


def test_a_fault_of_the_model_is_told(page: Client, desk: QuietDesk) -> None:
    place = page.post("/compare", data={}).headers["location"]
    desk.hear(job="1", end="failed", error="RunnerError: no replicate succeeded")
    text = page.get(place).text
    assert "no replicate succeeded" in text
    assert "files/report.html" not in text


def test_a_world_that_would_take_too_long_is_refused(page: Client, desk: QuietDesk) -> None:
    large = "# Large?\ntitle: large\nextends: tiny\nregions:\n  - {like: other, people: 30000}\n"
    place = opened(page, large).headers["location"]
    mark = re.search(r"file=(\w+)", place)
    assert mark is not None
    done = page.post("/compare", data={"file": mark[1]})
    assert done.status_code == 422
    assert "takes at most 20,000" in done.text
    long = "# Long?\ntitle: long\nextends: tiny\nweeks: 5000\nregions:\n  - {like: other, people: 19000}\n"
    mark = re.search(r"file=(\w+)", opened(page, long).headers["location"])
    assert mark is not None
    done = page.post("/compare", data={"file": mark[1], "replicates": "200"})
    assert re.search(r"19,000 people, 10,0\d\d weeks and 200 replicates are more than the page takes on", done.text)
    assert "choose fewer replicates" in done.text
    assert desk.sent == []


def test_the_page_says_which_world_it_is_and_where_each_assumption_comes_from(page: Client) -> None:
    text = page.get("/").text
    assert "Small town: 500 workers" in text
    assert "range 110 to 250 GBP/month. Source: CoworkingCafe 2024-25" in text
    assert "Evidence: a guess." in text


def test_what_is_not_there_is_told_in_a_sentence(page: Client) -> None:
    paths = ("/jobs/7/answer", "/jobs/7/events", "/jobs/7/files/report.html", "/none", "/jobs/x")
    answers = {path: page.get(path).status_code for path in paths}
    assert answers == dict.fromkeys(paths, 404)
