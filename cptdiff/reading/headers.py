"""The header of a user's own table: where it stands, and what its columns are called."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice, product, repeat, takewhile
from typing import Final, NamedTuple

from cptdiff.columns import find_name, fold_name
from cptdiff.errors import Refused, find_nearest
from cptdiff.limits import find_limits, propose_limit
from cptdiff.model import Note
from cptdiff.reading.rows import HEADER_ROWS, LINE_END, find_line
from cptdiff.reading.text import Text

QUOTES_NONE: Final = "none"
QUOTES_DOUBLE: Final = "double"
_WRAPPED: Final = re.compile(r"'[^']*'")


class Columns(NamedTuple):
    """What the user named: the key's columns, and the fields to compare (none: all others).

    Without `keys` a preset says them, else they are `code`. A table without a header is `headless`:
    `names` are those of its columns (none: their numbers). `quotes` tells whether quotes enclose
    cells: double (they do), none (they are letters), or empty where the file shows it. `preset` is
    the one to look for: any (empty), none, or the one of that name. `goes_on` tells that lines
    below the header whose key is blank are a part of it.
    """

    keys: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    headless: bool = False
    names: tuple[str, ...] = ()
    quotes: str = ""
    preset: str = ""
    goes_on: bool = False


class Header(NamedTuple):
    """Where a table's header stands, and its column names, each on one line.

    `further` is how many line ends stand in its cells; `unnamed` are the columns that have their
    place for a name. `quoted` tells whether quotes enclose cells. Where it is `stated`, the names
    are not those in the file.
    """

    line: int
    separator: str
    names: tuple[str, ...]
    further: int = 0
    unnamed: tuple[str, ...] = ()
    quoted: bool = True
    stated: bool = False


def join_words(cell: str) -> str:
    """A column's name on one line, a run of blanks as one."""
    return " ".join(cell.split())


def has_keys(names: Sequence[str], columns: Columns, *, in_any_edition: bool = False) -> bool:
    """Whether every key column is among `names`, in any case.

    `in_any_edition` takes a name that differs in the year, quarter or month that it tells.
    """
    if not in_any_edition:
        return {fold_name(key) for key in columns.keys} <= {*map(fold_name, names)}
    return all(find_name(key, names) is not None for key in columns.keys)


class Names(NamedTuple):
    """The names of a table's columns; `unnamed` are those that have their place for a name.

    `joined` tells that rows above the header were needed to tell columns apart, `numbered` are the
    names that occur twice all the same: the second column of one name is "NAME (2)".
    """

    names: tuple[str, ...]
    unnamed: tuple[str, ...] = ()
    joined: bool = False
    numbered: tuple[str, ...] = ()

    def tell(self, place: str) -> tuple[Note, ...]:
        """The note about columns of one name."""
        told = "columns of one name are told apart by the rows above" if self.joined else ""
        told = (
            f"columns of one name are numbered: {', '.join(self.numbered)}"
            if self.numbered
            else told
        )
        return (Note("reading", told, place),) if told else ()


def name_columns(
    place: str, cells: Sequence[str], columns: Columns, above: Sequence[Sequence[str]] = ()
) -> Names:
    """Return the names in the `cells` of a header; a column without one is named by its place.

    Names that occur twice are joined with what stands in their columns in the rows `above`. Raise
    `Refused` where that is not enough, and where the key or a field is one of them.
    """
    names = [join_words(cell) for cell in cells]
    wanted = {fold_name(name) for name in (*columns.keys, *columns.fields)}
    if names[0] == _PANDAS and fold_name(_PANDAS) not in wanted:
        names[0] = ""
    doubled = _list_doubled(names)
    is_unclear = any(fold_name(name) in wanted for name in doubled)
    stack = _list_stack(above, len(names))
    if doubled and is_unclear:
        quoted = f": {', '.join(doubled)}; columns found: {', '.join(names)}"
        fix = "name another column, or give each column its own name"
        raise Refused("E162", place, "two columns have the same name", fix, quoted)
    for is_spread in (False, True):
        if stack and (doubled or "" in names):
            names = _join_stack(names, cells, stack, is_spread=is_spread)
    numbered = tuple(name for name in _list_doubled(names))
    names = _number_doubled(names)
    unnamed = tuple(_name_place(names, at) for at, name in enumerate(names) if not name)
    full = tuple(name or _name_place(names, at) for at, name in enumerate(names))
    return Names(full, unnamed, bool(doubled) and not numbered, numbered)


def _list_doubled(names: Sequence[str]) -> list[str]:
    counts = Counter(map(fold_name, names))
    return sorted({name for name in names if name and counts[fold_name(name)] > 1})


def _list_stack(above: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """The rows right above a header that are a part of it: with cells for several columns."""
    stack: list[list[str]] = []
    for cells in reversed(above):
        row = [join_words(cell) for cell in cells][:width]
        if sum(map(bool, row)) < _FEWEST_CELLS:
            break
        stack.insert(0, row + [""] * (width - len(row)))
    return stack


_FEWEST_CELLS: Final = 2
# What pandas calls a first column without a name once it reads its own file again.
_PANDAS: Final = "Unnamed: 0"


def _join_stack(
    names: Sequence[str], cells: Sequence[str], stack: Sequence[Sequence[str]], *, is_spread: bool
) -> list[str]:
    """`names` with the rows above before those that are doubled or empty.

    `is_spread` lets a cell of an upper row stand for the empty ones to its right.
    """
    doubled = {*map(fold_name, _list_doubled(names)), ""}
    upper = [_spread(row) for row in stack] if is_spread else stack
    return [
        " ".join(filter(None, (*(row[at] for row in upper), join_words(cells[at]))))
        if fold_name(name) in doubled and (name or not is_spread) else name
        for at, name in enumerate(names)
    ]  # fmt: skip


def _spread(row: Sequence[str]) -> list[str]:
    return [*accumulate(row, _fill)]


def _fill(before: str, cell: str) -> str:
    return cell or before


def _number_doubled(names: Sequence[str]) -> list[str]:
    """`names`, the second of one name as "NAME (2)"."""
    found: list[str] = []
    counts: Counter[str] = Counter()
    for name in names:
        counts[fold_name(name)] += 1
        number = counts[fold_name(name)]
        found.append(f"{name} ({number})" if name and number > 1 else name)
    return found


def _name_place(names: Sequence[str], at: int) -> str:
    """The name of a column without one, by its letter in a spreadsheet: column B."""
    name = f"column {name_letters(at)}"
    return name if name not in names else f"{name} without a name"


def name_letters(at: int) -> str:
    """The letters of a column in a spreadsheet, by its place from 0."""
    letters, rest = "", at + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def find_key_places(names: Sequence[str], columns: Columns) -> list[int]:
    """Where the key's columns stand among `names`."""
    return find_places(names, columns.keys)


def find_places(names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where the `wanted` columns stand among `names`, in which they all are."""
    return [names.index(find_name(name, names) or name) for name in wanted]


DEFAULT_KEY: Final = ("code",)


def refuse_keyless(place: str, columns: Columns, seen: Sequence[str]) -> Refused:
    """The refusal of a table without its key."""
    *more, last = columns.keys
    wrong = f"has no header with the key columns {', '.join(more)} and {last}"
    wrong = wrong if more else f"has no column {last}, which is the key"
    names = [name for name in map(join_words, seen) if name]
    quoted = f"; columns found: {', '.join(names)}" if names else ""
    fix = "name the column that identifies a row with --key COLUMN"
    # Where nobody named a key, a later column with a name like code may be any code: of a revenue.
    likely = names[:1] if columns.keys == DEFAULT_KEY else names
    if near := find_nearest(last, likely):
        fix = f'use --key "{near}"'
    return Refused("E163", place, wrong, fix, quoted)


_SEPARATORS: Final = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
_HEAD: Final = 1024 * 1024
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
# What Excel writes and reads in the first line.
_SEPARATOR_LINE: Final = re.compile(r'"?sep=([,\t;|])"?[ \t]*', re.IGNORECASE)
# Codes and numbers, but no year: what a header's cells seldom are.
_DATUM: Final = re.compile(r"(?!(?:19|20)[0-9]{2}$)(?:[0-9]{3,}[0-9A-Z.]*|[A-Z][0-9][0-9A-Z.]+)")


def find_header(text: Text, columns: Columns) -> tuple[Header, tuple[Note, ...]]:
    """The first row of the first 50 lines that names the key, and what is told of it.

    Raises `Refused` where there is none, where it names a column twice or too many of them. A table
    without a header has the names that the user gave.
    """
    if columns.headless:
        return _make_header(text, columns)
    head = text.data[:_HEAD].decode(errors="ignore")
    lines = LINE_END.split(text.data[:_HEAD], maxsplit=HEADER_ROWS)[:HEADER_ROWS]
    first = lines[0].decode(errors="ignore")
    said = _SEPARATOR_LINE.fullmatch(first)
    separators = said[1] if said else "".join(_SEPARATORS)
    starts, quotes = [*list_starts(head, len(lines))], columns.quotes
    for in_any_edition, (above, start) in product((False, True), enumerate(starts)):
        for separator in separators:
            cells, taken = read_record(head, separator, start, quotes)
            cells = unwrap_cells(cells)
            if has_keys(cells, columns, in_any_edition=in_any_edition):
                _check_width(text.place, cells)
                _refuse_datum(text.place, above, cells, columns)
                before = [read_record(head, separator, at, quotes)[0] for at in starts[:above]]
                found = name_columns(text.place, cells, columns, before)
                further = sum(len(LINE_END.findall(cell.encode())) for cell in cells)
                further_starts = starts[above + taken :]
                rows = (read_record(head, separator, at, quotes)[0] for at in further_starts)
                below = count_below(rows, cells, columns)
                header = Header(
                    above + taken + below, separator, found.names, further + below, found.unnamed,
                    quotes != QUOTES_NONE,
                )  # fmt: skip
                return header, _describe_header(text.place, above, separator, found)
    likeliest, cells = _find_likeliest(head, starts, separators)
    raise _refuse_headless(text.place, columns, cells, likeliest + 1)


def _make_header(text: Text, columns: Columns) -> tuple[Header, tuple[Note, ...]]:
    """The names of a table without a header: the user's, or the numbers of the columns.

    Cells are separated by what makes most of the first lines as wide as the names, or of one width.
    """
    lines = [
        line for line in text.data[:_HEAD].decode(errors="ignore").splitlines() if line.strip()
    ]
    said = _SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    least = max(len(columns.names), _FEWEST_CELLS)
    best = (0, 1, ",")
    for separator in said[1] if said else "".join(_SEPARATORS):
        tops = lines[bool(said) : HEADER_ROWS]
        widths = Counter(
            len(read_record(line, separator, quotes=columns.quotes)[0]) for line in tops
        )
        width, number = max(widths.items(), key=lambda one: one[::-1], default=(0, 0))
        if width >= least:
            best = max(best, (number, width, separator))
    _, width, separator = best
    cells = [*columns.names, *[""] * (width - len(columns.names))]
    numbered = cells if columns.names else [str(at) for at in range(1, width + 1)]
    _check_width(text.place, numbered)
    if not has_keys(numbered, columns):
        raise refuse_keyless(text.place, columns, numbered)
    found = name_columns(text.place, numbered, columns)
    is_quoted = columns.quotes != QUOTES_NONE
    header = Header(int(said is not None), separator, found.names, 0, found.unnamed, is_quoted)
    told = f"no header, cells separated by {_SEPARATORS[separator]}"
    return header, (Note("reading", told, text.place),)


def count_below(rows: Iterable[Sequence[str]], cells: Sequence[str], columns: Columns) -> int:
    """Return how many of the `rows` below `cells` belong to a header that goes on below its names.

    Nothing stands in them where the key begins.
    """
    lead = find_key_places(cells, columns)[0]
    found = takewhile(
        lambda row: len(row) > lead and not row[lead].strip() and any(map(str.strip, row)), rows
    )
    return sum(1 for _ in found) if columns.goes_on else 0


def list_starts(head: str, number: int) -> Iterator[int]:
    """Yield where each of the first `number` lines of `head` begins."""
    at = 0
    for line in islice(chain(_list_lines(head, 0), repeat("")), number):
        yield at
        at += len(line)


def _list_lines(head: str, start: int) -> Iterator[str]:
    """The lines of `head` from `start` on, with their ends."""
    while found := _LINE_END.search(head, start):
        yield head[start : found.end()]
        start = found.end()
    if start < len(head):
        yield head[start:]


def unwrap_cells(cells: Sequence[str]) -> list[str]:
    """`cells` without the single quotes around them, if all that hold anything have these."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or not all(map(_WRAPPED.fullmatch, filled)):
        return [*cells]
    return [cell.strip()[1:-1] for cell in cells]


def read_record(
    head: str, separator: str, start: int = 0, quotes: str = ""
) -> tuple[list[str], int]:
    """The cells of the row that begins at `start`, and how many lines it takes.

    None where it can be no header.
    """
    if quotes == QUOTES_NONE:
        line = next(_list_lines(head, start), "")
        return (line.rstrip("\r\n").split(separator), 1) if line else ([], 0)
    reader = csv.reader(_list_lines(head, start), delimiter=separator, strict=True)
    try:
        return next(reader, []), reader.line_num
    except csv.Error:
        return [], 0


def _check_width(place: str, names: Sequence[str]) -> None:
    most = find_limits().columns
    if len(names) > most:
        wrong = f"has {len(names):,} columns, more than {most:,}"
        fix = f"if it is the right file, add {propose_limit('columns', len(names))}"
        raise Refused("E166", place, wrong, fix)


def _refuse_datum(place: str, above: int, cells: Sequence[str], columns: Columns) -> None:
    """Refuse a header whose key looks like a code: its row would be lost."""
    keys = [join_words(cells[at]) for at in find_key_places(cells, columns)]
    if any(map(_DATUM.fullmatch, keys)):
        raise _refuse_data(place, above + 1, cells)


def _refuse_data(place: str, line: int, cells: Sequence[str]) -> Refused:
    wrong = f"line {line} looks like data, not a header"
    fix = "use --no-header, or name the columns with --columns NAME,NAME"
    quoted = f": {', '.join(map(join_words, cells[:20]))}"
    return Refused("E161", f"{place}:{line}", wrong, fix, quoted)


def _describe_header(place: str, above: int, separator: str, found: Names) -> tuple[Note, ...]:
    notes = []
    if separator != "," or above:
        where = f"header on line {above + 1}, cells separated by {_SEPARATORS[separator]}"
        notes.append(Note("header" if above else "separator", where, place))
    return (*notes, *found.tell(place))


def _find_likeliest(head: str, starts: Sequence[int], separators: str) -> tuple[int, list[str]]:
    """The line that is most likely the header: the first with the most filled cells.

    A row of data may have one more than the header above it, whose first column has no name.
    """
    found = [
        (above, cells)
        for above, start in enumerate(starts)
        for separator in separators
        for cells in (read_record(head, separator, start)[0],)
    ]
    filled = [sum(map(bool, map(str.strip, cells))) for _, cells in found]
    most = max(filled, default=0)
    best = [row for row, number in zip(found, filled, strict=True) if number == most]
    if best and any(map(_DATUM.fullmatch, map(str.strip, best[0][1]))):
        near = (row for row, number in zip(found, filled, strict=True) if number >= most - 1 > 1)
        names = (row for row in near if not any(map(_DATUM.fullmatch, map(str.strip, row[1]))))
        return next(names, best[0])
    return best[0] if best else (0, [])


def _refuse_headless(place: str, columns: Columns, cells: Sequence[str], line: int) -> Refused:
    if not any(map(_DATUM.fullmatch, map(str.strip, cells))):
        return refuse_keyless(place, columns, cells)
    return _refuse_data(place, line, cells)


def is_one_line(text: Text, header: Header) -> bool:
    """Whether the header is one line: none of its names holds a line end.

    Of one that is stated the line is where it ends.
    """
    if not header.line or header.stated:
        return True
    start, end = (find_line(text.data, above) for above in (header.line - 1, header.line))
    cells, _ = read_record(text.data[start:end].decode(), header.separator)
    return tuple(map(join_words, cells)) == header.names and not header.further
