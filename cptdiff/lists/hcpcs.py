"""CMS's corrections and transaction reports, printed, as tab text or as workbooks."""

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from cptdiff.codesets.lists import TITLE_WORDS
from cptdiff.errors import Refused
from cptdiff.lists.columns import (
    WITH_ATTRIBUTES,
    add_hcpcs_kind,
    drop_dental,
    find_columns,
    find_tables,
    find_touched,
    is_table,
    make_list,
    parse_change,
    parse_day,
)
from cptdiff.model import PublishedList, make_notes
from cptdiff.reading import decode, split_lines, unify_line_ends

_ROW: Final = r"^\s*([A-Za-z][0-9]{4}|[0-9A-Z]{2})(?:\s{2,}|$)"


@dataclass(frozen=True, eq=False, repr=False)
class Printed:
    """`rows`: line, text, code, said (what stands behind the code); `header` is that line."""

    header: str
    rows: pl.DataFrame
    notes: tuple[str, ...]


def read_printed(place: str, data: bytes, header: str) -> Printed:
    """The lines below the one that `header` matches; one without a code is told, not used.

    Raises `Refused` (E330) without such a line, or where no line has a code.
    """
    lines = split_lines(unify_line_ends(decode(place, data, ansi=True)))
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
    return Printed(lines["text"][at], rows, _describe_odd(odd))


def _describe_odd(odd: pl.DataFrame) -> tuple[str, ...]:
    if not odd.height:
        return ()
    return (f"lines without a code, not used: {odd.height:,} (the first: line {odd['line'][0]})",)


_CORRECTIONS: Final = r"(?i)^\s*(?:HCPCS? ?(?:CODE)?|CODE)\s+(?:TYPE OF )?(?:ACTION|CHANGE)\b"
# The date's last digit and what follows it are lost where a short description stands beside it.
_DATE: Final = r"([0-9]{2}/[0-9]{2}/[0-9]{4})(?:\s|$)"
_CUT_DATE: Final = r"[0-9]{2}/[0-9]{2}/[0-9]{3}.*$"


def read_corrections(place: str, name: str, data: bytes) -> PublishedList:
    """The corrections, one row for each description that the words name; never a whole list.

    Raises `Refused` (E330, E163) where it has no such columns.
    """
    rows, odd = (
        _read_all_sheets(place, data)
        if is_table(place, data)
        else _read_printed_corrections(place, data)
    )
    rows, dental = drop_dental(rows.filter(pl.col("code") != ""))
    worded = pl.col("change") == "revised"
    named = pl.when(worded).then(find_touched(pl.col("action"), dict(TITLE_WORDS)))
    stated = add_hcpcs_kind(rows.with_columns(parse_change(pl.col("action")).alias("change")))
    stated = stated.with_columns(named.otherwise(pl.concat_list(pl.lit(""))).alias("field"))
    found = make_list(name, "corrections", data, stated.explode("field", empty_as_null=True))
    return replace(found, whole=False, notes=make_notes("list", (*odd, *dental)))


def _read_printed_corrections(place: str, data: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Code, words and, where it is printed whole, the date; a line without one is all words."""
    found = read_printed(place, data, _CORRECTIONS)
    rows = found.rows.select(
        "code",
        pl.col("said").str.replace(_CUT_DATE, "").str.strip_chars().alias("action"),
        parse_day(pl.col("said").str.extract(_DATE)).alias("date"),
    )
    return rows, found.notes


def _read_all_sheets(place: str, data: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    frames = [
        find_columns(table).select(
            pl.col("code").str.strip_chars().str.to_uppercase(),
            pl.col("action").str.replace_all(r"\s+", " ").str.strip_chars(),
            parse_day(pl.col("date")).alias("date"),
        )
        for table in find_tables(place, data)
    ]
    return pl.concat(frames), ()


_TRANSACTIONS: Final = r"(?i)^\s*HCPCS?(?:\S| (?:CODE|MOD))*\s*TYPE OF CHANGE"


def read_transactions(place: str, name: str, data: bytes) -> PublishedList:
    """Every code of the file with its type of change. Raises `Refused` (E330, E163)."""
    rows, odd = (
        _read_sheet(place, data) if is_table(place, data) else _read_printed_report(place, data)
    )
    rows, dental = drop_dental(rows.filter(pl.col("code") != ""))
    stated = add_hcpcs_kind(rows.with_columns(parse_change(pl.col("action")).alias("change")))
    found = make_list(name, "transactions", data, stated.sort("kind", "code", maintain_order=True))
    return replace(
        found,
        notes=make_notes("list", (*odd, *dental)),
        kinds=("code", "modifier"),
        tells=WITH_ATTRIBUTES,
    )


def _read_printed_report(place: str, data: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The type of change stands between the code and the column of the short description."""
    found = read_printed(place, data, _TRANSACTIONS)
    width = found.header.upper().find("SHORT DESC")
    text, said = pl.col("text"), pl.col("said")
    wide = (
        said if width < 0 else said.str.head(width - (text.str.len_chars() - said.str.len_chars()))
    )
    return found.rows.select("code", wide.str.strip_chars().alias("action")), found.notes


def _read_sheet(place: str, data: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The first sheet that has the columns: the others say the same in another order."""
    rows = find_columns(next(find_tables(place, data))).select(
        pl.col("code").str.strip_chars().str.to_uppercase(),
        pl.col("action").str.replace_all(r"\s+", " ").str.strip_chars(),
    )
    return rows, ()
