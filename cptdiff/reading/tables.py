"""A user's own tables as text: keys, header, rows."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl

from cptdiff.columns import find_name, fold_name
from cptdiff.errors import Refused
from cptdiff.isolated import MAX_ROWS, cap_rows
from cptdiff.model import OWN, REST, Note
from cptdiff.reading.codes import name_characters
from cptdiff.reading.headers import (
    Columns,
    Header,
    find_header,
    find_key_places,
    find_places,
    is_one_line,
    read_record,
)
from cptdiff.reading.ledger import Ledger, count_inner_ends, count_lines, make_table
from cptdiff.reading.rows import (
    FAULTS,
    MARK,
    MAX_FIELD,
    VOID,
    Row,
    Table,
    find_line,
    find_oddity,
    is_suspicious,
    make_no_faults,
    read_quoted,
    refuse_stray_quotes,
    replace_quoted,
)
from cptdiff.reading.text import Text, describe_line_ends

_INVISIBLE: Final = r"[\p{Cf}\p{Cc}]|[\p{Z}&&[^ ]]"
# Letters that pass for Latin ones, and digits that pass for ASCII's, beside real ones.
_ALIKE: Final = r"[\p{Cyrillic}\p{Greek}\x{FF01}-\x{FF5E}]|[\p{Nd}&&[^0-9]]"


def make_key(cells: Sequence[str], places: Sequence[int]) -> str:
    """The key of a row that is set aside, as `add_keys` makes it; empty where a part is missing."""
    parts = [cells[at].lstrip("\ufeff").strip() for at in places if at < len(cells)]
    if len(parts) < len(places):
        return ""
    if len(parts) == 1:
        return parts[0]
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def describe_doubtful_keys(codes: pl.Series, place: str) -> tuple[Note, ...]:
    """A sentence on keys with characters that cannot be seen, one on those with look-alikes."""
    foreign = codes.filter(codes.str.contains(r"[^\x20-\x7e]"))
    if not foreign.len():
        return ()
    beside = foreign.filter(foreign.str.contains(r"[0-9A-Za-z]"))
    return (
        *_note_keys(place, "characters that cannot be seen", foreign, _INVISIBLE),
        *_note_keys(place, "letters or digits that look like others", beside, _ALIKE),
    )


def _note_keys(place: str, what: str, keys: pl.Series, pattern: str) -> tuple[Note, ...]:
    found = keys.str.extract(f"({pattern})").drop_nulls()
    if not found.len():
        return ()
    many = f"keys with {what}: {found.len():,} ({name_characters(str(found[0]))})"
    return (Note("reading", many, place),)


_MOST_EXAMPLES: Final = 5


def drop_unnamed(
    frame: pl.DataFrame, names: Sequence[str], unnamed: Sequence[str], place: str
) -> tuple[pl.DataFrame, tuple[str, ...], tuple[Note, ...]]:
    """`frame` and `names` without the unnamed columns that hold nothing, and what is told."""
    if not unnamed:
        return frame, tuple(names), ()
    blank = frame.select((pl.col(OWN + name).str.strip_chars() == "").all() for name in unnamed)
    empty = [name for name in unnamed if blank[OWN + name][0]]
    left = tuple(name for name in names if name not in empty)
    named = [name for name in unnamed if name not in empty]
    notes = []
    if empty:
        columns = "1 column" if len(empty) == 1 else f"{len(empty):,} columns"
        notes.append(
            Note("reading", f"{columns} without a name and without values left out", place)
        )
    if named:
        notes.append(Note("reading", f"columns without a name: {', '.join(named)}", place))
    return frame.drop(OWN + name for name in empty), left, tuple(notes)


def square_rows(
    rows: Sequence[tuple[int, list[str]]],
    header: Header,
    columns: Columns,
    strays: Mapping[int, tuple[str, str]] = MappingProxyType({}),
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows` of the header's width as a frame, the others and the `strays` as `FAULTS`.

    `strays` are fault and fix of rows that are none, by their place among `rows`.
    """
    width = len(header.names)
    uneven = {
        n: _explain_width(row[1], header) for n, row in enumerate(rows) if len(row[1]) != width
    }
    odd = {**uneven, **strays}
    square = [(line, *cells) for n, (line, cells) in enumerate(rows) if n not in odd]
    schema = {"line": pl.UInt32} | {OWN + name: pl.String for name in header.names}
    places = find_key_places(header.names, columns)
    faults = [
        (line, "code", make_key(cells, places), "", fault,
         header.separator.join(cells), fix)
        for line, cells, (fault, fix) in ((*rows[n], odd[n]) for n in sorted(odd))
    ]  # fmt: skip
    frame = pl.DataFrame(square, schema, orient="row")
    return frame, pl.DataFrame(faults, FAULTS, orient="row")


def _explain_width(cells: Sequence[str], header: Header) -> tuple[str, str]:
    """The fault of a row that is too short or too long, and its likely cause."""
    width, more = len(header.names), cells[len(header.names) :]
    many = f"has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, the header has {width}"
    if not more:
        return f"E151: {many}", "add the missing cells"
    if any(re.search(r"[^\W\d]", cell) for cell in more):
        fault = f"E152: {many}: does a cell contain the separator without quotes?"
        return fault, "put quotes around the cell that contains the separator"
    return f"E152: {many}", "delete the extra cells, or quote the one that contains the separator"


def add_keys(
    frame: pl.DataFrame, names: Sequence[str], columns: Columns, place: str
) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """`frame` with kind and code, its fields those that the user named, or all but the key."""
    keys = [names[at] for at in find_key_places(names, columns)]
    missing = [name for name in columns.fields if find_name(name, names) is None]
    if missing:
        quoted = f"; columns found: {', '.join(names)}"
        fix = "name a column of the table with --field"
        raise Refused("E163", place, f"has no column {', '.join(missing)}", fix, quoted)
    named = [names[at] for at in find_places(names, columns.fields)]
    fields = named or [name for name in names if name not in keys]
    parts = [pl.col(OWN + key).str.strip_chars() for key in keys]
    code = parts[0] if len(parts) == 1 else pl.concat_str(
        [part.str.replace_all(r"([\\|])", r"\$1") for part in parts], separator="|"
    )  # fmt: skip
    # A column that is not compared still tells equal rows from unequal ones.
    rest = [name for name in names if name not in (*keys, *fields)]
    blank = pl.all_horizontal(part == "" for part in parts)
    found = frame.select(
        "line",
        pl.lit("code").alias("kind"),
        pl.when(blank).then(pl.lit("")).otherwise(code).alias("code"),
        *(OWN + name for name in fields),
        *(pl.col(OWN + name).alias(REST + name) for name in rest),
    )
    is_padded = [pl.col(OWN + key) != part for key, part in zip(keys, parts, strict=True)]
    padded = found["code"].filter(frame.select(pl.any_horizontal(is_padded)).to_series())
    meant = zip((*columns.keys, *columns.fields), (*keys, *named), strict=True)
    return found, (*_describe_meant(meant, place), *_describe_padded(padded, place))


def _describe_meant(meant: Iterable[tuple[str, str]], place: str) -> Iterator[Note]:
    """A note for each column that was named as in another edition."""
    for said, name in meant:
        if fold_name(said) != fold_name(name):
            yield Note("reading", f"column {name} was taken for {said}", place)


def _describe_padded(padded: pl.Series, place: str) -> tuple[Note, ...]:
    if not padded.len():
        return ()
    some = ", ".join(padded.head(_MOST_EXAMPLES)) + (
        ", ..." if padded.len() > _MOST_EXAMPLES else ""
    )
    many = f"keys with spaces around them, which were removed: {padded.len():,} ({some})"
    return (Note("reading", many, place),)


Why = tuple[str, str]
_REPETITION: Final = "E165: repeats the header (are two files joined?)", "delete the row"
_TRAILER: Final = "E165: is a total or a last line, not a row", "delete the row"
_NOTE: Final = "E165: is a note under the table, not a row", "delete the row"
# How a note begins, where it is not plain from its place or its words.
_NOTE_START: Final = re.compile(
    r"[*\u2020\u2021]|\W*(?:foot)?notes?\b|\W*sources?\b", re.IGNORECASE
)
# A cell of so many words is no key among keys of fewer.
_SENTENCE: Final = 4
_TOTAL: Final = re.compile(
    r"\W*(?:(?:grand |sub-? ?)?totals?|(?:row|record|code|line)s?(?: count)?|count)"
    r"(?:(?: (?:row|record|code|line)s?)?\W*[0-9,. ]*(?: (?:row|record|code|line)s?)?)?\W*"
    r"|\W*(?:end of (?:file|data|list|table|report)|eof|trailer)\W*",
    re.IGNORECASE,
)


def is_trailer(cell: str) -> bool:
    """Whether a table's last row says TOTAL, a count or the end where its key should stand."""
    return _TOTAL.fullmatch(cell) is not None


def find_strays(rows: Sequence[Row], header: Header, columns: Columns) -> dict[int, Why]:
    """Headers and trailers, by their place among `rows`, with fault and fix."""
    names = [fold_name(name) for name in header.names]
    places = find_key_places(header.names, columns)
    lead = places[0]
    found = {
        n: _REPETITION
        for n, (_, cells) in enumerate(rows)
        if lead < len(cells) and fold_name(cells[lead]) == names[lead]
        and [*map(fold_name, cells)] == names
    }  # fmt: skip
    end = [n for n in found if n == len(rows) - 1]
    for n in range(len(rows) - 1, -1, -1):
        if _is_trailing(rows[n][1], lead):
            found[n] = _TRAILER
        elif _may_be_note(rows[n][1], len(names)):
            found[n] = _NOTE
        elif n not in end:
            break
    notes = [n for n in found if found[n] is _NOTE]
    return found if _are_notes(rows, notes, places) else {
        n: why for n, why in found.items() if why is not _NOTE
    }  # fmt: skip


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
    starts = any(map(_NOTE_START.match, texts))
    return longest < _SENTENCE and (starts or all(len(t.split()) >= _SENTENCE for t in texts))


def find_odd_rows(text: Text, rows: Sequence[Row]) -> dict[int, Why]:
    """Rows that hold what no row of text may, as `find_strays`."""
    if not is_suspicious(text.data):
        return {}
    return {n: why for n, (_, cells) in enumerate(rows) if (why := find_oddity(cells))}


def refuse_cut(text: Text, rows: Sequence[Row], header: Header, found: dict[int, Why]) -> None:
    """Refuse a table that breaks off within its last row."""
    if not rows or len(rows) - 1 in found or text.data.endswith((b"\r", b"\n")):
        return
    (line, cells), width = rows[-1], len(header.names)
    if len(cells) < width:
        wrong = (
            f"the file seems to be cut off: its last row has {len(cells)} of {width} cells and no"
            f" line end; size {len(text.data):,} bytes"
        )
        raise Refused("E121", f"{text.place}:{line}", wrong, "get the file again")


def _is_trailing(cells: Sequence[str], lead: int) -> bool:
    at = lead if lead < len(cells) and cells[lead].strip() else 0
    return is_trailer(cells[at].strip())


_ODD: Final = (b"\0", b"\x1a", MARK.encode())


def read_own_text(text: Text, columns: Columns) -> Table:
    """Rows of line, kind, code and the user's columns; what is no row of it is a fault."""
    header, notes_of_header = find_header(text, columns)
    _cap_body(text, header)
    plain = _read_fast(text, header, columns)
    exact = (
        _read_exactly(text, header, columns)
        if plain is None
        else _Exact(plain, make_no_faults(), 0, ())
    )
    frame, faults = exact.frame, exact.faults
    kept, names, unnamed = drop_unnamed(frame, header.names, header.unnamed, text.place)
    found, trimmed = add_keys(kept, names, columns, text.place)
    ledger = Ledger(
        exact.blank,
        header.line,
        found.height + count_inner_ends(text, frame),
        faults.height + count_inner_ends(text, faults.select("raw")),
    )
    notes = (*notes_of_header, *exact.notes, *unnamed, *trimmed)
    return make_table(text, found, faults, ledger, notes=notes, separator=header.separator)


def _cap_body(text: Text, header: Header) -> None:
    """Refuse more rows than there may be before they take memory; most files have fewer lines."""
    body = text.data[find_line(text.data, header.line) :]
    if count_lines(body) > MAX_ROWS:
        blank = _list_blanks(header) + b"\r\n"
        rows = replace_quoted(body, header.separator).strip(blank)
        cap_rows(text.place, count_lines(re.sub(rb"[\r\n][%b]*" % blank, b"\n", rows)))


def _list_blanks(header: Header) -> bytes:
    """What a blank line may hold: separators too, as Excel saves an empty row."""
    return VOID + header.separator.encode() if len(header.names) > 1 else VOID


class _Exact(NamedTuple):
    """The rows to the letter, those that are set aside, blank lines, and what is told of lines."""

    frame: pl.DataFrame
    faults: pl.DataFrame
    blank: int
    notes: tuple[Note, ...]


def _read_exactly(text: Text, header: Header, columns: Columns) -> _Exact:
    rows, voids = read_quoted(text, header.separator, header.line, _list_blanks(header))
    keys = find_key_places(header.names, columns)
    refuse_stray_quotes(text.place, _make_row(text, header), rows, header.separator, keys)
    odd = find_strays(rows, header, columns) | find_odd_rows(text, rows)
    refuse_cut(text, rows, header, odd)
    notes = describe_line_ends(replace(text, data=replace_quoted(text.data, header.separator)))
    if voids:
        notes += (Note("reading", f"blank lines skipped: {voids:,}", text.place),)
    return _Exact(*square_rows(rows, header, columns, odd), voids, notes)


def _make_row(text: Text, header: Header) -> Row:
    """The header as a row, with the line that it begins on; its cells keep their line ends."""
    first = header.line - header.further
    if not header.further:
        return first, [*header.names]
    start, end = (find_line(text.data, above) for above in (first - 1, header.line))
    return first, read_record(text.data[start:end].decode(), header.separator)[0]


def _read_fast(text: Text, header: Header, columns: Columns) -> pl.DataFrame | None:
    """The rows by Polars' own reader where it cannot differ from the exact one, else None.

    Polars fills up short rows and drops empty cells that are too many, both in silence: a file
    that has either, a blank line or anything else out of the ordinary is left to the exact reader.
    """
    if any(odd in text.data for odd in _ODD) or not _is_regular(text, header):
        return None
    is_quoted = b'"' in text.data
    if is_quoted and not (is_one_line(text, header) and _is_even(text, header)):
        return None
    frame = pl.read_csv(
        text.data, has_header=False, skip_lines=header.line, separator=header.separator,
        quote_char='"' if is_quoted else None, infer_schema=False, empty_string_is_null=False,
        row_index_name="line", row_index_offset=header.line + 1,
        truncate_ragged_lines=True, raise_if_empty=False,
    )  # fmt: skip
    if frame.width != len(header.names) + 1 or not frame.height:
        return None
    if not (is_quoted or _is_accounted_for(text, header, frame) or _is_even(text, header)):
        return None
    names = [OWN + name for name in header.names]
    named = frame.rename(dict(zip(frame.columns[1:], names, strict=True)))
    return None if _has_strays(named, header, columns, len(text.data)) else named


def _is_regular(text: Text, header: Header) -> bool:
    """Whether lines end in one way, and the first row has the header's number of cells.

    Polars makes a column for each cell of the first row, be they millions.
    """
    start, returns = find_line(text.data, header.line), text.data.count(b"\r")
    first = text.data[start : text.data.find(b"\n", start) + 1 or len(text.data)]
    is_wide = b'"' not in first and first.count(header.separator.encode()) != len(header.names) - 1
    return not (is_wide or text.has_lone_returns) and returns in {0, text.data.count(b"\n")}


def _has_strays(frame: pl.DataFrame, header: Header, columns: Columns, size: int) -> bool:
    """Whether any row may be none: header, trailer, blank, or of a field beyond measure."""
    key = frame[OWN + header.names[find_key_places(header.names, columns)[0]]]
    name = header.names[find_key_places(header.names, columns)[0]]
    bare = key.str.strip_chars()
    if (bare.str.to_lowercase() == name.lower()).any() or is_trailer(bare[-1] or frame.row(-1)[1]):
        return True
    # A row without a key may be blank, or a note.
    last = [text.strip() for text in frame.row(-1)[1:]]
    if (bare == "").any() or _may_be_note(last, len(last)):
        return True
    longest = frame.select(pl.max_horizontal(pl.exclude("line").str.len_bytes().max())).item()
    return size > MAX_FIELD and longest > MAX_FIELD


def _is_accounted_for(text: Text, header: Header, frame: pl.DataFrame) -> bool:
    """Whether every byte below the header is a cell's, a separator's or a line end's.

    With a last cell in every row, so that none is short, that proves that none is too long.
    """
    cells = frame.drop("line")
    if (cells.to_series(-1) == "").any():
        return False
    start = find_line(text.data, header.line)
    held = cells.select(pl.sum_horizontal(pl.all().str.len_bytes().sum())).item()
    ends = 2 if text.data.endswith(b"\r\n") else 1
    missing = 0 if text.data.endswith(b"\n") else ends
    between = frame.height * (len(header.names) - 1 + ends) - missing
    return bool(held + between == len(text.data) - start)


def _is_even(text: Text, header: Header) -> bool:
    """Whether every line below the header is a row of the header's width, none blank."""
    lines = pl.read_lines(text.data, name="text").to_series().slice(header.line)
    return not (lines == "").any() and are_rows(lines, header)


def are_rows(lines: pl.Series, header: Header) -> bool:
    """Whether each of `lines` by itself is a row of the header's width: quotes close within it."""
    mark, further = re.escape(header.separator), len(header.names) - 1
    is_quoted = lines.str.contains('"', literal=True)
    quoted = lines if is_quoted.all() else lines.filter(is_quoted)
    if quoted.len() < lines.len():
        bare = lines.filter(~is_quoted).str.count_matches(header.separator, literal=True)
        if not (bare == further).all():
            return False
    cell = rf'(?:[^"{mark}]*|"(?:[^"]|"")*")'
    try:
        return quoted.str.contains(rf"\A(?:{cell}{mark}){{{further}}}{cell}\z").all()
    except pl.exceptions.ComputeError:
        # Of thousands of columns: too large for the library.
        return False


def read_columns(data: bytes, header: Header, places: Sequence[int]) -> pl.DataFrame:
    """The cells at `places` of `data`, in which each line is a row."""
    inside = sorted(places)
    frame = pl.read_csv(
        data, has_header=False, columns=inside, separator=header.separator,
        quote_char='"' if b'"' in data else None, infer_schema=False, empty_string_is_null=False,
    )  # fmt: skip
    return frame.select(pl.nth(inside.index(at)) for at in places)
