"""What happens when a command fails: one sentence, the right exit code, and a traceback only on request."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Callable, Sequence
from io import StringIO
from typing import Any, Final, NoReturn

import click

__all__ = ["BAD_INPUT", "INTERNAL", "INTERRUPTED", "Commands", "debug_option", "typed"]

INTERNAL: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130

_DEBUG: Final = "colearn.debug"
_TYPED: Final = "colearn.typed"


def debug_option[F: Callable[..., Any]](command: F) -> F:
    """Add ``--debug``, which every command has."""

    def note(context: click.Context, _: click.Parameter, wanted: bool) -> None:
        context.meta[_DEBUG] = wanted

    option = click.option(
        "--debug", is_flag=True, expose_value=False, callback=note, help="After a failure, show where in the code."
    )
    return option(command)


def typed() -> list[str]:
    """What the user typed, for the manifest."""
    return list(click.get_current_context().meta.get(_TYPED, ["colearn"]))


class Commands(click.Group):
    """A group of commands with our exit codes."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """As in click, but bad input always gives 2 and an interruption 130."""
        try:
            code = super().main(args, prog_name or "colearn", complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            _show(error)
            sys.exit(BAD_INPUT)
        except click.Abort:
            click.echo("Interrupted; what was not finished is not written.", err=True)
            sys.exit(INTERRUPTED)
        sys.exit(code if isinstance(code, int) else 0)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what was typed before click takes it apart."""
        if ctx.parent is None:
            ctx.meta[_TYPED] = ["colearn", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what goes wrong in it ends in one sentence."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # the reader of our output has gone
            _end(ctx, error)


def _show(error: click.ClickException) -> None:
    """What click would print, made printable: it quotes what was typed."""
    from colearn.scenario.problems import printable

    text = StringIO()
    error.show(file=text)
    click.echo("\n".join(printable(line) for line in text.getvalue().rstrip("\n").split("\n")), err=True)


def _end(context: click.Context, error: Exception) -> NoReturn:
    from colearn.experiments.errors import RefusedError, RunnerError
    from colearn.observe.folders import FolderError
    from colearn.scenario.problems import InputError, printable

    if context.meta.get(_DEBUG):
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    code = BAD_INPUT if isinstance(error, InputError | FolderError | RefusedError) else INTERNAL
    if isinstance(error, InputError | FolderError | RunnerError):
        lines = str(error).splitlines()
    elif isinstance(error, OSError) and error.strerror:
        lines = [f"cannot use {error.filename or 'a file'}: {error.strerror}"]
    else:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        lines = [
            f"colearn failed ({what}). This is a fault in colearn; add --debug to the command to see where it arose"
        ]
    for line in lines:
        click.echo(printable(line), err=True)
    context.exit(code)
