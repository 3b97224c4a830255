"""The rows of a sheet counted once more, from its bytes, by nothing that the reader shares."""

import codecs
import html
import re
from collections.abc import Collection
from itertools import pairwise
from typing import Final

_NAMED: Final = rb"<(?:[\w.\-\x80-\xff]+:)?"
# Attributes up to the one that is wanted; a value may hold a ">".
_UP_TO: Final = rb"""[^>"']*?(?:(?:"[^"]*"|'[^']*')[^>"']*?)*?"""
_VALUE: Final = rb"""\s*=\s*["']([^"'<]*)["']"""
_ROW: Final = re.compile(_NAMED + rb"row(?=[\s/>])")
_NUMBER: Final = re.compile(rb"\A<" + _UP_TO + rb"\sr" + _VALUE)
_CELL: Final = re.compile(_NAMED + rb"c(?=[\s/>])")
_KIND: Final = re.compile(rb"\A<" + _UP_TO + rb"\st" + _VALUE)
_WORDS: Final = re.compile(_NAMED + rb"""[vt](?:\s(?:[^>"'/]|"[^"]*"|'[^']*')*)?>([^<]+)""")
_CALCULATED: Final = re.compile(_NAMED + rb"f(?=[\s/>])")
_END: Final = re.compile(rb"</(?:[\w.\-\x80-\xff]+:)?sheetData\s*>")
_UNREAD: Final = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# How a part begins that is not in bytes of ASCII (XML 1.0, appendix F.1).
_WIDE: Final = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def counted(data: bytes, empty: Collection[int]) -> list[int]:
    """The numbers of the rows that hold anything; `empty` are the shared texts without a letter."""
    data = _plain(data)
    end = _END.search(data)
    last = end.start() if end else len(data)
    starts = [found.start() for found in _ROW.finditer(data, 0, last)]
    number, found = 0, []
    for start, stop in pairwise([*starts, last]):
        row = data[start:stop]
        said = _NUMBER.match(row)
        number = int(_resolved(said[1])) if said else number + 1
        if _holds(row, empty):
            found.append(number)
    return found


def _plain(data: bytes) -> bytes:
    """`data` in an encoding with ASCII's bytes, its comments left out, CDATA as other text."""
    for mark, codec in _WIDE:
        if data.startswith(mark):
            data = data.decode(codec, "replace").encode()
    if b"<!" in data or data.find(b"<?", 1) > 0:
        return _UNREAD.sub(_as_text, data)
    return data


def _as_text(found: re.Match[bytes]) -> bytes:
    return (found[1] or b"").replace(b"&", b"&amp;").replace(b"<", b"&lt;")


def _resolved(value: bytes) -> bytes:
    """`value` with its references to characters as those."""
    return html.unescape(value.decode("utf-8", "replace")).encode() if b"&" in value else value


def _holds(row: bytes, empty: Collection[int]) -> bool:
    """Whether a cell of `row` has words, or a formula without any."""
    if not (empty or _CALCULATED.search(row)):
        return _WORDS.search(row) is not None
    at = [found.start() for found in _CELL.finditer(row)]
    cells = (row[start:stop] for start, stop in pairwise([*at, len(row)]))
    return any(_filled(cell, empty) for cell in cells)


def _filled(cell: bytes, empty: Collection[int]) -> bool:
    words, said = _WORDS.search(cell), _KIND.match(cell)
    kind = _resolved(said[1]) if said else b"n"
    if words:
        text = _resolved(words[1])
        return kind != b"s" or not text.isdigit() or int(text) not in empty
    return kind != b"str" and _CALCULATED.search(cell) is not None
