"""Who may write a target."""

import fcntl
import os
from contextlib import nullcontext
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

import pytest

from cptdiff.output.staging import write_targets
from cptdiff.output.targets import check_file, check_folder, hold_target, lock, path_beside
from tests.hostile.case import Pair, Run
from tests.hostile.runs import (
    COMMAND,
    FORMER,
    NAIVELY,
    SLOWLY,
    ended,
    finished,
    home,
    is_whole,
    litter,
    started,
    wait_for_writing,
)  # fmt: skip

AT_ONCE: Final = 20
# Root may write what its mode forbids; without this right it is as others are.
PLAIN_USER: Final = (
    () if os.geteuid() else ("/usr/bin/setpriv", "--inh-caps=-all", "--bounding-set=-all")
)


def refused(done: CompletedProcess[str], slug: str, words: str) -> bool:
    told = done.stderr
    return (done.returncode, done.stdout, told.count("\n")) == (4, "", 1) and (
        told.startswith(f"cptdiff: error[{slug}]: ") and words in told and " Fix: " in told
    )


NO_INPUTS: Final = ("diff", "nowhere.csv", "nor there.csv")


@pytest.mark.parametrize("name", ["missing/run", "missing/x.csv", "a file/run", "a file/x.csv"])
def test_machine_02_a_missing_parent_is_told_before_inputs_are_read(
    cptdiff: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "a file").touch()
    done = cptdiff(*NO_INPUTS, "-o", tmp_path / "x.html", "-o", tmp_path / name)
    assert refused(done, "E402", "its folder does not exist")
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]


@pytest.mark.parametrize(
    ("name", "slug", "words"),
    [
        ("a file", "E404", "already exists"),
        ("empty", "E404", "already exists"),
        ("full", "E404", "already exists"),
        ("nowhere at all", "E404", "already exists"),
        ("folder.csv", "E403", "is a folder"),
        ("pipe.csv", "E403", "is a device or a pipe"),
    ],
)
def test_machine_03_what_stands_in_the_way_is_told_before_inputs_are_read(
    cptdiff: Run, tmp_path: Path, name: str, slug: str, words: str
) -> None:
    (tmp_path / "a file").write_text("mine", "utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "nowhere at all").symlink_to("to nothing")
    before = sorted(tmp_path.rglob("*"))
    assert refused(cptdiff(*NO_INPUTS, "-o", tmp_path / name), slug, words)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "words"), [("x.csv", "is read-only"), ("new.csv", "its folder"), ("run", "its folder")]
)
def test_machine_03_what_may_not_be_written_is_told_before_inputs_are_read(
    tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "x.csv").write_text("mine", "utf-8")
    (tmp_path / "x.csv").chmod(0o444)
    tmp_path.chmod(0o555)
    done = finished((*PLAIN_USER, *COMMAND), (*NO_INPUTS, "-o", str(tmp_path / name)))
    told = done.stderr.decode()
    tmp_path.chmod(0o755)
    assert (done.returncode, told.count("\n")) == (4, 1), told
    assert "error[E403]" in told
    assert words in told
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_machine_12_a_target_that_is_being_written_is_left_to_its_run(
    cptdiff: Run, tmp_path: Path
) -> None:
    for name in ("run", "x.csv"):
        with lock(tmp_path / name):
            done = cptdiff(*NO_INPUTS, "-o", tmp_path / name)
        words = f"is being written by another run (process {os.getpid()}). Fix: wait until it ends"
        assert refused(done, "E405", words)
        assert litter(tmp_path) == []


def test_machine_12_a_lock_that_nobody_holds_any_more_is_no_hindrance(tmp_path: Path) -> None:
    path_beside(tmp_path / "run", "lock").write_text("99999", "ascii")
    path_beside(tmp_path / "run", "new").mkdir()
    path_beside(tmp_path / "run", "old").write_text("a former file", "utf-8")
    # Of other targets, whose names only begin alike.
    others = [path_beside(tmp_path / name, "new") for name in ("run.new", "run.2", "ru")]
    for other in others:
        other.touch()
    with hold_target(tmp_path / "run", check_folder):
        assert litter(tmp_path) == sorted(
            [path_beside(tmp_path / "run", "lock").name, *(each.name for each in others)]
        )
    assert litter(tmp_path) == sorted(each.name for each in others)


def test_machine_12_a_lock_that_was_removed_before_it_was_held_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, flock, tries = path_beside(tmp_path / "run", "lock"), fcntl.flock, []

    def late(descriptor: int, how: int) -> None:
        tries.append(descriptor)
        if len(tries) == 1:
            held.unlink()
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with lock(tmp_path / "run"):
        assert held.read_text("ascii").split()[0] == str(os.getpid())
    # The third asks whether the second one locked anything.
    assert len(tries) == 3


def test_machine_12_of_runs_at_once_into_one_folder_exactly_one_wins(
    tmp_path: Path, pair: Pair
) -> None:
    words = ("diff", *pair, "--quiet", "-o", str(tmp_path / "run"))
    ends = [ended(run) for run in [started(COMMAND, words) for _ in range(AT_ONCE)]]
    assert sorted(code for code, _ in ends) == [0] + [4] * (AT_ONCE - 1)
    assert all("error[E404]" in told or "error[E405]" in told for code, told in ends if code)
    assert is_whole(tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_machine_12_of_runs_at_once_into_one_file_none_tears_it(tmp_path: Path, pair: Pair) -> None:
    at, sound = tmp_path / "x.html", tmp_path / "sound.html"
    assert finished(COMMAND, ("diff", *pair, "--quiet", "-o", str(sound))).returncode == 0
    runs = [started(COMMAND, ("diff", *pair, "--quiet", "-o", str(at))) for _ in range(AT_ONCE)]
    ends = [ended(run) for run in runs]
    assert {code for code, _ in ends} <= {0, 4}
    assert min(code for code, _ in ends) == 0
    assert all("error[E405]" in told for code, told in ends if code)
    assert at.read_bytes() == sound.read_bytes()
    assert litter(tmp_path) == []


def test_machine_12_naive_runs_at_once_would_be_found_out(tmp_path: Path, pair: Pair) -> None:
    words = ("diff", *pair, "--quiet", "-o", str(tmp_path / "run"))
    ends = [ended(run) for run in [started(NAIVELY, words) for _ in range(3)]]
    assert [code for code, _ in ends] == [0, 0, 0]


@pytest.mark.parametrize("what", ["an empty folder", "a folder", "a file"])
def test_machine_12_what_appears_meanwhile_is_left_and_the_other_outputs_are_put_back(
    tmp_path: Path, pair: Pair, what: str
) -> None:
    at = home(tmp_path / "out", pair)
    # The run folder last, so that the files are in their places already.
    run = started(SLOWLY, (*at.words[:-6], *at.words[-4:], "-o", str(at.run)))
    wait_for_writing(run, at.path)
    if what == "a file":
        at.run.write_text("theirs", "utf-8")
    else:
        at.run.mkdir()
    if what == "a folder":
        (at.run / "theirs").touch()
    code, told = ended(run)
    assert code == 4
    assert "error[E404]" in told
    assert at.run.is_file() == (what == "a file")
    assert [path.name for path in at.run.rglob("*")] == ["theirs"] * (what == "a folder")
    assert {name: (at.path / name).read_bytes() for name in FORMER} == FORMER
    assert litter(at.path) == []


def test_machine_12_one_target_by_two_paths_is_told(cptdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "same").symlink_to(tmp_path)
    done = cptdiff(*NO_INPUTS, "-o", tmp_path / "x.csv", "-o", tmp_path / "same" / "x.csv")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "the same -o PATH is given twice" in done.stderr


@pytest.mark.parametrize("name", ["loop/x.csv", "loop/run"])
def test_machine_02_a_folder_that_leads_back_to_itself_is_told(
    cptdiff: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    done = cptdiff(*NO_INPUTS, "-o", tmp_path / name, "-o", tmp_path / "y.csv")
    assert refused(done, "E402", "its folder does not exist")


def test_machine_12_where_nothing_is_locked_no_run_touches_what_another_one_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cptdiff.output.targets.lock", lambda _: nullcontext())
    monkeypatch.setattr("cptdiff.output.targets._WHOSE", "1.")
    theirs = [path_beside(tmp_path / "x.csv", what) for what in ("new", "old")]
    for path in theirs:
        path.touch()
    monkeypatch.setattr("cptdiff.output.targets._WHOSE", "2.")
    with hold_target(tmp_path / "x.csv", check_file):
        write_targets({tmp_path / "x.csv": b"ours"})
        write_targets({tmp_path / "x.csv": b"ours"})
    assert litter(tmp_path) == sorted(path.name for path in theirs)
