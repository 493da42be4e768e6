"""What other commands found, beside an appraisal: which inputs move outcomes, a pilot, and patterns."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from coworksim.appraisal.estimates import Estimate
from coworksim.evidence.patterns.declaration import NULLS, PATTERNS, PLACES
from coworksim.files.built_in import data_file
from coworksim.files.checked_folder import CheckedFolder, checked
from coworksim.files.manifest import Manifest, PilotManifest
from coworksim.files.result_folder import plain_rows, refuse
from coworksim.report.charts.effect_charts import pattern_shares, point
from coworksim.report.charts.style import applied, svg_uri
from coworksim.report.html.illustrations import Illustration
from coworksim.report.html.tables import Row, Table
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, filled, says
from coworksim.report.sentences.limitations import runs_left_out
from coworksim.report.sentences.pattern_drivers import DRAWN, Measured, PatternTables, drivers
from coworksim.report.sentences.survey_text import PILOT_OUTCOMES, asked, simulated_in
from coworksim.report.sentences.text import ALL_PATTERNS, INDEX_WORDS, SHARES, as_share, capital, no_share
from coworksim.statistics.indices import not_zero

_COLUMNS: Final = {"arm", "outcome", "input", "measure", "value", "low", "high", "above"}
_MOST: Final = 5


class Drawn:
    """What has a chart, or None where none was drawn; ``altered``: files that are not as they were written."""

    picture: bytes | None

    @property
    def uri(self) -> str | None:
        """The chart as an address that holds it."""
        return None if self.picture is None else svg_uri(self.picture)


@dataclass(frozen=True)
class Study(Drawn):
    """What a study found: indices by outcome and input, and its heat map."""

    indices: pd.DataFrame
    picture: bytes | None
    altered: tuple[str, ...] = ()


def read_study(folder: Path, *, altered: bool = False) -> Study:
    """Read what ``coworksim experiment`` found: from the folder of its analysis, or the folder above it."""
    give = "write the folder of a study with indices, such as screening"
    place = _analysis(folder, "indices", give)
    found = checked(place, Manifest, give, "analyse the study again", altered=altered)
    table = found.table("indices")
    if missing := sorted(_COLUMNS - set(table.columns)):
        refuse(folder, f"its indices have no column {missing[0]}", "analyse the study again")
    words = table.astype(dict.fromkeys(("arm", "outcome", "input", "measure"), str))
    return Study(words, _picture(found, "sensitivity.svg", "arm-1/sensitivity.svg"), found.altered)


def _picture(found: CheckedFolder[Any], *names: str) -> bytes | None:
    """Return the first of these charts that was written."""
    return next(((found.folder / name).read_bytes() for name in names if name in found.manifest.files), None)


def _analysis(folder: Path, table: str, give: str) -> Path:
    """Return where the tables of a study lie: in its folder of analysis, or that is the folder itself."""
    name = f"{table}.parquet"
    places = [place for place in (folder, folder / "analysis") if (place / name).is_file()]
    return places[0] if places else refuse(folder, f"there is no {name} in it", give)


def sensitivity_table(study: Study) -> Table | None:
    """Return, for each outcome of the first arm, the inputs that move it most, and which are larger than chance."""
    table = study.indices
    measure = next((name for name in INDEX_WORDS if (table["measure"] == name).any()), None)
    if measure is None or table.empty:
        return None
    chosen = table[(table["arm"] == table["arm"].iloc[0]) & (table["measure"] == measure) & (table["input"] != "dummy")]
    rows: list[Row] = []
    for outcome, block in chosen.groupby("outcome", sort=False):
        told = block.assign(known=[_known(row) for row in block.to_dict("records")])
        order = told[told["known"] != ""].sort_values("value", ascending=False, kind="stable")
        first = order.sort_values("known", key=lambda known: known != _LARGER, kind="stable").head(_MOST)
        rows.append((says(Name(str(outcome).replace("_", " "))),))
        for row in first.to_dict("records"):
            rows.append((says(Name(row["input"])), _index(row, measure), says(row["known"])))
        if first.empty:
            rows.append((says("no input"), says("–"), says("none is larger than chance alone")))
    caption = says(
        f"Inputs that move the outcomes of a study most: {INDEX_WORDS[measure]}. Chance alone is the index of an input "
        "that nothing reads.",
    )
    return Table.of(caption, ("Outcome and input", "Index", "What is known of it"), rows)


_LARGER: Final = "larger than chance alone"


def _known(row: Mapping[Any, Any]) -> str:
    """Return what is known of an index; nothing where it may be zero."""
    if row["above"] is True:
        return _LARGER
    low = math.nan if row["low"] is None else float(row["low"])
    return "not zero, but not larger than chance alone" if not_zero(row["measure"], low) else ""


def _index(row: Mapping[Any, Any], measure: str) -> Sentence:
    ends = {end: math.nan if row[end] is None else float(row[end]) for end in ("low", "high")}
    found = {**row, **ends}
    if measure in SHARES:
        if no_share(found["value"], found["high"]):
            return says("not given: the estimate lies outside what a share can be, by sampling error")
        found = as_share(found)
    return says(Estimate(float(found["value"]), found["low"], found["high"], "", 0))


@dataclass(frozen=True)
class Pilot(Drawn):
    """What a pilot would find: plain data, and its chart of power."""

    about: Mapping[str, Any]
    picture: bytes | None
    altered: tuple[str, ...] = ()


def read_pilot(folder: Path, *, altered: bool = False) -> Pilot:
    """Read the folder of ``coworksim pilot``. Raises InputError where it is none."""
    give, again = "give the folder that coworksim pilot created", "run coworksim pilot again"
    found = checked(folder, PilotManifest, give, again, altered=altered)
    tables = {name: plain_rows(found.table(name)) for name in ("power", "needed")}
    return Pilot({**found.said, **tables}, _picture(found, "power.svg"), found.altered)


def pilot_sentences(pilot: Pilot) -> list[Sentence]:
    """Say what was simulated, and what it rests on."""
    about = pilot.about
    line = filled(
        "{} as a pilot in {}: {}. {} How many people answer, and how noisy answers on skills are, is assumed.",
        Name("; ".join(str(policy["name"]) for policy in about["policies"])),
        Name(str(about["scenario"]["name"])),
        Name(str(about["design"]["meaning"])),
        simulated_in(about["replicates"], about["surveys_of_each"]),
    )
    return [line, *runs_left_out(about.get("failed") or [])]


def pilot_table(pilot: Pilot) -> Table:
    """Return, by outcome and month, the true effect, how surely the largest survey finds it, and whom one must ask."""
    most: dict[tuple[str, int], Mapping[str, Any]] = {}
    for row in sorted(pilot.about["power"], key=lambda one: int(one["people"])):
        most[row["outcome"], int(row["month"])] = row
    rows = []
    for row in pilot.about["needed"]:
        found = most.get((row["outcome"], int(row["month"])))
        words, unit = PILOT_OUTCOMES.get(row["outcome"], (str(row["outcome"]), ""))
        when = says(f"{capital(words)} after ", Fact.count(int(row["month"]), "months"))
        if found is not None:
            effect = _with_half(found, "true_effect", "difference of shares" if row["outcome"] == "member" else unit)
            power = _with_half(found, "power", "share")
            rows.append((when, effect, says(Fact.count(int(found["people"]), "people")), power, asked(row)))
    heads = (
        "Outcome",
        "True effect in the model",
        "Most people asked",
        "Surveys of them that find it",
        "People to ask to find it in four of five",
    )
    caption = says("Would this pilot find the effect that the policy has in the model?")
    return Table.of(caption, heads, rows)


def _with_half(row: Mapping[str, Any], name: str, unit: str) -> Sentence:
    if row[name] is None:
        return says("not defined")
    value = float(row[name])
    half = row[f"{name}_half_width"]
    low, high = (math.nan, math.nan) if half is None else (value - float(half), value + float(half))
    if unit == "share":
        low, high = max(low, 0.0), min(high, 1.0)
    return says(Estimate(value, low, high, unit, 0))


#: The folder of measured patterns that comes with the package, and what it says of itself.
MEASURED: Final = "patterns"
ABOUT: Final = "about.json"
#: Tables, and the columns without which they are of no use; all but the first may be missing.
FILES: Final[dict[str, set[str]]] = {
    "shares": {"part", "pattern", "place", "form", "n", "shown", "share", "low", "high"},
    "halves": {"pattern", "place", "field", "left_behind_has", "n", "share", "low", "high"},
    "deciding": {"pattern", "place", "input", "above", "inputs_above", "inputs", "direction"},
    "ablation": {"pattern", "place", "off", "n", "share", "low", "high", "defined"},
}


def read_patterns(folder: Path, *, altered: bool = False) -> PatternTables:
    """Read what ``coworksim patterns`` wrote: its folder of tables, or the folder above it."""
    give, again = "write the folder that coworksim patterns named", "run coworksim patterns again"
    found = checked(_analysis(folder, "shares", give), Manifest, give, again, altered=altered)
    tables = found.tables(*FILES)
    for name, table in tables.items():
        if missing := sorted(FILES[name] - set(table.columns)):
            refuse(folder, f"its {name} have no column {missing[0]}", again)
    return PatternTables({name: _in_words(name, table) for name, table in tables.items()}, altered=found.altered)


def own_patterns() -> PatternTables:
    """Read what comes with the package."""
    about = data_file(f"{MEASURED}/{ABOUT}")
    if about is None:
        raise FileNotFoundError("the patterns that belong to coworksim are missing; install the package again")
    import pandas as pd

    files = {name: about.parent / f"{name}.csv" for name in FILES}
    tables = {name: _in_words(name, pd.read_csv(path)) for name, path in files.items() if path.is_file()}
    return PatternTables(tables, json.loads(about.read_text(encoding="utf-8")))


def _in_words(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns that are no numbers are plain text."""
    import pandas as pd

    words = [one for one in FILES[name] if not pd.api.types.is_numeric_dtype(table[one])]
    return table.astype(dict.fromkeys(words, str))


def _label(pattern: str, place: str) -> str:
    if pattern not in PATTERNS:
        return ALL_PATTERNS if pattern == "all" else f"{pattern}, {place}"
    where = f", {PLACES[place]}" if len(PATTERNS[pattern].places) > 1 else ""
    return f"{pattern} {PATTERNS[pattern].label}{where}"


def _cell(found: Measured, key: tuple[str, str], form: str) -> Sentence:
    share = found.share(*key, form)
    if share is None:
        return says("–")
    row = found.at[*key, form]
    return says(Fact.count(row["shown"]), " of ", Fact.count(row["n"]), ": ", share)


def pattern_table(tables: PatternTables) -> Table | None:
    """Return patterns down, forms of the world across: count of draws, share and its interval."""
    found = Measured.of(tables)
    rows = [(says(Name(_label(*key))), *(_cell(found, key, form) for form in found.forms)) for key in found.keys]
    told = "; ".join(f"{name}: {one.says}" for name, one in NULLS.items() if name in found.forms)
    caption = says(
        f"Of {found.words}, how many show each pattern: in the world as declared, and in worlds that lack what the "
        f"survey took for its cause ({told})."
    )
    return Table.of(caption, ("Pattern", *(says(Name(form)) for form in found.forms)), rows) if rows else None


def driver_table(tables: PatternTables) -> Table | None:
    """Return each pattern with the share of runs that show it, in the world as declared and the placebo, and why."""
    found = Measured.of(tables)
    rows = []
    for key in found.keys:
        why = drivers(tables, *key) if key[0] in PATTERNS else says("")
        rows.append((says(Name(_label(*key))), *(_cell(found, key, form) for form in DRAWN), why))
    mechanisms = " Mechanisms were switched off at the scenario's own values." if "ablation" in tables.of else ""
    caption = says(f"Of {found.words}, how many show each pattern, and what that hinges on.{mechanisms}")
    heads = ("Pattern", "As declared", "Placebo", "What it hinges on")
    return Table.of(caption, heads, rows) if rows else None


def pattern_picture(tables: PatternTables) -> Illustration | None:
    """Return the shares in the world as declared and in the placebo as a chart."""
    found = Measured.of(tables)
    shown = [form for form in found.forms if form in DRAWN]
    rows, alt = [], list[Part]()
    for key in found.keys:
        own = [found.share(*key, form) for form in shown]
        rows.append((_label(*key), [point(one) for one in own]))
        alt += [Name(_label(*key)), ": "]
        alt += [part for form, one in zip(shown, own, strict=True) for part in (Name(form), " ", one or "none", "; ")]
    if not rows:
        return None
    with applied():
        drawn = pattern_shares(rows, shown)
    text = f"Share of {found.words} that show each pattern, with {{}} interval; dotted: half of them."
    return Illustration(drawn, says(*alt), filled(text, Fact("95 %")))
