"""How cells of chargemasters look: codes in many forms, fillers, drug codes, what is no code."""

from collections.abc import Callable
from typing import NamedTuple


class Cell(NamedTuple):
    """The text of a cell, and what has to become of it: blank, understood or aside."""

    text: str
    fate: str = "understood"


def _keep(code: str) -> str:
    return code


def _glue(modifiers: str) -> Callable[[str], str]:
    return lambda code: f"{code}{modifiers}"


# Two numeric modifiers are never glued to a numeric code: that would be a drug code of 9 digits.
# Most cells hold a code and no more; the modifiers are the same in both releases.
FORMS: tuple[Callable[[str], str], ...] = (
    *([_keep] * 28),
    *map(_glue, ("25", "59", "LT", "RT", "TC", "26LT", "50LT", " 26", "-59", ",RT", " TC 59",
                 "|76", "; 51", "-LT-59", " ")),
    str.lower,
    lambda code: f"  {code}",
    lambda code: f"'{code}",
    lambda code: f"CPT {code}" if code[0].isdigit() else f"HCPCS: {code}",
)  # fmt: skip
BLANK = ("", "", "", "", "", "", "N/A", "NA", "------", "(blank)", "0", " ", "None", "#N/A")
# National drug codes, with hyphens and without: codes of a set that no release has.
DRUGS = (
    *(f"{90000 + 7 * n:05}-{1000 + 13 * n:04}-{10 + n:02}" for n in range(40)),
    *(f"{99000000000 + 7_130_017 * n:011}" for n in range(40)),
)
# Dental codes and codes that states and payers make.
NO_CODES = ("D0120", "D2740", "D9110", "W0001", "X1500", "X1501", "Y9000", "Z0310", "Z7500")
# In neither release, though they look as codes of CPT and HCPCS do.
UNKNOWN = ("99998", "10001", "G9998", "99998", "77999")
ASIDE = (
    "SEE NOTE", "TBD", "9921", "992133", "99213ZZ", "G012", "MULTIPLE CODES", "99213?",
    "per Dr. orders", "J12345", "ask coding", "1.5", "99213-QQQ", "A-1",
)  # fmt: skip
