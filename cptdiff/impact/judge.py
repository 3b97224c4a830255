"""What the releases do to the lists: one row for each line and code that is touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.codesets import profile_of
from cptdiff.impact.cells import CM, MODIFIER, PCS, Cells, read_cells
from cptdiff.impact.facts import (
    DELETED,
    FACTS,
    FAMILY,
    NEW,
    OTHER,
    REVISED,
    STATUSES,
    TOUCHED,
    UNCHANGED,
    UNKNOWN,
    Facts,
)
from cptdiff.impact.lists import CodeList, list_cells
from cptdiff.vocabulary import SEVERITIES, CodeSet

_HCPCS = str(CodeSet.HCPCS)
_CELL: Final = ("text", "system")
# What is known of a code: `FACTS` but for the kind, the part of the cell, and who has it.
_FINDING: Final = [name for name in FACTS if name != "kind"]
# Dental codes: CMS leaves them out of its file.
_DENTAL: Final = "^D"
_TOKEN: Final = (*_CELL, "modifiers", "part")
# Among the counts of lines: those with any code that could be judged.
JUDGED: Final = "judged"
# A range of more codes is no range of a list.
_WIDEST: Final = 1000
_LINE: Final = ("list", "line")
_PLACE: Final = ("list", "line", "at")
# Puts the number of a text beside that of a system.
_SHIFT: Final = 2**32


@dataclass(frozen=True, eq=False, repr=False)
class Judgement:
    """What became of the cells and of the lines.

    `touched` has a row for each line and code that is touched, in their order: list (its number),
    line, at, text, modifiers, part and `_FINDING`. `codes` has a row for each list and code,
    touched or not. `cells` counts the cells of each list by fate, `lines` its lines by status,
    and those with any code that could be judged as `JUDGED`. `aside` has the cells that are set
    aside (list, line, at, text, why), `others` the code sets that could not be judged (list,
    code_set, lines: how many cells have such a code).
    """

    touched: pl.DataFrame
    codes: pl.DataFrame
    cells: pl.DataFrame
    lines: pl.DataFrame
    aside: pl.DataFrame
    others: pl.DataFrame


def judge_lists(lists: Sequence[CodeList], facts: Facts) -> Judgement:
    """Return what `facts` say of the codes in `lists`."""
    cells = pl.concat(list_cells(number, one) for number, one in enumerate(lists))
    placed, cell = _number_cells(cells)
    read = read_cells(cell.select(_CELL), facts.modifiers)
    doubts = _gather_doubts(lists)
    doubtful = placed.join(doubts, on=_PLACE, how="inner")
    sure = placed.join(doubts, on=_PLACE, how="anti") if doubts.height else placed
    fates = read.fates.join(cell, on=_CELL, how="left")
    found = find_codes(read, facts).join(cell, on=_CELL, how="left")
    odd = fates.filter(pl.col("fate") == "aside").select("cell", "text", "why")
    aside = pl.concat([
        sure.join(odd, on="cell", how="inner").select(*_PLACE, "text", "why"),
        doubtful.join(cell, on="cell", how="left").select(*_PLACE, "text",
                                                          pl.col("doubt").alias("why")),
    ])  # fmt: skip
    own = sure.lazy().group_by("list", "cell").len("lines").collect(engine="streaming")
    return Judgement(
        _find_touched(sure, found, read),
        own.join(found, on="cell", how="inner")
        .select("list", "part", "code_set", "code").unique(),
        _count_cells(own, fates, doubtful),
        _count_lines(sure, own, found),
        aside.sort(_PLACE),
        _count_others(own, found),
    )  # fmt: skip


def _number_cells(cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The place of each cell with the number of what it says (cell), and what each number says.

    Millions of lines have few different cells, and numbers are compared in no time.
    """
    numbers = [pl.col(name).to_physical().cast(pl.UInt64) for name in _CELL]
    keyed = cells.select(*_PLACE, (numbers[0] * _SHIFT + numbers[1]).alias("key"), *_CELL)
    cell = keyed.select("key", *_CELL).unique("key", keep="first", maintain_order=True)
    cell = cell.with_row_index("cell").with_columns(pl.col(_CELL).cast(pl.String))
    placed = keyed.select(*_PLACE, "key").join(
        cell.select("key", "cell"), on="key", how="left", maintain_order="left"
    )
    return placed.drop("key"), cell.drop("key")


def _find_touched(sure: pl.DataFrame, found: pl.DataFrame, read: Cells) -> pl.DataFrame:
    """Each line and code that is touched, once, with the first cell that has it."""
    once = (*_LINE, "part", "code_set", "code")
    changed = found.filter(pl.col("status").is_in(TOUCHED))
    touched = sure.join(changed, on="cell", how="inner").sort(*once, "at")
    touched = touched.unique(once, keep="first", maintain_order=True)
    beside = read.tokens.filter(pl.col("system") == MODIFIER)
    if beside.height:
        lines = touched.select(_LINE).unique()
        named = beside.join(found.select("cell", *_CELL).unique(), on=_CELL, how="inner")
        columns = sure.join(lines, on=_LINE, how="semi").join(
            named.select("cell", "code"), on="cell", how="inner"
        )
        touched = _add_beside(touched, columns)
    return touched.drop("cell")


def _add_beside(touched: pl.DataFrame, columns: pl.DataFrame) -> pl.DataFrame:
    """`touched` with the modifiers that stand in columns of their own, after those of the cell."""
    beside = (
        columns.sort(*_LINE, "at").group_by(_LINE, maintain_order=True)
        .agg(pl.col("code").str.join(";").alias("beside"))
    )  # fmt: skip
    both = [pl.col(name).replace("", None) for name in ("modifiers", "beside")]
    all_of_them = pl.concat_str(both, separator=";", ignore_nulls=True)
    joined = touched.join(beside, on=_LINE, how="left", maintain_order="left")
    own = pl.when(pl.col("part") == "code").then(all_of_them).otherwise("modifiers")
    return joined.with_columns(own.alias("modifiers")).drop("beside")


def _gather_doubts(lists: Sequence[CodeList]) -> pl.DataFrame:
    """The cells that cannot be trusted, of the columns of codes."""
    frames = [
        one.grid.doubts.filter(pl.col("at").is_in([column.at for column in one.columns]))
        .select(pl.lit(number, pl.UInt16).alias("list"), "line", "at", pl.col("why").alias("doubt"))
        .unique(_PLACE, keep="first", maintain_order=True)
        for number, one in enumerate(lists)
    ]  # fmt: skip
    return pl.concat(frames)


def _count_cells(own: pl.DataFrame, fates: pl.DataFrame, doubtful: pl.DataFrame) -> pl.DataFrame:
    """How many cells of each list have each fate; `own` counts its sure cells of each kind."""
    counted = own.join(fates.select("cell", "fate", "is_split"), on="cell", how="left")
    doubts = doubtful.group_by("list").len("lines").with_columns(
        pl.lit("aside").alias("fate"), pl.lit(value=False).alias("is_split")
    )  # fmt: skip
    both = pl.concat([counted.select("list", "lines", "fate", "is_split"),
                      doubts.select("list", "lines", "fate", "is_split")])  # fmt: skip
    lines = pl.col("lines")
    return both.group_by("list").agg(
        lines.sum().alias("cells"),
        *(lines.filter(pl.col("fate") == fate).sum().alias(fate)
          for fate in ("blank", "understood", "aside")),
        lines.filter("is_split").sum().alias("is_split"),
    ).sort("list")  # fmt: skip


def _count_others(own: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """How many cells of each list have codes of each code set that could not be judged."""
    is_other = (pl.col("status") == OTHER) & (pl.col("part") == "code")
    sets = found.filter(is_other).select("cell", "code_set").unique()
    return (
        own.join(sets, on="cell", how="inner").group_by("list", "code_set")
        .agg(pl.col("lines").sum()).sort("list", "code_set")
    )  # fmt: skip


def _count_lines(sure: pl.DataFrame, own: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """How many lines of each list have a code of each status; modifiers touch lines too."""
    counts = (pl.col("part") == "code") | pl.col("status").is_in(TOUCHED)
    told = found.filter(counts).select("cell", "status")
    judged = told.filter(pl.col("status") != OTHER).with_columns(pl.lit(JUDGED).alias("status"))
    kinds = pl.concat([told, judged]).unique()
    kinds = kinds.with_columns(pl.col("status").cast(pl.Enum([*STATUSES, JUDGED])))
    # Where a list has one column of codes, its cells are its lines.
    columns = sure.group_by("list").agg(pl.col("at").n_unique())
    single = columns.filter(pl.col("at") == 1)
    alone = own.join(single, on="list", how="semi").join(kinds, on="cell", how="inner")
    wide = sure.join(single, on="list", how="anti").join(kinds, on="cell", how="inner")
    lines = pl.concat([
        alone.group_by("list", "status").agg(pl.col("lines").sum()),
        wide.select(*_LINE, "status").unique().group_by("list", "status").len("lines"),
    ])  # fmt: skip
    return lines.select("list", pl.col("status").cast(pl.String), "lines").sort("list", "status")


def find_codes(cells: Cells, facts: Facts) -> pl.DataFrame:
    """Return each code in each cell with what is known of it: text, system, modifiers, part, ...

    Every token gives at least one row: a code that no release has is unknown, or of a set that was
    not given.
    """
    tokens = _choose_icd(cells.tokens, facts)
    singles = tokens.filter(pl.col("form").is_in(["code", MODIFIER]))
    ranges = _open_ranges(tokens.filter(pl.col("form") == "range"), facts)
    families = tokens.filter(pl.col("form") == "family")
    is_modifier = pl.col("form") == MODIFIER
    part = pl.when(is_modifier).then(pl.lit(MODIFIER)).otherwise(pl.lit("code"))
    wanted = pl.concat([singles, ranges]).with_columns(part.alias("part"))
    codes = facts.codes.with_columns(pl.col("kind").alias("part"))
    direct = wanted.join(
        codes.filter(pl.col("kind") != "header").drop("kind"),
        on=("code_set", "part", "code"), how="left",
    )  # fmt: skip
    headers = codes.filter(pl.col("kind") == "header").select("code_set", "code")
    missing = direct.filter(pl.col("status").is_null()).select(*tokens.columns, "part")
    of_family = missing.join(headers, on=("code_set", "code"), how="semi")
    unknown = missing.join(headers, on=("code_set", "code"), how="anti")
    whole = pl.concat([of_family, families.with_columns(pl.lit("code").alias("part"))])
    frames = [
        direct.filter(pl.col("status").is_not_null()),
        _judge_families(whole, facts),
        _judge_missing(unknown, facts),
    ]
    return pl.concat(frame.select(*_TOKEN, *_FINDING) for frame in frames).unique(
        maintain_order=True
    )


def _choose_icd(tokens: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """`tokens` of ICD-10 with the code set that has the code; diagnoses where none or both have."""
    is_icd = pl.col("code_set").is_in(["icd10", CM, PCS])
    rest, icd = tokens.filter(~is_icd), tokens.filter(is_icd)
    for code_set in (CM, PCS):
        codes = facts.codes.filter(pl.col("code_set") == code_set).select(
            "code", pl.lit(value=True).alias(f"in_{code_set}")
        )
        icd = icd.join(codes.unique("code"), on="code", how="left", maintain_order="left")
    in_cm, in_pcs = (pl.col(f"in_{one}").fill_null(value=False) for one in (CM, PCS))
    said = pl.col("code_set")
    chosen = (
        pl.when(in_cm & (said != PCS)).then(pl.lit(CM)).when(in_pcs).then(pl.lit(PCS))
        .when(in_cm).then(pl.lit(CM)).when(said == "icd10").then(
            pl.when(pl.col("code").str.contains("^[0-9]")).then(pl.lit(PCS))
            .otherwise(pl.lit(CM)))
        .otherwise(said)
    )  # fmt: skip
    return pl.concat([rest, icd.with_columns(chosen.alias("code_set")).select(tokens.columns)])


def _open_ranges(ranges: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """A row for each code of the releases within a range; both ends where there are none."""
    if not ranges.height:
        return ranges
    codes = facts.codes.filter(pl.col("kind") == "code").select("code_set", "code")
    numbered = ranges.with_row_index("range")
    within = numbered.rename({"code": "first"}).join(codes, on="code_set", how="inner").filter(
        pl.col("code") >= pl.col("first"),
        (pl.col("code") <= pl.col("last")) | pl.col("code").str.starts_with(pl.col("last")),
    )  # fmt: skip
    few = within.filter(pl.len().over("range") <= _WIDEST)
    ends = pl.concat([numbered, numbered.with_columns(pl.col("last").alias("code"))])
    both = ends.join(few.select("range").unique(), on="range", how="anti")
    return pl.concat(one.select(ranges.columns) for one in (few, both))


def _judge_missing(tokens: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """What no release has: unknown where the releases should have it, else of another code set."""
    given = [run.code_set for run in facts.runs]
    names = {run.code_set: f"{run.label} {{}}in neither release" for run in facts.runs}
    is_ours = pl.col("code_set").is_in(given) & ~_is_shipped_apart(facts)
    status = pl.when(is_ours).then(pl.lit(UNKNOWN)).otherwise(pl.lit(OTHER))
    label = pl.col("code_set").replace_strict(names, default="", return_dtype=pl.String)
    word = pl.when(pl.col("part") == MODIFIER).then(pl.lit("modifier ")).otherwise(pl.lit(""))
    cause = pl.when(status == UNKNOWN).then(
        label.str.replace("{}", word, literal=True)
    ).otherwise(pl.lit(""))  # fmt: skip
    return _fill(
        tokens.with_columns(status.alias("status"), cause.alias("cause"), cause.alias("origin"))
    )


def _is_shipped_apart(facts: Facts) -> pl.Expr:
    """Whether a code is of a kind that publishers ship apart, and that no release given has."""
    groups = [(_HCPCS, "code", _DENTAL)]
    for run in facts.runs:
        profile = profile_of(run.code_set)
        groups += [(run.code_set, "code", part.codes) for part in profile.parts]
        groups += [(run.code_set, MODIFIER, "")] if MODIFIER in profile.grammar else []
    is_apart = pl.lit(value=False)
    for code_set, kind, codes in groups:
        is_like = (pl.col("code_set") == code_set) & pl.col("code").str.contains(codes)
        if not facts.codes.select((is_like & (pl.col("kind") == kind)).any()).item():
            is_apart |= is_like & (pl.col("part") == kind)
    return is_apart


def _judge_families(tokens: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Families: changed where a code of theirs was added, deleted or revised, or the header was."""
    members = _count_members(tokens, facts)
    headers = facts.codes.filter(pl.col("kind") == "header").drop("kind", "cause")
    both = tokens.join(members, on=("code_set", "code"), how="left").join(
        headers, on=("code_set", "code"), how="left"
    )
    has_changed = pl.col("changed").fill_null(0) > 0
    is_there = pl.col("members").fill_null(0) > 0
    status = (
        pl.when(pl.col("status") == DELETED).then(pl.lit(DELETED))
        .when(has_changed).then(pl.lit(FAMILY))
        .when(pl.col("status").is_not_null()).then("status")
        .when(is_there).then(pl.lit(UNCHANGED)).otherwise(None)
    )  # fmt: skip
    judged = both.with_columns(status.alias("status"))
    is_family = pl.col("status") == FAMILY
    told = judged.filter(pl.col("status").is_not_null()).with_columns(
        pl.when(is_family).then("told").otherwise("reason").alias("reason"),
        pl.when(is_family).then("highest").otherwise("severity").alias("severity"),
        pl.when(is_family).then(pl.lit("")).otherwise("change").alias("change"),
        pl.when(is_family).then("first_day").otherwise("effective_date").alias("effective_date"),
        pl.when(pl.col("status") == UNCHANGED).then(pl.lit("")).otherwise(
            pl.format("family {} changed", "code")).alias("cause"),
    )  # fmt: skip
    lost = judged.filter(pl.col("status").is_null()).select(tokens.columns)
    known = _fill(told.select(*tokens.columns, *(name for name in _FINDING
                                                 if name not in tokens.columns)))  # fmt: skip
    return pl.concat([known, _judge_missing(lost, facts)])


def _count_members(tokens: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """By family how many codes it has, and how many changed in which way."""
    wanted = tokens.select("code_set", "code").unique()
    codes = facts.codes.filter(pl.col("kind") == "code")
    grave = pl.col("severity").replace_strict(
        {name: rank for rank, name in enumerate(SEVERITIES)}, default=-1, return_dtype=pl.Int64
    )
    counts = [(NEW, "new"), (DELETED, "deleted"), (REVISED, "revised")]
    is_changed = pl.col("status").is_in([name for name, _ in counts])
    frames = []
    for length in wanted["code"].str.len_chars().unique().sort():
        some = wanted.filter(pl.col("code").str.len_chars() == length)
        inside = codes.with_columns(pl.col("code").str.slice(0, length).alias("start"))
        frames.append(
            inside.join(some, left_on=("code_set", "start"), right_on=("code_set", "code"),
                        how="inner")
            .group_by("code_set", pl.col("start").alias("code")).agg(
                pl.len().alias("members"), is_changed.sum().alias("changed"),
                *((pl.col("status") == name).sum().alias(word) for name, word in counts),
                grave.filter(is_changed).max().alias("rank"),
                pl.col("effective_date").filter(is_changed).min().fill_null("").alias("first_day"),
            )
        )  # fmt: skip
    empty = {"code_set": pl.String, "code": pl.String, "members": pl.UInt32, "changed": pl.UInt32,
             **{word: pl.UInt32 for _, word in counts}, "rank": pl.Int64,
             "first_day": pl.String}  # fmt: skip
    found = pl.concat(frames) if frames else pl.DataFrame(schema=empty)
    words = [pl.when(pl.col(word) > 0).then(pl.format(f"{{}} {word}", word)).otherwise(None)
             for _, word in counts]  # fmt: skip
    names = dict(enumerate(SEVERITIES))
    return found.with_columns(
        pl.concat_str(words, separator=", ", ignore_nulls=True).alias("told"),
        pl.col("rank").replace_strict(names, default="", return_dtype=pl.String).alias("highest"),
    )


def _fill(frame: pl.DataFrame) -> pl.DataFrame:
    """Cell, modifiers, part and `_FINDING` of `frame`, empty where nothing is known."""
    there = {*frame.columns}
    return frame.select(
        *_TOKEN,
        *(pl.col(name).fill_null("") if name in there else pl.lit("").alias(name)
          for name in _FINDING),
    )  # fmt: skip
