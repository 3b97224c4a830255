"""Targets are checked and locked before any input is read."""

import errno
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from cptdiff.errors import EnvironmentFailed

if sys.platform != "win32":
    import fcntl


_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_PERMISSION: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_OCCUPANCY: Final = frozenset({errno.EEXIST, errno.ENOTEMPTY})
_MEGABYTE: Final = 1_000_000
NO_CHANGE: Final = "what stood there is untouched"


@contextmanager
def tell_failures(path: Path, needed: int, outcome: str = NO_CHANGE) -> Iterator[None]:
    """Turn an `OSError` into the failure to write `path`; all outputs need so many bytes."""
    try:
        yield
    except OSError as error:
        raise fail_write(path, error, needed, outcome) from error


def fail_write(path: Path, error: OSError, needed: int, outcome: str) -> EnvironmentFailed:
    """The failure to write `path`, with its cause and `outcome`: what became of the rest."""
    if error.errno in _FULL:
        megabytes = -(-needed // _MEGABYTE) or 1
        wrong = f"no space ({error.strerror}); needs about {megabytes:,} MB; {outcome}"
        return EnvironmentFailed("E401", str(path), wrong, "free some space or choose another disk")
    if error.errno in _OCCUPANCY:
        return fail_existing(path)
    wrong = f"cannot be written ({error.strerror}); {outcome}"
    return EnvironmentFailed("E401", str(path), wrong, "check the disk and the permissions")


def fail_parent(path: Path) -> EnvironmentFailed:
    """There is no folder that `path` could lie in."""
    fix = "create the folder first"
    return EnvironmentFailed("E402", str(path), "its folder does not exist", fix)


def fail_existing(path: Path) -> EnvironmentFailed:
    """A run folder's name is taken."""
    wrong, fix = "already exists; nothing was changed", "choose a new run folder"
    return EnvironmentFailed("E404", str(path), wrong, fix)


def fail_claim(path: Path, error: OSError) -> EnvironmentFailed:
    """`path` could not even be claimed."""
    if error.errno in _FULL:
        return fail_write(path, error, _MEGABYTE, NO_CHANGE)
    if error.errno not in _PERMISSION:
        wrong = f"cannot be written ({error.strerror})"
        return EnvironmentFailed("E403", str(path), wrong, "choose another name or folder")
    wrong = f"its folder cannot be written ({error.strerror})"
    return EnvironmentFailed("E403", str(path), wrong, "choose a folder where you may write")


def follow_links(target: Path) -> Path:
    """Where a report is written: what the symbolic link `target` leads to, else `target`."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _name_machine() -> str:
    """The machine as far as process numbers go: alike in runs that can see each other's."""
    name = os.environ.get("COMPUTERNAME", "") if sys.platform == "win32" else os.uname().nodename
    parts = [name]
    with suppress(OSError, ValueError):
        parts.append(Path("/etc/machine-id").read_text("ascii"))
    with suppress(OSError):  # a container counts its processes by itself
        parts.append(os.readlink("/proc/self/ns/pid"))  # noqa: PTH115 - no path
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:8]


_LONGEST: Final = 200
_MACHINE: Final = _name_machine()
# A lock may be none, on a network share above all, and no run may touch what another one builds:
# each has names of its own.
_WHOSE: Final = f"{_MACHINE}-{os.getpid()}-{os.urandom(4).hex()}"
_OWN_NAME: Final = re.compile(r"([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.(?:new|old)")


def path_beside(target: Path, what: str) -> Path:
    """The path of `what` (new, old or lock) of `target`; all runs have one lock."""
    whose = "" if what == "lock" else f"{_WHOSE}."
    target = follow_links(target)
    return target.absolute().parent / f"{_begin_name(target)}{whose}{what}"


def _begin_name(target: Path) -> str:
    """A name too long to be lengthened stands as its digest."""
    name = os.fsencode(target.name)
    if len(name) > _LONGEST:
        name = hashlib.sha256(name).hexdigest().encode()
    return f".cptdiff-{os.fsdecode(name)}."


def sweep(target: Path) -> None:
    """Remove what this run, or one of this machine that is no more, left beside `target`."""
    for what in ("new", "old"):
        remove(path_beside(target, what))
    target = follow_links(target)
    start = _begin_name(target)
    folder, names = target.absolute().parent, []
    with suppress(OSError):  # one may write into a folder that one may not list
        names = os.listdir(folder)  # noqa: PTH208 - names are all that is needed
    for name in names:
        found = _OWN_NAME.fullmatch(name.removeprefix(start)) if name.startswith(start) else None
        if found and _is_gone(found[1], int(found[2])):
            remove(folder / name)


def _is_gone(machine: str, process: int) -> bool:
    """Whether a process is known to run no more; of another machine nothing is known."""
    if machine != _MACHINE or sys.platform == "win32":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return _is_zombie(process)


def _is_zombie(process: int) -> bool:
    """Whether a process has ended and keeps its number only until its parent has noticed."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii", "replace")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[:1] in (["Z"], ["X"])


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


_BEGIN: Final = b"begun"
_END: Final = b"done"
# The pipe to the process that watches, in the one process that is watched over.
_pipes: Final[list[int]] = []


class Journal(NamedTuple):
    """What a run had told when it ended."""

    targets: tuple[Path, ...]
    begun: bool
    done: bool


def tell_to(descriptor: int) -> None:
    """Tell to this pipe from now on; a full one is not waited for."""
    os.set_blocking(descriptor, False)
    _pipes.append(descriptor)


def tell_claim(target: Path) -> None:
    """Tell that there may be something beside `target` from now on."""
    _tell(os.fsencode(target.absolute()))


def tell_begin() -> None:
    """Tell that the outputs are being put in place."""
    _tell(_BEGIN)


def tell_done() -> None:
    """Tell that all outputs are in place."""
    _tell(_END)


def read_journal(descriptor: int) -> Journal:
    """All that a run told, once it has ended; a process that it left behind is not waited for."""
    os.set_blocking(descriptor, False)
    data = b""
    with suppress(BlockingIOError):
        data = os.read(descriptor, 1 << 20)
    words = data.split(b"\0")[:-1]
    targets = [Path(os.fsdecode(word)) for word in words if word not in {_BEGIN, _END}]
    return Journal(tuple(targets), _BEGIN in words, _END in words)


def _tell(word: bytes) -> None:
    for descriptor in _pipes:
        with suppress(OSError):
            os.write(descriptor, word + b"\0")


@contextmanager
def hold_target(target: Path, check: Callable[[Path], None]) -> Iterator[None]:
    """Hold `target`. Raises `EnvironmentFailed` where it fails `check` or another run has it."""
    _try_step(check, target)
    tell_claim(target)
    with lock(target):
        _try_step(sweep, target)
        # Another run may have finished since.
        _try_step(check, target)
        try:
            yield
        finally:
            with suppress(OSError):
                sweep(target)


def check_file(target: Path) -> None:
    """Raise where `target` cannot become a file, or is one that its owner protects."""
    _check_parent(target)
    if target.is_dir():
        raise EnvironmentFailed("E403", str(target), "is a folder", "give a file")
    if target.exists() and not target.is_file():
        raise EnvironmentFailed("E403", str(target), "is a device or a pipe", "give a file")
    if target.is_symlink():
        _check_parent(follow_links(target))
    if target.exists() and not os.access(target, os.W_OK):
        wrong, fix = "is read-only; nothing was changed", "choose another file"
        raise EnvironmentFailed("E403", str(target), wrong, fix)


def check_folder(target: Path) -> None:
    """Raise where `target` cannot become a new folder."""
    _check_parent(target)
    if os.path.lexists(target):
        raise fail_existing(target)


def _check_parent(target: Path) -> None:
    if not target.absolute().parent.is_dir():
        raise fail_parent(target)


def _try_step(step: Callable[[Path], None], target: Path) -> None:
    try:
        step(target)
    except OSError as error:
        raise fail_claim(target, error) from error


# What a disk answers that has no locks.
_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS})
# What a disk answers where a file has one name only.
_NO_LINKS: Final = frozenset({errno.EPERM, errno.EMLINK, *_NO_LOCKS})


@contextmanager
def lock(target: Path) -> Iterator[None]:
    """Hold the lock of `target`. Windows has none: each run has names of its own there."""
    if sys.platform == "win32":
        yield
        return
    path = path_beside(target, "lock")
    try:
        descriptor = _lock(target, path)
    except OSError as error:
        raise fail_claim(target, error) from error
    try:
        _try_step(lambda _: _sign_lock(descriptor), target)
        yield
    finally:
        try:
            _release(descriptor, path)
        finally:  # a signal may have come in between
            _release(descriptor, path)


def _release(descriptor: int, path: Path) -> None:
    """Remove the lock while it is still ours: then the next run may hold a file of this name."""
    with suppress(OSError):
        if _is_same_file(descriptor, path):
            path.unlink(missing_ok=True)
    with suppress(OSError):
        os.close(descriptor)


def _lock(target: Path, path: Path) -> int:
    """The lock's descriptor. Raises `EnvironmentFailed` where another run holds it.

    On a disk without locks the file itself is the lock: who makes it holds it.
    """
    while True:
        descriptor, is_new = _open_lock(path)
        try:
            is_locked = _lock_file(descriptor)
            if not _is_same_file(descriptor, path):
                os.close(descriptor)
                continue
            if (is_locked and not _is_idle(path)) or is_new:
                return descriptor
            holder = _read_holder(descriptor)
        except OSError as error:
            holder = _read_holder(descriptor)
            os.close(descriptor)
            if error.errno in {errno.EAGAIN, errno.EACCES}:
                raise _fail_lock(target, holder) from error
            raise
        except BaseException:  # a signal
            if is_new:
                _release(descriptor, path)
            raise
        os.close(descriptor)
        if not _is_gone(holder.machine, holder.process):
            raise _fail_lock(target, holder)
        _drop_lock(path)


def _open_lock(path: Path) -> tuple[int, bool]:
    """The lock's descriptor, and whether this run made the file."""
    while True:
        try:
            return _make_lock(path), True
        except FileExistsError:
            with suppress(FileNotFoundError):  # its holder may have ended since
                return os.open(path, os.O_RDWR | os.O_CLOEXEC), False


def _make_lock(path: Path) -> int:
    """The descriptor of a new lock. Raises `FileExistsError` where there is one.

    It is signed before it gets its name: a run may be killed at any point, and nobody could
    remove a lock that does not say whose it was.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    unnamed = path.with_name(f"{path.name.removesuffix('lock')}{_WHOSE}.new")
    descriptor = os.open(unnamed, flags, 0o644)
    try:
        _sign_lock(descriptor)
        path.hardlink_to(unnamed)
        unnamed.unlink()
    except BaseException as error:  # signals too
        _release(descriptor, path)
        unnamed.unlink(missing_ok=True)
        if getattr(error, "errno", 0) not in _NO_LINKS:
            raise
    else:
        return descriptor
    descriptor = os.open(path, flags, 0o644)
    _sign_lock(descriptor)
    return descriptor


def _lock_file(descriptor: int) -> bool:
    """Whether the file is locked now; not where the disk has no locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return False
    return True


def _is_idle(path: Path) -> bool:
    """Whether a lock that is held does not hinder anybody: some disks only say that they lock."""
    try:
        second = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(second)
    return True


def _drop_lock(path: Path) -> None:
    """Remove the lock of a run that is no more; of runs that do so at once, one finds it."""
    stale = path.with_name(f"{path.name}.{_WHOSE}.old")
    with suppress(FileNotFoundError):
        path.rename(stale)
        stale.unlink(missing_ok=True)


_SIGNATURE: Final = 40


class Holder(NamedTuple):
    """The process that signed a lock; 0 where nobody did."""

    process: int
    machine: str


def _sign_lock(descriptor: int) -> None:
    """For whoever finds the lock held, who holds it; at no point does it name nobody."""
    os.pwrite(descriptor, f"{os.getpid()} {_MACHINE}".ljust(_SIGNATURE).encode(), 0)


def _read_holder(descriptor: int) -> Holder:
    words = os.pread(descriptor, _SIGNATURE, 0).decode("ascii", "replace").split()
    process = int(words[0]) if words and words[0].isdecimal() else 0
    return Holder(process, words[1] if len(words) > 1 else "")


def _is_same_file(descriptor: int, path: Path) -> bool:
    """Whether the file that was locked still has its name: its last holder removes it."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _fail_lock(target: Path, holder: Holder) -> EnvironmentFailed:
    if holder.machine and holder.machine != _MACHINE:
        lock_file = path_beside(target, "lock").name
        wrong = f"is being written by a run on another machine (process {holder.process})"
        fix = f"wait until it ends; if it no longer runs, delete {lock_file}"
        return EnvironmentFailed("E405", str(target), wrong, fix)
    process = f" (process {holder.process})" if holder.process else ""
    wrong = f"is being written by another run{process}"
    return EnvironmentFailed(
        "E405", str(target), wrong, "wait until it ends, or choose another place"
    )
