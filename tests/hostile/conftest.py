"""What the hostile tests share."""

import os
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from types import FrameType

import pytest

from tests.conftest import CURRENT, PREVIOUS
from tests.hostile.runs import LONG

# Of this process's own time, so that a busy machine fails no test; the long form does many runs in
# one. What waits for ever uses none.
_SECONDS = 600 if LONG else 60
_FOREVER = 30 * 60


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """Fail a test that takes longer than a user would wait."""

    def stop(number: int, _frame: FrameType | None) -> None:
        pytest.fail(f"hung: {signal.Signals(number).name}")

    timers = {signal.SIGALRM: signal.ITIMER_REAL, signal.SIGPROF: signal.ITIMER_PROF}
    before = {number: signal.signal(number, stop) for number in timers}
    signal.setitimer(signal.ITIMER_REAL, _FOREVER)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    yield
    for number, timer in timers.items():
        signal.setitimer(timer, 0)
        signal.signal(number, before[number])


@pytest.fixture(scope="session", autouse=True)
def heard() -> None:
    """Let runs hear SIGHUP, though the tests themselves may run under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Give the words that compare two small tables."""
    folder = tmp_path_factory.mktemp("pair")
    (folder / "previous.csv").write_text(PREVIOUS, "utf-8")
    (folder / "current.csv").write_text(CURRENT, "utf-8")
    return (str(folder / "previous.csv"), str(folder / "current.csv"), "--code-set", "table")


@pytest.fixture(scope="session")
def strace() -> str:
    """Name the program that makes system calls fail; where it may not, skip, save in CI."""
    found = shutil.which("strace")
    command = [found or "false", "-qq", "-o", os.devnull, "true"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        without = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        without("strace is not here or not allowed: apt-get install strace")
    return str(found)


@pytest.fixture(scope="module")
def figures(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """Count what became of the random inputs, and tell it at the end."""
    counted: Counter[str] = Counter()
    yield counted
    told = ", ".join(f"{number:,} {what}" for what, number in sorted(counted.items()))
    request.config.get_terminal_writer().line(f"\n{told}")
