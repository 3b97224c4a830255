"""One number in two spellings, in a user's table: 99200 and 99200.0, 00100 and 100."""

from collections.abc import Iterator

import polars as pl

from cptdiff.model import OWN, Changes
from cptdiff.vocabulary import CodeSet


def respelled_keys(changes: Changes) -> pl.DataFrame:
    """The keys (`code`) that are deleted, and added (`code_now`) with other zeros."""
    if changes.current.code_set is not CodeSet.TABLE:
        return pl.DataFrame(schema={"code": pl.String, "code_now": pl.String})
    plain = _plain_keys(pl.col("code")).alias("plain")
    gone, new = (frame.select("code", plain) for frame in (changes.deleted, changes.added))
    both = gone.join(new, on="plain", suffix="_now", maintain_order="left")
    return both.select("code", "code_now")


def spelling_notes(changes: Changes) -> Iterator[str]:
    """What is told of numbers that are written otherwise, in keys and in whole columns."""
    keys = respelled_keys(changes)
    for what, is_such in (("leading zeros", ~_has_point()), ("zeros", _has_point())):
        found = keys.filter(is_such)
        if found.height:
            some = " and ".join(found.row(0)) + (", ..." if found.height > 1 else "")
            yield f"{found.height:,} keys of either side differ in {what} only ({some})"
    if changes.current.code_set is CodeSet.TABLE:
        yield from _columns(changes)


def _columns(changes: Changes) -> Iterator[str]:
    """The columns whose values all changed from 5 to 5.0 and the like."""
    before, after = (_plain_value(pl.col(side)) for side in ("previous", "current"))
    fields = changes.revised.group_by("field", maintain_order=True).agg(
        pl.len().alias("changed"), (before == after).sum().alias("respelled")
    )
    pairs = changes.compared - changes.added.height
    for name, changed, respelled in fields.iter_rows():
        if respelled == changed and 2 * respelled >= pairs:
            yield (
                f"column {name.removeprefix(OWN)}: all changes ({changed:,}) write the same number"
                " with other decimals, as 5 and 5.0"
            )


def _has_point() -> pl.Expr:
    return pl.any_horizontal(pl.col("code", "code_now").str.contains(".", literal=True))


def _plain_keys(keys: pl.Expr) -> pl.Expr:
    """`keys` without zeros that add nothing to a number; of several columns each by itself."""
    part = (
        pl.element()
        .str.replace(r"\A(-?[0-9]+)\.0+\z", "${1}")
        .str.replace(r"\A0+([0-9]+)\z", "${1}")
    )
    return keys.str.split("|").list.eval(part).list.join("|")


def _plain_value(values: pl.Expr) -> pl.Expr:
    """`values` without zeros at the end of a number's decimals."""
    bare = values.str.replace(r"\A(-?[0-9]+\.[0-9]*?)0+\z", "${1}")
    return bare.str.replace(r"\A(-?[0-9]+)\.\z", "${1}")
