"""The entries of the page: what changed, word by word, what it means, what replaces it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from cptdiff.judgement.wording import DELETED, INSERTED, pieces
from cptdiff.reports.html.addresses import entry_address
from cptdiff.reports.html.choosing import list_address
from cptdiff.reports.html.page import Class, Entry, Family, Field, Link, Replacement
from cptdiff.results import Results

_REASONS: Final = {
    "terminated": "ended",
    "became-header": "became a header",
    "became-code": "became a code",
    "reinstated": "reinstated",
}
_SINCE: Final = {"deleted": "no longer valid from", "transient": "valid from"}

Key = tuple[str, str]


class Entries:
    """Rows of `Results.entries` as the templates show them; `listed` are those on the page."""

    def __init__(self, results: Results, listed: pl.DataFrame, sections: Sequence[str]) -> None:
        self._code_set = results.changes.current.code_set
        self._date = page_date(results)
        self._listed = listed
        self._here = set(listed.select("kind", "code").iter_rows())
        self._kinds = _lead_kinds(listed)
        self._sections = {title: f"{at}" for at, title in enumerate(sections)}
        self._fields = _fields(results, listed)
        self._names = _names(results)
        self._replacements = self._linked(results)
        self._reasons = {row.name: row.reason for row in results.judgement.classes}

    def shown(self, row: Mapping[str, Any]) -> Entry:
        """One entry; `row` has `counted` (`counted_shorter`) beside its columns."""
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
            address=entry_address(self._code_set, *key),
            code=row["code"],
            change=row["counted"],
            severity=row["severity"],
            tags=_tags(row),
            place=_place(row),
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
        return {f"data-{name}": value or None for name, value in named.items()} | {
            "data-date": date
        }

    def link(self, kind: str, code: str) -> Link:
        """To an entry, where the page has it."""
        here = (kind, code) in self._here
        return Link(code, entry_address(self._code_set, kind, code) if here else "")

    def list_link(self, **chosen: str | Sequence[str]) -> str:
        """To the list under these filters, as far as the page offers them; empty for no entry."""
        return list_address(self._listed, **chosen)

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
        told = date and (date != self._date or row["change"] == "deleted")
        return f"{_SINCE.get(row['change'], 'effective')} {date}" if told else ""

    def _linked(self, results: Results) -> dict[Key, list[Replacement]]:
        """By deleted entry its replacements in their order."""
        found: dict[Key, list[Replacement]] = {}
        columns = ("kind", "code", "replacement", "relation", "basis", "note")
        for kind, code, other, *told in results.crosswalk.select(columns).iter_rows():
            link = self.link(kind, other)
            found.setdefault((kind, code), []).append(Replacement(link, *told))
        return found


def page_date(results: Results) -> str:
    """The effective date that most entries have; empty where the release has none."""
    date = results.changes.current.effective_date
    return date.isoformat() if date else ""


def _tags(row: Mapping[str, Any]) -> list[str]:
    kind = "" if row["kind"] == "code" else row["kind"]
    return [tag for tag in (kind, _REASONS.get(row["reason"], "")) if tag]


def _marked(name: str, previous: str, current: str) -> Field:
    both = pieces(previous, current)
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


def _names(results: Results) -> dict[Key, str]:
    """The headings of modifiers that were added or deleted: their long text tells no name."""
    found: dict[Key, str] = {}
    for frame in (results.changes.added, results.changes.deleted):
        if {"short", "long"} <= set(frame.columns):
            modifiers = frame.filter((pl.col("kind") == "modifier") & (pl.col("long") != ""))
            rows = modifiers.select("kind", "code", "short").iter_rows()
            found |= {(kind, code): short for kind, code, short in rows}
    return found
