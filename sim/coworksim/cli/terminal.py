"""What commands show on the terminal; of a failure one sentence, the right exit code, and a traceback on request."""

import errno
import json
import math
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from io import StringIO
from typing import Any, Final, NoReturn, TextIO

import click

from coworksim.files.kept_limit import most_kept


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
MACHINE: Final = 3  # a full disk, a folder that cannot be written, too little memory
IN_USE: Final = 4  # another process holds the folder

_DEBUG: Final = "coworksim.debug"
_TYPED: Final = "coworksim.typed"


def _be_strict(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    from coworksim.files.errors import InputNote, InputWarning

    warnings.simplefilter("always", InputNote)  # both are undone when the command ends
    warnings.simplefilter("error" if wanted else "always", InputWarning)


def add_common(command: click.Command) -> None:
    """Add ``--debug`` and ``--strict`` to a command, or to all commands of a group."""

    def note(context: click.Context, _: click.Parameter, wanted: bool) -> None:
        context.meta[_DEBUG] = wanted

    if isinstance(command, click.Group):
        for one in command.commands.values():
            add_common(one)
    else:
        help_text = "After a failure, show where in the code."
        option = click.Option(["--debug"], is_flag=True, expose_value=False, callback=note, help=help_text)
        command.params.append(option)
        help_text = "Refuse what is otherwise only warned of: input that is allowed and hardly meant."
        option = click.Option(["--strict"], is_flag=True, expose_value=False, callback=_be_strict, help=help_text)
        command.params.append(option)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print a warning, a line for each sentence; where in the code it arose is of no use here."""
    from coworksim.files.errors import InputWarning

    sign = "warning: " if issubclass(category, InputWarning) else ""
    say("\n".join(sign + sentence for sentence in str(message).splitlines()), err=True)


def typed() -> list[str]:
    """What the user typed, for the manifest."""
    return list(click.get_current_context().meta.get(_TYPED, ["coworksim"]))


class Commands(click.Group):
    """A group of commands with our exit codes."""

    def main(self, *given: Any, **more: Any) -> Any:
        """As in click, but bad input always gives 2, and an interruption 130 (another signal: 128 and its number)."""
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _show_warning
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
    from coworksim.files.errors import FolderError, InputError, InputWarning, RunnerError, printable
    from coworksim.model.parameters.parameter import UnsolvableError

    if context.meta.get(_DEBUG):
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    if isinstance(error, InputError | FolderError | InputWarning | RunnerError | UnsolvableError):
        text = str(error)
    elif isinstance(error, MemoryError) or memory_limit_mb() < LEAST_MEMORY_MB:
        text = _no_memory()
    elif isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        text = f"the name {printable(str(error.object))} is not UTF-8; give the file or folder another name"
    elif isinstance(error, OSError) and error.strerror:
        text = printable(f"cannot use {error.filename or 'a file'}: {error.strerror}")
    else:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        fault = "This is a fault in coworksim; add --debug to the command to see where it arose"
        text = f"coworksim failed ({printable(what)}). {fault}"
    say(text, err=True)
    context.exit(_code(error))


def _code(error: Exception) -> int:
    """Return the exit code of a failure: what the machine refused is told apart from what was asked wrongly."""
    from coworksim.files.errors import BusyError, FolderError, InputError, InputWarning, RefusedError
    from coworksim.model.parameters.parameter import UnsolvableError

    if isinstance(error, BusyError):
        return IN_USE
    cause = error.__cause__ if isinstance(error, FolderError) else error
    wrong = isinstance(cause, FileNotFoundError | FileExistsError | NotADirectoryError | IsADirectoryError)
    asked_wrongly = wrong or getattr(cause, "errno", 0) == errno.ENAMETOOLONG
    if isinstance(error, MemoryError) or (isinstance(cause, OSError) and not asked_wrongly):
        return MACHINE
    refused = InputError | FolderError | InputWarning | RefusedError | UnsolvableError | UnicodeEncodeError
    return BAD_INPUT if isinstance(error, refused) else INTERNAL


#: Memory in which every command works; the compiler alone needs half of it.
LEAST_MEMORY_MB: Final = 1000.0


def memory_limit_mb() -> float:
    """Return how much memory this process may use, as ``ulimit -v`` and ``ulimit -d`` say."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return math.inf
    limits = (resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA))
    return min((limit / 2**20 for limit in limits if limit != resource.RLIM_INFINITY), default=math.inf)


def _no_memory() -> str:
    limit = memory_limit_mb()
    if limit < math.inf:
        wanted = f"raise the limit (ulimit -v) to {LEAST_MEMORY_MB:,.0f} MB or more"
        return f"this process may use {limit:,.0f} MB of memory, which is too little; {wanted}"
    return "the memory of this machine does not suffice; run fewer processes at a time, or a smaller scenario"


def check_memory(command: click.Command) -> None:
    """Let a command, or all commands of a group, say before all else when the process may use too little memory.

    A setting of how much may be kept that is no number is refused, too.
    """
    if isinstance(command, click.Group):
        for one in command.commands.values():
            check_memory(one)
        return
    callback: Callable[..., Any] = command.callback or (lambda: None)

    @wraps(callback)
    def checked(*given: Any, **options: Any) -> Any:
        if memory_limit_mb() < LEAST_MEMORY_MB:
            raise MemoryError
        try:
            most_kept()
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        return callback(*given, **options)

    command.callback = checked
