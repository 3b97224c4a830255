"""What becomes of every row, kept, collapsed or set aside, and where each lies."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.codesets.layout import Columnar, Layout, Workbook, Xml
from cptdiff.errors import Refused
from cptdiff.model import Note, RowCount
from cptdiff.reading.assemble import parse_date
from cptdiff.reading.codes import (
    LOST_ZEROS,
    Fault,
    describe_normalized,
    find_fault,
    find_repaired,
    make_no_changes,
    normalize_codes,
)
from cptdiff.reading.rows import FEWEST_ROWS, Table, make_no_faults
from cptdiff.reading.tables import describe_doubtful_keys
from cptdiff.reading.text import find_codec
from cptdiff.vocabulary import Repair

# What tells rows of one code apart where a file rightly holds several.
_WITHIN_CODE: Final = ("list", "descriptor_id")


# More codes without their leading zeros are a spreadsheet's work.
_LOST_ZEROS_SHARE: Final = 0.01


@dataclass(frozen=True, eq=False, repr=False)
class Checked:
    """The rows of one file that can be used, those that cannot (`FAULTS`), and the count.

    `normalizations` (`CODE_CHANGES`) has every code that is used in another form than found.
    """

    frame: pl.DataFrame
    faults: pl.DataFrame
    rows: RowCount
    notes: tuple[Note, ...]
    normalizations: pl.DataFrame = field(default_factory=make_no_changes)


def check_rows(
    table: Table, profile: Profile, place: str, repairs: Sequence[Repair] = ()
) -> Checked:
    """`table` by code grammar and duplicates. Raises where the row law does not hold."""
    frame = table.frame
    unlike = ambiguous = frame.clear()
    collapsed = 0
    changes = make_no_changes()
    good = _fits_grammar(frame, profile)
    # As many hashes as rows: no code stands twice. Fewer: look closely.
    single = pl.col("code").hash().n_unique() == pl.len()
    all_good, all_single = frame.select(good.all(), single.alias("single")).row(0)
    if not all_good:
        frame, changes = normalize_codes(frame, profile, repairs, good)
        _refuse_repeats(frame, changes, place)
        frame, unlike = frame.filter(good), frame.filter(~good)
    if not (all_good and all_single):
        identity = _list_identity(frame, profile)
        frame, collapsed, ambiguous = _drop_duplicates(frame, identity, is_own=profile.is_own)
    frame, undated = _split_by_date(frame)
    is_sound = all_good and all_single and not (undated.height or table.faults.height)
    if is_sound and not profile.is_own:
        rows = _check_row_law(place, RowCount(table.read, frame.height, collapsed, 0))
        return Checked(frame, table.faults, rows, table.notes)
    unfit = _find_unfit(unlike, profile, table, place)
    repeated = _make_faults(ambiguous, [_TWICE] * ambiguous.height, "code")
    aside = _collect_faults(table.faults, undated, unfit, repeated)
    rows = _check_row_law(place, RowCount(table.read, frame.height, collapsed, aside.height))
    notes = (*table.notes, *describe_normalized(changes, place))
    if profile.is_own and table.encoding != "ASCII":
        notes += describe_doubtful_keys(frame["code"], place)
    return Checked(frame, aside, rows, (*notes, *_describe_twins(collapsed, place)), changes)


_TWICE: Final = Fault("E202", "the code is listed twice with different content", "keep one row")


def _collect_faults(
    unread: pl.DataFrame, undated: pl.DataFrame, unfit: pl.DataFrame, repeated: pl.DataFrame
) -> pl.DataFrame:
    date = Fault("E216", "has a date that is not valid", "correct the date")
    dates = _make_faults(undated, [date] * undated.height, "end_date")
    faults = [unread, dates, unfit, repeated]
    return pl.concat(faults).sort("line", "raw") if any(f.height for f in faults) else unread


def _find_unfit(unlike: pl.DataFrame, profile: Profile, table: Table, place: str) -> pl.DataFrame:
    """The rows without a code. Raises where too many are to have a file's own mistakes alone."""
    both = unlike.select("code", "kind").iter_rows()
    faults = [find_fault(code, kind, profile) for code, kind in both]
    lost = sum(fault.slug == LOST_ZEROS for fault in faults)
    if table.read >= FEWEST_ROWS and lost > _LOST_ZEROS_SHARE * table.read:
        numbers = f"numbers with fewer than {profile.digits} digits"
        wrong = f"{lost:,} of {table.read:,} codes are {numbers}: a spreadsheet"
        fix = "export the column as Text, or --repair leading-zeros"
        raise Refused(LOST_ZEROS, place, f"{wrong} dropped their leading zeros", fix)
    if not profile.is_own and unlike.height and unlike.height == table.frame.height:
        raise _refuse_codeless(unlike, profile, place)
    return _make_faults(unlike, faults, "code")


def _refuse_codeless(unlike: pl.DataFrame, profile: Profile, place: str) -> Refused:
    """Return the refusal of a column without a single code: two columns may be swapped."""
    wrong = f"0 of {unlike.height:,} values in the code column are {profile.label} codes"
    kind = str(unlike["kind"].first())
    grammar = profile.grammar.get(kind, "")
    texts = unlike.select(pl.selectors.string().exclude("code", "kind"))
    fits = texts.select(pl.all().str.contains(rf"\A(?:{grammar})\z").sum()).row(0, named=True)
    better = max(fits, key=fits.__getitem__, default="")
    if fits.get(better, 0):
        wrong += f", but {fits[better]:,} in {better}"
    return Refused(
        "E164", place, wrong, "check the order of the columns, and that it is the right file"
    )


def _refuse_repeats(frame: pl.DataFrame, changes: pl.DataFrame, place: str) -> None:
    """Refuse a repair that makes a code which another row has."""
    made = find_repaired(changes)
    twice = frame.filter(
        pl.col("code").is_duplicated(), pl.col("code").is_in(made["code"].implode())
    )
    if twice.height:
        code = twice["code"][0]
        lines = " and ".join(str(line) for line in twice.filter(pl.col("code") == code)["line"])
        wrong = f"with its leading zeros restored, {code} is on lines {lines}"
        raise Refused("E209", place, wrong, "correct one of them, or leave out --repair")


def _fits_grammar(frame: pl.DataFrame, profile: Profile) -> pl.Expr:
    if profile.is_own:
        return pl.col("code") != ""
    kinds = set(frame["kind"].unique().to_list())
    # Kinds may share a grammar: codes and headers of ICD-10 do.
    alike: dict[str, list[str]] = {}
    for kind, grammar in profile.grammar.items():
        alike.setdefault(grammar, []).extend({kind} & kinds)
    fits = [
        _is_of(names, kinds) & pl.col("code").str.contains(rf"\A(?:{grammar})\z")
        for grammar, names in alike.items()
        if names
    ]
    return pl.any_horizontal(fits) if fits else pl.lit(value=False)


def _is_of(names: Sequence[str], kinds: set[str]) -> pl.Expr:
    """Whether a row is of one of the kinds `names`, where there are `kinds`."""
    return pl.col("kind").is_in(names) if kinds - {*names} else pl.lit(value=True)


def _list_identity(frame: pl.DataFrame, profile: Profile) -> list[str]:
    """What no two rows share."""
    kind = [] if profile.is_of_one_kind else ["kind"]
    return [*kind, "code", *(name for name in _WITHIN_CODE if name in frame.columns)]


def _drop_duplicates(
    frame: pl.DataFrame, key: Sequence[str], *, is_own: bool
) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """Return one row for each code: equal rows become one, and unequal ones are left out.

    In a user's own table unequal rows of a key stay: they are compared as a set.
    """
    varying = [name for name in key if name != "kind" or frame["kind"].n_unique() > 1]
    if frame.select(pl.struct(varying).n_unique() if len(varying) > 1 else pl.col("code").n_unique()
                    ).item() == frame.height:  # fmt: skip
        return frame, 0, frame.clear()
    content = [name for name in frame.columns if name not in {"line", "sequence"}]
    unique = frame.unique(content, keep="first", maintain_order=True)
    if is_own:
        return unique, frame.height - unique.height, frame.clear()
    doubled = unique.group_by(key).len().filter(pl.col("len") > 1)
    ambiguous = frame.join(doubled, on=key, how="semi", maintain_order="left")
    kept = unique.join(doubled, on=key, how="anti", maintain_order="left")
    return kept, frame.height - kept.height - ambiguous.height, ambiguous


def _split_by_date(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`frame`, and the rows whose date is none: what is ended must not pass for valid."""
    if "end_date" not in frame.columns:
        return frame, frame.clear()
    date = pl.col("end_date")
    said = ~date.str.contains(r"^0*$")
    wrong = frame.select(said & parse_date("end_date").is_null()).to_series()
    return (frame.filter(~wrong), frame.filter(wrong)) if wrong.any() else (frame, frame.clear())


def _make_faults(rows: pl.DataFrame, faults: Sequence[Fault], column: str) -> pl.DataFrame:
    """`rows` as `FAULTS`, each with its own of `faults`."""
    if not rows.height:
        return make_no_faults()
    cells = pl.selectors.string() - pl.selectors.by_name("kind", require_all=False)
    return rows.select(
        pl.col("line").cast(pl.Int64),
        "kind",
        "code",
        pl.lit(column).alias("column"),
        pl.Series("fault", [f"{fault.slug}: {fault.wrong}" for fault in faults], pl.String),
        pl.concat_str(cells, separator="|").alias("raw"),
        pl.Series("fix", [fault.fix for fault in faults], pl.String),
    )


def _describe_twins(collapsed: int, place: str) -> tuple[Note, ...]:
    many = f"exact duplicates of another row, counted once: {collapsed:,}"
    return (Note("reading", many, place),) if collapsed else ()


def _check_row_law(place: str, rows: RowCount) -> RowCount:
    """`rows`, or `Refused` where what was read is not what became of it."""
    if rows.read == rows.kept + rows.collapsed + rows.quarantined:
        return rows
    wrong = (
        f"{rows.read:,} rows were read, but {rows.kept:,} used, {rows.collapsed:,} counted as exact"
        f" duplicates and {rows.quarantined:,} excluded"
    )
    raise Refused("E199", place, wrong, "report this bug with the first lines of the file")


_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_TO_LINE_END: Final = re.compile(r"[^\r\n]*+")


class Place(NamedTuple):
    """A row's first line, from 1; its first byte, from 0; its text without its line end."""

    line: int
    byte: int
    raw: str


def locate_faults(data: bytes, layout: Layout, table: Table, faults: pl.DataFrame) -> pl.DataFrame:
    """`faults` with a column `byte` and the `raw` text, as `data` has them.

    Of a row over several lines in a `Continued` that is its first line. Workbooks and Parquet
    have no places in bytes: what their readers tell stays.
    """
    unknown = faults.with_columns(pl.lit(None, pl.Int64).alias("byte"))
    if isinstance(layout, Workbook | Columnar) or not faults.height:
        return unknown
    mark, codec = find_codec(data, table.encoding)
    text = data[mark:].decode(codec)
    numbers = sorted(set(faults["line"]))
    if isinstance(layout, Xml):
        spans = _find_elements(text, layout.entry, numbers)
    else:
        spans = _find_lines(text, table.separator, numbers)
    places = _find_places(text, spans, codec, mark)
    found = [places[number] for number in faults["line"]]
    return faults.with_columns(
        pl.Series("line", [place.line for place in found], pl.Int64),
        pl.Series("byte", [place.byte for place in found], pl.Int64),
        pl.Series("raw", [place.raw for place in found], pl.String),
    )


def _find_lines(
    text: str, separator: str, numbers: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of the rows that begin on the lines `numbers`, ascending."""
    mark = re.escape(separator)
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^{mark}\r\n]*+)'
    row = re.compile(rf"{cell}(?:{mark}{cell})*+" if separator else r"[^\r\n]*+")
    line, at = 1, 0
    for number in numbers:
        while line < number:
            found = _LINE_END.search(text, at)
            line, at = line + 1, found.end() if found else len(text)
        found = row.match(text, at)
        # A row whose quotes are broken ends with its line.
        end = _TO_LINE_END.match(text, found.end() if found else at)
        yield number, at, end.end() if end else at


def _find_elements(text: str, entry: str, numbers: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of the elements that are the `numbers`th, ascending."""
    begin = rf"<{entry}(?=[\s/>])[^>]*>"
    rest = re.compile(rf".*?</{entry}\s*>", re.DOTALL)
    hidden = r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    both = re.finditer(rf"{hidden}|(?P<entry>{begin})", text, re.DOTALL)
    spans = [
        (found.start(), found.end() if found["entry"].endswith("/>") or not end else end.end())
        for found in both
        if found["entry"]
        for end in [rest.match(text, found.end())]
    ]
    return ((number, *spans[number - 1]) for number in numbers)


def _find_places(
    text: str, spans: Iterator[tuple[int, int, int]], codec: str, mark: int
) -> dict[int, Place]:
    """By number, each span's place; lines and bytes are counted on from one to the next."""
    found, line, byte, at = {}, 1, mark, 0
    for number, start, end in spans:
        between = text[at:start]
        line += len(_LINE_END.findall(between))
        byte += len(between.encode(codec))
        at = start
        found[number] = Place(line, byte, text[start:end])
    return found
