"""Files and folders come into place together, whole or not at all."""

import errno
import os
import shutil
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from cptdiff.errors import escape_controls
from cptdiff.output import targets
from cptdiff.output.targets import NO_CHANGE, fail_write, path_beside, remove, tell_failures
from cptdiff.process import lines, signals

Content = bytes | Mapping[str, bytes]
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_NOT_BACK: Final = "complete but new, because the old version could not be restored"
_NEW_OWNER: Final = "belongs to you now: its former owner could not be kept"
# What a disk answers that cannot promise that what was written is safe.
_NO_SYNC: Final = frozenset({errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS})
_UNSAFE: Final = "this disk does not confirm that it has stored the files; check them after a crash"
_notes: Final[list[str]] = []


def write_targets(outputs: Mapping[Path, Content]) -> None:
    """Files (bytes) and new folders (bytes by name) in place, or everything as it was before.

    The caller has claimed every target. Raises `EnvironmentFailed`. Signals wait from the first
    rename on, until `stopping.release`.
    """
    needed = sum(map(_measure, outputs.values()))
    outputs = {targets.follow_links(target): content for target, content in outputs.items()}
    for target, content in outputs.items():
        with tell_failures(target, needed):
            _stage(target, content)
    signals.hold()
    targets.tell_begin()
    _commit(list(outputs), needed)
    targets.tell_done()


def _measure(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else sum(map(len, content.values()))


def _stage(target: Path, content: Content) -> None:
    """`content` beside `target`, safe on the disk, with what stands there kept beside it too."""
    new = path_beside(target, "new")
    if isinstance(content, bytes):
        _fill(new, content, target)
        _keep_former(target)
        return
    new.mkdir(0o755)
    for folder in sorted({(new / name).parent for name in content} - {new}):
        folder.mkdir(0o755, parents=True, exist_ok=True)
    for name, data in content.items():
        _fill(new / name, data)
    for folder in sorted({(new / name).parent for name in content} | {new}):
        _sync_folder(folder)


def _fill(path: Path, data: bytes, former: Path | None = None) -> None:
    """Write a new file that can be read by whom the `former` one is, if there is one."""
    descriptor = os.open(path, _NEW | getattr(os, "O_BINARY", 0), 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        if former is not None and os.name != "nt":
            _keep_permissions(descriptor, former)
        _sync(descriptor, former or path)
    finally:
        os.close(descriptor)


def _keep_permissions(descriptor: int, former: Path) -> None:
    """Give a new file the mode and the owner of the `former` one, as far as this is allowed."""
    try:
        state = former.stat()
    except FileNotFoundError:
        return
    try:
        os.fchown(descriptor, state.st_uid, state.st_gid)
    except OSError:
        with suppress(OSError):
            os.fchown(descriptor, -1, state.st_gid)
        if os.fstat(descriptor).st_uid != state.st_uid:
            lines.say(escape_controls(f"cptdiff: note: {former}: {_NEW_OWNER}"), level="warning")
    with suppress(OSError):
        os.fchmod(descriptor, stat.S_IMODE(state.st_mode))


def _sync(descriptor: int, path: Path) -> None:
    """What was written is safe on the disk; one that cannot promise that is told once."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
        if not _notes:
            _notes.append(f"cptdiff: note: {path}: {_UNSAFE} ({error.strerror})")
            lines.say(escape_controls(_notes[0]), level="warning")


def _keep_former(target: Path) -> None:
    """The file that stands at `target` under a second name; a disk without links gets a copy."""
    if not os.path.lexists(target):
        return
    old = path_beside(target, "old")
    try:
        os.link(target, old, follow_symlinks=False)
    except OSError:
        shutil.copy2(target, old, follow_symlinks=False)


def _commit(targets: list[Path], needed: int) -> None:
    placed: list[Path] = []
    try:
        for target in targets:
            _put_in_place(target)
            placed.append(target)
        for folder in sorted({target.absolute().parent for target in targets}):
            _sync_folder(folder)
    except BaseException as error:
        lost = [target.name for target in reversed(placed) if not _put_back(target)]
        if not isinstance(error, OSError):
            raise
        outcome = f"{_NOT_BACK}: {', '.join(lost)}" if lost else NO_CHANGE
        raise fail_write(
            targets[min(len(placed), len(targets) - 1)], error, needed, outcome
        ) from error


def _put_in_place(target: Path) -> None:
    new = path_beside(target, "new")
    if not new.is_dir():
        new.replace(target)
        return
    # rename(2) would take the place of an empty folder.
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    new.rename(target)


def _put_back(target: Path) -> bool:
    """Whether `target` is as it was before."""
    try:
        if os.path.lexists(path_beside(target, "old")):
            _restore(target)
        else:
            _withdraw(target)
    except OSError:
        return False
    return True


def _restore(target: Path) -> None:
    old = path_beside(target, "old")
    try:
        old.replace(target)
    except OSError:  # a disk on which nothing is renamed any more
        target.unlink()
        os.link(old, target, follow_symlinks=False)


def _withdraw(target: Path) -> None:
    """Nothing stood there; nor may half of a folder, so that it goes back in one piece first."""
    with suppress(OSError):
        target.rename(path_beside(target, "new"))
    remove(target)


def _sync_folder(folder: Path) -> None:
    """What the folder lists is safe on the disk, where the system can promise that of folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _sync(descriptor, folder)
    finally:
        os.close(descriptor)
