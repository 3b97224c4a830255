"""Where a stated chain of replacements ends: A to B in one year, B to C in the next."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, TypeAlias

import polars as pl

from cptdiff.judgement.replacement.case import KEY, Case, found
from cptdiff.vocabulary import CodeSet

# CPT's codes are Level I of HCPCS: CMS's cross-references name them, its file does not hold them.
_LEVEL_ONE: Final = r"^[0-9]{4}[0-9AFMTU]$"
_LEVEL_ONE_NOTE: Final = "a CPT code: not in this code set's files, check it in CPT"
# By code, what replaced it and when.
Onward: TypeAlias = Mapping[str, list[tuple[str, date | None]]]


def followed(case: Case, heads: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """`FOUND`: each head at the first code of its chain that current holds, or at its dead end.

    `heads` has kind, code, replacement, date, note; `links` (`LINKS`) carry the chains on.
    """
    replacement = pl.col("replacement")
    held = replacement.is_in(case.current["code"].implode())
    level_one = pl.lit(case.code_set is CodeSet.HCPCS) & replacement.str.contains(_LEVEL_ONE)
    elsewhere = level_one & ~held
    note = pl.format("{}; {}", "note", pl.lit(_LEVEL_ONE_NOTE))
    told = heads.select(
        *KEY,
        replacement,
        pl.when(elsewhere).then(note).otherwise("note").alias("note"),
        (~(elsewhere | held | (replacement == ""))).alias("end"),
        "date",
    )
    dead = told.filter("end")
    if dead.height:
        told = pl.concat([told.filter(~pl.col("end")), _walked(case, dead, links)])
    return found(told).unique((*KEY, "replacement"), keep="first", maintain_order=True)


def _walked(case: Case, dead: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Heads that current does not hold, each at all ends of the chains that lead on from it."""
    onward: dict[str, list[tuple[str, date | None]]] = {}
    for code, replacement, on in links.select("code", "replacement", "date").iter_rows():
        if replacement:
            onward.setdefault(code, []).append((replacement, on))
    valid = frozenset(case.current["code"])
    rows = [
        (kind, code, end, " ".join((note, *passed)), end not in valid, on)
        for kind, code, first, note, _, on in dead.iter_rows()
        for end, passed in _ends(first, on, onward, valid, (code,))
    ]
    return pl.DataFrame(rows, dead.schema, orient="row")


def _ends(
    code: str, since: date | None, onward: Onward, valid: frozenset[str], behind: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The ends of the chains from `code`, each with the codes passed; never twice through one.

    A link leads on only where it is not older than the one before it.
    """
    further = [
        (to, on)
        for to, on in onward.get(code, ())
        if to not in (*behind, code) and (since is None or on is None or on >= since)
    ]
    if code in valid or not further:
        yield code, ()
        return
    for to, on in further:
        for end, passed in _ends(to, on or since, onward, valid, (*behind, code)):
            yield end, (f"by way of {code}", *passed)
