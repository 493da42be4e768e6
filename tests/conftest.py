"""Settings of every test: generated cases are the same each time, Ctrl-C is heard, and no world is kept."""

from __future__ import annotations

import gc
import os
import signal
from typing import Final

import pytest
from hypothesis import settings

# Started in the background, a shell has Ctrl-C ignored, and children inherit that: tests that send it would wait.
signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ["COWORKSIM_KEEP_GB"] = "0"  # each test makes its own worlds, but for tests of worlds that are kept
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what was imported and collected: it stays to the end."""
    gc.freeze()


#: Tests of which a repeat under other settings or seeds is long: where they are, and which of their cases are not.
_LONG: Final = {
    "docking/test_docking.py::test_docking_of_five_hundred_workers": {"0"},
    "docking/test_docking.py::test_docking_of_sixty_workers": {
        "as declared", "logarithm", "lasting tastes", "plans ahead", "people come and go", "many nomads", "sociable",
        "events", "large teams", "groups", "seasons", "many courses", "training places",
        "plenty of desks", "dear spaces that close", "full spaces that multiply", "membership off", "schemes off",
        "training off", "encounters off", "turnover off",
    },
    "docking/test_market.py::test_docking_of_a_market": {
        "as declared", "poor", "close substitutes", "a growing market",
    },
    "test_benchmarks.py::test_a_floor_with_one_other_number_is_told_apart": {"social"},
    "model/mechanisms/test_reference_region.py::test_a_price_fork_gives_the_elasticity_that_was_put_in": {"-0.7"},
    "docs/test_contributing.py::test_a_page_does_what_it_says": {"mechanism"},
    "baseline/test_baseline.py::test_nothing_has_moved[patterns]": set(),
    "baseline/test_baseline.py::test_nothing_has_moved[study by efast]": set(),
    "baseline/test_baseline.py::test_nothing_has_moved[scenario uk-all]": set(),
    "test_benchmarks.py::test_the_small_benchmark_measures_everything_and_writes_nothing": set(),
    "evidence/survey/test_survey.py::test_a_thinned_frame_shows_the_same_main_slopes": set(),
    "model/test_added_mechanism.py::": set(),
}  # fmt: skip  # a table: a line is a row


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what ``make test`` leaves to ``make test-long``."""
    for item in items:
        for name, kept in _LONG.items():
            case = item.nodeid.partition("[")[2].removesuffix("]")
            if name in item.nodeid and case not in kept:
                item.add_marker(pytest.mark.long)
