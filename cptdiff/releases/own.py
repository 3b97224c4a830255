"""Tables of the user's own: their key and fields (contract.md)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.model import OWN, REST
from cptdiff.releases.keys import key_of
from cptdiff.releases.table import FAULTS

_LISTED: Final = 5


@dataclass(frozen=True)
class Columns:
    """What the user named: the key's columns, and the fields to compare (none: all others)."""

    keys: tuple[str, ...] = ("code",)
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """Where a table's header stands, and its column names, trimmed."""

    line: int
    separator: str
    names: tuple[str, ...]


def has_keys(names: Sequence[str], columns: Columns) -> bool:
    """Whether every key column is among `names`, in any case."""
    return {key.strip().casefold() for key in columns.keys} <= {name.casefold() for name in names}


def sound(place: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """`names`, or `Refused` where one is missing or doubled."""
    folded = [name.casefold() for name in names]
    doubled = sorted({name for name in names if folded.count(name.casefold()) > 1})
    if doubled or "" in names:
        wrong = "a column is doubled" if any(doubled) else "a column has no name"
        which = f": {', '.join(doubled)}" if any(doubled) else ""
        quoted = f"{which}; columns found: {', '.join(names)}"
        raise Refused("E162", place, wrong, "name each column once", quoted)
    return names


def squared(
    rows: Sequence[tuple[int, list[str]]],
    header: Header,
    columns: Columns,
    strays: Mapping[int, tuple[str, str]] = MappingProxyType({}),
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows` of the header's width as a frame, the others and the `strays` as `FAULTS`.

    `strays` are fault and fix of rows that are none, by their place among `rows`.
    """
    width = len(header.names)
    uneven = {n: _uneven(row[1], header) for n, row in enumerate(rows) if len(row[1]) != width}
    odd = {**uneven, **strays}
    square = [(line, *cells) for n, (line, cells) in enumerate(rows) if n not in odd]
    schema = {"line": pl.UInt32} | {OWN + name: pl.String for name in header.names}
    places = key_places(header.names, columns)
    faults = [
        (line, "code", key_of(cells, places), "", fault,
         header.separator.join(cells), fix)
        for line, cells, (fault, fix) in ((*rows[n], odd[n]) for n in sorted(odd))
    ]  # fmt: skip
    frame = pl.DataFrame(square, schema, orient="row")
    return frame, pl.DataFrame(faults, FAULTS, orient="row")


def _uneven(cells: Sequence[str], header: Header) -> tuple[str, str]:
    """The fault of a row that is too short or too long, and its likely cause (rows 22, 23)."""
    width, more = len(header.names), cells[len(header.names) :]
    many = f"has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, the header has {width}"
    if not more:
        return f"E151: {many}", "complete the row"
    if any(re.search(r"[^\W\d]", cell) for cell in more):
        fault = f"E152: {many}: a cell that holds the separator without quotes?"
        return fault, "quote a cell that holds the separator"
    return f"E152: {many}", "delete what is too much, or quote the cell that holds the separator"


def key_places(names: Sequence[str], columns: Columns) -> list[int]:
    """Where the key's columns stand among `names`."""
    folded = [name.casefold() for name in names]
    return [folded.index(key.strip().casefold()) for key in columns.keys]


def keyed(
    frame: pl.DataFrame, names: Sequence[str], columns: Columns, place: str
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """`frame` with kind and code, its fields those that the user named, or all but the key."""
    by_folded = {name.casefold(): name for name in names}
    keys = [by_folded[key.strip().casefold()] for key in columns.keys]
    missing = [name for name in columns.fields if name.strip().casefold() not in by_folded]
    if missing:
        quoted = f"; columns found: {', '.join(names)}"
        fix = "name a column of the header with --field"
        raise Refused("E163", place, f"no column {', '.join(missing)}", fix, quoted)
    named = [by_folded[name.strip().casefold()] for name in columns.fields]
    fields = named or [name for name in names if name not in keys]
    parts = [pl.col(OWN + key).str.strip_chars() for key in keys]
    code = parts[0] if len(parts) == 1 else pl.concat_str(
        [part.str.replace_all(r"([\\|])", r"\$1") for part in parts], separator="|"
    )  # fmt: skip
    # A column that is not compared still tells equal rows from unequal ones.
    rest = [name for name in names if name not in (*keys, *fields)]
    blank = pl.all_horizontal(part == "" for part in parts)
    found = frame.select(
        "line",
        pl.lit("code").alias("kind"),
        pl.when(blank).then(pl.lit("")).otherwise(code).alias("code"),
        *(OWN + name for name in fields),
        *(pl.col(OWN + name).alias(REST + name) for name in rest),
    )
    is_padded = [pl.col(OWN + key) != part for key, part in zip(keys, parts, strict=True)]
    padded = found["code"].filter(frame.select(pl.any_horizontal(is_padded)).to_series())
    return found, _trimmed(padded, place)


def _trimmed(padded: pl.Series, place: str) -> tuple[str, ...]:
    if not padded.len():
        return ()
    some = ", ".join(padded.head(_LISTED)) + (", ..." if padded.len() > _LISTED else "")
    return (f"{place}: keys whose blanks at the ends were trimmed: {padded.len():,} ({some})",)


def keyless(place: str, columns: Columns, seen: Sequence[str]) -> Refused:
    """The refusal of a table without its key."""
    wrong = f"no header with the key column {' and '.join(columns.keys)}"
    found = ", ".join(name.strip() for name in seen[:20])
    quoted = f"; columns found: {found}" if seen else ""
    return Refused("E163", place, wrong, "name the key with --key COLUMN", quoted)
