"""``colearn odd``: the description of the model by the ODD+D protocol, and the log of assumptions, from the code."""

from __future__ import annotations

from pathlib import Path

import click

from colearn.cli.failures import debug_option
from colearn.cli.terminal import say

__all__ = ["odd"]


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it to FILE, ending in .md."
)
@click.option("--assumptions", is_flag=True, help="The log of assumptions instead: evidence, and how much each moves.")
@click.option(
    "--impacts", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="TABLE",
    help="indices.csv of a screening, for the impacts of assumptions, in place of the one that comes with colearn.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@debug_option
def odd(out: Path | None, assumptions: bool, impacts: Path | None, force: bool) -> None:
    """Describe the model by the ODD+D protocol, as Markdown."""
    from colearn.experiments.parts import write_whole
    from colearn.report.odd.assumptions import assumptions_text
    from colearn.report.odd.document import odd_text

    if impacts is not None and not assumptions:
        raise click.UsageError("--impacts belongs to --assumptions; add it, or leave --impacts out")
    try:
        text = assumptions_text(impacts) if assumptions else odd_text()
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--impacts") from error
    if out is None:
        say(text.rstrip("\n"))
        return
    if out.suffix != ".md":
        raise click.BadParameter(f"{str(out)!r} does not end in .md; write {out.stem}.md", param_hint="--out")
    if out.exists() and not force:
        raise click.BadParameter(f"{str(out)!r} exists; give another name, or --force", param_hint="--out")
    if not out.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(out.parent)!r}", param_hint="--out")
    write_whole(out, text.encode("utf-8"))
    say(f"{out} is written.")
