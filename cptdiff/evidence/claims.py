"""A target is claimed before any input is read: checked, and locked against every other run.

The lock is the system's on `.cptdiff-NAME.lock`, so it ends with the run that holds it, however
that ends; what such a run left is removed by the next one, which needs no clock to know.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cptdiff.errors import EnvironmentFailed
from cptdiff.evidence import journal
from cptdiff.evidence.beside import beside, swept
from cptdiff.evidence.faults import in_the_way, missing_parent, unwritable

if sys.platform != "win32":
    import fcntl


@contextmanager
def claimed(target: Path, check: Callable[[Path], None]) -> Iterator[None]:
    """Hold `target`. Raises `EnvironmentFailed` where it fails `check` or another run has it."""
    _telling(check, target)
    journal.claiming(target)
    with locked(target):
        _telling(swept, target)
        # Another run may have finished since.
        _telling(check, target)
        try:
            yield
        finally:
            with suppress(OSError):
                swept(target)


def a_file(target: Path) -> None:
    """Raise where `target` cannot become a file, or is one that its owner protects."""
    _parent(target)
    if target.is_dir():
        raise EnvironmentFailed("E403", str(target), "is a folder", "name a file")
    if target.exists() and not target.is_file():
        raise EnvironmentFailed("E403", str(target), "is a device or a pipe", "name a file")
    if target.exists() and not os.access(target, os.W_OK):
        wrong, fix = "is read-only and is left as it is", "name another file"
        raise EnvironmentFailed("E403", str(target), wrong, fix)


def a_folder(target: Path) -> None:
    """Raise where `target` cannot become a new folder."""
    _parent(target)
    if os.path.lexists(target):
        raise in_the_way(target)


def _parent(target: Path) -> None:
    if not target.absolute().parent.is_dir():
        raise missing_parent(target)


def _telling(step: Callable[[Path], None], target: Path) -> None:
    try:
        step(target)
    except OSError as error:
        raise unwritable(target, error) from error


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of `target`. Windows has none: each run has names of its own there."""
    if sys.platform == "win32":
        yield
        return
    try:
        descriptor = _lock(target)
    except OSError as error:
        raise unwritable(target, error) from error
    try:
        _telling(lambda _: _signed(descriptor), target)
        yield
    finally:
        # While it is still ours: after that the next run may hold a file of this name.
        with suppress(OSError):
            beside(target, "lock").unlink(missing_ok=True)
        with suppress(OSError):
            os.close(descriptor)


def _lock(target: Path) -> int:
    """The lock's descriptor. Raises `EnvironmentFailed` where another run holds it."""
    path = beside(target, "lock")
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _same(descriptor, path):
                return descriptor
        except OSError as error:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace")
            os.close(descriptor)
            if error.errno in {errno.EAGAIN, errno.EACCES}:
                raise _taken(target, holder) from error
            raise
        os.close(descriptor)


def _signed(descriptor: int) -> None:
    """For whoever finds the lock held, the process that holds it."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)


def _same(descriptor: int, path: Path) -> bool:
    """Whether the file that was locked still has its name: its last holder removes it."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _taken(target: Path, holder: str) -> EnvironmentFailed:
    process = f" (process {holder})" if holder.isdecimal() else ""
    wrong = f"is being written by another run{process}"
    return EnvironmentFailed("E405", str(target), wrong, "wait for it or choose another folder")
