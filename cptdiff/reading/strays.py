"""Rows of a table that are no entries: totals, notes, section titles, the header once more."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

import polars as pl

from cptdiff.columns import fold_name
from cptdiff.model import Note
from cptdiff.reading.headers import Columns, Header, find_key_places
from cptdiff.reading.rows import Row

Why = tuple[str, str]
_REPETITION: Final = "E165: repeats the header (are two files joined?)", "delete the row"
_TRAILER: Final = "E165: is a total or a last line, not a row", "delete the row"
_NOTE: Final = "E165: is a note under the table, not a row", "delete the row"
# How a note begins, where it is not plain from its place or its words.
_MARK: Final = re.compile(r"[*\u2020\u2021]+\s*\w+\s+\w")
_SIGN: Final = re.compile("[*\u2020\u2021]")
_NOTE_WORD: Final = re.compile(r"\W*(?:(?:foot)?notes?|sources?)\b", re.IGNORECASE)
# A cell of so many words is no key among keys of fewer.
_SENTENCE: Final = 4
_TOTAL_TEXT: Final = (
    r"\W*(?:(?:grand |sub-? ?)?totals?|(?:row|record|code|line)s?(?: count)?|count)"
    r"(?:(?: (?:row|record|code|line)s?)?\W*[0-9,. ]*(?: (?:row|record|code|line)s?)?)?\W*"
    r"|\W*(?:end of (?:file|data|list|table|report)|eof|trailer)\W*"
)
_TOTAL: Final = re.compile(_TOTAL_TEXT, re.IGNORECASE)
_DIGIT: Final = re.compile("[0-9]")
_SHORT_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_LONG_WORD: Final = re.compile(r"[^\W\d_]{6,}")
_SMALL: Final = re.compile("[a-z]")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_MOST_QUOTED: Final = 60
# A key that begins so may be a note's or a total's first cell.
_DOUBTFUL: Final = (
    rf"(?i)\A(?:{_TOTAL_TEXT})\z|\A\W*(?:(?:foot)?notes?|sources?)\b|\A[*\x{{2020}}\x{{2021}}]"
)

_BEGINNINGS: Final = [
    "total", "row", "record", "code", "line", "count", "end of", "eof", "trailer", "note",
    "source", "*", "\u2020", "\u2021",
]  # fmt: skip


class Strays(NamedTuple):
    """Rows that are no entries, by their place among the rows.

    `faults` are excluded, with fault and fix. `apart` cannot be entries, so that they are no rows
    at all.
    """

    faults: dict[int, Why]
    apart: tuple[int, ...]


def is_total(cell: str) -> bool:
    """Whether a cell says TOTAL, a count or the end where a key should stand."""
    return _TOTAL.fullmatch(cell) is not None


class Parted(NamedTuple):
    """The rows of a table, faults by their place among these, and rows that are no entries."""

    rows: Sequence[Row]
    faults: dict[int, Why]
    apart: Sequence[Row]


def part_rows(
    rows: Sequence[Row], header: Header, columns: Columns, odd: Mapping[int, Why]
) -> Parted:
    """Return `rows` without those that are no entries; `odd` ones are faults whatever they say."""
    found = find_strays(rows, header, columns)
    faults = found.faults | {**odd}
    apart = {*found.apart} - {*odd}
    if not apart:
        return Parted(rows, faults, ())
    order = [n for n in range(len(rows)) if n not in apart]
    return Parted(
        [rows[n] for n in order],
        {at: faults[n] for at, n in enumerate(order) if n in faults},
        [rows[n] for n in sorted(apart)],
    )


def find_strays(rows: Sequence[Row], header: Header, columns: Columns) -> Strays:
    """Return the rows that repeat the header, and totals, notes and section titles.

    What stands in a row is no entry for sure where every key is one word with a digit, and
    - its key says total, count or end, or it has no key and begins so;
    - or it holds one cell with words of letters, such as no key has;
    - or it stands under the table and begins with note or source.
    A line with fewer cells than the header may be the rest of a torn row: it has to begin so too,
    or to follow a blank line under the table. Where keys may be words, a total or a note under the
    table is a fault.
    """
    places = find_key_places(header.names, columns)
    names, lead = [fold_name(name) for name in header.names], places[0]
    faults = {
        n: _REPETITION
        for n, (_, cells) in enumerate(rows)
        if lead < len(cells) and fold_name(cells[lead]) == names[lead]
        and [*map(fold_name, cells)] == names
    }  # fmt: skip
    table = _Table(rows, len(names), lead, _have_codes(rows, lead))
    sure = [n for n in range(len(rows)) if n not in faults and table.is_apart(n)]
    under = _find_end(rows, {*sure, *faults}, table)
    apart = {*sure, *(n for n in under if table.is_note(n))}
    faults |= _find_doubtful(rows, apart, faults, table, places)
    return Strays(faults, tuple(sorted(apart)))


def _have_codes(rows: Sequence[Row], lead: int) -> bool:
    """Whether the keys of all rows with values are one word with a digit."""
    keys = [
        key for _, cells in rows
        if lead < len(cells) and (key := cells[lead].strip()) and _count_filled(cells) > 1
    ]  # fmt: skip
    odd = [key for key in keys if not _DIGIT.search(key) or len(key.split()) > 1]
    return len(keys) > len(odd) and all(is_total(k) or _NOTE_WORD.match(k) for k in odd)


def _count_filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


class _Table(NamedTuple):
    """What tells an entry: rows, width, the place of the key, whether all keys are codes."""

    rows: Sequence[Row]
    width: int
    lead: int
    has_codes: bool

    def read_first(self, n: int) -> str:
        """The key of a row, else what it holds first."""
        cells = self.rows[n][1]
        key = cells[self.lead].strip() if self.lead < len(cells) else ""
        return key or next((cell.strip() for cell in cells if cell.strip()), "")

    def is_apart(self, n: int) -> bool:
        """Whether a row can be no entry, wherever it stands."""
        cells = self.rows[n][1]
        is_keyed = self.lead < len(cells) and cells[self.lead].strip() != ""
        if self.width == 1 or not (self.has_codes or not is_keyed):
            return self.width == 1 and self.has_codes and is_total(cells[0].strip())
        first = self.read_first(n)
        if is_total(first):
            return True
        is_lone = is_keyed and len(cells) >= self.width and _count_filled(cells) == 1
        return is_lone and _is_wording(first)

    def is_note(self, n: int) -> bool:
        """Whether a row under the table is a note."""
        if not self.has_codes or self.width == 1:
            return False
        first = self.read_first(n)
        if _NOTE_WORD.match(first) or _MARK.match(first):
            return True
        is_lone = _count_filled(self.rows[n][1]) == 1
        return is_lone and _is_wording(first) and self.follows_blank(n)

    def follows_blank(self, n: int) -> bool:
        """Whether a blank line stands above a row."""
        if not n:
            return False
        line, cells = self.rows[n - 1]
        inner = sum(len(_LINE_END.findall(cell)) for cell in cells)
        return self.rows[n][0] > line + 1 + inner


def _is_wording(text: str) -> bool:
    """Whether a text is words, such as a code of one word with a digit is not."""
    if _DIGIT.search(text):
        return len(text.split()) > 1 and _WORD.search(text) is not None
    if len(text.split()) > 1:
        return _SHORT_WORD.search(text) is not None
    word = _WORD if _SMALL.search(text) else _LONG_WORD
    return word.search(text) is not None


def _find_end(rows: Sequence[Row], sure: set[int], table: _Table) -> Iterator[int]:
    """The rows under the table, the last one first."""
    return takewhile(lambda n: n in sure or table.is_note(n), range(len(rows) - 1, -1, -1))


def _find_doubtful(
    rows: Sequence[Row],
    apart: set[int],
    repeated: Mapping[int, Why],
    table: _Table,
    places: Sequence[int],
) -> dict[int, Why]:
    """The last rows that may be totals or notes, but may as well be entries."""
    found: dict[int, Why] = {}
    for n in range(len(rows) - 1, -1, -1):
        if n in apart:
            continue
        if is_total(table.read_first(n)):
            found[n] = _TRAILER
        elif _may_be_note(rows[n][1], table.width):
            found[n] = _NOTE
        elif not (n in repeated and n == len(rows) - 1):
            break
    notes = [n for n in found if found[n] is _NOTE]
    if _are_notes(rows, notes, places):
        return found
    return {n: why for n, why in found.items() if why is not _NOTE}


def _may_be_note(cells: Sequence[str], width: int) -> bool:
    """Whether only the first cell of a row of several columns holds anything."""
    return (
        width > 1 and bool(cells) and cells[0].strip() != "" and not any(map(str.strip, cells[1:]))
    )


def _are_notes(rows: Sequence[Row], notes: Sequence[int], places: Sequence[int]) -> bool:
    """Whether the last rows, of which only the first cell holds anything, have no key there."""
    if 0 not in places or not notes:
        return True
    texts, of_notes = [rows[n][1][0].strip() for n in notes], set(notes)
    longest = max((len(cells[0].split()) for n, (_, cells) in enumerate(rows)
                   if cells and n not in of_notes), default=0)  # fmt: skip
    starts = any(_NOTE_WORD.match(text) or _SIGN.match(text) for text in texts)
    return longest < _SENTENCE and (starts or all(len(t.split()) >= _SENTENCE for t in texts))


def may_have_strays(cells: pl.DataFrame, lead: int, key: pl.Series) -> bool:
    """Whether any row may be none of the table, by a look at the key and at rows of one cell.

    `cells` are the cells of rows of one width, `key` those of the column `lead` without blanks
    around them. Rows that repeat the header are not looked for.
    """
    if (key == "").any() or has_doubtful(key):
        return True
    others = [pl.col(name) for at, name in enumerate(cells.columns) if at != lead]
    if not others:
        return False
    # Most rows have something in the second column: only the others are looked at as a whole.
    for other in others:
        cells = cells.filter(other.str.strip_chars() == "")
        if not cells.height:
            return False
    return True


def has_doubtful(keys: pl.Series) -> bool:
    """Whether any of `keys` may be the first cell of a note or a total."""
    # Few keys have one of the words or signs that begin these.
    some = keys.filter(keys.str.contains_any(_BEGINNINGS, ascii_case_insensitive=True))
    return bool(some.str.contains(_DOUBTFUL).any())


def tell_apart(apart: Sequence[Row], place: str) -> tuple[Note, ...]:
    """Return the note about rows that are no entries, with the place and words of the first."""
    if not apart:
        return ()
    line, cells = apart[0]
    words = " ".join(" ".join(cells).split())
    some = words if len(words) <= _MOST_QUOTED else f"{words[:_MOST_QUOTED]}..."
    many = f"rows that are not entries (totals, notes, section titles): {len(apart):,}"
    return (Note("reading", f"{many}, the first on line {line}", place, f": {some}"),)
