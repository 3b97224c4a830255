"""A path in, a `Release` out."""

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile, profile_of
from cptdiff.codesets.layout import Own
from cptdiff.errors import Refused
from cptdiff.limits import use_limits
from cptdiff.model import (
    KIND,
    NORMALIZATIONS,
    SET_ASIDE,
    Archive,
    Release,
    RowCount,
    Source,
    Stated,
)
from cptdiff.reading.archives import Member, strip_packing
from cptdiff.reading.assemble import Part, check_sisters, fold_rows, join_files
from cptdiff.reading.checks import Checked, check_rows, locate_faults
from cptdiff.reading.codes import find_repaired, guess_code
from cptdiff.reading.delimited import find_fields, read_delimited
from cptdiff.reading.headers import Columns
from cptdiff.reading.headers import Header as TextHeader
from cptdiff.reading.identify import Plan, Use, choose_members, find_edition, find_issue
from cptdiff.reading.lines import split_lines
from cptdiff.reading.parts import Piece, Span, find_values, join_texts, locate_parts, name_parts
from cptdiff.reading.read import Asked, read_binary_parts, read_table
from cptdiff.reading.rows import FAULTS, FEWEST_ROWS, Table
from cptdiff.reading.selection import find_member, split_member
from cptdiff.reading.sources import (
    ZIP,
    Bundle,
    hold_bytes,
    open_bundle,
    open_stdin,
    refuse_unreadable,
)
from cptdiff.reading.tables import read_own_text
from cptdiff.reading.text import Text, convert_to_utf8, decode, unify_line_ends
from cptdiff.reading.wholeness import (
    NO_SLIP,
    Content,
    Material,
    find_commonest_fault,
    find_longest_run,
    weigh,
)
from cptdiff.vocabulary import CodeSet, Repair

if TYPE_CHECKING:
    from cptdiff.reading.common import Remainder

# The readers of files too, for published lists, and what guards measure alike.
__all__ = [
    "FAULTS",
    "FEWEST_ROWS",
    "NO_SLIP",
    "STDIN",
    "ZIP",
    "Bundle",
    "Columns",
    "Held",
    "Identity",
    "Member",
    "Reading",
    "Text",
    "TextHeader",
    "convert_to_utf8",
    "decode",
    "find_commonest_fault",
    "find_fields",
    "find_longest_run",
    "identify_release",
    "load",
    "load_remainders",
    "open_bundle",
    "open_stdin",
    "read_delimited",
    "read_own_text",
    "refuse_unreadable",
    "split_lines",
    "split_member",
    "strip_packing",
    "unify_line_ends",
]

FindStated = Callable[[Path | None, Bundle, str], Stated]
STDIN: Final = "-"
# The name by which a frame is known.
FRAME: Final = "frame.parquet"


class Reading(NamedTuple):
    """How to read a release where names and content do not say it, or say it wrong."""

    code_set: str | None = None
    effective_date: date | None = None
    columns: Columns = Columns()
    encoding: str = ""
    repairs: tuple[Repair, ...] = ()
    member: str = ""
    sheet: str = ""
    limits: Mapping[str, float] = MappingProxyType({})


class Identity(NamedTuple):
    """Which release lies at a path, as far as names and the text before its entries tell.

    `issue` sorts releases of one date by the date or `_vN` in their names. `sha256` is empty for a
    folder.
    """

    path: Path
    code_set: str
    name: str
    effective_date: date | None
    issue: tuple[tuple[str, int], ...]
    sha256: str


class Held(NamedTuple):
    """A file that the caller holds in memory; its name may tell the format and the date."""

    name: str
    data: bytes


class _File(NamedTuple):
    use: Use
    place: str
    data: bytes
    table: Table
    checked: Checked
    spans: tuple[Span, ...] = ()


def load(
    source: str | Path | Held | pl.DataFrame,
    reading: Reading | None = None,
    find_stated: FindStated | None = None,
) -> Release:
    """Return the release at `source`: a file, a folder, a zip, "-" for standard input, or a frame.

    A frame is a user's own table, read as a Parquet file of its columns would be. `find_stated`
    looks for what is stated beside the release: there is nothing beside what is held in memory.
    Raise `Refused` where there is no release.
    """
    reading = reading or Reading()
    with use_limits(reading.limits):
        return _load(source, reading, find_stated)


def _load(
    source: str | Path | Held | pl.DataFrame, reading: Reading, find_stated: FindStated | None
) -> Release:
    if not isinstance(source, str | Path) or str(source) == STDIN:
        return _load_bundle(None, _open(source), reading, find_stated)
    path, member = split_member(Path(source))
    if member and reading.member:
        wrong = f"{source} already names a member"
        raise Refused("E001", "--member", wrong, "leave out --member")
    reading = reading._replace(member=member or reading.member)
    return _load_bundle(path, open_bundle(path), reading, find_stated)


# What a file or folder is that is no release.
_OTHER_FILES: Final = frozenset({"E102", "E130", "E163", "E185"})


def identify_release(
    path: Path, code_set: str | None = None, members: Sequence[str] = ()
) -> Identity | None:
    """Return which release lies at `path`; None where it is none, or not of this code set.

    In a folder or zip, the first of `members` that is there is the one to look at.

    Raise `Refused` for what cannot be read: it may be a release.
    """
    bundle = open_bundle(path)
    wanted = "" if bundle.single else find_member(bundle.members, members)
    try:
        planned = choose_members(bundle, code_set, wanted)
    except Refused as error:
        if error.slug in _OTHER_FILES:
            return None
        raise
    edition = find_edition(bundle, planned, "")
    first = planned.used[0]
    if not edition.effective_date and profile_of(planned.code_set).notice:
        place = first.member.path
        table = read_table(first, place, first.member.read(), Asked())
        edition = find_edition(bundle, planned, table.preamble)
    names = (bundle.archive.name, first.member.base_name)
    issue = tuple(find_issue(name) for name in names)
    digest = bundle.archive.sha256 or ""
    return Identity(path, planned.code_set, edition.name, edition.effective_date, issue, digest)


def load_remainders(
    paths: Sequence[Path], readings: Sequence[Reading]
) -> tuple[Release, Release] | None:
    """Return previous and current as `load` does, but without the entries that both have alike.

    Return None where that needs more than a look at their lines: `load` them whole then.
    """
    if any(
        r.code_set != CodeSet.TABLE or r.encoding or r.repairs or r.member or r.sheet
        for r in readings
    ):
        return None
    columns = readings[0].columns
    if columns != readings[1].columns or columns.headless or columns.quotes:
        return None
    from cptdiff.reading.common import separate_common  # noqa: PLC0415 - for tables only

    remainders = separate_common(paths[0], paths[1], readings[0].columns)
    if remainders is None:
        return None
    try:
        previous, current = map(_load_remainder, paths, remainders, readings)
    except Refused:
        return None
    if previous.sets.height or current.sets.height:
        return None
    counts = [(side.rows.read, side.rows.kept) for side in (previous, current)]
    whole = [(remainder.rows, remainder.rows) for remainder in remainders]
    return (previous, current) if counts == whole else None


def _load_remainder(path: Path, remainder: "Remainder", reading: Reading) -> Release:
    """The release at `path`, whose common rows are counted and not held."""
    release = _load_bundle(path, hold_bytes(remainder.name, remainder.data), reading, None)
    (source,) = release.sources
    common, sha256 = remainder.common.count, remainder.sha256
    whole = source._replace(
        size=remainder.size,
        sha256=sha256,
        encoding=remainder.encoding,
        rows=source.rows + RowCount(read=common, kept=common),
    )
    archive = Archive(remainder.name, remainder.size, sha256)
    return replace(release, archive=archive, sources=(whole,), common=remainder.common)


def _load_bundle(
    path: Path | None, bundle: Bundle, reading: Reading, find_stated: FindStated | None
) -> Release:
    planned = _plan(bundle, reading)
    profile = profile_of(planned.code_set)
    if planned.are_parts:
        files = [_read_parts(bundle, planned, reading)]
    else:
        files = [_read_member(bundle, planned, use, reading) for use in planned.used]
    parts = [Part(file.use.format, file.checked.frame) for file in files]
    found = check_sisters(join_files(parts, profile), bundle.archive.name)
    named = find_edition(bundle, planned, files[0].table.preamble, files[0].data)
    effective = reading.effective_date or named.effective_date
    valid, ended = _split_by_validity(found.frame, effective, bundle.archive.name)
    entries, sets = fold_rows(valid) if profile.is_own else (valid, valid.clear())
    stated = find_stated(path, bundle, planned.code_set) if find_stated else Stated()
    contents = [
        Content(f.place, f.use.format, f.table, f.checked.faults, f.checked.rows) for f in files
    ]
    wholeness = weigh(Material(bundle, contents, found, profile, effective, stated.lists))
    return Release(
        code_set=planned.code_set,
        name=_name_table(bundle, files[0], reading) if profile.is_own else named.name,
        effective_date=effective,
        archive=bundle.archive,
        entries=entries,
        ended=ended,
        set_aside=_list_set_aside(bundle, files),
        set_aside_codes=_list_set_aside_codes(files, profile),
        carries=found.carries,
        sources=tuple(_describe_source(bundle, file) for file in files),
        passed_over=planned.passed_over,
        notes=(*(note for file in files for note in file.checked.notes), *found.notes),
        gaps=found.gaps,
        normalizations=_list_normalized(files),
        repaired=sum(find_repaired(file.checked.normalizations).height for file in files),
        stated=stated,
        breaks=wholeness.breaks,
        proof=wholeness.proof,
        unended=tuple(file.table.unended for file in files if file.table.unended),
        keys=files[0].table.keys,
        sets=sets,
        types=files[0].table.types if profile.is_own else {},
        preset=files[0].table.preset,
    )


def _name_table(bundle: Bundle, file: _File, reading: Reading) -> str:
    """The name of a user's table: its file, and the member and the sheet that the user named."""
    member = file.use.member.base_name if reading.member else ""
    inner = ", ".join(filter(None, (member, file.table.sheet if reading.sheet else "")))
    return f"{bundle.archive.name} [{inner}]" if inner else bundle.archive.name


def _open(source: str | Path | Held | pl.DataFrame) -> Bundle:
    """What is no path."""
    if isinstance(source, Held):
        return hold_bytes(source.name, source.data)
    if isinstance(source, pl.DataFrame):
        buffer = io.BytesIO()
        source.write_parquet(buffer)
        return hold_bytes(FRAME, buffer.getvalue())
    return open_stdin()


def _plan(bundle: Bundle, reading: Reading) -> Plan:
    planned = choose_members(bundle, reading.code_set, reading.member, reading.columns.preset)
    profile = profile_of(planned.code_set)
    if reading.repairs and not profile.digits:
        wrong = f"has {profile.label} codes, which have no leading zeros to restore"
        if profile.is_own:
            wrong = "a table by itself does not say how many leading zeros its keys lost"
        raise Refused("E219", bundle.archive.name, wrong, "leave out --repair")
    return planned


def _read_member(bundle: Bundle, planned: Plan, use: Use, reading: Reading) -> _File:
    name = bundle.archive.name
    place = name if bundle.single else f"{name}!{use.member.path}"
    data = use.member.read()
    if not data:
        raise Refused("E110", place, "no data (0 bytes)", "get the file again")
    asked = Asked(reading.columns, reading.encoding, reading.sheet)
    table = read_table(use, place, data, asked)
    checked = check_rows(table, profile_of(planned.code_set), place, reading.repairs)
    return _File(use, place, data, table, checked)


def _read_parts(bundle: Bundle, planned: Plan, reading: Reading) -> _File:
    """The table that is in several files."""
    name, use = bundle.archive.name, planned.used[0]
    every = [
        Piece(one.member.path, one.member.read(), find_values(one.member.path))
        for one in planned.used
    ]
    # Who writes in parallel may have had nothing for a part.
    parts = [part for part in every if part.data]
    if not parts:
        raise Refused("E110", name, "no data (0 bytes)", "get the files again")
    asked = Asked(reading.columns, reading.encoding, reading.sheet)
    has_header = not reading.columns.headless
    if isinstance(use.format.layout, Own):
        whole = join_texts(name, parts, has_header=has_header)
        table = read_table(use, name, whole.data, asked)
    else:
        table, whole = read_binary_parts(use, name, parts, asked)
    checked = check_rows(table, profile_of(planned.code_set), name, reading.repairs)
    called = use.member._replace(path=name_parts(parts))
    return _File(use._replace(member=called), name, whole.data, table, checked, whole.spans)


def _split_by_validity(
    frame: pl.DataFrame, effective: date | None, name: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Valid and ended entries: an end date is the last valid day."""
    if not frame["end_date"].count():
        return frame, frame.clear()
    if effective is None:
        wrong = "entries have termination dates, but the release has no effective date"
        raise Refused(
            "E302",
            name,
            wrong,
            "give --previous-date or --current-date YYYY-MM-DD (inspect: --date)",
        )
    ended = pl.col("end_date").is_not_null() & (pl.col("end_date") < effective)
    return frame.filter(~ended), frame.filter(ended)


def _describe_source(bundle: Bundle, file: _File) -> Source:
    return Source(
        name=bundle.archive.name,
        member=file.use.member.path,
        format=file.use.format.name,
        size=bundle.archive.size if bundle.single and bundle.archive.size else len(file.data),
        sha256=bundle.archive.sha256 if bundle.single else _hash_data(file.data),
        encoding=file.table.encoding,
        rows=file.checked.rows,
        sheet=file.table.sheet,
    )


def _hash_data(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _list_set_aside_codes(files: Sequence[_File], profile: Profile) -> pl.DataFrame:
    """The kinds and codes of the rows that are set aside, as found and as probably meant."""
    kinds = {*KIND.categories}
    found = {
        (kind, spelled)
        for file in files
        if file.checked.faults.height
        for kind, code in file.checked.faults.select("kind", "code").iter_rows()
        for spelled in (code, guess_code(code, kind, profile))
        if spelled and kind in kinds
    }
    return pl.DataFrame(sorted(found), {"kind": KIND, "code": pl.String}, orient="row")


def _list_normalized(files: Sequence[_File]) -> pl.DataFrame:
    frames = [
        file.checked.normalizations.select(pl.lit(file.use.member.path).alias("member"), pl.all())
        for file in files
        if file.checked.normalizations.height
    ]
    return pl.concat(frames) if frames else NORMALIZATIONS.to_frame()


def _list_set_aside(bundle: Bundle, files: Sequence[_File]) -> pl.DataFrame:
    frames = [
        _locate_faults(file).select(
            pl.lit(bundle.archive.name).alias("source"),
            "member", "line", "byte", "column", "fault", "raw", "fix", "code",
        )
        for file in files
        if file.checked.faults.height
    ]  # fmt: skip
    return pl.concat(frames) if frames else pl.DataFrame(schema=SET_ASIDE)


def _locate_faults(file: _File) -> pl.DataFrame:
    """The faults of a file with the member that they are in; in a part no byte is known."""
    found = locate_faults(file.data, file.use.format.layout, file.table, file.checked.faults)
    if not file.spans:
        sheet = f"[{file.table.sheet}]" if file.table.sheet else ""
        return found.with_columns(pl.lit(f"{file.use.member.path}{sheet}").alias("member"))
    members, lines = zip(*locate_parts(found, file.spans), strict=True)
    return found.with_columns(
        pl.Series("member", members, pl.String),
        pl.Series("line", lines, found.schema["line"]),
        pl.lit(None, pl.Int64).alias("byte"),
    )
