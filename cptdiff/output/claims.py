"""A folder of claims: all files of a run, and the manifest of what it read and wrote."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cptdiff.options import name_path
from cptdiff.vocabulary import CLAIMS_PREDICATE, MANIFEST

if TYPE_CHECKING:
    from cptdiff.impact import Claims

# What can be written alone; a name with one of these suffixes stands for the first of its kind.
FILES: Final = (
    "invalid.csv", "invalid.parquet", "by-code.csv", "not-understood.csv", "summary.json",
)  # fmt: skip
BY_SUFFIX: Final = {".csv": FILES[0], ".parquet": FILES[1], ".json": FILES[4]}


class Given(NamedTuple):
    """What a run was given: paths by the option that names them, and its other choices.

    `notes` tell of the releases that it judged by.
    """

    inputs: Mapping[str, Sequence[str]]
    options: Mapping[str, Any]
    notes: Sequence[str] = ()
    stamp: str = ""
    bom: bool = False


def render_claims_folder(claims: "Claims", given: Given) -> dict[str, bytes]:
    """Return all files of a folder of claims: the tables, the manifest over them, its paragraph."""
    from cptdiff.impact import render_claims, state_verdict, summarize_claims  # noqa: PLC0415
    from cptdiff.output import manifest  # noqa: PLC0415 - --help stays light
    from cptdiff.versions import list_versions  # noqa: PLC0415 - as above

    files = render_claims(claims, FILES, bom=given.bom)
    about = {
        "schema_version": 1,
        "stamp": given.stamp or None,
        "tool": list_versions(),
        "verdict": state_verdict(claims),
        "options": dict(given.options),
        "inputs": [
            {"option": option, **one}
            for option, places in given.inputs.items()
            for place in places
            for one in _describe_files(Path(place))
        ],
        "notes": list(given.notes),
        "columns": summarize_claims(claims)["columns"],
        "rows": {
            "invalid.csv": claims.invalid.height,
            "by-code.csv": claims.by_code.height,
            "not-understood.csv": claims.not_understood.height,
        },
    }
    proof = manifest.write_statement(files, CLAIMS_PREDICATE, about)
    return {**files, MANIFEST: proof, manifest.PARAGRAPH: manifest.write_paragraph(proof)}


def _describe_files(place: Path) -> Iterator[dict[str, Any]]:
    """A file, or each file of a folder: name, size, SHA-256; of a name in the library the name."""
    name = name_path(place)
    if not place.exists():
        yield {"file": name}
    for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
        if file.is_file():
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            inside = file.relative_to(place).as_posix() if place.is_dir() else ""
            yield {
                "file": f"{name}/{inside}" if inside else name,
                "size": file.stat().st_size,
                "sha256": digest,
            }
