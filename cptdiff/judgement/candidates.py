"""A deleted code, the new ones beside it, and how their wordings clash."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.model import KIND, Changes, Release, Stated, pick_longest
from cptdiff.sections import PLACES, Sections, place_codes


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


def add_facets(entries: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """`entries` (code, text) with a column for each axis and for each cut of their code set."""
    segments = [
        pl.col("code").str.slice(segment.start, segment.width).alias(segment.name)
        for segment in profile.segments
    ]
    return entries.with_columns(*map(_find_value, AXES), *segments)


def clashes(other: str) -> pl.Expr:
    """Whether a pair clashes on any axis; the other entry's columns end in `other`."""
    clashes = [
        (pl.col(axis.name) != "")
        & (pl.col(axis.name + other) != "")
        & (pl.col(axis.name) != pl.col(axis.name + other))
        for axis in AXES
    ]
    return pl.any_horizontal(clashes)


def _find_value(axis: Axis) -> pl.Expr:
    named = [
        pl.when(pl.col("text").str.contains(pattern)).then(pl.lit(value)).otherwise(pl.lit(""))
        for value, pattern in axis.values
    ]
    value = pl.concat_str(named, separator=" ").str.strip_chars(" ")
    return pl.when(value == "").then(pl.lit(axis.silent)).otherwise(value).alias(axis.name)


# What the basis alone says; elsewhere the numbers on both sides do.
_BY_BASIS: Final = {"identical-text": "same", "similar-text": "possible", "unlisted": "unlisted"}
_CATEGORY_III: Final = r"^[0-9]{4}T$"
_CATEGORY_I: Final = r"^[0-9]{5}$"


def add_relation(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (kind, code, replacement, basis) with relation.

    none, same, possible, unlisted, converted (Category III to I), split (1:n), merged (n:1) or
    replaced-by.
    """
    known = pl.col("basis").replace_strict(_BY_BASIS, default=None, return_dtype=pl.String)
    counted = known.is_null() & (pl.col("replacement") != "")
    successors = counted.sum().over(KEY)
    ancestors = counted.sum().over("kind", "replacement")
    conversion = (pl.col("basis") == "conversion") | (
        pl.col("code").str.contains(_CATEGORY_III) & pl.col("replacement").str.contains(_CATEGORY_I)
    )
    relation = (
        pl.when(pl.col("replacement") == "").then(pl.lit("none"))
        .when(known.is_not_null()).then(known)
        .when(conversion).then(pl.lit("converted"))
        .when(successors > 1).then(pl.lit("split"))
        .when(ancestors > 1).then(pl.lit("merged"))
        .otherwise(pl.lit("replaced-by"))
    )  # fmt: skip
    return rows.with_columns(relation.alias("relation"))


# What a rung returns: one row for each replacement that it finds. `score` ranks, highest first; a
# `confidence` or a `note` that is empty is the rung's own; `quoted` is what a table says in the
# note's place, and `trail` goes on from it. `end` marks a stated replacement that current does not
# hold.
CANDIDATES: Final = pl.Schema(
    {
        "kind": KIND,
        "code": pl.String(),
        "replacement": pl.String(),
        "score": pl.Float64(),
        "confidence": pl.String(),
        "note": pl.String(),
        "quoted": pl.String(),
        "trail": pl.String(),
        "end": pl.Boolean(),
    }
)
KEY: Final = ("kind", "code")
_TEXTS: Final = ("confidence", "note", "quoted", "trail")
# So many entries, evenly taken, tell how seldom a word is.
_SAMPLE: Final = 10_000
# "Not otherwise specified" is said of things that have nothing to do with each other.
_EMPTY: Final = ("not", "otherwise", "specified", "classified")


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """One comparison as the rungs see it; `sections` are those of the code set."""

    changes: Changes
    stated: Stated
    sections: Sections

    @property
    def profile(self) -> Profile:
        """How both releases' code set behaves."""
        return self.changes.current.profile

    @cached_property
    def deleted(self) -> pl.DataFrame:
        """Deleted codes and modifiers: kind, code, text, words, `PLACES` and facets."""
        return self._describe(self.changes.deleted, self.changes.previous)

    @cached_property
    def added(self) -> pl.DataFrame:
        """Added codes and modifiers, with the same columns."""
        return self._describe(self.changes.added, self.changes.current)

    @cached_property
    def current(self) -> pl.DataFrame:
        """What a code can be replaced by: kind and code of current's codes and modifiers."""
        return _drop_headers(self.changes.current.entries).select(KEY)

    @cached_property
    def word_weights(self) -> pl.DataFrame:
        """word, weight: the logarithm of how seldom a word is among current's entries."""
        entries = self.changes.current.entries
        sample = entries.gather_every(max(entries.height // _SAMPLE, 1))
        tokens = add_words(sample, self.changes.current)["words"].str.split(" ").list.unique()
        counted = tokens.explode(empty_as_null=True).rename("word").value_counts(name="entries")
        weight = (pl.lit(max(sample.height, 1)) / pl.col("entries")).log()
        empty = pl.col("word").is_in(_EMPTY)
        return counted.select("word", pl.when(empty).then(0.0).otherwise(weight).alias("weight"))

    def list_previous(self, categories: pl.Series) -> pl.DataFrame:
        """Previous's codes in these ICD-10 categories (three characters), with texts and facets."""
        entries = self.changes.previous.entries.filter(
            (pl.col("kind") == "code") & pl.col("code").str.head(3).is_in(categories.implode())
        )
        return add_facets(add_words(entries, self.changes.previous), self.profile)

    def add_places(self, entries: pl.DataFrame) -> pl.DataFrame:
        """`entries` (kind, code) with `PLACES`."""
        found = place_codes(entries, self.sections)
        return found.select(*entries.columns, *PLACES)

    def _describe(self, entries: pl.DataFrame, release: Release) -> pl.DataFrame:
        return self.add_places(add_facets(add_words(_drop_headers(entries), release), self.profile))


def add_words(entries: pl.DataFrame, release: Release) -> pl.DataFrame:
    """kind, code, text (the longest descriptor) and words (lower case, without punctuation)."""
    text = pick_longest(release, entries.columns).str.to_lowercase()
    words = text.str.replace_all(r"[^\p{Alphabetic}\p{N}]+", " ").str.strip_chars(" ")
    return entries.select(*KEY, text.alias("text"), words.alias("words"))


def shape_candidates(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` as `CANDIDATES`, what they lack filled up; they have kind, code and replacement."""
    fill = {"score": 1.0, **dict.fromkeys(_TEXTS, ""), "end": False}
    lacking = [pl.lit(v).alias(name) for name, v in fill.items() if name not in rows.columns]
    return rows.with_columns(lacking).select(
        pl.col(name).cast(dtype) for name, dtype in CANDIDATES.items()
    )


def no_candidates() -> pl.DataFrame:
    """An empty `CANDIDATES`."""
    return pl.DataFrame(schema=CANDIDATES)


def _drop_headers(entries: pl.DataFrame) -> pl.DataFrame:
    """Headers are no codes that a bill could hold."""
    return entries.filter(pl.col("kind") != "header")
