"""The worksheet: touched lines with room for decisions, and how each row is known again.

A worksheet goes to people, who sort it, filter it, split it, save it in another program and send
it back. So every row has a number that says of which worksheet it is one of how many, and a
fingerprint of what cptdiff wrote in it.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

import polars as pl

from cptdiff.impact.facts import (
    ATTRIBUTES,
    DELETED,
    ENDED,
    FAMILY,
    NEW,
    REVISED,
    TOUCHED,
    TRANSIENT,
    UNKNOWN,
)
from cptdiff.impact.tables import IMPACT, INNER
from cptdiff.reports.overview import guard_formulas
from cptdiff.vocabulary import SEVERITIES

KEEP: Final = "keep"
RECODE: Final = "recode"
RETIRE: Final = "retire"
NEW_LINE: Final = "new line"
NO_ACTION: Final = "no action"
# What may be decided on a line, and what it means.
DECISIONS: Final[Mapping[str, str]] = MappingProxyType({
    KEEP: "The line stays as it is.",
    RECODE: "The line gets the code in New code.",
    RETIRE: "The line is not used any more.",
    NEW_LINE: "The line stays for earlier dates of service; a new line gets the code in New code.",
    NO_ACTION: "Somebody looked at the line, and nothing has to be done.",
})  # fmt: skip
# What has become of the code of a line: in a few words, and what that means.
MEANINGS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    DELETED: ("code deleted", "The code is not valid any more in the new release."),
    ENDED: ("code had ended before", "Claims with the code are rejected already."),
    REVISED: ("wording revised", "The wording changed; Severity says how much it matters."),
    FAMILY: ("family changed", "Codes of the family in this line were added, deleted or revised."),
    TRANSIENT: ("added and ended between", "The code is in neither release, only in between."),
    NEW: ("new, not valid yet", "The code is new: valid from Effective date on."),
    ATTRIBUTES: ("other data changed", "The wording is the same; other data of the code changed."),
    UNKNOWN: ("in neither release", "The code may have ended long ago, or was never valid."),
})  # fmt: skip
DECIDED: Final = "decided"
OPEN: Final = "open"
CONFLICTING: Final = "conflicting"
REOPENED: Final = "reopened"
# What has become of a line, in the order in which it is told.
STATES: Final = (DECIDED, OPEN, CONFLICTING, REOPENED)

# What reviewers fill in.
FILLED: Final = ("decision", "new_code", "reviewer", "date", "note")
# What cptdiff makes of it.
REVIEWED: Final = ("review_status", "former_decision", "problem", "source")
# What is pinned of a line: which one it is, and the facts that a decision rests on.
IDENTITY: Final = ("list", "sheet", "line", "line_id", "code_set", "part", "code")
FACTS: Final = (
    "status", "previous_descriptor", "current_descriptor", "effective_date", "last_valid_date",
    "replacements",
)  # fmt: skip
PINNED: Final = ("row", *IDENTITY, *FACTS)
_FIRST: Final = ("group", "list", "sheet", "line", "line_id", "line_text")
_MIDDLE: Final = (
    "cell", "code", "status", "status_in_words", "previous_descriptor", "current_descriptor",
    "replacements",
    *FILLED, *REVIEWED, "cause", "severity", "reason", "effective_date", "last_valid_date",
    "modifiers", "replacement_descriptors", "replacement_on_list", "exposure", "part", "code_set",
    "row", "fingerprint",
)  # fmt: skip
COLUMNS: Final = (*_FIRST, *_MIDDLE)
_PRINT: Final = "fingerprint"
_NUMBER: Final = re.compile(r"w([0-9a-f]{8})-([1-9][0-9]{0,8})-of-([1-9][0-9]{0,8})")
_NO_LETTER: Final = re.compile(r"[^a-z0-9]+")
# The controls are blanks to Python, but not to Polars.
_NOT_PINNED: Final = re.compile(r"[\s\x1c-\x1f']+")
_NEXT: Final = "\x1e"
_DIGITS: Final = 11
_NAME_DIGITS: Final = 8
HELP: Final = """\
Choose a decision in each row; a recode and a new line need a new code. Add who decided, and when.
Many rows have one cause: filter by it, fill in one row, and fill down.
Sort, filter and hide as you like, and save as .xlsx or CSV. Keep the columns, the hidden ones too.
Rows may be left out: they stay open. A row that you add is kept as yours.
`cptdiff worksheet merge` reads the files that come back.
""".splitlines()


def make_worksheet(touched: pl.DataFrame, kept: Sequence[str] = ()) -> pl.DataFrame:
    """Return the worksheet of `touched` lines (impact.csv): `COLUMNS`, the `kept` ones among them.

    Owner by owner, the gravest lines first, lines of one cause together. All columns are text.
    """
    named = {name: _name_kept(name) for name in kept}
    order = (
        pl.col("group") == "", "group", _rank("status", TOUCHED),
        _rank("severity", tuple(reversed(SEVERITIES))), "cause", "list", "sheet", "line", "part",
        "code_set", "code",
    )  # fmt: skip
    empty = [pl.lit("").alias(name) for name in (*FILLED, *REVIEWED, "row", _PRINT)]
    words = {status: short for status, (short, _) in MEANINGS.items()}
    lines = touched.sort(order).with_columns(empty).with_columns(
        pl.lit(OPEN).alias("review_status"),
        pl.col("status").replace(words).alias("status_in_words"),
    )  # fmt: skip
    texts = lines.select(
        *_FIRST, *(pl.col(name).alias(new) for name, new in named.items()), *_MIDDLE
    ).select(pl.all().cast(pl.String).fill_null(""))
    prints = _fingerprint_lines(texts.select(*IDENTITY, *FACTS))
    digest = hashlib.blake2b("".join(prints).encode(), digest_size=4).hexdigest()[:_NAME_DIGITS]
    rows = [f"w{digest}-{number}-of-{len(prints)}" for number in range(1, len(prints) + 1)]
    numbered = texts.with_columns(pl.Series("row", rows, pl.String))
    whole = _fingerprint_lines(numbered.select(PINNED))
    return numbered.with_columns(pl.Series(_PRINT, whole, pl.String))


def _rank(name: str, words: Sequence[str]) -> pl.Expr:
    ranks = {word: rank for rank, word in enumerate(words)}
    return pl.col(name).replace_strict(ranks, default=len(words), return_dtype=pl.Int64)


def _name_kept(name: str) -> str:
    """What a kept column is called, so that none is called as one of `COLUMNS` or its head."""
    return f"{name} (list)" if fold_head(name) in list_heads() else name


def fold_head(text: str) -> str:
    """Return the head of a column as it is compared: small letters and digits."""
    return _NO_LETTER.sub("", text.lower())


@cache
def list_heads() -> Mapping[str, str]:
    """Return the columns by their heads in a workbook and in CSV, as `fold_head` writes them."""
    from cptdiff.reports.worksheet import write_head  # noqa: PLC0415 - imports xlsxwriter

    return {fold_head(head): name for name in COLUMNS for head in (name, write_head(name))}


def fingerprint_line(cells: Iterable[str]) -> str:
    """Return what pins `cells`, those of `PINNED`; blanks and apostrophes are none.

    A letter first, and none that begins a number or a month: a spreadsheet keeps it as text.
    """
    return _digest(_NEXT.join(_NOT_PINNED.sub("", cell) for cell in cells))


def _fingerprint_lines(texts: pl.DataFrame) -> list[str]:
    """What pins each row of `texts`, as `fingerprint_line` does."""
    cells = pl.all().str.replace_all(_NOT_PINNED.pattern, "")
    return [*map(_digest, texts.select(pl.concat_str(cells, separator=_NEXT)).to_series())]


def _digest(text: str) -> str:
    return f"x{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()[:_DIGITS]}"


def read_number(text: str) -> tuple[str, int, int] | None:
    """Return of what a row is called the worksheet, its number and how many there are, if any."""
    found = _NUMBER.fullmatch(text.strip().lower())
    if not found or int(found[2]) > int(found[3]):
        return None
    return found[1], int(found[2]), int(found[3])


def list_kept(columns: Sequence[str]) -> list[str]:
    """Return the columns of the user's own among those of a worksheet."""
    return [name for name in columns if name not in COLUMNS]


# In the workbook other columns say the same, or all rows do.
_HIDDEN: Final = (
    "reason", "modifiers", "replacement_on_list", "effective_date", "source",
)  # fmt: skip
_USUAL: Final = {"review_status": OPEN, "part": "code"}


# What the columns of a review are called in impact.csv.
MARKS: Final = MappingProxyType({
    "review_status": "review_status", "decision": "decision", "new_code": "new_code",
    "reviewer": "reviewer", "date": "decided_on", "problem": "problem",
})  # fmt: skip
_KEY: Final = ("list", "sheet", "line", "code_set", "part", "code")


def list_own(touched: pl.DataFrame) -> list[str]:
    """Return the columns of the lists that impact.csv repeats."""
    return [name for name in touched.columns if name not in (*IMPACT, *INNER)]


def mark_touched(touched: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return `touched` with what the worksheet `lines` say of each: `MARKS`.

    A column of the user's own that is called so gets another name.
    """
    key = [pl.col(name).cast(pl.String) for name in _KEY]
    marks = lines.select(*_KEY, *(pl.col(name).alias(f"{_NEXT}{new}")
                                  for name, new in MARKS.items()))  # fmt: skip
    joined = touched.join(marks, left_on=key, right_on=_KEY, how="left", maintain_order="left")
    own = {name: f"{name} (list)" for name in touched.columns if name in MARKS.values()}
    named = joined.rename(own).rename({f"{_NEXT}{new}": new for new in MARKS.values()})
    rest = [own.get(name, name) for name in touched.columns if name not in IMPACT]
    return named.select(*IMPACT, *MARKS.values(), *rest)


def render_book(lines: pl.DataFrame, title: str) -> bytes:
    """Return worksheet.xlsx with `lines`, which have the columns of a worksheet."""
    from cptdiff.reports.worksheet import Sheets, render_worksheet  # noqa: PLC0415 - as above

    own = list_kept(lines.columns)
    same = [name for name, word in _USUAL.items() if (lines[name] == word).all()]
    same += ["list"] if lines["list"].n_unique() == 1 else []
    # Of lines with the same wording twice the reason says what changed.
    explains = lines.filter(
        pl.col("status") == REVISED, pl.col("previous_descriptor") == pl.col("current_descriptor")
    )
    hidden = tuple(sorted({*_HIDDEN, *same} - ({"reason"} if explains.height else set())))
    terms = {status: told for status, (_, told) in MEANINGS.items()}
    return render_worksheet(
        Sheets(title, lines, "worksheet.csv", DECISIONS, HELP, own, hidden, terms)
    )


def render_text(lines: pl.DataFrame, *, bom: bool = False) -> bytes:
    """Return worksheet.csv with `lines`, which have the columns of a worksheet."""
    buffer = io.BytesIO()
    guard_formulas(lines).write_csv(buffer, include_bom=bom)
    return buffer.getvalue()
