"""Who owns a line of a list: a column, the first characters of one, or a file that says so."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl

from cptdiff.errors import Refused
from cptdiff.impact.lists import CodeList
from cptdiff.reading import decode, open_bundle

_FIRST: Final = re.compile(r"(.+):([0-9]{1,2})")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Grouping(NamedTuple):
    """The column whose value, or first `width` characters (0: all), names the group of a line.

    With `names` the value leads to the group. Without a `column` it is what identifies a line.
    """

    column: str
    width: int = 0
    names: Mapping[str, str] = _NONE

    def name_group(self, one: CodeList, line_id: str | None) -> pl.Expr:
        """Return the group of each line of a list; empty where it has none."""
        column = one.find_column(self.column) if self.column else line_id
        if column is None:
            return pl.lit("")
        value = pl.col(column).str.strip_chars()
        start = value.str.slice(0, self.width) if self.width else value
        if not self.names:
            return start
        return start.replace_strict(dict(self.names), default="", return_dtype=pl.String)


def read_grouping(text: str) -> Grouping:
    """Return what --group-by says: COLUMN, COLUMN:N, or a CSV file with two columns.

    The first column of a file is called as the list's column (or COLUMN:N), the second one holds
    the group. Raise `Refused` for a file that has not two columns.
    """
    if Path(text).is_file():
        return _read_file(Path(text))
    first = _FIRST.fullmatch(text)
    return Grouping(first[1], int(first[2])) if first else Grouping(text)


def unify_groups(touched: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return touched lines with one name for groups that differ in capitals or blanks only.

    The spelling that most lines have counts; the second value has every such group, in order.
    """
    counts = touched.group_by("group").len().sort(pl.col("len"), "group", descending=[True, False])
    ways: dict[str, list[str]] = {}
    for name in counts["group"]:
        ways.setdefault(" ".join(name.split()).casefold(), []).append(name)
    called = {name: names[0] for names in ways.values() for name in names}
    several = sorted(names[0] for names in ways.values() if len(names) > 1)
    group = pl.col("group").replace_strict(called, return_dtype=pl.String)
    return touched.with_columns(group if called else pl.col("group")), tuple(several)


def _read_file(path: Path) -> Grouping:
    bundle = open_bundle(path)
    name = bundle.archive.name
    text = decode(name, bundle.members[0].read(), ansi=True).data.decode()
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(map(str.strip, row))]
    odd = next((n for n, row in enumerate(rows, 1) if len(row) != len(("value", "group"))), None)
    if odd is not None or not rows:
        fix = "write two columns: the list's column, such as Dept or Charge:3, and the group"
        place = f"{name}:{odd}" if odd else name
        raise Refused("E373", place, "does not have two columns", fix)
    (column, _), *pairs = ([cell.strip() for cell in row] for row in rows)
    first = _FIRST.fullmatch(column)
    if len({value for value, _ in pairs}) < len(pairs):
        fix = "give each value one group"
        raise Refused("E373", name, f"has a value of {column} twice", fix)
    names = dict(pairs)
    return Grouping(first[1], int(first[2]), names) if first else Grouping(column, 0, names)
