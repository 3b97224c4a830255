"""A path in, its members out: a file, a folder or a zip, read into memory and never extracted."""

import hashlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from cptdiff.errors import Refused
from cptdiff.model import Archive

MAX_BYTES: Final = 512 * 1024**2
MAX_MEMBERS: Final = 10_000

# The first bytes of what often lies under a wrong name (reliability.md, row 9).
_MAGIC: Final = (
    (b"PK\x03\x04", "a zip archive or workbook"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls) or a password-protected workbook"),
    (b"PAR1", "a Parquet file"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"version https://git-lfs", "a git-lfs pointer"),
)


@dataclass(frozen=True)
class Member:
    """A file inside what the user named; `read` gives its bytes."""

    path: str
    size: int
    read: Callable[[], bytes]

    @property
    def base_name(self) -> str:
        """The last part of its path."""
        return PurePosixPath(self.path).name

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders above it, outermost first."""
        return PurePosixPath(self.path).parts[:-1]


@dataclass(frozen=True)
class Bundle:
    """What the user named, and what lies in it. `single` tells a plain file from a collection."""

    archive: Archive
    members: tuple[Member, ...]
    single: bool


def opened(path: Path) -> Bundle:
    """What lies at `path`. Raises `Refused` where that cannot be read at all."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(mode):
        return _folder(path)
    if not stat.S_ISREG(mode):
        raise Refused("E105", path.name, "is not a file", "write it to a file first")
    data = _bytes(path)
    name = _named(Path(path.name))
    archive = Archive(name, len(data), hashlib.sha256(data).hexdigest())
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and path.suffix.lower() not in {
        ".xlsx",
        ".xlsm",
    }:
        return Bundle(archive, _zipped(name, data), single=False)
    return Bundle(archive, (Member(name, len(data), lambda: data),), single=True)


def content(data: bytes) -> str:
    """What the first bytes say that `data` is; empty when they say nothing."""
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((what for magic, what in _MAGIC if head.lower().startswith(magic.lower())), "")


def _folder(path: Path) -> Bundle:
    found = (
        Path(folder, name)
        for folder, _, names in os.walk(path, onerror=_unlisted)
        for name in names
        if not name.startswith(".")
    )
    files = sorted(file for file in found if file.is_file())
    if len(files) > MAX_MEMBERS:
        wrong = f"holds {len(files):,} files, more than {MAX_MEMBERS:,}"
        raise Refused("E102", path.name, wrong, "name the release's own folder")
    members = tuple(
        Member(_named(file.relative_to(path)), file.stat().st_size, partial(_bytes, file))
        for file in files
    )
    return Bundle(Archive(_named(Path(path.resolve().name)), None, None), members, single=False)


def _unlisted(error: OSError) -> None:
    raise _unreadable(Path(error.filename), error)


def _named(path: Path) -> str:
    """`path` with forward slashes, and with a mark for bytes that are no text."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _zipped(name: str, data: bytes) -> tuple[Member, ...]:
    try:
        bundle = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused("E187", name, "is a damaged zip", "download it again") from error
    infos = [info for info in bundle.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        wrong = f"holds {len(infos):,} members, more than {MAX_MEMBERS:,}"
        raise Refused("E180", name, wrong, "unpack the release and name its folder")
    return tuple(
        Member(info.filename, info.file_size, partial(_inflated, name, bundle, info))
        for info in infos
        if not info.filename.startswith("__MACOSX/")
    )


def _inflated(name: str, bundle: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    place = f"{name}!{info.filename}"
    if info.flag_bits & 1:
        raise Refused("E182", place, "is password-protected", "unpack it first")
    _capped(place, info.file_size)
    try:
        return bundle.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise Refused("E187", place, "is damaged", "download it again") from error
    except NotImplementedError as error:
        wrong = f"is packed by method {info.compress_type}, which cannot be read"
        raise Refused("E188", place, wrong, "unpack it first") from error


def _bytes(path: Path) -> bytes:
    try:
        _capped(path.name, path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _capped(place: str, size: int) -> None:
    if size > MAX_BYTES:
        wrong = f"has {size:,} bytes, more than {MAX_BYTES:,}"
        raise Refused("E170", place, wrong, "check that it is the right file")


def _unreadable(path: Path, error: OSError) -> Refused:
    if isinstance(error, FileNotFoundError):
        return Refused("E101", str(path), "no such file or folder", "check the path")
    if isinstance(error, PermissionError):
        return Refused("E103", str(path), "permission denied", "ask for the right to read it")
    return Refused("E104", str(path), f"cannot be read ({error.strerror})", "check the path")
