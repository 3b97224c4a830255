"""changes.xlsx: the tables as sheets; counts and computed amounts are numbers, all else is text."""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from textwrap import wrap
from typing import Final

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cptdiff.errors import escape_controls
from cptdiff.model import Release
from cptdiff.options import Presentation
from cptdiff.reports.cells import (
    AMOUNTS,
    DECISIONS,
    FINGERPRINT,
    FORMER_DECISION,
    LIMIT,
    LINES,
    MARKED,
    PLACES,
    PLAIN,
    REVIEW,
    Content,
    choose_paper,
    compare_marked,
    compare_plain,
    count_lines,
    cut_to_fit,
    find_hidden,
    make_styles,
    measure_width,
    set_up_print,
    write_head,
    write_row,
)
from cptdiff.reports.overview import (
    BEFORE,
    BY_SEVERITY,
    REPLACED,
    WORST_FIRST,
    choose_first,
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
from cptdiff.results import COMPUTED, ENTRY_COLUMNS, FIELD_COLUMNS, Results
from cptdiff.summary import COUNTS, count_entries
from cptdiff.versions import list_versions
from cptdiff.vocabulary import AUTHOR, KINDS, SEVERITIES

# Of a sheet, its head row among them ("Excel specifications and limits").
ROWS: Final = 1_048_576

# The columns with the two wordings of a revision.
_WORDINGS: Final = (("previous", "current"), ("previous_descriptor", "current_descriptor"))
# How many rows are named of those that are too high.
_FEW: Final = 5
# The columns that hold lists.
_LISTS: Final = ("classes", "class", "fields", "replacements")

# What is written as a number: people may have typed anything in a worksheet.
_AMOUNT: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")

# Two wordings in, their cells out.
Compare = Callable[[str, str], tuple[Content, Content]]


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """What a sheet shows: a frame of text, the file that has it whole, words where it is empty.

    `frozen` is how many columns stay in sight; `numbers` and `amounts` are columns of numbers, the
    latter with two decimals. A reviewer fills in the columns of `filled`, which have these widths,
    and may choose among `decisions`. `is_for_rows` tells that people add rows: then whole columns
    hold text. The names of the `own` columns stand as they are. The `hidden` ones are out of sight.
    """

    sheet: str
    file: str
    frame: pl.DataFrame
    none: str
    frozen: int = 0
    numbers: Sequence[str] = COMPUTED
    amounts: Sequence[str] = ()
    filled: Mapping[str, int] = field(default_factory=lambda: REVIEW)
    decisions: tuple[str, ...] = DECISIONS
    is_for_rows: bool = False
    own: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


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
    filled = table.filled
    widths = {column.name: filled.get(column.name) or measure_width(column) for column in frame}
    heads = [name if name in table.own else write_head(name) for name in frame.columns]
    write_row(sheet, 0, [("head", head) for head in heads], looks)
    heights = count_lines(frame, [*widths.values()])
    # As numbers, so that a spreadsheet sorts by them.
    numbers = [
        (at, "money" if name in table.amounts else "number")
        for at, name in enumerate(frame.columns)
        if name in table.numbers or name in table.amounts
    ]
    for at, (contents, high) in enumerate(zip(_contents(frame, compare), heights, strict=True), 1):
        write_row(sheet, at, contents, looks, high)
        for column, look in numbers:
            text = str(frame.item(at - 1, column) or "")
            if _AMOUNT.fullmatch(text):
                sheet.write_number(at, column, float(text), looks[look])
    if not frame.height:
        write_row(sheet, 1, [("remark", table.none)], looks)
    unseen = find_hidden(frame, filled) | {*table.hidden}
    typed = looks[PLAIN] if table.is_for_rows else None
    for at, (name, wide) in enumerate(widths.items()):
        style = looks["date"] if name == "date" else typed
        sheet.set_column(at, at, wide, style, {"hidden": name in unseen})
    if "decision" in frame.columns and (frame.height or table.is_for_rows):
        column = frame.columns.index("decision")
        choice = {"validate": "list", "source": [*table.decisions], "error_type": "warning"}
        last = ROWS - 1 if table.is_for_rows else frame.height
        sheet.data_validation(1, column, last, column, choice)
    sheet.set_paper(choose_paper([wide for name, wide in widths.items() if name not in unseen]))
    sheet.autofilter(0, 0, frame.height, frame.width - 1)
    sheet.freeze_panes(1, table.frozen)
    sheet.repeat_rows(0)


def _contents(frame: pl.DataFrame, compare: Compare) -> Iterator[list[Content]]:
    """The cells of each row."""
    columns = {name: column for column, name in enumerate(frame.columns)}
    roles = [
        "place" if name in PLACES else "number" if name in AMOUNTS else PLAIN for name in columns
    ]
    change, severity = columns.get("change"), columns.get("severity")
    wordings = next(
        ([columns[name] for name in pair] for pair in _WORDINGS if pair[0] in columns), []
    )
    for texts in frame.iter_rows():
        contents: list[Content] = list(zip(roles, texts, strict=True))
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
_NARROW: Final = 14
# In characters, which a row has room for.
_LONGEST: Final = _WIDTH * (LINES - 2)
# How the cells of numbers look in rows that look so.
_NUMBERS: Final = {PLAIN: "number", "head": "head number"}

# A row's look and its cells: words, then numbers.
Line = tuple[str, list[str]]


def fill_summary(sheet: Worksheet, lines: Iterable[Line], looks: dict[str, Format]) -> None:
    """What was compared, counts, doubts, and what the workbook does not hold."""
    for at, (look, cells) in enumerate(lines):
        contents = [
            (_NUMBERS.get(look, look) if column else look, cut_to_fit(text, "summary.json"))
            for column, text in enumerate(cells)
        ]
        write_row(sheet, at, contents, looks, _count_lines(cells))
    sheet.set_column(0, 0, _WIDTH)
    sheet.set_column(1, len(COUNTS), _NARROW)


def _count_lines(cells: list[str]) -> int:
    """How many lines the highest of `cells` has, about."""
    widths = (_WIDTH, *[_NARROW] * len(cells))
    return max(
        (
            sum(1 + len(part) // width for part in cell.split("\n"))
            for cell, width in zip(cells, widths, strict=False)
        ),
        default=1,
    )


def _lines(results: Results, presentation: Presentation, sentences: list[str]) -> Iterator[Line]:
    yield "title", [make_title(results)]
    yield PLAIN, [results.changes.current.profile.label]
    if results.none_shown:
        yield PLAIN, [results.none_shown]
    kinds = _kinds(results)
    yield from list_block(["Release", "effective", *kinds], _releases(results, kinds))
    heads, sections = list_heads(results), merge_groups(count_by_section(results))
    yield from list_block(["Changes by kind", *heads], write_rows(count_by_kind(results)))
    yield from list_block(["Changes by section", *heads], write_rows(sections))
    yield from list_block([BY_SEVERITY, *WORST_FIRST], write_rows(count_by_severity(results)))
    head, first, _ = choose_first(results)
    yield from list_block([head], [[f"{one.label}: {one.text}"] for one in first])
    yield from list_block(
        [REPLACED], [[describe_replacements(results)]] if describe_replacements(results) else []
    )
    yield from list_block([BEFORE], split_texts(*say_doubts(results, _name_sheet), *sentences))
    yield from list_block(["Notice"], split_texts(presentation.notice))
    tool = ", ".join(f"{name} {version}" for name, version in list_versions().items())
    yield from list_block(["Made by"], [[tool]])


def _name_sheet(table: str) -> str:
    return f"the sheet {_SHEETS[table]}"


def list_block(heads: list[str], rows: list[list[str]]) -> Iterator[Line]:
    """Yield an empty line, the heads and the rows; nothing without rows."""
    if rows:
        yield PLAIN, []
        yield "head", heads
        yield from ((PLAIN, cells) for cells in rows)


def split_texts(*texts: str) -> list[list[str]]:
    """Return a row for each line; a line that no row has room for is split at blanks."""
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
DAY: Final = datetime(1980, 1, 1, tzinfo=UTC)


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
    lines = _lines(results, presentation, sentences)
    tables = [table for table, _ in fits]
    return write_book((make_title(results), presentation.notice), lines, tables, compare)


def write_book(
    told: tuple[str, str], lines: Iterable[Line], tables: Sequence[Table], compare: Compare
) -> bytes:
    """Return a workbook: a sheet Summary with `lines`, one for each of `tables`, which fit.

    `told` is the title, and the license notice at the foot of each page.
    """
    title, notice = told
    buffer = io.BytesIO()
    # In memory: no temporary file.
    with Workbook(buffer, {"in_memory": True}) as book:
        properties = {"title": escape_controls(title), "author": AUTHOR, "created": DAY}
        book.set_properties(properties)
        looks = make_styles(book)
        fill_summary(book.add_worksheet("Summary"), lines, looks)
        for table in tables:
            fill_table(book.add_worksheet(table.sheet), table, looks, compare)
        for sheet in book.worksheets():
            set_up_print(sheet, title, notice)
    return buffer.getvalue()


def _list_known(results: Results) -> Iterator[Table]:
    """What is new since an earlier run, and what was acknowledged, where there is any."""
    since, acknowledged = results.known.since, results.known.acknowledged
    if results.has_former:
        yield Table("Since", "since.csv", since, "Nothing is new since the other run.", frozen=3)
    if results.has_acknowledgements:
        yield Table("Acknowledged", "acknowledged.csv", acknowledged, "", frozen=3)
    if results.has_acceptances:
        yield Table("Accepted", "accepted.csv", results.accepted.rows, "", frozen=3)


def _tables(results: Results) -> tuple[Table, ...]:
    changes, fields = _list_changes(results), results.fields.select(FIELD_COLUMNS)
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
        *_list_known(results),
        Table("Excluded rows", "quarantine.csv", results.quarantine, "No row was excluded."),
        Table("Sources", "manifest.json", list_sources(results), ""),
    )


def _list_changes(results: Results) -> pl.DataFrame:
    """changes.csv with the rank and its reason behind the severity, and room for a review.

    Decisions that hold stand there again.
    """
    ranked = results.entries.join(results.ranks, on="edit", how="left", maintain_order="left")
    at = ENTRY_COLUMNS.index("severity") + 1
    why = pl.col("why").alias("why_this_rank")
    reviewed = (*REVIEW, FORMER_DECISION, FINGERPRINT)
    return _add_decisions(ranked, results.known.decisions).select(
        *ENTRY_COLUMNS[:at], "rank", why, *ENTRY_COLUMNS[at:], *reviewed
    )


def _add_decisions(entries: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """`entries` with the columns of `REVIEW`, and what was decided before a change was changed."""
    key = ("kind", "code", "change")
    holds = pl.col("status") != "reopened"
    by = pl.concat_str(
        *(pl.when(pl.col(name) != "").then(name) for name in ("reviewer", "date")),
        separator=", ", ignore_nulls=True,
    )  # fmt: skip
    former = pl.format("{} ({})", "decision", by)
    rows = decisions.filter(pl.col("status") != "elsewhere").select(
        *key,
        *(pl.when(holds).then(name).otherwise(pl.lit("")) for name in REVIEW),
        pl.when(holds).then(pl.lit("")).otherwise(former).alias(FORMER_DECISION),
    )
    texts = [pl.col("kind").cast(pl.String), *map(pl.col, key[1:])]
    joined = entries.join(rows, left_on=texts, right_on=key, how="left", maintain_order="left")
    return joined.with_columns(pl.col(*REVIEW, FORMER_DECISION).fill_null(""))
