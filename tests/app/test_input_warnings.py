"""What is allowed and hardly meant stands on the page before a comparison begins, and one may go on knowingly."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from coworksim.app.server import version
from tests.app.desks import Client, QuietDesk, client

RICH = {"a1.budget": "100000000"}
TOLD = "policy '50 % of the fee' has a budget of 100,000,000 GBP; if everybody who may apply were paid"
IDLE = """# Idle?
title: Idle
extends: tiny
mechanisms: {encounters: off}
parameters: {encounters.project_share: 30 %}
"""
SAID = "mine.yaml:5: encounters.project_share is set, and nothing reads it: encounters is off"


@pytest.fixture
def desk(tmp_path: Path) -> QuietDesk:
    return QuietDesk(tmp_path)


@pytest.fixture
def page(desk: QuietDesk, tmp_path: Path) -> Client:
    return client(desk, tmp_path)


def told(text: str) -> list[str]:
    found = re.search(r'<div class="odd".*?</div>', text, re.DOTALL)
    return [] if found is None else [unescape(one) for one in re.findall("<li>(.*?)<", found[0])]


def known(text: str) -> list[str]:
    found = re.findall(r'name="known" value="(\w+)"', text)
    assert found
    return found


def opened(page: Client, text: str, name: str = "mine.yaml") -> str:
    done = page.post("/scenario", files={"scenario": (name, text.encode(), "text/yaml")})
    assert done.status_code == 303, done.text
    return str(done.headers["location"])


def test_a_usual_question_is_not_asked_twice(page: Client, desk: QuietDesk) -> None:
    text = page.get("/").text
    assert told(text) == []
    assert ">Compare</button>" in text
    assert page.post("/check", data={}).text.strip() == ""
    assert page.post("/compare", data={}).status_code == 303
    assert len(desk.sent) == 1


def test_nothing_begins_before_the_warnings_were_in_sight(page: Client, desk: QuietDesk) -> None:
    done = page.post("/compare", data=RICH)
    assert (done.status_code, desk.sent) == (422, [])
    (sentence,) = told(done.text)
    assert sentence.startswith(TOLD)
    assert ">Compare all the same</button>" in done.text
    assert 'data-unseen="yes"' in done.text
    again = page.post("/compare", data={**RICH, "known": known(done.text)})
    assert again.status_code == 303
    assert len(desk.sent) == 1


def test_who_knows_of_one_warning_is_told_of_another(page: Client, desk: QuietDesk) -> None:
    seen = known(page.post("/compare", data=RICH).text)
    other = page.post("/compare", data={"a1.budget": "0", "known": seen})
    assert told(other.text) == ["policy '50 % of the fee' does nothing: it neither pays nor changes anything"]
    assert desk.sent == []


def test_who_knows_of_two_warnings_may_take_one_away_and_go_on(page: Client, desk: QuietDesk) -> None:
    both = {**RICH, "a2.kind": "voucher", "a2.budget": "0"}
    seen = known(page.post("/compare", data=both).text)
    assert len(seen) == 2
    assert page.post("/compare", data={**RICH, "known": seen}).status_code == 303
    assert page.post("/compare", data={**both, "seed": "2", "known": seen[:1]}).status_code == 422


def test_an_address_shows_the_warnings_of_its_question(page: Client) -> None:
    text = page.get(f"/?v={version()}&a1.budget=100000000").text
    assert told(text)[0].startswith(TOLD)
    assert "data-unseen" not in text
    assert "Is this meant? policy" in unescape(page.get("/watch?a1.budget=100000000").text)


def test_fields_that_change_are_checked_without_a_simulation(page: Client, desk: QuietDesk) -> None:
    text = page.post("/check", data=RICH).text
    assert told(text)[0].startswith(TOLD)
    assert known(text) == known(page.post("/compare", data=RICH).text)
    assert told(page.post("/check", data={"region": "other"}).text) == [
        "policy '50 % of the fee' is for nobody who lives in this scenario"
    ]
    assert page.post("/check", data={"a1.budget": "much"}).text == "", "what is wrong is told when it is sent"
    assert desk.sent == []


def test_an_opened_file_is_warned_of_as_its_owner_calls_it(page: Client, tmp_path: Path) -> None:
    text = page.get(opened(page, IDLE)).text
    assert told(text) == [SAID]
    assert str(tmp_path) not in text
    assert told(page.get(opened(page, IDLE, "tiny.yaml")).text) == [SAID.replace("mine", "tiny")]
    assert told(page.get(opened(page, IDLE, "built-in tiny.yaml")).text) == [SAID.replace("mine", "./built-in tiny")]
    twice = "regions:\n  - {like: other, spaces: [{name: A, desks: 9}, {name: A, desks: 9}]}\n"
    (line,) = told(page.get(opened(page, f"# ?\ntitle: x\nextends: tiny\n{twice}")).text)
    assert re.match(r"mine\.yaml:5:\d+: the space 'A' is listed more than once", line)


def test_an_assumption_that_nothing_reads_is_told(page: Client) -> None:
    place = opened(page, IDLE.partition("parameters")[0])
    mark = re.search(r"file=(\w+)", place)
    assert mark is not None
    given = {"file": mark[1], "q.encounters.project_share": "0.9", "shown": f"file={mark[1]}", "a1.runs": "6"}
    line = told(page.post("/check", data={**given, "a1.budget": "100"}).text)[0]
    assert line.endswith("encounters.project_share is set, and nothing reads it: encounters is off")


def test_a_file_that_was_opened_is_read_once_and_not_in_the_page(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was parsed in the page")

    monkeypatch.setattr("coworksim.files.load.load_scenario", refuse)
    place = opened(page, IDLE)
    mark = re.search(r"file=(\w+)", place)
    assert mark is not None
    assert told(page.get(place).text) == [SAID]
    given = {"file": mark[1], "q.space.price": "99", "shown": f"file={mark[1]}", "a1.runs": "6"}
    assert SAID in told(page.post("/compare", data=given).text)


def test_shares_that_exclude_each_other_are_told_beside_one_of_them(page: Client) -> None:
    given = {"q.population.freelancer_share": "0.9", "q.population.remote_share": "0.9"}
    text = unescape(page.post("/compare", data=given).text)
    assert "write shares that add up to at most 1" in text
    assert 'href="#q-population-freelancer_share"' in text


def test_of_many_warnings_the_first_are_shown_and_the_rest_counted(page: Client) -> None:
    lines = [f"  - {{name: R{k}, like: other, people: 5}}\n" for k in range(30)]
    found = told(page.get(opened(page, f"# ?\ntitle: x\nextends: tiny\nregions:\n{''.join(lines)}")).text)
    assert len(found) == 21
    assert re.fullmatch(r"and \d+ more", found[-1])


def test_a_warning_is_text(page: Client) -> None:
    done: Any = page.post("/check", data={**RICH, "a1.name": "<script>alert(1)</script>"})
    assert "<script>" not in done.text
    assert "&lt;script&gt;" in done.text
