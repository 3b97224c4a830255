"""A year of scheduled runs: what is new is compared, and nothing that was written changes."""

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.jobs.conftest import Write
from tests.jobs.made import look, name_folders, write_cpt, write_hcpcs, write_icd

Run = Callable[..., CompletedProcess[str]]
CONFIG = """
[defaults]
releases = "releases"
output = "reports/{code_set}/{current}"

[jobs.cpt]
code_set = "cpt"

[jobs.hcpcs]
code_set = "hcpcs"

[jobs.diagnoses]
code_set = "icd10cm"
"""


@pytest.fixture
def january(desk: Path, write: Write) -> Path:
    """Lay out what is there in January, beside files that are no releases."""
    write(CONFIG)
    releases = desk / "releases"
    write_cpt(releases / "cpt-2026.zip", 2026, range(100, 220))
    write_cpt(releases / "cpt-2027.zip", 2027, range(101, 221))
    write_hcpcs(releases / "hcpcs-2026-oct.zip", 2026, "OCT", range(100, 220))
    write_hcpcs(releases / "hcpcs-2027-jan.zip", 2027, "JAN", range(101, 222))
    write_icd(releases / "icd-2026.zip", 2026, 10, 130)
    write_icd(releases / "icd-2027.zip", 2027, 10, 131)
    (releases / "an old run").mkdir()
    (releases / "an old run" / "manifest.json").write_text("{}", "utf-8")
    (releases / "an old run" / "ConsumerDescriptor.txt").write_text("no release", "utf-8")
    # It holds what marks a publisher's file, and is none.
    (releases / "script.py").write_text("<plaCodes><plaCode cdCode='0001U'", "utf-8")
    (releases / "license.pdf").write_bytes(b"%PDF-1.7 a license")
    (releases / "notes.txt").write_text("Downloaded by nobody.\n", "utf-8")
    return releases


def assert_kept(before: dict[str, tuple[bytes, int, int]], folder: Path) -> None:
    after = look(folder)
    assert {name: after.get(name) for name in before} == before


def test_a_year_of_runs(cptdiff: Run, desk: Path, january: Path) -> None:
    reports = desk / "reports"
    done = cptdiff("run")
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["job cpt", "job hcpcs", "job diagnoses"]
    assert "CPT 2026 to CPT 2027: 1 added, 1 deleted, 0 revised; wrote reports/cpt/" in lines[0]
    assert "HCPCS 2026 October to HCPCS 2027 January: 2 added, 1 deleted" in lines[1]
    first = ["cpt/2027-01-01", "hcpcs/2027-01-01", "icd10cm/2026-10-01"]
    assert name_folders(reports) == first

    before = look(desk)
    done = cptdiff("run")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "cptdiff: job cpt: up to date: reports/cpt/2027-01-01 (CPT 2026 to CPT 2027)",
        (
            "cptdiff: job hcpcs: up to date: reports/hcpcs/2027-01-01"
            " (HCPCS 2026 October to HCPCS 2027 January)"
        ),
        (
            "cptdiff: job diagnoses: up to date: reports/icd10cm/2026-10-01"
            " (ICD-10-CM FY2026 to ICD-10-CM FY2027)"
        ),
    ]
    assert look(desk) == before

    # In February the same file is posted again, with an erratum.
    before = look(reports)
    write_cpt(january / "cpt-2027.zip", 2027, range(101, 221), word="buffing")
    done = cptdiff("run")
    assert done.returncode == 0, done.stderr
    assert "1 revised; wrote reports/cpt/2027-01-01-2 (SHA-256" in done.stderr
    assert " beside reports/cpt/2027-01-01, made from other inputs\n" in done.stderr
    assert done.stderr.count(": up to date: ") == 2
    assert name_folders(reports) == sorted([*first, "cpt/2027-01-01-2"])
    assert_kept(before, reports)
    before = look(desk)
    assert cptdiff("run").stderr.count(": up to date: ") == 3
    assert look(desk) == before

    # In April comes the next quarter.
    before = look(reports)
    write_hcpcs(january / "hcpcs-2027-apr.zip", 2027, "APR", range(101, 230))
    done = cptdiff("run")
    assert "job hcpcs: HCPCS 2027 January to HCPCS 2027 April: 8 added" in done.stderr
    assert (done.returncode, done.stderr.count(": up to date: ")) == (0, 2)
    assert "hcpcs/2027-04-01" in name_folders(reports)
    assert_kept(before, reports)

    # In October a new fiscal year, and a HCPCS file that is cut off.
    before = look(reports)
    write_icd(january / "icd-2028.zip", 2028, 11, 131)
    write_hcpcs(january / "hcpcs-2027-oct.zip", 2027, "OCT", range(101, 160))
    done = cptdiff("run")
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[0].startswith("cptdiff: job cpt: up to date: reports/cpt/2027-01-01-2 (")
    assert lines[1].startswith("cptdiff: error[E316]: job hcpcs: ")
    assert "job diagnoses: ICD-10-CM FY2027 to ICD-10-CM FY2028: 0 added, 1 deleted" in lines[2]
    assert len(lines) == 3
    assert name_folders(reports) == sorted(
        [*first, "cpt/2027-01-01-2", "hcpcs/2027-04-01", "icd10cm/2027-10-01"]
    )
    assert_kept(before, reports)

    # The right file comes, under another name.
    (january / "hcpcs-2027-oct.zip").unlink()
    write_hcpcs(january / "October 2027 HCPCS.zip", 2027, "OCT", range(101, 231))
    done = cptdiff("run")
    assert (done.returncode, done.stderr.count(": up to date: ")) == (0, 2)
    assert "hcpcs/2027-10-01" in name_folders(reports)


def test_a_list_that_appears_beside_a_release_is_a_new_input(
    cptdiff: Run, desk: Path, write: Write, member: Callable[[str, str], bytes]
) -> None:
    for year, name in ((2026, "icd10cm_order_2026.txt"), (2027, "icd10cm-order-2027.txt")):
        (desk / name).write_bytes(member(f"icd10cm-{year}.zip", name))
    write(
        "[jobs.d]\nprevious = 'icd10cm_order_2026.txt'\ncurrent = 'icd10cm-order-2027.txt'\n"
        "limit = { deleted-share = 20 }\n"
    )
    assert cptdiff("run").returncode == 0
    assert ": up to date: reports/d/2026-10-01 (" in cptdiff("run").stderr
    name = "icd10cm-order-addenda-2027.txt"
    (desk / name).write_bytes(member("icd10cm-2027.zip", name))
    done = cptdiff("run")
    assert "wrote reports/d/2026-10-01-2 (SHA-256" in done.stderr, done.stderr
    assert "made from other inputs\n" in done.stderr


def test_the_latest_are_chosen_by_effective_date_and_never_by_the_time_of_a_file(
    cptdiff: Run, desk: Path, january: Path
) -> None:
    for number, path in enumerate(sorted(january.iterdir(), reverse=True)):
        os_time = 1_000_000_000 + number * 1_000_000
        os.utime(path, (os_time, os_time))
    write_cpt(january / "a later copy of an early one.zip", 2025, range(100, 220))
    assert cptdiff("run", "--job", "cpt").returncode == 0
    assert name_folders(desk / "reports") == ["cpt/2027-01-01"]


def test_of_two_issues_of_one_date_the_later_by_its_name_counts(
    cptdiff: Run, desk: Path, january: Path
) -> None:
    write_cpt(january / "cpt-2027_v2.zip", 2027, range(101, 221), word="buffing")
    done = cptdiff("run", "--job", "cpt")
    assert (done.returncode, "1 revised" in done.stderr) == (0, True), done.stderr
    assert name_folders(desk / "reports") == ["cpt/2027-01-01"]


def test_two_releases_of_one_date_are_refused_with_both_names_unless_they_are_the_same_bytes(
    cptdiff: Run, desk: Path, january: Path
) -> None:
    copy = january / "cpt-copy.zip"
    copy.write_bytes((january / "cpt-2027.zip").read_bytes())
    assert cptdiff("run", "--job", "cpt").returncode == 0
    write_cpt(copy, 2027, range(101, 221), word="buffing")
    done = cptdiff("run", "--job", "cpt")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "error[E362]: job cpt: releases: cpt-2027.zip, cpt-copy.zip are both" in done.stderr
    assert name_folders(desk / "reports") == ["cpt/2027-01-01"]


def test_the_same_bytes_under_another_name_are_no_new_input(
    cptdiff: Run, desk: Path, january: Path
) -> None:
    assert cptdiff("run", "--job", "cpt").returncode == 0
    before = look(desk / "reports")
    first = january / "cpt-2027.zip"
    # In the order of names it comes before the first.
    copy = january / "cpt-2027-corrected.zip"
    copy.write_bytes(first.read_bytes())
    assert ": up to date: reports/cpt/2027-01-01 (" in cptdiff("run", "--job", "cpt").stderr
    first.unlink()
    assert ": up to date: reports/cpt/2027-01-01 (" in cptdiff("run", "--job", "cpt").stderr
    assert look(desk / "reports") == before
    done = cptdiff("run", "--job", "cpt", "--descriptors", "short")
    assert " beside reports/cpt/2027-01-01, made with other options\n" in done.stderr
    write_cpt(copy, 2027, range(101, 221), word="buffing")
    done = cptdiff("run", "--job", "cpt")
    assert "made from other inputs\n" in done.stderr


def test_a_list_under_another_name_is_no_new_input(
    cptdiff: Run, desk: Path, write: Write, member: Callable[[str, str], bytes]
) -> None:
    for year, name in ((2026, "icd10cm_order_2026.txt"), (2027, "icd10cm-order-2027.txt")):
        (desk / name).write_bytes(member(f"icd10cm-{year}.zip", name))
    name = "icd10cm-order-addenda-2027.txt"
    (desk / name).write_bytes(member("icd10cm-2027.zip", name))
    write(
        "[jobs.d]\nprevious = 'icd10cm_order_2026.txt'\ncurrent = 'icd10cm*order*2027.txt'\n"
        "limit = { deleted-share = 20 }\npublished = 'list.txt'\n".replace("*order*", "-order-")
    )
    (desk / name).rename(desk / "list.txt")
    assert cptdiff("run").returncode == 0
    (desk / "icd10cm-order-2027.txt").rename(desk / "icd10cm_order_2027.txt")
    text = (desk / "cptdiff.toml").read_text("utf-8")
    (desk / "cptdiff.toml").write_text(text.replace("m-order-", "m_order_"), "utf-8")
    assert ": up to date: reports/d/2026-10-01 (" in cptdiff("run").stderr


@pytest.mark.parametrize(
    ("content", "slug"), [(b"PK\x03\x04 half a zip", "E187"), (b"<!DOCTYPE html>", "E130")]
)
def test_a_zip_that_may_be_the_release_and_cannot_be_read_stops_the_job(
    cptdiff: Run, desk: Path, january: Path, content: bytes, slug: str
) -> None:
    (january / "download.zip").write_bytes(content)
    done = cptdiff("run")
    assert (done.returncode, done.stderr.count("\n")) == (2, 3)
    assert done.stderr.count(f"error[{slug}]: job ") == 3
    assert not (desk / "reports").exists()


def test_one_release_is_too_few_and_the_message_says_which_is_there(
    cptdiff: Run, january: Path
) -> None:
    (january / "cpt-2026.zip").unlink()
    done = cptdiff("run", "--job", "cpt")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "error[E362]: job cpt: releases: has only cpt-2027.zip of this code set" in done.stderr


def test_a_release_without_a_date_is_named(cptdiff: Run, january: Path) -> None:
    write_cpt(january / "cpt-update.zip", 0, range(100, 220))
    done = cptdiff("run", "--job", "cpt")
    assert (done.returncode, "cpt-update.zip (CPT (edition not named)) has no" in done.stderr) == (
        2, True,
    )  # fmt: skip
