"""``colearn app``: the page on this machine."""

from __future__ import annotations

import errno

import click

from colearn.cli.failures import debug_option
from colearn.cli.terminal import say

__all__ = ["app"]


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port of the page; 0: any free one."
)
@click.option("--no-browser", is_flag=True, help="Only print the address; open no browser.")
@debug_option
def app(port: int, no_browser: bool) -> None:
    """Open a page on this machine: choose a policy, and see who gains at which cost while it is worked out."""
    from colearn.app.server import listening, serve

    try:
        made = listening(port)
    except OSError as error:
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise click.UsageError(f"port {port} {why}; give another one with --port, or --port 0 for any") from None
    serve(made, _tell, browser=not no_browser)
    say("The page has ended; what was downloaded stays.")


def _tell(address: str) -> None:
    say(f"The page is at {address}")
    say("Only this machine can open it, and only with this address. Ctrl-C ends it.")
