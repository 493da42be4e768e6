"""The view of the map: what it offers, its picture and table, and names that nobody offered."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from coworksim.report import map_figures as figures
from tests.app.desks import Client, QuietDesk, client

HOSTILE = '"><script>alert(1)</script>&{{7*7}}'


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Client:
    folder = tmp_path_factory.mktemp("page")
    return client(QuietDesk(folder), folder)


def test_the_first_page_leads_to_the_map_and_back(page: Client) -> None:
    assert 'href="/map"' in page.get("/").text
    assert 'href="/"' in page.get("/map").text


def test_each_offer_has_a_page_with_all_regions(page: Client) -> None:
    for show in ("field:demand", "indicator:population", "indicator:home_working_share"):
        text = page.get("/map", params={"show": show, "form": "boundaries"}).text
        assert text.count("<tr><th") == 179 + 1
        assert re.search(rf'<option value="{show}" selected>', text)
        assert 'src="/map/picture.svg?show=' in text
    assert text.count(">no figure<") == 7
    assert "7 of 179 regions have no figure; 28 are left behind." in unescape(text)


def test_every_map_that_is_offered_can_be_shown() -> None:
    without = [name for name in figures.offered() if not figures.of_offer(name).values]
    assert without == []
    assert {name.partition(":")[0] for name in figures.offered()} == {"field", "indicator"}


@pytest.mark.parametrize("form", ["tiles", "boundaries"])
def test_the_picture_is_drawn(page: Client, form: str) -> None:
    done = page.get("/map/picture.svg", params={"show": "indicator:population", "form": form})
    assert (done.status_code, done.headers["content-type"]) == (200, "image/svg+xml")
    assert "<title>Population</title>" in done.text
    assert "<script" not in done.text


def test_names_that_nobody_offered_show_the_first_map_and_are_not_repeated(page: Client) -> None:
    done = page.get("/map", params={"show": HOSTILE, "form": HOSTILE})
    assert done.status_code == 404
    assert "There is no map with that name" in done.text
    assert "alert(1)" not in done.text
    for given in ({"show": HOSTILE}, {"show": "field:demand", "form": "globe"}, {"show": "field:", "form": "tiles"}):
        assert page.get("/map/picture.svg", params=given).status_code == 404


def test_the_map_needs_the_key_as_all_pages_do(tmp_path: Path) -> None:
    stranger = client(QuietDesk(tmp_path), tmp_path, key=None)
    assert stranger.get("/map").status_code == 403
    assert stranger.get("/map/picture.svg?show=field:demand").status_code == 403
