"""Hostile zips, built by hand where zipfile would not."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from tests.hostile.case import Case

LONGULT: Final = "00100\tMade-up numbing\r\n33333\tMade-up surgery\r\n"
CM: Final = "00001 A000    1 " + "Made-up short".ljust(61) + "Made-up long\r\n"
PCS: Final = CM.replace("A000   ", "0016070")
SOUND: Final = ("LONGULT.txt", LONGULT)
LINK: Final = 0o120777 << 16
FOREIGN: Final = 98


class Entry(NamedTuple):
    """What a zip says of a member, true or not."""

    name: str
    content: bytes = LONGULT.encode()
    method: int = zipfile.ZIP_DEFLATED
    flags: int = 0
    attributes: int = 0
    size: int | None = None
    checksum: int | None = None


def zipped(*entries: Entry, pile: bool = False) -> bytes:
    """Write a zip of `entries`; with `pile` all share the first one's bytes."""
    body, directory = b"", b""
    for number, entry in enumerate(entries):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = packer.compress(entry.content) + packer.flush()
        data = entry.content if entry.method == zipfile.ZIP_STORED else data
        name = entry.name.encode()
        said = (
            entry.flags | 0x800, entry.method, 0, 33,
            zlib.crc32(entry.content) if entry.checksum is None else entry.checksum, len(data),
            len(entry.content) if entry.size is None else entry.size, len(name), 0,
        )  # fmt: skip
        offset = 0 if pile else len(body)
        directory += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 0x314, 20, *said[:8], 0, 0, 0, 0,
                                 entry.attributes, offset) + name  # fmt: skip
        if not (pile and number):
            body += struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, *said) + name + data
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(entries), len(entries),
                      len(directory), len(body), 0)  # fmt: skip
    return body + directory + end


def packed(names: Iterable[str]) -> bytes:
    return zipped(*(Entry(name) for name in names))


def bomb(size: int) -> bytes:
    """Pack a member of `size` zeros by a thousandth of it, without holding them all."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("LONGULT.txt", "w") as member,
    ):
        for _ in range(size // 1024**2):
            member.write(bytes(1024**2))
    return buffer.getvalue()


def in_order(path: Path) -> None:
    path.write_bytes(packed([*(f"a{n:05}.txt" for n in range(10_000)), "LONGULT.txt"]))


SOUND_ENTRY: Final = Entry("LONGULT.txt")
WHOLE: Final = zipped(SOUND_ENTRY)
SETS: Final = (
    Entry("icd10cm_order_2026.txt", CM.encode()),
    Entry("icd10pcs_order_2026.txt", PCS.encode()),
)
BAD_NAMES: Final = {
    "a parent": "../LONGULT.txt",
    "an inner parent": "a/../../LONGULT.txt",
    "an absolute path": "/etc/LONGULT.txt",
    "a parent behind a backslash": "a\\..\\..\\LONGULT.txt",
    "a path from a backslash": "\\LONGULT.txt",
    "another machine": "\\\\server\\share\\LONGULT.txt",
    "a drive": "C:LONGULT.txt",
    "an escape": "a\x1b[2J/x.txt",
    "a NUL": "LONGULT.txt\0.exe",
}


def refused(row: int, what: str, content: bytes, *says: str) -> Case:
    return Case(row, what, "r.zip", content, 2, says, None, (), SOUND)


CASES: Final = (
    Case(48, "a sound zip", "r.zip", WHOLE, 0, (), (2, 2, 0, 0), (), SOUND),
    Case(48, "plain sub-folders", "r.zip", packed(["a/b/LONGULT.txt"]), 0, (),
         (2, 2, 0, 0), (), SOUND),
    Case(48, "backslashes between folders", "r.zip", packed(["a\\b\\", "a\\b\\LONGULT.txt"]), 0, (),
         (2, 2, 0, 0), (), SOUND),
    refused(48, "a bomb of 50 KB", bomb(50 * 1024**2), "E180", "r.zip!LONGULT.txt", "200 times"),
    refused(48, "a size that is too small", zipped(SOUND_ENTRY._replace(
        size=23, checksum=zlib.crc32(LONGULT.encode()[:23]))), "E187"),
    refused(48, "a size that is too small for its checksum",
            zipped(SOUND_ENTRY._replace(size=23)), "E180", "the zip says 23"),
    refused(48, "a size that is too large", zipped(SOUND_ENTRY._replace(size=99)), "E180"),
    refused(48, "entries that share bytes", zipped(SOUND_ENTRY, Entry("MEDU.txt"), pile=True),
            "E180", "overlaps"),
    Case(48, "10,001 members", "r.zip", in_order, 2, ("E180", "10,001"), None, (), SOUND),
    *(refused(49, what, packed(["LONGULT.txt", name]), "E181") for what, name in BAD_NAMES.items()),
    # No control character: shown escaped, and apart from its neighbors on the page.
    Case(49, "a turned name", "r.zip", packed(["LONGULT.txt", "a\u202etxt.exe"]), 0, (),
         (2, 2, 0, 0), (), SOUND),
    refused(49, "an escaped name", packed(["a\x1b[2J"]), "E181", "a\\x1b[2J"),
    refused(49, "a symbolic link", zipped(SOUND_ENTRY, Entry("MEDU.txt", b"/etc/passwd",
            attributes=LINK)), "E181", "symbolic link"),
    refused(50, "a password", zipped(SOUND_ENTRY._replace(flags=1)), "E182", "unpack it first"),
    refused(50, "strong encryption", zipped(SOUND_ENTRY._replace(flags=0x41)), "E182"),
    refused(50, "an AES password", zipped(SOUND_ENTRY._replace(flags=1, method=99)), "E182"),
    refused(51, "two code sets", zipped(*SETS), "E183", "ICD-10-CM", "ICD-10-PCS"),
    refused(51, "two for one role", packed(["a/LONGULT.txt", "b/LONGULT.txt"]), "E184",
            "a/LONGULT.txt", "b/LONGULT.txt"),
    refused(51, "nothing known", packed(["read.md"]), "E185"),
    refused(51, "a zip in a zip", zipped(Entry("inner.zip", WHOLE)), "E185",
            "the zip contains a zip", "unpack it, then give inner.zip"),
    refused(51, "one name in two spellings", packed(["a/LONGULT.txt", "a\\LONGULT.txt"]), "E186",
            "a/LONGULT.txt 2 times"),
    refused(51, "one name twice", packed(["LONGULT.txt", "LONGULT.txt"]), "E186", "2 times"),
    refused(52, "a wrong checksum", zipped(SOUND_ENTRY._replace(checksum=1)), "E187",
            "r.zip!LONGULT.txt"),
    refused(52, "cut in its directory", WHOLE[:-30], "E187"),
    refused(52, "cut in its content", WHOLE[:50], "E187"),
    refused(52, "Deflate64", zipped(SOUND_ENTRY._replace(method=9)), "E188", "Deflate64"),
    refused(52, "PPMd", zipped(SOUND_ENTRY._replace(method=FOREIGN)), "E188", "PPMd"),
)  # fmt: skip
