"""A zip in memory: never extracted, each member inflated under caps (reliability.md, 48-52)."""

import copy
import io
import stat
import struct
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Final

from cptdiff.contained import PASSWORD, RATIO, SMALL
from cptdiff.errors import Refused
from cptdiff.releases.files import MAX_BYTES
from cptdiff.releases.member import Member

MAX_MEMBERS: Final = 10_000
_CHUNK: Final = 64 * 1024
_METHODS: Final = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}
# What a local header is, before its name and extra field (APPNOTE 4.3.7).
_LOCAL: Final = struct.Struct("<4s22xHH")


@dataclass(frozen=True)
class _Zip:
    """A zip whose directory is sound; `inflated` counts the bytes of each member that was read."""

    name: str
    file: zipfile.ZipFile
    inflated: dict[int, int] = field(default_factory=dict)


def zip_members(name: str, data: bytes) -> tuple[Member, ...]:
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
    if len(entries) > MAX_MEMBERS:
        wrong = f"holds {len(entries):,} members, more than {MAX_MEMBERS:,}"
        raise Refused("E180", name, wrong, "unpack the release and name its folder")
    _named_plainly(name, entries)
    _apart(name, data, file, entries)
    bundle = _Zip(name, file)
    return tuple(
        Member(entry.filename, entry.file_size, partial(_inflated, bundle, entry))
        for entry in entries
        if not (entry.is_dir() or entry.filename.startswith("__MACOSX/"))
    )


def _named_plainly(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    for entry in entries:
        # The name as it stands there: `filename` ends at a NUL.
        if why := _leads_elsewhere(entry.orig_filename, entry.external_attr >> 16):
            place = f"{name}!{entry.orig_filename}"
            raise Refused("E181", place, f"the member's name {why}", "get the publisher's own zip")
    times = Counter(entry.filename for entry in entries)
    doubled = sorted(path for path, number in times.items() if number > 1)
    if doubled:
        wrong = f"holds {doubled[0]} {times[doubled[0]]} times"
        raise Refused("E186", name, wrong, "pack each file once")


def _leads_elsewhere(path: str, mode: int) -> str:
    if any(unicodedata.category(character) == "Cc" for character in path):
        return "holds a control character"
    if "\\" in path or path[1:2] == ":":
        return "is that of a Windows path"
    if path.startswith("/"):
        return "is an absolute path"
    if ".." in PurePosixPath(path).parts:
        return "leads out of the zip (..)"
    return "is that of a symbolic link" if stat.S_ISLNK(mode) else ""


def _apart(
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
            raise Refused("E180", place, "overlaps what follows it", "get the publisher's own zip")
        end = start


def _inflated(bundle: _Zip, entry: zipfile.ZipInfo) -> bytes:
    place = f"{bundle.name}!{entry.filename}"
    if entry.flag_bits & PASSWORD:
        raise Refused("E182", place, "is password-protected", "unpack it first")
    try:
        data = b"".join(_chunks(bundle, entry, place))
    except (Refused, MemoryError):
        raise
    except NotImplementedError as error:
        method = _METHODS.get(entry.compress_type, "unknown")
        wrong = f"is packed by method {entry.compress_type} ({method}), which cannot be read"
        raise Refused("E188", place, wrong, "unpack it first") from error
    except Exception as error:  # as above
        raise Refused("E187", place, "is damaged", "download it again") from error
    if len(data) != entry.file_size:
        wrong = f"has {len(data):,} bytes, but says {entry.file_size:,}"
        raise Refused("E180", place, wrong, "download it again")
    return data


def _chunks(bundle: _Zip, entry: zipfile.ZipInfo, place: str) -> Iterator[bytes]:
    """The member piece by piece, to its real end: its directory may lie about the size."""
    before = sum(size for at, size in bundle.inflated.items() if at != entry.header_offset)
    whole = copy.copy(entry)
    whole.file_size = 2 * MAX_BYTES
    size = 0
    with bundle.file.open(whole) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > max(SMALL, RATIO * entry.compress_size):
                raise _bomb(place, f"unpacks to more than {RATIO} times its size")
            if before + size > MAX_BYTES:
                raise _bomb(place, f"unpacks to more than {MAX_BYTES:,} bytes")
            yield chunk
    bundle.inflated[entry.header_offset] = size


def _bomb(place: str, wrong: str) -> Refused:
    return Refused("E180", place, wrong, "check that it is the right file")
