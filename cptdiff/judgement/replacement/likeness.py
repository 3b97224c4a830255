"""How alike two texts are, rare words counting more than common ones."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cptdiff.judgement.replacement.case import KEY, Case, found, nothing
from cptdiff.judgement.replacement.facets import AXES, clash
from cptdiff.model import KIND

# Of 100: the words of the shorter text found in the longer one. A quick sieve, no judgement.
_SIEVE: Final = 60.0
# Of one added code's likenesses, what stays behind the best by more than this is none.
_BEST: Final = 0.95
# And of one deleted code's likenesses.
_NEAR: Final = 0.7
# More pairs in one place than this are no change that a coder reviews code by code.
_MOST_PAIRS: Final = 2_000_000
_PAIRS: Final = pl.Schema({"kind": KIND, "code": pl.String(), "replacement": pl.String()})


def alike(
    case: Case, old: pl.DataFrame, new: pl.DataFrame, within: list[str], least: float
) -> pl.DataFrame:
    """`FOUND`: pairs of `old` and `new` that have `within` in common and much the same words.

    The score, from `least` to 1, is the weight of the shared words: half as part of both texts,
    half as part of the shorter one. Pairs that clash on an axis are none, and of the pairs with
    one replacement, or with one deleted code, only those count that are near the best.
    """
    old, new = (frame.filter(pl.col("words") != "").sort(KEY) for frame in (old, new))
    pairs = pl.DataFrame(list(_sieved(old, new, within)), _PAIRS, orient="row").unique()
    if not pairs.height:
        return nothing()
    weights = case.word_weights
    said, says = (_weighed(frame, weights) for frame in (old, new))
    both = pairs.join(said, on=KEY).join(
        says, left_on=("kind", "replacement"), right_on=KEY, suffix=" new"
    )
    fit = both.filter(~clash(" new"))
    scored = fit.with_columns(_shared(fit, weights)).with_columns(_score())
    best_of_new = pl.col("score").max().over("kind", "replacement")
    best_of_old = pl.col("score").max().over(KEY)
    limit = pl.max_horizontal(least, best_of_new * _BEST, best_of_old * _NEAR)
    return found(scored.filter(pl.col("score") >= limit))


def _sieved(
    old: pl.DataFrame, new: pl.DataFrame, within: list[str]
) -> Iterator[tuple[str, str, str]]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - start-up stays light

    said, says = (_grouped(frame, within) for frame in (old, new))
    for key in sorted(said.keys() & says.keys()):
        if len(said[key]) * len(says[key]) > _MOST_PAIRS:
            continue
        texts = [words for _, _, words in says[key]]
        for kind, code, words in said[key]:
            near = process.extract_iter(
                words, texts, scorer=fuzz.token_set_ratio, score_cutoff=_SIEVE
            )
            yield from ((kind, code, says[key][at][1]) for _, _, at in near)


def _grouped(
    entries: pl.DataFrame, within: list[str]
) -> dict[tuple[str, ...], list[tuple[str, str, str]]]:
    """kind, code and words of the entries by their values in `within`."""
    groups: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    values = entries.select("kind", "code", "words", *(pl.col(n).alias(f"in {n}") for n in within))
    for kind, code, words, *key in values.iter_rows():
        groups.setdefault(tuple(key), []).append((kind, code, words))
    return groups


def _weighed(entries: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    """kind, code, tokens (the different words), weight (of them all) and axes of each entry."""
    once = entries.unique(KEY, keep="first", maintain_order=True).with_columns(
        pl.col("words").str.split(" ").list.unique().alias("tokens")
    )
    weight = _summed(once["tokens"], weights).alias("weight")
    return once.select(*KEY, "tokens", weight, *(axis.name for axis in AXES))


def _shared(pairs: pl.DataFrame, weights: pl.DataFrame) -> pl.Series:
    common = pairs.select(pl.col("tokens").list.set_intersection("tokens new")).to_series()
    return _summed(common, weights).alias("shared")


def _summed(tokens: pl.Series, weights: pl.DataFrame) -> pl.Series:
    """The weight of each list of words; a word that current does not have weighs the most."""
    heaviest = weights["weight"].max()
    listed = pl.DataFrame({"word": tokens}).with_row_index("at")
    single = listed.explode("word").filter(pl.col("word").is_not_null())
    known = single.join(weights, on="word", how="left").with_columns(
        pl.col("weight").fill_null(heaviest)
    )
    sums = known.group_by("at").agg(pl.col("weight").sum())
    return listed.join(sums, on="at", how="left", maintain_order="left")["weight"].fill_null(0.0)


def _score() -> pl.Expr:
    one, other, shared = pl.col("weight"), pl.col("weight new"), pl.col("shared")
    of_both = 2 * shared / (one + other)
    of_shorter = shared / pl.min_horizontal(one, other)
    return ((of_both + of_shorter) / 2).fill_nan(0.0).round(4).alias("score")
