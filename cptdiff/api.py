"""What Python users call: plain words in, typed results out."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from cptdiff.codesets import PROFILES
from cptdiff.errors import Refused
from cptdiff.model import Release
from cptdiff.options import Options, Shown
from cptdiff.pipeline import Source, compare_releases, load_release, plan_readings
from cptdiff.results import Results
from cptdiff.vocabulary import CodeSet, Descriptors, Repair

Day = date | str
Names = str | Sequence[str]
Paths = str | Path | Sequence[str | Path]
_NO_TOTALS: Mapping[str, int] = {}
_NO_LIMITS: Mapping[str, float] = {}


def load(  # noqa: PLR0913 - each an option of the command line, by keyword
    source: str | Path | pl.DataFrame,
    *,
    code_set: str | None = None,
    effective_date: Day | None = None,
    key: Names = (),
    fields: Names = (),
    encoding: str = "",
    repair: Names = (),
) -> Release:
    """Return the release at `source`: a file, a folder, a zip, "-" or a frame of a user's own.

    Code set and date (YYYY-MM-DD) override what names and content say; `key`, `fields` and
    `encoding` are those of a table. Raise `CptdiffError` where there is no release.
    """
    if isinstance(source, pl.DataFrame):
        code_set = CodeSet.TABLE
    options = Options(
        code_set=_read_code_set(code_set),
        current_date=_read_day(effective_date),
        keys=_list_names(key),
        fields=_list_names(fields),
        encodings=("", encoding),
        repairs=tuple(Repair(name) for name in _list_names(repair)),
    )
    return load_release(source, plan_readings(options)[1])


def diff(  # noqa: PLR0913 - as above
    previous: Source,
    current: Source,
    *,
    code_set: str | None = None,
    previous_date: Day | None = None,
    current_date: Day | None = None,
    key: Names = (),
    fields: Names = (),
    encodings: tuple[str, str] = ("", ""),
    sections: str | Path | None = None,
    published: Paths = (),
    crosswalk: Paths = (),
    severity: str | Path | None = None,
    expect: Mapping[str, int] = _NO_TOTALS,
    only: Names = (),
    min_severity: str = "",
    allow: Names = (),
    limit: Mapping[str, float] = _NO_LIMITS,
    descriptors: Descriptors | str = Descriptors.FULL,
) -> Results:
    """Return what differs between two releases and what it means, as `cptdiff diff` does.

    The options are those of the command line, by the same names. Raise `CptdiffError` for what
    cannot be read or compared, and for a guard that trips and is not in `allow`.
    """
    if isinstance(previous, pl.DataFrame) or isinstance(current, pl.DataFrame):
        code_set = CodeSet.TABLE
    shown = _list_names(only)
    options = Options(
        code_set=_read_code_set(code_set),
        previous_date=_read_day(previous_date),
        current_date=_read_day(current_date),
        keys=_list_names(key),
        fields=_list_names(fields),
        encodings=encodings,
        sections_file=Path(sections) if sections else None,
        published_files=_list_paths(published),
        crosswalk_files=_list_paths(crosswalk),
        severity_file=Path(severity) if severity else None,
        expected=expect,
        shown=Shown.choose(shown, min_severity),
        allowed=_list_names(allow),
        limits=limit,
        descriptors=Descriptors(descriptors),
    )
    return compare_releases(previous, current, options)


def _read_code_set(name: str | None) -> str | None:
    if name is not None and name not in PROFILES:
        known = ", ".join(PROFILES)
        raise Refused("E001", "code_set", f"{name} is not a code set", f"use one of {known}")
    return name


def _read_day(day: Day | None) -> date | None:
    if day is None or isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise Refused("E001", "date", f"{day} is not a date", "write YYYY-MM-DD") from None


def _list_names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _list_paths(paths: Paths) -> tuple[Path, ...]:
    return (Path(paths),) if isinstance(paths, str | Path) else tuple(map(Path, paths))
