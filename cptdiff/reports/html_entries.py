"""The entries of the page: what changed, word by word, what it means, what replaces it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from cptdiff.judgement.wording import DELETED, INSERTED, Piece, pieces
from cptdiff.results import Results

_REASONS: Final = {
    "terminated": "ended",
    "became-header": "became a header",
    "became-code": "became a code",
    "reinstated": "reinstated",
}
_SINCE: Final = {"deleted": "no longer valid from", "transient": "valid from"}
_STATED: Final = "stated"

Key = tuple[str, str]
Field = tuple[str, Sequence[Piece], Sequence[Piece]]


class Entries:
    """Rows of `Results.entries` as the template shows them."""

    def __init__(self, results: Results) -> None:
        self._fields = _fields(results)
        self._names = _names(results)
        self._leads = _leads(results)
        self._replacements = _replacements(results)
        self._reasons = {row.name: row.reason for row in results.judgement.classes}

    def shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """One entry."""
        key = (row["kind"], row["code"])
        same = row["section"].casefold() == row["subsection"].casefold()
        place = [row["section"], *([row["subsection"]] if row["subsection"] and not same else [])]
        kind = "" if row["kind"] == "code" else row["kind"]
        since = _SINCE.get(row["change"], "effective") if row["effective_date"] else ""
        return {
            "address": _address(row["change"], *key),
            "code": row["code"],
            "tags": [tag for tag in (kind, _REASONS.get(row["reason"], "")) if tag],
            "severity": row["severity"] if row["change"] != "deleted" else "",
            "classes": self._classes(row),
            "family": self._family(row),
            "place": ", ".join(filter(None, place)),
            "date": f"{since} {row['effective_date']}".strip(),
            "name": self._names.get(key, ""),
            "fields": self._fields.get(key, ()) if row["change"] == "revised" else (),
            "wording": row["current_descriptor"] or row["previous_descriptor"],
            "replacements": self._replacements.get(key, ()) if row["change"] == "deleted" else (),
        }

    def _classes(self, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        names = row["classes"].split(";") if row["change"] != "deleted" and row["classes"] else []
        return [(name, self._reasons[name]) for name in names]

    def _family(self, row: Mapping[str, Any]) -> dict[str, str]:
        """Of an entry whose edit stands in other codes too: how many, and the first of them."""
        first = row["family"]
        if not first:
            return {}
        link = self._leads.get(first, "")
        return {"first": first, "codes": f"{row['family_codes']:,}", "link": link}


def _address(change: str, kind: str, code: str) -> str:
    return f"{change}-{kind}-{code}"


def _leads(results: Results) -> dict[str, str]:
    """By family the link to its first entry, of whatever kind; none for one that is not shown."""
    first = results.entries.filter(pl.col("family") == pl.col("code"))
    rows = first.select("change", "kind", "code").iter_rows()
    return {code: f"#{_address(change, kind, code)}" for change, kind, code in rows}


def _fields(results: Results) -> dict[Key, list[Field]]:
    """By entry its changed fields, descriptors first: name, previous and current in pieces."""
    found: dict[Key, list[Field]] = {}
    columns = ("kind", "code", "field", "previous", "current")
    for kind, code, name, previous, current in results.fields.select(columns).iter_rows():
        both = pieces(previous, current)
        before, after = (
            [piece for piece in both if piece.role != role] for role in (INSERTED, DELETED)
        )
        found.setdefault((kind, code), []).append((name, before, after))
    order = {name: at for at, name in enumerate(results.changes.current.descriptors)}
    for listed in found.values():
        listed.sort(key=lambda field: (order.get(field[0], len(order)), field[0]))
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


def _replacements(results: Results) -> dict[Key, list[dict[str, Any]]]:
    """By deleted entry its replacements in their order, linked where the page shows them."""
    found: dict[Key, list[dict[str, Any]]] = {}
    added = results.entries.filter(pl.col("change") == "added").select("kind", "code")
    here = results.crosswalk.join(
        added.with_columns(here=pl.lit(value=True)),
        left_on=("kind", "replacement"),
        right_on=("kind", "code"),
        how="left",
        maintain_order="left",
    )
    for row in here.iter_rows(named=True):
        link = f"#{_address('added', row['kind'], row['replacement'])}" if row["here"] else ""
        found.setdefault((row["kind"], row["code"]), []).append({
            "code": row["replacement"], "link": link, "relation": row["relation"],
            "basis": row["basis"], "stated": row["confidence"] == _STATED, "note": row["note"],
        })  # fmt: skip
    return found
