"""Crosswalks: the publishers' conversion tables and the user's own."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile, profile_of
from cptdiff.errors import Refused
from cptdiff.lists.columns import is_workbook
from cptdiff.model import LINKS, LinkTable
from cptdiff.reading import decode, open_bundle, unify_line_ends

# The base names of crosswalks that publishers ship beside releases.
CROSSWALK_NAMES: Final = (
    r"(?i).*conversion[-_ ]?table.*\.(?:csv|xlsx)"
    r"|renumbered[-_ ]?codes[-_ ]?citations[-_ ]?crosswalk(?!descriptors).*\.(?:txt|csv|xlsx)"
)

# The role of a column by its name in lower case, letters and digits only; the first that fits. A
# publisher's conversion table tells new codes and what they were: "current code", "previous codes".
PREVIOUS: Final = r"(?:previous|prior).*(?:codes?|assignments?)|(?:previous|prior)"
CURRENT: Final = r"(?:current|fy\d+).*codes?(?:assignments?)?"
_SET: Final = r"(?:cpt|hcpcs|icd10|icd10cm|icd10pcs)?(?:codes?)?"
ROLES: Final = (
    ("code", PREVIOUS),
    ("replacement", CURRENT),
    ("code", rf"(?:old|deleted|retired|terminated|discontinued|from|source|former)+{_SET}"),
    ("replacement", rf"(?:new|replacements?|replacedby|to|target|successors?|mapsto){_SET}"),
    ("code", r"(?:cpt|hcpcs|icd10|icd10cm|icd10pcs)?codes?"),
    ("date", r"effective.*|year.*|fiscalyear|fy|date"),
    ("relation", r"relation(?:ship)?|type"),
    ("note", r"notes?|comments?|reason|remarks?|rationale"),
)

# How a cell says that there is no successor.
NONE: Final = frozenset({"", "NONE", "N/A", "NA", "NO REPLACEMENT", "NO SUCCESSOR", "-"})

# What may stand between the codes of a user's cell.
BETWEEN: Final = r"(?:[\s,;&/+]|\bAND\b|\bOR\b)*"


def find_roles(cells: Sequence[str]) -> dict[str, int]:
    """The column of each role; empty where `cells` names no codes and no replacements."""
    found: dict[str, int] = {}
    names = [re.sub(r"[^0-9a-z]", "", cell.lower()) for cell in cells]
    for role, pattern in ROLES:
        for at, name in enumerate(names):
            if role not in found and at not in found.values() and re.fullmatch(pattern, name):
                found[role] = at
    return found if {"code", "replacement"} <= set(found) else {}


def is_conversion(cells: Sequence[str]) -> bool:
    """Whether the header is a publisher's conversion table's."""
    names = [re.sub(r"[^0-9a-z]", "", cell.lower()) for cell in cells]
    return all(any(re.fullmatch(p, name) for name in names) for p in (PREVIOUS, CURRENT))


_HEADER_LINES: Final = 50
_SEPARATORS: Final = (",", "\t", ";", "|")
_DAY: Final = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_US_DAY: Final = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")
_YEAR: Final = re.compile(r"(FY ?)?(\d{4})", re.IGNORECASE)
# So many leading zeros of a code a spreadsheet may have dropped.
_MISSING_ZEROS: Final = (1, 2)
Line = tuple[int, list[str]]


class _Table(NamedTuple):
    """The lines below a header, and where its columns stand."""

    place: str
    header: list[str]
    columns: dict[str, int]
    lines: list[Line]


def read_crosswalk(path: Path, code_set: str, basis: str = "user") -> LinkTable:
    """The crosswalk at `path`, a CSV, text or workbook; a publisher's own table is told apart.

    Raises `Refused` where it is no single file, no header names the codes and their replacements
    (E163), or a line holds none (E332).
    """
    bundle = open_bundle(path)
    if not bundle.single:
        raise Refused("E102", bundle.archive.name, "is not a file", "give the table itself")
    return read_links(bundle.archive.name, bundle.members[0].read(), code_set, basis)


def read_links(place: str, data: bytes, code_set: str, basis: str) -> LinkTable:
    """The links in `data`. `basis`, user or publisher, gives way to a conversion table's header.

    A link's `code` may be a range of ICD-10 codes as the table has it, without dots: H02101-H02106,
    or R11- for all below. A year stands for its 1 October in ICD-10, else for its 1 January. A new
    code without a previous one makes no link.
    """
    table, profile = _find_table(place, data), profile_of(code_set)
    conversion = is_conversion(table.header) and not profile.is_own
    read = _read_publisher_line if conversion else _read_user_line
    rows = [
        (
            code,
            replacement,
            _read_day(f"{place}:{number}", _read_cell(table, cells, "date"), profile),
            note,
        )
        for number, cells in table.lines
        for code, replacement in read(f"{place}:{number}", _read_pair(table, cells), profile)
        for note in (_read_note(table, cells),)
    ]
    schema = {name: LINKS[name] for name in ("code", "replacement", "date", "note")}
    frame = pl.DataFrame(rows, schema, orient="row").with_columns(
        basis=pl.lit("publisher" if conversion else basis)
    )
    found = frame.select(LINKS.names()).unique().sort(LINKS.names())
    return LinkTable(Path(place.rpartition("!")[2]).name, hashlib.sha256(data).hexdigest(), found)


def _find_table(place: str, data: bytes) -> _Table:
    """The first header among the first lines of the text, or of any visible sheet."""
    seen: list[str] = []
    for lines in _list_pages(place, data):
        for at, (_, cells) in enumerate(lines[:_HEADER_LINES]):
            columns = find_roles(cells)
            if columns:
                return _Table(place, cells, columns, lines[at + 1 :])
            seen = seen or [cell.strip() for cell in cells if cell.strip()]
    wrong = "no header with a column of codes and one of replacements"
    quoted = f"; it begins {', '.join(seen[:6])}" if seen else ""
    raise Refused("E163", place, wrong, "name the columns code and replacement", quoted)


def _list_pages(place: str, data: bytes) -> Iterator[list[Line]]:
    if is_workbook(data):
        from cptdiff.reading.workbooks import list_sheets  # noqa: PLC0415 - when it is used

        yield from (rows for _, rows in list_sheets(place, data))
        return
    text = unify_line_ends(decode(place, data, ansi=True)).data.decode()
    yield list(_read_rows(place, text, _find_separator(text)))


def _find_separator(text: str) -> str:
    """The one under which the header is found; a comma where it is found under none."""
    head = [line.replace('"', "") for line in text.split("\n", _HEADER_LINES)[:_HEADER_LINES]]
    fits = (mark for mark in _SEPARATORS if any(find_roles(line.split(mark)) for line in head))
    return next(fits, _SEPARATORS[0])


def _read_rows(place: str, text: str, separator: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from ((reader.line_num, cells) for cells in reader if any(map(str.strip, cells)))
    except csv.Error as error:
        where, wrong = f"{place}:{reader.line_num}", f"quotes are broken ({error})"
        raise Refused("E153", where, wrong, "export it again") from error


def _read_cell(table: _Table, cells: Sequence[str], role: str) -> str:
    at = table.columns.get(role, len(cells))
    return cells[at].strip() if at < len(cells) else ""


def _read_pair(table: _Table, cells: Sequence[str]) -> tuple[str, str]:
    return _read_cell(table, cells, "code"), _read_cell(table, cells, "replacement")


def _read_note(table: _Table, cells: Sequence[str]) -> str:
    return "; ".join(
        filter(None, (_read_cell(table, cells, name) for name in ("relation", "note")))
    )


def _read_publisher_line(
    _: str, pair: tuple[str, str], profile: Profile
) -> Iterator[tuple[str, str]]:
    """A publisher's line: whatever codes its cells name among their words, or none."""
    yield from product(*(_list_codes(cell, profile) for cell in pair))


def _read_user_line(
    place: str, pair: tuple[str, str], profile: Profile
) -> Iterator[tuple[str, str]]:
    """A user's line: codes and nothing else, an empty replacement where it says none."""
    old, new = pair
    none = new.upper() in NONE
    yield from product(
        _list_only_codes(place, old, profile),
        [""] if none else _list_only_codes(place, new, profile),
    )


def _list_only_codes(place: str, cell: str, profile: Profile) -> list[str]:
    """The codes of a cell that holds nothing else."""
    if profile.is_own:
        named, rest = [part.strip() for part in cell.split(";") if part.strip()], ""
    else:
        named = _list_codes(cell, profile)
        rest = re.sub(BETWEEN, "", re.sub(_match_code(profile), "", _restore_zeros(cell, profile)))
    if rest or not named:
        wrong = f"is not a code of {profile.label}" if cell else "the code is missing"
        fix = "write codes only, or none for no replacement"
        raise Refused("E332", place, wrong, fix, f": {cell}" if cell else "")
    return named


def _list_codes(cell: str, profile: Profile) -> list[str]:
    """The codes that a cell names, as the code set's data files spell them."""
    found = re.findall(_match_code(profile), _restore_zeros(cell, profile))
    return [re.sub(r"[. ]", "", code) for code in found]


def _match_code(profile: Profile) -> str:
    return rf"(?<![0-9A-Z.])(?:{profile.code_in_crosswalks or profile.any_code})(?![0-9A-Z])"


def _restore_zeros(cell: str, profile: Profile) -> str:
    return cell.upper().zfill(profile.digits) if _lacks_zeros(cell, profile) else cell.upper()


def _lacks_zeros(cell: str, profile: Profile) -> bool:
    return cell.isdigit() and profile.digits - len(cell) in _MISSING_ZEROS


def _read_day(place: str, cell: str, profile: Profile) -> date | None:
    if not cell:
        return None
    if year := _YEAR.fullmatch(cell):
        fiscal = bool(year[1])
        return date(int(year[2]) - fiscal, *profile.year_start)
    day, us_day = _DAY.match(cell), _US_DAY.match(cell)
    parts = day.groups() if day else us_day.group(3, 1, 2) if us_day else None
    try:
        if parts:
            return date(*map(int, parts))
    except ValueError as error:
        raise _refuse_date(place, cell) from error
    raise _refuse_date(place, cell)


def _refuse_date(place: str, cell: str) -> Refused:
    return Refused("E332", place, "is not a date", "write YYYY-MM-DD", f": {cell}")
