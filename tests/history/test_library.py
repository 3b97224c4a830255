"""`cptdiff library`: releases that are kept, called by name, and never stale."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.history.test_commands import order

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
Make = Callable[..., Path]
MANY = [f"B{number:02}|1|Widget {number}" for number in range(40)]
# By the year of the file: what it has beside MANY.
YEARS = {
    2025: ["A01|1|Dented widget", "A02|1|Rusty widget"],
    2026: ["A02|1|Rusty or dusty widget"],
    2027: ["A01|1|Dented widget", "A02|1|Rusty or dusty widget", "A03|1|Bent widget"],
}


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name the folder of a library that does not exist yet, as the environment does."""
    folder = tmp_path / "library"
    monkeypatch.setenv("CPTDIFF_LIBRARY", str(folder))
    return folder


@pytest.fixture
def files(tmp_path: Path, make: Make) -> list[Path]:
    """Write three years of ICD-10-CM."""
    return [
        make(tmp_path / f"icd10cm_order_{year}.txt", order(*entries, *MANY))
        for year, entries in YEARS.items()
    ]


@pytest.fixture
def repost(tmp_path: Path, make: Make) -> Path:
    """Write FY2026 again, with one code more."""
    text = order(*YEARS[2026], *MANY, "Z99|1|Late widget")
    return make(tmp_path / "again" / "icd10cm_order_2026.txt", text)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def test_a_history_from_the_library_is_that_of_the_files(
    library: Path, files: list[Path], tmp_path: Path, cptdiff: Run
) -> None:
    added = cptdiff("library", "add", *files)
    assert added.returncode == 0
    assert added.stdout.splitlines()[0] == (
        "icd10cm@2024-10-01: ICD-10-CM FY2025, 42 codes, from icd10cm_order_2025.txt"
    )
    assert added.stderr == f"cptdiff: the library is {library}\n"
    assert cptdiff("history", *files, "-o", tmp_path / "files.csv").returncode == 0
    assert cptdiff("history", "-o", tmp_path / "all.csv").returncode == 0
    names = ("icd10cm@2025", "ICD-10-CM@2025-10", "icd10cm@2026-10-01")
    assert cptdiff("history", *names, "-o", tmp_path / "named.csv").returncode == 0
    texts = {name: (tmp_path / f"{name}.csv").read_bytes() for name in ("files", "all", "named")}
    assert texts["files"] == texts["all"] == texts["named"]
    mixed = cptdiff("history", "icd10cm@2025", *files[1:])
    assert "3 releases, 2024-10-01 to 2026-10-01" in mixed.stdout


def test_the_life_of_a_code_needs_no_file(library: Path, files: list[Path], cptdiff: Run) -> None:
    cptdiff("library", "add", *files, "--library", library.parent / "other")
    done = cptdiff("show", "a02", "--library", library.parent / "other")
    assert (done.returncode, done.stdout) == (0, cptdiff("show", "A02", *files).stdout)


def test_a_code_of_two_code_sets_asks_which_one(
    files: list[Path], samples: Path, cptdiff: Run, rows: Rows, tmp_path: Path
) -> None:
    hcpcs = samples / "hcpcs-2026-january.zip"
    cptdiff("history", hcpcs, "-o", tmp_path / "hcpcs.csv")
    code = next(row["code"] for row in rows(tmp_path / "hcpcs.csv") if row["kind"] == "code")
    text = order(*YEARS[2025], *MANY, f"{code}|1|Widget with a code of another set")
    files[0].write_text(text)
    cptdiff("library", "add", *files, hcpcs)
    assert "first seen in ICD-10-CM FY2027" in cptdiff("show", "A03").stdout
    both = cptdiff("show", code)
    assert both.returncode == 2
    assert f"{code}: is a code of HCPCS Level II and ICD-10-CM" in both.stderr
    assert cptdiff("show", code, "--code-set", "hcpcs").returncode == 0
    assert "E381" in cptdiff("show", "ZZ999").stderr


def test_what_is_kept_is_the_same_each_time_and_the_same_bytes_change_nothing(
    library: Path, files: list[Path], cptdiff: Run
) -> None:
    cptdiff("library", "add", *files)
    before = tree(library)
    again = cptdiff("library", "add", *reversed(files), "icd10cm@2026")
    assert again.returncode == 0
    told = " ".join(again.stdout.split())
    assert told.count("is kept already; nothing was changed") == 4
    assert tree(library) == before
    cptdiff("library", "add", *reversed(files), "--library", library.parent / "other")
    assert tree(library.parent / "other") == before


def test_the_list_names_each_release(library: Path, files: list[Path], cptdiff: Run) -> None:
    cptdiff("library", "add", *files[:2])
    lines = cptdiff("library", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["icd10cm@2024-10-01", "icd10cm@2025-10-01"]
    assert lines[2] == f"2 releases in {library}"
    assert max(map(len, lines[:2])) <= 80
    found = json.loads(cptdiff("library", "list", "--json").stdout)
    assert [one["file"] for one in found] == [file.name for file in files[:2]]
    assert [Path(one["path"]).read_bytes() for one in found] == [
        file.read_bytes() for file in files[:2]
    ]


def test_a_release_posted_again_is_kept_beside_the_first_and_told(
    files: list[Path], repost: Path, cptdiff: Run
) -> None:
    cptdiff("library", "add", *files)
    added = " ".join(cptdiff("library", "add", repost).stdout.split())
    listed = cptdiff("library", "list").stdout
    first, second = (line.split()[0] for line in listed.splitlines() if "2025-10-01#" in line)
    assert f"icd10cm@2025-10-01 now means #{second[-12:]}; still kept: {first}" in added
    told = " ".join(cptdiff("history").stdout.split())
    assert "2025-10-01 ICD-10-CM FY2026: 42 codes" in told
    assert f"#{second[-12:]}, which was added last; also kept: #{first[-12:]}" in told
    named = cptdiff("history", "icd10cm@2025", first[:-4], "icd10cm@2027").stdout
    assert "2025-10-01  ICD-10-CM FY2026: 41 codes" in named
    assert "added last" not in named


def test_a_release_is_removed_by_a_name_that_leaves_no_doubt(
    library: Path, files: list[Path], repost: Path, cptdiff: Run
) -> None:
    cptdiff("library", "add", *files, repost)
    before = tree(library)
    doubtful = cptdiff("library", "remove", "icd10cm@2026")
    assert (doubtful.returncode, "E383" in doubtful.stderr) == (2, True)
    assert tree(library) == before
    digest = hashlib.sha256(repost.read_bytes()).hexdigest()[:12]
    name = f"icd10cm@2025-10-01#{digest}"
    assert name in doubtful.stderr
    assert cptdiff("library", "remove", name).returncode == 0
    gone = {path for path in before if digest in path}
    assert len(gone) == 4
    assert tree(library) == {path: data for path, data in before.items() if path not in gone}
    assert "2025-10-01  ICD-10-CM FY2026: 41 codes" in cptdiff("history").stdout


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("icd10cm@2024", "is not in"),
        ("icd10cm@2024", "which has icd10cm@2024-10-01, icd10cm@2025-10-01"),
        ("icd10pcs@2026", "which has no release of ICD-10-PCS"),
        ("icd10cm@latest", "is not the name of a release in a library"),
        ("icd10cm@2026#", "is not the name of a release in a library"),
        ("icd10cm@2026-13", "is not in"),
        ("icd10cm@2026#00", "is not in"),
    ],
)
def test_a_name_that_no_release_has_is_refused_with_those_there_are(
    files: list[Path], cptdiff: Run, word: str, told: str
) -> None:
    cptdiff("library", "add", *files)
    done = cptdiff("history", word)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "E383" in done.stderr
    assert told in done.stderr


def test_a_year_with_several_releases_asks_which_one(
    files: list[Path], repost: Path, cptdiff: Run
) -> None:
    cptdiff("library", "add", *files)
    cptdiff("library", "add", repost, "--date", f"{repost.name}=2026-04-01")
    done = cptdiff("history", "icd10cm@2026")
    assert done.returncode == 2
    assert "may be icd10cm@2025-10-01, icd10cm@2026-04-01. Fix: name one" in done.stderr
    assert "2026-04-01" in cptdiff("history", "icd10cm@2026-04").stdout


def test_a_file_that_is_called_like_a_release_is_that_file(
    files: list[Path], samples: Path, tmp_path: Path,
    cptdiff: Run, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    cptdiff("library", "add", *files)
    shutil.copy(samples / "hcpcs-2026-january.zip", "hcpcs@2026")
    assert "HCPCS 2026 January" in cptdiff("history", "hcpcs@2026").stdout


def test_a_library_that_is_not_there_is_told_in_one_line(library: Path, cptdiff: Run) -> None:
    for words in (("library", "list"), ("history",), ("show", "A01"), ("history", "icd10cm@2026")):
        done = cptdiff(*words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert f"error[E382]: {library}: is not a library of releases" in done.stderr
    assert not library.exists()


def test_a_folder_with_other_files_does_not_become_a_library(
    library: Path, files: list[Path], cptdiff: Run
) -> None:
    done = cptdiff("library", "add", files[0], "--library", files[0].parent)
    assert (done.returncode, "has other files and is no library" in done.stderr) == (2, True)
    assert not (files[0].parent / "library.json").exists()
    assert not library.exists()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda one: (one / "records.parquet").write_bytes(b"PAR1 not any more PAR1"), "records"),
        (lambda one: (one / "links.parquet").unlink(), "links.parquet is not as it was written"),
        (lambda one: (one / "release.json").write_text("{"), "its release.json is damaged"),
        (lambda one: (one / "release.json").write_text("[]"), "its release.json is damaged"),
        (lambda one: (one / "release.json").unlink(), "cannot be read"),
        (lambda one: (one.parents[1] / "library.json").write_text(""), "library.json: is damaged"),
        (
            lambda one: (one.parents[1] / "library.json").write_text('{"cptdiff_library": 2}'),
            "has the form 2, which this version of cptdiff does not know",
        ),
    ],
)
def test_damage_is_told_in_one_line_and_nothing_stale_is_served(
    library: Path, files: list[Path], cptdiff: Run, damage: Callable[[Path], None], told: str
) -> None:
    cptdiff("library", "add", *files)
    damage(next(library.glob("icd10cm/2025-10-01-*")))
    done = cptdiff("history")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "error[E382]" in done.stderr
    assert told in done.stderr


def test_what_file_managers_put_into_it_is_passed_over(
    library: Path, files: list[Path], cptdiff: Run, make: Make
) -> None:
    assert cptdiff("library", "add", files[0]).returncode == 0
    before = cptdiff("library", "list").stdout
    (library / "icd10cm" / "@eaDir").mkdir()
    make(library / "icd10cm" / "Thumbs.db", "x")
    make(library / "@eaDir" / "icd10cm@SynoEAStream", "x")
    done = cptdiff("library", "list")
    assert (done.returncode, done.stdout) == (0, before)


def test_what_is_no_file_by_itself_cannot_be_kept(
    library: Path, samples: Path, files: list[Path], cptdiff: Run
) -> None:
    path = samples / "icd10cm-2026.zip"
    with zipfile.ZipFile(path) as archive:
        inner = path / next(name for name in archive.namelist() if "order" in name)
    done = cptdiff("library", "add", inner, "--date", f"{inner.name}=2025-10-01")
    assert (done.returncode, "is not a file by itself" in done.stderr) == (2, True)
    done = cptdiff("library", "add", files[0], "--library", files[1])
    assert (done.returncode, "is a file. Fix: name a folder" in done.stderr) == (2, True)
    assert not library.exists()


def test_what_another_version_read_is_read_again(
    library: Path, files: list[Path], tmp_path: Path, cptdiff: Run
) -> None:
    cptdiff("library", "add", *files)
    before = tree(library)
    folder = next(library.glob("icd10cm/2025-10-01-*"))
    said = json.loads((folder / "release.json").read_text())
    version, said["read_by"] = said["read_by"], "0.0.1"
    (folder / "release.json").write_text(json.dumps(said))
    # What that version made of it is not even looked at.
    (folder / "records.parquet").write_bytes(b"")
    done = cptdiff("history", "-o", tmp_path / "again.csv")
    assert done.returncode == 0
    assert "was read by cptdiff 0.0.1 and is read again" in " ".join(done.stdout.split())
    cptdiff("history", *files, "-o", tmp_path / "files.csv")
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "files.csv").read_bytes()
    told = cptdiff("library", "add", files[1]).stdout
    assert "is kept already, and was read again" in " ".join(told.split())
    assert json.loads((folder / "release.json").read_text())["read_by"] == version
    assert tree(library) == before


def test_a_folder_is_kept_with_its_files(
    files: list[Path], tmp_path: Path, cptdiff: Run, make: Make
) -> None:
    folder = make(tmp_path / "icd10cm-2026", {
        "icd10cm_order_2026.txt": files[1].read_bytes(), "more": {"readme.txt": "Widgets"},
    })  # fmt: skip
    assert cptdiff("library", "add", folder).returncode == 0
    (one,) = json.loads(cptdiff("library", "list", "--json").stdout)
    assert tree(Path(one["path"])) == tree(folder)
    assert "41 codes (icd10cm-2026)" in cptdiff("history").stdout


@pytest.fixture
def hcpcs(samples: Path, cptdiff: Run) -> list[Path]:
    """Keep two years of HCPCS."""
    files = [samples / f"hcpcs-{year}-january.zip" for year in (2026, 2027)]
    cptdiff("library", "add", *files)
    return files


def test_a_comparison_by_names_is_that_of_the_files(
    hcpcs: list[Path], tmp_path: Path, cptdiff: Run
) -> None:
    for words, out in ((hcpcs, "files"), (("hcpcs@2026", "HCPCS@2027-01"), "names")):
        assert cptdiff("diff", *words, "-o", tmp_path / out).returncode in {0, 3}
    assert tree(tmp_path / "files") == tree(tmp_path / "names")
    read = [cptdiff("inspect", word).stdout for word in (hcpcs[0], "hcpcs@2026")]
    assert read[0] == read[1] != ""
    pair = ("--against", "hcpcs@2026", "hcpcs@2027")
    assert cptdiff("verify", tmp_path / "files", *pair).returncode == 0
    done = cptdiff("diff", "hcpcs@2026", "hcpcs@2028")
    assert (done.returncode, "E383" in done.stderr) == (2, True)


def test_the_impact_by_names_is_that_of_the_files(
    hcpcs: list[Path], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    cptdiff("diff", *hcpcs, "-o", tmp_path / "changes.csv")
    codes = [row["code"] for row in rows(tmp_path / "changes.csv") if row["kind"] == "code"]
    (tmp_path / "list.csv").write_text("\n".join(["code", *codes]) + "\n")
    pairs = {"files": f"{hcpcs[0]}:{hcpcs[1]}", "names": "hcpcs@2026:hcpcs@2027"}
    for name, run in pairs.items():
        out = tmp_path / name / "impact.csv"
        out.parent.mkdir()
        assert cptdiff("impact", run, "--list", tmp_path / "list.csv", "-o", out).returncode == 0
    assert rows(tmp_path / "files" / "impact.csv") == rows(tmp_path / "names" / "impact.csv") != []


@pytest.mark.parametrize(
    "inputs",
    [
        'previous = "hcpcs@2026"\ncurrent = "hcpcs@2027"',
        'releases = ["hcpcs@2027", "hcpcs@2026"]\ncode_set = "hcpcs"',
    ],
)
@pytest.mark.usefixtures("hcpcs")
def test_a_job_compares_releases_by_name(inputs: str, tmp_path: Path, process: Run) -> None:
    jobs = tmp_path / "jobs" / "jobs.toml"
    jobs.parent.mkdir()
    jobs.write_text(f"[jobs.h]\n{inputs}\n")
    done = process("-m", "cptdiff", "run", "--config", str(jobs), "--dry-run")
    assert "HCPCS 2026 January to HCPCS 2027 January: " in done.stderr
    assert "error" not in done.stderr


def test_claims_are_judged_by_the_library(
    hcpcs: list[Path], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    cptdiff("history", *hcpcs, "-o", tmp_path / "timeline.csv")
    ended = [row for row in rows(tmp_path / "timeline.csv") if row["valid_to"] < "2026-12-31"]
    lines = [f"{row['code']},2026-12-31" for row in ended if row["kind"] == "code"]
    (tmp_path / "claims.csv").write_text("\n".join(["hcpcs,dos", *lines]) + "\n")
    choices: dict[str, Sequence[str | Path]] = {
        "files": [word for file in hcpcs for word in ("--release", file)],
        "names": ["--release", "hcpcs@2026", "--release", "hcpcs@2027"],
        "all": [],
        "folder": ["--library", tmp_path / "library"],
    }
    found = {}
    for name, words in choices.items():
        out = tmp_path / f"{name}.csv"
        assert cptdiff("claims", tmp_path / "claims.csv", *words, "-o", out).returncode == 0
        found[name] = out.read_bytes()
    assert rows(tmp_path / "files.csv")
    assert found["files"] == found["names"] == found["all"] == found["folder"]
    both = ("--timeline", tmp_path / "timeline.csv", "--library", tmp_path / "library")
    done = cptdiff("claims", tmp_path / "claims.csv", *both)
    assert (done.returncode, "as the releases have" in done.stderr) == (2, True)


def test_a_comparison_tells_that_a_date_was_stated_or_bytes_were_posted_again(
    files: list[Path], repost: Path, cptdiff: Run
) -> None:
    cptdiff("library", "add", *files, repost)
    told = cptdiff("inspect", "icd10cm@2026")
    assert "cptdiff: note: icd10cm@2025-10-01 is icd10cm_order_2026.txt #" in told.stderr
    assert "codes" in told.stdout
    twice = cptdiff("library", "add", repost, "--date", f"{repost.name}=2026-04-01").stdout
    assert "the same bytes are kept as icd10cm@2025-10-01 too" in " ".join(twice.split())
    told = cptdiff("inspect", "icd10cm@2026-04")
    assert "2026-04-01 was stated for icd10cm_order_2026.txt: state it again" in told.stderr


def test_addenda_beside_a_release_are_kept_with_it(
    files: list[Path], tmp_path: Path, cptdiff: Run, make: Make
) -> None:
    addenda = make(tmp_path / "icd10cm_order_addenda_2026.txt", "Delete: A01     Dented widget\r\n")
    cptdiff("library", "add", *files)
    found = json.loads(cptdiff("library", "list", "--json").stdout)
    kept = [Path(one["path"]).parent / addenda.name for one in found]
    assert [path.is_file() for path in kept] == [False, True, False]
    assert kept[1].read_bytes() == addenda.read_bytes()


def test_twenty_runs_at_once_and_one_that_is_killed_leave_it_whole(
    library: Path, tmp_path: Path, cptdiff: Run, make: Make
) -> None:
    """Each release is added by several runs; some are killed while they work."""
    files = [
        make(tmp_path / f"icd10cm_order_{year}.txt", order(*YEARS[2026], *MANY, "Z99|1|Late"))
        for year in range(2020, 2025)
    ]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "cptdiff", "library", "add", str(file)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        )
        for file in files * 4
    ]  # fmt: skip
    victims = runs[:3]
    time.sleep(1)
    for run in victims:
        os.killpg(run.pid, signal.SIGKILL)
    errors = [run.communicate(timeout=300)[1].decode() for run in runs]
    assert [error for run, error in zip(runs, errors, strict=True)
            if run not in victims and run.returncode] == []  # fmt: skip
    done = cptdiff("history")
    assert (done.returncode, "5 releases, 2019-10-01 to 2023-10-01" in done.stdout) == (0, True)
    assert cptdiff("library", "add", *files).returncode == 0
    assert not [path for path in library.rglob(".*") if path.name.endswith((".new", ".old"))]
