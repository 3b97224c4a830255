"""Our totals against announced ones (`--expect`), and the codes that may explain the gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.model import Changes
from cptdiff.options import EXPECTED
from cptdiff.vocabulary import RETURNED

TOTALS: Final = pl.Schema(
    {
        "change": pl.String,
        "ours": pl.Int64,
        "theirs": pl.Int64,
        "gap": pl.Int64,
        "may_explain": pl.Int64,
        "headers": pl.Int64,
        "modifiers": pl.Int64,
    }
)
GROUPS: Final = pl.Schema(
    {"change": pl.String, "explanation": pl.String, "number": pl.Int64, "codes": pl.String}
)


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Entries of `changes` that `holds` picks out: ours in the total, or left out of it."""

    name: str
    changes: tuple[str, ...]
    holds: pl.Expr


@dataclass(frozen=True, eq=False, repr=False)
class Announced:
    """`totals` has `TOTALS`, `groups` has `GROUPS`.

    `unexplained` names the changes whose gap is larger than all groups that may explain it.
    """

    totals: pl.DataFrame
    groups: pl.DataFrame
    unexplained: tuple[str, ...]


_IS_CODE: Final = pl.col("kind") == "code"
_IN_TOTALS: Final = _IS_CODE & (pl.col("reason") != "attributes-only")
_CODE: Final = pl.col("code")
_EARLY: Final = (pl.col("effective_date") != "") & (pl.col("effective_date") < pl.col("until"))

# Ours counts them, an announced total may not; each code stands in the first group that fits.
_OVER: Final = (
    Explanation("effective before the date of the current release", ("added", "deleted"), _EARLY),
    Explanation(
        "short or medium descriptor only",
        ("revised",),
        pl.col("fields").str.contains(r"^(?:short|medium)(?:;(?:short|medium))*$"),
    ),
    Explanation(
        "changed between billable code and category",
        ("added", "deleted"),
        pl.col("reason").str.contains("became"),
    ),
    Explanation("reinstated", ("added",), pl.col("reason").is_in(RETURNED)),
)
# An announced total may count them, ours does not.
_UNDER: Final = (
    Explanation("modifiers", EXPECTED, pl.col("kind") == "modifier"),
    Explanation("headers", EXPECTED, pl.col("kind") == "header"),
    Explanation(
        "other data changed (wording same)",
        ("revised",),
        _IS_CODE & (pl.col("reason") == "attributes-only"),
    ),
    Explanation(
        "added and discontinued between releases",
        ("added", "deleted"),
        _IS_CODE & (pl.col("change") == "transient"),
    ),
)


def compare_totals(
    changes: Changes, entries: pl.DataFrame, expected: Mapping[str, int]
) -> Announced:
    """Our changed codes against `expected`; modifiers and headers are told apart.

    `entries` has the columns of changes.csv. Where we have more, codes that an announced total may
    leave out may explain it; where we have fewer, what it may count and we do not.
    """
    until = changes.current.effective_date
    dated = entries.with_columns(
        pl.col("kind").cast(pl.String), pl.lit(until.isoformat() if until else "").alias("until")
    )
    groups_of_set = (
        Explanation(group.title, EXPECTED, _CODE.str.contains(group.codes))
        for group in changes.current.profile.outside_totals
    )
    over = (*groups_of_set, *_OVER)
    totals: list[dict[str, str | int]] = []
    groups: list[dict[str, str | int]] = []
    for change in EXPECTED:
        if change in expected:
            total, found = _explain_gap(change, expected[change], dated, over)
            totals.append(total)
            groups += found
    table = pl.DataFrame(totals, TOTALS)
    short = table.filter(pl.col("gap").abs() > pl.col("may_explain"))
    return Announced(table, pl.DataFrame(groups, GROUPS), tuple(short["change"]))


def _explain_gap(
    change: str, theirs: int, entries: pl.DataFrame, over: tuple[Explanation, ...]
) -> tuple[dict[str, str | int], list[dict[str, str | int]]]:
    """The row of one change, and the groups on the side to which the gap points."""
    of_change = entries.filter(pl.col("change").is_in([change, "transient"]))
    counted = of_change.filter(pl.col("change") == change, _IN_TOTALS)
    gap = counted.height - theirs
    found: list[dict[str, str | int]] = []
    if gap:
        found = _list_groups(change, *((counted, over) if gap > 0 else (of_change, _UNDER)))
    total: dict[str, str | int] = {
        "change": change, "ours": counted.height, "theirs": theirs, "gap": gap,
        "may_explain": sum(int(group["number"]) for group in found),
        "headers": _count_kind(of_change, change, "header"),
        "modifiers": _count_kind(of_change, change, "modifier"),
    }  # fmt: skip
    return total, found


def _count_kind(entries: pl.DataFrame, change: str, kind: str) -> int:
    return entries.filter(pl.col("change") == change, pl.col("kind") == kind).height


def _list_groups(
    change: str, entries: pl.DataFrame, explanations: tuple[Explanation, ...]
) -> list[dict[str, str | int]]:
    """The groups that hold anything, each entry in the first that fits."""
    fitting = [one for one in explanations if change in one.changes]
    if not fitting:
        return []
    named = pl.coalesce(pl.when(one.holds).then(pl.lit(one.name)) for one in fitting)
    grouped = entries.select("code", named.alias("name")).drop_nulls("name").sort("code")
    found: list[dict[str, str | int]] = []
    for one in fitting:
        codes = grouped.filter(pl.col("name") == one.name)["code"]
        if codes.len():
            found.append({
                "change": change, "explanation": one.name, "number": codes.len(),
                "codes": " ".join(codes),
            })  # fmt: skip
    return found
