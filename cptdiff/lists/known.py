"""What people have seen already: acknowledgements, and the changes that an earlier run found."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES
from cptdiff.errors import Refused
from cptdiff.lists.decisions import Decision
from cptdiff.model import Note
from cptdiff.options import name_path
from cptdiff.reading import decode, open_bundle
from cptdiff.vocabulary import CHANGES, KINDS, MANIFEST, PREDICATE

_CHANGES_FILE: Final = "changes.json"
WORKBOOK: Final = "changes.xlsx"
WORKSHEET: Final = "worksheet.csv"
# What is compared of the changes of two runs; all are texts of changes.json but the replacements
# that the publisher states.
FORMER: Final = (
    "kind", "code", "change", "fingerprint", "reason", "section", "severity",
    "previous_descriptor", "current_descriptor", "effective_date", "last_valid_date",
    "stated_replacements",
)  # fmt: skip
_AGAIN: Final = "make the run again, or give another one"
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

    `digest` is the SHA-256 of its manifest. `acknowledgements` and `decisions` are those that it
    knew.
    """

    name: str
    code_set: str
    previous: str
    current: str
    digest: str
    changes: pl.DataFrame
    acknowledgements: tuple[Acknowledgement, ...]
    decisions: tuple[Decision, ...]


def read_acknowledgements(
    path: Path, code_set: str
) -> tuple[tuple[Acknowledgement, ...], tuple[Note, ...]]:
    """Return the acknowledgements in a CSV file, and a note on those of other code sets.

    These are left out. Raise `Refused` where a column is missing (E163) or a line cannot be used
    (E332).
    """
    bundle = open_bundle(path)
    name = bundle.archive.name
    if not bundle.single:
        raise Refused("E102", name, "is not a file", "give the CSV file itself")
    text = decode(name, bundle.members[0].read(), ansi=False).data.decode()
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    others: list[str] = []
    try:
        found = tuple(_read_rows(name, rows, code_set, others.append))
    except csv.Error as error:
        place, wrong = f"{name}:{rows.line_num}", f"quotes are broken ({error})"
        raise Refused("E153", place, wrong, "export it again") from error
    return found, _note_others(name, others)


def _note_others(name: str, others: Sequence[str]) -> tuple[Note, ...]:
    if not others:
        return ()
    named = ", ".join(sorted({*others}))
    many = f"{len(others):,} lines of other code sets ({named}) were"
    some = f"1 line of another code set ({named}) was" if len(others) == 1 else many
    return (Note("list", f"{some} passed over", name),)


def _read_rows(
    name: str, rows: "csv.DictReader[str]", code_set: str, pass_over: Callable[[str], None]
) -> Iterator[Acknowledgement]:
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
        given, place = cells.pop("code_set"), f"{name}:{rows.line_num}"
        if not any(cells.values()):
            continue
        named = _find_code_set(place, given) or code_set
        if named != code_set:
            pass_over(named)
            continue
        found = Acknowledgement(**cells)
        yield _check_row(place, found._replace(kind=found.kind or "code"))


def _find_code_set(place: str, given: str) -> str:
    """The name of the code set that is `given` by its name or label, in any case; else empty."""
    called = {
        text.casefold(): name
        for name, profile in PROFILES.items()
        for text in (name, profile.label)
    }
    if given and given.casefold() not in called:
        wrong = f"{given} is not a code set"
        raise Refused("E332", place, wrong, f"use {', '.join(PROFILES)}")
    return called.get(given.casefold(), "")


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
    proof, statement = _read_statement(folder)
    try:
        return _read_run(folder, proof, statement, is_whole=is_whole)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        place = f"{name_path(folder)}/{MANIFEST}"
        raise Refused("E342", place, "lacks what every run writes", _AGAIN) from error


def is_edited(folder: Path, name: str = WORKBOOK) -> bool:
    """Whether a file of a run folder, the workbook, is not as the manifest says."""
    stated, found = _compare_digests(folder, name)
    return None not in {stated, found} and stated != found


def find_worksheet(folder: Path) -> Path | None:
    """Return worksheet.csv of a run folder; None without one that is as the manifest says."""
    stated, found = _compare_digests(folder, WORKSHEET)
    return folder / WORKSHEET if stated and stated == found else None


def _compare_digests(folder: Path, name: str) -> tuple[str | None, str | None]:
    """The SHA-256 of a file by the manifest of its run folder, and as it is."""
    try:
        _, statement = _read_statement(folder)
        digests = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
        return digests.get(name), hashlib.sha256((folder / name).read_bytes()).hexdigest()
    except (OSError, Refused, KeyError, TypeError):
        return None, None


def _read_statement(folder: Path) -> tuple[bytes, Mapping[str, Any]]:
    """The manifest of a run folder, as it is and as JSON."""
    fix = "give a folder that `cptdiff diff -o FOLDER` wrote"
    try:
        proof = (folder / MANIFEST).read_bytes()
        statement: Mapping[str, Any] = json.loads(proof)
        is_ours = statement["predicateType"] == PREDICATE
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        wrong = "is not a run folder" if folder.is_dir() else "no such run folder"
        raise Refused("E340", str(folder), wrong, fix) from error
    if not is_ours:
        raise Refused("E340", str(folder), "is not a run folder", fix)
    return proof, statement


def _read_run(
    folder: Path, proof: bytes, statement: Mapping[str, Any], *, is_whole: bool
) -> Former:
    """What a run found. Raise what Python raises for what its manifest lacks."""
    name, changes = name_path(folder), _read_changes(folder, statement)
    if is_whole:
        _refuse_filtered(name, statement)
    rows = [
        {name: one.get(name) or "" for name in FORMER}
        | {"stated_replacements": _join_stated(one["replacements"])}
        for one in changes["changes"]
    ]
    return Former(
        name=name,
        code_set=changes["code_set"],
        previous=changes["previous"]["name"],
        current=changes["current"]["name"],
        digest=hashlib.sha256(proof).hexdigest(),
        changes=pl.DataFrame(rows, schema=dict.fromkeys(FORMER, pl.String)),
        acknowledgements=tuple(
            Acknowledgement(**{name: one[name] for name in Acknowledgement._fields})
            for one in changes["acknowledgements"]
        ),
        decisions=tuple(
            Decision(**{name: one[name] for name in Decision._fields})
            for one in changes.get("decisions", ())
            if one["status"] != "elsewhere"
        ),
    )


def _refuse_filtered(name: str, statement: Mapping[str, Any]) -> None:
    options = statement["predicate"]["options"]
    if shown := [*options["only"], *filter(None, [options["min_severity"]])]:
        wrong = f"lists only a part of its changes (filter: {', '.join(shown)})"
        raise Refused("E342", name, wrong, "give a run made without --only, --min-severity")


def open_run_files(
    folder: Path, names: Sequence[str]
) -> tuple[str, Mapping[str, Any], Sequence[bytes]]:
    """Return the SHA-256 of a run folder's manifest, what it says, and the files called `names`.

    Raise `Refused`: E340 where it is no run folder, E342 where its changes cannot be relied on.
    """
    proof, statement = _read_statement(folder)
    try:
        _refuse_filtered(name_path(folder), statement)
        files = [_read_file(folder, statement, name) for name in names]
    except (AttributeError, KeyError, TypeError) as error:
        place = f"{name_path(folder)}/{MANIFEST}"
        raise Refused("E342", place, "lacks what every run writes", _AGAIN) from error
    return hashlib.sha256(proof).hexdigest(), statement["predicate"], files


def _join_stated(replacements: Sequence[Mapping[str, Any]]) -> str:
    """What the publisher states, as the results have it in `stated_replacements`."""
    stated = ("publisher", "stated")
    found = [one for one in replacements if (one["basis"], one["confidence"]) == stated]
    return ";".join(sorted(one["code"] or "none" for one in found))


def _read_changes(folder: Path, statement: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content of changes.json, which is as the manifest states it."""
    changes: Mapping[str, Any] = json.loads(_read_file(folder, statement, _CHANGES_FILE))
    if not _has_fingerprints(changes):
        place = f"{name_path(folder)}/{_CHANGES_FILE}"
        raise Refused("E342", place, "is from an earlier version, without fingerprints", _AGAIN)
    return changes


def _read_file(folder: Path, statement: Mapping[str, Any], name: str) -> bytes:
    """A file of a run folder, which is as the manifest states it."""
    place = f"{name_path(folder)}/{name}"
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise Refused("E342", place, "is missing or cannot be read", _AGAIN) from error
    digests = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    if digests.get(name) != hashlib.sha256(data).hexdigest():
        raise Refused("E342", place, "was changed after the run wrote it", _AGAIN)
    return data


def _has_fingerprints(changes: Mapping[str, Any]) -> bool:
    listed: Sequence[Mapping[str, Any]] = changes["changes"]
    return "acknowledgements" in changes and all("fingerprint" in one for one in listed)
