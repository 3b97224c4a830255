"""summary.json and changes.json."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from cptdiff.judgement.wording import merge_pieces
from cptdiff.options import Presentation
from cptdiff.results import Results

if TYPE_CHECKING:
    import polars as pl


def render(results: Results, presentation: Presentation) -> bytes:
    """The summary, with the license notice, as UTF-8 JSON."""
    content = results.summary | {"notice": presentation.notice}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


Key = tuple[str, str]
ByKey = Mapping[Key, list[dict[str, Any]]]

_TEXTS: Final = (
    "kind", "code", "change", "reason", "section", "severity",
    "previous_descriptor", "current_descriptor", "family",
)  # fmt: skip


def render_changes(results: Results, presentation: Presentation) -> bytes:
    """UTF-8 JSON, one change on each line."""
    head = {
        "schema_version": 1,
        "code_set": results.summary["code_set"],
        "previous": results.summary["previous"],
        "current": results.summary["current"],
        "notes": list(results.doubts),
        "notice": presentation.notice,
        "acknowledgements": _list_known(results.known.acknowledged),
        "decisions": _list_known(results.known.decisions),
    }
    parts = [f"{_json(name)}: {_json(value)}" for name, value in head.items()]
    changes = ",\n".join(map(_json, _changes(results)))
    parts.append(f'"changes": [\n{changes}\n]' if changes else '"changes": []')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _list_known(found: "pl.DataFrame") -> list[dict[str, Any]]:
    return found.drop("code_set").to_dicts()


def _json(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    return json.dumps(value, ensure_ascii=False)


def _changes(results: Results) -> Iterator[dict[str, Any]]:
    fields = _group_by_key(results.fields)
    replacements = _group_by_key(results.crosswalk)
    for row in results.entries.iter_rows(named=True):
        key, change = (row["kind"], row["code"]), row["change"]
        changed = fields.get(key, []) if change == "revised" else []
        replaced = replacements.get(key, []) if change in {"deleted", "transient"} else []
        yield {name: row[name] for name in _TEXTS} | {
            "classes": _split(row["classes"]),
            "effective_date": row["effective_date"] or None,
            "last_valid_date": row["last_valid_date"] or None,
            "fields": [_field(field) for field in changed],
            "replacements": [_replacement(one) for one in replaced],
            "fingerprint": row["fingerprint"],
            "review_status": row["review_status"],
        }


def _group_by_key(rows: "pl.DataFrame") -> ByKey:
    found: dict[Key, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault((row["kind"], row["code"]), []).append(row)
    return found


def _field(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "field": row["field"],
        "previous": row["previous"],
        "current": row["current"],
        "difference": _number(row["difference"]),
        "percent": _number(row["percent"]),
        "classes": _split(row["class"]),
        "severity": row["severity"],
        "why": row["why"],
        "marks": [list(piece) for piece in merge_pieces(row["previous"], row["current"])],
    }


def _number(text: str) -> float | int | None:
    """The number in `text`, whole where it has no decimals; None for empty text."""
    if not text:
        return None
    return float(text) if "." in text else int(text)


def _replacement(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: row[name] for name in ("rank", "relation", "basis", "confidence", "note")}
    named = {"code": row["replacement"] or None, "descriptor": row["replacement_descriptor"]}
    return named | texts


def _split(names: str) -> list[str]:
    return names.split(";") if names else []
