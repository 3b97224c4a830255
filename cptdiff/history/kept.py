"""One release in a library: what its folder holds, and what a history reads from it.

The folder comes into place whole and is never changed in part: `release.json` says what it is, with
the SHA-256 of each other file; `records.parquet` and `links.parquet` are what a history needs;
`original` has the publisher's own files, so that every command can read them.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES, profile_of
from cptdiff.errors import Refused
from cptdiff.history.editions import LINKS, RECORDS, Edition, Loaded, load_edition
from cptdiff.lists import add_addenda
from cptdiff.model import Note
from cptdiff.reading import open_bundle, refuse_unreadable
from cptdiff.versions import find_version

STATEMENT: Final = "release.json"
_RECORDS: Final = "records.parquet"
_LINKS: Final = "links.parquet"
_ORIGINAL: Final = "original"
# So much of a digest names a release.
SHORT: Final = 12


class Kept(NamedTuple):
    """A release in a library, as `release.json` in its `folder` describes it.

    `posting` tells releases of one date apart: the later one has the higher number. `original` is
    the name of the publisher's file or folder, `sha256` of that file or of all files in the folder.
    `is_stated` tells that the user gave the date. `version` is the cptdiff that read it, `counts`
    are the valid entries by kind, `files` the SHA-256 of each file in the folder.
    """

    folder: Path
    code_set: str
    name: str
    day: date
    is_stated: bool
    posting: int
    original: str
    sha256: str
    version: str
    levels: tuple[str, ...]
    counts: Mapping[str, int]
    notes: tuple[Note, ...]
    files: Mapping[str, str]

    @property
    def reference(self) -> str:
        """What commands call it, unless there is another one of its date."""
        return f"{self.code_set}@{self.day}"

    @property
    def full_reference(self) -> str:
        """What only this release is called."""
        return f"{self.reference}#{self.sha256[:SHORT]}"

    @property
    def path(self) -> Path:
        """The publisher's own file or folder."""
        return self.folder / _ORIGINAL / self.original


class Original(NamedTuple):
    """The publisher's file or folder: its name, its SHA-256, and the content of each file."""

    name: str
    sha256: str
    files: Mapping[str, bytes]


def read_original(path: Path, loaded: Loaded) -> Original:
    """Return the files at `path`, from which a release was `loaded`, with its addenda beside it.

    The SHA-256 of a folder is over the names and digests of its files. Raise `Refused` where a file
    cannot be read, or changed since it was loaded.
    """
    if path.is_dir():
        name = path.resolve().name
        inside = (file.relative_to(path) for file in path.rglob("*") if file.is_file())
        names = sorted(one.as_posix() for one in inside if not _is_hidden(one))
        files = {f"{name}/{inner}": _read_file(path / inner) for inner in names}
        lines = "".join(f"{_hash(data)}  {inner}\n" for inner, data in files.items())
        return Original(name, _hash(lines.encode(errors="surrogateescape")), files)
    if not path.exists():
        wrong = "is not a file by itself, which could be kept"
        raise Refused("E001", str(path), wrong, "give a file, a folder, or the whole zip")
    data = _read_file(path)
    if _hash(data) != loaded.edition.sha256:
        wrong = "was changed while it was read"
        raise Refused("E106", str(path), wrong, "wait until it is complete, then run again")
    bundle = open_bundle(path)
    beside = add_addenda(path, bundle, loaded.profile).members[len(bundle.members) :]
    files = {path.name: data} | {one.base_name: one.read() for one in beside}
    return Original(path.name, loaded.edition.sha256, files)


def pack_release(
    original: Original, loaded: Loaded, posting: int, *, is_stated: bool
) -> dict[str, bytes]:
    """Return the files of the folder of a release that was `loaded` from `original`."""
    edition = loaded.edition
    files = {f"{_ORIGINAL}/{name}": data for name, data in original.files.items()}
    files |= _pack_tables(edition)
    valid = edition.records.filter(pl.col("state") == "valid")["kind"].to_list()
    statement = {
        "code_set": loaded.profile.name,
        "name": edition.name,
        "effective_date": edition.day.isoformat(),
        "date_was_stated": is_stated,
        "posting": posting,
        "original": original.name,
        "sha256": original.sha256,
        "read_by": find_version(),
        "descriptors": edition.levels,
        "entries": {kind: valid.count(kind) for kind in sorted({*valid})},
        "notes": [one._asdict() for one in loaded.notes],
        "files": {name: _hash(files[name]) for name in sorted(files)},
    }
    return files | {STATEMENT: _write_statement(statement)}


def repack_release(kept: Kept, loaded: Loaded) -> dict[str, bytes]:
    """Return the files of `kept` that are new after this cptdiff read it as `loaded`."""
    tables = _pack_tables(loaded.edition)
    statement = json.loads((kept.folder / STATEMENT).read_bytes())
    statement["read_by"] = find_version()
    statement["descriptors"] = loaded.edition.levels
    statement["notes"] = [one._asdict() for one in loaded.notes]
    statement["files"] |= {name: _hash(data) for name, data in tables.items()}
    return tables | {STATEMENT: _write_statement(statement)}


def read_statement(folder: Path) -> Kept:
    """Return the release in `folder`. Raise `Refused` (E382) where its statement is damaged."""
    try:
        said: dict[str, Any] = json.loads((folder / STATEMENT).read_bytes())
        return Kept(
            folder,
            PROFILES[said["code_set"]].name,
            str(said["name"]),
            date.fromisoformat(said["effective_date"]),
            bool(said["date_was_stated"]),
            int(said["posting"]),
            str(said["original"]),
            str(said["sha256"]),
            str(said["read_by"]),
            tuple(said["descriptors"]),
            {**said["entries"]},
            tuple(Note(**one) for one in said["notes"]),
            {**said["files"]},
        )
    except (ValueError, KeyError, TypeError) as error:
        fix = "delete that folder, then add the release again"
        raise Refused("E382", str(folder), f"its {STATEMENT} is damaged", fix) from error
    except OSError as error:
        wrong = f"its {STATEMENT} cannot be read ({error.strerror})"
        fix = "check the permissions, or delete that folder and add the release again"
        raise Refused("E382", str(folder), wrong, fix) from error


def read_kept(kept: Kept) -> Loaded:
    """Return `kept` as `load_edition` does, from its tables.

    What another version of cptdiff read is read again from the publisher's files: this one may see
    more in them. Raise `Refused` (E382) where a file is not as it was kept.
    """
    if kept.version != find_version():
        day = kept.day if kept.is_stated else None
        loaded = load_edition(check_original(kept), kept.code_set, day)
        text = f"was read by cptdiff {kept.version} and is read again; to keep that, add it again"
        return loaded._replace(notes=(*loaded.notes, Note("reading", text, kept.reference)))
    edition = Edition(
        kept.name,
        kept.original,
        kept.day,
        kept.sha256,
        _read_table(kept, _RECORDS, RECORDS),
        _read_table(kept, _LINKS, LINKS),
        kept.levels,
    )
    return Loaded(profile_of(kept.code_set), edition, kept.notes)


def check_original(kept: Kept) -> Path:
    """Return where the publisher's files of `kept` are.

    Raise `Refused` (E382) where one of them is not as it was kept.
    """
    for name in kept.files:
        if name.startswith(f"{_ORIGINAL}/"):
            _read_checked(kept, name)
    return kept.path


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _write_statement(statement: Mapping[str, Any]) -> bytes:
    return (json.dumps(statement, indent=2) + "\n").encode()


def _pack_tables(edition: Edition) -> dict[str, bytes]:
    tables = {_RECORDS: edition.records, _LINKS: edition.links}
    found = {}
    for name, table in tables.items():
        buffer = io.BytesIO()
        table.write_parquet(buffer)
        found[name] = buffer.getvalue()
    return found


def _read_table(kept: Kept, name: str, schema: pl.Schema) -> pl.DataFrame:
    # Its bytes are those that were written, so that no damaged file comes to the decoder.
    table = pl.read_parquet(io.BytesIO(_read_checked(kept, name)))
    if table.schema != schema:
        raise _refuse_damaged(kept, name)
    return table


def _read_checked(kept: Kept, name: str) -> bytes:
    """A file in the folder of `kept`, whose bytes are those that were written."""
    try:
        data = (kept.folder / name).read_bytes()
    except OSError as error:
        raise _refuse_damaged(kept, name) from error
    if _hash(data) != kept.files.get(name):
        raise _refuse_damaged(kept, name)
    return data


def _refuse_damaged(kept: Kept, name: str) -> Refused:
    wrong = f"{name} is not as it was written"
    fix = f"run `cptdiff library remove {kept.full_reference}`, then add the release again"
    return Refused("E382", str(kept.folder), wrong, fix)


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refuse_unreadable(path, error) from error


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
