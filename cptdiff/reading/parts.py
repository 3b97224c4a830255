"""A table in several files: the parts that Spark, Hive and others write into one folder."""

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import unquote

import polars as pl

from cptdiff.errors import Refused
from cptdiff.limits import describe_bytes, find_limits, propose_limit
from cptdiff.reading.archives import Member

# What Spark, Dask, Arrow, DuckDB and Polars call a part; 2026.csv is a table of its own.
_PART: Final = re.compile(r"(?i)part[-_.]?\d|data_\d{1,3}[._]|0\d{5,}\.")
_FINISHED: Final = "_SUCCESS"
_TEMPORARY: Final = "_temporary"
# A folder that names a value of all rows in it, and its value for none.
_PARTITION: Final = re.compile(r"([^=]+)=(.*)")
_NO_VALUE: Final = "__HIVE_DEFAULT_PARTITION__"
# Folders of tables whose files also hold rows that were removed.
_LOGS: Final = {"_delta_log": "a Delta table", "metadata": "an Iceberg table"}
_SEPARATORS: Final = ",\t;|"


class Piece(NamedTuple):
    """A file of a table, and the values that its folders give to all of its rows."""

    path: str
    data: bytes
    values: Mapping[str, str]


class Span(NamedTuple):
    """Where a part begins in the whole: its first line there, and what to add for its own lines."""

    path: str
    first: int
    shift: int


class Whole(NamedTuple):
    """The text of all parts, and where each stands in it."""

    data: bytes
    spans: tuple[Span, ...]


def is_data(member: Member) -> bool:
    """Return whether a member is no bookkeeping of who wrote the table: _temporary, _delta_log."""
    return not any(
        name.startswith(("_", ".")) and "=" not in name for name in PurePosixPath(member.path).parts
    )


def are_parts(tables: Sequence[Member], every: Sequence[Member]) -> bool:
    """Return whether `tables`, of all members, are parts of one table.

    They are if folders or names say so, or if a file says that a writer has finished.
    """
    homes = {_find_home(member.path) for member in tables}
    names = {tuple(find_values(member.path)) for member in tables}
    if len(homes) > 1 or len(names) > 1:
        return False
    is_parted = names != {()}
    home = next(iter(homes), "")
    is_finished = any(member.path == f"{home}{_FINISHED}" for member in every)
    is_numbered = all(_PART.match(member.base_name) for member in tables)
    return is_parted or (len(tables) > 1 and (is_finished or is_numbered))


def find_log(every: Sequence[Member]) -> str:
    """Return what kind of table a folder is whose files tell no state by themselves; else empty."""
    folders = {name for member in every for name in member.folders}
    is_iceberg = any(member.path.endswith(".metadata.json") for member in every)
    known = (name for name in _LOGS if name in folders and (is_iceberg or name != "metadata"))
    return next((_LOGS[name] for name in known), "")


def is_unfinished(every: Sequence[Member]) -> bool:
    """Return whether a writer is still at work, or was stopped: _temporary, and no _SUCCESS."""
    is_done = any(member.base_name == _FINISHED for member in every)
    return not is_done and any(_TEMPORARY in member.folders for member in every)


def find_values(path: str) -> dict[str, str]:
    """Return the values that the folders of `path` name: year=2026/part-0.csv."""
    found = filter(None, map(_PARTITION.fullmatch, PurePosixPath(path).parts[:-1]))
    return {unquote(part[1]): "" if part[2] == _NO_VALUE else unquote(part[2]) for part in found}


def _find_home(path: str) -> str:
    """The folder of the whole table, with a slash; empty for the outermost."""
    folders = [name for name in PurePosixPath(path).parts[:-1] if not _PARTITION.fullmatch(name)]
    return "".join(f"{name}/" for name in folders)


def name_parts(parts: Sequence[Piece]) -> str:
    """Return the first part's path, and how many more there are."""
    more = len(parts) - 1
    count = "1 more part" if more == 1 else f"{more:,} more parts"
    return f"{parts[0].path} and {count}" if more else parts[0].path


def join_texts(place: str, parts: Sequence[Piece], *, has_header: bool) -> Whole:
    """Return the parts as one text; their headers must be the same (E184).

    Values of folders become columns before the others.
    """
    size, most = sum(len(part.data) for part in parts), find_limits().size
    if size > most:
        wrong = f"has parts of more than {describe_bytes(most)} together"
        fix = f"if it is the right folder, add {propose_limit('size', size)}"
        raise Refused("E170", place, wrong, fix)
    texts = [_add_values(place, part) if part.values else part.data for part in parts]
    header, line = b"", 1
    found: list[bytes] = []
    spans: list[Span] = []
    for part, text in zip(parts, texts, strict=True):
        start = text.find(b"\n") + 1 or len(text)
        own = text[:start].removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
        is_first = not found
        if has_header and not is_first and own != header:
            wrong = f"{part.path} has another header than {parts[0].path}"
            raise Refused("E184", place, wrong, "name one with --member")
        header = header or own
        cut = start if has_header and not is_first else 0
        body = text[cut:] if text.endswith(b"\n") or not text[cut:] else text[cut:] + b"\n"
        spans.append(Span(part.path, line, (1 if cut else 0) - line + 1))
        line += body.count(b"\n")
        found.append(body)
    return Whole(b"".join(found), tuple(spans))


def _add_values(place: str, part: Piece) -> bytes:
    """A part with the values of its folders as its first columns."""
    at = f"{place}!{part.path}"
    try:
        text = part.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("E140", at, "is not UTF-8", "save it as UTF-8") from error
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\n")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise Refused("E153", at, "has broken quotes", "export the table again") from error
    known = {name.casefold() for name in rows[0]} if rows else set()
    added = {name: value for name, value in part.values.items() if name.casefold() not in known}
    for number, row in enumerate(rows):
        writer.writerow([*(added.values() if number else added), *row] if row else [])
    return buffer.getvalue().encode()


def locate_parts(faults: pl.DataFrame, spans: Sequence[Span]) -> Iterator[tuple[str, int]]:
    """Yield for each fault its part and its line there."""
    firsts = [span.first for span in spans]
    for line in faults["line"]:
        span = spans[bisect_right(firsts, line) - 1]
        yield span.path, line + span.shift
