"""--decisions and --since: what reviewers filled in is kept, as long as the change is the same."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import openpyxl
import pytest

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
Rows = Callable[[Path], list[dict[str, str]]]

BEFORE = "code,text\nA1,Oil 5 cm\nA2,Wax\nA3,Rope\nA5,Tar 2 kg\n"
AFTER = "code,text\nA1,Oil 6 cm\nA3,Rope\nA4,Hook\nA5,Tar 3 kg\n"
LATER = AFTER.replace("6 cm", "7 cm")
DECIDED = {
    "A1": ("Ann Coder", "no action", "2027-01-08"),
    "A2": ("Ann Coder", "action needed", "2027-01-09"),
    "A5": ("Bo Coder", "ask", ""),
}


@pytest.fixture
def run(cptdiff: Run, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Compare before.csv with another table; a run of it with after.csv is in `first`."""
    make(tmp_path, {"before.csv": BEFORE, "after.csv": AFTER, "later.csv": LATER})
    monkeypatch.chdir(tmp_path)

    def compare(name: str, *words: str | Path) -> CompletedProcess[str]:
        return cptdiff("diff", "before.csv", name, "--code-set", "table", *words)

    assert compare("after.csv", "-o", "first", "--quiet").returncode == 0
    return compare


def fill(source: str, target: str, decided: Mapping[str, tuple[str, str, str]] = DECIDED) -> None:
    """Fill in decisions by code, as a reviewer does."""
    book = openpyxl.load_workbook(source)
    page = book["Changes"]
    at = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        found = decided.get(page.cell(row, at["Code"]).value, ())
        for name, text in zip(("Reviewer", "Decision", "Date"), found, strict=False):
            page.cell(row, at[name]).value = text or None
    book.save(target)


def read_sheet(path: str) -> dict[str, dict[str, Any]]:
    head, *rows = openpyxl.load_workbook(path)["Changes"].iter_rows(values_only=True)
    named = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return {str(row["Code"]): row for row in named}


def read_decided(path: str) -> dict[str, tuple[str, str, str]]:
    found = {
        code: tuple(row[name] or "" for name in ("Reviewer", "Decision", "Date"))
        for code, row in read_sheet(path).items()
    }
    return {code: cells for code, cells in found.items() if any(cells)}  # type: ignore[misc]


def read_json(folder: str, name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((Path(folder) / name).read_text("utf-8"))


def test_decisions_in_an_edited_workbook_stand_in_the_next_one(run: Run) -> None:
    fill("first/changes.xlsx", "edited.xlsx")
    done = run("after.csv", "--decisions", "edited.xlsx", "-o", "second")
    assert done.returncode == 0
    assert read_decided("second/changes.xlsx") == DECIDED
    assert read_json("second", "summary.json")["decided"] == {
        "decided": 2, "open": 1, "reopened": 0, "elsewhere": 0,
    }  # fmt: skip


def test_a_decided_change_is_marked_and_waits_for_nobody(run: Run, rows: Rows) -> None:
    fill("first/changes.xlsx", "edited.xlsx")
    done = run("after.csv", "--decisions", "edited.xlsx", "-o", "second")
    marks = {row["code"]: row["review_status"] for row in rows(Path("second/changes.csv"))}
    assert marks == {"A1": "decided", "A2": "decided", "A4": "", "A5": ""}
    before, after = (read_json(name, "summary.json")["review"] for name in ("first", "second"))
    assert (before["entries"], before["decided"], after["entries"], after["decided"]) == (
        3,
        0,
        1,
        2,
    )
    told = " ".join(done.stdout.split())
    assert "1 needs a decision: 1 critical or high revision. Not counted: 2 decided." in told
    assert "Not counted: 2 decided." in Path("second/summary.md").read_text("utf-8")
    assert "2 decided" in Path("second/report.html").read_text("utf-8")


def test_decisions_do_not_change_what_fails(run: Run) -> None:
    fill("first/changes.xlsx", "edited.xlsx")
    words = ("--fail-on", "high", "--quiet")
    assert run("after.csv", *words, "--decisions", "edited.xlsx").returncode == 1


def test_a_decision_on_a_change_that_is_another_one_is_open_again(run: Run, rows: Rows) -> None:
    fill("first/changes.xlsx", "edited.xlsx")
    done = run("later.csv", "--decisions", "edited.xlsx", "-o", "second")
    told = "1 decision is open again, because the change is not the same any more (A1)."
    assert told in " ".join(done.stdout.split())
    assert told in Path("second/report.html").read_text("utf-8")
    row = read_sheet("second/changes.xlsx")["A1"]
    assert (row["Reviewer"], row["Decision"], row["Date"]) == (None, None, None)
    assert row["Former decision"] == "no action (Ann Coder, 2027-01-08)"
    marks = {one["code"]: one["review_status"] for one in rows(Path("second/changes.csv"))}
    assert marks["A1"] == "reopened"
    assert read_json("second", "summary.json")["review"]["revised"] == 2


def test_an_earlier_run_hands_on_its_decisions(run: Run) -> None:
    fill("first/changes.xlsx", "edited.xlsx")
    run("after.csv", "--decisions", "edited.xlsx", "-o", "second", "--quiet")
    run("after.csv", "--since", "second", "-o", "third", "--quiet")
    assert read_decided("third/changes.xlsx") == DECIDED
    run("later.csv", "--since", "third", "-o", "fourth", "--quiet")
    assert set(read_decided("fourth/changes.xlsx")) == {"A2", "A5"}
    # Decided once more, as it is now.
    fill("fourth/changes.xlsx", "edited.xlsx", {"A1": ("Bo Coder", "done", "2027-02-01")})
    words = ("--since", "fourth", "--decisions", "edited.xlsx", "-o", "fifth")
    run("later.csv", *words, "--quiet")
    found = read_decided("fifth/changes.xlsx")
    assert found["A1"] == ("Bo Coder", "done", "2027-02-01")
    assert found["A2"] == DECIDED["A2"]


def test_a_decision_on_no_change_of_the_comparison_is_told_once(run: Run, make: Make) -> None:
    make(Path(), {"same.csv": BEFORE.replace("Rope", "Rope 2")})
    fill("first/changes.xlsx", "edited.xlsx", {"A1": DECIDED["A1"]})
    done = run("same.csv", "--decisions", "edited.xlsx", "-o", "second")
    assert "1 decision is on no change of this comparison (A1)." in " ".join(done.stdout.split())
    done = run("same.csv", "--since", "second", "-o", "third")
    assert "on no change of this comparison" not in done.stdout


def test_of_two_decisions_on_a_change_the_last_counts_and_both_are_told(run: Run) -> None:
    fill("first/changes.xlsx", "a.xlsx")
    fill("first/changes.xlsx", "b.xlsx", {"A1": ("Bo Coder", "action needed", "")})
    done = run("after.csv", "--decisions", "a.xlsx", "--decisions", "b.xlsx", "-o", "second")
    told = "1 change has two decisions that differ; the last one counts (A1)."
    assert told in " ".join(done.stdout.split())
    assert read_decided("second/changes.xlsx")["A1"] == ("Bo Coder", "action needed", "")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_sheet_saved_as_csv_serves_too(run: Run, mark: str) -> None:
    fill("first/changes.xlsx", "edited.xlsx")
    page = openpyxl.load_workbook("edited.xlsx")["Changes"]
    lines = [mark.join(f'"{cell or ""}"' for cell in row) for row in page.values]
    Path("edited.csv").write_text("\r\n".join([*lines, ""]), "cp1252")
    assert run("after.csv", "--decisions", "edited.csv", "-o", "second").returncode == 0
    assert read_decided("second/changes.xlsx") == DECIDED


def test_a_day_that_a_spreadsheet_keeps_as_a_number_is_the_same_day(run: Run) -> None:
    from datetime import date  # noqa: PLC0415 - here only

    fill("first/changes.xlsx", "edited.xlsx", {"A1": ("Ann", "done", date(2027, 1, 8))})  # type: ignore[dict-item]
    run("after.csv", "--decisions", "edited.xlsx", "-o", "second", "--quiet")
    assert read_decided("second/changes.xlsx") == {"A1": ("Ann", "done", "2027-01-08")}


def test_the_comparison_can_be_made_again_with_its_decisions(run: Run, cptdiff: Run) -> None:
    fill("first/changes.xlsx", "edited.xlsx")
    run("after.csv", "--decisions", "edited.xlsx", "-o", "second", "--quiet")
    assert cptdiff("verify", "second", "--against", "before.csv", "after.csv").returncode == 0
    Path("edited.xlsx").write_bytes(Path("first/changes.xlsx").read_bytes())
    done = cptdiff("verify", "second", "--against", "before.csv", "after.csv")
    assert (done.returncode, "E341]: edited.xlsx: has other content" in done.stderr) == (2, True)


def test_a_workbook_edited_in_its_run_folder_is_told_to_whoever_builds_on_it(run: Run) -> None:
    fill("first/changes.xlsx", "first/changes.xlsx")
    done = run("after.csv", "--since", "first", "-o", "second", "--quiet")
    told = (
        "cptdiff: warning: first/changes.xlsx was edited after the run; to keep its decisions, add"
        " --decisions first/changes.xlsx\n"
    )
    assert done.stderr == told
    words = ("--since", "first", "--decisions", "first/changes.xlsx", "-o", "third", "--quiet")
    assert (run("after.csv", *words).stderr, read_decided("third/changes.xlsx")) == ("", DECIDED)


def change_head(book: Any, name: str, new: str | None) -> None:  # noqa: ANN401 - openpyxl has no types
    (cell,) = (cell for cell in book["Changes"][1] if cell.value == name)
    cell.value = new


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (
            lambda book: change_head(book, "Fingerprint", None),
            "E163]: odd.xlsx[Changes]: has no column fingerprint. Fix: keep all columns of the",
        ),
        (
            lambda book: change_head(book, "Decision", "x"),
            "E163]: odd.xlsx[Changes]: has no header with Code and Decision. Fix: give a changes",
        ),
        (
            lambda book: book.remove(book["Changes"]),
            "E163]: odd.xlsx: has no sheet Changes. Fix: give a changes.xlsx that cptdiff wrote",
        ),
        (
            lambda book: book["Changes"].append(
                ["table", "code", "A9", "revised", *[""] * 14, "Ann"]
            ),
            "E332]: odd.xlsx[Changes]:6: has no fingerprint. Fix: fill in decisions only on the",
        ),
    ],
)
def test_a_workbook_that_cannot_be_used_is_refused_in_one_line(
    run: Run, spoil: Callable[[Any], object], error: str
) -> None:
    book = openpyxl.load_workbook("first/changes.xlsx")
    spoil(book)
    book.save("odd.xlsx")
    done = run("after.csv", "--decisions", "odd.xlsx", "-o", "second")
    assert (done.returncode, done.stderr.count("\n"), Path("second").exists()) == (2, 1, False)
    assert done.stderr.startswith(f"cptdiff: error[{error}")
