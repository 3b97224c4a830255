"""The rows of a sheet counted once more, from its bytes, by nothing that the reader shares."""

import re
from collections.abc import Collection
from itertools import pairwise
from typing import Final

_ROW: Final = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_NUMBER: Final = re.compile(rb"""\A<[^>]*?\sr\s*=\s*["'](\d+)["']""")
_CELL: Final = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_KIND: Final = re.compile(rb"""\A<[^>]*?\st\s*=\s*["'](\w+)["']""")
_WORDS: Final = re.compile(rb"<(?:\w+:)?[vt](?:\s[^>]*)?>([^<]+)")
_CALCULATED: Final = re.compile(rb"<(?:\w+:)?f(?=[\s/>])")
_END: Final = re.compile(rb"</(?:\w+:)?sheetData\s*>")


def counted(data: bytes, empty: Collection[int]) -> list[int]:
    """The numbers of the rows that hold anything; `empty` are the shared texts without a letter."""
    end = _END.search(data)
    last = end.start() if end else len(data)
    starts = [found.start() for found in _ROW.finditer(data, 0, last)]
    number, found = 0, []
    for start, stop in pairwise([*starts, last]):
        row = data[start:stop]
        said = _NUMBER.match(row)
        number = int(said[1]) if said else number + 1
        if _holds(row, empty):
            found.append(number)
    return found


def _holds(row: bytes, empty: Collection[int]) -> bool:
    """Whether a cell of `row` has words, or a formula without any."""
    if not (empty or _CALCULATED.search(row)):
        return _WORDS.search(row) is not None
    at = [found.start() for found in _CELL.finditer(row)]
    cells = (row[start:stop] for start, stop in pairwise([*at, len(row)]))
    return any(_filled(cell, empty) for cell in cells)


def _filled(cell: bytes, empty: Collection[int]) -> bool:
    words, said = _WORDS.search(cell), _KIND.match(cell)
    kind = said[1] if said else b"n"
    if words:
        return kind != b"s" or not words[1].isdigit() or int(words[1]) not in empty
    return kind != b"str" and _CALCULATED.search(cell) is not None
