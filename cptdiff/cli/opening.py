"""--open: the page before the user's eyes as soon as it is written."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cptdiff.cli.delivering import STDOUT
from cptdiff.errors import escape_controls
from cptdiff.output.delivery import PAGE
from cptdiff.process.lines import say

if TYPE_CHECKING:
    from cptdiff.cli.delivering import Target

Command = TypeVar("Command", bound=Callable[..., Any])
# Systems with a screen and a command of their own that returns at once.
_OPENING_ALONE: Final = frozenset({"win32", "darwin"})


def add_opening_option(command: Command) -> Command:
    """--open (`open_page`)."""
    return click.option(
        "--open", "open_page", is_flag=True, help="Open the written page in the browser."
    )(command)


def find_page(targets: "Sequence[Target]") -> Path:
    """The first page, else that of the first run folder. Raises click's usage error without any."""
    pages = [path for path, report in targets if report and report.file == PAGE]
    folders = [path / PAGE for path, report in targets if not report]
    found = [path for path in (*pages, *folders) if path != STDOUT]
    if not found:
        raise click.UsageError("--open needs a page: give -o report.html or -o FOLDER.")
    return found[0]


def open_page(page: Path) -> None:
    """Open `page` by the desktop's own means. What fails is told and changes no exit code."""
    if not _on_desktop():
        _told("not on a desktop", page)
        return
    try:
        code = _launched(str(page.absolute()))
    except OSError:
        code = 1
    if code:
        _told("nothing here opens pages", page)


def _launched(page: str) -> int:
    """Start what opens pages; 0 where it could be started."""
    if sys.platform in _OPENING_ALONE:
        return click.launch(page)
    # It goes on by itself, and neither writes into our streams nor keeps a pipe open.
    subprocess.Popen(  # noqa: S603 - the page that was just written
        ["xdg-open", page],  # noqa: S607 - the desktop's own, wherever it lies
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return 0


def _told(why: str, page: Path) -> None:
    say(escape_controls(f"cptdiff: note: {why}: open {page} yourself"), level="warning")


def _on_desktop() -> bool:
    """Whether there is a screen: other systems than Windows and macOS say so themselves."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in _OPENING_ALONE or any(os.environ.get(name) for name in screens)
