"""What stands beside a target while it is written: `.cptdiff-NAME.lock`, `.new` and `.old`."""

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Final

_LONGEST: Final = 200
# Where nothing can be locked (claims.py), no run may touch what another one builds: each has names
# of its own.
_WHOSE: Final = f"{os.getpid()}." if sys.platform == "win32" else ""


def beside(target: Path, what: str) -> Path:
    """The path of `what` of `target`; a name too long to be lengthened stands as its digest."""
    name = os.fsencode(target.name)
    if len(name) > _LONGEST:
        name = hashlib.sha256(name).hexdigest().encode()
    return target.absolute().parent / f".cptdiff-{os.fsdecode(name)}.{_WHOSE}{what}"


def swept(target: Path) -> None:
    """Remove what a run left beside `target`; the caller holds its lock, so no run is using it."""
    for what in ("new", "old"):
        removed(beside(target, what))


def removed(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
