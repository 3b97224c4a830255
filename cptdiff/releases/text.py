"""Bytes to lines: encodings, line ends, preamble."""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.formats.layout import Column, FixedWidth
from cptdiff.releases.preamble import first_line
from cptdiff.releases.sources import content

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 with BOM"),
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)


_HEAD: Final = 1024
# Where a line without columns of its own has its code: a CPT code at the start.
_CODE: Final = Column("code", 1, 5)


@dataclass(frozen=True)
class Text:
    """A file's text as UTF-8 bytes without BOM, and how it was encoded."""

    place: str
    data: bytes
    encoding: str


@dataclass(frozen=True, eq=False)
class Lines:
    """A text's lines by what they are. `data` and `odd` have columns line (from 1), text.

    `odd` are lines among the data that do not look like it; `preamble` is the prose above.
    `candidates` are all lines that are neither blank nor preamble: their number comes from
    counting line ends in the bytes, so that what the parser loses is missed (the row law).
    """

    data: pl.DataFrame
    odd: pl.DataFrame
    preamble: str
    candidates: int


def decoded(place: str, data: bytes, *, ansi: bool) -> Text:
    """`data` as text; with `ansi`, bytes that are not UTF-8 are Windows-1252 (formats.md 0.3)."""
    blank = b"\xef\xbb\xbf \t\r\n\x1a"
    if not data[:_HEAD].strip(blank) and not data.strip(blank):
        raise Refused("E110", place, f"no data ({len(data)} bytes)", "get the file again")
    if what := content(data):
        wrong = f"content is {what}, its name says text"
        raise Refused("E130", place, wrong, "give the file that the publisher ships")
    text, encoding = _unicode(place, data, ansi=ansi)
    return Text(place, text.rstrip(b"\x1a") if text.endswith(b"\x1a") else text, encoding)


def lone_returns(text: Text) -> bool:
    """Whether a CR stands anywhere without its LF."""
    return b"\r" in text.data and re.search(rb"\r(?!\n)", text.data) is not None


def lined(text: Text) -> Text:
    """`text` with LF and CRLF as they are; a CR that stands alone becomes an LF."""
    if not lone_returns(text):
        return text
    return replace(text, data=text.data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def _unicode(place: str, data: bytes, *, ansi: bool) -> tuple[bytes, str]:
    """`data` as UTF-8 and the name of the encoding that it had."""
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            return _recoded(place, data[len(mark) :], codec), name
    if data.isascii():
        return data, "ASCII"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if not ansi:
            wrong = f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8"
            raise _undecodable(place, data, error, wrong, "save the file as UTF-8") from error
        return _recoded(place, data, "cp1252"), "Windows-1252"
    return data, "UTF-8"


def _recoded(place: str, data: bytes, codec: str) -> bytes:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        wrong = f"byte {error.start} cannot be read as {codec}"
        raise _undecodable(place, data, error, wrong, "get the file again") from error
    return data if codec == "utf-8" else text.encode()


def _undecodable(
    place: str, data: bytes, error: UnicodeDecodeError, wrong: str, fix: str
) -> Refused:
    return Refused("E140", f"{place}:{data.count(10, 0, error.start) + 1}", wrong, fix)


def lines_of(text: Text) -> pl.DataFrame:
    """All lines of `text`: columns line (from 1), text, without their line ends."""
    return pl.read_lines(text.data, name="text", row_index_name="line", row_index_offset=1)


def line_count(text: Text) -> int:
    """Lines by their ends in the bytes: the law's second opinion, without the parser."""
    return text.data.count(b"\n") + (not text.data.endswith(b"\n"))


def sorted_out(text: Text, layout: FixedWidth) -> Lines:
    """The lines of `text` that are entries, the prose above them, and the odd ones among them."""
    lines = lines_of(text)
    match = lines["text"].str.contains(layout.row)
    unlike = lines.filter(~match)
    blank = [n for n, words in unlike.iter_rows() if not words.strip()]
    odd = sorted(set(unlike["line"]).difference(blank))
    if len(odd) + len(blank) == lines.height:
        wrong = "no line looks like an entry of this format"
        raise Refused("E163", text.place, wrong, "check that it is the publisher's own file")
    start = first_line(lines, odd, blank, layout) if layout.preamble else 1
    above = start - 1 - bisect_left(blank, start)
    body, match = lines.slice(start - 1), match.slice(start - 1)
    stray = odd[bisect_left(odd, start) :]
    return Lines(
        body if match.all() else body.filter(match),
        _with_code(unlike.filter(pl.col("line").is_in(stray)), layout),
        "\n".join(lines["text"].head(start - 1)),
        line_count(text) - len(blank) - above,
    )


def _with_code(odd: pl.DataFrame, layout: FixedWidth) -> pl.DataFrame:
    """Odd lines with the code that stands at its place, as far as it can be read."""
    at = next((column for column in layout.columns if column.name == "code"), _CODE)
    cut = pl.col("text").str.slice(at.start - 1, at.width).str.strip_chars().str.to_uppercase()
    return odd.with_columns(cut.alias("code"), pl.lit("code").alias("kind"))
