"""The descriptor by which people know an entry: the longest that its release has."""

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from cptdiff.model import OWN, Release
from cptdiff.vocabulary import CodeSet

# What a user's column of descriptors is called, best first.
_OWN_NAMES: Final = ("long", "descriptor", "description")
_SHORT: Final = r"(?i)short(?:[ _-]?(?:desc|descriptor|description|name|title))?"


def longest_descriptor(release: Release, columns: Sequence[str]) -> pl.Expr:
    """The longest descriptor among `columns` that is not empty, else empty text.

    Of a user's table the column of that name, else the first; where it is empty, a short one.
    """
    names = [name for name in release.descriptors if name in columns]
    if release.code_set is CodeSet.TABLE:
        spoken = {name.removeprefix(OWN).casefold(): name for name in reversed(names)}
        best = [spoken[name] for name in _OWN_NAMES if name in spoken][:1] or names[:1]
        names = [*best, *(name for name in names if is_short(name))]
    texts = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in names]
    return pl.coalesce(*texts, pl.lit(""))


def is_short(field: str) -> bool:
    """Whether a field, of a publisher's or of the user's own, is the short descriptor."""
    return re.fullmatch(_SHORT, field.removeprefix(OWN)) is not None
