"""A folder of results is checked before it is used: its manifest, its completeness, and every file that it lists.

What is wrong with the manifest, or missing, is refused. Where nothing but the content of a file has changed since it
was written, that is refused too unless it is allowed; then whoever tells of the results says that they were altered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from coworksim.files.errors import InputError, echo, printable
from coworksim.files.manifest import MADE_BY, MANIFEST, FileOf, Manifest, broken_seal, first_fault
from coworksim.files.result_folder import refuse

if TYPE_CHECKING:
    import pandas as pd

    from coworksim.model.scenario import Scenario


@dataclass(frozen=True)
class CheckedFolder[M: Manifest]:
    """A folder that is as it was written, but for ``altered``: the files that are not, of which the user knows.

    ``said`` is the manifest as the file has it, ``again`` what to do where something cannot be used.
    """

    folder: Path
    manifest: M
    said: Mapping[str, Any]
    altered: tuple[str, ...]
    again: str

    def table(self, name: str) -> pd.DataFrame:
        """Return a table. Raises InputError where it is none, or of other columns or rows than were written."""
        from coworksim.files.table_files import read_table, table_facts

        file = f"{name}.parquet"
        listed = self.manifest.files.get(file)
        if listed is None:
            refuse(self.folder, f"there is no {file} in it", self.again)
        with self.reading(file):
            columns, rows = table_facts(self.folder / file)
            if columns != listed.columns or rows != listed.rows:
                refuse(self.folder, f"{file} has not the columns and rows that were written", self.again)
            return read_table(self.folder / file)

    def tables(self, *names: str) -> dict[str, pd.DataFrame]:
        """Return those of these tables that were written."""
        return {name: self.table(name) for name in names if f"{name}.parquet" in self.manifest.files}

    def scenario(self, name: str, digest: str) -> Scenario:
        """Return the scenario that was run, under its name. Raises InputError where the file holds another one."""
        from coworksim.files.load import load_scenario

        with self.reading("scenario.yaml"):
            found = load_scenario(self.folder / "scenario.yaml", quiet=True).model_copy(update={"name": name})
        if found.digest != digest:
            what = f"its scenario.yaml (digest {found.digest[:12]}) is not the scenario that was run ({digest[:12]})"
            refuse(self.folder, what, self.again)
        return found

    def json[J: BaseModel](self, name: str, schema: type[J]) -> J:
        """Return what a file of JSON says. Raises InputError where it is not what is declared."""
        with self.reading(name):
            return schema.model_validate(json.loads((self.folder / name).read_text(encoding="utf-8")))

    @contextmanager
    def reading(self, what: str) -> Iterator[None]:
        """Refuse the folder in a sentence where something in it cannot be read.

        The manifest is sound, so this is for files that were altered, and for whatever can be wrong with a Parquet
        file, a text, or the numbers in them: of that there is no end.
        """
        try:
            yield
        except InputError:
            raise
        except Exception as error:
            refuse(self.folder, f"{echo(what)} cannot be read ({type(error).__name__})", self.again)


#: What is said of results whose files have changed since.
ALTERED: Final = "altered since written"


def altered_line(files: Sequence[str]) -> str:
    """Say which files of a folder were altered.

    >>> altered_line(["series.csv", "ties.csv"])
    'These results were altered since written: series.csv, ties.csv.'
    """
    return f"These results were {ALTERED}: {printable(', '.join(files))}."


def marked(files: Sequence[str]) -> list[str]:
    """Return the first line of a page or a list of sentences, where there must be one."""
    return [altered_line(files)] if files else []


def checked[M: Manifest](
    folder: Path, schema: type[M], give: str, again: str, *, altered: bool = False
) -> CheckedFolder[M]:
    """Check a folder of results.

    Args:
        folder: The folder.
        schema: What its manifest must say.
        give: What to give instead, where it is no folder of results.
        again: What to do, where it is one and cannot be used.
        altered: Whether files may have changed since they were written.

    Returns:
        The folder, to read from.

    Raises:
        InputError: It is no such folder, not complete, or not as it was written.
    """
    path = folder / MANIFEST
    if not path.is_file():
        refuse(folder, f"there is no {MANIFEST} in it", give)
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        refuse(folder, f"its {MANIFEST} cannot be read ({type(error).__name__})", again)
    if not isinstance(content, dict) or content.get("made_by") != MADE_BY:
        refuse(folder, f"its {MANIFEST} is not that of results of coworksim", give)
    if content.get("complete") is not True:
        refuse(folder, "it was not written to its end", again)
    if "seal" not in content:
        refuse(folder, f"its {MANIFEST} has no seal: an older version of coworksim wrote it", again)
    try:
        manifest = schema.model_validate(content)
    except ValidationError as error:
        refuse(folder, f"its {MANIFEST} does not fit: {first_fault(error)}", give)
    if broken_seal(content):
        refuse(folder, f"its {MANIFEST} is not as it was written", again)
    changed = tuple(name for name, file in manifest.files.items() if _differs(folder, name, file, again))
    if changed and not altered:
        more = f" and {len(changed) - 1} more" if changed[1:] else ""
        write = f"{again}, or add --altered (altered=True) to use it all the same, marked as altered"
        refuse(folder, f"{echo(changed[0])}{more} is not as it was written", write)
    return CheckedFolder(folder, manifest, content, tuple(dict.fromkeys((*manifest.altered, *changed))), again)


def _differs(folder: Path, name: str, file: FileOf, again: str) -> bool:
    """Whether a file is not as it was written. Raises InputError where it is missing."""
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or "\0" in name or not (folder / name).is_file():
        refuse(folder, f"{echo(name)} is missing in it", again)
    try:
        with (folder / name).open("rb") as content:
            return file_digest(content, "sha256").hexdigest() != file.sha256
    except OSError as error:
        refuse(folder, f"{echo(name)} cannot be read ({error.strerror})", again)
