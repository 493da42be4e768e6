"""``make regenerate``: make anew whatever is made from the code, and name what has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from coworksim.files.scenario_schema import policies_text, schema_text
from coworksim.report.assumption_log import assumptions_text
from coworksim.runs.study_schema import study_schema_text
from tools.architecture import architecture_svg
from tools.odd.document import odd_text

__all__ = ["MADE", "regenerate"]

ROOT: Final = Path(__file__).resolve().parents[1]

#: File -> what makes its text.
MADE: Final[dict[str, Callable[[], str]]] = {
    "docs/ODD.md": odd_text,
    "docs/architecture.svg": architecture_svg,
    "docs/assumptions.md": assumptions_text,
    "scenarios/scenario.schema.json": schema_text,
    "scenarios/policies/policies.schema.json": policies_text,
    "experiments/study.schema.json": study_schema_text,
}


def regenerate(root: Path = ROOT) -> list[str]:
    """Write every file of :data:`MADE` below ``root`` whose text has changed; return their names."""
    changed = []
    for name, make in MADE.items():
        path, text = root / name, make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(name)
    return changed


if __name__ == "__main__":
    for one in regenerate():
        print(f"{one} is new.")
