"""A path in, the bytes of its members out: a file, a folder or a zip, never extracted."""

import codecs
import difflib
import errno
import hashlib
import os
import re
import stat
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from cptdiff.errors import Refused
from cptdiff.limits import describe_bytes, find_limits, propose_limit
from cptdiff.model import Archive, PassedOver
from cptdiff.reading.archives import Member, open_zip, strip_packing
from cptdiff.reading.packed import (
    Packing,
    find_packing,
    recognize_packing,
    unpack,
    unpack_member,
)
from cptdiff.vocabulary import (
    AUTHOR,
    CLAIMS_PREDICATE,
    IMPACT_PREDICATE,
    MANIFEST,
    PREDICATE,
    REPORT_HEADS,
    REPORT_KEY,
)

_CHUNK: Final = 1024**2
_REACH: Final = 4096
# A pipe must not make us wait for its writer. Windows knows only the last of them.
_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)
_KINDS: Final = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))


def read_file(path: Path) -> bytes:
    """What the regular file at `path` holds. Raises `Refused` for anything else.

    Missing E101, not permitted E103, a loop of links E104, a pipe or device E105, changed while
    it was read E106, too large E170.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise refuse_unreadable(path, error) from error
    try:
        return _read(path, descriptor)
    except OSError as error:
        raise refuse_unreadable(path, error) from error
    finally:
        os.close(descriptor)


def read_pieces(path: Path, size: int) -> Iterator[bytes]:
    """Yield what the regular file at `path` holds, at most `size` bytes at a time.

    A piece ends with a line where lines are not very long. Raise `Refused` as `read_file` does; the
    file may be of any size.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise refuse_unreadable(path, error) from error
    try:
        before, number = os.fstat(descriptor), 0
        if not stat.S_ISREG(before.st_mode):
            raise _refuse_kind(path, "a device")
        while piece := os.read(descriptor, _find_size(descriptor, number, size)):
            number += len(piece)
            yield piece
        after = os.fstat(descriptor)
        if find_state(before) != find_state(after) or number != after.st_size:
            raise refuse_changed(path)
    finally:
        os.close(descriptor)


def _find_size(descriptor: int, start: int, size: int) -> int:
    """How many bytes from `start` on, at most `size`, end with a line; `size` if that is far off.

    To look for the line's end first is faster than to part what was read, and to join it again.
    """
    reach = min(size, _REACH)
    os.lseek(descriptor, start + size - reach, os.SEEK_SET)
    tail = os.read(descriptor, reach)
    os.lseek(descriptor, start, os.SEEK_SET)
    return size - reach + tail.rfind(b"\n") + 1 if b"\n" in tail and len(tail) == reach else size


def read_stdin() -> bytes:
    """What stands in standard input, under the same cap."""
    if sys.stdin is None:
        raise Refused(
            "E105", "stdin", "is closed", "pipe a file into it, or give the name of the file"
        )
    return _read_whole("stdin", sys.stdin.buffer.read)


# A path has one slash where an address has two.
_ADDRESS: Final = re.compile(r"(?i)(?:https?|s?ftps?|s3):/|www\.")


def refuse_unreadable(path: Path, error: OSError, other: Path | None = None) -> Refused:
    """Return the refusal for what the system says of `path`; it never proposes the `other` one."""
    if isinstance(error, FileNotFoundError) and _ADDRESS.match(str(path)):
        fix = "download it in a browser, then give the file"
        return Refused("E101", str(path), "is a web address; cptdiff works offline", fix)
    if isinstance(error, FileNotFoundError):
        return _refuse_missing(path, other)
    if isinstance(error, PermissionError):
        wrong = f"permission denied{_name_owner(path)}"
        return Refused("E103", str(path), wrong, "ask its owner for access")
    if error.errno == errno.ELOOP:
        wrong = "is a symbolic link that leads back to itself"
        return Refused("E104", str(path), wrong, "give the file itself")
    if error.errno == errno.ENXIO:
        return _refuse_kind(path, "a socket or device")
    return Refused("E104", str(path), f"cannot be read ({error.strerror})", "check the path")


def _refuse_missing(path: Path, other: Path | None) -> Refused:
    if path.is_symlink():
        wrong = f"is a symbolic link to {path.readlink()}, which does not exist"
        return Refused("E101", str(path), wrong, "restore that file, or remove the link")
    return Refused("E101", str(path), "no such file or folder", _suggest_name(path, other))


def _read(path: Path, descriptor: int) -> bytes:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        kinds = (name for is_kind, name in _KINDS if is_kind(before.st_mode))
        raise _refuse_kind(path, next(kinds, "a device"))
    if before.st_size > find_limits().size:
        raise _refuse_size(path.name, before.st_size)
    most = max(before.st_size, _CHUNK)
    data = _read_whole(path.name, lambda size: os.read(descriptor, size), most)
    after = os.fstat(descriptor)
    if find_state(before) != find_state(after) or len(data) != after.st_size:
        raise refuse_changed(path)
    return data


def refuse_changed(path: Path) -> Refused:
    """The refusal of a file that is no longer as it was."""
    wrong = "was changed while it was read"
    return Refused("E106", path.name, wrong, "wait until it is complete, then run again")


def _read_whole(place: str, read: Callable[[int], bytes], first: int = _CHUNK) -> bytes:
    """All that `read` gives; `first` is the size of the first piece, so that no other follows."""
    chunks: list[bytes] = []
    size, most = 0, find_limits().size
    while chunk := read(_CHUNK if chunks else first):
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            raise _refuse_size(place, 4 * most)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _refuse_size(place: str, needed: int) -> Refused:
    wrong = f"has more than {describe_bytes(find_limits().size)}"
    fix = f"if it is the right file, add {propose_limit('size', needed)}"
    return Refused("E170", place, wrong, fix)


def find_state(found: os.stat_result) -> tuple[int, int, int]:
    """What tells whether a file is still as it was."""
    return found.st_size, found.st_mtime_ns, found.st_ino


def _refuse_kind(path: Path, kind: str) -> Refused:
    is_stream = str(path).startswith("/dev/")
    fix = "use - to read standard input" if is_stream else "save its data to a file first"
    return Refused("E105", str(path), f"is {kind}, not a file", fix)


def _suggest_name(path: Path, other: Path | None) -> str:
    """What to do about a name that is not there: the nearest one that is, and is not `other`."""
    unlikely = os.path.realpath(other) if other else ""
    try:
        files = [file for file in path.parent.iterdir() if os.path.realpath(file) != unlikely]
    except OSError:
        return "check the path"
    names = sorted(file.name for file in files)
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {near[0]}?" if near else "check the path"


def _name_owner(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f" (owner {found.st_uid}, mode {stat.S_IMODE(found.st_mode):04o})"


ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
OLE: Final = b"\xd0\xcf\x11\xe0"
PARQUET: Final = b"PAR1"
# The first bytes of what often lies under a wrong name.
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
_OWN_RUN: Final = "a cptdiff run folder, not an input"
_OWN_REPORT: Final = "a cptdiff report, not an input"
_REPORT_HEAD: Final = 4096
# The schema and the keys of a Parquet file stand at its end.
_REPORT_TAIL: Final = 65536
# The subjects come before the predicate's form.
_MANIFEST_HEAD: Final = 64 * 1024
_TEXTS: Final = (".csv", ".tsv", ".tab", ".txt", ".psv", ".prn", ".xml")


class Bundle(NamedTuple):
    """What the user named, and what lies in it. `single` tells a plain file from a collection.

    `odd` is what lies there and is no file.
    """

    archive: Archive
    members: tuple[Member, ...]
    single: bool
    odd: tuple[PassedOver, ...] = ()


def open_bundle(path: Path) -> Bundle:
    """What lies at `path`. Raises `Refused` where that cannot be read at all."""
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where one may not look
        return _open_folder(path)
    return hold_bytes(name_path(Path(path.name)), read_file(path))


def open_stdin() -> Bundle:
    """What stands in standard input; its content alone tells what it is."""
    return hold_bytes("stdin", read_stdin())


def recognize_content(data: bytes) -> str:
    """What the first bytes say that `data` is; empty when they say nothing."""
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.lower().startswith(_PAGE):
        return "a web page"
    return next((what for magic, what in _MAGIC if head.startswith(magic)), "")


def hold_bytes(name: str, data: bytes) -> Bundle:
    """Return the bundle of the file `name` that holds `data`. Raise `Refused` for a wrong name."""
    archive = Archive(name, len(data), hashlib.sha256(data).hexdigest())
    if packing := _find_packing(name, data):
        data = unpack(name, data, packing)
    if not data:
        raise Refused("E110", name, "no data (0 bytes)", "get the file again")
    alone = Bundle(archive, (Member(name, len(data), lambda: data),), single=True)
    suffix = Path(strip_packing(name)).suffix.lower()
    if suffix in _BOOKS:
        return alone
    if data.startswith(ZIP):
        if packing:
            fix = f"remove the {packing.suffix[1:]} packing first"
            raise Refused("E130", name, "is a packed zip or workbook", fix)
        return _open_archive(alone, suffix, data)
    if suffix == ".zip":
        what = recognize_content(data) or "not a zip"
        raise _refuse_name(name, what, "download it again")
    return alone


def _open_archive(alone: Bundle, suffix: str, data: bytes) -> Bundle:
    """The members of a zip; a workbook is `alone`."""
    name = alone.archive.name
    if suffix in _TEXTS:
        raise _refuse_name(
            name, "a zip archive or workbook", "rename it to .zip or .xlsx, whichever it is"
        )
    members = tuple(unpack_member(member, name) for member in open_zip(name, data))
    paths = {member.path for member in members}
    if "xl/workbook.bin" in paths:
        raise Refused("E130", name, "is a binary workbook (.xlsb)", "save it as .xlsx")
    if "xl/workbook.xml" not in paths:
        return Bundle(alone.archive, members, single=False)
    if suffix:
        raise _refuse_name(name, "a workbook", "rename it to .xlsx")
    return alone


def _find_packing(name: str, data: bytes) -> Packing | None:
    """How a file is packed, by its name; by its content alone where the name has no suffix."""
    by_name = find_packing(name)
    return by_name if by_name or Path(name).suffix else recognize_packing(data)


def _refuse_name(name: str, what: str, fix: str) -> Refused:
    return Refused(
        "E130", name, f"the content is {what}, but its name says {Path(name).suffix[1:]}", fix
    )


def _open_folder(path: Path) -> Bundle:
    name = name_path(Path(path.resolve().name or path))
    walked = (
        Path(folder, name)
        for folder, _, names in os.walk(path, onerror=_raise_unlisted)
        for name in names
        if not name.startswith(".")
    )
    # The whole tree may be a disk's.
    most = find_limits().files
    found = sorted(islice(walked, most + 1))
    if len(found) > most:
        wrong = f"contains more than {most:,} files"
        option = propose_limit("files", 10 * most)
        fix = f"give only the folder of the release; if it is the right one, add {option}"
        raise Refused("E102", name, wrong, fix)
    members, odd = _sort_files(path, found)
    return Bundle(Archive(name, None, None), members, single=False, odd=odd)


def _sort_files(
    folder: Path, found: Iterable[Path]
) -> tuple[tuple[Member, ...], tuple[PassedOver, ...]]:
    """The files among `found`, and what is none: pipes, devices, links that lead nowhere."""
    members, odd = [], []
    found = tuple(found)
    runs = {file.parent for file in found if file.parent != folder and _is_manifest(file)}
    odd += [PassedOver(name_path(run.relative_to(folder)), _OWN_RUN) for run in sorted(runs)]
    for file in found:
        if not runs.isdisjoint(file.parents):
            continue
        name = name_path(file.relative_to(folder))
        try:
            state = file.stat()
        except OSError as error:
            odd.append(PassedOver(name, f"cannot be read ({error.strerror})"))
            continue
        if stat.S_ISREG(state.st_mode) and _is_report(file):
            odd.append(PassedOver(name, _OWN_REPORT))
        elif stat.S_ISREG(state.st_mode):
            member = Member(name, state.st_size, partial(read_file, file))
            members.append(unpack_member(member, name_path(Path(folder.name))))
        else:
            odd.append(PassedOver(name, "a pipe or device, not a file"))
    return tuple(members), tuple(odd)


def _is_manifest(file: Path) -> bool:
    """Whether a file is the manifest of a run folder of ours."""
    if file.name != MANIFEST:
        return False
    head = _read_head(file, _MANIFEST_HEAD)
    return any(form.encode() in head for form in (PREDICATE, IMPACT_PREDICATE, CLAIMS_PREDICATE))


def _is_report(file: Path) -> bool:
    """Whether a file is a report of ours: a table, or a workbook that names its author."""
    suffix = file.suffix.lower()
    if suffix == ".csv":
        head = _read_head(file, _REPORT_HEAD).removeprefix(codecs.BOM_UTF8)
        return head.startswith(tuple(each.encode() for each in REPORT_HEADS))
    if suffix == ".parquet":
        return REPORT_KEY.encode() in _read_tail(file, _REPORT_TAIL)
    if suffix != ".xlsx":
        return False
    try:
        with zipfile.ZipFile(file) as book, book.open("docProps/core.xml") as properties:
            head = properties.read(_REPORT_HEAD)
    except Exception:  # noqa: BLE001 - as in open_zip; whoever reads it tells what is wrong
        return False
    return f"<dc:creator>{AUTHOR}</dc:creator>".encode() in head


def _read_tail(file: Path, size: int) -> bytes:
    """The end of a plain file; empty where it cannot be read."""
    with suppress(OSError):
        if file.is_file():
            with file.open("rb") as stream:
                stream.seek(max(file.stat().st_size - size, 0))
                return stream.read(size)
    return b""


def _read_head(file: Path, size: int) -> bytes:
    """The beginning of a plain file; empty where it cannot be read."""
    with suppress(OSError):
        if file.is_file():
            with file.open("rb") as stream:
                return stream.read(size)
    return b""


def _raise_unlisted(error: OSError) -> None:
    raise refuse_unreadable(Path(error.filename), error)


def name_path(path: Path) -> str:
    """`path` with forward slashes, and with a mark for bytes that are no text."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")
