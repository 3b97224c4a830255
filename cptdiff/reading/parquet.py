"""Columns of Parquet files: as text, from one file or from the parts of a table."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from cptdiff.columns import find_name
from cptdiff.errors import Refused
from cptdiff.isolated import cap_rows, run_isolated
from cptdiff.model import OWN, make_notes
from cptdiff.reading.headers import Columns, has_keys, name_columns, refuse_keyless
from cptdiff.reading.parts import Piece
from cptdiff.reading.presets import settle
from cptdiff.reading.rows import Table, make_no_faults
from cptdiff.reading.tables import add_keys


def read_own_parquet(place: str, data: bytes, columns: Columns) -> Table:
    """Return every column as text; null is empty. The metadata says how many rows there are."""
    return read_parquet_parts(place, [Piece("", data, {})], columns)[0]


def read_parquet_parts(
    place: str, parts: Sequence[Piece], columns: Columns
) -> tuple[Table, list[int]]:
    """Return the rows of all parts, and by part the number of its first row.

    A column that a part does not have is empty there. Values of folders are columns too.
    """
    wanted = [*columns.keys, *columns.fields] if columns.fields and columns.keys else []
    frames, rows, firsts = [], 0, []
    held: dict[str, Any] = {"types": {}, "unread": [], "whole": []}
    for part in parts:
        at = f"{place}!{part.path}" if part.path else place
        answer = run_isolated("cptdiff.isolated.parquet", at, part.data, json.dumps(wanted))
        count, said, table = answer.split(b"\n", 2)
        texts = pl.read_ipc(io.BytesIO(table))
        values = {name: text for name, text in part.values.items() if name not in texts.columns}
        frames.append(texts.with_columns(pl.lit(text).alias(name) for name, text in values.items()))
        firsts.append(rows + 1)
        rows = cap_rows(place, rows + int(count))
        _add_held(held, json.loads(said))
    texts = pl.concat(frames, how="diagonal").fill_null("") if len(frames) > 1 else frames[0]
    columns, preset = settle(place, [texts.columns], columns)
    _check_unread(place, held, columns)
    called = name_columns(place, texts.columns, columns).names
    if not has_keys(called, columns, in_any_edition=True):
        raise refuse_keyless(place, columns, called)
    renamed = texts.rename({old: OWN + new for old, new in zip(texts.columns, called, strict=True)})
    found, notes = add_keys(renamed.with_row_index("line", 1), called, columns, place)
    told = (*notes, *make_notes("reading", _describe_columns(held, columns), place))
    types = {
        name: held["types"].get(old, "") for name, old in zip(called, texts.columns, strict=True)
    }
    read = Table(found, make_no_faults(), rows, "Parquet", "", told, types=types)
    return replace(read, keys=columns.keys, preset=preset), firsts


def _add_held(held: dict[str, Any], further: Mapping[str, Any]) -> None:
    """Take in what a part says of its columns."""
    for name, kind in further["types"].items():
        held["types"].setdefault(name, kind)
    for about in ("unread", "whole"):
        held[about] += [name for name in further[about] if name not in held[about]]


def _check_unread(place: str, held: Mapping[str, Any], columns: Columns) -> None:
    """Refuse a column that is asked for and cannot be read."""
    unread = held["unread"]
    for wanted in (*columns.keys, *columns.fields):
        name = find_name(wanted, unread)
        if name is not None:
            wrong = f"the column {name} holds values that are not read ({held['types'][name]})"
            raise Refused("E215", place, wrong, "save the column as text")


def _describe_columns(held: Mapping[str, Any], columns: Columns) -> Iterator[str]:
    """Tell which columns are not compared, and which are read as what they were before."""
    if held["unread"] and not columns.fields:
        names = ", ".join(f"{name} ({held['types'][name]})" for name in held["unread"])
        yield f"columns whose values cannot be read are not compared: {names}"
    if held["whole"]:
        names = ", ".join(held["whole"])
        yield f"decimal columns with only whole numbers, read as those (1.0 as 1): {names}"
