"""``coworksim cache``: worlds at the start and baselines that are kept for the next question."""

import click

from coworksim.cli.options import json_option
from coworksim.cli.terminal import columns, tell
from coworksim.files.kept_limit import SETTING

_NAMES = {"world": "worlds at the start", "baseline": "baselines"}


@click.command()
@click.option("--clear", "clearing", is_flag=True, help="Remove them all; the next question makes them anew.")
@json_option
def cache(clearing: bool, as_json: bool) -> None:
    """Show what is kept between questions: how many worlds, how large, and where.

    COWORKSIM_KEEP_GB is the most that is kept, in GB [2]; with 0 nothing is kept. Results are the same either way.
    """
    from coworksim.runs import world_cache

    found = world_cache.clear() if clearing else world_cache.usage()
    kinds = {name: found.kinds.get(name, (0, 0)) for name in (*_NAMES, *sorted(found.kinds.keys() - _NAMES))}
    rows = [(_NAMES.get(name, name), f"{number:,}, {size / 1e6:,.1f} MB") for name, (number, size) in kinds.items()]
    rows.append(("limit", f"{found.limit / 1e9:g} GB ({SETTING})"))
    rows.append(("folder", str(found.folder or "none is safe to use: nothing is kept")))
    text = columns(rows)
    if clearing:
        text = f"Removed {found.files:,} files of {found.size / 1e6:,.1f} MB in {found.folder}."
        if found.folder is None:
            text = "Nothing is kept: no folder is safe to use."
    elif not found.limit:
        text += "\n\nNothing is kept and nothing is read."
    plain = {name: {"files": number, "bytes": size} for name, (number, size) in kinds.items()}
    about = {"folder": found.folder and str(found.folder), "limit_bytes": found.limit, "kept": plain}
    tell({**about, "removed": clearing}, text, as_json=as_json)
