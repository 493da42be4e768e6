"""Build hook of hatchling: built-in scenarios and experiments travel in the wheel as data of the package."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = {"scenarios": "coworksim/_scenarios", "experiments": "coworksim/_experiments"}


class DataFolders(BuildHookInterface[Any]):
    """Adds each folder of DATA that exists. An editable install reads the folders themselves."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Version is "standard" for a wheel to hand out and "editable" for one that points here."""
        if version == "editable":
            return
        for folder, place in DATA.items():
            source = Path(self.root, folder)
            if source.is_dir():
                build_data["force_include"][str(source)] = place
