"""``python scripts/keep_patterns.py PATTERNS ABLATION``: put what was measured into ``experiments/patterns``.

PATTERNS and ABLATION are folders that ``coworksim patterns patterns`` and ``coworksim ablate patterns`` have written.
Every
report shows these tables, so they are made anew, from a commit, when mechanisms or the scenario change, and when ranges
do, of which a test tells.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pandas as pd

from coworksim.report.html.studies_beside import ABOUT, FILES, MEASURED

TARGET = Path(__file__).resolve().parents[1] / "experiments" / MEASURED
_LEFT_OUT = ("half_width", "clear_share", "change", "change_low", "change_high", "of_declared", "unit")


def keep(folders: list[Path]) -> None:
    """Write the tables, and what they were made by."""
    TARGET.mkdir(exist_ok=True)
    about = [json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in folders]
    for name in FILES:
        path = next(folder / f"{name}.parquet" for folder in folders if (folder / f"{name}.parquet").is_file())
        table = pd.read_parquet(path).drop(columns=list(_LEFT_OUT), errors="ignore")
        table.to_csv(TARGET / f"{name}.csv", index=False, lineterminator="\n", float_format="%.6g")
    told = {
        "scenario": about[0]["scenario"]["name"],
        "ranges_hash": about[0]["ranges_hash"],
        "inputs": [name for name, *_ in about[0]["ranges"]],
        "code_version": about[0]["environment"]["code_version"],
        "commands": [_without_folders(one["command"]) for one in about],
        "runs": [one["runs"] for one in about],
        "digests": [one["digest"] for one in about],
    }
    (TARGET / ABOUT).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _without_folders(command: list[str]) -> str:
    """Return a command as one would type it, without where its folder was."""
    at = command.index("--out") if "--out" in command else len(command)
    return shlex.join([*command[:at], *command[at + 2 :]])


if __name__ == "__main__":
    keep([Path(one) / "analysis" if (Path(one) / "analysis").is_dir() else Path(one) for one in sys.argv[1:]])
