"""What the command promises: outputs, exit codes, streams."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.run_folder import ALWAYS
from tests.streams import list_warnings

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
Make = Callable[[Path, bytes], Path]
Tables = tuple[str, str, str, str]

CHANGES = (
    "code_set,kind,code,change,reason,section,severity,classes,fields,previous_descriptor,"
    "current_descriptor,effective_date,replacements,family,last_valid_date,review_status\n"
)
FIELDS = "code_set,kind,code,field,previous,current,difference,percent,class,severity,why\n"
BY_FORMAT = {
    "html": "report.html", "csv": "changes.csv", "fields": "fields.csv", "json": "summary.json",
    "changes-json": "changes.json", "md": "summary.md",
}  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_summary_on_the_terminal_fits_80_columns(cptdiff: Run, samples: Path) -> None:
    done = cptdiff("diff", *(samples / f"cpt-{year}-legacy.zip" for year in ("2026", "2027")))
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["Codes", "206", "54", "69", "12"] in rows
    assert ["Surgery", "11", "11", "28", "6"] in rows


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("page.html", "<!doctype html>"),
        ("PAGE.HTML", "<!doctype html>"),
        ("any name.csv", CHANGES),
        ("fields.csv", FIELDS),
        ("totals.json", '{\n  "schema_version": 1,'),
        ("changes.json", '{\n"schema_version": 1,'),
        ("ticket.md", "# previous.csv to current.csv\n"),
    ],
)
def test_a_path_ending_in_a_suffix_is_that_one_report_and_is_replaced(
    cptdiff: Run, tables: Tables, tmp_path: Path, name: str, start: str
) -> None:
    (tmp_path / name).write_text("an older report", "utf-8")
    done = cptdiff("diff", *tables, "-o", tmp_path / name)
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    assert {path.name for path in tmp_path.iterdir()} == {"tables", name}
    assert (tmp_path / name).read_bytes().decode().startswith(start)


def test_a_workbook_is_a_file_and_goes_to_no_terminal(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    assert cptdiff("diff", *tables, "-o", tmp_path / "Any name.XLSX").returncode == 0
    assert (tmp_path / "Any name.XLSX").read_bytes().startswith(b"PK")
    done = cptdiff("diff", *tables, "-o", "-", "--format", "xlsx")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "'xlsx' is not one of" in done.stderr


@pytest.mark.parametrize(("form", "file"), BY_FORMAT.items())
def test_a_dash_sends_one_report_to_stdout_and_the_summary_to_stderr(
    cptdiff: Run, tables: Tables, tmp_path: Path, form: str, file: str
) -> None:
    done = cptdiff("diff", *tables, "-o", "-", "--format", form, "-o", tmp_path / "run")
    assert done.returncode == 0
    assert done.stdout.encode() == (tmp_path / "run" / file).read_bytes()
    assert done.stderr.splitlines()[0].startswith("previous.csv")


def test_changes_alone_are_no_failure_unless_asked(
    cptdiff: Run, tables: Tables, same: tuple[str, ...]
) -> None:
    assert cptdiff("diff", *tables).returncode == 0
    assert cptdiff("diff", *tables, "--exit-code").returncode == 1
    assert cptdiff("diff", *same, "--exit-code").returncode == 0


def test_a_run_folder_is_never_overwritten(cptdiff: Run, tables: Tables, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert cptdiff("diff", *tables, "-o", run).returncode == 0
    before = files(run)
    Path(tables[1]).write_text("code,description\nB1,Another thing\n", "utf-8")
    done = cptdiff("diff", *tables, "-o", run)
    assert (done.returncode, done.stderr[:21]) == (4, "cptdiff: error[E404]:")
    assert files(run) == before


@pytest.mark.parametrize("name", ["missing/run", "missing/x.csv"])
def test_a_missing_parent_is_the_environments_fault(
    cptdiff: Run, tables: Tables, tmp_path: Path, name: str
) -> None:
    done = cptdiff("diff", *tables, "-o", tmp_path / "x.html", "-o", tmp_path / name)
    assert (done.returncode, done.stderr[:21]) == (4, "cptdiff: error[E402]:")
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_a_run_folder_holds_what_the_contract_says_and_proves_it(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    done = cptdiff("diff", *tables, "-o", tmp_path / "run")
    assert done.returncode == 0
    found = files(tmp_path / "run")
    assert set(found) == ALWAYS
    paragraph, proof = found.pop("summary.txt"), found.pop("manifest.json")
    digest = hashlib.sha256(proof).hexdigest()
    assert paragraph.decode().split()[-1] == digest
    assert done.stderr.endswith(f"/run (SHA-256 of manifest.json: {digest})\n")
    manifest = json.loads(proof)
    digests = {
        one["name"]: (one["annotations"]["size"], one["digest"]["sha256"])
        for one in manifest["subject"]
    }
    assert digests == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in found.items()
    }
    for side, path in zip(("previous", "current"), tables[:2], strict=True):
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        assert manifest["predicate"]["inputs"][side]["sha256"] == digest


# The options, the exit code, and the one line that says why.
REASONS = {
    "any change": (("--exit-code",), 1, "3 changes (--exit-code)"),
    "a severe one": (("--fail-on", "high"), 1, "the highest severity is high (--fail-on high)"),
    "a total": (
        ("--expect", "added=9", "--fail-on", "unexplained"), 1,
        "1 added where 9 were announced, without an explanation (--fail-on unexplained)",
    ),
    "two reasons": (
        ("--exit-code", "--fail-on", "info"), 1,
        "3 changes (--exit-code); the highest severity is high (--fail-on info)",
    ),
    "a guard": (
        ("--limit", "deleted-share=1", "--allow", "deleted-share", "--exit-code"), 3,
        ("guard deleted-share was overridden: 1 of 3 (33.3%) entries are deleted, more than 1%;"
        " 3 changes (--exit-code)"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
@pytest.mark.parametrize("case", REASONS.values(), ids=REASONS)
def test_an_exit_code_that_is_not_0_is_explained_in_one_line(
    cptdiff: Run,
    tables: Tables,
    tmp_path: Path,
    case: tuple[tuple[str, ...], int, str],
    quiet: tuple[str, ...],
) -> None:
    options, code, why = case
    done = cptdiff("diff", *tables, *options, *quiet, "-o", tmp_path / "x.csv")
    told = f"cptdiff: exit code {code}: previous.csv to current.csv: {why}"
    assert (done.returncode, done.stderr) == (code, f"{told}; wrote {tmp_path / 'x.csv'}\n")
    assert (done.stdout == "") == bool(quiet)


def test_excluded_rows_are_the_reason_of_exit_code_3(
    cptdiff: Run, make: Callable[..., Path], tmp_path: Path
) -> None:
    pair = [
        make(tmp_path / "a.csv", "code,fee\nA,1\nB,2\n"),
        make(tmp_path / "b.csv", "code,fee\nA,1\nB\n,3\n"),
    ]
    done = cptdiff("diff", *pair, "--code-set", "table", "--quiet")
    why = "2 rows were excluded (quarantine.csv in a run folder lists them)"
    assert done.stderr == f"cptdiff: exit code 3: a.csv to b.csv: {why}\n"
    assert done.returncode == 3


def test_a_gap_without_an_explanation_names_the_list_and_each_total(
    cptdiff: Run, samples: Path
) -> None:
    pair = [samples / f"hcpcs-{year}-january.zip" for year in ("2026", "2027")]
    totals = ("--expect", "added=1,deleted=900", "--fail-on", "unexplained")
    done = cptdiff("diff", *pair, *totals, "--quiet")
    gaps = done.stderr.partition("January: ")[2].partition(", without an explanation")[0]
    one, *others = gaps.split(" and ")
    assert one == "1 difference from the publisher's list"
    assert [gap.partition(" ")[2] for gap in others] == [
        "added where 1 were announced",
        "deleted where 900 were announced",
    ]
    assert done.returncode == 1


@pytest.mark.parametrize("command", ["diff", "inspect"])
def test_a_date_in_another_form_is_refused_with_the_form_it_should_have(
    cptdiff: Run, tables: Tables, command: str
) -> None:
    paths, option = (tables[:2], "--current-date") if command == "diff" else (tables[:1], "--date")
    for day in ("01/01/2027", "20270101", "2027-13-01"):
        done = cptdiff(command, *paths, option, day)
        assert f"'{option}': {day} is not a date; write YYYY-MM-DD. Fix: " in done.stderr
        assert done.returncode == 2


@pytest.mark.parametrize("output", [(), ("-o", "-")])
def test_quiet_says_nothing(cptdiff: Run, tables: Tables, output: tuple[str, ...]) -> None:
    done = cptdiff("diff", *tables, "--quiet", *output)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(CHANGES if output else "")


def test_one_line_on_stderr_says_what_was_compared_found_and_written(
    cptdiff: Run, tables: Tables, same: tuple[str, ...], tmp_path: Path
) -> None:
    page, run = tmp_path / "x.html", tmp_path / "run"
    done = cptdiff("diff", *tables, "-o", page, "-o", run)
    start, _, wrote = done.stderr.rpartition("; wrote ")
    assert start.startswith("cptdiff: previous.csv to current.csv: ")
    assert re.search(r": \d+ added, \d+ deleted, \d+ revised\Z", start)
    digest = hashlib.sha256((run / "manifest.json").read_bytes()).hexdigest()
    assert wrote == f"{page}, {run} (SHA-256 of manifest.json: {digest})\n"
    done = cptdiff("diff", *same, "-o", page)
    assert done.stderr.endswith(f": No changes: 3 entries compared; wrote {page}\n")
    assert done.stderr.count("\n") == 1
    assert cptdiff("diff", *tables, "--quiet", "-o", page).stderr == ""
    assert cptdiff("diff", *tables).stderr == ""


def test_no_changes_is_said_first(cptdiff: Run, same: tuple[str, ...], tmp_path: Path) -> None:
    done = cptdiff("diff", *same, "-o", tmp_path / "x.html")
    assert done.stdout.splitlines()[0] == "No changes: 3 entries compared"
    page = (tmp_path / "x.html").read_text("utf-8")
    body = page[page.index("<body>") :]
    assert body.index("No changes: 3 entries compared") < body.index("<h2")


def test_identical_bytes_are_compared_with_a_banner(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    Path(tables[1]).write_bytes(Path(tables[0]).read_bytes())
    done = cptdiff("diff", *tables, "-o", tmp_path / "run")
    assert done.returncode == 0
    assert "byte-identical" in done.stdout
    page, totals = (files(tmp_path / "run")[name] for name in ("report.html", "summary.json"))
    assert b"byte-identical" in page[page.index(b'class="banner"') :]
    assert json.loads(totals)["identical"] is True


@pytest.mark.parametrize(
    "unknown", ["--strict", "--forbid-same", "--allow-empty", "--no-such-option", "third"]
)
def test_what_is_not_named_does_not_exist(cptdiff: Run, tables: Tables, unknown: str) -> None:
    done = cptdiff("diff", *tables, unknown)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("cptdiff: error[E001]: ")


def test_own_sections_override_those_of_the_book(
    cptdiff: Run, longult: tuple[Path, Path], tmp_path: Path, rows: Rows
) -> None:
    ours = tmp_path / "sections.csv"
    ours.write_text(
        "start,end,category,section,subsection,group\n33300,33400,Ours,Hearts,,Hands\n", "utf-8"
    )
    done = cptdiff("diff", *longult, "--sections", ours, "-o", tmp_path / "run")
    assert done.returncode == 0
    assert "\nHearts " in done.stdout
    found = {row["code"]: row["section"] for row in rows(tmp_path / "run" / "changes.csv")}
    assert found == {"33333": "Hearts", "99990": ""}
    totals = json.loads((tmp_path / "run" / "summary.json").read_text("utf-8"))
    assert {(row["section"], row["group"]) for row in totals["by_section"]} >= {("Hearts", "Hands")}


def test_a_release_without_a_date_says_so_and_takes_it_from_the_options(
    cptdiff: Run, longult: tuple[Path, Path], tmp_path: Path, rows: Rows
) -> None:
    undated = cptdiff("diff", *longult)
    assert "--previous-date" in undated.stdout
    assert "--current-date" in undated.stdout
    days = ("--previous-date", "2025-07-01", "--current-date", "2026-07-01")
    done = cptdiff("diff", *longult, *days, "-o", tmp_path / "run")
    assert (done.returncode, "date YYYY-MM-DD" in done.stdout) == (0, False)
    totals = json.loads((tmp_path / "run" / "summary.json").read_text("utf-8"))
    told = [totals[side]["effective_date"] for side in ("previous", "current")]
    assert told == ["2025-07-01", "2026-07-01"]
    assert {row["effective_date"] for row in rows(tmp_path / "run" / "changes.csv")} == {told[1]}


def test_code_set_chooses_among_two_in_one_folder(
    cptdiff: Run, member: Callable[[str, str], bytes], make: Make, tmp_path: Path
) -> None:
    orders = {"2026": "icd10cm_order_2026.txt", "2027": "icd10cm-order-2027.txt"}
    for year, order in orders.items():
        make(tmp_path / year / order, member(f"icd10cm-{year}.zip", order))
        pcs = f"icd10pcs_order_{year}.txt"
        make(tmp_path / year / pcs, member(f"icd10pcs-{year}.zip", pcs))
    done = cptdiff("diff", tmp_path / "2026", tmp_path / "2027", "--code-set", "icd10pcs")
    assert done.returncode == 0
    assert ["Codes", "42", "4", "8"] in [line.split() for line in done.stdout.splitlines()]
