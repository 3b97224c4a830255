"""A first cptdiff.toml for the releases that lie in a folder."""

import json
import os
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from cptdiff.codesets import PROFILES
from cptdiff.errors import Refused
from cptdiff.jobs.releases import choose_latest, identify_all, list_paths
from cptdiff.output.staging import write_targets
from cptdiff.output.targets import hold_target
from cptdiff.reading import Identity, identify_release

_DEPTH: Final = 3
_MOST: Final = 2_000
_WIDTH: Final = 90
_HEAD: Final = """\
## Jobs for `cptdiff run`. Paths are relative to the folder of this file.
## To see what a run would do:   cptdiff run --dry-run
## To see every value in force:  cptdiff run --print-config
## `cptdiff run --help` lists what a job may set: --min-severity is written min_severity.
## Lines with ## explain; to use a line with one #, remove the #.

[defaults]
## The run folder of a job. {job}, {code_set}, {previous} and {current} are filled in.
output = "reports/{job}/{current}"
## End with exit code 1 if the publisher's own list differs and nothing explains it:
# fail_on = ["unexplained"]
## How much wording the reports show, if your license limits it: full, short or none.
# descriptors = "short"
"""
_OWN_LISTS: Final = (
    "## What does a release do to your own lists, such as a chargemaster, and who owns the lines?",
    '# list = ["lists/chargemaster.csv"]',
    '# group_by = "Dept"',
)
_DECIDE: Final = (
    "## Remove the # from [jobs.{name}] down to ], and delete the files between them that the job",
    '## should not use. The list is fixed: with a pattern such as "cpt*.zip" the job takes',
    "## new releases too.",
)
_OWN_TABLE: Final = """
## A table of your own, such as a chargemaster: remove the # from [jobs.chargemaster] down to key.
## A pattern like "exports/*-2027.csv" works too.
# [jobs.chargemaster]
# code_set = "table"
# previous = "chargemaster-2026.csv"
# current = "chargemaster-2027.csv"
# key = ["code"]
"""


class Start(NamedTuple):
    """The text of a first file, its jobs, and those that need a decision first."""

    text: str
    jobs: tuple[str, ...]
    undecided: tuple[str, ...]


def write_start(folder: Path, config: Path) -> Start:
    """Write a first file of jobs for the releases in `folder`, and return it.

    Raise `Refused` where the file exists, or there is no release (E363).
    """
    _check_new(config)
    releases = [*_survey(folder)]
    if not releases:
        wrong = "has no release that cptdiff recognizes"
        fix = "give the folder with the publisher's zips: cptdiff init FOLDER"
        raise Refused("E363", str(folder), wrong, fix)
    jobs: list[str] = []
    undecided: list[str] = []
    parts = [_HEAD]
    for code_set in PROFILES:
        of_set = sorted(
            (release for release in releases if release.code_set == code_set), key=_sort_key
        )
        if of_set:
            text, is_ready = _write_job(code_set, of_set, config)
            (jobs if is_ready else undecided).append(code_set)
            parts.append(text)
    start = Start("\n".join([*parts, _OWN_TABLE.strip("\n")]) + "\n", (*jobs,), (*undecided,))
    with hold_target(config, _check_new):
        write_targets({config: start.text.encode()})
    return start


def _check_new(config: Path) -> None:
    if os.path.lexists(config):
        wrong, fix = "already exists; nothing was changed", "edit it, or move it away first"
        raise Refused("E363", str(config), wrong, fix)


def _survey(folder: Path) -> Iterator[Identity]:
    """Yield the releases below a folder; what cannot be read is none."""
    for number, release in enumerate(_look_into(folder, _DEPTH), 1):
        if number > _MOST:
            wrong = f"holds more than {_MOST:,} files"
            raise Refused("E363", str(folder), wrong, "give the folder of your releases")
        if release:
            yield release


def _look_into(folder: Path, depth: int) -> Iterator[Identity | None]:
    """Yield the release that each path is, or None."""
    try:
        paths = list_paths(folder)
    except OSError as error:
        wrong = f"cannot be read ({error.strerror})"
        fix = "give the folder of your releases: cptdiff init FOLDER"
        raise Refused("E363", str(folder), wrong, fix) from error
    for path in paths:
        release = _identify(path)
        yield release
        if not release and depth and path.is_dir():
            yield from _look_into(path, depth - 1)


def _identify(path: Path) -> Identity | None:
    try:
        # A folder of zips is no release, whatever else lies in it.
        if path.is_dir() and any(path.glob("*.[zZ][iI][pP]")):
            return None
        return identify_release(path)
    except (OSError, Refused):
        return None


def _write_job(code_set: str, releases: Sequence[Identity], config: Path) -> tuple[str, bool]:
    """The part of the file for a code set, and whether the job can run as it is."""
    folders = sorted({str(release.path.parent) for release in releases})
    lines = [f"## {_describe(release)}" for release in releases]
    head = [f"[jobs.{code_set}]", f'code_set = "{code_set}"']
    try:
        found = list(identify_all(folders, code_set))
        choose_latest(found, ", ".join(folders))
    except Refused as error:
        why = textwrap.wrap(f"Not ready: {error.place}: {error.wrong}.", _WIDTH)
        lines += [f"## {line}" for line in why]
        lines += [line.format(name=code_set) for line in _DECIDE]
        files = [f"  {_quote(release.path, config)}," for release in releases]
        job = [*head, "releases = [", *files, "]"]
        return "\n".join([*lines, *(f"# {line}" for line in job)]) + "\n", False
    places = [_quote(Path(folder), config) for folder in folders]
    written = places[0] if len(places) == 1 else f"[{', '.join(places)}]"
    return "\n".join([*lines, *head, f"releases = {written}", *_OWN_LISTS]) + "\n", True


def _sort_key(release: Identity) -> tuple[str, str]:
    day = release.effective_date.isoformat() if release.effective_date else ""
    return day, str(release.path)


def _describe(release: Identity) -> str:
    day = release.effective_date.isoformat() if release.effective_date else "no date found"
    return f"{release.name} ({day}): {release.path.name}"


def _quote(path: Path, config: Path) -> str:
    """A path as the file has it: relative to its folder, unless it was given from the root."""
    near = path if path.is_absolute() else Path(os.path.relpath(path, config.parent))
    return json.dumps(near.as_posix(), ensure_ascii=False)
