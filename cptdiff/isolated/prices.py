"""Run as a process of its own: a hospital price file in JSON in, one of its lists as a table out.

The file is CMS's form, versions 2.x and 3.0, often of hundreds of megabytes: it is parsed piece by
piece and never held. The answer is a line of JSON with counts and what is no item, then the table
(Arrow IPC), whose columns are called as in CMS's CSV form.
"""

import io
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, Final

import ijson
import polars as pl

from cptdiff.errors import Refused
from cptdiff.isolated import cap_rows
from cptdiff.isolated.child import serve_stream
from cptdiff.limits import find_limits

MEMORY: Final = 3 * 1024**3
_PIECE: Final = 1024**2
# So many rows are kept as Python's objects.
_MOST_ROWS: Final = 50_000
ITEMS: Final = "standard_charge_information"
MODIFIERS: Final = "modifier_information"
# What an item's charge has, and how it is called in the CSV form.
_CHARGE: Final = {
    "setting": "setting",
    "billing_class": "billing_class",
    "gross_charge": "standard_charge|gross",
    "discounted_cash": "standard_charge|discounted_cash",
    "minimum": "standard_charge|min",
    "maximum": "standard_charge|max",
    "additional_generic_notes": "additional_generic_notes",
}
_START: Final = ("line", "item number", "description")
_END: Final = (
    "drug_unit_of_measurement", "drug_type_of_measurement", "modifiers", *_CHARGE.values(),
)  # fmt: skip
_Code = tuple[str, str]


class Table:
    """Rows that turn into columns whenever there are many.

    A row has `_START`, then any number of codes with their types, then `_END`.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[str, ...]] = []
        self.codes: list[list[_Code]] = []
        self.frames: list[pl.DataFrame] = []
        self.lines = 0

    def count(self) -> int:
        """The number of the next row. Raise `Refused` where there are more than any list has."""
        self.lines += 1
        if self.lines > find_limits().most_rows:
            cap_rows("", self.lines)
        return self.lines

    def add(self, start: tuple[str, ...], codes: list[_Code], end: tuple[str, ...]) -> None:
        """Add a row; `start` has no line, which is counted."""
        self.rows.append((str(self.count()), *start, *end))
        self.codes.append(codes)
        if len(self.rows) >= _MOST_ROWS:
            self._pack()

    def _pack(self) -> None:
        names = (*_START, *_END)
        schema = dict.fromkeys(names, pl.String)
        fixed = pl.DataFrame(self.rows, schema, orient="row")
        most = max(map(len, self.codes), default=0)
        codes = [
            pl.Series(
                f"code|{n + 1}{'|type' if part else ''}",
                [one[n][part] if n < len(one) else "" for one in self.codes], pl.String,
            )
            for n in range(most) for part in (0, 1)
        ]  # fmt: skip
        self.frames.append(fixed.with_columns(codes))
        self.rows.clear()
        self.codes.clear()

    def write(self) -> bytes:
        """The table as Arrow IPC."""
        self._pack()
        whole = pl.concat(self.frames, how="diagonal").fill_null("")
        codes = [name for name in whole.columns if name not in {*_START, *_END}]
        buffer = io.BytesIO()
        whole.select(*_START, *codes, *_END).write_ipc(buffer)
        return buffer.getvalue()


class Answer:
    """What is found: the rows, how many are the same item again, and what is no item."""

    def __init__(self) -> None:
        self.table = Table()
        self.repeated = 0
        self.faults: list[tuple[int, str]] = []

    def take_item(self, number: int, item: Any) -> None:  # noqa: ANN401 - any value of JSON
        """A row for the item, or for each of its sets of modifiers."""
        codes = _find_codes(item)
        charges = item.get("standard_charges") or [] if isinstance(item, dict) else None
        if codes is None or not isinstance(charges, list):
            self.set_aside(item)
            return
        start = (f"item {number}", _write(item.get("description")))
        drug = item.get("drug_information")
        drug = drug if isinstance(drug, dict) else {}
        units = (_write(drug.get("unit")), _write(drug.get("type")))
        known = set()
        for charge in [one for one in charges if isinstance(one, dict)] or [{}]:
            modifiers = _join_modifiers(charge)
            if modifiers in known:
                self.repeated += 1
                continue
            known.add(modifiers)
            told = [_write(charge.get(key)) for key in _CHARGE]
            self.table.add(start, codes, (*units, modifiers, *told))

    def take_modifier(self, number: int, item: Any) -> None:  # noqa: ANN401 - any value of JSON
        """A row with a modifier only."""
        if not isinstance(item, dict):
            self.set_aside(item)
            return
        start = (f"modifier {number}", _write(item.get("description")))
        end = [""] * len(_END)
        end[_END.index("modifiers")] = _write(item.get("code"))
        end[_END.index("setting")] = _write(item.get("setting"))
        self.table.add(start, [], tuple(end))

    def set_aside(self, item: Any) -> None:  # noqa: ANN401 - any value of JSON
        """Keep the place of what is no item."""
        self.faults.append((self.table.count(), json.dumps(item, ensure_ascii=False)))


def _find_codes(item: Any) -> list[_Code] | None:  # noqa: ANN401 - any value of JSON
    """The codes of an item with their types; None where it has no list of them."""
    if not isinstance(item, dict):
        return None
    codes = item.get("code_information") or []
    if not isinstance(codes, list) or not all(isinstance(one, dict) for one in codes):
        return None
    return [(_write(one.get("code")), _write(one.get("type"))) for one in codes]


def _join_modifiers(charge: dict[str, Any]) -> str:
    """The modifiers of a charge, as a text or a list, under the names of either version."""
    found = charge.get("modifier_code") or charge.get("modifiers")
    return "|".join(map(_write, found)) if isinstance(found, list) else _write(found)


def _write(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    if value is None or isinstance(value, str):
        return value or ""
    # What JSON writes for other numbers too, in a fraction of the time.
    return repr(value) if type(value) in {int, float} else json.dumps(value, ensure_ascii=False)


def answer(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield counts, then the table of the list `name`. Raise `Refused` for what is no JSON (E130).

    The library takes a piece when it needs one: given pieces, it takes twice the time.
    """
    found = Answer()
    takers: dict[str, Callable[[int, Any], None]] = {
        ITEMS: found.take_item, MODIFIERS: found.take_modifier,
    }  # fmt: skip
    items = ijson.items(stream, f"{name}.item", buf_size=_PIECE, use_float=True)
    try:
        for number, item in enumerate(items, 1):
            takers[name](number, item)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        fix = "get the file again; it may be cut off"
        raise Refused("E130", "", "is not valid JSON", fix) from error
    counts = {"rows": found.table.lines, "repeated": found.repeated, "faults": found.faults}
    yield json.dumps(counts).encode() + b"\n"
    yield found.table.write()


if __name__ == "__main__":
    serve_stream(partial(answer, name=sys.argv[2]), MEMORY)
