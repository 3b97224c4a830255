"""What ICD-10-CM and ICD-10-PCS share: rows, decisions, order files and addenda."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from archive import crlf
from truth import Truth, changes
from words import squeeze

HEADER, BILLABLE = "0", "1"
KINDS = {HEADER: "header", BILLABLE: "code"}
SHORT_WIDTH = 60


# What the publisher's short titles write for longer words; the longest come first.
_ABBREVIATIONS = (
    ("Poisoning by, adverse effect of and underdosing of", "Tox/advrs eff/undrdose of"),
    ("ST elevation (STEMI) myocardial infarction", "STEMI"),
    ("Autologous Tissue Substitute", "Autol Sub"),
    ("Synthetic Substitute", "Synth Sub"),
    ("Percutaneous Endoscopic Approach", "Perc Endo"),
    ("Percutaneous Approach", "Perc"),
    ("Open Approach", "Open"),
    ("Electrolytic and Water Balance Substance", "Electrol/Water Bal"),
    ("Range of Motion and Joint Mobility Treatment", "ROM & Jt Mobility"),
    ("complicating", "comp"),
    ("pregnancy, childbirth and the puerperium", "preg/chldbrth"),
    ("underlying condition", "undrl cond"),
    ("unspecified", "unsp"),
    ("neuroendocrine", "neuroendo"),
    ("Neurodevelopmental", "Neurodev"),
    ("encounter", "encntr"),
    ("infarction", "infrc"),
    ("secondary", "sec"),
    ("without", "w/o"),
    (" with ", " w "),
    ("due to", "d/t"),
)


@dataclass(frozen=True)
class Row:
    """One line of an order file."""

    code: str
    flag: str
    short: str
    long: str


@dataclass(frozen=True)
class Decisions:
    """What changes from one year to the next; texts are (short, long)."""

    added: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    demoted: frozenset[str] = frozenset()
    promoted: frozenset[str] = frozenset()
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """Two releases by code, and what was decided about them."""

    previous: dict[str, Row]
    current: dict[str, Row]
    decisions: Decisions

    def flips(self) -> frozenset[str]:
        """Return the codes whose flag changed."""
        return self.decisions.demoted | self.decisions.promoted

    def added(self, flag: str) -> list[str]:
        """Return what is new under flag, flipped rows included."""
        new = self.decisions.added | self.flips()
        return sorted(code for code in new if self.current[code].flag == flag)

    def deleted(self, flag: str) -> list[str]:
        """Return what is gone from under flag, flipped rows included."""
        gone = self.decisions.deleted | self.flips()
        return sorted(code for code in gone if self.previous[code].flag == flag)

    def revised(self, flag: str) -> list[str]:
        """Return what has another text under the same flag."""
        texts = set(self.decisions.texts) - self.flips()
        return sorted(code for code in texts if self.current[code].flag == flag)


def make_pair(rows: Iterable[Row], decisions: Decisions) -> Pair:
    """Return the two releases; rows hold everything, as it was in the previous one."""
    everything = {row.code: row for row in sorted(rows, key=lambda row: row.code)}
    previous = {code: row for code, row in everything.items() if code not in decisions.added}
    current = {
        code: _later(row, decisions)
        for code, row in everything.items()
        if code not in decisions.deleted
    }
    return Pair(previous, current, decisions)


def _later(row: Row, decisions: Decisions) -> Row:
    if row.code in decisions.texts:
        short, long = decisions.texts[row.code]
        row = replace(row, short=short, long=long)
    if row.code in decisions.demoted:
        return replace(row, flag=HEADER)
    if row.code in decisions.promoted:
        return replace(row, flag=BILLABLE)
    return row


def abbreviate(title: str) -> str:
    """Return title as the publisher abbreviates it, in at most the width of its column."""
    if len(title) <= SHORT_WIDTH:
        return title
    for long, short in _ABBREVIATIONS:
        title = title.replace(long, short)
    return squeeze(title.split(), SHORT_WIDTH)


def order_text(rows: Iterable[Row]) -> bytes:
    """Return an order file."""
    lines = [
        f"{number:05} {row.code:7} {row.flag} {row.short:{SHORT_WIDTH}} {row.long}"
        for number, row in enumerate(rows, 1)
    ]
    return crlf(lines).encode("ascii")


def codes_text(rows: Iterable[Row]) -> bytes:
    """Return a codes file: billable codes and their long text."""
    return crlf([f"{row.code:7} {row.long}" for row in rows if row.flag == BILLABLE]).encode(
        "ascii"
    )


def truth(pair: Pair) -> Truth:
    """Return counts and changes as decided."""
    sides = {"previous": pair.previous, "current": pair.current}
    return {
        "changes": {
            kind: changes(pair.added(flag), pair.deleted(flag), pair.revised(flag))
            for flag, kind in KINDS.items()
        },
        "entries": {
            side: {
                kind: sum(row.flag == flag for row in rows.values()) for flag, kind in KINDS.items()
            }
            for side, rows in sides.items()
        },
        "demoted": sorted(pair.decisions.demoted),
        "promoted": sorted(pair.decisions.promoted),
    }
