"""Rows of a table that have more or fewer cells than its header."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from cptdiff.model import OWN, Note, make_notes
from cptdiff.reading.headers import Columns, Header, find_key_places, name_letters
from cptdiff.reading.rows import FAULTS, Row, find_form, loosen_form

Why = tuple[str, str]
# One short row among full ones is torn more likely than written so.
_FEWEST_SHORT: Final = 2
# What an empty cell may hold; no line end, for each is accounted for.
_BLANK: Final = " \t\v\f\u00a0"


class Squared(NamedTuple):
    """Rows of the header's width as a frame, the others as `FAULTS`, and what is told."""

    frame: pl.DataFrame
    faults: pl.DataFrame
    notes: tuple[Note, ...]


def make_key(cells: Sequence[str], places: Sequence[int]) -> str:
    """The key of a row that is set aside, as `add_keys` makes it; empty where a part is missing."""
    parts = [cells[at].lstrip("\ufeff").strip() for at in places if at < len(cells)]
    if len(parts) < len(places):
        return ""
    if len(parts) == 1:
        return parts[0]
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def square_rows(
    rows: Sequence[Row], header: Header, columns: Columns, strays: Mapping[int, Why], place: str
) -> Squared:
    """Return `rows` at the header's width.

    Empty cells that are too many are left out, and cells that a writer left out because they are
    empty are filled in. All other rows of another width are faults, and so are `strays`: fault and
    fix by their place among `rows`.
    """
    width, places = len(header.names), find_key_places(header.names, columns)
    filled = _find_unended(rows, header, places, strays)
    odd, square, trimmed = dict(strays), [], 0
    for n, (line, cells) in enumerate(rows):
        if n in odd:
            continue
        if n in filled:
            square.append((line, *cells, *[""] * (width - len(cells))))
        elif len(cells) < width or any(cell.strip(_BLANK) for cell in cells[width:]):
            odd[n] = _explain_width(cells, header)
        else:
            trimmed += len(cells) > width
            square.append((line, *cells[:width]))
    schema = {"line": pl.UInt32} | {OWN + name: pl.String for name in header.names}
    faults = [
        (line, "code", make_key(cells, places), "", fault,
         header.separator.join(cells), fix)
        for line, cells, (fault, fix) in ((*rows[n], odd[n]) for n in sorted(odd))
    ]  # fmt: skip
    counts = {
        "rows with empty cells behind the last column, which are left out": trimmed,
        "rows that lack cells at their end, which count as empty": len(filled),
    }
    texts = (f"{what}: {number:,}" for what, number in counts.items() if number)
    return Squared(
        pl.DataFrame(square, schema, orient="row"),
        pl.DataFrame(faults, FAULTS, orient="row"),
        make_notes("reading", texts, place),
    )


def _explain_width(cells: Sequence[str], header: Header) -> Why:
    """The fault of a row that is too short or too long, and its likely cause."""
    width, more = len(header.names), cells[len(header.names) :]
    many = f"has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, the header has {width}"
    if not more:
        return f"E151: {many}", "add the missing cells"
    if any(re.search(r"[^\W\d]", cell) for cell in more):
        fault = f"E152: {many}: does a cell contain the separator without quotes?"
        return fault, "put quotes around the cell that contains the separator"
    return f"E152: {many}", "delete the extra cells, or quote the one that contains the separator"


def _find_unended(
    rows: Sequence[Row], header: Header, places: Sequence[int], strays: Mapping[int, Why]
) -> frozenset[int]:
    """Return the short rows whose missing cells are empty, by their place among `rows`.

    A torn row is short too. So the key is whole, and of a form that keys of full rows have; the
    row below is no rest without a key; and empty cells are what the row may lack: another row has
    them there, or several rows are short and none ends in an empty cell, as where a writer leaves
    all of them out. Columns without a name may always be missing.
    """
    width = len(header.names)
    named = max(at for at, name in enumerate(header.names, 1) if name not in header.unnamed)
    short = {n for n, (_, cells) in enumerate(rows) if len(cells) < width and n not in strays}
    if not short:
        return frozenset()
    full = [cells for n, (_, cells) in enumerate(rows) if len(cells) >= named and n not in strays]
    forms = {loosen_form(find_form(make_key(cells, places))) for cells in full}
    keyed = {
        n for n in short
        if (key := make_key(rows[n][1], places)) and loosen_form(find_form(key)) in forms
    }  # fmt: skip
    sound = {n for n in keyed if n + 1 not in short or n + 1 in keyed}
    least = min((_count_used(cells, width) for cells in full), default=width)
    enough = {n for n in sound if len(rows[n][1]) >= min(least, named)}
    fewer = sound - enough
    ends_full = all(_count_used(cells, width) >= named for cells in full)
    return frozenset(sound if len(fewer) >= _FEWEST_SHORT and ends_full else enough)


def _count_used(cells: Sequence[str], width: int) -> int:
    """How many of the first `width` cells there are up to the last that holds anything."""
    return max((at for at, cell in enumerate(cells[:width], 1) if cell.strip()), default=0)


class Beside(NamedTuple):
    """What stands beside a table in a sheet: its width, how many cells, and the first of them."""

    width: int
    cells: int
    first: str

    def tell(self, place: str) -> tuple[Note, ...]:
        """Return the note about cells that are left out."""
        if not self.cells:
            return ()
        many = f"cells beside the table, which are left out: {self.cells:,}"
        return (Note("reading", f"{many}, the first is {self.first}", place),)


def find_beside(rows: Sequence[Row], width: int) -> Beside:
    """Return what stands beside a table that has `width` named columns, and maybe more.

    A further column belongs to it where half of the rows have something there.
    """
    far = [
        (number, at)
        for number, cells in rows
        for at in range(width, len(cells))
        if cells[at].strip()
    ]
    used = Counter(at for _, at in far)
    most = max((at + 1 for at, number in used.items() if 2 * number >= len(rows)), default=width)
    beside = [(number, at) for number, at in far if at >= most]
    first = f"{name_letters(beside[0][1])}{beside[0][0]}" if beside else ""
    return Beside(most, len(beside), first)
