"""What people have seen already: acknowledgements, and the changes that an earlier run found."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.errors import Refused
from cptdiff.reading import decode, open_bundle
from cptdiff.vocabulary import CHANGES, KINDS, MANIFEST, PREDICATE

_CHANGES_FILE: Final = "changes.json"
# What is compared of the changes of two runs; all are texts of changes.json.
FORMER: Final = (
    "kind", "code", "change", "fingerprint", "reason", "section", "severity",
    "previous_descriptor", "current_descriptor", "effective_date", "last_valid_date",
)  # fmt: skip
_NEEDED: Final = ("code", "change", "fingerprint", "date", "who")


class Acknowledgement(NamedTuple):
    """Who knows of a change, since when and why; `fingerprint` pins the change as it was then."""

    kind: str
    code: str
    change: str
    fingerprint: str
    date: str
    who: str
    why: str


@dataclass(frozen=True, eq=False, repr=False)
class Former:
    """An earlier run: the name of its folder, its releases, its changes (`FORMER`).

    `digest` is the SHA-256 of its manifest. `acknowledgements` are those that it knew.
    """

    name: str
    code_set: str
    previous: str
    current: str
    digest: str
    changes: pl.DataFrame
    acknowledgements: tuple[Acknowledgement, ...]


def read_acknowledgements(path: Path, code_set: str) -> tuple[Acknowledgement, ...]:
    """Return the acknowledgements in a CSV file; those of another code set are left out.

    Raise `Refused` where a column is missing (E163) or a line cannot be used (E332).
    """
    bundle = open_bundle(path)
    name = bundle.archive.name
    if not bundle.single:
        raise Refused("E102", name, "is not a file", "give the CSV file itself")
    text = decode(name, bundle.members[0].read(), ansi=False).data.decode()
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        return tuple(_read_rows(name, rows, code_set))
    except csv.Error as error:
        place, wrong = f"{name}:{rows.line_num}", f"quotes are broken ({error})"
        raise Refused("E153", place, wrong, "export it again") from error


def _read_rows(name: str, rows: "csv.DictReader[str]", code_set: str) -> Iterator[Acknowledgement]:
    rows.fieldnames = [column.strip().lower() for column in rows.fieldnames or ()]
    missing = [column for column in _NEEDED if column not in rows.fieldnames]
    if missing:
        fix = "make the file with `cptdiff acknowledge`"
        raise Refused("E163", name, f"has no column {', '.join(missing)}", fix)
    for row in rows:
        cells = {
            column: str(row.get(column) or "").strip()
            for column in ("code_set", *Acknowledgement._fields)
        }
        if cells.pop("code_set") not in {"", code_set} or not any(cells.values()):
            continue
        found = Acknowledgement(**cells)
        yield _check_row(f"{name}:{rows.line_num}", found._replace(kind=found.kind or "code"))


def _check_row(place: str, row: Acknowledgement) -> Acknowledgement:
    missing = [column for column in _NEEDED if not getattr(row, column)]
    if missing:
        wrong = f"has no {' and no '.join(missing)}"
        fix = "fill it in; `cptdiff acknowledge` writes whole lines"
        raise Refused("E332", place, wrong, fix)
    for word, what, known in ((row.kind, "kind", KINDS), (row.change, "change", CHANGES)):
        if word not in known:
            raise Refused("E332", place, f"{word} is not a {what}", f"use {', '.join(known)}")
    try:
        date.fromisoformat(row.date)
    except ValueError:
        wrong = f"{row.date} is not a date"
        raise Refused("E332", place, wrong, "write it as 2027-02-01") from None
    return row


def read_former(folder: Path, *, is_whole: bool = True) -> Former:
    """Return what the run that wrote `folder` found; `is_whole` asks for all of its changes.

    Raise `Refused`: E340 where it is no run folder, E342 where its changes cannot be relied on.
    """
    content = _read_intact(folder)
    run, changes = content["predicate"], content["changes"]
    shown = [*run["options"]["only"], *filter(None, [run["options"]["min_severity"]])]
    if shown and is_whole:
        wrong = f"lists only a part of its changes (filter: {', '.join(shown)})"
        raise Refused("E342", folder.name, wrong, "give a run made without --only, --min-severity")
    rows = [{name: one.get(name) or "" for name in FORMER} for one in changes["changes"]]
    return Former(
        name=folder.name or folder.resolve().name,
        code_set=changes["code_set"],
        previous=changes["previous"]["name"],
        current=changes["current"]["name"],
        digest=content["digest"],
        changes=pl.DataFrame(rows, schema=dict.fromkeys(FORMER, pl.String)),
        acknowledgements=tuple(
            Acknowledgement(**{name: one[name] for name in Acknowledgement._fields})
            for one in changes["acknowledgements"]
        ),
    )


def _read_intact(folder: Path) -> dict[str, Any]:
    """The manifest's `predicate` and `digest`, and the `changes` of a run folder."""
    fix = "give a folder that `cptdiff diff -o FOLDER` wrote"
    try:
        proof = (folder / MANIFEST).read_bytes()
        statement = json.loads(proof)
        is_ours = statement["predicateType"] == PREDICATE
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        wrong = "is not a run folder" if folder.is_dir() else "no such run folder"
        raise Refused("E340", str(folder), wrong, fix) from error
    if not is_ours:
        raise Refused("E340", str(folder), "is not a run folder", fix)
    place = f"{folder.name}/{_CHANGES_FILE}"
    again = "make the run again, or give another one"
    try:
        data = (folder / _CHANGES_FILE).read_bytes()
    except OSError as error:
        raise Refused("E342", place, "is missing or cannot be read", again) from error
    digests = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    if digests.get(_CHANGES_FILE) != hashlib.sha256(data).hexdigest():
        raise Refused("E342", place, "was changed after the run wrote it", again)
    changes = json.loads(data)
    if not _has_fingerprints(changes):
        raise Refused("E342", place, "is from an earlier version, without fingerprints", again)
    digest = hashlib.sha256(proof).hexdigest()
    return {"predicate": statement["predicate"], "digest": digest, "changes": changes}


def _has_fingerprints(changes: Mapping[str, Any]) -> bool:
    listed: Sequence[Mapping[str, Any]] = changes["changes"]
    return "acknowledgements" in changes and all("fingerprint" in one for one in listed)
