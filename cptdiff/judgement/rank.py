"""Which revision a coder looks at first: a priority within each severity, with its reason.

The priority is the weight of what moved, and more for how far a number moved, for each doubling of
the codes that share the edit, and where payment data changed too. A weight is one row of `MOVES`.
"""

from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.judgement.lexicon import DOSE, QUALIFIERS
from cptdiff.judgement.measures import NAME, NUMBER, REFERENCE, YEARS


class Move(NamedTuple):
    """What an edit moved: its name, its weight, when it fits, and how it is told.

    The first of `MOVES` that fits counts. `says` may name {measure}, {times}, {kind}.
    """

    name: str
    weight: int
    fits: pl.Expr
    says: str


# Nearly the same amount in another unit: 1 month, 30 days.
_SAME: Final = 1.05
# With more words of substance on a side "not" is one of many, with more on both "left" is.
_ALONE: Final = 1
_FEW: Final = 4


class Bonuses(NamedTuple):
    """What is added to the weight of a move, and what is taken from it.

    `doubled` for each doubling of an amount, up to `farthest`; `codes` for each doubling of the
    codes that share the edit, up to `most_codes`; `payment` where payment data changed too;
    `modifier` because one stands on lines of many codes; `beside` for each further kind of word
    that moved. `shorter` is taken where only a short descriptor changed.
    """

    doubled: int = 6
    farthest: int = 20
    codes: int = 2
    most_codes: int = 10
    payment: int = 15
    modifier: int = 10
    beside: int = 4
    shorter: int = 6

    @property
    def most(self) -> int:
        """What an edit may get that moved no number, negation or side."""
        return self.most_codes + self.payment + self.modifier


BONUSES: Final = Bonuses()
# Words before a number that is a name and no amount.
_NAMES: Final = (
    r"(?i)\b(?:type|types|group|level|class|category|grade|stage|phase|part|generation|version"
    r"|tier|step|figure|table|schedule|vitamin|hepatitis|factor|number|code|no\.?)[\s-]*$"
)
_AGES: Final = r"(?i)\bage[ds]?\b|\bolder\b|\byounger\b|\bbirth\b|\binfan|\bnewborn"
_LATERAL: Final = r"left|right|bi\w*|uni\w*|both|contra\w*|ipsi\w*|monaural|midline"


def _is_of(name: str) -> pl.Expr:
    return pl.col("classes").list.contains(name)


_number: Final = pl.col("number")
_is_alone: Final = pl.max_horizontal("lost", "gained") <= _ALONE
_is_clear: Final = pl.col("lost") + pl.col("gained") <= _FEW
_far: Final = pl.max_horizontal(pl.col("ratio"), 1 / pl.col("ratio"))
_is_measured: Final = _number & (pl.col("ratio") > 0)
# Five digits behind words; a cell that has nothing else is a value.
_is_code_in_text: Final = (
    _number & (pl.col("head") != "")
    & pl.all_horizontal(pl.col("before", "after").str.contains(r"^\d{5}$"))
)  # fmt: skip
_is_letter: Final = (
    _is_of("scope") & pl.col("head").str.contains(_NAMES)
    & pl.all_horizontal(pl.col("before", "after").str.contains(r"^[\s-]*[A-Za-z]?$"))
)  # fmt: skip
_is_dose: Final = pl.col("measure").str.contains("dose")


def _has_words(words: str) -> pl.Expr:
    """Whether one of `words` (an expression) went or came."""
    return pl.any_horizontal(pl.col("gone", "new").str.contains(rf"(?i)\b(?:{words})\b"))


def _is_measure(name: str) -> pl.Expr:
    return _number & (pl.col("measure") == name)


_adds: Final = _is_of("scope") & (pl.col("gained") > 0)
_drops: Final = _is_of("scope") & (pl.col("lost") > 0)
_HOW: Final = "{measure} now {times} as much"

MOVES: Final = (
    Move("reworded", 115, _is_of("reworded"), "almost entirely reworded"),
    Move("negation", 110, pl.col("negation") & _is_alone, "a negation came or went"),
    Move("side", 88, pl.col("side") & _is_clear & _has_words(_LATERAL), "side changed"),
    Move("position", 80, pl.col("side") & _is_clear, "position changed"),
    Move("name", 70, _number & pl.col("head").str.contains(_NAMES), "type, level or stage changed"),
    Move("letter", 70, _is_letter, "type, level or stage changed"),
    Move("reference", 54, _is_measure(REFERENCE) | _is_code_in_text, "another code is named"),
    Move("dose", 80, _is_measured & _is_dose & (_far >= _SAME), _HOW),
    Move("amount", 74, _is_measured & (_far >= _SAME), _HOW),
    Move("same-amount", 50, _is_measured, "{measure} changed by less than 5 percent"),
    Move("age", 68, pl.col("age") & _is_clear, "age group changed"),
    Move("digit", 60, _is_measure(NAME), "a name with a number in it changed"),
    Move("more", 66, _number & (pl.col("step") == "added"), "a number was added{kind}"),
    Move("fewer", 66, _number & (pl.col("step") == "removed"), "a number was removed{kind}"),
    Move("number", 66, _number, "a number was replaced{kind}"),
    Move("bound", 67, pl.col("comparator") & _is_clear, "a limit changed (less, more, per)"),
    Move("not", 64, pl.col("negation"), "a negation among other words"),
    Move("add-on", 63, _is_of("addon-status"), "add-on wording or a status changed"),
    Move("left", 62, pl.col("side"), "a side or position among other words"),
    Move("product", 61, pl.col("bracket") & pl.col("current").str.contains(DOSE),
         "a product name beside a dose changed"),
    Move("limit", 60, pl.any_horizontal("age", "comparator"), "a limit among other words"),
    Move("control", 58, _is_of("logic"), "a word that controls use changed"),
    Move("qualifier", 56, _is_clear & _has_words("|".join(sorted(QUALIFIERS))),
         "an approach, route, setting or condition changed"),
    Move("replaced", 48, _adds & _drops, "defining words replaced"),
    Move("added", 46, _adds, "defining words added"),
    Move("removed", 46, _drops, "defining words removed"),
    Move("scope", 46, _is_of("scope"), "defining words changed"),
    Move("note", 4, pl.col("bracket"), "text in parentheses changed"),
    Move("example", 1, pl.col("example"), "the examples changed"),
)  # fmt: skip
_OF_NUMBERS: Final = (
    "name", "dose", "amount", "same-amount", "reference", "digit", "more", "fewer", "number"
)  # fmt: skip
# What else an edit moved, what is said of it, and the moves that say so themselves.
_ALSO: Final = (
    (_number, "a number", _OF_NUMBERS),
    (pl.col("negation"), "a negation", ("negation", "not")),
    (pl.col("side"), "a side", ("side", "position", "left")),
)
# What `judge_entries` tells of a revised entry: its priority and why; the first entry with the same
# edit, as "kind code"; the field that decides, and the words that went and came in it (JSON lists).
RANK: Final = pl.Schema(
    {
        "priority": pl.Int64(),
        "why": pl.String(),
        "edit": pl.String(),
        "decides": pl.String(),
        "gone": pl.String(),
        "new": pl.String(),
    }
)
_KEY: Final = ("kind", "code")


def weigh_edits(graded: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Return `graded` with weight, told, and pays: whether the entry's payment data changed too."""
    is_payment = (pl.col("role") == "attribute") & pl.col("name").is_in(profile.payment)
    fits = [pl.when(row.fits.fill_null(value=False)).then(pl.lit(row.name)) for row in MOVES]
    moved = graded.with_columns(
        pl.coalesce(*fits, pl.when(is_payment).then(pl.lit("payment")), pl.lit("")).alias("move"),
        is_payment.any().over(_KEY).alias("pays"),
    )
    move, base = pl.col("move"), {row.name: row.weight for row in MOVES} | {"payment": 1}
    weight = move.replace_strict(base, default=0, return_dtype=pl.Int64)
    further = pl.when(move.is_in(["dose", "amount"])).then(
        (_far.log(2) * BONUSES.doubled).clip(0, BONUSES.farthest).round()
    )
    beside = [
        is_so.fill_null(value=False) & ~move.is_in([*tellers, "reworded"])
        for is_so, _, tellers in _ALSO
    ]
    also = [
        pl.when(is_so).then(pl.lit(f"; also {row[1]}"))
        for is_so, row in zip(beside, _ALSO, strict=True)
    ]
    shorter = pl.when(weight > 0, pl.col("role") == "shorter")
    return moved.with_columns(
        (
            weight
            + further.fill_null(0).cast(pl.Int64)
            + pl.sum_horizontal(beside).cast(pl.Int64) * BONUSES.beside
            - shorter.then(BONUSES.shorter).otherwise(0)
        ).alias("weight"),
        pl.concat_str(_tell_move(), *(one.otherwise(pl.lit("")) for one in also)).alias("told"),
    )


def _tell_move() -> pl.Expr:
    """Return what the move says, with the measure and how far it moved where it speaks of them."""
    measure = (
        pl.when(pl.col("measure") == "").then(pl.lit(NUMBER))
        .when(pl.col("measure") != YEARS).then("measure")
        .when(pl.any_horizontal(pl.col("previous", "current").str.contains(_AGES)))
        .then(pl.lit("age")).otherwise(pl.lit("time"))
    )  # fmt: skip
    far = _far.round(1).cast(pl.String).str.strip_suffix(".0")
    times = (
        pl.when(pl.col("ratio") > 1).then(pl.format("{} times", far))
        .when(far == "2").then(pl.lit("half"))
        .when(~far.str.contains(".", literal=True)).then(pl.format("1/{}", far))
        .otherwise(pl.format("{} times", pl.col("ratio").round_sig_figs(2)))
    )  # fmt: skip
    spoken = {row.name: row.says for row in MOVES}
    told = pl.col("move").replace_strict(spoken, default="", return_dtype=pl.String)
    kind = pl.when(measure != NUMBER).then(pl.format(" ({})", measure)).otherwise(pl.lit(""))
    for name, text in (("measure", measure), ("times", times), ("kind", kind)):
        told = told.str.replace(f"{{{name}}}", text.fill_null(""), literal=True)
    return told


def choose_weightiest() -> list[pl.Expr]:
    """Return the weight and the words of the weightiest of an entry's rows, for a `group_by`."""
    top = pl.col("weight").arg_max()
    names = {"weight": "weight", "told": "told", "pays": "pays", "name": "decides"}
    names |= {"gone": "gone", "new": "new"}
    return [pl.col(name).get(top).alias(alias) for name, alias in names.items()]


def rank_entries(verdicts: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Return `verdicts` (`choose_weightiest`, kind, code, severity) with `RANK`.

    Codes that begin alike share an edit if the same words went and came.
    """
    own = pl.format("{} {}", "kind", "code")
    shared = (pl.col("gone") != "[]") | (pl.col("new") != "[]")
    alone = pl.lit(profile.is_own) | ~shared
    same = (
        "severity",
        pl.col("code").str.head(1),
        "decides",
        "gone",
        "new",
        pl.when(alone).then(own),
    )
    ordered = verdicts.sort(_KEY)
    codes = (pl.len().over(same).log(2) * BONUSES.codes).clip(0, BONUSES.most_codes).round()
    payment = pl.when("pays").then(BONUSES.payment).otherwise(0)
    modifier = pl.when(pl.col("kind") == "modifier", pl.col("weight") > 0).then(BONUSES.modifier)
    parts = [
        pl.when(pl.col("told") != "").then("told"),
        pl.when("pays").then(pl.lit("coverage or payment data changed")),
    ]
    return ordered.with_columns(
        (pl.col("weight") + codes.cast(pl.Int64) + payment + modifier.otherwise(0)).alias(
            "priority"
        ),
        pl.concat_str(parts, separator="; ", ignore_nulls=True).alias("why"),
        own.first().over(same).alias("edit"),
    ).drop("weight", "told", "pays")
