"""Where the header of a user's table stands, and what parts its cells (rows 29 to 31)."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from cptdiff.contained import MAX_COLUMNS
from cptdiff.errors import Refused
from cptdiff.releases.own import Columns, Header, has_keys, keyless, sound
from cptdiff.releases.quoting import LINE_END
from cptdiff.releases.table import HEADER_ROWS
from cptdiff.releases.text import Text

_SEPARATORS: Final = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
_HEAD: Final = 1024 * 1024
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
# What Excel writes and reads in the first line.
_SAID: Final = re.compile(r'"?sep=([,\t;|])"?[ \t]*', re.IGNORECASE)
# Codes and numbers, but no year: what a header's cells seldom are.
_DATUM: Final = re.compile(r"(?!(?:19|20)[0-9]{2}$)(?:[0-9]{3,}[0-9A-Z.]*|[A-Z][0-9][0-9A-Z.]+)")


def header_of(text: Text, columns: Columns) -> tuple[Header, tuple[str, ...]]:
    """The first row of the first 50 lines that names the key, and what is told of it.

    Raises `Refused` where there is none, where it names a column twice or too many of them.
    """
    head = text.data[:_HEAD].decode(errors="ignore")
    lines = LINE_END.split(text.data[:_HEAD], maxsplit=HEADER_ROWS)[:HEADER_ROWS]
    first = lines[0].decode(errors="ignore")
    said = _SAID.fullmatch(first)
    separators = said[1] if said else "".join(_SEPARATORS)
    for above, line in enumerate(_tails(head, len(lines))):
        for separator in separators:
            cells, taken = _record(line, separator)
            names = tuple(cell.strip() for cell in cells)
            if has_keys(names, columns):
                _narrow(text.place, names)
                header = Header(above + taken, separator, sound(text.place, names))
                return header, _told(text.place, above, separator)
    seen = next((words for words in map(_words, lines) if words), "")
    raise _headless(text.place, columns, re.split(r"[,\t;|]", seen))


def _tails(head: str, number: int) -> Iterator[str]:
    """`head` from each of its first lines on."""
    at = 0
    for _ in range(number):
        yield head[at:]
        found = _LINE_END.search(head, at)
        at = found.end() if found else len(head)


def _record(head: str, separator: str) -> tuple[list[str], int]:
    """The cells of the first row, and how many lines it takes; none where it can be no header."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator, strict=True)
    try:
        return next(reader, []), reader.line_num
    except csv.Error:
        return [], 0


def _narrow(place: str, names: tuple[str, ...]) -> None:
    if len(names) > MAX_COLUMNS:
        wrong = f"has {len(names):,} columns, more than {MAX_COLUMNS:,}"
        raise Refused("E166", place, wrong, "check that it is the right file")


def _told(place: str, above: int, separator: str) -> tuple[str, ...]:
    if separator == "," and not above:
        return ()
    return (f"{place}: header on line {above + 1}, cells parted by {_SEPARATORS[separator]}",)


def _words(line: bytes) -> str:
    return line.decode(errors="ignore").strip()


def _headless(place: str, columns: Columns, cells: list[str]) -> Refused:
    named = [cell.strip() for cell in cells]
    if not any(map(_DATUM.fullmatch, named)):
        return keyless(place, columns, cells)
    fix = "add a first line that names the columns"
    quoted = f": {', '.join(named[:20])}"
    return Refused("E161", f"{place}:1", "line 1 looks like data, no header", fix, quoted)
