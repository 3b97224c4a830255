"""The descriptor by which people know an entry: the longest that its release has."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from cptdiff.codesets import CodeSet
from cptdiff.model import OWN, Release

# What a user's column of descriptors is called, best first.
_OWN_NAMES: Final = ("long", "descriptor", "description")


def longest_descriptor(release: Release, columns: Sequence[str]) -> pl.Expr:
    """The longest descriptor among `columns` that is not empty, else empty text.

    Of a user's table the column of that name, else the first.
    """
    names = [name for name in release.descriptors if name in columns]
    if release.code_set is CodeSet.TABLE:
        spoken = {name.removeprefix(OWN).casefold(): name for name in reversed(names)}
        names = [spoken[name] for name in _OWN_NAMES if name in spoken][:1] or names[:1]
    texts = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in names]
    return pl.coalesce(*texts, pl.lit(""))
