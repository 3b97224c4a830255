"""MODUL: modifiers as prose for people, read by a state machine (formats.md 1.7)."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

from cptdiff.formats.layout import Prose, ProseList
from cptdiff.releases import counting
from cptdiff.releases.lines import lines_of
from cptdiff.releases.table import Table, none_faulty
from cptdiff.releases.text import Text


class Record(NamedTuple):
    """A modifier as it stands in the text."""

    line: int
    list: str
    code: str
    words: str


def prose(text: Text, layout: Prose) -> Table:
    """Modifiers: line, kind, code, list, short (the heading), long (what follows its colon).

    Prose belongs to the modifier above it until a blank line, else to the preamble: what counts
    as read is the lines that start a modifier.
    """
    lines = lines_of(text)
    records = list(_records(lines.iter_rows(), layout))
    frame = pl.DataFrame(
        records, {"line": pl.UInt32, "list": pl.String, "code": pl.String, "words": pl.String},
        orient="row",
    )  # fmt: skip
    frame = frame.with_columns(pl.col("words").str.replace_all("\n", " "))
    heading = pl.col("words").str.extract(r"^(.*?): ")
    body = pl.col("words").str.replace(r"^.*?: ", "")
    frame = frame.with_columns(
        pl.lit("modifier").alias("kind"),
        heading.fill_null(pl.col("words")).alias("short"),
        pl.when(heading.is_null()).then(pl.lit("")).otherwise(body).alias("long"),
    ).drop("words")
    above = lines.head(records[0].line - 1 if records else lines.height)
    prose_above = "\n".join(above["text"])
    notes = _swallowed(text.place, records, layout)
    return Table(
        frame, none_faulty(), counting.prose(text.data, layout), text.encoding, prose_above, notes
    )


def _swallowed(place: str, records: list[Record], layout: Prose) -> tuple[str, ...]:
    """A wrapped line that looks like the next modifier is told: no blank line stands above it."""
    apart = {one.name: one for one in layout.lists if one.apart}
    found = [
        record.code
        for record in records
        if record.list in apart
        and any(_start(line, apart[record.list]) for line in record.words.split("\n")[1:])
    ]
    if not found:
        return ()
    return (f"{place}: lines that begin like a modifier were read as text of {', '.join(found)}",)


def _records(lines: Iterable[tuple[int, str]], layout: Prose) -> Iterator[Record]:
    headings = {one.heading: one for one in layout.lists}
    current: ProseList | None = None
    record: Record | None = None
    for number, line in lines:
        stripped = line.strip()
        heading = headings.get(stripped)
        start = _start(line, current) if current and not (record and current.apart) else None
        if record and (heading or start or not stripped):
            yield record
            record = None
        if heading:
            current = heading
        elif start and current:
            record = Record(number, current.name, start[1], start[2].strip())
        elif record:
            record = record._replace(words=f"{record.words}\n{stripped}")
    if record:
        yield record


def _start(line: str, current: ProseList) -> re.Match[str] | None:
    return re.match(current.entry, line)
