"""What Python users call: plain words in, typed results out."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import polars as pl

from cptdiff.codesets import PROFILES
from cptdiff.errors import CptdiffError, Refused
from cptdiff.limits import LIMITS, read_limit
from cptdiff.model import Release
from cptdiff.options import EXPECTED, MOVABLE, Options, Presentation, Shown, Spelling, is_percent
from cptdiff.output.choices import find_files, find_origins
from cptdiff.output.delivery import (
    check_templates,
    choose_report,
    hold_paths,
    put_in_place,
    render_run,
    spare_inputs,
)
from cptdiff.output.impact import find_own_impact
from cptdiff.pipeline import Source, Unread, compare_releases, load_release, plan_readings
from cptdiff.reading import STDIN, Held
from cptdiff.results import Results as _Results
from cptdiff.vocabulary import (
    COLUMN_TYPES,
    GUARD_LIMITS,
    NO_PRESET,
    PRESET_NAMES,
    QUOTES,
    CodeSet,
    Descriptors,
    Repair,
)

if TYPE_CHECKING:
    from cptdiff.output.verify import Finding
    from cptdiff.reports import Report

Day = date | str
Names = str | Sequence[str]
Paths = str | Path | Sequence[str | Path]
_DEFAULTS: Final = Options()
_NO_TOTALS: Mapping[str, int] = {}
_NO_LIMITS: Mapping[str, float] = {}
_NO_TYPES: Mapping[str, str] = {}
_TABLE: Final = CodeSet.TABLE
_AS_TABLE: Final = f'code_set="{_TABLE}"'


class HasArrow(Protocol):
    """A table of another library that has the Arrow PyCapsule interface.

    A DuckDB relation, a data frame of pandas and a table of PyArrow have it.
    """

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the capsule of a stream."""
        ...


# What can be read: a path ("-" is standard input), the bytes of a file, a table.
Readable = str | Path | bytes | pl.DataFrame | HasArrow


@dataclass(frozen=True, eq=False, repr=False)
class Results(_Results):
    """What differs between two releases and what it means, and the way to write it down.

    `options` are those of the comparison, `inputs` the paths that it read; the tables are explained
    where they are made (`cptdiff.results.Results`) and in docs/api.md.
    """

    options: Options = _DEFAULTS
    inputs: tuple[Path, ...] = ()

    def write(
        self,
        path: str | Path,
        *,
        notice: str = "",
        template: str | Path | None = None,
        excel: bool = False,
    ) -> Path:
        """Write what `cptdiff diff -o PATH` writes, byte by byte, and return the path.

        A path with a suffix is one report, any other is a new run folder with everything. `notice`
        is the license notice, `template` a folder with templates, and `excel` marks CSV files as
        UTF-8. Raise `CptdiffError` where nothing can be written; then nothing was.
        """
        with respell_options("encodings", "previous_date or current_date"):
            given = str(list_paths("path", path)[0]) if isinstance(path, Path) else path
            if not read_text("path", given):
                raise refuse("path", "is empty", "give the name of a report or of a new folder")
            looks = Presentation(
                notice=read_text("notice", notice),
                templates=read_path("template", template),
                bom=bool(excel),
            )
            return self._write(Path(given), choose_report(given), looks)

    def _write(self, target: Path, report: "Report | None", looks: Presentation) -> Path:
        inputs = [*self.inputs, *find_files(self.options)]
        with hold_paths([(target, report)]):
            check_templates([report])
            spare_inputs(inputs, [target])
            lists = find_own_impact(self, self.options) if report is None else None
            content = (
                report.render(self, looks)
                if report
                else render_run(self, looks, self.options, find_origins(self.options, looks), lists)
            )
            put_in_place({target: content})
        return target


def load(  # noqa: PLR0913 - each an option of the command line, by keyword
    source: Readable,
    *,
    name: str = "",
    code_set: str | None = None,
    effective_date: Day | None = None,
    key: Names = (),
    fields: Names = (),
    no_header: bool = False,
    column_names: Names = (),
    preset: str = "",
    encoding: str = "",
    member: str = "",
    sheet: str = "",
    quotes: str = "",
    repair: Names = (),
    limit: Mapping[str, float | str] = _NO_LIMITS,
) -> Release:
    """Return the release at `source`: a file, a folder, a zip, "-", bytes, or a table of your own.

    A table is a Polars data frame, or what has the Arrow PyCapsule interface. `name` is how a file
    of bytes is called: it may tell format and date. Code set and date (YYYY-MM-DD) override what
    names and content say; `key`, `fields`, `no_header`, `column_names`, `preset`, `encoding` and
    `quotes` are those of a table; `member` is a file in a folder or zip, `sheet` one of a workbook;
    `limit` moves what is too much. Raise `CptdiffError` where there is no release.
    """
    with respell_options("encoding", "effective_date"):
        unread = _take("source", source, read_text("name", name))
        options = Options(
            code_set=_read_code_set(code_set, unread),
            current_date=_read_day("effective_date", effective_date),
            keys=list_names("key", key),
            fields=list_names("fields", fields),
            **_read_layout(no_header, column_names, preset),
            encodings=("", read_text("encoding", encoding)),
            members=("", read_text("member", member)),
            sheets=("", read_text("sheet", sheet)),
            quotes=_read_pair("quotes", ("", quotes)),
            repairs=_read_repairs(repair),
            limits=_read_limits(limit),
        )
        _check_clash(options, "encoding")
        return load_release(unread, plan_readings(options)[1])


def diff(  # noqa: PLR0913 - as above
    previous: Readable | Release,
    current: Readable | Release,
    *,
    code_set: str | None = None,
    previous_date: Day | None = None,
    current_date: Day | None = None,
    key: Names = (),
    fields: Names = (),
    columns: Mapping[str, str] = _NO_TYPES,
    tolerance: Mapping[str, float] = _NO_LIMITS,
    descriptor: str = "",
    no_header: bool = False,
    column_names: Names = (),
    preset: str = "",
    encodings: tuple[str, str] = ("", ""),
    members: str | tuple[str, str] = ("", ""),
    sheets: str | tuple[str, str] = ("", ""),
    quotes: str | tuple[str, str] = ("", ""),
    repair: Names = (),
    sections: str | Path | None = None,
    published: Paths = (),
    crosswalk: Paths = (),
    severity: str | Path | None = None,
    acknowledge: Paths = (),
    decisions: Paths = (),
    accept: Paths = (),
    history: Paths = (),
    since: str | Path | None = None,
    expect: Mapping[str, int] = _NO_TOTALS,
    only: Names = (),
    min_severity: str = "",
    allow: Names = (),
    limit: Mapping[str, float | str] = _NO_LIMITS,
    descriptors: Descriptors | str = Descriptors.FULL,
) -> Results:
    """Return what differs between two releases. Raise `CptdiffError` if anything is refused."""
    with respell_options("encodings", "previous_date or current_date"):
        sources = _take_both(previous, current)
        options = Options(
            code_set=_read_code_set(code_set, *sources),
            **_read_days(previous_date=previous_date, current_date=current_date),
            keys=list_names("key", key), fields=list_names("fields", fields),
            column_types=_read_types(columns), tolerances=_read_tolerances(tolerance),
            descriptor=read_text("descriptor", descriptor),
            **_read_layout(no_header, column_names, preset),
            **_read_pairs(encodings=encodings, members=members, sheets=sheets, quotes=quotes),
            repairs=_read_repairs(repair), sections_file=read_path("sections", sections),
            **_list_files(published=published, crosswalk=crosswalk),
            severity_file=read_path("severity", severity),
            acknowledged_files=list_paths("acknowledge", acknowledge),
            decision_files=list_paths("decisions", decisions),
            accepted_files=list_paths("accept", accept),
            history_paths=list_paths("history", history),
            since_folder=read_path("since", since), expected=_read_totals(expect),
            shown=Shown.choose(list_names("only", only), read_text("min_severity", min_severity)),
            allowed=_choose("allow", "a guard", list_names("allow", allow), GUARD_LIMITS),
            limits=_read_limits(limit), descriptors=_read_descriptors(descriptors),
        )  # fmt: skip
        return _compare(sources, options)


def compare(
    previous: Readable | Release, current: Readable | Release, options: Options = _DEFAULTS
) -> Results:
    """Return what `diff` returns, with the options in one record, which may be used again.

    The guards look here too. Raise `CptdiffError` as `diff` does.
    """
    with respell_options("encodings", "previous_date or current_date"):
        if not isinstance(options, Options):
            wrong = f"is a {type(options).__name__}, not cptdiff.Options"
            raise refuse("options", wrong, "give cptdiff.Options(...), or call diff")
        sources = _take_both(previous, current)
        code_set = _read_code_set(options.code_set, *sources)
        return _compare(sources, options._replace(code_set=code_set))


def judge(results: Results, options: Options) -> Results:
    """Return what two releases that were compared mean with other options.

    Nothing is read again but the files that `options` name: severities, crosswalks, lists of
    changes, sections, acknowledgements. The guards look again. Raise `CptdiffError` where wording
    was withheld from `results`, where only the rows of large tables that differ were read, and
    where an option speaks of how a release is read.
    """
    if not isinstance(results, Results):
        fix = "give what diff, compare or judge returned"
        raise refuse("results", f"is a {type(results).__name__}, not cptdiff.Results", fix)
    if results.options.descriptors is not Descriptors.FULL:
        wrong = f"were compared with descriptors={results.options.descriptors.value}"
        raise refuse("results", wrong, 'compare with descriptors="full", and withhold when judging')
    changes = results.changes
    judged = compare(changes.previous, changes.current, options)
    return replace(judged, inputs=results.inputs)


def verify(
    run_folder: str | Path, *, against: tuple[str | Path, str | Path] | None = None
) -> "tuple[Finding, ...]":
    """Return what is wrong with a run folder; nothing where it is as it was written.

    With `against`, the previous and the current release, the comparison is made again. Raise
    `CptdiffError` where there is no run folder, or the releases cannot be compared.
    """
    from cptdiff.output.verify import check_run, open_run  # noqa: PLC0415 - few callers need it

    with respell_options("encodings", "previous_date or current_date"):
        folder = open_run(list_paths("run_folder", run_folder)[0])
        found = check_run(folder)
        if against is not None:
            from cptdiff.output.rerun import compare_again  # noqa: PLC0415 - as above

            both = list_paths("against", against)
            if len(both) != len(("previous", "current")):
                fix = "give the previous and the current release"
                raise refuse("against", f"{against!r} is not a pair of paths", fix)
            found += compare_again(folder, *both)
        return tuple(found)


def _compare(sources: tuple[Source, Source], options: Options) -> Results:
    _check_clash(options, "encodings")
    _check_loaded(options, sources)
    found = compare_releases(*sources, options)
    paths = [Path(one) for one in sources if isinstance(one, str | Path) and str(one) != STDIN]
    return Results(**vars(found), options=options, inputs=tuple(paths))


def _take_both(previous: Readable | Release, current: Readable | Release) -> tuple[Source, Source]:
    both = zip(("previous", "current"), (previous, current), strict=True)
    first, second = (
        one if isinstance(one, Release) else _take(option, one, "") for option, one in both
    )
    return first, second


def _take(option: str, source: Readable, name: str) -> Unread:
    """Return a source as it is read. Raise `Refused` for what cptdiff does not read."""
    if isinstance(source, bytes):
        return Held(name or option, source)
    if name:
        wrong = "is only for a source in bytes: what else is read has a name of its own"
        raise refuse("name", wrong, "leave it out")
    if isinstance(source, str | Path | pl.DataFrame):
        return source
    if hasattr(source, "__arrow_c_stream__"):
        try:
            return pl.DataFrame(source)
        except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
            wrong = f"is a {type(source).__name__} that Polars cannot take ({error})"
            raise refuse(option, wrong, "give a Polars data frame") from error
    wrong = f"is a {type(source).__name__}, which cptdiff does not read"
    raise refuse(option, wrong, "give a path, bytes, or a table such as a Polars data frame")


def refuse(option: str, wrong: str, fix: str) -> Refused:
    """Return the refusal of an option as Python has it."""
    return Refused("E001", option, wrong, fix)


def _choose(
    option: str, what: str, names: Sequence[str], known: Collection[str]
) -> tuple[str, ...]:
    """Return `names`. Raise `Refused` for the first that is not `known`."""
    for name in names:
        if name not in [*known]:
            raise refuse(option, f"{name} is not {what}", f"use one of {', '.join(known)}")
    return tuple(names)


def _read_layout(no_header: object, column_names: Names, preset: str) -> dict[str, Any]:
    """Return what the caller says of a table's header."""
    name = read_text("preset", preset)
    known = (*PRESET_NAMES, NO_PRESET)
    return {
        "no_header": bool(no_header),
        "column_names": list_names("column_names", column_names),
        "preset": _choose("preset", "a preset", [name], known)[0] if name else "",
    }


def _check_clash(options: Options, encoding: str) -> None:
    if clash := options.find_clash(
        Spelling(
            "key",
            "fields",
            encoding,
            _AS_TABLE,
            "columns",
            "tolerance",
            "descriptor",
            "no_header",
            "column_names",
            "quotes",
            "preset",
        )
    ):
        is_table = options.code_set == _TABLE
        fix = "name each column once" if is_table else f"give {_AS_TABLE}, or leave them out"
        raise refuse("options", clash.rstrip("."), fix)


def _check_loaded(options: Options, sources: tuple[Source, Source]) -> None:
    """Raise `Refused` for an option about how to read a release that was loaded already."""
    days = (options.previous_date, options.current_date)
    sides = zip(("previous", "current"), days, strict=True)
    loaded = [at for at, source in enumerate(sources) if isinstance(source, Release)]
    pairs = ("encodings", "members", "sheets")
    given: list[tuple[str, object]] = [
        *((f"{name}_date", day) for at, (name, day) in enumerate(sides) if at in loaded),
        *((name, getattr(options, name)[at]) for name in pairs for at in loaded),
    ]
    if len(loaded) == len(sources):
        several = ("key", options.keys), ("fields", options.fields), ("repair", options.repairs)
        given += several
    for option, value in given:
        if value:
            wrong = "has no effect on a release that is loaded already"
            raise refuse(option, wrong, "give it to load, or give the path of the release here")


def _read_code_set(name: str | None, *sources: object) -> str | None:
    """Return the code set; of a data frame it is a table."""
    named = [] if name is None else [name]
    _choose("code_set", "a code set", named, PROFILES)
    if not any(isinstance(source, pl.DataFrame) for source in sources):
        return name
    if name not in {None, _TABLE}:
        fix = f"leave out code_set, or give the file that the {name} codes are in"
        raise refuse("code_set", f"is {name}, but a data frame is a table", fix)
    return _TABLE


def _read_descriptors(name: str) -> Descriptors:
    known = [each.value for each in Descriptors]
    return Descriptors(*_choose("descriptors", "a choice of descriptors", [name], known))


def _read_repairs(names: Names) -> tuple[Repair, ...]:
    known = [each.value for each in Repair]
    chosen = _choose("repair", "a repair", list_names("repair", names), known)
    return tuple(map(Repair, chosen))


def _read_days(**days: Day | None) -> dict[str, Any]:
    return {option: _read_day(option, day) for option, day in days.items()}


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
    raise refuse(option, f"{day} is not a date", "write YYYY-MM-DD")


def read_text(option: str, text: object) -> str:
    """Return a word. Raise `Refused` for anything else."""
    if not isinstance(text, str):
        raise refuse(option, f"{text!r} is not a word", "give it in quotes")
    return text


def _read_pairs(**given: object) -> dict[str, Any]:
    """Return by option what is named of previous and of current; a member or sheet may be of both.

    Raise `Refused` for what is no pair.
    """
    return {option: _read_pair(option, names) for option, names in given.items()}


def _read_pair(option: str, names: object) -> tuple[str, str]:
    if option == "quotes":
        given = list_names(option, names)
        _choose(option, "a kind of quotes", [*filter(None, given)], QUOTES)
    if isinstance(names, str) and option != "encodings":
        return names, names
    both = () if isinstance(names, str) else list_names(option, names)
    if len(both) != len(("previous", "current")):
        example = {"encodings": "cp1252", "members": "codes.txt"}.get(option, "Codes")
        fix = f'give one for each release, such as ("{example}", "")'
        raise refuse(option, f"{names!r} is not a pair of {option}", fix)
    return both[0], both[1]


def _read_totals(totals: object) -> dict[str, int]:
    """Return `totals` by change. Raise `Refused` for what is no total that may be announced."""
    example = "added=288,deleted=84,revised=46"
    found = _read_mapping("expect", totals, f"dict({example})")
    _choose("expect", "a change with a total", [*found], EXPECTED)
    for change, number in found.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            wrong = f"{number!r} is not a total of {change} codes"
            raise refuse("expect", wrong, "give a whole number, 0 or more")
    return found


def _read_limits(limits: object) -> dict[str, float]:
    """Return `limits` by guard, and by what is read. Raise `Refused` for what is no limit."""
    found = _read_mapping("limit", limits, '{"deleted-share": 15} or {"size": "8GB"}')
    _choose("limit", "a limit", [*found], (*MOVABLE, *LIMITS))
    for name, number in found.items():
        if name in LIMITS:
            found[name] = read_limit(name, str(number))
        else:
            _check_percent("limit", f"of {name}", number)
    return found


def _read_types(types: object) -> dict[str, str]:
    """Return `types` by column. Raise `Refused` for what is no type of a column."""
    found = _read_mapping("columns", types, '{"Price": "number"}')
    _choose("columns", "a type of a column", [str(kind) for kind in found.values()], COLUMN_TYPES)
    return found


def _read_tolerances(percents: object) -> dict[str, float]:
    """Return percent by column. Raise `Refused` for what is no percentage."""
    found = _read_mapping("tolerance", percents, '{"Price": 0.5}')
    for name, percent in found.items():
        _check_percent("tolerance", f"of {name}", percent)
    return found


def _check_percent(option: str, what: str, percent: object) -> None:
    is_number = isinstance(percent, int | float) and not isinstance(percent, bool)
    if not is_number or not is_percent(percent):  # type: ignore[arg-type]
        wrong = f"{percent!r} is not a limit {what}"
        raise refuse(option, wrong, "give a percentage from 0 to 100")


def _read_mapping(option: str, given: object, example: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise refuse(option, f"{given!r} is not a dictionary", f"give one, such as {example}")
    return dict(given)


def list_names(option: str, names: object) -> tuple[str, ...]:
    """Return a name or several as a tuple. Raise `Refused` for anything else."""
    several = (names,) if isinstance(names, str) else names
    if isinstance(several, Sequence) and all(isinstance(name, str) for name in several):
        return tuple(several)
    raise refuse(option, f"{names!r} is not a name or a list of names", "write names in quotes")


def read_path(option: str, path: str | Path | None) -> Path | None:
    """Return a path, or None. Raise `Refused` for anything else."""
    return list_paths(option, path)[0] if path else None


def _list_files(**several: object) -> dict[str, Any]:
    return {f"{option}_files": list_paths(option, paths) for option, paths in several.items()}


def list_paths(option: str, paths: object) -> tuple[Path, ...]:
    """Return a path or several as a tuple. Raise `Refused` for anything else."""
    several = (paths,) if isinstance(paths, str | Path) else paths
    if isinstance(several, Sequence) and all(isinstance(one, str | Path) for one in several):
        return tuple(map(Path, several))
    raise refuse(option, f"{paths!r} is not a path or a list of paths", "write paths in quotes")


# Options as they are typed, with their values, and as Python has them.
_OPTIONS: Final = (
    (r"--previous-date or --current-date YYYY-MM-DD \(inspect: --date\)", "{dates} as YYYY-MM-DD"),
    (r"--code-set table --key COLUMN", 'code_set="table" and key="COLUMN"'),
    (r"--(allow|repair) ([a-z]+(?:-[a-z]+)*)", r'\1="\2"'),
    (r"--limit ([a-z-]+)=([0-9.]+)(?![0-9.KMG])", r'limit={{"\1": \2}}'),
    (r"--limit ([a-z-]+)=([0-9A-Z]+)", r'limit={{"\1": "\2"}}'),
    (r"--code-set ([a-z0-9]+)", r'code_set="\1"'),
    (r"--key COLUMN", 'key="COLUMN"'),
    (
        r"give a folder that `cptdiff diff -o FOLDER` wrote",
        "give a folder that `Results.write` wrote",
    ),
    (r'--key "', 'key="'),
    (r"use --encoding ", "use {encoding}: "),
    (r"previous=NAME or current=NAME", '("NAME", "") or ("", "NAME")'),
    (r"--encoding\b", "{encoding}"),
    (r"--(member|sheet)\b", r"\1{s}"),
    (r"--field\b", "fields"),
    (r"--preset ([a-z-]+)", r'preset="\1"'),
    (r"--columns NAME,NAME", 'column_names=["NAME", "NAME"]'),
    (r"--no-header\b", "no_header"),
    (r"--columns\b", "column_names"),
    (r"--column\b", "columns"),
    (r"--(key|repair|published|tolerance|descriptor)\b", r"\1"),
)


def _respell(text: str, encoding: str, dates: str) -> str:
    """Return `text` with the options as Python has them."""
    for typed, called in _OPTIONS:
        s = "s" if encoding.endswith("s") else ""
        text = re.sub(typed, called.format(encoding=encoding, dates=dates, s=s), text)
    return text


@contextmanager
def respell_options(encoding: str, dates: str) -> Iterator[None]:
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
