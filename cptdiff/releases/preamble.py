"""Where a publisher's preamble ends and its data begins (formats.md 0.2, traps 6 and 7)."""

from bisect import bisect_left
from collections.abc import Sequence
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
