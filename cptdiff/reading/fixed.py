"""Fixed-width files, with or without continuation records."""

import polars as pl

from cptdiff.codesets.layout import Column, Continued, FixedWidth
from cptdiff.reading.ledger import Ledger, make_table
from cptdiff.reading.lines import Lines, sort_lines
from cptdiff.reading.rows import Table, make_faults, make_no_faults, make_odd_faults
from cptdiff.reading.text import Text
from cptdiff.reading.wholeness import find_line_breaks

_BREAK = "E150: is followed by a line that may be its end", "compare the two lines"
# What begins like an entry: four characters or more, a digit among them.
_BEGINS = r"^\ufeff|^\s*(?:[0-9]\S{3}|\S[0-9]\S\S|\S\S[0-9]\S|\S{3}[0-9])"
_CODE = 5
_ODD = "E150: does not look like an entry", "compare it with the lines around it"


def read_fixed(text: Text, layout: FixedWidth) -> Table:
    """One entry a line."""
    lines = sort_lines(text, layout)
    broken = _find_broken(lines)
    cut = pl.col("line").is_in(broken)
    entries = lines.data.select("line", "text", *_cut_columns(layout))
    ended = make_faults(entries.filter(cut), *_BREAK) if broken else make_no_faults()
    frame = (entries.remove(cut) if broken else entries).drop("text")
    odd = make_odd_faults(lines.odd, *_ODD)
    faults = pl.concat([_add_seconds(odd, lines, layout), ended])
    ledger = Ledger(lines.blank, lines.above, frame.height, odd.height + ended.height)
    breaks = find_line_breaks(text, lines, layout)
    return make_table(text, frame, faults, ledger, preamble=lines.preamble, breaks=breaks)


def read_continued(text: Text, layout: Continued) -> Table:
    """One entry over one or more lines; a run of lines with a gap is set aside whole."""
    lines = sort_lines(text, layout.fixed)
    numbered = _number_lines(lines, layout)
    torn = _count_of(numbered, pl.col("torn"))
    broken = _count_of(numbered, pl.col("line").is_in(_find_broken(lines))).join(
        torn, "entry", how="anti"
    )
    aside = pl.concat([torn["entry"], broken["entry"]])
    whole = numbered.remove(pl.col("entry").is_in(aside.implode())) if aside.len() else numbered
    frame = _join(whole, layout)
    odd = make_odd_faults(lines.odd, *_ODD)
    faults = pl.concat(
        [
            _add_seconds(odd, lines, layout.fixed),
            make_faults(broken, *_BREAK),
            make_faults(
                torn,
                "E156: continuation records are missing or out of order",
                "get the file again",
                layout.text,
            ),
        ]
    )
    entries, *others = (int(rows["lines"].sum()) for rows in (frame, torn, broken))
    ledger = Ledger(lines.blank, lines.above, entries, odd.height + sum(others))
    breaks = find_line_breaks(text, lines, layout.fixed)
    return make_table(
        text, frame.drop("lines"), faults, ledger, preamble=lines.preamble, breaks=breaks
    )


def _count_of(numbered: pl.DataFrame, which: pl.Expr) -> pl.DataFrame:
    """Return the first lines of the entries with a line that is `which`, and how many they are."""
    found = numbered.filter(which)["entry"].unique()
    lines = numbered.filter(pl.col("entry").is_in(found.implode()))
    firsts = pl.col("line", "text", "kind", "code").first()
    return lines.group_by("entry", maintain_order=True).agg(firsts, pl.len().alias("lines"))


def _find_broken(lines: Lines) -> list[int]:
    """The lines of data right above one that may be their end: it begins with no code, or theirs.

    Between pages stands a blank line, so that a banner there is no entry's end.
    """
    if not lines.odd.height:
        return []
    above = lines.data.select(pl.col("line") + 1, pl.col("text").alias("above"))
    pairs = lines.odd.join(above, "line")
    own = pl.col("code").str.len_chars() >= _CODE
    carried = own & pl.col("above").str.to_uppercase().str.starts_with(pl.col("code"))
    ends = pairs.filter(~pl.col("text").str.contains(_BEGINS) | carried)
    return (ends["line"] - 1).to_list()


def _add_seconds(faults: pl.DataFrame, lines: Lines, layout: FixedWidth) -> pl.DataFrame:
    """Return the `faults` of odd lines, twice for a line in which two entries were joined."""
    if not layout.joined or not faults.height:
        return faults
    behind = pl.col("text").str.slice(layout.lead)
    both = pl.col("text").str.contains(layout.row) & behind.str.contains(layout.joined)
    code = behind.str.extract(layout.joined).str.strip_chars()
    seconds = lines.odd.filter(both).with_columns(code.alias("code"))
    return pl.concat([faults, make_odd_faults(seconds, *_ODD)]).sort("line", maintain_order=True)


def _cut_columns(layout: FixedWidth) -> list[pl.Expr]:
    kinds = [] if layout.kinds else [pl.lit("code").alias("kind")]
    return [*kinds, *(_cut_column(column, layout) for column in layout.columns)]


def _cut_column(column: Column, layout: FixedWidth) -> pl.Expr:
    cut = pl.col("text").str.slice(column.start - 1, column.width)
    if column.name == "kind":
        return cut.replace_strict(dict(layout.kinds), default="", return_dtype=pl.String).alias(
            "kind"
        )
    if column.name == "code":
        return cut.str.strip_chars(" ").alias("code")
    return (cut if column.exact else cut.str.strip_chars_end(" ")).alias(column.name)


def _number_lines(lines: Lines, layout: Continued) -> pl.DataFrame:
    """The lines with entry (a number), piece, and whether they are out of step with it."""
    at = {column.name: column for column in layout.fixed.columns}
    sequence = _cut_column(at["sequence"], layout.fixed).cast(pl.Int64)
    kind = _cut_column(at["kind"], layout.fixed) if "kind" in at else pl.lit("code").alias("kind")
    named = lines.data.lazy().with_columns(
        kind,
        pl.col("text").str.contains(layout.first).alias("is_first"),
        _cut_column(at["code"], layout.fixed),
        sequence.alias("sequence"),
        _cut_column(at[layout.text], layout.fixed).alias("piece"),
    )
    # A further line below another code has lost its first line: an entry of its own, set aside.
    begins = pl.col("is_first") | (pl.col("code") != pl.col("code").shift(1)).fill_null(value=True)
    follows = pl.col("sequence") == pl.col("sequence").shift(1) + layout.step
    torn = pl.when(begins).then(~pl.col("is_first")).otherwise(~follows)
    return named.with_columns(begins.cum_sum().alias("entry"), torn.alias("torn")).collect()


def _join(numbered: pl.DataFrame, layout: Continued) -> pl.DataFrame:
    """Return one row for each entry, and on how many `lines` it stands."""
    pieces = (
        numbered.lazy()
        .group_by("entry", maintain_order=True)
        .agg(
            pl.col("line").first(),
            pl.col("text").first(),
            pl.len().alias("lines"),
            pl.col("piece").filter(pl.col("piece") != "").str.join(" ").alias("joined"),
        )
    )
    columns = [c for c in layout.fixed.columns if c.name not in {"sequence", layout.text}]
    kinds = [] if layout.fixed.kinds else [pl.lit("code").alias("kind")]
    return pieces.select(
        "line",
        "lines",
        *kinds,
        *(_cut_column(column, layout.fixed) for column in columns),
        pl.col("joined").alias(layout.text),
    ).collect()
