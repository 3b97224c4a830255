"""A run is done by a worker, so that someone is left to speak and to clean up when it is killed.

Polars aborts the process when memory runs out, and the system's own remedy is SIGKILL: neither can
be caught from within.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Final

from cptdiff.process.signals import SIGNALS, exit_with_parent, say

if TYPE_CHECKING:
    from cptdiff.output.targets import Journal


_REFUSAL_EXIT: Final = 2
_FAILURE_EXIT: Final = 4
_SIGNAL_EXIT: Final = 128


def supervise(work: Callable[[], int]) -> int:
    """The exit code of `work`, done in a process of its own where the system can fork.

    It returns in both processes, and each is to exit by what it returns.
    """
    if not hasattr(os, "fork"):
        return work()
    pipes: list[int] = []
    try:
        pipes += os.pipe()
        pipes += os.pipe()
        worker = _fork_worker()
    except OSError:  # too many files or processes, too little memory
        for pipe in pipes:
            os.close(pipe)
        return work()
    journal_end, tell, life, alive = pipes
    if worker:
        os.close(tell)
        os.close(life)
        return _await_worker(worker, journal_end)
    os.close(journal_end)
    os.close(alive)
    return _run_work(work, tell, life)


def _fork_worker() -> int:
    """The worker, 0 in the worker itself. Raises `OSError`."""
    with _block_signals():
        worker = os.fork()
        if worker:
            _forward(worker)
        return worker


@contextmanager
def _block_signals() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _forward(worker: int) -> None:
    """Hand signals on to the worker, which knows what to do; ignored ones stay ignored."""

    def hand_on(number: int, _frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(worker, number)

    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, hand_on)


def _run_work(work: Callable[[], int], tell: int, life: int) -> int:
    from cptdiff.output.targets import tell_to  # noqa: PLC0415 - the watcher needs it late only

    tell_to(tell)
    with suppress(RuntimeError):  # no memory for a thread: the work will tell
        # Then stop as if told to.
        exit_with_parent(life, lambda: os.kill(os.getpid(), signal.SIGTERM))
    return work()


def _await_worker(worker: int, journal_end: int) -> int:
    _, status = os.waitpid(worker, 0)
    code = os.waitstatus_to_exitcode(status)
    if 0 <= code < _SIGNAL_EXIT:
        return code
    from cptdiff.output.targets import read_journal  # noqa: PLC0415 - where it went wrong only

    journal = read_journal(journal_end)
    _clean_up(journal)
    if code > 0:
        return code
    if -code in SIGNALS:
        say("cptdiff: stopped; the files are complete" if journal.done else "cptdiff: stopped")
        return _SIGNAL_EXIT - code
    return _tell_kill(-code, journal)


def _clean_up(journal: "Journal") -> None:
    """Remove what the worker left beside its targets, and its locks if no other run has them."""
    from cptdiff.errors import EnvironmentFailed  # noqa: PLC0415 - as above
    from cptdiff.output.targets import lock, sweep  # noqa: PLC0415

    for target in journal.targets:
        with suppress(OSError):
            sweep(target)
        with suppress(EnvironmentFailed, OSError), lock(target):
            sweep(target)


def _tell_kill(number: int, journal: "Journal") -> int:
    """Tell what became of the outputs; the exit code speaks for them."""
    if journal.done:
        say("cptdiff: killed; the files are complete")
        return _SIGNAL_EXIT + number
    if journal.begun:
        outcome = "each file is complete, but some may be from an earlier run. Fix: run it again"
        say(f"cptdiff: error[E401]: cptdiff: was killed while it wrote; {outcome}")
        return _FAILURE_EXIT
    outcome = "nothing was written. Fix: free some memory, or compare smaller files"
    say(f"cptdiff: error[E171]: cptdiff: ran out of memory or was killed; {outcome}")
    return _REFUSAL_EXIT
