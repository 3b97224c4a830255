"""What cptdiff relies on in its libraries.

`make bounds` runs these with the lowest versions that pyproject.toml allows.
"""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Final, Literal

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from polars.testing import assert_frame_equal

Run = Callable[..., CompletedProcess[str]]
INCH: Final = b'1,6" tube\n2,plain\n' * 2000
EXACT: Final[dict[str, Any]] = {
    "has_header": False,
    "quote_char": None,
    "infer_schema": False,
    "empty_string_is_null": False,
    "truncate_ragged_lines": True,
}


def read(data: bytes) -> list[tuple[Any, ...]]:
    """Rows as the fast way reads them (reading/tables.py)."""
    return pl.read_csv(data, **EXACT).rows()


def test_machine_16_polars_without_quotes_loses_no_row_to_an_inch_mark() -> None:
    frame = pl.read_csv(INCH, **EXACT)
    assert frame.height == 4000
    assert frame.to_series(1).unique(maintain_order=True).to_list() == ['6" tube', "plain"]


@pytest.mark.parametrize("code", ["00100", "1.00E+05", "99213.0", "true", "0042T", " 1 ", "NA"])
def test_machine_16_polars_without_inference_keeps_every_code(code: str) -> None:
    assert read(f"{code},x\n".encode() * 3) == [(code, "x")] * 3
    late = b"100,x\n" * 5000 + f"{code},x\n".encode()
    assert read(late)[-1] == (code, "x")


def test_machine_16_polars_tells_empty_from_missing_and_keeps_odd_line_ends() -> None:
    assert read(b"a,\n,b\n") == [("a", ""), ("", "b")]
    assert read("a,x\x0by\x85\u2028z\n".encode()) == [("a", "x\x0by\x85\u2028z")]


def test_machine_16_polars_pads_short_rows_and_drops_what_is_too_much_in_silence() -> None:
    # What reading/tables.py counts against: if Polars reported it, the count would not be needed.
    assert read(b"a,b\nc\nd,e,f\n") == [("a", "b"), ("c", ""), ("d", "e")]


def test_machine_16_polars_numbers_lines_from_the_one_after_the_header() -> None:
    frame = pl.read_csv(
        b"x\ny\na,b\nc,d\n", **EXACT, skip_lines=2, row_index_name="line", row_index_offset=3
    )
    assert frame.rows() == [(3, "a", "b"), (4, "c", "d")]


def test_machine_16_polars_reads_lines_as_they_stand() -> None:
    lines = pl.read_lines(b'00100 "x\r\n\n 2\x0b3\n', name="text", row_index_name="line")
    assert [text.rstrip("\r") for text in lines["text"]] == ['00100 "x', "", " 2\x0b3"]


@pytest.mark.parametrize("how", ["left", "inner", "semi", "anti"])
def test_machine_16_polars_joins_keep_the_left_order_when_asked(
    how: Literal["left", "inner", "semi", "anti"],
) -> None:
    left = pl.DataFrame({"key": [n * 7919 % 100_003 for n in range(100_003)]})
    right = left.filter(pl.col("key") % 3 != 1).reverse()
    joined = left.join(right, on="key", how=how, maintain_order="left" if how != "semi" else None)
    kept = {"left": left, "anti": left.filter(pl.col("key") % 3 == 1)}
    assert_frame_equal(joined, kept.get(how, left.filter(pl.col("key") % 3 != 1)))


def test_machine_16_polars_tells_a_join_that_would_multiply_rows() -> None:
    twice = pl.DataFrame({"key": [1, 1]})
    with pytest.raises(pl.exceptions.ComputeError):
        twice.join(twice, on="key", validate="1:1")


def test_machine_16_polars_sorts_text_by_its_bytes_in_any_locale() -> None:
    found = pl.Series(["a", "Z", "é", "00100", "\uff10", "_"]).sort().to_list()
    assert found == ["00100", "Z", "_", "a", "é", "\uff10"]


@pytest.mark.parametrize(
    ("text", "error"),
    [('a,"x\nb,y\n', "unexpected end of data"), ('a,"x" y\n', "expected after")],
)
def test_machine_16_csv_in_strict_mode_refuses_broken_quotes(text: str, error: str) -> None:
    with pytest.raises(csv.Error, match=error):
        list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_machine_16_csv_keeps_bare_quotes_and_numbers_physical_lines() -> None:
    reader = csv.reader(io.StringIO('a,6" tube\nb,"x\r\ny"\nc,"d""e"\n', newline=""), strict=True)
    found = [(reader.line_num, row) for row in reader]
    assert found == [(1, ["a", '6" tube']), (3, ["b", "x\r\ny"]), (4, ["c", 'd"e'])]


def workbook(**settings: object) -> io.BytesIO:
    """A sheet with a number shown as a code, a text, a late text, and a hidden sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **settings}) as book:
        sheet = book.add_worksheet("Codes")
        sheet.write_number("A1", 100, book.add_format({"num_format": "00000"}))
        sheet.write_string("B1", "00100")
        sheet.write_row("A1502", ["0042T"])
        book.add_worksheet("Hidden").hide()
    return buffer


def test_machine_16_openpyxl_tells_a_number_with_its_format_from_a_text() -> None:
    sheet = openpyxl.load_workbook(workbook(), read_only=True, data_only=True)["Codes"]
    sheet.reset_dimensions()
    number, text = next(iter(sheet.iter_rows()))
    assert (number.value, number.number_format) == (100, "00000")
    assert (text.value, text.data_type) == ("00100", "s")


def test_machine_16_openpyxl_reads_beyond_a_lying_dimension_once_it_is_reset() -> None:
    lying = io.BytesIO()
    with zipfile.ZipFile(workbook()) as book, zipfile.ZipFile(lying, "w") as other:
        for name in book.namelist():
            data = book.read(name)
            if name.endswith("sheet1.xml"):
                assert b'<dimension ref="A1:B1502"/>' in data
                data = data.replace(b'ref="A1:B1502"', b'ref="A1:B1"')
            other.writestr(name, data)
    sheet = openpyxl.load_workbook(lying, read_only=True, data_only=True)["Codes"]
    sheet.reset_dimensions()
    rows = list(sheet.iter_rows(values_only=True))
    assert (len(rows), rows[-1][0]) == (1502, "0042T")


def test_machine_16_openpyxl_tells_which_sheets_are_hidden() -> None:
    book = openpyxl.load_workbook(workbook(), read_only=True)
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "hidden"]


def test_machine_16_xlsxwriter_keeps_text_as_text_and_writes_the_same_bytes() -> None:
    settings = {"strings_to_numbers": False, "strings_to_formulas": False}
    once, again = (workbook(**settings).getvalue() for _ in range(2))
    parts = [
        {name: book.read(name) for name in book.namelist() if not name.startswith("docProps/")}
        for book in (zipfile.ZipFile(io.BytesIO(each)) for each in (once, again))
    ]
    assert parts[0] == parts[1]
    with zipfile.ZipFile(io.BytesIO(once)) as book:
        dates = {info.date_time for info in book.infolist()}
        assert b"00100" in book.read("xl/sharedStrings.xml")
    assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_machine_16_zipfile_gives_no_data_whose_checksum_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("codes.csv", "00100,x\n" * 100)
    path.write_bytes(path.read_bytes().replace(b"00100", b"00200", 1))
    with zipfile.ZipFile(path) as archive, pytest.raises(zipfile.BadZipFile, match="CRC"):
        archive.read("codes.csv")


def test_machine_16_zipfile_tells_passwords_and_methods_apart() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("codes.csv", "00100,x\n")
    data = buffer.getvalue()
    for at, value, told in ((6, 1, RuntimeError), (8, 93, NotImplementedError)):
        local = data.index(b"PK\x03\x04") + at
        central = data.index(b"PK\x01\x02") + at + 2
        changed = bytearray(data)
        changed[local] = changed[central] = value
        with zipfile.ZipFile(io.BytesIO(bytes(changed))) as archive, pytest.raises(told):
            archive.read("codes.csv")


def test_machine_16_jinja_escapes_whatever_the_name_and_knows_no_unknown_name() -> None:
    shelf = DictLoader({"a.html.j2": "{{ x }}", "b": "{{ y }}"})
    pages = Environment(loader=shelf, autoescape=True, undefined=StrictUndefined)
    assert pages.get_template("a.html.j2").render(x="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        pages.get_template("b").render()


def test_machine_16_csv_is_limited_by_nobody_before_it_reads_and_as_on_any_system_then(
    process: Run,
) -> None:
    script = (
        "import csv; was = csv.field_size_limit(); import cptdiff.reading.rows as quoting;"
        "from cptdiff.reading.text import Text; print(csv.field_size_limit() == was);"
        "quoting.read_quoted(Text('t.csv', b'a', 'UTF-8'), ',', 0, b' ');"
        # A C long of Windows.
        "print(was < csv.field_size_limit() < 2 ** 31)"
    )
    done = process("-c", script)
    assert (done.stdout, done.stderr) == ("True\nTrue\n", "")
