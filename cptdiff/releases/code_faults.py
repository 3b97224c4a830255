"""What is wrong with a code that is none (reliability.md, rows 38 to 41), in words for a person."""

import re
import unicodedata
from typing import Final, NamedTuple

from cptdiff.vocabulary import CodeSet

LOST_ZEROS: Final = "E203"
# Not 0100: a spreadsheet would have dropped that zero too.
SHORTENED: Final = r"[1-9][0-9]{0,3}"
_RECOVERED: Final = "export the column as Text; this cannot be recovered"


class Fault(NamedTuple):
    """Slug, what is wrong, what to do."""

    slug: str
    wrong: str
    fix: str


# By the whole text in the code's place, the first that fits. `1.00E+05` and `1E5` may both have
# been 001E5 or 00100 or 100000: nothing tells.
_SPOILED: Final = (
    (r"", Fault("E212", "has no code", "fill in the code, or remove the row")),
    (
        r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+",
        Fault("E204", "the code is in scientific notation", _RECOVERED),
    ),
    (r"[0-9]+\.[0-9]+", Fault("E205", "the code is a decimal number", "export it as Text")),
    (
        r"[0-9]{1,3}(?:[,' \u00a0\u202f][0-9]{3})+",
        Fault("E206", "the code has thousands separators", "export it as Text"),
    ),
    (
        (
            r"(?i)[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}(?:[T ][0-9:.]+)?|[0-9]{1,2}-[a-z]{3}"
            r"|(?:[0-9]{1,2}-)?[a-z]{3}-[0-9]{1,4}"
        ),
        Fault("E207", "the code was turned into a date", _RECOVERED),
    ),
    (r"[=+@].*", Fault("E208", "the code is a formula", "export its value as Text")),
)


def fault_of(code: str, kind: str, code_set: CodeSet) -> Fault:
    """The fault of `code`, which does not fit the grammar."""
    bare = code.strip(" \t")
    if code_set is CodeSet.CPT and kind == "code" and re.fullmatch(SHORTENED, bare):
        wrong = f"{bare} has {len(bare)} of 5 digits; a spreadsheet may have dropped leading zeros"
        fix = f"export the column as Text, or --repair leading-zeros ({bare:>05})"
        return Fault(LOST_ZEROS, wrong, fix)
    for pattern, fault in _SPOILED:
        if re.fullmatch(pattern, bare):
            return fault
    name = "user's own" if code_set is CodeSet.TABLE else code_set.label
    return Fault("E201", f"is no {kind} of {name}{_strange(code)}", "correct the code")


def _strange(code: str) -> str:
    """The characters that no code has but look like those of one, or like nothing."""
    found = dict.fromkeys(c for c in code if not " " <= c <= "~")
    return f": holds {', '.join(map(named, found))}" if found else ""


def named(character: str) -> str:
    """A character by its number and name: U+200B ZERO WIDTH SPACE."""
    name = unicodedata.name(character, "a control character")
    return f"U+{ord(character):04X} {name}"
