"""`python -m cptdiff` and the command `cptdiff`: run, and turn every outcome into an exit code."""

import errno
import gc
import os
import sys
import warnings
from contextlib import suppress
from io import TextIOWrapper
from typing import Final, NoReturn

from cptdiff.errors import CptdiffError, EnvironmentFailed, escape_controls
from cptdiff.process.signals import Stopped, listen, say
from cptdiff.process.supervise import supervise

BUG_EXIT = 70
INTERRUPT_EXIT = 130
_LONG = 200
_QUICK_OPTIONS = frozenset({"--help", "-h", "--version"})
# How a shell asks for its script, and at each TAB for the names that fit (click).
_COMPLETE: Final = "_CPTDIFF_COMPLETE"
# What a run has open at once, by far; and what Polars opens at once while it is loaded.
_FILES = 64
_FEW = 8
_TOO_MANY: Final = frozenset({errno.EMFILE, errno.ENFILE})
# What Python and Rust say where the system starts no more threads.
_TOO_FEW: Final = ("can't start new thread", "failed to spawn thread", "ThreadPoolBuildError")
# What Polars alone needs to be loaded.
_POLARS_MEMORY = 256 * 1024**2


def main() -> NoReturn:
    """Exit as docs/outputs.md says ("Exit codes"); show a traceback with --debug only."""
    # One short job: collecting garbage and tearing polars down would take a fifth of its time.
    gc.disable()
    try:
        _prepare_streams()
        listen()
        code = _do_work(sys.argv[1:])
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
    except BaseException as error:  # noqa: BLE001 - whatever happened has an exit code
        code = _tell_failure(error)
    os._exit(code)


def _prepare_streams() -> None:
    r"""Streams that were closed lead nowhere: no file of ours may get their numbers.

    What a stream's encoding lacks is told as `\u2013`.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _do_work(arguments: list[str]) -> int:
    """By a worker, where there is more to do than to tell what cptdiff is."""
    is_telling = arguments[:1] == ["formats"] or not _QUICK_OPTIONS.isdisjoint(arguments)
    if is_telling or _COMPLETE in os.environ:
        return run(arguments)
    if "--debug" in arguments or sys.stderr is None:
        return supervise(lambda: run(arguments))
    voice = _open_voice()
    return supervise(lambda: _work_quietly(arguments, voice), voice)


def _open_voice() -> int:
    """A file that takes what libraries say, for whoever watches: in memory, or none at all."""
    if sys.platform == "linux":
        with suppress(OSError):
            return os.memfd_create("voice")
    return os.open(os.devnull, os.O_RDWR)


def _work_quietly(arguments: list[str], voice: int) -> int:
    """Without what libraries say on their own (panics, lack of memory); sys.stderr stays ours."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    ours = os.dup(2)
    sys.stderr = open(ours, "w", 1, sys.stderr.encoding, sys.stderr.errors)  # noqa: PTH123, SIM115 - a descriptor
    os.dup2(voice, 2)
    return run(arguments)


def run(arguments: list[str]) -> int:
    """Return the exit code of `cptdiff` with these arguments; what fails is told in one line."""
    try:
        return _run_command(arguments)
    except BaseException as error:  # noqa: BLE001 - whatever happened has an exit code
        if "--debug" in arguments:
            import traceback  # noqa: PLC0415 - here only

            traceback.print_exc()
        return _tell_failure(error)


def _run_command(arguments: list[str]) -> int:
    import click  # noqa: PLC0415 - what a signal interrupts is told from here on only

    from cptdiff.cli import cli  # noqa: PLC0415

    try:
        return cli.main(arguments, prog_name="cptdiff", standalone_mode=False) or 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except SystemExit as ended:  # completion alone ends so
        fix = "set it to bash_source, zsh_source or fish_source"
        wrong = f"cptdiff: error[E001]: {_COMPLETE}: is not a shell that cptdiff knows. Fix: {fix}"
        return _say_and_exit(wrong, 2) if ended.code else 0
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.UsageError as error:
        place = error.ctx.command_path if error.ctx else "cptdiff"
        wrong = escape_controls(error.format_message())
        wrong = wrong if len(wrong) < _LONG else f"{wrong[:_LONG]}..."
        fix = escape_controls(getattr(error, "fix", "")) or f"see `{place} --help`"
        return _say_and_exit(f"cptdiff: error[E001]: {place}: {wrong} Fix: {fix}", 2)


def _tell_failure(error: BaseException) -> int:
    """Tell `error` in one line and give its exit code."""
    if isinstance(error, Stopped | KeyboardInterrupt):
        code = error.exit_code if isinstance(error, Stopped) else INTERRUPT_EXIT
        return _say_and_exit("cptdiff: stopped, nothing written", code)
    known = _find_cause(error)
    if known:
        return _say_and_exit(str(known), known.exit_code)
    wrong = escape_controls(f"{type(error).__name__}: {error}")[:160]
    fix = "run again with --debug, and report it"
    return _say_and_exit(f"cptdiff: error[E700]: cptdiff: a bug ({wrong}). Fix: {fix}", BUG_EXIT)


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


def _say_and_exit(line: str, code: int) -> int:
    say(line)
    return code


if __name__ == "__main__":
    main()
