"""Run as a process of its own: a Parquet file's bytes in, its columns as text out (Arrow IPC)."""

import io
from collections.abc import Iterator
from typing import Final

import polars as pl

from cptdiff.contained.child import serve
from cptdiff.errors import Refused

# Polars reserves address space for its threads that it never uses.
MEMORY: Final = 3 * 1024**3
MAX_TEXT: Final = 1024**3
# What a text takes at the least (Arrow's views).
_SLOT: Final = 16


def answer(data: bytes) -> Iterator[bytes]:
    """The table in `data`, null as empty text. Raises `Refused`: broken E215, too large E170."""
    try:
        width = len(pl.read_parquet_schema(io.BytesIO(data)))
        # Enough to be known as too much: a footer can lie about its rows, and a few bytes of a
        # dictionary can stand for any number of them.
        most = MAX_TEXT // (_SLOT * max(width, 1)) + 1
        frame = pl.read_parquet(io.BytesIO(data), n_rows=most)
    except MemoryError:
        raise
    # A panic of Polars is no Exception.
    except BaseException as error:
        raise Refused("E215", "", "is no whole Parquet file", "write it again") from error
    try:
        texts = frame.select(pl.all().cast(pl.String).fill_null(""))
    except pl.exceptions.PolarsError as error:
        wrong = "a column holds lists or structures, not values"
        raise Refused("E215", "", wrong, "write plain columns") from error
    if frame.height == most or texts.estimated_size() > MAX_TEXT:
        wrong = f"unpacks to more than {MAX_TEXT:,} bytes"
        raise Refused("E170", "", wrong, "check that it is the right file")
    buffer = io.BytesIO()
    texts.write_ipc(buffer)
    yield buffer.getvalue()


if __name__ == "__main__":
    serve(answer, MEMORY)
