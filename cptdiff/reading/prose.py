"""MODUL: modifiers as prose for people, read by a state machine."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets.layout import Prose, ProseList
from cptdiff.model import Note
from cptdiff.reading.ledger import Ledger, make_table
from cptdiff.reading.lines import split_lines
from cptdiff.reading.rows import Table, make_faults
from cptdiff.reading.text import Text

_STRAY: Final = "E150: does not belong to a modifier"
_TEAR: Final = "E150: is followed by a paragraph that may be its end"
_FIX: Final = "compare it with the paragraphs around it"
_SCHEMA: Final = {"line": pl.UInt32, "list": pl.String, "code": pl.String, "words": pl.String,
                  "text": pl.String}  # fmt: skip
_GAP: Final = re.compile(r"[ \t]*(\S+)[ \t]+")


class Record(NamedTuple):
    """A modifier as it stands in the text, or, without `code`, a paragraph of none.

    `text` is its first line.
    """

    line: int
    list: str
    code: str
    words: str
    text: str

    @property
    def lines(self) -> int:
        """On how many lines it stands."""
        return self.words.count("\n") + 1


def read_prose(text: Text, layout: Prose) -> Table:
    """Modifiers: line, kind, code, list, short (the heading), long (what follows its colon).

    Text belongs to the modifier above it until a blank line. What stands between a list's heading
    and its first modifier is preamble; any other paragraph is set aside, and so is the modifier
    right above it, whose text it may carry on.
    """
    lines = split_lines(text)
    fates: Counter[str] = Counter()
    records = list(_find_records(lines.iter_rows(), layout, fates))
    whole, torn, stray = _sort_records(records)
    faults = pl.concat([_make_faults(torn, _TEAR), _make_faults(stray, _STRAY)])
    above = lines.head(records[0].line - 1 if records else lines.height)
    prose_above = "\n".join(above["text"])
    notes = (
        *_describe_swallowed(text.place, whole, layout),
        *_describe_loose(text.place, whole, layout),
    )
    frame = _shape_records(whole)
    entries, aside = (sum(one.lines for one in found) for found in (whole, [*torn, *stray]))
    ledger = Ledger(fates["blank"], fates["preamble"], entries, aside)
    return make_table(text, frame, faults, ledger, preamble=prose_above, notes=notes)


def _shape_records(records: list[Record]) -> pl.DataFrame:
    frame = pl.DataFrame(records, _SCHEMA, orient="row").drop("text")
    frame = frame.with_columns(pl.col("words").str.replace_all("\n", " "))
    heading = pl.col("words").str.extract(r"^(.*?): ")
    body = pl.col("words").str.replace(r"^.*?: ", "")
    return frame.with_columns(
        pl.lit("modifier").alias("kind"),
        heading.fill_null(pl.col("words")).alias("short"),
        pl.when(heading.is_null()).then(pl.lit("")).otherwise(body).alias("long"),
    ).drop("words")


def _sort_records(records: list[Record]) -> tuple[list[Record], list[Record], list[Record]]:
    """Return the modifiers that are whole, those that may go on below, and what is none."""
    stray = [record for record in records if not record.code]
    torn = [
        one for one, below in pairwise(records)
        if one.code and not below.code and one.list == below.list
    ]  # fmt: skip
    whole = [record for record in records if record.code and record not in torn]
    return whole, torn, stray


def _make_faults(records: list[Record], fault: str) -> pl.DataFrame:
    frame = pl.DataFrame(records, _SCHEMA, orient="row")
    return make_faults(frame.with_columns(kind=pl.lit("modifier")), fault, _FIX)


def _describe_loose(place: str, records: list[Record], layout: Prose) -> tuple[Note, ...]:
    """A modifier that is indented, or parted from its text by a tab, is told."""
    lists = {one.name: one for one in layout.lists}
    found = [one.code for one in records if not re.match(lists[one.list].entry, one.text)]
    if not found:
        return ()
    which = f"modifiers that are indented or followed by a tab: {', '.join(found)}"
    return (Note("reading", which, place),)


def _describe_swallowed(place: str, records: list[Record], layout: Prose) -> tuple[Note, ...]:
    """A wrapped line that looks like the next modifier is told: no blank line stands above it."""
    apart = {one.name: one for one in layout.lists if one.apart}
    found = [
        record.code
        for record in records
        if record.list in apart
        and any(_match_entry(line, apart[record.list]) for line in record.words.split("\n")[1:])
    ]
    if not found:
        return ()
    which = f"lines that begin like a modifier were read as text of {', '.join(found)}"
    return (Note("reading", which, place),)


def _find_records(
    lines: Iterable[tuple[int, str]], layout: Prose, fates: Counter[str]
) -> Iterator[Record]:
    """Yield modifiers and paragraphs; `fates` counts the lines that are blank or preamble."""
    headings = {one.heading: one for one in layout.lists}
    current: ProseList | None = None
    record: Record | None = None
    is_intro = True
    for number, line in lines:
        stripped = line.strip()
        heading = headings.get(stripped)
        is_title = not record and re.match(layout.between, stripped) is not None
        start = _match_beginning(line, current, record) if current else None
        if record and (heading or start or not stripped):
            yield record
            record = None
        if heading:
            current, is_intro = heading, True
        elif start and current:
            record = Record(number, current.name, start[1], start[2].strip(), line)
            is_intro = False
        elif record:
            record = record._replace(words=f"{record.words}\n{stripped}")
        elif is_title:
            is_intro = True
        elif current and stripped and not is_intro:
            record = Record(number, current.name, "", stripped, line)
        if not record:
            fates["preamble" if stripped else "blank"] += 1
    if record:
        yield record


def _match_beginning(line: str, current: ProseList, above: Record | None) -> re.Match[str] | None:
    """The modifier that `line` begins; indented ones begin a paragraph."""
    if above and current.apart:
        return None
    is_apart = above is None or not line.startswith((" ", "\t"))
    return _match_entry(line, current) or (
        _match_entry(_GAP.sub(r"\1 ", line, count=1), current) if is_apart else None
    )


def _match_entry(line: str, current: ProseList) -> re.Match[str] | None:
    return re.match(current.entry, line)
