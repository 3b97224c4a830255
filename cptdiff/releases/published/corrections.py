"""Corrections to HCPCS files, printed, as text parted by tabs or as a workbook (formats.md 7.1)."""

from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.formats.published import TOUCHED
from cptdiff.releases.published.columns import columns, is_table, tables
from cptdiff.releases.published.printed import printed
from cptdiff.releases.published.stating import (
    calendar_day,
    change,
    hcpcs_kind,
    listing,
    touched,
    without_dental,
)
from cptdiff.stated import PublishedList

_HEADER: Final = r"(?i)^\s*(?:HCPCS? ?(?:CODE)?|CODE)\s+(?:TYPE OF )?(?:ACTION|CHANGE)\b"
# The date's last digit and what follows it are lost where a short description stands beside it.
_DATE: Final = r"([0-9]{2}/[0-9]{2}/[0-9]{4})(?:\s|$)"
_CUT_DATE: Final = r"[0-9]{2}/[0-9]{2}/[0-9]{3}.*$"


def corrections(place: str, name: str, data: bytes) -> PublishedList:
    """The corrections, one row for each description that the words name; never a whole list.

    Raises `Refused` (E330, E163) where it has no such columns.
    """
    rows, odd = _sheets(place, data) if is_table(place, data) else _printed(place, data)
    rows, dental = without_dental(rows.filter(pl.col("code") != ""))
    worded = pl.col("change") == "revised"
    named = pl.when(worded).then(touched(pl.col("action"), dict(TOUCHED)))
    stated = hcpcs_kind(rows.with_columns(change(pl.col("action")).alias("change")))
    stated = stated.with_columns(named.otherwise(pl.concat_list(pl.lit(""))).alias("field"))
    found = listing(name, "corrections", data, stated.explode("field", empty_as_null=True))
    return replace(found, whole=False, notes=(*odd, *dental))


def _printed(place: str, data: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Code, words and, where it is printed whole, the date; a line without one is all words."""
    found = printed(place, data, _HEADER)
    rows = found.rows.select(
        "code",
        pl.col("said").str.replace(_CUT_DATE, "").str.strip_chars().alias("action"),
        calendar_day(pl.col("said").str.extract(_DATE)).alias("date"),
    )
    return rows, found.notes


def _sheets(place: str, data: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    frames = [
        columns(table).select(
            pl.col("code").str.strip_chars().str.to_uppercase(),
            pl.col("action").str.replace_all(r"\s+", " ").str.strip_chars(),
            calendar_day(pl.col("date")).alias("date"),
        )
        for table in tables(place, data)
    ]
    return pl.concat(frames), ()
