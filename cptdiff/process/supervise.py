"""A run is done by a worker, so that someone is left to speak and to clean up when it is killed.

Polars aborts the process when memory runs out, and the system's own remedy is SIGKILL: neither can
be caught from within.
"""

import os
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Final, NoReturn

from cptdiff.process.lines import say, say_error
from cptdiff.process.signals import SIGNALS, exit_with_parent

if TYPE_CHECKING:
    from cptdiff.output.targets import Journal


_SIGNAL_EXIT: Final = 128
# By what a process ends itself. An abort is no bug where memory was lacking: Polars ends so.
_CRASHES: Final = frozenset(
    number
    for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")
    if (number := getattr(signal, name, None)) is not None
)
# What the libraries say when memory is lacking, for a thread too: Rust, C++, jemalloc, glibc.
_LACK_OF_MEMORY: Final = (
    b"memory allocation of", b"bad_alloc", b"could not spawn threads", b"thread creation failed",
    b"kind: WouldBlock", b"cannot allocate memory for thread-local data",
)  # fmt: skip
# As glibc ends a process that has no memory for a thread.
_NO_THREAD: Final = 127
_LAST_WORDS: Final = 1 << 16
# What Python ignored since libraries are silent.
_ignored: "Final[deque[sys.UnraisableHookArgs]]" = deque()


def run_apart(work: Callable[[], int], place: str, *, is_quiet: bool) -> int:
    """Return the exit code of `work`, done in a process of its own, which ends with it.

    `place` is what messages call it; `is_quiet` lets nobody hear libraries. Where the system cannot
    fork, or Polars is loaded, whose threads a fork would lack, this process does it.
    """
    if "polars" in sys.modules:
        return work()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    ours = os.getpid()
    voice = open_voice() if is_quiet and sys.stderr is not None else None

    def work_apart() -> int:
        if voice is not None and os.getpid() != ours:
            silence_libraries(voice)
        code = work()
        tell_ignored()
        return code

    code = supervise(work_apart, voice, place)
    if os.getpid() != ours:
        end_process(code)
    for number, handler in before.items():
        if handler is not None:  # one that Python did not set
            signal.signal(number, handler)
    if voice is not None:
        os.close(voice)
    return code


def end_process(code: int) -> NoReturn:
    """Exit at once: tearing Polars down would take longer than some runs."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def open_voice() -> int:
    """Return a file that takes what libraries say, for whoever watches: in memory, or none."""
    if sys.platform == "linux":
        with suppress(OSError):
            return os.memfd_create("voice")
    return os.open(os.devnull, os.O_RDWR)


def silence_libraries(voice: int) -> None:
    """Send to `voice` what libraries say on their own (panics, lack of memory).

    sys.stderr stays ours.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    ours = os.dup(2)
    sys.stderr = open(ours, "w", 1, sys.stderr.encoding, sys.stderr.errors)  # noqa: PTH123, SIM115 - a descriptor
    os.dup2(voice, 2)
    # Where memory is short there is none for a function of Python: this one needs no more.
    sys.unraisablehook = _ignored.append


def tell_ignored() -> None:
    """Tell what Python ignored, such as a thread that could not start.

    Not lack of memory: the work fails of it too, and says so in a line of its own.
    """
    for one in _ignored:
        if one.exc_type is not MemoryError:
            sys.__unraisablehook__(one)


def supervise(work: Callable[[], int], voice: int | None = None, place: str = "cptdiff") -> int:
    """The exit code of `work`, done in a process of its own where the system can fork.

    It returns in both processes, and each is to exit by what it returns. `voice` is a file that
    holds what the libraries said on their own; `place` is what messages call the work.
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
        try:
            return _await_worker(worker, journal_end, voice, place)
        finally:
            os.close(journal_end)
            os.close(alive)
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


def _await_worker(worker: int, journal_end: int, voice: int | None, place: str) -> int:
    _, status = os.waitpid(worker, 0)
    code = os.waitstatus_to_exitcode(status)
    has_no_thread = code == _NO_THREAD and _has_told_lack(voice)
    if 0 <= code < _SIGNAL_EXIT and not has_no_thread:
        return code
    from cptdiff.output.targets import read_journal  # noqa: PLC0415 - where it went wrong only
    from cptdiff.process.progress import clear_remains  # noqa: PLC0415 - as above

    journal = read_journal(journal_end)
    _clean_up(journal)
    clear_remains()
    if has_no_thread:
        return _tell_end(signal.SIGABRT, journal, place, is_crash=False)
    if code > 0:
        return code
    if -code in SIGNALS:
        line = "cptdiff: stopped; the files are complete" if journal.done else "cptdiff: stopped"
        say(line, "stopped", "error", exit_code=_SIGNAL_EXIT - code)
        return _SIGNAL_EXIT - code
    is_crash = -code in _CRASHES and not _has_told_lack(voice)
    return _tell_end(-code, journal, place, is_crash=is_crash)


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


def _tell_end(number: int, journal: "Journal", place: str, *, is_crash: bool) -> int:
    """Tell what became of the outputs of a worker that did not end by itself."""
    from cptdiff.errors import CptdiffError, EnvironmentFailed  # noqa: PLC0415 - as above

    if journal.done:
        code = _SIGNAL_EXIT + number
        say("cptdiff: killed; the files are complete", "killed", "error", exit_code=code)
        return code
    outcome = "nothing was written"
    if journal.begun:
        outcome = "each file is complete, but some may be from an earlier run"
    if is_crash:
        wrong = f"a bug (crashed with {signal.Signals(number).name}); {outcome}"
        fix = "run again with --debug, and report it"
        return say_error(CptdiffError("E700", place, wrong, fix))
    if journal.begun:
        wrong = f"was killed while it wrote; {outcome}"
        return say_error(EnvironmentFailed("E401", place, wrong, "run it again"))
    wrong = f"ran out of memory or was killed; {outcome}"
    fix = "free some memory, or compare smaller files"
    return say_error(EnvironmentFailed("E406", place, wrong, fix))
