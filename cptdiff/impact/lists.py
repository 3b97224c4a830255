"""The user's own lists: which files, sheets and columns hold codes, and their cells.

A file may be one sheet of codes or twenty of which two have any; a folder, a zip or a pattern may
name hundreds. What has no codes is passed over and named, unless nothing has any.
"""

import glob
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cptdiff.columns import fold_name
from cptdiff.errors import Refused, find_nearest
from cptdiff.impact.cells import ICD, MODIFIER, PROCEDURE, UNSPLIT, are_split
from cptdiff.impact.forms import CODE_SETS, DATES, YES, Form, find_end, find_form
from cptdiff.impact.grids import (
    EXCLUDED,
    OVER,
    REPEATED,
    SUFFIXES,
    Grid,
    Look,
    Seen,
    find_suffix,
    read_grids,
)
from cptdiff.impact.headers import is_code, join_words, name_system
from cptdiff.model import OWN
from cptdiff.reading import STDIN, Bundle, open_bundle, open_stdin

_SAMPLE: Final = 20_000
_HALF: Final = 0.5
# The characters of a date; a time may follow.
_DATE: Final = 10
_LEAST_YEAR: Final = 1900
# The column that names the code set of a code, where no form says so.
_BESIDE: Final = r"{}\|type"
# What the column is called that identifies a line, the best first.
_NUMBER_OF_LINE: Final = (
    r"^(?:charge|cdm|chg|item|service|proc(?:edure)?)(?: master)?"
    r" ?(?:code|cd|number|num|no\.?|nbr|#|id)s?$"
)
_LINE_IDS: Final = (
    _NUMBER_OF_LINE,
    r"\bcharge (?:codes?|#)|\bcdm\b|\bmnemonic\b",
    r"^(?:code|id|number|#)$",
)
# What may be a number as well as an amount or a name.
_UNSURE_IDS: Final = (r"^(?:item|sim|charge|cdm|chg)s?$",)
# What the column is called that says what a line is, the best first.
_LINE_TEXTS: Final = (
    r"^(?:charge|cdm|chg|item|service|procedure)(?: master)? desc(?:r|ription)?s?\b",
    r"\bdescriptions?\b|\bdescr?\b",
    r"^(?:charge|item|service|procedure|order|test|drug)?_? ?(?:name|title|text)$",
)


class Column(NamedTuple):
    """A column of codes: its place, its name, what it holds, and the place of its code set's."""

    at: int
    name: str
    system: str
    type_at: int | None = None


@dataclass(frozen=True, eq=False, repr=False)
class CodeList:
    """A sheet with codes: the list's name, the table, and its `columns` of codes."""

    name: str
    grid: Grid
    columns: tuple[Column, ...]

    @property
    def place(self) -> str:
        """The list, with the sheet of a workbook."""
        return f"{self.name}[{self.grid.sheet}]" if self.grid.sheet else self.name

    def find_column(self, name: str) -> str | None:
        """The column of the frame that is called `name`, in any case; None where there is none."""
        same = [one for one in self.grid.names if fold_name(one) == fold_name(name)]
        return OWN + same[0] if same else None


class Input(NamedTuple):
    """A file that was read, by its list's name."""

    file: str
    size: int
    sha256: str


class Lists(NamedTuple):
    """All lists with codes, what was passed over (a file or sheet, and why), what was read."""

    found: tuple[CodeList, ...]
    passed: tuple[tuple[str, str], ...]
    inputs: tuple[Input, ...]


def read_lists(given: Sequence[str], look: Look, code_set_column: str = "") -> Lists:
    """Return the lists at `given`: files, folders, zips, patterns, or "-" for standard input.

    Raise `Refused` for what cannot be read, and where nothing has a column of codes (E370).
    """
    found: list[CodeList] = []
    passed: list[tuple[str, str]] = []
    seen: list[tuple[str, Seen]] = []
    inputs: list[Input] = []
    paths = expand_patterns(given)
    bundles = [open_stdin() if one == STDIN else open_bundle(Path(one)) for one in paths]
    for name, place, path, bundle in _name_members(bundles):
        if not bundle.single and find_suffix(path) not in SUFFIXES:
            passed.append((name, "not a table"))
            continue
        data = next(one for one in bundle.members if one.path == path).read()
        inputs.append(Input(name, len(data), hashlib.sha256(data).hexdigest()))
        grids = read_grids(place, path, data, look)
        del data  # a large file is not held beside its table
        for table in grids:
            if isinstance(table, Grid):
                form = None if look.wanted.codes else find_form(table.names)
                columns = _choose_columns(table, look, code_set_column, form)
                found.append(CodeList(name, _leave_out(table, form, look.day), columns))
            else:
                seen.append((name, table))
    passed += [(_name_sheet(name, one.sheet), "no column with codes") for name, one in seen]
    _check_sheets(look.sheets, found, seen)
    if not any(one.columns for one in found):
        raise _refuse_codeless(seen, look)
    named = sorted((one for one in found if one.columns), key=lambda one: one.name)
    return Lists(tuple(named), tuple(sorted(passed)), tuple(sorted(inputs)))


def _name_sheet(name: str, sheet: str) -> str:
    return f"{name}[{sheet}]" if sheet else name


def expand_patterns(given: Iterable[str]) -> Iterator[str]:
    """Yield the paths that patterns stand for, each once, in the order of their names.

    Raise `Refused` (E101) where one fits no file.
    """
    done: set[str] = set()
    for one in given:
        paths = [one]
        if glob.has_magic(one) and not Path(one).exists():
            paths = sorted(glob.glob(one, recursive=True))  # noqa: PTH207 - a whole path
            if not paths:
                fix = "check the pattern, and put it in quotes"
                raise Refused("E101", one, "no file matches this pattern", fix)
        yield from (path for path in paths if path not in done)
        done.update(paths)


def _name_members(bundles: Sequence[Bundle]) -> Iterator[tuple[str, str, str, Bundle]]:
    """Each file: the list's name, which no other has, its place in messages, its path inside."""
    members = [(bundle, member.path) for bundle in bundles for member in bundle.members]
    names = [path if bundle.single else f"{bundle.archive.name}/{path}" for bundle, path in members]
    counts, used = Counter(names), Counter[str]()
    for (bundle, path), name in zip(members, names, strict=True):
        used[name] += 1
        full = f"{name} ({used[name]})" if counts[name] > 1 else name
        place = name if bundle.single else f"{bundle.archive.name}!{path}"
        yield full, place, path, bundle


def _check_sheets(
    sheets: Sequence[str], found: Sequence[CodeList], seen: Sequence[tuple[str, Seen]]
) -> None:
    there = {one.grid.sheet for one in found} | {one.sheet for _, one in seen}
    for sheet in sheets:
        if sheet not in there:
            fix = "name a visible sheet as the workbook does"
            raise Refused("E001", "--sheet", f"no list has a sheet {sheet}", fix)


def _refuse_codeless(seen: Sequence[tuple[str, Seen]], look: Look) -> Refused:
    """The refusal where no list has codes, with the columns that there are."""
    if not seen:
        return Refused("E370", "--list", "no file with a table", "name the files themselves")
    name, table = max(seen, key=lambda one: len(one[1].names))
    names = [join_words(one) for one in table.names if one.strip()]
    place, quoted = _name_sheet(name, table.sheet), f"; columns: {', '.join(names)}"
    if look.wanted.codes:
        asked = " or ".join(look.wanted.codes)
        fix = "name a column with codes with --code-column"
        if near := find_nearest(look.wanted.codes[0], names):
            fix = f'use --code-column "{near}"'
        return Refused("E370", place, f"has no column {asked}", fix, quoted)
    many = f", nor has any of {len(seen) - 1:,} more sheets or files" if len(seen) > 1 else ""
    if called := next((one for one in names if name_system(one)), None):
        fix = "give a list that has codes, or name the column with --code-column NAME"
        return Refused("E370", place, f"has no code in its column {called}{many}", fix, quoted)
    fix = "name the column with --code-column NAME, or give a list that has codes"
    return Refused("E370", place, f"has no column with codes{many}", fix, quoted)


def _choose_columns(
    grid: Grid, look: Look, code_set_column: str, form: Form | None
) -> tuple[Column, ...]:
    """The columns of codes: those that the user or the form names, or called after codes."""
    asked = re.escape(fold_name(code_set_column))
    code_set = asked or (form.code_set if form else _BESIDE)
    if form:
        found = [
            Column(at, grid.names[at], system, _find_type(grid, at, code_set))
            for at, system in sorted(form.find_systems(grid.names).items())
        ]
        return tuple(found)
    places = dict(grid.systems)
    if not look.wanted.codes:
        places |= {at: system for at, name in enumerate(grid.names)
                   if (system := name_system(name))}  # fmt: skip
    places |= {at: MODIFIER for at, name in enumerate(grid.names)
               if look.wanted.modifiers and look.wanted.find_system(name) == MODIFIER}  # fmt: skip
    is_named = bool(look.wanted.codes)
    found = []
    for at, said in sorted(places.items()):
        values = _take_values(grid, at)
        system = said or _find_system(values)
        by_user = is_named and look.wanted.find_system(grid.names[at]) is not None
        share = _share(values, system)
        if by_user or (share > 0 if system != MODIFIER else share >= _HALF):
            found.append(Column(at, grid.names[at], system, _find_type(grid, at, code_set)))
    return tuple(found) if any(one.system != MODIFIER for one in found) else ()


def _take_values(grid: Grid, at: int) -> list[str]:
    """Different filled cells of a column, spread over all of it."""
    cells = grid.frame[OWN + grid.names[at]].unique(maintain_order=True).str.strip_chars()
    values = cells.filter(cells != "").unique(maintain_order=True)
    return values.gather_every(max(1, values.len() // _SAMPLE)).to_list()


def _share(values: Sequence[str], system: str) -> float:
    return sum(is_code(value, system) for value in values) / len(values) if values else 0.0


def _find_system(values: Sequence[str]) -> str:
    """What a column holds by its content: procedures unless ICD-10 fits more of the cells."""
    return PROCEDURE if _share(values, PROCEDURE) >= _share(values, ICD) else ICD


def _find_type(grid: Grid, at: int, code_set: str) -> int | None:
    """The column that names the code set of a code; {} stands for the name of the code's."""
    pattern = code_set.replace("{}", re.escape(fold_name(grid.names[at])))
    fits = (n for n, name in enumerate(grid.names) if re.fullmatch(pattern, fold_name(name)))
    return next(fits, None)


def _leave_out(grid: Grid, form: Form | None, day: str) -> Grid:
    """The table without rows that are no lines of it.

    These are excluded ones, an item again, and what ended before `day`.
    """
    kept, left_out = grid.frame, Counter(grid.left_out)
    narrow = {
        OVER: partial(_drop_ended, day=day),
        EXCLUDED: partial(_drop_excluded, form=form),
        REPEATED: partial(_drop_repeated, form=form),
    }
    for why, drop in narrow.items():
        height = kept.height
        kept = drop(kept, grid.names)
        left_out[why] += height - kept.height
    return replace(grid, frame=kept, left_out=left_out)


def _drop_ended(frame: pl.DataFrame, names: Sequence[str], day: str) -> pl.DataFrame:
    """Without lines whose last day is before `day`; what is no date, or far ahead, has not ended.

    A fee schedule keeps lines of former years beside those that replaced them.
    """
    last = find_end(names)
    if last is None or not day:
        return frame
    texts = frame[OWN + last].unique()
    bare = texts.str.strip_chars().str.head(_DATE)
    days = pl.DataFrame({"text": texts, "bare": bare}).select(
        "text", pl.coalesce(pl.col("bare").str.to_date(form, strict=False) for form in DATES)
    )
    # A year of two digits may be of either century.
    years = pl.col("bare").dt.year() > _LEAST_YEAR
    ended = days.filter(years, pl.col("bare") < pl.lit(day).str.to_date())["text"]
    return frame.filter(~pl.col(OWN + last).is_in(ended.implode())) if ended.len() else frame


def _drop_excluded(frame: pl.DataFrame, names: Sequence[str], form: Form | None) -> pl.DataFrame:
    found = form.find_columns(names, [form.excluded]) if form else []
    said = (pl.col(OWN + name).str.strip_chars().str.to_lowercase().is_in(YES) for name in found)
    return frame.filter(~pl.any_horizontal(said)) if found else frame


def _drop_repeated(frame: pl.DataFrame, names: Sequence[str], form: Form | None) -> pl.DataFrame:
    found = [OWN + name for name in (form.find_columns(names, form.item) if form else [])]
    if not found:
        return frame
    # As a stream it takes a third of the memory.
    distinct = frame.lazy().unique(found, keep="first", maintain_order=True)
    return distinct.collect(engine="streaming")


def list_cells(number: int, one: CodeList) -> pl.DataFrame:
    """Return the cells of a list: its number, line, column's place, text and system.

    Text and system are categories, since millions of lines have few different ones.
    """
    frames = [_list_column(number, one, column) for column in one.columns]
    return pl.concat(frames)


def _list_column(number: int, one: CodeList, column: Column) -> pl.DataFrame:
    texts = one.grid.frame[OWN + column.name].cast(pl.Categorical)
    different = texts.unique().cast(pl.String)
    procedure = PROCEDURE if are_split(different) else UNSPLIT
    cells = one.grid.frame.select(
        pl.lit(number, pl.UInt16).alias("list"),
        "line",
        pl.lit(column.at, pl.Int64).alias("at"),
        texts.alias("text"),
        _name_systems(one.grid, column, procedure).alias("system"),
    )
    # Where the header is repeated, no code stands.
    folded = different.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    headers = different.filter(folded == fold_name(column.name))
    return cells.filter(~pl.col("text").is_in(headers.implode())) if headers.len() else cells


def _name_systems(grid: Grid, column: Column, procedure: str) -> pl.Expr:
    """What each cell of a column is a code of, by the column that says so, if there is one.

    `procedure` stands for procedures.
    """
    known = {**CODE_SETS, "": column.system}
    if column.type_at is None:
        said = procedure if column.system == PROCEDURE else column.system
        return pl.lit(said).cast(pl.Categorical)
    texts = grid.frame[OWN + grid.names[column.type_at]].unique()
    folded = texts.str.strip_chars().str.to_lowercase()
    meant = [known.get(name, name) for name in folded]
    systems = [procedure if name == PROCEDURE else name for name in meant]
    names = pl.col(OWN + grid.names[column.type_at])
    return names.replace_strict(texts, pl.Series(systems, dtype=pl.String)).cast(pl.Categorical)


def find_line_id(one: CodeList, asked: str = "") -> str | None:
    """Return the column of the frame that identifies a line; None where none is called so.

    The one that is `asked` for counts; a column that may hold prices, if each line has its own.
    """
    if asked and (own := one.find_column(asked)):
        return own
    if found := _find_called(one, _LINE_IDS):
        return found
    found = _find_called(one, _UNSURE_IDS)
    return found if found and _is_number_of_lines(one.grid.frame[found]) else None


def _is_number_of_lines(cells: pl.Series) -> bool:
    """Whether every cell is filled and there once, and none is an amount."""
    bare = cells.str.strip_chars()
    is_amount = bare.str.contains(r"[$.,]").any()
    return not (is_amount or (bare == "").any()) and bare.n_unique() == bare.len()


def find_line_text(one: CodeList) -> str | None:
    """Return the column of the frame that says what a line is; None where none is called so."""
    return _find_called(one, _LINE_TEXTS)


def _find_called(one: CodeList, patterns: Sequence[str]) -> str | None:
    taken = {column.at for column in one.columns}
    for pattern in patterns:
        for at, name in enumerate(one.grid.names):
            if at not in taken and re.search(pattern, fold_name(name)):
                return OWN + name
    return None
