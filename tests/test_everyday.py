"""Everyday spreadsheets: blank cells, notes, totals and titles stop nothing and set nothing aside.

In each table the price of A002 goes from 5.00 to 6.00, and nothing else changes.
"""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import xlsxwriter

from cptdiff import CptdiffError, diff, load
from tests.conftest import Content
from tests.test_headers import book

Make = Callable[[Path, Content], Path]
Run = Callable[..., CompletedProcess[str]]
ROWS = "A001,Oak peg,4.00\nA002,Elm peg,5.00\nA003,Ash peg,7.00\n"
HEAD = "code,name,price\n"
NAMED = HEAD + ROWS
NOT = "rows that are not entries (totals, notes, section titles): "
BEHIND = "rows with empty cells behind the last column, which are left out: "
LACKING = "rows that lack cells at their end, which count as empty: "


def extend(text: str, more: str) -> str:
    """Put `more` behind each line."""
    return "".join(f"{line}{more}\n" for line in text.splitlines())


# Its text, how many entries it has, and what is told of it.
TABLES: dict[str, tuple[str, int, str]] = {
    "a plain one": (NAMED, 3, ""),
    "commas behind all lines": (extend(NAMED, ",,"), 3, "2 columns without a name"),
    "commas behind the header": ("code,name,price,,\n" + ROWS, 3, "2 columns without a name"),
    "commas behind the rows": (HEAD + extend(ROWS, ",,"), 3, f"{BEHIND}3"),
    "commas behind one row": (NAMED.replace("4.00", "4.00,,"), 3, f"{BEHIND}1"),
    "blanks behind one row": (NAMED.replace("4.00", "4.00, , "), 3, f"{BEHIND}1"),
    "rows of separators between and below": (
        NAMED.replace("A003", ",,\nA003") + ",,\n,,\n", 3, "blank lines skipped: 3",
    ),
    "rows of separators above the header": (",,\n,,\n" + NAMED, 3, "header on line 3"),
    "rows of more separators than columns": (NAMED + ",,,,,,\n", 3, "blank lines skipped: 1"),
    "rows of blanks": (NAMED + " , ,\n", 3, "blank lines skipped: 1"),
    "short rows where others are empty": (
        extend(NAMED, ",").replace("price,", "price,note").replace("5.00,", "5.00"), 3,
        f"{LACKING}1",
    ),
    "short rows where the last column is empty": (
        "code,name,price,note\n" + ROWS.replace("4.00", "4.00,old") + "A004,Yew peg,8.00\n", 4,
        f"{LACKING}3",
    ),
    "short rows of Excel below sixteen full ones": (
        "code,name,x,price,y\n" + "".join(f"B{n:03},Peg {n},1,2.00,z\n" for n in range(15))
        + "".join(f"A{n:03},Oak peg {n},,{n + 3:.2f}\n" for n in range(1, 17)), 31, f"{LACKING}16",
    ),
    "codes alone among short rows": (NAMED + "A004\nA005\nA006,Yew peg\n", 6, f"{LACKING}3"),
    "empty cells": (NAMED + "A004,,\nA005,,9.00\nA006,Yew peg,\n", 6, ""),
    "a total": (NAMED + "Total,,16.00\n", 3, f"{NOT}1, the first on line 5: Total 16.00"),
    "a grand total": (NAMED + "GRAND TOTAL,,16.00\n", 3, f"{NOT}1"),
    "a total in the second column": (NAMED + ",Total,16.00\n", 3, f"{NOT}1"),
    "totals between": (
        HEAD + "A001,Oak peg,4.00\nSubtotal,,4.00\nA002,Elm peg,5.00\nSubtotal,,5.00\n"
        "Total,,9.00\n", 2, f"{NOT}3, the first on line 3",
    ),
    "a count of the rows": (NAMED + "Record count: 3,,\n", 3, f"{NOT}1"),
    "a count without commas": (NAMED + "Total rows: 3\n", 3, f"{NOT}1"),
    "the end of the file": (NAMED + "*** END OF FILE ***,,\n", 3, f"{NOT}1"),
    "section titles": (
        HEAD + "Hard wood,,\nA001,Oak peg,4.00\nA002,Elm peg,5.00\nSoft wood,,\n"
        "B001,Pine peg,1.00\n", 3, f"{NOT}2, the first on line 2: Hard wood",
    ),
    "section titles of one word": (
        HEAD + "Hardwood,,\nA001,Oak peg,4.00\nA002,Elm peg,5.00\nMISCELLANEOUS,,\n"
        "B001,Pine peg,1.00\n", 3, f"{NOT}2",
    ),
    "section titles with numbers": (
        HEAD + "Section 1: hard wood,,\nA001,Oak peg,4.00\nA002,Elm peg,5.00\n"
        '"B001-B999, soft wood",,\nB001,Pine peg,1.00\n', 3, f"{NOT}2",
    ),
    "a note": (NAMED + "*Prices have a floor of 1.0 until 2026,,\n", 3, f"{NOT}1"),
    "a note without commas": (NAMED + "Note: prices are made up\n", 3, f"{NOT}1"),
    "a note with commas": (
        NAMED + "Note: made up, as all is, from the first to the last\n", 3, f"{NOT}1",
    ),
    "notes with numbers": (
        NAMED + "Notes:,,\nNOTE 1: made up,,\nNOTE 2: also made up,,\n", 3, f"{NOT}3",
    ),
    "a note below a blank line": (NAMED + "\nPrices are made up by nobody\n", 3, f"{NOT}1"),
    "a note below a row of commas": (
        NAMED + ",,\nMade up in January 2026 (second edition),,\n", 3, f"{NOT}1",
    ),
    "a source": (NAMED + "Source: a made-up office,,\n", 3, f"{NOT}1"),
    "a total and a note": (NAMED + "Total,,16.00\n,,\nNote: made up,,\n", 3, f"{NOT}2"),
    "an index as pandas writes it": (
        ",code,name,price\n" + "".join(f"{n},{r}\n" for n, r in enumerate(ROWS.splitlines())), 3,
        "a first column without a name that numbers the rows is left out",
    ),
    "an index that was read and written again": (
        "Unnamed: 0,code,name,price\n"
        + "".join(f"{n},{r}\n" for n, r in enumerate(ROWS.splitlines())), 3,
        "a first column without a name that numbers the rows is left out",
    ),
    "an index after rows were taken out": (
        ",code,name,price\n0,A001,Oak peg,4.00\n2,A002,Elm peg,5.00\n9,A003,Ash peg,7.00\n", 3,
        "numbers the rows",
    ),
    "a column twice": (
        "code,name,price,note,Note\n" + extend(ROWS, ",x,y"), 3,
        "columns of one name are numbered: Note",
    ),
    "two columns without a name": (
        "code,,name,,price\nA001,,Oak peg,,4.00\nA002,*,Elm peg,,5.00\nA003,,Ash peg,,7.00\n", 3,
        "columns without a name: column B",
    ),
    "single quotes around all": (
        NAMED.replace(",", "','").replace("\n", "'\n'")[:-1].join(["'", ""]), 3,
        "single quotes around the cells of columns, which were removed: code, name, price",
    ),
    "single quotes around codes and headers": (
        "'code','name','price'\n'A001',Oak peg,4.00\n'A002',Elm peg,5.00\n'A003',Ash peg,7.00\n",
        3, "which were removed: code",
    ),
    "single quotes around one cell": (NAMED.replace("Oak peg", "'Oak' peg"), 3, ""),
    "a title above": ("Made-up prices,,\nas of January,,\n" + NAMED, 3, "header on line 3"),
    "blanks around cells": (
        "code , name , price \n A001 , Oak peg , 4.00 \n A002 , Elm peg , 5.00 \n", 2,
        "keys with spaces around them",
    ),
    "a column of amounts with a note": (NAMED.replace("7.00", "n/a"), 3, ""),
    "a column that is empty everywhere": (
        HEAD.replace("price", "void,price") + ROWS.replace(" peg,", " peg,,"), 3, "",
    ),
}  # fmt: skip


def compare(cptdiff: Run, before: Path, after: Path, home: Path, *words: str) -> str:
    """Compare two tables of which one price differs, and return what is told."""
    done = cptdiff("diff", before, after, "--code-set", "table", *words, "-o", home / "run")
    assert (done.returncode, done.stderr.count("error")) == (0, 0), done.stderr + done.stdout
    found = json.loads((home / "run" / "changes.json").read_text("utf-8"))["changes"]
    assert [(one["code"], one["change"]) for one in found] == [("A002", "revised")]
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("table", TABLES)
def test_an_everyday_table_is_compared_without_a_doubt(
    table: str, form: str, cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    text, number, told = TABLES[table]
    texts = [text, re.sub(r"(?<![0-9])5\.00", "6.00", text)]
    before, now = (
        write(make, tmp_path / side, one, form) for side, one in zip("ab", texts, strict=True)
    )
    said = compare(cptdiff, before, now, tmp_path)
    rows = json.loads((tmp_path / "run" / "summary.json").read_text("utf-8"))["rows"]["current"]
    assert (rows["read"], rows["kept"], rows["quarantined"]) == (number, number, 0)
    if form == "csv":
        assert told in said
    elif form == "xlsx" and told.startswith(NOT):
        assert told.partition(",")[0] in said


def test_cells_beside_the_table_of_a_workbook_are_left_out(cptdiff: Run, tmp_path: Path) -> None:
    rows = [line.split(",") for line in NAMED.splitlines()]
    rows[2] += ["", "see page 2"]
    rows += [[""] * 5 + ["made up"], ["Wood of all kinds"]]
    after = [[cell.replace("5.00", "6.00") for cell in row] for row in rows]
    pair = book(tmp_path / "a.xlsx", rows), book(tmp_path / "b.xlsx", after)
    said = compare(cptdiff, *pair, tmp_path)
    assert "cells beside the table, which are left out: 2, the first is E3" in said
    assert f"{NOT}1, the first on line 6: Wood of all kinds" in said


def test_a_further_column_that_half_of_the_rows_have_is_compared(tmp_path: Path) -> None:
    rows = [line.split(",") for line in NAMED.splitlines()]
    rows = [rows[0], *([*row, "*"] for row in rows[1:])]
    release = load(book(tmp_path / "a.xlsx", rows), code_set="table")
    assert release.carries["code"] == ("=name", "=price", "=column D")


def test_a_title_that_is_merged_over_the_table_is_no_entry(tmp_path: Path) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as made:
        sheet = made.add_worksheet()
        for at, line in enumerate(NAMED.splitlines()):
            sheet.write_row(at + (at > 1), 0, line.split(","))
        sheet.merge_range("A3:C3", "Elm and ash")
    path = tmp_path / "a.xlsx"
    path.write_bytes(data.getvalue())
    release = load(path, code_set="table")
    assert (release.rows.read, release.rows.kept) == (3, 3)


@pytest.mark.parametrize("word", ["single", "previous=half"])
def test_quotes_that_are_no_choice_are_refused(
    word: str, cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    path = make(tmp_path / "a.csv", NAMED)
    done = cptdiff("diff", path, path, "--code-set", "table", "--quotes", word)
    assert (done.returncode, "choose among double, none" in done.stderr) == (2, True)


@pytest.mark.parametrize("quotes", [("none", ""), ("", "none")])
def test_quotes_of_one_file_may_be_letters(quotes: tuple[str, str], tmp_path: Path) -> None:
    paths = (tmp_path / "a.csv", tmp_path / "b.csv")
    for path, choice in zip(paths, quotes, strict=True):
        name = 'Oak" peg' if choice else '"Oak"" peg"'
        path.write_text(f"{HEAD}A001,{name},4.00\nA002,x,5.00\n")
    assert diff(*paths, code_set="table", quotes=quotes).entries.height == 0
    with pytest.raises(CptdiffError, match=r"E001.*half is not a kind of quotes"):
        diff(*paths, code_set="table", quotes="half")


def write(make: Make, path: Path, text: str, form: str) -> Path:
    """Write a table of commas in another form."""
    if form == "xlsx":
        rows = [[c.strip('"') for c in split(line)] for line in text.splitlines()]
        return book(path.with_suffix(".xlsx"), rows)
    return make(path.with_suffix(".csv"), text)


def split(line: str) -> list[str]:
    """Give the cells of a line; a comma in quotes belongs to its cell."""
    return next(csv.reader([line]), [""])


MISLED = {
    "pandas wrote it": ",CDM,Rev Code,Price\n0,4000001,0250,10.00\n1,4000002,0251,11.00\n",
    "a workbook saved so": ",CDM,Rev Code,Price\r\n0,4000001,0250,10.00\r\n",
}


@pytest.mark.parametrize("case", MISLED)
def test_a_header_with_an_unnamed_column_is_not_mistaken_for_data(
    cptdiff: Run, make: Make, tmp_path: Path, case: str
) -> None:
    done = cptdiff("inspect", make(tmp_path / "t.csv", MISLED[case]), "--code-set", "table")
    assert done.returncode == 2
    assert "error[E163]: t.csv: has no column code" in done.stderr
    assert (
        "columns found: CDM, Rev Code, Price. Fix: name the column that identifies" in done.stderr
    )


def test_how_cells_are_separated_is_told_by_inspect_and_with_the_changes(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    old = make(tmp_path / "old.csv", "code;fee\nA1;1.50\n")
    new = make(tmp_path / "new.csv", "code;fee\nA1;1.75\n")
    for words in (("inspect", new), ("diff", old, new)):
        told = " ".join(cptdiff(*words, "--code-set", "table").stdout.split())
        assert "eader on line 1, cells separated by semicolons" in told
