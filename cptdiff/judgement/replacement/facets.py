"""What keeps two entries apart however alike their words are (workflow.md, pitfall 15)."""

from typing import Final, NamedTuple

import polars as pl

from cptdiff.vocabulary import CodeSet


class Axis(NamedTuple):
    """One opposition: each value with the words that name it; `silent` where none is named.

    Two entries clash where both have a value and the values differ; one that is silent with an
    empty value clashes with none.
    """

    name: str
    values: tuple[tuple[str, str], ...]
    silent: str = ""


AXES: Final = (
    Axis("side", (("right", r"\b(?:right|rt)\b"), ("left", r"\b(?:left|lt)\b"))),
    Axis(
        "sides",
        (
            ("one", r"\b(?:unilateral|right|left|rt|lt|one side)\b"),
            ("both", r"\b(?:bilateral|both|bilat)\b"),
        ),
    ),
    Axis("with", (("with", r"\bwith\b|\bw/(?:[^o]|o\w)"), ("without", r"\bwithout\b|\bw/o\b"))),
    Axis(
        "age",
        (
            (
                "child",
                (
                    r"\b(?:child\w*|pa?ediatric|infants?|newborns?|neonat\w*|fetal|adolescents?)\b"
                    r"|\b(?:younger|less) than (?:age )?\d+|\bunder (?:age )?\d+ years"
                    r"|\bage \d+ (?:years )?(?:and|or) (?:under|younger)"
                ),
            ),
            (
                "adult",
                (
                    r"\badults?\b|\b(?:age )?\d+ (?:years )?(?:of age )?(?:and|or) (?:over|older)\b"
                    r"|\bover (?:age )?\d+ years"
                ),
            ),
        ),
    ),
    Axis(
        "use",
        (("add-on", r"\beach additional\b|\badd[- ]on\b|\blist separately\b|\bin addition to\b"),),
        silent="primary",
    ),
    Axis(
        "encounter",
        (
            ("initial", r"\binitial\b"),
            ("subsequent", r"\bsubsequent\b"),
            ("sequela", r"\bsequelae?\b"),
        ),
    ),
)


class Cut(NamedTuple):
    """The characters of a code that mean the same in every code (formats.md 8.5, 9)."""

    name: str
    start: int
    width: int


# ICD-10-CM's seventh character (encounter, stage, fetus); PCS's table and its approach.
CUTS: Final = {
    CodeSet.ICD10CM: (Cut("extension", 6, 1),),
    CodeSet.ICD10PCS: (Cut("table", 0, 3), Cut("approach", 4, 1)),
}


def facets(entries: pl.DataFrame, code_set: CodeSet) -> pl.DataFrame:
    """`entries` (code, text) with a column for each axis and for each cut of their code set."""
    cuts = [
        pl.col("code").str.slice(cut.start, cut.width).alias(cut.name)
        for cut in CUTS.get(code_set, ())
    ]
    return entries.with_columns(*map(_value, AXES), *cuts)


def clash(other: str) -> pl.Expr:
    """Whether a pair clashes on any axis; the other entry's columns end in `other`."""
    clashes = [
        (pl.col(axis.name) != "")
        & (pl.col(axis.name + other) != "")
        & (pl.col(axis.name) != pl.col(axis.name + other))
        for axis in AXES
    ]
    return pl.any_horizontal(clashes)


def _value(axis: Axis) -> pl.Expr:
    named = [
        pl.when(pl.col("text").str.contains(pattern)).then(pl.lit(value)).otherwise(pl.lit(""))
        for value, pattern in axis.values
    ]
    value = pl.concat_str(named, separator=" ").str.strip_chars(" ")
    return pl.when(value == "").then(pl.lit(axis.silent)).otherwise(value).alias(axis.name)
