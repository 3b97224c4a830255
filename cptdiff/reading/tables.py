"""A user's own tables as text: keys, header, rows."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import polars as pl

from cptdiff.columns import find_name, fold_name
from cptdiff.errors import Refused
from cptdiff.isolated import cap_rows
from cptdiff.limits import find_limits
from cptdiff.model import OWN, REST, Note, make_notes
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
    MARK,
    VOID,
    Row,
    Rows,
    Table,
    find_line,
    find_oddity,
    is_suspicious,
    make_no_faults,
    read_letters,
    read_quoted,
    refuse_escapes,
    refuse_stray_quotes,
    replace_quoted,
)
from cptdiff.reading.strays import Parted, Why, may_have_strays, part_rows, tell_apart
from cptdiff.reading.text import Text, describe_line_ends
from cptdiff.reading.widths import square_rows

_INVISIBLE: Final = r"[\p{Cf}\p{Cc}]|[\p{Z}&&[^ ]]"
# Letters that pass for Latin ones, and digits that pass for ASCII's, beside real ones.
_ALIKE: Final = r"[\p{Cyrillic}\p{Greek}\x{FF01}-\x{FF5E}]|[\p{Nd}&&[^0-9]]"


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
# Cells at the top of a column, of which the first filled one shows whether to look at all.
_MOST_LOOKED_AT: Final = 100
# What separates cells that hold no separator, so that they need no quotes.
_BARE: Final = "\t|"
_BROKEN: Final = (
    "E153: text follows the closing quote of a cell",
    'double each " inside a quoted cell',
)


def drop_unnamed(
    frame: pl.DataFrame, names: Sequence[str], unnamed: Sequence[str], columns: Columns, place: str
) -> tuple[pl.DataFrame, tuple[str, ...], tuple[Note, ...]]:
    """Return `frame` and `names` without the unnamed columns that say nothing, and what is told.

    These are empty, or number the rows in the first column, as pandas writes its index.
    """
    if not unnamed:
        return frame, tuple(names), ()
    blank = frame.select((pl.col(OWN + name).str.strip_chars() == "").all() for name in unnamed)
    empty = [name for name in unnamed if blank[OWN + name][0]]
    first = names[0]
    is_asked = fold_name(first) in map(fold_name, columns.fields)
    index = [first] if first in unnamed and not is_asked and _is_index(frame[OWN + first]) else []
    left = tuple(name for name in names if name not in (*empty, *index))
    many = "1 column" if len(empty) == 1 else f"{len(empty):,} columns"
    named = ", ".join(name for name in unnamed if name in left)
    texts = (
        f"{many} without a name and without values left out" if empty else "",
        "a first column without a name that numbers the rows is left out" if index else "",
        f"columns without a name: {named}" if named else "",
    )
    dropped = frame.drop(OWN + name for name in (*empty, *index))
    return dropped, left, make_notes("reading", filter(None, texts), place)


def _is_index(cells: pl.Series) -> bool:
    """Whether whole numbers go up from row to row."""
    if cells.len() < 2 or not cells.str.contains(r"\A(?:0|[1-9][0-9]{0,14})\z").all():  # noqa: PLR2004
        return False
    return bool((cells.cast(pl.Int64).diff().drop_nulls() > 0).all())


def unwrap_columns(
    frame: pl.DataFrame, faults: pl.DataFrame, names: Sequence[str], columns: Columns, place: str
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[Note, ...]]:
    """Return rows and faults without single quotes around cells, where all of a column have them.

    Of the faults that is the code. A note tells the columns.
    """
    found = [name for name in names if _is_wrapped(frame[OWN + name])]
    if not found:
        return frame, faults, ()
    bare = frame.with_columns(
        pl.col(OWN + name).str.strip_chars().str.strip_prefix("'").str.strip_suffix("'")
        for name in found
    )
    if any(names[at] in found for at in find_key_places(names, columns)):
        code = pl.col("code").str.replace_all(r"(\A|\|)'([^'|]*)'", "${1}${2}")
        faults = faults.with_columns(code)
    told = f"single quotes around the cells of columns, which were removed: {', '.join(found)}"
    return bare, faults, (Note("reading", told, place),)


def _is_wrapped(cells: pl.Series) -> bool:
    """Whether each cell that holds anything stands in single quotes, and there is one."""
    first = next((cell for cell in cells.head(_MOST_LOOKED_AT) if cell.strip()), "'")
    if not first.strip().startswith("'"):
        return False
    filled = cells.str.strip_chars().replace("", None).drop_nulls()
    return (
        filled.len() > 0
        and filled.str.contains(r"(?s)\A'.*'\z").all()
        and bool((filled.str.len_bytes() > 1).all())
    )


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


def find_odd_rows(text: Text, rows: Sequence[Row]) -> dict[int, Why]:
    """Rows that hold what no row of text may, as `find_strays`."""
    if not is_suspicious(text.data):
        return {}
    return {n: why for n, (_, cells) in enumerate(rows) if (why := find_oddity(cells))}


def refuse_cut(text: Text, rows: Sequence[Row], header: Header, parted: Parted) -> None:
    """Refuse a table that breaks off within its last row."""
    if not parted.rows or parted.rows[-1] is not rows[-1] or len(parted.rows) - 1 in parted.faults:
        return
    (line, cells), width = rows[-1], len(header.names)
    if len(cells) < width and not text.data.endswith((b"\r", b"\n")):
        wrong = (
            f"the file seems to be cut off: its last row has {len(cells)} of {width} cells and no"
            f" line end; size {len(text.data):,} bytes"
        )
        raise Refused("E121", f"{text.place}:{line}", wrong, "get the file again")


_ODD: Final = (b"\0", b"\x1a")
# So much of a wide file is read at once.
_PIECE: Final = 32 * 1024 * 1024


def read_own_text(
    text: Text, columns: Columns, header: Header | None = None, unread: Collection[str] = ()
) -> Table:
    """Rows of line, kind, code and the user's columns; what is no row of it is a fault.

    A caller that knows the header states it, and may name columns that it can do `unread`: they
    are left out where each line is a row by itself.
    """
    header, notes_of_header = (header, ()) if header else find_header(text, columns)
    _cap_body(text, header)
    narrow = _read_narrow(text, header, columns, unread) if unread else None
    header, plain = narrow or (header, _read_fast(text, header, columns))
    exact = (
        _read_exactly(text, header, columns) if plain is None else _Exact(plain, make_no_faults())
    )
    frame, faults = exact.frame, exact.faults
    frame, faults, wrapped = unwrap_columns(frame, faults, header.names, columns, text.place)
    kept, names, unnamed = drop_unnamed(frame, header.names, header.unnamed, columns, text.place)
    found, trimmed = add_keys(kept, names, columns, text.place)
    ledger = Ledger(
        exact.blank,
        header.line,
        found.height + count_inner_ends(text, exact.frame),
        faults.height + count_inner_ends(text, faults.select("raw")),
        exact.apart,
    )
    notes = (*notes_of_header, *exact.notes, *wrapped, *unnamed, *trimmed)
    # Where quotes are letters, each line is a row.
    separator = header.separator if exact.is_quoted else ""
    return make_table(text, found, faults, ledger, notes=notes, separator=separator)


def _cap_body(text: Text, header: Header) -> None:
    """Refuse more rows than there may be before they take memory; most files have fewer lines."""
    if text.line_count > find_limits().most_rows:
        body = text.data[find_line(text.data, header.line) :]
        blank = _list_blanks(header) + b"\r\n"
        rows = replace_quoted(body, header.separator).strip(blank)
        cap_rows(text.place, count_lines(re.sub(rb"[\r\n][%b]*" % blank, b"\n", rows)))


def _list_blanks(header: Header) -> bytes:
    """What a blank line may hold: separators too, as Excel saves an empty row."""
    return VOID + header.separator.encode() if len(header.names) > 1 else VOID


class _Exact(NamedTuple):
    """The rows to the letter, those that are set aside; blank lines, lines that are no rows."""

    frame: pl.DataFrame
    faults: pl.DataFrame
    blank: int = 0
    apart: int = 0
    notes: tuple[Note, ...] = ()
    is_quoted: bool = True


def _read_exactly(text: Text, header: Header, columns: Columns) -> _Exact:
    found, said = _read_rows(text, header, columns)
    odd = find_odd_rows(text, found.rows)
    odd |= {n: _BROKEN for n, (line, _) in enumerate(found.rows) if line in found.broken}
    parted = part_rows(found.rows, header, columns, odd)
    refuse_cut(text, found.rows, header, parted)
    squared = square_rows(parted.rows, header, columns, parted.faults, text.place)
    is_quoted = header.quoted and not said
    data = replace_quoted(text.data, header.separator) if is_quoted else text.data
    notes = (*said, *describe_line_ends(replace(text, data=data)))
    if found.blank:
        notes += (Note("reading", f"blank lines skipped: {found.blank:,}", text.place),)
    notes += (*squared.notes, *tell_apart(parted.apart, text.place))
    cells = [cell for _, row in parted.apart for cell in row]
    inner = count_inner_ends(text, pl.DataFrame({"cell": cells}, {"cell": pl.String}))
    apart = len(parted.apart) + inner
    return _Exact(squared.frame, squared.faults, found.blank, apart, notes, is_quoted)


def _read_rows(text: Text, header: Header, columns: Columns) -> tuple[Rows, tuple[Note, ...]]:
    """The rows to the letter, and the note where quotes are letters though nobody said so.

    They are in tables of tabs or bars whose quotes enclose no cells, if each line is a row then.
    """
    mark, blank = header.separator, _list_blanks(header)
    if not header.quoted:
        return read_letters(text, mark, header.line, blank), ()
    try:
        found = read_quoted(text, mark, header.line, blank, rescues=True)
        if found.broken and len(found.broken) == len(found.rows):
            read_quoted(text, mark, header.line, blank)
        keys = find_key_places(header.names, columns)
        refuse_stray_quotes(text.place, _make_row(text, header), found.rows, mark, keys)
        is_sound = not found.broken
    except Refused:
        refuse_escapes(text, header.line)
        letters = _find_letters(text, header, columns)
        if letters is None:
            raise
        return letters
    letters = None if is_sound else _find_letters(text, header, columns)
    return letters or (found, ())


def _find_letters(
    text: Text, header: Header, columns: Columns
) -> tuple[Rows, tuple[Note, ...]] | None:
    if columns.quotes or header.separator not in _BARE or header.further:
        return None
    found = read_letters(text, header.separator, header.line, _list_blanks(header))
    if any(len(cells) != len(header.names) for _, cells in found.rows):
        return None
    told = "quotes are letters, because they do not enclose cells"
    return found, (Note("reading", told, text.place),)


def _make_row(text: Text, header: Header) -> Row:
    """The header as a row, with the line that it begins on; its cells keep their line ends."""
    first = header.line - header.further
    if not header.further:
        return first, [*header.names]
    start, end = (find_line(text.data, above) for above in (first - 1, header.line))
    return first, read_record(text.data[start:end].decode(), header.separator)[0]


def _read_narrow(
    text: Text, header: Header, columns: Columns, unread: Collection[str]
) -> tuple[Header, pl.DataFrame] | None:
    """The rows without the columns `unread`, and their header, where each line is a row; else None.

    Wide files are read piece by piece: whole, all their cells take several times their size.
    """
    if not header.quoted or _is_odd(text) or not _is_regular(text, header):
        return None
    places = [at for at, name in enumerate(header.names) if name not in unread]
    pieces = []
    for piece in _cut_pieces(text.data, find_line(text.data, header.line)):
        lines = pl.read_lines(piece, name="text").to_series()
        if (lines == "").any() or not are_rows(lines, header):
            return None
        pieces.append(read_columns(piece, header, places))
    narrow = header._replace(names=tuple(header.names[at] for at in places))
    if not pieces:
        return None
    whole = pl.concat(
        piece.select(pl.nth(at).alias(OWN + name) for at, name in enumerate(narrow.names))
        for piece in pieces
    ).with_row_index("line", header.line + 1)
    return None if _has_strays(whole, narrow, columns, len(text.data)) else (narrow, whole)


def _cut_pieces(data: bytes, start: int) -> Iterator[bytes]:
    """Yield the lines from `start` on in pieces of at most `_PIECE` bytes, or of one line."""
    while start < len(data):
        end = data.rfind(b"\n", start, start + _PIECE) + 1 or data.find(b"\n", start) + 1
        end = end if end and start + _PIECE < len(data) else len(data)
        yield data[start:end]
        start = end


def _is_odd(text: Text) -> bool:
    """Whether a text holds what Polars' own reader may take for something else."""
    has_mark = not text.data.isascii() and MARK.encode() in text.data
    return has_mark or any(odd in text.data for odd in _ODD)


def _read_fast(text: Text, header: Header, columns: Columns) -> pl.DataFrame | None:
    """The rows by Polars' own reader where it cannot differ from the exact one, else None.

    Polars fills up short rows and drops empty cells that are too many, both in silence: a file
    that has either, a blank line or anything else out of the ordinary is left to the exact reader.
    """
    if _is_odd(text) or not _is_regular(text, header):
        return None
    is_quoted = header.quoted and b'"' in text.data
    if is_quoted and not (is_one_line(text, header) and _is_even(text, header)):
        return None
    frame = pl.read_csv(
        text.data, has_header=False, skip_lines=header.line, separator=header.separator,
        quote_char='"' if is_quoted else None, infer_schema=False, empty_string_is_null=False,
        truncate_ragged_lines=True, raise_if_empty=False,
    ).with_row_index("line", header.line + 1)  # fmt: skip
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
    marks = first.count(header.separator.encode())
    is_wide = not (header.quoted and b'"' in first) and marks != len(header.names) - 1
    return not (is_wide or text.has_lone_returns) and returns in {0, text.feeds}


def _has_strays(frame: pl.DataFrame, header: Header, columns: Columns, size: int) -> bool:
    """Whether any row may be none: header, trailer, blank, or of a field beyond measure."""
    lead = find_key_places(header.names, columns)[0]
    bare = frame[OWN + header.names[lead]].str.strip_chars()
    name = header.names[lead].lower()
    # In capitals or not, it is as long as the name; letters beyond ASCII may be longer.
    alike = bare.filter(bare.str.len_chars() == len(name)) if name.isascii() else bare
    if (alike.str.to_lowercase() == name).any():
        return True
    if may_have_strays(frame.drop("line"), lead, bare):
        return True
    longest = frame.select(pl.max_horizontal(pl.exclude("line").str.len_bytes().max())).item()
    most = find_limits().cell
    return size > most and longest > most


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
    if not header.quoted:
        return bool((lines.str.count_matches(header.separator, literal=True) == further).all())
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
