"""`python -m cptdiff` and the command `cptdiff`: run, and turn every outcome into an exit code."""

import gc
import os
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

import click

from cptdiff.cli import cli
from cptdiff.errors import CptdiffError, printable

BUG = 70
INTERRUPTED = 130
_LONG = 200


def main() -> NoReturn:
    """Exit by the contract's table (contract.md, "Exit codes"); no traceback but with --debug."""
    # One short job: collecting garbage and tearing polars down would take a fifth of its time.
    gc.disable()
    code = _code(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def _code(arguments: list[str]) -> int:
    try:
        return cli.main(arguments, prog_name="cptdiff", standalone_mode=False) or 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except BaseException as error:  # noqa: BLE001 - whatever happened has an exit code
        if "--debug" in arguments:
            traceback.print_exc()
        return _failed(error)


def _failed(error: BaseException) -> int:
    """Tell `error` in one line and give its exit code."""
    if isinstance(error, CptdiffError):
        return _told(str(error), error.exit_code)
    if isinstance(error, click.UsageError):
        place = error.ctx.command_path if error.ctx else "cptdiff"
        wrong = printable(error.format_message())
        wrong = wrong if len(wrong) < _LONG else f"{wrong[:_LONG]}..."
        return _told(f"cptdiff: error[E001]: {place}: {wrong} Fix: see `{place} --help`", 2)
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return _told("cptdiff: stopped, nothing written", INTERRUPTED)
    if isinstance(error, OSError):
        wrong = printable(str(error))[:_LONG]
        return _told(f"cptdiff: error[E401]: cptdiff: {wrong}. Fix: check space and permission", 4)
    wrong = printable(f"{type(error).__name__}: {error}")[:160]
    return _told(f"cptdiff: error[E700]: cptdiff: a bug ({wrong}). Fix: see it with --debug", BUG)


def _told(line: str, code: int) -> int:
    click.echo(line, err=True)
    return code


if __name__ == "__main__":
    main()
