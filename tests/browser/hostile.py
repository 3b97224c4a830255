"""Releases whose every text is a payload, and their tame twins.

`texts` is what the releases say: payloads, or as many harmless words. Two pairs that differ in
`texts` alone must give pages of the very same elements and attributes.
"""

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.browser.payloads import BROKEN, PAYLOADS
from tests.browser.reports import Report, compare


def _tame(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"plain words {number}" for number in range(len(texts)))


TEXTS = {"hostile": PAYLOADS, "tame": _tame(PAYLOADS)}
VALUES = {"hostile": BROKEN, "tame": _tame(BROKEN)}
FILES = {"hostile": "&lt;\"'><img src=x onerror=alert(window.__xss=900)>", "tame": "plain"}
MEMBERS = {
    "hostile": (
        "</style><script>alert(window.__xss=901)</script>",
        "<svg onload=alert(902)>\u202e",
    ),
    "tame": ("one/two/three/four", "five"),
}
# Some of all families: a notice holds 10,000 characters, and a thousand columns take their time.
SOME = {kind: texts[::8] for kind, texts in TEXTS.items()}
SECTION_COLUMNS = ("start", "end", "category", "section", "subsection", "group")


class Entry(NamedTuple):
    """A code and its wording in both releases; empty: not in that release."""

    code: str
    previous: str
    current: str


def entries(texts: Sequence[str]) -> list[Entry]:
    """Let each text be added, deleted, revised into and revised away."""
    found = []
    for number, text in enumerate(texts):
        codes = [f"{10000 + 10 * number + way}" for way in range(4)]
        ways = [("", text), (text, ""), (f"{text} once", text), (text, f"{text} now")]
        found += [Entry(code, *way) for code, way in zip(codes, ways, strict=True)]
    return found


def compare_bundles(kind: str, scratch: Path) -> Report:
    """Compare two legacy bundles under the titles of a file of sections."""
    found = entries(TEXTS[kind])
    paths = [scratch / f"{FILES[kind]} {year}.zip" for year in (2026, 2027)]
    for path, side in zip(paths, ("previous", "current"), strict=True):
        lines = [f"{entry.code}\t{getattr(entry, side)}" for entry in found if getattr(entry, side)]
        _write_bundle(path, MEMBERS[kind], lines)
    sections = scratch / "sections.csv"
    _write_csv(sections, [SECTION_COLUMNS, *_sections(TEXTS[kind])])
    # So much is deleted and revised that the guards would not let it pass.
    allowed = ("--allow", "deleted-share", "--allow", "revised-share")
    options = ("--sections", sections, *allowed, *_notice(kind, scratch))
    return compare(*paths, scratch / "run", *options, exit_code=3)


def compare_tables(kind: str, scratch: Path) -> Report:
    """Compare two tables: names of files and columns, keys and values are the texts.

    Each row has a value in one column, the next row in the next one; `VALUES` follow.
    """
    texts, columns = TEXTS[kind], SOME[kind]
    paths = [scratch / f"{FILES[kind]} {year}.csv" for year in (2026, 2027)]
    for path, ending in zip(paths, ("once", "now"), strict=True):
        values = [(text, f"{text} {ending}") for text in texts]
        values += [
            (f"broken {number}", f"{text}{ending}{text}")
            for number, text in enumerate(VALUES[kind])
        ]
        rows = [
            [key, *(value if at == number % len(columns) else "" for at in range(len(columns)))]
            for number, (key, value) in enumerate(values)
        ]
        _write_csv(path, [["code", *columns], *rows])
    return compare(*paths, scratch / "run", "--code-set", "table")


def _notice(kind: str, scratch: Path) -> tuple[str | Path, ...]:
    path = scratch / "notice.txt"
    path.write_text("\n".join(SOME[kind]), encoding="utf-8")
    return "--notice", path


def _sections(texts: Sequence[str]) -> list[list[str]]:
    starts = [10000 + 10 * number for number in range(len(texts))]
    return [
        [f"{start}", f"{start + 9}", f"{text} c", text, f"{text} s", f"{text} g"]
        for start, text in zip(starts, texts, strict=True)
    ]


def _write_bundle(path: Path, folders: Sequence[str], lines: Sequence[str]) -> None:
    long, medium = (
        f"{folder}/{name}"
        for folder, name in zip(folders, ("LONGULT.txt", "MEDU.txt"), strict=True)
    )
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr(long, _text(["Invented text.", "", *lines]))
        bundle.writestr(medium, _text([f"{line[:5]} MEDIUM" for line in lines]))


def _text(lines: Sequence[str]) -> bytes:
    return "\r\n".join(["\ufeff" + lines[0], *lines[1:], ""]).encode()


def _write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
