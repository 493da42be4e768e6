"""Tables as files: Parquet and CSV from one schema, a part of the rows at a time.

Text is a dictionary with indices of 32 bits, however few words there are: narrower ones differ from file to file, and
files of different types are not read together. Dates are dates, whole numbers have 64 bits, and the fields of the
Parquet file hold unit and meaning of the columns that are declared.

A spreadsheet would run a cell of a CSV file that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, and names come
from files that others may have written. So text cells that begin so get an apostrophe in the CSV, and control
characters are escaped; the Parquet files hold names as they are.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.files.columns import Kind, about
from coworksim.files.errors import printable

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


#: Rows that are converted and written at once.
PART: Final = 25_000
#: Columns that hold true, false or nothing: of one that is empty its values would not tell the type.
_TRUTHS: Final = frozenset({"above"})


def arrow_type(kind: Kind) -> pa.DataType:
    """Return the type that a kind of column has in files."""
    import pyarrow as pa

    types = {
        Kind.TEXT: pa.dictionary(pa.int32(), pa.string()),
        Kind.DATE: pa.date32(),
        Kind.TRUTH: pa.bool_(),
        Kind.WHOLE: pa.int64(),
        Kind.REAL: pa.float64(),
    }
    return types[kind]


def declared_schema(columns: Iterable[str]) -> pa.Schema:
    """Return the schema of columns of a run's table, with unit and meaning. Raises KeyError for an undeclared one."""
    import pyarrow as pa

    told = {name: about(name) for name in columns}
    metadata = {name: {"unit": one.unit, "meaning": one.meaning} for name, one in told.items()}
    return pa.schema([pa.field(name, arrow_type(one.kind), metadata=metadata[name]) for name, one in told.items()])


def schema_of(table: pd.DataFrame) -> pa.Schema:
    """Return the schema of a table whose columns are not declared: one type for whatever a column can hold.

    >>> import pandas as pd
    >>> schema_of(pd.DataFrame({"n": [1], "note": [None], "above": [None]})).types
    [DataType(int64), DataType(string), DataType(bool)]
    """
    import pyarrow as pa

    return pa.schema([pa.field(str(name), _type(str(name), column)) for name, column in table.items()])


def _type(name: str, column: pd.Series[Any]) -> pa.DataType:
    """Return the type of a column; of objects that of what they are: truths, numbers, or else text."""
    import pyarrow as pa

    kinds = {"b": Kind.TRUTH, "i": Kind.WHOLE, "u": Kind.WHOLE, "f": Kind.REAL, "M": Kind.DATE}
    if column.dtype.kind in kinds:
        return arrow_type(kinds[column.dtype.kind])
    if column.dtype == "category":
        return arrow_type(Kind.TEXT)
    seen = {type(value) for value in column.dropna()}
    if name in _TRUTHS or seen == {bool}:
        return pa.bool_()
    return pa.float64() if seen and seen <= {int, float} else pa.string()


def write_table(
    table: pd.DataFrame, files: Mapping[str, Path | pa.NativeFile], schema: pa.Schema | None = None
) -> None:
    """Write a table in parts of rows, each of which alone is copied.

    Args:
        table: What to write.
        files: Where to, a path or an open stream, by form: ``parquet``, ``csv`` or both.
        schema: Types of the columns; None takes those of ``schema_of``.
    """
    parts = (table.iloc[first : first + PART] for first in range(0, max(len(table), 1), PART))
    write_parts(parts, files, schema_of(table) if schema is None else schema)


def write_parts(parts: Iterable[pd.DataFrame], files: Mapping[str, Path | pa.NativeFile], schema: pa.Schema) -> int:
    """Write a table that comes in parts, as :func:`write_table` writes it; return how many rows it has."""
    import pyarrow as pa
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    text = [field.name for field in schema if pa.types.is_dictionary(field.type) or pa.types.is_string(field.type)]
    plain = pa.schema([pa.field(field.name, pa.string() if field.name in text else field.type) for field in schema])
    make: dict[str, Any] = {
        "parquet": lambda file: pq.ParquetWriter(file, schema),
        "csv": lambda file: pc.CSVWriter(file, plain),
    }
    writers, rows = {form: make[form](file) for form, file in files.items()}, 0
    try:
        for part in parts:
            rows += len(part)
            made = pa.Table.from_pandas(part, schema=schema, preserve_index=False)
            for form, writer in writers.items():
                writer.write_table(made if form == "parquet" else _harmless(made, text).cast(plain))
    finally:
        for writer in writers.values():
            writer.close()
    return rows


def write_tables(
    tables: Mapping[str, pd.DataFrame], folder: Path, declared: Container[str] = frozenset()
) -> dict[str, int]:
    """Write each table as ``NAME.parquet`` and ``NAME.csv`` into ``folder``; return how many rows each has.

    Columns of the tables in ``declared`` are those of ``coworksim.files.columns``.
    """
    for name, table in tables.items():
        schema = declared_schema(map(str, table.columns)) if name in declared else schema_of(table)
        write_table(table, {form: folder / f"{name}.{form}" for form in ("parquet", "csv")}, schema)
    return {name: len(table) for name, table in tables.items()}


def _harmless(table: pa.Table, text: list[str]) -> pa.Table:
    """Return a table whose words a spreadsheet would not take for formulas; each word is looked at once."""
    import pyarrow as pa

    for name in text:
        column = table[name].combine_chunks()
        words = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        shown = pa.array([harmless(word) for word in words.dictionary.to_pylist()], pa.string())
        table = table.set_column(table.column_names.index(name), name, shown.take(words.indices))
    return table


def harmless(cell: Any) -> Any:
    """Return text as a spreadsheet may see it; whatever is no text as it is.

    >>> harmless("=1+1"), harmless("Leeds")
    ("'=1+1", 'Leeds')
    """
    if not isinstance(cell, str):
        return cell
    text = printable(cell)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text


def as_csv(table: pd.DataFrame, numbers: str | None = None) -> bytes:
    """Return a table as a CSV file; ``numbers`` is their format, by default in full."""
    # text, in every version of pandas; numbers, booleans and dates stay
    texts = {str(name): column.map(harmless) for name, column in table.items() if column.dtype.kind == "O"}
    text: str = table.assign(**texts).to_csv(index=False, lineterminator="\n", float_format=numbers)
    return text.encode("utf-8")


def read_table(file: Path) -> pd.DataFrame:
    """Return a table of a Parquet file as it was in memory: text in categories, dates as dates."""
    import pyarrow.parquet as pq

    found: pd.DataFrame = pq.read_table(file).to_pandas(date_as_object=False)
    return found


def table_facts(file: Path) -> tuple[dict[str, str], int]:
    """Return the columns of a Parquet file with their types, and its rows."""
    import pyarrow.parquet as pq

    about = pq.ParquetFile(file)
    with about:
        return {field.name: str(field.type) for field in about.schema_arrow}, about.metadata.num_rows
