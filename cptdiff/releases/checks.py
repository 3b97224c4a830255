"""What becomes of every row: kept, collapsed or set aside; the row law (contract.md)."""

from dataclasses import dataclass

import polars as pl

from cptdiff.codesets import CodeSet
from cptdiff.errors import Refused
from cptdiff.formats import GRAMMAR
from cptdiff.model import RowCount
from cptdiff.releases.shapes import day
from cptdiff.releases.table import FAULTS, Table

# What tells rows of one code apart where a file rightly holds several (formats.md 1.7, 1.8).
_WITHIN_CODE = ("list", "descriptor_id")


@dataclass(frozen=True, eq=False)
class Checked:
    """The rows of one file that can be used, those that cannot (`FAULTS`), and the count."""

    frame: pl.DataFrame
    faults: pl.DataFrame
    rows: RowCount
    notes: tuple[str, ...]


def checked(table: Table, code_set: CodeSet, place: str) -> Checked:
    """`table` by code grammar and duplicates. Raises where the row law does not hold."""
    frame = table.frame
    notes: tuple[str, ...] = ()
    unlike = ambiguous = frame.clear()
    collapsed = 0
    good = _grammatical(frame, code_set)
    # As many hashes as rows: no code stands twice. Fewer: look closely.
    single = pl.col("code").hash().n_unique() == pl.len()
    all_good, all_single = frame.select(good.all(), single.alias("single")).row(0)
    if not all_good:
        frame, notes = _folded(frame, code_set, place)
        frame, unlike = frame.filter(good), frame.filter(~good)
    if not (all_good and all_single):
        frame, collapsed, ambiguous = _single(frame)
    frame, undated = _dated(frame)
    aside = _aside(table.faults, undated, unlike, ambiguous)
    rows = RowCount(table.read, frame.height, collapsed, aside.height)
    if rows.read != rows.kept + rows.collapsed + rows.quarantined:
        raise _law_broken(place, rows)
    if collapsed:
        notes += (f"{place}: rows collapsed into an equal twin: {collapsed:,}",)
    return Checked(frame, aside, rows, (*table.notes, *notes))


def _aside(
    unread: pl.DataFrame, undated: pl.DataFrame, unlike: pl.DataFrame, ambiguous: pl.DataFrame
) -> pl.DataFrame:
    faults = [
        unread,
        _as_faults(undated, "a date in it is none", "correct the date", "end_date"),
        _as_faults(unlike, "is not a code of this code set", "correct the code"),
        _as_faults(ambiguous, "the code stands twice with different content", "keep one row"),
    ]
    return pl.concat(faults).sort("line", "raw") if any(f.height for f in faults) else unread


def _folded(
    frame: pl.DataFrame, code_set: CodeSet, place: str
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Publishers' codes in upper case, aloud (reliability.md row 37); a user's keys as they are."""
    folded = pl.col("code").str.strip_chars(" ").str.to_uppercase()
    odd = frame.filter(folded != pl.col("code"))["code"]
    if code_set is CodeSet.TABLE or not odd.len():
        return frame, ()
    told = frame.with_columns(folded, pl.col("code").alias("spelled"))
    # Words in the code's place are quoted nowhere.
    codes = told.filter(pl.col("code") != pl.col("spelled"), _grammatical(told, code_set))
    some = f" ({codes['spelled'][0]}, ...)" if codes.height else ""
    many = f"{odd.len():,} codes were brought to upper case without blanks{some}"
    return told.drop("spelled"), (f"{place}: {many}",)


def _grammatical(frame: pl.DataFrame, code_set: CodeSet) -> pl.Expr:
    if code_set is CodeSet.TABLE:
        return pl.col("code") != ""
    fits = [
        (pl.col("kind") == kind) & pl.col("code").str.contains(rf"\A(?:{grammar})\z")
        for kind, grammar in GRAMMAR[code_set].items()
        if frame["kind"].first() == kind or frame["kind"].n_unique() > 1
    ]
    return pl.any_horizontal(fits) if fits else pl.lit(value=False)


def _single(frame: pl.DataFrame) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """One row for each code; equal rows collapse, of unequal ones none is used (rows 35, 36)."""
    key = ["kind", "code", *(name for name in _WITHIN_CODE if name in frame.columns)]
    varying = [name for name in key if name != "kind" or frame["kind"].n_unique() > 1]
    if frame.select(pl.struct(varying).n_unique() if len(varying) > 1 else pl.col("code").n_unique()
                    ).item() == frame.height:  # fmt: skip
        return frame, 0, frame.clear()
    content = [name for name in frame.columns if name not in {"line", "sequence"}]
    unique = frame.unique(content, keep="first", maintain_order=True)
    doubled = unique.group_by(key).len().filter(pl.col("len") > 1)
    ambiguous = frame.join(doubled, on=key, how="semi", maintain_order="left")
    kept = unique.join(doubled, on=key, how="anti", maintain_order="left")
    return kept, frame.height - kept.height - ambiguous.height, ambiguous


def _dated(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`frame`, and the rows whose date is none: what is ended must not pass for valid."""
    if "end_date" not in frame.columns:
        return frame, frame.clear()
    date = pl.col("end_date")
    said = ~date.str.contains(r"^0*$")
    wrong = frame.select(said & day("end_date").is_null()).to_series()
    return (frame.filter(~wrong), frame.filter(wrong)) if wrong.any() else (frame, frame.clear())


def _as_faults(rows: pl.DataFrame, fault: str, fix: str, column: str = "code") -> pl.DataFrame:
    if not rows.height:
        return pl.DataFrame(schema=FAULTS)
    cells = pl.selectors.string() - pl.selectors.by_name("kind", require_all=False)
    return rows.select(
        pl.col("line").cast(pl.Int64),
        "kind",
        "code",
        pl.lit(column).alias("column"),
        pl.lit(fault).alias("fault"),
        pl.concat_str(cells, separator="|").alias("raw"),
        pl.lit(fix).alias("fix"),
    )


def _law_broken(place: str, rows: RowCount) -> Refused:
    wrong = (
        f"{rows.read:,} rows were counted, but {rows.kept:,} kept, {rows.collapsed:,} collapsed"
        f" and {rows.quarantined:,} set aside"
    )
    return Refused("E199", place, wrong, "send the file's first lines to cptdiff's authors")
