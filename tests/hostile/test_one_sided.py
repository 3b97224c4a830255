"""What is spoiled or missing on one side only makes no change."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from cptdiff import CodeSet, CptdiffError
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from tests.conftest import Content
from tests.hostile.case import OWN, TABLE, Run, quarantined
from tests.hostile.codes import CONSOLIDATED, HEAD, ICD, SOUND
from tests.streams import list_warnings

Make = Callable[[Path, Content], Path]

MEDU = "00100 MADE-UP A\r\n00102 MADE-UP B\r\n00104 MADE-UP C\r\n"
LONG = "00100\tMade-up a\r\n00102\tMade-up b\r\n00104\tMade-up c\r\n"


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("line", ["0010X\tMade-up b\r\n", ""])
def test_a_row_that_one_of_two_files_lacks_makes_no_revision(
    cptdiff: Run, make: Make, tmp_path: Path, line: str, side: str
) -> None:
    whole = make(tmp_path / "whole", {"LONGULT.txt": LONG, "MEDU.txt": MEDU})
    torn = LONG.replace("00102\tMade-up b\r\n", line)
    found = make(tmp_path / "torn", {"LONGULT.txt": torn, "MEDU.txt": MEDU})
    pair = (found, whole) if side == "previous" else (whole, found)
    done = cptdiff("diff", *pair, "-o", tmp_path / "run")
    assert "No changes" in done.stdout
    assert "long descriptor is missing or cut off, which is not compared: 1" in " ".join(
        done.stdout.split()
    )
    assert len(quarantined(tmp_path / "run", side)) == bool(line)


@pytest.mark.parametrize("turned", [1, -1])
def test_a_table_of_keys_alone_against_one_with_fields_is_compared(
    cptdiff: Run, make: Make, tmp_path: Path, turned: int
) -> None:
    pair = [make(tmp_path / "a.csv", "code\nA1\nA2\n"), make(tmp_path / "b.csv", TABLE)][::turned]
    done = cptdiff("diff", *pair, *OWN, "-o", tmp_path / "run")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    assert "column name is only in b.csv" in done.stdout.lower()


def test_a_paragraph_of_modifiers_may_begin_with_prose(make: Make, tmp_path: Path) -> None:
    text = "Appendix A\r\n\r\nA note\r\n22 More: made-up\r\n\r\n23 Less: made-up\r\n23 again\r\n"
    release = load(make(tmp_path / "r", {"MODUL.txt": text}))
    assert release.entries["code"].to_list() == ["22", "23"]


SPOILED = {
    "zeros lost": (CONSOLIDATED, "\t00100\t", "\t100\t"),
    "a decimal": (CONSOLIDATED, "\t99213\t", "\t99213.0\t"),
    "thousands": (CONSOLIDATED, "\t99213\t", "\t99,213\t"),
    "a look-alike": (CONSOLIDATED, "\t0042T\t", "\t0042\u0422\t"),
    "full-width digits": (CONSOLIDATED, "\t0042T\t", "\t\uff10\uff10\uff14\uff12T\t"),
    "a character that cannot be seen": (CONSOLIDATED, "\t0042T\t", "\t0042T\u200b\t"),
    "a blank, and a cell too many": (CONSOLIDATED, "\t99213\tMade-up 3", "\t99213 \ta\tb"),
    "a NUL": (CONSOLIDATED, "\t99213\tMade-up 3", "\t99213\tMade\0up 3"),
    "a dot, and a NUL": ("icd10cm_codes_2026.txt", "A001    Made", "A00.1   M\0de"),
}


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("case", SPOILED.values(), ids=SPOILED)
def test_a_code_that_is_spoiled_on_one_side_is_no_change(
    cptdiff: Run, make: Make, tmp_path: Path, case: tuple[str, str, str], side: str
) -> None:
    name, whole, spoiled = case
    text = ICD if name.startswith("icd") else HEAD + SOUND
    assert whole in text
    sound = make(tmp_path / "sound", {name: text})
    found = make(tmp_path / "found", {name: text.replace(whole, spoiled)})
    pair = (found, sound) if side == "previous" else (sound, found)
    done = cptdiff("diff", *pair, "-o", tmp_path / "run")
    assert done.returncode == 3
    assert "No changes: 2 entries compared" in done.stdout
    assert len(quarantined(tmp_path / "run", side)) == 1


def test_inspect_of_a_repaired_file_ends_with_3(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    found = make(tmp_path / CONSOLIDATED, HEAD + SOUND + "4\t104\tx\n")
    assert cptdiff("inspect", found, "--repair", "leading-zeros").returncode == 3


def with_error(rows: list[list[str]]) -> bytes:
    """Write a workbook whose second row has an error in its last cell."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        page.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    return buffer.getvalue()


KEYED = [(name, keys) for name in ("t.csv", "t.xlsx") for keys in ("ba", "ab")]


@pytest.mark.parametrize("case", KEYED)
def test_a_row_of_several_keys_that_is_set_aside_is_no_change(
    cptdiff: Run, make: Make, as_file: Callable[..., bytes], tmp_path: Path, case: tuple[str, str]
) -> None:
    name, keys = case
    rows = [["a", "b", "name"], ["1", "p", "x"], ["x|y", "2", "y"], ["z\\", "3", "z"]]
    # Too many cells, in a workbook an error: the row of x|y is set aside.
    spoiled = [*rows[:2], [*rows[2], "more"], rows[3]]
    later = with_error(rows) if name == "t.xlsx" else as_file(name, spoiled)
    pair = [make(tmp_path / f"0{name}", as_file(name, rows)), make(tmp_path / f"1{name}", later)]
    words = [word for key in keys for word in ("--key", key)]
    done = cptdiff("diff", *pair, *OWN, *words, "-o", tmp_path / "run")
    assert done.returncode == 3
    assert "No changes: 2 entries compared" in done.stdout


def test_a_file_that_lacks_many_of_its_sisters_codes_is_refused(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    codes = [f"{n:05}" for n in range(10_000, 10_200)]
    medu = "".join(f"{code} MADE-UP\r\n" for code in codes)
    long = [f"{code}\tMade-up\r\n" for code in codes]
    sound = make(tmp_path / "sound", {"LONGULT.txt": "".join(long), "MEDU.txt": medu})
    half = make(tmp_path / "half", {"LONGULT.txt": "".join(long[:100]), "MEDU.txt": medu})
    done = cptdiff("diff", sound, half)
    assert (done.returncode, "error[E124]: half: 100 of 200" in done.stderr) == (2, True)


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("width", [17, 30, 77])
def test_a_record_that_is_cut_makes_no_revision(
    cptdiff: Run, make: Make, tmp_path: Path, width: int, side: str
) -> None:
    lines = [f"0000{n} A00{n}    1 {f'Made-up {n}':<60} Made-up {n}\r\n" for n in (1, 2, 3)]
    cut = f"{lines[1][:width].rstrip()}\r\n"
    sound, found = (
        make(tmp_path / name, {"icd10cm_order_2026.txt": "".join(text)})
        for name, text in (("sound", lines), ("found", [lines[0], cut, lines[2]]))
    )
    pair = (found, sound) if side == "previous" else (sound, found)
    done = cptdiff("diff", *pair)
    assert "No changes" in done.stdout
    assert done.returncode in {0, 3}


def test_a_code_of_icd_is_a_code_or_a_header(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    line = f"00001 A001    1 {'Made-up':<60} Made-up\r\n00002 A002    1 {'Other':<60} Other\r\n"
    twice = line.replace("00002 A002    1", "00003 A001    0")
    both = {"a": line, "b": f"{line}{twice.splitlines()[1]}\r\n"}
    pair = [make(tmp_path / side, {"icd10cm_order_2026.txt": both[side]}) for side in both]
    done = cptdiff("diff", *pair, "-o", tmp_path / "run")
    assert done.returncode == 3
    assert len(quarantined(tmp_path / "run", "current")) == 2
    assert "A001" not in (tmp_path / "run" / "changes.csv").read_text("utf-8")


def test_tables_without_a_column_in_common_are_refused(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    pair = [make(tmp_path / "a.csv", TABLE), make(tmp_path / "b.csv", TABLE.replace("name", "x"))]
    done = cptdiff("diff", *pair, *OWN)
    assert (done.returncode, "error[E307]" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_trailers_of_tables_are_no_keys(
    make: Make, as_file: Callable[..., bytes], tmp_path: Path, name: str
) -> None:
    rows = [["code", "name"], ["A1", "x"], ["Total", "1"], ["Total: 1 row", "x"]]
    release = load(make(tmp_path / name, as_file(name, rows)), Reading(CodeSet.TABLE))
    assert release.entries["code"].to_list() == ["A1"]
    assert (release.rows.read, release.set_aside.height) == (1, 0)
    assert "section titles): 2, the first on line 3: Total 1" in str(release.notes[-1])


def test_a_byte_of_windows_1252_in_utf_8_is_refused(make: Make, tmp_path: Path) -> None:
    text = "00100\tCaf\u00e9\r\n00102\tna\u00efve\r\n00104\tMade-up ?\r\n".encode()
    with pytest.raises(CptdiffError, match=r"E140\]: LONGULT.txt:3: .*two encodings are mixed"):
        load(make(tmp_path / "LONGULT.txt", text.replace(b"?", b"\xa9")))
    assert load(make(tmp_path / "LONGULT.txt", text)).sources[0].encoding == "UTF-8"
