"""The whole way of a comparison: load, compare, guard, judge, results. Nothing else knows it."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import polars as pl

from cptdiff.codesets import Range
from cptdiff.columns import Rules
from cptdiff.comparison import compare, mark_returned
from cptdiff.errors import CptdiffError, Refused, escape_controls
from cptdiff.judgement import CLASSES, Given, check_guards, judge
from cptdiff.known import Past
from cptdiff.limits import use_limits
from cptdiff.lists import (
    Former,
    find_stated,
    part_decisions,
    read_acceptances,
    read_acknowledgements,
    read_crosswalk,
    read_decisions,
    read_former,
    read_published,
    read_sections,
    read_severities,
)
from cptdiff.model import Changes, Release, Stated, make_notes
from cptdiff.options import Options, name_path
from cptdiff.process.lines import tell_stage
from cptdiff.process.progress import enter_stage
from cptdiff.reading import (
    STDIN,
    Columns,
    Held,
    Reading,
    identify_release,
    load,
    load_remainders,
    refuse_unreadable,
    split_member,
)
from cptdiff.results import Choices, Results, make_results
from cptdiff.sections import list_ranges
from cptdiff.vocabulary import MANIFEST, NO_PRESET, SEVERITIES, CodeSet, Descriptors
from cptdiff.zeros import restore_zeros

# A path ("-" is standard input), a file in memory, or a user's own table.
Unread = str | Path | Held | pl.DataFrame
# Or a release that was loaded.
Source = Unread | Release
_DEFAULTS = Options()


def compare_releases(previous: Source, current: Source, options: Options = _DEFAULTS) -> Results:
    """Return what differs between two releases, and what it means.

    Raise `CptdiffError` for what cannot be read, must not be compared, or is doubted by a guard
    that `options` do not allow. It quotes no wording that `options` keep back.
    """
    try:
        with use_limits(options.limits):
            return _compare(previous, current, options)
    except CptdiffError as error:
        if options.descriptors is Descriptors.FULL:
            raise
        # A traceback would show it too.
        raise error.drop_quotation() from None
    except (OSError, MemoryError):
        raise
    except Exception as error:
        if options.descriptors is Descriptors.FULL:
            raise
        # A library may quote what it stumbled over.
        raise RuntimeError(type(error).__name__) from None


def load_release(source: Unread, reading: Reading | None = None) -> Release:
    """Return the release at `source` with what its publisher states beside it.

    Raise `Refused` where there is none.
    """
    return load(source, reading, find_stated)


def plan_readings(options: Options) -> tuple[Reading, Reading]:
    """Return how previous and current are read."""
    keys = options.keys or _find_headless_key(options)
    is_named = options.preset not in {"", NO_PRESET}
    code_set = options.code_set or (CodeSet.TABLE if is_named else None)
    both = zip(_split_names(keys), _split_names(options.fields), strict=True)
    days = (options.previous_date, options.current_date)
    named = zip(options.encodings, options.quotes, options.members, options.sheets, strict=True)
    sides = zip(days, both, named, strict=True)
    is_headless = options.no_header or bool(options.column_names)
    previous, current = (
        Reading(
            code_set, day,
            Columns(*columns, is_headless, options.column_names, quotes, options.preset),
            encoding, options.repairs, member, sheet, options.limits,
        )
        for day, columns, (encoding, quotes, member, sheet) in sides
    )  # fmt: skip
    return previous, current


def _find_headless_key(options: Options) -> tuple[str, ...]:
    """Return none; of a table without a header and without the name code its first column."""
    if not (options.no_header or options.column_names) or "code" in map(
        str.casefold, options.column_names
    ):
        return ()
    return (options.column_names or ("1",))[:1]


def _split_names(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what columns are called in previous, and in current: OLD=NEW where they differ."""
    pairs = [name.partition("=") for name in names]
    return tuple(pair[0] for pair in pairs), tuple(pair[2] or pair[0] for pair in pairs)


def _make_rules(options: Options, releases: Sequence[Release]) -> Rules:
    """Return what the user says of the columns of a table, and the preset for all else."""
    before, now = _split_names(options.fields)
    renamed = {old: new for old, new in zip(before, now, strict=True) if old != new}
    preset = releases[1].preset or releases[0].preset
    return Rules(options.column_types, options.tolerances, now, renamed, options.descriptor, preset)


def _compare(previous: Source, current: Source, options: Options) -> Results:
    _check_paths(previous, current, options)
    sections = read_sections(options.sections_file) if options.sections_file else ()
    former = read_former(options.since_folder) if options.since_folder else None
    sources, readings = (previous, current), plan_readings(options)
    enter_stage("reading")
    releases = _load_releases(sources, readings, options)
    _tell_releases(releases)
    enter_stage("comparing")
    code_set = releases[1].code_set
    if former is not None:
        _check_former(former, code_set)
    known = [read_acknowledgements(path, code_set) for path in options.acknowledged_files]
    decisions, notes = read_decisions(_choose_books(options), code_set)
    accepted = [row for path in options.accepted_files for row in read_acceptances(path)]
    given = _read_given(options, code_set, sections)
    changes = compare(*releases, rules=_make_rules(options, releases))
    if options.history_paths:
        changes = mark_returned(changes, _load_older(releases[0], options))
    _tell_changes(changes)
    changes, overridden = _guard(changes, options, sections)
    passed = [note for _, more in known for note in more]
    changes = replace(changes, notes=(*changes.notes, *passed, *notes))
    past = Past([row for rows, _ in known for row in rows], decisions, former)
    asked = Choices(
        options.shown,
        sections,
        options.expected,
        overridden,
        options.descriptors,
        past,
        tuple(accepted),
    )
    found = make_results(changes, judge(changes, given), asked)
    _tell_severities(found.whole)
    return found


def _load_releases(
    sources: Sequence[Source], readings: Sequence[Reading], options: Options
) -> Sequence[Release]:
    found = _load_remainders(sources, readings, options)
    if found or options.code_set != CodeSet.TABLE or not options.repairs:
        return found or _load_both(sources, readings)
    # Only both tables together tell how many zeros a key of either lost.
    return restore_zeros(*_load_both(sources, [one._replace(repairs=()) for one in readings]))


def _choose_books(options: Options) -> Sequence[Path]:
    """The files with decisions on changes. Raise `Refused` for others where there is no list."""
    books, worksheets = part_decisions(options.decision_files)
    if worksheets and not options.list_files:
        wrong = "is a worksheet: its decisions are on lines of a list"
        fix = "add --list FILE, or use cptdiff impact RUN --list FILE --decisions WORKSHEET"
        raise Refused("E163", name_path(worksheets[0]), wrong, fix)
    return books


def _check_former(former: Former, code_set: str) -> None:
    if former.code_set != code_set:
        wrong = f"is a run of {former.code_set}, not of {code_set}"
        raise Refused("E342", former.name, wrong, "give an earlier run of the same code set")


def _load_remainders(
    sources: Sequence[Source], readings: Sequence[Reading], options: Options
) -> Sequence[Release] | None:
    """Return two tables without what they have in common, where nothing asks for all of a table.

    A crosswalk, a list of changes and sections speak of entries that did not change.
    """
    paths = [Path(s) for s in sources if isinstance(s, str | Path) and str(s) != STDIN]
    whole = options.crosswalk_files or options.published_files or options.sections_file
    return None if whole or len(paths) < len(sources) else load_remainders(paths, readings)


def _load_both(sources: Sequence[Source], readings: Sequence[Reading]) -> Sequence[Release]:
    both = ThreadPoolExecutor(2)
    try:
        return list(both.map(_load, sources, readings))
    finally:
        # After an interrupt, do not wait until both files are read.
        both.shutdown(wait=False, cancel_futures=True)


def _load(source: Source, reading: Reading) -> Release:
    if not isinstance(source, Release):
        return load_release(source, reading)
    if source.common.count:
        wrong = (
            f"holds only the rows that differed from another table, not all {source.rows.kept:,}"
        )
        raise Refused("E001", source.name, wrong, "load it by itself with `load`")
    return source


def _check_paths(previous: Source, current: Source, options: Options) -> None:
    """Raise `Refused` where one input is given twice, or one of two is not there.

    Two members of one zip, and two sheets of one workbook, are two inputs.
    """
    if not (isinstance(previous, str | Path) and isinstance(current, str | Path)):
        return
    if str(previous) == str(current) == STDIN:
        wrong = "PREVIOUS and CURRENT are both - (standard input), which holds one release"
        raise Refused("E001", "cptdiff diff", wrong, "give the name of a file for one of them")
    found = [_look_at(*both) for both in ((previous, current), (current, previous))]
    inner = [split_member(Path(path))[1] for path in (previous, current)]
    is_one = len({*inner}) == len({*options.members}) == len({*options.sheets}) == 1
    if is_one and found[0] and found[1] and os.path.samestat(found[0], found[1]):
        is_twice = str(previous) == str(current)
        other = f"is the same file or folder as PREVIOUS, {previous}"
        wrong = "is given as PREVIOUS and as CURRENT" if is_twice else other
        raise Refused("E305", str(current), wrong, "give two different releases")


def _look_at(given: str | Path, other: str | Path) -> os.stat_result | None:
    """What the system says of an input; None for standard input. Raise `Refused` without any."""
    if str(given) == STDIN:
        return None
    try:
        return split_member(Path(given))[0].stat()
    except OSError as error:
        raise refuse_unreadable(Path(given), error, Path(other)) from error


def _read_given(options: Options, code_set: str, sections: tuple[Range, ...]) -> Given:
    """Return what the user gave beside the releases. Raise `Refused` for what cannot be read."""
    stated = Stated()
    for path in options.published_files:
        stated += read_published(path, code_set)
    tables = tuple(read_crosswalk(path, code_set, "user") for path in options.crosswalk_files)
    own, names = options.severity_file, tuple(row.name for row in CLASSES)
    severities = read_severities(own, names, SEVERITIES) if own else {}
    return Given(stated + Stated(crosswalks=tables), sections, severities)


def _guard(
    changes: Changes, options: Options, sections: tuple[Range, ...]
) -> tuple[Changes, tuple[str, ...]]:
    """Return `changes` with the doubts that were overridden among its notes, and those doubts."""
    known = list_ranges(changes.current.code_set, sections)
    overridden = check_guards(changes, options.limits, options.allowed, known)
    notes = make_notes("overridden", overridden)
    return replace(changes, notes=(*notes, *changes.notes)), overridden


def list_releases(path: Path, code_set: str | None) -> tuple[list[Path], list[str]]:
    """Return the releases at `path`, and the names of what is none and was passed over.

    A folder with zips is a folder of releases, and so is one in whose folders there are any, unless
    a release lies beside them; anything else is one release. Raise `Refused` for what cannot be
    read.
    """
    if not _holds_releases(path, code_set):
        return [path], []
    inside = sorted(path.iterdir())
    folders = [one for one in inside if one.is_dir() and not (one / MANIFEST).is_file()]
    found: list[Path] = []
    others: list[str] = []
    for one in (*filter(_is_zip, inside), *folders):
        if one.is_dir() and _holds_releases(one, code_set):
            more, passed = list_releases(one, code_set)
            found += more
            others += passed
        elif identify_release(one, code_set):
            found.append(one)
        else:
            others.append(one.name)
    return found, others


def _holds_releases(path: Path, code_set: str | None) -> bool:
    """Whether a path is a folder with zips; where they lie deeper, without a release beside."""
    if not path.is_dir():
        return False
    inside = sorted(path.iterdir())
    if any(map(_is_zip, inside)):
        return True
    files = (one for one in inside if one.is_file())
    return any(map(_is_zip, path.rglob("*"))) and not any(
        identify_release(one, code_set) for one in files
    )


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and path.is_file()


def _load_older(previous: Release, options: Options) -> list[Release]:
    """The releases of --history that are older than `previous`, the oldest first.

    One without a date is taken for older. Raise `Refused` where there is none.
    """
    if previous.profile.is_own:
        wrong = "is for a publisher's releases, not for tables"
        raise Refused("E001", "--history", wrong, "leave it out")
    code_set, limit = previous.code_set, previous.effective_date
    paths = [one for path in options.history_paths for one in list_releases(path, code_set)[0]]
    reading = Reading(code_set, limits=options.limits)
    found = {}
    for path in paths:
        known = identify_release(path, code_set)
        day = known.effective_date if known else None
        if known is None or day is None or limit is None or day < limit:
            found[path.resolve()] = load_release(path, reading)
    if not found:
        names = ", ".join(name_path(path) for path in options.history_paths)
        wrong = (
            f"has no release before PREVIOUS, {previous.name}" if paths
            else f"holds no release of {previous.profile.label}"
        )  # fmt: skip
        raise Refused("E001", names, wrong, "give older releases, or leave out --history")
    first = date.min
    return sorted(found.values(), key=lambda one: (one.effective_date or first, one.name))


def _tell_releases(releases: Sequence[Release]) -> None:
    for side, release in zip(("previous", "current"), releases, strict=True):
        rows, files = release.rows, [source.member or source.name for source in release.sources]
        found = f"{rows.read:,} rows, {rows.kept:,} used, {rows.collapsed:,} exact duplicates"
        told = escape_controls(f"{release.name}: {found}, {rows.quarantined:,} excluded")
        fields = {"side": side, "release": release.name, "files": files, "rows": asdict(rows)}
        tell_stage("read", f"{side}: {told}", **fields)


def _tell_changes(changes: Changes) -> None:
    counts = {
        "added": changes.added.height,
        "deleted": changes.deleted.height,
        "revised": changes.revised_current.height,
        "transient": changes.transient.height,
    }
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    tell_stage("compare", f"{changes.compared:,} entries compared: {told}", **counts)


def _tell_severities(entries: pl.DataFrame) -> None:
    found = entries["severity"].cast(pl.String).to_list()
    counts = {severity: found.count(severity) for severity in reversed(SEVERITIES)}
    told = ", ".join(f"{count:,} {severity}" for severity, count in counts.items())
    tell_stage("judge", told, **counts)
