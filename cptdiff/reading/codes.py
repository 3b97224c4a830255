"""Codes: what is wrong with one, how it is brought to its form, which one was meant."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.model import NORMALIZATIONS, Note, make_notes
from cptdiff.vocabulary import Repair

LOST_ZEROS: Final = "E203"
_NO_RECOVERY: Final = "export the column as Text; the code in this file cannot be recovered"


class Fault(NamedTuple):
    """Slug, what is wrong, what to do."""

    slug: str
    wrong: str
    fix: str


# By the whole text in the code's place, the first that fits. `1.00E+05` and `1E5` may both have
# been 001E5 or 00100 or 100000: nothing tells.
_DAMAGE: Final = (
    (r"", Fault("E212", "has no code", "enter the code, or delete the row")),
    (
        r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+",
        Fault("E204", "the code is in scientific notation", _NO_RECOVERY),
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
        Fault("E207", "the code was turned into a date", _NO_RECOVERY),
    ),
    (r"[=+@].*", Fault("E208", "the code is a formula", "export its value as Text")),
)


def find_fault(code: str, kind: str, profile: Profile) -> Fault:
    """The fault of `code`, which does not fit the grammar."""
    bare = code.strip(" \t")
    if kind == "code" and re.fullmatch(profile.short_code, bare):
        digits = f"{bare} has {len(bare)} of {profile.digits} digits"
        wrong = f"{digits}; a spreadsheet may have dropped leading zeros"
        fix = f"export the column as Text, or --repair leading-zeros ({bare.zfill(profile.digits)})"
        return Fault(LOST_ZEROS, wrong, fix)
    for pattern, fault in _DAMAGE:
        if re.fullmatch(pattern, bare):
            return fault
    name = "the table" if profile.is_own else profile.label
    return Fault("E201", f"is not a {kind} of {name}{_find_look_alikes(code)}", "correct the code")


def _find_look_alikes(code: str) -> str:
    """The characters that no code has but look like those of one, or like nothing."""
    found = dict.fromkeys(c for c in code if not " " <= c <= "~")
    return f": contains {', '.join(map(name_characters, found))}" if found else ""


def name_characters(character: str) -> str:
    """A character by its number and name: U+200B ZERO WIDTH SPACE."""
    name = unicodedata.name(character, "a control character")
    return f"U+{ord(character):04X} {name}"


# What was changed in a code: the row's line, what was done, the code as found and as used.
CODE_CHANGES: Final = pl.Schema(
    {name: of for name, of in NORMALIZATIONS.items() if name != "member"}
)
_MOST_EXAMPLES: Final = 5


@cache
def make_no_changes() -> pl.DataFrame:
    """No changes (`CODE_CHANGES`)."""
    return CODE_CHANGES.to_frame()


# A code with nothing but printable ASCII: folding any other would make a code of a look-alike.
_PLAIN: Final = pl.col("code").str.contains(r"\A[\x20-\x7e\t]*\z")


class _Step(NamedTuple):
    done: str
    brought: pl.Expr


_UNGUARD: Final = _Step(
    'without the apostrophe or ="..." that a spreadsheet adds',
    pl.col("code").str.replace(r"""\A\s*(?:="([^"]*)"|'(.*))\s*\z""", "${1}${2}"),
)
_FOLD: Final = _Step(
    "written in capital letters without spaces",
    pl.when(_PLAIN).then(pl.col("code").str.strip_chars(" \t").str.to_uppercase()),
)
_REPAIR: Final = "with leading zeros restored"


class Normalization(NamedTuple):
    """The rows with their codes as used, and what was done (`CODE_CHANGES`, rows by step)."""

    frame: pl.DataFrame
    changes: pl.DataFrame


def normalize_codes(
    frame: pl.DataFrame, profile: Profile, repairs: Sequence[Repair], good: pl.Expr
) -> Normalization:
    """`frame` with every code brought to its form where that makes one; else as it was found.

    `good` tells whether a row's code fits the grammar. A user's keys stay as they
    are.
    """
    if profile.is_own:
        return Normalization(frame, make_no_changes())
    found, changes = frame, []
    for step in _list_steps(profile, repairs):
        code = pl.coalesce(step.brought, "code")
        brought = found.with_columns(pl.when(good).then("code").otherwise(code).alias("code"))
        changes.append(_list_changes(step, found, brought))
        found = brought
    fits = found.select(good).to_series()
    used = found.with_columns(pl.when(fits).then("code").otherwise(frame["code"]).alias("code"))
    lines = found.filter(fits).select(pl.col("line").cast(pl.Int64))
    return Normalization(used, pl.concat(changes).join(lines, on="line", how="semi"))


def _list_steps(profile: Profile, repairs: Sequence[Repair]) -> Iterator[_Step]:
    yield _UNGUARD
    yield _FOLD
    code = pl.col("code")
    if profile.dotted:
        bare = code.str.replace(rf"\A(?:{profile.dotted})\z", "${1}${2}")
        yield _Step("written without their dot", bare)
    if profile.digits and Repair.LEADING_ZEROS in repairs:
        is_short = code.str.contains(rf"\A(?:{profile.short_code})\z") & (pl.col("kind") == "code")
        yield _Step(_REPAIR, pl.when(is_short).then(code.str.zfill(profile.digits)))


def _list_changes(step: _Step, found: pl.DataFrame, brought: pl.DataFrame) -> pl.DataFrame:
    both = pl.DataFrame(
        {"line": found["line"].cast(pl.Int64), "found": found["code"], "code": brought["code"]}
    )
    done = pl.lit(step.done).alias("done")
    return both.filter(pl.col("found") != pl.col("code")).select("line", done, "found", "code")


def describe_normalized(changes: pl.DataFrame, place: str) -> tuple[Note, ...]:
    """One note for each step that changed any code, with the first of them."""
    counts = (
        f"codes {done[0]}: {rows.height:,} ({_write_examples(rows)})"
        for done, rows in changes.group_by("done", maintain_order=True)
    )
    return make_notes("reading", counts, place)


def find_repaired(changes: pl.DataFrame) -> pl.DataFrame:
    """Those of `changes` that a user asked for."""
    return changes.filter(pl.col("done") == _REPAIR) if changes.height else changes


def _write_examples(rows: pl.DataFrame) -> str:
    shown = rows.head(_MOST_EXAMPLES).select(pl.format("{} for {}", "code", "found")).to_series()
    return ", ".join(shown) + (", ..." if rows.height > _MOST_EXAMPLES else "")


# Letters of codes as Cyrillic and Greek keyboards write them.
_ALIKE: Final = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425"
    "\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7",
    "ABEKMHOPCTXABEHIKMNOPTX",
)


def guess_code(text: str, kind: str, profile: Profile) -> str:
    """The code that `text` stands for, as far as it can be told; of a user's table `text` itself.

    Of scientific notation and dates it cannot be told.
    """
    if profile.is_own:
        return text
    shown = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in shown)
    code = re.sub(r"[^0-9A-Z.,]", "", digits.upper())
    code = re.sub(r"(?<=[0-9])\.0+$|,", "", code).replace(".", "")
    if kind == "code" and re.fullmatch(profile.short_code, code):
        return code.zfill(profile.digits)
    return code
