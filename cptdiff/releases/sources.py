"""A path in, its members out: a file, a folder or a zip, read into memory and never extracted."""

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from cptdiff.errors import Refused
from cptdiff.model import Archive, PassedOver
from cptdiff.releases.archive import MAX_MEMBERS, zip_members
from cptdiff.releases.files import file_bytes, stdin_bytes, unreadable
from cptdiff.releases.member import Member

__all__ = ["Bundle", "Member", "content", "holding", "opened", "stdin"]

ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
OLE: Final = b"\xd0\xcf\x11\xe0"
PARQUET: Final = b"PAR1"
# The first bytes of what often lies under a wrong name (reliability.md, row 9).
_MAGIC: Final = (
    (ZIP[0], "a zip archive or workbook"),
    (ZIP[1], "an empty zip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (OLE, "an old Office file (.xls) or a password-protected workbook"),
    (PARQUET, "a Parquet file"),
    (b"version https://git-lfs", "a git-lfs pointer"),
)
# A page's first words, in any case; all other marks stand as they are.
_PAGE: Final = (b"<!doctype html", b"<html")
_BOOKS: Final = (".xlsx", ".xlsm")
_TEXTS: Final = (".csv", ".tsv", ".tab", ".txt", ".psv", ".prn", ".xml")


@dataclass(frozen=True)
class Bundle:
    """What the user named, and what lies in it. `single` tells a plain file from a collection.

    `odd` is what lies there and is no file.
    """

    archive: Archive
    members: tuple[Member, ...]
    single: bool
    odd: tuple[PassedOver, ...] = ()


def opened(path: Path) -> Bundle:
    """What lies at `path`. Raises `Refused` where that cannot be read at all."""
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where one may not look
        return _folder(path)
    return holding(_named(Path(path.name)), file_bytes(path))


def stdin() -> Bundle:
    """What stands in standard input; its content alone tells what it is."""
    return holding("stdin", stdin_bytes())


def content(data: bytes) -> str:
    """What the first bytes say that `data` is; empty when they say nothing."""
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.lower().startswith(_PAGE):
        return "a web page"
    return next((what for magic, what in _MAGIC if head.startswith(magic)), "")


def holding(name: str, data: bytes) -> Bundle:
    """Return the bundle of the file `name` that holds `data`. Raise `Refused` for a wrong name."""
    if not data:
        raise Refused("E110", name, "no data (0 bytes)", "get the file again")
    archive = Archive(name, len(data), hashlib.sha256(data).hexdigest())
    alone = Bundle(archive, (Member(name, len(data), lambda: data),), single=True)
    suffix = Path(name).suffix.lower()
    if suffix in _BOOKS:
        return alone
    if not data.startswith(ZIP):
        if suffix == ".zip":
            what = content(data) or "no zip"
            raise _misnamed(name, what, "download it again")
        return alone
    if suffix in _TEXTS:
        raise _misnamed(name, "a zip archive or workbook", "name it .zip or .xlsx as it is")
    members = zip_members(name, data)
    paths = {member.path for member in members}
    if "xl/workbook.bin" in paths:
        raise Refused("E130", name, "is a binary workbook (.xlsb)", "save it as .xlsx")
    if "xl/workbook.xml" not in paths:
        return Bundle(archive, members, single=False)
    if suffix:
        raise _misnamed(name, "a workbook", "name it .xlsx")
    return alone


def _misnamed(name: str, what: str, fix: str) -> Refused:
    return Refused("E130", name, f"content is {what}, its name says {Path(name).suffix[1:]}", fix)


def _folder(path: Path) -> Bundle:
    name = _named(Path(path.resolve().name or path))
    walked = (
        Path(folder, name)
        for folder, _, names in os.walk(path, onerror=_unlisted)
        for name in names
        if not name.startswith(".")
    )
    # The whole tree may be a disk's.
    found = sorted(islice(walked, MAX_MEMBERS + 1))
    if len(found) > MAX_MEMBERS:
        wrong = f"holds more than {MAX_MEMBERS:,} files"
        raise Refused("E102", name, wrong, "name the release's own folder")
    members, odd = _sorted_out(path, found)
    return Bundle(Archive(name, None, None), members, single=False, odd=odd)


def _sorted_out(
    folder: Path, found: Iterable[Path]
) -> tuple[tuple[Member, ...], tuple[PassedOver, ...]]:
    """The files among `found`, and what is none: pipes, devices, links that lead nowhere."""
    members, odd = [], []
    for file in found:
        name = _named(file.relative_to(folder))
        try:
            state = file.stat()
        except OSError as error:
            odd.append(PassedOver(name, f"cannot be read ({error.strerror})"))
            continue
        if stat.S_ISREG(state.st_mode):
            members.append(Member(name, state.st_size, partial(file_bytes, file)))
        else:
            odd.append(PassedOver(name, "a pipe or device, no file"))
    return tuple(members), tuple(odd)


def _unlisted(error: OSError) -> None:
    raise unreadable(Path(error.filename), error)


def _named(path: Path) -> str:
    """`path` with forward slashes, and with a mark for bytes that are no text."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")
