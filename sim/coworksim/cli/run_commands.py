"""``coworksim run``: one scenario, one seed, one folder of tables.

``coworksim calibration``: a run against the figures that it should come near to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from coworksim.cli.terminal import debug_option, interruptible, progress, say, say_json, typed

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario
    from coworksim.runs.batch import RunCache
    from coworksim.runs.simulation import Result


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


def settings_option[F: Callable[..., Any]](command: F) -> F:
    """Add ``--set NAME=VALUE``, which may be repeated."""
    option = click.option(
        "--set",
        "settings",
        multiple=True,
        callback=_settings,
        metavar="NAME=VALUE",
        help="Set a parameter (space.price=120) or a switch (mechanisms.decay=off). Repeatable.",
    )
    return option(command)


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

    def folder(self, scenario: Scenario, kind: str) -> Path:
        """Return the folder of the results."""
        return self.out or Path("results", f"{scenario.name}-{kind}-seed{self.seed_of(scenario)}")

    def seed_of(self, scenario: Scenario) -> int:
        """Return the seed: that of the scenario where none is given."""
        return scenario.seed if self.seed is None else self.seed


def worlds_options(kind: str) -> Callable[[Any], Any]:
    """Add what commands share that run several worlds into one folder; the command takes it as one ``asked``."""

    def decorate(command: Callable[..., None]) -> Any:
        @wraps(command)
        def bundled(*given: Any, **options: Any) -> None:
            asked = Asked(**{name: options.pop(name) for name in Asked._fields})
            command(*given, asked=asked, **options)

        found: Any = bundled
        options = (
            click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw."),
            settings_option,
            click.option(
                "--workers",
                type=click.IntRange(1, 256),
                default=2,
                show_default=True,
                help="Processes that run worlds.",
            ),
            click.option(
                "--out", type=click.Path(path_type=Path), help=f"Folder of the results [results/NAME-{kind}-seedN]."
            ),
            click.option("--force", is_flag=True, help="Write into a folder that holds other files; these stay."),
            click.option("--png", is_flag=True, help="Write charts as PNG too."),
            click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON."),
            click.option("--quiet", is_flag=True, help="Print neither progress nor tables."),
            debug_option,
        )
        for option in reversed(options):
            found = option(found)
        return found

    return decorate


@contextmanager
def noted(folder: Path) -> Iterator[RunCache]:
    """Keep runs in ``folder/runs``, so that the same command goes on after any stop; say so after Ctrl-C."""
    from coworksim.files.errors import printable
    from coworksim.runs.batch import RunCache

    with RunCache(folder / "runs", typed()) as cache:
        try:
            yield cache
        except KeyboardInterrupt:
            again = " ".join(str(word) for word in typed())
            lines = (f"What was finished is saved in {cache.folder}.", f"Go on with: {again}")
            click.echo("\n".join(printable(line) for line in lines), err=True)
            raise


def load(name: str, settings: dict[str, Any], region: str | None = None, policies: Sequence[str] = ()) -> Scenario:
    """The scenario with the settings of the command line in place of its own."""
    from coworksim.files.load import load_scenario

    return load_scenario(name, overrides=settings, region=region, policies=policies)


def simulated(scenario: Scenario, *, quiet: bool, events: bool = False, earlier: Sequence[int] = ()) -> Result:
    """Run ``scenario`` under a progress bar; an interruption ends it after the week."""
    from coworksim.runs.simulation import simulate

    with progress(scenario.name, quiet=quiet) as show, interruptible() as check:

        def week_done(done: int, total: int) -> None:
            check()
            if show is not None:
                show(done, total)

        return simulate(scenario, progress=week_done, events=events, earlier=earlier)


@click.command()
@click.argument("scenario")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw.")
@click.option("--weeks", type=click.IntRange(1, 5200), help="Weeks after the opening of the spaces.")
@settings_option
@click.option("--region", metavar="CODE", help="Run one ITL-3 region alone, such as TLC12.")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="NAME_OR_FILE",
    help="Add policies: ready-made ones (see coworksim scenario policies), or a file. Repeatable.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the results [results/NAME-SETTINGS-seedN].")
@click.option("--force", is_flag=True, help="Write into a folder that holds other files; these stay.")
@click.option("--charts", is_flag=True, help="Draw the charts too.")
@click.option("--events", is_flag=True, help="Save a table of events too: who met, joined, left, was awarded.")
@click.option("--graph", is_flag=True, help="Save the social graph of the last week too (ties.graphml).")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--quiet", is_flag=True, help="Print neither progress nor summary.")
@debug_option
def run(
    scenario: str,
    seed: int | None,
    weeks: int | None,
    settings: dict[str, str],
    region: str | None,
    policies: tuple[str, ...],
    out: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    **also: bool,
) -> None:
    """Run SCENARIO, a built-in name or a file, and save its tables."""
    loaded = load(scenario, _with_options(settings, seed=seed, weeks=weeks), region, policies)
    folder = out or Path("results", f"{loaded.name}-{loaded.digest[:8]}-seed{loaded.seed}")

    from coworksim.files.result_folder import check_folder
    from coworksim.report.sentences.run_text import summary, summary_text

    check_folder(folder, force=force)
    result = simulated(loaded, quiet=quiet, events=also["events"])
    result.save(folder, force=force, command=typed(), graph=also["graph"], charts=also["charts"])
    found = summary(result)
    if as_json:
        say_json({**found, "folder": str(folder)})
    elif not quiet:
        say(f"{summary_text(found)}\n\nResults: {folder}\nDigest: {result.digest}")


def _with_options(settings: dict[str, str], **options: int | None) -> dict[str, Any]:
    given = {name: value for name, value in options.items() if value is not None}
    if clash := sorted(given.keys() & settings.keys()):
        raise click.UsageError(f"{clash[0]} is given both by --{clash[0]} and by --set; give it once")
    return {**settings, **given}


@click.command()
@click.argument("scenario")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw.")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@debug_option
def calibration(scenario: str, seed: int | None, settings: dict[str, Any], as_json: bool) -> None:
    """Run SCENARIO and set what it came to against the calibration targets."""
    if seed is not None and "seed" in settings:
        raise click.UsageError("seed is given both by --seed and by --set; give it once")
    loaded = load(scenario, settings if seed is None else {**settings, "seed": seed})

    from coworksim.evidence.calibration import EARLIER, calibrate
    from coworksim.report.sentences.calibration_text import calibration_json, calibration_text

    found = calibrate(simulated(loaded, quiet=False, events=True, earlier=EARLIER))
    if as_json:
        say_json(calibration_json(found))
    else:
        say(calibration_text(found))
