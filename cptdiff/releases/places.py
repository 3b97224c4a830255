"""Where a row stands in the file as it is on disk: its first byte, its line, its very text."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import polars as pl

from cptdiff.formats.layout import Columnar, Layout, Workbook, Xml
from cptdiff.releases.encodings import codec_of
from cptdiff.releases.table import Table

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Place(NamedTuple):
    """A row's first line, from 1; its first byte, from 0; its text without its line end."""

    line: int
    byte: int
    raw: str


def located(data: bytes, layout: Layout, table: Table, faults: pl.DataFrame) -> pl.DataFrame:
    """`faults` with a column `byte` and the `raw` text, as `data` has them.

    Of a row over several lines in a `Continued` that is its first line. Workbooks and Parquet
    have no places in bytes: what their readers tell stays.
    """
    unknown = faults.with_columns(pl.lit(None, pl.Int64).alias("byte"))
    if isinstance(layout, Workbook | Columnar) or not faults.height:
        return unknown
    mark, codec = codec_of(data, table.encoding)
    text = data[mark:].decode(codec)
    numbers = sorted(set(faults["line"]))
    if isinstance(layout, Xml):
        spans = _elements(text, layout.entry, numbers)
    else:
        spans = _lines(text, table.separator, numbers)
    places = _places(text, spans, codec, mark)
    found = [places[number] for number in faults["line"]]
    return faults.with_columns(
        pl.Series("line", [place.line for place in found], pl.Int64),
        pl.Series("byte", [place.byte for place in found], pl.Int64),
        pl.Series("raw", [place.raw for place in found], pl.String),
    )


def _lines(text: str, separator: str, numbers: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of the rows that begin on the lines `numbers`, ascending."""
    mark = re.escape(separator)
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^{mark}\r\n]*+)'
    row = re.compile(rf"{cell}(?:{mark}{cell})*+" if separator else r"[^\r\n]*+")
    line, at = 1, 0
    for number in numbers:
        while line < number:
            found = _LINE_END.search(text, at)
            line, at = line + 1, found.end() if found else len(text)
        end = row.match(text, at)
        yield number, at, end.end() if end else at


def _elements(text: str, entry: str, numbers: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of the elements that are the `numbers`th, ascending."""
    begin = rf"<{entry}(?=[\s/>])[^>]*>"
    rest = re.compile(rf".*?</{entry}\s*>", re.DOTALL)
    hidden = r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    both = re.finditer(rf"{hidden}|(?P<entry>{begin})", text, re.DOTALL)
    spans = [
        (found.start(), found.end() if found["entry"].endswith("/>") or not end else end.end())
        for found in both
        if found["entry"]
        for end in [rest.match(text, found.end())]
    ]
    return ((number, *spans[number - 1]) for number in numbers)


def _places(
    text: str, spans: Iterator[tuple[int, int, int]], codec: str, mark: int
) -> dict[int, Place]:
    """By number, each span's place; lines and bytes are counted on from one to the next."""
    found, line, byte, at = {}, 1, mark, 0
    for number, start, end in spans:
        between = text[at:start]
        line += len(_LINE_END.findall(between))
        byte += len(between.encode(codec))
        at = start
        found[number] = Place(line, byte, text[start:end])
    return found
