"""Any list of changes that a user gives: a code column and a change column."""

from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.formats import GRAMMAR
from cptdiff.releases.published.columns import columns, tables
from cptdiff.releases.published.stating import (
    WITH_ATTRIBUTES,
    calendar_day,
    change,
    listing,
    spelled,
)
from cptdiff.stated import PublishedList
from cptdiff.vocabulary import CodeSet

_KNOWN: Final = (*WITH_ATTRIBUTES, "none")
_KINDS: Final = ("code", "header", "modifier")
_SHOWN: Final = 5


def listed(place: str, name: str, data: bytes, code_set: CodeSet) -> PublishedList:
    """The rows of the first table with both columns, twins once.

    Raises `Refused`: E163 without the columns, E330 at a change, kind or code that is not known.
    """
    rows = columns(next(tables(place, data)))
    rows = rows.filter(pl.col("code").str.strip_chars() != "").with_columns(
        change(pl.col("action")).alias("change"),
        pl.col("kind").str.strip_chars().str.to_lowercase(),
    )
    _known(place, rows.filter(~pl.col("change").is_in(_KNOWN)), "action", "added, deleted, revised")
    _known(place, rows.filter(~pl.col("kind").is_in(["", *_KINDS])), "kind", ", ".join(_KINDS))
    rows = rows.with_columns(spelled(pl.col("code"), code_set))
    grammar = "|".join(dict.fromkeys(GRAMMAR[code_set].values())) or ".+"
    of_set = pl.col("code").str.contains(rf"\A(?:{grammar})\z")
    _known(place, rows.filter(~of_set), "code", f"the codes of {code_set.label}")
    stated = rows.with_columns(
        pl.col("action", "note").str.strip_chars(),
        calendar_day(pl.col("date")).alias("date"),
    )
    found = listing(name, "list", data, stated)
    tells = WITH_ATTRIBUTES if (found.changes["change"] == "attributes-only").any() else found.tells
    return replace(found, changes=found.changes.unique(maintain_order=True), tells=tells)


def _known(place: str, odd: pl.DataFrame, column: str, fix: str) -> None:
    if odd.height:
        names = ", ".join(odd[column].str.strip_chars().unique(maintain_order=True).head(_SHOWN))
        what = "change" if column == "action" else column
        wrong = f"has a {what} that is not known"
        raise Refused("E330", f"{place}:{odd['line'][0]}", wrong, f"use {fix}", f": {names}")
