"""All that a user may choose, once, for the command line, jobs and the API."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cptdiff.errors import Refused
from cptdiff.vocabulary import CHANGES, KINDS, SEVERITIES, CodeSet, Descriptors, Repair

_NONE: Mapping[str, int] = MappingProxyType({})
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
        unknown = [name for name in names if name not in known]
        unknown += [min_severity] if min_severity not in {"", *SEVERITIES} else []
        if unknown:
            fix = f"choose among {', '.join((*known, *SEVERITIES))}"
            raise Refused("E001", "options", f"{unknown[0]} is not known", fix)
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


class Options(NamedTuple):
    """The choices for one comparison, with their defaults.

    `code_set`, the dates and `encodings` (previous's and current's) override what names and content
    say; `keys` and `fields` are columns of a user's own table (no key: code). The files are the
    user's own sections, lists of changes, crosswalks and severities. `expected` are announced
    totals by change; `allowed` names guards, `limits` are percent by guard. `descriptors` is how
    much of the wording is shown.
    """

    code_set: str | None = None
    previous_date: date | None = None
    current_date: date | None = None
    keys: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    encodings: tuple[str, str] = ("", "")
    repairs: tuple[Repair, ...] = ()
    sections_file: Path | None = None
    published_files: tuple[Path, ...] = ()
    crosswalk_files: tuple[Path, ...] = ()
    severity_file: Path | None = None
    expected: Mapping[str, int] = _NONE
    shown: Shown = Shown()
    allowed: tuple[str, ...] = ()
    limits: Mapping[str, float] = _NO_LIMITS
    descriptors: Descriptors = Descriptors.FULL

    @property
    def clash(self) -> str:
        """What in the choices cannot go together, as a sentence; empty where nothing does."""
        if self.code_set != CodeSet.TABLE and (self.keys or self.fields or any(self.encodings)):
            return "--key, --field and --encoding work only with --code-set table."
        for option, names in (("--key", self.keys), ("--field", self.fields)):
            if len({name.strip().casefold() for name in names}) < len(names):
                return f"the same {option} is given twice."
        return ""


class Presentation(NamedTuple):
    """The choice.

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
