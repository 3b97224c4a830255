"""What an impact run says: the sentence first, what to know beside it, the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import polars as pl

from cptdiff.impact.facts import (
    ATTRIBUTES,
    DELETED,
    ENDED,
    FAMILY,
    NEW,
    OTHER,
    REVISED,
    TOUCHED,
    TRANSIENT,
    UNKNOWN,
)
from cptdiff.impact.grids import EXCLUDED, OVER, REPEATED
from cptdiff.impact.overview import (
    CRITICAL,
    add_amounts,
    count_by,
    count_codes,
    count_lines,
    rank_causes,
    rank_lines,
)
from cptdiff.impact.review import list_review_notes, tell_states
from cptdiff.impact.run import Impact

# By status what a line uses, for one code and for several.
_PHRASES: Final = {
    DELETED: ("deleted code", "deleted codes"),
    ENDED: ("code that had ended before", "codes that had ended before"),
    REVISED: ("revised code", "revised codes"),
    FAMILY: ("family of codes that changed", "families of codes that changed"),
    TRANSIENT: ("code that was added and ended between the releases",
                "codes that were added and ended between the releases"),
    NEW: ("code that is new", "codes that are new"),
    ATTRIBUTES: ("code of which only other data changed", "codes of which only other data changed"),
    UNKNOWN: ("code that neither release has", "codes that neither release has"),
}  # fmt: skip
# What is said of an owner's lines at once.
_GRAVE: Final = {DELETED: "deleted", TRANSIENT: "added and ended", ENDED: "ended before",
                 REVISED: "revised", CRITICAL: "critical"}  # fmt: skip
# Rows that are no lines of their own, by the column of lists.csv.
_LEFT_OUT: Final = {
    REPEATED: ("row repeats an item for another payer, plan or setting; an item counts once",
               "rows repeat an item for another payer, plan or setting; an item counts once"),
    EXCLUDED: ("row is excluded by the list itself and not judged",
               "rows are excluded by the list itself and not judged"),
    OVER: ("row had ended before the release by its own last date and is not judged",
           "rows had ended before the release by their own last date and are not judged"),
}  # fmt: skip
NO_OWNER: Final = "(no owner)"
# What crosswalk.csv says of a replacement that its publisher or the user states.
_STATED: Final = "stated"
_FEW_SETS: Final = 5
_MOST_CAUSES: Final = 10
_MOST_NAMES: Final = 10
_MOST_LISTS: Final = 20


def count_cells(listing: pl.DataFrame) -> dict[str, int]:
    """Return the cells of all lists by what became of them."""
    names = ("cells", "blank", "understood", "set_aside")
    return {name: int(listing[name].sum()) for name in names}


@lru_cache(maxsize=1)  # said on the terminal, in each file and in the log
def write_sentence(impact: Impact) -> str:
    """Return the first sentence: how many lines use how many codes that changed."""
    lists = len({*impact.listing["list"]})
    lines = count_in_words(impact.lines, "line", "lines")
    start = f"{lines} in {count_in_words(lists, 'list', 'lists')}"
    found = describe_lines(impact.touched)
    if found:
        return f"{start}: {', '.join(found)}"
    if not impact.judged and impact.others:
        return f"0 of {start} could be judged: {name_others(impact)} codes were not given"
    told = f"{start}: no line uses a code that changed"
    if impact.judged < impact.lines and impact.others:
        told += f" ({impact.judged:,} of {lines} could be judged)"
    return told


def name_others(impact: Impact) -> str:
    """Return the code sets that were not given, those of most lines first; empty without any."""
    names = impact.others
    more = len(names) - _FEW_SETS
    return ", ".join(names[:_FEW_SETS]) + (f" and {more:,} more" if more > 0 else "")


def describe_lines(touched: pl.DataFrame) -> list[str]:
    """Return for each status how many lines use how many codes of it, in words."""
    found = []
    for status in TOUCHED:
        rows = touched.filter(pl.col("status") == status)
        if rows.height:
            found.append(_describe(rows, status))
    return found


def _describe(rows: pl.DataFrame, status: str) -> str:
    lines, amount = count_lines(rows), write_money(add_amounts(rows))
    told = f"{lines:,} {'uses' if lines == 1 else 'use'} "
    told += count_in_words(count_codes(rows), *_PHRASES[status])
    told += f" (exposure {amount})" if amount else ""
    if status == REVISED:
        critical = rows.filter(pl.col("severity") == CRITICAL)
        told += f", {count_codes(critical):,} of them critical" if critical.height else ""
    return told


def count_in_words(number: int, one: str, several: str) -> str:
    """Return a number with what it counts."""
    return f"{number:,} {one if number == 1 else several}"


def write_money(amount: str) -> str:
    """Return an amount in whole dollars with separators; empty where there is none."""
    if not amount:
        return ""
    whole = round(float(amount))
    return f"-${-whole:,}" if whole < 0 else f"${whole:,}"


def _count_left_out(listing: pl.DataFrame) -> Iterator[str]:
    for name, (one, several) in _LEFT_OUT.items():
        if rows := int(listing[name].sum()):
            yield count_in_words(rows, one, several)


def list_notes(impact: Impact) -> Iterator[str]:
    """Yield what to know before relying on the tables."""
    cells, listing = count_cells(impact.listing), impact.listing
    if cells["set_aside"]:
        many = count_in_words(cells["set_aside"], "cell is", "cells are")
        yield f"{many} not understood and not judged; quarantine.csv lists them"
    if rows := int(listing["rows_excluded"].sum()):
        many = count_in_words(rows, "row was", "rows were")
        yield f"{many} excluded and not judged; quarantine.csv lists them"
    yield from _count_left_out(listing)
    if split := int(listing["read_as_code_and_modifier"].sum()):
        many = count_in_words(split, "cell of 7 digits was", "cells of 7 digits were")
        yield f"{many} read as a code and its modifier"
    if other := int(listing[OTHER].sum()):
        many = count_in_words(other, "line has", "lines have")
        named = f" ({name_others(impact)})" if impact.others else ""
        yield f"{many} codes of code sets that were not given{named}, which are not judged"
        yield from _list_unjudged(impact)
    if int(listing[UNKNOWN].sum()):
        yield (
            "a code that neither release has may have ended long ago (CMS drops old ended codes"
            " from its file), or was never valid"
        )
    if impact.unpriced:
        many = count_in_words(impact.unpriced, "touched line has", "touched lines have")
        yield f"{many} no exposure: no readable price or volume"
    yield from _list_spellings(impact.spellings)
    if impact.review:
        yield from list_review_notes(impact.review)
    if impact.more:
        yield f"{impact.more:,} more suggestions are left out"
    for run in impact.runs:
        yield from (f"{run.previous} to {run.current}: {doubt}" for doubt in run.doubts)


def _list_unjudged(impact: Impact) -> Iterator[str]:
    """The lists of which no line could be judged, where others could."""
    if not impact.judged:
        return
    for place, lines in impact.unjudged[:_MOST_NAMES]:
        yield f"0 of {count_in_words(lines, 'line', 'lines')} of {place} could be judged"
    if more := impact.unjudged[_MOST_NAMES:]:
        yield f"of {len(more):,} more lists no line could be judged"


def _list_spellings(owners: Sequence[str]) -> Iterator[str]:
    if owners:
        some = ", ".join(owners[:_MOST_NAMES]) + (" ..." if len(owners) > _MOST_NAMES else "")
        many = count_in_words(len(owners), "owner is", "owners are")
        yield f"{many} written in several ways (capitals, blanks) and counted as one: {some}"


def list_text(impact: Impact, *, is_alone: bool = True) -> Iterator[str]:
    """Yield the lines for the terminal; below those of a comparison they do not name it."""
    yield f"{write_sentence(impact)}."
    if is_alone:
        runs = "; ".join(f"{run.previous} to {run.current}" for run in impact.runs)
        yield f"Compared: {runs}"
    if impact.review:
        yield f"Review: {tell_states(impact.review.counts)}"
    yield from _list_causes(impact)
    yield from _list_owners(impact)
    yield from _list_lists(impact)
    if notes := [*list_notes(impact)]:
        yield "Before you rely on this"
        yield from (f"  - {note[:1].upper()}{note[1:]}." for note in notes)


def _list_lists(impact: Impact) -> Iterator[str]:
    """How the lists were read, and what was passed over."""
    yield "Lists"
    for row in impact.listing.head(_MOST_LISTS).iter_rows(named=True):
        place = f"{row['list']}[{row['sheet']}]" if row["sheet"] else row["list"]
        header = f"header in row {row['header_line']}" if row["header_line"] else "no header"
        yield (
            f"  {place}: {header}, codes in {row['columns'].replace(';', ', ')}:"
            f" {row['cells']:,} cells = {row['blank']:,} blank + {row['understood']:,} understood"
            f" + {row['set_aside']:,} set aside"
        )
    if impact.listing.height > _MOST_LISTS:
        yield f"  ... and {impact.listing.height - _MOST_LISTS:,} more (lists.csv)"
    for name, why in impact.passed[:_MOST_NAMES]:
        yield f"  {name}: passed over ({why})"
    if len(impact.passed) > _MOST_NAMES:
        yield f"  ... and {len(impact.passed) - _MOST_NAMES:,} more passed over"


def _list_causes(impact: Impact) -> Iterator[str]:
    if not impact.causes.height:
        return
    yield "Lines by cause, the worst first"
    stated = _list_stated(impact.touched)
    causes = rank_causes(impact.causes, rank_lines(impact.touched))
    for row in causes.head(_MOST_CAUSES).iter_rows(named=True):
        then = _tell_replacements(row["replacements"], stated)
        yield f"  {row['lines']:>6,}  {row['cause']}{then}"
    if causes.height > _MOST_CAUSES:
        yield f"  ... and {causes.height - _MOST_CAUSES:,} more causes (causes.csv)"


def tell_basis(basis: str) -> tuple[bool, str]:
    """Return whether a replacement is stated, by the publisher or the user, and how."""
    confidence, _, note = basis.partition(": ")
    return confidence == _STATED, note


def _list_stated(touched: pl.DataFrame) -> dict[str, str]:
    """The replacements that are stated, with how they are."""
    found: dict[str, str] = {}
    names = ("replacements", "replacement_bases")
    for codes, bases in touched.select(names).unique(maintain_order=True).iter_rows():
        for code, basis in zip(codes.split(";"), bases.split(" | "), strict=False):
            is_stated, note = tell_basis(basis)
            if code and is_stated:
                found.setdefault(code, note)
    return found


def _tell_replacements(replacements: str, stated: Mapping[str, str]) -> str:
    """The replacements of a cause: those that are stated, and those that are only possible."""
    codes = [code for code in replacements.split(";") if code]
    sure = [
        f"{code} ({stated[code]})" if stated[code] else code for code in codes if code in stated
    ]
    rest = [code for code in codes if code not in stated]
    told = f"; replaced by {', '.join(sure)}" if sure else ""
    return told + (f"; possible replacements: {', '.join(rest)}" if rest else "")


def _list_owners(impact: Impact) -> Iterator[str]:
    if not has_owners(impact):
        return
    yield "Lines by owner, the worst first"
    owners = count_by(impact.touched, "group")
    for row in owners.head(_MOST_CAUSES).iter_rows(named=True):
        grave = [f"{row[name]:,} {label}" for name, label in _GRAVE.items() if row[name]]
        told = f": {', '.join(grave)}" if grave else ""
        yield f"  {row['lines']:>6,}  {row['group'] or NO_OWNER}{told}"
    if owners.height > _MOST_CAUSES:
        yield f"  ... and {owners.height - _MOST_CAUSES:,} more owners"


def has_owners(impact: Impact) -> bool:
    """Return whether any touched line has an owner."""
    return bool((impact.touched["group"] != "").any())
