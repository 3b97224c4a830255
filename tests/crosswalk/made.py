"""Small releases and statements in literal form, for the tests of replacements."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from cptdiff import Changes, CodeSet, Release
from cptdiff.comparison import compare
from cptdiff.judgement.crosswalk import RUNGS, Rung, find_replacements, write_notes
from cptdiff.model import (
    ENTRIES,
    KIND,
    LINKS,
    SET_ASIDE,
    STATED_CHANGES,
    Archive,
    LinkTable,
    PublishedList,
    Stated,
)
from cptdiff.sections import list_ranges

# By code; a header's begins with =, a modifier has two characters.
Texts = Mapping[str, str]
PREVIOUS, CURRENT = date(2018, 10, 1), date(2020, 10, 1)
# So that the words of a case are not the only ones there are.
THINGS = ("lamps", "ropes", "nails", "tiles", "doors", "bricks", "glass", "paint", "cloth", "salt")
FIELDS = {"code": ("long",), "header": ("long",), "modifier": ("long",)}


def changes(code_set: str, previous: Texts, current: Texts, ended: Texts | None = None) -> Changes:
    """Compare two releases that share a few entries; `ended` stand in current with their XREF."""
    shared = {f"Z99{n}": f"Kept for {thing}" for n, thing in enumerate(THINGS, 10)}
    before = release(CodeSet(code_set), {**shared, **previous}, PREVIOUS)
    after = release(CodeSet(code_set), {**shared, **current}, CURRENT, ended or {})
    return compare(before, after)


def release(
    code_set: CodeSet, texts: Texts, effective: date, ended: Texts | None = None
) -> Release:
    """Build a release; a text may end in XREF codes after a `>`."""
    field = "=long" if code_set is CodeSet.TABLE else "long"
    return Release(
        code_set=code_set,
        name=f"{effective:%Y}",
        effective_date=effective,
        archive=Archive("list.txt", None, None),
        entries=_frame(texts, field),
        ended=_frame(ended or {}, field),
        set_aside=pl.DataFrame(schema=SET_ASIDE),
        set_aside_codes=pl.DataFrame(schema={"kind": KIND, "code": pl.String}),
        carries=dict.fromkeys(FIELDS, (field,)),
        sources=(),
        passed_over=(),
        notes=(),
    )


def _frame(texts: Texts, field: str) -> pl.DataFrame:
    rows = [(kind(code), code.lstrip("="), *split(text)) for code, text in sorted(texts.items())]
    columns = ["kind", "code", field, "xref1", "xref2"]
    frame = pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")
    none = [pl.lit(None, pl.Date).alias(name) for name in ("add_date", "end_date")]
    named = frame.with_columns(*none, part=pl.col("kind")).cast(
        {"kind": KIND, "part": ENTRIES["part"]}
    )
    return named.select(*ENTRIES, *columns[2:])


def kind(code: str) -> str:
    """Tell an entry's kind by its code."""
    return "header" if code.startswith("=") else "modifier" if len(code) == 2 else "code"


def split(text: str) -> tuple[str, str, str]:
    """Part a descriptor from its cross-references."""
    long, _, codes = text.partition(">")
    first, _, second = codes.partition(" ")
    return long, first, second


def links(*rows: str, basis: str = "user", on: date | None = None) -> Stated:
    """Build a crosswalk from `old>new` rows; nothing after the `>` states no replacement."""
    pairs = [(*row.split(">"), basis, on, "") for row in rows]
    frame = pl.DataFrame(pairs, LINKS, orient="row")
    return Stated(crosswalks=(LinkTable("mine.csv", "", frame),))


def instruction(code: str, text: str) -> Stated:
    """Build CPT Link's history with one deletion."""
    row = {"kind": "code", "code": code, "change": "deleted", "note": text}
    frame = pl.DataFrame([row], STATED_CHANGES)
    return Stated(lists=(PublishedList("History_DTK_tab.txt", "history", "", frame),))


def answers(
    found: Changes, stated: Stated | None = None, rungs: tuple[Rung, ...] = RUNGS
) -> list[str]:
    """Say each row as `code relation replacement basis`, what is empty left out."""
    columns = ("code", "relation", "replacement", "basis")
    return [
        " ".join(filter(None, row))
        for row in rows(found, stated, rungs).select(columns).iter_rows()
    ]


def rows(
    found: Changes, stated: Stated | None = None, rungs: tuple[Rung, ...] = RUNGS
) -> pl.DataFrame:
    """Give the whole crosswalk."""
    places = list_ranges(found.current.code_set)
    return write_notes(find_replacements(found, stated or Stated(), places, rungs))
