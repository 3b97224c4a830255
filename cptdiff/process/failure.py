"""What ended a run, as one line and an exit code."""

import errno
import os
from typing import Final

from cptdiff.errors import CptdiffError, EnvironmentFailed, escape_controls
from cptdiff.process.lines import say, say_error
from cptdiff.process.signals import Stopped

INTERRUPT_EXIT: Final = 130
_LONG: Final = 200
# What a run has open at once, by far; and what Polars opens at once while it is loaded.
_FILES: Final = 64
_FEW: Final = 8
_TOO_MANY: Final = frozenset({errno.EMFILE, errno.ENFILE})
# What Python and Rust say where the system starts no more threads.
_TOO_FEW: Final = ("can't start new thread", "failed to spawn thread", "ThreadPoolBuildError")
# What Polars alone needs to be loaded.
_POLARS_MEMORY: Final = 256 * 1024**2


def tell_failure(error: BaseException, job: str = "") -> int:
    """Tell `error` in one line, with the name of its job if it has one; return its exit code."""
    stop = _find_stop(error)
    if stop:
        code = stop.exit_code if isinstance(stop, Stopped) else INTERRUPT_EXIT
        line = f"cptdiff: {f'job {job}: ' if job else ''}stopped, nothing written"
        say(line, "stopped", "error", exit_code=code)
        return code
    known = _find_cause(error)
    if known:
        place = f"job {job}: {known.place}" if job else known.place
        line = str(type(known)(known.slug, place, known.wrong, known.fix, known.quoted))
        return say_error(known, line)
    wrong = f"a bug ({escape_controls(f'{type(error).__name__}: {error}')[:160]})"
    place = f"job {job}" if job else "cptdiff"
    return say_error(CptdiffError("E700", place, wrong, "run again with --debug, and report it"))


def show_traceback() -> None:
    """Show where in cptdiff the error happened that is being handled."""
    import traceback  # noqa: PLC0415 - here only

    text = traceback.format_exc().removesuffix("\n")
    say(text, "traceback", "debug")


def _find_stop(error: BaseException | None) -> Stopped | KeyboardInterrupt | None:
    """The stop that `error` is, or that it wraps.

    Python 3.11 wraps whatever happens in a `__set_name__` in a RuntimeError, a stop too.
    """
    while error:
        if isinstance(error, Stopped | KeyboardInterrupt):
            return error
        error = error.__cause__
    return None


def _find_cause(error: BaseException) -> CptdiffError | None:
    """What a user can act on, if `error` is that."""
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, CptdiffError):
        return error
    if isinstance(error, MemoryError) or number == errno.ENOMEM:
        return _fail_memory()
    if number in _TOO_MANY or (_is_veiled(error) and _lacks_files()):
        wrong, fix = "too many open files", f"let it open at least {_FILES} (ulimit -n)"
        return EnvironmentFailed("E401", "cptdiff", wrong, fix)
    if isinstance(error, OSError):
        wrong = str(error)[:_LONG]
        return EnvironmentFailed(
            "E401", "cptdiff", wrong, "check the disk space and your permissions"
        )
    return _find_lack(error)


def _find_lack(error: BaseException) -> EnvironmentFailed | None:
    """What the machine lacks, if that is behind `error`."""
    if _lacks_memory():
        return _fail_memory()
    if any(words in str(error) for words in _TOO_FEW):
        wrong = "no thread or process could be started"
        return EnvironmentFailed("E406", "cptdiff", wrong, "let it start more (ulimit -u)")
    return None


def _fail_memory() -> EnvironmentFailed:
    wrong, fix = (
        "ran out of memory; nothing was written",
        "free some memory, or compare smaller files",
    )
    return EnvironmentFailed("E406", "cptdiff", wrong, fix)


def _lacks_memory() -> bool:
    """Whether memory is what is lacking: libraries tell it in as many ways as there are."""
    try:
        bytearray(_POLARS_MEMORY)
    except MemoryError:
        return True
    return False


def _is_veiled(error: BaseException) -> bool:
    """Whether a library may have failed to open a file and tells no more than that it failed."""
    return isinstance(error, ImportError) or type(error).__name__ == "PanicException"


def _lacks_files() -> bool:
    """Whether files are what is lacking: a few more cannot be opened."""
    opened: list[int] = []
    try:
        for _ in range(_FEW):
            opened.append(os.open(os.devnull, os.O_RDONLY))  # noqa: PERF401 - closed on failure
    except OSError as error:
        return error.errno in _TOO_MANY
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return False
