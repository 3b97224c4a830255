"""How many rows a Parquet file says it has, from its own footer.

The footer is FileMetaData in Thrift's compact protocol (parquet-format, parquet.thrift; Thrift,
doc/specs/thrift-compact-protocol.md): nothing here is shared with what decodes the columns.
"""

from collections.abc import Iterator
from typing import Final

from cptdiff.errors import Refused
from cptdiff.reading.counting import cap_rows
from cptdiff.reading.sources import PARQUET

_TAIL: Final = 8
_NUM_ROWS: Final = 3
_ROW_GROUPS: Final = 4
_DEEP: Final = 16
# Types of the compact protocol; the width of those that have one.
_TRUTHS: Final = frozenset({1, 2})
_WIDTHS: Final = {3: 1, 7: 8}
_INTEGERS: Final = frozenset({4, 5, 6})
_BINARY: Final = 8
_LISTS: Final = frozenset({9, 10})
_STRUCT: Final = 12
_MORE: Final = 0x80
_BITS: Final = 63
_LONG_LIST: Final = 15


def count_parquet_rows(place: str, data: bytes) -> int:
    """`num_rows` of the file's metadata, and of its row groups, which must agree.

    A reader may believe the one and leave out what only the others tell of. Raises `Refused`: none
    or two numbers E215, too many E170.
    """
    size = int.from_bytes(data[-_TAIL:-4], "little")
    if len(data) < size + _TAIL + len(PARQUET) or not (data[:4] == data[-4:] == PARQUET):
        raise _broken(place)
    footer = data[-_TAIL - size : -_TAIL]
    try:
        rows = _Compact(footer).field(_NUM_ROWS)
        of_groups = sum(_Compact(footer).of_each(_ROW_GROUPS, _NUM_ROWS))
    except (IndexError, ValueError) as error:
        raise _broken(place) from error
    if rows != of_groups:
        raise _broken(place)
    return cap_rows(place, rows)


def _broken(place: str) -> Refused:
    return Refused("E215", place, "is no whole Parquet file", "write it again")


class _Compact:
    """A place in the bytes of a Thrift structure."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def field(self, wanted: int) -> int:
        """The integer in the field `wanted` of this structure. Raises ValueError, IndexError."""
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer()
            if number == wanted and head & 15 in _INTEGERS:
                return self._integer()
            self._skip(head & 15)
        raise ValueError

    def of_each(self, wanted: int, inner: int) -> Iterator[int]:
        """The integer in the field `inner` of each structure in the list `wanted`."""
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer()
            if number != wanted or head & 15 not in _LISTS:
                self._skip(head & 15)
                continue
            for _ in range(self._list()[0]):
                yield self.field(inner)
                self._skip_struct(0)
            return

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while shift <= _BITS:
            byte = self._byte()
            value |= (byte & ~_MORE) << shift
            if byte < _MORE:
                return value
            shift += 7
        raise ValueError

    def _integer(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _skip(self, kind: int, depth: int = 0) -> None:
        if depth > _DEEP:
            raise ValueError
        if kind in _INTEGERS:
            self._varint()
        elif kind == _BINARY:
            size = self._varint()
            self.at += size
        elif kind in _LISTS:
            self._skip_list(depth + 1)
        elif kind == _STRUCT:
            self._skip_struct(depth + 1)
        elif kind not in _TRUTHS:
            self.at += _WIDTHS.get(kind, len(self.data))

    def _skip_struct(self, depth: int) -> None:
        while head := self._byte():
            if not head >> 4:
                self._integer()
            self._skip(head & 15, depth)

    def _skip_list(self, depth: int) -> None:
        size, kind = self._list()
        for _ in range(size):
            # In a list a truth value takes a byte.
            self._skip(3 if kind in _TRUTHS else kind, depth)

    def _list(self) -> tuple[int, int]:
        """How many elements there are, and of which type."""
        head = self._byte()
        size = self._varint() if head >> 4 == _LONG_LIST else head >> 4
        if size > len(self.data):
            raise ValueError
        return size, head & 15
