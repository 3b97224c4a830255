"""A user's own section file."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from cptdiff.errors import Refused
from cptdiff.formats.sections import Range
from cptdiff.releases.sources import opened
from cptdiff.releases.text import decoded


def own_sections(path: Path) -> tuple[Range, ...]:
    """The ranges of a user's `--sections` file: CSV with the columns of `Range`.

    Raises `Refused` where a column is missing or a range has no start, end or section.
    """
    bundle = opened(path)
    if not bundle.single:
        raise Refused("E102", bundle.archive.name, "is not a file", "name the CSV file itself")
    text = decoded(bundle.archive.name, bundle.members[0].read(), ansi=False)
    rows = csv.DictReader(io.StringIO(text.data.decode(), newline=""), strict=True)
    try:
        return tuple(_ranges(bundle.archive.name, rows))
    except csv.Error as error:
        place, wrong = f"{bundle.archive.name}:{rows.line_num}", f"quotes are broken ({error})"
        raise Refused("E153", place, wrong, "export it again") from error


def _ranges(place: str, rows: "csv.DictReader[str]") -> Iterator[Range]:
    names = [name.strip().lower() for name in rows.fieldnames or ()]
    missing = [name for name in (*Range._fields[:2], "section") if name not in names]
    if missing:
        fix = f"give the columns {','.join(Range._fields)}"
        raise Refused("E163", place, f"has no column {', '.join(missing)}", fix)
    rows.fieldnames = names
    for row in rows:
        yield _range(place, rows.line_num, row)


def _range(place: str, line: int, row: dict[str, str | None]) -> Range:
    found = Range(*(str(row.get(name) or "").strip() for name in Range._fields))
    if not (found.start and found.section and found.start <= found.end):
        wrong = "a range needs a start, an end that does not lie before it, and a section"
        raise Refused("E332", f"{place}:{line}", wrong, "complete the line")
    return found
