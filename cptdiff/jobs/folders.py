"""The run folders of a job: what they are called, which is the last one, whether it is the same."""

import json
import os
import re
import string
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from cptdiff.errors import EnvironmentFailed, Refused
from cptdiff.output.staging import write_targets
from cptdiff.output.targets import check_folder, fail_claim, hold_target
from cptdiff.output.verify import check_run, open_run
from cptdiff.vocabulary import MANIFEST

PLACEHOLDERS: Final = ("job", "code_set", "previous", "current")
# The name of a later run folder: that of the first one, and a number.
_NUMBERED: Final = re.compile(r"(.+)-([2-9]|[1-9][0-9]+)", re.DOTALL)
# In a manifest, what may differ where a run is the same: when it was made, who chose an option, and
# the libraries, since the reports are compared byte by byte.
_NO_MATTER: Final = ("stamp", "origins", "tool")


class Former(NamedTuple):
    """The last run folder of a job, and how it differs from a run now; empty where it does not."""

    path: Path
    difference: str


def check_pattern(pattern: str, place: str) -> None:
    """Raise `Refused` for a pattern that is no name of run folders."""
    try:
        fields = [(name, spec, how) for _, name, spec, how in string.Formatter().parse(pattern)]
    except ValueError as error:
        wrong = f"{pattern} has a single {{ or }}"
        raise Refused("E361", place, wrong, "write a name in braces, as {current}") from error
    for name, spec, how in fields:
        if name is not None and (name not in PLACEHOLDERS or spec or how):
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            raise Refused("E361", place, f"{{{name}}} is not known", f"use {known}")
    suffix = Path(pattern).suffix
    if suffix[1:].isalpha() and not pattern.endswith(("/", os.sep)):
        wrong = f"{pattern} is the name of a file, and a job writes a run folder"
        raise Refused("E361", place, wrong, f"leave out {suffix}")


def check_places(
    path: Path, patterns: Mapping[str, str], code_sets: Mapping[str, str | None]
) -> None:
    """Raise `Refused` where a run folder of a job may be one of another job, or lie inside it."""
    taken: dict[str, str] = {}
    for job, pattern in patterns.items():
        known = {name: f"{{{name}}}" for name in PLACEHOLDERS}
        known |= {"job": job, "code_set": code_sets[job] or known["code_set"]}
        place = os.path.realpath(pattern.format_map(known))
        if place in taken:
            wrong = f"writes to the same folders as job {taken[place]}: {pattern}"
            raise Refused("E361", f"{path} [jobs.{job}]", wrong, "put {job} into output")
        taken[place] = job
    for place, job in taken.items():
        _check_place(f"{path} [jobs.{job}]", place, patterns[job], taken)


def _check_place(where: str, place: str, pattern: str, taken: Mapping[str, str]) -> None:
    """Refuse the place of a job where run folders of another job may be, from there upward."""
    fix = "write output so that it ends in {job}/{current}"
    for folder in (Path(place), *Path(place).parents):
        numbered = _NUMBERED.fullmatch(folder.name)
        first = str(folder.with_name(numbered[1])) if numbered else ""
        is_inside = str(folder) != place
        other = taken.get(first) or (taken.get(str(folder)) if is_inside else None)
        if other and is_inside:
            wrong = f"{pattern} is inside the run folders of job {other}"
            raise Refused("E361", where, wrong, fix)
        if other:
            wrong = f"{pattern} may be the name of a later run folder of job {other}"
            raise Refused("E361", where, wrong, fix)


def name_side(name: str, effective: date | None) -> str:
    """Return what stands for a release in the name of a folder: its date, else its name."""
    if effective:
        return effective.isoformat()
    bare = name if name.rpartition(".")[2].isdigit() else re.sub(r"\.\w+$", "", name)
    return re.sub(r"[^\w.]+", "-", bare).strip("-.").lower() or "release"


def find_next(base: Path) -> tuple[Path | None, Path]:
    """Return the last run folder of these names, if there is one, and the next free name.

    The folders are called NAME, NAME-2, NAME-3. Raise `EnvironmentFailed` where something else has
    the name.
    """
    numbers = [1] if os.path.lexists(base) else []
    with suppress(OSError):
        names = os.listdir(base.parent)  # noqa: PTH208 - names are all that is needed
        numbered = filter(None, map(_NUMBERED.fullmatch, names))
        numbers += [int(found[2]) for found in numbered if found[1] == base.name]
    if not numbers:
        return None, base
    last, following = (_number(base, number) for number in (max(numbers), max(numbers) + 1))
    return last, following


def _number(base: Path, number: int) -> Path:
    return base if number == 1 else base.with_name(f"{base.name}-{number}")


def compare_runs(last: Path, manifest: bytes) -> Former:
    """Return how the run folder `last` differs from a run with this manifest.

    Raise `EnvironmentFailed` where it is no run folder, so that nobody takes its name by mistake.
    """
    try:
        folder = open_run(last)
    except Refused as error:
        if error.slug != "E340":
            raise
        wrong = "already exists and is not a run folder; nothing was changed"
        fix = "move it away, or choose another output"
        raise EnvironmentFailed("E404", str(last), wrong, fix) from error
    if check_run(folder):
        return Former(last, "changed after it was written")
    was = json.loads(folder.files[MANIFEST].read_bytes())
    return Former(last, _explain_difference(was, json.loads(manifest)))


def _explain_difference(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    former, current = was["predicate"], now["predicate"]
    if _digest_inputs(former) != _digest_inputs(current):
        return "made from other inputs"
    if any(former[name] != current[name] for name in ("options", "files", "templates")):
        return "made with other options"
    if former["tool"].get("cptdiff") != current["tool"].get("cptdiff"):
        return "made by another version of cptdiff"
    if any(former[name] != current[name] for name in ("inputs", "stated")):
        # The same bytes under other names, which the reports show.
        is_same = _find_changes(was) == _find_changes(now)
        return "" if is_same else "with other reports"
    rest = [
        {name: value for name, value in run.items() if name not in _NO_MATTER}
        for run in (former, current)
    ]
    is_same = was["subject"] == now["subject"] and rest[0] == rest[1]
    return "" if is_same else "with other reports"


def _digest_inputs(run: Mapping[str, Any]) -> tuple[object, ...]:
    """What a run read, without the names of the files: the same bytes are the same input."""
    sides = [run["inputs"][side] for side in ("previous", "current")]
    read = [
        # A folder has no bytes of its own.
        [side["sha256"] or sorted(one["sha256"] for one in side["read"]), side["normalised"]]
        for side in sides
    ]
    lists = sorted(str(one["sha256"]) for one in run.get("impact", {}).get("inputs", ()))
    return read, sorted((one["form"], one["sha256"]) for one in run["stated"]), lists


def _find_changes(manifest: Mapping[str, Any]) -> tuple[object, ...]:
    """What a run found, without the names of its files."""
    run = manifest["predicate"]
    tables = {one["name"]: one["digest"] for one in manifest["subject"]}
    lists = run.get("impact", {})
    found = (tables.get("impact.csv"), lists.get("rows"), lists.get("verdict"))
    return tables.keys(), tables.get("changes.csv"), run["counts"], run["rows"], found


@contextmanager
def hold_names(base: Path) -> Iterator[None]:
    """Let no other run write folders of these names. Make the folders above; leave none empty.

    Raise `EnvironmentFailed` where another run holds them, or one may not write there.
    """
    above = [folder for folder in base.absolute().parents if not folder.exists()]
    try:
        try:
            base.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise fail_claim(base, error) from error
        with hold_target(base, lambda _: None):
            yield
    finally:
        for folder in above:
            with suppress(OSError):
                folder.rmdir()


def write_run(base: Path, target: Path, files: Mapping[str, bytes]) -> None:
    """Write a run folder; the caller holds the names of `base`. Raise `EnvironmentFailed`."""
    with ExitStack() as holds:
        if target != base:
            holds.enter_context(hold_target(target, check_folder))
        write_targets({target: files})
