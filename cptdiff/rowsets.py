"""Several rows of one key in a user's table: which of them came, which went, which cells changed.

The rows of a key are a set: their order means nothing. Rows of both releases are paired where the
columns that tell the rows of a key apart say so, then where one row is plainly the likest. What has
no partner came or went as a whole.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

import polars as pl

from cptdiff.columns import Rules, normalize
from cptdiff.fields import find_columns
from cptdiff.model import (
    OWN,
    REST,
    REVISIONS,
    ROW_ADDED,
    ROW_REMOVED,
    Note,
    Pairs,
    Release,
)
from cptdiff.vocabulary import ColumnType

# So many columns beside the key tell its rows apart, of so many that are tried.
_MOST_COLUMNS: Final = 3
_MOST_TRIED: Final = 12
# Enough rows to see of most columns that they do not tell rows apart.
_SAMPLE: Final = 1_000
# Of more rows of one key nobody can say which became which.
_MOST_CANDIDATES: Final = 400
_FEW: Final = 3
# What tells rows apart, the best first; amounts only where nothing else does.
_ORDER: Final = (ColumnType.IDENTIFIER, ColumnType.FLAG, ColumnType.TEXT, ColumnType.DATE)


class RowPairs(NamedTuple):
    """`pairs` of rows, in which the `codes` with several rows have all of them.

    `unique` are the columns that tell the rows of each key apart; none where no few of them do.
    They are the `names` of the rows too, unless one of them holds amounts, which change.
    """

    pairs: Pairs
    codes: pl.Series
    unique: tuple[str, ...]
    names: tuple[str, ...]


def pair_rows(pairs: Pairs, previous: Release, current: Release, rules: Rules) -> RowPairs:
    """Return the `pairs` of entries with the rows in place of the keys that have several."""
    codes = pl.concat([previous.sets["code"], current.sets["code"]]).unique().sort()
    names = pairs.differs.columns
    told = [*names, *(n for n in pairs.before.columns if n[:1] == REST and n in pairs.after)]
    types = _find_types(told, previous, current, rules)
    before, after = (
        _list_rows(release, codes.filter(codes.is_in(held["code"].implode())), types)
        for release, held in ((previous, pairs.before), (current, pairs.after))
    )
    kinds = {name: kind for name, (kind, _) in types.items()}
    unique = find_unique([before, after], kinds)
    named = () if any(kinds[name] is ColumnType.NUMBER for name in unique) else unique
    partners = _find_partners(before, after, told, named)
    return RowPairs(_join_rows(pairs, before, after, partners, codes), codes, unique, named)


def _find_types(
    names: Sequence[str], previous: Release, current: Release, rules: Rules
) -> dict[str, tuple[ColumnType, bool]]:
    """The types of columns, each with whether its dates begin with the day."""
    nothing = pl.DataFrame(schema={"previous": pl.String, "current": pl.String})
    return find_columns(dict.fromkeys(names, nothing), previous, current, rules)


def _list_rows(
    release: Release, codes: pl.Series, types: dict[str, tuple[ColumnType, bool]]
) -> pl.DataFrame:
    """The rows of `codes`, without those that are equal in value; the values as `normal name`."""
    rows = release.records.join(codes.to_frame(), on="code", how="semi").sort("code", *types)
    valued = rows.with_columns(
        normalize(pl.col(name), kind, day_first=day_first).alias(_normal(name))
        for name, (kind, day_first) in types.items()
    )
    return valued.unique(["code", *map(_normal, types)], keep="first", maintain_order=True)


def _normal(name: str) -> str:
    return f"normal {name}"


def find_unique(frames: Sequence[pl.DataFrame], types: dict[str, ColumnType]) -> tuple[str, ...]:
    """Return the fewest columns (of `types`) that tell the rows of each key of `frames` apart.

    Each frame has the values of a column as `normal name`. Amounts are the last choice: they change
    with each edition. No columns where no few of them tell rows apart.
    """
    numbers = [name for name, kind in types.items() if kind is ColumnType.NUMBER]
    others = [name for kind in _ORDER for name, found in types.items() if found is kind]
    for names in (others, [*others, *numbers]):
        found = _find_unique_of(frames, names)
        if found:
            return found
    return ()


def _find_unique_of(frames: Sequence[pl.DataFrame], names: Sequence[str]) -> tuple[str, ...]:
    several = [frame.filter(pl.col("code").is_duplicated()) for frame in frames]
    counts = {name: sum(_count_different(frame, [name]) for frame in several) for name in names}
    most = sorted(names, key=lambda name: -counts[name])[:_MOST_TRIED]
    tried = [name for name in names if name in most]
    for size in range(1, _MOST_COLUMNS + 1):
        for columns in combinations(tried, size):
            if all(_tell_apart(frame, columns) for frame in several):
                return columns
    return ()


def _tell_apart(frame: pl.DataFrame, columns: Sequence[str]) -> bool:
    """Whether no two rows of a key have the same values in `columns`."""
    some = frame.head(_SAMPLE)
    return (
        _count_different(some, columns) == some.height
        and _count_different(frame, columns) == frame.height
    )


def _count_different(frame: pl.DataFrame, columns: Sequence[str]) -> int:
    return frame.select("code", *map(_normal, columns)).n_unique()


def _find_partners(
    before: pl.DataFrame, after: pl.DataFrame, names: Sequence[str], unique: Sequence[str]
) -> pl.DataFrame:
    """The pairs of rows (`at` in before, `there` in after), each row in one at most.

    Equal rows; those that are alike in the `unique` columns, or, where there are none, plainly the
    likest; the last row of either side.
    """
    gone, new = before.with_row_index("at"), after.with_row_index("there")
    found = []
    for columns in (names, unique):
        if columns or not names:
            key = ["code", *map(_normal, columns)]
            found.append(gone.join(new, on=key).select("at", "there"))
            gone, new = _drop_pairs(gone, new, found[-1])
    while not unique and gone.height and new.height:
        likest = _find_likest(gone, new, names)
        if not likest.height:
            break
        found.append(likest)
        gone, new = _drop_pairs(gone, new, likest)
    lonely = [side.filter(pl.col("code").is_unique()) for side in (gone, new)]
    found.append(lonely[0].join(lonely[1], on="code").select("at", "there"))
    return pl.concat(found)


def _drop_pairs(
    gone: pl.DataFrame, new: pl.DataFrame, pairs: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    left = gone.join(pairs, on="at", how="anti", maintain_order="left")
    return left, new.join(pairs, on="there", how="anti", maintain_order="left")


def _find_likest(gone: pl.DataFrame, new: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The pairs of which each row is the only one with the most equal cells for the other."""
    counts = gone.group_by("code").len().join(new.group_by("code").len(), on="code")
    few = counts.filter(pl.col("len") * pl.col("len_right") <= _MOST_CANDIDATES)
    tried = gone.join(few, on="code", how="semi").join(new, on="code", suffix=" now")
    alike = pl.sum_horizontal(
        pl.lit(0),
        *((pl.col(_normal(n)) == pl.col(f"{_normal(n)} now")).cast(pl.Int64) for n in names),
    )
    weighed = tried.select("at", "there", alike=alike).filter(pl.col("alike") > 0)
    best = [pl.col("alike") == pl.col("alike").max().over(side) for side in ("at", "there")]
    only = [(mask.sum().over(side) == 1) for mask, side in zip(best, ("at", "there"), strict=True)]
    return weighed.filter(*best, *only).sort("at").select("at", "there")


def _join_rows(
    pairs: Pairs, before: pl.DataFrame, after: pl.DataFrame, partners: pl.DataFrame,
    codes: pl.Series,
) -> Pairs:  # fmt: skip
    """`pairs` without `codes`, and below them the rows of these."""
    single, now = (~frame["code"].is_in(codes.implode()) for frame in (pairs.before, pairs.after))
    places = single.cum_sum() - 1
    kept = pairs.before.filter(single)
    rows = after.with_row_index("there").join(
        partners, on="there", how="left", maintain_order="left"
    )["at"]
    old, new = before.select(pairs.before.columns), after.select(pairs.after.columns)
    partner = pl.lit(rows)
    unlike = [
        (old[name].to_frame().select(pl.col(name).gather(partner)).to_series() != new[name])
        .fill_null(value=False)
        .alias(name)
        for name in pairs.differs.columns
    ]
    at = pl.concat([
        places.to_frame("at").select(pl.col("at").gather(pl.lit(pairs.at.filter(now)))).to_series()
        .cast(pl.UInt32),
        rows.cast(pl.UInt32) + kept.height,
    ])  # fmt: skip
    return Pairs(
        before=pl.concat([kept, old]),
        after=pl.concat([pairs.after.filter(now), new]),
        at=at,
        same_kind=at.is_not_null(),
        differs=pl.concat([pairs.differs.filter(now), pl.DataFrame(unlike)])
        if unlike
        else pairs.differs,
    )


def list_revisions(pairs: Pairs, names: pl.Series | None = None) -> pl.DataFrame:
    """`REVISIONS`: one row for each pair and field that differs; `names` are of after's rows."""
    found = []
    for name in pairs.differs.columns:
        rows = pairs.differs[name].arg_true()
        row_name = pl.lit("") if names is None else pl.lit(names.gather(rows))
        now = pairs.after[rows].select(
            "kind",
            "code",
            pl.lit(name).alias("field"),
            pairs.before[name].gather(pairs.at.gather(rows)).alias("previous"),
            pl.col(name).alias("current"),
            pl.lit("").alias("label"),
            row_name.alias("row_name"),
        )
        found.append(now)
    return pl.concat(found) if found else pl.DataFrame(schema=REVISIONS)


def list_row_revisions(rows: RowPairs, pairs: Pairs) -> pl.DataFrame:
    """`REVISIONS` of `rows` by their weighed `pairs`: cells, and rows that came or went."""
    names = pairs.differs.columns
    old, new = (side.select(_write_row_name(rows)).to_series()
                for side in (pairs.before, pairs.after))  # fmt: skip
    missing = pl.arange(pairs.before.height, eager=True, dtype=pl.UInt32)
    gone = ~missing.is_in(pairs.at.drop_nulls().implode())
    moved = [
        _list_moved(side.with_columns(row_name=row).filter(mask), rows.codes, other, names, field)
        for side, row, mask, other, field in (
            (pairs.before, old, gone, pairs.after, ROW_REMOVED),
            (pairs.after, new, pairs.at.is_null(), pairs.before, ROW_ADDED),
        )
    ]
    # Where the name itself changed, it names no row.
    both = pl.DataFrame({"new": new, "at": pairs.at}).with_columns(old=pl.lit(old).gather("at"))
    same = both.select(pl.when(pl.col("new") == pl.col("old")).then("new").otherwise(pl.lit("")))
    cells = list_revisions(pairs, same.to_series())
    return _add_labels(pl.concat([cells.cast(REVISIONS), *moved]))


def _write_row_name(rows: RowPairs) -> pl.Expr:
    """What tells a row from the others of its key, as in "Modifier 26"; empty for an only row."""
    told = [
        pl.concat_str(
            pl.lit(f"{name[1:]} "),
            pl.when(pl.col(name).str.strip_chars() == "").then(pl.lit("empty")).otherwise(name),
        )
        for name in rows.names
    ]
    written = pl.concat_str(told, separator=", ") if told else pl.lit("")
    is_several = pl.col("code").is_in(rows.codes.implode())
    return pl.when(is_several).then(written).otherwise(pl.lit("")).alias("row_name")


def _list_moved(
    rows: pl.DataFrame, codes: pl.Series, other: pl.DataFrame, names: Sequence[str], field: str
) -> pl.DataFrame:
    """`REVISIONS` of rows without a partner whose key the `other` side has too."""
    texts = [
        pl.when(pl.col(name).str.strip_chars() != "").then(
            pl.concat_str(pl.lit(f"{name.removeprefix(OWN)}: "), name)
        )
        for name in names
    ]
    whole = pl.concat_str(texts, separator="; ", ignore_nulls=True) if texts else pl.lit("")
    text = pl.when(whole == "").then(pl.lit("no values")).otherwise(whole)
    sides = (text, pl.lit("")) if field == ROW_REMOVED else (pl.lit(""), text)
    known = pl.col("code").is_in(codes.implode()) & pl.col("code").is_in(other["code"].implode())
    return rows.filter(known).select(
        "kind", "code", pl.lit(field).alias("field"),
        sides[0].alias("previous"), sides[1].alias("current"),
        pl.lit("").alias("label"), "row_name",
    )  # fmt: skip


def _add_labels(revised: pl.DataFrame) -> pl.DataFrame:
    """`revised` with a label where a field of an entry is there more than once.

    It is the name of the row, or a number where that does not tell two apart.
    """
    field = ["code", "field"]
    is_several = pl.len().over(field) > 1
    number = pl.int_range(1, pl.len() + 1).over(field).cast(pl.String)
    is_named = (pl.col("row_name") != "") & (pl.len().over([*field, "row_name"]) == 1)
    label = pl.when(is_named).then("row_name").otherwise(number)
    found = pl.when(is_several).then(label).otherwise(pl.lit("")).alias("label")
    return revised.with_columns(found)


def describe_sets(rows: RowPairs, previous: Release, current: Release, rules: Rules) -> Note:
    """What is told of keys with several rows, with the options that would make each row's own."""
    many, some = rows.codes.len(), ", ".join(rows.codes.head(_FEW))
    more = ", ..." if many > _FEW else ""
    keys = "1 key has" if many == 1 else f"{many:,} keys have"
    lead = f"{keys} several rows ({some}{more}), compared as sets of rows"
    return Note("remark", f"{lead}; {advise_keys(rows.unique, previous, current, rules)}")


def advise_keys(unique: Sequence[str], previous: Release, current: Release, rules: Rules) -> str:
    """The options that give each row a key of its own."""
    if not unique:
        return "no two or three columns would give each row a key of its own"
    renamed = {now: old for old, now in rules.renamed.items()}
    names = [old if old == now else f"{old}={now}" for old, now in
             zip(previous.keys, current.keys, strict=True)]  # fmt: skip
    further = [name[1:] for name in unique]
    names += [f"{renamed[name]}={name}" if name in renamed else name for name in further]
    options = " ".join(map(_write_option, names))
    return f"{options} gives each row a key of its own"


def _write_option(name: str) -> str:
    quoted = f'"{name}"' if re.search(r"[^\w.=-]", name) else name
    return f"--key {quoted}"


def list_unique(release: Release) -> Iterator[str]:
    """What is told of the keys with several rows of a release by itself."""
    if not release.sets.height:
        return
    names = list(release.carries["code"])
    types = _find_types(names, release, release, Rules())
    rows = _list_rows(release, release.sets["code"].unique().sort(), types)
    unique = find_unique([rows], {name: kind for name, (kind, _) in types.items()})
    many = release.sets["code"].n_unique()
    keys = "1 key has" if many == 1 else f"{many:,} keys have"
    advice = advise_keys(unique, release, release, Rules())
    yield f"{keys} several rows ({release.sets.height:,} rows); {advice}"
