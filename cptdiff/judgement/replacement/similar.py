"""Replacements by wording: the same text under another code, a conversion, alike texts."""

from typing import Final

import polars as pl

from cptdiff.judgement.replacement.case import KEY, Case, found, nothing
from cptdiff.judgement.replacement.facets import CUTS
from cptdiff.judgement.replacement.hierarchy import related
from cptdiff.judgement.replacement.likeness import alike
from cptdiff.vocabulary import CodeSet

# Category III to Category I (formats.md 11, trap 17), and HCPCS's temporary letters to others.
_CONVERSIONS: Final = {
    CodeSet.CPT: (r"^[0-9]{4}T$", r"^[0-9]{5}$"),
    CodeSet.HCPCS: (r"^[CKQS]", r"^[ABDEGHJLMPRTV]"),
}
# The least likeness (likeness.py) that is told.
_LEAST: Final = 0.6
# Words that more entries than this share name none of them.
_COMMON: Final = 5
# A sibling's new section is searched too: codes with these first characters are siblings.
_SIBLINGS: Final = 4
# What an ICD-10-CM class of the rest holds depends on its neighbours, not on its words.
_REST: Final = r"\bother\b"


def identical(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`FOUND`: the same words, stripped of case and punctuation, under a new code (renumbered).

    An ICD-10-CM child that repeats the words of the code that it divides is one of several: that
    is for the hierarchy to tell.
    """
    old, new = (
        frame.filter(pl.col("words") != "", pl.len().over("kind", "words") <= _COMMON)
        for frame in (case.deleted, case.added)
    )
    pairs = old.join(new, on=("kind", "words"), suffix=" new")
    if case.code_set is CodeSet.ICD10CM:
        divided = related(case.deleted, case.added)
        pairs = pairs.filter(~pl.col("words").str.contains(_REST)).join(
            divided, left_on=("code", "code new"), right_on=("code", "replacement"), how="anti"
        )
    pairs = pairs.select(*KEY, pl.col("code new").alias("replacement"))
    return found(pairs.join(open_, on=KEY, how="semi").sort(*KEY, "replacement"))


def converted(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`FOUND`: temporary codes whose words came back under a permanent code, in any section."""
    if case.code_set not in _CONVERSIONS:
        return nothing()
    temporary, permanent = _CONVERSIONS[case.code_set]
    old = case.deleted.join(open_, on=KEY, how="semi").filter(
        pl.col("code").str.contains(temporary)
    )
    new = case.added.filter(pl.col("code").str.contains(permanent))
    return alike(case, old, new, ["kind", "use"], _LEAST)


def similar(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`FOUND`: added codes of the same section with much the same words.

    Also of a section that a sibling was renumbered into; never a code that is another one's
    renumbering.
    """
    renumbered = identical(case, case.deleted.select(KEY))
    new = case.added.join(renumbered, left_on=KEY, right_on=("kind", "replacement"), how="anti")
    siblings = pl.col("code").str.head(_SIBLINGS).alias("siblings")
    to = case.added.select("kind", pl.col("code").alias("replacement"), "section")
    moved = renumbered.join(to, on=("kind", "replacement")).select("kind", siblings, "section")
    old = case.deleted.join(open_, on=KEY, how="semi").with_columns(siblings)
    guests = old.drop("section").join(moved.unique(), on=("kind", "siblings")).select(old.columns)
    homes = pl.concat([old.filter(pl.col("section") != ""), guests])
    homes = homes.unique((*KEY, "section"), maintain_order=True)
    cuts = [cut.name for cut in CUTS.get(case.code_set, ())]
    return alike(case, homes, new, ["kind", "section", "use", *cuts], _LEAST)
