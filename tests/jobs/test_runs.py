"""`cptdiff run` as a command: the bytes, every exit code, other runs, disks and signals."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.output.targets import lock
from tests.guards.made import rows
from tests.hostile.runs import COMMAND, SLOWLY, ended, is_whole, litter, started, wait_for_writing
from tests.hostile.test_claims import PLAIN_USER
from tests.jobs.conftest import Write
from tests.jobs.made import look, write_zip

Run = Callable[..., CompletedProcess[str]]
Tables = tuple[str, str, str, str]
FOLDER = "reports/fees/current"


def read_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def run_apart(*words: str, command: tuple[str, ...] = COMMAND) -> CompletedProcess[str]:
    """Run the command in its own process, where each job has one too."""
    return subprocess.run([*command, *words], capture_output=True, text=True, check=False)


def add_job(config: Path, name: str, previous: str, current: str, more: str = "") -> None:
    """Add a job that compares two tables."""
    text = f"[jobs.{name}]\ncode_set = 'table'\nprevious = '{previous}'\ncurrent = '{current}'\n"
    config.write_text(f"{config.read_text('utf-8')}{text}{more}", "utf-8")


@pytest.fixture
def same(desk: Path) -> str:
    """Write a table that is the same in both releases but for its order."""
    (desk / "b.csv").write_text("code,text\nB1,One\nB2,Two\n", "utf-8")
    (desk / "c.csv").write_text("code,text\nB2,Two\nB1,One\n", "utf-8")
    return str(desk / "b.csv")


def test_a_run_folder_has_the_bytes_that_diff_writes_but_for_the_origins_of_options(
    cptdiff: Run, desk: Path, job: Path, tables: Tables
) -> None:
    more = "min_severity = 'low'\ndescriptors = 'short'\nexcel = true\nexpect = { added = 1 }\n"
    job.write_text(f"{job.read_text('utf-8')}{more}", "utf-8")
    words = ("--min-severity", "low", "--descriptors", "short", "--excel", "--expect", "added=1")
    assert cptdiff("diff", *tables, *words, "-o", desk / "by-hand").returncode == 0
    done = cptdiff("run")
    assert done.returncode == 0, done.stderr
    by_hand, by_job = read_bytes(desk / "by-hand"), read_bytes(desk / FOLDER)
    origins = []
    for files in (by_hand, by_job):
        manifest = json.loads(files.pop("manifest.json"))
        origins.append(manifest["predicate"].pop("origins"))
        files["the rest of it"] = json.dumps(manifest).encode()
        # It has the digest of the manifest.
        files["summary.txt"] = files["summary.txt"].rpartition(b"SHA-256")[0]
    assert by_hand == by_job
    assert set(origins[0].values()) == {"flag", "default"}
    chosen = {name: "config" if said == "flag" else said for name, said in origins[0].items()}
    assert origins[1] == chosen
    assert cptdiff("verify", desk / FOLDER, "--against", *tables[:2]).returncode == 0


@pytest.mark.usefixtures("job")
def test_a_job_that_was_run_by_hand_into_its_folder_is_up_to_date(
    cptdiff: Run, desk: Path, tables: Tables
) -> None:
    (desk / "reports" / "fees").mkdir(parents=True)
    assert cptdiff("diff", *tables, "--stamp", "2027-01-05", "-o", desk / FOLDER).returncode == 0
    before = look(desk)
    done = cptdiff("run")
    assert (done.returncode, ": up to date: " in done.stderr) == (0, True), done.stderr
    assert look(desk) == before


@pytest.mark.parametrize(
    ("words", "why"),
    [(("--descriptors", "none"), "made with other options"), ((), "changed after it was written")],
)
@pytest.mark.usefixtures("job")
def test_other_options_or_a_changed_folder_make_a_new_folder_and_the_line_says_why(
    cptdiff: Run, desk: Path, words: tuple[str, ...], why: str
) -> None:
    assert cptdiff("run").returncode == 0
    if not words:
        (desk / FOLDER / "changes.csv").write_text("changed\n", "utf-8")
    before = look(desk)
    done = cptdiff("run", *words)
    assert f"wrote {FOLDER}-2 (SHA-256" in done.stderr
    assert f" beside {FOLDER}, {why}\n" in done.stderr
    assert {name: look(desk).get(name) for name in before} == before
    assert ": up to date: reports/fees/current-2 (" in cptdiff("run", *words).stderr
    done = cptdiff("run", "--descriptors", "short")
    assert f"wrote {FOLDER}-3 (SHA-256" in done.stderr


@pytest.mark.usefixtures("desk", "job")
def test_another_version_of_cptdiff_makes_a_new_folder(
    cptdiff: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cptdiff("run").returncode == 0
    monkeypatch.setattr(
        "cptdiff.output.manifest.list_versions", lambda: {"cptdiff": "9", "polars": "2"}
    )
    assert "made by another version of cptdiff\n" in cptdiff("run").stderr
    monkeypatch.setattr(
        "cptdiff.output.manifest.list_versions", lambda: {"cptdiff": "9", "polars": "3"}
    )
    assert ": up to date: " in cptdiff("run").stderr


@pytest.mark.usefixtures("job")
def test_a_dry_run_says_what_it_would_write_and_leaves_no_trace(cptdiff: Run, desk: Path) -> None:
    before = look(desk)
    done = cptdiff("run", "--dry-run")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        "cptdiff: job fees: previous.csv to current.csv: 1 added, 1 deleted, 1 revised;"
        f" would write {FOLDER}\n"
    )
    assert (look(desk), (desk / "reports").exists()) == (before, False)
    assert cptdiff("run").returncode == 0
    assert ": up to date: " in cptdiff("run", "--dry-run").stderr


def test_quiet_leaves_only_the_lines_of_jobs_that_do_not_end_with_0(
    cptdiff: Run, desk: Path, job: Path, same: str
) -> None:
    add_job(job, "same", same, str(desk / "c.csv"))
    done = cptdiff("run", "--quiet", "--exit-code")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("cptdiff: job fees: exit code 1: ")
    assert cptdiff("run", "--quiet", "--exit-code").stderr == ""


# What the file says besides, the words, the exit code, and the start of the line.
CODES = {
    "no condition": ("", (), 0, "cptdiff: job fees: previous.csv to current.csv: 1 added"),
    "any change": ("", ("--exit-code",), 1, "cptdiff: job fees: exit code 1: previous.csv"),
    "a condition": ("fail_on = 'high'\n", (), 1, "cptdiff: job fees: exit code 1: previous.csv"),
    "a guard": ("limit = { deleted-share = 1 }\n", (), 2, "cptdiff: error[E312]: job fees: "),
    "a guard that is overridden": (
        "limit = { deleted-share = 1 }\n", ("--allow", "deleted-share"), 3,
        "cptdiff: job fees: exit code 3: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CODES)
def test_a_job_ends_with_the_exit_code_of_diff(
    cptdiff: Run, desk: Path, job: Path, case: str
) -> None:
    more, words, code, line = CODES[case]
    job.write_text(f"{job.read_text('utf-8')}{more}", "utf-8")
    done = cptdiff("run", *words)
    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert done.stderr.startswith(line)
    assert (desk / FOLDER).exists() == (code != 2)


@pytest.mark.usefixtures("job")
def test_an_excluded_row_is_exit_code_3(cptdiff: Run, desk: Path, tables: Tables) -> None:
    Path(tables[1]).write_text("code,description\nA1,x\nA2,y\nA3,z,more\n", "utf-8")
    done = cptdiff("run")
    assert done.returncode == 3
    assert done.stderr.startswith("cptdiff: job fees: exit code 3: ")
    assert (desk / FOLDER / "quarantine.csv").exists()


def test_a_bug_is_exit_code_70_and_the_next_job_is_done(
    cptdiff: Run, desk: Path, job: Path, same: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_job(job, "same", same, str(desk / "c.csv"))
    from cptdiff import pipeline  # noqa: PLC0415 - as the job imports it

    compare = pipeline.compare_releases

    def fail(previous: Path, current: Path, options: object) -> object:
        if previous.name == "previous.csv":
            raise LookupError("made up")
        return compare(previous, current, options)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "compare_releases", fail)
    done = cptdiff("run")
    assert done.returncode == 70
    first, second = done.stderr.splitlines()
    assert first.startswith("cptdiff: error[E700]: job fees: a bug (LookupError: made up). Fix: ")
    assert "job same: b.csv to c.csv: No changes: 2 entries compared; wrote " in second


@pytest.mark.parametrize("codes", [(1, 0), (3, 1), (2, 3), (4, 2), (70, 4), (137, 70)])
@pytest.mark.parametrize("order", [1, -1])
def test_the_exit_code_is_that_of_the_worst_job(
    cptdiff: Run, job: Path, monkeypatch: pytest.MonkeyPatch, codes: tuple[int, int], order: int
) -> None:
    add_job(job, "second", "b.csv", "c.csv")
    left = [*codes[::order]]
    monkeypatch.setattr("cptdiff.cli.work.run_apart", lambda *_, **__: left.pop(0))
    assert cptdiff("run").returncode == codes[0]
    assert left == []


def test_a_folder_that_is_held_or_taken_is_exit_code_4_and_the_next_job_is_done(
    cptdiff: Run, desk: Path, job: Path, same: str
) -> None:
    add_job(job, "same", same, str(desk / "c.csv"))
    (desk / "reports" / "fees").mkdir(parents=True)
    with lock(desk / FOLDER):
        done = cptdiff("run")
    assert done.returncode == 4
    assert f"error[E405]: job fees: {FOLDER}: is being written by another run" in done.stderr
    assert "job same: " in done.stderr
    assert litter(desk / "reports" / "fees") == []
    (desk / FOLDER).mkdir()
    (desk / FOLDER / "mine.txt").write_text("mine", "utf-8")
    done = cptdiff("run", "--job", "fees")
    assert done.returncode == 4
    assert f"error[E404]: job fees: {FOLDER}: already exists and is not a run folder" in done.stderr
    assert [path.name for path in (desk / "reports" / "fees").iterdir()] == ["current"]


@pytest.mark.usefixtures("job")
def test_a_folder_where_one_may_not_write_is_exit_code_4(desk: Path) -> None:
    (desk / "reports").mkdir(mode=0o555)
    done = run_apart("run", command=(*PLAIN_USER, *COMMAND))
    (desk / "reports").chmod(0o755)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr
    assert "error[E403]: job fees: reports/fees/current: its folder cannot be" in done.stderr
    assert [*(desk / "reports").iterdir()] == []


@pytest.mark.usefixtures("job")
def test_a_file_in_the_way_is_exit_code_4(cptdiff: Run, desk: Path) -> None:
    (desk / "reports").write_text("mine", "utf-8")
    done = cptdiff("run")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert f"error[E403]: job fees: {FOLDER}: cannot be written (" in done.stderr


@pytest.mark.usefixtures("job")
def test_a_job_that_fails_leaves_no_empty_folders(cptdiff: Run, desk: Path) -> None:
    (desk / "reports").mkdir()
    with lock(desk / "reports" / "fees"):
        done = cptdiff("run", "--output", "reports/fees")
        assert done.returncode == 4
    done = cptdiff("run", "--limit", "deleted-share=1", "--output", "a/b/{job}/{current}")
    assert (done.returncode, (desk / "a").exists()) == (2, False)


def test_two_runs_at_once_write_each_folder_once(desk: Path, job: Path, same: str) -> None:
    add_job(job, "same", same, str(desk / "c.csv"))
    runs = [started(SLOWLY, ("run",)) for _ in range(3)]
    outcomes = [ended(run) for run in runs]
    told = "".join(text for _, text in outcomes)
    assert {code for code, _ in outcomes} <= {0, 4}, told
    assert told.count("; wrote reports/fees/current (") == 1, told
    assert told.count("; wrote reports/same/c (") == 1, told
    assert len(told.splitlines()) == 6
    for line in told.splitlines():
        assert "; wrote " in line or ": up to date: " in line or "error[E405]: job " in line
    folders = [desk / FOLDER, desk / "reports" / "same" / "c"]
    assert sorted(path.parent for path in desk.rglob("manifest.json")) == folders
    assert all(is_whole(folder) for folder in folders)
    assert [litter(folder.parent) for folder in folders] == [[], []]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_job_and_those_after_it(
    desk: Path, job: Path, same: str, number: signal.Signals
) -> None:
    add_job(job, "same", same, str(desk / "c.csv"))
    run = started(SLOWLY, ("run",))
    wait_for_writing(run, desk / "reports" / "fees")
    run.send_signal(number)
    code, told = ended(run)
    assert (code, told.splitlines()) == (
        128 + number,
        ["cptdiff: job fees: stopped, nothing written",
         "cptdiff: stopped; jobs that did not run: same"],
    )  # fmt: skip
    assert [path for path in (desk / "reports").rglob("*") if path.is_file()] == []


def find_worker(run: "subprocess.Popen[bytes]") -> int:
    """Wait for the process of the first job."""
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    while run.poll() is None and not children.read_text("ascii"):
        time.sleep(0.002)
    return int(children.read_text("ascii").split()[0])


@pytest.mark.parametrize(
    "death",
    [
        (signal.SIGKILL, 4, "error[E406]: job fees: ran out of memory or was killed; nothing was"),
        (signal.SIGSEGV, 70, "error[E700]: job fees: a bug (crashed with SIGSEGV); nothing was"),
    ],
)
def test_a_job_that_is_killed_or_crashes_is_named_and_the_next_one_is_done(
    desk: Path, job: Path, same: str, death: tuple[signal.Signals, int, str]
) -> None:
    number, expected, words = death
    add_job(job, "same", same, str(desk / "c.csv"))
    run = started(SLOWLY, ("run",))
    worker = find_worker(run)
    wait_for_writing(run, desk / "reports" / "fees")
    os.kill(worker, number)
    code, told = ended(run)
    first, second = told.splitlines()
    assert first.startswith(f"cptdiff: {words} written")
    assert second.startswith("cptdiff: job same: ")
    assert code == expected
    assert litter(desk / "reports" / "fees") == []
    assert is_whole(desk / "reports" / "same" / "c")
    # The next run makes up for it.
    done = run_apart("run")
    assert (done.returncode, done.stderr.count(": up to date: ")) == (0, 1)
    assert is_whole(desk / FOLDER)


@pytest.mark.usefixtures("job")
def test_a_run_that_is_killed_whole_leaves_nothing_that_hinders_the_next(desk: Path) -> None:
    run = started(SLOWLY, ("run",))
    wait_for_writing(run, desk / "reports" / "fees")
    os.killpg(run.pid, signal.SIGKILL)
    ended(run)
    done = run_apart("run")
    assert done.returncode == 0, done.stderr
    assert is_whole(desk / FOLDER)
    assert litter(desk / "reports" / "fees") == []


@pytest.mark.usefixtures("desk")
def test_what_starts_the_jobs_never_loads_polars(job: Path, write: Write) -> None:
    write(f"[defaults]\nexpect = {{ added = 1 }}\nnotice = 'x'\n{job.read_text('utf-8')}")
    script = (
        "import sys; from cptdiff.__main__ import run; run(['run']); print('polars' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout == "False\n", done.stderr
    assert "; wrote " in done.stderr


def test_a_job_that_searches_looks_at_the_member_that_it_names(
    cptdiff: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    for year in (2026, 2027):
        write_zip(
            desk / f"found/{year}.zip", f"codes/icd10cm_order_{year}.txt",
            "".join(f"{at:05} {line}\r\n" for at, line in enumerate(rows(100, year - 1900), 1)),
        )  # fmt: skip
        with zipfile.ZipFile(desk / f"found/{year}.zip", "a") as archive:
            archive.writestr(f"draft/icd10cm_order_{year}.txt", "00001 A000    1 Made up\r\n")
    (desk / "found" / "readme.txt").write_text("Made up\n", "utf-8")
    text = "[jobs.dx]\ncode_set = 'icd10cm'\nreleases = 'found'\noutput = 'run'\n"
    (desk / "cptdiff.toml").write_text(text, "utf-8")
    done = cptdiff("run")
    assert (done.returncode, "error[E184]" in done.stderr) == (2, True), done.stderr
    (desk / "cptdiff.toml").write_text(f"{text}member = 'codes/*'\n", "utf-8")
    done = cptdiff("run")
    assert done.returncode == 0, done.stderr
    assert "codes/icd10cm_order_2027.txt" in (desk / "run" / "manifest.json").read_text("utf-8")
