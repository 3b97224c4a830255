"""Keys of a user's table that differ only in zeros: told, and restored where the user asks for it.

A spreadsheet that takes keys for numbers saves 00100 as 100. Zeros are restored only where the
other file says how many digits a key has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import polars as pl

from cptdiff.errors import Refused
from cptdiff.model import NORMALIZATIONS, Changes, Note, Release, name_pair

_FEW: Final = 5
_RESTORED: Final = "with leading zeros restored"
_TEXT: Final = "export the column as Text on both sides"
_REPAIR: Final = f"{_TEXT}, or add --repair leading-zeros"


def find_respelled_keys(changes: Changes) -> pl.DataFrame:
    """The keys (`code`) that are deleted, and added (`code_now`) with other zeros."""
    if not changes.current.profile.is_own:
        return pl.DataFrame(schema={"code": pl.String, "code_now": pl.String})
    return _pair_keys(changes.deleted, changes.added)


def _pair_keys(gone: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    plain = _strip_zeros(pl.col("code")).alias("plain")
    before, after = (frame.select("code", plain) for frame in (gone, new))
    both = before.join(after, on="plain", suffix="_now", maintain_order="left")
    return both.select("code", "code_now")


def _strip_zeros(keys: pl.Expr) -> pl.Expr:
    """`keys` without zeros that add nothing to a number; of several columns each by itself."""
    part = (
        pl.element()
        .str.replace(r"\A(-?[0-9]+)\.0+\z", "${1}")
        .str.replace(r"\A0+([0-9]+)\z", "${1}")
    )
    return keys.str.split("|").list.eval(part).list.join("|")


def describe_respelled_keys(changes: Changes) -> Iterator[Note]:
    """What is told of keys that differ only in zeros, with what to do."""
    keys = find_respelled_keys(changes)
    has_point = pl.any_horizontal(pl.col("code", "code_now").str.contains(".", literal=True))
    for what, is_such in (("leading zeros", ~has_point), ("zeros", has_point)):
        found = keys.filter(is_such)
        if found.height:
            some = " and ".join(found.row(0)) + (", ..." if found.height > 1 else "")
            one = "1 key differs" if found.height == 1 else f"{found.height:,} keys differ"
            text = f"{one} between the two files only in {what} ({some}), so that each"
            yield Note("zeros", f"{text} counts as deleted and as added: {advise_text(found)}")


def advise_text(pairs: pl.DataFrame) -> str:
    """What to do about `pairs` of keys (`code`, `code_now`) that differ only in zeros.

    They can be restored only where those of one side all have the same number of digits.
    """
    both = pl.col("code", "code_now")
    parts = (
        pairs.lazy()
        .with_row_index("key")
        .with_columns(both.str.split("|"))
        .explode("code", "code_now")
    )
    size, size_now = (pl.col(name).str.len_chars() for name in ("code", "code_now"))
    told = (
        parts.with_columns(part=pl.int_range(pl.len()).over("key"))
        .filter(pl.col("code") != pl.col("code_now"))
        .group_by("part")
        .agg(
            widths=pl.max_horizontal(size, size_now).n_unique(),
            sides=(size > size_now).n_unique(),
            points=pl.any_horizontal(both.str.contains(".", literal=True)).any(),
        )
        .select(((pl.col("widths") == 1) & (pl.col("sides") == 1) & ~pl.col("points")).all())
    )
    return _REPAIR if told.collect().item() else _TEXT


class _Loss(NamedTuple):
    """A part of the key that lost zeros in one release: its place, and how many digits it has."""

    part: int
    in_current: bool
    width: int


def restore_zeros(previous: Release, current: Release) -> tuple[Release, Release]:
    """Return two releases of a user's table with the zeros that one lost at the head of its keys.

    Zeros are restored where all numbers in a column of the other release's key have one number of
    digits, and this one has fewer. Raise `Refused` where keys match without their zeros and no such
    number tells how many are missing (E219), and where two keys would be one (E209).
    """
    sides = [release.entries.select("code") for release in (previous, current)]
    gone, new = (one.join(other, on="code", how="anti") for one, other in (sides, sides[::-1]))
    if not _pair_keys(gone, new).height:
        return previous, current
    count = max(len(current.keys), 1)
    losses = [loss for part in range(count) if (loss := _find_loss(sides, part, count))]
    before, after = (
        _restore(release, [one for one in losses if one.in_current == is_current], count)
        for release, is_current in ((previous, False), (current, True))
    )
    if _pair_keys(*(
        one.entries.join(other.entries, on="code", how="anti")
        for one, other in ((before, after), (after, before))
    )).height:  # fmt: skip
        wrong = "keys match without their leading zeros, but nothing says how many are missing"
        place = name_pair(previous, current)
        raise Refused("E219", place, wrong, f"{_TEXT}, and leave out --repair")
    return before, after


def _find_loss(sides: Sequence[pl.DataFrame], part: int, count: int) -> _Loss | None:
    """The loss of zeros in a part of the key; None where no width tells of any."""
    widths = [
        set(side.select(_take_part(part, count)).to_series().drop_nulls().str.len_chars())
        for side in sides
    ]
    for in_current, (whole, other) in ((True, widths), (False, widths[::-1])):
        if len(whole) == 1 and other and max(other) <= max(whole) and min(other) < max(whole):
            return _Loss(part, in_current, max(whole))
    return None


def _take_part(part: int, count: int) -> pl.Expr:
    """A part of each key where it is a whole number, else null."""
    parts = pl.col("code").str.split("|")
    value = parts.list.get(part, null_on_oob=True)
    is_number = (parts.list.len() == count) & value.str.contains(r"\A[0-9]+\z")
    return pl.when(is_number).then(value)


def _restore(release: Release, losses: Sequence[_Loss], count: int) -> Release:
    """`release` with the zeros of its keys."""
    if not losses:
        return release
    entries = _restore_codes(release.entries, losses, count)
    done = pl.DataFrame({"found": release.entries["code"], "code": entries["code"]}).filter(
        pl.col("found") != pl.col("code")
    )
    _refuse_twins(release, entries, done)
    member = release.sources[0].member if release.sources else ""
    restored = done.select(
        pl.lit(member).alias("member"),
        pl.lit(None, pl.Int64).alias("line"),
        pl.lit(_RESTORED).alias("done"),
        "found",
        "code",
    )
    some = ", ".join(f"{code} for {found}" for found, code in done.head(_FEW).iter_rows())
    more = ", ..." if done.height > _FEW else ""
    text = f"codes {_RESTORED}: {done.height:,} ({some}{more})"
    aside = release.set_aside_codes
    return replace(
        release,
        entries=entries.sort("code"),
        sets=_restore_codes(release.sets, losses, count),
        set_aside_codes=pl.concat([aside, _restore_codes(aside, losses, count)]).unique(
            maintain_order=True
        ),
        normalizations=pl.concat([release.normalizations, restored.cast(NORMALIZATIONS)]),
        repaired=release.repaired + done.height,
        notes=(*release.notes, Note("reading", text, release.archive.name)),
    )


def _restore_codes(frame: pl.DataFrame, losses: Sequence[_Loss], count: int) -> pl.DataFrame:
    parts = pl.col("code").str.split("|")
    widths = {loss.part: loss.width for loss in losses}
    whole = [
        pl.coalesce(_take_part(part, count).str.zfill(widths[part]), value)
        if part in widths
        else value
        for part in range(count)
        for value in (parts.list.get(part, null_on_oob=True),)
    ]
    code = pl.when(parts.list.len() == count).then(pl.concat_str(whole, separator="|"))
    return frame.with_columns(pl.coalesce(code, "code").alias("code"))


def _refuse_twins(release: Release, entries: pl.DataFrame, done: pl.DataFrame) -> None:
    twins = done.join(entries.filter(pl.col("code").is_duplicated()), on="code", how="semi")
    if twins.height:
        found, code = twins.sort("code", "found").row(0)
        wrong = f"with its leading zeros restored, {found} would be {code}, which is a key too"
        fix = "correct one of them, or leave out --repair"
        raise Refused("E209", release.archive.name, wrong, fix)
