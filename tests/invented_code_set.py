"""A code set that no publisher has: the care of gardens, in one declaration."""

import re
from collections.abc import Sequence
from datetime import date

from cptdiff.codesets.layout import Column, FixedWidth, Format
from cptdiff.codesets.profile import Edition, Group, Neighbor, Profile
from cptdiff.codesets.sections import parse_ranges

LAYOUT = FixedWidth(
    r"^[A-Za-z][0-9]{3} ",
    (Column("code", 1, 4), Column("plot", 6, 3), Column("long", 10, exact=True)),
)


def name_edition(label: str, year: int, said: Sequence[str]) -> Edition:
    autumn = any(re.search("autumn", name, re.IGNORECASE) for name in said)
    season, month = ("autumn", 9) if autumn else ("spring", 3)
    return Edition(f"{label} {season} {year}", date(year, month, 1))


GARDEN = Profile(
    name="garden",
    label="Garden Care",
    formats=(
        Format(
            name="garden-list",
            code_set="garden",
            content="codes",
            names=r"garden_.*\.txt",
            layout=LAYOUT,
            source="tests",
            carries={"code": ("long", "plot")},
            example="garden_spring_2026.txt",
            mark=rb"(?m)^[GT][0-9]{3} [a-z]{3} ",
        ),
    ),
    grammar={"code": r"[GT][0-9]{3}"},
    code_in_crosswalks=r"[GPT][0-9]{3}",
    name_edition=name_edition,
    wordless=("plot",),
    sections=tuple(
        parse_ranges("Beds", "", "G000-G499 Flowers\nG500-G799 Vegetables", "")
        + parse_ranges("Trees", "", "G800-G999", "")
        + parse_ranges("Trials", "", "T000-T999", "")
    ),
    kinds=(Group("permanent codes", r"^G"), Group("trial codes", r"^T")),
    outside_totals=(Group("trials", r"^T"),),
    blind_spot="Drawings are in the almanac only",
    unlisted=r"^any other\b",
    conversion=(r"^T", r"^G"),
    neighbor=Neighbor(r"^P[0-9]{3}$", "a pond code: look in the pond list", "Ponds"),
)
