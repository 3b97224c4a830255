"""`python -m cptdiff` and the command `cptdiff`: run, and turn every outcome into an exit code."""

import gc
import os
import sys
from io import TextIOWrapper
from typing import Final, NoReturn

from cptdiff.errors import Refused, escape_controls
from cptdiff.process.failure import show_traceback, tell_failure
from cptdiff.process.lines import choose_form, say_error
from cptdiff.process.signals import listen
from cptdiff.process.supervise import (
    end_process,
    open_voice,
    silence_libraries,
    supervise,
    tell_ignored,
)

_LONG = 200
_QUICK_OPTIONS = frozenset({"--help", "-h", "--version"})
# How a shell asks for its script, and at each TAB for the names that fit (click).
_COMPLETE: Final = "_CPTDIFF_COMPLETE"


def main() -> NoReturn:
    """Exit as docs/outputs.md says ("Exit codes"); show a traceback with --debug only."""
    # One short job: collecting garbage and tearing polars down would take a fifth of its time.
    gc.disable()
    try:
        _prepare_streams()
        choose_form(sys.argv[1:], os.environ)
        listen()
        code = _do_work(sys.argv[1:])
    except BaseException as error:  # noqa: BLE001 - whatever happened has an exit code
        code = tell_failure(error)
    end_process(code)


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
    """By a worker, where there is more to do than to tell what cptdiff is.

    `cptdiff run` has a worker for each of its jobs.
    """
    is_telling = arguments[:1] == ["formats"] or not _QUICK_OPTIONS.isdisjoint(arguments)
    if is_telling or _COMPLETE in os.environ or arguments[:1] == ["run"]:
        return run(arguments)
    if "--debug" in arguments or sys.stderr is None:
        return supervise(lambda: run(arguments))
    voice = open_voice()
    return supervise(lambda: _work_quietly(arguments, voice), voice)


def _work_quietly(arguments: list[str], voice: int) -> int:
    silence_libraries(voice)
    code = run(arguments)
    tell_ignored()
    return code


def run(arguments: list[str]) -> int:
    """Return the exit code of `cptdiff` with these arguments; what fails is told in one line."""
    choose_form(arguments, os.environ)
    try:
        return _run_command(arguments)
    except BaseException as error:  # noqa: BLE001 - whatever happened has an exit code
        if "--debug" in arguments:
            show_traceback()
        return tell_failure(error)


def _run_command(arguments: list[str]) -> int:
    import click  # noqa: PLC0415 - what a signal interrupts is told from here on only

    from cptdiff.cli import cli  # noqa: PLC0415

    try:
        return cli.main(arguments, prog_name="cptdiff", standalone_mode=False) or 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except SystemExit as ended:  # completion alone ends so
        fix = "set it to bash_source, zsh_source or fish_source"
        wrong = "is not a shell that cptdiff knows"
        return _refuse(_COMPLETE, wrong, fix) if ended.code else 0
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.UsageError as error:
        place = error.ctx.command_path if error.ctx else "cptdiff"
        wrong = escape_controls(error.format_message())
        wrong = wrong if len(wrong) < _LONG else f"{wrong[:_LONG]}..."
        fix = escape_controls(getattr(error, "fix", "")) or f"see `{place} --help`"
        return _refuse(place, wrong, fix, f"cptdiff: error[E001]: {place}: {wrong} Fix: {fix}")


def _refuse(place: str, wrong: str, fix: str, line: str = "") -> int:
    """Tell what is wrong with a command line, and return its exit code."""
    return say_error(Refused("E001", place, wrong, fix), line)


if __name__ == "__main__":
    main()
