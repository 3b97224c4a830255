"""A quote that opens no cell, and takes in the rows down to the next one (`"6 inch tube`)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final, NamedTuple

from cptdiff.errors import Refused
from cptdiff.releases.quoting import Row

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
# From so many lines on, a key's form need not be another's letter by letter.
_MANY: Final = 3
_KINDS: Final = str.maketrans(
    digits + ascii_uppercase + ascii_lowercase, 10 * "0" + 26 * "A" + 26 * "a"
)
_FIX: Final = 'double each " inside a quoted cell, or delete the one that opens none'


class _Table(NamedTuple):
    """A table: width, columns of the key, columns whose cells may begin with a blank; its keys."""

    width: int
    of_key: Sequence[int]
    padded: frozenset[int]
    keys: frozenset[str]
    forms: frozenset[str]

    def row_keys(self, lines: Sequence[Sequence[str]]) -> list[str]:
        """The key of each of `lines` that looks like a row, nothing for the others."""
        few = len(lines) < _MANY
        return [self._row_key(cells, few=few) for cells in lines]

    def _row_key(self, cells: Sequence[str], *, few: bool) -> str:
        if len(cells) != self.width or any(
            cell[:1] == " " and at not in self.padded for at, cell in enumerate(cells)
        ):
            return ""
        key = _key(cells, self.of_key)
        form = _form(key)
        return key if (form if few else _loose(form)) in self.forms else ""


def refuse_stray_quotes(
    place: str, header: Row, rows: Sequence[Row], separator: str, keys: Sequence[int]
) -> None:
    """Raise `Refused` (E120) where a quoted cell holds rows of the table, which would be lost.

    A cell's lines are taken for rows where at least half of those below the first, each read by
    itself,
    - have the header's number of cells;
    - have no cell that begins with a blank, as prose has behind its commas, but in columns where
      other rows' cells begin so;
    - have a key (in the columns `keys`) of a form that other rows' keys have: digits and capitals
      in the same places, any run of small letters as good as another, and where there are several
      such lines any run of digits or capitals too;
    and where one of these keys at least is no other row's: a note may list codes of the table.
    """
    # A row of one line is followed by the next line's.
    several = [row for row, after in pairwise((header, *rows, (0, []))) if after[0] != row[0] + 1]
    doubtful = [
        (line, found)
        for line, cells in several
        for found in _lines_inside(cells, separator, keys)
        if any(len(one) == len(header[1]) for one in found[1:])
    ]
    if not doubtful:
        return
    table = _table(rows, len(header[1]), keys)
    for line, found in doubtful:
        first, *below = table.row_keys(found)
        alike = [key for key in below if key]
        new = {first, *alike} - {""} - table.keys
        if new and 2 * len(alike) >= len(below):
            wrong = (
                "a quoted cell of the row that begins here holds what looks like rows of the table"
                f" (further lines: {len(alike):,})"
            )
            raise Refused("E120", f"{place}:{line}", wrong, _FIX)


def _lines_inside(
    cells: Sequence[str], separator: str, keys: Sequence[int]
) -> Iterator[list[list[str]]]:
    """For each cell of several lines these as rows, with the cells before and behind it.

    A last line whose key the closing quote cuts is no row: a key's cell may hold two codes.
    """
    for at, cell in enumerate(cells):
        first, *below = _LINE_END.split(cell)
        if not below:
            continue
        last = below.pop().split(separator)
        found = [[*cells[:at], *first.split(separator)]]
        found += [line.split(separator) for line in below if line.strip()]
        found.append([] if len(last) - 1 in keys else [*last, *cells[at + 1 :]])
        yield found


def _table(rows: Sequence[Row], width: int, of_key: Sequence[int]) -> _Table:
    """What `rows` tell, as they were read."""
    padded = frozenset(at for _, cells in rows for at, cell in enumerate(cells) if cell[:1] == " ")
    keys = frozenset(_key(cells, of_key) for _, cells in rows)
    forms = {_form(key) for key in keys}
    return _Table(width, of_key, padded, keys, frozenset(forms | {_loose(form) for form in forms}))


def _key(cells: Sequence[str], keys: Sequence[int]) -> str:
    """The cells of the key; nothing where they are blank."""
    return "|".join(cells[at].strip() for at in keys if at < len(cells)).strip("|")


def _form(key: str) -> str:
    """How `key` is written: 0 for a digit, A for a capital, a for a run of small letters."""
    return re.sub("aa+", "a", key.translate(_KINDS))


def _loose(form: str) -> str:
    """`form` with each run of one kind as one."""
    return re.sub(r"(.)\1+", r"\1", form)
