"""``colearn report``: a comparison as one file that can be read, printed and handed on."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from colearn.cli.failures import debug_option
from colearn.cli.terminal import say

__all__ = ["report"]


@click.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="File of the report [RESULT.html, beside the folder].")
@click.option(
    "--patterns",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="What colearn patterns wrote, in place of what comes with colearn.",
)
@click.option(
    "--study", type=click.Path(path_type=Path), metavar="FOLDER", help="A study of sensitivity: shown beside it."
)
@click.option(
    "--pilot", type=click.Path(path_type=Path), metavar="FOLDER", help="What colearn pilot wrote: shown beside it."
)
@click.option("--pdf", is_flag=True, help="Write a PDF too (needs the extra: pip install 'colearn[pdf]').")
@click.option("--quiet", is_flag=True, help="Print nothing.")
@debug_option
def report(
    result: Path,
    out: Path | None,
    patterns: Path | None,
    study: Path | None,
    pilot: Path | None,
    pdf: bool,
    quiet: bool,
) -> None:
    """Make a report of RESULT, the folder of ``colearn compare``: one HTML file that needs no network."""
    from colearn.report.html import read_source
    from colearn.report.html import report as rendered
    from colearn.report.html.hinges import read_patterns
    from colearn.report.html.pilot import read_pilot
    from colearn.report.html.sensitivity import read_study

    if pdf:
        _check_pdf()
    target = out or result.with_name(f"{result.resolve().name}.html")
    if target.is_dir():
        raise click.UsageError(f"{target} is a folder; give the name of a file")
    if target.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"{target} does not end in .html; give a name that does")
    source = read_source(result)
    page = rendered(
        source,
        None if patterns is None else read_patterns(patterns),
        None if study is None else read_study(study),
        None if pilot is None else read_pilot(pilot),
    )
    _write(target, page.encode())
    written = [target]
    if pdf:
        written.append(target.with_suffix(".pdf"))
        _write(written[1], _as_pdf(page))
    if not quiet:
        for path in written:
            say(f"Report: {path} ({path.stat().st_size / 1e6:.1f} MB)")


def _check_pdf() -> None:
    """Refuse before any work where the extra is missing."""
    from importlib.util import find_spec

    if find_spec("weasyprint") is None:
        raise click.UsageError(
            "--pdf needs weasyprint, which is not installed: pip install 'colearn[pdf]', or print the HTML file"
        )


def _as_pdf(page: str) -> bytes:
    from weasyprint import HTML

    made: bytes = HTML(string=page).write_pdf()
    return made


def _write(target: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".colearn-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
