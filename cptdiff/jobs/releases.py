"""Which two releases a job compares: those that it names, or the two latest of a code set."""

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from cptdiff.errors import Refused
from cptdiff.jobs.config import Config, Job
from cptdiff.reading import Identity, identify_release, refuse_unreadable
from cptdiff.vocabulary import MANIFEST

Pair = tuple[Path, Path]
_MOST: Final = 3
# How files of publishers end; some have no suffix, or a number as one.
_SUFFIXES: Final = frozenset(
    {".zip", ".txt", ".xlsx", ".xlsm", ".xml", ".csv", ".tsv", ".tab", ".prn", ".psv"}
)


def find_pair(config: Config, job: Job, code_set: str | None, members: Sequence[str] = ()) -> Pair:
    """Return the previous and the current release of `job`; `members` are those to read in zips.

    Raise `Refused` for what is not there, for a pattern that fits no path or several, and where
    the two latest releases cannot be told.
    """
    if "releases" not in job.inputs:
        previous, current = (
            _find_one(config.find_path(value.value)) for value in job.inputs.values()
        )
        return previous, current
    places = [config.find_path(text) for text in job.inputs["releases"].value]
    found = list(identify_all(places, code_set, members))
    return choose_latest(found, ", ".join(places))


def identify_all(
    places: Sequence[str], code_set: str | None, members: Sequence[str] = ()
) -> Iterator[Identity]:
    """Yield the releases among what lies in folders, or fits patterns; the same bytes once.

    What is no release of the code set is passed over. In a folder or zip with one of `members` only
    that one counts. Raise `Refused` for what cannot be read.
    """
    digests = set()
    for path in dict.fromkeys(path for place in places for path in _list_candidates(place)):
        release = identify_release(path, code_set, members)
        if release and (not release.sha256 or release.sha256 not in digests):
            digests.add(release.sha256)
            yield release


def _list_candidates(place: str) -> list[Path]:
    path = Path(place)
    try:
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where one may not look
            return list_paths(path)
        if os.path.lexists(path) or not glob.has_magic(place):
            path.stat()
            return [path]
    except OSError as error:
        raise refuse_unreadable(path, error) from error
    return _expand(place)


def list_paths(folder: Path) -> list[Path]:
    """Return what lies in a folder and may be a release by its name: no picture, no run folder."""
    found = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted(path for path in found if _may_be_release(path))


def _may_be_release(path: Path) -> bool:
    if path.is_dir():
        return not (path / MANIFEST).is_file()
    suffix = path.suffix.lower()
    return suffix in _SUFFIXES or not suffix[1:].isalpha()


def _expand(pattern: str) -> list[Path]:
    found = sorted(map(Path, glob.glob(pattern, recursive=True)))  # noqa: PTH207 - may be absolute
    if not found:
        raise Refused("E362", pattern, "matches no file or folder", "check the pattern")
    return found


def _find_one(place: str) -> Path:
    if os.path.lexists(place) or not glob.has_magic(place):
        return Path(place)
    found = _expand(place)
    if len(found) > 1:
        wrong = f"matches {len(found):,} paths ({_list_names(found)})"
        fix = "make the pattern match one, or use releases for the two latest"
        raise Refused("E362", place, wrong, fix)
    return found[0]


def _list_names(paths: Sequence[Path]) -> str:
    more = ", ..." if len(paths) > _MOST else ""
    return ", ".join(path.name for path in paths[:_MOST]) + more


def choose_latest(found: Sequence[Identity], place: str) -> Pair:
    """Return the two latest by effective date; of one date, the one with the later issue.

    `place` is where they were looked for. Raise `Refused` where they cannot be told (E362).
    """
    for release in found:
        if release.effective_date is None:
            wrong = f"{release.path.name} ({release.name}) has no effective date to sort by"
            fix = "leave it out with a pattern such as releases/*2027*.zip"
            raise Refused("E362", place, wrong, fix)
    days = sorted({release.effective_date for release in found if release.effective_date})
    if len(days) < len(("previous", "current")):
        wrong = f"has {_count(found)} of this code set, and two of different dates are needed"
        fix = "add the other release, or a pattern that finds it, such as releases/*/*.zip"
        raise Refused("E362", place, wrong, fix)
    previous, current = (
        _choose_issue([release for release in found if release.effective_date == day], place)
        for day in days[-2:]
    )
    return previous, current


def _count(found: Sequence[Identity]) -> str:
    names = _list_names([release.path for release in found])
    if not found:
        return "no release"
    return f"only {names}" if len(found) == 1 else f"only one date ({names})"


def _choose_issue(releases: Sequence[Identity], place: str) -> Path:
    latest = max(release.issue for release in releases)
    last = [release for release in releases if release.issue == latest]
    if len(last) > 1:
        several = "both" if len(last) == 2 else "all"  # noqa: PLR2004 - two
        wrong = f"{_list_names([one.path for one in last])} are {several} {last[0].name}"
        fix = "keep one, or let the name of the later one end in _v2"
        raise Refused("E362", place, wrong, fix)
    return last[0].path
