"""changes.xlsx: all text in sight, on screen and in print."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from cptdiff.options import PLAIN, Presentation
from cptdiff.reports.xlsx import render
from cptdiff.results import Results
from tests.reports.workbooks import sheet, values

Sample = Callable[[str], Results]
Texts = Callable[[Mapping[str, str], Mapping[str, str]], Results]


def wide(data: bytes, name: str) -> dict[str, Any]:
    """Give the columns of a sheet by their heads."""
    page = sheet(data, name)
    # The file has columns that look alike in one piece.
    pieces = list(page.column_dimensions.values())
    return {
        page.cell(1, at).value: next(piece for piece in pieces if piece.min <= at <= piece.max)
        for at in range(1, page.max_column + 1)
    }


@pytest.mark.parametrize("letters", ["wax ", "WAX "])
def test_a_change_at_the_end_of_a_long_text_is_in_sight(texts: Texts, letters: str) -> None:
    long = letters * 550  # 2,200 characters, as the longest of CPT
    data = render(texts({"A1": f"{long}old"}, {"A1": f"{long}new"}), PLAIN)
    for name, column in (("Fields", "Previous"), ("Changes", "Previous wording")):
        page = sheet(data, name)
        capital = 1.2 if letters.isupper() else 1
        shown = page.row_dimensions[2].height // 15 * wide(data, name)[column].width
        assert shown >= len(long) * capital
        assert page.row_dimensions[2].height <= 409
    assert "higher than" not in str(values(data, "Summary"))


def test_a_change_that_no_row_is_high_enough_for_is_told_with_its_row(texts: Texts) -> None:
    long = "wax " * 750
    found = texts(
        {f"A{number}": f"{long}old" for number in range(7)} | {"A": "x"},
        {f"A{number}": f"{long}new" for number in range(7)} | {"A": "y"},
    )
    told = str(values(render(found, PLAIN), "Summary"))
    assert "In the sheet Changes 7 rows (3, 4, 5, 6, 7, ...) are taller than Excel can" in told
    assert "may be out of sight; the full text is in fields.csv." in told
    one = texts({"A0": f"{long}old", "A": "x"}, {"A0": f"{long}new", "A": "y"})
    assert "In the sheet Changes row 3 is taller" in str(values(render(one, PLAIN), "Summary"))


def test_what_tells_nothing_is_hidden_and_the_paper_bears_the_rest(
    sample: Sample, texts: Texts
) -> None:
    short = render(texts({"A": "x"}, {"A": "y"}), PLAIN)
    assert [name for name, one in wide(short, "Changes").items() if one.hidden] == [
        "Code set", "Kind", "Reason", "Section", "Effective date", "Replacements", "Same edit as",
        "Last valid date", "Review status", "Former decision", "Fingerprint",
    ]  # fmt: skip
    modifiers = render(sample("cpt"), PLAIN)
    assert [name for name, one in wide(modifiers, "Changes").items() if one.hidden] == [
        "Code set", "Last valid date", "Review status", "Former decision", "Fingerprint",
    ]  # fmt: skip
    # There the sentence stands that no field was revised.
    assert not wide(render(texts({"A": "x"}, {"A": "x"}), PLAIN), "Fields")["Code set"].hidden
    letter, legal, tabloid = 1, 5, 3
    assert sheet(short, "Changes").page_setup.paperSize == letter
    long = render(texts({"A": "wax " * 99}, {"A": "oil " * 99}), PLAIN)
    assert sheet(long, "Changes").page_setup.paperSize == legal
    assert sheet(modifiers, "Changes").page_setup.paperSize == tabloid


def test_codes_in_a_list_do_not_break_in_the_middle(sample: Sample) -> None:
    found = sample("cpt")
    several = ";".join(f"{number:05}" for number in range(9))
    entries = found.entries.with_columns(replacements=pl.lit(several))
    data = render(replace(found, entries=entries), PLAIN)
    heads, first, *_ = values(data, "Changes")
    cell = first[heads.index("Replacements")]
    assert cell.split("; ") == several.split(";")
    assert wide(data, "Changes")["Replacements"].width > 3 * len("00000; ")


def test_a_notice_and_a_doubt_of_any_length_are_in_sight(texts: Texts) -> None:
    lines = [f"line {number}" for number in range(61)]
    words = [f"word{number}" for number in range(1000)]
    notice = "\n".join([*lines, "", " ".join(words)])
    found = replace(texts({"A": "x"}, {"A": "y"}), doubts=(" ".join(words),))
    data = render(found, Presentation(notice=notice))
    told = [row[0] for row in values(data, "Summary")]
    note, at, end = (
        told.index(head) + 1 for head in ("Before you rely on this", "Notice", "Made by")
    )
    assert told[at : at + 62] == [*lines, ""]
    assert " ".join(told[at + 62 : end - 2]).split() == words
    assert " ".join(told[note : at - 2]).split() == words
    page = sheet(data, "Summary")
    for row, text in enumerate(told, 1):
        shown = (page.row_dimensions[row].height or 15) // 15
        assert shown >= len(text) / 70 or row == 1
        assert shown <= 27
