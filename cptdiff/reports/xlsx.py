"""changes.xlsx: the tables as sheets, every cell text."""

import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from textwrap import wrap
from typing import Final

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cptdiff.errors import escape_controls
from cptdiff.judgement.wording import DELETED, INSERTED, SAME, Piece, merge_pieces
from cptdiff.model import Release
from cptdiff.options import Presentation
from cptdiff.reports.overview import (
    BEFORE,
    BY_SEVERITY,
    REPLACED,
    WORST_FIRST,
    count_by_kind,
    count_by_section,
    count_by_severity,
    describe_replacements,
    list_heads,
    list_sides,
    make_title,
    merge_groups,
    say_date,
    say_doubts,
    write_rows,
)
from cptdiff.results import ENTRY_COLUMNS, FIELD_COLUMNS, Results
from cptdiff.summary import COUNTS, count_entries
from cptdiff.versions import list_versions
from cptdiff.vocabulary import AUTHOR, KINDS, SEVERITIES

# In characters; what is longer wraps. A head has room for its filter's arrow.
_USUAL: Final = {
    "previous": 50, "current": 50, "previous_descriptor": 45, "current_descriptor": 45,
    "descriptor": 45, "replacement_descriptor": 45, "why": 50, "raw": 50, "fix": 40, "fault": 40, "note": 50, "member": 45, "file": 35,
    "sha256": 34, "section": 14, "class": 14, "classes": 14, "fields": 14, "replacements": 24,
}  # fmt: skip
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


def measure_width(values: pl.Series) -> int:
    """As wide as the longest value, at least the head, at most what a page bears."""
    longest = values.to_frame().select(_room(values.name).max()).item() or 0
    needed = max(math.ceil(longest), len(values.name) + _ARROW) + 1
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


def find_hidden(frame: pl.DataFrame) -> set[str]:
    """The columns that tell nothing: the code set, and the kind where all are codes."""
    if not frame.height:
        return set()
    codes = "kind" in frame.columns and bool((frame["kind"] == "code").all())
    return {"code_set", "kind"} if codes else {"code_set"}


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


def make_styles(book: Workbook) -> dict[str, Format]:
    """The looks of cells."""
    common = {"text_wrap": True, "valign": "top"}
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

    Text is never read as a number, a formula or a link.
    """
    if lines > 1:
        sheet.set_row(at, min(lines * _LINE, _HIGHEST))
    for column, (role, text) in enumerate(contents):
        runs = ((SAME, text),) if isinstance(text, str) else text
        whole = "".join(words for _, words in runs)
        if whole and (len(runs) == 1 or _CODED.search(whole)):
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


# Of a sheet, its head row among them ("Excel specifications and limits").
ROWS: Final = 1_048_576

# The columns with the two wordings of a revision.
_WORDINGS: Final = (("previous", "current"), ("previous_descriptor", "current_descriptor"))
# How many rows are named of those that are too high.
_FEW: Final = 5
# The columns that hold lists.
_LISTS: Final = ("classes", "class", "fields", "replacements")

# Two wordings in, their cells out.
Compare = Callable[[str, str], tuple[Content, Content]]


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """What a sheet shows: a frame of text, the file that has it whole, words where it is empty.

    `frozen` is how many columns stay in sight.
    """

    sheet: str
    file: str
    frame: pl.DataFrame
    none: str
    frozen: int = 0


def fit_table(table: Table) -> tuple[Table, list[str]]:
    """`table` as a sheet can hold it, and what it cannot, in sentences."""
    frame = _space_lists(table.frame.select(pl.all().cast(pl.String).fill_null("")))
    shown = frame.head(ROWS - 1)
    sentences = []
    if shown.height < frame.height:
        sentences.append(
            f"The sheet {table.sheet} has the first {shown.height:,} of {frame.height:,} rows,"
            f" Excel's limit; all are in {table.file}."
        )
    # A character has at least as many bytes as UTF-16 units.
    long = [
        name
        for name in shown.columns
        if (shown[name].str.len_bytes().max() or 0) > LIMIT  # type: ignore[operator]
    ]
    whole = shown.select(long)
    cut = whole.select(
        pl.all().map_elements(lambda text: cut_to_fit(text, table.file), return_dtype=pl.String)
    )
    number = sum((whole[name] != cut[name]).sum() for name in long)
    if number:
        cells = "1 cell is" if number == 1 else f"{number:,} cells are"
        sentences.append(
            f"In the sheet {table.sheet} {cells} cut: Excel allows {LIMIT:,} characters in a cell;"
            f" the full text is in {table.file}."
        )
    fit = replace(table, frame=shown.with_columns(cut))
    return fit, sentences + _find_high_rows(fit)


def _space_lists(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(name).str.replace_all(";", "; ", literal=True)
        for name in _LISTS
        if name in frame.columns
    )


def _find_high_rows(table: Table) -> list[str]:
    """Whose text ends below what a row shows, by the number of the row."""
    high = count_lines(table.frame, [*map(measure_width, table.frame)]) > LINES
    at = [str(row + 2) for row in high.arg_true().head(_FEW + 1)]
    if not at:
        return []
    many, number = high.sum(), ", ".join(at[:_FEW]) + (", ..." if len(at) > _FEW else "")
    rows = f"row {number} is" if many == 1 else f"{many:,} rows ({number}) are"
    sentence = (
        f"In the sheet {table.sheet} {rows} taller than Excel can show: a change may be out of"
        f" sight; the full text is in {table.file}."
    )
    return [sentence]


def fill_table(sheet: Worksheet, table: Table, looks: dict[str, Format], compare: Compare) -> None:
    """The head row and the rows; revisions as `compare` makes them, severities colored."""
    frame = table.frame
    widths = {column.name: measure_width(column) for column in frame}
    write_row(sheet, 0, [("head", name) for name in frame.columns], looks)
    heights = count_lines(frame, [*widths.values()])
    for at, (contents, high) in enumerate(zip(_contents(frame, compare), heights, strict=True), 1):
        write_row(sheet, at, contents, looks, high)
    if not frame.height:
        write_row(sheet, 1, [("remark", table.none)], looks)
    unseen = find_hidden(frame)
    for at, (name, wide) in enumerate(widths.items()):
        sheet.set_column(at, at, wide, None, {"hidden": name in unseen})
    sheet.set_paper(choose_paper([wide for name, wide in widths.items() if name not in unseen]))
    sheet.autofilter(0, 0, frame.height, frame.width - 1)
    sheet.freeze_panes(1, table.frozen)
    sheet.repeat_rows(0)


def _contents(frame: pl.DataFrame, compare: Compare) -> Iterator[list[Content]]:
    """The cells of each row."""
    columns = {name: column for column, name in enumerate(frame.columns)}
    change, severity = columns.get("change"), columns.get("severity")
    wordings = next(
        ([columns[name] for name in pair] for pair in _WORDINGS if pair[0] in columns), []
    )
    for texts in frame.iter_rows():
        contents: list[Content] = [(PLAIN, text) for text in texts]
        if severity is not None and texts[severity] in SEVERITIES:
            contents[severity] = (texts[severity], texts[severity])
        # Every row of Fields has two wordings to compare; of Changes the revised ones have.
        if wordings and (change is None or texts[change] == "revised"):
            both = compare(*(texts[column] for column in wordings))
            for column, content in zip(wordings, both, strict=True):
                contents[column] = content
        yield contents


SOURCES: Final = pl.Schema(
    dict.fromkeys(
        ("side", "release", "effective_date", "file", "member", "format", "encoding", "size",
         "sha256", "read", "kept", "collapsed", "quarantined"),
        pl.String,
    )
)  # fmt: skip

_WIDTH: Final = 70
# In characters, which a row has room for.
_LONGEST: Final = _WIDTH * (LINES - 2)
# How the cells of numbers look in rows that look so.
_NUMBERS: Final = {PLAIN: "number", "head": "head number"}

# A row's look and its cells: words, then numbers.
Line = tuple[str, list[str]]


def fill_summary(
    sheet: Worksheet,
    results: Results,
    presentation: Presentation,
    sentences: list[str],
    looks: dict[str, Format],
) -> None:
    """What was compared, counts, doubts, and `sentences`: what the workbook does not hold."""
    for at, (look, cells) in enumerate(_lines(results, presentation, sentences)):
        contents = [
            (_NUMBERS.get(look, look) if column else look, cut_to_fit(text, "summary.json"))
            for column, text in enumerate(cells)
        ]
        write_row(sheet, at, contents, looks, _count_lines(cells))
    sheet.set_column(0, 0, _WIDTH)
    sheet.set_column(1, len(COUNTS), 14)


def _count_lines(cells: list[str]) -> int:
    """How many lines the first of `cells` has, about."""
    return sum(1 + len(part) // _WIDTH for part in cells[0].split("\n")) if cells else 1


def _lines(results: Results, presentation: Presentation, sentences: list[str]) -> Iterator[Line]:
    yield "title", [make_title(results)]
    yield PLAIN, [results.changes.current.profile.label]
    if results.none_shown:
        yield PLAIN, [results.none_shown]
    kinds = _kinds(results)
    yield from _table(["Release", "effective", *kinds], _releases(results, kinds))
    heads, sections = list_heads(results), merge_groups(count_by_section(results))
    yield from _table(["Changes by kind", *heads], write_rows(count_by_kind(results)))
    yield from _table(["Changes by section", *heads], write_rows(sections))
    yield from _table([BY_SEVERITY, *WORST_FIRST], write_rows(count_by_severity(results)))
    yield from _table(
        [REPLACED], [[describe_replacements(results)]] if describe_replacements(results) else []
    )
    yield from _table([BEFORE], _texts(*say_doubts(results, _name_sheet), *sentences))
    yield from _table(["Notice"], _texts(presentation.notice))
    tool = ", ".join(f"{name} {version}" for name, version in list_versions().items())
    yield from _table(["Made by"], [[tool]])


def _name_sheet(table: str) -> str:
    return f"the sheet {_SHEETS[table]}"


def _table(heads: list[str], rows: list[list[str]]) -> Iterator[Line]:
    """An empty line, the heads and the rows; nothing without rows."""
    if rows:
        yield PLAIN, []
        yield "head", heads
        yield from ((PLAIN, cells) for cells in rows)


def _texts(*texts: str) -> list[list[str]]:
    """A row for each line; a line that no row has room for is split at blanks."""
    lines = [line for text in texts for line in text.splitlines()]
    return [[part] for line in lines for part in _parts(line)]


def _parts(line: str) -> list[str]:
    short = len(line) <= _LONGEST
    return [line] if short else wrap(line, _LONGEST, break_on_hyphens=False)


def _kinds(results: Results) -> list[str]:
    """The kinds that either release has."""
    counts = [count_entries(release) for _, release in list_sides(results)]
    return [kind for kind in KINDS if any(count[kind] for count in counts)]


def _releases(results: Results, kinds: list[str]) -> list[list[str]]:
    return [
        [f"{side}: {release.name}", say_date(release),
         *(f"{count_entries(release)[kind]:,}" for kind in kinds)]
        for side, release in list_sides(results)
    ]  # fmt: skip


def list_sources(results: Results) -> pl.DataFrame:
    """`SOURCES`: what each side was read from, then the lists and crosswalks that were used."""
    rows = [row for side, release in list_sides(results) for row in _read(side, release)]
    stated = results.judgement.stated
    lists = [("list", one.form, one.name, one.sha256) for one in stated.lists]
    tables = [("crosswalk", "crosswalk", one.name, one.sha256) for one in stated.crosswalks]
    rows += [
        {"side": side, "file": name, "format": form, "sha256": digest}
        for side, form, name, digest in lists + tables
    ]
    return pl.DataFrame(rows, SOURCES)


def _read(side: str, release: Release) -> Iterator[dict[str, str | None]]:
    """What the user named, unless it is a folder, and each file that was read in it."""
    named: dict[str, str | None] = {
        "side": side, "release": release.name, "effective_date": say_date(release),
    }  # fmt: skip
    archive = release.archive
    if archive.sha256:
        yield named | {"file": archive.name, "size": str(archive.size), "sha256": archive.sha256}
    for source in release.sources:
        rows = source.rows
        yield named | {
            "file": source.name, "member": source.member, "format": source.format,
            "encoding": source.encoding, "size": str(source.size), "sha256": source.sha256,
            "read": str(rows.read), "kept": str(rows.kept), "collapsed": str(rows.collapsed),
            "quarantined": str(rows.quarantined),
        }  # fmt: skip


# No clock: the day that xlsxwriter gives to the parts of the file too.
_DAY: Final = datetime(1980, 1, 1, tzinfo=UTC)


# The sheets of the tables to which doubts lead, by the file.
_SHEETS: Final = {"reconciliation": "Reconciliation", "quarantine": "Excluded rows"}


def render(results: Results, presentation: Presentation) -> bytes:
    """The workbook; the same bytes from the same results."""
    fits = [fit_table(table) for table in _tables(results)]
    sentences = [sentence for _, several in fits for sentence in several]
    # The deciding wordings stand in two sheets.
    compare: Compare = cache(compare_marked)
    if results.fields.height > MARKED:
        compare = compare_plain
        sentences.append(
            f"Changed words are not marked: {results.fields.height:,} fields were revised, and this"
            f" workbook marks up to {MARKED:,}. The page and changes.json mark them."
        )
    buffer = io.BytesIO()
    # In memory: no temporary file.
    with Workbook(buffer, {"in_memory": True}) as book:
        title = escape_controls(make_title(results))
        book.set_properties({"title": title, "author": AUTHOR, "created": _DAY})
        looks = make_styles(book)
        fill_summary(book.add_worksheet("Summary"), results, presentation, sentences, looks)
        for table, _ in fits:
            fill_table(book.add_worksheet(table.sheet), table, looks, compare)
        for sheet in book.worksheets():
            set_up_print(sheet, make_title(results), presentation.notice)
    return buffer.getvalue()


def _tables(results: Results) -> tuple[Table, ...]:
    changes, fields = results.entries.select(ENTRY_COLUMNS), results.fields.select(FIELD_COLUMNS)
    looked = results.has_crosswalk
    none = (
        "No code was deleted."
        if looked
        else "cptdiff does not look for replacements in a table of your own."
    )
    listed = (
        "No difference from the publisher's list."
        if results.was_reconciled
        else "No list of the publisher's was given."
    )
    return (
        Table("Changes", "changes.csv", changes, results.none_shown, frozen=3),
        Table("Fields", "fields.csv", fields, "No field was revised.", frozen=3),
        Table("Crosswalk", "crosswalk.csv", results.crosswalk, none, frozen=3),
        Table("Reconciliation", "reconciliation.csv", results.reconciliation, listed, frozen=3),
        Table("Excluded rows", "quarantine.csv", results.quarantine, "No row was excluded."),
        Table("Sources", "manifest.json", list_sources(results), ""),
    )
