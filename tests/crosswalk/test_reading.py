"""The readers of crosswalks: conversion tables, and lists of the user's own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff import CodeSet, CptdiffError
from cptdiff.lists.crosswalks import CROSSWALK_NAMES, read_crosswalk, read_links

AsFile = Callable[[str, list[list[str]]], bytes]
Rows = list[list[str]]

NCHS = ["current_code", "effective_year", "previous_codes"]
BOOK = ["Current code assignment", "Effective October 1", "Previous Code(s) Assignment"]
PCS = ["FY 2022 code", "FY", "Previous code"]
OWN = ["code", "replacement"]
# Name, code set, the rows of the file, the links as `code>replacement date note`.
FILES: tuple[tuple[str, str, Rows, list[str]], ...] = (
    ("a code each", "icd10cm", [NCHS, ["A99.01", "2018", "A99.0"]], ["A990>A9901 2018-10-01"]),
    (
        "previous codes by every separator",
        "icd10cm",
        [NCHS, ["A99.1", "2018", "B01, B02; B03 and B04 & B05 B06.1 "]],
        [f"B0{n}>A991 2018-10-01" for n in (1, 2, 3, 4, 5)] + ["B061>A991 2018-10-01"],
    ),
    (
        "ranges as they stand",
        "icd10cm",
        [NCHS, ["A99.1", "2018", "H02.101-H02.106; H02.109"], ["A99.2", "2018", "R11- and I63.-"]],
        [
            "H02101-H02106>A991 2018-10-01",
            "H02109>A991 2018-10-01",
            "I63->A992 2018-10-01",
            "R11->A992 2018-10-01",
        ],
    ),
    (
        "words between the codes",
        "icd10cm",
        [NCHS, ["K59.03", "2016", "K59.09 AND Code from categories T36-T50"]],
        ["K5909>K5903 2016-10-01", "T36-T50>K5903 2016-10-01"],
    ),
    ("a new code without a previous one", "icd10cm", [NCHS, ["R29.700", "2016", "None"]], []),
    (
        "a day in place of a year, letters in a category, blanks",
        "icd10cm",
        [NCHS, ["U07.0 ", "2020-04-01 00:00:00", " J4B.9"]],
        ["J4B9>U070 2020-04-01"],
    ),
    (
        "as the workbook heads it",
        "icd10cm",
        [BOOK, ["A99.01", "2025", "A99.0"]],
        ["A990>A9901 2025-10-01"],
    ),
    (
        "prose above the header",
        "icd10pcs",
        [["Conversion table"], PCS, ["5A1522F", "FY2022", "5A15223"]],
        ["5A15223>5A1522F 2021-10-01"],
    ),
    ("the user's own", "cpt", [OWN, ["00990", "00991"]], ["00990>00991"]),
    (
        "the user's own with relation, note and day",
        "cpt",
        [["Old CPT", "New CPT", "Relation", "Comment", "Effective"],
         ["00990", "0991T", "converted", "by J.", "2026"], ["00992", "00993", "", "", "7/1/2026"]],
        ["00990>0991T 2026-01-01 converted; by J.", "00992>00993 2026-07-01"],
    ),
    (
        "several replacements, and rows that repeat",
        "cpt",
        [OWN, ["00990", "00991, 00992"], ["00990", "00992"]],
        ["00990>00991", "00990>00992"],
    ),
    (
        "no replacement, in every spelling",
        "cpt",
        [OWN, ["00990", ""], ["00991", "none"], ["00992", "N/A"], ["00993", "-"]],
        ["00990>", "00991>", "00992>", "00993>"],
    ),
    ("leading zeros that a spreadsheet lost", "cpt", [OWN, ["990", "1991"]], ["00990>01991"]),
    ("lower case", "hcpcs", [OWN, ["a0990", "zb"]], ["A0990>ZB"]),
    ("ICD-10 with and without a dot", "icd10cm", [OWN, ["A99.0", "A9901"]], ["A990>A9901"]),
    ("a former code of Appendix M", "cpt",
     [["Current Code(s)", "Deleted/Former Code", "Year Code Deleted"], ["00991", "00990", "2012"]],
     ["00990>00991 2012-01-01"]),
    ("keys of a table", "table", [OWN, ["K 1", "L,1; M1"]], ["K 1>L,1", "K 1>M1"]),
    ("keys of a table below a publisher's heads", "table",
     [["Current code", "Previous code"], ["L,1", "K 1"]], ["K 1>L,1"]),
)  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx"])
@pytest.mark.parametrize("case", FILES, ids=lambda case: case[0])
def test_links_are_read(
    case: tuple[str, str, Rows, list[str]], ending: str, as_file: AsFile, tmp_path: Path
) -> None:
    _, code_set, rows, expected = case
    path = tmp_path / f"crosswalk.{ending}"
    path.write_bytes(as_file(path.name, rows))
    table = read_crosswalk(path, CodeSet(code_set), "user")
    assert table.name == path.name
    columns = table.links.select("code", "replacement", "date", "note").iter_rows()
    told = [f"{old}>{new} {day or ''} {note}".strip() for old, new, day, note in columns]
    assert [" ".join(line.split()) for line in told] == [" ".join(e.split()) for e in expected]


@pytest.mark.parametrize(
    ("header", "basis"), [(NCHS, "publisher"), (BOOK, "publisher"), (OWN, "user")]
)
def test_a_conversion_table_is_its_publishers_word(
    header: list[str], basis: str, as_file: AsFile
) -> None:
    row = ["A99.0", "2018", "A99.01"] if header is not OWN else ["A99.0", "A99.01"]
    data = as_file("x.csv", [header, row])
    assert read_links("x.csv", data, CodeSet.ICD10CM, "user").links["basis"].to_list() == [basis]


def test_a_members_table_has_its_base_name_and_hash(as_file: AsFile) -> None:
    table = read_links(
        "a.zip!in/my.csv", as_file("my.csv", [OWN, ["00990", "00991"]]), CodeSet.CPT, "publisher"
    )
    assert (table.name, len(table.sha256)) == ("my.csv", 64)
    assert table.links["basis"].to_list() == ["publisher"]


ROW = "code,replacement\n"
DATED = "code,new code,date\n"
NO_HEADER = "no header with a column of codes and one of replacements; it begins 00990, 00991"
# Name, code set, the file, how its error line begins after the slug.
WRONG = (
    ("E163 no header", "cpt", "00990,00991\n", f"x.csv: {NO_HEADER}. Fix: name the columns code"),
    ("E163 one column", "cpt", "code\n00990\n", "x.csv: no header with"),
    (
        "E332 a word",
        "cpt",
        ROW + "00990,soon\n",
        "x.csv:2: is not a code of CPT: soon. Fix: write",
    ),
    (
        "E332 a word more",
        "cpt",
        ROW + "00990,see 00991\n",
        "x.csv:2: is not a code of CPT: see 00991",
    ),
    ("E332 no code", "cpt", ROW + "00990,00991\n,00991\n", "x.csv:3: the code is missing"),
    (
        "E332 another set's",
        "icd10cm",
        ROW + "00990,A990\n",
        "x.csv:2: is not a code of ICD-10-CM: 00990",
    ),
    ("E332 no day", "cpt", DATED + "00990,00991,soon\n", "x.csv:2: is not a date: soon"),
    (
        "E332 no such day",
        "cpt",
        DATED + "00990,00991,2026-13-01\n",
        "x.csv:2: is not a date: 2026-13-01",
    ),
    ("E153 an open quote", "cpt", ROW + '"00990,00991\n', "x.csv:2: quotes are broken"),
    ("E110 nothing", "cpt", "", "x.csv: no data"),
    ("E130 a PDF", "cpt", "%PDF-1.7 code,replacement", "x.csv: the content is a PDF"),
)


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case[0])
def test_a_crosswalk_that_cannot_be_used_is_refused(
    case: tuple[str, str, str, str], tmp_path: Path
) -> None:
    name, code_set, content, expected = case
    path = tmp_path / "x.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(CptdiffError) as caught:
        read_crosswalk(path, CodeSet(code_set), "user")
    assert str(caught.value).startswith(f"cptdiff: error[{name[:4]}]: {expected}")
    assert caught.value.exit_code == 2


def test_a_folder_is_no_crosswalk(tmp_path: Path) -> None:
    with pytest.raises(CptdiffError, match="E102"):
        read_crosswalk(tmp_path, CodeSet.CPT, "user")


NAMES = {
    "conversion-table-through-2023.csv": True,
    "ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx": True,
    "icd10pcs_conversion_table_2022.xlsx": True,
    "RenumberedCodesCitationsCrosswalk.txt": True,
    "RenumberedCodesCitationsCrosswalkDescriptors.txt": False,
    "icd10cm_order_2019.txt": False,
    "icd10cm_order_addenda_2019.txt": False,
    "HCPC2019_Trans_Alpha.xlsx": False,
}


@pytest.mark.parametrize(("name", "is_one"), NAMES.items())
def test_a_publishers_crosswalk_is_known_by_its_name(name: str, *, is_one: bool) -> None:
    assert bool(re.fullmatch(CROSSWALK_NAMES, name)) == is_one
