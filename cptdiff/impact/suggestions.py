"""Codes to build: new codes that a list most likely needs, and why."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import profile_of
from cptdiff.impact.facts import DELETED, ENDED, NEW, Facts

SUGGESTIONS: Final = (
    "list", "code_set", "code", "descriptor", "effective_date", "why", "because", "share",
)  # fmt: skip
# So many are suggested for one list, and so many listed relatives are named.
MOST: Final = 200
_NAMED: Final = 6
# Relatives begin with as many of the same characters as leave so many codes, at least with three.
# A number that is the first with its three has so many neighbors on each side that share two.
_STEM: Final = 3
_FAMILY: Final = 3
_NEIGHBORS: Final = 5
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
    replaces a listed code which was deleted, or of whose nearest relatives at least half are on the
    list (`find_relatives`); relatives are valid in both releases.
    """
    real = facts.codes.filter(pl.col("kind") == "code")
    new = [_Code(*row) for row in real.filter(pl.col("status") == NEW).select(
        "code_set", "code", "current_descriptor", "effective_date").iter_rows()]  # fmt: skip
    replaced = _find_replaced(real)
    lasting = real.filter(~pl.col("status").is_in([NEW, DELETED, ENDED, "transient"]))
    valid = {
        str(code_set): sorted(rows["code"]) for (code_set,), rows in lasting.group_by("code_set")
    }
    relatives = {
        one.code: find_relatives(
            one.code, valid.get(one.code_set, []), is_numbered=_is_numbered(one.code_set)
        )
        for one in new
    }
    listed = codes.filter(pl.col("part") == "code").group_by("list").agg("code").sort("list")
    rows: list[tuple[str, ...]] = []
    more = 0
    for name, on_list in listed.iter_rows():
        found = sorted(_suggest(name, new, replaced, relatives, frozenset(on_list)))
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
    relatives: Mapping[str, list[str]], on_list: frozenset[str],
) -> Iterator[tuple[tuple[float, str, str], tuple[str, ...]]]:  # fmt: skip
    """Yield the suggestions for one list, each with what it is sorted by: the best first."""
    for one in new:
        if one.code in on_list:
            continue
        former = [code for code in replaced.get(one.code, ()) if code in on_list]
        if former:
            share, why, because = 1.0, "replaces a listed code", former
        else:
            family = relatives[one.code]
            because = [code for code in family if code in on_list]
            share = len(because) / len(family) if family else 0.0
            why = "most of its nearest relatives are listed"
            if share < _HALF or len(because) < min(_FEWEST, len(family)):
                continue
        texts = (one.code_set, one.code, one.descriptor, one.effective_date, why)
        rank = 0.0 if former else 1.0
        yield (rank - share, one.code_set, one.code), (
            name, *texts, ";".join(_choose_nearest(one.code, because)), f"{share:.2f}",
        )  # fmt: skip


def _choose_nearest(code: str, codes: Sequence[str]) -> Sequence[str]:
    """The nearest of sorted `codes`, as many as are named."""
    half = _NAMED // 2
    start = max(0, min(bisect_left(codes, code) - half, len(codes) - _NAMED))
    return codes[start : start + _NAMED]


def _is_numbered(code_set: str) -> bool:
    """Whether codes are given out by number: neighbors are alike though no character says so."""
    profile = profile_of(code_set)
    return not (profile.tree or profile.axes)


def find_relatives(code: str, valid: Sequence[str], *, is_numbered: bool) -> list[str]:
    """Return the smallest family of the sorted `valid` codes that begin as `code` does.

    It has three codes or more, if so many begin with the same three characters. Where none does,
    the nearest codes with the same two are relatives, if codes are just numbers.
    """
    family: Sequence[str] = ()
    for length in range(len(code) - 1, _STEM - 1, -1):
        family = _take_family(code[:length], valid)
        if len(family) >= _FAMILY:
            break
    if not family and is_numbered:
        wide = _take_family(code[: _STEM - 1], valid)
        at = bisect_left(wide, code)
        family = wide[max(0, at - _NEIGHBORS) : at + _NEIGHBORS]
    return list(family)


def _take_family(stem: str, valid: Sequence[str]) -> Sequence[str]:
    """The sorted codes that begin with `stem`."""
    start = bisect_left(valid, stem)
    return valid[start : bisect_right(valid, stem, start, key=lambda one: one[: len(stem)])]
