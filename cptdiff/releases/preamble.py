"""Where a publisher's preamble ends and its data begins (formats.md 0.2, traps 6 and 7)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import polars as pl

from cptdiff.formats.layout import FixedWidth

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


def first_line(
    lines: pl.DataFrame, odd: Sequence[int], blank: Sequence[int], layout: FixedWidth
) -> int:
    """The number of the first line of data in `lines` (line, text).

    `odd` are the numbers of the lines that do not look like data, `blank` of those that are
    empty, both ascending. Data begins with the first block between blank lines that holds any,
    whatever else it holds. Where prose may look like data, it is the last such block and those
    above it that are data for the most part: a stray blank line loses nothing. But a block of one
    to three lines, prose above or in it, and a code that does not lead up to the next block's, is
    an address.
    """
    edges = [0, *blank, lines.height + 1]
    blocks = [
        _Block(before + 1, after - 1, bisect_left(odd, after) - bisect_left(odd, before))
        for before, after in pairwise(edges)
        if after - before > 1
    ]
    if blocks[0].first not in odd and not layout.like_prose:
        return blocks[0].first
    at = _prose_like(lines, blocks) if layout.like_prose else next(_with_data(blocks))
    if at:
        return blocks[at].first
    # No blank line above: what stands before the first line that looks like data is prose.
    return next(n for n in range(blocks[0].first, blocks[0].last + 1) if n not in odd)


def _with_data(blocks: Sequence[_Block]) -> Iterator[int]:
    return (at for at, block in enumerate(blocks) if block.odd < block.lines)


def _prose_like(lines: pl.DataFrame, blocks: Sequence[_Block]) -> int:
    at = max(_with_data(blocks))
    while at and _is_data(blocks[at - 1]) and not _is_address(lines, blocks, at - 1):
        at -= 1
    return at


def _is_data(block: _Block) -> bool:
    return 2 * block.odd <= block.lines


def _is_address(lines: pl.DataFrame, blocks: Sequence[_Block], at: int) -> bool:
    here, below = blocks[at], blocks[at + 1]
    if here.lines > _ADDRESS or not any(block.odd for block in blocks[: at + 1]):
        return False
    code = lines["text"][here.last - 1].split(maxsplit=1)[0]
    return bool(code > lines["text"][below.first - 1])
