"""An answer of the page: does it pay, by how much, and how sure is that; its charts and files; and a single run."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from coworksim.app.form import ARCHIVE, REPORT
from coworksim.appraisal.comparison import with_network
from coworksim.appraisal.estimates import COVERS, Finding
from coworksim.appraisal.measure_registry import TERMS
from coworksim.appraisal.result import Appraisal
from coworksim.files.result_folder import published
from coworksim.files.scenario_reader import LONGEST_TITLE
from coworksim.model.parameters import PARAMETERS
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.report.charts.appraisal_charts import write_appraisal_charts
from coworksim.report.html.grounds import policy_file
from coworksim.report.sentences import value_for_money as money
from coworksim.report.sentences.appraisal_text import SD_YEAR, baseline, odd_input, seldom
from coworksim.report.sentences.estimates_in_words import figure
from coworksim.report.sentences.funnel_text import STEPS, how_far
from coworksim.report.sentences.limitations import failed_worlds, not_in_money, subsidy_control
from coworksim.report.sentences.policies_and_terms import called, policy_sentence, short, unit_shown, who
from coworksim.report.sentences.rival_text import rival_sentences, rows_by_form
from coworksim.report.sentences.text import shortened
from coworksim.runs.opening import burnt_in, forked

_USED: Final = {"recipients": "had a part of a membership paid", "awarded_people": "were awarded support"}
#: Rows of the table; a minus before a term turns its sign round.
ROWS: Final = (
    *STEPS, "recipients", "take_up_share", "support_gbp", "deadweight_gbp", "deadweight_share",
    "deadweight_identity_share",
    "additional_member_months", "-displaced_net_member_months", "td_total_sd_years",
    "td_in_space_sd_years", "sc_total_sd_years", "sc_in_space_sd_years", "last_paid_week", "price_elasticity",
    "elasticity_first_year", "elasticity_third_year", "elasticity_lowest_fifth", "elasticity_highest_fifth",
    "budget_gbp", "public_paid_gbp", "administration_gbp", "public_cost_gbp", "unpaid_commitments_gbp",
    "public_cost_per_additional_member_months", "public_cost_per_td_total_sd_years",
    "public_cost_per_sc_total_sd_years", "net_benefit_td_total", "net_benefit_sc_total", "net_benefit_skill_total",
    "social_value_gbp", "weighted_social_value_gbp",
)  # fmt: skip  # a list of names


def answer(found: Appraisal, changed: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows, as plain data."""
    arms = list(found.arms)
    warnings = [
        *odd_input(found),
        *(line for arm in arms for line in (*money.few_use_it(found, arm), *seldom(found, arm))),
        *money.costs_apart(found),
        *(line for arm in arms for line in money.spent_before_its_end(found, arm)),
    ]
    warnings += rival_sentences(found)
    always = [*subsidy_control(found), *failed_worlds(found), *not_in_money(found)]
    return {
        "world": found.scenario.title,
        "baseline": baseline(found).plain(),
        "arms": arms,
        "replicates": found.replicates,
        "rough": found.replicates < 10,
        "seed": found.seed,
        "weeks": found.scenario.weeks,
        "spin_up": found.scenario.start_week - found.scenario.burn_in_weeks,
        "verdicts": [_verdict(found, arm) for arm in arms],
        "rows": [*(row for term in ROWS if (row := _row(found, term))), *_remaining(found)],
        "changed": {
            f"{PARAMETERS[name].meaning} ({name})": f"{value} {PARAMETERS[name].unit}".rstrip()
            for name, value in changed.items()
        },
        "sentences": [*(one.plain() for one in warnings), f"{COVERS}.", *(one.plain() for one in always)],
    }


def _row(found: Appraisal, name: str) -> dict[str, Any] | None:
    term = name.removeprefix("-")
    there = next((arm for arm in found.arms if found.finding(arm, term)), None)
    if there is None:
        return None
    row = found.number(there, term)
    cells = [_cell(found, arm, name) for arm in found.arms]
    unit, meaning = unit_shown(str(row["unit"])), str(row["meaning"])
    return {"term": name, "words": called(name), "unit": unit, "cells": cells, "meaning": meaning}


def _remaining(found: Appraisal) -> Iterator[dict[str, Any]]:
    """Give what remains after awards by each form of persistence, the rows of one form after those of the other."""
    for term, words, numbers in rows_by_form(found):
        meaning = TERMS[term].meaning
        cells = [_shown(Finding(term, one, "", meaning)) for one in numbers]
        yield {"term": term, "words": words.plain(), "unit": TERMS[term].unit, "cells": cells, "meaning": meaning}


def _cell(found: Appraisal, arm: str, name: str) -> dict[str, str]:
    one = found.finding(arm, name.removeprefix("-"))
    return _shown(one.turned if one and name.startswith("-") else one)


def _shown(one: Finding | None) -> dict[str, str]:
    mean, interval, reason = short(one)
    text = f"{mean} {interval}".rstrip() or "none"
    return {"text": text, "mean": mean or "none", "interval": interval, "reason": reason}


def _verdict(found: Appraisal, arm: str) -> dict[str, Any]:
    reach, both = _reach(found, arm), money.judged(found, arm)
    told, lines = money.lead(*both, few=reach["mark"] == "few") if both else "", [reach]
    worth = f"Does it pay if an sd-year of skill is worth {figure(found.worth)} GBP?"
    asked = (
        ("Does it pay in money alone?", money.MONEY, f"Social value: {money.SOCIAL_VALUE}."),
        (worth, money.SKILL, f"{money.SKILL_VALUE.capitalize()}, at that assumed worth. {SD_YEAR}."),
    )
    for (ask, name, meaning), one in zip(asked, both or (), strict=bool(both)):
        number = f"{_cell(found, arm, name)['text']} GBP"
        lines.append({"ask": ask, "word": one.word, "mark": one.mark, "number": number, "meaning": meaning})
    what, policies = "Nothing is done.", found.arms[arm]
    if policies:  # what the arm does and for whom
        does = (policy_sentence(one, named=False).plain() for one in policies)
        what = f"{'. '.join(one[0].upper() + one[1:] for one in does)}. For: {who(policies).plain()}."
    return {"arm": arm, "what": what, "lead": told, "lines": lines}


def _reach(found: Appraisal, arm: str) -> dict[str, str]:
    users = money.used(policy.kind for policy in found.arms[arm])
    eligible, reached = (found.number(arm, name)["value"] for name in ("eligible_people", users))
    few = money.hardly_used(eligible, reached)
    if not eligible:
        word, meaning = "Nobody applies for it", "It acts on spaces and regions rather than on people who ask for it."
    else:
        word = f"{figure(reached)} of {figure(eligible)} people a world"
        meaning = (
            f"Mean number of people of a world who {_USED[users]}, and of those who could apply. "
            f"Step by step: {', '.join(f'{figure(one.value)} {words}' for words, one in how_far(found, arm))}."
        )
    return {
        "ask": "Whom does it reach?",
        "word": f"Hardly anybody: {word}" if few else word,
        "mark": "few" if few else "open",
        "number": f"{_cell(found, arm, 'public_cost_gbp')['text']} GBP of net public cost",
        "meaning": meaning,
    }


def write_charts(found: Appraisal, folder: Path) -> None:
    """Draw the charts into a new folder."""
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
    letters = "abcdefghijklmnopqrstuvwxyz"
    scenario = Scenario.model_validate(given["scenario"])
    policies = tuple(Policy.model_validate(one) for one in given["policies"])
    model = forked(burnt_in(scenario, int(given["seed"]), 0), (*scenario.standing([policies]), *policies))
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
        where = "".join("." if at < 0 else letters[at % len(letters)] for at in space[rows].tolist())
        signs = "".join("1" if one else "0" for one in paid[rows].tolist())
        counts = {"members": int(np.count_nonzero(space >= 0)), "paid_people": int(np.count_nonzero(paid))}
        weeks.append({"where": where, "paid": signs, **counts})
    regions = world.spaces.region.tolist()
    spaces = {letters[at % len(letters)]: world.regions.names[regions[at]] for at in np.flatnonzero(opened).tolist()}
    return {"people": people, "sample": len(rows), "weeks": weeks, "spaces": spaces, "title": scenario.title}
