"""Run as a process of its own: a Parquet file's bytes in, its columns as text out (Arrow IPC)."""

import io
from collections.abc import Iterator
from typing import Final

import polars as pl

from cptdiff.contained.child import serve
from cptdiff.errors import Refused

# Polars reserves address space for its threads that it never uses.
MEMORY: Final = 3 * 1024**3


def answer(data: bytes) -> Iterator[bytes]:
    """The table in `data`, null as empty text. Raises `Refused` (E215)."""
    try:
        frame = pl.read_parquet(io.BytesIO(data))
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
    buffer = io.BytesIO()
    texts.write_ipc(buffer)
    yield buffer.getvalue()


if __name__ == "__main__":
    serve(answer, MEMORY)
