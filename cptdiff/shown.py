"""Which of the changes a user wants to see (`--only`, `--min-severity`)."""

from dataclasses import dataclass

import polars as pl

from cptdiff.grades import SEVERITIES


@dataclass(frozen=True)
class Shown:
    """The choice; an empty part of it chooses all."""

    changes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    min_severity: str = ""

    @property
    def all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.changes or self.kinds or self.min_severity)

    def told(self, shown: int, every: int) -> str:
        """The choice in words, with how many changes of how many it shows; empty for all."""
        if self.all:
            return ""
        what = ", ".join((*self.changes, *self.kinds))
        least = f"of severity {self.min_severity} at least" if self.min_severity else ""
        chosen = ", ".join(filter(None, (what, least)))
        return f"Shown are {shown:,} of {every:,} changes, as was asked: {chosen}"


def chosen(entries: pl.DataFrame, shown: Shown) -> pl.DataFrame:
    """`entries` (change, kind, severity) that `shown` chooses; additions have no severity."""
    found = entries
    if shown.changes:
        found = found.filter(pl.col("change").is_in(shown.changes))
    if shown.kinds:
        found = found.filter(pl.col("kind").cast(pl.String).is_in(shown.kinds))
    if shown.min_severity:
        grave = SEVERITIES[SEVERITIES.index(shown.min_severity) :]
        found = found.filter(pl.col("severity").is_in(grave))
    return found
