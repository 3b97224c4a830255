"""ICD-10 releases and the publisher's addenda, read in plain Python without cptdiff.

Everything here is written from the publishers' layouts alone, so that a mistake in cptdiff
has no way in. Text is compared as it stands, trailing blanks included.
"""

import re
from typing import NamedTuple, TypeAlias

Key: TypeAlias = tuple[str, str]  # kind, code
Sets: TypeAlias = dict[str, frozenset[Key]]  # by the names that summary.json counts under

CHANGES = ("added", "deleted", "revised", "revised_attributes_only", "transient")


class Wording(NamedTuple):
    """The titles of one entry; the codes files have no short one."""

    short: str
    long: str

    def trimmed(self) -> "Wording":
        """Drop the blanks at the ends, which the addenda do not keep."""
        return Wording(self.short.rstrip(), self.long.rstrip())

    def one_spaced(self) -> "Wording":
        """Drop every difference of white space but that between some and none."""
        return Wording(" ".join(self.short.split()), " ".join(self.long.split()))


Entries: TypeAlias = dict[Key, Wording]


class Layout(NamedTuple):
    """Where the parts of a line stand; no flag: the kind is told by the code."""

    flag: int | None
    code: slice
    short: slice | None
    long: slice

    def entry(self, line: str) -> tuple[Key, Wording]:
        """Cut one line."""
        code = line[self.code].rstrip()
        header = len(code) == 3 if self.flag is None else line[self.flag] == "0"
        short = "" if self.short is None else line[self.short].rstrip()
        return ("header" if header else "code", code), Wording(short, line[self.long])


ORDER = Layout(14, slice(6, 13), slice(16, 76), slice(77, None))
CODES = Layout(None, slice(7), None, slice(8, None))
CM_ADDENDA = Layout(0, slice(2, 9), slice(10, 70), slice(71, None))
PCS_ADDENDA = Layout(None, slice(7), slice(8, 68), slice(69, None))
TAGS = {"Add:": "added", "Delete:": "deleted", "Revise from:": "from", "Revise to:": "to"}
TAG_WIDTH = 13


def read_entries(text: str, layout: Layout = ORDER) -> Entries:
    """Read an order or a codes file, every line of it, none twice."""
    pairs = [layout.entry(line) for line in text.splitlines() if line.strip()]
    assert len(dict(pairs)) == len(pairs), "a code stands twice"
    return dict(pairs)


def read_codes(text: str) -> Entries:
    """Read a codes file: billable codes only, of three characters too."""
    return {("code", code): wording for (_, code), wording in read_entries(text, CODES).items()}


def compare(previous: Entries, current: Entries) -> Sets:
    """Say what changed, by sets alone."""
    both = previous.keys() & current.keys()
    return {
        "added": frozenset(current.keys() - previous.keys()),
        "deleted": frozenset(previous.keys() - current.keys()),
        "revised": frozenset(key for key in both if previous[key] != current[key]),
        "revised_attributes_only": frozenset(),
        "transient": frozenset(),
    }


class Totals(NamedTuple):
    """One part of the trailer that closes an addenda file; codes files leave the rest out."""

    previous: int
    current: int
    added: int
    deleted: int
    revised: int
    both: int = 0
    long_only: int = 0
    short_only: int = 0


class Addenda(NamedTuple):
    """The publisher's own list of changes."""

    blocks: dict[str, Entries]  # added, deleted, from, to
    totals: dict[str, Totals]  # header, code
    files: set[str]

    def sets(self) -> Sets:
        """Give the list the shape of a comparison."""
        named = {"added": "added", "deleted": "deleted", "revised": "to"}
        return {change: frozenset(self.blocks.get(named.get(change, ""), {})) for change in CHANGES}

    def counted(self, kind: str) -> tuple[int, ...]:
        """Count the blocks of one kind in the order of the trailer, from `added` on."""
        sizes = [
            sum(1 for key in self.sets()[change] if key[0] == kind)
            for change in ("added", "deleted", "revised")
        ]
        pairs = [
            (old, self.blocks["to"][key])
            for key, old in self.blocks["from"].items()
            if key[0] == kind
        ]
        changed = [(old.short != new.short, old.long != new.long) for old, new in pairs]
        shapes = [(True, True), (False, True), (True, False)]
        return (*sizes, *(changed.count(shape) for shape in shapes))


def read_addenda(text: str, layout: Layout) -> Addenda:
    """Read an addenda file: tagged lines, then a trailer of totals for headers and for codes."""
    body, *trailer = re.split(r"(?m)^(Headers|Codes)\s*$", text)
    blocks: dict[str, Entries] = {name: {} for name in TAGS.values()}
    for line in filter(str.strip, body.splitlines()):
        key, wording = layout.entry(line[TAG_WIDTH:])
        block = blocks[TAGS[line[:TAG_WIDTH].rstrip()]]
        assert key not in block, f"{key} stands twice"
        block[key] = wording
    parts = zip(trailer[::2], trailer[1::2], strict=True)
    totals = {
        {"Headers": "header", "Codes": "code"}[part]: Totals(
            *map(int, re.findall(r"(?m)^ *(\d+) ", lines))
        )
        for part, lines in parts
    }
    return Addenda(blocks, totals, set(re.findall(r"\S+\.txt", text)))
