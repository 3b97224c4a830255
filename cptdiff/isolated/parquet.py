"""Run as a process of its own: a Parquet file's bytes in, its columns as text out.

The answer is the number of rows on a line of its own, then the table (Arrow IPC).
"""

import io
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.isolated import cap_rows
from cptdiff.isolated.child import serve

# Polars reserves address space for its threads that it never uses.
MEMORY: Final = 3 * 1024**3
MAX_TEXT: Final = 1024**3
# What a text takes at the least (Arrow's views).
_SLOT: Final = 16


def answer(data: bytes) -> Iterator[bytes]:
    """Yield the number of rows, then the table. Raise `Refused`: broken E215, too large E170."""
    try:
        schema = pl.read_parquet_schema(io.BytesIO(data))
        rows = _count_rows(data, schema)
        frame = pl.read_parquet(io.BytesIO(data))
        beyond = _read_int96(data, schema)
    except (MemoryError, Refused):
        raise
    # A panic of Polars is no Exception.
    except BaseException as error:
        raise _refuse_broken() from error
    try:
        texts = frame.select(
            _write_text(column, beyond.get(column.name)).fill_null("") for column in frame
        )
    except pl.exceptions.PolarsError as error:
        wrong = "a column contains lists or structures, not values"
        raise Refused("E215", "", wrong, "save it with plain columns") from error
    if texts.estimated_size() > MAX_TEXT:
        raise _refuse_bomb()
    buffer = io.BytesIO()
    texts.write_ipc(buffer)
    yield b"%d\n" % rows
    yield buffer.getvalue()


def _count_rows(data: bytes, schema: Collection[str]) -> int:
    """Return the rows that the metadata states and the first column has.

    A reader may believe the metadata and leave out what only the columns hold, so they must agree.
    """
    scan = pl.scan_parquet(io.BytesIO(data))
    stated = cap_rows("", int(scan.select(pl.len()).collect().item()))
    counts = scan.select(pl.first().null_count() + pl.first().count())
    if schema and stated != counts.collect(engine="streaming").item():
        raise _refuse_broken()
    # A few bytes of a dictionary can stand for any number of rows.
    if stated * len(schema) * _SLOT > MAX_TEXT:
        raise _refuse_bomb()
    return stated


def _refuse_broken() -> Refused:
    return Refused("E215", "", "is not a complete Parquet file", "save it again")


def _refuse_bomb() -> Refused:
    wrong = f"unpacks to more than {MAX_TEXT:,} bytes"
    return Refused("E170", "", wrong, "check that it is the right file")


def _read_int96(data: bytes, schema: dict[str, pl.DataType]) -> dict[str, pl.Series]:
    """The columns of INT96, Spark's form of a moment, in microseconds.

    Polars reads them in nanoseconds, which end in 2262, and puts that end for every later moment
    (and for those before 1677): 2299-12-31 and 9999-12-31 would be one.
    """
    found = {}
    for name in (name for name, kind in schema.items() if kind == pl.Datetime("ns")):
        stated = {**schema, name: pl.Datetime("us")}
        scanned = pl.scan_parquet(io.BytesIO(data), schema=stated).select(name)
        # An integer of nanoseconds is read as no other unit: it is not INT96, and whole.
        with suppress(pl.exceptions.SchemaError):
            found[name] = scanned.collect().to_series()
    return found


def _write_text(column: pl.Series, beyond: pl.Series | None) -> pl.Series:
    """`column` as text: a moment in one form, whatever unit the file counts it in.

    A midnight without a time zone is its day. `beyond` has the moments of a column of INT96.
    """
    if not isinstance(column.dtype, pl.Datetime):
        return column.cast(pl.String)
    text = _write_moment(column)
    if beyond is None:
        return text
    # Rounding alone makes one microsecond.
    is_cut = (column.cast(pl.Int64) // 1000 - beyond.cast(pl.Int64)).abs() > 1
    return _write_moment(beyond).zip_with(is_cut.fill_null(value=False), text)


def _write_moment(column: pl.Series) -> pl.Series:
    return (
        column.cast(pl.String)
        .str.replace(r"(\.[0-9]*?)0+($|[+-])", "${1}${2}")
        .str.replace(r"\.($|[+-])", "${1}")
        .str.replace(" 00:00:00$", "")
    )


if __name__ == "__main__":
    serve(answer, MEMORY)
