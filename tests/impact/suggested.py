"""How good suggestions are, of lists with whole families of codes: what was added to them."""

import random
from typing import Final, NamedTuple

import polars as pl

from cptdiff.impact.facts import DELETED, ENDED, NEW, TRANSIENT, Facts
from cptdiff.impact.suggestions import suggest_codes

SEEDS: Final = range(10)
SHARE: Final = 0.3


class Measure(NamedTuple):
    """Of all lists together: what was added to their families, suggested, and both."""

    added: int
    suggested: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.suggested if self.suggested else 1.0

    @property
    def recall(self) -> float:
        return self.both / self.added if self.added else 1.0


def measure_suggestions(facts: Facts, width: int, *, kept: float = 1.0) -> Measure:
    """Suggest codes for ten lists, each with about 30 percent of the families of `facts`.

    A family is the codes of the previous release with the same `width` characters; a list holds
    the share `kept` of each. Added to a family are the new codes that begin so, and those that
    replace its deleted codes.
    """
    real = facts.codes.filter(pl.col("kind") == "code")
    old = real.filter(~pl.col("status").is_in([NEW, TRANSIENT, ENDED])).sort("code")
    new = {*real.filter(pl.col("status") == NEW)["code"]}
    gone = dict(real.filter(pl.col("status") == DELETED).select("code", "replacements").iter_rows())
    families = sorted({code[:width] for code in old["code"]})
    sums = [0, 0, 0]
    for seed in SEEDS:
        chance = random.Random(seed)  # noqa: S311 - no secret
        chosen = {family for family in families if chance.random() < SHARE}
        listed = old.filter(
            pl.col("code").str.slice(0, width).is_in(chosen),
            pl.Series([chance.random() < kept for _ in range(old.height)]),
        )
        replaced = ";".join(gone.get(code, "") for code in listed["code"]).split(";")
        added = {code for code in new if code[:width] in chosen} | (new & {*replaced})
        codes = listed.select(pl.lit("list").alias("list"), "code_set",
                              pl.lit("code").alias("part"), "code")  # fmt: skip
        suggested = {*suggest_codes(facts, codes)[0]["code"]}
        for at, found in enumerate((added, suggested, added & suggested)):
            sums[at] += len(found)
    return Measure(*sums)
