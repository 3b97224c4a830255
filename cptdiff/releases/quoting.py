"""RFC 4180 to the letter: rows of cells with their lines, or where the quotes are broken."""

import csv
import io
import re
from typing import Final, NamedTuple, NoReturn

from cptdiff.errors import Refused
from cptdiff.releases.text import Text

LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_QUOTED: Final = re.compile(rb'"[^"]*+(?:""[^"]*+)*+"')
_FIX: Final = 'double each " inside a quoted cell'
Row = tuple[int, list[str]]
# What is too long is told row by row (E154); the library would give up on the whole file. The
# limit is the process's, a C long, which has 32 bits on Windows.
_LONGEST: Final = 2**31 - 1


class Rows(NamedTuple):
    """Rows with the line that each begins on, and how many lines were blank."""

    rows: list[Row]
    blank: int


def quoted_rows(text: Text, separator: str, above: int, blank: bytes) -> Rows:
    """The rows below `above` lines; a line of the characters `blank` alone is none.

    Raises `Refused` where a quote is opened and not closed (E120), or where more than a separator
    follows a closed one (E153): every line below it would be doubtful.
    """
    source = io.StringIO(text.data.decode(), newline="")
    for _ in range(above):
        source.readline()
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(source, delimiter=separator, strict=True)
    rows, line = [], above + 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = above + reader.line_num + 1
    except csv.Error as error:
        _broken(text, separator, above, error)
    # A cell of blanks may have been quoted: then its line is not blank.
    empty = [
        n for n, (_, cells) in enumerate(rows) if not any(cell.strip(" \t\v\f") for cell in cells)
    ]
    if not empty:
        return Rows(rows, 0)
    lines = LINE_END.split(text.data)
    void = {n for n in empty if not lines[rows[n][0] - 1].strip(blank)}
    return Rows([row for n, row in enumerate(rows) if n not in void], len(void))


def _broken(text: Text, separator: str, above: int, error: csv.Error) -> NoReturn:
    """Raise for the first cell whose quotes are broken, naming the line that opens it."""
    data, ends = text.data, {separator.encode(), b"\r", b"\n", b""}
    bare = re.compile(rb"[^%b\r\n]*+" % re.escape(separator.encode()))
    at = _start(data, above)
    while at < len(data):
        opened = at
        cell = (_QUOTED if data.startswith(b'"', at) else bare).match(data, at)
        if cell is None:
            wrong = "a quote is opened and never closed: the file ends inside it"
            place = f"{text.place}:{_line(data, opened)}"
            raise Refused("E120", place, wrong, f"{_FIX}, or get the file again") from error
        at = cell.end()
        if data[at : at + 1] not in ends:
            wrong = (
                f"text after the closing quote of a cell that opens on line {_line(data, opened)}"
            )
            raise Refused("E153", f"{text.place}:{_line(data, at)}", wrong, _FIX) from error
        at += 1
    raise Refused("E153", text.place, f"quotes are broken ({error})", _FIX) from error


def _start(data: bytes, above: int) -> int:
    """Where the line below the first `above` ones begins."""
    at = 0
    for _ in range(above):
        found = LINE_END.search(data, at)
        at = found.end() if found else len(data)
    return at


def _line(data: bytes, at: int) -> int:
    return len(LINE_END.findall(data, 0, at)) + 1
