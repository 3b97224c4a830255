"""Network shares: no locks, locks that lock nothing, links, modes and owners."""

import os
import signal
import stat
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest

from cptdiff.output.targets import check_file, hold_target, lock, path_beside, sweep
from cptdiff.process.signals import Stopped
from tests.hostile.case import Pair, Run
from tests.hostile.runs import (
    COMMAND,
    HERE,
    ended,
    finished,
    is_whole,
    litter,
    started,
    workers,
)  # fmt: skip
from tests.hostile.sharing import NO_LOCKS, refuse

DISKS: Final = (*NO_LOCKS, "nothing")
SHARING: Final = (sys.executable, str(HERE / "sharing.py"))
AT_ONCE: Final = 6
# No process has this number on Linux (at most 2**22).
GONE: Final = 2**22 + 1


@pytest.fixture(params=DISKS)
def disk(request: pytest.FixtureRequest) -> str:
    """Name what the disk does at a lock: an error, or nothing."""
    return str(request.param)


@pytest.fixture
def unlocked(disk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the locks from this process."""
    import fcntl  # noqa: PLC0415 - so that it is put back

    monkeypatch.setattr(fcntl, "flock", fcntl.flock)
    refuse(disk)


def sign(path: Path, process: int, machine: str) -> None:
    path.write_text(f"{process} {machine}", "ascii")


def own_machine(path: Path) -> str:
    """Give this machine's name in the names of hidden files."""
    return path_beside(path, "new").name.split(".")[-2].partition("-")[0]


def test_a_run_without_locks_is_whole_and_leaves_nothing(
    tmp_path: Path, pair: Pair, disk: str
) -> None:
    words = ("diff", *pair, "--quiet", "-o", str(tmp_path / "run"), "-o", str(tmp_path / "x.csv"))
    done = finished((*SHARING, disk), words)
    assert (done.returncode, done.stderr) == (0, b"")
    assert is_whole(tmp_path / "run")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "x.csv"]


def test_of_runs_at_once_without_locks_one_wins_and_no_other_is_torn(
    tmp_path: Path, pair: Pair, disk: str
) -> None:
    words = ("diff", *pair, "--quiet", "-o", str(tmp_path / "run"), "-o", str(tmp_path / "x.csv"))
    ends = [ended(run) for run in [started((*SHARING, disk), words) for _ in range(AT_ONCE)]]
    assert sorted(code for code, _ in ends) == [0] + [4] * (AT_ONCE - 1)
    assert all("error[E404]" in told or "error[E405]" in told for code, told in ends if code)
    assert is_whole(tmp_path / "run")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "x.csv"]


@pytest.mark.usefixtures("unlocked")
def test_the_lock_is_the_file_where_there_are_no_locks(cptdiff: Run, tmp_path: Path) -> None:
    with lock(tmp_path / "x.csv"):
        done = cptdiff("diff", "nowhere.csv", "nor there.csv", "-o", tmp_path / "x.csv")
        assert (done.returncode, done.stderr.count("\n")) == (4, 1)
        assert f"is being written by another run (process {os.getpid()})" in done.stderr
    assert litter(tmp_path) == []


@pytest.mark.usefixtures("unlocked")
def test_the_file_of_a_process_that_is_no_more_is_no_lock(tmp_path: Path) -> None:
    held = path_beside(tmp_path / "x.csv", "lock")
    sign(held, GONE, own_machine(tmp_path / "x.csv"))
    with lock(tmp_path / "x.csv"):
        assert held.read_text("ascii").split()[0] == str(os.getpid())
    assert litter(tmp_path) == []


@pytest.mark.usefixtures("unlocked")
def test_a_lock_says_whose_it_is_from_the_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = Path.hardlink_to

    def name(path: Path, target: Path) -> None:
        seen.append(target.read_text("ascii").split()[0])
        real(path, target)

    monkeypatch.setattr(Path, "hardlink_to", name)
    with lock(tmp_path / "x.csv"):
        assert litter(tmp_path) == [path_beside(tmp_path / "x.csv", "lock").name]
    assert seen == [str(os.getpid())]
    assert litter(tmp_path) == []


@pytest.mark.parametrize("step", ["hardlink_to", "unlink", "stat"])
def test_a_signal_while_a_lock_is_made_or_removed_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real, calls = getattr(Path, step), []

    def stop_once(path: Path, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        done = real(path, *given, **named)
        calls.append(path)
        if len(calls) == 1:
            raise Stopped(signal.SIGTERM)
        return done

    monkeypatch.setattr(Path, step, stop_once)
    with pytest.raises(Stopped), lock(tmp_path / "x.csv"):
        pass
    monkeypatch.undo()
    assert (bool(calls), litter(tmp_path)) == (True, [])


@pytest.mark.usefixtures("unlocked")
def test_a_disk_where_a_file_has_one_name_has_locks_too(
    cptdiff: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse_link)
    with lock(tmp_path / "x.csv"):
        done = cptdiff("diff", "nowhere.csv", "nor there.csv", "-o", tmp_path / "x.csv")
        assert (done.returncode, "error[E405]" in done.stderr) == (4, True)
        assert f"(process {os.getpid()})" in done.stderr
    assert litter(tmp_path) == []


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize("content", [f"{GONE} 0badcafe", "", "\xff\xff", "12"])
def test_the_file_of_another_machine_or_of_nobody_known_is_a_lock(
    cptdiff: Run, tmp_path: Path, content: str
) -> None:
    held = path_beside(tmp_path / "x.csv", "lock")
    held.write_text(content, "latin-1")
    done = cptdiff("diff", "nowhere.csv", "nor there.csv", "-o", tmp_path / "x.csv")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "error[E405]" in done.stderr
    if "0badcafe" in content:
        assert (
            f"by a run on another machine (process {GONE}). Fix: wait until it ends" in done.stderr
        )
        assert "delete .cptdiff-x.csv.lock" in done.stderr
    assert held.read_text("latin-1") == content


def test_a_run_killed_without_locks_leaves_nothing(tmp_path: Path, pair: Pair, disk: str) -> None:
    words = ("diff", *pair, "--quiet", "-o", str(tmp_path / "run"))
    run = started((*SHARING, disk), words)
    until = time.monotonic() + 60
    while not litter(tmp_path) and time.monotonic() < until:
        time.sleep(0.01)
    for worker in workers(run):
        os.kill(worker, signal.SIGKILL)
    code, _ = ended(run)
    assert code in {2, 4, 137}
    assert litter(tmp_path) == []


def test_files_of_others_are_left_and_those_of_the_dead_are_swept(tmp_path: Path) -> None:
    at = tmp_path / "x.csv"
    machine = own_machine(at)
    start = path_beside(at, "lock").name.removesuffix("lock")
    alive = [f"{start}{machine}-{os.getppid()}-00000000.{what}" for what in ("new", "old")]
    foreign = [f"{start}0badcafe-{GONE}-00000000.{what}" for what in ("new", "old")]
    dead = [f"{start}{machine}-{GONE}-00000000.{what}" for what in ("new", "old")]
    others = [f".cptdiff-x.csv.more.{machine}-{GONE}-00000000.new", f"{start}notes", "mine"]
    for name in (*alive, *foreign, *dead, *others):
        (tmp_path / name).touch()
    with hold_target(at, check_file):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((*alive, *foreign, *others))


def test_a_folder_that_cannot_be_listed_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_listing(_: object) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse_listing)
    path_beside(tmp_path / "x.csv", "new").touch()
    sweep(tmp_path / "x.csv")
    monkeypatch.undo()
    assert litter(tmp_path) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444 | stat.S_IWUSR])
def test_a_report_that_is_replaced_keeps_its_mode(tmp_path: Path, pair: Pair, mode: int) -> None:
    (tmp_path / "x.csv").touch()
    (tmp_path / "x.csv").chmod(mode)
    done = finished(COMMAND, ("diff", *pair, "--quiet", "-o", str(tmp_path / "x.csv")))
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "x.csv").stat().st_size
    assert stat.S_IMODE((tmp_path / "x.csv").stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_report_that_is_replaced_keeps_its_owner(tmp_path: Path, pair: Pair) -> None:
    (tmp_path / "x.csv").touch()
    os.chown(tmp_path / "x.csv", 1234, 2345)
    done = finished(COMMAND, ("diff", *pair, "--quiet", "-o", str(tmp_path / "x.csv")))
    assert (done.returncode, done.stderr) == (0, b"")
    state = (tmp_path / "x.csv").stat()
    assert (state.st_uid, state.st_gid, state.st_size > 0) == (1234, 2345, True)


def test_an_owner_that_cannot_be_kept_is_told(
    cptdiff: Run, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_owner(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    at, real = tmp_path / "x.csv", os.fstat
    at.touch()
    monkeypatch.setattr(os, "fchown", refuse_owner)

    def give_away(descriptor: int) -> os.stat_result:
        state = list(real(descriptor))
        return os.stat_result([*state[:4], state[4] + 1, *state[5:]])

    monkeypatch.setattr("cptdiff.output.staging.os.fstat", give_away)
    done = cptdiff("diff", *pair, "--quiet", "-o", at)
    assert done.returncode == 0
    assert done.stderr == (
        f"cptdiff: note: {at}: belongs to you now: its former owner could not be kept\n"
    )


@pytest.mark.parametrize("is_there", [True, False])
def test_a_report_is_written_through_a_link(tmp_path: Path, pair: Pair, *, is_there: bool) -> None:
    real = tmp_path / "real" / "y.csv"
    real.parent.mkdir()
    if is_there:
        real.write_text("former", "utf-8")
    (tmp_path / "middle.csv").symlink_to(real)
    (tmp_path / "x.csv").symlink_to("middle.csv")
    done = finished(COMMAND, ("diff", *pair, "--quiet", "-o", str(tmp_path / "x.csv")))
    assert (done.returncode, done.stderr) == (0, b"")
    assert real.read_bytes().startswith(b"code_set,")
    assert (tmp_path / "x.csv").readlink() == Path("middle.csv")
    assert litter(tmp_path) == litter(real.parent) == []


def test_a_link_into_a_folder_that_is_not_there_is_told(cptdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").symlink_to(tmp_path / "gone" / "y.csv")
    done = cptdiff("diff", "nowhere.csv", "nor there.csv", "-o", tmp_path / "x.csv")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "error[E402]" in done.stderr


def test_a_link_and_its_file_are_one_target(cptdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "y.csv").touch()
    (tmp_path / "x.csv").symlink_to("y.csv")
    outputs = ("-o", tmp_path / "x.csv", "-o", tmp_path / "y.csv")
    done = cptdiff("diff", "nowhere.csv", "nor there.csv", *outputs)
    assert (done.returncode, "is given twice" in done.stderr) == (2, True)
    with lock(tmp_path / "y.csv"):
        done = cptdiff("diff", "nowhere.csv", "nor there.csv", "-o", tmp_path / "x.csv")
    assert (done.returncode, "error[E405]" in done.stderr) == (4, True)
