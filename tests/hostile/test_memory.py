"""Out of memory, or killed by the system."""

import os
import signal
import time
from pathlib import Path
from typing import Final

import pytest

from tests.hostile.case import Pair, Run
from tests.hostile.runs import (
    COMMAND,
    LONG,
    SLOWLY,
    ended,
    finished,
    home,
    is_whole,
    litter,
    replaced,
    started,
    untouched,
    wait_for_writing,
    workers,
)  # fmt: skip

# Too little for Python's own modules, for Polars to be loaded, for its threads, for its work.
MEGABYTES: Final = range(40, 1200, 40) if LONG else (40, 150, 250, 350, 450, 900)
WITHIN: Final = 'ulimit -v $(($0 * 1024)); exec "$@"'
NO_CORE: Final = 'ulimit -c 0; exec "$@"'


@pytest.mark.parametrize("megabytes", MEGABYTES)
def test_machine_06_a_run_without_memory_ends_in_one_line_and_leaves_nothing(
    tmp_path: Path, pair: Pair, megabytes: int
) -> None:
    at = home(tmp_path / "out", pair)
    done = finished(("/bin/sh", "-c", WITHIN, str(megabytes), *COMMAND), at.words)
    assert litter(at.path) == []
    if done.returncode == 0:
        assert megabytes > 600
        return
    told = done.stderr.decode()
    assert (done.returncode, told.count("\n")) == (4, 1), told
    assert told.startswith("cptdiff: error[E406]: cptdiff: ran out of memory")
    assert "nothing was written. Fix: " in told
    assert untouched(at)


@pytest.mark.parametrize("number", ["KILL", "ABRT", "SEGV", "BUS"])
def test_machine_06_a_run_that_dies_is_told_in_one_line_and_leaves_nothing(
    tmp_path: Path, pair: Pair, number: str
) -> None:
    at = home(tmp_path / "out", pair)
    run = started(("/bin/sh", "-c", NO_CORE, "sh", *SLOWLY), at.words)
    wait_for_writing(run, at.path)
    (worker,) = workers(run)
    os.kill(worker, getattr(signal, f"SIG{number}"))
    code, told = ended(run)
    crash = f"cptdiff: error[E700]: cptdiff: a bug (crashed with SIG{number}); nothing was written."
    kill = "cptdiff: error[E406]: cptdiff: ran out of memory or was killed; nothing was written."
    assert (code, told.partition(" Fix: ")[0]) == ((4, kill) if number == "KILL" else (70, crash))
    assert told.count("\n") == 1
    assert (untouched(at), litter(at.path)) == (True, [])


def test_machine_06_what_is_written_already_is_not_denied(tmp_path: Path, samples: Path) -> None:
    pair = [str(samples / f"cpt-{year}-legacy.zip") for year in (2026, 2027)]
    at = home(tmp_path / "out", pair)
    # A pipe that nobody reads: the run waits with all its files in place.
    run = started(COMMAND, (*at.words, "-o", "-", "--format", "html"))
    while run.poll() is None and (not replaced(at) or litter(at.path)):
        time.sleep(0.01)
    for worker in workers(run):
        os.kill(worker, signal.SIGKILL)
    code, told = ended(run)
    assert (code, told) == (137, "cptdiff: killed; the files are complete\n")
    assert is_whole(at.run)


def test_machine_06_pythons_own_lack_of_memory_is_told(
    cptdiff: Run, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("cptdiff.pipeline.compare", lacking)
    done = cptdiff("diff", *pair)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "error[E406]: cptdiff: ran out of memory; nothing was written. Fix: " in done.stderr


DYING: Final = """
import os, sys
from cptdiff.output import targets
from cptdiff.process.supervise import supervise
def work():
    for word in {words}:
        getattr(targets, word)()
    os.write(voice, {said})
    os.kill(os.getpid(), {number})
voice = os.memfd_create("voice")
sys.exit(supervise(work, voice))
"""
KILL, ABORT, CRASH = signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV
BEGUN, DONE = ("tell_begin",), ("tell_begin", "tell_done")
LACK: Final = b"memory allocation of 17 bytes failed\n"


@pytest.mark.parametrize(
    ("words", "said", "number", "code", "told"),
    [
        ((), b"", KILL, 4, "E406]: cptdiff: ran out of memory or was killed; nothing was written."),
        ((), b"", CRASH, 70, "E700]: cptdiff: a bug (crashed with SIGSEGV); nothing was written."),
        ((), b"", ABORT, 70, "E700]: cptdiff: a bug (crashed with SIGABRT); nothing was written."),
        # Polars aborts where memory is lacking: that is no bug.
        ((), LACK, ABORT, 4, "E406]: cptdiff: ran out of memory or was killed; nothing was"),
        ((), b"x" * 99_999 + LACK, ABORT, 4, "E406]: cptdiff: ran out of memory or was killed"),
        (BEGUN, b"", KILL, 4, "E401]: cptdiff: was killed while it wrote; each file is complete,"),
        (BEGUN, b"", CRASH, 70, "E700]: cptdiff: a bug (crashed with SIGSEGV); each file is com"),
        (DONE, b"", KILL, 137, "cptdiff: killed; the files are complete\n"),
        (DONE, b"", CRASH, 139, "cptdiff: killed; the files are complete\n"),
    ],
)
def test_machine_06_the_exit_code_of_who_dies_tells_the_cause_and_what_became_of_the_files(  # noqa: PLR0913, PLR0917 - each a side of one case
    process: Run, words: tuple[str, ...], said: bytes, number: int, code: int, told: str
) -> None:
    done = process("-c", DYING.format(words=words, said=repr(said), number=int(number)))
    assert done.returncode == code
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


CRAMPED: Final = """
import resource, sys
from cptdiff.__main__ import main
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv.pop(1)),) * 2)
main()
"""


@pytest.mark.parametrize("files", range(3, 14))
def test_machine_06_a_run_that_may_open_few_files_ends_in_one_line(
    process: Run, tmp_path: Path, pair: Pair, files: int
) -> None:
    done = process("-c", CRAMPED, str(files), "diff", *pair, "--quiet", "-o", tmp_path / "run")
    if done.returncode == 0:
        assert is_whole(tmp_path / "run")
        return
    # 2 where it is one of the inputs that cannot be opened.
    assert done.returncode in {2, 4}, done.stderr
    assert (done.stdout, done.stderr.count("\n")) == ("", 1), done.stderr
    assert "Too many open files" in done.stderr or "too many open files" in done.stderr
    assert "Fix: " in done.stderr
    assert not (tmp_path / "run").exists()


def test_machine_06_what_fails_before_the_work_is_told_in_one_line(process: Run) -> None:
    script = (
        "import cptdiff.__main__ as ours\n"
        "def broken(*_): raise LookupError('x')\n"
        "ours.supervise = broken; ours.main()"
    )
    done = process("-c", script, "inspect", "x")
    assert (done.returncode, done.stderr.count("\n")) == (70, 1), done.stderr
    assert "a bug (LookupError: x)" in done.stderr


BROKEN: Final = """
import resource, sys
import cptdiff.__main__ as ours
class PanicException(BaseException): pass
error, files = eval(sys.argv[1]), int(sys.argv[2])
def broken(*_): raise error
ours.supervise = broken
sys.argv[1:] = ["inspect", "x"]
resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
ours.main()
"""


@pytest.mark.parametrize(
    ("error", "files", "code"),
    [
        ("KeyError('x')", 60, 70),
        ("KeyError('x')", 6, 70),
        ("PanicException('x')", 60, 70),
        ("PanicException('x')", 6, 4),
        ("OSError(24, 'Too many open files')", 60, 4),
        ("OSError(23, 'Too many open files in system')", 60, 4),
    ],
)
def test_machine_06_only_a_lack_of_files_is_told_as_one(
    process: Run, error: str, files: int, code: int
) -> None:
    done = process("-c", BROKEN, error, str(files))
    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert ("too many open files" in done.stderr) == (code == 4)
    assert ("a bug (" in done.stderr) == (code == 70)


@pytest.mark.parametrize(
    "error",
    [
        'RuntimeError("can\'t start new thread")',
        "PanicException('failed to spawn thread: Os { code: 11, kind: WouldBlock }')",
        "PanicException('could not spawn threads: ThreadPoolBuildError { kind: IOError }')",
    ],
)
def test_machine_06_a_lack_of_threads_is_the_machines_fault(process: Run, error: str) -> None:
    done = process("-c", BROKEN, error, "60")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr
    assert "error[E406]: cptdiff: no thread or process could be started. Fix: " in done.stderr


def test_machine_06_what_python_ignores_is_told_but_for_lack_of_memory(process: Run) -> None:
    script = (
        "import os; from cptdiff.process.supervise import silence_libraries, tell_ignored\n"
        "class Torn:\n"
        "    def __init__(self, error): self.error = error\n"
        "    def __del__(self): raise self.error\n"
        "silence_libraries(os.open(os.devnull, os.O_RDWR))\n"
        "Torn(MemoryError('short')); Torn(ValueError('wrong'))\n"
        "tell_ignored()\n"
    )
    told = process("-c", script).stderr
    assert told.startswith("Exception ignored in: <function Torn.__del__")
    assert told.endswith("ValueError: wrong\n")
    assert "short" not in told
