"""Write files so that the same content gives the same bytes."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


def write_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Write members, sorted by name, with no clock and no machine in the archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = _UNIX
            info.external_attr = _PLAIN_FILE
            archive.writestr(info, members[name], zipfile.ZIP_DEFLATED, compresslevel=9)


def fake_pdf(title: str) -> bytes:
    """Return a few bytes that begin as a PDF does."""
    return f"%PDF-1.4\n% {title}: invented, nothing to read here\n%%EOF\n".encode("ascii")


def crlf(lines: list[str]) -> str:
    """Return lines as one text, each ended as the publishers do."""
    return "".join(f"{line}\r\n" for line in lines)
