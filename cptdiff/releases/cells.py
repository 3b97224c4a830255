"""What cells say beyond their text: formulas, errors, merges, numbers (reliability.md, 53-58)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.releases.keys import key_of
from cptdiff.releases.sheets import Row, Sheet
from cptdiff.releases.table import FAULTS

_ERRORS: Final = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
)
_DOUBTFUL: Final = frozenset("=?!")
_VALUES: Final = "paste values instead of formulas"
Fault = tuple[str, str, str]


@dataclass(frozen=True)
class Columns:
    """The columns that are used: name by index from 0, and which of them make up the code."""

    names: Mapping[int, str]
    keys: Sequence[int]

    def code(self, row: Row) -> str:
        """The code of a row as far as it can be told."""
        return key_of(row.cells, self.keys)


def sorted_out(rows: list[Row], sheet: Sheet, columns: Columns) -> tuple[list[Row], pl.DataFrame]:
    """The rows whose cells can be trusted, and the others as `FAULTS`."""
    covered = _covered(rows, sheet, columns)
    unsafe = {kinds for kinds in {row.kinds for row in rows} if _unsafe(kinds, columns)}
    sound: list[Row] = []
    faults: list[tuple[int, str, str, str, str, str, str]] = []
    for row in rows:
        fault = None
        if row.kinds in unsafe or row.number in covered:
            fault = _fault(row, columns, covered.get(row.number, ()))
        if fault is None:
            sound.append(row)
        else:
            column, wrong, fix = fault
            raw = "\t".join(row.cells)
            faults.append((row.number, "code", columns.code(row), column, wrong, raw, fix))
    return sound, pl.DataFrame(faults, FAULTS, orient="row")


def told(place: str, rows: list[Row], sheet: Sheet, columns: Columns) -> tuple[str, ...]:
    """What was read as its user sees it, though it is no plain text; with counts."""
    of_codes: Counter[str] = Counter()
    formulas = 0
    for kinds, times in Counter(row.kinds for row in rows).items():
        for at in columns.names:
            kind = kinds[at : at + 1]
            of_codes[kind] += times * (at in columns.keys)
            formulas += times * (kind == "=" and at not in columns.keys)
    last = rows[-1].number if rows else 0
    first = rows[0].number if rows else 0
    counts = {
        "codes that are numbers, read as their format shows them (00000)": of_codes["0"],
        "codes that are numbers, not text": of_codes["n"],
        "values that are results of formulas, as last calculated": formulas,
        "hidden or filtered rows, read as the others": sum(
            first <= number <= last for number in sheet.hidden
        ),
    }
    return tuple(f"{place}: {what}: {number:,}" for what, number in counts.items() if number)


def _unsafe(kinds: str, columns: Columns) -> bool:
    shown = [kinds[at : at + 1].strip() for at in columns.names]
    return not _DOUBTFUL.isdisjoint(shown) or _codeless(kinds, columns)


def _codeless(kinds: str, columns: Columns) -> bool:
    return not any(kinds[at : at + 1].strip() for at in columns.keys)


def _fault(row: Row, columns: Columns, covered: Collection[int]) -> Fault | None:
    for at, name in columns.names.items():
        kind = row.kinds[at : at + 1]
        column = "code" if at in columns.keys else name
        if at in covered:
            return column, "E212: is merged with a cell that holds the text", "unmerge the cells"
        if kind == "!":
            error = row.cells[at] if row.cells[at] in _ERRORS else "an error"
            return column, f"E210: holds {error} instead of a value", "correct the cell"
        if kind == "?":
            return column, "E210: is a formula that was never calculated", _VALUES
        if kind == "=" and at in columns.keys:
            return column, "E210: the code is the result of a formula", _VALUES
    if _codeless(row.kinds, columns):
        return "code", "E212: has no code", "give the code, or delete the row"
    return None


def _covered(rows: list[Row], sheet: Sheet, columns: Columns) -> dict[int, set[int]]:
    """By row the columns whose cells lie under a merged one: they hold nothing of their own."""
    found: dict[int, set[int]] = {}
    for number, at in _under(rows, sheet, columns):
        found.setdefault(number, set()).add(at)
    return found


def _under(rows: list[Row], sheet: Sheet, columns: Columns) -> Iterator[tuple[int, int]]:
    for top, left, bottom, right in sheet.merged:
        inside = [at for at in columns.names if left <= at + 1 <= right]
        for row in rows if inside else ():
            if top <= row.number <= bottom:
                yield from (
                    (row.number, at) for at in inside if (row.number, at + 1) != (top, left)
                )
