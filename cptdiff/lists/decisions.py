"""What reviewers decided: the filled rows of the sheet Changes of a changes.xlsx."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from cptdiff.errors import Refused
from cptdiff.lists.columns import is_workbook
from cptdiff.model import Note
from cptdiff.reading import decode, open_bundle
from cptdiff.vocabulary import CHANGES, KINDS

_SHEET: Final = "Changes"
_NEEDED: Final = ("code", "change", "reviewer", "decision", "date", "fingerprint")
_FILLED: Final = ("reviewer", "decision", "date")
_HEADER_ROWS: Final = 20
_FEW: Final = 5
# A spreadsheet separates by one of these when it saves a sheet as CSV, as its language has it.
_SEPARATORS: Final = (",", ";", "\t")
# What workbooks.Row says of a formula that was never calculated, and what stands for it.
_UNCALCULATED: Final = "?"
_NO_VALUE: Final = "(a formula without a value)"
# A worksheet of lists has these, and no row of changes.xlsx has the first two.
_OF_LISTS: Final = ("new_code", "row", "code", "decision")
Grid = list[tuple[int, list[str]]]


class Decision(NamedTuple):
    """What a reviewer decided on a change; `fingerprint` pins the change as it was then."""

    kind: str
    code: str
    change: str
    fingerprint: str
    reviewer: str
    decision: str
    date: str


def read_decisions(
    paths: Sequence[Path], code_set: str
) -> tuple[tuple[Decision, ...], tuple[Note, ...]]:
    """Return the decisions in edited workbooks, or in their sheet as CSV, and notes on them.

    Of two decisions on one change as it is, the later one counts, and a note says so. Raise
    `Refused` where the columns are missing (E163) or a row cannot be used (E332).
    """
    found: list[Decision] = []
    notes: list[Note] = []
    for path in paths:
        rows, more = _read_file(path, code_set)
        found += rows
        notes += more
    return tuple(found), (*notes, *_note_conflicts(found))


def part_decisions(paths: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the files with decisions on changes, and the worksheets with those on lines of lists.

    Their header tells; what is neither is among the first, whose reader says what is wrong.
    """
    of_lists = tuple(path for path in paths if _is_worksheet(path))
    return tuple(path for path in paths if path not in of_lists), of_lists


def _is_worksheet(path: Path) -> bool:
    bundle = open_bundle(path)
    if not bundle.single:
        return False
    grids = read_grids(bundle.archive.name, bundle.members[0].read())
    tops = (cells for _, grid in grids for _, cells in grid[:_HEADER_ROWS])
    return any(set(_OF_LISTS) <= {*_fold_names(cells)} for cells in tops)


def _fold_names(cells: Sequence[str]) -> list[str]:
    return [re.sub(r"[^a-z]+", "_", cell.strip().lower()) for cell in cells]


def _read_file(path: Path, code_set: str) -> tuple[list[Decision], tuple[Note, ...]]:
    bundle = open_bundle(path)
    name = bundle.archive.name
    if not bundle.single:
        raise Refused("E102", name, "is not a file", "give the edited changes.xlsx itself")
    place, grid = _find_grid(name, bundle.members[0].read())
    header, rows = _split_header(place, grid)
    cells = [(number, _name_cells(header, row)) for number, row in rows]
    ours = [one for one in cells if one[1].get("code_set", "") in {"", code_set}]
    found = [
        _read_row(f"{place}:{number}", row)
        for number, row in ours
        if any(row[column] for column in _FILLED)
    ]
    passed = len(cells) - len(ours)
    text = f"{passed:,} rows of other code sets were passed over"
    return found, (Note("list", text, name),) if passed else ()


def _find_grid(name: str, data: bytes) -> tuple[str, Grid]:
    """The rows that hold anything, of the sheet Changes or of a CSV file, with their numbers."""
    grids = dict(read_grids(name, data))
    place = f"{name}[{_SHEET}]"
    if is_workbook(data) and place not in grids:
        fix = "give a changes.xlsx that cptdiff wrote, with the decisions filled in"
        raise Refused("E163", name, f"has no sheet {_SHEET}", fix)
    return (place, grids[place]) if place in grids else (name, grids[name])


def read_grids(name: str, data: bytes) -> Iterator[tuple[str, Grid]]:
    """Yield the visible sheets of a workbook, or the one of a CSV file: place and filled rows.

    Raise `Refused` where that cannot be read, such as broken quotes (E153).
    """
    if is_workbook(data):
        from cptdiff.reading.workbooks import open_book  # noqa: PLC0415 - when it is used

        for sheet in open_book(name, data).sheets:
            rows = [(row.number, _show_formulas(row.kinds, row.cells)) for row in sheet.rows]
            yield f"{name}[{sheet.name}]", rows
        return
    text = decode(name, data, ansi=True).data.decode()
    first = text.partition("\n")[0]
    mark = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        yield name, [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        place, wrong = f"{name}:{reader.line_num}", f"quotes are broken ({error})"
        raise Refused("E153", place, wrong, "export it again") from error


def _show_formulas(kinds: str, cells: Sequence[str]) -> list[str]:
    """The cells of a row; a formula that was never calculated has no value, and is not empty."""
    return [
        _NO_VALUE if kind == _UNCALCULATED else cell
        for kind, cell in zip(kinds, cells, strict=True)
    ]


def _split_header(place: str, grid: Grid) -> tuple[list[str], Grid]:
    """The names of the columns, and the rows below. Raise `Refused` (E163) without all of them."""
    for at, (_, cells) in enumerate(grid[:_HEADER_ROWS]):
        names = _fold_names(cells)
        if set(_NEEDED) <= set(names):
            return names, grid[at + 1 :]
        if {"code", "decision"} <= set(names):
            missing = ", ".join(name for name in _NEEDED if name not in names)
            fix = "keep all columns of the changes.xlsx, the hidden ones too, or make the run again"
            raise Refused("E163", place, f"has no column {missing}", fix)
    fix = "give a changes.xlsx that cptdiff wrote, with the decisions filled in"
    raise Refused("E163", place, "has no header with Code and Decision", fix)


def _name_cells(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    padded = [*row, *[""] * (len(header) - len(row))]
    return {name: cell.strip() for name, cell in zip(header, padded, strict=False) if name}


def _read_row(place: str, row: dict[str, str]) -> Decision:
    found = Decision(**{name: row.get(name, "") for name in Decision._fields})
    found = found._replace(kind=found.kind or "code")
    missing = [name for name in ("code", "change", "fingerprint") if not getattr(found, name)]
    if missing:
        fix = "fill in decisions only on the rows that cptdiff wrote"
        raise Refused("E332", place, f"has no {' and no '.join(missing)}", fix)
    for word, what, known in ((found.kind, "kind", KINDS), (found.change, "change", CHANGES)):
        if word not in known:
            raise Refused("E332", place, f"{word} is not a {what}", f"use {', '.join(known)}")
    return found


def _note_conflicts(found: Sequence[Decision]) -> Iterator[Note]:
    """Yield a note where two rows decide one change, and not alike."""
    several: dict[tuple[str, ...], set[str]] = {}
    for one in found:
        several.setdefault(one[:4], set()).add(one.decision.casefold())
    codes = sorted({key[1] for key, words in several.items() if len(words) > 1})
    if codes:
        more = f" and {len(codes) - _FEW:,} more" if len(codes) > _FEW else ""
        many = "1 change has" if len(codes) == 1 else f"{len(codes):,} changes have"
        text = f"{many} two decisions that differ; the last one counts"
        yield Note("list", text, "", f" ({', '.join(codes[:_FEW])}{more})")
