"""The members of a zip, as the bytes that they hold, never extracted."""

import copy
import io
import re
import stat
import struct
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Final, NamedTuple, Protocol

from cptdiff.errors import Refused
from cptdiff.isolated import PASSWORD, SMALL
from cptdiff.limits import describe_bytes, find_limits, propose_limit

_PACKED: Final = re.compile(r"\.(?:gz|bz2|xz|zst)\Z", re.IGNORECASE)


def strip_packing(name: str) -> str:
    """Return the name of a packed file as that of what is in it; any other name as it is."""
    return _PACKED.sub("", name)


class Stream(Protocol):
    """What unpacks as it is read."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        ...


class Member(NamedTuple):
    """A file inside what the user named; `read` gives its bytes."""

    path: str
    size: int
    read: Callable[[], bytes]

    @property
    def base_name(self) -> str:
        """The last part of its path, without what says that it is packed."""
        return strip_packing(PurePosixPath(self.path).name)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders above it, outermost first."""
        return PurePosixPath(self.path).parts[:-1]


_PIECE: Final = 64 * 1024
_METHODS: Final = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}
# What a local header is, before its name and extra field (APPNOTE 4.3.7).
_LOCAL: Final = struct.Struct("<4s22xHH")


@dataclass(frozen=True)
class _Zip:
    """A zip whose directory is sound; `inflated` counts the bytes of each member that was read."""

    name: str
    file: zipfile.ZipFile
    inflated: dict[int, int] = field(default_factory=dict)


def open_zip(name: str, data: bytes) -> tuple[Member, ...]:
    """The files in the zip `data`; what `read` gives has passed its checksum.

    Raises `Refused`: bomb or entries that overlap E180, a name that leads elsewhere E181, a
    password E182, one name twice E186, damaged E187, a method that is not known E188.
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:  # what zipfile makes of hostile bytes has no one name
        raise Refused("E187", name, "is a damaged zip", "download it again") from error
    entries = file.infolist()
    most = find_limits().files
    if len(entries) > most:
        wrong = f"contains {len(entries):,} members, more than {most:,}"
        fix = f"if it is the right zip, add {propose_limit('files', len(entries))}"
        raise Refused("E180", name, wrong, fix)
    _check_entry_names(name, entries)
    _check_overlaps(name, data, file, entries)
    bundle = _Zip(name, file)
    return tuple(
        Member(path, entry.file_size, partial(_inflate, bundle, entry))
        for entry in entries
        for path in (_name_entry(entry),)
        if not path.endswith("/") and not path.startswith("__MACOSX/")
    )


def _name_entry(entry: zipfile.ZipInfo) -> str:
    """The path of a member; some programs on Windows part its folders by backslashes."""
    return entry.filename.replace("\\", "/")


def _check_entry_names(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    for entry in entries:
        # The name as it stands there: `filename` ends at a NUL.
        if why := _find_escape(entry.orig_filename, entry.external_attr >> 16):
            place = f"{name}!{entry.orig_filename}"
            raise Refused("E181", place, f"the member's name {why}", "get the publisher's own zip")
    times = Counter(map(_name_entry, entries))
    doubled = sorted(path for path, number in times.items() if number > 1)
    if doubled:
        wrong = f"contains {doubled[0]} {times[doubled[0]]} times"
        raise Refused("E186", name, wrong, "get the publisher's own zip")


def _find_escape(path: str, mode: int) -> str:
    if not path.isprintable() and any(unicodedata.category(one) == "Cc" for one in path):
        return "contains a control character"
    if path[1:2] == ":":
        return "names a drive"
    if path.startswith(("/", "\\")):
        return "is an absolute path"
    if ".." in PurePosixPath(path.replace("\\", "/")).parts:
        return "leads out of the zip (..)"
    return "belongs to a symbolic link" if stat.S_ISLNK(mode) else ""


def _check_overlaps(
    name: str, data: bytes, file: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]
) -> None:
    """Refuse entries that share bytes: a small zip can be a large one many times over."""
    end = file.start_dir
    for entry in sorted(entries, key=lambda entry: -entry.header_offset):
        start = entry.header_offset
        if not 0 <= start <= len(data) - _LOCAL.size:
            raise Refused("E187", name, "is a damaged zip", "download it again")
        _, name_size, extra_size = _LOCAL.unpack_from(data, start)
        if start + _LOCAL.size + name_size + extra_size + entry.compress_size > end:
            place = f"{name}!{entry.filename}"
            raise Refused("E180", place, "overlaps the next member", "get the publisher's own zip")
        end = start


def _inflate(bundle: _Zip, entry: zipfile.ZipInfo) -> bytes:
    place = f"{bundle.name}!{entry.filename}"
    if entry.flag_bits & PASSWORD:
        raise Refused("E182", place, "is password-protected", "unpack it first")
    try:
        # To write the chunks away takes half the memory of a list, and less time.
        whole = io.BytesIO()
        whole.writelines(_inflate_chunks(bundle, entry, place))
        data = whole.getvalue()
    except (Refused, MemoryError):
        raise
    except NotImplementedError as error:
        method = _METHODS.get(entry.compress_type, "unknown")
        wrong = (
            f"is compressed by method {entry.compress_type} ({method}), which cptdiff cannot read"
        )
        raise Refused("E188", place, wrong, "unpack it first") from error
    except Exception as error:  # as above
        raise Refused("E187", place, "is damaged", "download it again") from error
    if len(data) != entry.file_size:
        wrong = f"has {len(data):,} bytes, but the zip says {entry.file_size:,}"
        raise Refused("E180", place, wrong, "download it again")
    return data


def _inflate_chunks(bundle: _Zip, entry: zipfile.ZipInfo, place: str) -> Iterator[bytes]:
    """The member piece by piece, to its real end: its directory may lie about the size."""
    before = sum(size for at, size in bundle.inflated.items() if at != entry.header_offset)
    whole = copy.copy(entry)
    whole.file_size = 2 * find_limits().size
    size = 0
    with bundle.file.open(whole) as stream:
        for chunk in cap_chunks(place, stream, entry.compress_size, before):
            size += len(chunk)
            yield chunk
    bundle.inflated[entry.header_offset] = size


def cap_chunks(place: str, stream: Stream, packed: int, before: int = 0) -> Iterator[bytes]:
    """Yield what `stream` unpacks of `packed` bytes, piece by piece.

    Raise `Refused` (E180) where it is far larger than they are or, with the bytes `before`, larger
    than any release.
    """
    size, limits = 0, find_limits()
    while chunk := stream.read(_PIECE):
        size += len(chunk)
        if size > max(SMALL, limits.ratio * packed):
            wrong = f"unpacks to more than {limits.ratio:,} times its size"
            raise _refuse_bomb(place, wrong, propose_limit("ratio", 5 * limits.ratio))
        if before + size > limits.size:
            wrong = f"unpacks to more than {describe_bytes(limits.size)}"
            raise _refuse_bomb(place, wrong, propose_limit("size", 4 * limits.size))
        yield chunk


def _refuse_bomb(place: str, wrong: str, option: str) -> Refused:
    fix = f"if it is the right file, unpack it first, or add {option}"
    return Refused("E180", place, wrong, fix)
