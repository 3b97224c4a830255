"""Worksheets that come back from reviewers, as workbooks or CSV files: their rows, as they stand.

Nothing is taken for granted: rows were sorted, left out, copied and added, columns moved, codes
lost their zeros on the way through a spreadsheet.
"""

import glob
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, NamedTuple

from cptdiff.errors import Refused
from cptdiff.impact.lists import Input
from cptdiff.impact.worksheet import (
    COLUMNS,
    FILLED,
    PINNED,
    REVIEWED,
    fingerprint_line,
    fold_head,
    list_heads,
    read_number,
)
from cptdiff.lists import Grid, read_grids
from cptdiff.options import name_path
from cptdiff.reading import open_bundle

_NEEDED: Final = ("code", "decision", "row", "fingerprint")
_HEADER_ROWS: Final = 20
# What spreadsheets also save, and cptdiff does not read.
_OTHERS: Final = {".xls": "an old workbook", ".xlsb": "a binary workbook",
                  ".ods": "an OpenDocument spreadsheet", ".numbers": "a Numbers file"}  # fmt: skip
_AGAIN: Final = "give a worksheet that `cptdiff impact` wrote, with all of its columns"
_JOINED: Final = ("replacements",)
_MONEY: Final = ("exposure",)
# What people and spreadsheets may put blanks around; other cells are as the list has them.
_TRIMMED: Final = (*FILLED, *REVIEWED, *_JOINED, *_MONEY, "row", "fingerprint", "code")
_CENT: Final = Decimal("0.01")
# What a spreadsheet would run as a formula, behind the apostrophe that guards it.
_GUARDED: Final = re.compile(r"'[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]")


class Line(NamedTuple):
    """A row of a worksheet that came back.

    `place` is the file with the sheet and the row; `number` what the row is called (worksheet,
    number, of how many), None where a reviewer added it; `is_intact` tells whether what cptdiff
    wrote stands there still. `cells` has every column of `COLUMNS`, and the user's own.
    """

    place: str
    number: tuple[str, int, int] | None
    is_intact: bool
    cells: dict[str, str]

    @property
    def is_filled(self) -> bool:
        """Whether a reviewer filled in anything."""
        return any(self.cells[name] for name in FILLED)


class Reply(NamedTuple):
    """A file that came back, its rows, and the columns of the user's own."""

    file: Input
    lines: tuple[Line, ...]
    own: tuple[str, ...]


def read_replies(given: Sequence[str]) -> tuple[Reply, ...]:
    """Return the worksheets at `given`: .xlsx or CSV files, or patterns of such.

    Raise `Refused` for a file that is no worksheet (E390), or that cannot be read.
    """
    names: list[str] = []
    replies = []
    for path in _expand(given):
        if what := _OTHERS.get(Path(path).suffix.lower()):
            raise Refused("E390", name_path(Path(path)), f"is {what}", "save it as .xlsx or CSV")
        bundle = open_bundle(Path(path))
        name = bundle.archive.name
        if not bundle.single:
            what = "a folder" if Path(path).is_dir() else "a zip"
            raise Refused("E102", name, f"is {what}", "give the files in it, such as 'back/*.xlsx'")
        names.append(name)
        called = f"{name} ({names.count(name)})" if names.count(name) > 1 else name
        replies.append(_read_reply(called, bundle.members[0].read(), bundle.archive.sha256 or ""))
    return tuple(replies)


def has_decisions(path: str) -> bool:
    """Return whether anything was filled in, or reopened, in the worksheet at `path`."""
    (reply,) = read_replies([path])
    return any(line.is_filled or line.cells["former_decision"] or line.cells["problem"]
               for line in reply.lines)  # fmt: skip


def _expand(given: Sequence[str]) -> Iterator[str]:
    """The files, each once."""
    done: set[Path] = set()
    for one in given:
        paths = [one]
        if glob.has_magic(one) and not Path(one).exists():
            paths = sorted(glob.glob(one, recursive=True))  # noqa: PTH207 - a whole path
            if not paths:
                fix = "check the pattern, and put it in quotes"
                raise Refused("E101", one, "no file matches this pattern", fix)
        for path in paths:
            if Path(path).absolute() not in done:
                yield path
            done.add(Path(path).absolute())


def _read_reply(name: str, data: bytes, sha256: str) -> Reply:
    """All rows of the sheets that have the columns of a worksheet."""
    lines: list[Line] = []
    own: dict[str, None] = {}
    missing: list[str] | None = None
    found = False
    for place, grid in read_grids(name, data):
        header = _find_header(grid)
        if header is None:
            continue
        at, names = header
        lacking = [column for column in _NEEDED if column not in names]
        if lacking:
            missing = lacking
            continue
        found = True
        own |= dict.fromkeys(one for one in names if one and one not in COLUMNS)
        lines += [_read_line(f"{place}:{number}", names, row) for number, row in grid[at + 1 :]]
    if missing and not found:
        raise Refused("E390", name, f"has no column {', '.join(missing)}", _AGAIN)
    if not found:
        raise Refused("E390", name, "is not a worksheet: it has no header with Decision", _AGAIN)
    kept = [one for one in own if any(line.cells.get(one) for line in lines)]
    return Reply(Input(name, len(data), sha256), tuple(lines), tuple(kept))


def _find_header(grid: Grid) -> tuple[int, list[str]] | None:
    """The place of the header, and its columns: those of a worksheet, and the user's own."""
    for at, (_, cells) in enumerate(grid[:_HEADER_ROWS]):
        named = [list_heads().get(fold_head(cell), "") for cell in cells]
        if {"code", "decision"} <= set(named):
            # Of two columns with one name the first is ours: the second was added.
            known = {name: named.index(name) for name in named if name}
            widest = max(len(row) for _, row in grid)
            padded = [*cells, *[""] * (widest - len(cells))]
            return at, [
                named[n] if n < len(named) and known.get(named[n]) == n
                else cell.strip() or f"(column {n + 1})"
                for n, cell in enumerate(padded)
            ]  # fmt: skip
    return None


def _read_line(place: str, names: Sequence[str], row: Sequence[str]) -> Line:
    cells = dict.fromkeys(COLUMNS, "")
    for name, cell in zip(names, row, strict=False):
        cells[name] = _clean(name, cell)
    number = read_number(cells["row"])
    pinned = fingerprint_line(cells[name] for name in PINNED)
    return Line(place, number, pinned == cells["fingerprint"].lower(), cells)


def _clean(name: str, cell: str) -> str:
    """A cell without what spreadsheets and CSV files put around it."""
    text = cell.strip() if name in _TRIMMED else cell
    text = text[1:] if _GUARDED.match(text) else text
    if name in _JOINED:
        return re.sub(r"\s*;\s*", ";", text)
    if name in _MONEY and text:
        try:
            return str(Decimal(text.replace(",", "")).quantize(_CENT))
        except InvalidOperation:
            return text
    return text
