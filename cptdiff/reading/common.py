"""What two tables have in common, line by line, so that only their other lines are parsed.

A table of millions of rows changes in a few. Both files are read as lines, of which no more than
hashes stay in memory; equal lines are paired, and the reader of tables gets what is left, in the
order of the file. The comparison is the same where every line is one row, no row is out of the
ordinary and no key stands twice. All of this is proved for every line; where it cannot be, the
reader gets both files whole.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cptdiff.columns import find_name
from cptdiff.errors import Refused
from cptdiff.limits import find_limits
from cptdiff.model import Common
from cptdiff.reading.headers import (
    Columns,
    Header,
    find_header,
    find_key_places,
    find_places,
    is_one_line,
)
from cptdiff.reading.packed import find_packing
from cptdiff.reading.presets import settle_text
from cptdiff.reading.rows import MARK, find_line
from cptdiff.reading.sources import (
    find_state,
    name_path,
    read_pieces,
    refuse_changed,
)
from cptdiff.reading.strays import has_doubtful
from cptdiff.reading.tables import are_rows, read_columns
from cptdiff.reading.text import LONE_RETURN, decode, is_encoded_twice

# A longer line is left to the exact reader.
_LONGEST_LINE: Final = 1024**2
# Of each line there are two hashes of 64 bits. Nobody can make lines that share both: the seeds are
# others in each run.
_SEEDS: Final = (secrets.randbits(64), secrets.randbits(64))
# The header stands in the first piece; what is made of a piece stays in the processor's cache.
_PIECE: Final = 4 * 1024**2
_ENCODINGS: Final = frozenset({"ASCII", "UTF-8", "UTF-8 with BOM"})
_CTRL_Z: Final = b"\x1a"
# A key's cell with nothing to tell of: no blank at its ends, no look-alike.
_PLAIN: Final = r"\A(?:[!-~](?:[ -~]*[!-~])?)?\z"


class Remainder(NamedTuple):
    """A table without the rows that stand in the other one too.

    `data` is like a file: what stands above the rows, and the lines that are left. `name`, `rows`,
    `size`, `sha256` and `encoding` are those of the whole file.
    """

    name: str
    rows: int
    size: int
    sha256: str
    encoding: str
    data: bytes
    common: Common


class _DoubtError(Exception):
    """A table is not plainly sound."""


class _Rest(NamedTuple):
    """Which lines of either table are left, and how many both have in common."""

    previous: pl.Series
    current: pl.Series
    common: int


class _Scan:
    """What is kept of a table as it is read, piece by piece; `above` stands before its rows.

    `lines` has the hashes of each line, once and `again`, and its `size`; `keys` those of the keys.
    """

    def __init__(self, path: Path, columns: Columns) -> None:
        self.path = path
        self.columns = columns
        self.above = b""
        self.header = Header(0, "", ())
        self.encoding = ""
        self.end = ""
        self.lines: list[pl.DataFrame] = []
        self.count = 0
        self.keys: list[pl.Series] = []
        self.start = 0
        self.size = 0
        self.digest = hashlib.sha256()
        self.state = path.stat()

    @property
    def places(self) -> list[int]:
        """Where the key's columns stand."""
        return find_key_places(self.header.names, self.columns)

    def add_piece(self, piece: bytes) -> bytes:
        """Take in what comes next, and return those of its lines that stand below the header."""
        self.digest.update(piece)
        body = piece if self.size else self._open(piece)
        self.size += len(piece)
        # At the end of a file Ctrl-Z is left out, and told.
        _expect(sound=b"\0" not in body and not body[-4:].rstrip(b"\r\n").endswith(_CTRL_Z))
        _expect(sound=not self._has_wrapped(body))
        if not body.isascii():
            _expect(sound=MARK.encode() not in body and not is_encoded_twice(body))
            self.encoding = "UTF-8" if self.encoding == "ASCII" else self.encoding
        self._check_end(body)
        return body

    def _has_wrapped(self, body: bytes) -> bool:
        """Whether a cell begins with a single quote: whole columns may."""
        if b"'" not in body:
            return False
        mark = self.header.separator.encode()
        starts = (before + quote for before in (mark, b"\n") for quote in (b"'", b"\"'"))
        return body.startswith((b"'", b"\"'")) or any(start in body for start in starts)

    def add_lines(self, body: bytes) -> pl.Series:
        """Return the lines of `body`. Each of its bytes is a line's or a line end's."""
        lines, text = _split(body), pl.first()
        once, again = (text.hash(seed) for seed in _SEEDS)
        found = lines.to_frame().select(once=once, again=again, size=text.str.len_bytes())
        total, longest = found.select(pl.col("size").sum(), most=pl.col("size").max()).row(0)
        ends = lines.len() - (not body.endswith(b"\n"))
        _expect(sound=total + ends * len(self.end) == len(body) and longest <= _LONGEST_LINE)
        self.count += lines.len()
        _expect(sound=self.count <= find_limits().most_lines)
        self.lines.append(found)
        return lines

    def add_keys(self, body: bytes, lines: pl.Series) -> None:
        """Take in the keys of `lines`, each of which is a row."""
        _expect(sound=are_rows(lines, self.header))
        cells = _read_keys(body, lines, self.header, self.places)
        _expect(sound=cells.height == lines.len() and not self.may_have_strays(cells, lines))
        self.keys.append(self.hash_keys(cells))

    def may_have_strays(self, keys: pl.DataFrame, lines: pl.Series) -> bool:
        """Whether any line may be a total, a note or a title: by its key or its one filled cell."""
        lead = keys.to_series()
        if has_doubtful(lead):
            return True
        if len(self.header.names) == 1:
            return False
        mark = re.escape(self.header.separator)
        void, cell = rf'[\s"{mark}]', rf'(?:[^{mark}]*|"(?:[^"]|"")*")'
        may_be = self._may_be_lone(lines)
        is_lone = lines.filter(may_be).str.contains(rf"\A{void}*{cell}{void}*\z")
        # One word with a digit is a code, also where nothing is said of it.
        is_code = lead.filter(may_be).filter(is_lone).str.contains(r"\A\S*[0-9]\S*\z")
        return not is_code.all()

    def _may_be_lone(self, lines: pl.Series) -> pl.Series:
        """Which of `lines` may hold a key alone: they end, or begin, with a cell that is empty."""
        mark = re.escape(self.header.separator)
        if self.places[0]:
            return lines.str.contains(rf'\A[\s"{mark}]')
        # Blanks alone, or a letter beyond ASCII, which may be one.
        return lines.str.contains(rf'(?:{mark}|""|[\s\x1c-\x1f]"?|[^\x00-\x7f]"?)\z')

    def hash_keys(self, cells: pl.DataFrame) -> pl.Series:
        """Return the hashes of the keys in `cells`, none blank, odd, or like the header's."""
        name, lead = self.header.names[self.places[0]].casefold(), pl.first()
        alike = lead.filter(lead.str.len_bytes() == len(name.encode())).str.to_lowercase() == name
        found = cells.select(
            key=pl.concat_str(pl.all(), separator="\0").hash(),
            blank=pl.all_horizontal(pl.all() == "").any(),
            plain=pl.all_horizontal(pl.all().str.contains(_PLAIN)).all(),
            header=alike.any(),
        )
        _expect(sound=found.row(0)[1:] == (False, True, False))
        return found["key"]

    def read_left(self, lines: pl.DataFrame, left: pl.Series) -> bytes:
        """Read those of `lines` once more that are left, neighbors at once."""
        steps = lines["size"].cast(pl.Int64) + len(self.end)
        spans = pl.DataFrame({"start": steps.cum_sum() - steps, "step": steps}).filter(left)
        _expect(sound=spans["step"].sum() <= find_limits().size)
        stops = pl.col("start") + pl.col("step")
        is_apart = pl.col("start") != stops.shift(1, fill_value=-1)
        runs = spans.group_by(is_apart.cum_sum().alias("run"), maintain_order=True).agg(
            pl.col("start").first(), pl.col("step").sum()
        )
        with self.path.open("rb") as file:
            _expect(sound=find_state(self.state) == find_state(os.fstat(file.fileno())))
            found = []
            for _, start, step in runs.iter_rows():
                file.seek(self.start + start)
                found.append(file.read(step))
        data = b"".join(found)
        ended = data if data.endswith(b"\n") else data + self.end.encode()
        _expect(sound=len(ended) == spans["step"].sum())
        return ended

    def make_remainder(self, data: bytes, common: Common) -> Remainder:
        """Return what is left: the lines in `data`."""
        return Remainder(
            name=name_path(Path(self.path.name)),
            rows=self.count,
            size=self.size,
            sha256=self.digest.hexdigest(),
            encoding=self.encoding,
            data=self.above + data,
            common=common,
        )

    def _open(self, piece: bytes) -> bytes:
        text = decode(self.path.name, piece, ansi=False, encoding="")
        _expect(sound=text.encoding in _ENCODINGS and not text.notes)
        self.encoding = text.encoding
        self.columns, preset = settle_text(self.path.name, text.data, self.columns)
        # Wide limits need a look at the last entries.
        _expect(sound=preset is None or not preset.limits)
        self.header, _ = find_header(text, self.columns)
        _expect(sound=is_one_line(text, self.header) and not self.header.unnamed)
        at = find_line(text.data, self.header.line)
        self.above = text.data[:at]
        self.start = len(piece) - len(text.data) + at
        self._check_end(self.above)
        return text.data[at:]

    def _check_end(self, data: bytes) -> None:
        """Whether the lines of `data` end as all others do."""
        end = "\n" if b"\n" in data else self.end
        if b"\r" in data:
            end = "\r\n"
            _expect(sound=data.count(b"\r") == data.count(b"\n"))
            _expect(sound=not LONE_RETURN.search(data))
        self.end = self.end or end
        _expect(sound=end == self.end)


def separate_common(
    previous: Path, current: Path, columns: Columns
) -> tuple[Remainder, Remainder] | None:
    """Return both tables without what they have in common; None where either is doubtful."""
    if find_packing(previous.name) or find_packing(current.name):
        return None
    both = ThreadPoolExecutor(2)
    try:
        # The keys of what both have are the same: those of one side will do.
        before = both.submit(copy_context().run, _scan, previous, columns, with_keys=True)
        after = both.submit(copy_context().run, _scan, current, columns, with_keys=False)
        return _separate(before.result(), after.result())
    except (_DoubtError, Refused, OSError, UnicodeError, pl.exceptions.PolarsError):
        return None
    finally:
        # Who stops the run does not wait for what it reads.
        both.shutdown(wait=False, cancel_futures=True)


def _expect(*, sound: bool) -> None:
    if not sound:
        raise _DoubtError


def _scan(path: Path, columns: Columns, *, with_keys: bool) -> _Scan:
    scan = _Scan(path, columns)
    for piece in _read_pieces(path, scan.state):
        body = scan.add_piece(piece)
        if body:
            lines = scan.add_lines(body)
            if with_keys:
                scan.add_keys(body, lines)
    _expect(sound=bool(scan.lines))
    return scan


def _split(body: bytes) -> pl.Series:
    return pl.read_lines(body, name="text").to_series()


def _read_pieces(path: Path, state: os.stat_result) -> Iterator[bytes]:
    """Yield what the file holds, some whole lines at a time."""
    kept = b""
    for piece in read_pieces(path, _PIECE):
        stop = piece.rfind(b"\n") + 1
        if stop == len(piece) and not kept:
            yield piece
            continue
        if stop:
            yield b"".join((kept, memoryview(piece)[:stop]))
        kept = piece[stop:] if stop else kept + piece
        _expect(sound=len(kept) <= _LONGEST_LINE)
    if kept:
        yield kept
    _expect(sound=find_state(state) == find_state(path.stat()))


def _read_again(scan: _Scan) -> Iterator[bytes]:
    """Yield the pieces of a file once more. Raise `Refused` where it is no longer as it was."""
    try:
        yield from _read_pieces(scan.path, scan.state)
    except (_DoubtError, Refused, OSError) as error:
        raise refuse_changed(scan.path) from error


def _read_keys(
    body: bytes, lines: pl.Series, header: Header, places: Sequence[int]
) -> pl.DataFrame:
    """The cells of the key; a first cell without quotes is found soonest in the line."""
    if [*places] == [0] and len(header.names) > 1:
        cells = _read_first(lines, header.separator)
        if not cells.null_count():
            return cells.to_frame()
    return read_columns(body, header, places)


def _read_first(lines: pl.Series, separator: str) -> pl.Series:
    """The first cells; null where one is quoted, and where nothing follows it."""
    ends = lines.str.find(separator, literal=True)
    if ends.min() == ends.max() and not lines.str.starts_with('"').any():
        # Of one size, as most keys are. Letters beyond ASCII are no plain key.
        return lines.str.head(ends[0])
    mark = re.escape(separator)
    return lines.str.extract(rf'\A([^"{mark}]*){mark}')


def _separate(before: _Scan, after: _Scan) -> tuple[Remainder, Remainder]:
    header = after.header
    names = [(scan.header.separator, scan.header.names) for scan in (before, after)]
    _expect(sound=names[0] == names[1])
    keys = pl.concat(before.keys, rechunk=True)
    _expect(sound=keys.n_unique() == keys.len())
    lines, others = (pl.concat(scan.lines, rechunk=True) for scan in (before, after))
    rest = _pair_lines(lines, others)
    data = after.read_left(others, rest.current)
    left = _split(data)
    _expect(sound=are_rows(left, header))
    cells = read_columns(data, header, after.places)
    _expect(sound=not after.may_have_strays(cells, left))
    new = after.hash_keys(cells)
    _expect(sound=not keys.filter(~rest.previous).is_in(new.implode()).any())
    gone = before.read_left(lines, rest.previous)
    return (
        before.make_remainder(gone, _make_common(before, rest.common)),
        after.make_remainder(data, _make_common(after, rest.common)),
    )


def _pair_lines(lines: pl.DataFrame, others: pl.DataFrame) -> _Rest:
    """Pair equal lines.

    The last line of either table is left on both sides, and so the last of what is left: whether
    it is a trailer depends on that.
    """
    both = (("at", lines), ("there", others))
    sides = [side.lazy().select("once").with_row_index(name) for name, side in both]
    pairs = sides[0].join(sides[1], on="once").select("at", "there").collect()
    for name in ("again", "size"):
        _expect(
            sound=(lines[name].gather(pairs["at"]) == others[name].gather(pairs["there"])).all()
        )
    ends = (pl.col(name) != side.height - 1 for name, side in both)
    common = pairs.filter(*ends)
    left = [
        pl.repeat(value=True, n=side.height, eager=True).scatter(common[name], values=False)
        for name, side in both
    ]
    # No line has two partners.
    _expect(sound=all(mask.len() - int(mask.sum()) == common.height for mask in left))
    return _Rest(left[0], left[1], common.height)


def _make_common(scan: _Scan, count: int) -> Common:
    """Return what can be asked of the rows that are not held; all rows of the table answer."""

    def read(names: Sequence[str]) -> Iterator[pl.DataFrame]:
        places, start = [scan.header.names.index(name) for name in names], scan.start
        for piece in _read_again(scan):
            body, start = piece[start:], 0
            if body:
                cells = read_columns(body, scan.header, places)
                yield cells.rename(dict(zip(cells.columns, names, strict=True)))

    return Common(count, _make_search(scan), read)


def _make_search(scan: _Scan) -> Callable[[Sequence[str]], Iterator[pl.Series]]:
    """Return what yields the compared values of all rows that hold any of some words."""
    header, columns = scan.header, scan.columns
    _expect(sound=all(find_name(name, header.names) for name in columns.fields))
    places = find_places(header.names, columns.fields) or [
        at for at in range(len(header.names)) if at not in scan.places
    ]

    def search(words: Sequence[str]) -> Iterator[pl.Series]:
        start = scan.start
        for piece in _read_again(scan) if places else ():
            lines, start = _split(piece[start:]), 0
            hits = lines.filter(lines.str.contains_any([*words], ascii_case_insensitive=True))
            if hits.len():
                data = hits.str.join("\n").item().encode()
                yield from read_columns(data, header, places)

    return search
