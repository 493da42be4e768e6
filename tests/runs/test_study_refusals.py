"""Study files that are refused: where, what was found, what to write instead; and whatever a file holds."""

from __future__ import annotations

import contextlib
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim.files.built_in import built_in_studies
from coworksim.runs.study import StudyDesign
from coworksim.runs.study_reader import StudyError, load_study

from .files import HEAD, REST, load, refusals

VARY = "[membership.churn, space.desks]"

#: What is replaced in a good file, by what, and the problem.
CASES = {
    "no question": ("# Does it load?\n", "", "1:1: the first line is no comment; write there, after #, which question"),
    "key": ("size: 2", "sise: 2", "6:1: unknown key 'sise' in the study; write size"),
    "method": ("morris", "moris", "5:9: method is the text 'moris'; write morris"),
    "scenario": ("tiny", "tinny", "tinny: no scenario is called 'tinny' (did you mean tiny?)"),
    "absolute": ("tiny", "/x.yaml", "3:11: scenario '/x.yaml' is no path from here; write a path from"),
    "outcome": ("members_at_end", "member_at_end", "7:12: an outcome is the text 'member_at_end'; write"),
    "twice": ("members_at_end", "price, price", "7:19: outcome 'price' a second time; name each once"),
    "quantity": ("space.desks", "space.desk", "4:26: no parameter is called 'space.desk'; write space.desks"),
    "group": ("space.desks", "spaces.*", "4:26: no group of parameters is called 'spaces'; write space.*"),
    "empty group": ("space.desks", "attendance.*", "4:26: nothing that may vary in 'attendance.*'; name parameters"),
    "role": ("space.desks", "role: behavior", "4:32: role is the text 'behavior'; write behaviour"),
    "no range": ("space.desks", "attendance.smoothing", "4:26: attendance.smoothing has no range to sample; write"),
    "measuring": ("space.desks", "frame.left_behind", "4:26: frame.left_behind is a way of measuring; set it"),
    "named twice": ("space.desks", "membership.churn: 0.03..0.04", "4:26: membership.churn a second time; name each"),
    "range": ("space.desks", "space.desks: 5", "4:39: the range of space.desks is the number 5; write low..high"),
    "falls": ("space.desks", "space.desks: 9..5", "4:39: the range of space.desks does not rise; write low..high"),
    "unit": ("space.desks", "space.desks: 5..9 GBP", "4:39: space.desks has the unit 'GBP', not desks; write 5"),
    "limits": ("space.desks", "space.desks: 0..9", "4:39: space.desks is the number 0; it must lie between 1 and 5000"),
    "whole": ("space.desks", "space.desks: 1..9.5", "4:39: space.desks is the number 9.5; it must be a whole number"),
    "logarithm": ("space.desks", "awareness.by_ties: 0..1", "4:45: awareness.by_ties is drawn in logarithms, from 0;"),
    "choice": ("space.desks", "membership.money: 0..1", "4:44: a range of membership.money, which"),
    "list": (VARY, "7", "4:7: vary is the number 7; write a list"),
    "not a power": ("morris\nsize: 2", "sobol\nsize: 12", "6:7: size is 12; write a power of two: 8 or 16"),
    "size": ("size: 2", "size: 1", "6:7: size is 1; write a whole number from 2 to 4096"),
    "dummy": ("morris", "factorial\ndummy: on", "6:8: dummy with the method factorial; leave it out, or write method:"),
    "groups": ("morris\nsize: 2", "pawn\ngroups: on", "6:9: groups with the method pawn; leave it out, or"),
    "vary it not": ("morris\nsize: 2", "replicates", "4:7: vary with the method replicates; leave it out"),
    "no vary": (f"vary: {VARY}\n", "", "1:1: the study has no vary; write vary: and what is to vary, or all swept"),
    "no method": ("method: morris\n", "", "1:1: the study has no method; write method: and one of morris, sobol"),
    "set": ("size: 2", "size: 2\nset: {space.price: 9 GBP}", "7:20: space.price has the unit 'GBP', not GBP/month"),
    "set seed": ("size: 2", "size: 2\nset: {seed: 9}", "7:7: unknown key 'seed' in set; write any of"),
    "set and varied": ("size: 2", "size: 2\nset: {space.desks: 9}", "4:26: space.desks is fixed by set; leave it out"),
    "set shares": (
        "size: 2",
        "size: 2\nset: {population.freelancer_share: 1}",
        "override: population.freelancer_share + ",
    ),
    "tolerance of indices": (
        "morris\nsize: 2",
        "pawn\nsize: 64\ntolerance: {members_at_end: 1}",
        "7:12: tolerance with the method pawn; write replicates: and a",
    ),
    "tolerance of delta": (
        "morris\nsize: 2",
        "delta\nsize: 128\ntolerance: {members_at_end: 1}",
        "7:12: tolerance with the method delta; write replicates: and a",
    ),
    "what values": (VARY, "[appraisal.*]", "4:8: nothing that may vary in 'appraisal.*'; name"),
    "tolerance": ("morris", "factorial\ntolerance: {members_at_end: -1}", "6:29: members_at_end is -1; write a"),
    "both": ("morris\nsize: 2", "factorial\nreplicates: 2\ntolerance: {members_at_end: 1}", "7:12: tolerance beside"),
    "arm": ("size: 2", "size: 2\narms: [{name: x}]", "7:8: an arm without policies; write name and policies"),
    "arm file": ("size: 2", "size: 2\narms: [../x.yaml]", "7:8: arm '../x.yaml' leaves the folder of this file;"),
    "arm region": (
        "size: 2",
        "size: 2\narms: [{name: x, policies: [{name: p, kind: membership_subsidy, share: 1, months: 1, budget: 1, "
        "eligible: {regions: [left]}}]}]",
        "7:118: no region or flag 'left' is in this scenario; write",
    ),
}


def test_a_problem_is_told_with_its_place_and_a_way_out(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for case, (before, after, problem) in CASES.items():
        with subtests.test(case):
            assert before in HEAD + REST
            text = (HEAD + REST).replace(before, after, 1)
            (said,) = refusals(tmp_path, text)
            assert said.startswith(problem)


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert load(tmp_path, HEAD + REST).method == "morris"
    assert load(tmp_path, (HEAD + REST).replace("morris", "sobol\nreplicates: 2\nseed: 0")).seed == 0


def test_outcomes_that_compare_regions_need_both_kinds(tmp_path: Path) -> None:
    text = (HEAD + REST).replace("members_at_end", "member_share_difference")
    assert load(tmp_path, text).outcomes == ("member_share_difference",)
    (said,) = refusals(tmp_path, text.replace("tiny", "uk-core"))
    assert said.startswith("7:12: member_share_difference compares kinds of regions, and the scenario has one kind;")
    every = load(tmp_path, text.replace("tiny", "uk-core").replace("[member_share_difference]", "all"))
    assert not any(name.endswith("_difference") for name in every.outcomes)


def test_a_study_that_nobody_could_finish_is_refused(tmp_path: Path) -> None:
    text = (HEAD + REST).replace(VARY, "all swept\nreplicates: 100000")
    (said,) = refusals(tmp_path, text)
    assert "the study has 224 points and 22400000 runs; write a smaller size or fewer parameters" in said


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = HEAD + "scenario: tinny\nvary: [space.desk, space.*]\nmethod: moris\noutcomes: [prise]\nsize: x\n"
    assert len(refusals(tmp_path, text)) == 4  # the size of no method is no problem yet


def test_problems_of_the_scenario_keep_their_place(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("# q?\ntitle: Own\nextends: tiny\nweks: 9\n")
    (said,) = refusals(tmp_path, (HEAD + REST).replace("tiny", "own.yaml"))
    assert said == f"{tmp_path}/own.yaml:4:1: unknown key 'weks' in the scenario; write weeks"


WORDS = st.sampled_from(
    [
        *(
            "title:",
            "scenario:",
            "set:",
            "vary:",
            "method:",
            "size:",
            "replicates:",
            "tolerance:",
            "outcomes:",
            "seed:",
        ),
        *("dummy:", "groups:", "arms:", "name:", "policies:", "role:", "tiny", "own.yaml", "../x.yaml", "all swept"),
        *(
            "membership.*",
            "space.price",
            "space.price:",
            "1..2",
            "..",
            "9..1",
            "morris",
            "sobol",
            "efast",
            "replicates",
        ),
        *("price", "all", "on", "off", "2", "64", "1e999", ".nan", "-1", "[", "]", "{", "}", ",", ":", "-", "#", "\n"),
        *("&", "*", "!", "'", '"', "\t", "\x00", "\u00e9", "null", "~", "members_at_end", "regions", "voucher"),
    ]
)
TEXTS = st.one_of(
    st.text(string.printable),
    st.lists(WORDS).map(" ".join),
    st.lists(st.one_of(WORDS, st.just("\n"), st.just("\n  - "), st.just("\n  "))).map("".join),
)


@pytest.fixture(scope="module")
def try_to_load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], None]:
    folder = tmp_path_factory.mktemp("fuzz")

    def attempt(content: bytes) -> None:
        with contextlib.suppress(StudyError):
            assert isinstance(load(folder, content), StudyDesign)

    return attempt


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_is_a_study_or_a_study_error(try_to_load: Callable[[bytes], None], text: str) -> None:
    try_to_load(text.encode())
    try_to_load((HEAD + text).encode())


@settings(max_examples=100, deadline=None)
@given(st.binary())
def test_any_bytes(try_to_load: Callable[[bytes], None], content: bytes) -> None:
    try_to_load(content)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_good_file_with_a_piece_replaced(try_to_load: Callable[[bytes], None], data: st.DataObject) -> None:
    good = [HEAD + REST, *(study.path.read_text() for study in built_in_studies())]
    text = data.draw(st.sampled_from(good))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    try_to_load((text[:start] + data.draw(TEXTS) + text[end:]).encode())


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_name(name: str) -> None:
    with contextlib.suppress(StudyError):
        load_study(name)
