"""A text's lines by what they are: preamble, entries, blank ones, odd ones."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets.layout import Column, FixedWidth
from cptdiff.errors import Refused
from cptdiff.reading.rows import MARK, find_odd_lines, is_suspicious
from cptdiff.reading.text import Text

# An address in a preamble, whose postal code looks like a code, is no longer than this.
_ADDRESS: Final = 3


class _Block(NamedTuple):
    """The lines from `first` to `last` between two blank lines, and how many are no data."""

    first: int
    last: int
    odd: int

    @property
    def lines(self) -> int:
        return self.last - self.first + 1


def find_first_line(
    lines: pl.DataFrame, odd: Sequence[int], blank: Sequence[int], layout: FixedWidth
) -> int:
    """The number of the first line of data in `lines` (line, text).

    `odd` are the numbers of the lines that do not look like data, `blank` of those that are
    empty, both ascending. Data begins with the first block between blank lines that holds any,
    and whatever else that block holds is set aside. Where prose may look like data, the block must
    be data for the most part, and no address: one to three lines, prose above or in it, and a code
    that does not lead up to the next block's.
    """
    edges = [0, *blank, lines.height + 1]
    blocks = [
        _Block(before + 1, after - 1, bisect_left(odd, after) - bisect_left(odd, before))
        for before, after in pairwise(edges)
        if after - before > 1
    ]
    data = [block for block in blocks if block.odd < block.lines]
    if not layout.like_prose:
        return data[0].first
    sure = (
        here
        for here, below in zip(data, [*data[1:], None], strict=True)
        if 2 * here.odd <= here.lines and not _is_address(lines, here, below, odd)
    )
    return next(sure, data[-1]).first


def _is_address(
    lines: pl.DataFrame, here: _Block, below: _Block | None, odd: Sequence[int]
) -> bool:
    if below is None or here.lines > _ADDRESS or not odd or odd[0] > here.last:
        return False
    code = lines["text"][here.last - 1].split(maxsplit=1)[0]
    return bool(code > lines["text"][below.first - 1])


# A line of these alone is blank.
BLANK: Final = " \t\v\f\r"
# Characters that move what stands behind them, or have no business in a line of columns. What some
# programs take for a line's end (VT, FF, FS, GS, RS) is text.
CONTROLS: Final = bytes([*range(1, 10), *range(14, 28), 31, 127])
_PIECE: Final = 64 * 1024
# As an entry begins, before any words of it.
_BEGUN: Final = re.compile(r" *[A-Z]?[0-9][0-9A-Z \t]{0,20}")
# Where a line without columns of its own has its code: a CPT code at the start.
_CODE: Final = Column("code", 1, 5)


@dataclass(frozen=True, eq=False, repr=False)
class Lines:
    """A text's lines by what they are. `data` and `odd` have columns line (from 1), text.

    `odd` are lines among the data that do not look like it; `preamble` is the prose above.
    `above` is the number of lines before the data, `blank` that of blank lines below it.
    """

    data: pl.DataFrame
    odd: pl.DataFrame
    preamble: str
    above: int
    blank: int


def split_lines(text: Text) -> pl.DataFrame:
    """All lines of `text`: columns line (from 1), text, without their line ends."""
    return text.lines


def sort_lines(text: Text, layout: FixedWidth) -> Lines:
    """The lines of `text` that are entries, the prose above them, and the odd ones among them."""
    lines = split_lines(text)
    match = lines["text"].str.contains(layout.row)
    for odd_ones in _find_odd(text, lines["text"], layout):
        match &= ~odd_ones
    if match.all() and match.len():
        return Lines(lines, lines.clear(), "", 0, 0)
    unlike = lines.filter(~match)
    blank = [n for n, words in unlike.iter_rows() if not words.strip(BLANK)]
    odd = sorted(set(unlike["line"]).difference(blank))
    if len(odd) + len(blank) == lines.height:
        wrong = "no line looks like an entry of this format"
        raise Refused("E163", text.place, wrong, "check that it is the publisher's own file")
    start = find_first_line(lines, odd, blank, layout) if layout.preamble else 1
    body, match = lines.slice(start - 1), match.slice(start - 1)
    stray = odd[bisect_left(odd, start) :]
    _refuse_cut(text, lines, stray)
    return Lines(
        body if match.all() else body.filter(match),
        _add_code(unlike.filter(pl.col("line").is_in(stray)), layout),
        "\n".join(lines["text"].head(start - 1)),
        start - 1,
        len(blank) - bisect_left(blank, start),
    )


def _find_odd(text: Text, lines: pl.Series, layout: FixedWidth) -> Iterator[pl.Series]:
    """Yield, for each reason that `text` gives any, which of `lines` are odd.

    They hold what no row may, or their columns are not in place: a tab inside, two lines in one.
    """
    sizes = lines.str.len_bytes()
    longest = int(sizes.max() or 0)  # type: ignore[arg-type]
    if is_suspicious(text.data, longest):
        yield find_odd_lines(lines)
    if not layout.columns:
        return
    if _has_controls(text.data):
        yield lines.str.contains(f"[{re.escape(CONTROLS.decode())}]")
    if layout.widest and longest > layout.widest:
        yield lines.str.strip_chars_end(BLANK).str.len_chars() > layout.widest
    if layout.joined:
        # Two entries are as long as what stands before their long descriptors, twice.
        before = next(column.start - 1 for column in layout.columns if column.name == "long")
        long = lines.filter(sizes >= 2 * before)
        if long.str.slice(layout.lead).str.contains(layout.joined).any():
            yield lines.str.slice(layout.lead).str.contains(layout.joined) & (sizes >= 2 * before)


def _has_controls(data: bytes) -> bool:
    # Piece by piece: a copy of all of it takes longer.
    pieces = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))
    return any(len(piece.translate(None, CONTROLS)) < len(piece) for piece in pieces)


def _refuse_cut(text: Text, lines: pl.DataFrame, stray: list[int]) -> None:
    """Refuse a file that breaks off within the code of its last line."""
    last = lines["text"][-1]
    if stray[-1:] == [lines.height] and not text.data.endswith(b"\n") and _BEGUN.fullmatch(last):
        wrong = f"the file seems to be cut off in its last line; size {len(text.data):,} bytes"
        raise Refused("E121", f"{text.place}:{lines.height}", wrong, "get the file again")


def _add_code(odd: pl.DataFrame, layout: FixedWidth) -> pl.DataFrame:
    """Odd lines with the code that stands at its place, as far as it can be read."""
    at = next((column for column in layout.columns if column.name == "code"), _CODE)
    bare = pl.col("text").str.strip_prefix(MARK)
    cut = bare.str.slice(at.start - 1, at.width).str.strip_chars().str.to_uppercase()
    kind = next((column for column in layout.columns if column.name == "kind"), None)
    mark = bare.str.slice(kind.start - 1, kind.width) if kind else pl.lit("")
    kinds = mark.replace_strict(dict(layout.kinds), default="code", return_dtype=pl.String)
    return odd.with_columns(cut.alias("code"), kinds.alias("kind"))
