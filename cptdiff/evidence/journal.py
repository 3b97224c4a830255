"""What a run is about to write, told to the process that watches over it (supervising.py)."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BEGUN: Final = b"begun"
_DONE: Final = b"done"
# The pipe to the process that watches, in the one process that is watched over.
_pipes: Final[list[int]] = []


@dataclass(frozen=True)
class Journal:
    """What a run had told when it ended."""

    targets: tuple[Path, ...]
    begun: bool
    done: bool


def tell_to(descriptor: int) -> None:
    """Tell to this pipe from now on; a full one is not waited for."""
    os.set_blocking(descriptor, False)
    _pipes.append(descriptor)


def claiming(target: Path) -> None:
    """Tell that there may be something beside `target` from now on."""
    _told(os.fsencode(target.absolute()))


def begun() -> None:
    """Tell that the outputs are being put in place."""
    _told(_BEGUN)


def done() -> None:
    """Tell that all outputs are in place."""
    _told(_DONE)


def read(descriptor: int) -> Journal:
    """All that a run told, once it has ended; a process that it left behind is not waited for."""
    os.set_blocking(descriptor, False)
    told = b""
    with suppress(BlockingIOError):
        told = os.read(descriptor, 1 << 20)
    words = told.split(b"\0")[:-1]
    targets = [Path(os.fsdecode(word)) for word in words if word not in {_BEGUN, _DONE}]
    return Journal(tuple(targets), _BEGUN in words, _DONE in words)


def _told(word: bytes) -> None:
    for descriptor in _pipes:
        with suppress(OSError):
            os.write(descriptor, word + b"\0")
