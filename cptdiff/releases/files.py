"""A file's bytes, read once and whole (reliability.md, rows 1-3, 47, 62-65)."""

import difflib
import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cptdiff.errors import Refused

MAX_BYTES: Final = 512 * 1024**2
_CHUNK: Final = 1024**2
# A pipe must not make us wait for its writer. Windows knows only the last of them.
_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)
_KINDS: Final = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))


def file_bytes(path: Path) -> bytes:
    """What the regular file at `path` holds. Raises `Refused` for anything else.

    Missing E101, not permitted E103, a loop of links E104, a pipe or device E105, changed while
    it was read E106, too large E170.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        return _read(path, descriptor)
    except OSError as error:
        raise unreadable(path, error) from error
    finally:
        os.close(descriptor)


def stdin_bytes() -> bytes:
    """What stands in standard input, under the same cap."""
    if sys.stdin is None:
        raise Refused("E105", "stdin", "is closed", "pipe a file into it, or name the file")
    return _whole("stdin", sys.stdin.buffer.read)


def unreadable(path: Path, error: OSError) -> Refused:
    """The refusal for what the system says of `path`."""
    if isinstance(error, FileNotFoundError):
        return Refused("E101", str(path), "no such file or folder", _likely(path))
    if isinstance(error, PermissionError):
        wrong = f"permission denied{_owner(path)}"
        return Refused("E103", str(path), wrong, "ask for the right to read it")
    if error.errno == errno.ELOOP:
        wrong = "is a symbolic link that leads back to itself"
        return Refused("E104", str(path), wrong, "name the file itself")
    if error.errno == errno.ENXIO:
        return _no_file(path, "a socket or device")
    return Refused("E104", str(path), f"cannot be read ({error.strerror})", "check the path")


def _read(path: Path, descriptor: int) -> bytes:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        kinds = (name for is_kind, name in _KINDS if is_kind(before.st_mode))
        raise _no_file(path, next(kinds, "a device"))
    if before.st_size > MAX_BYTES:
        raise _too_large(path.name)
    data = _whole(path.name, lambda size: os.read(descriptor, size))
    after = os.fstat(descriptor)
    if _state(before) != _state(after) or len(data) != after.st_size:
        wrong = "was changed while it was read"
        raise Refused("E106", path.name, wrong, "wait until it is written, then run again")
    return data


def _whole(place: str, read: Callable[[int], bytes]) -> bytes:
    chunks, size = [], 0
    while chunk := read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            raise _too_large(place)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(place: str) -> Refused:
    wrong = f"has more than {MAX_BYTES:,} bytes"
    return Refused("E170", place, wrong, "check that it is the right file")


def _state(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino


def _no_file(path: Path, kind: str) -> Refused:
    is_stream = str(path).startswith("/dev/")
    fix = "use - to read standard input" if is_stream else "write it to a file first"
    return Refused("E105", str(path), f"is {kind}, no file", fix)


def _likely(path: Path) -> str:
    """What to do about a name that is not there: the nearest one that is."""
    try:
        names = sorted(file.name for file in path.parent.iterdir())
    except OSError:
        return "check the path"
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {near[0]}?" if near else "check the path"


def _owner(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f" (owner {found.st_uid}, mode {stat.S_IMODE(found.st_mode):04o})"
