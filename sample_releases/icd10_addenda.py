"""The publisher's own lists of changes, with their trailers of counts."""

from collections.abc import Callable, Iterator

from archive import crlf
from icd10_rows import BILLABLE, HEADER, SHORT_WIDTH, Pair, Row

ADD, DELETE = "Add:         ", "Delete:      "
REVISE_FROM, REVISE_TO = "Revise from: ", "Revise to:   "
Body = Callable[[Row], str]


def order_addenda(pair: Pair, names: tuple[str, str], *, flagged: bool) -> bytes:
    """Return the order addenda; only ICD-10-CM shows the flag (flagged)."""
    lines = [tag + (_flagged(row) if flagged else _bare(row)) for tag, row in _changes(pair)]
    margin = "" if flagged else "    "
    return crlf([*lines, *_trailer(pair, names, margin)]).encode("ascii")


def codes_addenda(pair: Pair, names: tuple[str, str]) -> bytes:
    """Return the codes addenda: billable codes and long titles only, a shorter trailer."""
    texts = [(pair.previous[code].long, pair.current[code].long) for code in pair.revised(BILLABLE)]
    revised = sum(old != new for old, new in texts)
    lines = [
        f"{tag}{row.code:7} {row.long}"
        for tag, row in _changes(pair, short_counts=False)
        if row.flag == BILLABLE
    ]
    return crlf([*lines, "", *_counts(pair, names, BILLABLE, revised)]).encode("ascii")


def _flagged(row: Row) -> str:
    return f"{row.flag} {_bare(row)}"


def _bare(row: Row) -> str:
    return f"{row.code:7} {row.short:{SHORT_WIDTH}} {row.long}"


def _changes(pair: Pair, *, short_counts: bool = True) -> Iterator[tuple[str, Row]]:
    flips, decisions = pair.flips(), pair.decisions
    touched = flips | decisions.added | decisions.deleted | decisions.texts.keys()
    for code in sorted(touched):
        old, new = pair.previous.get(code), pair.current.get(code)
        if old and new and code not in flips:
            if short_counts or old.long != new.long:
                yield from ((REVISE_FROM, old), (REVISE_TO, new))
            continue
        yield from ((tag, row) for tag, row in ((DELETE, old), (ADD, new)) if row)


def _trailer(pair: Pair, names: tuple[str, str], margin: str) -> list[str]:
    lines: list[str] = []
    for flag in (HEADER, BILLABLE):
        revised = [(pair.previous[code], pair.current[code]) for code in pair.revised(flag)]
        kinds = [(old.long != new.long, old.short != new.short) for old, new in revised]
        lines += ["", *_counts(pair, names, flag, len(revised)), f"{margin}of which"]
        lines += [
            f"{kinds.count((True, True)):7} revisions to both long and short titles",
            f"{kinds.count((True, False)):7} revisions to long title only",
            f"{kinds.count((False, True)):7} revisions to short title only",
        ]
    return lines


def _counts(pair: Pair, names: tuple[str, str], flag: str, revised: int) -> list[str]:
    title = "Headers" if flag == HEADER else "Codes"
    totals = [
        sum(row.flag == flag for row in rows.values()) for rows in (pair.previous, pair.current)
    ]
    return [
        title,
        *(f"{n:7} {title.lower()} in {name}" for n, name in zip(totals, names, strict=True)),
        f"{len(pair.added(flag)):7} additions",
        f"{len(pair.deleted(flag)):7} deletions",
        f"{revised:7} revisions",
    ]
