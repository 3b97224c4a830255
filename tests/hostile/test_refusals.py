"""Refusals that belong to no row of the tables, each by its slug."""

from collections.abc import Callable
from pathlib import Path

import pytest

import cptdiff.pipeline as comparing
from cptdiff import CodeSet, CptdiffError
from cptdiff.errors import Refused
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from tests.conftest import Content
from tests.hostile import books
from tests.hostile.case import OWN, TABLE, Run

Make = Callable[[Path, Content], Path]
Tables = tuple[str, ...]


def record(code: str, end: str) -> str:
    """A record of HCPCS, ended on that day."""
    return f"{code}001003{'Made-up polish':<80}{'Polish':<28}{'':<165}{end:<8}N\r\n"


def test_ended_entries_without_a_date_of_the_release_are_refused(
    make: Make, tmp_path: Path
) -> None:
    ended = make(tmp_path / "list.txt", record("A0001", "20251231") + record("A0002", ""))
    with pytest.raises(CptdiffError, match=r"E302.*list\.txt.*--current-date"):
        load(ended, Reading(CodeSet.HCPCS))


def test_a_termination_date_that_is_none_is_set_aside(make: Make, tmp_path: Path) -> None:
    text = record("A0001", "20251399") + record("A0002", "20271231")
    release = load(make(tmp_path / "HCPC2026_JAN_ANWEB.txt", text))
    assert release.set_aside["fault"].to_list() == ["E216: has a date that is not valid"]
    assert release.entries["code"].to_list() == ["A0002"]


def test_a_continuation_out_of_step_is_set_aside(make: Make, tmp_path: Path) -> None:
    lines = ("0010001 Made-up", "0010002 more", "0010401 Made-up", "0010403 a line is missing")
    text = "".join(f"{line}\r\n" for line in lines)
    release = load(make(tmp_path / "LONGULF.txt", text))
    assert release.set_aside["fault"][0].startswith("E156: ")
    assert release.entries["long"].to_list() == ["Made-up more"]


def test_an_input_is_no_output(cptdiff: Run, tables: Tables) -> None:
    before = Path(tables[0]).read_bytes()
    done = cptdiff("diff", *tables, "-o", tables[0])
    assert (done.returncode, "error[E306]" in done.stderr) == (2, True)
    assert Path(tables[0]).read_bytes() == before


@pytest.mark.parametrize(
    "option", ["--crosswalk", "--severity", "--sections", "--notice", "--published"]
)
def test_what_an_option_names_is_no_output(
    cptdiff: Run, tables: Tables, make: Make, tmp_path: Path, option: str
) -> None:
    named = make(tmp_path / "named.csv", "code,replacement\nA2,A4\n")
    done = cptdiff("diff", *tables, option, named, "-o", named)
    assert (done.returncode, "error[E306]" in done.stderr) == (2, True)
    assert named.read_text("utf-8").startswith("code,replacement")


def test_a_file_of_an_input_folder_is_no_output(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    pair = [make(tmp_path / side, {"t.csv": TABLE}) for side in ("a", "b")]
    done = cptdiff("diff", *pair, *OWN, "-o", tmp_path / "a" / "t.csv")
    assert (done.returncode, "error[E306]" in done.stderr) == (2, True)
    assert (tmp_path / "a" / "t.csv").read_text("utf-8") == TABLE


def test_totals_beyond_measure_are_refused(cptdiff: Run, tables: Tables) -> None:
    done = cptdiff("diff", *tables, "--expect", "added=9223372036854775808")
    assert (done.returncode, "error[E331]" in done.stderr) == (2, True)


def test_a_hundred_thousand_rows_that_are_set_aside_take_seconds(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    pair = [make(tmp_path / "a.csv", TABLE + "A\n" * 100_000), make(tmp_path / "b.csv", TABLE)]
    done = cptdiff("diff", *pair, *OWN, "--quiet")
    assert (done.returncode, "error[E316]" in done.stderr) == (2, True)
    assert cptdiff("diff", *pair, *OWN, "--quiet", "--allow", "not-whole").returncode == 3


def test_a_row_of_millions_of_cells_takes_seconds(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    wide = make(tmp_path / "a.csv", f"code,name\nA1{',x' * 3_000_000}\nA2,y\n")
    assert cptdiff("diff", wide, make(tmp_path / "b.csv", TABLE), *OWN, "--quiet").returncode == 3


def test_a_bug_ends_in_one_line_and_writes_nothing(
    cptdiff: Run, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **_rules: object) -> None:
        raise RuntimeError("\x1b[31m" + "x" * 1000)

    monkeypatch.setattr(comparing, "compare", broken)
    quiet = cptdiff("diff", *tables, "--descriptors", "none")
    assert (quiet.returncode, "x31m" in quiet.stderr, "xxx" in quiet.stderr) == (70, False, False)
    done = cptdiff("diff", *tables, "-o", tmp_path / "run")
    assert (done.returncode, done.stderr.count("\n")) == (70, 1)
    assert done.stderr.startswith("cptdiff: error[E700]: ")
    assert "\\x1b" in done.stderr
    assert len(done.stderr) <= 301
    assert not (tmp_path / "run").exists()


def test_a_row_without_end_is_whole_in_the_quarantine_and_cut_on_the_page(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    sound = make(tmp_path / "sound.csv", TABLE)
    long = make(tmp_path / "long.csv", f"{TABLE}A4,{'x' * 2_000_000}\n")
    assert cptdiff("diff", sound, long, *OWN, "-o", tmp_path / "run").returncode == 3
    assert (tmp_path / "run" / "quarantine.csv").stat().st_size > 2_000_000
    assert (tmp_path / "run" / "report.html").stat().st_size < 1_000_000


@pytest.mark.parametrize("place", [1, 57, 58, 250, 5000])
@pytest.mark.parametrize("wrong", [1, 130, 200, 5000])
@pytest.mark.parametrize("quoted", [0, 1, 40, 5000])
def test_the_fix_stands_whole_in_a_line_of_300_characters(
    place: int, wrong: int, quoted: int
) -> None:
    fix = "see `cptdiff formats`, or use --code-set table --key COLUMN for a list of your own"
    where = "p" * (place - 1) + "\x1b"
    line = str(Refused("E160", where, "w" * wrong, fix, "q" * quoted))
    assert len(line) <= 300
    assert line.endswith(f". Fix: {fix}")
    # A path is told by its end, and whole up to 60 letters.
    assert ("...p" not in line) or place > 57
    assert "p\\x1b: w" in line or place == 1
    if place + 3 + wrong + quoted <= 150:
        assert "..." not in line


def test_a_list_of_columns_is_cut_between_two_names() -> None:
    names = [f"Column {n:03}" for n in range(200)]
    wrong, fix = "has no column x", "name one of them"
    line = str(Refused("E163", "a.csv", wrong, fix, f"; columns: {', '.join(names)}"))
    told = line.removesuffix(f", .... Fix: {fix}").partition("; columns: ")[2].split(", ")
    assert 250 < len(line) <= 300
    assert told == names[: len(told)]


def test_a_fix_that_names_a_file_without_end_is_cut_last() -> None:
    line = str(Refused("E101", "p" * 400, "w" * 400, f"did you mean {'f' * 400}?"))
    assert len(line) == 300
    assert ". Fix: did you mean fff" in line


def test_many_sheets_are_cut_for_the_fix(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    data = books.book(lambda made: [made.add_worksheet(f"{n} {'x' * 26}") for n in range(30)])
    done = cptdiff("inspect", make(tmp_path / "t.xlsx", data), *OWN)
    assert (done.returncode, len(done.stderr) <= 301) == (2, True)
    assert "error[E211]: t.xlsx: no visible sheet has a header" in done.stderr
    assert "... Fix:" in done.stderr.replace("....", "...")
    assert done.stderr.endswith("or add a first row that names its columns\n")
