"""Two builds side by side: ratios are those of rounds, and processor time is that of a process and its children."""

from __future__ import annotations

from benchmarks.beside import ROOT, measured, page


def test_a_ratio_is_the_median_of_the_ratios_of_rounds() -> None:
    rounds = [({"work, s": other}, {"work, s": this}) for other, this in ((10.0, 4.0), (20.0, 4.0), (10.0, 9.0))]
    assert page(rounds).splitlines()[2] == "| work, s | 10.00 | 4.00 | 0.40 (0.20 to 0.90) |"


def test_the_children_of_a_process_count_and_its_waiting_does_not() -> None:
    busy = "import time; begun = time.process_time()\nwhile time.process_time() < begun + 0.3: pass"
    started = f"import subprocess, sys, time; subprocess.run([sys.executable, '-c', {busy!r}]); time.sleep(0.3)"
    alone, _ = measured(ROOT, "-c", "import time; time.sleep(0.3)")
    whole, _ = measured(ROOT, "-c", started)
    assert whole > alone + 0.3
