"""Charts: the same each time, well-formed whatever the names, and with every text inside the picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import batched, product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from coworksim.files.columns import CHANNELS
from coworksim.report.charts import run_charts
from coworksim.report.charts.places import MOST_PLACES, places
from coworksim.report.charts.run_charts import CHARTS, write_charts
from coworksim.report.charts.style import GREY, LOOKS, applied
from tests.report.drawn import outside
from tests.report.standin import RATES, standin

DRAW = [pytest.param(draw, id=name) for name, (draw, _) in CHARTS.items()]
CASES: dict[str, Callable[[], list[Any]]] = {
    "two": lambda: [standin({"Left": "left-behind"}), standin({"Core": "other"}, people=90)],
    "one": lambda: [standin()],
    "four": lambda: [standin({f"Region with quite a long name {n}": "other" for n in range(4)})],
    "many": lambda: [standin({f"R{n}": ("other", "left-behind")[n % 2] for n in range(9)}, weeks=20)],
    "long-run": lambda: [standin(weeks=520)],
    "spaces-come-and-go": lambda: [standin(spare=range(60, 110)), standin({"Gone": "other"}, closes=80)],
}


@cache
def results(case: str) -> list[Any]:
    return CASES[case]()


def _texts(draw: Callable[[Any], Figure], case: str) -> list[str]:
    with applied():
        figure = draw(results(case))
    return [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]  # type: ignore[attr-defined]  # the filter leaves only text


def _luminance(colour: str) -> float:
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


@pytest.mark.slow
def test_every_text_lies_inside_the_picture(subtests: pytest.Subtests) -> None:
    for case, (name, (draw, _)) in product(CASES, CHARTS.items()):
        with subtests.test(f"{name}, {case}"), applied():
            assert outside(draw(results(case))) == []


@pytest.mark.parametrize("draw", DRAW)
def test_a_chart_says_what_it_is(draw: Callable[[Any], Figure]) -> None:
    said = " ".join(_texts(draw, "two"))
    assert "1 point = 1 %" in said or "points" not in said.lower()
    for words in ("?", "One run each, seed 1; a simulation, not a forecast", "scenario standin"):
        assert words in said


def test_every_channel_has_a_row_and_the_rows_add_up() -> None:
    said = _texts(run_charts.gain_by_channel, "one")
    for row in ("Meeting people in the space", "Colleagues at work", "Contacts and learning elsewhere"):
        assert row in said
    rows = dict.fromkeys(said[said.index("Meeting people in the space") : said.index("All together")])
    assert len([row for row in rows if row]) == len(CHANNELS) == 7
    total = 156 * sum(RATES.values())
    assert said.count(f"{total:+.1f}") == 2  # in both panels
    assert any("20 members at the end, 8 of them employed" in text for text in said)


def test_each_line_ends_with_its_last_value() -> None:
    said = _texts(run_charts.members_and_skills, "two")
    for place in places(results("two")):
        values = [f"{100 * place.member_share().iloc[-1]:.0f}"]
        values += [f"{place.gained_in_space(family).iloc[-1]:.2f}" for family in ("sc", "td")]
        assert [value for value in values if value not in said] == []


def test_spaces_that_open_and_close_are_marked() -> None:
    said = _texts(run_charts.members_and_skills, "spaces-come-and-go")
    assert (said.count("▲"), said.count("▼")) == (1, 2)
    assert any("▲ another space opens. ▼ a space closes" in text for text in said)
    assert any("1 space open (1 closed), 50 % of desks used" in text for text in said)
    assert any("Gone: 20 members at the end; no space open (1 closed)" in text for text in said)
    assert not any("▲" in text or "▼" in text for text in _texts(run_charts.members_and_skills, "two"))


NAMES = (
    "$x_1$",
    r"$\frac{$",
    "R&D <b>'\"",
    "\x1b[31mred\x00",
    "a --> b",
    "杭州市",
    r"\alpha_{2} ^%#~",
    "x" * 500,
    "العربية",
)


@pytest.mark.slow
def test_names_from_files_do_no_harm(tmp_path: Path, subtests: pytest.Subtests) -> None:
    """As many names a chart as are drawn one by one; one PNG a chart, for it shows the same figure."""
    for names in batched(NAMES, MOST_PLACES):
        with subtests.test(repr([name[:20] for name in names])):
            write_charts([standin(dict.fromkeys(names, "other"), weeks=6)], tmp_path, png=names[0] == NAMES[0])
            for chart in CHARTS:
                root = ElementTree.fromstring((tmp_path / f"{chart}.svg").read_text(encoding="utf-8"))
                assert root.tag.endswith("svg")
    assert [chart for chart in CHARTS if (tmp_path / f"{chart}.png").read_bytes()[:4] != b"\x89PNG"] == []


@pytest.mark.slow
def test_charts_are_the_same_each_time_and_hold_no_date(tmp_path: Path) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        write_charts(results("two"), folder, png=True)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    text = (tmp_path / "a" / "gain-by-channel.svg").read_text(encoding="utf-8")
    assert "<dc:date>" not in text
    assert '<svg role="img"' in text
    assert "<title>Where did the skills that members gained come from?</title>" in text


@pytest.mark.slow
def test_nobody_joins(tmp_path: Path) -> None:
    empty = standin()
    empty.workers["member"] = False
    empty.series["members"] = 0
    write_charts([empty], tmp_path)


@pytest.mark.slow
def test_no_space(tmp_path: Path) -> None:
    none = standin()
    vars(none)["spaces"] = none.spaces.iloc[:0]
    write_charts([none], tmp_path)


def test_many_regions_are_drawn_as_groups() -> None:
    shown = places(results("many"))
    assert [place.name for place in shown] == ["left-behind regions", "core regions"]
    assert [place.label for place in shown] == ["Left-behind regions", "Core regions"]
    assert sum(len(place.workers) for place in shown) == len(results("many")[0].workers)
    assert len(places(results("four"))) == 4 == MOST_PLACES


def test_places_differ_without_colour_and_text_is_dark_enough() -> None:
    assert len({look.dash for look in LOOKS}) == len({look.marker for look in LOOKS}) == len(LOOKS)
    assert len({look.hatch for look in LOOKS}) == len(LOOKS) == MOST_PLACES
    for colour in (GREY, *(look.ink for look in LOOKS)):
        assert 1.05 / (_luminance(colour) + 0.05) >= 4.5
