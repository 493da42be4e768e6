"""Who may ask the page for anything, and what every answer carries."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import coworksim.app
from coworksim.app.job_queue import Desk
from coworksim.app.pages import cookie_name
from coworksim.app.server import MOST_BYTES
from tests.app.desks import KEY, PORT, Client, QuietDesk, client

PACKAGE = Path(coworksim.app.__file__).parent
TEMPLATES = sorted(PACKAGE.parent.rglob("templates/*.html*"))


@pytest.fixture
def desk(tmp_path: Path) -> QuietDesk:
    return QuietDesk(tmp_path)


@pytest.fixture
def page(desk: QuietDesk, tmp_path: Path) -> Client:
    return client(desk, tmp_path)


def test_the_address_of_the_terminal_sets_a_cookie_that_no_script_and_no_other_site_gets(
    desk: QuietDesk, tmp_path: Path
) -> None:
    stranger = client(desk, tmp_path, key=None)
    assert stranger.get("/").status_code == 403
    done = stranger.get(f"/start?key={KEY}")
    assert (done.status_code, done.headers["location"]) == (303, "/")
    cookie = done.headers["set-cookie"]
    assert cookie.startswith(f"{cookie_name(PORT)}={KEY}")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("key", ["", "wrong", KEY + "x", KEY[:-1], "ключ"])
def test_a_wrong_key_opens_nothing(desk: QuietDesk, tmp_path: Path, key: str) -> None:
    stranger = client(desk, tmp_path, key=None)
    done = stranger.get("/start", params={"key": key})
    assert (done.status_code, "set-cookie" in done.headers) == (403, False)
    assert stranger.post("/start", data={"key": key}).status_code == 403


def test_nothing_is_told_or_begun_without_the_key(desk: QuietDesk, tmp_path: Path) -> None:
    asked = {
        ("GET", "/"),
        ("POST", "/compare"),
        ("POST", "/scenario"),
        ("GET", "/jobs/1/events"),
        ("GET", "/watch/frames"),
        ("GET", "/jobs/1/files/report.html"),
        ("POST", "/jobs/1/cancel"),
    }
    for key in (None, "wrong"):
        stranger = client(desk, tmp_path, key=key)
        answers = {one: stranger.request(*one).status_code for one in asked}
        assert answers == dict.fromkeys(asked, 403)
    assert desk.sent == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", f"127.0.0.1:{PORT + 1}", f"evil.example:{PORT}", ""])
def test_only_our_own_names_are_answered(desk: QuietDesk, tmp_path: Path, host: str) -> None:
    done = client(desk, tmp_path, headers={"host": host}).get("/")
    assert done.status_code == 403
    assert f"localhost:{PORT}" not in done.text


def test_both_names_of_this_machine_are_answered(desk: QuietDesk, tmp_path: Path) -> None:
    assert client(desk, tmp_path, headers={"host": f"localhost:{PORT}"}).get("/").status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"https://127.0.0.1:{PORT}", "http://127.0.0.1", ""])
def test_a_change_is_asked_for_by_our_own_pages_only(desk: QuietDesk, tmp_path: Path, origin: str) -> None:
    page = client(desk, tmp_path, headers={"origin": origin} if origin else {})
    assert page.post("/compare", data={"seed": "3"}).status_code == 403
    assert desk.sent == []


def test_what_another_site_sends_here_begins_nothing(page: Client, desk: QuietDesk) -> None:
    done = page.post("/compare", data={"seed": "3"}, headers={"sec-fetch-site": "cross-site"})
    assert (done.status_code, desk.sent) == (403, [])


def test_every_answer_carries_the_same_policy(page: Client, desk: QuietDesk, tmp_path: Path) -> None:
    stranger = client(desk, tmp_path, key=None)
    answers = [page.get("/"), page.get("/static/app.js"), page.get("/none"), stranger.get("/"), page.get("/watch")]
    for done in answers:
        policy = done.headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert done.headers["x-content-type-options"] == "nosniff"
        assert done.headers["cache-control"] == "no-store"


def test_a_large_request_is_refused_whether_or_not_it_says_so(page: Client) -> None:
    body = b"scenario=" + b"x" * MOST_BYTES
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert page.post("/compare", content=body, headers=kind).status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        yield body[:1000]
        yield body[1000:]

    assert page.post("/compare", content=pieces(), headers=kind).status_code == 413


@pytest.mark.parametrize(
    ("length", "status"), [(str(MOST_BYTES), 200), (str(MOST_BYTES + 1), 413), ("many", 413), ("-1", 413)]
)
def test_a_request_says_how_long_it_is(page: Client, length: str, status: int) -> None:
    assert page.get("/", headers={"content-length": length}).status_code == status


def test_a_fault_shows_neither_where_nor_what(
    page: Client, desk: QuietDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("\x1b[2J/home/somebody/secret.py")

    monkeypatch.setattr(Desk, "ask", broken)
    done = page.post("/compare", data={"a1.kind": "nothing"})
    assert done.status_code == 500
    for word in ("Traceback", "secret", "/home", "RuntimeError"):
        assert word not in done.text
    told = capsys.readouterr().err
    assert "RuntimeError" in told
    assert "\x1b" not in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(desk: QuietDesk, tmp_path: Path, address: str) -> None:
    done = client(desk, tmp_path, key=None).get("/start", params={"key": KEY, "next": address})
    assert done.headers["location"] == "/"


@pytest.mark.parametrize("path", ["/static/../server.py", "/static/%2e%2e/server.py", "/jobs/1/files/..%2f..%2fx"])
def test_no_file_outside_is_served(page: Client, path: str) -> None:
    assert page.get(path).status_code in (403, 404)


def active(text: str) -> list[str]:
    """Name what runs or styles within a template, and what it would load from elsewhere."""
    return re.findall(
        r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:|(?:src|href|action)=\"(?:https?:)?//", text
    )


def test_no_template_holds_script_or_style_or_asks_elsewhere() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES}
    assert len(texts) == len(TEMPLATES) > 5
    assert {name: active(text) for name, text in texts.items() if active(text)} == {}
    assert [name for name, text in texts.items() if "| safe" in text] == []
    assert [name for name, text in texts.items() if "<style" in text] == ["report.html.j2"]


def test_the_lint_of_templates_catches_a_planted_fault() -> None:
    planted = ["<script>x()</script>", "<p onclick=x>", '<p style="a">', '<img src="https://cdn.example/x">']
    assert [text for text in planted if not active(text)] == []


def test_no_markup_is_trusted() -> None:
    """Nothing passes by the escaping."""
    found = [
        path.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup"
    ]
    assert found == []


def test_the_door_says_how_to_get_in_and_leads_where_one_wanted_to_go(desk: QuietDesk, tmp_path: Path) -> None:
    stranger = client(desk, tmp_path, key=None)
    done = stranger.get("/?seed=5&a1.name=<b>")
    assert 'value="/?seed=5&amp;a1.name=' in done.text
    assert "<b>" not in done.text
    opened = stranger.post("/start", data={"key": KEY, "next": "/?seed=5"})
    assert opened.headers["location"] == "/?seed=5"
