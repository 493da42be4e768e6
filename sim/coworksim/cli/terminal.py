"""What commands show on the terminal; of a failure one sentence, the right exit code, and a traceback on request."""

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


def say(text: str = "", *, err: bool = False) -> None:
    """Print lines on standard output, or standard error, each made printable."""
    from coworksim.files.errors import printable

    click.echo("\n".join(printable(line) for line in text.split("\n")), err=err)


def say_json(content: object) -> None:
    """Print JSON on standard output; control characters leave it escaped."""
    click.echo(json.dumps(content, indent=2, ensure_ascii=True, allow_nan=False))


def tell(plain: object, text: str, *, as_json: bool, quiet: bool = False) -> None:
    """Print what was found: as JSON where it is asked for, else as text unless ``quiet``."""
    if as_json:
        say_json(plain)
    elif not quiet:
        say(text)


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function of (weeks done, weeks in all) that draws a bar on standard error; None where nobody sees it."""
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

    >>> columns([("a", 1, "x"), ("bbb", 22, "yy")]).splitlines()
    ['a    1   x', 'bbb  22  yy']
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


def add_debug(command: click.Command) -> None:
    """Add ``--debug`` to a command, or to all commands of a group."""

    def note(context: click.Context, _: click.Parameter, wanted: bool) -> None:
        context.meta[_DEBUG] = wanted

    if isinstance(command, click.Group):
        for one in command.commands.values():
            add_debug(one)
    else:
        help_text = "After a failure, show where in the code."
        option = click.Option(["--debug"], is_flag=True, expose_value=False, callback=note, help=help_text)
        command.params.append(option)


def typed() -> list[str]:
    """What the user typed, for the manifest."""
    return list(click.get_current_context().meta.get(_TYPED, ["coworksim"]))


class Commands(click.Group):
    """A group of commands with our exit codes."""

    def main(self, *given: Any, **more: Any) -> Any:
        """As in click, but bad input always gives 2, and an interruption 130 (another signal: 128 and its number)."""
        try:
            with warnings.catch_warnings():
                # What will change in a later release; where in the code that was noticed is of no use here.
                warnings.showwarning = lambda message, *_, **__: say(str(message), err=True)
                code = super().main(*given, **{"prog_name": "coworksim", **more, "standalone_mode": False})
        except click.ClickException as error:
            text = StringIO()  # what click would print quotes what was typed: it is made printable
            error.show(file=text)
            say(text.getvalue().rstrip("\n"), err=True)
            sys.exit(BAD_INPUT)
        except click.Abort:
            from coworksim.runs.coordination import exit_code

            click.echo("Interrupted; what was not finished is not written.", err=True)
            sys.exit(exit_code())
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


def _end(context: click.Context, error: Exception) -> NoReturn:
    from coworksim.files.errors import FolderError, InputError, RefusedError, RunnerError, printable

    if context.meta.get(_DEBUG):
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    code = BAD_INPUT if isinstance(error, InputError | FolderError | RefusedError) else INTERNAL
    if isinstance(error, InputError | FolderError | RunnerError):
        text = str(error)
    elif isinstance(error, OSError) and error.strerror:
        text = printable(f"cannot use {error.filename or 'a file'}: {error.strerror}")
    else:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        fault = "This is a fault in coworksim; add --debug to the command to see where it arose"
        text = f"coworksim failed ({printable(what)}). {fault}"
    say(text, err=True)
    context.exit(code)
