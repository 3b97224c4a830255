"""Small invented releases as publishers' zips, and what a folder holds."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

from tests.guards.made import record, rows

# What a file is: its bytes, its inode, and when it was written.
Files = dict[str, tuple[bytes, int, int]]


def write_zip(path: Path, name: str, text: str) -> Path:
    """Write a zip of one member, with the same bytes each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), text)
    return path


def write_cpt(path: Path, year: int, numbers: Iterable[int], word: str = "polish") -> Path:
    """Write a legacy bundle; `word` stands in the first descriptor."""
    codes = sorted(numbers)
    lines = [f"{n:05}\tMade-up {word if n == codes[0] else 'polish'} of part {n}" for n in codes]
    return write_zip(path, f"CPT {year}/LONGULT.txt", "".join(f"{line}\r\n" for line in lines))


def write_hcpcs(path: Path, year: int, month: str, numbers: Iterable[int]) -> Path:
    """Write CMS's text file of a quarter."""
    return write_zip(path, f"HCPC{year}_{month}_ANWEB.txt", "".join(map(record, numbers)))


def write_icd(path: Path, year: int, first: int, last: int) -> Path:
    """Write an order file of a fiscal year."""
    lines = rows(first, last)
    text = "".join(f"{at:05} {line}\r\n" for at, line in enumerate(lines, 1))
    return write_zip(path, f"icd10cm_order_{year}.txt", text)


def look(folder: Path) -> Files:
    """Return every file below a folder; one that is written again is another."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            state = path.stat()
            name = path.relative_to(folder).as_posix()
            found[name] = (path.read_bytes(), state.st_ino, state.st_mtime_ns)
    return found


def name_folders(reports: Path) -> list[str]:
    """Return the run folders below `reports`."""
    return sorted(p.parent.relative_to(reports).as_posix() for p in reports.rglob("manifest.json"))
