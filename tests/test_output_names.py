"""What -o PATH means: one report by its suffix, a run folder without one; any other is an error."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.output.delivery import SUFFIXES
from tests.streams import list_warnings

Run = Callable[..., CompletedProcess[str]]
Tables = tuple[str, str, str, str]


@pytest.mark.parametrize(
    "name",
    ["changes.csv.gz", "a.mp3", "2027.Q1"],
)
def test_a_suffix_that_no_report_has_is_an_error_that_lists_the_known_ones(
    cptdiff: Run, tables: Tables, tmp_path: Path, name: str
) -> None:
    done = cptdiff("diff", *tables, "-o", tmp_path / "good.csv", "-o", tmp_path / name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("cptdiff: error[E001]: ")
    suffix = Path(name).suffix
    assert f"{name}: no report has the suffix {suffix}. Fix: end it in " in done.stderr
    assert f"end it in {SUFFIXES}, or in / for a run folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


@pytest.mark.parametrize(
    ("name", "fix"),
    [("report.pdf", "write report.html, open it"), ("Report.PDF", "write report.html, open it"),
     ("page.htm", "end it in .html"), ("x.xls", "end it in .xlsx")],
)  # fmt: skip
def test_a_suffix_that_people_expect_is_an_error_that_names_the_one_to_write(
    cptdiff: Run, tables: Tables, tmp_path: Path, name: str, fix: str
) -> None:
    done = cptdiff("diff", *tables, "-o", tmp_path / "good.csv", "-o", tmp_path / name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"{name}: no report has the suffix {Path(name).suffix}. Fix: {fix}" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_the_help_and_the_docs_name_every_suffix(cptdiff: Run, root: Path) -> None:
    assert f"A name ending in {SUFFIXES} is" in " ".join(cptdiff("diff", "-h").stdout.split())
    assert f"| a name ending in {SUFFIXES} |" in (root / "docs" / "outputs.md").read_text("utf-8")


@pytest.mark.parametrize(
    "name",
    ["run", "run/", "2027.01", "2027.01.15", "v1.2", "v1.2-final", "Dr. Who", "Acme Inc.", ".run",
     "report.pdf/", "page.html/", "2027.Q1/"],
)  # fmt: skip
def test_any_other_name_is_a_run_folder(
    cptdiff: Run, tables: Tables, tmp_path: Path, name: str
) -> None:
    done = cptdiff("diff", *tables, "-o", f"{tmp_path}/{name}")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    assert (tmp_path / name / "manifest.json").is_file()


def test_a_slash_makes_no_second_path_of_one(cptdiff: Run, tables: Tables, tmp_path: Path) -> None:
    done = cptdiff("diff", *tables, "-o", f"{tmp_path}/run", "-o", f"{tmp_path}/run/")
    assert (done.returncode, "the same -o PATH is given twice" in done.stderr) == (2, True)


def test_a_folder_of_a_year_may_hold_the_reports(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    (tmp_path / "reports.2027").mkdir()
    done = cptdiff("diff", *tables, "-o", tmp_path / "reports.2027" / "changes.csv")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    assert (tmp_path / "reports.2027" / "changes.csv").is_file()
