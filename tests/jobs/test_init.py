"""`cptdiff init`: a first file of jobs for the releases in a folder."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.jobs.made import name_folders, write_cpt, write_hcpcs, write_icd

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def releases(desk: Path) -> Path:
    """Lay out releases as people keep them: some side by side, some in folders of their own."""
    home = desk / "releases"
    write_cpt(home / "cpt-2026.zip", 2026, range(100, 220))
    write_cpt(home / "cpt-2027.zip", 2027, range(101, 221))
    write_hcpcs(home / "hcpcs" / "2026.zip", 2026, "OCT", range(100, 220))
    write_hcpcs(home / "hcpcs" / "2027.zip", 2027, "JAN", range(101, 222))
    write_icd(home / "icd" / "2027.zip", 2027, 10, 131)
    return home


@pytest.mark.usefixtures("releases")
def test_the_first_file_runs_as_it_is(cptdiff: Run, desk: Path) -> None:
    done = cptdiff("init", "releases")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (0, "", 1), done.stderr
    assert "wrote cptdiff.toml with the jobs cpt, hcpcs; its comments say what" in done.stderr
    assert " decide for icd10cm. Next, run: cptdiff run --dry-run\n" in done.stderr
    text = (desk / "cptdiff.toml").read_text("utf-8")
    jobs = tomllib.loads(text)["jobs"]
    assert {name: job["releases"] for name, job in jobs.items()} == {
        "cpt": "releases", "hcpcs": "releases/hcpcs",
    }  # fmt: skip
    assert (
        "## CPT 2026 (2026-01-01): cpt-2026.zip\n## CPT 2027 (2027-01-01): cpt-2027.zip\n" in text
    )
    assert "## Not ready: releases/icd: has only 2027.zip of this code set" in text
    assert all(line.isprintable() and len(line) <= 100 for line in text.splitlines())
    done = cptdiff("run")
    assert done.returncode == 0, done.stderr
    assert name_folders(desk / "reports") == ["cpt/2027-01-01", "hcpcs/2027-01-01"]


def test_what_needs_a_decision_runs_once_it_is_made(
    cptdiff: Run, desk: Path, releases: Path
) -> None:
    write_cpt(releases / "cpt-other.zip", 2027, range(101, 222))
    done = cptdiff("init", "releases")
    assert "decide for cpt, icd10cm. Next" in done.stderr
    config = desk / "cptdiff.toml"
    lines = config.read_text("utf-8").splitlines()
    start = lines.index("# [jobs.cpt]")
    assert "## Not ready: releases: cpt-2027.zip, cpt-other.zip are both CPT 2027." in lines[:start]
    assert lines[start - 3 : start] == [
        "## Remove the # from [jobs.cpt] down to ], and delete the files between them that the job",
        '## should not use. The list is fixed: with a pattern such as "cpt*.zip" the job takes',
        "## new releases too.",
    ]
    for at in range(start, lines.index("# ]", start) + 1):
        lines[at] = lines[at].removeprefix("# ")
    lines.remove('  "releases/cpt-other.zip",')
    config.write_text("\n".join(lines), "utf-8")
    done = cptdiff("run", "--job", "cpt")
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("releases")
def test_a_file_that_exists_is_never_replaced(cptdiff: Run, desk: Path) -> None:
    (desk / "cptdiff.toml").write_text("mine", "utf-8")
    done = cptdiff("init", "releases")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "error[E363]: cptdiff.toml: already exists; nothing was changed. Fix: " in done.stderr
    assert (desk / "cptdiff.toml").read_text("utf-8") == "mine"
    assert cptdiff("init", "releases", "--config", "other.toml").returncode == 0
    assert cptdiff("run", "--config", "other.toml").returncode == 0


@pytest.mark.parametrize(
    ("folder", "words"),
    [(".", "has no release that cptdiff recognizes"), ("x", "cannot be read (No such file")],
)
def test_without_releases_the_message_asks_for_their_folder(
    cptdiff: Run, desk: Path, folder: str, words: str
) -> None:
    (desk / "notes.txt").write_text("no release", "utf-8")
    done = cptdiff("init", folder)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"error[E363]: {folder}: {words}" in done.stderr
    assert "cptdiff init FOLDER" in done.stderr
    assert [path.name for path in desk.iterdir()] == ["notes.txt"]


@pytest.mark.usefixtures("releases")
def test_paths_are_those_of_the_folder_of_the_file(cptdiff: Run, desk: Path) -> None:
    (desk / "etc").mkdir()
    assert cptdiff("init", "releases", "--config", "etc/jobs.toml").returncode == 0
    jobs = tomllib.loads((desk / "etc" / "jobs.toml").read_text("utf-8"))["jobs"]
    assert jobs["cpt"]["releases"] == "../releases"
    done = cptdiff("run", "--config", "etc/jobs.toml")
    assert done.returncode == 0, done.stderr
    assert name_folders(desk / "etc" / "reports") == ["cpt/2027-01-01", "hcpcs/2027-01-01"]


def test_an_unpacked_release_counts_as_a_folder(cptdiff: Run, desk: Path) -> None:
    for year in (2026, 2027):
        folder = desk / "all" / f"CPT {year}"
        folder.mkdir(parents=True)
        (folder / "LONGULT.txt").write_text(f"00100\tMade-up {year}\r\n00101\tSame\r\n", "utf-8")
    done = cptdiff("init", "all")
    assert "with the job cpt." in done.stderr, done.stderr
    assert cptdiff("run", "--allow", "revised-share").returncode in {0, 3}


@pytest.mark.usefixtures("releases")
def test_all_but_the_explanations_are_settings_behind_one_number_sign(
    cptdiff: Run, desk: Path
) -> None:
    assert cptdiff("init", "releases").returncode == 0
    lines = (desk / "cptdiff.toml").read_text("utf-8").splitlines()
    told = [line for line in lines if line.startswith("##")]
    settings = [line.removeprefix("# ") for line in lines if line not in told]
    jobs = tomllib.loads("\n".join(settings))["jobs"]
    assert [*jobs] == ["cpt", "hcpcs", "icd10cm", "chargemaster"]
    assert all(line.startswith("## ") for line in told)
