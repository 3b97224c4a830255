"""--acknowledge and `cptdiff acknowledge`: what is known no longer fails, while it is the same."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import openpyxl
import pytest

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
Rows = Callable[[Path], list[dict[str, str]]]

BEFORE = "code,text\nA1,Oil 5 cm\nA2,Wax\nA3,Rope\n"
AFTER = "code,text\nA1,Oil 6 cm\nA3,Rope\nA4,Hook\n"
LATER = AFTER.replace("6 cm", "7 cm")
HEAD = "code_set,kind,code,change,date,who,why,fingerprint\n"
WHO = ("--who", "Ann Coder", "--why", "known, checked", "--date", "2027-01-08")


@pytest.fixture
def here(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with three tables."""
    make(tmp_path, {"before.csv": BEFORE, "after.csv": AFTER, "later.csv": LATER})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(cptdiff: Run) -> Run:
    """Compare before.csv with another table, with more words."""
    return lambda name, *words: cptdiff(
        "diff", "before.csv", name, "--code-set", "table", *words
    )  # fmt: skip


@pytest.fixture
def known(run: Run, cptdiff: Run, here: Path) -> Path:
    """Make a run, and acknowledge the revised and the deleted code of it."""
    assert run("after.csv", "-o", "first", "--quiet").returncode == 0
    done = cptdiff("acknowledge", "first", "A1", "A2", *WHO, "-o", "known.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return here / "known.csv"


def test_an_acknowledgement_names_the_change_and_pins_it(known: Path, rows: Rows) -> None:
    assert known.read_text("utf-8").startswith(HEAD)
    found = rows(known)
    prints = {
        one["code"]: one["fingerprint"]
        for one in json.loads(Path("first/changes.json").read_text("utf-8"))["changes"]
    }
    told = {"code_set": "table", "kind": "code", "date": "2027-01-08", "who": "Ann Coder",
            "why": "known, checked"}  # fmt: skip
    assert found == [
        told | {"code": "A1", "change": "revised", "fingerprint": prints["A1"]},
        told | {"code": "A2", "change": "deleted", "fingerprint": prints["A2"]},
    ]


@pytest.mark.parametrize(
    ("condition", "code"),
    [("high", 0), ("deleted", 0), ("revised", 0), ("changes>1", 0), ("added", 1)],
)
def test_an_acknowledged_change_no_longer_fails(
    run: Run, known: Path, condition: str, code: int
) -> None:
    words = ("--quiet", "--fail-on", condition)
    assert run("after.csv", *words).returncode == 1
    done = run("after.csv", *words, "--acknowledge", known)
    assert done.returncode == code


def test_an_acknowledged_change_is_a_change_all_the_same(
    run: Run, here: Path, known: Path, rows: Rows
) -> None:
    done = run("after.csv", "--acknowledge", known, "--exit-code", "-o", "second")
    assert done.returncode == 1
    assert len(rows(here / "second" / "changes.csv")) == 3
    content = json.loads((here / "second" / "summary.json").read_text("utf-8"))
    assert content["acknowledged"] == {"acknowledged": 2, "void": 0, "elsewhere": 0}
    assert content["counts"]["code"]["deleted"] == 1


def test_what_is_acknowledged_is_shown_as_such(
    run: Run, here: Path, known: Path, rows: Rows
) -> None:
    done = run("after.csv", "--acknowledge", known, "-o", "second")
    assert "Acknowledged changes: 2 acknowledged\n" in done.stdout
    line = "A1: revised, acknowledged, Ann Coder, 2027-01-08, known, checked"
    assert f"  {line}\n" in done.stdout
    found = rows(here / "second" / "acknowledged.csv")
    assert [(row["code"], row["status"], row["who"]) for row in found] == [
        ("A1", "acknowledged", "Ann Coder"), ("A2", "acknowledged", "Ann Coder"),
    ]  # fmt: skip
    assert "Acknowledged changes: 2 acknowledged" in Path("second/report.html").read_text("utf-8")
    assert "- **A2**: deleted, acknowledged" in Path("second/summary.md").read_text("utf-8")
    assert openpyxl.load_workbook(here / "second" / "changes.xlsx")["Acknowledged"]["C2"].value == (
        "A1"
    )


def test_an_acknowledgement_is_void_where_the_change_is_another_one(
    run: Run, cptdiff: Run, here: Path, known: Path, rows: Rows
) -> None:
    words = ("--acknowledge", known, "--fail-on", "high", "-o", "second")
    done = run("later.csv", *words)
    assert done.returncode == 1
    told = "1 acknowledgement is void, because the change is not the same any more (A1)."
    assert told in " ".join(done.stdout.split())
    assert told in Path("second/report.html").read_text("utf-8")
    found = {row["code"]: row["status"] for row in rows(here / "second" / "acknowledged.csv")}
    assert found == {"A1": "void", "A2": "acknowledged"}
    # Acknowledged once more as it is now, beside the old line.
    done = cptdiff("acknowledge", "second", "A1", *WHO, "-o", known)
    assert (done.returncode, len(rows(known))) == (0, 3)
    assert run("later.csv", *words[:4], "--quiet").returncode == 0


def test_an_acknowledgement_of_another_comparison_is_no_doubt(
    run: Run, here: Path, known: Path, rows: Rows
) -> None:
    (here / "same.csv").write_text(BEFORE.replace("Rope", "Rope 2"), "utf-8")
    done = run("same.csv", "--acknowledge", known, "-o", "second")
    assert "void" not in done.stdout
    assert {row["status"] for row in rows(here / "second" / "acknowledged.csv")} == {"elsewhere"}


def test_acknowledgements_are_kept_from_an_earlier_run(
    run: Run, here: Path, known: Path, rows: Rows
) -> None:
    assert run("after.csv", "--acknowledge", known, "-o", "second", "--quiet").returncode == 0
    known.unlink()
    words = ("--since", "second", "--fail-on", "high", "-o", "third", "--quiet")
    assert run("after.csv", *words).returncode == 0
    assert rows(here / "third" / "acknowledged.csv") == rows(here / "second" / "acknowledged.csv")
    done = run("later.csv", "--since", "third", "--fail-on", "high", "--quiet")
    assert done.returncode == 1


def test_what_is_acknowledged_is_not_new(run: Run, cptdiff: Run, known: Path) -> None:
    run("later.csv", "-o", "second", "--quiet")
    cptdiff("acknowledge", "second", "A1", *WHO, "-o", known)
    words = ("--since", "first", "--fail-on", "changed", "--quiet")
    assert run("later.csv", *words).returncode == 1
    assert run("later.csv", *words, "--acknowledge", known).returncode == 0


def test_a_change_that_is_acknowledged_needs_no_announcement(
    run: Run, here: Path, make: Make, known: Path
) -> None:
    make(here / "list.csv", "code,change\nA2,deleted\nA4,added\n")
    words = ("--published", "list.csv", "--quiet")
    for condition in ("not-announced", "unexplained"):
        assert run("after.csv", *words, "--fail-on", condition).returncode == 1
        done = run("after.csv", *words, "--fail-on", condition, "--acknowledge", known)
        assert done.returncode == 0


BAD = {
    "no fingerprint": ("code,change,date,who\nA1,revised,2027-01-08,Ann\n",
                       "E163]: k.csv: has no column fingerprint. Fix: make the file with"),
    "nobody": (HEAD + "table,code,A1,revised,2027-01-08,,known,x1\n",
               "E332]: k.csv:2: has no who. Fix: fill it in"),
    "a date": (HEAD + "table,code,A1,revised,1/8/2027,Ann,known,x1\n",
               "E332]: k.csv:2: 1/8/2027 is not a date. Fix: write it as 2027-02-01"),
    "a change": (HEAD + "table,code,A1,gone,2027-01-08,Ann,known,x1\n",
                 "E332]: k.csv:2: gone is not a change. Fix: use added, deleted"),
    "a kind": (HEAD + "table,codes,A1,added,2027-01-08,Ann,known,x1\n",
               "E332]: k.csv:2: codes is not a kind. Fix: use code, header"),
    "a code set": (HEAD + "icd9,code,A1,added,2027-01-08,Ann,known,x1\n",
                   "E332]: k.csv:2: icd9 is not a code set. Fix: use cpt, hcpcs, "),
    "no file": (None, "E101]: k.csv: no such file or folder"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), BAD.values(), ids=BAD)
def test_a_line_that_cannot_be_used_is_refused(
    run: Run, here: Path, make: Make, text: str | None, told: str
) -> None:
    make(here / "k.csv", text)
    done = run("after.csv", "--acknowledge", "k.csv", "-o", "second")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert told in done.stderr
    assert not (here / "second").exists()


def test_columns_of_ones_own_and_other_code_sets_are_passed_over(
    run: Run, here: Path, known: Path, make: Make
) -> None:
    head, *lines = known.read_text("utf-8").splitlines()
    more = [f"{head},ticket", *(f"{line},T-1" for line in lines), "cpt,,A9,odd,,,,", ",,,,,,,,"]
    make(here / "k.csv", "\ufeff" + "\r\n".join(more) + "\r\n")
    done = run("after.csv", "--acknowledge", "k.csv", "--fail-on", "high", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (["cpt"], "k.csv: 1 line of another code set (cpt) was passed over."),
        (["CPT", "ICD-10-CM", "cpt"],
         "k.csv: 3 lines of other code sets (cpt, icd10cm) were passed over."),
    ],
)  # fmt: skip
def test_how_many_lines_were_passed_over_is_told(
    run: Run, here: Path, make: Make, others: list[str], told: str
) -> None:
    lines = [f"{name},code,A9,added,2027-01-08,Ann,known,x1\n" for name in others]
    make(here / "k.csv", HEAD + "".join(lines))
    done = run("after.csv", "--acknowledge", "k.csv", "-o", "second")
    assert done.returncode == 0
    assert told in " ".join(done.stdout.split())
    assert told in json.loads((here / "second" / "summary.json").read_text("utf-8"))["notes"]


@pytest.mark.parametrize("name", ["TABLE", " Table "])
def test_a_code_set_may_be_written_in_any_case(
    run: Run, here: Path, known: Path, name: str, rows: Rows
) -> None:
    known.write_text(known.read_text("utf-8").replace("\ntable,", f"\n{name},"), "utf-8")
    assert run("after.csv", "--acknowledge", known, "-o", "second", "--quiet").returncode == 0
    assert [row["status"] for row in rows(here / "second" / "acknowledged.csv")] == [
        "acknowledged", "acknowledged",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["ICD-10-CM", "icd10cm", "Icd-10-cm"])
def test_a_code_set_may_be_written_as_people_call_it(
    cptdiff: Run, samples: Path, here: Path, name: str, rows: Rows
) -> None:
    pair = [samples / f"icd10cm-{year}.zip" for year in (2026, 2027)]
    cptdiff("diff", *pair, "-o", "run", "--quiet")
    listed = json.loads(Path("run/changes.json").read_text("utf-8"))["changes"]
    done = cptdiff("acknowledge", "run", listed[0]["code"], *WHO)
    text = done.stdout.replace("\nicd10cm,", f"\n{name},")
    (here / "k.csv").write_text(text, "utf-8")
    cptdiff("diff", *pair, "--acknowledge", "k.csv", "-o", "again", "--quiet")
    assert {row["status"] for row in rows(here / "again" / "acknowledged.csv")} == {"acknowledged"}


def test_an_acknowledgement_holds_where_the_layout_changes(
    cptdiff: Run, samples: Path, here: Path, rows: Rows
) -> None:
    del here
    old = samples / "cpt-2026-legacy.zip"
    cptdiff("diff", old, samples / "cpt-2027-legacy.zip", "-o", "january", "--quiet")
    code = next(
        row["code"] for row in rows(Path("january/changes.csv"))
        if row["code"].endswith("U") and row["effective_date"] == "2027-01-01"
        and row["change"] == "added"
    )  # fmt: skip
    cptdiff("acknowledge", "january", code, *WHO, "-o", "k.csv")
    new = samples / "cpt-2027-current-format.zip"
    cptdiff("diff", old, new, "--acknowledge", "k.csv", "-o", "february", "--quiet")
    (row,) = rows(Path("february/acknowledged.csv"))
    assert (row["code"], row["status"]) == (code, "acknowledged")


def test_lines_are_added_to_a_file_and_go_to_stdout_without_one(
    cptdiff: Run, known: Path, rows: Rows
) -> None:
    before = known.read_bytes()
    assert cptdiff("acknowledge", "first", "A4", *WHO, "-o", known).returncode == 0
    assert known.read_bytes().startswith(before)
    assert [row["code"] for row in rows(known)] == ["A1", "A2", "A4"]
    done = cptdiff("acknowledge", "first", "A4", *WHO)
    assert done.stdout == HEAD + known.read_text("utf-8").splitlines()[-1] + "\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [b"", b"\r\n"])
def test_lines_are_added_with_the_line_ends_and_the_mark_that_the_file_has(
    cptdiff: Run, run: Run, known: Path, mark: bytes, last: bytes
) -> None:
    before = mark + known.read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n") + last
    known.write_bytes(before)
    assert cptdiff("acknowledge", "first", "A4", *WHO, "-o", known).returncode == 0
    after = known.read_bytes()
    assert after.startswith(before)
    assert (after.count(b"\n"), after.count(b"\r\n")) == (4, 4)
    assert (after.count(b"\xef\xbb\xbf"), after[-2:]) == (len(mark) // 3, b"\r\n")
    words = ("--acknowledge", known, "--fail-on", "added", "--quiet")
    assert run("after.csv", *words).returncode == 0


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_that_is_not_utf_8_is_not_added_to(cptdiff: Run, known: Path, encoding: str) -> None:
    text = known.read_text("utf-8").replace("Ann", "Ren\u00e9")
    known.write_bytes(text.encode(encoding))
    before = known.read_bytes()
    done = cptdiff("acknowledge", "first", "A4", *WHO, "-o", known)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "E140]: " in done.stderr
    assert "known.csv: is not UTF-8. Fix: " in done.stderr
    assert known.read_bytes() == before


def test_a_table_of_other_columns_is_not_added_to(cptdiff: Run, known: Path, here: Path) -> None:
    del known
    done = cptdiff("acknowledge", "first", "A4", *WHO, "-o", "before.csv")
    assert done.returncode == 2
    assert "E163]: before.csv: has other columns than acknowledgements have. Fix: " in done.stderr
    assert (here / "before.csv").read_text("utf-8") == BEFORE


def test_a_code_without_a_change_is_refused_with_the_nearest(
    cptdiff: Run, known: Path, rows: Rows
) -> None:
    done = cptdiff("acknowledge", "first", "A4", "A22", *WHO, "-o", known)
    assert done.returncode == 2
    assert "E332]: first: has no change of A22. Fix: did you mean A2?" in done.stderr
    assert len(rows(known)) == 2


def test_a_code_may_be_written_with_its_dot(cptdiff: Run, samples: Path, here: Path) -> None:
    del here
    pair = [samples / f"icd10cm-{year}.zip" for year in (2026, 2027)]
    cptdiff("diff", *pair, "-o", "run", "--quiet", "--only", "added")
    listed = json.loads(Path("run/changes.json").read_text("utf-8"))["changes"]
    code = next(one["code"] for one in listed if len(one["code"]) > 3)
    done = cptdiff("acknowledge", "run", f"{code[:3]}.{code[3:]}", *WHO)
    assert f",{code},added," in done.stdout
