"""Comparisons whose every word is a formula, and the files that cptdiff writes of them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.browser.reports import compare
from tests.spreadsheets.formulas import BROKEN, SHORT

CALL = SHORT[0]
_SECTIONS = ("start", "end", "category", "section", "subsection", "group")
_KEYS = tuple(text for text in SHORT if text.strip() == text)  # a key's blanks are padding
_COLUMNS = SHORT[:20]
_NAMES = [f"{text} {number}" for number, text in enumerate(SHORT)]


def written(folder: Path) -> list[Path]:
    """Compare tables and bundles; give the CSV files and the workbooks, no two of one name."""
    runs = {"tables": _tables(folder), "bundles": _bundles(folder)}
    return [
        path.rename(folder / f"{name}-{path.name}")
        for name, run in runs.items()
        for path in sorted(run.glob("*.*"))
        if path.suffix in {".csv", ".xlsx"}
    ]


def raw(folder: Path) -> Path:
    """Write the formulas as they are, as a report would that does not guard."""
    return _write(
        folder / "raw.csv", [["code", "text"], *([text, text] for text in SHORT + BROKEN)]
    )


def _tables(folder: Path) -> Path:
    """Let each text be a key that comes or goes, and a value that becomes the next one."""
    texts = SHORT + BROKEN
    paths = [folder / f"{CALL} {year}.csv" for year in (2026, 2027)]
    for shift, path in enumerate(paths):
        values = texts[shift:] + texts[:shift]
        stay = [[f"{at}", *[text] * len(_COLUMNS)] for at, text in enumerate(values)]
        rows = [[key, *_COLUMNS] for key in _KEYS[shift::2]]
        _write(path, [["code", *_COLUMNS], *stay, *rows])
    options = "--code-set", "table", "--limit", "deleted-share=100"
    return compare(*paths, folder / "run-tables", *options, exit_code=3).folder


def _bundles(folder: Path) -> Path:
    """Let each text be a descriptor, a section and a note; rows with formulas are set aside."""
    paths = [folder / f"{CALL} {year}.zip" for year in (2026, 2027)]
    for shift, path in enumerate(paths):
        texts = SHORT[shift:] + SHORT[:shift]
        lines = [f"{10000 + at}\t{text}" for at, text in enumerate(texts)]
        lines += [f"{20000 + 2 * at + shift}\t{text}" for at, text in enumerate(SHORT)]
        lines += [f"{text}\t{text}" for text in SHORT]
        with zipfile.ZipFile(path, "w") as bundle:
            bundle.writestr(f"{CALL}/LONGULT.txt", "\r\n".join(["\ufeffInvented.", "", *lines, ""]))
    ranges = [[f"{10000 + at}", f"{10000 + at}", *[name] * 4] for at, name in enumerate(_NAMES)]
    own = [[f"{20000 + 2 * at}", f"{20001 + 2 * at}", text] for at, text in enumerate(SHORT)]
    options = (
        "--sections", _write(folder / "sections.csv", [_SECTIONS, *ranges]),
        "--crosswalk", _write(folder / "=1+1.csv", [["old", "new", "note"], *own]),
        "--allow", "deleted-share", "--allow", "revised-share", "--allow", "descriptor-length",
        "--allow", "not-whole",
    )  # fmt: skip
    return compare(*paths, folder / "run-bundles", *options, exit_code=3).folder


def _write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path
