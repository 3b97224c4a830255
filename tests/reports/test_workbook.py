"""changes.xlsx: exact text in every cell, marks within it, ready to filter and print."""

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter

from cptdiff.options import PLAIN, Presentation
from cptdiff.reports import xlsx
from cptdiff.reports.cells import write_head
from cptdiff.reports.overview import choose_first
from cptdiff.reports.xlsx import render
from cptdiff.results import ENTRY_COLUMNS, FIELD_COLUMNS, Results
from cptdiff.vocabulary import SEVERITIES
from tests.reports.conftest import PAIRS
from tests.reports.workbooks import SHEETS, cells, numbers, parts, sheet, values

Sample = Callable[[str], Results]
Texts = Callable[[Mapping[str, str], Mapping[str, str]], Results]

ODD = (
    "00100", "1E005", "=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "2026-03-01",
    "TRUE", "#REF!", "'00100", " leading", "trailing ", "two  blanks", "a\tb", "a\nb", "a\r\nb",
    "a\x01b\x1f", "_x0041_", "_x005F_", "_x", "<r>x</r>", "<r>_x0041_</r>", "<r><t>x</t></r>",
    "&amp;<b>&lt;", "\ufffe\uffff", "\U0001f9e0 brain", "\u202eright to left",
)  # fmt: skip


def rows(frame: pl.DataFrame) -> list[list[str]]:
    """Give the heads and the rows of a frame as text, lists with blanks to break lines at."""
    text = frame.select(pl.all().cast(pl.String).fill_null("")).with_columns(
        pl.col(name).str.replace_all(";", "; ")
        for name in ("classes", "class", "fields", "replacements")
        if name in frame.columns
    )
    return [[*map(write_head, text.columns)], *map(list, text.iter_rows())]


REVIEW = ("reviewer", "decision", "date", "former_decision")


def with_review(found: Results) -> pl.DataFrame:
    """Give changes.csv with the rank behind the severity, and room for a review."""
    ranks = dict(found.ranks.iter_rows())
    at = ENTRY_COLUMNS.index("severity") + 1
    table = found.entries.with_columns(
        pl.col("edit").replace_strict(ranks, default=None, return_dtype=pl.Int64).alias("rank"),
        pl.col("why").alias("why_this_rank"),
        *(pl.lit("").alias(name) for name in REVIEW),
    )
    return table.select(
        *ENTRY_COLUMNS[:at], "rank", "why_this_rank", *ENTRY_COLUMNS[at:], *REVIEW, "fingerprint"
    )


def odd(found: Results, wording: Callable[[str], tuple[str, str]]) -> Results:
    """Give as many revisions as there are odd texts, each with two wordings made of one."""
    pairs = [wording(text) for text in ODD]
    codes = [f"{number:05}" for number in range(len(ODD))]
    both = [pl.Series([pair[side] for pair in pairs]) for side in (0, 1)]
    fields, entries = (
        pl.concat([frame.head(1)] * len(ODD)).with_columns(code=pl.Series(codes))
        for frame in (found.fields, found.entries.filter(pl.col("change") == "revised"))
    )
    return replace(
        found,
        fields=fields.with_columns(previous=both[0], current=both[1]),
        entries=entries.with_columns(previous_descriptor=both[0], current_descriptor=both[1]),
    )


@pytest.mark.parametrize("pair", PAIRS)
def test_the_sheets_hold_the_tables_exactly(sample: Sample, pair: str) -> None:
    found = sample(pair)
    data = render(found, PLAIN)
    assert values(data, "Changes") == rows(with_review(found))
    assert values(data, "Fields") == rows(found.fields.select(FIELD_COLUMNS))
    if found.has_crosswalk:
        assert values(data, "Crosswalk") == rows(found.crosswalk)
    assert not any("<f>" in xml for xml in parts(data).values())


@pytest.mark.parametrize("pair", PAIRS)
def test_counts_and_places_are_numbers_and_all_else_is_text(sample: Sample, pair: str) -> None:
    data = render(sample(pair), PLAIN)
    assert numbers(data, "Changes") == {"Rank"}
    assert numbers(data, "Fields") <= {"Difference", "Percent"}
    assert numbers(data, "Crosswalk") <= {"Rank"}
    assert numbers(data, "Excluded rows") <= {"Line", "Byte"}
    assert numbers(data, "Sources") == {
        "Size", "Rows read", "Rows used", "Exact duplicates", "Rows excluded",
    }  # fmt: skip
    assert {cell.partition(' t="')[2] for cell in cells(data)} <= {"", 's">'}


def test_a_code_that_looks_like_a_number_stays_text(texts: Texts) -> None:
    found = texts({"00100": "5", "99213": "x"}, {"00100": "6", "99213": "y"})
    data = render(found, PLAIN)
    assert [row[2] for row in values(data, "Changes")] == ["Code", "00100", "99213"]
    assert numbers(data, "Changes") == {"Rank"}


def test_each_change_has_room_for_a_reviewer_a_decision_and_a_date(sample: Sample) -> None:
    page = sheet(render(sample("cpt"), PLAIN), "Changes")
    heads = [page.cell(1, column).value for column in range(1, page.max_column + 1)]
    assert heads[-5:] == ["Reviewer", "Decision", "Date", "Former decision", "Fingerprint"]
    (choice,) = page.data_validations.dataValidation
    column = get_column_letter(heads.index("Decision") + 1)
    assert str(choice.sqref) == f"{column}2:{column}{page.max_row}"
    assert (choice.type, choice.formula1) == ("list", '"no action,action needed,ask,done"')
    assert page.column_dimensions["A"].hidden
    hidden = [page.column_dimensions[get_column_letter(len(heads) - at)].hidden for at in range(5)]
    assert hidden == [True, True, False, False, False]
    decision = heads.index("Decision") + 1
    assert {page.cell(row, decision).value for row in range(2, page.max_row + 1)} == {None}


def test_the_rank_of_a_change_is_that_of_its_edit(sample: Sample) -> None:
    found = sample("cpt")
    _, *table = values(render(found, PLAIN), "Changes")
    at = ENTRY_COLUMNS.index("severity") + 1
    ranked = sorted((int(row[at]), row) for row in table if row[at])
    assert next(rank for rank, _ in ranked) == 1
    _, first, _ = choose_first(found)
    for rank, one in enumerate(first, 1):
        assert {row[2] for number, row in ranked if number == rank} == {
            code for _, code in one.entries
        }
    grades = [row[at - 1] for _, row in ranked]
    assert grades == sorted(grades, key=SEVERITIES[::-1].index)


@pytest.mark.parametrize(
    "wording",
    [
        lambda text: (text, "plain"),
        lambda text: (text, f"{text} more"),
        lambda text: (f"old {text} end", f"new {text} end"),
        lambda text: ("", text),
    ],
)
def test_an_odd_text_comes_back_as_it_is_marked_or_not(
    texts: Texts, wording: Callable[[str], tuple[str, str]]
) -> None:
    found = odd(texts({"A1": "one", "A2": "two"}, {"A1": "three", "A2": "two"}), wording)
    data = render(found, PLAIN)
    wanted = [list(wording(text)) for text in ODD]
    # XML makes one line end of two; the carriage return is written as _x000D_.
    assert [row[4:6] for row in values(data, "Fields")[1:]] == wanted
    assert [row[11:13] for row in values(data, "Changes")[1:]] == wanted
    assert [row[2] for row in values(data, "Changes")[1:3]] == ["00000", "00001"]
    # Without it Excel takes off the blanks at both ends.
    assert not re.search(r"<t>(?:\s|[^<]*\s</t>)", parts(data)["xl/sharedStrings.xml"])
    assert numbers(data, "Changes") == {"Rank"}


def test_a_control_character_in_what_looks_like_rich_text_is_shown_by_its_number(
    texts: Texts,
) -> None:
    found = texts({"A": "x"}, {"A": "x", "B": "<r>\x01_x0041_</r>"})
    assert values(render(found, PLAIN), "Changes")[1][12] == "<r>\\x01_x0041_</r>"


def test_words_that_went_are_struck_out_and_words_that_came_underlined_and_bold(
    texts: Texts,
) -> None:
    data = render(texts({"A1": "wax the old widget"}, {"A1": "wax the new widget"}), PLAIN)
    for name, row in (("Fields", 4), ("Changes", 11)):
        before, after = (sheet(data, name).cell(2, column + 1).value for column in (row, row + 1))
        assert isinstance(before, CellRichText)
        assert [str(part) for part in before] == ["wax the ", "old", " widget"]
        assert [str(part) for part in after] == ["wax the ", "new", " widget"]
        gone, new = before[1], after[1]
        assert isinstance(gone, TextBlock)
        assert (bool(gone.font.strike), gone.font.u, bool(gone.font.b)) == (True, None, False)
        assert (bool(new.font.strike), new.font.u, bool(new.font.b)) == (False, "single", True)
        assert gone.font.color.rgb != new.font.color.rgb


def test_a_wording_that_changed_as_a_whole_is_marked_as_a_cell(texts: Texts) -> None:
    page = sheet(render(texts({"A1": "old"}, {"A1": "new"}), PLAIN), "Fields")
    before, after = page.cell(2, 5), page.cell(2, 6)
    assert (before.value, before.font.strike, before.font.u) == ("old", True, None)
    assert (after.value, after.font.b, after.font.u) == ("new", True, "single")


def test_an_added_or_deleted_entry_has_no_marks(texts: Texts) -> None:
    page = sheet(render(texts({"A1": "old", "B": "x"}, {"A2": "new", "B": "x"}), PLAIN), "Changes")
    found = [page.cell(row, column) for row, column in ((2, 12), (3, 13))]
    assert [cell.value for cell in found] == ["old", "new"]
    assert not any(cell.font.strike or cell.font.b for cell in found)


@pytest.mark.parametrize("letter", ["x", "\U0001f9e0"])
def test_a_text_too_long_for_a_cell_is_cut_and_told(texts: Texts, letter: str) -> None:
    found = texts({"A1": "short", "A2": "b"}, {"A1": letter * 40_000, "A2": "b"})
    data = render(found, PLAIN)
    cell = values(data, "Fields")[1][5]
    assert 32_700 < len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.startswith(letter * 16_000)
    assert cell.endswith(f"{letter} ... (cut: 40,000 characters, full text in fields.csv)")
    told = " ".join(cell for row in values(data, "Summary") for cell in row)
    assert "In the sheet Changes 1 cell is cut" in told
    # Its reason quotes what is new.
    assert "In the sheet Fields 2 cells are cut" in told


def test_a_text_that_just_fits_is_whole(texts: Texts) -> None:
    data = render(texts({"A1": "short"}, {"A1": "x" * 32_767}), PLAIN)
    assert values(data, "Changes")[1][12] == "x" * 32_767
    assert "In the sheet Changes 1 cell" not in str(values(data, "Summary"))


def test_rows_beyond_a_sheet_are_told_with_their_number(
    texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = texts({"X": "x"}, {"X": "x"} | {f"A{number}": "new" for number in range(5)})
    monkeypatch.setattr(xlsx, "ROWS", 4)
    data = render(found, PLAIN)
    assert [row[2] for row in values(data, "Changes")] == ["Code", "A0", "A1", "A2"]
    assert "The sheet Changes has the first 3 of 5 rows" in str(values(data, "Summary"))


@pytest.mark.parametrize("name", SHEETS[1:])
def test_a_table_can_be_filtered_scrolled_and_printed(sample: Sample, name: str) -> None:
    data = render(sample("cpt"), Presentation(notice="Made-up notice"))
    page = sheet(data, name)
    rows, columns = len(values(data, name)), len(values(data, name)[0])
    last = page.cell(1, columns).column_letter
    filtered = rows if name not in {"Excluded rows", "Reconciliation"} else 1
    assert page.auto_filter.ref == f"A1:{last}{filtered}"
    assert page.freeze_panes == ("D2" if name in SHEETS[1:5] else "A2")
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_options.gridLines
    assert all(page.cell(1, column).font.b for column in range(1, columns + 1))
    assert page.oddHeader.left.text == "CPT 2026 to CPT 2027"
    assert page.oddFooter.left.text == "Made-up notice"
    assert page.oddFooter.right.text == "Page &P of &N"
    xml = parts(data)[f"xl/worksheets/sheet{SHEETS.index(name) + 1}.xml"]
    assert f'<dimension ref="A1:{last}{rows}"/>' in xml


@pytest.mark.parametrize(
    ("notice", "foot"),
    [
        ("Smith & Sons", "Smith && Sons"),
        ("R&G &[Picture] &D", "R&& G && [Picture] &&D"),
        ("two\nlines\x07", "two lines\\x07"),
        ("&" * 500, "&&" * 111 + "..."),
        ("x" * 500, "x" * 222 + "..."),
    ],
)
def test_a_notice_is_no_code_of_a_page_foot(texts: Texts, notice: str, foot: str) -> None:
    data = render(texts({"A": "x"}, {"A": "y"}), Presentation(notice=notice))
    xml = parts(data)["xl/worksheets/sheet1.xml"].replace("&amp;", "&")
    assert f"<oddFooter>&L{foot}&RPage &P of &N</oddFooter>" in xml
    told = [row[0] for row in values(data, "Summary")]
    at = told.index("Notice") + 1
    assert told[at : at + len(notice.splitlines())] == notice.splitlines()


def test_numbers_as_text_bring_no_warning_marks(texts: Texts) -> None:
    data = render(texts({"00100": "x"}, {"00100": "y"}), PLAIN)
    for number in range(1, len(SHEETS) + 1):
        xml = parts(data)[f"xl/worksheets/sheet{number}.xml"]
        assert '<ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/>' in xml


def test_the_workbook_knows_no_clock_and_no_temporary_file(
    texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(tempfile, "mkstemp")
    found = texts({"A": "x"}, {"A": "y"})
    data = render(found, PLAIN)
    assert data == render(found, PLAIN)
    core = parts(data)["docProps/core.xml"]
    assert core.count("1980-01-01T00:00:00Z") == 2
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time[:3] for info in archive.infolist()} == {(1980, 1, 1)}


def test_a_sheet_without_rows_says_why(texts: Texts) -> None:
    data = render(texts({"A": "x", "B": "y"}, {"A": "x", "B": "y"}), PLAIN)
    assert [values(data, name)[1][0] for name in SHEETS[1:6]] == [
        "No changes: 2 entries compared",
        "No field was revised.",
        "cptdiff does not look for replacements in a table of your own.",
        "No list of the publisher's was given.",
        "No row was excluded.",
    ]


def test_the_first_sheet_tells_what_was_compared_counts_doubts_and_notice(sample: Sample) -> None:
    found = sample("hcpcs")
    told = values(render(found, Presentation(notice="Made-up notice")), "Summary")
    first = [row[0] for row in told]
    assert ["Release", "effective", "code", "modifier", "", ""] in told
    assert first[:2] == ["HCPCS 2026 January to HCPCS 2027 January", "HCPCS Level II"]
    assert ["previous: HCPCS 2026 January", "2026-01-01", "184", "18", "", ""] in told
    assert ["Codes", "13", "7", "9", "7", "3"] in told
    assert any(text.startswith("Look at these first (") for text in first)
    assert {f"{one.label}: {one.text}" for one in choose_first(found)[1]} <= set(first)
    assert ["Revised by severity", "critical", "high", "medium", "low", "info"] in told
    assert ["Codes", "0", "7", "0", "2", "0"] in told
    assert "Made-up notice" in first
    for doubt in found.doubts:
        sheet = {"reconciliation": "Reconciliation", "quarantine": "Excluded rows"}.get(
            found.tables.get(doubt, "")
        )
        assert (f"{doubt} See the sheet {sheet}." if sheet else doubt) in first
    assert values(render(found, PLAIN), "Reconciliation") == rows(found.reconciliation)
    assert any(text.startswith("cptdiff 0.") for text in first)


def test_the_last_sheet_tells_every_file_and_its_rows(sample: Sample) -> None:
    found = sample("icd10cm")
    head, *told = values(render(found, PLAIN), "Sources")
    files = [dict(zip(head, row, strict=True)) for row in told]
    for side in ("previous", "current"):
        of_side = [one for one in files if one["Side"] == side]
        counted = {
            name: sum(int(one[write_head(name)] or 0) for one in of_side)
            for name in found.summary["rows"][side]
        }
        assert counted == found.summary["rows"][side]
        digests = {one["SHA-256"] for one in of_side}
        wanted = {source["sha256"] for source in found.summary[side]["sources"]}
        assert digests == wanted | {found.summary[side]["sha256"]}
    assert {one["File"] for one in files if one["Side"] == "list"} == {
        one.name for one in found.judgement.stated.lists
    }


@pytest.mark.parametrize("most", [1, 2])
def test_above_so_many_revised_fields_no_word_is_marked_and_the_first_sheet_says_so(
    texts: Texts, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(xlsx, "MARKED", most)
    found = texts({"A": "wax old one", "B": "oil old"}, {"A": "wax new one", "B": "oil new"})
    data = render(found, PLAIN)
    cell = sheet(data, "Changes").cell(2, 12).value
    assert isinstance(cell, CellRichText) == (most == 2)
    assert str(cell) == "wax old one"
    told = "Changed words are not marked: 2 fields were revised, and this workbook marks up to 1."
    assert (told in str(values(data, "Summary"))) == (most == 1)
