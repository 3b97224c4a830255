"""All that a user may choose, once, for the command line, jobs and the API."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from cptdiff.errors import Refused
from cptdiff.vocabulary import (
    CHANGES,
    GUARD_LIMITS,
    KINDS,
    NO_PRESET,
    SEVERITIES,
    CodeSet,
    Descriptors,
    Repair,
)

# The guards with a limit that a user may move, in percent.
MOVABLE: Final = {name: limit for name, limit in GUARD_LIMITS.items() if limit is not None}
_ALL: Final = 100
# The changes whose totals publishers announce.
EXPECTED: Final = ("added", "deleted", "revised")

_NONE: Mapping[str, int] = MappingProxyType({})
_NO_TYPES: Mapping[str, str] = MappingProxyType({})
_NO_LIMITS: Mapping[str, float] = MappingProxyType({})


class Shown(NamedTuple):
    """Which changes the reports show; an empty part of the choice leaves nothing out."""

    changes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    min_severity: str = ""

    @classmethod
    def choose(cls, names: Sequence[str], min_severity: str = "") -> "Shown":
        """Return the choice of `names`, changes and kinds alike. Raise `Refused` for others."""
        known = (*CHANGES, *KINDS)
        for name in names:
            if name not in known:
                wrong = f"{name} is not a kind of change or of entry"
                raise Refused("E001", "only", wrong, f"use one or more of {', '.join(known)}")
        if min_severity not in {"", *SEVERITIES}:
            wrong = f"{min_severity} is not a severity"
            raise Refused("E001", "min_severity", wrong, f"use one of {', '.join(SEVERITIES)}")
        changes = tuple(name for name in CHANGES if name in names)
        return cls(changes, tuple(name for name in KINDS if name in names), min_severity)

    @property
    def all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.changes or self.kinds or self.min_severity)

    def tell(self, shown: int, every: int) -> str:
        """Return the choice in words, with how many of `every` change it shows; empty for all."""
        if self.all:
            return ""
        what = ", ".join((*self.changes, *self.kinds))
        least = f"severity {self.min_severity} or higher" if self.min_severity else ""
        chosen = ", ".join(filter(None, (what, least)))
        return f"Showing {shown:,} of {every:,} changes (filter: {chosen})"


def name_path(path: Path) -> str:
    """Return the base name of a file or folder, also of one that is given as `.` or `..`."""
    return path.name if path.name not in {"", ".."} else path.resolve().name


class ListOptions(NamedTuple):
    """The choices for the user's own lists, with their defaults.

    `sheets` and `code_columns` (names or patterns) choose what is read; without any, columns with
    codes are found. `code_set_column` names the code set of each line's codes; `modifier_columns`
    hold modifiers. `keep` are columns that the output repeats, `group_by` is COLUMN, COLUMN:N or a
    file, `volume_column` times `price_column` is the exposure of a line. `suggest` asks for codes
    to build. `decisions` are worksheets with what reviewers decided. `id_column` holds what
    identifies a line.
    """

    sheets: tuple[str, ...] = ()
    code_columns: tuple[str, ...] = ()
    code_set_column: str = ""
    modifier_columns: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    group_by: str = ""
    volume_column: str = ""
    price_column: str = ""
    suggest: bool = False
    decisions: tuple[str, ...] = ()
    id_column: str = ""


class Options(NamedTuple):
    """The choices for one comparison, with their defaults.

    `code_set`, the dates, `encodings` and `quotes` (previous's and current's) override what names
    and content say; `members` of a folder or zip and `sheets` of a workbook are named in the same
    way. `keys` and `fields` are columns of a user's own table (no key: code), `column_types` are
    what the user says of them, `tolerances` the percent that is no change, `descriptor` names an
    entry; `no_header` and `column_names` are for a table without a header; `preset` is the one to
    look for in a publisher's table: any (empty), none, or the one of that name. The files are the
    user's own sections, lists of changes, crosswalks, severities, acknowledgements, workbooks with
    decisions and accepted rows; `history_paths` are older releases, or folders of them;
    `since_folder` is an earlier run. `expected` are announced totals
    by change; `allowed` names guards, `limits` are percent by guard and numbers by what is read
    (`cptdiff.limits`). `descriptors` is how much of the wording is shown. `list_files` are the
    user's own lists, which are read as `lists` says.
    """

    code_set: str | None = None
    previous_date: date | None = None
    current_date: date | None = None
    keys: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    column_types: Mapping[str, str] = _NO_TYPES
    tolerances: Mapping[str, float] = _NO_LIMITS
    descriptor: str = ""
    no_header: bool = False
    column_names: tuple[str, ...] = ()
    preset: str = ""
    encodings: tuple[str, str] = ("", "")
    members: tuple[str, str] = ("", "")
    sheets: tuple[str, str] = ("", "")
    quotes: tuple[str, str] = ("", "")
    repairs: tuple[Repair, ...] = ()
    sections_file: Path | None = None
    published_files: tuple[Path, ...] = ()
    crosswalk_files: tuple[Path, ...] = ()
    severity_file: Path | None = None
    acknowledged_files: tuple[Path, ...] = ()
    decision_files: tuple[Path, ...] = ()
    accepted_files: tuple[Path, ...] = ()
    history_paths: tuple[Path, ...] = ()
    since_folder: Path | None = None
    expected: Mapping[str, int] = _NONE
    shown: Shown = Shown()
    allowed: tuple[str, ...] = ()
    limits: Mapping[str, float] = _NO_LIMITS
    descriptors: Descriptors = Descriptors.FULL
    list_files: tuple[Path, ...] = ()
    lists: ListOptions = ListOptions()

    def find_clash(self, spelling: "Spelling") -> str:
        """Return the sentence for choices that cannot go together; empty where all can."""
        is_named = self.preset not in {"", NO_PRESET}
        if is_named and self.code_set not in {None, CodeSet.TABLE}:
            return f"{spelling.preset} works only with {spelling.table}."
        is_table = self.code_set == CodeSet.TABLE or is_named
        if not is_table and (self.keys or self.fields or any(self.encodings)):
            several = f"{spelling.key}, {spelling.field} and {spelling.encoding}"
            return f"{several} work only with {spelling.table}."
        if not is_table and (
            self.column_types
            or self.tolerances
            or self.descriptor
            or self.no_header
            or self.column_names
        ):
            several = f"{spelling.column}, {spelling.tolerance}, {spelling.descriptor}"
            headless = f"{spelling.no_header} and {spelling.names}"
            return f"{several}, {headless} work only with {spelling.table}."
        if self.code_set != CodeSet.TABLE and any(self.quotes):
            return f"{spelling.quotes} works only with {spelling.table}."
        given = (
            (spelling.key, self.keys),
            (spelling.field, self.fields),
            (spelling.names, self.column_names),
        )  # fmt: skip
        for option, names in given:
            if len({name.strip().casefold() for name in names}) < len(names):
                return f"{option} is given the same column twice."
        return ""


class Spelling(NamedTuple):
    """How a caller writes the options that may clash; `table` chooses a table of the user's own."""

    key: str
    field: str
    encoding: str
    table: str
    column: str
    tolerance: str
    descriptor: str
    no_header: str
    names: str
    quotes: str
    preset: str


def is_percent(number: float) -> bool:
    """Return whether `number` can be the limit of a guard."""
    return 0 <= number <= _ALL


def read_totals(text: str) -> dict[str, int]:
    """Return `added=288,deleted=84,revised=46` as numbers by change. Raise `Refused` (E331)."""
    found: dict[str, int] = {}
    fix = "write it like added=288,deleted=84,revised=46"
    for part in text.split(","):
        name, _, number = (piece.strip() for piece in part.partition("="))
        if name not in EXPECTED or not re.fullmatch(r"[0-9]{1,9}", number):
            wrong = f"{part.strip() or 'an empty part'} is not of the form CHANGE=NUMBER"
            raise Refused("E331", "--expect", wrong, fix)
        if name in found:
            raise Refused("E331", "--expect", f"{name} is given twice", fix)
        found[name] = int(number)
    return found


class Presentation(NamedTuple):
    """How the reports look to people.

    `notice` is the license notice that stands at the foot of every report for people (empty:
    none), `notice_file` the name of the file that holds it; `templates` a folder that is searched
    before the shipped templates; `bom` puts the UTF-8 byte order mark, by which Excel knows UTF-8,
    before each CSV; `stamp` is the time that the manifest tells (empty: none).
    """

    notice: str = ""
    notice_file: str = ""
    templates: Path | None = None
    bom: bool = False
    stamp: str = ""


PLAIN = Presentation()
