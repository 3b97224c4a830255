"""Addenda of ICD-10: tagged lines, then a trailer of counts."""

import re
from dataclasses import replace
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets.lists import COUNTS, PARTS, TAG_WIDTH, TAGS
from cptdiff.errors import Refused
from cptdiff.lists.columns import make_list
from cptdiff.model import PublishedList, Total, make_notes
from cptdiff.reading import decode, split_lines, unify_line_ends

_OF_WHICH: Final = "of which"
_QUOTE_LENGTH: Final = 60
_FIX: Final = "compare it with the lines around it, or get the file again"


class _Body(NamedTuple):
    """Where a line's parts stand behind the tag; the kind is the flag's, or told by the code."""

    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    code: int
    short: int | None
    long: int


_CM = _Body(("code", "header"), ("short", "long"), 2, 10, 71)
_PCS = _Body(("code", "header"), ("short", "long"), 0, 8, 69)
_CODES = _Body(("code",), ("long",), 0, None, 8)


def read_addenda(place: str, name: str, data: bytes) -> PublishedList:
    """The changes and the trailer's totals; a list without a trailer is not whole.

    Raises `Refused` (E330) at a line above the trailer that is no change, and at half a revision.
    """
    lines = split_lines(unify_line_ends(decode(place, data, ansi=True))).with_columns(
        pl.col("text").str.head(TAG_WIDTH).str.strip_chars_end().alias("tag"),
        pl.col("text").str.slice(TAG_WIDTH).alias("body"),
    )
    tagged = lines.filter(pl.col("tag").is_in(list(TAGS)))
    rest = lines.filter(~pl.col("tag").is_in(list(TAGS)) & (pl.col("text").str.strip_chars() != ""))
    totals, notes = _read_trailer(place, rest)
    if not (tagged.height or totals):
        raise Refused(
            "E330", place, "contains no change and no count", "check that it is an addenda"
        )
    body = _find_body(place, name, tagged, totals)
    found = make_list(name, "addenda", data, _list_changes(place, _cut_columns(tagged, body), body))
    if not totals:
        notes = (*notes, "has no counts at its end; treated as a partial list")
    return replace(
        found,
        totals=totals,
        whole=bool(totals),
        notes=make_notes("list", notes),
        kinds=body.kinds,
        fields=body.fields,
    )


def _read_trailer(place: str, rest: pl.DataFrame) -> tuple[tuple[Total, ...], tuple[str, ...]]:
    """The totals, and what in the trailer is no count: told, for its words may change."""
    part, totals, odd = "", [], []
    for line, text in rest.select("line", pl.col("text").str.strip_chars_end()).iter_rows():
        heading = text.strip().rstrip(":")
        found = next(((m, what) for said, what in COUNTS if (m := re.search(said, text))), None)
        if heading in PARTS:
            part = PARTS[heading]
        elif not part:
            wrong = "is neither a change nor a count"
            raise Refused("E330", f"{place}:{line}", wrong, _FIX, f": {heading[:_QUOTE_LENGTH]}")
        elif found:
            match, what = found
            file = match[2].strip() if what == "entries" else ""
            totals.append(Total(part, what, int(match[1].replace(",", "")), file))
        elif heading != _OF_WHICH:
            odd.append(f"line {line} of its trailer was not understood")
    return tuple(totals), tuple(odd)


def _find_body(place: str, name: str, tagged: pl.DataFrame, totals: tuple[Total, ...]) -> _Body:
    """CM flags its lines; a codes addenda is told by its name, else by having no headers."""
    flagged = tagged["body"].str.contains(r"^[01] [0-9A-Z]")
    if tagged.height and flagged.all():
        return _CM
    if flagged.any():
        line = tagged.filter(~flagged)["line"][0]
        raise Refused("E330", f"{place}:{line}", "has no flag, other lines have one", _FIX)
    if re.search(r"codes[-_ ]", name, re.IGNORECASE):
        return _CODES
    by_headers = any(total.kind == "header" for total in totals)
    if by_headers or re.search(r"order", name, re.IGNORECASE):
        return _PCS
    wide = tagged["body"].str.contains(r"^.{7} .{60} \S")
    return _PCS if wide.all() else _CODES


def _cut_columns(tagged: pl.DataFrame, body: _Body) -> pl.DataFrame:
    cells = pl.col("body")
    short = pl.lit("") if body.short is None else cells.str.slice(body.short, 60)
    code = cells.str.slice(body.code, 7).str.strip_chars_end()
    if body is _CM:
        header = cells.str.head(1) == "0"
    else:
        header = (code.str.len_chars() == 3) & ("header" in body.kinds)  # noqa: PLR2004 - a PCS table
    return tagged.select(
        "line",
        pl.col("tag").replace_strict(TAGS).alias("change"),
        pl.col("tag").str.strip_suffix(":").alias("action"),
        pl.when(header).then(pl.lit("header")).otherwise(pl.lit("code")).alias("kind"),
        code.alias("code"),
        short.str.strip_chars_end().alias("short"),
        cells.str.slice(body.long).alias("long"),
    )


def _list_changes(place: str, rows: pl.DataFrame, body: _Body) -> pl.DataFrame:
    """Additions and deletions with their long title, revisions once for each title that differs."""
    before = [pl.col(c).shift(1).alias(f"{c}_before") for c in ("change", "kind", "code", *_TITLES)]
    rows = _split_flag_changes(rows).with_columns(before)
    same = (pl.col("kind") == pl.col("kind_before")) & (pl.col("code") == pl.col("code_before"))
    is_to = pl.col("change") == "revised"
    paired = is_to & (pl.col("change_before") == "from") & same
    lone = rows.filter((is_to & ~paired.fill_null(value=False)) | _pick_only_title())
    if lone.height:
        wrong = f"revision of {lone['code'][0]} is incomplete: it needs both from and to"
        raise Refused("E330", f"{place}:{lone['line'][0]}", wrong, _FIX)
    whole = rows.filter(~pl.col("change").is_in(["from", "revised"])).select(
        "line", "kind", "code", "change", "action", pl.lit("long").alias("field"),
        pl.when(pl.col("change") == "deleted").then("long").otherwise(pl.lit("")).alias("previous"),
        pl.when(pl.col("change") == "added").then("long").otherwise(pl.lit("")).alias("current"),
    )  # fmt: skip
    revised = rows.filter(is_to)
    titles = [_list_title_revisions(revised, field) for field in body.fields]
    silent = revised.filter(pl.all_horizontal(pl.col(f"{t}_before") == pl.col(t) for t in _TITLES))
    return (
        pl.concat([whole, *titles, _shape_rows(silent, "", "long")])
        .sort("line", "field")
        .drop("line")
    )


_TITLES: Final = ("short", "long")


def _split_flag_changes(rows: pl.DataFrame) -> pl.DataFrame:
    """A revision from one flag to the other is a deletion and an addition."""
    kind, code, said = pl.col("kind"), pl.col("code"), pl.col("change")
    turned = (kind != kind.shift(-1)) & (code == code.shift(-1)) & (said == "from")
    turned = (turned & (said.shift(-1) == "revised")).fill_null(value=False)
    gone = pl.when(turned).then(pl.lit("deleted"))
    come = gone.when(turned.shift(1, fill_value=False)).then(pl.lit("added"))
    return rows.with_columns(come.otherwise(said).alias("change"))


def _pick_only_title() -> pl.Expr:
    after = pl.col("change").shift(-1).fill_null("")
    return (pl.col("change") == "from") & (after != "revised")


def _list_title_revisions(revised: pl.DataFrame, field: str) -> pl.DataFrame:
    return _shape_rows(revised.filter(pl.col(f"{field}_before") != pl.col(field)), field, field)


def _shape_rows(rows: pl.DataFrame, field: str, text: str) -> pl.DataFrame:
    return rows.select(
        "line", "kind", "code", "change", pl.lit("Revise").alias("action"),
        pl.lit(field).alias("field"), pl.col(f"{text}_before").alias("previous"),
        pl.col(text).alias("current"),
    )  # fmt: skip
