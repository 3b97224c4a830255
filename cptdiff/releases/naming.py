"""A release's name and effective date, from names and content (rulings.md, "Dates and names")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cptdiff.releases.identify import Plan
from cptdiff.releases.sources import Bundle
from cptdiff.vocabulary import CodeSet

_YEAR: Final = r"(?<!\d)((?:19|20)\d\d)(?!\d)"
_MONTH: Final = r"(?<![a-z])(jan(?:uary)?|apr(?:il)?|july?|oct(?:ober)?)(?![a-z])"
_MONTHS: Final = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_MONTH_NAMES: Final = {1: "January", 4: "April", 7: "July", 10: "October"}


@dataclass(frozen=True)
class Edition:
    """A release's name; its effective date where one was found."""

    name: str
    effective_date: date | None


def edition(bundle: Bundle, plan: Plan, preamble: str) -> Edition:
    """The edition that the used files' names, then the content, tell; never a file's time stamp."""
    title = plan.code_set.label
    if plan.code_set is CodeSet.TABLE:
        return Edition(bundle.archive.name, None)
    name_of = {CodeSet.CPT: _cpt, CodeSet.HCPCS: _hcpcs}.get(plan.code_set, _icd10)
    said = [_undated(name) for name in (*_names(bundle, plan), *_notices(preamble))]
    year = next(filter(None, map(_year, said)), None)
    if year is None:
        return Edition(f"{title} (edition not named)", None)
    # The member may name the year alone, and the zip around it the month.
    of_year = [name for name in said if _year(name) == year]
    return name_of(title, year, of_year)


def _names(bundle: Bundle, plan: Plan) -> Iterator[str]:
    """The used member's base name, its folders from the inside out, then the archive's name."""
    for use in plan.used[:1]:
        yield use.member.base_name
        yield from reversed(use.member.folders)
    yield bundle.archive.name


def _notices(preamble: str) -> Iterator[str]:
    """What a licence preamble says of the edition, such as "CPT(R) 2026"."""
    for match in re.finditer(r"CPT\W{0,4}(?:R\W{0,2})?\s*((?:19|20)\d\d)\b", preamble):
        yield match[1]


def _undated(said: str) -> str:
    """`said` without a date of eight digits, with HCPC18_ and 05anweb spelled out."""
    long = re.sub(r"(?i)^hcpc(\d\d)_", r"HCPC20\1_", re.sub(r"_\d{8}(?!\d)", "", said))
    return re.sub(r"(?i)^(\d\d)anweb", r"20\1 anweb", long)


def _year(said: str) -> int | None:
    years = {int(year) for year in re.findall(_YEAR, said)}
    return years.pop() if len(years) == 1 else None


def _month(said: list[str]) -> int:
    for name in said:
        if named := re.search(_MONTH, name.lower()):
            return _MONTHS[named[1][:3]]
    return 0


def _cpt(title: str, year: int, said: list[str]) -> Edition:
    for name in said:
        if update := re.search(r"update\W*(\d)(?!\d)", name, re.IGNORECASE):
            return Edition(f"{title} {year} update {update[1]}", None)
    return Edition(f"{title} {year}", date(year, 1, 1))


def _hcpcs(_title: str, year: int, said: list[str]) -> Edition:
    month = _month(said) or 1
    return Edition(f"HCPCS {year} {_MONTH_NAMES[month]}", date(year, month, 1))


def _icd10(title: str, year: int, said: list[str]) -> Edition:
    month = _month(said)
    if month in {1, 4, 7}:
        return Edition(f"{title} FY{year} {_MONTH_NAMES[month]}", date(year, month, 1))
    return Edition(f"{title} FY{year}", date(year - 1, 10, 1))
