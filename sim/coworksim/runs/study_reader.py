"""One study file, read and checked: its own keys here, its scenario and settings by the reader of scenarios.

A study from a few words of the command line goes through the same strict reader.
"""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from coworksim.files import built_in, fields
from coworksim.files.built_in import called, is_path
from coworksim.files.errors import InputError, Mark, Problem, Problems, echo, printable, tell
from coworksim.files.load import OVERRIDES, ScenarioError, load_scenario
from coworksim.files.plausibility import read_by_nothing, warnings_of
from coworksim.files.scenario_reader import LONGEST_TITLE, read_one
from coworksim.files.yaml_reader import MOST_BYTES, Node, decode, first_comment, parse, read_bytes
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.runs import study_options
from coworksim.runs.study import MOST_REPLICATES, MOST_RUNS, Arm, StudyDesign
from coworksim.runs.study_schema import KEYS, NEEDED
from coworksim.runs.study_vary import read_vary
from coworksim.statistics.design import MOST_POINTS, points
from coworksim.statistics.factors import DUMMY, METHODS, POWERS, Factor, Method, Value
from coworksim.statistics.indices import MAIN

#: Replicates with which a study begins that has a tolerance.
FIRST_REPLICATES: Final = 8
#: What the reader calls a text of the command line.
_SHOWN: Final = "command line"
#: The place of a warning about that text.
_TOLD_OF_TEXT: Final = re.compile(rf"^{re.escape(_SHOWN)}:([0-9]+):[0-9]+: ")
_NAME: Final = re.compile(r"[^A-Za-z0-9-]+")


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
    problems, asked = Problems(), Mark(printable(str(name_or_path)))
    own = is_path(name_or_path)
    path = Path(name_or_path) if own else built_in.find_study(str(name_or_path), asked, problems)
    shown = called(name_or_path)
    data = None if path is None else read_bytes(path, shown, asked, MOST_BYTES, problems)
    text = None if data is None else decode(data, shown, problems)
    study = None if path is None or text is None else _read_text(text, shown, path, problems)
    if problems or study is None:
        raise StudyError(problems.listed())
    tell(problems.warnings, problems.notes)
    return study


def text_of(name_or_path: str | Path) -> str:
    """Return the text of a study's file, for the manifest; empty where it cannot be had."""
    known = {one.name: one.path for one in built_in.built_in_studies()}
    path = Path(name_or_path) if is_path(name_or_path) else known.get(str(name_or_path))
    try:
        return "" if path is None else path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""  # the reader says why


def _read_text(text: str, shown: str, path: Path, problems: Problems) -> StudyDesign | None:
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
    return _Reading(nodes, path.parent, top, problems).study(path.stem, question or "")


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
        named = (
            fields.one_of(self.nodes["method"], "method", METHODS, self.problems) if "method" in self.nodes else None
        )
        method = METHODS.get(named or "")
        seed = self.whole("seed", 1, 0, 2**62)
        values = {} if scenario is None else scenario.values
        factors = read_vary(self.nodes["vary"], settings, values, self.problems) if "vary" in self.nodes else ()
        outcomes = study_options.read_outcomes(self.nodes.get("outcomes"), scenario, self.problems)
        tolerance = self.tolerance(outcomes)
        if method is None or scenario is None:
            return None
        arms = self.arms(method, scenario)
        study_options.check_arms(outcomes, arms, self.mark("outcomes"), self.problems)
        factors, groups, size = self.inputs(method, factors)
        for varied, why in read_by_nothing(scenario, [factor.name for factor in factors]):
            self.problems.warn(self.mark("vary"), f"{varied} is varied, and nothing reads it: {why}")
        own = [[Policy.model_validate(one) for one in arm.policies] for arm in arms or () if arm.policies is not None]
        for odd in warnings_of(scenario.model_copy(update={"policies": ()}), own, beside=True):
            self.problems.warn(self.mark("arms"), odd)
        replicates = self.replicates(method, tolerance)
        study_options.check_ratios(outcomes, method, replicates, self.mark("outcomes"), self.problems)
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
        node = self.nodes.get(key)
        found = None if node is None else fields.whole(node, key, "", (least, most), self.problems, default)
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
            study_options.retell(error.problems, self.problems)
            return reference, None

    def tolerance(self, outcomes: tuple[str, ...]) -> dict[str, float]:
        node = self.nodes.get("tolerance")
        if node is None:
            return {}
        if "replicates" in self.nodes:
            self.problems.add(node.mark, "tolerance beside replicates", "keep one of the two")
        return study_options.read_tolerance(node, outcomes, self.problems)

    def arms(self, method: Method, scenario: Scenario) -> tuple[Arm, ...] | None:
        """Read the arms, listed or combined; None where there is nothing of them."""
        if "combine" not in self.nodes:
            listed = self.nodes.get("arms")
            return None if listed is None else study_options.read_arms(listed, self.folder, scenario, self.problems)
        if "arms" in self.nodes:
            self.problems.add(self.mark("arms"), "arms beside combine", "keep one of the two")
        if method.name != "factorial":
            what = f"combine with the method {method.name}"
            self.problems.add(self.mark("combine"), what, "write method: factorial, or arms: and a list")
        return study_options.read_combined(self.nodes["combine"], self.folder, scenario, self.problems)

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


# --- from the command line


def quick_study(
    scenario: str,
    vary: Sequence[str],
    outcomes: Sequence[str],
    *,
    method: str = "one_at_a_time",
    size: int | None = None,
    replicates: int | None = None,
    seed: int = 1,
) -> tuple[StudyDesign, str]:
    """Return the study of ``vary`` (``name``, ``name=low:high``, ``group.*``), and the text of a file that gives it.

    A problem names the option that it is about instead of a line. Raises StudyError.

    >>> study, text = quick_study("tiny", ["space.price=110:250"], ["members_at_end"], size=3, replicates=2)
    >>> len(study.design()) * study.replicates
    8
    """
    lines = [
        ("SCENARIO", "# What does each of these parameters do to these outcomes?"),
        ("SCENARIO", f"title: {_quoted(f'Sweep of {scenario}'[:80])}"),
        ("SCENARIO", f"scenario: {_quoted(scenario)}"),
        ("--vary", "vary:"),
        *((f"--vary {text}", f"  - {_entry(text)}") for text in vary),
        ("--method", f"method: {_quoted(method)}"),
        *([("--points", f"size: {size}")] if size is not None else []),
        *([("--replicates", f"replicates: {replicates}")] if replicates is not None else []),
        *_outcomes(outcomes),
        ("--seed", f"seed: {seed}"),
    ]
    text = "\n".join(line for _, line in lines) + "\n"
    name = _NAME.sub("-", Path(scenario).stem).strip("-") or "scenario"
    problems, by_option = Problems(), Problems()
    study = _read_text(text, _SHOWN, Path(f"sweep-{name}.yaml"), problems)
    if problems or study is None:
        told = (
            Problem(lines[one.line - 1][0], 0, 0, one.message) if one.file == _SHOWN else one
            for one in problems.listed()
        )
        study_options.retell(told, by_option)
        raise StudyError(by_option.listed())
    tell([_TOLD_OF_TEXT.sub(lambda found: f"{lines[int(found[1]) - 1][0]}: ", one) for one in problems.warnings])
    return study, text


_quoted: Final = json.dumps  # JSON strings are YAML


def _entry(text: str) -> str:
    """Write ``name=low:high`` as an entry of vary.

    >>> _entry("space.price=110:250"), _entry("membership.*")
    ('{"space.price": "110..250"}', '"membership.*"')
    """
    name, sign, limits = text.partition("=")
    if not sign:
        return _quoted(name.strip())
    return f"{{{_quoted(name.strip())}: {_quoted(limits.strip().replace(':', '..', 1))}}}"


def _outcomes(names: Sequence[str]) -> list[tuple[str, str]]:
    if not names or list(names) == ["all"]:
        return [("--outcomes", "outcomes: all")]
    return [("--outcomes", "outcomes:"), *((f"--outcomes {name}", f"  - {_quoted(name)}") for name in names)]
