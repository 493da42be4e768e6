"""What an answer leaves to take away, files and an archive of them; and one single run, week by week, to look at."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from coworksim.appraisal.result import Appraisal
    from coworksim.model.scenario import Scenario


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
    from coworksim.report.charts.appraisal_charts import write_appraisal_charts

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
    from coworksim.appraisal.comparison import with_network
    from coworksim.files.result_folder import published
    from coworksim.report.html.grounds import policy_file

    found = replace(with_network(found) if network else found, scenario=_asked(found))
    policies = [f"policy-{at}.yaml" for at in range(1, len(found.arms) + 1)]
    command = ["coworksim", "compare", "scenario.yaml", *(word for name in policies for word in ("--policy", name))]
    command += ["--replicates", str(found.replicates), "--seed", str(found.seed)]
    with published(folder) as staging:
        found.write(staging, command=command)
        for name, arm in zip(policies, found.arms.values(), strict=True):
            text = policy_file(found.scenario, arm)
            (staging / name).write_text(text, encoding="utf-8", newline="\n")
        page = replace(found, origin={"command": command}).report()  # as ``coworksim report`` makes it
        (staging / REPORT).write_text(page, encoding="utf-8", newline="\n")
    archive = folder.with_name(ARCHIVE)
    partial = archive.with_suffix(".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, f"coworksim-answer/{path.relative_to(folder).as_posix()}")
    partial.replace(archive)


def _asked(found: Appraisal) -> Scenario:
    """Return the scenario under what was asked of it, so that files and report say it."""
    from coworksim.files.scenario_reader import LONGEST_TITLE
    from coworksim.report.sentences.text import shortened

    arms, world = "; ".join(found.arms), found.scenario.title
    whole = f"{arms}. {world}"
    title = whole if len(whole) <= LONGEST_TITLE else shortened(arms, LONGEST_TITLE)
    question = f"What do they bring: {arms}? {world}."
    return found.scenario.model_copy(update={"title": title.strip(), "question": question})


#: People that are drawn: every so-manieth, in the order of rows.
SAMPLE: Final = 600


def frames(given: Mapping[str, Any]) -> dict[str, Any]:
    """Run one world with the policies of one arm (replicate 0) and return what is drawn of each week.

    ``where`` has a sign for each person of the sample: a dot outside, or the letter of the space; ``paid`` a 1 for
    those of whose fee a part was paid this week. ``members`` and ``paid_people`` count everybody.
    """
    import numpy as np

    from coworksim.appraisal.pairs import burnt_in, forked, standing
    from coworksim.model.policy import Policy
    from coworksim.model.scenario import Scenario

    letters = "abcdefghijklmnopqrstuvwxyz"
    scenario = Scenario.model_validate(given["scenario"])
    policies = tuple(Policy.model_validate(one) for one in given["policies"])
    model = forked(burnt_in(scenario, int(given["seed"]), 0), (*standing(scenario, [policies]), *policies))
    world = model.world
    people = len(world.workers)
    rows = np.arange(0, people, max(1, -(-people // SAMPLE)))
    weeks, before, opened = [], world.workers.supported.copy(), world.spaces.open.copy()
    for _ in range(scenario.weeks):
        model.step()
        space, total = world.workers.member_of, world.workers.supported
        paid = total > before
        before = total.copy()
        opened |= world.spaces.open
        weeks.append(
            {
                "where": "".join("." if at < 0 else letters[at % len(letters)] for at in space[rows].tolist()),
                "paid": "".join("1" if one else "0" for one in paid[rows].tolist()),
                "members": int(np.count_nonzero(space >= 0)),
                "paid_people": int(np.count_nonzero(paid)),
            }
        )
    regions = world.spaces.region.tolist()
    spaces = {letters[at % len(letters)]: world.regions.names[regions[at]] for at in np.flatnonzero(opened).tolist()}
    return {"people": people, "sample": len(rows), "weeks": weeks, "spaces": spaces, "title": scenario.title}
