"""The user's own lists of changes, sections, severities and notice."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from cptdiff.codesets import Profile, Range
from cptdiff.errors import Refused
from cptdiff.lists.columns import (
    WITH_ATTRIBUTES,
    find_columns,
    find_tables,
    make_list,
    parse_change,
    parse_day,
    spell_code,
)
from cptdiff.model import PublishedList
from cptdiff.reading import decode, open_bundle

_CHANGE_WORDS: Final = (*WITH_ATTRIBUTES, "none")
_KINDS: Final = ("code", "header", "modifier")
_MOST_NAMES: Final = 5


def read_listed(place: str, name: str, data: bytes, profile: Profile) -> PublishedList:
    """The rows of the first table with both columns, twins once.

    Raises `Refused`: E163 without the columns, E330 at a change, kind or code that is not known.
    """
    rows = find_columns(next(find_tables(place, data)))
    rows = rows.filter(pl.col("code").str.strip_chars() != "").with_columns(
        parse_change(pl.col("action")).alias("change"),
        pl.col("kind").str.strip_chars().str.to_lowercase(),
    )
    _refuse_unknown(
        place,
        rows.filter(~pl.col("change").is_in(_CHANGE_WORDS)),
        "action",
        "added, deleted, revised",
    )
    _refuse_unknown(
        place, rows.filter(~pl.col("kind").is_in(["", *_KINDS])), "kind", ", ".join(_KINDS)
    )
    rows = rows.with_columns(spell_code(pl.col("code"), profile))
    of_set = pl.col("code").str.contains(rf"\A(?:{profile.any_code or '.+'})\z")
    _refuse_unknown(place, rows.filter(~of_set), "code", f"the codes of {profile.label}")
    stated = rows.with_columns(
        pl.col("action", "note").str.strip_chars(),
        parse_day(pl.col("date")).alias("date"),
    )
    found = make_list(name, "list", data, stated)
    tells = WITH_ATTRIBUTES if (found.changes["change"] == "attributes-only").any() else found.tells
    return replace(found, changes=found.changes.unique(maintain_order=True), tells=tells)


def _refuse_unknown(place: str, odd: pl.DataFrame, column: str, fix: str) -> None:
    if odd.height:
        names = ", ".join(
            odd[column].str.strip_chars().unique(maintain_order=True).head(_MOST_NAMES)
        )
        what = "change" if column == "action" else column
        wrong = f"has an unknown {what}"
        raise Refused("E330", f"{place}:{odd['line'][0]}", wrong, f"use {fix}", f": {names}")


_MOST: Final = 10_000


def read_notice(given: Path | str) -> str:
    """The text of the file, or `given` itself, with LF and without blanks around it.

    Raises `Refused` where the file cannot be read, and for a text that is too long (E170) or has
    control characters (E165).
    """
    if isinstance(given, str):
        return _check_text("--notice", given)
    bundle = open_bundle(given)
    name = bundle.archive.name
    if not bundle.single:
        raise Refused("E102", name, "is not a file", "give the text file itself")
    return _check_text(name, decode(name, bundle.members[0].read(), ansi=False).data.decode())


def _check_text(place: str, text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        odd = next((c for c in line if unicodedata.category(c) == "Cc"), "")
        if odd:
            wrong = f"contains the control character U+{ord(odd):04X}"
            raise Refused("E165", f"{place}:{number}", wrong, "write plain text")
    text = "\n".join(lines).strip()
    if len(text) > _MOST:
        wrong = f"has {len(text):,} characters, more than {_MOST:,}"
        raise Refused("E170", place, wrong, "give only the license notice")
    return text


def read_sections(path: Path) -> tuple[Range, ...]:
    """The ranges of a user's `--sections` file: CSV with the columns of `Range`.

    Raises `Refused` where a column is missing or a range has no start, end or section.
    """
    bundle = open_bundle(path)
    if not bundle.single:
        raise Refused("E102", bundle.archive.name, "is not a file", "give the CSV file itself")
    text = decode(bundle.archive.name, bundle.members[0].read(), ansi=False)
    rows = csv.DictReader(io.StringIO(text.data.decode(), newline=""), strict=True)
    try:
        return tuple(_read_ranges(bundle.archive.name, rows))
    except csv.Error as error:
        place, wrong = f"{bundle.archive.name}:{rows.line_num}", f"quotes are broken ({error})"
        raise Refused("E153", place, wrong, "export it again") from error


def _read_ranges(place: str, rows: "csv.DictReader[str]") -> Iterator[Range]:
    names = [name.strip().lower() for name in rows.fieldnames or ()]
    missing = [name for name in (*Range._fields[:2], "section") if name not in names]
    if missing:
        fix = f"give the columns {','.join(Range._fields)}"
        raise Refused("E163", place, f"has no column {', '.join(missing)}", fix)
    rows.fieldnames = names
    for row in rows:
        yield _read_range(place, rows.line_num, row)


def _read_range(place: str, line: int, row: dict[str, str | None]) -> Range:
    found = Range(*(str(row.get(name) or "").strip() for name in Range._fields))
    if not (found.start and found.section and found.start <= found.end):
        wrong = "a range needs a start, an end that is not before the start, and a section"
        raise Refused("E332", f"{place}:{line}", wrong, "correct the line")
    return found


# class severity; class,severity; class = "severity"
_LINE: Final = re.compile(r"""["']?([\w-]+)["']?\s*[\s,;:=\t]\s*["']?([\w-]+)["']?""")
_HEADS: Final = ({"class", "severity"}, {"name", "severity"})


def read_severities(
    path: Path, classes: Sequence[str], severities: Sequence[str]
) -> dict[str, str]:
    """Severity by class: one a line, parted by blanks, a comma or `=`; # begins a comment.

    Raises `Refused` for a line that is none, an unknown name, and a class that stands twice.
    """
    bundle = open_bundle(path)
    if not bundle.single:
        raise Refused("E102", bundle.archive.name, "is not a file", "give the file itself")
    name = bundle.archive.name
    text = decode(name, bundle.members[0].read(), ansi=False).data.decode()
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.partition("#")[0].strip()
        if not bare or bare.startswith("["):
            continue
        place = f"{name}:{number}"
        row, severity = _read_words(place, bare)
        if {row, severity} in _HEADS:
            continue
        _check_row(place, row, "class", classes)
        _check_row(place, severity, "severity", severities)
        if row in found:
            raise Refused("E332", place, f"class {row} is given twice", "name each class once")
        found[row] = severity
    return found


def _read_words(place: str, bare: str) -> tuple[str, str]:
    line = _LINE.fullmatch(bare)
    if not line:
        raise Refused(
            "E332",
            place,
            "is not of the form CLASS SEVERITY",
            "write both on one line, such as: spelling info",
        )
    return line[1].lower(), line[2].lower()


def _check_row(place: str, word: str, what: str, known: Sequence[str]) -> None:
    if word not in known:
        fix = f"choose among {', '.join(known)}"
        raise Refused("E332", place, f"{word} is not a {what}", fix)
