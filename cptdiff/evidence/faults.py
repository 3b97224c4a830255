"""What the machine may refuse, as one line for a person (reliability.md, section 4)."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cptdiff.errors import EnvironmentFailed

_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_TAKEN: Final = frozenset({errno.EEXIST, errno.ENOTEMPTY})
_MEGABYTE: Final = 1_000_000
UNTOUCHED: Final = "what stood there is untouched"


@contextmanager
def telling(path: Path, needed: int, outcome: str = UNTOUCHED) -> Iterator[None]:
    """Turn an `OSError` into the failure to write `path`; all outputs need so many bytes."""
    try:
        yield
    except OSError as error:
        raise failed(path, error, needed, outcome) from error


def failed(path: Path, error: OSError, needed: int, outcome: str) -> EnvironmentFailed:
    """The failure to write `path`, with its cause and `outcome`: what became of the rest."""
    if error.errno in _FULL:
        megabytes = -(-needed // _MEGABYTE) or 1
        wrong = f"no space ({error.strerror}); needs about {megabytes:,} MB; {outcome}"
        return EnvironmentFailed("E401", str(path), wrong, "free some space or choose another disk")
    if error.errno in _TAKEN:
        return in_the_way(path)
    wrong = f"cannot be written ({error.strerror}); {outcome}"
    return EnvironmentFailed("E401", str(path), wrong, "check the disk and the permissions")


def missing_parent(path: Path) -> EnvironmentFailed:
    """There is no folder that `path` could lie in."""
    fix = "make the folder that it should lie in"
    return EnvironmentFailed("E402", str(path), "its folder does not exist", fix)


def in_the_way(path: Path) -> EnvironmentFailed:
    """A run folder's name is taken."""
    wrong, fix = "exists already and is left as it is", "choose a new run folder"
    return EnvironmentFailed("E404", str(path), wrong, fix)


def unwritable(path: Path, error: OSError) -> EnvironmentFailed:
    """`path` could not even be claimed."""
    if error.errno in _FULL:
        return failed(path, error, _MEGABYTE, UNTOUCHED)
    if error.errno not in _FORBIDDEN:
        wrong = f"cannot be written ({error.strerror})"
        return EnvironmentFailed("E403", str(path), wrong, "choose another name or folder")
    wrong = f"its folder cannot be written ({error.strerror})"
    return EnvironmentFailed("E403", str(path), wrong, "choose a folder that you may write into")
