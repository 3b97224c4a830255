"""Run as a process of its own: a Parquet file's bytes in, its columns as text out (Arrow IPC)."""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.reading.isolated.child import serve

# Polars reserves address space for its threads that it never uses.
MEMORY: Final = 3 * 1024**3
MAX_TEXT: Final = 1024**3
# What a text takes at the least (Arrow's views).
_SLOT: Final = 16


def answer(data: bytes) -> Iterator[bytes]:
    """The table in `data`, null as empty text. Raises `Refused`: broken E215, too large E170."""
    try:
        schema = pl.read_parquet_schema(io.BytesIO(data))
        # Enough to be known as too much: a footer can lie about its rows, and a few bytes of a
        # dictionary can stand for any number of them.
        most = MAX_TEXT // (_SLOT * max(len(schema), 1)) + 1
        frame = pl.read_parquet(io.BytesIO(data), n_rows=most)
        beyond = _beyond_nanoseconds(data, schema, most)
    except MemoryError:
        raise
    # A panic of Polars is no Exception.
    except BaseException as error:
        raise Refused("E215", "", "is no whole Parquet file", "write it again") from error
    try:
        texts = frame.select(
            _text(column, beyond.get(column.name)).fill_null("") for column in frame
        )
    except pl.exceptions.PolarsError as error:
        wrong = "a column holds lists or structures, not values"
        raise Refused("E215", "", wrong, "write plain columns") from error
    if frame.height == most or texts.estimated_size() > MAX_TEXT:
        wrong = f"unpacks to more than {MAX_TEXT:,} bytes"
        raise Refused("E170", "", wrong, "check that it is the right file")
    buffer = io.BytesIO()
    texts.write_ipc(buffer)
    yield buffer.getvalue()


def _beyond_nanoseconds(
    data: bytes, schema: dict[str, pl.DataType], most: int
) -> dict[str, pl.Series]:
    """The columns of INT96, Spark's form of a moment, in microseconds.

    Polars reads them in nanoseconds, which end in 2262, and puts that end for every later moment
    (and for those before 1677): 2299-12-31 and 9999-12-31 would be one.
    """
    found = {}
    for name in (name for name, kind in schema.items() if kind == pl.Datetime("ns")):
        stated = {**schema, name: pl.Datetime("us")}
        scanned = pl.scan_parquet(io.BytesIO(data), schema=stated, n_rows=most).select(name)
        # An integer of nanoseconds is read as no other unit: it is not INT96, and whole.
        with suppress(pl.exceptions.SchemaError):
            found[name] = scanned.collect().to_series()
    return found


def _text(column: pl.Series, beyond: pl.Series | None) -> pl.Series:
    """`column` as text: a moment in one form, whatever unit the file counts it in.

    A midnight without a time zone is its day. `beyond` has the moments of a column of INT96.
    """
    if not isinstance(column.dtype, pl.Datetime):
        return column.cast(pl.String)
    text = _moment(column)
    if beyond is None:
        return text
    # Rounding alone makes one microsecond.
    is_cut = (column.cast(pl.Int64) // 1000 - beyond.cast(pl.Int64)).abs() > 1
    return _moment(beyond).zip_with(is_cut.fill_null(value=False), text)


def _moment(column: pl.Series) -> pl.Series:
    return (
        column.cast(pl.String)
        .str.replace(r"(\.[0-9]*?)0+($|[+-])", "${1}${2}")
        .str.replace(r"\.($|[+-])", "${1}")
        .str.replace(" 00:00:00$", "")
    )


if __name__ == "__main__":
    serve(answer, MEMORY)
