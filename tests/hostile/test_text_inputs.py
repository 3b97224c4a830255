"""What a hostile text needs beyond a `Case`: exact values, encodings, numbers of rows."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cptdiff import CodeSet, CptdiffError
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from tests.conftest import Content
from tests.hostile.case import Run

Make = Callable[[Path, Content], Path]
OWN = Reading(CodeSet.TABLE)
ACCENTS = "code,name\nA1,\u00e9clair\nA2,\u20ac 2,50\n".replace("2,50", "2.50")


def texts(path: Path, reading: Reading = OWN) -> list[tuple[str, str]]:
    return load(path, reading).entries.select("code", "=name").rows()


def test_input_15_either_side_has_an_encoding_of_its_own(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    previous = make(tmp_path / "p.csv", ACCENTS.encode("cp1252"))
    current = make(tmp_path / "c.csv", ACCENTS.encode("utf-16-be"))
    words = ("diff", previous, current, "--code-set", "table", "--encoding", "previous=cp1252")
    assert "E141" in cptdiff(*words).stderr
    done = cptdiff(*words, "--encoding", "current=utf_16_be")
    assert (done.returncode, done.stderr) == (0, "")
    for told in ("No changes: 2 entries compared", "2 codes; cp1252", "2 codes; utf-16-be"):
        assert told in done.stdout


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "latin-1", "cp037", "utf-16-le", "utf-8"])
def test_input_15_a_named_encoding_is_read_to_the_letter(
    codec: str, make: Make, tmp_path: Path
) -> None:
    text = "code,name\nA1,\u00e9clair\nA2,\u00fcber\n"
    path = make(tmp_path / "t.csv", text.encode(codec))
    found = texts(path, Reading(CodeSet.TABLE, encoding=codec))
    assert found == [("A1", "\u00e9clair"), ("A2", "\u00fcber")]


@pytest.mark.parametrize(
    "options",
    [
        ("--encoding", "cp1252"),
        ("--code-set", "table", "--encoding", "previous="),
        ("--code-set", "table", "--encoding", "cp1252", "--encoding", "current=cp1252"),
    ],
)
def test_input_15_encoding_is_for_tables_and_said_once(
    cptdiff: Run, tables: tuple[str, ...], options: tuple[str, ...]
) -> None:
    done = cptdiff("diff", *tables[:2], *options)
    assert (done.returncode, done.stderr[:20]) == (2, "cptdiff: error[E001]")


def test_input_15_inspect_takes_the_name_alone(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    words = ("inspect", make(tmp_path / "t.csv", ACCENTS.encode("cp1252")), "--code-set", "table")
    assert "cp1252, " in cptdiff(*words, "--encoding", "cp1252").stdout
    assert "E001" in cptdiff(*words, "--encoding", "previous=cp1252").stderr


def test_input_11_what_is_not_text_has_no_encoding(
    cptdiff: Run, tmp_path: Path, tables: tuple[str, ...]
) -> None:
    pl.DataFrame({"code": ["A1"], "description": ["First thing"]}).write_parquet(
        tmp_path / "t.parquet"
    )
    words = ("diff", tmp_path / "t.parquet", *tables[1:], "--encoding")
    assert "E001" in cptdiff(*words, "cp1252").stderr
    assert cptdiff(*words, "current=ascii").returncode == 0


def test_input_16_what_looks_encoded_twice_is_left_as_it_is(make: Make, tmp_path: Path) -> None:
    path = make(tmp_path / "t.csv", "code,name\nA1,Caf\u00c3\u00a9\n")
    assert texts(path) == [("A1", "Caf\u00c3\u00a9")]


@pytest.mark.parametrize("letter", ["\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_input_21_a_letter_that_only_looks_like_a_line_end_is_kept(
    letter: str, quote: str, make: Make, tmp_path: Path
) -> None:
    path = make(tmp_path / "t.csv", f"code,name\nA1,{quote}x{letter}y{quote}\n")
    assert texts(path) == [("A1", f"x{letter}y")]


def test_input_24_line_breaks_in_quotes_are_kept(make: Make, tmp_path: Path) -> None:
    path = make(tmp_path / "t.csv", 'code,name\r\nA1,"a\nb\r\n\rc "" d"\r\n')
    release = load(path, OWN)
    assert release.entries["=name"].to_list() == ['a\nb\r\n\rc " d']
    assert not release.notes


def test_input_25_an_inch_mark_is_kept(make: Make, tmp_path: Path) -> None:
    path = make(tmp_path / "t.csv", 'code,name\nA1,6" tube\nA2,a "b" c\nA3,x"\n')
    assert texts(path) == [("A1", '6" tube'), ("A2", 'a "b" c'), ("A3", 'x"')]


@pytest.mark.parametrize("cell", ["x", '"x"'])
def test_input_47_more_rows_than_any_code_set_has_are_refused(
    cell: str, make: Make, tmp_path: Path
) -> None:
    path = make(tmp_path / "t.csv", "code\n" + f"{cell}\n" * 5_000_001)
    with pytest.raises(CptdiffError, match=r"E170.*5,000,001 rows"):
        load(path, OWN)
