"""Workbooks and Parquet files of the user's own (contract.md, "Plain tables")."""

import io
from collections.abc import Sequence

import polars as pl

from cptdiff.contained import contained
from cptdiff.model import OWN
from cptdiff.releases.cells import Columns as Cells
from cptdiff.releases.cells import sorted_out, told
from cptdiff.releases.footer import row_count
from cptdiff.releases.own import (
    Columns,
    Header,
    has_keys,
    key_places,
    keyed,
    keyless,
    sound,
    squared,
)
from cptdiff.releases.own_rows import strays
from cptdiff.releases.sheets import book
from cptdiff.releases.table import Table, none_faulty
from cptdiff.releases.workbook import used


def own_workbook(place: str, data: bytes, columns: Columns) -> Table:
    """The one visible sheet whose first 50 rows hold a header with the key."""
    found = book(place, data)

    def header(cells: list[str]) -> tuple[str, ...] | None:
        names = tuple(cell.strip() for cell in cells)
        return names if has_keys(names, columns) else None

    sheet, at, said = found.headed(" and ".join(columns.keys), header)
    place = f"{place}[{sheet.name}]"
    names = sound(place, said)
    line = sheet.rows[at].number
    cells = _cells(names, columns)
    body, doubtful = sorted_out(sheet.rows[at + 1 :], sheet, cells)
    rows = [(row.number, _filled(row.cells, len(names))) for row in body]
    parted = Header(line, "\t", names)
    frame, faults = squared(rows, parted, columns, strays(rows, parted, columns))
    whole, notes = keyed(frame, names, columns, place)
    return Table(
        whole,
        pl.concat([doubtful, faults]),
        sum(number > line for number in sheet.counted),
        "workbook",
        "",
        (*found.notes, *told(place, body, sheet, cells), *notes),
        sheet=sheet.name,
    )


def _cells(names: Sequence[str], columns: Columns) -> Cells:
    """The key's columns, and those that are compared."""
    keys = key_places(names, columns)
    wanted = {name.strip().casefold() for name in columns.fields}
    compared = {
        at: name
        for at, name in enumerate(names)
        if at in keys or not wanted or name.casefold() in wanted
    }
    return Cells(compared, keys)


def _filled(row: list[str], width: int) -> list[str]:
    """A sheet's row at the header's width; longer where it holds anything further right."""
    return [*row, *[""] * width][: max(width, used(row))]


def own_parquet(place: str, data: bytes, columns: Columns) -> Table:
    """Every column as text; null is empty. The footer says how many rows there must be."""
    read = row_count(place, data)
    texts = pl.read_ipc(io.BytesIO(contained("cptdiff.contained.parquet", place, data)))
    names = sound(place, tuple(name.strip() for name in texts.columns))
    if not has_keys(names, columns):
        raise keyless(place, columns, names)
    renamed = texts.rename({old: OWN + new for old, new in zip(texts.columns, names, strict=True)})
    found, notes = keyed(renamed.with_row_index("line", 1), names, columns, place)
    return Table(found, none_faulty(), read, "Parquet", "", notes)
