"""SIGINT, SIGTERM and SIGHUP: one exception that unwinds, and no other while files change place."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Final

from cptdiff.process.lines import write_line

SIGNALS: Final = tuple(
    number
    for name in ("SIGHUP", "SIGINT", "SIGTERM")
    if (number := getattr(signal, name, None)) is not None
)
# Signal handlers belong to the process, and so does what they leave behind.
_arrivals: Final[list[int]] = []
_end_signals: Final[list[int]] = []
_LATE: Final = "cptdiff: stopped; the files are complete"


class Stopped(BaseException):
    """The user or the system ends the run; whoever holds files puts them away on the way out."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def listen() -> None:
    """Raise `Stopped` in the main thread at the first signal; of further ones take no notice.

    A signal that is ignored from the start (nohup, a shell's background job) stays ignored.
    """
    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)


def hold() -> None:
    """Let signals wait from now on. Raises `Stopped` where one came and was lost on its way."""
    for number in _list_handled(_stop):
        signal.signal(number, _wait)
    if _arrivals:
        raise Stopped(_arrivals[0])


def release() -> None:
    """The files are in place: a signal that waited, and each that comes, ends the process."""
    for number in _list_handled(_wait):
        signal.signal(number, _end)
    if _arrivals:
        _end(_arrivals[0])


def resume() -> None:
    """Let signals stop the run again as before `hold`. Raises `Stopped` where one waited."""
    for number in _list_handled(_wait):
        signal.signal(number, _stop)
    if _arrivals:
        raise Stopped(_arrivals[0])


def exit_with_parent(life: int, end: Callable[[], object]) -> None:
    """Do `end` when the process that holds the other end of the pipe `life` is gone."""

    def wait() -> None:
        os.read(life, 1)
        end()

    threading.Thread(target=wait, daemon=True).start()


def _list_handled(handler: object) -> list[int]:
    return [number for number in SIGNALS if signal.getsignal(number) is handler]


def _stop(number: int, _frame: FrameType | None) -> None:
    if not _arrivals:
        _arrivals.append(number)
        raise Stopped(number)


def _end(number: int, _frame: FrameType | None = None) -> None:
    """Say it once and end at once, whatever is being shown."""
    if _end_signals:
        return
    _end_signals.append(number)
    # Past the stream's buffer, in whose midst a signal may have come.
    with suppress(OSError, ValueError, AttributeError):
        line = write_line(_LATE, "stopped", "error", exit_code=128 + number)
        os.write(sys.stderr.fileno(), line.encode())
    os._exit(128 + number)


def _wait(number: int, _frame: FrameType | None) -> None:
    _arrivals.append(number)
