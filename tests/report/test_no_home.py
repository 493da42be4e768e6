"""Without a home, or with one that cannot be written, charts and reports are made without a word of it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

DRAWN = """
from coworksim.report.{module} import *
from coworksim.report.charts.style import applied, headings, paper, save_chart
from pathlib import Path
with applied():
    figure = paper(4.0, 2.0)
    headings(figure, "a", "b", "c")
    save_chart(figure, Path("chart.svg"), title="a chart")
"""


@pytest.mark.slow
@pytest.mark.parametrize("module", ["charts.run_charts", "html.illustrations"])
def test_a_chart_is_drawn_without_a_word_on_the_home(tmp_path: Path, module: str) -> None:
    apart = ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in apart}
    (tmp_path / "file").touch()
    environment["HOME"] = str(tmp_path / "file" / "home")
    done = subprocess.run(
        [sys.executable, "-c", DRAWN.format(module=module)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_whatever_else_matplotlib_says_is_still_said(caplog: pytest.LogCaptureFixture) -> None:
    import coworksim.report  # noqa: F401  # it is what is tried

    logging.getLogger("matplotlib").warning("something else")
    assert "something else" in caplog.text
