"""What a reader makes of one file: rows, cells in quotes, and rows that are none."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

import polars as pl

from cptdiff.errors import Refused
from cptdiff.limits import find_limits, propose_limit
from cptdiff.model import Break, Note
from cptdiff.reading.text import Text

if TYPE_CHECKING:
    from cptdiff.codesets.presets import Preset

# How many rows are searched for the header of a table or workbook.
HEADER_ROWS: Final = 50

# `code` is the row's code where it can be told, else empty.
FAULTS: Final = pl.Schema(
    {
        "line": pl.Int64,
        "kind": pl.String,
        "code": pl.String,
        "column": pl.String,
        "fault": pl.String,
        "raw": pl.String,
        "fix": pl.String,
    }
)


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """One file's rows. `frame`: line, kind, code and the layout's fields, all String but line.

    `faults` (`FAULTS`) are rows that could not be read; `read` is the number of rows that frame
    and faults must make up.
    `separator` parts cells that may be quoted, empty where a line is a row; `sheet` is the one of
    a workbook that holds the rows. `breaks` are signs that lines are missing;
    `unended` is the code of a last line without its line end. `types` are those that a typed file
    states of its columns, by name. Of a user's table `keys` are the columns that make up the code,
    and `preset` is the one that its header is of.
    """

    frame: pl.DataFrame
    faults: pl.DataFrame
    read: int
    encoding: str
    preamble: str = ""
    notes: tuple[Note, ...] = ()
    separator: str = ""
    sheet: str = ""
    breaks: tuple[Break, ...] = ()
    unended: str = ""
    types: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    preset: "Preset | None" = None


def make_faults(rows: pl.DataFrame, fault: str, fix: str, column: str = "") -> pl.DataFrame:
    """`rows` (line, text and, where they can be told, kind and code) as `FAULTS`."""
    if not rows.height:
        return make_no_faults()
    return rows.select(
        pl.col("line").cast(pl.Int64),
        *(name if name in rows.columns else pl.lit("").alias(name) for name in ("kind", "code")),
        pl.lit(column).alias("column"),
        pl.lit(fault).alias("fault"),
        pl.col("text").alias("raw"),
        pl.lit(fix).alias("fix"),
    )


@cache
def make_no_faults() -> pl.DataFrame:
    """No faults."""
    return pl.DataFrame(schema=FAULTS)


# Of fewer rows no share tells how a file was made.
FEWEST_ROWS: Final = 100
MARK: Final = "\ufeff"
_AGAIN: Final = "get the file again"


def is_suspicious(data: bytes, longest: int | None = None) -> bool:
    """Whether a row of `data` may be odd: a look at the bytes, for the sound case's sake.

    `longest` is how many bytes the longest line has, where that is known.
    """
    is_marked = not data.isascii() and MARK.encode() in data
    size = len(data) if longest is None else longest
    return b"\0" in data or is_marked or size > find_limits().cell


def find_oddity(cells: Sequence[str]) -> tuple[str, str] | None:
    """The fault of a row and what to do, if it is odd."""
    if any("\0" in cell for cell in cells):
        return "E155: contains a NUL byte", _AGAIN
    if cells and cells[0].startswith(MARK):
        return (
            "E143: starts with a byte order mark (are two files joined?)",
            "give only one of the files",
        )
    size, most = max(map(len, cells), default=0), find_limits().cell
    if size > most:
        fix = f"{_AGAIN}; if the cell is right, add {propose_limit('cell', size)}"
        return f"E154: a cell has more than {most:,} characters", fix
    return None


def find_odd_lines(lines: pl.Series) -> pl.Series:
    """Which of `lines` are odd."""
    return (
        lines.str.contains("\0", literal=True)
        | lines.str.starts_with(MARK)
        | (lines.str.len_chars() > find_limits().cell)
    )


def make_odd_faults(lines: pl.DataFrame, fault: str, fix: str) -> pl.DataFrame:
    """`lines` (line, text) as `FAULTS`: what is odd of each, else `fault` and `fix`."""
    if not lines.height:
        return make_no_faults()
    faults = [find_oddity([text]) or (fault, fix) for text in lines["text"]]
    return make_faults(lines, fault, fix).with_columns(
        pl.Series("fault", [what for what, _ in faults], pl.String),
        pl.Series("fix", [what for _, what in faults], pl.String),
    )


LINE_END: Final = re.compile(rb"\r\n|\r|\n")
# A line of these alone is blank, in a table whose separator is none of them.
VOID: Final = b" \t\v\f"
_QUOTATION: Final = re.compile(rb'"[^"]*+(?:""[^"]*+)*+"')
_FIX: Final = 'double each " inside a quoted cell'
Row = tuple[int, list[str]]
# What is too long is told row by row (E154); the library would give up on the whole file. The
# limit is the process's, a C long, which has 32 bits on Windows.
_LONGEST: Final = 2**31 - 1


# What the library says where the text ends inside quotes.
_UNCLOSED: Final = "unexpected end of data"


class Rows(NamedTuple):
    """Rows with the line that each begins on, how many lines were blank, and `broken` rows.

    These are lines whose quotes are broken, but closed on the same line.
    """

    rows: list[Row]
    blank: int
    broken: frozenset[int] = frozenset()


def read_quoted(
    text: Text, separator: str, above: int, blank: bytes, *, rescues: bool = False
) -> Rows:
    """The rows below `above` lines; a line of the characters `blank` alone is none.

    Raises `Refused` where a quote is opened and not closed (E120), or where more than a separator
    follows a closed one (E153): every line below it would be doubtful. With `rescues` they are not
    where all cells of that line end on it.
    """
    source = io.StringIO(text.data.decode(), newline="")
    for _ in range(above):
        source.readline()
    csv.field_size_limit(_LONGEST)
    rows: list[Row] = []
    broken: set[int] = set()
    lines: list[bytes] = []
    while (wrong := _read_sound(source, separator, above, rows)) is not None:
        line, last, error = wrong
        lines = lines or LINE_END.split(text.data)
        is_alone = rescues and line == last and str(error) != _UNCLOSED
        cells = split_broken(lines[line - 1].decode(), separator) if is_alone else None
        if cells is None:
            _raise_broken(text, separator, line - 1, error)
        rows.append((line, cells))
        broken.add(line)
        above = line
    return _drop_blank(text, rows, blank, frozenset(broken))


def _read_sound(
    source: io.StringIO, separator: str, above: int, rows: list[Row]
) -> tuple[int, int, csv.Error] | None:
    """Add the rows below `above` lines to `rows`, up to the first with broken quotes.

    Of that one, return the first line and the last one that was read, and what is wrong.
    """
    reader, line = csv.reader(source, delimiter=separator, strict=True), above + 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = above + reader.line_num + 1
    except csv.Error as error:
        return line, above + reader.line_num, error
    return None


def split_broken(line: str, separator: str) -> list[str] | None:
    """Return the cells of a line, in which a quote before a separator or the end closes a cell.

    None where a cell would not end on the line, and where quotes are escaped by a backslash.
    """
    if '\\"' in line:
        return None
    cells, at = [], 0
    closing = re.compile(rf'"[ \t]*(?={re.escape(separator)}|\Z)')
    while at <= len(line):
        if line.startswith('"', at):
            found = closing.search(line, at + 1)
            if found is None:
                return None
            cells.append(line[at + 1 : found.start()])
            at = found.end() + 1
        else:
            end = line.find(separator, at)
            end = end if end >= 0 else len(line)
            cells.append(line[at:end])
            at = end + 1
    return cells


def read_letters(text: Text, separator: str, above: int, blank: bytes) -> Rows:
    """Return the rows below `above` lines; each line is one, and quotes are letters."""
    lines = LINE_END.split(text.data)[above:]
    if not lines[-1]:
        lines.pop()
    rows = [
        (number, line.decode().split(separator))
        for number, line in enumerate(lines, above + 1)
        if line.strip(blank)
    ]
    return Rows(rows, len(lines) - len(rows))


def refuse_escapes(text: Text, above: int) -> None:
    """Refuse a text whose quotes are escaped by a backslash, if one is below `above` lines."""
    at = text.data.find(b'\\"', find_line(text.data, above))
    if at >= 0:
        wrong = 'a quote inside a cell has a backslash before it (\\"), its escape character'
        fix = "export it with quotes doubled inside cells (Spark: .option('escape', '\"'))"
        raise Refused("E153", f"{text.place}:{_count_line(text.data, at)}", wrong, fix)


def _drop_blank(text: Text, rows: list[Row], blank: bytes, broken: frozenset[int]) -> Rows:
    # A cell of blanks may have been quoted: then its line is not blank.
    empty = [
        n for n, (_, cells) in enumerate(rows) if not any(cell.strip(" \t\v\f") for cell in cells)
    ]
    if not empty:
        return Rows(rows, 0, broken)
    lines = LINE_END.split(text.data)
    void = {n for n in empty if not lines[rows[n][0] - 1].strip(blank)}
    return Rows([row for n, row in enumerate(rows) if n not in void], len(void), broken)


def _raise_broken(text: Text, separator: str, above: int, error: csv.Error) -> NoReturn:
    """Raise for the first cell whose quotes are broken, naming the line that opens it."""
    data, ends = text.data, {separator.encode(), b"\r", b"\n", b""}
    bare = re.compile(rb"[^%b\r\n]*+" % re.escape(separator.encode()))
    at = find_line(data, above)
    while at < len(data):
        opened = at
        cell = (_QUOTATION if data.startswith(b'"', at) else bare).match(data, at)
        if cell is None:
            wrong = "a quote is opened and never closed: the file ends inside it"
            place = f"{text.place}:{_count_line(data, opened)}"
            raise Refused("E120", place, wrong, f"{_FIX}, or get the file again") from error
        at = cell.end()
        if data[at : at + 1] not in ends:
            line = _count_line(data, opened)
            wrong = f"text follows the closing quote of a cell that starts on line {line}"
            raise Refused("E153", f"{text.place}:{_count_line(data, at)}", wrong, _FIX) from error
        at += 1
    raise Refused("E153", text.place, f"quotes are broken ({error})", _FIX) from error


def replace_quoted(data: bytes, separator: str) -> bytes:
    """Return `data` with one letter for each quoted cell: its line ends are those of rows."""
    if b'"' not in data:
        return data
    mark = re.escape(separator.encode())
    return re.sub(rb'"(?:(?<=[%b\r\n]")|(?<=\A"))[^"]*+(?:""[^"]*+)*+"' % mark, b"_", data)


def find_line(data: bytes, above: int) -> int:
    """Return where the line below the first `above` ones begins, or the end."""
    at = 0
    for _ in range(above):
        found = LINE_END.search(data, at)
        at = found.end() if found else len(data)
    return at


def _count_line(data: bytes, at: int) -> int:
    return len(LINE_END.findall(data, 0, at)) + 1


_LINE_END: Final = re.compile(r"\r\n|\r|\n")
# From so many lines on, a key's form need not be another's letter by letter.
_MANY: Final = 3
_KINDS: Final = str.maketrans(
    digits + ascii_uppercase + ascii_lowercase, 10 * "0" + 26 * "A" + 26 * "a"
)
_FIX_STRAY: Final = 'double each " inside a quoted cell, or delete the stray "'


class _Table(NamedTuple):
    """A table: width, columns of the key, columns whose cells may begin with a blank; its keys."""

    width: int
    of_key: Sequence[int]
    padded: frozenset[int]
    keys: frozenset[str]
    forms: frozenset[str]

    def list_row_keys(self, lines: Sequence[Sequence[str]]) -> list[str]:
        """The key of each of `lines` that looks like a row, nothing for the others."""
        few = len(lines) < _MANY
        return [self._find_row_key(cells, few=few) for cells in lines]

    def _find_row_key(self, cells: Sequence[str], *, few: bool) -> str:
        if len(cells) != self.width or any(
            cell[:1] == " " and at not in self.padded for at, cell in enumerate(cells)
        ):
            return ""
        key = _join_key(cells, self.of_key)
        form = find_form(key)
        return key if (form if few else loosen_form(form)) in self.forms else ""


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
        for found in _list_inner_lines(cells, separator, keys)
        if any(len(one) == len(header[1]) for one in found[1:])
    ]
    if not doubtful:
        return
    table = _learn_table(rows, len(header[1]), keys)
    for line, found in doubtful:
        first, *below = table.list_row_keys(found)
        alike = [key for key in below if key]
        new = {first, *alike} - {""} - table.keys
        if new and 2 * len(alike) >= len(below):
            wrong = (
                "a quoted cell of the row that starts here contains what looks like more rows"
                f" (further lines: {len(alike):,})"
            )
            raise Refused("E120", f"{place}:{line}", wrong, _FIX_STRAY)


def _list_inner_lines(
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


def _learn_table(rows: Sequence[Row], width: int, of_key: Sequence[int]) -> _Table:
    """What `rows` tell, as they were read."""
    padded = frozenset(at for _, cells in rows for at, cell in enumerate(cells) if cell[:1] == " ")
    keys = frozenset(_join_key(cells, of_key) for _, cells in rows)
    forms = {find_form(key) for key in keys}
    return _Table(
        width, of_key, padded, keys, frozenset(forms | {loosen_form(form) for form in forms})
    )


def _join_key(cells: Sequence[str], keys: Sequence[int]) -> str:
    """The cells of the key; nothing where they are blank."""
    return "|".join(cells[at].strip() for at in keys if at < len(cells)).strip("|")


def find_form(key: str) -> str:
    """How `key` is written: 0 for a digit, A for a capital, a for a run of small letters."""
    return re.sub("aa+", "a", key.translate(_KINDS))


def loosen_form(form: str) -> str:
    """`form` with each run of one kind as one."""
    return re.sub(r"(.)\1+", r"\1", form)
