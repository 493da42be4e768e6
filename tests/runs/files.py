"""Study files and plain functions for the tests of this folder."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coworksim.runs.batch import Cell
from coworksim.runs.study import Plan, StudyDesign
from coworksim.runs.study_reader import StudyError, load_study
from coworksim.statistics.design import Design, run_seed
from coworksim.statistics.factors import Factor, Value

HEAD = "# Does it load?\ntitle: A test\n"
REST = "scenario: tiny\nvary: [membership.churn, space.desks]\nmethod: morris\nsize: 2\noutcomes: [members_at_end]\n"
DUMMY = Factor("dummy")

type Rule = Callable[[Mapping[str, Value]], float]


def load(folder: Path, text: str | bytes, name: str = "case.yaml") -> StudyDesign:
    """Load a study with this text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return load_study(path)


def planned(study: StudyDesign, size: int | None = None) -> list[Cell]:
    """Return the runs that follow from a study."""
    return list(Plan(study, "code", size or study.size, study.replicates))


def refusals(folder: Path, text: str | bytes) -> list[str]:
    """Return the problems of a study with this text as ``line:column: message``."""
    with pytest.raises(StudyError) as refused:
        load(folder, text)
    return [str(problem).removeprefix(f"{folder}/case.yaml:") for problem in refused.value.problems]


def rows(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a frame as named tuples, whose types nobody knows."""
    return list(frame.itertuples())


def normal(*what: object) -> float:
    """Return a standard normal number that depends on nothing but its address."""
    block = hashlib.sha256("|".join(map(str, what)).encode()).digest()
    one, two = ((int.from_bytes(block[k : k + 6], "big") + 0.5) / 2**48 for k in (0, 6))
    return math.sqrt(-2 * math.log(one)) * math.cos(2 * math.pi * two)


def table(
    design: Design,
    rule: Rule,
    replicates: int = 1,
    noise: float = 0.0,
    stirs: Sequence[str] = (),
    base: Mapping[str, Value] | None = None,
) -> pd.DataFrame:
    """Run a plain function over a design. Chance follows the seed, and the values of inputs that stir it."""
    rows = []
    for point in range(len(design)):
        values = {**(base or {}), **design.overrides(point)}
        seed = run_seed(design.seed, int(design.stream[point]))
        for replicate in range(replicates):
            chance = normal(seed, replicate, *(values[name] for name in stirs)) if noise else 0.0
            rows.append({"point": point, "replicate": replicate, "y": rule(values) + noise * chance})
    return pd.DataFrame(rows)


def ishigami(values: Mapping[str, Value]) -> float:
    """Ishigami and Homma 1990, with a = 7 and b = 0.1."""
    one, two, three = (float(values[f"x{k}"]) for k in (1, 2, 3))
    return math.sin(one) + 7 * math.sin(two) ** 2 + 0.1 * three**4 * math.sin(one)


ISHIGAMI = tuple(Factor(f"x{k}", low=-math.pi, high=math.pi) for k in (1, 2, 3))
#: Analytic indices: variance 13.8446.
ISHIGAMI_S1 = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
ISHIGAMI_ST = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}

G_WEIGHTS = (0.0, 1.0, 4.5, 9.0, 99.0)
G = tuple(Factor(f"x{k}") for k in range(len(G_WEIGHTS)))


def sobol_g(values: Mapping[str, Value]) -> float:
    """Sobol's G function."""
    return math.prod((abs(4 * float(values[f"x{k}"]) - 2) + a) / (1 + a) for k, a in enumerate(G_WEIGHTS))


def g_indices() -> tuple[dict[str, float], dict[str, float]]:
    """Return the analytic S1 and ST of the G function."""
    parts = [1 / (3 * (1 + a) ** 2) for a in G_WEIGHTS]
    whole = math.prod(1 + part for part in parts)
    alone = {f"x{k}": part / (whole - 1) for k, part in enumerate(parts)}
    total = {f"x{k}": part * whole / (1 + part) / (whole - 1) for k, part in enumerate(parts)}
    return alone, total
