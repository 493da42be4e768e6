"""Cases: a small world, policies in it, and what an analyst expects of them, in a YAML file each.

The first line is a comment with the question. ``world`` names a scenario and settings of it, ``policies`` are written
as in a scenario or named, ``expect`` lists statements (see :mod:`coworksim.appraisal.cases_statements`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coworksim.appraisal.cases_statements import OUTSIDE, Law, Statement, read_statement
from coworksim.appraisal.pairs import aimed
from coworksim.files import built_in, fields, yaml_reader
from coworksim.files.built_in import is_path
from coworksim.files.errors import InputError, Mark, Problems, echo, printable, tell
from coworksim.files.load import OVERRIDES, ScenarioError, load_scenario
from coworksim.files.policy_reader import Draft, fit, read_policy_files, read_policy_list
from coworksim.files.scenario_reader import LONGEST_TITLE, read_one
from coworksim.files.yaml_reader import Listing, Node, Scalar, Table
from coworksim.model.scenario import Scenario

#: Keys of a case and what they are for.
KEYS: Final = {
    "name": "what the case is called",
    "world": "scenario: a built-in one, or a file in or below the folder of the case; settings: values of it",
    "policies": "as in a scenario, or names of ready-made ones and files; without it those of the scenario",
    "replicates": "worlds in which it must hold; 1 by default",
    "seed": "number that fixes every random draw; by default the scenario's",
    "expect": "statements",
}
MOST_REPLICATES: Final = 500
MOST_STATEMENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Case:
    """A case, read and checked; the scenario has the policies of the case."""

    file: str
    name: str
    question: str
    scenario: Scenario
    seed: int
    replicates: int
    expect: tuple[Statement, ...]


def read_cases(names: Sequence[str]) -> list[Case]:
    """Read every case that names of files and folders (their files ``*.yaml``, in order) stand for.

    Raises InputError with every problem of all files.
    """
    paths, problems = dict[Path, None](), Problems()
    for name in names:
        path = Path(name)
        inner = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not inner:
            problems.add(Mark(printable(name)), "no case is in this folder", "write a folder with files *.yaml")
        paths.update(dict.fromkeys(inner))
    if problems:
        raise InputError(problems.listed())
    cases, refused = [], []
    for path in paths:
        try:
            cases.append(read_case(path))
        except InputError as error:
            refused += error.problems
    if refused:
        raise InputError(refused)
    return cases


def read_case(path: Path) -> Case:
    """Read a case. Raises InputError with every problem found."""
    problems, shown = Problems(), printable(str(path))
    data = yaml_reader.read_bytes(path, shown, Mark(shown), yaml_reader.MOST_BYTES, problems)
    content = None if data is None else yaml_reader.decode(data, shown, problems)
    case = None if content is None else _case(content, path.parent, shown, problems)
    if problems or case is None:
        raise InputError(problems.listed())
    tell(problems.warnings, problems.notes)
    return case


def _case(content: str, folder: Path, shown: str, problems: Problems) -> Case | None:
    top, question = Mark(shown, 1, 1), yaml_reader.first_comment(content)
    if question is None:
        problems.add(top, "the first line is no comment", "write there, after #, which question the case answers")
    tree = yaml_reader.parse(content, shown, problems)
    if tree is None:
        if not problems:
            problems.add(top, "the file is empty", f"write {', '.join(KEYS)}")
        return None
    nodes = {e.key.text: e.value for e in fields.known_entries(tree, KEYS, "a case", problems)}
    for key in ("name", "world", "expect"):
        if key not in nodes and isinstance(tree, Table):
            problems.add(tree.mark, f"the case has no {key}", f"write {key}: {KEYS[key]}")
    name = fields.text(nodes["name"], "name", problems, LONGEST_TITLE) if "name" in nodes else None
    scenario = _world(nodes["world"], folder, problems) if "world" in nodes else None
    if scenario is not None and "policies" in nodes:
        scenario = _with_policies(scenario, nodes["policies"], folder, problems)
    numbers = {}
    for key, limits in {"replicates": (1, MOST_REPLICATES), "seed": (0, 2**63 - 1)}.items():
        numbers[key] = fields.whole(nodes[key], key, "", limits, problems) if key in nodes else None
    expect = _statements(nodes, scenario, problems)
    if scenario is None or name is None or question is None:
        return None
    everywhere = all(aimed(scenario.policies, region) for region in scenario.regions)
    for one in (one for one in expect if everywhere and isinstance(one, Law) and one.name == OUTSIDE):
        write = "name the target of each policy: eligible: {regions: [...]}"
        problems.add(one.mark, "no region lies outside the target of the policies", write)
    seed = scenario.seed if numbers["seed"] is None else numbers["seed"]
    return Case(shown, name, question, scenario, seed, numbers["replicates"] or 1, tuple(expect))


def _statements(nodes: Mapping[str, Node], scenario: Scenario | None, problems: Problems) -> list[Statement]:
    """Read what is expected; of a world that cannot be read nobody knows the regions that a statement may name."""
    if "expect" not in nodes or (scenario is None and "world" in nodes):
        return []
    regions = () if scenario is None else tuple(region.name for region in scenario.regions)
    listed = fields.items(nodes["expect"], "expect", "- public cost <= 30000 GBP", problems)
    if len(listed) > MOST_STATEMENTS:
        problems.add(nodes["expect"].mark, f"{len(listed)} statements", f"write at most {MOST_STATEMENTS}")
    read = [read_statement(item, problems, regions) for item in listed[:MOST_STATEMENTS]]
    return [statement for statement in read if statement is not None]


def _world(node: Node, folder: Path, problems: Problems) -> Scenario | None:
    """Load the scenario of a case with the settings of the case (by flat name, as ``--set`` takes them)."""
    before = len(problems)
    nodes = {e.key.text: e.value for e in fields.known_entries(node, ("scenario", "settings"), "world", problems)}
    if "scenario" not in nodes:
        if isinstance(node, Table) and len(problems) == before:
            problems.add(node.mark, "a world without scenario", "write scenario: and the name of one, such as tiny")
        return None
    name, settings = fields.text(nodes["scenario"], "scenario", problems), {}
    if "settings" in nodes:
        entries = fields.known_entries(nodes["settings"], OVERRIDES, "settings", problems)
        settings = {e.key.text: read_one(e.key.text, e.value, problems) for e in entries}
    place = None if name is None else _place(name, nodes["scenario"].mark, folder, "scenario", problems)
    if place is None or len(problems) > before:
        return None
    try:
        return load_scenario(place, {name: value for name, value in settings.items() if value is not None})
    except ScenarioError as error:
        for problem in error.problems:
            what, _, write = problem.message.rpartition("; ")
            own = not problem.line and problem.file.partition(" ")[0] == "override"
            problems.add(node.mark if own else Mark(problem.file, problem.line, problem.column), what, write)
        return None


def _place(name: str, mark: Mark, folder: Path, what: str, problems: Problems) -> str | Path | None:
    """Return the built-in name, or the path below the folder of the case, or note why there is none."""
    if is_path(name):
        if yaml_reader.inside(folder, name):
            return folder / name
        problems.add(mark, f"{echo(name)} leaves the folder of this case", "write a path that stays in it, or a name")
        return None
    among = built_in.built_ins() if what == "scenario" else built_in.built_in_policies()
    return name if built_in.find(name, mark, problems, among, what) else None


def _with_policies(scenario: Scenario, node: Node, folder: Path, problems: Problems) -> Scenario:
    """Put the policies of a case in the place of those of the scenario."""
    before = len(problems)
    items = node.items if isinstance(node, Listing) else (node,)
    written = tuple(item for item in items if not isinstance(item, Scalar))
    drafts: list[Draft] = list((written and read_policy_list(Listing(node.mark, written), "policies", problems)) or ())
    for item in (item for item in items if isinstance(item, Scalar)):
        name = fields.text(item, "a policy", problems)
        place = None if name is None else _place(name, item.mark, folder, "policy", problems)
        if place is not None:
            drafts += [draft for _, draft in read_policy_files([place], problems)]
    names = [draft.said["name"] for draft in drafts]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        problems.add(node.mark, f"a second policy called {echo(name)}", "give it a name of its own")
    if len(problems) > before:
        return scenario
    for policy in scenario.standing([[]]):
        problems.warn(node.mark, f"{echo(policy.name)}, which the scenario runs, does not act in this case")
    return scenario.model_copy(update={"policies": fit(drafts, scenario.weeks, scenario.regions, problems)})
