"""What the rungs of the evidence ladder look at: the deleted entries, and what may replace them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from cptdiff.descriptors import longest_descriptor
from cptdiff.judgement.replacement.facets import facets
from cptdiff.model import KIND, Changes, Release
from cptdiff.sections import PLACES, placed
from cptdiff.stated import Stated
from cptdiff.vocabulary import CodeSet

# What a rung returns: one row for each replacement that it finds. `score` ranks, highest first; a
# `confidence` that is empty is the rung's own; `end` marks a stated replacement that current does
# not hold.
FOUND: Final = pl.Schema(
    {
        "kind": KIND,
        "code": pl.String(),
        "replacement": pl.String(),
        "score": pl.Float64(),
        "confidence": pl.String(),
        "note": pl.String(),
        "end": pl.Boolean(),
    }
)
KEY: Final = ("kind", "code")
# So many entries, evenly taken, tell how seldom a word is.
_SAMPLE: Final = 10_000
# "Not otherwise specified" is said of things that have nothing to do with each other.
_EMPTY: Final = ("not", "otherwise", "specified", "classified")


@dataclass(frozen=True, eq=False)
class Case:
    """One comparison as the rungs see it; `sections` is `cptdiff.sections.ranges`."""

    changes: Changes
    stated: Stated
    sections: pl.DataFrame

    @property
    def code_set(self) -> CodeSet:
        """Both releases' code set."""
        return self.changes.current.code_set

    @cached_property
    def deleted(self) -> pl.DataFrame:
        """Deleted codes and modifiers: kind, code, text, words, `PLACES` and facets."""
        return self._described(self.changes.deleted, self.changes.previous)

    @cached_property
    def added(self) -> pl.DataFrame:
        """Added codes and modifiers, with the same columns."""
        return self._described(self.changes.added, self.changes.current)

    @cached_property
    def current(self) -> pl.DataFrame:
        """What a code can be replaced by: kind and code of current's codes and modifiers."""
        return _codes(self.changes.current.entries).select(KEY)

    @cached_property
    def word_weights(self) -> pl.DataFrame:
        """word, weight: the logarithm of how seldom a word is among current's entries."""
        entries = self.changes.current.entries
        sample = entries.gather_every(max(entries.height // _SAMPLE, 1))
        tokens = worded(sample, self.changes.current)["words"].str.split(" ").list.unique()
        counted = tokens.explode(empty_as_null=True).rename("word").value_counts(name="entries")
        weight = (pl.lit(max(sample.height, 1)) / pl.col("entries")).log()
        empty = pl.col("word").is_in(_EMPTY)
        return counted.select("word", pl.when(empty).then(0.0).otherwise(weight).alias("weight"))

    def previous_of(self, categories: pl.Series) -> pl.DataFrame:
        """Previous's codes in these ICD-10 categories (three characters), with texts and facets."""
        entries = self.changes.previous.entries.filter(
            (pl.col("kind") == "code") & pl.col("code").str.head(3).is_in(categories.implode())
        )
        return facets(worded(entries, self.changes.previous), self.code_set)

    def placed(self, entries: pl.DataFrame) -> pl.DataFrame:
        """`entries` (kind, code) with `PLACES`."""
        return placed(entries, self.code_set, self.sections).select(*entries.columns, *PLACES)

    def _described(self, entries: pl.DataFrame, release: Release) -> pl.DataFrame:
        return self.placed(facets(worded(_codes(entries), release), self.code_set))


def worded(entries: pl.DataFrame, release: Release) -> pl.DataFrame:
    """kind, code, text (the longest descriptor) and words (lower case, without punctuation)."""
    text = longest_descriptor(release, entries.columns).str.to_lowercase()
    words = text.str.replace_all(r"[^\p{Alphabetic}\p{N}]+", " ").str.strip_chars(" ")
    return entries.select(*KEY, text.alias("text"), words.alias("words"))


def found(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` as `FOUND`, what they lack filled up; they have kind, code and replacement."""
    fill = {"score": 1.0, "confidence": "", "note": "", "end": False}
    lacking = [pl.lit(v).alias(name) for name, v in fill.items() if name not in rows.columns]
    return rows.with_columns(lacking).select(
        pl.col(name).cast(dtype) for name, dtype in FOUND.items()
    )


def nothing() -> pl.DataFrame:
    """An empty `FOUND`."""
    return pl.DataFrame(schema=FOUND)


def _codes(entries: pl.DataFrame) -> pl.DataFrame:
    """Headers are no codes that a bill could hold."""
    return entries.filter(pl.col("kind") != "header")
