"""Workbooks to be hostile with: sound ones by xlsxwriter, then cut open."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import xlsxwriter

# xlsxwriter has no types.
Book = Any
Page = Any
HEAD: Final = ("code", "name")
ROWS: Final = (HEAD, ("A1", "First thing"), ("A2", "Second thing"), ("A3", "Third thing"))
SHEET: Final = "xl/worksheets/sheet1.xml"


def book(fill: Callable[[Book], object]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        fill(made)
    return buffer.getvalue()


def table(rows: Sequence[Sequence[object]] = ROWS) -> bytes:
    return book(lambda made: filled(made, "Codes", rows))


def filled(made: Book, name: str, rows: Sequence[Sequence[object]] = ROWS) -> Page:
    page = made.add_worksheet(name)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    return page


def operated(
    data: bytes, part: str, old: str, new: str, more: Mapping[str, str] | None = None
) -> bytes:
    """Replace `old` in `part` once, and add the parts `more`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", 8) as target:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            target.writestr(name, text)
        for name, added in (more or {}).items():
            target.writestr(name, added)
    return buffer.getvalue()


def cell(address: str, xml: str) -> bytes:
    """Put `xml` in place of a cell of the sound table."""
    data = table()
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        found = re.search(rf'<c r="{address}".*?</c>', source.read(SHEET).decode())
    assert found
    return operated(data, SHEET, found[0], xml)


def numbers(form: str) -> bytes:
    """Write three codes as numbers, two of them below 10000, under the number format."""

    def fill(made: Book) -> None:
        page = filled(made, "Codes", [HEAD, ("", "First"), ("", "Second"), ("", "Third")])
        for row, number in enumerate((100, 10021, 33333), 1):
            page.write_number(row, 0, number, made.add_format({"num_format": form}))

    return book(fill)


def late(made: Book) -> None:
    rows = [[n + 10_000, f"Thing {n}"] for n in range(1501)]
    filled(made, "Codes", [HEAD, *rows, ("0042T", "A late text")])


def with_formulas(made: Book) -> None:
    page = filled(made, "Codes")
    page.write_formula("A2", '="A"&"1"', None, "A1")
    page.write_formula("B3", '="Second"&" thing"', None, "Second thing")


def arrayed(made: Book) -> None:
    page = filled(made, "Codes")
    page.write_array_formula("A3:A4", "{=D3:D4}", None, "A2")
    page.write_string("A4", "A3")


def hidden_first(made: Book) -> None:
    filled(made, "Old", [HEAD, ("A9", "Wrong thing")]).hide()
    page = filled(made, "Codes")
    page.activate()
    page.set_first_sheet()
    filled(made, "Secret", [HEAD, ("A8", "Wrong, too")]).very_hidden()


def charted(made: Book) -> None:
    chart = made.add_chart({"type": "bar"})
    chart.add_series({"values": "=Codes!$C$1:$C$2"})
    made.add_chartsheet("Chart").set_chart(chart)
    filled(made, "Codes")


def twice(made: Book) -> None:
    filled(made, "Codes")
    filled(made, "Copy")
    filled(made, "Old").very_hidden()


def only_hidden(made: Book) -> None:
    made.add_worksheet("Notes").write_string("A1", "See the other sheet")
    filled(made, "Codes").hide()


def hidden_rows(made: Book) -> None:
    page = filled(made, "Codes")
    page.autofilter("A1:B4")
    page.set_row(2, None, None, {"hidden": True})


def merged(made: Book) -> None:
    page = filled(made, "Codes", [("", "")])
    page.merge_range("A1:B1", "A title over all")
    page.write_row("A2", HEAD)
    page.merge_range("A3:A4", "A1")
    page.write_string("B3", "First thing")
    page.write_string("B4", "Part of it")
    page.write_row("A5", ("A2", "Second thing"))


def empty_code(made: Book) -> None:
    filled(made, "Codes", [*ROWS, ("", "A thing without a code")])


def far(row: int, column: int) -> bytes:
    def fill(made: Book) -> None:
        filled(made, "Codes").write_string(row, column, "x")

    return book(fill)


def sheet_bomb(rows: int) -> bytes:
    """Pack a sheet with rows of blank-looking cells to a hundredth of it."""
    row = '<row><c t="inlineStr"><is><t> </t></is></c></row>' * 1000
    return operated(table(), SHEET, "</sheetData>", row * (rows // 1000) + "</sheetData>")


def wide(cells: int) -> bytes:
    """Write one row of very many cells, each of other bytes, so that it packs badly."""
    row = "".join(f'<c s="{n % 9973}"/>' for n in range(cells))
    return operated(table(), SHEET, "</sheetData>", f'<row r="9">{row}</row></sheetData>')
