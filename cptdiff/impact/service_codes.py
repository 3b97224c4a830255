"""The codes by which claims are judged, as tables for SQL: `codes`, `headers` and `calendar`."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES, Profile, profile_of
from cptdiff.model import ValidCodes

# Days that a date of service may be; others are no dates.
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
# How files of claims write a day.
FORMS: Final = (
    "%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%-m/%-d/%Y", "%m/%-d/%Y", "%-m/%d/%Y", "%Y/%m/%d",
    "%d-%b-%Y", "%-d-%b-%Y", "%d%b%Y",
)  # fmt: skip


class Family(NamedTuple):
    """The code sets given for what a claim states, in one table; `profiles` are all that it has."""

    sets: tuple[ValidCodes, ...]
    profiles: tuple[Profile, ...]
    wide: pl.DataFrame
    headers: pl.DataFrame

    @property
    def days(self) -> dict[str, date]:
        """The day of the first release of each code set given, by the form of its codes."""
        return {profile_of(one.code_set).grammar["code"]: one.first for one in self.sets}

    @property
    def gaps(self) -> dict[str, tuple[tuple[date, date], ...]]:
        """The days that no release covers, by the form of the codes of each code set."""
        return {profile_of(one.code_set).grammar["code"]: one.gaps for one in self.sets}

    @property
    def span(self) -> tuple[date, date]:
        """From when to when the releases of all code sets given reach."""
        return max(one.first for one in self.sets), min(one.last for one in self.sets)

    @property
    def has_dots(self) -> bool:
        """Whether codes may be written with a dot."""
        return any(one.drops_dots for one in self.profiles)

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
                    pl.concat([one.headers for one in given.values()], how="diagonal"),
                ),
            )


def make_seed(valid: Sequence[ValidCodes]) -> dict[str, pl.DataFrame]:
    """Return the tables that the query of claims reads beside the lines, for any engine."""
    tables = {**make_tables([*collect_families(valid)]), "calendar": make_calendar()}
    return {name: table.sort(pl.all()) for name, table in tables.items()}


def make_tables(families: Sequence[tuple[str, Family]]) -> dict[str, pl.DataFrame]:
    """Return the tables of codes that the query reads, `codes` and `headers`; days are texts."""
    days = pl.selectors.date().dt.to_string("%Y-%m-%d")
    codes = [one.wide.select(pl.lit(name).alias("billed_as"), pl.all()) for name, one in families]
    headers = [
        one.headers.select(pl.lit(name).alias("billed_as"), pl.all()) for name, one in families
    ]
    return {
        "codes": pl.concat(codes, how="diagonal").with_columns(days),
        "headers": pl.concat(headers, how="diagonal").with_columns(days),
    }


def make_calendar(*, in_all_forms: bool = True) -> pl.DataFrame:
    """Return every way to write each day, or the one of ISO 8601: `text`, `day` (a text too)."""
    days = pl.date_range(FIRST_DAY, LAST_DAY, eager=True).dt
    standard = days.to_string(FORMS[0])
    others = [days.to_string(form) for form in FORMS[1:]] if in_all_forms else []
    named = len([form for form in FORMS if "%b" in form])
    upper = [one.str.to_uppercase() for one in others[-named:]]
    frames = [pl.DataFrame({"text": text, "day": standard}) for text in (standard, *others, *upper)]
    return pl.concat(frames).unique("text", keep="first", maintain_order=True)
