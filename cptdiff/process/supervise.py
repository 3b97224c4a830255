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


_FAILURE_EXIT: Final = 4
_BUG_EXIT: Final = 70
_SIGNAL_EXIT: Final = 128
# By what a process ends itself. An abort is no bug where memory was lacking: Polars ends so.
_CRASHES: Final = frozenset(
    number
    for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")
    if (number := getattr(signal, name, None)) is not None
)
# What the libraries say when memory is lacking: Rust, C++.
_LACK_OF_MEMORY: Final = (b"memory allocation of", b"bad_alloc")
_LAST_WORDS: Final = 1 << 16


def supervise(work: Callable[[], int], voice: int | None = None) -> int:
    """The exit code of `work`, done in a process of its own where the system can fork.

    It returns in both processes, and each is to exit by what it returns. `voice` is a file that
    holds what the libraries said on their own.
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
        return _await_worker(worker, journal_end, voice)
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


def _await_worker(worker: int, journal_end: int, voice: int | None) -> int:
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
    return _tell_end(-code, journal, is_crash=-code in _CRASHES and not _has_told_lack(voice))


def _clean_up(journal: "Journal") -> None:
    """Remove what the worker left beside its targets, and its locks if no other run has them."""
    from cptdiff.errors import EnvironmentFailed  # noqa: PLC0415 - as above
    from cptdiff.output.targets import lock, sweep  # noqa: PLC0415

    for target in journal.targets:
        with suppress(OSError):
            sweep(target)
        with suppress(EnvironmentFailed, OSError), lock(target):
            sweep(target)


def _has_told_lack(voice: int | None) -> bool:
    """Whether a library said that memory was lacking before the worker ended."""
    if voice is None:
        return False
    with suppress(OSError):
        start = max(os.lseek(voice, 0, os.SEEK_END) - _LAST_WORDS, 0)
        os.lseek(voice, start, os.SEEK_SET)
        said = os.read(voice, _LAST_WORDS)
        return any(words in said for words in _LACK_OF_MEMORY)
    return False


def _tell_end(number: int, journal: "Journal", *, is_crash: bool) -> int:
    """Tell what became of the outputs of a worker that did not end by itself."""
    if journal.done:
        say("cptdiff: killed; the files are complete")
        return _SIGNAL_EXIT + number
    outcome = "nothing was written"
    if journal.begun:
        outcome = "each file is complete, but some may be from an earlier run"
    if is_crash:
        wrong = f"a bug (crashed with {signal.Signals(number).name}); {outcome}"
        say(f"cptdiff: error[E700]: cptdiff: {wrong}. Fix: run again with --debug, and report it")
        return _BUG_EXIT
    if journal.begun:
        wrong = f"was killed while it wrote; {outcome}"
        say(f"cptdiff: error[E401]: cptdiff: {wrong}. Fix: run it again")
        return _FAILURE_EXIT
    wrong = f"ran out of memory or was killed; {outcome}"
    say(f"cptdiff: error[E406]: cptdiff: {wrong}. Fix: free some memory, or compare smaller files")
    return _FAILURE_EXIT
