"""How the page's filters choose entries, and where the list under them is found."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from cptdiff.reports.html.addresses import filter_address
from cptdiff.summary import counted_change

# As the page and its addresses call them, where the counts have a longer name.
SHORTER: Final = {"revised_attributes_only": "attributes"}


def counted_shorter() -> pl.Expr:
    """`counted`: what an entry counts as, by the name that the page has for it."""
    return counted_change().replace(SHORTER).alias("counted")


def under(entries: pl.DataFrame, **chosen: str | Sequence[str]) -> pl.DataFrame:
    """Those of `entries` (`counted_shorter` among its columns) that the page's filters choose."""
    for name, values in chosen.items():
        entries = entries.filter(pl.col(_column(name)).cast(pl.String).is_in(_several(values)))
    return entries


def list_address(listed: pl.DataFrame, **chosen: str | Sequence[str]) -> str:
    """Of the list under these filters, as far as `listed` has them; empty for no entry."""
    found = under(listed, **chosen)
    if not found.height:
        return ""
    here = {name: set(found[_column(name)].cast(pl.String)) for name in chosen}
    return filter_address(**{
        name: [value for value in _several(values) if value in here[name]]
        for name, values in chosen.items()
    })  # fmt: skip


def _column(name: str) -> str:
    return "counted" if name == "change" else name


def _several(values: str | Sequence[str]) -> Sequence[str]:
    return [values] if isinstance(values, str) else values
