"""CPT Link's change histories: History, Deleted and HistoryModifiers."""

import re
from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.codesets.layout import Delimited
from cptdiff.codesets.lists import HISTORY
from cptdiff.errors import Refused
from cptdiff.lists.columns import make_list, parse_change, parse_day
from cptdiff.model import LIST_CHANGES, PublishedList, make_notes
from cptdiff.reading import Text, decode, read_delimited, unify_line_ends

_HEADER: Final = rb"(?im)^.*\bconcept ?id\b.*$"
_DELETION: Final = "DELETED"
_TELLS: Final = ("deleted", "added", "transient")


def read_history(place: str, name: str, data: bytes) -> PublishedList:
    """Every row whatever its date; one before AMA's records ("Pre-1982") has no date.

    Rows without a code are headings. Raises `Refused` (E160) where the columns are not there.
    """
    text = unify_line_ends(decode(place, data, ansi=True))
    header = _find_header(text)
    separator = "|" if b"|" in header else "\t"
    table = read_delimited(text, Delimited(separator, header=HISTORY, required=("code", "date")))
    kind = "modifier" if re.search(rb"(?i)modifier ?code", header) else "code"
    deletions = "action" not in table.frame.columns
    wide = table.faults.height
    texts = [f"rows with more cells than the header, not used: {wide:,}"] if wide else []
    found = make_list(name, "history", data, _list_changes(table.frame, kind))
    return replace(
        found,
        kinds=(kind,),
        tells=_TELLS[:1] if deletions else _list_told_changes(found.changes),
        notes=make_notes("list", texts),
    )


def _list_changes(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    given = {"previous": "", "current": "", "note": "", "action": _DELETION}
    missing = [pl.lit(text).alias(c) for c, text in given.items() if c not in frame.columns]
    rows = frame.filter(pl.col("code").str.strip_chars() != "").with_columns(missing)
    words = pl.col("action").str.strip_chars()
    return rows.with_columns(
        pl.lit(kind).alias("kind"),
        pl.col("code").str.strip_chars().str.to_uppercase(),
        _read_action(words).alias("change"),
        words.alias("action"),
        parse_day(pl.col("date")).alias("date"),
    )


def _read_action(words: pl.Expr) -> pl.Expr:
    """A word that is not known, with two wordings that differ, is a revision."""
    reading, before, after = parse_change(words), pl.col("previous"), pl.col("current")
    reworded = (before != "") & (after != "") & (before != after)
    known = reading.is_in([*LIST_CHANGES, "attributes-only", "none"])
    return pl.when(~known & reworded).then(pl.lit("revised")).otherwise(reading)


def _list_told_changes(changes: pl.DataFrame) -> tuple[str, ...]:
    """Additions and deletions; revisions only where the file names any."""
    revisions = (changes["change"] == "revised").any()
    return LIST_CHANGES if revisions else _TELLS


def _find_header(text: Text) -> bytes:
    found = re.search(_HEADER, text.data)
    if not found:
        wrong = "has no header with Concept Id"
        raise Refused("E160", text.place, wrong, "check that it is CPT Link's own file")
    return found[0]
