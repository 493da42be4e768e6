"""A script that asks for runs without a guard: each worker would read it, and ask again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coworksim.runs.coordination import GUARD

STUDY = """# How sure?
title: Small
scenario: tiny
set: {weeks: 2}
method: replicates
replicates: 4
outcomes: [member_share]
"""
ASK = 'found = run_study("study.yaml", workers=2)\n'


@pytest.mark.slow
@pytest.mark.parametrize("guarded", [False, True])
def test_the_first_worker_says_that_the_script_needs_a_guard(tmp_path: Path, guarded: bool) -> None:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    ask = f'if __name__ == "__main__":\n    {ASK}' if guarded else ASK
    (tmp_path / "plain.py").write_text(f"from coworksim import run_study\n\n{ask}", encoding="utf-8")
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "plain.py"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert (done.returncode == 0) is guarded
    assert (GUARD in done.stderr) is not guarded
    assert "memory" not in done.stderr
    assert "another process" not in done.stderr
    assert done.stderr.count("Traceback") == (0 if guarded else 1)
