"""manifest.json: what a run read, with what, and what it wrote; the last file of a run folder."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from cptdiff.model import Release, Stated
from cptdiff.options import Options, Presentation
from cptdiff.results import Results
from cptdiff.versions import list_versions


def write_manifest(
    results: Results,
    files: Mapping[str, bytes],
    chosen: tuple[Options, Presentation],
    templates: Mapping[str, str],
) -> bytes:
    """The manifest over `files` (name, bytes) as UTF-8 JSON; no clock, no path but base names.

    `templates` are the SHA-256 of the user's own templates by name; `tool` tells the shipped ones.
    """
    changes = results.changes
    content = {
        "schema_version": 1,
        "tool": list_versions(),
        "options": dict(sorted(_describe_choices(*chosen).items())),
        "inputs": {
            "previous": _describe_input(changes.previous),
            "current": _describe_input(changes.current),
        },
        "templates": dict(templates),
        "stated": _list_stated(results.judgement.stated),
        "rows": results.summary["rows"],
        "outputs": [
            {"file": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _describe_choices(options: Options, presentation: Presentation) -> dict[str, Any]:
    """What was chosen, by the names of the command line; files by their base names."""
    shown = options.shown
    chosen = {
        **options._asdict(),
        "only": (*shown.changes, *shown.kinds),
        "min_severity": shown.min_severity or None,
        "notice": presentation.notice_file or presentation.notice or None,
        "template_folder": presentation.templates,
        "excel": presentation.bom,
    }
    return {name: _simplify(value) for name, value in chosen.items() if name != "shown"}


def _simplify(value: object) -> Any:  # noqa: ANN401 - what JSON can hold
    match value:
        case tuple():
            return [_simplify(one) for one in value]
        case Path():
            return value.name
        case date():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case _:
            return value


def _list_stated(stated: Stated) -> list[dict[str, str]]:
    """The lists and crosswalks that were used, found beside the releases or given."""
    lists = [{"file": one.name, "form": one.form, "sha256": one.sha256} for one in stated.lists]
    tables = [
        {"file": one.name, "form": "crosswalk", "sha256": one.sha256} for one in stated.crosswalks
    ]
    return lists + tables


def _describe_input(release: Release) -> dict[str, Any]:
    return {
        "file": release.archive.name,
        "size": release.archive.size,
        "sha256": release.archive.sha256,
        "read": [
            {"member": source.member, "size": source.size, "sha256": source.sha256}
            for source in release.sources
        ],
        "normalised": release.normalizations.sort(pl.all()).to_dicts(),
        "passed_over": [passed.member for passed in release.passed_over],
    }
