"""What several commands are asked: settings, seed, folder, and how their runs are to be done, kept and resumed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from coworksim.cli.terminal import columns, say, tell, typed

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario
    from coworksim.runs.batch import BatchResult

PATH: Final = click.Path(path_type=Path)
FILE: Final = click.Path(path_type=Path, dir_okay=False)


def _settings(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """``name=value`` pairs; a name given twice is an error."""
    found: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(f"{text!r} has no '='; write name=value, for example space.price=120")
        if name.strip() in found:
            raise click.BadParameter(f"{name.strip()!r} is set twice")
        found[name.strip()] = value.strip()
    return found


settings_option = click.option(
    "--set",
    "settings",
    multiple=True,
    callback=_settings,
    metavar="NAME=VALUE",
    help="Set a parameter (space.price=120) or a switch (mechanisms.decay=off). Repeatable.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
force_option = click.option("--force", is_flag=True, help="Write into a folder that holds other files; these stay.")
seed_option = click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw.")
#: The seed of what draws parameters too.
draws_seed_option = click.option("--seed", type=click.IntRange(0, 2**62), default=1, help="Fixes all draws.")
png_option = click.option("--png", is_flag=True, help="Write charts as PNG too.")
runs_option = click.option("--out", type=PATH, help="Folder of the runs [results/NAME-DIGEST].")


def load(
    name: str, settings: dict[str, Any], region: str | None = None, policies: Sequence[str] = (), *, quiet: bool = False
) -> Scenario:
    """The scenario with the settings of the command line in place of its own."""
    from coworksim.files.load import load_scenario

    return load_scenario(name, overrides=settings, region=region, policies=policies, quiet=quiet)


def with_seed(settings: dict[str, str], **options: int | None) -> dict[str, Any]:
    """Return settings and what has an option of its own, such as the seed; neither may be given by both."""
    given = {name: value for name, value in options.items() if value is not None}
    if clash := sorted(given.keys() & settings.keys()):
        raise click.UsageError(f"{clash[0]} is given both by --{clash[0]} and by --set; give it once")
    return {**settings, **given}


def check_new(file: Path, force: bool, option: str, *endings: str) -> None:
    """Refuse the name of a file to write: one of another kind, or that exists without ``--force``."""
    if file.suffix not in endings:
        wanted = f"does not end in {' or '.join(endings)}; write {file.stem}{endings[0]}"
        raise click.BadParameter(f"{str(file)!r} {wanted}", param_hint=option)
    if file.exists() and not force:
        raise click.BadParameter(f"{str(file)!r} exists; give another name, or --force", param_hint=option)


def listing(group: click.Group, name: str, known: str, about: str) -> None:
    """Add a command that lists what comes with the package; ``known`` is the function of ``built_in`` that knows."""

    @group.command(name, help=about)
    @json_option
    def list_(as_json: bool) -> None:
        from coworksim.files import built_in

        found = getattr(built_in, known)()
        plain = [{"name": one.name, "title": one.title, "question": one.question} for one in found]
        tell(plain, columns([(one.name, one.question) for one in found]), as_json=as_json)


class Asked(NamedTuple):
    """What every command that runs several simulations into one folder is asked beside its question."""

    settings: dict[str, str]
    seed: int | None
    workers: int
    out: Path | None
    force: bool
    png: bool
    as_json: bool
    quiet: bool

    @contextmanager
    def running(self, scenario: Scenario, kind: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Give the folder of the results, and how runs are to be done, as keywords.

        Runs are kept in the folder, so that the same command goes on after any stop; it says so after Ctrl-C.
        """
        from coworksim.files.result_folder import check_folder
        from coworksim.runs.batch import RunCache
        from coworksim.runs.progress import reporter

        seed = scenario.seed if self.seed is None else self.seed
        folder = self.out or Path("results", f"{scenario.name}-{kind}-seed{seed}")
        check_folder(folder, force=self.force)
        progress = None if self.quiet else reporter()
        announce = announcer(quiet=self.quiet or self.as_json)
        with RunCache(folder / "runs", typed()) as cache:
            try:
                how = {"workers": self.workers, "progress": progress, "announce": announce}
                yield folder, {"seed": seed, "cache": cache, **how}
            except KeyboardInterrupt:
                say(f"What was finished is saved in {cache.folder}.\nGo on with: {' '.join(typed())}", err=True)
                raise


def together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return one decorator that adds several options, in this order."""

    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _bundled(command: Callable[..., None]) -> Any:
    @wraps(command)
    def bundled(*given: Any, **options: Any) -> None:
        command(*given, asked=Asked(**{name: options.pop(name) for name in Asked._fields}), **options)

    return bundled


def worlds_options(kind: str) -> Callable[[Any], Any]:
    """Add what commands share that run several worlds into one folder; the command takes it as one ``asked``."""
    return together(
        seed_option,
        settings_option,
        click.option("--workers", type=click.IntRange(1, 256), default=2, help="Processes that run worlds."),
        click.option("--out", type=PATH, help=f"Folder of the results [results/NAME-{kind}-seedN]."),
        force_option,
        png_option,
        json_option,
        click.option("--quiet", is_flag=True, help="Print neither progress nor tables."),
        _bundled,
    )


_above = click.FloatRange(0, min_open=True)
#: What commands share that do runs of a study.
run_options = together(
    runs_option,
    click.option("--quiet", is_flag=True, help="Print neither progress nor findings."),
    click.option("--retry", is_flag=True, help="Do failed and invalid runs again."),
    click.option("--force", is_flag=True, help="Add to a folder of another study or other code; its manifest says so."),
    click.option("--memory", "memory_limit_mb", type=_above, metavar="MB", help="Most memory of one worker."),
    click.option("--deadline", "deadline_seconds", type=_above, metavar="SECONDS", help="Longest time of one run."),
    click.option("--executor", metavar="ADDRESS", help="Run on a Dask cluster: dask://host:port."),
    click.option("--workers", type=click.IntRange(1, 1024), default=2, help="Runs at a time."),
)


def options_of(given: dict[str, Any]) -> Any:
    """Return how the runs are to be done, and in which folder, as keywords of the functions that do them."""
    from coworksim.runs.engines import engine
    from coworksim.runs.progress import reporter

    address, quiet = given["executor"], given["quiet"]
    return {
        **{key: given[key] for key in ("workers", "deadline_seconds", "memory_limit_mb", "force", "retry")},
        "executor": engine(address) if address else None,
        "progress": None if quiet else reporter(),
        "forecast": None if quiet else lambda forecast: click.echo(f"\r{forecast}", err=True),
        "announce": announcer(quiet=quiet or given.get("as_json", False)),
        "stop": threading.Event(),
        "command": typed(),
        "folder": given["out"],
    }


def announcer(*, quiet: bool) -> Callable[[str], None] | None:
    """Return what says on standard error what will be run; None where nobody wants to know."""
    return None if quiet else lambda text: say(text, err=True)


def end_if_stopped(batch: BatchResult) -> None:
    """End a command that was interrupted: say what is saved, and how to go on."""
    from coworksim.report.study_files import tally
    from coworksim.runs.coordination import exit_code

    if not batch.complete:
        saved = f"Stopped. {tally(batch.counts)}; they are saved in {batch.folder}."
        say(f"{saved}\nGo on with: {' '.join(typed())}", err=True)
        click.get_current_context().exit(exit_code())
