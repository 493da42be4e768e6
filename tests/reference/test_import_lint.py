"""The plain twin stays a second witness only while it shares no rule with the product."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

SHARED = ("coworksim.files", "coworksim.model.parameters", "coworksim.model.policy", "coworksim.model.scenario")
#: The constants that follow from observables; test_plain_reference_region.py works them out again.
SOLVED = {"rules.py": ["coworksim.model.mechanisms.helpers.reference_region.solved"]}
FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))
RULES = [path for path in FILES if not path.name.startswith("test_")]


def imported(source: str) -> list[str]:
    """Every module and name that a source imports, dotted."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = "." * node.level + (f"{node.module}." if node.module else "")
            names += [f"{package}{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and "import" in ast.unparse(node.func):
            names += [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return names


def under(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def shared_with_the_product(source: str) -> list[str]:
    """Imports from the product that the twin may not have, and imports from outside its folder."""
    return [
        name
        for name in imported(source)
        if (under(name, "coworksim") and not any(under(name, package) for package in SHARED)) or name.startswith("..")
    ]


ARRAYS = ("numpy", "numba", "scipy", "pandas")


def numerical(source: str) -> list[str]:
    """Imports of array packages."""
    return [name for name in imported(source) if any(under(name, p) for p in ARRAYS)]


def test_the_folder_has_rules_to_check() -> None:
    assert {"model.py", "agents.py", "encounters.py"} <= {path.name for path in RULES}


def among(paths: list[Path], unwanted: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """The files that import what is unwanted, with it."""
    found = {path.name: unwanted(path.read_text(encoding="utf-8")) for path in paths}
    return {name: imports for name, imports in found.items() if imports}


def test_nothing_of_the_product_is_imported_but_scenario_quantities_and_what_follows_from_observables() -> None:
    assert among(FILES, shared_with_the_product) == SOLVED


def test_the_rules_use_no_arrays() -> None:
    assert among(RULES, numerical) == {}


def test_a_planted_import_is_found_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("import numpy as np\nfrom coworksim import simulate\n", encoding="utf-8")
    files = [*RULES, tmp_path / "planted.py"]
    assert among(files, shared_with_the_product) == {"planted.py": ["coworksim.simulate"], **SOLVED}
    assert among(files, numerical) == {"planted.py": ["numpy"]}


def test_a_planted_import_of_the_product_is_found() -> None:
    planted = (
        "import coworksim.model.mechanisms.income",
        "from coworksim.model.mechanisms import income",
        "from coworksim.model import model",
        "import coworksim",
        "from coworksim.model.state.rng import uniform",
        "from .. import helpers",
        "from ..laws import law",
        "def f():\n    from coworksim.model.model import CoworkingModel",
        "import importlib\nimportlib.import_module('coworksim.model.state.rng')",
        "__import__('coworksim.model.kernels')",
    )
    assert [source for source in planted if not shared_with_the_product(source)] == []


def test_a_planted_import_of_arrays_is_found() -> None:
    planted = ("import numpy as np", "from numpy import exp", "import numba.core")
    assert [source for source in planted if not numerical(source)] == []


def test_what_is_shared_by_design_passes() -> None:
    allowed = (
        "from coworksim.model.parameters import PARAMETERS",
        "from coworksim.files import Scenario",
        "from . import x",
    )
    assert [source for source in allowed if shared_with_the_product(source)] == []
