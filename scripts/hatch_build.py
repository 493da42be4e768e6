"""Build hook of hatchling: scenarios, experiments, the description of the model and locks travel in the wheel."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = {
    "scenarios": "coworksim/_scenarios",
    "experiments": "coworksim/_experiments",
    "docs/ODD.md": "coworksim/_docs/ODD.md",
    **{
        f"requirements-{extra}.lock": f"coworksim/_locks/requirements-{extra}.lock"
        for extra in ("viz", "cluster", "pdf")
    },
}


class DataFolders(BuildHookInterface[Any]):
    """Adds each folder and file of DATA that exists. An editable install reads them where they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Version is "standard" for a wheel to hand out and "editable" for one that points here."""
        if version == "editable":
            return
        for name, place in DATA.items():
            source = Path(self.root, name)
            if source.exists():
                build_data["force_include"][str(source)] = place
