"""How a file is laid out, as frozen data. `reading` has one reader for each layout class."""

import re
from collections.abc import Mapping
from functools import cache
from itertools import takewhile
from types import MappingProxyType
from typing import Final, NamedTuple

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Column(NamedTuple):
    """A fixed position, counted from 1 as publishers do; `width` None runs to the line's end.

    Blanks at the end are padding, but not in a last column that is `exact`.
    """

    name: str
    start: int
    width: int | None = None
    exact: bool = False


class FixedWidth(NamedTuple):
    """One entry a line, fields at fixed positions.

    `row` is the expression that a data line matches; lines before the first one are preamble.
    `kinds` maps the text at column `kind` to code, header or modifier; without it all are codes.
    Without `preamble`, a line before the first entry is a fault; `like_prose` tells that a
    preamble's address ("60600 ...") looks like an entry. A line that is wider than
    `widest`, or that matches `joined` behind its first `lead` characters, is two lines joined; the
    group of `joined` is the second's code.
    `number` is the column in which the publisher numbers the lines, 1, 2, 3 and so on without a
    gap; `ended` tells that the publisher ends every line, the last one too.
    """

    row: str
    columns: tuple[Column, ...]
    kinds: Mapping[str, str] = _NONE
    preamble: bool = True
    like_prose: bool = False
    widest: int | None = None
    joined: str = ""
    lead: int = 0
    number: Column | None = None
    ended: bool = False


class Continued(NamedTuple):
    """Fixed width, with an entry's `text` carried on over further lines.

    `first` is the expression of an entry's first line; `sequence` grows by `step` from line to
    line; the pieces are stripped at their right end and joined with one blank.
    """

    fixed: FixedWidth
    first: str
    text: str
    step: int


class Delimited(NamedTuple):
    """Cells between separators.

    With `header`, columns are found by the publisher's name (letters and digits only count) below a
    preamble of any length; those that are `required` must be there. Without it, `fields` are the
    columns in order of the lines that match `row`. `quoted` tells RFC 4180 quoting from a file
    whose quotes are plain text.
    """

    separator: str
    row: str = ""
    kind: str = "code"
    fields: tuple[str, ...] = ()
    header: Mapping[str, str] = _NONE
    required: tuple[str, ...] = ()
    quoted: bool = False
    assumed: str = ""


class Workbook(NamedTuple):
    """One sheet of an .xlsx, its header found by name as in `Delimited`.

    `kinds` maps the text in the column `kind`, as in `FixedWidth`, on sheets whose rows may carry
    on the text of the row above: those of a record id that is not `first`.
    """

    header: Mapping[str, str]
    required: tuple[str, ...]
    kinds: Mapping[str, str] = _NONE
    first: tuple[str, ...] = ()


class ProseList(NamedTuple):
    """One list in a `Prose`: the line that opens it, its name, an entry's first line.

    The groups of `entry` are the modifier and its text. `apart`: entries stand between blank
    lines, so that a wrapped line which begins with two digits starts none.
    """

    heading: str
    name: str
    entry: str
    apart: bool


class Prose(NamedTuple):
    """Text for people, in lists; an entry runs on until a blank line.

    `between` is the expression of a paragraph that leads from one list to the next.
    """

    lists: tuple[ProseList, ...]
    between: str


class Xml(NamedTuple):
    """One element per entry; `attributes` and child `elements` map to fields."""

    entry: str
    attributes: Mapping[str, str]
    elements: Mapping[str, str]


class Columnar:
    """Parquet: typed columns, read as text."""

    __slots__ = ()


class Own:
    """A table of the user's own: columns as found, the key named by the user."""

    __slots__ = ()


Layout = FixedWidth | Continued | Delimited | Workbook | Prose | Xml | Columnar | Own


class Format(NamedTuple):
    """One kind of file that a publisher ships.

    `content` is what the file holds: of the members with the same content one is read, the one
    whose format stands first in `list_formats()`. `names` matches the whole base name, in any case;
    `example` is such a name.
    `bundle` tells AMA's two parallel shippings apart. `carries` are the fields to compare, by
    part of the release: the kinds, and the parts of the code set's profile. `mark` is what stands
    in the first 64 KiB of such a file and of no other, whatever its name; `twin` is the format
    whose file, beside this one, has a line for each code of it.
    """

    name: str
    code_set: str
    content: str
    names: str
    layout: Layout
    source: str
    carries: Mapping[str, tuple[str, ...]]
    example: str = ""
    bundle: str = ""
    ansi: bool = True
    mark: bytes = b""
    twin: str = ""

    def has_name(self, base_name: str) -> bool:
        """Whether a file with that name may be of this format."""
        # To compile the expressions of all formats takes longer than to read some files.
        known = not base_name.isascii() or base_name.lower().startswith(_find_lead(self.names))
        return known and re.fullmatch(self.names, base_name, re.IGNORECASE) is not None


@cache
def _find_lead(names: str) -> str:
    """The letters and digits that every text which matches the expression `names` begins with."""
    letters = "".join(takewhile(lambda one: one.isascii() and one.isalnum(), names))
    behind = names[len(letters) : len(letters) + 1]
    is_sure = "|" not in names and letters == letters.lower()
    return letters[: len(letters) - (behind in tuple("?*+{"))] if is_sure else ""
