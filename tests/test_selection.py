"""Which member of a folder or zip is read, and which sheet of a workbook."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import xlsxwriter

import cptdiff as library
from cptdiff.errors import CptdiffError

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
TABLE = ("--code-set", "table")
OLD = "code,name\nA1,First\nA2,Second\n"
NEW = "code,name\nA1,First\nA2,Second thing\n"
OTHER = "code,name\nZ9,Something else\n"
README = "Read this first.\n"


def pack(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def book(sheets: Mapping[str, str], hidden: str = "") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        for name, text in sheets.items():
            page = made.add_worksheet(name)
            for number, line in enumerate(text.splitlines()):
                page.write_row(number, 0, line.split(","))
            if name == hidden:
                page.hide()
    return buffer.getvalue()


@pytest.fixture
def zips(tmp_path: Path, make: Make) -> tuple[Path, Path]:
    """Write two zips with a list, its parts, and a note, as publishers ship them."""
    before = {"Lists/codes 25.txt": OLD, "Lists/added 25.txt": OTHER, "ReadMe.txt": README}
    after = {"Lists/codes 26.txt": NEW, "Lists/added 26.txt": OTHER, "ReadMe.txt": README}
    return make(tmp_path / "old.zip", pack(before)), make(tmp_path / "new.zip", pack(after))


@pytest.mark.parametrize(
    "words",
    [
        ("--member", "codes*"),
        ("--member", "LISTS/CODES ??.txt"),
        ("--member", "previous=codes 25.txt", "--member", "current=Lists/codes 26.txt"),
    ],
)
def test_a_member_is_named_by_its_path_its_name_or_a_pattern(
    cptdiff: Run, zips: tuple[Path, Path], words: tuple[str, ...]
) -> None:
    done = cptdiff("diff", *zips, *TABLE, *words, "-o", "-")
    assert done.returncode == 0, done.stderr
    (row,) = done.stdout.splitlines()[1:]
    assert row.startswith("table,code,A2,revised,")


def test_a_path_may_lead_into_a_zip(cptdiff: Run, zips: tuple[Path, Path]) -> None:
    pair = zips[0] / "Lists" / "codes 25.txt", zips[1] / "Lists/codes 26.txt"
    done = cptdiff("diff", *pair, *TABLE, "-o", "-")
    assert (done.returncode, "A2,revised" in done.stdout) == (0, True), done.stderr


def test_two_members_of_one_zip_are_two_inputs(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    both = make(tmp_path / "both.zip", pack({"25.csv": OLD, "26.csv": NEW}))
    words = ("--member", "previous=25.csv", "--member", "current=26.csv")
    for pair, named in (((both, both), words), ((both / "25.csv", both / "26.csv"), ())):
        done = cptdiff("diff", *pair, *TABLE, *named, "-o", "-")
        assert (done.returncode, "A2,revised" in done.stdout) == (0, True), done.stderr
        assert "both.zip [25.csv] (no date) to both.zip [26.csv] (no date)" in done.stderr
    twice = cptdiff("diff", both / "25.csv", both / "25.csv", *TABLE)
    assert (twice.returncode, "E305" in twice.stderr) == (2, True)


def test_several_tables_are_listed_and_none_is_guessed(
    cptdiff: Run, zips: tuple[Path, Path]
) -> None:
    done = cptdiff("diff", *zips, *TABLE)
    assert done.returncode == 2
    told = "E184]: old.zip: contains 2 tables: Lists/added 25.txt, Lists/codes 25.txt."
    assert told in done.stderr
    assert "Fix: name one with --member" in done.stderr


def test_a_note_beside_one_table_needs_no_choice(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    old = make(tmp_path / "old.zip", pack({"fees.csv": OLD, "readme.txt": README}))
    new = make(tmp_path / "new.zip", pack({"fees.csv": NEW, "File Layout.txt": README}))
    done = cptdiff("diff", old, new, *TABLE, "-o", "-")
    assert (done.returncode, "A2,revised" in done.stdout) == (0, True), done.stderr


def test_a_text_is_read_before_its_workbook_and_not_before_another_one(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    twins = pack({"fees.csv": NEW, "fees.xlsx": book({"Fees": OTHER})})
    others = pack({"fees.csv": NEW, "rates.xlsx": book({"Rates": OTHER})})
    old = make(tmp_path / "old.csv", OLD)
    done = cptdiff("diff", old, make(tmp_path / "twins.zip", twins), *TABLE, "-o", "-")
    assert (done.returncode, "A2,revised" in done.stdout) == (0, True), done.stderr
    done = cptdiff("diff", old, make(tmp_path / "others.zip", others), *TABLE)
    assert "E184]: others.zip: contains 2 tables: fees.csv, rates.xlsx." in done.stderr


def test_a_member_with_any_name_is_read_once_it_is_named(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    old = make(tmp_path / "old.csv", OLD)
    new = make(tmp_path / "new.zip", pack({"FEES.DAT": NEW, "OTHER.DAT": OTHER}))
    done = cptdiff("diff", old, new, *TABLE, "--member", "current=fees.dat", "-o", "-")
    assert (done.returncode, "A2,revised" in done.stdout) == (0, True), done.stderr


def test_the_members_of_a_published_release_can_be_chosen(cptdiff: Run, samples: Path) -> None:
    path = samples / "cpt-2026-legacy.zip"
    done = cptdiff("inspect", path, "--member", "SHORTU.txt")
    assert done.returncode == 0, done.stderr
    read, passed = done.stdout.split("passed over")
    assert "SHORTU.txt" in read
    assert "LONGULT.txt" not in read
    assert "LONGULT.txt: not SHORTU.txt, which --member names" in passed


WRONG = {
    "no such member": (
        ("--member", "previous=codes*", "--member", "current=code 27.txt"),
        "E189",
        "has no member code 27.txt",
    ),
    "a member of a file": (("--member", "previous=x"), "E001", "old.csv is one file"),
    "a sheet of a text": (("--member", "codes*", "--sheet", "A"), "E001", "is not a workbook"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_name_is_refused_with_the_names_there_are(
    cptdiff: Run, make: Make, zips: tuple[Path, Path], tmp_path: Path, case: str
) -> None:
    words, slug, told = WRONG[case]
    old = make(tmp_path / "old.csv", OLD) if "file" in case else zips[0]
    done = cptdiff("diff", old, zips[1], *TABLE, *words)
    assert (done.returncode, slug in done.stderr, told in done.stderr) == (2, True, True), done
    assert ("did you mean Lists/codes 26.txt?" in done.stderr) == (slug == "E189")


def test_a_member_named_twice_over_is_refused(cptdiff: Run, zips: tuple[Path, Path]) -> None:
    words = ("--member", "codes*", "--member", "current=codes*")
    done = cptdiff("diff", *zips, *TABLE, *words)
    assert (done.returncode, "--member is given twice for the same file" in done.stderr) == (
        2,
        True,
    )
    done = cptdiff("diff", zips[0] / "Lists/codes 25.txt", zips[1], *TABLE, "--member", "codes*")
    assert (done.returncode, "already names a member" in done.stderr) == (2, True)


@pytest.fixture
def books(tmp_path: Path, make: Make) -> tuple[Path, Path]:
    """Write two workbooks, each with two sheets of one header and a hidden one."""
    before = {"Addendum AA": OLD, "Addendum BB": OTHER, "Old": OTHER}
    after = {"Addendum AA": NEW, "Addendum BB": OTHER, "Old": OTHER}
    return (
        make(tmp_path / "old.xlsx", book(before, "Old")),
        make(tmp_path / "new.xlsx", book(after, "Old")),
    )


def test_a_sheet_is_named_for_both_or_for_each(cptdiff: Run, books: tuple[Path, Path]) -> None:
    for words in (
        ("--sheet", "Addendum AA"),
        ("--sheet", "*aa"),
        ("--sheet", "previous=Addendum AA", "--sheet", "current=addendum aa"),
    ):
        done = cptdiff("diff", *books, *TABLE, *words, "-o", "-")
        assert (done.returncode, "A2,revised" in done.stdout) == (0, True), done.stderr


def test_two_sheets_of_one_workbook_are_two_inputs(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    path = make(tmp_path / "both.xlsx", book({"2025": OLD, "2026": NEW}))
    words = ("--sheet", "previous=2025", "--sheet", "current=2026")
    done = cptdiff("diff", path, path, *TABLE, *words)
    assert done.returncode == 0, done.stderr
    assert "1 change" in done.stdout
    # Their file alone would name both alike.
    assert "both.xlsx [2025] (no date) to both.xlsx [2026] (no date)" in done.stdout


def test_a_sheet_of_a_workbook_in_a_zip_is_read(
    cptdiff: Run, make: Make, books: tuple[Path, Path], tmp_path: Path
) -> None:
    new = make(
        tmp_path / "new.zip", pack({"a/addenda.xlsx": books[1].read_bytes(), "b.csv": OTHER})
    )
    done = cptdiff(
        "diff", books[0], new / "a/addenda.xlsx", *TABLE, "--sheet", "Addendum AA", "-o", "-"
    )
    assert (done.returncode, "A2,revised" in done.stdout) == (0, True), done.stderr


SHEETS = {
    "none is named": ((), "E211", "2 visible sheets have a header with code", "--sheet"),
    "there is none": (("--sheet", "CC"), "E189", "has no sheets named CC", "Addendum BB, Old"),
    "there are two": (("--sheet", "add*"), "E189", "has 2 sheets named add*", "Addendum AA"),
    "it is hidden": (("--sheet", "Old"), "E189", "the sheet Old is hidden", "unhide it"),
}


@pytest.mark.parametrize("case", SHEETS)
def test_a_sheet_that_cannot_be_chosen_is_refused_with_the_names_there_are(
    cptdiff: Run, books: tuple[Path, Path], case: str
) -> None:
    words, *told = SHEETS[case]
    done = cptdiff("diff", *books, *TABLE, *words)
    assert done.returncode == 2
    assert [text for text in told if text not in done.stderr] == []


def test_a_workbook_without_the_key_is_refused_with_the_nearest_name(
    cptdiff: Run, books: tuple[Path, Path]
) -> None:
    done = cptdiff("inspect", books[0], *TABLE, "--key", "Codes", "--sheet", "Addendum AA")
    assert done.returncode == 2
    assert "error[E163]: " in done.stderr
    assert 'Fix: use --key "code"\n' in done.stderr


def test_quotes_of_a_workbook_are_refused_and_not_left_alone(
    cptdiff: Run, books: tuple[Path, Path]
) -> None:
    done = cptdiff("inspect", books[0], *TABLE, "--sheet", "Addendum AA", "--quotes", "none")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "error[E001]: --quotes: " in done.stderr
    assert "is not a table in a text file" in done.stderr


def test_inspect_counts_one_as_one(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    done = cptdiff("inspect", make(tmp_path / "t.csv", "code,name\nA1,x\n"), *TABLE)
    assert "  entries         1 code\n" in done.stdout
    assert "15 bytes: 1 row = 1 used + 0 exact duplicates + 0 excluded" in done.stdout


def test_inspect_python_and_a_run_folder_know_both_choices(
    cptdiff: Run, make: Make, books: tuple[Path, Path], tmp_path: Path
) -> None:
    paths = [
        make(tmp_path / f"{path.stem}.zip", pack({"x.xlsx": path.read_bytes(), "y.csv": OTHER}))
        for path in books
    ]
    words = ("--member", "x.xlsx", "--sheet", "Addendum AA")
    done = cptdiff("inspect", paths[1], *TABLE, *words)
    assert (done.returncode, "2 codes" in done.stdout) == (0, True), done.stderr
    release = library.load(paths[1], code_set="table", member="x.xlsx", sheet="Addendum AA")
    assert release.entries["code"].to_list() == ["A1", "A2"]
    found = library.diff(
        *paths, code_set="table", members="x.xlsx", sheets=("Addendum AA", "Addendum AA")
    )
    folder = tmp_path / "run"
    done = cptdiff("diff", *paths, *TABLE, *words, "-o", folder)
    assert done.returncode == 0, done.stderr
    assert found.whole["code"].to_list() == ["A2"]
    options = json.loads((folder / "manifest.json").read_text())["predicate"]["options"]
    assert options["members"] == ["x.xlsx", "x.xlsx"]
    assert options["sheets"] == ["Addendum AA", "Addendum AA"]
    done = cptdiff("verify", folder, "--against", *paths)
    assert done.returncode == 0, (done.stdout, done.stderr)


def test_python_names_its_own_words_in_a_refusal(books: tuple[Path, Path]) -> None:
    with pytest.raises(CptdiffError, match=r"Fix: name one with sheets$"):
        library.diff(*books, code_set="table")
    with pytest.raises(CptdiffError, match=r"Fix: name one with sheet$"):
        library.load(books[0], code_set="table")
