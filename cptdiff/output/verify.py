"""Whether a run folder is what its manifest says: digests, the row law, the counts."""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from cptdiff.errors import Refused
from cptdiff.output.manifest import PARAGRAPH, STATEMENT, write_paragraph
from cptdiff.vocabulary import CLAIMS_PREDICATE, IMPACT_PREDICATE, MANIFEST, PREDICATE

_SIDES: Final = ("previous", "current")
# The side of what is set aside in the user's own lists.
_LIST: Final = "list"
_FATES: Final = ("read", "kept", "collapsed", "quarantined")
_CLAIM_FATES: Final = ("blank", "other", "valid", "invalid", "not_understood")
_CELLS: Final = ("cells", "blank", "understood", "set_aside")
_QUOTED_DIGEST: Final = re.compile(rb"\b[0-9a-f]{64}\b")
# A cell of a report may be as large as one of an input.
_CELL: Final = 16 * 1024**2
Counts = Counter[tuple[str, str]]


class Finding(NamedTuple):
    """What is wrong with one file; `row` (the header is row 1) and `column` where they are known.

    `check` is digest, missing, added, renamed, rows, counts or comparison.
    """

    file: str
    check: str
    text: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        row = f" row {self.row:,}" if self.row is not None else ""
        column = f" column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: {self.text}"


class Folder(NamedTuple):
    """The files of a run folder as they are, with what the manifest says of the run.

    `subjects` has the SHA-256 that the manifest states by name; `run` is its predicate, and `form`
    the predicate's type. All are empty where the manifest cannot be used.
    """

    files: Mapping[str, Path]
    digests: Mapping[str, str]
    subjects: Mapping[str, str]
    run: Mapping[str, Any]
    form: str = ""

    @property
    def manifest_digest(self) -> str:
        """The SHA-256 of the manifest; empty where there is none."""
        return self.digests.get(MANIFEST, "")

    def is_intact(self, name: str) -> bool:
        """Whether a file is there as the manifest states it."""
        return name in self.files and self.digests[name] == self.subjects.get(name)


def open_run(path: Path) -> Folder:
    """Return the run folder at `path`. Raise `Refused` where that is none, or cannot be read."""
    fix = "give a folder that `cptdiff diff -o FOLDER` wrote"
    try:
        if not path.is_dir():
            wrong = "is not a folder" if path.exists() else "no such folder"
            raise Refused("E340", str(path), wrong, fix)
        files = {
            file.relative_to(path).as_posix(): file
            for file in sorted(path.rglob("*"))
            if file.is_symlink() or not file.is_dir()
        }
    except OSError as error:
        wrong = f"cannot be read ({error.strerror})"
        raise Refused("E103", str(path), wrong, "ask for the right to read it") from error
    statement = _read_statement(files.get(MANIFEST))
    if not statement and PARAGRAPH not in files:
        wrong = f"has no {MANIFEST} of cptdiff" if MANIFEST in files else f"has no {MANIFEST}"
        raise Refused("E340", str(path), f"is not a run folder: it {wrong}", fix)
    subjects = {one["name"]: one["digest"]["sha256"] for one in statement.get("subject", ())}
    digests = {name: _hash_file(file) for name, file in files.items()}
    form = statement.get("predicateType", "")
    return Folder(files, digests, subjects, statement.get("predicate", {}), form)


def check_run(folder: Folder) -> list[Finding]:
    """Return all that is wrong with a run folder, by itself."""
    found = list(_check_manifest(folder))
    if folder.subjects:
        found += _check_files(folder)
    if folder.form == IMPACT_PREDICATE:
        found += _check_impact(folder, folder.run)
    elif folder.form == CLAIMS_PREDICATE:
        found += _check_claims(folder)
    elif folder.subjects:
        found += _check_rows(folder)
        found += _check_counts(folder)
        if "impact" in folder.run:
            found += _check_impact(folder, folder.run["impact"])
    return found


def is_trusted(folder: Folder) -> bool:
    """Whether the manifest is there and summary.txt confirms it."""
    return bool(folder.subjects) and PARAGRAPH in folder.files and _fits(folder)


def read_summary(folder: Folder) -> Mapping[str, Any]:
    """Return summary.json; nothing where it is not as it was written."""
    if not folder.is_intact("summary.json"):
        return {}
    found = json.loads(folder.files["summary.json"].read_bytes())
    return found if isinstance(found, dict) else {}


def _read_statement(path: Path | None) -> Mapping[str, Any]:
    """The manifest, if all that is used here has its form; else nothing."""
    try:
        statement = json.loads(path.read_bytes()) if path else {}
        form = statement["predicateType"]
        check = {
            PREDICATE: _is_sound,
            IMPACT_PREDICATE: _is_sound_impact,
            CLAIMS_PREDICATE: _is_sound_claims,
        }.get(form)
        is_ours = statement["_type"] == STATEMENT and check is not None
        return statement if is_ours and check is not None and check(statement) else {}
    except (OSError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return {}


def _is_sound(statement: Mapping[str, Any]) -> bool:
    """Whether a manifest has what is used of it. Raise what Python raises for what it lacks."""
    run, subjects = statement["predicate"], statement["subject"]
    sources = [source for side in _SIDES for source in run["inputs"][side]["read"]]
    counts = [*(run["rows"][side] for side in _SIDES), *(source["rows"] for source in sources)]
    texts = [text for one in subjects for text in (one["name"], one["digest"]["sha256"])]
    texts += [source["member"] for source in sources]
    texts += [given[name] for given in run["files"] for name in ("option", "file")]
    return (
        len(subjects) > 0
        and all(isinstance(run[name], dict) for name in ("options", "templates", "tool", "counts"))
        and all(isinstance(rows[name], int) for rows in counts for name in _FATES)
        and all(isinstance(text, str) for text in texts)
        and all("sha256" in one for one in (*sources, *run["files"]))
        and ("impact" not in run or _has_sound_lists(run["impact"]))
    )


def _is_sound_impact(statement: Mapping[str, Any]) -> bool:
    """As `_is_sound`, of the manifest of an impact run."""
    run, subjects = statement["predicate"], statement["subject"]
    texts = [text for one in subjects for text in (one["name"], one["digest"]["sha256"])]
    return (
        len(subjects) > 0 and _has_sound_lists(run) and all(isinstance(text, str) for text in texts)
    )


def _is_sound_claims(statement: Mapping[str, Any]) -> bool:
    """As `_is_sound`, of the manifest of claims."""
    run, subjects = statement["predicate"], statement["subject"]
    texts = [text for one in subjects for text in (one["name"], one["digest"]["sha256"])]
    numbers = [one[name] for one in run["columns"] for name in ("rows", *_CLAIM_FATES)]
    return (
        len(subjects) > 0
        and all(isinstance(text, str) for text in (*texts, run["verdict"]))
        and all(isinstance(number, int) for number in (*numbers, *run["rows"].values()))
    )


def _has_sound_lists(run: Mapping[str, Any]) -> bool:
    """As `_is_sound`, of what is said of lists."""
    numbers = [one[name] for one in run["lists"] for name in _CELLS]
    return isinstance(run["options"], dict) and all(
        isinstance(number, int) for number in (*numbers, *run["rows"].values())
    )


def _hash_file(path: Path) -> str:
    """The SHA-256 of a file; empty where it cannot be read or is no plain file."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _check_manifest(folder: Folder) -> Iterator[Finding]:
    """Whether manifest.json and summary.txt are there and go together."""
    for name in (MANIFEST, PARAGRAPH):
        if name not in folder.files:
            yield _describe_missing(folder, name)
    if MANIFEST not in folder.files:
        return
    if not folder.subjects:
        yield Finding(MANIFEST, "digest", "was changed: it is not the manifest of a run any more")
    elif PARAGRAPH in folder.files and not _fits(folder):
        text = f"does not match {MANIFEST}: one of the two was changed"
        yield Finding(PARAGRAPH, "digest", text)


def _fits(folder: Folder) -> bool:
    """Whether summary.txt is what the manifest makes of it."""
    return folder.digests[PARAGRAPH] == _find_stated_digest(folder, PARAGRAPH)


def _describe_missing(folder: Folder, name: str) -> Finding:
    other = _find_renamed(folder, name)
    if other:
        return Finding(name, "renamed", f"was renamed to {other}")
    return Finding(name, "missing", "is missing")


def _find_renamed(folder: Folder, name: str) -> str:
    """The file that has the content of a missing one; empty where none has."""
    wanted = _find_stated_digest(folder, name)
    strange = (one for one in folder.digests if one not in {*folder.subjects, MANIFEST, PARAGRAPH})
    return next((one for one in strange if wanted and folder.digests[one] == wanted), "")


def _find_stated_digest(folder: Folder, name: str) -> str:
    """What the SHA-256 of a file should be; empty where nothing tells it.

    That of the manifest stands in summary.txt, which is made of the manifest.
    """
    try:
        if name == MANIFEST:
            found = _QUOTED_DIGEST.findall(folder.files[PARAGRAPH].read_bytes())
            return found[-1].decode() if found else ""
        if name == PARAGRAPH:
            made = write_paragraph(folder.files[MANIFEST].read_bytes())
            return hashlib.sha256(made).hexdigest()
    except (OSError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return ""
    return folder.subjects.get(name, "")


def _check_files(folder: Folder) -> Iterator[Finding]:
    missing = [name for name in folder.subjects if name not in folder.files]
    yield from (_describe_missing(folder, name) for name in missing)
    for name, digest in folder.subjects.items():
        if name not in folder.files or folder.digests[name] == digest:
            continue
        if folder.digests[name]:
            yield Finding(name, "digest", f"was changed: its SHA-256 is not that in {MANIFEST}")
        else:
            yield Finding(name, "digest", "cannot be read")
    renamed = {_find_renamed(folder, name) for name in (*missing, PARAGRAPH)}
    for name in folder.files:
        if name not in {*folder.subjects, MANIFEST, PARAGRAPH, *renamed}:
            yield Finding(name, "added", f"was added: {MANIFEST} does not name it")


def _check_rows(folder: Folder) -> Iterator[Finding]:
    """The row law of each input, and that the sides are the sums of their files."""
    summary = read_summary(folder)
    for side in _SIDES:
        rows = folder.run["rows"][side]
        sources = [source["rows"] for source in folder.run["inputs"][side]["read"]]
        for one in (rows, *sources):
            if one["read"] != one["kept"] + one["collapsed"] + one["quarantined"]:
                wrong = "read are not kept + collapsed + quarantined"
                text = f"rows of {side}: {one['read']:,} {wrong}"
                yield Finding(MANIFEST, "rows", text)
        for name in _FATES:
            total = sum(source[name] for source in sources)
            if rows[name] != total:
                text = f"rows of {side}: {rows[name]:,} {name}, but its files have {total:,}"
                yield Finding(MANIFEST, "rows", text)
        if summary and summary["rows"][side] != rows:
            yield Finding("summary.json", "rows", f"rows of {side} are not those of {MANIFEST}")
    is_lost = "quarantine.csv" in folder.subjects and not folder.digests.get("quarantine.csv")
    excluded = sum(folder.run["rows"][side]["quarantined"] for side in _SIDES)
    found = sum(1 for row in _read_rows(folder, "quarantine.csv") if row.get("side") != _LIST)
    if excluded != found and not is_lost:
        text = f"has {found:,} rows; {MANIFEST} states {excluded:,}"
        yield Finding("quarantine.csv", "rows", text)


def _check_impact(folder: Folder, run: Mapping[str, Any]) -> Iterator[Finding]:
    """The cell law of each list, and the rows of the tables."""
    for one in run["lists"]:
        if one["cells"] != one["blank"] + one["understood"] + one["set_aside"]:
            text = f"cells of {one['list']}: not blank + understood + set aside"
            yield Finding(MANIFEST, "rows", text)
    yield from _check_tables(folder, run)


def _check_claims(folder: Folder) -> Iterator[Finding]:
    """What became of the cells of each column of codes, and the rows of the tables."""
    for one in folder.run["columns"]:
        if one["rows"] != sum(one[name] for name in _CLAIM_FATES):
            text = f"cells of {one['file']}, {one['column']}: {one['rows']:,} are not their sum"
            yield Finding(MANIFEST, "rows", text)
    yield from _check_tables(folder, folder.run)


def _check_tables(folder: Folder, run: Mapping[str, Any]) -> Iterator[Finding]:
    """The rows of the tables as the manifest counts them."""
    for name, stated in run["rows"].items():
        if (stated or name in folder.subjects) and folder.digests.get(name):
            rows = _read_rows(folder, name)
            found = sum(1 for row in rows if row.get("side", _LIST) == _LIST)
            if found != stated:
                text = f"has {found:,} rows; {MANIFEST} states {stated:,}"
                yield Finding(name, "rows", text)


def _check_counts(folder: Folder) -> Iterator[Finding]:
    """The counts of summary.json against the manifest and against the tables."""
    summary = read_summary(folder)
    if not summary:
        return
    if summary["counts"] != folder.run["counts"]:
        yield Finding("summary.json", "counts", f"its counts are not those of {MANIFEST}")
    if "changes.csv" in folder.files and folder.digests["changes.csv"]:
        yield from _check_changes(folder, summary)
    if folder.is_intact("reconciliation.csv"):
        causes = Counter(row["cause"] for row in _read_rows(folder, "reconciliation.csv"))
        if causes != Counter(summary["reconciliation"]["causes"]):
            text = "its causes are not counted as in summary.json"
            yield Finding("reconciliation.csv", "counts", text)


def _check_changes(folder: Folder, summary: Mapping[str, Any]) -> Iterator[Finding]:
    rows = list(_read_rows(folder, "changes.csv"))
    found: Counts = Counter((row.get("kind", ""), _count_as(row)) for row in rows)
    stated = summary["shown"].get("counts", summary["counts"])
    for kind, counts in stated.items():
        for name, number in counts.items():
            if number != found[kind, name]:
                text = f"has {found[kind, name]:,} {kind} {name}; summary.json states {number:,}"
                yield Finding("changes.csv", "counts", text)
    if folder.is_intact("changes.json"):
        number = len(json.loads(folder.files["changes.json"].read_bytes())["changes"])
        if number != len(rows):
            text = f"has {number:,} changes; changes.csv has {len(rows):,}"
            yield Finding("changes.json", "counts", text)
    if folder.is_intact("fields.csv"):
        revised = {(row["kind"], row["code"]) for row in _read_rows(folder, "fields.csv")}
        listed = {(r.get("kind"), r.get("code")) for r in rows if r.get("change") == "revised"}
        if revised != listed:
            text = "its entries are not the revised entries of changes.csv"
            yield Finding("fields.csv", "counts", text)


def _count_as(row: Mapping[str, str]) -> str:
    """How summary.json counts a row of changes.csv."""
    is_apart = row.get("reason") == "attributes-only"
    return "revised_attributes_only" if is_apart else row.get("change", "")


def _read_rows(folder: Folder, name: str) -> Iterator[dict[str, str]]:
    """The rows of a table, as far as they can be read."""
    if not folder.digests.get(name):
        return
    csv.field_size_limit(_CELL)
    with folder.files[name].open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        try:
            for row in csv.DictReader(lines):
                yield {key: value or "" for key, value in row.items() if isinstance(key, str)}
        except csv.Error:
            return
