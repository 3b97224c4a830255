"""What Python users call: plain words in, typed results out."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from cptdiff.codesets import PROFILES
from cptdiff.errors import CptdiffError, Refused
from cptdiff.model import Release
from cptdiff.options import EXPECTED, MOVABLE, Options, Shown, Spelling, is_percent
from cptdiff.pipeline import Source, compare_releases, load_release, plan_readings
from cptdiff.results import Results
from cptdiff.vocabulary import GUARD_LIMITS, CodeSet, Descriptors, Repair

Day = date | str
Names = str | Sequence[str]
Paths = str | Path | Sequence[str | Path]
_NO_TOTALS: Mapping[str, int] = {}
_NO_LIMITS: Mapping[str, float] = {}
_TABLE: Final = CodeSet.TABLE
_AS_TABLE: Final = f'code_set="{_TABLE}"'


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
    with _respell_options("encoding", "effective_date"):
        _check_source("source", source, (str, Path, pl.DataFrame))
        options = Options(
            code_set=_read_code_set(code_set, source),
            current_date=_read_day("effective_date", effective_date),
            keys=_list_names("key", key),
            fields=_list_names("fields", fields),
            encodings=("", _read_text("encoding", encoding)),
            repairs=_read_repairs(repair),
        )
        _check_clash(options, "encoding")
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
    repair: Names = (),
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

    The options are those of the command line. Raise `CptdiffError` for one that has no such value,
    for what cannot be read or compared, and for a guard that trips and is not in `allow`.
    """
    with _respell_options("encodings", "previous_date or current_date"):
        for name, source in (("previous", previous), ("current", current)):
            _check_source(name, source, (str, Path, Release, pl.DataFrame))
        shown = Shown.choose(_list_names("only", only), _read_text("min_severity", min_severity))
        options = Options(
            code_set=_read_code_set(code_set, previous, current),
            previous_date=_read_day("previous_date", previous_date),
            current_date=_read_day("current_date", current_date),
            keys=_list_names("key", key),
            fields=_list_names("fields", fields),
            encodings=_read_encodings(encodings),
            repairs=_read_repairs(repair),
            sections_file=_read_path("sections", sections),
            published_files=_list_paths("published", published),
            crosswalk_files=_list_paths("crosswalk", crosswalk),
            severity_file=_read_path("severity", severity),
            expected=_read_totals(expect),
            shown=shown,
            allowed=_choose("allow", "a guard", _list_names("allow", allow), GUARD_LIMITS),
            limits=_read_limits(limit),
            descriptors=_read_descriptors(descriptors),
        )
        _check_clash(options, "encodings")
        _check_loaded(options, (previous, current))
        return compare_releases(previous, current, options)


def _refuse(option: str, wrong: str, fix: str) -> Refused:
    return Refused("E001", option, wrong, fix)


def _choose(
    option: str, what: str, names: Sequence[str], known: Collection[str]
) -> tuple[str, ...]:
    """Return `names`. Raise `Refused` for the first that is not `known`."""
    for name in names:
        if name not in [*known]:
            raise _refuse(option, f"{name} is not {what}", f"use one of {', '.join(known)}")
    return tuple(names)


def _check_source(option: str, source: object, kinds: tuple[type, ...]) -> None:
    if not isinstance(source, kinds):
        wrong = f"is a {type(source).__name__}, which cptdiff does not read"
        raise _refuse(option, wrong, "give a path or a Polars data frame")


def _check_clash(options: Options, encoding: str) -> None:
    if clash := options.find_clash(Spelling("key", "fields", encoding, _AS_TABLE)):
        is_table = options.code_set == _TABLE
        fix = "name each column once" if is_table else f"give {_AS_TABLE}, or leave them out"
        raise _refuse("options", clash.rstrip("."), fix)


def _check_loaded(options: Options, sources: tuple[Source, Source]) -> None:
    """Raise `Refused` for an option about how to read a release that was loaded already."""
    days = (options.previous_date, options.current_date)
    sides = zip(("previous", "current"), sources, days, options.encodings, strict=True)
    loaded = [one for one in sides if isinstance(one[1], Release)]
    given: list[tuple[str, object]] = [(f"{name}_date", day) for name, _, day, _ in loaded]
    given += [("encodings", encoding) for *_, encoding in loaded]
    if len(loaded) == len(sources):
        several = ("key", options.keys), ("fields", options.fields), ("repair", options.repairs)
        given += several
    for option, value in given:
        if value:
            wrong = "has no effect on a release that is loaded already"
            raise _refuse(option, wrong, "give it to load, or give the path of the release here")


def _read_code_set(name: str | None, *sources: object) -> str | None:
    """Return the code set; of a data frame it is a table."""
    named = [] if name is None else [name]
    _choose("code_set", "a code set", named, PROFILES)
    if not any(isinstance(source, pl.DataFrame) for source in sources):
        return name
    if name not in {None, _TABLE}:
        fix = f"leave out code_set, or give the file that the {name} codes are in"
        raise _refuse("code_set", f"is {name}, but a data frame is a table", fix)
    return _TABLE


def _read_descriptors(name: str) -> Descriptors:
    known = [each.value for each in Descriptors]
    return Descriptors(*_choose("descriptors", "a choice of descriptors", [name], known))


def _read_repairs(names: Names) -> tuple[Repair, ...]:
    known = [each.value for each in Repair]
    chosen = _choose("repair", "a repair", _list_names("repair", names), known)
    return tuple(map(Repair, chosen))


def _read_day(option: str, day: Day | None) -> date | None:
    if isinstance(day, datetime):
        return day.date()
    if day is None or isinstance(day, date):
        return day
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            return date.fromisoformat(day)
    except (TypeError, ValueError):
        pass
    raise _refuse(option, f"{day} is not a date", "write YYYY-MM-DD")


def _read_text(option: str, text: object) -> str:
    if not isinstance(text, str):
        raise _refuse(option, f"{text!r} is not a word", "give it in quotes")
    return text


def _read_encodings(names: object) -> tuple[str, str]:
    both = () if isinstance(names, str) else _list_names("encodings", names)
    if len(both) != len(("previous", "current")):
        fix = 'give one for each release, such as ("cp1252", "")'
        raise _refuse("encodings", f"{names!r} is not a pair of encodings", fix)
    return both[0], both[1]


def _read_totals(totals: object) -> dict[str, int]:
    """Return `totals` by change. Raise `Refused` for what is no total that may be announced."""
    example = "added=288,deleted=84,revised=46"
    found = _read_mapping("expect", totals, f"dict({example})")
    _choose("expect", "a change with a total", [*found], EXPECTED)
    for change, number in found.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            wrong = f"{number!r} is not a total of {change} codes"
            raise _refuse("expect", wrong, "give a whole number, 0 or more")
    return found


def _read_limits(limits: object) -> dict[str, float]:
    """Return `limits` by guard. Raise `Refused` for what is no limit that may be moved."""
    found = _read_mapping("limit", limits, '{"deleted-share": 15}')
    _choose("limit", "a guard with a limit", [*found], MOVABLE)
    for guard, percent in found.items():
        is_number = isinstance(percent, int | float) and not isinstance(percent, bool)
        if not is_number or not is_percent(percent):
            wrong = f"{percent!r} is not a limit of {guard}"
            raise _refuse("limit", wrong, "give a percentage from 0 to 100")
    return found


def _read_mapping(option: str, given: object, example: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise _refuse(option, f"{given!r} is not a dictionary", f"give one, such as {example}")
    return dict(given)


def _list_names(option: str, names: object) -> tuple[str, ...]:
    several = (names,) if isinstance(names, str) else names
    if isinstance(several, Sequence) and all(isinstance(name, str) for name in several):
        return tuple(several)
    raise _refuse(option, f"{names!r} is not a name or a list of names", "write names in quotes")


def _read_path(option: str, path: str | Path | None) -> Path | None:
    return _list_paths(option, path)[0] if path else None


def _list_paths(option: str, paths: object) -> tuple[Path, ...]:
    several = (paths,) if isinstance(paths, str | Path) else paths
    if isinstance(several, Sequence) and all(isinstance(one, str | Path) for one in several):
        return tuple(map(Path, several))
    raise _refuse(option, f"{paths!r} is not a path or a list of paths", "write paths in quotes")


# Options as they are typed, with their values, and as Python has them.
_OPTIONS: Final = (
    (r"--previous-date or --current-date YYYY-MM-DD \(inspect: --date\)", "{dates} as YYYY-MM-DD"),
    (r"--code-set table --key COLUMN", 'code_set="table" and key="COLUMN"'),
    (r"--(allow|repair) ([a-z]+(?:-[a-z]+)*)", r'\1="\2"'),
    (r"--limit ([a-z-]+)=([0-9.]+)", r'limit={{"\1": \2}}'),
    (r"--code-set ([a-z0-9]+)", r'code_set="\1"'),
    (r"--key COLUMN", 'key="COLUMN"'),
    (r"use --encoding ", "use {encoding}: "),
    (r"previous=NAME or current=NAME", '("NAME", "") or ("", "NAME")'),
    (r"--encoding\b", "{encoding}"),
    (r"--field\b", "fields"),
    (r"--(key|repair|published)\b", r"\1"),
)


def _respell(text: str, encoding: str, dates: str) -> str:
    """Return `text` with the options as Python has them."""
    for typed, called in _OPTIONS:
        text = re.sub(typed, called.format(encoding=encoding, dates=dates), text)
    return text


@contextmanager
def _respell_options(encoding: str, dates: str) -> Iterator[None]:
    """Raise an error in which options are written as in Python.

    What reads and compares does not know its caller, and names options as they are typed. Where a
    caller has them, `encoding` and `dates` are the names of those options.
    """
    try:
        yield
    except CptdiffError as error:
        place, wrong, fix = (
            _respell(text, encoding, dates) for text in (error.place, error.wrong, error.fix)
        )
        raise type(error)(error.slug, place, wrong, fix, error.quoted) from error.__cause__
