"""Changed entries as the page lists them, their addresses, and the lists that its links lead to."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

import polars as pl

from cptdiff.judgement.wording import DELETED, INSERTED, Piece, merge_pieces
from cptdiff.reports.overview import (
    LAST_VALID,
    NOT_CURRENT,
    Successor,
    describe_successor,
    write_code,
)
from cptdiff.reports.page import Class, Data, Entry, Family, Field, Link, Replacement
from cptdiff.results import Results
from cptdiff.summary import COUNT_NAMES, count_as, review_as


def make_entry_address(code_set: str, kind: str, code: str) -> str:
    """The id of an entry, without blanks whatever the code holds."""
    plain = code if code.isascii() and code.isalnum() else quote(code, safe="")
    return f"{code_set}-{plain}" if kind == "code" else f"{code_set}-{kind}-{plain}"


def make_filter_address(**chosen: str | Sequence[str]) -> str:
    """The fragment of the list under these filters, as the page's script writes it itself."""
    return f"#{urlencode(chosen, doseq=True)}"


# As the page and its addresses call them, where the counts have a longer name.
SHORTER: Final = {"revised_attributes_only": "attributes"}
_LABELS: Final = {SHORTER.get(name, name): label for name, label in COUNT_NAMES.items()}


def count_as_page() -> pl.Expr:
    """`counted`: what an entry counts as, by the name that the page has for it."""
    return count_as().replace(SHORTER).alias("counted")


# What the links to lists filter by.
_FILTERED: Final = ("counted", "kind", "severity", "replacement", "review", "announced")


def list_filtered(results: Results) -> pl.DataFrame:
    """Return the entries with what the page filters by: `counted`, `review` and `announced`.

    `announced` is "no" where the entry is on none of the publisher's lists.
    """
    entries = results.entries.with_columns(count_as_page(), review_as())
    unlisted = results.judgement.reconciliation.unlisted
    if not unlisted.height:
        return entries.with_columns(pl.lit("").alias("announced"))
    marks = unlisted.select("kind", "code", pl.lit("no").alias("announced"))
    joined = entries.join(marks, on=("kind", "code"), how="left", maintain_order="left")
    return joined.with_columns(pl.col("announced").fill_null(""))


def make_list_address(
    combinations: Sequence[Mapping[str, str]], **chosen: str | Sequence[str]
) -> str:
    """Of the list under these filters, as far as `combinations` have them; empty for no entry.

    Those are the values of `_FILTERED` that entries of the list have together.
    """
    asked = {name: _several(values) for name, values in chosen.items()}
    found = [
        row for row in combinations if all(row[_column(name)] in asked[name] for name in asked)
    ]
    if not found:
        return ""
    here = {name: {row[_column(name)] for row in found} for name in asked}
    return make_filter_address(**{
        name: [value for value in values if value in here[name]] for name, values in asked.items()
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
    "re-used": "re-used",
}
# What people made of a change, as an entry says it.
STATUSES: Final = {
    "acknowledged": "acknowledged",
    "decided": "decided",
    "void": "acknowledgement void",
    "reopened": "decision open again",
}
# A code that became a header is two entries: each says so.
_MOVES: Final = {
    ("code", "became-header"):
        "now a category with more specific codes (also listed as an added header)",
    ("header", "became-header"):
        "now a category with more specific codes (also listed as a deleted code)",
    ("code", "became-code"): "was a category (also listed as a deleted header)",
    ("header", "became-code"): "was a category (also listed as an added code)",
}  # fmt: skip

Key = tuple[str, str]
# A field: its name, its wording in previous and in current.
Wordings = tuple[str, str, str]


class Change(NamedTuple):
    """What the page needs of a row of `Results.entries` with `counted` (`count_as_page`)."""

    kind: str
    code: str
    change: str
    counted: str
    reason: str
    section: str
    subsection: str
    severity: str
    classes: str
    fields: str
    previous_descriptor: str
    current_descriptor: str
    effective_date: str
    last_valid_date: str
    replacement: str
    replacements: str
    family: str
    family_codes: int | None
    announced: str
    review_status: str


class Entries:
    """Rows of `Results.entries` as the templates show them; `listed` are those on the page."""

    def __init__(self, results: Results, listed: pl.DataFrame, sections: Sequence[str]) -> None:
        self._code_set = results.changes.current.code_set
        self._date = find_page_date(results)
        self._listed = listed
        together = listed.select(pl.col(_FILTERED).cast(pl.String)).unique()
        self._combinations = together.rows(named=True)
        self._here = set(listed.select("kind", "code").iter_rows())
        self._kinds = _lead_kinds(listed)
        self._sections = {title: f"{at}" for at, title in enumerate(sections)}
        self._fields = _list_fields(results, listed)
        self._names = _list_names(results)
        self._amounts = _list_amounts(results.fields)
        self._replacements = self._list_replacements(results)
        self._classes = {row.name: Class(row.name, row.reason) for row in results.judgement.classes}
        # Many entries share them; a pair of wordings is compared once.
        self._mark, self._place = cache(mark_words), cache(_say_place)
        self._say_dates = cache(self._write_dates)
        self._title = cache(results.changes.current.profile.name_field)

    def __iter__(self) -> Iterator[Entry]:
        changes = self._listed.select(Change._fields).iter_rows()
        return map(self.show, map(Change._make, changes))

    def show(self, row: Change) -> Entry:
        """Return one entry."""
        key = (row.kind, row.code)
        revised, deleted, passing = (
            row.change == change for change in ("revised", "deleted", "transient")
        )
        before, after = row.previous_descriptor, row.current_descriptor
        changed = self._fields.get(key, []) if revised else []
        fields, unshown = _choose_fields(changed, before, after)
        leads = bool(fields) and fields[0][1:] == (before, after)
        names = row.classes.split(";") if row.classes and not deleted else ()
        code = write_code(self._code_set, row.code)
        return Entry(
            address=make_entry_address(self._code_set, *key),
            code=code,
            change=row.counted,
            label=_LABELS[row.counted],
            severity=row.severity,
            tags=_list_tags(row.kind, row.reason, row.announced, row.review_status),
            place=self._place(row.section, row.subsection, (row.kind, row.reason)),
            date=self._say_dates(row.change, row.reason, row.effective_date, row.last_valid_date),
            name=self._names.get(key, ""),
            wording="" if leads else before if deleted else after,
            fields=[Field(self._title(name), *self._mark(*both)) for name, *both in fields],
            unshown=", ".join(unshown),
            classes=[self._describe_class(name, key) for name in names],
            family=self._make_family(row) if row.family else None,
            replacements=self._replacements.get(key, ()) if deleted or passing else (),
            data=self._make_data(row, code, leads=leads),
        )

    def _make_data(self, row: Change, code: str, *, leads: bool) -> Data:
        """Return what the script reads of an entry that is shown as `code`."""
        before, after = row.previous_descriptor, row.current_descriptor
        other = row.change == "revised" and not leads and before != after
        return Data(
            code=row.code if row.code != code else "",
            kind=row.kind if row.kind != "code" else "",
            reason=row.reason if row.reason != "attributes-only" else "",
            section=self._sections.get(row.section, ""),
            classes=row.classes,
            fields=row.fields,
            replacement=row.replacement,
            replacements=row.replacements,
            family=row.family,
            announced=row.announced,
            status=row.review_status,
            date=row.effective_date if row.effective_date != self._date else None,
            last=row.last_valid_date,
            leads=leads,
            previous=before if other else None,
            percent=self._amounts.get((row.kind, row.code), ("", ""))[1],
        )

    def _describe_class(self, name: str, key: Key) -> Class:
        """Return a class with its reason; of amounts by how much they changed."""
        told = self._amounts.get(key, ("", ""))[0] if name == "amount" else ""
        return Class(name, told) if told else self._classes[name]

    def link(self, kind: str, code: str) -> Link:
        """To an entry, where the page has it."""
        here = (kind, code) in self._here
        address = make_entry_address(self._code_set, kind, code) if here else ""
        return Link(write_code(self._code_set, code) if code else "", address)

    def list_link(self, **chosen: str | Sequence[str]) -> str:
        """To the list under these filters, as far as the page offers them; empty for no entry."""
        return make_list_address(self._combinations, **chosen)

    def _make_family(self, row: Change) -> Family:
        """Of an entry whose edit stands in other codes too: how many, and the first of them."""
        kind = self._kinds.get(row.family, row.kind)
        return Family(f"{row.family_codes:,}", self.link(kind, row.family))

    def _write_dates(self, change: str, reason: str, date: str, last: str) -> str:
        """The date that is not the page's, and the last valid one or that none is stated."""
        effective = f"effective {date}" if date and date != self._date else ""
        if last:
            both = effective if change == "transient" else "", f"{LAST_VALID} {last}"
            return "; ".join(filter(None, both))
        return NOT_CURRENT if change == "deleted" and reason == "absent" else effective

    def _list_replacements(self, results: Results) -> dict[Key, list[Replacement]]:
        """By deleted entry its replacements in their order."""
        found: dict[Key, list[Replacement]] = {}
        for row in results.crosswalk.iter_rows(named=True):
            successor = describe_successor(row)
            one = Replacement(
                lead=_write_lead(successor),
                link=self.link(row["kind"], successor.code),
                wording=row["replacement_descriptor"],
                why=successor.why,
            )
            found.setdefault((row["kind"], row["code"]), []).append(one)
        return found


def find_page_date(results: Results) -> str:
    """The effective date that most entries have; empty where the release has none."""
    date = results.changes.current.effective_date
    return date.isoformat() if date else ""


def mark_words(previous: str, current: str) -> tuple[list[Piece], list[Piece]]:
    """Return both wordings in pieces, each with its own."""
    both = merge_pieces(previous, current)
    before = [piece for piece in both if piece.role != INSERTED]
    return before, [piece for piece in both if piece.role != DELETED]


def _write_lead(successor: Successor) -> str:
    """Return how the line begins, as in "Replaced by" and "Possible replacement:"."""
    lead = successor.lead.capitalize()
    return f"{lead} replacement:" if successor.code and not successor.stated else lead


@cache
def _list_tags(kind: str, reason: str, announced: str, status: str) -> list[str]:
    tags = (
        "" if kind == "code" else kind, _REASONS.get(reason, ""), announced and "not announced",
        STATUSES.get(status, ""),
    )  # fmt: skip
    return list(filter(None, tags))


def _say_place(section: str, subsection: str, move: Key) -> str:
    same = section.casefold() == subsection.casefold()
    place = ", ".join(filter(None, (section, "" if same else subsection)))
    return "; ".join(filter(None, (place, _MOVES.get(move, ""))))


def _choose_fields(
    changed: list[Wordings], before: str, after: str
) -> tuple[list[Wordings], list[str]]:
    """Return the fields to show, that of the descriptor first, and the names of the others.

    Wording that is withheld is empty on both sides.
    """
    fields = [field for field in changed if field[1] or field[2]]
    if fields and fields[0][1:] != (before, after):
        fields.sort(key=lambda field: field[1:] != (before, after))
    if len(fields) == len(changed):
        return fields, []
    return fields, [name for name, *both in changed if not any(both)]


def _lead_kinds(listed: pl.DataFrame) -> dict[str, str]:
    """By family the kind of its first entry."""
    first = listed.filter(pl.col("family") == pl.col("code"))
    return dict(first.select("code", "kind").iter_rows())


def _list_fields(results: Results, listed: pl.DataFrame) -> dict[Key, list[Wordings]]:
    """By entry its changed fields, the longest descriptor first."""
    order = {name: at for at, name in enumerate(results.changes.current.descriptors)}
    rank = pl.col("field").replace_strict(order, default=len(order), return_dtype=pl.Int32)
    fields = (
        results.fields.join(listed, on=("kind", "code"), how="semi")
        .sort("kind", "code", rank, "field")
        .select("kind", "code", "field", "previous", "current")
    )
    found: dict[Key, list[Wordings]] = {}
    for kind, code, *field in fields.iter_rows():
        found.setdefault((kind, code), []).append(tuple(field))
    return found


def _list_amounts(fields: pl.DataFrame) -> dict[Key, tuple[str, str]]:
    """By entry, how much its amounts changed, in words, and the largest percent of them."""
    found: dict[Key, list[tuple[str, str, str]]] = {}
    rows = fields.filter(pl.col("difference") != "")
    for kind, code, *amount in rows.select(
        "kind", "code", "field", "difference", "percent"
    ).iter_rows():
        found.setdefault((kind, code), []).append(tuple(amount))
    return {
        key: ("; ".join(_say_amount(*one) for one in amounts), _find_largest(amounts))
        for key, amounts in found.items()
    }


def _say_amount(field: str, difference: str, percent: str) -> str:
    """As in "Payment Limit +2.50 (+4.2%)"."""
    sign = "" if difference.startswith("-") else "+"
    share = f" ({float(percent):+,.1f}%)" if percent else ""
    return f"{field} {sign}{difference}{share}"


def _find_largest(amounts: Sequence[tuple[str, str, str]]) -> str:
    shares = [percent.removeprefix("-") for *_, percent in amounts if percent]
    return max(shares, key=float, default="")


def _list_names(results: Results) -> dict[Key, str]:
    """The headings of modifiers that were added or deleted: their long text tells no name."""
    found: dict[Key, str] = {}
    for frame in (results.changes.added, results.changes.deleted):
        if {"short", "long"} <= set(frame.columns):
            modifiers = frame.filter((pl.col("kind") == "modifier") & (pl.col("long") != ""))
            rows = modifiers.select("kind", "code", "short").iter_rows()
            found |= {(kind, code): short for kind, code, short in rows}
    return found
