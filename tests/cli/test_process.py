"""The command as a process: how fast help comes, failures, interruptions, pipes, terminals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import coworksim.cli
from coworksim.cli.terminal import interruptible
from tests.appraisal.made import appraisal

SOURCES = Path(coworksim.cli.__file__).resolve().parents[2]
START = "from coworksim.cli import main; main()"
BROKEN = "import coworksim.runs.simulation as r; r.simulate = lambda *a, **k: 1 / 0; " + START


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCES), **more}


def _run(*arguments: str, folder: Path, code: str = START, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        cwd=folder,
        env=_environment(**more),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.mark.slow
def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    done = _run("--help", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    heavy = "numba numpy pandas mesa matplotlib pydantic ruamel networkx pyarrow"
    code = (
        "import sys\nfrom coworksim.cli import commands\nfor c in ([], ['run'], ['demo'], ['scenario']):\n"
        "    try: commands.main([*c, '--help'])\n    except SystemExit: pass\n"
        f"print('HEAVY', sorted(set(sys.modules) & set('{heavy}'.split())))"
    )
    assert _run(folder=tmp_path, code=code).stdout.splitlines()[-1] == "HEAVY []"


@pytest.mark.slow
def test_a_report_loads_neither_the_model_nor_its_compiler(tmp_path: Path) -> None:
    heavy = "numba mesa scipy coworksim.model.model coworksim.model.kernels"
    code = (
        f"import sys\nimport coworksim.report.html\nprint('HEAVY', sorted(set(sys.modules) & set('{heavy}'.split())))"
    )
    assert _run(folder=tmp_path, code=code).stdout.splitlines() == ["HEAVY []"]


@pytest.mark.slow
def test_a_saved_comparison_is_loaded_and_told_without_the_model(tmp_path: Path) -> None:
    appraisal().save(tmp_path / "there", charts=False)
    heavy = "numba mesa coworksim.model.model coworksim.model.kernels"
    code = (
        "import sys\nfrom pathlib import Path\nfrom coworksim import Appraisal\nfound = Appraisal.load(Path('there'))\n"
        "found.report(Path('page.html'))\nprint(repr(found), len(found._repr_html_()) > 99)\n"
        "from coworksim.report.sentences.appraisal_text import appraisal_sentences, appraisal_tables\n"
        "appraisal_tables(found), appraisal_sentences(found)\n"
        f"print('HEAVY', sorted(set(sys.modules) & set('{heavy}'.split())))"
    )
    said = "<Appraisal of tiny: half, all; 4 replicates, seed 1> True"
    assert _run(folder=tmp_path, code=code).stdout.splitlines() == [said, "HEAVY []"]
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.slow
def test_a_run_is_clean_under_strict_warnings(tmp_path: Path) -> None:
    done = _run("run", "tiny", "--weeks", "2", "--charts", "--out", "there", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_an_internal_failure_ends_with_1_in_one_sentence(tmp_path: Path) -> None:
    done = _run("run", "tiny", folder=tmp_path, code=BROKEN)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "ZeroDivisionError" in done.stderr
    assert "--debug" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_debug_shows_where_in_the_code(tmp_path: Path) -> None:
    done = _run("run", "tiny", "--debug", folder=tmp_path, code=BROKEN)
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    bad = _run("run", "nope", "--debug", folder=tmp_path)
    assert (bad.returncode, "Traceback" in bad.stderr) == (2, True)


@pytest.mark.slow
def test_bad_input_ends_with_2_without_traceback(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("# Bad?\nextends: tiny\nweeks: many\n", encoding="utf-8")
    done = _run("run", "bad.yaml", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("bad.yaml:3:8: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interruption_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import coworksim.runs.simulation as r\nwhole = r.simulate\n"
        "def told(scenario, progress, **options):\n"
        "    def show(done, total): print(done, flush=True); progress(done, total)\n"
        "    return whole(scenario, progress=show, **options)\n"
        f"r.simulate = told\n{START}"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "run", "uk-core", "--weeks", "5200", "--out", "there"],
        cwd=tmp_path,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "1"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Interrupted" in errors
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interruption_waits_for_the_end_of_the_week_and_a_second_does_not() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible() as check:
        check()
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            check()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.slow
def test_a_terminal_without_the_signs_of_a_title_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("# Where?\ntitle: From 杭州\nextends: tiny\n", encoding="utf-8")
    done = _run("validate", "a.yaml", folder=tmp_path, PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "From \\u676d" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals of POSIX")
@pytest.mark.parametrize(("arguments", "bar"), [((), True), (("--quiet",), False)])
def test_a_terminal_sees_progress_with_the_time_left(arguments: tuple[str, ...], bar: bool, tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", START, "run", "tiny", "--out", "there", *arguments],
        cwd=tmp_path,
        env=_environment(TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        process.communicate(timeout=300)
        try:
            seen = os.read(ours, 65536).decode()
        except OSError:  # nothing was written, and the other end is closed
            seen = ""
    os.close(ours)
    assert ("100%" in seen and "tiny" in seen) is bar
    assert process.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_reader_who_leaves_sees_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        f"'{sys.executable}' -c '{START}' describe | true",
        shell=True,
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.slow
def test_warm_says_what_it_does_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "coworksim", "warm"],
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.startswith("compiling kernels (once) ... done in ")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    assert list(tmp_path.iterdir()) == []
