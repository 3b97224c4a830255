"""What replaces each deleted code, each answer with its evidence.

The rungs are tried in turn, strongest evidence first; a code that one answers goes no further, so
that no guess stands beside an official answer. A guess is a candidate for a coder to review.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import polars as pl

from cptdiff.judgement.candidates import CANDIDATES, KEY, Case, add_relation
from cptdiff.judgement.hierarchy import find_in_hierarchy
from cptdiff.judgement.similarity import (
    find_conversions,
    find_identical,
    find_similar,
    find_unlisted,
)
from cptdiff.judgement.stated_links import find_publisher_links, find_user_links
from cptdiff.model import CROSSWALK, Changes, Stated
from cptdiff.sections import Sections

REVIEW: Final = "needs coder review"
_RANKING: Final = pl.Schema({**CANDIDATES, "basis": pl.String(), "rung": pl.Int64()})


class Rung(NamedTuple):
    """One kind of evidence. `find` gets the case and the entries (kind, code) without an answer.

    It returns `CANDIDATES`; of one entry's rows the best `most` are kept. `confidence` is stated,
    strong or candidate, and `note` the evidence in our words, where a row does not bring its own.
    """

    basis: str
    confidence: str
    most: int
    note: str
    find: Callable[[Case, pl.DataFrame], pl.DataFrame]


# An official answer is never cut; ICD-10-CM has divided one code into 50.
RUNGS: Final = (
    Rung("publisher", "stated", 1000, "", find_publisher_links),
    Rung("user", "stated", 1000, "", find_user_links),
    Rung("identical-text", "strong", 5, "same wording", find_identical),
    Rung("hierarchy", "strong", 80, "new code in the same category", find_in_hierarchy),
    Rung("conversion", "candidate", 3, "new Category I code, similar wording", find_conversions),
    Rung("similar-text", "candidate", 10, "similar wording", find_similar),
    Rung("unlisted", "candidate", 1, "unlisted code of the section", find_unlisted),
)


def find_replacements(
    changes: Changes, stated: Stated, sections: Sections, rungs: tuple[Rung, ...] = RUNGS
) -> pl.DataFrame:
    """`CROSSWALK`: ranked replacements of each deleted code and modifier, sorted by its full key.

    `sections` are those of the code set. A code without any has one row with relation none; a
    deleted header has rows only where a link is stated.
    """
    case = Case(changes, stated, sections)
    rows, ends = _climb_rungs(case, rungs)
    rows, dead = _follow_deletions(rows, ends)
    return _rank_answers(case, rows, dead)


def _climb_rungs(case: Case, rungs: tuple[Rung, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rungs' rows (`_RANKING`), and the stated ones that current does not hold."""
    open_ = case.changes.deleted.select(KEY)
    answers, ends = [pl.DataFrame(schema=_RANKING)], [pl.DataFrame(schema=_RANKING)]
    for number, rung in enumerate(rungs):
        if not open_.height:
            break
        found = rung.find(case, open_).with_columns(
            *(pl.when(pl.col(name) == "").then(pl.lit(own)).otherwise(name).alias(name)
              for name, own in (("confidence", rung.confidence), ("note", rung.note))),
            basis=pl.lit(rung.basis), rung=pl.lit(number, pl.Int64),
        )  # fmt: skip
        best = found.sort(*KEY, "score", "replacement", descending=[False, False, True, False])
        answers.append(
            best.filter(~pl.col("end")).group_by(KEY, maintain_order=True).head(rung.most)
        )
        ends.append(best.filter("end"))
        open_ = open_.join(answers[-1], on=KEY, how="anti")
    return pl.concat(answers), pl.concat(ends)


def _follow_deletions(rows: pl.DataFrame, ends: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows` with chains that go on through this pair's own deletions; the ends that lead nowhere.

    A stated replacement that is itself deleted between the two releases leads to what replaces
    that one; the answer is worth no more than its weakest link.
    """
    if not ends.height:
        return rows, ends
    further = rows.filter(pl.col("replacement") != "").drop("note", "quoted", "trail", "end")
    onward = (
        ends.select(
            *KEY,
            "note",
            "quoted",
            "trail",
            pl.col("replacement").alias("passed"),
            named=pl.col("rung"),
        )
        .join(further, left_on=("kind", "passed"), right_on=KEY)
        .filter(pl.col("replacement") != pl.col("code"))
    )
    led = onward.with_columns(
        pl.format("{} by way of {}", "trail", "passed").alias("trail"), end=pl.lit(value=False)
    )
    weaker = rows.join(led.select(*KEY, "named").unique(KEY), on=KEY).filter(
        pl.col("rung") > pl.col("named")
    )
    kept = rows.join(weaker, on=(*KEY, "replacement", "rung"), how="anti")
    dead = ends.join(onward, left_on=(*KEY, "replacement"), right_on=(*KEY, "passed"), how="anti")
    return pl.concat([kept, led.select(kept.columns)]), dead


def _rank_answers(case: Case, rows: pl.DataFrame, dead: pl.DataFrame) -> pl.DataFrame:
    """The rows as `CROSSWALK`: at least one for each code and modifier, ranked and with notes."""
    dead_ends = dead.group_by(KEY).agg(
        pl.format("; {} is itself no longer valid: dead end", "replacement").unique().sort()
        .str.join().alias("dead")
    )  # fmt: skip
    codes = case.changes.deleted.filter(pl.col("kind") != "header").select(KEY)
    lost = pl.concat([codes, dead_ends.select(KEY)]).unique().join(rows, on=KEY, how="anti")
    nothing = lost.select(
        *KEY,
        *(pl.lit("").alias(name) for name in ("replacement", "confidence", "quoted", "trail")),
        pl.lit("none").alias("basis"),
        pl.lit(REVIEW).alias("note"),
    )
    answered = rows.filter(
        (pl.col("replacement") != "") | (pl.col("replacement") == "").all().over(KEY)
    ).unique((*KEY, "replacement"), keep="first", maintain_order=True)
    every = pl.concat([answered, nothing], how="diagonal").join(dead_ends, on=KEY, how="left")
    order = (*KEY, "rung", "score", "replacement")
    ranked = every.sort(order, descending=[False, False, False, True, False]).with_columns(
        pl.int_range(1, pl.len() + 1).over(KEY).alias("rank"),
        (pl.col("trail") + pl.col("dead").fill_null("")).alias("trail"),
    )
    return add_relation(ranked).select(
        pl.col(name).cast(dtype) for name, dtype in CROSSWALK.items()
    )


def write_notes(crosswalk: pl.DataFrame) -> pl.DataFrame:
    """`crosswalk` (`CROSSWALK`) with one `note` for people: the evidence, dead ends, review."""
    stated = pl.col("confidence") == "stated"
    none = pl.when(stated & (pl.col("replacement") == "")).then(pl.lit("states no replacement"))
    guess = pl.when(pl.col("confidence").is_in(["strong", "candidate"])).then(pl.lit(REVIEW))
    evidence = pl.when(pl.col("quoted") == "").then("note").otherwise("quoted") + pl.col("trail")
    whole = pl.concat_str([none, evidence, guess], separator="; ", ignore_nulls=True)
    return crosswalk.with_columns(whole.alias("note")).drop("quoted", "trail")
