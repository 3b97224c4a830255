"""What one case cannot say of workbooks: exact values, and what a hostile one may take."""

import io
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from cptdiff import CodeSet, Release
from cptdiff.errors import Refused
from cptdiff.isolated import count_rows, package, workbook
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from tests.hostile import books
from tests.hostile.archives import bomb
from tests.hostile.books import SHEET, book, cell, operated, table
from tests.hostile.case import TABLE
from tests.hostile.runs import MEASURED

Make = Callable[..., Path]
GIB = 1024**3


@pytest.fixture
def read(make: Make, tmp_path: Path) -> Callable[..., Release]:
    """Read a workbook as a table of the user's own."""

    def read(data: bytes) -> Release:
        return load(make(tmp_path / "t.xlsx", data), Reading(CodeSet.TABLE))

    return read


def codes(release: Release) -> list[str]:
    return release.entries["code"].sort().to_list()


def test_input_53_a_number_is_the_code_that_its_format_shows(
    read: Callable[..., Release],
) -> None:
    assert codes(read(books.numbers("00000"))) == ["00100", "10021", "33333"]
    assert codes(read(books.numbers(""))) == ["100", "10021", "33333"]


def test_input_54_a_late_text_among_numbers_is_kept(read: Callable[..., Release]) -> None:
    assert codes(read(book(books.late)))[0] == "0042T"


def test_input_55_only_a_code_by_formula_is_set_aside(read: Callable[..., Release]) -> None:
    release = read(book(books.with_formulas))
    assert codes(release) == ["A2", "A3"]
    assert release.set_aside.select("member", "line", "column", "raw").rows() == [
        ("t.xlsx[Codes]", 2, "code", "A1\tFirst thing")
    ]
    assert release.entries.filter(code="A2")["=name"].to_list() == ["Second thing"]


def test_input_57_hidden_sheets_are_not_read(read: Callable[..., Release]) -> None:
    assert codes(read(book(books.hidden_first))) == ["A1", "A2", "A3"]


def test_input_58_of_merged_cells_only_the_first_is_used(read: Callable[..., Release]) -> None:
    assert codes(read(book(books.merged))) == ["A1", "A2"]


def test_text_is_exact(read: Callable[..., Release]) -> None:
    said = " a  b_x000D_c _x0041_\n\u2028é "
    release = read(table([("code", "name"), ("A1", said)]))
    assert release.entries["=name"].to_list() == [said]


def test_runs_are_joined_and_pronunciation_is_left_out(read: Callable[..., Release]) -> None:
    rich = "<is><r><t>One </t></r><r><t>two</t></r><rPh><t>wan</t></rPh></is>"
    release = read(cell("B2", f'<c r="B2" t="inlineStr">{rich}</c>'))
    assert release.entries.filter(code="A1")["=name"].to_list() == ["One two"]


def test_the_second_counter_counts_what_holds_anything() -> None:
    rows = (
        '<x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row><row r="3"/><row><c/></row>'
        '<row r="7" t="x"><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>'
        "<row><c><f>1</f></c></row><row><c t='str'><f>1</f><v></v></c></row>"
        "<row><c t='inlineStr'><is><t>w</t></is></c></row></sheetData><row><c><v>1</v></c></row>"
    )
    assert count_rows(rows.encode(), {0}) == [2, 8, 9, 11]


def test_a_row_that_the_reader_misses_is_told(
    read: Callable[..., Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    def meddled(*_: object) -> bytes:
        lines = b"".join(workbook.answer(table())).split(b"\n")
        return b"\n".join(line for line in lines if b"Second" not in line)

    monkeypatch.setattr("cptdiff.reading.workbooks.run_isolated", meddled)
    with pytest.raises(Refused, match="E199"):
        read(table())


def test_input_61_a_mutated_sheet_is_refused_or_every_row_is_counted() -> None:
    with zipfile.ZipFile(io.BytesIO(table())) as source:
        sheet = source.read(SHEET).decode()
    chosen = random.Random(61)  # noqa: S311 - seeded on purpose
    found = []
    for _ in range(300):
        at = chosen.randrange(len(sheet))
        mutant = sheet[:at] + chosen.choice('<>/"=&sv19 ') + sheet[at + 1 :]
        found.append(said(operated(table(), SHEET, sheet, mutant)))
    numbers = [line[0] for lines in found for line in lines or () if isinstance(line, list)]
    assert 60 < found.count(None) < 240
    # What a mutant may do to a row's number is told by `count_rows`.
    assert set(numbers) <= set(range(1, 10_000))


def said(data: bytes) -> list[list[int] | dict[str, str]] | None:
    try:
        return list(map(json.loads, workbook.answer(data)))
    except Refused:
        return None


HOSTILE = {
    "a far cell": ("t.xlsx", lambda: books.far(1_048_575, 16_383), "E213"),
    "a bomb": ("r.zip", lambda: bomb(50 * 1024**2), "E180"),
    "a sheet bomb": ("t.xlsx", lambda: books.sheet_bomb(5_000_000), "E213"),
    "one row of cells": ("t.xlsx", lambda: books.wide(4_000_000), "E"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="no rusage")
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_input_59_a_bomb_is_refused_under_one_gigabyte(
    make: Make, tmp_path: Path, root: Path, hostile: tuple[str, Callable[[], bytes], str]
) -> None:
    name, build, slug = hostile
    bad, sound = make(tmp_path / name, build()), make(tmp_path / "sound.csv", TABLE)
    assert bad.stat().st_size < 12_000_000
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "diff", str(bad), str(sound), "--code-set", "table"],
        cwd=root, env=os.environ, capture_output=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip
    line, figures = done.stdout.strip().split("\n")
    assert line.startswith(f"cptdiff: error[{slug}"), line
    code, memory = map(int, figures.split())
    assert (code, memory < GIB) == (2, True)


ASKING = """
import signal, subprocess
from cptdiff import isolated
def started(words, **how):
    print(subprocess.Popen(words, pass_fds=how["pass_fds"]).pid, flush=True)
    signal.pause()
subprocess.run = started
isolated.run_isolated("cptdiff.isolated.workbook", "x", b"")
"""


def test_a_child_does_not_outlive_who_asked_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = Path(f"/proc/{int(parent.stdout.readline())}/status")
        assert is_alive(child)
        # What the child reads from stays open: that does not end it.
        parent.kill()
        waited = time.monotonic()
        while is_alive(child) and time.monotonic() < waited + 600:
            time.sleep(0.05)
        assert not is_alive(child)


def is_alive(status: Path) -> bool:
    try:
        return "State:\tZ" not in status.read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


# What is legal XML and changes nothing for who reads the sheet: what stands there, what instead.
SOUND = {
    "UTF-16": ("", ""),
    "a comment with a row": ("<sheetData>", '<sheetData><!-- <row r="9"><c><v>1</v></c> -->'),
    "a comment that ends them": ("<sheetData>", "<sheetData><!-- </sheetData> -->"),
    "an instruction": ("<sheetData>", "<sheetData><?x <row><c><v>1</v></c></row>?>"),
    "a row in CDATA": ("</sheetData>", ('<row r="9"><c r="A9" t="inlineStr"><is><t>'
                       "<![CDATA[<row><c><v>1</v></c>]]></t></is></c></row></sheetData>")),
    "a cell of nothing but CDATA": ("</sheetData>", ('<row r="9"><c r="A9" t="inlineStr"><is><t>'
                                    "<![CDATA[]]></t></is></c></row></sheetData>")),
    "a greater-than sign": ('<row r="3"', '<row x=">" r="3"'),
    "a number by reference": ('<row r="3"', '<row r="&#51;"'),
    "another name of a space": ("</sheetData>", ('<y-1:row xmlns:y-1="http://schemas.openxmlformats'
                                '.org/spreadsheetml/2006/main" r="9"><y-1:c r="A9"><y-1:v>7</y-1:v>'
                                "</y-1:c></y-1:row></sheetData>")),
}  # fmt: skip


@pytest.mark.parametrize("form", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("sound", SOUND)
def test_input_61_whatever_is_sound_xml_is_counted_as_it_is_read(
    read: Callable[..., Release], sound: str, form: str
) -> None:
    old, new = SOUND[sound]
    with zipfile.ZipFile(io.BytesIO(table())) as source:
        sheet = source.read(SHEET).decode()
    assert old in sheet
    meant = sheet.replace(old, new, 1) if old else sheet
    text = meant.replace('encoding="UTF-8"', f'encoding="{form[:6]}"').encode(form)
    release = read(resheeted(text))
    more = "</sheetData>" in old and "nothing" not in sound
    assert release.rows.read == 3 + more


def resheeted(sheet: bytes) -> bytes:
    """Put the bytes of a sheet in place of those of the sound table."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(table())) as source, zipfile.ZipFile(buffer, "w", 8) as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == SHEET else source.read(name))
    return buffer.getvalue()


FORMATS = ("yyyy-mm-dd", "m/d/yy h:mm", "h:mm:ss", "[h]:mm", "[$-409]d-mmm", '"on" yyyy;"day" 0')
NO_DATES = ('"day" 0', "[Red]0", r"\d0", "0;d")
SERIALS = (0, 0.25, 0.9999999999, 1, 59, 59.5, 60, 61, -0.5, -3, 45658, 45658.75, 2958465, 9e6)


@pytest.mark.parametrize("since_1904", [False, True])
@pytest.mark.parametrize("code", FORMATS)
def test_dates_are_those_that_openpyxl_reads(code: str, since_1904: bool) -> None:  # noqa: FBT001
    dice = random.Random(7)  # noqa: S311 - the same numbers each time
    styles = package.Styles([code], since_1904)
    for serial in (*SERIALS, *(dice.uniform(0, 70_000) for _ in range(300))):
        expected = by_openpyxl(serial, code, MAC_EPOCH if since_1904 else WINDOWS_EPOCH)
        assert styles.write_number(repr(serial), "0") == expected, serial


def by_openpyxl(serial: float, code: str, epoch: datetime) -> tuple[str, str]:
    assert is_date_format(code)
    try:
        value = from_excel(serial, epoch, timedelta=is_timedelta_format(code))
    except OverflowError:
        return "#VALUE!", package.ERROR
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    # As Parquet and programs have it: no T between day and time.
    return text.removesuffix("T00:00:00").replace("T", " "), package.DATE


@pytest.mark.parametrize("code", NO_DATES)
def test_a_format_whose_letters_are_quoted_escaped_or_a_color_is_no_date(code: str) -> None:
    assert not is_date_format(code)
    assert package.Styles([code]).write_number("45658", "0") == ("45658", package.NUMBER)
