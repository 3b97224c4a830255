"""`cptdiff history` and `cptdiff show` as people and jobs use them."""

import csv
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
Make = Callable[..., Path]


def order(*entries: str) -> str:
    """An order file of ICD-10-CM: `code|header or not|title` in each of `entries`."""
    lines = []
    for number, entry in enumerate(entries, 1):
        code, valid, title = entry.split("|")
        lines.append(f"{number:05} {code:<7} {valid} {title:<60} {title}\r\n")
    return "".join(lines)


@pytest.fixture
def releases(tmp_path: Path) -> list[str]:
    """Three years: a code is deleted and comes back, one gets other words, one begins."""
    many = [f"B{number:02}|1|Widget {number}" for number in range(40)]
    years = {
        2025: ["A01|1|Dented widget", "A02|1|Rusty widget"],
        2026: ["A02|1|Rusty or dusty widget"],
        2027: ["A01|1|Dented widget", "A02|1|Rusty or dusty widget", "A03|1|Bent widget"],
    }
    paths = []
    for year, entries in years.items():
        path = tmp_path / f"icd10cm_order_{year}.txt"
        path.write_bytes(order(*entries, *many).encode())
        paths.append(str(path))
    return paths


def test_a_history_is_written_as_a_timeline_and_as_a_row_for_each_code(
    releases: list[str], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    # The order in which they are given does not matter.
    done = cptdiff(
        "history", *reversed(releases), "-o", out / "timeline.csv", "-o", out / "wide.csv",
        "-o", out / "any.parquet",
    )  # fmt: skip
    assert done.returncode == 0
    assert "3 releases, 2024-10-01 to 2026-10-01" in done.stdout
    told = "codes since 2024-10-01: 1 ended, 1 reinstated, 1 added, 1 reworded"
    assert told in done.stdout
    timeline = {(row["code"], row["spell"]): row for row in rows(out / "timeline.csv")}
    assert [timeline["A01", n]["valid_from"] for n in "12"] == ["2024-10-01", "2026-10-01"]
    assert timeline["A01", "1"]["valid_to"] == "2025-09-30"
    assert json.loads(timeline["A02", "1"]["wordings"]) == [
        {"from": "2024-10-01", "descriptor": "Rusty widget"},
        {"from": "2025-10-01", "descriptor": "Rusty or dusty widget"},
    ]
    wide = {row["code"]: row for row in rows(out / "wide.csv")}
    assert (wide["A01"]["spells"], wide["A01"]["f2"], wide["A01"]["t2"], wide["A01"]["f3"]) == (
        "2", "2026-10-01", "9999-12-31", "",
    )  # fmt: skip
    assert len(wide) == 43
    assert pl.read_parquet(out / "any.parquet").height == len(timeline)


def test_a_history_of_one_day_has_what_was_valid_then(
    releases: list[str], cptdiff: Run, tmp_path: Path, rows: Rows
) -> None:
    done = cptdiff("history", *releases, "--as-of", "2026-01-01", "-o", tmp_path / "valid.csv")
    assert done.returncode == 0
    assert "valid on 2026-01-01: 41 codes" in done.stdout
    assert {row["code"] for row in rows(tmp_path / "valid.csv")} & {"A01", "A02"} == {"A02"}


def test_headers_are_not_counted_among_the_codes_that_are_valid(
    tmp_path: Path, cptdiff: Run
) -> None:
    path = tmp_path / "icd10cm_order_2025.txt"
    many = [f"B{number:02}|1|Widget {number}" for number in range(40)]
    path.write_bytes(order("A01|0|Widget", "A011|1|Bent widget", *many).encode())
    done = cptdiff("history", path, "--as-of", "2025-01-01")
    assert "ICD-10-CM FY2025: 41 billable codes (icd10cm_order_2025.txt)" in done.stdout
    assert "valid on 2025-01-01: 41 billable codes" in done.stdout


def test_the_life_of_a_code_is_told_with_what_changed_in_its_wording(
    releases: list[str], cptdiff: Run
) -> None:
    done = cptdiff("show", "a02", *releases, "--as-of", "2026-01-01")
    assert (done.returncode, done.stdout.splitlines()) == (0, [
        "A02 on 2026-01-01: valid",
        "A02 is valid in the latest release, ICD-10-CM FY2027 (2026-10-01); no end is",
        "    stated.",
        "valid from 2024-10-01 on",
        "  start: in the first release read, ICD-10-CM FY2025; it may be older",
        "  2024-10-01  Rusty widget",
        "  2025-10-01  Rusty {+or dusty +}widget",
        "  end: no end stated",
    ])  # fmt: skip
    gone = cptdiff("show", "A01", *releases, "--as-of", "2026-01-01").stdout
    assert gone.startswith("A01 on 2026-01-01: not valid: between two spells")


def test_a_code_that_no_release_has_is_refused_with_the_nearest_one(
    releases: list[str], cptdiff: Run
) -> None:
    done = cptdiff("show", "A04", *releases)
    assert done.returncode == 2
    assert "E381" in done.stderr
    assert "did you mean A0" in done.stderr


def test_two_releases_of_one_day_ask_for_a_date(
    releases: list[str], tmp_path: Path, cptdiff: Run
) -> None:
    (tmp_path / "april").mkdir()
    april = tmp_path / "april" / "order_2026_april.txt"
    text = Path(releases[1]).read_text()
    april.write_bytes((text + order("Z99|1|Late widget").replace("00001", "00042")).encode())
    with_name = april.rename(april.with_name("icd10cm_order_2026.txt"))
    done = cptdiff("history", *releases, with_name)
    assert done.returncode == 2
    assert "E380" in done.stderr
    assert "--date icd10cm_order_2026.txt=YYYY-MM-DD" in done.stderr


def test_two_folders_of_one_day_with_other_content_are_not_taken_for_one(
    releases: list[str], tmp_path: Path, cptdiff: Run, make: Make
) -> None:
    """A folder has no digest of its own that could be the same."""
    text = Path(releases[1]).read_text()
    more = text + order("Z99|1|Late widget").replace("00001", "00042")
    one, other = (
        make(tmp_path / name / "icd10cm-2026", {"icd10cm_order_2026.txt": content})
        for name, content in (("one", text), ("other", more))
    )
    done = cptdiff("history", one, other)
    assert (done.returncode, "E380" in done.stderr) == (2, True)


def test_a_stated_date_wins_and_closes_the_clash(
    releases: list[str], tmp_path: Path, cptdiff: Run
) -> None:
    (tmp_path / "april").mkdir()
    april = tmp_path / "april" / "icd10cm_april_order_2026.txt"
    text = Path(releases[1]).read_text()
    april.write_bytes((text + order("Z99|1|Late widget").replace("00001", "00042")).encode())
    folder = april.parent / "icd10cm-april-2026"
    folder.mkdir()
    april.rename(folder / "icd10cm_order_2026.txt")
    done = cptdiff("history", *releases, folder, "--date", f"{folder.name}=2026-04-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 releases" in done.stdout


def pack(path: Path, release: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(release, Path(release).name)
    return path


def test_a_folder_of_releases_may_have_folders(
    releases: list[str], tmp_path: Path, cptdiff: Run
) -> None:
    shelf = tmp_path / "shelf"
    pack(shelf / "icd" / "2025" / "a.zip", releases[0])
    pack(shelf / "icd" / "b.ZIP", releases[1])
    plain = shelf / "icd" / "2027"
    plain.mkdir()
    shutil.copy(releases[2], plain)
    done = cptdiff("history", shelf)
    assert (done.returncode, done.stderr) == (0, "")
    assert "ICD-10-CM: 3 releases, 2024-10-01 to 2026-10-01" in done.stdout
    # A release that has a zip deeper inside is a release all the same.
    pack(plain / "more" / "c.zip", releases[0])
    assert "ICD-10-CM: 1 release, 2026-10-01" in cptdiff("history", plain).stdout


def test_a_date_is_of_the_file_at_its_path(
    releases: list[str], tmp_path: Path, cptdiff: Run
) -> None:
    for year, release in zip((2025, 2026), releases, strict=False):
        pack(tmp_path / "shelf" / str(year) / "codes.zip", release)
    shelf = tmp_path / "shelf"
    days = ("--date", f"{shelf}/2025/codes.zip=2025-01-01", "--date", "2026/codes.zip=2026-01-01")
    assert "2 releases, 2025-01-01 to 2026-01-01" in cptdiff("history", shelf, *days).stdout
    both = cptdiff("history", shelf, "--date", "codes.zip=2025-01-01", *days[2:])
    assert "2 releases, 2025-01-01 to 2026-01-01" in both.stdout
    other = cptdiff("history", shelf, "--date", "2027/codes.zip=2026-01-01")
    assert "2027/codes.zip is none of the releases" in other.stderr


def test_a_date_for_a_file_that_is_not_there_is_refused(releases: list[str], cptdiff: Run) -> None:
    done = cptdiff("history", *releases, "--date", "other.txt=2026-01-01")
    assert done.returncode == 2
    assert "other.txt is none of the releases" in done.stderr


def test_the_same_release_twice_is_read_once_and_told(
    releases: list[str], tmp_path: Path, cptdiff: Run
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    copy = shutil.copy(releases[0], copies / "icd10cm_order_2025.txt")
    done = cptdiff("history", *releases, copy)
    assert done.returncode == 0
    assert "is icd10cm_order_2025.txt again and was passed over" in done.stdout


def test_a_missing_year_is_told(releases: list[str], cptdiff: Run) -> None:
    done = cptdiff("history", releases[0], releases[2])
    text = " ".join(done.stdout.split())
    assert "not covered: no release between 2024-10-01" in text


def test_releases_of_two_code_sets_are_refused(
    releases: list[str], samples: Path, cptdiff: Run
) -> None:
    done = cptdiff("history", releases[0], samples / "cpt-2026-legacy.zip")
    assert done.returncode == 2
    assert "E303" in done.stderr


def test_an_output_in_another_form_is_refused_before_anything_is_read(cptdiff: Run) -> None:
    done = cptdiff("history", "nothing.zip", "-o", "timeline.docx")
    assert done.returncode == 2
    assert "end it in .csv or .parquet" in done.stderr


def test_the_samples_have_a_history(samples: Path, cptdiff: Run) -> None:
    done = cptdiff(
        "history", samples / "cpt-2026-legacy.zip", samples / "cpt-2027-legacy.zip", "-o", "-"
    )
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("code_set,kind,code,spell,valid_from,valid_to,began,ended")
    found = [row for row in csv.DictReader(lines) if row["kind"] == "code"]
    # Nothing is counted here that the comparison does not count (sample_releases/README.md).
    assert sum(row["first_release"] == "CPT 2027" for row in found) == 206
    assert sum(row["last_release"] == "CPT 2026" for row in found) == 54


def test_what_changed_while_no_release_is_read_is_not_listed_as_valid_on_a_day_between(
    releases: list[str], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    # FY2025 covers a year; A02 is in it and in FY2028, A01 not in that one, A03 first there.
    late = tmp_path / "icd10cm_order_2028.txt"
    many = [f"B{number:02}|1|Widget {number}" for number in range(40)]
    late.write_bytes(order("A02|1|Rusty widget", "A03|1|Bent widget", *many).encode())
    given = (releases[0], late, "-o", tmp_path / "valid.csv", "--as-of")
    listed = {}
    for day in ("2025-09-27", "2026-06-30", "2027-10-01"):
        done = cptdiff("history", *given, day)
        assert done.returncode == 0
        codes = {row["code"] for row in rows(tmp_path / "valid.csv")}
        listed[day] = (sorted(codes & {"A01", "A02", "A03"}), "not known" in done.stdout)
    assert listed == {
        "2025-09-27": (["A01", "A02"], False),
        "2026-06-30": (["A02"], True),
        "2027-10-01": (["A02", "A03"], False),
    }
    done = cptdiff("history", *given, "2026-06-30", "-o", tmp_path / "history.html")
    told = "2 codes that changed with no release from 2025-10-01 to 2027-09-30"
    assert f"not known, and left out: {told}" in " ".join(done.stdout.split())
    assert f"Not known: {told}." in (tmp_path / "history.html").read_text()
    shown = {
        day: cptdiff("show", "A01", releases[0], late, "--as-of", day).stdout.split("\n")[0]
        for day in ("2025-09-27", "2026-06-30")
    }
    assert shown["2025-09-27"] == "A01 on 2025-09-27: valid"
    assert shown["2026-06-30"].startswith("A01 on 2026-06-30: not known: it changed between")


def test_a_name_that_ends_in_wide_is_the_wide_form(
    releases: list[str], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    names = ("icd10cm-wide.csv", "Wide.csv", "worldwide.csv")
    done = cptdiff("history", *releases, *(x for name in names for x in ("-o", tmp_path / name)))
    assert done.returncode == 0
    assert ["f1" in rows(tmp_path / name)[0] for name in names] == [True, True, False]


def test_dates_beside_names_in_the_library_alone_are_refused(
    releases: list[str], tmp_path: Path, cptdiff: Run
) -> None:
    library = ("--library", tmp_path / "library")
    assert cptdiff("library", "add", releases[0], *library).returncode == 0
    dated = ("--date", "icd10cm_order_2025.txt=2024-10-01", *library)
    for given in (("icd10cm@2025",), ()):
        done = cptdiff("history", *given, *dated)
        assert done.returncode == 2
        assert "--date: is for files, not for releases in the library. Fix: " in done.stderr
