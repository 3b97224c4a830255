"""Codes that are back: reinstated, or re-used for something else, by older releases or one file."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff import CptdiffError, diff

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
OLD, NEW = "Burial of horse carts", "Mending of clocks"
# By fiscal year the codes besides the many that never change.
YEARS = {
    2024: {"A01": "Dented widget", "A04": OLD},
    2025: {"A01": "Dented widget", "A02": "Rusty widget"},
    2026: {"A02": "Rusty widget"},
    2027: {"A01": "Dented widgets", "A02": "Rusty widget", "A03": "Bent widget", "A04": NEW},
}


def order(codes: dict[str, str]) -> bytes:
    many = codes | {f"B{number:02}": f"Widget {number}" for number in range(40)}
    return "".join(
        f"{number:05} {code:<7} 1 {title:<60} {title}\r\n"
        for number, (code, title) in enumerate(many.items(), 1)
    ).encode()


@pytest.fixture
def years(tmp_path: Path) -> dict[int, Path]:
    """Write a release for each of four years, in zips in one folder."""
    home = tmp_path / "releases"
    home.mkdir()
    paths = {year: home / f"{year}-code-descriptions.zip" for year in YEARS}
    for year, path in paths.items():
        with zipfile.ZipFile(path, "w") as zipped:
            zipped.writestr(f"icd10cm_order_{year}.txt", order(YEARS[year]))
    return paths


def read_text(done: CompletedProcess[str]) -> str:
    return " ".join(done.stdout.split())


def test_a_code_of_an_older_release_is_reinstated_or_reused_and_not_new(
    years: dict[int, Path], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    pair = (years[2026], years[2027])
    done = cptdiff("diff", *pair, "--history", years[2024].parent, "-o", tmp_path / "run")
    assert done.returncode == 0
    assert "2 need a coder: 2 codes valid again" in done.stdout
    assert f"A04: is re-used; ICD-10-CM FY2024 has it for something else: {OLD}." in read_text(done)
    found = rows(tmp_path / "run" / "changes.csv")
    assert [(row["code"], row["change"], row["reason"], row["severity"], row["classes"])
            for row in found] == [
        ("A01", "added", "reinstated", "high", "reinstated"),
        ("A03", "added", "", "", ""),
        ("A04", "added", "re-used", "critical", "re-used"),
    ]  # fmt: skip
    summary = json.loads((tmp_path / "run" / "summary.json").read_text("utf-8"))
    assert summary["by_severity"]["critical"] == 1
    assert summary["review"]["reinstated"] == 2
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    assert manifest["predicate"]["options"]["history_paths"] == ["releases"]
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert 'data-reason="re-used"' in page
    assert "what was true of the code before is not true now" in page


def test_without_older_releases_they_are_new(
    years: dict[int, Path], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    done = cptdiff("diff", years[2026], years[2027], "-o", tmp_path / "changes.csv")
    assert done.returncode == 0
    assert {row["reason"] for row in rows(tmp_path / "changes.csv")} == {""}


def test_only_what_is_older_than_previous_tells_that_a_code_is_back(
    years: dict[int, Path], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    # FY2026 lies between the two: what it has of FY2027 began then, and is not back.
    middle = tmp_path / "middle"
    middle.mkdir()
    (middle / "icd10cm_order_2026.txt").write_bytes(order(YEARS[2027]))
    pair = (years[2025], years[2027])
    done = cptdiff(
        "diff", *pair, "--history", middle, "--history", years[2024], "-o", tmp_path / "x.csv"
    )
    assert done.returncode == 0
    found = {row["code"]: row["reason"] for row in rows(tmp_path / "x.csv")
             if row["change"] == "added"}  # fmt: skip
    assert found == {"A03": "", "A04": "re-used"}


def test_the_latest_of_the_older_releases_decides(years: dict[int, Path], tmp_path: Path) -> None:
    between = tmp_path / "icd10cm_order_2025.txt"
    between.write_bytes(order({"A04": NEW}))
    found = diff(years[2026], years[2027], history=[between, years[2024]])
    reasons = dict(found.entries.select("code", "reason").iter_rows())
    assert reasons["A04"] == "reinstated"
    assert reasons["A01"] == "reinstated"


def test_without_any_older_release_and_for_tables_it_is_refused(
    years: dict[int, Path], tmp_path: Path, samples: Path, cptdiff: Run
) -> None:
    done = cptdiff("diff", years[2024], years[2025], "--history", years[2024].parent)
    assert done.returncode == 2
    assert "has no release before PREVIOUS, ICD-10-CM FY2024" in done.stderr
    other = tmp_path / "hcpcs"
    other.mkdir()
    shutil.copy(samples / "hcpcs-2027-january.zip", other)
    done = cptdiff("diff", years[2025], years[2026], "--history", other)
    assert done.returncode == 2
    assert "hcpcs: holds no release of ICD-10-CM. Fix: give older releases" in done.stderr
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"code,name\n1,{name}\n")
    table = ("--code-set", "table", "--history", years[2024])
    done = cptdiff("diff", tmp_path / "a.csv", tmp_path / "b.csv", *table)
    assert done.returncode == 2
    assert "is for a publisher's releases, not for tables" in done.stderr


def test_an_older_release_may_be_named_by_its_name_in_the_library(
    years: dict[int, Path], tmp_path: Path, cptdiff: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CPTDIFF_LIBRARY", str(tmp_path / "library"))
    assert cptdiff("library", "add", years[2024]).returncode == 0
    done = cptdiff("diff", years[2026], years[2027], "--history", "icd10cm@2024")
    assert done.returncode == 0
    assert "A04: is re-used; ICD-10-CM FY2024 has it" in read_text(done)


def test_a_release_of_another_code_set_is_refused(years: dict[int, Path], samples: Path) -> None:
    with pytest.raises(CptdiffError, match="cpt-2026-legacy"):
        diff(years[2026], years[2027], history=samples / "cpt-2026-legacy.zip")


def test_the_words_of_before_are_kept_back_where_no_wording_is_shown(
    years: dict[int, Path], cptdiff: Run
) -> None:
    pair = (years[2026], years[2027])
    done = cptdiff("diff", *pair, "--history", years[2024], "--descriptors", "none")
    assert "A04: is re-used; ICD-10-CM FY2024 has it for something else." in done.stdout
    assert OLD not in done.stdout


def test_the_file_itself_tells_that_a_code_is_used_for_something_else(
    tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    def record(code: str, words: str, dates: str) -> str:
        return f"{code}001003{words:<80}{words[:28]:<28}{'':<149}{dates:<24}N\r\n"

    sides = {
        2026: record("A0001", OLD, "2020010120200101" + "20251231") + record("A0003", NEW, ""),
        2027: record("A0001", NEW, "2026040120260401") + record("A0003", NEW, ""),
    }
    files = []
    for year, text in sides.items():
        files.append(tmp_path / f"HCPC{year}_JAN_ANWEB.txt")
        files[-1].write_text(text)
    done = cptdiff("diff", *files, "-o", tmp_path / "x.csv")
    assert done.returncode == 0
    (row,) = rows(tmp_path / "x.csv")
    assert (row["code"], row["reason"], row["severity"]) == ("A0001", "re-used", "critical")
    assert f"A0001: is re-used; HCPCS 2026 January has it for something else: {OLD}" in read_text(
        done
    )


def test_a_run_with_older_releases_can_be_made_again(
    years: dict[int, Path], tmp_path: Path, cptdiff: Run
) -> None:
    pair = (years[2026], years[2027])
    assert cptdiff("diff", *pair, "--history", years[2024], "-o", tmp_path / "run").returncode == 0
    again = cptdiff("verify", tmp_path / "run", "--against", *pair)
    assert again.returncode == 0, again.stdout


def test_a_user_may_grade_them_otherwise(
    years: dict[int, Path], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    own = tmp_path / "own.csv"
    own.write_text("class,severity\nre-used,high\n")
    done = cptdiff("diff", years[2026], years[2027], "--history", years[2024], "--severity", own,
                   "-o", tmp_path / "x.csv")  # fmt: skip
    assert done.returncode == 0
    assert {row["code"]: row["severity"] for row in rows(tmp_path / "x.csv")}["A04"] == "high"
