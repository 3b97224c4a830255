"""HCPCS transaction reports, printed, as delimited text or as a workbook (formats.md 7.1, 7.3)."""

from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.releases.published.columns import columns, is_table, tables
from cptdiff.releases.published.printed import printed
from cptdiff.releases.published.stating import (
    WITH_ATTRIBUTES,
    change,
    hcpcs_kind,
    listing,
    without_dental,
)
from cptdiff.stated import PublishedList

_HEADER: Final = r"(?i)^\s*HCPCS?(?:\S| (?:CODE|MOD))*\s*TYPE OF CHANGE"


def transactions(place: str, name: str, data: bytes) -> PublishedList:
    """Every code of the file with its type of change. Raises `Refused` (E330, E163)."""
    rows, odd = _sheet(place, data) if is_table(place, data) else _printed(place, data)
    rows, dental = without_dental(rows.filter(pl.col("code") != ""))
    stated = hcpcs_kind(rows.with_columns(change(pl.col("action")).alias("change")))
    found = listing(name, "transactions", data, stated.sort("kind", "code", maintain_order=True))
    return replace(found, notes=(*odd, *dental), kinds=("code", "modifier"), tells=WITH_ATTRIBUTES)


def _printed(place: str, data: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The type of change stands between the code and the column of the short description."""
    found = printed(place, data, _HEADER)
    width = found.header.upper().find("SHORT DESC")
    text, said = pl.col("text"), pl.col("said")
    wide = (
        said if width < 0 else said.str.head(width - (text.str.len_chars() - said.str.len_chars()))
    )
    return found.rows.select("code", wide.str.strip_chars().alias("action")), found.notes


def _sheet(place: str, data: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The first sheet that has the columns: the others say the same in another order."""
    rows = columns(next(tables(place, data))).select(
        pl.col("code").str.strip_chars().str.to_uppercase(),
        pl.col("action").str.replace_all(r"\s+", " ").str.strip_chars(),
    )
    return rows, ()
