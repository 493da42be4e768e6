"""What an answer leaves to take away: tables, charts, scenario, a report, and all of it in one archive."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from colearn.appraisal.results import Appraisal
    from colearn.scenario import Scenario

__all__ = ["ARCHIVE", "CHARTS", "OFFERED", "REPORT", "write_charts", "write_files"]

#: Charts by the name of their file, and what each shows, for those who do not see it.
CHARTS: Final = {
    "forest": "For each policy: more membership, more skill of both families, social value, each a mean with its "
    "95 % interval. The numbers are in the table.",
    "difference": "Week by week, for each policy: more members and more skill than in the same worlds without it, "
    "with intervals. The numbers are in the file weekly.csv.",
    "cost-plane": "Replicates by effect and net public cost, and the share of them with a positive net benefit by "
    "what an effect is held to be worth.",
}
REPORT: Final = "report.html"
ARCHIVE: Final = "everything.zip"
#: Files to take away: name -> (words, media type).
OFFERED: Final = {
    REPORT: ("Report (opens in any browser)", "text/html; charset=utf-8"),
    "numbers.csv": ("All numbers (for spreadsheets)", "text/csv; charset=utf-8"),
    "weekly.csv": ("Week by week (for spreadsheets)", "text/csv; charset=utf-8"),
    "scenario.yaml": ("Scenario file", "text/yaml; charset=utf-8"),
    ARCHIVE: ("Everything in one archive", "application/zip"),
}


def write_charts(found: Appraisal, folder: Path) -> None:
    """Draw the charts into a new folder."""
    from colearn.report.appraisal import write_appraisal_charts

    folder.mkdir()
    write_appraisal_charts(found, folder)
    for path in folder.glob("*.svg"):
        path.write_text(unstyled(path.read_text(encoding="utf-8")), encoding="utf-8")


def unstyled(svg: str) -> str:
    """Return the same picture with attributes in place of styles, which the page allows nowhere.

    >>> unstyled('<svg a="1"><style type="text/css">*{stroke-linejoin: round}</style><path style="fill: #fff"/></svg>')
    '<svg stroke-linejoin="round" a="1"><path fill="#fff"/></svg>'
    """

    def attributes(found: re.Match[str]) -> str:
        pairs = (part.partition(":") for part in found[1].split(";") if part.strip())
        return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)

    rules = re.search(r"<style[^>]*>\*\{([^}]*)\}</style>", svg)
    if rules is not None:
        svg = svg.replace(rules[0], "").replace("<svg", "<svg" + attributes(rules), 1)
    return re.sub(r' style="([^"]*)"', attributes, svg)


def write_files(found: Appraisal, folder: Path, *, network: bool = True) -> None:
    """Write the folder of results, with report and archive, whole or not at all.

    The picture of ties (``network``) takes a pair of worlds of its own: too long for one who has cancelled.
    The command in it makes the same numbers again, run in the folder that the archive holds.
    """
    from colearn.appraisal.pictures import write_pictures
    from colearn.appraisal.saving import write_appraisal
    from colearn.observe.folders import published
    from colearn.report.appraisal import write_appraisal_charts
    from colearn.report.html.provenance import policy_file

    found = replace(found, scenario=_asked(found))
    policies = [f"policy-{at}.yaml" for at in range(1, len(found.arms) + 1)]
    command = ["colearn", "compare", "scenario.yaml", *(word for name in policies for word in ("--policy", name)),
               "--replicates", str(found.replicates), "--seed", str(found.seed)]  # fmt: skip
    with published(folder) as staging:
        write_appraisal(found, staging, command=command)
        write_pictures(found, staging, ties=network)
        write_appraisal_charts(found, staging)
        for name, arm in zip(policies, found.arms.values(), strict=True):
            text = policy_file(found.scenario, [policy.model_dump() for policy in arm])
            (staging / name).write_text(text, encoding="utf-8", newline="\n")
        _write_report(staging)
    _pack(folder, folder.with_name(ARCHIVE))


def _asked(found: Appraisal) -> Scenario:
    """Return the scenario under what was asked of it, so that files and report say it."""
    from colearn.report.text import shortened
    from colearn.scenario.reader import LONGEST_TITLE

    arms, world = "; ".join(found.arms), found.scenario.title
    whole = f"{arms}. {world}"
    title = whole if len(whole) <= LONGEST_TITLE else shortened(arms, LONGEST_TITLE)
    return found.scenario.model_copy(
        update={"title": title.strip(), "question": f"What do they bring: {arms}? {world}."}
    )


def _write_report(folder: Path) -> None:
    """Write the report of an answer into its folder of results, as ``colearn report`` makes it."""
    from colearn.report.html import read_source, report

    (folder / REPORT).write_text(report(read_source(folder)), encoding="utf-8", newline="\n")


def _pack(folder: Path, archive: Path) -> None:
    """Put every file of a folder into an archive beside it."""
    partial = archive.with_suffix(".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, f"colearn-answer/{path.relative_to(folder).as_posix()}")
    partial.replace(archive)
