"""What readers of lists share: words to changes, rows to `STATED_CHANGES`."""

import hashlib
from collections.abc import Mapping
from typing import Final

import polars as pl

from cptdiff.formats.published import DENTAL, LETTERS, WORDS
from cptdiff.stated import STATED_CHANGES, TOLD, PublishedList
from cptdiff.vocabulary import CodeSet

# The letters F, P and T tell of attributes.
WITH_ATTRIBUTES: Final = (*TOLD, "attributes-only")
_MODIFIER: Final = r"^[0-9A-Z]{2}$"


def listing(name: str, form: str, data: bytes, rows: pl.DataFrame) -> PublishedList:
    """A list of `rows`, which have some of the columns of `STATED_CHANGES`."""
    missing = [
        pl.lit(None if dtype == pl.Date else "", dtype).alias(column)
        for column, dtype in STATED_CHANGES.items()
        if column not in rows.columns
    ]
    changes = rows.with_columns(missing).select(
        pl.col(column).cast(dtype) if dtype == pl.Date else pl.col(column).fill_null("")
        for column, dtype in STATED_CHANGES.items()
    )
    return PublishedList(name, form, hashlib.sha256(data).hexdigest(), changes)


def change(words: pl.Expr) -> pl.Expr:
    """What `words` mean by `LETTERS` and `WORDS`; those that mean nothing known stay as they are.

    An empty cell states nothing.
    """
    said = words.str.strip_chars()
    meant = [pl.when(said == "").then(pl.lit("none"))]
    meant += [pl.when(said == letter).then(pl.lit(what)) for letter, what in LETTERS.items()]
    meant += [pl.when(said.str.contains(f"(?i){e}")).then(pl.lit(what)) for e, what in WORDS]
    return pl.coalesce(*meant, said)


def calendar_day(text: pl.Expr) -> pl.Expr:
    """YYYY-MM-DD, YYYYMMDD or MM/DD/YYYY as a day; anything else ("Pre-1982") is null."""
    said = text.str.strip_chars()
    return pl.coalesce(
        said.str.to_date(form, strict=False) for form in ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y")
    )


def hcpcs_kind(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with kind by the code's length."""
    is_modifier = pl.col("code").str.contains(_MODIFIER)
    return rows.with_columns(
        pl.when(is_modifier).then(pl.lit("modifier")).otherwise(pl.lit("code")).alias("kind")
    )


def without_dental(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """`rows` without the American Dental Association's codes, which CMS's files do not hold."""
    dental = rows["code"].str.contains(DENTAL)
    if not dental.any():
        return rows, ()
    note = f"dental codes (D0000 to D9999), in no HCPCS file, not used: {dental.sum():,}"
    return rows.filter(~dental), (note,)


def spelled(code: pl.Expr, code_set: CodeSet) -> pl.Expr:
    """`code` as the code set's data files spell it: upper case, ICD-10 without the dot."""
    bare = code.str.strip_chars()
    if code_set is CodeSet.TABLE:
        return bare
    upper = bare.str.to_uppercase()
    return upper.str.replace_all(".", "", literal=True) if code_set in _DOTTED else upper


_DOTTED: Final = (CodeSet.ICD10CM, CodeSet.ICD10PCS)


def touched(words: pl.Expr, known: Mapping[str, str]) -> pl.Expr:
    """The fields that `words` name, as a list; one empty name where they name none."""
    found = pl.concat_list(
        pl.when(words.str.contains(f"(?i){expression}")).then(pl.lit(field))
        for expression, field in known.items()
    ).list.drop_nulls()
    return pl.when(found.list.len() > 0).then(found).otherwise(pl.concat_list(pl.lit("")))
