"""Worksheets go out, come back in any state, and are merged: nothing lost, nothing guessed."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import openpyxl
import pytest

from cptdiff.__main__ import run as run_command
from cptdiff.impact.choices import read_day
from tests.impact.conftest import pack, read_rows

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Runs = Callable[[str], Path]
Pick = Callable[[str, str], list[str]]
Filled = Mapping[str, dict[str, str]]
ASKED = ("--group-by", "Dept", "--keep", "Bin")
KEEP = {"decision": "keep", "reviewer": "Ann Coder", "date": "2027-01-08"}


class Desk:
    """A folder with an impact run of one list, by whose charge numbers the tests know lines."""

    def __init__(self, home: Path, run: Path, cptdiff: Run, codes: Mapping[str, str]) -> None:
        self.home, self.run, self.cptdiff, self.codes = home, run, cptdiff, codes

    def judge(self, *words: str | Path, code: int = 0) -> CompletedProcess[str]:
        """Run `cptdiff impact` on the list."""
        done = self.cptdiff("impact", self.run, "--list", self.home / "cdm.csv", *ASKED, *words)
        assert done.returncode == code, done.stderr
        return done

    @property
    def original(self) -> Path:
        return self.home / "out" / "worksheet.csv"

    def fill(
        self, name: str, filled: Filled, *, only: str = "", source: Path | None = None
    ) -> Path:
        """Fill in lines by their charge numbers, as a reviewer does; leave out all but `only`."""
        rows = [row | filled.get(row["line_id"], {}) for row in read_rows(source or self.original)]
        kept = [row for row in rows if not only or row["line_id"] in only]
        path = self.home / name
        if name.endswith(".xlsx"):
            self._fill_book(path, filled)
            return path
        text = io.StringIO()
        table = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
        table.writeheader()
        table.writerows(kept)
        path.write_text(text.getvalue(), "utf-8")
        return path

    def _fill_book(self, path: Path, filled: Filled) -> None:
        book = openpyxl.load_workbook(self.original.with_suffix(".xlsx"))
        page = book["Worksheet"]
        at = {cell.value: cell.column for cell in page[1]}
        for number in range(2, page.max_row + 1):
            for name, text in filled.get(page.cell(number, at["Charge or item"]).value, {}).items():
                page.cell(number, at[name.replace("_", " ").capitalize()]).value = text
        book.save(path)

    def merge(self, *words: str | Path, code: int = 0) -> tuple[dict[str, dict[str, str]], str]:
        """Merge into merged.csv; return its rows by charge number, and all that was told."""
        path = self.home / "merged.csv"
        done = self.cptdiff("worksheet", "merge", *words, "-o", path)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        told = " ".join(f"{done.stdout} {done.stderr}".split())
        return {row["line_id"]: row for row in read_rows(path)}, told


@pytest.fixture(scope="session")
def codes(pick: Pick) -> dict[str, str]:
    """Name lines: a and b have deleted codes, c and d revised ones, e other data; f is fine."""
    found = [*pick("hcpcs", "deleted")[:2], *pick("hcpcs", "revised")[:2],
             pick("hcpcs", "attributes-only")[0], pick("hcpcs", "unchanged")[0]]  # fmt: skip
    return dict(zip("abcdef", found, strict=True))


@pytest.fixture(scope="session")
def judged(codes: dict[str, str], runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judge a list of these lines, once."""
    home = tmp_path_factory.mktemp("judged") / "home"
    home.mkdir()
    lines = [[name, f"Dept {n % 2}", code, f"00{n}"]
             for n, (name, code) in enumerate(codes.items())]  # fmt: skip
    head = ["Charge Code", "Dept", "HCPCS", "Bin"]
    (home / "cdm.csv").write_bytes(pack("cdm.csv", [head, *lines]))
    words = ["impact", runs("hcpcs"), "--list", home / "cdm.csv", *ASKED, "-o", home / "out"]
    assert run_command([*map(str, words), "--quiet"]) == 0
    return home


@pytest.fixture
def desk(tmp_path: Path, judged: Path, runs: Runs, cptdiff: Run, codes: dict[str, str]) -> Desk:
    """Lay out a folder of its own with the list and what was judged."""
    shutil.copytree(judged, tmp_path / "home")
    return Desk(tmp_path / "home", runs("hcpcs"), cptdiff, codes)


def test_a_worksheet_has_a_row_for_each_touched_line_and_both_forms_say_the_same(
    desk: Desk, rows: Callable[[Path], Rows]
) -> None:
    touched = rows(desk.home / "out" / "impact.csv")
    sheet = rows(desk.original)
    assert sorted(row["line"] for row in sheet) == sorted(row["line"] for row in touched)
    assert [row["group"] for row in sheet] == sorted(row["group"] for row in sheet)
    assert {row["row"].partition("-")[2] for row in sheet} == {f"{n}-of-5" for n in range(1, 6)}
    assert {row["line_id"]: row["Bin"] for row in sheet} == dict(
        zip("abcde", ["000", "001", "002", "003", "004"], strict=True)
    )
    desk.merge(desk.original.with_suffix(".xlsx"))
    assert (desk.home / "merged.csv").read_bytes() == desk.original.read_bytes()
    assert desk.cptdiff("verify", desk.home / "out").returncode == 0


def test_a_workbook_keeps_what_is_typed_as_text_and_offers_the_decisions(desk: Desk) -> None:
    page = openpyxl.load_workbook(desk.original.with_suffix(".xlsx"))["Worksheet"]
    heads = {cell.value: cell.column_letter for cell in page[1]}
    # The row below the last one: what a reviewer adds.
    columns = {n: one for one in page.column_dimensions.values()
               for n in range(one.min, one.max + 1)}  # fmt: skip
    formats = {cell.value: columns[cell.column].number_format for cell in page[1]}
    assert formats.pop("Date") == "yyyy-mm-dd"
    assert {*formats.values()} == {"@"}
    aid = openpyxl.load_workbook(desk.original.with_suffix(".xlsx"))["How to"]
    told = {row[0]: row[1] for row in aid.iter_rows(values_only=True)}
    at = heads["Status"], heads["Status in words"]
    assert {page[f"{at[0]}2"].value, page[f"{at[1]}2"].value} == {"deleted", "code deleted"}
    assert told["deleted"] == "The code is not valid any more in the new release."
    (choice,) = page.data_validations.dataValidation
    assert choice.formula1 == '"keep,recode,retire,new line,no action"'
    assert str(choice.sqref) == f"{heads['Decision']}2:{heads['Decision']}1048576"
    hidden = {cell.value for cell in page[1] if columns[cell.column].hidden}
    assert {"Row", "Fingerprint", "Code set"} <= hidden
    assert not {"Decision", "New code", "Reviewer", "Date", "Note"} & hidden


def test_two_worksheets_give_one_decision_for_each_line(desk: Desk, pick: Pick) -> None:
    new = pick("hcpcs", "added")[0]
    one = desk.fill(
        "one.xlsx", {"a": {**KEEP, "decision": "recode", "new_code": f" {new.lower()}"}}
    )
    two = desk.fill("two.csv", {"b": {**KEEP, "decision": " Retire "}, "c": {"decision": "Keep"}})
    found, told = desk.merge(one, two, "--run", desk.run)
    assert {name: (row["review_status"], row["decision"], row["new_code"])
            for name, row in found.items()} == {
        "a": ("decided", "recode", new), "b": ("decided", "retire", ""),
        "c": ("decided", "keep", ""), "d": ("open", "", ""), "e": ("open", "", ""),
    }  # fmt: skip
    assert found["a"]["source"].startswith("one.xlsx[Worksheet]:")
    assert "5 lines in 2 files: 3 decided, 2 open" in told
    assert "1 decision does not say who made it, or when" in told.lower()


def test_each_owner_has_a_worksheet_and_together_they_are_the_whole(desk: Desk) -> None:
    books = sorted((desk.home / "out" / "by-owner").glob("*.xlsx"))
    assert [book.name for book in books] == ["Dept-0.xlsx", "Dept-1.xlsx"]
    found, told = desk.merge(books[1])
    assert ([*found], "3 lines of cdm.csv in no file" in told) == (["b", "d"], True)
    desk.merge(*books)
    assert (desk.home / "merged.csv").read_bytes() == desk.original.read_bytes()


def test_the_order_of_the_files_does_not_matter(desk: Desk) -> None:
    one = desk.fill("one.csv", {"a": KEEP, "c": {"decision": "no action", "note": "x"}}, only="ac")
    two = desk.fill("two.csv", {"a": {"decision": "retire"}, "c": {"decision": "no action"}})
    desk.merge(one, two)
    first = (desk.home / "merged.csv").read_bytes()
    desk.merge(two, one)
    assert (desk.home / "merged.csv").read_bytes() == first


def test_decisions_that_differ_are_a_conflict_and_stay_one_until_somebody_decides(
    desk: Desk,
) -> None:
    one = desk.fill("one.csv", {"a": KEEP, "b": KEEP})
    two = desk.fill("two.csv", {"a": {**KEEP, "decision": "retire", "reviewer": "Bo"}, "b": KEEP})
    found, told = desk.merge(one, two)
    code = desk.codes["a"]
    assert found["a"]["review_status"] == "conflicting"
    assert found["a"]["decision"] == ""
    assert found["b"]["review_status"] == "decided"
    assert (
        f"cdm.csv:2 (a {code}): keep (Ann Coder, 2027-01-08): one.csv:2 / retire (Bo,"
        " 2027-01-08): two.csv:2"
    ) in told
    merged = (desk.home / "merged.csv").rename(desk.home / "first.csv")
    again, _ = desk.merge(merged, one)
    assert again["a"]["review_status"] == "conflicting"
    desk.merge(merged, "--require-complete", code=1)
    settled = desk.fill("settled.csv", {"a": {"decision": "retire"}}, source=merged)
    final, _ = desk.merge(settled, "--require-complete")
    assert (final["a"]["review_status"], final["a"]["decision"]) == ("decided", "retire")


@pytest.mark.parametrize(
    ("filled", "wrong"),
    [
        ({"decision": "kep"}, "the decision kep is not one of keep, recode, retire, new line"),
        ({"decision": "recode"}, "recode has no new code. Fix: enter the new code"),
        ({"decision": "recode", "new_code": "{b}"}, "recode to {b}: {b} is deleted, last valid"),
        ({"decision": "recode", "new_code": "A9998"}, "recode to A9998: A9998 is in neither"),
        ({"decision": "recode", "new_code": "248"}, "recode to 248: 248 is not a code"),
        ({"decision": "recode", "new_code": "{a}"}, "recode to {a}"),
        ({"decision": "new line", "new_code": "{c}-{d}"}, "is not one code"),
        ({"decision": "retire", "new_code": "{c}"}, "has the new code {c}, but the decision is"),
        ({"new_code": "{c}"}, "has the new code {c}, but the decision is empty"),
        ({"decision": "keep", "date": "5.1.2026"}, "5.1.2026 may be 2026-01-05 or 2026-05-01"),
        ({"decision": "keep", "date": "soon"}, "soon is not a date"),
        ({"decision": "=M9"}, "the decision (a formula without a value) is not one of keep"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_a_line_with_file_sheet_and_row_and_the_line_stays_open(
    desk: Desk, filled: dict[str, str], wrong: str
) -> None:
    cells = {name: text.format(**desk.codes) for name, text in filled.items()}
    book = desk.fill("odd.xlsx", {"a": cells, "c": KEEP})
    found, told = desk.merge(book, "--run", desk.run, code=3)
    assert "cptdiff: error[E391]: odd.xlsx[Worksheet]:2: " in told
    assert wrong.format(**desk.codes) in told
    assert found["a"]["review_status"] == "open"
    assert found["a"]["problem"].startswith("E391: ")
    if not filled.get("decision", "").startswith("="):
        assert {name: found["a"][name] for name in cells} == cells
    assert found["c"]["review_status"] == "decided"
    assert "exit code 3: 1 row of worksheets cannot be used as written" in told


def test_without_a_run_new_codes_are_judged_by_the_worksheet_or_told_as_not_looked_up(
    desk: Desk,
) -> None:
    b = desk.codes["b"]
    one = desk.fill("one.csv", {"a": {"decision": "recode", "new_code": b}})
    _, told = desk.merge(one, code=3)
    assert f"recode to {b}: {b} is deleted" in told
    two = desk.fill("two.csv", {"a": {"decision": "recode", "new_code": desk.codes["f"]}})
    found, told = desk.merge(two, code=3)
    assert "1 new code was not looked up" in told
    assert found["a"]["review_status"] == "decided"


def test_a_new_code_of_a_code_set_that_was_not_given_is_a_note(desk: Desk) -> None:
    one = desk.fill("one.csv", {name: {**KEEP, "decision": "recode", "new_code": "77046"}
                                for name in "ab"})  # fmt: skip
    found, told = desk.merge(one, "--run", desk.run, "--require-complete")
    assert found["a"]["review_status"] == "decided"
    note = "1 new code is of CPT and not looked up (77046); also give a comparison of CPT releases"
    assert note in told


def test_the_original_restores_what_a_spreadsheet_did_to_the_cells_of_ours(desk: Desk) -> None:
    hurt = desk.fill("hurt.csv", {"a": {**KEEP, "code": "248", "effective_date": "1/1/2027"}})
    found, told = desk.merge(hurt, code=3)
    assert "error[E392]: hurt.csv:2: cells that cptdiff wrote were changed" in told
    assert found["a"]["review_status"] == "open"
    found, _ = desk.merge(hurt, desk.original)
    assert (found["a"]["review_status"], found["a"]["code"]) == ("decided", desk.codes["a"])


@pytest.mark.parametrize("number", ["{}-9-of-5", "{}-2-of-5", "{}-1-of-4", "w1", ""])
def test_a_row_is_no_other_one_than_the_hidden_column_says(desk: Desk, number: str) -> None:
    own = read_rows(desk.original)[0]["row"].partition("-")[0]
    changed = desk.fill("changed.csv", {"a": {**KEEP, "row": number.format(own)}}, only="a")
    _, told = desk.merge(changed, code=3 if number else 0)
    assert ("error[E392]: changed.csv:2" in told) == bool(number)


def test_a_list_that_no_release_touches_has_an_empty_worksheet(
    desk: Desk, rows: Callable[[Path], Rows]
) -> None:
    (desk.home / "cdm.csv").write_bytes(
        pack("cdm.csv", [["Dept", "HCPCS", "Bin"], *([["x", desk.codes["f"], ""]] * 3)])
    )
    desk.judge("-o", desk.home / "none")
    assert rows(desk.home / "none" / "worksheet.csv") == []
    _, told = desk.merge(desk.home / "none" / "worksheet.xlsx", "--require-complete")
    assert "0 lines in 1 file" in told


def test_rows_are_sorted_copied_left_out_and_added_and_nothing_is_lost(desk: Desk) -> None:
    whole = desk.fill("whole.csv", {"a": KEEP})
    head, *lines = whole.read_text("utf-8").splitlines(keepends=True)
    names = head.strip().split(",")
    added = {"line_id": "00123", "code": "00100", "decision": "keep", "note": "1/2", "list": "mine"}
    new = ",".join(added.get(name, "") for name in names) + "\r\n"
    text = "".join([head, *reversed(lines), lines[0], new])
    whole.write_text(text, "utf-8")
    found, told = desk.merge(whole)
    assert [*found] == ["a", "c", "e", "b", "d", "00123"]
    assert found["00123"]["review_status"] == "decided"
    assert {name: found["00123"][name] for name in added} == added
    assert "1 row was added by reviewers, and kept" in told
    part = desk.fill("part.csv", {"a": KEEP, "c": KEEP}, only="ac")
    found, told = desk.merge(part)
    assert [*found] == ["a", "c"]
    assert "3 lines of cdm.csv in no file" in told
    done = desk.cptdiff("worksheet", "merge", part, "--require-complete", "--quiet")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "cptdiff: exit code 1: 3 lines in no file (--require-complete)\n"


def test_complete_is_a_decision_on_each_deleted_code(desk: Desk) -> None:
    one = desk.fill("one.csv", {"a": KEEP})
    _, told = desk.merge(one, "--require-complete", code=1)
    assert "1 line with a code that is not valid any more and without a decision" in told
    assert (
        f"Codes that are not valid any more, without a decision: {desk.codes['b']} (1 line)" in told
    )
    assert "1 line keeps a code that is not valid any more" in told
    both = desk.fill("both.csv", {"a": KEEP, "b": KEEP})
    desk.merge(both, "--require-complete")


def test_former_decisions_stand_again_and_reopen_where_the_facts_changed(desk: Desk) -> None:
    one = desk.fill("one.csv", {name: {**KEEP, "note": "n"} for name in "abcd"})
    desk.merge(one)
    former = (desk.home / "merged.csv").rename(desk.home / "former.csv")
    changed = former.read_text("utf-8").splitlines(keepends=True)
    day = next(row for row in read_rows(former) if row["line_id"] == "a")["effective_date"]
    # Another list with the same lines, one of them elsewhere, and other facts of a line.
    rows = read_rows(former)
    assert len(changed) == len(rows) + 1
    listed = (desk.home / "cdm.csv").read_text("utf-8").splitlines()
    (desk.home / "cdm.csv").write_text("\n".join([listed[0], "", *reversed(listed[1:])]), "utf-8")
    (desk.home / "cdm.csv").rename(desk.home / "cdm-2.csv")
    done = desk.cptdiff("impact", desk.run, "--list", desk.home / "cdm-2.csv", "-o",
                        desk.home / "worksheet.csv")  # fmt: skip
    assert done.returncode == 0
    found, told = desk.merge(desk.home / "worksheet.csv", "--since", former)
    assert {name: row["review_status"] for name, row in found.items()} == {
        "a": "decided", "b": "decided", "c": "decided", "d": "decided", "e": "open",
    }  # fmt: skip
    assert found["b"]["note"] == "n"
    desk.fill("other.csv", {"a": {"effective_date": "2026-12-01"}, "b": {"line_id": "gone"}},
              source=former)  # fmt: skip
    text = (desk.home / "other.csv").read_text("utf-8")
    repaired = refingerprint(text)
    (desk.home / "other.csv").write_text(repaired, "utf-8")
    found, told = desk.merge(desk.home / "worksheet.csv", "--since", desk.home / "other.csv")
    assert found["a"]["review_status"] == "reopened"
    assert found["a"]["former_decision"] == (
        f"keep (Ann Coder, 2027-01-08); changed since: effective date (2026-12-01 -> {day})"
    )
    assert "1 former decision is on no line of these worksheets" in told
    assert found["b"]["review_status"] == "open"
    assert "2 decided, 2 open, 1 reopened" in told


@pytest.mark.parametrize("filled", [{"decision": "recode"}, {"decision": "deleted it", "note": "n"},
                                    {"decision": "keep", "date": "5.1.2026"}])  # fmt: skip
def test_former_rows_that_cannot_be_used_are_kept_as_typed_with_what_is_wrong(
    desk: Desk, filled: dict[str, str]
) -> None:
    former = desk.fill("former.csv", {"a": {**filled, "reviewer": "Bo"}, "b": KEEP})
    found, told = desk.merge(desk.original, "--since", former, code=3)
    desk.judge("--decisions", former, "-o", desk.home / "next", code=3)
    carried = {row["line_id"]: row for row in read_rows(desk.home / "next" / "worksheet.csv")}
    for rows in (found, carried):
        assert {name: rows["a"][name] for name in filled} == filled
        assert (rows["a"]["review_status"], rows["a"]["reviewer"]) == ("open", "Bo")
        assert rows["a"]["problem"].startswith("E391: ")
        assert rows["b"]["review_status"] == "decided"
    assert "1 row of worksheets cannot be used as written" in told
    changed = desk.fill("changed.csv", {"a": {**filled, "effective_date": "2026-12-01"}})
    changed.write_text(refingerprint(changed.read_text("utf-8")), "utf-8")
    found, _ = desk.merge(desk.original, "--since", changed)
    assert found["a"]["review_status"] == "reopened"
    assert found["a"]["former_decision"].startswith(filled["decision"])
    again, _ = desk.merge(desk.original, "--since", (desk.home / "merged.csv").rename(changed))
    assert again["a"]["former_decision"] == found["a"]["former_decision"]


def refingerprint(text: str) -> str:
    """Write the fingerprints of a worksheet again, as a run with other facts would."""
    from cptdiff.impact.worksheet import PINNED, fingerprint_line  # noqa: PLC0415

    rows = [*csv.DictReader(io.StringIO(text, newline=""))]
    for row in rows:
        row["fingerprint"] = fingerprint_line(row[name] for name in PINNED)
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


def test_impact_marks_what_was_decided_and_writes_it_into_the_next_worksheet(desk: Desk) -> None:
    one = desk.fill("one.csv", {"a": KEEP, "b": KEEP, "c": {"decision": "huh"}})
    two = desk.fill("two.csv", {"b": {**KEEP, "decision": "retire"}})
    desk.merge(one, two, code=3)
    done = desk.judge("--decisions", desk.home / "merged.csv", "-o", desk.home / "next", code=3)
    assert "Review: 1 decided, 3 open, 1 conflicting" in done.stdout
    assert "error[E391]: merged.csv:" in done.stderr
    rows = {row["line_id"]: row for row in read_rows(desk.home / "next" / "impact.csv")}
    head = [*rows["a"]]
    at = head.index("exposure_formula") + 1
    marks = ["review_status", "decision", "new_code", "reviewer", "decided_on", "problem"]
    assert head[at:] == [*marks, "Bin"]
    assert [rows["a"][name] for name in head[at:]] == [
        "decided", "keep", "", "Ann Coder", "2027-01-08", "", "000",
    ]  # fmt: skip
    assert rows["b"]["review_status"] == "conflicting"
    differ = "keep (Ann Coder, 2027-01-08): one.csv:5 / retire (Ann Coder, 2027-01-08): two.csv:"
    assert differ in rows["b"]["problem"]
    assert rows["d"]["review_status"] == "open"
    again = {row["line_id"]: row for row in read_rows(desk.home / "next" / "worksheet.csv")}
    assert again["a"]["decision"] == "keep"
    summary = json.loads((desk.home / "next" / "impact.json").read_bytes())
    assert summary["review"] == {"decided": 1, "open": 3, "conflicting": 1, "reopened": 0,
                                 "elsewhere": 0, "unusable": 1}  # fmt: skip
    before = json.loads((desk.home / "out" / "impact.json").read_bytes())
    assert before["review"] is None
    assert desk.cptdiff("verify", desk.home / "next").returncode == 0
    page = " ".join(re.sub("<[^>]*>", " ", (desk.home / "next/impact.html").read_text()).split())
    assert "1 decided, 3 open, 1 conflicting" in page
    assert "Review Decision New code Reviewer Decided on Problem, or decisions that differ" in page
    assert differ in page
    assert "Owner Decided Open Conflicting Dept 0 1 2 0 Dept 1 0 1 1" in page
    assert "Conflicting" not in (desk.home / "out" / "impact.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("x.csv", "a,b\n1,2\n", "E390]: x.csv: is not a worksheet: it has no header with Decision"),
        ("x.csv", "code,decision\nA1,keep\n", "E390]: x.csv: has no column row, fingerprint"),
        ("x.csv", 'code,decision,row,fingerprint\n"a', "E153]: x.csv"),
        ("x.xlsx", "no workbook", "E390]: x.xlsx"),
        ("x.ods", "", "E390]: x.ods: is an OpenDocument spreadsheet. Fix: save it as .xlsx or"),
        ("x.xls", "", "E390]: x.xls: is an old workbook. Fix: save it as .xlsx or CSV"),
        ("out", None, "E102]: out: is a folder. Fix: give the files in it"),
        ("none.csv", None, "E101]: none.csv"),
        ("x.csv", "", "E110]: x.csv"),
    ],
)
def test_a_file_that_is_no_worksheet_is_refused_in_one_line(
    desk: Desk, name: str, text: str | None, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.home)
    if text is not None:
        Path(name).write_text(text, "utf-8")
    done = desk.cptdiff("worksheet", "merge", name, "-o", "merged.csv")
    assert (done.returncode, done.stderr.count("\n"), Path("merged.csv").exists()) == (2, 1, False)
    assert f"cptdiff: error[{wrong}" in done.stderr


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_worksheet_over_a_limit_is_read_with_the_option_that_its_refusal_names(
    desk: Desk, suffix: str
) -> None:
    words = ("worksheet", "merge", desk.original.with_suffix(suffix))
    done = desk.cptdiff(*words, "--limit", "size=1000")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    (proposed,) = re.findall(r"add --limit (size=\S+)", done.stderr)
    assert desk.cptdiff(*words, "--limit", proposed).returncode == 0


def test_blanks_of_any_kind_are_no_part_of_what_is_pinned(desk: Desk) -> None:
    odd = ["a\u2003b", "it's\x1cc", "d \u00a0 e\x85"]
    rows = [["Charge Code", "HCPCS"], *([one, desk.codes["a"]] for one in odd)]
    (desk.home / "odd.csv").write_bytes(pack("odd.csv", rows))
    words = ("--list", desk.home / "odd.csv", "-o", desk.home / "odd")
    assert desk.cptdiff("impact", desk.run, *words).returncode == 0
    found, told = desk.merge(desk.home / "odd" / "worksheet.csv")
    assert (len(found), {row["problem"] for row in found.values()}) == (3, {""})
    assert "3 lines in 1 file: 0 decided, 3 open." in told


@pytest.mark.parametrize(
    ("text", "is_day_first", "day"),
    [
        ("2027-01-08", False, "2027-01-08"), ("1/8/2027", False, "2027-01-08"),
        ("1/8/2027", True, ""), ("13/1/2027", False, "2027-01-13"), ("5.1.2026", False, ""),
        ("5.5.2026", False, "2026-05-05"), ("13.1.2026", False, "2026-01-13"),
        ("Jan 8, 2027", False, "2027-01-08"), ("8 January 2027", False, "2027-01-08"),
        ("8-Jan-2027", False, "2027-01-08"), ("2027-01-08 00:00:00", False, "2027-01-08"),
        ("31/2/2027", False, ""), ("2/30/2027", False, ""), ("1/8/27", False, ""),
        ("", False, ""), ("2027-13-01", False, ""), ("46030", False, ""),
    ],
)  # fmt: skip
def test_a_date_is_one_day_or_asked_back(text: str, is_day_first: bool, day: str) -> None:  # noqa: FBT001
    found, fault = read_day(text, is_day_first)
    assert found == day
    assert (fault is None) == bool(day or not text)
