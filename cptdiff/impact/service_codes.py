"""The codes by which claims are judged, as tables for SQL: `codes`, `headers` and `calendar`."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES, Profile, profile_of
from cptdiff.model import ValidCodes

# Days that a date of service may be; others are no dates.
_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(2100, 12, 31)
# How files of claims write a day.
_FORMS: Final = ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%-m/%-d/%Y", "%d-%b-%Y")


class Family(NamedTuple):
    """The code sets given for what a claim states, in one table; `profiles` are all that it has."""

    sets: tuple[ValidCodes, ...]
    profiles: tuple[Profile, ...]
    wide: pl.DataFrame
    headers: pl.DataFrame
    first: date
    last: date

    @property
    def missing(self) -> tuple[Profile, ...]:
        """The code sets whose codes stand in the same columns, of which no release was given."""
        given = {one.code_set for one in self.sets}
        return tuple(one for one in self.profiles if str(one.name) not in given)


def collect_families(valid: Sequence[ValidCodes]) -> Iterator[tuple[str, Family]]:
    """Yield the code sets given, by what a claim states with their codes."""
    families = {profile.billed_as for profile in PROFILES.values() if profile.billed_as}
    for family in sorted(families):
        given = {one.code_set: one for one in valid if profile_of(one.code_set).billed_as == family}
        if given:
            tables = [
                one.wide.with_columns(pl.lit(name).alias("code_set")) for name, one in given.items()
            ]
            yield (
                family,
                Family(
                    tuple(given.values()),
                    tuple(one for one in PROFILES.values() if one.billed_as == family),
                    pl.concat(tables, how="diagonal"),
                    pl.concat([one.headers for one in given.values()]),
                    min(one.first for one in given.values()),
                    max(one.last for one in given.values()),
                ),
            )


def make_seed(valid: Sequence[ValidCodes]) -> dict[str, pl.DataFrame]:
    """Return the tables that the query of claims reads beside the lines, for any engine."""
    return make_tables([*collect_families(valid)])


def make_tables(families: Sequence[tuple[str, Family]]) -> dict[str, pl.DataFrame]:
    """Return the tables that the query reads beside the lines; their days are texts."""
    days = pl.selectors.date().dt.to_string("%Y-%m-%d")
    codes = [one.wide.select(pl.lit(name).alias("billed_as"), pl.all()) for name, one in families]
    headers = [
        one.headers.select(pl.lit(name).alias("billed_as"), "code") for name, one in families
    ]
    return {
        "codes": pl.concat(codes, how="diagonal").with_columns(days).sort("billed_as", "code"),
        "headers": pl.concat(headers).sort("billed_as", "code"),
        "calendar": _make_calendar().with_columns(days).sort("text"),
    }


def _make_calendar() -> pl.DataFrame:
    """Every way to write each day: `text`, `day`."""
    days = pl.date_range(_FIRST_DAY, _LAST_DAY, eager=True).alias("day")
    forms = [days.dt.to_string(form).alias("text") for form in _FORMS]
    upper = forms[-1].str.to_uppercase()
    stamped = forms[0] + " 00:00:00"
    frames = [
        pl.DataFrame({"text": text, "day": days})
        for text in (*forms, upper, stamped, forms[0] + "T00:00:00")
    ]
    return pl.concat(frames).unique("text")
