"""How far a run is: a bar on the terminal while it takes longer than a second."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from cptdiff.process import lines

STAGES: Final = ("reading", "comparing", "rendering")
_PATIENCE: Final = 1.0
_PAUSE: Final = 0.2
_CELLS: Final = 30
_WIDEST: Final = 79


class _Bar:
    """The bar of this process: drawn by a thread of its own, for the work is busy."""

    def __init__(self) -> None:
        self.stage = STAGES[0]
        self.share = 0.0
        self.width = 0
        self.waited = 0.0
        self.end = threading.Event()
        self.lock = threading.RLock()

    def draw(self) -> None:
        """Draw the bar again and again until the end, after a second without any."""
        pause = _PATIENCE
        while not self.end.wait(pause):
            self.waited += pause
            pause = _PAUSE
            with self.lock, suppress(OSError, ValueError):
                if not self.end.is_set():
                    self._write()

    def _write(self) -> None:
        done = STAGES.index(self.stage) + self.share
        cells = "#" * int(_CELLS * (done + 1) / (len(STAGES) + 1))
        line = f"cptdiff: {self.stage:<9} [{cells:-<{_CELLS}}] {int(self.waited)} s"
        # A line that is wider than the terminal would wrap, and stay.
        line = line[: _measure_terminal() - 1]
        sys.stderr.write(f"\r{line:<{self.width}}")
        sys.stderr.flush()
        self.width = len(line)

    def erase(self) -> None:
        """Leave the line empty where it was drawn."""
        with self.lock, suppress(OSError, ValueError):
            if self.width:
                _clear(self.width)
            self.width = 0


_bars: Final[list[_Bar]] = []


@contextmanager
def show_progress(*, is_wanted: bool) -> Iterator[None]:
    """Show how far the work is, if somebody sees it; leave nothing of it behind."""
    if is_wanted and _has_terminal() and not _bars:
        bar = _Bar()
        thread = threading.Thread(target=bar.draw, daemon=True)
        with suppress(RuntimeError):  # no memory for a thread: the work will tell
            thread.start()
            _bars.append(bar)
            lines.call_before(bar.erase)
    try:
        yield
    finally:
        while _bars:
            bar = _bars.pop()
            bar.end.set()
            bar.erase()
            lines.call_before(None)


def enter_stage(stage: str) -> None:
    """Tell whoever watches which of `STAGES` begins."""
    for bar in _bars:
        bar.stage, bar.share = stage, 0.0


def tell_share(share: float) -> None:
    """Tell how much of the stage is done, from 0 to 1."""
    for bar in _bars:
        bar.share = share


def clear_remains() -> None:
    """Leave no bar on the terminal of a worker that died."""
    if _has_terminal():
        with suppress(OSError, ValueError):
            _clear(min(_measure_terminal() - 1, _WIDEST))


def _has_terminal() -> bool:
    with suppress(OSError, ValueError, AttributeError):
        return sys.stderr.isatty() and not lines.is_json() and os.environ.get("TERM") != "dumb"
    return False


def _measure_terminal() -> int:
    with suppress(OSError, ValueError):
        return os.get_terminal_size(sys.stderr.fileno()).columns or _WIDEST + 1
    return _WIDEST + 1


def _clear(width: int) -> None:
    sys.stderr.write(f"\r{' ' * width}\r")
    sys.stderr.flush()
