"""Bytes to lines: encodings, line ends, preamble."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.releases.sources import content

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 with BOM"),
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)


@dataclass(frozen=True)
class Text:
    """A file's text as UTF-8 bytes without BOM, line ends LF or CRLF, and how it was encoded."""

    place: str
    data: bytes
    encoding: str


@dataclass(frozen=True, eq=False)
class Lines:
    """A text's lines by what they are. `data` and `odd` have columns line (from 1), text.

    `odd` are lines among the data that do not look like it; `preamble` is the prose above.
    """

    data: pl.DataFrame
    odd: pl.DataFrame
    preamble: str
    preamble_lines: int


def decoded(place: str, data: bytes, *, ansi: bool) -> Text:
    """`data` as text; with `ansi`, bytes that are not UTF-8 are Windows-1252 (formats.md 0.3)."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x1a"):
        raise Refused("E110", place, f"no data ({len(data)} bytes)", "get the file again")
    if what := content(data):
        wrong = f"content is {what}, its name says text"
        raise Refused("E130", place, wrong, "give the file that the publisher ships")
    text, encoding = _unicode(place, data, ansi=ansi)
    text = text.rstrip(b"\x1a")
    if text.count(b"\r") != text.count(b"\r\n"):
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Text(place, text, encoding)


def _unicode(place: str, data: bytes, *, ansi: bool) -> tuple[bytes, str]:
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            return (_strict(place, body, codec) if codec == "utf-8" else
                    _strict(place, body, codec).decode(codec).encode()), name  # fmt: skip
    if data.isascii():
        return data, "ASCII"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if not ansi:
            line = data.count(b"\n", 0, error.start) + 1
            wrong = f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8"
            raise Refused("E140", f"{place}:{line}", wrong, "save the file as UTF-8") from error
    else:
        return data, "UTF-8"
    return _strict(place, data, "cp1252").decode("cp1252").encode(), "Windows-1252"


def _strict(place: str, data: bytes, codec: str) -> bytes:
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"byte {error.start} cannot be read as {codec}"
        raise Refused("E140", f"{place}:{line}", wrong, "get the file again") from error
    return data


def lines_of(text: Text) -> pl.DataFrame:
    """All lines of `text`: columns line (from 1), text, without their line ends."""
    return pl.read_lines(text.data, name="text", row_index_name="line", row_index_offset=1)


def counted(text: Text) -> int:
    """Lines that hold more than blanks, counted without the parser: the law's second opinion."""
    return sum(map(bool, map(bytes.strip, text.data.split(b"\n"))))


def sorted_out(text: Text, row: str, *, preamble: bool) -> Lines:
    """The lines of `text` that match `row`, the prose above them, and the odd ones among them.

    Data begins at the first match below a blank line (or the file's start) that another match
    follows: a preamble holds blank lines, and addresses that begin with five digits (0.2, 11.6).
    """
    lines = lines_of(text).lazy().filter(pl.col("text").str.strip_chars() != "")
    marked = lines.with_columns(pl.col("text").str.contains(row).alias("match")).collect()
    start = _start(marked) if preamble else 0
    if start is None:
        wrong = "no line looks like an entry of this format"
        raise Refused("E163", text.place, wrong, "check that it is the publisher's own file")
    above = marked.filter(pl.col("line") < start) if start > 1 else marked.clear()
    body = marked.filter(pl.col("line") >= start) if start > 1 else marked
    if not body["match"].any():
        wrong = "no line looks like an entry of this format"
        raise Refused("E163", text.place, wrong, "check that it is the publisher's own file")
    return Lines(
        body.filter("match").drop("match"),
        body.filter(~pl.col("match")).drop("match"),
        "\n".join(above["text"]),
        above.height,
    )


def _start(marked: pl.DataFrame) -> int | None:
    if marked.height and marked["match"][0]:
        return int(marked["line"][0])
    below_blank = pl.col("line").diff() > 1
    followed = pl.col("match").shift(-1, fill_value=True)
    firm = marked.filter(pl.col("match") & below_blank & followed)
    found = firm if firm.height else marked.filter("match")
    return int(found["line"][0]) if found.height else None
