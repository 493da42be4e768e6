"""What commands show on the terminal.

What happens when a command fails: one sentence, the right exit code, and a traceback only on request.
"""

from __future__ import annotations

import errno
import json
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any, Final, NoReturn

import click


def say(text: str = "") -> None:
    """Print lines on standard output, each made printable."""
    from coworksim.files.errors import printable

    click.echo("\n".join(printable(line) for line in text.split("\n")))


def say_json(content: object) -> None:
    """Print JSON on standard output; control characters leave it escaped."""
    click.echo(json.dumps(content, indent=2, ensure_ascii=True, allow_nan=False))


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function of (weeks done, weeks in all) that draws a bar with the time left on standard error.

    None when nobody would see it: ``quiet``, or standard error is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from coworksim.files.errors import printable

    with click.progressbar(length=1, label=printable(label), file=sys.stderr, show_eta=True) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """Give a function that raises KeyboardInterrupt when there has been an interruption (Ctrl-C, SIGTERM) since.

    Compiled code must not be interrupted just anywhere: within a callback of the compiler the interruption would be
    lost, or end the process. So the first one waits until it is asked for; a second one comes at once.
    """
    from coworksim.runs.coordination import signals_set

    stop = threading.Event()

    def check() -> None:
        if stop.is_set():
            raise KeyboardInterrupt

    with signals_set(stop):
        yield check


def columns(rows: Sequence[Sequence[Any]], gap: str = "  ") -> str:
    """Rows of cells as text in columns, the last of which is not padded.

    >>> print(columns([("a", 1, "x"), ("bbb", 22, "yy")]))
    a    1   x
    bbb  22  yy
    """
    if not rows:
        return ""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in texts) for i in range(len(texts[0]) - 1)]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=False)] + [row[-1]] for row in texts)
    return "\n".join(gap.join(row).rstrip() for row in padded)


INTERNAL: Final = 1
BAD_INPUT: Final = 2

_DEBUG: Final = "coworksim.debug"
_TYPED: Final = "coworksim.typed"


def interrupted() -> int:
    """Return the exit code of a command that a signal ended: 130 after Ctrl-C."""
    from coworksim.runs.coordination import exit_code

    return exit_code()


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
    return list(click.get_current_context().meta.get(_TYPED, ["coworksim"]))


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
        """As in click, but bad input always gives 2, and an interruption 130 (another signal: 128 and its number)."""
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _warn  # type: ignore[assignment]  # it takes all of it, and uses the message
                code = super().main(args, prog_name or "coworksim", complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            _show(error)
            sys.exit(BAD_INPUT)
        except click.Abort:
            click.echo("Interrupted; what was not finished is not written.", err=True)
            sys.exit(interrupted())
        sys.exit(code if isinstance(code, int) else 0)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what was typed before click takes it apart."""
        if ctx.parent is None:
            ctx.meta[_TYPED] = ["coworksim", *args]
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


def _warn(message: Warning | str, *where: Any) -> None:
    """Say what will change in a later release; where in the code that was noticed is of no use here."""
    from coworksim.files.errors import printable

    click.echo(printable(str(message)), err=True)


def _show(error: click.ClickException) -> None:
    """What click would print, made printable: it quotes what was typed."""
    from coworksim.files.errors import printable

    text = StringIO()
    error.show(file=text)
    click.echo("\n".join(printable(line) for line in text.getvalue().rstrip("\n").split("\n")), err=True)


def _end(context: click.Context, error: Exception) -> NoReturn:
    from coworksim.files.errors import InputError, RefusedError, RunnerError, printable
    from coworksim.files.result_folder import FolderError

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
            f"coworksim failed ({what}). This is a fault in coworksim; add --debug to the command to see where it arose"
        ]
    for line in lines:
        click.echo(printable(line), err=True)
    context.exit(code)
