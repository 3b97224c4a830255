"""The 320-byte record of HCPCS Level II."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

PIECE = 80
RECORD = 320
CONTINUATION = 91
_STEP = 100
_MODIFIER_WIDTH = 2


@dataclass(frozen=True)
class Item:
    """One code or modifier as one release has it."""

    code: str
    long: str
    short: str
    price: str = "00"
    coverage: str = "C"
    betos: str = "D1E"
    added: str = "20100101"
    acted: str = "20100101"
    ended: str = ""
    action: str = "N"
    successor: str = ""
    note: str = ""

    @property
    def is_modifier(self) -> bool:
        """Tell a modifier from a procedure code."""
        return len(self.code) == _MODIFIER_WIDTH

    def valid_on(self, date: str) -> bool:
        """Tell whether the item is valid on a date: its end is its last valid day."""
        return not self.ended or self.ended >= date


def records(items: Iterable[Item], *, trimmed: bool) -> list[str]:
    """Return the lines of items; trimmed cuts continuation lines after their text."""
    return [line for item in items for line in _lines(item, trimmed=trimmed)]


def _lines(item: Item, *, trimmed: bool) -> list[str]:
    pieces = textwrap.wrap(item.long, PIECE, break_on_hyphens=False, break_long_words=False)
    first, further = ("7", "8") if item.is_modifier else ("3", "4")
    lines = [_place({**_text(item, 1, first, pieces[0]), **_columns(item)}, RECORD)]
    width = CONTINUATION if trimmed else RECORD
    for number, piece in enumerate(pieces[1:], 2):
        lines.append(_place(_text(item, number, further, piece), width))
    return lines


def _text(item: Item, number: int, record: str, piece: str) -> dict[int, str]:
    return {1: item.code.rjust(5), 6: f"{number * _STEP:05}", 11: record, 12: piece}


def _columns(item: Item) -> dict[int, str]:
    columns = {92: item.short, 269: item.added, 277: item.acted, 285: item.ended, 293: item.action}
    if item.is_modifier:
        return {**columns, 230: item.coverage}
    return {
        **columns,
        120: item.price,
        128: "A" if item.price != "00" else "9",
        205: item.successor,
        230: item.coverage,
        253: item.note,
        257: item.betos,
        261: "1",
    }


def _place(columns: dict[int, str], width: int) -> str:
    line = [" "] * width
    for start, text in columns.items():
        line[start - 1 : start - 1 + len(text)] = text
    return "".join(line)
