"""Run as a process of its own: a Parquet file's bytes in, its columns as text out.

The answer is the number of rows on a line of its own, a line of JSON with what the columns hold,
then the table (Arrow IPC). What a value is called does not depend on who wrote the file:
`cptdiff.isolated.values` has one text for each type.
"""

import io
import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.isolated import cap_rows
from cptdiff.isolated.child import serve
from cptdiff.isolated.values import describe_type, is_nested, is_unreadable, write_text
from cptdiff.limits import describe_bytes, find_limits, propose_limit

# Polars reserves address space for its threads that it never uses.
MEMORY: Final = 3 * 1024**3
_MOST_TEXT: Final = 1024**3
_TEXT_PER_BYTE: Final = 8
# How often the columns stand in memory while they are written, and what else is there.
_COPIES: Final = 4
# What a text takes at the least (Arrow's views).
_SLOT: Final = 16


def answer(data: bytes, wanted: Sequence[str] = ()) -> Iterator[bytes]:
    """Yield the number of rows, then the rest. Raise `Refused`: broken E215, too large E170.

    Of lists and structures only the `wanted` columns are read, if any are named. A column that
    cannot be read has an empty name for its type.
    """
    try:
        schema = dict(pl.read_parquet_schema(io.BytesIO(data)))
        kinds = {name: describe_type(kind) for name, kind in schema.items()}
        chosen = {name: kind for name, kind in schema.items() if _is_chosen(name, kind, wanted)}
        rows = _count_rows(data, chosen)
        frame = pl.read_parquet(io.BytesIO(data), columns=[*chosen])
        beyond = _read_int96(data, chosen)
    except (MemoryError, Refused):
        raise
    # A panic of Polars is no Exception.
    except BaseException as error:
        raise _refuse_broken() from error
    texts, whole = _write_columns(frame, beyond)
    _cap_text(len(data), int(texts.estimated_size()))
    yield b"%d\n" % rows
    buffer = io.BytesIO()
    texts.write_ipc(buffer)
    unread = [name for name in schema if name not in texts.columns]
    columns = {"types": kinds, "unread": unread, "whole": whole}
    yield json.dumps(columns).encode() + b"\n" + buffer.getvalue()


def _is_chosen(name: str, kind: pl.DataType, wanted: Sequence[str]) -> bool:
    """Whether a column can be read, and need be."""
    folded = [one.strip().casefold() for one in wanted]
    is_wanted = not wanted or name.strip().casefold() in folded
    return not is_unreadable(kind) and (is_wanted or not is_nested(kind))


def _write_columns(
    frame: pl.DataFrame, beyond: Mapping[str, pl.Series]
) -> tuple[pl.DataFrame, list[str]]:
    """The columns as text, without those that have none; the names of floats that are whole."""
    texts, whole = [], []
    for column in frame:
        try:
            text = write_text(column, beyond.get(column.name))
        except MemoryError:
            raise
        except BaseException:  # noqa: BLE001, S112 - as above; bytes in a list have no text
            continue
        texts.append(text.fill_null("").alias(column.name))
        if column.dtype.is_float() and column.count() and not text.str.contains(r"[^-0-9]").any():
            whole.append(column.name)
    return pl.DataFrame(texts), whole


def _count_rows(data: bytes, schema: Collection[str]) -> int:
    """Return the rows that the metadata states and the first column has.

    A reader may believe the metadata and leave out what only the columns hold, so they must agree.
    """
    scan = pl.scan_parquet(io.BytesIO(data))
    stated = cap_rows("", int(scan.select(pl.len()).collect().item()))
    for name in [*schema][:1]:
        column = pl.col(name)
        counts = scan.select(name).select(column.null_count() + column.count())
        if stated != counts.collect(engine="streaming").item():
            raise _refuse_broken()
    # A few bytes of a dictionary can stand for any number of rows.
    _cap_text(len(data), stated * len(schema) * _SLOT)
    return stated


def _refuse_broken() -> Refused:
    return Refused("E215", "", "is not a complete Parquet file", "save it again")


def _cap_text(size: int, text: int) -> None:
    """Raise `Refused` (E170) where the columns are too large for a file of `size` bytes."""
    most = max(_MOST_TEXT, _TEXT_PER_BYTE * size, find_limits().memory // _COPIES)
    if text > most:
        wrong = f"unpacks to more than {describe_bytes(most)}"
        fix = f"if it is the right file, add {propose_limit('memory', _COPIES * text)}"
        raise Refused("E170", "", wrong, fix)


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


if __name__ == "__main__":
    # Behind the name of this module.
    serve(partial(answer, wanted=json.loads(sys.argv[2])), MEMORY)
