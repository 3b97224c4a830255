"""HCPCS lists as they are printed: a header line, then lines that begin with a code (.prn)."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.releases.lines import lines_of
from cptdiff.releases.text import decoded, lined

_ROW: Final = r"^\s*([A-Za-z][0-9]{4}|[0-9A-Z]{2})(?:\s{2,}|$)"


@dataclass(frozen=True, eq=False)
class Printed:
    """`rows`: line, text, code, said (what stands behind the code); `header` is that line."""

    header: str
    rows: pl.DataFrame
    notes: tuple[str, ...]


def printed(place: str, data: bytes, header: str) -> Printed:
    """The lines below the one that `header` matches; one without a code is told, not used.

    Raises `Refused` (E330) without such a line, or where no line has a code.
    """
    lines = lines_of(lined(decoded(place, data, ansi=True)))
    is_header = lines["text"].str.contains(header)
    if not is_header.any():
        wrong = "has no line with the names of its columns"
        raise Refused("E330", place, wrong, "check that it is the publisher's own list")
    at = int(is_header.arg_max() or 0)
    text = pl.col("text")
    below = lines.slice(at + 1).filter(text.str.strip_chars() != "", ~text.str.contains(header))
    is_row = text.str.contains(_ROW)
    odd = below.filter(~is_row)
    if odd.height == below.height:
        wrong = "has no line that begins with a code"
        raise Refused("E330", place, wrong, "check that it is the publisher's own list")
    rows = below.filter(is_row).with_columns(
        text.str.extract(_ROW).str.to_uppercase().alias("code"),
        text.str.replace(_ROW, "").alias("said"),
    )
    return Printed(lines["text"][at], rows, _told(odd))


def _told(odd: pl.DataFrame) -> tuple[str, ...]:
    if not odd.height:
        return ()
    return (f"lines without a code, not used: {odd.height:,} (the first: line {odd['line'][0]})",)
