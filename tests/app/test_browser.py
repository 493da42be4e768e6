"""The page in a real browser: the whole way of an analyst, by keyboard, at any width, and when things go wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect, sync_playwright

from tests.app.desks import Server

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: Milliseconds that a busy machine may take until something shows.
PATIENCE = 240_000
#: A question that is answered soon: a tiny world, opened from a file.
TINY = """# Who gains in a tiny world?
title: A tiny world
extends: tiny
"""
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.fixture(scope="module")
def chromium() -> str:
    found = subprocess.run([ROOT / "scripts" / "browser"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        pytest.skip(found.stderr.strip())  # there is no Chromium, and nobody but root may install it
    return found.stdout.strip()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = Server()
    started.start()
    yield started
    started.end()


@dataclass
class Seen:
    """What a tab asked for, and what it complained of."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def watched(tab: Page) -> Seen:
    """Note every request and complaint of a tab; a dialog is one, a form that is refused with its reasons is none."""
    seen = Seen()
    tab.set_default_timeout(PATIENCE)
    tab.on("request", lambda request: seen.requests.append(request.url))
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))

    def listen(said: ConsoleMessage) -> None:
        if said.type == "error" and "status of 422" not in said.text:
            seen.complaints.append(said.text)

    tab.on("console", listen)

    def complain(dialog: Dialog) -> None:
        seen.complaints.append("a dialog")
        dialog.dismiss()

    tab.on("dialog", complain)
    return seen


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    seen = watched(page)
    page.goto(server.address)
    yield page
    context.close()
    assert {urlsplit(url).hostname for url in seen.requests} <= {"127.0.0.1"}, "loopback only"
    assert seen.complaints == []


def open_tiny(tab: Page, tmp_path: Path, name: str = "tiny.yaml", text: str = TINY) -> None:
    """Open the tiny world and ask for few replicates of a scheme that fits into it, money and all."""
    path = tmp_path / "given.yaml"
    path.write_text(text, encoding="utf-8")
    tab.get_by_text("Open a scenario file of your own").click()
    tab.set_input_files("#scenario", {"name": name, "mimeType": "text/yaml", "buffer": path.read_bytes()})
    tab.get_by_role("button", name="Open", exact=True).click()
    tab.wait_for_load_state()
    tab.get_by_label("The scheme runs for").first.fill("6")
    tab.get_by_label("Budget").first.fill("5000")
    tab.get_by_label("Worlds to compare").select_option("20")


def violations(tab: Page) -> list[str]:
    """Name the rules of accessibility that the page breaks, and where."""
    found = Axe().run(tab).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def test_the_whole_way_of_an_analyst(tab: Page, tmp_path: Path) -> None:
    tab.get_by_text("Examples to start from").click()
    tab.get_by_role("link", name="Does a 50 % subsidy for early-career creatives in left-behind regions pay?").click()
    expect(tab.get_by_label("Part of the fee that is paid").first).to_have_value("50")
    tab.get_by_label("Worlds to compare").select_option("20")
    tab.get_by_role("button", name="Compare").click()
    expect(tab.locator(".verdict").first).to_contain_text("Does it pay in money alone?", timeout=PATIENCE)
    assert re.search(r"seed|v=", tab.url)
    finished(tab)
    expect(tab.locator("#found")).to_contain_text("20 replicates")
    for name in ("Report", "All numbers", "Scenario file", "Everything"):
        with tab.expect_download() as download:
            tab.get_by_role("link", name=name).click()
        download.value.save_as(tmp_path / download.value.suggested_filename)
    report = (tmp_path / "coworksim-report.html").read_text(encoding="utf-8")
    assert "simulation, not a forecast" in report
    assert "In this model" in report
    assert "50 % of the fee" in report
    for image in tab.locator(".charts img").all():
        assert image.evaluate("one => one.naturalWidth") > 0


def test_a_second_policy_begins_with_the_people_of_the_first(tab: Page) -> None:
    tab.get_by_label("Career shorter than").first.fill("3")
    tab.get_by_text("Compare with another policy (2)").click()
    tab.locator("#a2-kind").select_option("voucher")
    expect(tab.locator("#a2-career")).to_have_value("3")
    tab.locator("#a2-career").fill("7")
    tab.locator("#a2-kind").select_option("training_voucher")
    expect(tab.locator("#a2-career")).to_have_value("7")


def test_assumptions_can_be_found_and_typed(tab: Page) -> None:
    tab.get_by_text("changed of").click()
    tab.get_by_label("Find an assumption").fill("forget")
    expect(tab.locator("#find-count")).to_contain_text("found")
    shown = tab.locator(".slider:visible")
    assert 0 < shown.count() < 20
    typed = shown.first.locator(".typed")
    most = shown.first.locator("input[type=range]").get_attribute("max")
    assert most is not None
    typed.fill(most)
    expect(tab.locator(".slider.changed")).to_have_count(1)
    assert float(shown.first.locator("input[type=range]").input_value()) == pytest.approx(float(most))
    tab.get_by_label("Find an assumption").fill("")
    assert tab.locator(".slider").count() > 100


def test_printed_on_paper_four_policies_fit(tab: Page, tmp_path: Path) -> None:
    open_tiny(tab, tmp_path)
    for at, kind in ((2, "voucher"), (3, "training_voucher"), (4, "resource_grant")):
        tab.locator("details.more summary").nth(at - 2).click()
        tab.locator(f"#a{at}-kind").select_option(kind)
        tab.locator(f"#a{at}-budget").fill("5000")
    tab.get_by_role("button", name="Compare").click()
    finished(tab)
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 690, "height": 1000})  # an A4 page without its margins
    table = tab.locator("table").first
    assert table.evaluate("one => one.getBoundingClientRect().right") <= 690
    assert table.locator("thead th").count() == 6


def focused(tab: Page) -> str:
    """Return what has the focus, which must show."""
    looks = "one => getComputedStyle(one).outlineStyle + ' ' + (one.id || one.textContent.trim()).slice(0, 60)"
    style, _, name = str(tab.locator(":focus").first.evaluate(looks)).partition(" ")
    assert style != "none", f"the focus on {name} does not show"
    return name


def finished(tab: Page) -> None:
    """Wait for the end of a comparison, and for its last answer, which comes a moment later."""
    expect(tab.locator("#sentence")).to_have_text("Done: 20 replicates.", timeout=PATIENCE)
    expect(tab.locator(".frame")).to_contain_text("20 replicates.", timeout=PATIENCE)


def tab_to(tab: Page, name: str) -> None:
    """Press the tabulator until something has the focus."""
    for _ in range(80):
        tab.keyboard.press("Tab")
        # Where a last answer has just taken the place of what had the focus, nothing has; the next tabulator goes on.
        if tab.locator(":focus").count() and focused(tab).startswith(name):
            return
    raise AssertionError(f"no way to {name} by keyboard")


def test_everything_can_be_done_by_keyboard(tab: Page) -> None:
    tab.keyboard.press("Tab")
    assert focused(tab) == "Skip to the answer"
    tab_to(tab, "region")
    tab.keyboard.press("ArrowDown")
    expect(tab.locator("#region")).to_have_value("other")
    tab_to(tab, "a1-where")
    tab.keyboard.press("ArrowUp")
    tab_to(tab, "0 changed of")
    tab.keyboard.press("Enter")
    tab_to(tab, "How gains and costs are valued")
    tab.keyboard.press("Enter")
    tab_to(tab, "q-appraisal-administration")
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".slider.changed .moves")).to_be_visible()
    tab_to(tab, "Back to 0.05")
    tab.keyboard.press("Enter")
    expect(tab.locator(".slider.changed")).to_have_count(0)
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("#changed-count")).to_have_text("1")
    tab_to(tab, "compare")
    tab.keyboard.press("Enter")
    expect(tab.locator(".verdict").first).to_be_visible(timeout=PATIENCE)
    expect(tab.locator("#found")).to_contain_text("(appraisal.administration): 0.0515")
    tab_to(tab, "Cancel")
    tab.keyboard.press("Enter")
    expect(tab.locator("#sentence")).to_contain_text("Cancelled after", timeout=PATIENCE)
    tab_to(tab, "Report")


def test_no_rule_of_accessibility_is_broken(tab: Page, server: Server, tmp_path: Path) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert violations(tab) == []
    tab.locator("#a1-budget").evaluate("one => { one.type = 'text'; one.value = 'much'; }")
    tab.get_by_role("button", name="Compare").click()
    expect(tab.get_by_role("alert")).to_contain_text("Budget is 'much'")
    assert violations(tab) == []
    tab.goto(server.home)
    open_tiny(tab, tmp_path)
    tab.get_by_role("button", name="Compare").click()
    expect(tab.locator(".verdict").first).to_be_visible(timeout=PATIENCE)
    assert violations(tab) == []
    finished(tab)
    assert violations(tab) == []
    tab.get_by_role("link", name="Watch a single run").click()
    tab.locator(".arm-button").click()
    expect(tab.locator("#counts")).to_contain_text("Week 1 of 26", timeout=PATIENCE)
    assert violations(tab) == []


def test_the_report_and_the_locked_page_break_no_rule_either(
    tab: Page, browser: Browser, server: Server, tmp_path: Path
) -> None:
    open_tiny(tab, tmp_path)
    tab.get_by_role("button", name="Compare").click()
    finished(tab)
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Report").click()
    download.value.save_as(tmp_path / "report.html")
    context = browser.new_context(java_script_enabled=True)
    other = context.new_page()
    other.goto((tmp_path / "report.html").as_uri())
    assert violations(other) == []
    other.goto(server.home)
    expect(other.get_by_role("heading", name="Locked")).to_be_visible()
    assert violations(other) == []
    context.close()


def test_reload_and_back_show_what_was_there(tab: Page, tmp_path: Path) -> None:
    open_tiny(tab, tmp_path)
    tab.get_by_role("button", name="Compare").click()
    finished(tab)
    first = tab.locator("tbody").inner_text()
    tab.reload()
    expect(tab.locator("tbody")).to_have_text(first, use_inner_text=True)
    tab.get_by_label("Seed").fill("2")
    expect(tab.locator(".stale-note")).to_be_visible()
    assert "grayscale" in str(tab.locator("#found").evaluate("one => getComputedStyle(one).filter"))
    tab.get_by_label("Seed").fill("1")
    expect(tab.locator(".stale-note")).to_be_hidden()
    tab.get_by_label("Seed").fill("2")
    tab.get_by_role("button", name="Compare").click()
    finished(tab)
    expect(tab.locator("tbody")).not_to_have_text(first, use_inner_text=True)
    tab.go_back()
    expect(tab.get_by_label("Seed")).to_have_value("1")
    expect(tab.locator("tbody")).to_have_text(first, use_inner_text=True)


def test_two_tabs_do_not_disturb_each_other(tab: Page, server: Server) -> None:
    tab.get_by_label("Worlds to compare").select_option("200")
    tab.get_by_role("button", name="Compare").click()
    expect(tab.locator(".verdict").first).to_be_visible(timeout=PATIENCE)
    other = tab.context.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(server.home)
    other.get_by_label("Seed").fill("77")
    other.get_by_role("button", name="Compare").click()
    expect(other.locator("#sentence")).to_contain_text("A comparison of another tab is under way", timeout=PATIENCE)
    expect(tab.locator("#sentence")).to_contain_text("Replicate")
    expect(tab.locator(".verdict").first).to_be_visible()
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.locator("#sentence")).to_contain_text("Cancelled after", timeout=PATIENCE)
    expect(other.locator(".verdict").first).to_be_visible(timeout=PATIENCE)
    other.get_by_role("button", name="Cancel").click()
    expect(other.locator("#sentence")).to_contain_text("Cancelled after", timeout=PATIENCE)


def test_pages_are_answered_while_a_comparison_runs(tab: Page, server: Server) -> None:
    """How soon, the benchmark tells."""
    tab.get_by_label("Seed").fill("5")
    tab.get_by_role("button", name="Compare").click()
    expect(tab.locator(".verdict").first).to_be_visible(timeout=PATIENCE)
    (cookie,) = tab.context.cookies()
    with httpx.Client(base_url=server.home, cookies={cookie["name"]: cookie["value"]}) as asking:
        assert [asking.get("/").status_code for _ in range(30)] == [200] * 30
    expect(tab.locator("#sentence")).to_contain_text("Replicate")
    tab.get_by_role("button", name="Cancel").click()


@pytest.mark.parametrize("width", [390, 768, 1280, 1920])
def test_the_page_fits_any_width(tab: Page, width: int, tmp_path: Path) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.reload()
    open_tiny(tab, tmp_path)
    tab.get_by_role("button", name="Compare").click()
    finished(tab)
    until = time.monotonic() + 30
    # A page that has just come is laid out once more; to wait within it would take the eval that it forbids.
    while tab.evaluate("document.documentElement.scrollWidth") > width:
        assert time.monotonic() < until
        tab.wait_for_timeout(50)
    expect(tab.locator("#answer-title")).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_map_is_chosen_seen_and_read_at_any_width(tab: Page, server: Server, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.get_by_role("link", name="A map of the regions").click()
    tab.get_by_label("What is shown").select_option("indicator:home_working_share")
    tab.get_by_label("How", exact=True).select_option("boundaries")
    tab.get_by_role("button", name="Show").click()
    picture = tab.locator(".charts img")
    expect(picture).to_have_attribute("alt", re.compile("7 of 179 regions have no figure; 28 are left behind"))
    tab.wait_for_load_state("networkidle")
    assert picture.evaluate("one => one.naturalWidth") > 0
    expect(tab.locator(".legend.phone")).to_be_visible(visible=width < 640)
    tab.get_by_text("All figures as a table").click()
    assert tab.locator("tbody tr:visible").count() == 179
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(tab) == []
    tab.get_by_role("link", name="Back to the question").click()
    assert tab.url.rstrip("/") == server.home


def test_a_hostile_scenario_name_is_only_text(tab: Page, tmp_path: Path) -> None:
    title = json.dumps(HOSTILE)
    open_tiny(tab, tmp_path, f"{HOSTILE}.yaml".replace("/", "-"), f"# {HOSTILE}\ntitle: {title}\nextends: tiny\n")
    expect(tab.locator(".file")).to_contain_text(HOSTILE)
    tab.get_by_label("Name in the answer").first.fill(HOSTILE[:60])
    tab.get_by_role("button", name="Compare").click()
    finished(tab)
    expect(tab.locator(".verdict h3")).to_have_text(HOSTILE[:60])
    assert tab.locator("img[src=x], #found script").count() == 0
    tab.get_by_role("link", name="Watch a single run").click()
    tab.locator(".arm-button").click()
    expect(tab.locator("#counts")).to_contain_text("Week 1 of 26", timeout=PATIENCE)
    before = tab.locator("#counts").inner_text()
    tab.get_by_role("button", name="Play").click()
    expect(tab.locator("#counts")).not_to_have_text(before)


def test_without_scripts_one_looks_again_by_hand(browser: Browser, server: Server, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    tab.goto(server.address)
    open_tiny(tab, tmp_path, text=TINY + "seed: 9\n")
    tab.get_by_label("Seed").fill("123")
    tab.get_by_role("button", name="Compare").click()
    for _ in range(200):
        if tab.get_by_text("Done: 20 replicates.").count():
            break
        time.sleep(0.5)
        with tab.expect_navigation():  # else the page before is looked at, whose link is gone when the new one is there
            tab.get_by_role("link", name="Look again").click()
    expect(tab.locator(".verdict").first).to_be_visible()
    context.close()


def test_a_page_that_is_killed_and_started_again_goes_on(browser: Browser) -> None:
    server = Server()
    server.start()
    context = browser.new_context()
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    tab.goto(server.address)
    tab.get_by_label("Worlds to compare").select_option("200")
    tab.get_by_role("button", name="Compare").click()
    expect(tab.locator(".verdict").first).to_be_visible(timeout=PATIENCE)
    asked, workers = tab.url, server.workers
    server.end(signal.SIGKILL)
    expect(tab.locator("#sentence")).to_contain_text("does not answer", timeout=PATIENCE)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert alive == [], "no process goes on by itself"
    server.start()
    expect(tab.locator("#sentence")).to_contain_text("started anew", timeout=PATIENCE)
    tab.goto(asked)
    tab.reload()
    expect(tab.get_by_role("heading", name="Locked")).to_be_visible()
    tab.get_by_label("Key").fill(server.address.rpartition("key=")[2])
    tab.get_by_role("button", name="Open").click()
    expect(tab.get_by_label("Worlds to compare")).to_have_value("200")
    tab.get_by_role("button", name="Compare").click()
    expect(tab.locator(".verdict").first).to_be_visible(timeout=PATIENCE)
    for worker in server.workers:
        worker.kill()
    expect(tab.locator("#sentence")).to_contain_text("another one has been started", timeout=PATIENCE)
    tab.get_by_role("button", name="Compare").click()
    expect(tab.locator("#sentence")).to_contain_text("Replicate", timeout=PATIENCE)
    context.close()
    server.end()


def test_what_is_hardly_meant_stands_beside_the_button_before_anything_runs(tab: Page, tmp_path: Path) -> None:
    button, odd = tab.locator("#compare"), tab.locator("#odd")
    expect(button).to_have_text("Compare")
    tab.get_by_label("Budget").first.fill("100000000")
    expect(odd).to_contain_text("has a budget of 100,000,000 GBP")
    expect(odd).to_be_in_viewport()
    expect(button).to_have_text("Compare all the same")
    assert violations(tab) == []
    tab.get_by_label("Budget").first.fill("30000")
    expect(odd).to_be_empty()
    expect(button).to_have_text("Compare")
    tab.locator("#region").select_option("other")
    expect(odd).to_contain_text("is for nobody who lives in this scenario")
    text = "# Idle?\ntitle: Idle\nextends: tiny\nmechanisms: {encounters: off}\n"
    open_tiny(tab, tmp_path, text=f"{text}parameters: {{encounters.project_share: 30 %}}\n")
    expect(odd).to_contain_text("tiny.yaml:5: encounters.project_share is set, and nothing reads it")
    button.click()
    finished(tab)
    expect(tab.locator("#found")).to_contain_text("encounters.project_share is set, and nothing reads it")
    expect(tab.locator(".stale-note")).to_be_hidden()


def test_who_is_faster_than_the_check_is_asked_once(tab: Page) -> None:
    tab.route("**/check", lambda route: route.abort())
    tab.get_by_label("Budget").first.fill("100000000")
    expect(tab.locator("#compare")).to_have_text("Compare")
    tab.locator("#compare").click()
    expect(tab.locator(".odd")).to_be_focused()
    expect(tab.locator("#compare")).to_have_text("Compare all the same")
    expect(tab.locator("#standing")).to_have_count(0)
    tab.locator("#compare").click()
    expect(tab.locator("#standing")).to_be_visible()
    tab.get_by_role("button", name="Cancel").click()
