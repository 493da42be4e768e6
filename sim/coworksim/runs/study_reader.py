"""One study file, read and checked: its own keys here, its scenario and settings by the reader of scenarios."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from coworksim.files import built_in, fields
from coworksim.files.built_in import is_path
from coworksim.files.errors import InputError, Mark, Problems, echo, printable
from coworksim.files.load import OVERRIDES, ScenarioError, load_scenario
from coworksim.files.scenario_reader import LONGEST_TITLE, read_one
from coworksim.files.yaml_reader import MOST_BYTES, Node, decode, first_comment, parse, read_bytes
from coworksim.model.scenario import Scenario
from coworksim.runs.study import MOST_REPLICATES, MOST_RUNS, Arm, StudyDesign
from coworksim.runs.study_options import (
    check_arms,
    check_ratios,
    read_arms,
    read_combined,
    read_outcomes,
    read_tolerance,
)
from coworksim.runs.vary import read_vary
from coworksim.statistics.design import MOST_POINTS, points
from coworksim.statistics.factors import DUMMY, METHODS, POWERS, Factor, Method, Value
from coworksim.statistics.indices import MAIN

#: Keys of a study file and what they are for.
KEYS: Final = {
    "title": "what the study is, in a few words",
    "scenario": "name of a built-in scenario, or path of a file beside this one",
    "set": "values that hold at every point, by name, such as weeks, space.price or mechanisms.decay",
    "vary": "parameters to vary: names, group.*, role: behaviour, all swept, or name: low..high",
    "method": "; ".join(f"{method.name}: {method.meaning}" for method in METHODS.values()),
    "size": "; ".join(f"{method.name}: {method.counts}" for method in METHODS.values() if method.counts),
    "replicates": "runs of each point",
    "tolerance": "instead of replicates: outcome: half-width of the 95 % interval wanted for its mean or differences",
    "outcomes": "what is measured in each run: names, or all",
    "seed": "number that fixes the points and every random draw",
    "dummy": "on: an input that nothing reads is varied too, for the noise floor (default, where the method can)",
    "groups": "on: indices of groups of parameters instead of single ones (morris and sobol)",
    "arms": "what is done in the same worlds: a list of name and policies, or of files with policies",
    "combine": "arms for every combination of some: a list of name and policies, or of files (method factorial)",
}
#: Keys that no study may leave out, and what to write.
NEEDED: Final = {
    "title": "write title: and a few words",
    "scenario": "write scenario: and the name of one, such as uk-core",
    "method": f"write method: and one of {', '.join(METHODS)}",
    "outcomes": "write outcomes: and names, or all",
}
#: Replicates with which a study begins that has a tolerance.
FIRST_REPLICATES: Final = 8


class StudyError(InputError):
    """A study was refused; ``problems`` lists all reasons with file, line and column."""


def load_study(name_or_path: str | Path) -> StudyDesign:
    """Load a built-in study by name, or a file by path, and check all of it.

    Args:
        name_or_path: Name of a built-in study, or path of a file.

    Returns:
        The study, checked.

    Raises:
        StudyError: The study is refused; ``problems`` lists every reason with file, line and column.

    >>> study = load_study("replicates")
    >>> study.scenario, study.method, study.replicates
    ('small-town', 'replicates', 8)
    """
    problems = Problems()
    study = _read_study(name_or_path, problems)
    if problems or study is None:
        raise StudyError(problems.listed())
    return study


def text_of(name_or_path: str | Path) -> str:
    """Return the text of a study's file, for the manifest; empty where it cannot be had."""
    known = {one.name: one.path for one in built_in.built_in_studies()}
    path = Path(name_or_path) if is_path(name_or_path) else known.get(str(name_or_path))
    try:
        return "" if path is None else path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""  # the reader says why


def _read_study(name_or_path: str | Path, problems: Problems) -> StudyDesign | None:
    """Read a study; None when what there is does not make one, and the reasons are among the problems."""
    asked = Mark(printable(str(name_or_path)))
    if is_path(name_or_path):
        path: Path | None = Path(name_or_path)
        shown = asked.file
    else:
        path, shown = built_in.find_study(str(name_or_path), asked, problems), f"{asked.file}.yaml"
    data = None if path is None else read_bytes(path, shown, asked, MOST_BYTES, problems)
    text = None if data is None else decode(data, shown, problems)
    return None if path is None or text is None else read_text(text, shown, path, problems)


def read_text(text: str, shown: str, path: Path, problems: Problems) -> StudyDesign | None:
    """Read the text of the file ``path``, from whose folder other files are found; messages call it ``shown``."""
    top = Mark(shown, 1, 1)
    question = first_comment(text)
    if question is None or not question.isprintable():
        problems.add(top, "the first line is no comment", "write there, after #, which question the study answers")
    tree = parse(text, shown, problems)
    if tree is None:
        if not problems:
            problems.add(top, "the study is empty", "write title, scenario, method and outcomes")
        return None
    nodes = {entry.key.text: entry.value for entry in fields.known_entries(tree, KEYS, "the study", problems)}
    reading = _Reading(nodes, path.parent, top, problems)
    return reading.study(path.stem, question or "")


class _Reading:
    """Reads the values of one file, in the order in which they depend on each other."""

    def __init__(self, nodes: Mapping[str, Node], folder: Path, top: Mark, problems: Problems) -> None:
        self.nodes, self.folder, self.top, self.problems = nodes, folder, top, problems

    def mark(self, key: str) -> Mark:
        return self.nodes[key].mark if key in self.nodes else self.top

    def study(self, name: str, question: str) -> StudyDesign | None:
        """Read everything; None where a problem was found."""
        for key, write in NEEDED.items():
            if key not in self.nodes:
                self.problems.add(self.top, f"the study has no {key}", write)
        title = fields.text(self.nodes["title"], "title", self.problems, LONGEST_TITLE) if "title" in self.nodes else ""
        settings = self.settings()
        reference, scenario = self.scenario(settings)
        method = self.method()
        seed = self.whole("seed", 1, 0, 2**62)
        factors = read_vary(self.nodes["vary"], settings, self.problems) if "vary" in self.nodes else ()
        outcomes = read_outcomes(self.nodes.get("outcomes"), scenario, self.problems)
        tolerance = self.tolerance(outcomes)
        if method is None or scenario is None:
            return None
        arms = self.arms(method, scenario)
        check_arms(outcomes, arms, self.mark("outcomes"), self.problems)
        factors, groups, size = self.inputs(method, factors)
        replicates = self.replicates(method, tolerance)
        check_ratios(outcomes, method.name in MAIN, replicates, method.name, self.mark("outcomes"), self.problems)
        if self.problems:
            return None
        study = StudyDesign(
            name=printable(name),
            title=title or "",
            question=question,
            scenario=reference,
            scenario_digest=scenario.digest,
            settings=settings,
            factors=factors,
            method=method.name,
            size=size,
            replicates=replicates,
            outcomes=outcomes,
            seed=seed,
            groups=groups,
            tolerance=tolerance,
            arms=arms or (Arm("scenario"),),
            base=dict(scenario.values),
        )
        self.check_number(study)
        return study

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        if key not in self.nodes:
            return default
        found = fields.whole(self.nodes[key], key, "", (least, most), self.problems, default)
        return default if found is None else found

    def settings(self) -> dict[str, Value | bool]:
        """Read ``set``: values as a scenario file, or an override, may give them."""
        if "set" not in self.nodes:
            return {}
        found: dict[str, Value | bool] = {}
        known = [name for name in OVERRIDES if name not in ("seed", "title")]
        for entry in fields.known_entries(self.nodes["set"], known, "set", self.problems):
            value: Any = read_one(entry.key.text, entry.value, self.problems)
            if value is not None:
                found[entry.key.text] = value.isoformat() if isinstance(value, datetime.date) else value
        return found

    def scenario(self, settings: Mapping[str, Value | bool]) -> tuple[str, Scenario | None]:
        """Load the scenario with its settings; what is wrong with it is told beside what is wrong here."""
        node = self.nodes.get("scenario")
        text = None if node is None else fields.text(node, "scenario", self.problems)
        if node is None or text is None:
            return "", None
        if is_path(text) and (Path(text).is_absolute() or "\\" in text):
            self.problems.add(node.mark, f"scenario {echo(text)} is no path from here", "write a path from this folder")
            return "", None
        reference = str(self.folder / text) if is_path(text) else text
        try:
            return reference, load_scenario(reference, settings)
        except ScenarioError as error:
            for problem in error.problems:
                found, _, write = problem.message.partition("; ")
                self.problems.add(Mark(problem.file, problem.line, problem.column), found, write)
            return reference, None

    def method(self) -> Method | None:
        node = self.nodes.get("method")
        name = None if node is None else fields.one_of(node, "method", METHODS, self.problems)
        return None if name is None else METHODS[name]

    def tolerance(self, outcomes: tuple[str, ...]) -> dict[str, float]:
        node = self.nodes.get("tolerance")
        if node is None:
            return {}
        if "replicates" in self.nodes:
            self.problems.add(node.mark, "tolerance beside replicates", "keep one of the two")
        return read_tolerance(node, outcomes, self.problems)

    def arms(self, method: Method, scenario: Scenario) -> tuple[Arm, ...] | None:
        """Read the arms, listed or combined; None where there is nothing of them."""
        if "combine" not in self.nodes:
            listed = self.nodes.get("arms")
            return None if listed is None else read_arms(listed, self.folder, scenario, self.problems)
        if "arms" in self.nodes:
            self.problems.add(self.mark("arms"), "arms beside combine", "keep one of the two")
        if method.name != "factorial":
            what = f"combine with the method {method.name}"
            self.problems.add(self.mark("combine"), what, "write method: factorial, or arms: and a list")
        return read_combined(self.nodes["combine"], self.folder, scenario, self.problems)

    def inputs(self, method: Method, factors: tuple[Factor, ...]) -> tuple[tuple[Factor, ...], bool, int]:
        """Fit what varies to the method: with its dummy, by groups, in its size."""
        if method.size is None:
            for key in ("vary", "size"):
                if key in self.nodes:
                    self.problems.add(self.mark(key), f"{key} with the method {method.name}", "leave it out")
        elif "vary" not in self.nodes and "combine" not in self.nodes:
            self.problems.add(self.top, "the study has no vary", "write vary: and what is to vary, or all swept")
        if self.switch("dummy", method, default=method.dummy, able=method.dummy):
            factors = (*factors, Factor(DUMMY))
        groups = self.switch("groups", method, default=False, able=method.groups)
        if groups and len({factor.group for factor in factors}) < 2:
            self.problems.add(self.mark("groups"), "groups, and only one of them", "vary parameters of two groups")
        default, least, most = method.size or (1, 1, 1)
        size = self.whole("size", default, least, most) if method.size else 1
        if method.name in POWERS and size & (size - 1):
            below = 1 << (size.bit_length() - 1)
            self.problems.add(self.mark("size"), f"size is {size}", f"write a power of two: {below} or {2 * below}")
        return factors, groups, size

    def switch(self, key: str, method: Method, *, default: bool, able: bool) -> bool:
        """Read a switch that only some methods have."""
        if key not in self.nodes:
            return default
        wanted = fields.switch(self.nodes[key], key, self.problems)
        if wanted and not able:
            names = [m.name for m in METHODS.values() if getattr(m, key)]
            write = f"leave it out, or write method: {' or '.join(names)}"
            self.problems.add(self.mark(key), f"{key} with the method {method.name}", write)
        return bool(wanted)

    def replicates(self, method: Method, tolerance: Mapping[str, float]) -> int:
        """Read how many; half-widths are those of means, differences and mu*, which shares of variance have not."""
        if "tolerance" in self.nodes and method.name in MAIN and method.name != "morris":
            what = f"tolerance with the method {method.name}"
            self.problems.add(self.mark("tolerance"), what, "write replicates: and a number instead")
        return self.whole("replicates", FIRST_REPLICATES if tolerance else method.replicates, 1, MOST_REPLICATES)

    def check_number(self, study: StudyDesign) -> None:
        """Refuse a study that nobody could finish, before anything is drawn."""
        number = points(study.method, study.factors, study.size, groups=study.groups)
        runs = number * study.replicates * len(study.arms)
        if number > MOST_POINTS or runs > MOST_RUNS:
            what = f"the study has {number} points and {runs} runs"
            write = f"write a smaller size or fewer parameters: at most {MOST_POINTS} points and {MOST_RUNS} runs"
            self.problems.add(self.mark("size"), what, write)
        elif study.combined and study.design().infeasible.any():
            what = "points whose values exclude each other, which combinations cannot do without"
            self.problems.add(self.mark("vary"), what, "write ranges that can all be had together")
