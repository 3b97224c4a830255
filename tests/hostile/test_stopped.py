"""SIGINT, SIGTERM, SIGHUP and SIGKILL at any moment."""

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.hostile.case import Pair
from tests.hostile.runs import (
    COMMAND,
    NAIVELY,
    POINTS,
    SLOWLY,
    Home,
    ended,
    finished,
    home,
    is_whole,
    litter,
    replaced,
    started,
    torn,
    untouched,
    wait_for_writing,
    workers,
)  # fmt: skip

if TYPE_CHECKING:
    import subprocess

ASKED: Final = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
STOPPED: Final = "cptdiff: stopped, nothing written\n"
TOO_LATE: Final = "cptdiff: stopped; the files are complete\n"


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory, pair: Pair) -> tuple[Home, float]:
    """Make what a run leaves that nothing disturbs, and how long it takes."""
    undisturbed = home(tmp_path_factory.mktemp("sound") / "out", pair)
    begun = time.monotonic()
    assert finished(COMMAND, undisturbed.words).returncode == 0
    return undisturbed, time.monotonic() - begun


points = pytest.mark.parametrize("point", range(POINTS))


def disturbed(
    command: Sequence[str], at: Home, point: int, seconds: float, kill: Callable[..., None]
) -> tuple[int, str]:
    """A run that gets a signal at a moment that `point` decides: odd ones, while it writes."""
    chance = random.Random(point)  # noqa: S311 - the same moments each time
    run = started(command, at.words)
    if point % 2:
        wait_for_writing(run, at.path)
        time.sleep(chance.uniform(0, 0.6))
    else:
        time.sleep(chance.uniform(0.15, 1) * seconds)
    kill(run)
    return ended(run)


@points
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_machine_04_a_stop_leaves_the_former_outputs_or_the_new_ones_and_no_litter(
    tmp_path: Path, pair: Pair, sound: tuple[Home, float], number: signal.Signals, point: int
) -> None:
    at = home(tmp_path / "out", pair)
    command = SLOWLY if point % 2 else COMMAND
    code, told = disturbed(command, at, point, sound[1], lambda run: run.send_signal(number))
    assert torn(at, sound[0]) == []
    assert litter(at.path) == []
    if replaced(at):
        assert (code, told) in {(0, ""), (ASKED[number], TOO_LATE)}
    else:
        assert untouched(at)
        # Before our first line it is Python itself that stops, in its own way.
        pythons = code in {-number, 1} and ("KeyboardInterrupt" in told or not told)
        assert (code, told) == (ASKED[number], STOPPED) or (pythons and not point % 2)


@pytest.mark.parametrize("number", ASKED)
@pytest.mark.parametrize("to", [os.kill, os.killpg])
def test_machine_04_the_exit_code_names_the_signal_also_from_a_terminal(
    tmp_path: Path, pair: Pair, number: signal.Signals, to: Callable[[int, int], None]
) -> None:
    at = home(tmp_path / "out", pair)
    run = started(SLOWLY, at.words)
    wait_for_writing(run, at.path)
    for _ in range(3):
        to(run.pid, number)
    assert ended(run) == (ASKED[number], STOPPED)
    assert (untouched(at), litter(at.path)) == (True, [])


def test_machine_04_a_signal_that_is_ignored_from_the_start_stays_ignored(
    tmp_path: Path, pair: Pair
) -> None:
    at = home(tmp_path / "out", pair)
    run = started(("/usr/bin/nohup", *SLOWLY), at.words)
    wait_for_writing(run, at.path)
    os.killpg(run.pid, signal.SIGHUP)
    assert ended(run)[0] == 0
    assert is_whole(at.run)


@points
def test_machine_05_a_killed_run_leaves_the_former_outputs_or_new_ones_and_the_next_one_cleans_up(
    tmp_path: Path, pair: Pair, sound: tuple[Home, float], point: int
) -> None:
    at = home(tmp_path / "out", pair)
    command = SLOWLY if point % 2 else COMMAND
    whom = (the_group, the_one_that_watches, the_one_that_works)[point // 2 % 3]
    _, told = disturbed(command, at, point, sound[1], whom)
    assert torn(at, sound[0]) == []
    if whom is the_one_that_works:
        assert litter(at.path) == []
        assert told == "" or told.count("\n") == 1, told
    if at.run.exists():
        at.run.rename(at.path / "first")
    assert finished(COMMAND, at.words).returncode == 0
    assert litter(at.path) == []
    assert torn(at, sound[0]) == []
    assert replaced(at)


def the_group(run: "subprocess.Popen[bytes]") -> None:
    os.killpg(run.pid, signal.SIGKILL)


def the_one_that_watches(run: "subprocess.Popen[bytes]") -> None:
    run.kill()


def the_one_that_works(run: "subprocess.Popen[bytes]") -> None:
    for worker in workers(run):
        os.kill(worker, signal.SIGKILL)


def test_machine_05_who_works_stops_with_who_watches(tmp_path: Path, pair: Pair) -> None:
    at = home(tmp_path / "out", pair)
    run = started(SLOWLY, at.words)
    wait_for_writing(run, at.path)
    run.kill()
    assert ended(run) == (-signal.SIGKILL, STOPPED)
    assert (untouched(at), litter(at.path)) == (True, [])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_machine_05_a_naive_writer_would_be_found_out(
    tmp_path: Path, pair: Pair, sound: tuple[Home, float], number: signal.Signals
) -> None:
    found = 0
    for point in range(4):
        at = home(tmp_path / str(point), pair)
        run = started(NAIVELY, at.words)
        while run.poll() is None and untouched(at):
            time.sleep(0.002)
        time.sleep(0.02 * point)
        os.killpg(run.pid, number)
        ended(run)
        found += bool(torn(at, sound[0]))
    assert found


LOST: Final = """
import os
from cptdiff.process import signals
class Swallows:
    def __del__(self):
        os.kill(os.getpid(), {number})
        for _ in range(100): pass
signals.listen()
Swallows()
print("went on")
signals.hold()
print("wrote")
"""


def test_machine_04_a_stop_that_a_library_swallowed_is_obeyed_before_anything_is_renamed(
    process: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    done = process("-c", LOST.format(number=int(signal.SIGTERM)))
    assert done.stdout == "went on\n"
    assert "cptdiff.process.signals.Stopped: 15" in done.stderr


WRAPPED: Final = """
import os, sys
from cptdiff.process import signals
from cptdiff.process.failure import tell_failure
class Stops:
    def __set_name__(self, owner, name):
        os.kill(os.getpid(), {number})
        for _ in range(100): pass
signals.listen()
try:
    class Owner:
        part = Stops()
except BaseException as error:
    sys.exit(tell_failure(error))
"""


def test_machine_04_a_stop_that_python_wraps_in_an_error_is_still_told_as_a_stop(
    process: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    done = process("-c", WRAPPED.format(number=int(signal.SIGTERM)))
    assert (done.returncode, done.stderr) == (143, STOPPED)


LATE: Final = """
import os
from cptdiff.process import signals
signals.listen()
signals.hold()
os.kill(os.getpid(), {before})
signals.release()
print("showing", flush=True)
os.kill(os.getpid(), {after})
"""


@pytest.mark.parametrize(("before", "shown"), [(signal.SIGHUP, ""), (0, "showing\n")])
def test_machine_04_a_stop_that_came_too_late_ends_the_run_and_says_that_the_files_are_whole(
    process: Callable[..., "subprocess.CompletedProcess[str]"], before: int, shown: str
) -> None:
    done = process("-c", LATE.format(before=int(before), after=int(signal.SIGTERM)))
    code = 128 + (before or signal.SIGTERM)
    assert (done.returncode, done.stdout, done.stderr) == (code, shown, TOO_LATE)
