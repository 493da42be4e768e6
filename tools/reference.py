"""``make docs``: the reference of the public names, as HTML made by pdoc from docstrings, without a network."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Final

import pdoc

import coworksim

__all__ = ["MODULES", "write_reference"]

#: What is described: the public names, and the modules whose classes users subclass.
MODULES: Final = ("coworksim", "coworksim.model.policies", "coworksim.model.mechanisms")


def write_reference(folder: Path) -> None:
    """Write a page for each of MODULES, an index and a search into ``folder``; files of these names are replaced."""
    for name in coworksim.__all__:  # pdoc sees what a module holds, and these are imported when first used
        setattr(coworksim, name, getattr(coworksim, name))
    pdoc.render.configure(docformat="google", show_source=False)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Error parsing type annotation")  # some exist for the checker alone
        pdoc.pdoc(*MODULES, output_directory=folder)


if __name__ == "__main__":
    write_reference(Path(sys.argv[1]))
    print(f"The reference is {sys.argv[1]}/index.html.")
