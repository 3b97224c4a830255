"""One file packed as .gz, .bz2, .xz or .zst, under the limits of a zip's members."""

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from cptdiff.errors import Refused
from cptdiff.reading.archives import Member, Stream, cap_chunks


class Packing(NamedTuple):
    """A form of packing: the suffix of its files, their first bytes, and what unpacks them."""

    suffix: str
    magic: bytes
    open: Callable[[io.BytesIO], Stream]


def _open_zst(packed: io.BytesIO) -> Stream:
    """What unpacks a .zst file: Python's own since 3.14, the same as a package before."""
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdFile  # noqa: PLC0415 - few inputs need it
    else:
        from backports.zstd import ZstdFile  # noqa: PLC0415 - as above
    return ZstdFile(packed)


PACKINGS: Final = (
    Packing(".gz", b"\x1f\x8b", lambda packed: gzip.GzipFile(fileobj=packed)),
    Packing(".bz2", b"BZh", bz2.BZ2File),
    Packing(".xz", b"\xfd7zXZ\x00", lzma.LZMAFile),
    Packing(".zst", b"\x28\xb5\x2f\xfd", _open_zst),
)
# Where a tar archive says that it is one.
_TAR: Final = (257, b"ustar")


def find_packing(name: str) -> Packing | None:
    """Return how a file is packed by what its name says; None where it says nothing."""
    return next((one for one in PACKINGS if name.lower().endswith(one.suffix)), None)


def recognize_packing(data: bytes) -> Packing | None:
    """Return how `data` is packed by its first bytes; None where it is not."""
    return next((one for one in PACKINGS if data.startswith(one.magic)), None)


def unpack(place: str, data: bytes, packing: Packing) -> bytes:
    """Return what `data` unpacks to.

    Raise `Refused`: no such file E130, a tar archive E130, a bomb E180, damaged E187.
    """
    if not data.startswith(packing.magic):
        kind = packing.suffix[1:]
        wrong = f"the content is not packed, but its name says {kind}"
        raise Refused("E130", place, wrong, f"remove {packing.suffix} from its name")
    try:
        whole = io.BytesIO()
        whole.writelines(cap_chunks(place, packing.open(io.BytesIO(data)), len(data)))
        unpacked = whole.getvalue()
    except (Refused, MemoryError):
        raise
    except Exception as error:  # each library has errors of its own
        raise Refused("E187", place, "is damaged", "download it again") from error
    at, mark = _TAR
    if unpacked[at : at + len(mark)] == mark:
        raise Refused("E130", place, "is a tar archive", "unpack it and give its folder")
    return unpacked


def unpack_member(member: Member, place: str) -> Member:
    """Return `member` as one whose bytes are unpacked, if its name says that they are packed."""
    packing = find_packing(member.path)
    if packing is None:
        return member
    return member._replace(read=partial(_read_packed, member, f"{place}!{member.path}", packing))


def _read_packed(member: Member, place: str, packing: Packing) -> bytes:
    return unpack(place, member.read(), packing)
