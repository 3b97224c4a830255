"""Hostile workbooks and Parquet files."""

from collections.abc import Callable
from typing import Final

from tests.hostile import books
from tests.hostile.books import SHEET, book, cell, operated, table
from tests.hostile.case import OWN, Case

MACROS: Final = operated(
    table(), "xl/_rels/workbook.xml.rels", "</Relationships>",
    '<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/'
    'vbaProject" Target="vbaProject.bin"/></Relationships>',
    {"xl/vbaProject.bin": "x"},
)  # fmt: skip
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
LOCKED: Final = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512)
BINARY: Final = operated(
    table(), "_rels/.rels", "xl/workbook.xml", "xl/workbook.bin", {"xl/workbook.bin": "x"}
)
LOL: Final = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
XXE: Final = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst'
ERROR: Final = '<c r="{}" t="e"><v>#REF!</v></c>'
LIE: Final = '<dimension ref="A1:B2"/>'
ALL: Final = (3, 3, 0, 0)


def read(row: int, what: str, data: bytes, *says: str,
         rows: tuple[int, int, int, int] = ALL) -> Case:  # fmt: skip
    return Case(row, what, "t.xlsx", data, 3 if rows[3] else 0, says, rows)


def refused(row: int, what: str, data: bytes | str, *says: str) -> Case:
    return Case(row, what, "t.xlsx", data, 2, says)


def made(row: int, what: str, fill: Callable[[books.Book], object], *says: str,
         rows: tuple[int, int, int, int] = ALL) -> Case:  # fmt: skip
    return read(row, what, book(fill), *says, rows=rows)


CASES: Final = (
    read(53, "numbers shown with zeros", books.numbers("00000"), "00000): 3"),
    read(53, "numbers in General", books.numbers(""), "numbers, not text: 3"),
    # All but the few codes of the sound side are deleted.
    made(54, "a late text after 1501 numbers", books.late, "numbers, not text: 1,501",
         rows=(1502, 1502, 0, 0))._replace(options=(*OWN, "--limit", "deleted-share=100")),
    made(55, "a code from a formula, a name from one", books.with_formulas,
         "E210", "calculated: 1", rows=(3, 2, 0, 1)),
    made(55, "codes from one array formula", books.arrayed, "E210", rows=(3, 1, 0, 2)),
    read(55, "a code that is an error", cell("A3", ERROR.format("A3")), "E210: contains #REF!",
         "t.xlsx[Codes]", rows=(3, 2, 0, 1)),
    read(55, "a name that is an error", cell("B3", ERROR.format("B3")), "E210: contains #REF!",
         rows=(3, 2, 0, 1)),
    read(55, "a code never calculated", cell("A3", '<c r="A3"><f>1</f></c>'),
         "never calculated", rows=(3, 2, 0, 1)),
    read(55, "a name never calculated", cell("B3", '<c r="B3"><f>1</f><v></v></c>'),
         "never calculated", rows=(3, 2, 0, 1)),
    read(55, "a name calculated as nothing", cell("B3", '<c r="B3" t="str"><f>""</f><v></v></c>')),
    Case(56, "macros", "t.xlsm", MACROS, 0, ("contains macros, which are not run",), ALL),
    refused(56, "a binary workbook named .xlsx", BINARY, "E130", ".xlsb"),
    Case(56, "a binary workbook", "t.xlsb", BINARY, 2, ("E130",)),
    made(57, "hidden sheets around the one", books.hidden_first, "Old (hidden)",
         "(very hidden)"),
    made(57, "a chart first", books.charted),
    refused(57, "two sheets with the header", book(books.twice), "E211", "2 visible sheets",
            "Codes (visible), Copy (visible), Old (very hidden)"),
    refused(57, "the header on a hidden sheet", book(books.only_hidden), "E211",
            "Notes (visible), Codes (hidden)"),
    made(57, "a filtered row", books.hidden_rows, "hidden or filtered rows, read as the others: 1"),
    made(58, "a merged title, merged codes", books.merged, "E212", "merged", rows=(3, 2, 0, 1)),
    made(58, "an empty code", books.empty_code, "E212: has no code", rows=(4, 3, 0, 1)),
    read(59, "a lying dimension", operated(table(), SHEET, '<dimension ref="A1:B4"/>', LIE)),
    refused(59, "the farthest cell", books.far(1_048_575, 16_383), "E213",
            "t.xlsx[Codes]!XFD1048576"),
    refused(59, "a far column", books.far(1, 5_000), "E213", "t.xlsx[Codes]!GJI2"),
    refused(59, "a far row", books.far(200_000, 0), "E213", "t.xlsx[Codes]!A200001"),
    refused(59, "a sheet bomb", books.sheet_bomb(400_000), "E213", "unpacks to"),
    refused(60, "an entity bomb", operated(table(), SHEET, "<worksheet", LOL), "E214"),
    refused(60, "an entity from outside", operated(table(), "xl/sharedStrings.xml", "<sst", XXE),
            "E214"),
    refused(61, "a password", LOCKED, "E182", "save it without a password"),
    refused(61, "an old workbook named .xlsx", OLE, "E130", ".xls"),
    Case(61, "an old workbook", "t.xls", OLE, 2, ("E130", "save it as .xlsx")),
    refused(61, "a table named .xlsx", "code,name\nA1,x\n", "E130", "says xlsx"),
    refused(61, "a page named .xlsx", "<html><table></table></html>", "E130", "a web page"),
    refused(61, "a workbook cut short", table()[:-100], "E215"),
    refused(61, "a broken sheet", operated(table(), SHEET, "</sheetData>", ""), "E215"),
    refused(61, "a missing sheet", operated(table(), "xl/_rels/workbook.xml.rels",
            "worksheets/sheet1.xml", "worksheets/none.xml"), "E215", "no part"),
    refused(61, "a text that is not there", cell("A3", '<c r="A3" t="s"><v>99</v></c>'),
            "E215", "t.xlsx[Codes]!A3"),
    refused(61, "a text counted from the end", cell("A3", '<c r="A3" t="s"><v>-1</v></c>'),
            "E215", "t.xlsx[Codes]!A3"),
    refused(61, "one cell twice", cell("B3", '<c r="A3"><v>1</v></c>'), "E215", "is there twice"),
    refused(61, "one row twice", operated(table(), SHEET, '<row r="3"', '<row r="2"'), "E215"),
    Case(61, "a workbook named .csv", "t.csv", table(), 2, ("E130", "says csv")),
    Case(61, "a workbook named .zip", "t.zip", table(), 2, ("E130", "a workbook")),
)  # fmt: skip
