"""Replacements by wording: alike texts of one section."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cptdiff.judgement.candidates import (
    AXES,
    KEY,
    Case,
    add_words,
    clashes,
    no_candidates,
    shape_candidates,
)
from cptdiff.judgement.hierarchy import pair_relatives
from cptdiff.model import KIND
from cptdiff.sections import PLACES

# Of 100: the words of the shorter text found in the longer one. A quick sieve, no judgement.
_SIEVE: Final = 60.0
# Of one added code's likenesses, what stays behind the best by more than this is none.
_BEST: Final = 0.95
# And of one deleted code's likenesses.
_NEAR: Final = 0.7
# More pairs in one place than this are no change that a coder reviews code by code.
_MOST_PAIRS: Final = 2_000_000
_PAIRS: Final = pl.Schema({"kind": KIND, "code": pl.String(), "replacement": pl.String()})


def find_alike(
    case: Case, old: pl.DataFrame, new: pl.DataFrame, within: list[str], least: float
) -> pl.DataFrame:
    """`CANDIDATES`: pairs of `old` and `new` that have `within` in common and much the same words.

    The score, from `least` to 1, is the weight of the shared words: half as part of both texts,
    half as part of the shorter one. Pairs that clash on an axis are none, and of the pairs with
    one replacement, or with one deleted code, only those count that are near the best.
    """
    old, new = (frame.filter(pl.col("words") != "").sort(KEY) for frame in (old, new))
    pairs = pl.DataFrame(list(_sieve_pairs(old, new, within)), _PAIRS, orient="row").unique()
    if not pairs.height:
        return no_candidates()
    weights = case.word_weights
    said, says = (_weigh_words(frame, weights) for frame in (old, new))
    both = pairs.join(said, on=KEY).join(
        says, left_on=("kind", "replacement"), right_on=KEY, suffix=" new"
    )
    fit = both.filter(~clashes(" new"))
    scored = fit.with_columns(_weigh_shared(fit, weights)).with_columns(_score_pair())
    best_of_new = pl.col("score").max().over("kind", "replacement")
    best_of_old = pl.col("score").max().over(KEY)
    limit = pl.max_horizontal(least, best_of_new * _BEST, best_of_old * _NEAR)
    return shape_candidates(scored.filter(pl.col("score") >= limit))


def _sieve_pairs(
    old: pl.DataFrame, new: pl.DataFrame, within: list[str]
) -> Iterator[tuple[str, str, str]]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - start-up stays light

    said, says = (_group_entries(frame, within) for frame in (old, new))
    for key in sorted(said.keys() & says.keys()):
        if len(said[key]) * len(says[key]) > _MOST_PAIRS:
            continue
        texts = [words for _, _, words in says[key]]
        for kind, code, words in said[key]:
            near = process.extract_iter(
                words, texts, scorer=fuzz.token_set_ratio, score_cutoff=_SIEVE
            )
            yield from ((kind, code, says[key][at][1]) for _, _, at in near)


def _group_entries(
    entries: pl.DataFrame, within: list[str]
) -> dict[tuple[str, ...], list[tuple[str, str, str]]]:
    """kind, code and words of the entries by their values in `within`."""
    groups: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    values = entries.select("kind", "code", "words", *(pl.col(n).alias(f"in {n}") for n in within))
    for kind, code, words, *key in values.iter_rows():
        groups.setdefault(tuple(key), []).append((kind, code, words))
    return groups


def _weigh_words(entries: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    """kind, code, tokens (the different words), weight (of them all) and axes of each entry."""
    once = entries.unique(KEY, keep="first", maintain_order=True).with_columns(
        pl.col("words").str.split(" ").list.unique().alias("tokens")
    )
    weight = _sum_weights(once["tokens"], weights).alias("weight")
    return once.select(*KEY, "tokens", weight, *(axis.name for axis in AXES))


def _weigh_shared(pairs: pl.DataFrame, weights: pl.DataFrame) -> pl.Series:
    common = pairs.select(pl.col("tokens").list.set_intersection("tokens new")).to_series()
    return _sum_weights(common, weights).alias("shared")


def _sum_weights(tokens: pl.Series, weights: pl.DataFrame) -> pl.Series:
    """The weight of each list of words; a word that current does not have weighs the most."""
    heaviest = weights["weight"].max()
    listed = pl.DataFrame({"word": tokens}).with_row_index("at")
    single = listed.explode("word").filter(pl.col("word").is_not_null())
    known = single.join(weights, on="word", how="left").with_columns(
        pl.col("weight").fill_null(heaviest)
    )
    sums = known.group_by("at").agg(pl.col("weight").sum())
    return listed.join(sums, on="at", how="left", maintain_order="left")["weight"].fill_null(0.0)


def _score_pair() -> pl.Expr:
    one, other, shared = pl.col("weight"), pl.col("weight new"), pl.col("shared")
    of_both = 2 * shared / (one + other)
    of_shorter = shared / pl.min_horizontal(one, other)
    return ((of_both + of_shorter) / 2).fill_nan(0.0).round(4).alias("score")


def find_unlisted(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`CANDIDATES`: current's unlisted code of the narrowest place that holds the deleted code.

    Of several the next one by number, for a subsection's unlisted code stands at its end.
    """
    if not case.profile.unlisted:
        return no_candidates()
    entries = add_words(case.changes.current.entries, case.changes.current)
    named = entries.filter(pl.col("text").str.contains(case.profile.unlisted))
    there = case.add_places(named.select(KEY)).rename({"code": "replacement"})
    lost = case.deleted.join(open_, on=KEY, how="semi").filter(pl.col("section") != "")
    first = case.profile.unlisted_start
    pairs = lost.join(there, on=("kind", "category", "section"), suffix=" new").filter(
        pl.col("code").str.head(first) == pl.col("replacement").str.head(first)
    )
    narrow = pl.sum_horizontal(
        pl.col(name) == pl.col(f"{name} new") for name in PLACES if name not in _WIDE
    )
    behind = pl.col("replacement") < pl.col("code")
    nearest = pairs.with_columns(
        narrow.alias("narrow"), behind.alias("behind"), _measure_distance()
    )
    best = nearest.sort(*KEY, "narrow", "behind", "distance", "replacement",
                        descending=[False, False, True, False, False, False])  # fmt: skip
    return shape_candidates(best.unique(KEY, keep="first", maintain_order=True))


_WIDE: Final = ("category", "section")


def _measure_distance() -> pl.Expr:
    one, other = (
        pl.col(name).str.extract(r"([0-9]+)").cast(pl.Int64) for name in ("replacement", "code")
    )
    return (one - other).abs().alias("distance")


# The lowest score of a candidate that is reported.
_LEAST: Final = 0.6
# Words that more entries than this share name none of them.
_COMMON: Final = 5
# A sibling's new section is searched too: codes with these first characters are siblings.
_SIBLINGS: Final = 4
# What an ICD-10-CM class of the rest holds depends on its neighbors, not on its words.
_REST: Final = r"\bother\b"


def find_identical(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`CANDIDATES`: the same words, without case and punctuation, under a new code (renumbered).

    An ICD-10-CM child that repeats the words of the code that it divides is one of several: that
    is for the hierarchy to tell.
    """
    old, new = (
        frame.filter(pl.col("words") != "", pl.len().over("kind", "words") <= _COMMON)
        for frame in (case.deleted, case.added)
    )
    pairs = old.join(new, on=("kind", "words"), suffix=" new")
    if case.profile.tree:
        divided = pair_relatives(case.deleted, case.added)
        pairs = pairs.filter(~pl.col("words").str.contains(_REST)).join(
            divided, left_on=("code", "code new"), right_on=("code", "replacement"), how="anti"
        )
    pairs = pairs.select(*KEY, pl.col("code new").alias("replacement"))
    return shape_candidates(pairs.join(open_, on=KEY, how="semi").sort(*KEY, "replacement"))


def find_conversions(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`CANDIDATES`: temporary codes whose words came back under a permanent code anywhere."""
    if not case.profile.conversion:
        return no_candidates()
    temporary, permanent = case.profile.conversion
    old = case.deleted.join(open_, on=KEY, how="semi").filter(
        pl.col("code").str.contains(temporary)
    )
    new = case.added.filter(pl.col("code").str.contains(permanent))
    return find_alike(case, old, new, ["kind", "use"], _LEAST)


def find_similar(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`CANDIDATES`: added codes of the same section with much the same words.

    Also of a section that a sibling was renumbered into; never a code that is another one's
    renumbering.
    """
    renumbered = find_identical(case, case.deleted.select(KEY))
    new = case.added.join(renumbered, left_on=KEY, right_on=("kind", "replacement"), how="anti")
    siblings = pl.col("code").str.head(_SIBLINGS).alias("siblings")
    to = case.added.select("kind", pl.col("code").alias("replacement"), "section")
    moved = renumbered.join(to, on=("kind", "replacement")).select("kind", siblings, "section")
    old = case.deleted.join(open_, on=KEY, how="semi").with_columns(siblings)
    guests = old.drop("section").join(moved.unique(), on=("kind", "siblings")).select(old.columns)
    homes = pl.concat([old.filter(pl.col("section") != ""), guests])
    homes = homes.unique((*KEY, "section"), maintain_order=True)
    segments = [segment.name for segment in case.profile.segments]
    return find_alike(case, homes, new, ["kind", "section", "use", *segments], _LEAST)
