"""What the templates are given: plain text in frozen tuples, sorted and counted beforehand.

templates/README.md documents every name for those who bring templates of their own.
"""

from collections.abc import Mapping, Sequence
from datetime import date as day
from datetime import timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

import polars as pl

from cptdiff.codesets import profile_of
from cptdiff.judgement.wording import DELETED, INSERTED, Piece, merge_pieces
from cptdiff.model import pick_longest
from cptdiff.reports.overview import CHANGE_NAMES, describe_successor, write_code
from cptdiff.results import Results
from cptdiff.summary import count_as


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


class Figure(NamedTuple):
    """A count in large figures: `number` codes, and beside them other kinds in words."""

    change: str
    label: str
    number: str
    others: str
    link: str


class Link(NamedTuple):
    """A code, and the address of its entry on this page (empty: it has none)."""

    code: str
    address: str


class Attention(NamedTuple):
    """What to look at first: how many, why, the filter that lists them, and the first of them.

    `more` is how many others there are (empty: none).
    """

    told: str
    why: str
    link: str
    codes: Sequence[Link]
    more: str


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

    `drawn` where each row has a bar, `folded` where it is so long that it stays closed.
    """

    caption: str
    labels: Sequence[str]
    heads: Sequence[Head]
    rows: Sequence[Row]
    drawn: bool = False
    folded: bool = False


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

    As in "replaced by", the link, its wording, and why.
    """

    lead: str
    link: Link
    wording: str
    why: str


class Family(NamedTuple):
    """One edit in several codes."""

    codes: str
    first: Link


class Entry(NamedTuple):
    """A changed entry.

    `change` is added, deleted, revised, attributes or transient, `label` the same in words. The
    descriptor is the first of the changed `fields`, or `wording` where it is not among them. `data`
    are attributes by name (data-change, ...): what the script filters by, and what changes.csv says
    beside the wording. `unshown` names changed fields whose wording was not to be shown.
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
    data: Mapping[str, str | None]


def make_entry_address(code_set: str, kind: str, code: str) -> str:
    """The id of an entry, without blanks whatever the code holds."""
    kinds = () if kind == "code" else (kind,)
    return "-".join((code_set, *kinds, quote(code, safe="")))


def make_filter_address(**chosen: str | Sequence[str]) -> str:
    """The fragment of the list under these filters, as the page's script writes it itself."""
    return f"#{urlencode(chosen, doseq=True)}"


# As the page and its addresses call them, where the counts have a longer name.
SHORTER: Final = {"revised_attributes_only": "attributes"}
_LABELS: Final = {SHORTER.get(name, name): label for name, label in CHANGE_NAMES.items()}


def count_as_page() -> pl.Expr:
    """`counted`: what an entry counts as, by the name that the page has for it."""
    return count_as().replace(SHORTER).alias("counted")


def filter_entries(entries: pl.DataFrame, **chosen: str | Sequence[str]) -> pl.DataFrame:
    """Those of `entries` (`count_as_page` among its columns) that the page's filters choose."""
    for name, values in chosen.items():
        entries = entries.filter(pl.col(_column(name)).cast(pl.String).is_in(_several(values)))
    return entries


def make_list_address(listed: pl.DataFrame, **chosen: str | Sequence[str]) -> str:
    """Of the list under these filters, as far as `listed` has them; empty for no entry."""
    found = filter_entries(listed, **chosen)
    if not found.height:
        return ""
    here = {name: set(found[_column(name)].cast(pl.String)) for name in chosen}
    return make_filter_address(**{
        name: [value for value in _several(values) if value in here[name]]
        for name, values in chosen.items()
    })  # fmt: skip


def _column(name: str) -> str:
    return "counted" if name == "change" else name


def _several(values: str | Sequence[str]) -> Sequence[str]:
    return [values] if isinstance(values, str) else values


_REASONS: Final = {
    "terminated": "discontinued",
    "became-header": "no longer billable",
    "became-code": "now billable",
    "reinstated": "reinstated",
}

Key = tuple[str, str]


_MOVES: Final = {
    "became-header": "now a category with more specific codes",
    "became-code": "was a category",
}


class Entries:
    """Rows of `Results.entries` as the templates show them; `listed` are those on the page."""

    def __init__(self, results: Results, listed: pl.DataFrame, sections: Sequence[str]) -> None:
        self._code_set = results.changes.current.code_set
        self._date = find_page_date(results)
        self._listed = listed
        self._here = set(listed.select("kind", "code").iter_rows())
        self._kinds = _lead_kinds(listed)
        self._sections = {title: f"{at}" for at, title in enumerate(sections)}
        self._fields = _fields(results, listed)
        self._names = _names(results)
        self._replacements = self._linked(results)
        self._reasons = {row.name: row.reason for row in results.judgement.classes}

    def shown(self, row: Mapping[str, Any]) -> Entry:
        """One entry; `row` has `counted` (`count_as_page`) beside its columns."""
        key = (row["kind"], row["code"])
        revised, deleted = row["change"] == "revised", row["change"] == "deleted"
        before, after = row["previous_descriptor"], row["current_descriptor"]
        changed = self._fields.get(key, []) if revised else []
        # Wording that is withheld is empty on both sides.
        fields = [field for field in changed if field[1] or field[2]]
        fields.sort(key=lambda field: field[1:] != (before, after))
        leads = bool(fields) and fields[0][1:] == (before, after)
        other = before if revised and not leads and before != after else None
        names = row["classes"].split(";") if row["classes"] and not deleted else ()
        return Entry(
            address=make_entry_address(self._code_set, *key),
            code=write_code(self._code_set, row["code"]),
            change=row["counted"],
            label=_LABELS[row["counted"]],
            severity=row["severity"],
            tags=_tags(row),
            place="; ".join(filter(None, (_place(row), _MOVES.get(row["reason"], "")))),
            date=self._told_date(row),
            name=self._names.get(key, ""),
            wording="" if leads else before if deleted else after,
            fields=[_marked(*field) for field in fields],
            unshown=", ".join(field[0] for field in changed if field not in fields),
            classes=[Class(name, self._reasons[name]) for name in names],
            family=self._family(row),
            replacements=self._replacements.get(key, ()) if deleted else (),
            data=self._data(row) | {"data-leads": "" if leads else None, "data-previous": other},
        )

    def _data(self, row: Mapping[str, Any]) -> dict[str, str | None]:
        """What is not the common case; None stands for an attribute that is left out."""
        named = {
            "kind": row["kind"] if row["kind"] != "code" else "",
            "change": row["counted"],
            "reason": row["reason"] if row["reason"] != "attributes-only" else "",
            "section": self._sections.get(row["section"], ""),
            "severity": row["severity"],
            "classes": row["classes"],
            "fields": row["fields"],
            "replacement": row["replacement"],
            "replacements": row["replacements"],
            "family": row["family"],
        }
        date = row["effective_date"] if row["effective_date"] != self._date else None
        code = row["code"] if write_code(self._code_set, row["code"]) != row["code"] else None
        return (
            {"data-code": code}
            | {f"data-{name}": value or None for name, value in named.items()}
            | {"data-date": date}
        )

    def link(self, kind: str, code: str) -> Link:
        """To an entry, where the page has it."""
        here = (kind, code) in self._here
        address = make_entry_address(self._code_set, kind, code) if here else ""
        return Link(write_code(self._code_set, code) if code else "", address)

    def list_link(self, **chosen: str | Sequence[str]) -> str:
        """To the list under these filters, as far as the page offers them; empty for no entry."""
        return make_list_address(self._listed, **chosen)

    def _family(self, row: Mapping[str, Any]) -> Family | None:
        """Of an entry whose edit stands in other codes too: how many, and the first of them."""
        first = row["family"]
        if not first:
            return None
        kind = self._kinds.get(first, row["kind"])
        return Family(f"{row['family_codes']:,}", self.link(kind, first))

    def _told_date(self, row: Mapping[str, Any]) -> str:
        """The date that is not the page's, and of a deletion any."""
        date = row["effective_date"]
        if date and row["change"] == "deleted":
            if profile_of(self._code_set).is_own:
                return f"no longer valid from {date}"
            last = day.fromisoformat(date) - timedelta(days=1)
            return f"last valid date of service {last}"
        return f"effective {date}" if date and date != self._date else ""

    def _linked(self, results: Results) -> dict[Key, list[Replacement]]:
        """By deleted entry its replacements in their order."""
        found: dict[Key, list[Replacement]] = {}
        wordings = _wordings(results)
        for row in results.crosswalk.iter_rows(named=True):
            told = describe_successor(row)
            one = Replacement(
                lead=told.lead,
                link=self.link(row["kind"], told.code),
                wording=wordings.get((row["kind"], told.code), ""),
                why=told.why,
            )
            found.setdefault((row["kind"], row["code"]), []).append(one)
        return found


def find_page_date(results: Results) -> str:
    """The effective date that most entries have; empty where the release has none."""
    date = results.changes.current.effective_date
    return date.isoformat() if date else ""


def _tags(row: Mapping[str, Any]) -> list[str]:
    kind = "" if row["kind"] == "code" else row["kind"]
    return [tag for tag in (kind, _REASONS.get(row["reason"], "")) if tag]


def _marked(name: str, previous: str, current: str) -> Field:
    both = merge_pieces(previous, current)
    before, after = (
        [piece for piece in both if piece.role != role] for role in (INSERTED, DELETED)
    )
    return Field(name, before, after)


def _place(row: Mapping[str, Any]) -> str:
    section, subsection = row["section"], row["subsection"]
    same = section.casefold() == subsection.casefold()
    return ", ".join(filter(None, (section, "" if same else subsection)))


def _lead_kinds(listed: pl.DataFrame) -> dict[str, str]:
    """By family the kind of its first entry."""
    first = listed.filter(pl.col("family") == pl.col("code"))
    return dict(first.select("code", "kind").iter_rows())


def _fields(results: Results, listed: pl.DataFrame) -> dict[Key, list[tuple[str, str, str]]]:
    """By entry its changed fields (name, previous, current), the longest descriptor first."""
    found: dict[Key, list[tuple[str, str, str]]] = {}
    columns = ("kind", "code", "field", "previous", "current")
    fields = results.fields.join(listed, on=("kind", "code"), how="semi", maintain_order="left")
    for kind, code, *field in fields.select(columns).iter_rows():
        found.setdefault((kind, code), []).append(tuple(field))
    order = {name: at for at, name in enumerate(results.changes.current.descriptors)}
    for shown in found.values():
        shown.sort(key=lambda field: (order.get(field[0], len(order)), field[0]))
    return found


def _wordings(results: Results) -> dict[Key, str]:
    """By replacement its longest descriptor in current."""
    current = results.changes.current
    entries = current.entries.with_columns(pl.col("kind").cast(pl.String))
    named = results.crosswalk.select(pl.col("kind").cast(pl.String), code="replacement")
    here = entries.join(named, on=("kind", "code"), how="semi")
    longest = pick_longest(current, here.columns).alias("wording")
    rows = here.select("kind", "code", longest).iter_rows()
    return {(kind, code): wording for kind, code, wording in rows}


def _names(results: Results) -> dict[Key, str]:
    """The headings of modifiers that were added or deleted: their long text tells no name."""
    found: dict[Key, str] = {}
    for frame in (results.changes.added, results.changes.deleted):
        if {"short", "long"} <= set(frame.columns):
            modifiers = frame.filter((pl.col("kind") == "modifier") & (pl.col("long") != ""))
            rows = modifiers.select("kind", "code", "short").iter_rows()
            found |= {(kind, code): short for kind, code, short in rows}
    return found
