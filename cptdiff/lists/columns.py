"""What readers of lists share: words to changes, columns by name."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.codesets.lists import COLUMN_NAMES, DENTAL, LETTERS, WORDS
from cptdiff.errors import Refused
from cptdiff.model import LIST_CHANGES, STATED_CHANGES, PublishedList
from cptdiff.reading import ZIP, decode, find_fields

# The letters F, P and T tell of attributes.
WITH_ATTRIBUTES: Final = (*LIST_CHANGES, "attributes-only")
_MODIFIER: Final = r"^[0-9A-Z]{2}$"


def make_list(name: str, form: str, data: bytes, rows: pl.DataFrame) -> PublishedList:
    """A list of `rows`, which have some of the columns of `STATED_CHANGES`."""
    missing = [
        pl.lit(None if dtype == pl.Date else "", dtype).alias(column)
        for column, dtype in STATED_CHANGES.items()
        if column not in rows.columns
    ]
    changes = rows.with_columns(missing).select(
        pl.col(column).cast(dtype) if dtype == pl.Date else pl.col(column).fill_null("")
        for column, dtype in STATED_CHANGES.items()
    )
    return PublishedList(name, form, hashlib.sha256(data).hexdigest(), changes)


def parse_change(words: pl.Expr) -> pl.Expr:
    """What `words` mean by `LETTERS` and `WORDS`; those that mean nothing known stay as they are.

    An empty cell states nothing.
    """
    said = words.str.strip_chars()
    readings = [pl.when(said == "").then(pl.lit("none"))]
    readings += [pl.when(said == letter).then(pl.lit(what)) for letter, what in LETTERS.items()]
    readings += [pl.when(said.str.contains(f"(?i){e}")).then(pl.lit(what)) for e, what in WORDS]
    return pl.coalesce(*readings, said)


def parse_day(text: pl.Expr) -> pl.Expr:
    """YYYY-MM-DD, YYYYMMDD or MM/DD/YYYY as a day; anything else ("Pre-1982") is null."""
    said = text.str.strip_chars()
    return pl.coalesce(
        said.str.to_date(form, strict=False) for form in ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y")
    )


def add_hcpcs_kind(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with kind by the code's length."""
    is_modifier = pl.col("code").str.contains(_MODIFIER)
    return rows.with_columns(
        pl.when(is_modifier).then(pl.lit("modifier")).otherwise(pl.lit("code")).alias("kind")
    )


def drop_dental(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """`rows` without the American Dental Association's codes, which CMS's files do not hold."""
    dental = rows["code"].str.contains(DENTAL)
    if not dental.any():
        return rows, ()
    note = f"dental codes (D0000 to D9999), in no HCPCS file, not used: {dental.sum():,}"
    return rows.filter(~dental), (note,)


def spell_code(code: pl.Expr, profile: Profile) -> pl.Expr:
    """`code` as the code set's data files spell it: upper case, ICD-10 without the dot."""
    bare = code.str.strip_chars()
    if profile.is_own:
        return bare
    upper = bare.str.to_uppercase()
    return upper.str.replace_all(".", "", literal=True) if profile.drops_dots else upper


def find_touched(words: pl.Expr, known: Mapping[str, str]) -> pl.Expr:
    """The fields that `words` name, as a list; one empty name where they name none."""
    found = pl.concat_list(
        pl.when(words.str.contains(f"(?i){expression}")).then(pl.lit(field))
        for expression, field in known.items()
    ).list.drop_nulls()
    return pl.when(found.list.len() > 0).then(found).otherwise(pl.concat_list(pl.lit("")))


_HEADER_ROWS: Final = 50
_MOST_NAMES: Final = 12
_KEY_COLUMNS: Final = ("code", "action")
_OPTIONAL: Final = ("date", "note", "kind")
_SEPARATORS: Final = ",\t;|"


class Cells(NamedTuple):
    """Rows of cells, and the header's fields ("" for a column that is not known)."""

    fields: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]


def is_workbook(data: bytes) -> bool:
    """Whether `data` is an .xlsx workbook (a zip)."""
    return data.startswith(ZIP)


def is_table(place: str, data: bytes) -> bool:
    """Whether `data` is a workbook, or text whose header parts its columns by a mark."""
    return is_workbook(data) or bool(_find_separator(decode(place, data, ansi=True).data.decode()))


def find_tables(place: str, data: bytes) -> Iterator[Cells]:
    """The visible sheets, or the one text, that have a code and a change column.

    Raises `Refused` (E163) with the names found where there is none.
    """
    seen: list[str] = []
    found = False
    for rows in _list_grids(place, data):
        cells = _find_table(rows)
        if cells:
            found = True
            yield cells
        elif rows and not seen:
            seen = [cell.strip() for cell in rows[0][1] if cell.strip()][:_MOST_NAMES]
    if not found:
        wrong = "no header with a column for the code and one for the change"
        quoted = f"; the first row has {', '.join(seen)}" if seen else ""
        raise Refused("E163", place, wrong, "name the columns code and change", quoted)


def find_columns(cells: Cells) -> pl.DataFrame:
    """The known columns as text: line, code, action, date, note, kind; one not there is empty."""
    fields = cells.fields
    at = {name: fields.index(name) for name in (*_KEY_COLUMNS, *_OPTIONAL) if name in fields}
    data = {
        name: [
            (row[at[name]] if name in at and at[name] < len(row) else "") for _, row in cells.rows
        ]
        for name in (*_KEY_COLUMNS, *_OPTIONAL)
    }
    schema = {"line": pl.Int64} | dict.fromkeys(data, pl.String)
    return pl.DataFrame({"line": [line for line, _ in cells.rows], **data}, schema)


def _find_table(rows: list[tuple[int, list[str]]]) -> Cells | None:
    for at, (_, cells) in enumerate(rows[:_HEADER_ROWS]):
        fields = find_fields(cells, COLUMN_NAMES, _KEY_COLUMNS)
        if fields:
            return Cells(_choose_columns(cells, fields), tuple(rows[at + 1 :]))
    return None


def _choose_columns(cells: list[str], fields: tuple[str, ...]) -> tuple[str, ...]:
    """`fields`, each once: of several columns for one the first name in `COLUMN_NAMES`."""
    order = list(COLUMN_NAMES)
    bare = [re.sub(r"[^0-9a-z]", "", cell.lower()) for cell in cells]
    best = {
        field: min((order.index(bare[at]), at) for at, name in enumerate(fields) if name == field)
        for field in fields
        if field
    }
    return tuple(name if name and best[name][1] == at else "" for at, name in enumerate(fields))


def _list_grids(place: str, data: bytes) -> Iterator[list[tuple[int, list[str]]]]:
    if is_workbook(data):
        from cptdiff.reading.workbooks import list_sheets  # noqa: PLC0415 - when it is used

        yield from (rows for _, rows in list_sheets(place, data))
        return
    text = decode(place, data, ansi=True).data.decode()
    mark = _find_separator(text) or _SEPARATORS[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        yield [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        wrong = f"quotes are broken ({error})"
        raise Refused("E153", f"{place}:{reader.line_num}", wrong, "export it again") from error


def _find_separator(text: str) -> str:
    """The one under which a header is found; empty where there is none."""
    head = text.splitlines()[:_HEADER_ROWS]
    found = (
        mark
        for mark in _SEPARATORS
        if any(
            find_fields(row, COLUMN_NAMES, _KEY_COLUMNS) for row in csv.reader(head, delimiter=mark)
        )
    )
    return next(found, "")
