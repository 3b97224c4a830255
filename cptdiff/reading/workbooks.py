"""Sheets of workbooks and columns of Parquet: the header, the cells, what is doubtful in them."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

import polars as pl

from cptdiff.codesets.layout import Workbook
from cptdiff.columns import AMOUNT, find_name
from cptdiff.errors import Refused
from cptdiff.isolated import run_isolated
from cptdiff.model import Note, make_notes
from cptdiff.reading.delimited import (
    find_fields,
    find_missing_columns,
    refuse_column,
    refuse_repeats,
    strip_name,
)
from cptdiff.reading.headers import (
    Columns,
    Header,
    count_below,
    find_key_places,
    has_keys,
    name_columns,
    refuse_keyless,
    unwrap_cells,
)
from cptdiff.reading.presets import settle
from cptdiff.reading.rows import FAULTS, HEADER_ROWS, Table, make_faults, make_no_faults
from cptdiff.reading.selection import match_names
from cptdiff.reading.sources import OLE, ZIP, recognize_content
from cptdiff.reading.strays import part_rows, tell_apart
from cptdiff.reading.tables import add_keys, drop_unnamed, unwrap_columns
from cptdiff.reading.widths import find_beside, make_key, square_rows

# The stream that holds a workbook with a password, as the directory of such a file names it.
_ENCRYPTION: Final = "EncryptedPackage".encode("utf-16-le")
_STATES: Final = {"veryHidden": "very hidden"}
Found = TypeVar("Found")


class Row(NamedTuple):
    """A row that holds anything: its number in the sheet, what each cell is, and its text.

    `kinds` has a letter for each cell: " " nothing, s text, n number, 0 number shown with zeros,
    d date, b truth, = result of a formula, ? formula that was never calculated, ! error.
    """

    number: int
    kinds: str
    cells: list[str]


@dataclass
class Sheet:
    """A visible sheet. `row_numbers` are its rows by `count_rows`, which shares no parser.

    `amounts` are its columns, from 1, with numbers that are shown as amounts.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)
    amounts: frozenset[int] = frozenset()


_RIGHT_BOOK: Final = "give the workbook with the table, or add a first row that names its columns"


class Book(NamedTuple):
    """A workbook: its visible sheets, the state of every sheet by name, what else is told."""

    place: str
    sheets: tuple[Sheet, ...]
    states: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]

    def find_header(
        self, wanted: str, header: Callable[[list[str]], Found | None]
    ) -> tuple[Sheet, int, Found]:
        """The one sheet with a header, the header's index among its rows, and what it says.

        `header` finds it in a row, `wanted` names its columns. Raises
        `Refused` (E211) where no sheet has one, or two have.
        """
        found = [(sheet, *place) for sheet in self.sheets for place in _find_headers(sheet, header)]
        if len(found) == 1:
            return found[0]
        names = ", ".join(f"{name} ({state})" for name, state in self.states)
        many = f"{len(found)} visible sheets have" if found else "no visible sheet has"
        wrong = f"{many} a header with {wanted} in the first {HEADER_ROWS} rows"
        fix = "name one with --sheet"
        if not found:
            hidden = any(state != "visible" for _, state in self.states)
            fix = "unhide the sheet with the table and save" if hidden else _RIGHT_BOOK
        raise Refused("E211", self.place, wrong, fix, f"; sheets: {names}")

    def choose_sheet(self, wanted: str) -> "Book":
        """Return the workbook with the one sheet that is named; whole where none is.

        Raise `Refused` (E189) where it is not there, is hidden, or may be one of several.
        """
        if not wanted:
            return self
        names = [name for name, _ in self.states]
        found = [self.states[at] for at in match_names(wanted, names)]
        if len(found) != 1:
            wrong = f"has {len(found) or 'no'} sheets named {wanted}"
            quoted = f"; sheets: {', '.join(names)}"
            fix = f"use the name of one of its sheets, or a pattern such as *{wanted.strip('*')}*"
            raise Refused("E189", self.place, wrong, fix, quoted)
        name, state = found[0]
        if state != "visible":
            wrong = f"the sheet {name} is {state}"
            raise Refused("E189", self.place, wrong, "unhide it in the spreadsheet and save")
        return self._replace(sheets=tuple(one for one in self.sheets if one.name == name))


def _find_headers(
    sheet: Sheet, header: Callable[[list[str]], Found | None]
) -> list[tuple[int, Found]]:
    rows = enumerate(sheet.rows[:HEADER_ROWS])
    return [(at, said) for at, row in rows if (said := header(row.cells)) is not None][:1]


def open_book(place: str, data: bytes, *, may_be_old: bool = False) -> Book:
    """The workbook in `data`; one in the old format (.xls) only where it `may_be_old`.

    Raises `Refused`: no .xlsx E130, password E182, bomb E213 or E171, entities E214, broken E215.
    """
    is_old = may_be_old and data.startswith(OLE) and _ENCRYPTION not in data
    if not is_old:
        _is_book(place, data)
    module = "cptdiff.isolated.old_workbook" if is_old else "cptdiff.isolated.workbook"
    lines = run_isolated(module, place, data).split(b"\n")[:-1]
    properties, *content = map(json.loads, lines)
    sheets: list[Sheet] = []
    states: list[tuple[str, str]] = []
    for line in content:
        if isinstance(line, list):
            sheets[-1].rows.append(Row(*line))
        elif "sheet" in line:
            states.append((line["sheet"], _STATES.get(line["state"], line["state"])))
            if line["state"] == "visible":
                sheets.append(Sheet(line["sheet"]))
        else:
            sheets[-1].hidden, sheets[-1].merged = line["hidden"], line["merged"]
            sheets[-1].row_numbers = line["counted"]
            sheets[-1].amounts = frozenset(line.get("amounts", ()))
    return Book(
        place, tuple(sheets), tuple(states), tuple(_describe_book(place, properties, states))
    )


def list_sheets(place: str, data: bytes) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
    """The visible sheets: name, and the rows that hold anything (number from 1, cells)."""
    for sheet in open_book(place, data).sheets:
        yield sheet.name, [(row.number, row.cells) for row in sheet.rows]


def _describe_book(
    place: str, properties: dict[str, Any], states: Sequence[tuple[str, str]]
) -> Iterator[Note]:
    if properties["macros"]:
        yield Note("reading", "contains macros, which are not run", place)
    if properties["links"]:
        yield Note("reading", "links to other workbooks, which are not read", place)
    unseen = [f"{name} ({state})" for name, state in states if state != "visible"]
    if unseen:
        quoted = f": {', '.join(unseen)}"
        yield Note("reading", "hidden sheets, which are not read", place, quoted)


def _is_book(place: str, data: bytes) -> None:
    if data.startswith(ZIP):
        return
    if data.startswith(OLE) and _ENCRYPTION in data:
        raise Refused("E182", place, "is password-protected", "save it without a password")
    if data.startswith(OLE):
        fix = "use the publisher's text file, or save it as .xlsx"
        raise Refused("E130", place, "is an old Excel workbook (.xls)", fix)
    what = recognize_content(data) or "not a workbook"
    raise Refused(
        "E130", place, f"the content is {what}, but its name says xlsx", "save it as .xlsx"
    )


_ERRORS: Final = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
)
_DOUBTS: Final = frozenset("=?!")
_VALUES: Final = "paste values instead of formulas"
Fault = tuple[str, str, str]


class Cells(NamedTuple):
    """The columns that are used: name by index from 0, and which of them make up the code."""

    names: Mapping[int, str]
    keys: Sequence[int]

    def code(self, row: Row) -> str:
        """The code of a row as far as it can be told."""
        return make_key(row.cells, self.keys)


def sort_rows(rows: list[Row], sheet: Sheet, columns: Cells) -> tuple[list[Row], pl.DataFrame]:
    """The rows whose cells can be trusted, and the others as `FAULTS`."""
    covered = _find_covered(rows, sheet, columns)
    unsafe = {kinds for kinds in {row.kinds for row in rows} if _is_unsafe(kinds, columns)}
    sound: list[Row] = []
    faults: list[tuple[int, str, str, str, str, str, str]] = []
    for row in rows:
        fault = None
        if row.kinds in unsafe or row.number in covered:
            fault = _find_fault(row, columns, covered.get(row.number, ()))
        if fault is None:
            sound.append(row)
        else:
            column, wrong, fix = fault
            raw = "\t".join(row.cells)
            faults.append((row.number, "code", columns.code(row), column, wrong, raw, fix))
    return sound, pl.DataFrame(faults, FAULTS, orient="row")


def describe_cells(place: str, rows: list[Row], sheet: Sheet, columns: Cells) -> tuple[Note, ...]:
    """What was read as its user sees it, though it is no plain text; with counts."""
    of_codes: Counter[str] = Counter()
    formulas = zeros = 0
    for kinds, times in Counter(row.kinds for row in rows).items():
        for at in columns.names:
            kind = kinds[at : at + 1]
            of_codes[kind] += times * (at in columns.keys)
            formulas += times * (kind == "=" and at not in columns.keys)
            zeros += times * (kind == "0" and at not in columns.keys)
    last = rows[-1].number if rows else 0
    first = rows[0].number if rows else 0
    counts = {
        "codes that are numbers, read as their format shows them (00000)": of_codes["0"],
        "codes that are numbers, not text": of_codes["n"],
        "values that are numbers, read as their format shows them (00000)": zeros,
        "values that are results of formulas, as last calculated": formulas,
        "hidden or filtered rows, read as the others": sum(
            first <= number <= last for number in sheet.hidden
        ),
    }
    texts = (f"{what}: {number:,}" for what, number in counts.items() if number)
    return make_notes("reading", texts, place)


def _is_unsafe(kinds: str, columns: Cells) -> bool:
    shown = [kinds[at : at + 1].strip() for at in columns.names]
    return not _DOUBTS.isdisjoint(shown) or _lacks_code(kinds, columns)


def _lacks_code(kinds: str, columns: Cells) -> bool:
    return not any(kinds[at : at + 1].strip() for at in columns.keys)


def _find_fault(row: Row, columns: Cells, covered: Collection[int]) -> Fault | None:
    for at, name in columns.names.items():
        kind = row.kinds[at : at + 1]
        column = "code" if at in columns.keys else name
        if at in covered:
            return column, "E212: is merged with a cell that holds the text", "unmerge the cells"
        if kind == "!":
            error = row.cells[at] if row.cells[at] in _ERRORS else "an error"
            return column, f"E210: contains {error} instead of a value", "correct the cell"
        if kind == "?":
            return column, "E210: is a formula that was never calculated", _VALUES
        if kind == "=" and at in columns.keys:
            return column, "E210: the code is the result of a formula", _VALUES
    if _lacks_code(row.kinds, columns):
        return "code", "E212: has no code", "enter the code, or delete the row"
    return None


def _find_covered(rows: list[Row], sheet: Sheet, columns: Cells) -> dict[int, set[int]]:
    """By row the columns whose cells lie under a merged one: they hold nothing of their own."""
    found: dict[int, set[int]] = {}
    for number, at in _list_covered(rows, sheet, columns):
        found.setdefault(number, set()).add(at)
    return found


def _list_covered(rows: list[Row], sheet: Sheet, columns: Cells) -> Iterator[tuple[int, int]]:
    for top, left, bottom, right in sheet.merged:
        inside = [at for at in columns.names if left <= at + 1 <= right]
        for row in rows if inside else ():
            if top <= row.number <= bottom:
                yield from (
                    (row.number, at) for at in inside if (row.number, at + 1) != (top, left)
                )


def read_workbook(place: str, data: bytes, layout: Workbook, sheet_name: str = "") -> Table:
    """The rows below the header: line, kind, code and the layout's fields."""
    found = open_book(place, data).choose_sheet(sheet_name)
    known = {strip_name(name): field for name, field in layout.header.items()}

    def fields_of(cells: list[str]) -> tuple[str, ...] | None:
        return find_fields(cells, known, layout.required)

    _check_columns(found, fields_of, layout)
    sheet, at, fields = found.find_header(", ".join(layout.required), fields_of)
    place = f"{place}[{sheet.name}]"
    fields = refuse_repeats(place, fields)
    columns = Cells({i: name for i, name in enumerate(fields) if name}, (fields.index("code"),))
    rows = sheet.rows[at + 1 :]
    body, faults = sort_rows(rows, sheet, columns)
    frame, wide = _square_rows(body, fields, columns)
    whole, stray = _join_records(frame, layout) if layout.kinds else (frame, make_no_faults())
    if stray.height:
        odd = (
            "E157: is neither a record nor the continuation of one",
            "compare it with its neighbors",
        )
        wide = pl.concat([wide, make_faults(stray, *odd)])
    header = sheet.rows[at].number
    counted = sum(number > header for number in sheet.row_numbers)
    aside = {*faults["line"], *wide["line"]}
    further = _count_further((row for row in rows if row.number not in aside), fields, layout)
    return Table(
        whole,
        pl.concat([faults, wide]),
        counted - further,
        "workbook",
        "\n".join(" ".join(row.cells) for row in sheet.rows[:at]),
        (*found.notes, *describe_cells(place, body, sheet, columns)),
        sheet=sheet.name,
    )


def _check_columns(
    found: Book, fields_of: Callable[[list[str]], tuple[str, ...] | None], layout: Workbook
) -> None:
    """Refuse a workbook that has a header, but not all of its columns."""
    tops = [(sheet, [row.cells for row in sheet.rows[:HEADER_ROWS]]) for sheet in found.sheets]
    if any(fields_of(cells) for _, rows in tops for cells in rows):
        return
    for sheet, rows in tops:
        names = find_missing_columns(rows, layout)
        if names:
            raise refuse_column(f"{found.place}[{sheet.name}]", names)


def _count_further(rows: Iterable[Row], fields: tuple[str, ...], layout: Workbook) -> int:
    """How many rows carry on the one above, counted apart from `_join_records` (the row law)."""
    if not layout.kinds:
        return 0
    code, kind = fields.index("code"), fields.index("kind")
    further, before, count = {*layout.kinds} - {*layout.first}, None, 0
    for row in rows:
        this = row.cells[code].strip(" ") if code < len(row.cells) else ""
        count += this == before and row.cells[kind : kind + 1] in ([one] for one in further)
        before = this
    return count


def count_used(cells: Sequence[str]) -> int:
    """How many cells from the left hold anything."""
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _square_rows(
    rows: list[Row], fields: tuple[str, ...], columns: Cells
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows as a frame, missing cells empty; those wider than the header as `FAULTS`."""
    narrow = [row for row in rows if count_used(row.cells) <= len(fields)]
    found = {
        name: [(row.cells[i] if i < len(row.cells) else "") for row in narrow]
        for i, name in columns.names.items()
    }
    schema = {"line": pl.UInt32} | dict.fromkeys(found, pl.String)
    frame = pl.DataFrame({"line": [row.number for row in narrow], **found}, schema)
    if "kind" not in found:
        frame = frame.with_columns(pl.lit("code").alias("kind"))
    faults = [
        (row.number, "code", columns.code(row), "",
         f"E152: has {count_used(row.cells)} cells, the header has {len(fields)}",
         "\t".join(row.cells), "compare the row with the header")
        for row in rows if count_used(row.cells) > len(fields)
    ]  # fmt: skip
    return frame, pl.DataFrame(faults, FAULTS, orient="row")


def _join_records(frame: pl.DataFrame, layout: Workbook) -> tuple[pl.DataFrame, pl.DataFrame]:
    """HCPCS rows: further records right below their own code carry on its text.

    Returns the entries, and the rows that are neither an entry nor its continuation.
    """
    stripped = pl.col("code").str.strip_chars(" ")
    further = [record for record in layout.kinds if record not in layout.first]
    carried_on = pl.col("kind").is_in(further) & (stripped == stripped.shift(1))
    numbered = frame.with_columns((~carried_on.fill_null(value=False)).cum_sum().alias("entry"))
    joined = numbered.group_by("entry", maintain_order=True).agg(
        pl.exclude("long").first(), pl.col("long").str.strip_chars_end(" ").str.join(" ")
    )
    first = pl.col("kind").is_in(layout.first)
    whole = (
        joined.filter(first)
        .drop("entry")
        .with_columns(
            pl.col("kind").replace_strict(dict(layout.kinds), default="", return_dtype=pl.String),
            stripped,
            pl.selectors.string().exclude("kind", "code").str.strip_chars_end(" "),
        )
    )
    rest = joined.filter(~first).select(
        pl.col("line").cast(pl.Int64),
        pl.concat_str("code", "kind", "long", separator="\t").alias("text"),
        pl.lit("code").alias("kind"),
        stripped.alias("code"),
    )
    return whole, rest


def read_own_workbook(place: str, data: bytes, columns: Columns, sheet_name: str = "") -> Table:
    """The one visible sheet, or the named one, whose first 50 rows hold a header with the key."""
    found = open_book(place, data).choose_sheet(sheet_name)
    tops = [row.cells for sheet in found.sheets for row in sheet.rows[:HEADER_ROWS]]
    columns, preset = settle(place, tops, columns)

    def header(cells: list[str], *, in_any_edition: bool = False) -> tuple[str, ...] | None:
        names = tuple(unwrap_cells(cells))
        return names if has_keys(names, columns, in_any_edition=in_any_edition) else None

    in_any_edition = not any(map(header, tops))
    find = partial(header, in_any_edition=in_any_edition)
    may_be_hidden = not sheet_name and any(state != "visible" for _, state in found.states)
    is_missing = in_any_edition and not may_be_hidden and not any(map(find, tops))
    if is_missing and (seen := _find_likeliest(found)):
        raise refuse_keyless(f"{found.place}[{seen[0]}]", columns, seen[1])
    sheet, at, said = found.find_header(" and ".join(columns.keys), find)
    place = f"{place}[{sheet.name}]"
    above = [row.cells for row in sheet.rows[:at]]
    at += count_below((row.cells for row in sheet.rows[at + 1 :]), said, columns)
    below = sheet.rows[at + 1 :]
    beside = find_beside([(row.number, row.cells) for row in below], len(said))
    inside = _keep_inside(below, beside.width)
    wide = [*said, *[""] * (beside.width - len(said))]
    called = name_columns(place, wide, columns, above)
    names = called.names
    line = sheet.rows[at].number
    parted = Header(line, "\t", names, 0, called.unnamed)
    squared = _square_own(inside, sheet, parted, columns, place)
    frame, faults, wrapped = unwrap_columns(squared.frame, squared.faults, names, columns, place)
    frame, names, unnamed = drop_unnamed(frame, names, called.unnamed, columns, place)
    whole, notes = add_keys(frame, names, columns, place)
    counted = sum(number > line for number in sheet.row_numbers)
    return Table(
        whole,
        faults,
        counted - (len(below) - len(inside)) - squared.apart,
        "workbook",
        "",
        (
            *found.notes,
            *called.tell(place),
            *squared.notes,
            *wrapped,
            *beside.tell(place),
            *unnamed,
            *notes,
        ),
        sheet=sheet.name,
        types=squared.types,
        keys=columns.keys,
        preset=preset,
    )


def _find_likeliest(book: Book) -> tuple[str, list[str]] | None:
    """The sheet and the row that are most likely the header: the first with most filled cells.

    None where no row has several cells.
    """
    rows = [(sheet.name, row.cells) for sheet in book.sheets for row in sheet.rows[:HEADER_ROWS]]
    best = max(rows, key=lambda row: sum(map(bool, map(str.strip, row[1]))), default=None)
    return best if best and sum(map(bool, best[1])) > 1 else None


# What a column is by its cells; other cells have no type.
_TYPES: Final = {"s": "text", "0": "text", "n": "number", "d": "date", "b": "true or false"}


def _find_types(rows: Sequence[Row], columns: Cells, amounts: Collection[int]) -> dict[str, str]:
    """The types of the columns whose cells have one and the same, by name.

    Numbers, and results of formulas, are amounts where their format says so.
    """
    found: dict[str, set[str]] = {name: set() for name in columns.names.values()}
    for kinds in {row.kinds for row in rows}:
        for at, name in columns.names.items():
            found[name].add(kinds[at : at + 1].strip())
    types = {
        name: {_TYPES.get(kind, "") for kind in kinds if kind} for name, kinds in found.items()
    }
    shown = [
        name
        for at, name in columns.names.items()
        if at + 1 in amounts and found[name] <= {"", "n", "="}
    ]
    alike = {name: kinds.pop() for name, kinds in types.items() if len(kinds) == 1}
    return alike | dict.fromkeys(shown, AMOUNT)


def _keep_inside(rows: list[Row], width: int) -> list[Row]:
    """The rows that hold anything in the first `width` columns, and no more of them."""
    return [
        row._replace(kinds=row.kinds[:width], cells=row.cells[:width])
        for row in rows
        if any(map(str.strip, row.cells[:width])) or not _DOUBTS.isdisjoint(row.kinds[:width])
    ]


class _Squared(NamedTuple):
    """Rows as a frame, rows as `FAULTS`, how many are no entries, what is told, the types."""

    frame: pl.DataFrame
    faults: pl.DataFrame
    apart: int
    notes: tuple[Note, ...]
    types: dict[str, str]


def _square_own(
    rows: list[Row], sheet: Sheet, header: Header, columns: Columns, place: str
) -> _Squared:
    width, cells = len(header.names), _choose_cells(header.names, columns)
    filled = [(row.number, _fill_row(row.cells, width)) for row in rows]
    parted = part_rows(filled, header, columns, {})
    apart = {number for number, _ in parted.apart}
    faults = {parted.rows[at][0]: why for at, why in parted.faults.items()}
    body, doubtful = sort_rows([row for row in rows if row.number not in apart], sheet, cells)
    strays = {at: faults[row.number] for at, row in enumerate(body) if row.number in faults}
    kept = [(row.number, _fill_row(row.cells, width)) for row in body]
    squared = square_rows(kept, header, columns, strays, place)
    notes = (
        *describe_cells(place, body, sheet, cells),
        *squared.notes,
        *tell_apart(parted.apart, place),
    )
    excluded = pl.concat([doubtful, squared.faults])
    types = _find_types(body, cells, sheet.amounts)
    return _Squared(squared.frame, excluded, len(apart), notes, types)


def _choose_cells(names: Sequence[str], columns: Columns) -> Cells:
    """The key's columns, and those that are compared."""
    keys = find_key_places(names, columns)
    wanted = {find_name(name, names) for name in columns.fields}
    compared = {
        at: name for at, name in enumerate(names) if at in keys or not wanted or name in wanted
    }
    return Cells(compared, keys)


def _fill_row(row: list[str], width: int) -> list[str]:
    """A sheet's row at the header's width."""
    return [*row, *[""] * width][:width]
