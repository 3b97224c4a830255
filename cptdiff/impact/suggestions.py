"""Codes to build: new codes that a list most likely needs, and why."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from cptdiff.impact.facts import DELETED, ENDED, NEW, Facts

SUGGESTIONS: Final = (
    "list", "code_set", "code", "descriptor", "effective_date", "why", "because", "share",
)  # fmt: skip
# So many are suggested for one list, and so many relatives are asked on each side.
MOST: Final = 200
_NEIGHBORS: Final = 3
# Relatives begin with the same characters, and their numbers are not far apart.
_STEM: Final = 3
_REACH: Final = 20
_FEWEST: Final = 2
_HALF: Final = 0.5


class _Code(NamedTuple):
    code_set: str
    code: str
    descriptor: str
    effective_date: str


def suggest_codes(facts: Facts, codes: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return suggestions.csv (`SUGGESTIONS`), and how many more there are than `MOST` a list.

    `codes` are those on each list (list, code_set, part, code). A new code is suggested that
    replaces a listed code which was deleted, or of whose nearest relatives that are valid in both
    releases at least half are on the list: up to three on each side with the same beginning.
    """
    real = facts.codes.filter(pl.col("kind") == "code")
    new = [_Code(*row) for row in real.filter(pl.col("status") == NEW).select(
        "code_set", "code", "current_descriptor", "effective_date").iter_rows()]  # fmt: skip
    replaced = _find_replaced(real)
    lasting = real.filter(~pl.col("status").is_in([NEW, DELETED, ENDED, "transient"]))
    valid = {
        str(code_set): sorted(rows["code"]) for (code_set,), rows in lasting.group_by("code_set")
    }
    listed = codes.filter(pl.col("part") == "code").group_by("list").agg("code").sort("list")
    rows: list[tuple[str, ...]] = []
    more = 0
    for name, on_list in listed.iter_rows():
        found = sorted(_suggest(name, new, replaced, valid, frozenset(on_list)))
        more += max(0, len(found) - MOST)
        rows += [row for _, row in found[:MOST]]
    return pl.DataFrame(rows, dict.fromkeys(SUGGESTIONS, pl.String), orient="row"), more


def _find_replaced(real: pl.DataFrame) -> dict[str, list[str]]:
    """By replacement the deleted codes that it replaces."""
    gone = real.filter(pl.col("status") == DELETED, pl.col("replacements") != "")
    found: dict[str, list[str]] = {}
    for code, replacements in gone.select("code", "replacements").iter_rows():
        for one in replacements.split(";"):
            found.setdefault(one, []).append(code)
    return found


def _suggest(
    name: str, new: Sequence[_Code], replaced: Mapping[str, list[str]],
    valid: Mapping[str, list[str]], on_list: frozenset[str],
) -> Iterator[tuple[tuple[float, str, str], tuple[str, ...]]]:  # fmt: skip
    """Yield the suggestions for one list, each with what it is sorted by: the best first."""
    for one in new:
        if one.code in on_list:
            continue
        former = [code for code in replaced.get(one.code, ()) if code in on_list]
        if former:
            share, why, because = 1.0, "replaces a listed code", former
        else:
            relatives = find_relatives(one.code, valid.get(one.code_set, []))
            because = [code for code in relatives if code in on_list]
            share = len(because) / len(relatives) if relatives else 0.0
            why = "most of its nearest relatives are listed"
            if share < _HALF or len(because) < min(_FEWEST, len(relatives)):
                continue
        texts = (one.code_set, one.code, one.descriptor, one.effective_date, why)
        rank = 0.0 if former else 1.0
        yield (rank - share, one.code_set, one.code), (
            name, *texts, ";".join(because), f"{share:.2f}",
        )  # fmt: skip


def find_relatives(code: str, valid: Sequence[str]) -> list[str]:
    """Return the nearest of the sorted `valid` codes that begin as `code` does."""
    at = bisect_left(valid, code)
    near = valid[max(0, at - _NEIGHBORS) : at + _NEIGHBORS]
    return [one for one in near if _is_near(code, one)]


def _is_near(code: str, other: str) -> bool:
    """Whether two codes begin alike; the numbers of procedures are at most `_REACH` apart."""
    if not other.startswith(code[:_STEM]):
        return False
    numbers = [re.fullmatch("[A-Z]?([0-9]{4,5})[A-Z]?", one) for one in (code, other)]
    first, second = numbers
    return not (first and second) or abs(int(first[1]) - int(second[1])) <= _REACH
