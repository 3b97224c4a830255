"""Files and run folders, built beside their target and renamed once (reliability.md, section 4)."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cptdiff.errors import EnvironmentFailed


def checked_target(path: Path, *, folder: bool) -> None:
    """Raise `EnvironmentFailed` where `path` could not be written; before any input is read."""
    try:
        _checked(path, folder=folder)
    except OSError as error:
        raise _failed(path, error) from error


def _checked(path: Path, *, folder: bool) -> None:
    if not path.absolute().parent.is_dir():
        fix = "make the folder that it should lie in"
        raise EnvironmentFailed("E402", str(path), "its folder does not exist", fix)
    if folder and path.exists():
        wrong, fix = "exists already and is left as it is", "choose a new run folder"
        raise EnvironmentFailed("E404", str(path), wrong, fix)
    if not folder and path.is_dir():
        raise EnvironmentFailed("E403", str(path), "is a folder", "name a file")


def write_file(path: Path, data: bytes) -> None:
    """`path` with `data`, or as it was before."""
    try:
        handle, name = tempfile.mkstemp(prefix=".cptdiff-", dir=path.absolute().parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                _filled(file.fileno(), data)
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _failed(path, error) from error


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """A new folder `path` with `files`, written in their order, or nothing."""
    try:
        temporary = Path(tempfile.mkdtemp(prefix=".cptdiff-", dir=path.absolute().parent))
        try:
            for name, data in files.items():
                with (temporary / name).open("wb") as file:
                    _filled(file.fileno(), data)
            temporary.chmod(0o777 & ~_umask())
            temporary.rename(path)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise _failed(path, error) from error


def _filled(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _failed(path: Path, error: OSError) -> EnvironmentFailed:
    wrong = f"cannot be written ({error.strerror}); what stood there is untouched"
    return EnvironmentFailed("E401", str(path), wrong, "check space and permission")
