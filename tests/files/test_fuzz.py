"""Whatever a file holds, loading it gives a scenario or a ScenarioError."""

from __future__ import annotations

import contextlib
import string
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.scenario_schema import new_template
from coworksim.files.scenario_writer import to_yaml
from coworksim.model.scenario import Scenario

from .files import load

WORDS = st.sampled_from(
    [
        *(
            "title:",
            "extends:",
            "starts:",
            "weeks:",
            "seed:",
            "regions:",
            "parameters:",
            "mechanisms:",
            "policies:",
            "name:",
            "kind:",
            "voucher",
            "amount:",
            "60.5 GBP/month",
            "eligible:",
            "like:",
            "other",
        ),
        *("left-behind", "space.price", "decay", "on", "off", "true", "~", "null", ".nan", "1e999", "-1", "0x1"),
        *("2022-11-07", "[", "]", "{", "}", ",", ":", "-", "?", "|", ">", "'", '"', "&", "*", "!", "!!", "%", "@", "`"),
        *("#", "<<:", "---", "...", "\\", "\t", "\n", "\x85", "\x00", "\u00e9", "\U0001f600"),
    ]
)
TEXTS = st.one_of(
    st.text(),
    st.text(string.printable),
    st.lists(WORDS).map(" ".join),
    st.lists(st.one_of(WORDS, st.just("\n"), st.just("\n  - "), st.just("\n  "))).map("".join),
)


@pytest.fixture(scope="module")
def try_to_load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], None]:
    folder = tmp_path_factory.mktemp("fuzz")

    def attempt(content: bytes) -> None:
        with contextlib.suppress(ScenarioError):
            assert isinstance(load(folder, content), Scenario)

    return attempt


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text(try_to_load: Callable[[bytes], None], text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    try_to_load(content)
    try_to_load(b"# q\ntitle: x\nregions:\n  - like: other\n" + content)


@settings(max_examples=100, deadline=None)
@given(st.binary())
def test_any_bytes(try_to_load: Callable[[bytes], None], content: bytes) -> None:
    try_to_load(content)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_good_file_with_a_piece_replaced(try_to_load: Callable[[bytes], None], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([new_template(), to_yaml(load_scenario("uk-voucher"))]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    try_to_load((text[:start] + data.draw(TEXTS) + text[end:]).encode("utf-8", "surrogatepass"))


@settings(max_examples=30, deadline=None)
@given(st.text())
def test_any_name(name: str) -> None:
    with contextlib.suppress(ScenarioError):
        load_scenario(name)


OVERRIDES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()), st.dates(), st.datetimes()
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["seed", "title", "space.price", "starts", "mechanisms.decay", "x"]), OVERRIDES))
def test_any_override(overrides: dict[str, object]) -> None:
    with contextlib.suppress(ScenarioError):
        load_scenario("tiny", overrides)
