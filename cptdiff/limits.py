"""How large an input may be, and what it may cost to read it. A user may move each limit.

What is read lies deep under releases, lists and crosswalks, and one choice holds for all of a run:
so the limits belong to the context of a call, and not to the parameters of each reader.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

from cptdiff.errors import Refused

_KIB: Final = 1024
_MIB: Final = _KIB**2
_GIB: Final = _KIB**3
_UNITS: Final = {"": 1, "K": _KIB, "M": _MIB, "G": _GIB, "T": _KIB**4}
_WHOLE: Final = re.compile("[0-9]{1,18}")
_BYTES: Final = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?) ?([KMGT]?)(?:I?B)?", re.IGNORECASE)
_LARGEST: Final = 2**60
# The rows of one table; of two that are alike for the most part, of which only the others are read.
_ROWS: Final = 5_000_000
_LINES: Final = 20_000_000


class Limits(NamedTuple):
    """What is too much: bytes of a file, and how many times a packed one may unpack to its size.

    `files` of a folder or zip, `rows` and `columns` of a table, bytes of a `cell`; seconds and
    bytes of memory for a workbook or Parquet file. 0 is what the input itself allows.
    """

    size: int = 512 * _MIB
    ratio: int = 200
    files: int = 10_000
    rows: int = 0
    columns: int = 5_000
    cell: int = _MIB
    seconds: int = 0
    memory: int = 0

    @property
    def most_rows(self) -> int:
        """How many rows of one table are read."""
        return self.rows or _ROWS

    @property
    def most_lines(self) -> int:
        """How many lines each of two tables may have that are compared by their lines."""
        return self.rows or _LINES


# Those in bytes; the others are plain numbers.
_IN_BYTES: Final = frozenset({"size", "cell", "memory"})
LIMITS: Final = Limits._fields
_chosen: ContextVar[Limits] = ContextVar("limits", default=Limits())  # noqa: B039 - a tuple


def find_limits() -> Limits:
    """Return the limits that hold here."""
    return _chosen.get()


@contextmanager
def use_limits(numbers: Mapping[str, float]) -> Iterator[None]:
    """Let these limits, by name, hold within; other names and limits are left alone."""
    known = {name: int(number) for name, number in numbers.items() if name in LIMITS}
    token = _chosen.set(find_limits()._replace(**known))
    try:
        yield
    finally:
        _chosen.reset(token)


def read_limit(name: str, text: str) -> int:
    """Return the number that `text` gives, such as 8GB or 40000000. Raise `Refused` for others."""
    bare, number = re.sub("[,_]", "", text.strip()), 0
    if name not in _IN_BYTES:
        number = int(bare) if _WHOLE.fullmatch(bare) else 0
    elif found := _BYTES.fullmatch(bare):
        number = int(float(found[1]) * _UNITS[found[2].upper()])
    if not 0 < number <= _LARGEST:
        example = "8GB or 500MB" if name in _IN_BYTES else "a whole number, such as 600"
        raise Refused("E001", "--limit", f"{name}={text} is not a limit", f"give {example}")
    return number


def propose_limit(name: str, needed: int) -> str:
    """Return the option by which `needed` is no longer too much."""
    return f"--limit {name}={_round_up(name, needed)}"


def _round_up(name: str, needed: int) -> str:
    """A number of at most two digits that is no smaller, in the largest unit for bytes."""
    if name not in _IN_BYTES:
        step = 10 ** max(len(str(needed)) - 2, 0)
        return str(-(-needed // step) * step)
    unit, size = ("GB", _GIB) if needed > _GIB // 2 else ("MB", _MIB)
    return f"{max(-(-needed // size), 1)}{unit}"


def describe_bytes(number: int) -> str:
    """Return a number of bytes for people: 512 MB."""
    if number % _MIB:
        return f"{number:,} bytes"
    unit, size = ("GB", _GIB) if number % _GIB == 0 else ("MB", _MIB)
    return f"{-(-number // size):,} {unit}"
