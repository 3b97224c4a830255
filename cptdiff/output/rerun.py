"""The comparison of a run folder made again, and where its reports differ."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from cptdiff.errors import Refused
from cptdiff.output.choices import read_choices
from cptdiff.output.impact import find_own_impact, render_reports
from cptdiff.output.verify import Finding, Folder, is_trusted, read_summary
from cptdiff.pipeline import compare_releases
from cptdiff.reports.templates import list_digests
from cptdiff.results import Results
from cptdiff.versions import list_versions
from cptdiff.vocabulary import CLAIMS_PREDICATE, IMPACT_PREDICATE, MANIFEST

# What tells one row of a table from another, as far as a table has it.
_KEYS: Final = (
    "side", "source", "member", "line", "kind", "code", "change", "field", "rank", "replacement",
)  # fmt: skip
# Of one file.
_MOST: Final = 20
_SIDES: Final = ("previous", "current")
Table = dict[tuple[str, ...], tuple[int, dict[str, str]]]


def compare_again(folder: Folder, previous: Path, current: Path) -> list[Finding]:
    """Compare as the manifest says, and return where the reports differ from those in the folder.

    Raise `CptdiffError` for what cannot be read or compared, and for a file of the options that is
    not to be found.
    """
    if folder.form in {IMPACT_PREDICATE, CLAIMS_PREDICATE}:
        what = "lists" if folder.form == IMPACT_PREDICATE else "claims"
        fix = f"leave out --against; make the run again with the same {what} to compare it"
        raise Refused("E341", "manifest.json", f"is of {what}, not of two releases", fix)
    if not is_trusted(folder):
        text = f"the comparison was not made again, because {MANIFEST} may be changed"
        return [Finding(MANIFEST, "comparison", text)]
    places = (Path(), previous, previous.parent, current, current.parent)
    notice = read_summary(folder).get("notice", "")
    options, presentation = read_choices(
        folder.run["options"], lambda option, name: _find_file(folder, places, option, name), notice
    )
    results = compare_releases(previous, current, options)
    findings = list(_compare_inputs(folder, results))
    files = render_reports(results, find_own_impact(results, options), presentation)
    for name in sorted({*files, *folder.subjects}):
        findings += _compare_file(folder, name, files.get(name))
    if any(finding.check == "comparison" for finding in findings):
        findings += _compare_versions(folder)
    return findings


def _find_file(folder: Folder, places: Sequence[Path], option: str, name: str) -> Path:
    """The file, or the folder of templates, that an option named, with the content it had."""
    found = [place / name for place in places if place.is_dir() and (place / name).exists()]
    for path in found:
        if option == "template_folder":
            is_same = path.is_dir() and list_digests(path) == folder.run["templates"]
        else:
            is_same = _has_digest(folder, option, path)
        if is_same:
            return path
    what = "has other content than it had" if found else "is not here"
    wrong = f"{what}; the run used it ({option})"
    raise Refused("E341", name, wrong, "put it into this folder or beside the releases")


def _has_digest(folder: Folder, option: str, path: Path) -> bool:
    stated = {
        one["sha256"]
        for one in folder.run["files"]
        if (one["option"], one["file"]) == (option, path.name)
    }
    file = path / MANIFEST if option == "since_folder" else path
    return None in stated or (
        file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() in stated
    )


def _compare_inputs(folder: Folder, results: Results) -> Iterator[Finding]:
    """Which input is not the one that the run read, by its content."""
    releases = (results.changes.previous, results.changes.current)
    for side, release in zip(_SIDES, releases, strict=True):
        stated = sorted(str(one["sha256"]) for one in folder.run["inputs"][side]["read"])
        if stated != sorted(str(source.sha256) for source in release.sources):
            text = f"is not the {side} release that the run read: the SHA-256 differ"
            yield Finding(release.archive.name, "comparison", text)


def _compare_versions(folder: Folder) -> Iterator[Finding]:
    """Which versions differ, since that may be the cause."""
    stated, here = folder.run["tool"], list_versions()
    for name in sorted({*stated, *here}):
        was, is_now = stated.get(name), here.get(name)
        if was != is_now:
            text = f"the run used {name} {was}, this is {name} {is_now}"
            yield Finding(MANIFEST, "versions", text)


def _compare_file(folder: Folder, name: str, data: bytes | None) -> list[Finding]:
    if data is None:
        return [Finding(name, "comparison", "the comparison does not write it now")]
    if name not in folder.subjects:
        return [Finding(name, "comparison", "the comparison writes it now, the run did not")]
    if not folder.digests.get(name):  # missing, which is told elsewhere
        return []
    former = folder.files[name].read_bytes()
    if former == data:
        return []
    suffix = name.rpartition(".")[2]
    if suffix == "csv":
        found = list(_compare_tables(name, former, data))
    elif suffix == "json":
        found = list(_compare_values(name, former, data))
    else:
        found = list(_compare_lines(name, former, data)) if suffix != "xlsx" else []
    found = found or [Finding(name, "comparison", "its bytes differ")]
    more = len(found) - _MOST
    rest = [Finding(name, "comparison", f"{more:,} more differences")] if more > 0 else []
    return found[:_MOST] + rest


def _compare_tables(name: str, former: bytes, data: bytes) -> Iterator[Finding]:
    """Where two tables differ, by the rows of the folder's own."""
    before, after = _read_table(former), _read_table(data)
    for key, (row, cells) in before.items():
        if key not in after:
            yield Finding(name, "comparison", f"{_say(key)} is not there now", row)
            continue
        other = after[key][1]
        for column in dict.fromkeys((*cells, *other)):
            if cells.get(column) != other.get(column):
                yield Finding(name, "comparison", f"{_say(key)} differs", row, column)
    for key in after:
        if key not in before:
            yield Finding(name, "comparison", f"{_say(key)} is new now")


def _read_table(data: bytes) -> Table:
    """Rows with their numbers, by what tells them apart; the header is row 1."""
    found: Table = {}
    times: Counter[tuple[str, ...]] = Counter()
    text = io.StringIO(data.decode("utf-8-sig", "replace"), newline="")
    rows = csv.DictReader(text, restkey="", restval="")
    for number, row in enumerate(rows, 2):
        cells = {column: str(value) for column, value in row.items()}
        key = tuple(cells[name] for name in _KEYS if name in cells)
        times[key] += 1
        found[*key, *(() if times[key] == 1 else (str(times[key]),))] = number, cells
    return found


def _say(key: Sequence[str]) -> str:
    return " ".join(part for part in key if part)


def _compare_values(name: str, former: bytes, data: bytes) -> Iterator[Finding]:
    try:
        before = json.loads(former)
    except (ValueError, RecursionError):
        yield Finding(name, "comparison", "is not JSON any more")
        return
    for place in _list_differences(before, json.loads(data)):
        yield Finding(name, "comparison", "differs", column=place)


def _list_differences(before: Any, after: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """The places (counts.code.added, changes[3].severity) at which two values differ."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys((*before, *after)):
            inner = f"{place}.{name}" if place else name
            if name not in before or name not in after:
                yield inner
            else:
                yield from _list_differences(before[name], after[name], inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, both in enumerate(zip(before, after, strict=True)):
            yield from _list_differences(*both, f"{place}[{number}]")
    elif before != after:
        yield place or "."


def _compare_lines(name: str, former: bytes, data: bytes) -> Iterator[Finding]:
    """The first line that differs: what follows may only have moved."""
    lines = zip_longest(former.split(b"\n"), data.split(b"\n"))
    for number, (one, other) in enumerate(lines, 1):
        if one != other:
            yield Finding(name, "comparison", f"differs from line {number:,} on")
            return
