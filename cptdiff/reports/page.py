"""What the templates are given: plain text in frozen tuples, sorted and counted beforehand.

templates/README.md documents every name for those who bring templates of their own.
"""

from collections.abc import Sequence
from typing import NamedTuple

from cptdiff.judgement.wording import Piece


class Read(NamedTuple):
    """A file that was read."""

    member: str
    encoding: str
    rows: str
    sha256: str


class Side(NamedTuple):
    """One of the two releases."""

    side: str
    name: str
    date: str
    entries: str
    file: str
    sha256: str
    brief: str
    files: str
    read: Sequence[Read]


class Doubt(NamedTuple):
    """What a reader must know; `table` is the address of the table that lists it (empty: none)."""

    text: str
    table: str


class Figure(NamedTuple):
    """A count in large figures: `number` codes, and beside them other kinds in words."""

    change: str
    label: str
    number: str
    others: str
    link: str


class Tally(NamedTuple):
    """A count in large figures on the page of lists or of a history.

    `status` is the address of the section that it counts, `others` what else there is, in words.
    """

    status: str
    look: str
    label: str
    number: str
    others: str


class Link(NamedTuple):
    """A code, and the address of its entry on this page (empty: it has none)."""

    code: str
    address: str


class Counted(NamedTuple):
    """A count in words, and the address of the list of what it counts."""

    text: str
    link: str


class Judged(NamedTuple):
    """The verdict: the changes, from when on, how many need a person, and why; with links.

    `decisions` is how many there are where one edit stands in several codes (else empty);
    `settled` would need a person too, but somebody has settled them.
    """

    changes: str
    effective: str
    review: str
    link: str
    reviews: Sequence[Counted]
    decisions: str
    settled: Sequence[Counted]


class Announcement(NamedTuple):
    """What the publisher did not announce: a head, a count with its list, more, and the table."""

    head: str
    text: str
    link: str
    about: str


class Edit(NamedTuple):
    """An edit to look at first: a code that has it, how many have it if several, and the words.

    `before` and `after` are the changed words, empty where there are none and where wording was not
    to be shown; `why` is why it comes first.
    """

    link: Link
    codes: str
    severity: str
    before: str
    after: str
    why: str


class Head(NamedTuple):
    """The head of a column of figures; `role` is the one of its share in the bars."""

    label: str
    role: str
    link: str


class Share(NamedTuple):
    """A part of a bar, in hundredths of the bar's whole width."""

    role: str
    start: str
    width: str


class Row(NamedTuple):
    """A row of a table: its labels, its figures; what the first label is about, and a bar."""

    labels: Sequence[str]
    numbers: Sequence[str]
    about: str = ""
    bar: Sequence[Share] = ()


class Table(NamedTuple):
    """A table: heads of labels, heads of figures, rows.

    `drawn` where each row has a bar, `folded` where it is so long that it stays closed; `note`
    says how to read it, `address` is where links lead to it.
    """

    caption: str
    labels: Sequence[str]
    heads: Sequence[Head]
    rows: Sequence[Row]
    drawn: bool = False
    folded: bool = False
    note: str = ""
    address: str = ""


class Option(NamedTuple):
    """One choice of a filter, and how many entries it has."""

    value: str
    label: str
    number: str


class Filter(NamedTuple):
    """A filter of the list: `name` stands in the page's address."""

    name: str
    title: str
    options: Sequence[Option]


class Field(NamedTuple):
    """A changed field: its two wordings in pieces, each the same, deleted or inserted."""

    name: str
    previous: Sequence[Piece]
    current: Sequence[Piece]


class Class(NamedTuple):
    """A class of revision, and what it means."""

    name: str
    reason: str


class Replacement(NamedTuple):
    """What may replace a deleted code; the link's code is empty where nothing was found.

    As in "Replaced by", the link, its wording, and why.
    """

    lead: str
    link: Link
    wording: str
    why: str


class Family(NamedTuple):
    """One edit in several codes."""

    codes: str
    first: Link


class Data(NamedTuple):
    """What the script reads of an entry beside its change, severity and wording.

    What it filters by, and what changes.csv says; empty in the common case. A `date` of None is
    the page's, a `previous` of None the wording that is on the page. `percent` is the largest
    change of an amount, without its sign.
    """

    code: str
    kind: str
    reason: str
    section: str
    classes: str
    fields: str
    replacement: str
    replacements: str
    family: str
    announced: str
    status: str
    date: str | None
    last: str
    leads: bool
    previous: str | None
    percent: str


class Entry(NamedTuple):
    """A changed entry; the shipped template takes its fields by their order, which is faster.

    `change` is added, deleted, revised, attributes or transient, `label` the same in words. The
    descriptor is the first of the changed `fields`, or `wording` where it is not among them.
    `unshown` names changed fields whose wording was not to be shown.
    """

    address: str
    code: str
    change: str
    label: str
    severity: str
    tags: Sequence[str]
    place: str
    date: str
    name: str
    wording: str
    fields: Sequence[Field]
    unshown: str
    classes: Sequence[Class]
    family: Family | None
    replacements: Sequence[Replacement]
    data: Data
