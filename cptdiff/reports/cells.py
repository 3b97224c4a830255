"""The cells of changes.xlsx: heads, widths, looks, marked words, numbers, and the print."""

import math
import re
from collections.abc import Container, Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cptdiff.errors import escape_controls
from cptdiff.judgement.wording import DELETED, INSERTED, SAME, Piece, merge_pieces

# In characters; what is longer wraps. A head has room for its filter's arrow.
_USUAL: Final = {
    "previous": 50, "current": 50, "previous_descriptor": 45, "current_descriptor": 45,
    "descriptor": 45, "replacement_descriptor": 45, "why": 50, "raw": 50, "fix": 40, "fault": 40,
    "note": 50, "former_decision": 30, "member": 45, "file": 35, "why_this_rank": 28,
    "replacement_descriptors": 45, "cause": 40, "problem": 40,
    "list": 30, "cell": 20, "group": 22, "owner": 22, "columns": 30, "because": 24,
    "line_text": 30,
    "sha256": 34, "section": 14, "class": 14, "classes": 14, "fields": 14, "replacements": 24,
}  # fmt: skip
# What the heads of columns say where they are not the names in the CSV files with blanks.
_HEADS: Final = {
    "sha256": "SHA-256", "family": "Same edit as", "fields": "Changed fields",
    "previous_descriptor": "Previous wording", "current_descriptor": "Current wording",
    "last_valid_date": "Last valid date", "class": "Classes",
    "descriptor": "Wording", "replacement_descriptor": "Wording of the replacement",
    "replacement_descriptors": "Replacement wording", "line_id": "Charge or item",
    "groups": "Owners", "group": "Owner", "cell": "Code in the list", "because": "Listed codes",
    "replacement_on_list": "Replacement on the list", "columns": "Columns with codes",
    "ours": "In the files", "theirs": "On the publisher's list", "fix": "What to do",
    "fault": "Problem", "raw": "Row as it was read", "member": "File in it", "read": "Rows read",
    "kept": "Rows used", "collapsed": "Exact duplicates", "quarantined": "Rows excluded",
}  # fmt: skip
# Columns of numbers: amounts have separators of thousands, places have none.
AMOUNTS: Final = ("size", "read", "kept", "collapsed", "quarantined")
PLACES: Final = ("rank", "line", "byte")
# What a person fills in beside the changes, with the width of each column.
REVIEW: Final = {"reviewer": 16, "decision": 16, "date": 12}
# What a reviewer decided before the change was another one, and what tells that it is.
FORMER_DECISION: Final = "former_decision"
FINGERPRINT: Final = "fingerprint"
# What tells of a row of a worksheet which one it is.
ROW: Final = "row"
DECISIONS: Final = ("no action", "action needed", "ask", "done")
_WIDE: Final = 16
_ARROW: Final = 2
# A text that no row has room for makes its column wider, as far as two fit on a screen.
_WIDEST: Final = 100
# A small letter takes less than the digit in which a column is measured, and the rest of the line
# before a long word the more; a capital takes more.
_CAPITAL: Final = 0.3
# At each cell's sides, in characters.
_MARGIN: Final = 0.71
# Letter, Legal and Tabloid, across (ECMA-376 part 1, 18.3.1.63): as many characters of 11 points
# as stand between the margins where the print makes 8 points of them.
_PAPERS: Final = ((1, 192), (5, 248), (3, 305))


def write_head(name: str) -> str:
    """Return what the head of a column says."""
    return _HEADS.get(name) or name.replace("_", " ").capitalize()


def measure_width(values: pl.Series) -> int:
    """As wide as the longest value, at least the head, at most what a page bears."""
    longest = values.to_frame().select(_room(values.name).max()).item() or 0
    needed = max(math.ceil(longest), len(write_head(values.name)) + _ARROW) + 1
    # As wide as lets the longest stand in the highest row.
    high = min(int(longest / LINES) + 1, _WIDEST)
    return min(needed, max(_USUAL.get(values.name, _WIDE), high))


def count_lines(frame: pl.DataFrame, widths: Sequence[int]) -> pl.Series:
    """How many lines the highest cell of each row has, about."""
    return frame.select(
        pl.max_horizontal(
            (_room(name) / wide).cast(pl.Int64) + pl.col(name).str.count_matches("\n") + 1
            for name, wide in zip(frame.columns, widths, strict=True)
        )
    ).to_series()


def _room(name: str) -> pl.Expr:
    """How wide the text of a column is on one line, about."""
    text = pl.col(name).str
    return text.len_chars() + _CAPITAL * text.count_matches(r"\p{Lu}")


def find_hidden(frame: pl.DataFrame, filled: Container[str]) -> set[str]:
    """The columns that tell nothing: a single code set, the kind where all are codes, empty ones.

    Those that people fill in are shown.
    And the fingerprint and the row's number, which are for cptdiff itself.
    """
    if not frame.height:
        return set()
    codes = "kind" in frame.columns and bool((frame["kind"] == "code").all())
    empty = {column.name for column in frame if column.name not in filled and (column == "").all()}
    one_set = "code_set" in frame.columns and frame["code_set"].n_unique() == 1
    alone = {"kind"} if codes else set()
    return empty | alone | ({"code_set"} if one_set else set()) | {FINGERPRINT, ROW}


def choose_paper(widths: Sequence[int]) -> int:
    """The smallest paper, as Excel numbers them, that bears `widths` at 8 points; or the widest."""
    all_ = sum(widths) + _MARGIN * len(widths)
    return next((number for number, most in _PAPERS if all_ <= most), _PAPERS[-1][0])


# In a cell, of UTF-16 units ("Excel specifications and limits").
LIMIT: Final = 32_767
PLAIN: Final = "text"

# In points ("Excel specifications and limits").
_LINE: Final = 15
_HIGHEST: Final = 409
# As many lines a row has room for.
LINES: Final = _HIGHEST // _LINE
_GONE: Final = "#A3140F"
_NEW: Final = "#0B5A1E"
# Deleted and inserted words can be told apart in black and white too.
_FONTS: Final = {SAME: PLAIN, DELETED: DELETED, INSERTED: INSERTED}
_LOOKS: Final[dict[str, dict[str, object]]] = {
    PLAIN: {},
    "remark": {"text_wrap": False},
    "number": {"align": "right", "num_format": "#,##0"},
    "money": {"align": "right", "num_format": "#,##0.00"},
    "place": {"align": "center", "num_format": "0"},
    "date": {"num_format": "yyyy-mm-dd"},
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
# A cell that looks so holds a number, if its text is one.
_NUMERIC: Final = ("number", "place")
_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,15}")
# How a cell looks, and its text: in one piece, or in runs of which each has a look of its own.
Content = tuple[str, str | tuple[tuple[str, str], ...]]

# So many revised fields get their words marked: marks cost more than all the rest of a workbook.
MARKED: Final = 5_000
# xlsxwriter takes a plain text like this for one of its own rich ones.
_LIKE_RICH: Final = re.compile(r"<r>.*</r>", re.DOTALL)
# What Excel writes as _xHHHH_, and a text that looks so (ECMA-376 part 1, 22.4.2.4): in rich texts
# xlsxwriter escapes them twice.
_CODED: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
_IN_CODE: Final = re.compile("(?<=_)(?=x)")


def make_styles(book: Workbook, *, is_for_rows: bool = False) -> dict[str, Format]:
    """The looks of cells; where people add rows, what they type stays text (00123, 1E10, 1/2)."""
    common = {"text_wrap": True, "valign": "top", **({"num_format": "@"} if is_for_rows else {})}
    return {role: book.add_format(common | look) for role, look in _LOOKS.items()}


def compare_marked(previous: str, current: str) -> tuple[Content, Content]:
    """Both wordings, the words marked that only one of them has."""
    both = merge_pieces(previous, current)
    return _side(both, INSERTED), _side(both, DELETED)


def compare_plain(previous: str, current: str) -> tuple[Content, Content]:
    """Both wordings without marks."""
    return (PLAIN, previous), (PLAIN, current)


def _side(both: Iterable[Piece], other: str) -> Content:
    """What of `both` one side has: all but the `other` role; a cell of one role as a whole."""
    own = (piece for piece in both if piece.role != other)
    runs = tuple(
        (role, "".join(piece.text for piece in run))
        for role, run in groupby(own, key=attrgetter("role"))
    )
    if len(runs) == 1:
        ((role, text),) = runs
        return PLAIN if role == SAME else role, text
    return PLAIN, runs


def write_row(
    sheet: Worksheet, at: int, contents: Iterable[Content], looks: dict[str, Format], lines: int = 1
) -> None:
    """Write the row with number `at` (from 0), as high as its lines; without text there is no cell.

    Text is never read as a number, a formula or a link; what looks like a number is one.
    """
    if lines > 1:
        sheet.set_row(at, min(lines * _LINE, _HIGHEST))
    for column, (role, text) in enumerate(contents):
        runs = ((SAME, text),) if isinstance(text, str) else text
        whole = "".join(words for _, words in runs)
        if role in _NUMERIC and _NUMBER.fullmatch(whole):
            sheet.write_number(at, column, int(whole.replace(",", "")), looks[role])
        elif whole and (len(runs) == 1 or _CODED.search(whole)):
            _write_plain(sheet, at, column, whole, looks, role)
        elif whole:
            parts = [part for run, words in runs for part in (looks[_FONTS[run]], words)]
            sheet.write_rich_string(at, column, *parts, looks[role])


def _write_plain(  # noqa: PLR0913, PLR0917 - a cell, its text, its look
    sheet: Worksheet, at: int, column: int, text: str, looks: dict[str, Format], role: str
) -> None:
    """Write `text` in one font.

    Control characters in what looks like rich text are the only ones that stand as numbers.
    """
    if not _LIKE_RICH.fullmatch(text):
        sheet.write_string(at, column, text, looks[role])
        return
    pieces = (text[:1], *_IN_CODE.split(escape_controls(text[1:])))
    parts = [part for piece in pieces for part in (looks[PLAIN], piece)]
    sheet.write_rich_string(at, column, *parts, looks[role])


def cut_to_fit(text: str, file: str) -> str:
    """`text`, or as much of it as a cell holds and the file that has all."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LIMIT:
        return text
    mark = f" ... (cut: {len(text):,} characters, full text in {file})"
    return units[: 2 * (LIMIT - len(mark))].decode("utf-16-le", "ignore") + mark


_ALL_CELLS: Final = "A1:XFD1048576"
# Excel bears 255 characters in a page's head or foot; the rest is for the codes.
_PAGE_TEXT: Final = 225
_SIDE_MARGIN: Final = 0.4


def set_up_print(sheet: Worksheet, title: str, notice: str) -> None:
    """For print: across, as wide as a page, with grid lines, names, notice and page numbers."""
    sheet.ignore_errors({"number_stored_as_text": _ALL_CELLS})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=_SIDE_MARGIN, right=_SIDE_MARGIN)
    sheet.hide_gridlines(0)
    sheet.set_header(f"&L{_page_text(title)}&R&A")
    sheet.set_footer(f"&L{_page_text(notice)}&RPage &P of &N")


def _page_text(text: str) -> str:
    """`text` on one line, cut to what a page's head bears, its ampersands no codes."""
    # xlsxwriter takes each &G for a picture, even behind another ampersand.
    plain = escape_controls(" ".join(text.split())).replace("&G", "& G").replace("&[", "& [")
    while len(plain.replace("&", "&&").encode("utf-16-le")) > 2 * _PAGE_TEXT:
        plain = f"{plain[:-4].rstrip()}..."
    return plain.replace("&", "&&")
