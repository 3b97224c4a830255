"""A release's name and effective date, from names and content (rulings.md, "Dates and names")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cptdiff.codesets import CodeSet
from cptdiff.releases.identify import Plan
from cptdiff.releases.sources import Bundle

_YEAR: Final = r"(?<!\d)((?:19|20)\d\d)(?!\d)"
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
    name_of = {
        CodeSet.CPT: _cpt,
        CodeSet.HCPCS: _hcpcs,
        CodeSet.ICD10CM: _icd10,
        CodeSet.ICD10PCS: _icd10,
    }[plan.code_set]
    for said in (*_names(bundle, plan), *_notices(preamble)):
        if found := name_of(said, title):
            return found
    return Edition(f"{title} (edition not named)", None)


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


def _year(said: str) -> int | None:
    years = {int(year) for year in re.findall(_YEAR, said)}
    return years.pop() if len(years) == 1 else None


def _month(said: str) -> int:
    named = re.search(r"(?<![a-z])(jan|apr|jul|oct)[a-z]*", said.lower())
    return _MONTHS[named[1]] if named else 0


def _cpt(said: str, title: str) -> Edition | None:
    year = _year(said)
    if year is None:
        return None
    update = re.search(r"update\W*(\d)(?!\d)", said, re.IGNORECASE)
    if update:
        return Edition(f"{title} {year} update {update[1]}", None)
    return Edition(f"{title} {year}", date(year, 1, 1))


def _hcpcs(said: str, _title: str) -> Edition | None:
    short = re.match(r"hcpc(\d\d)_|(\d\d)anweb", said, re.IGNORECASE)
    stem = re.sub(r"_\d{8}(?!\d)", "", said)
    year = 2000 + int(short[1] or short[2]) if short else _year(stem)
    if year is None:
        return None
    month = _month(stem) or 1
    return Edition(f"HCPCS {year} {_MONTH_NAMES[month]}", date(year, month, 1))


def _icd10(said: str, title: str) -> Edition | None:
    year = _year(said)
    if year is None:
        return None
    month = _month(said)
    if month in {1, 4, 7}:
        return Edition(f"{title} FY{year} {_MONTH_NAMES[month]}", date(year, month, 1))
    return Edition(f"{title} FY{year}", date(year - 1, 10, 1))
