"""Cells of text and nothing else: no value becomes a number, a date, a formula or a link.

An apostrophe before a formula, as the CSV files need it, is not needed in a cell of text. The cells
are written as XML (ECMA-376 part 1, 18.3.1.4 and 18.4) since xlsxwriter needs a minute for 40,000
revisions with their marks, escapes control characters in marked cells twice, and takes a text that
begins with <r> and ends with </r> for its own markup.
"""

import re
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from string import ascii_uppercase
from typing import Final

from xlsxwriter import Workbook

from cptdiff.judgement.wording import DELETED, INSERTED, SAME, Piece, pieces

# In a cell, of UTF-16 units ("Excel specifications and limits").
LIMIT: Final = 32_767
PLAIN: Final = "text"

# In points ("Excel specifications and limits").
_LINE: Final = 15
_HIGHEST: Final = 409
# As many lines a row has room for.
LINES: Final = _HIGHEST // _LINE
_SPECIAL: Final = re.compile("[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff]")
_CODED: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
_GONE: Final = "#A3140F"
_NEW: Final = "#0B5A1E"
# Deleted and inserted words can be told apart in black and white too.
_LOOKS: Final[dict[str, dict[str, object]]] = {
    PLAIN: {},
    "remark": {"text_wrap": False},
    "number": {"align": "right"},
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bg_color": "#E4E8EE", "bottom": 1},
    "head number": {"bold": True, "bg_color": "#E4E8EE", "bottom": 1, "align": "right"},
    DELETED: {"font_strikeout": True, "font_color": _GONE},
    INSERTED: {"bold": True, "underline": 1, "font_color": _NEW},
    "critical": {"bold": True, "bg_color": "#8C1D18", "font_color": "#FFFFFF"},
    "high": {"bg_color": "#F6C9C4"},
    "medium": {"bg_color": "#FBE3B5"},
    "low": {"bg_color": "#EEF0D4"},
    "info": {"bg_color": "#ECECEC"},
}
_FONT: Final = (
    '<rPr>{}<sz val="11"/><color rgb="FF{}"/><rFont val="Calibri"/><family val="2"/>'
    '<scheme val="minor"/></rPr>'
)
_WORDS: Final = {
    SAME: "",
    DELETED: _FONT.format("<strike/>", _GONE[1:]),
    INSERTED: _FONT.format("<b/><u/>", _NEW[1:]),
}

# How a cell looks, and what it holds as XML.
Content = tuple[str, str]


def styles(book: Workbook) -> dict[str, int]:
    """The looks of cells, as `book` numbers them."""
    common = {"text_wrap": True, "valign": "top"}
    return {
        role: book.add_format(common | look)._get_xf_index()  # noqa: SLF001 - see `Sheet`
        for role, look in _LOOKS.items()
    }


def plain(text: str) -> str:
    """`text` in one font; nothing of nothing."""
    return text and f'<t xml:space="preserve">{_escaped(text)}</t>'


def marked(previous: str, current: str) -> tuple[Content, Content]:
    """Both wordings, the words marked that only one of them has."""
    both = pieces(previous, current)
    return _side(both, INSERTED), _side(both, DELETED)


def _side(both: Iterable[Piece], other: str) -> Content:
    """What of `both` one side has: all but the `other` role; a cell of one role as a whole."""
    own = (piece for piece in both if piece.role != other)
    runs = [
        (role, "".join(piece.text for piece in run))
        for role, run in groupby(own, key=attrgetter("role"))
    ]
    if len(runs) == 1:
        ((role, text),) = runs
        return PLAIN if role == SAME else role, plain(text)
    return PLAIN, "".join(f"<r>{_WORDS[role]}{plain(text)}</r>" for role, text in runs)


def row(at: int, contents: Iterable[Content], looks: dict[str, int], lines: int = 1) -> str:
    """The row with number `at` (from 0), as high as its lines; without text there is no cell."""
    cells = "".join(
        f'<c r="{column}{at + 1}" s="{looks[role]}" t="inlineStr"><is>{xml}</is></c>'
        for column, (role, xml) in zip(ascii_uppercase, contents, strict=False)
        if xml
    )
    high = f' ht="{min(lines * _LINE, _HIGHEST)}" customHeight="1"' if lines > 1 else ""
    return f'<row r="{at + 1}"{high}>{cells}</row>'


def fitting(text: str, file: str) -> str:
    """`text`, or as much of it as a cell holds and the file that has all."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LIMIT:
        return text
    mark = f" ... (cut: {len(text):,} characters, whole in {file})"
    return units[: 2 * (LIMIT - len(mark))].decode("utf-16-le", "ignore") + mark


def _escaped(text: str) -> str:
    """As XML; what XML cannot hold as Excel writes it, _xHHHH_ (ECMA-376 part 1, 22.4.2.4)."""
    if not _SPECIAL.search(text):
        return text
    coded = _CODED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return coded.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
