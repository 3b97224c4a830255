"""The bar on a terminal: after a second, gone at the end, and nowhere else."""

import os
import pty
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.conftest import PREVIOUS
from tests.hostile.runs import COMMAND, workers

Tables = tuple[str, str, str, str]
BAR = "cptdiff: reading   [#"
SLOW = 2.5


class Ended(NamedTuple):
    """How a run ended, and what its terminal got."""

    code: int
    told: str


def run_on_terminal(
    tables: Tables, *words: str, seconds: float = SLOW, until: str = "", kill: bool = False,
    **environment: str,
) -> Ended:  # fmt: skip
    """Compare on a terminal, where previous comes from a pipe that is slow.

    It comes after `seconds`, and after the terminal got `until`, if that takes no minute.
    """
    terminal, end = pty.openpty()
    told: list[bytes] = []
    reader = threading.Thread(target=lambda: told.extend(read_terminal(terminal)), daemon=True)
    with subprocess.Popen(
        [*COMMAND, "diff", "-", *tables[1:], *words],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=end,
        env=os.environ | {"TERM": "xterm"} | environment,
    ) as run:  # fmt: skip
        os.close(end)
        reader.start()
        time.sleep(seconds)
        for _ in range(600):
            if until.encode() in b"".join(told):
                break
            time.sleep(0.1)
        if kill:
            os.kill(workers(run)[0], signal.SIGKILL)
        run.communicate(PREVIOUS.encode(), timeout=60)
    reader.join(60)
    os.close(terminal)
    return Ended(run.returncode, b"".join(told).decode())


def read_terminal(terminal: int) -> Iterator[bytes]:
    """Yield what arrives until nobody writes any more, which Linux tells by an error."""
    while True:
        try:
            data = os.read(terminal, 1 << 16)
        except OSError:
            return
        if not data:
            return
        yield data


def show_screen(told: str) -> list[str]:
    """Give the lines that stand on the terminal: what is written later covers what was there."""
    screen = []
    for line in told.replace("\r\n", "\n").split("\n"):
        cells: list[str] = []
        for part in line.split("\r"):
            cells[: len(part)] = part
        screen.append("".join(cells).rstrip())
    return [line for line in screen if line]


def test_a_slow_run_shows_a_bar_and_takes_it_away(
    tables: Tables, tmp_path: os.PathLike[str]
) -> None:
    page = os.path.join(tmp_path, "x.html")  # noqa: PTH118 - a word of the command
    done = run_on_terminal(tables, "-o", page, until="] 2 s")
    assert done.code == 0
    assert BAR in done.told
    assert "] 2 s" in done.told
    (line,) = show_screen(done.told)
    assert line.endswith(f"; wrote {page}")


def test_no_bar_before_a_second_is_over(tables: Tables) -> None:
    done = run_on_terminal(tables, seconds=0)
    assert done.code == 0
    assert "] 0 s" not in done.told
    assert show_screen(done.told) == []


@pytest.mark.parametrize("words", [("--quiet",), ("-v",), ("--log-format", "json")])
def test_no_bar_where_other_words_were_asked_for(tables: Tables, words: tuple[str, ...]) -> None:
    done = run_on_terminal(tables, *words)
    assert done.code == 0
    assert "#" not in done.told


def test_no_bar_on_a_terminal_that_cannot_go_back(tables: Tables) -> None:
    assert run_on_terminal(tables, TERM="dumb").told == ""


def test_a_pipe_gets_no_bar(tables: Tables) -> None:
    with subprocess.Popen(
        [*COMMAND, "diff", "-", *tables[1:]],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as run:  # fmt: skip
        time.sleep(SLOW)
        out, err = run.communicate(PREVIOUS.encode(), timeout=60)
    assert (run.returncode, err) == (0, b"")
    assert b"#" not in out


def test_a_killed_run_leaves_no_bar_before_its_error(tables: Tables) -> None:
    done = run_on_terminal(tables, kill=True)
    assert (done.code, BAR in done.told) == (4, True)
    (line,) = show_screen(done.told)
    assert line.startswith("cptdiff: error[E406]: cptdiff: ran out of memory or was killed;")


def test_an_error_takes_the_place_of_the_bar(tables: Tables) -> None:
    done = run_on_terminal((tables[0], "absent.csv", *tables[2:]), seconds=SLOW)
    (line,) = show_screen(done.told)
    assert (done.code, line.startswith("cptdiff: error[E101]: absent.csv: ")) == (2, True)
