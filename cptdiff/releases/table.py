"""What a reader makes of one file."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.model import Break

# So far down a header is looked for in tables and workbooks.
HEADER_ROWS: Final = 50

# `code` is the row's code where it can be told, else empty.
FAULTS: Final = pl.Schema(
    {
        "line": pl.Int64,
        "kind": pl.String,
        "code": pl.String,
        "column": pl.String,
        "fault": pl.String,
        "raw": pl.String,
        "fix": pl.String,
    }
)


@dataclass(frozen=True, eq=False)
class Table:
    """One file's rows. `frame`: line, kind, code and the layout's fields, all String but line.

    `faults` (`FAULTS`) are rows that could not be read; `read` is the number of rows by the
    second counter, which shares no parser with the reader: frame and faults make it up.
    `separator` parts cells that may be quoted, empty where a line is a row; `sheet` is the one of
    a workbook that holds the rows. `breaks` are signs that lines are missing;
    `unended` is the code of a last line without its line end.
    """

    frame: pl.DataFrame
    faults: pl.DataFrame
    read: int
    encoding: str
    preamble: str = ""
    notes: tuple[str, ...] = ()
    separator: str = ""
    sheet: str = ""
    breaks: tuple[Break, ...] = ()
    unended: str = ""


def faulty(rows: pl.DataFrame, fault: str, fix: str, column: str = "") -> pl.DataFrame:
    """`rows` (line, text and, where they can be told, kind and code) as `FAULTS`."""
    if not rows.height:
        return none_faulty()
    return rows.select(
        pl.col("line").cast(pl.Int64),
        *(name if name in rows.columns else pl.lit("").alias(name) for name in ("kind", "code")),
        pl.lit(column).alias("column"),
        pl.lit(fault).alias("fault"),
        pl.col("text").alias("raw"),
        pl.lit(fix).alias("fix"),
    )


def none_faulty() -> pl.DataFrame:
    """No faults."""
    return pl.DataFrame(schema=FAULTS)
