"""What the columns of a user's table hold, and which of their values are equal by it.

Columns whose values are text are judged by their wording. Numbers and dates are compared by value:
`$1,179.50` and `1179.5` are one price. Digits that name something (a code, a revenue code, a zip)
are text: 0250 and 250 are two codes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from cptdiff.vocabulary import ColumnType

if TYPE_CHECKING:
    from cptdiff.codesets.presets import Preset

# So many different short values are still flags.
_FEW_VALUES: Final = 20
_FLAG_WIDTH: Final = 3
# So many different texts may stand among amounts: "varies", "see note".
_FEW_OTHERS: Final = 3
# Digits of a whole number and of a fraction that a difference is computed with.
_DECIMALS: Final = 12
_PERCENT_DECIMALS: Final = 4

_BODY: Final = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_NUMBER: Final = (
    rf"\A(?:[-+]?[$€£]? ?(?:{_BODY})%?|[$€£] ?[-+](?:{_BODY})|\([$€£]? ?(?:{_BODY})%?\))\z"
)
# Stands for no number among numbers.
_NO_NUMBER: Final = r"(?i)\A(?:n/?a|-{1,2}|\*+)\z"
# A digit alone may name something; these signs belong to amounts.
_MARKED: Final = r"[$€£.,%()+-]"
_ISO: Final = r"\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[T ]00:00(?::00(?:\.0+)?)?)?\z"
_COMPACT: Final = r"\A(?:1[89]|2[01]|99)[0-9]{6}\z"
_SLASHED: Final = r"\A[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})\z"
_NAMED: Final = r"(?i)\A[0-9]{1,2}[- ][a-z]{3}[- ](?:[0-9]{4}|[0-9]{2})\z"
_DATED: Final = f"{_ISO}|{_COMPACT}|{_SLASHED}|{_NAMED}"
# In letters of ASCII: an expression for those of all languages takes megabytes.
_CODED: Final = r"\A[0-9A-Za-z_.|/-]*[0-9][0-9A-Za-z_.|/-]*\z"

_TRUTH: Final = r"(?i)\A(?:true|false)\z"

# What a column's name says of its values, in words parted by blanks.
PLACE_NAMES: Final = r"^(?i:main |sub)?(?i:section|category|chapter|subsection|group|sort ?order|order|sequence|resequenced?)$"  # noqa: E501 - one expression
_TEXT_NAMES: Final = (
    r"desc|tite?l|label|display|text|comment|remark|rationale|\b(?:name|long|medium|short)\b"
)
_SYSTEM_NAMES: Final = (
    r"\b(?:cpt|hcpcs?|icd\w*|ndc\w*|drgs?|apcs?|revenue co?de?|rev(?: co?de?)?|mods?|modifiers?)\b"
)
_CODE_NAMES: Final = (
    r"\b(?:codes?|cd|ids?|identifier|numbers?|nos?|num|nbr|npi|zip\w*|tin|ein|phone|fax|key|dx|px"
    r"|diag\w*|version|release|upc|gtin|sku|loinc|snomed|cui|taxonomy|section|chapter|category"
    r"|group|class|level|tier|line|page|order|sequence|rank|dept|departments?|facility|provider"
    r"|account|center|carrier|mac|locality|location|region|state|county|year)\b|#"
)
_AMOUNT_NAMES: Final = (
    r"\b(?:prices?|rates?|fees?|amounts?|amt|charges?|costs?|weights?|wt|rvus?|gpcis?|units?|qty"
    r"|quantity|counts?|limits?|factors?|percent|percentage|pct|payments?|copay\w*|deductible"
    r"|coinsurance|days|minutes|hours|months|dose|dosage|values?|volume|score|total|mues?|[ga]mlos"
    r"|allowed|allowance|max\w*|min|minimum|wage|index|ratio|beds|visits|doses|points?|cap|floor"
    r"|ceiling|usd|dollars?|cents?|sum|balance|pkg size|pkg qty|billunits\w*)\b"
    r"|number of|%|\$"
)


class Rules(NamedTuple):
    """What the user says of columns, by name: their types, and the percent that is no change.

    `fields` are columns that the user named with --field, `renamed` those with another name in
    current, by their name in previous. `descriptor` is the column that names an entry. `preset`
    says what the user does not.
    """

    types: Mapping[str, str] = MappingProxyType({})
    tolerances: Mapping[str, float] = MappingProxyType({})
    fields: tuple[str, ...] = ()
    renamed: Mapping[str, str] = MappingProxyType({})
    descriptor: str = ""
    preset: "Preset | None" = None

    def find_type(self, name: str) -> ColumnType | None:
        """Return what a column holds, if anyone says it; a note that the user named is compared."""
        folded = fold_name(name)
        for said, kind in self.types.items():
            if fold_name(said) == folded:
                return ColumnType(kind)
        found = self.preset.find_type(folded) if self.preset else None
        is_named = folded in map(fold_name, self.fields)
        return None if found is ColumnType.IGNORE and is_named else found


def fold_name(name: str) -> str:
    """Return `name` as columns are matched: in any case, blanks as one, none around | and /.

    Single quotes around it do not count: some publishers put them around all cells.
    """
    bare = re.sub(r" ?([|/]) ?", r"\1", " ".join(name.split()).casefold())
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == "'" else bare


_MONTHS: Final = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"  # noqa: E501 - one expression
# What a publisher writes anew into the name of a column in each edition: a date, a year, a month, a
# quarter, or an amount.
_EDITIONS: Final = (
    r"(?<![0-9])[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})(?![0-9])",
    r"(?<![0-9])(?:19|20)[0-9]{2}(?:-[0-9]{2}-[0-9]{2})?(?![0-9])",
    r"(?<![a-z])(?:fy|cy|py|ord|order) ?'?[0-9]{2}(?![0-9])",
    rf"(?<![a-z]){_MONTHS}(?![a-z])",
    r"(?<![a-z0-9])(?:q[1-4]|[1-4]q(?:[0-9]{2})?|(?:1st|2nd|3rd|4th|first|second|third|fourth) quarter)(?![a-z0-9])",  # noqa: E501 - one expression
    r"\bof \$?[0-9][0-9,]*(?:\.[0-9]+)?|\$[0-9][0-9,]*(?:\.[0-9]+)?",
)
_EDITION: Final = "\0"


def fold_edition(name: str) -> str:
    """Return the folded `name` with one mark for each part that tells an edition."""
    folded = fold_name(name)
    for pattern in _EDITIONS:
        folded = re.sub(pattern, _EDITION, folded)
    return folded


def find_name(name: str, names: Sequence[str]) -> str | None:
    """Return the one of `names` that is meant by `name`, else None.

    Where no name is the same, the only one that differs but in its year, quarter or month is it.
    """
    folded = fold_name(name)
    same = [one for one in names if fold_name(one) == folded]
    if same:
        return same[0]
    edition = fold_edition(name)
    alike = [one for one in names if fold_edition(one) == edition]
    return alike[0] if len(alike) == 1 and _EDITION in edition else None


def pair_names(previous: Sequence[str], current: Sequence[str]) -> dict[str, str]:
    """Return by name of previous the name of current that means the same column, if any does."""
    found: dict[str, str] = {}
    now = {fold_name(name): name for name in reversed(current)}
    for name in previous:
        same = now.get(fold_name(name))
        if same is not None and same not in found.values():
            found[name] = same
    editions = [Counter(map(fold_edition, side)) for side in (previous, current)]
    later = {fold_edition(name): name for name in current if name not in found.values()}
    for name in previous:
        edition = fold_edition(name)
        is_plain = _EDITION in edition and all(side[edition] == 1 for side in editions)
        if name not in found and is_plain and edition in later:
            found[name] = later[edition]
    return found


# What a column of names is called, the best first.
_OWN_NAMES: Final = (
    r"(?:long|descriptor|description)", r"long.*desc.*", r".*desc.*", r".*\btite?l\b.*",
    r".*\b(?:long|full)\b.*", r".*\bname\b.*", r".*label.*", r".*display.*", r".*\btext\b.*",
)  # fmt: skip
_SHORT: Final = r"short(?:[ _-]?(?:desc|descriptor|description|name|title))?"


def find_descriptor(names: Sequence[str]) -> str | None:
    """Return the one of `names` that says by its name what an entry is called, the longest first.

    A column that says it is short comes after all others.
    """
    words = {name: _split_name(name) for name in names}
    long = [name for name in names if "short" not in words[name]]
    for side in (long, names):
        for pattern in _OWN_NAMES:
            for name in side:
                if re.fullmatch(pattern, words[name]):
                    return name
    return next((name for name in names if is_short_name(name)), None)


def is_short_name(name: str) -> bool:
    """Whether a column is called the short descriptor."""
    return re.fullmatch(_SHORT, name.casefold()) is not None


# A column that may number the rows, by its name: Order26, Line No., Sort order.
_ROW_NUMBERS: Final = (
    r"#|(?:row|line|sort|sequence|seq|order|ord) ?(?:no|nr|number|num|order|#)? ?[0-9]*"
)


def may_count_rows(name: str) -> bool:
    """Whether a column's name says that it numbers the rows."""
    return re.fullmatch(_ROW_NUMBERS, _split_name(name)) is not None


def count_rows(values: Iterable[pl.Series]) -> bool:
    """Whether `values` are whole numbers, none of them twice."""
    every = pl.concat([one.str.strip_chars().alias("value") for one in values])
    return bool(every.str.contains(r"\A[0-9]+\z").all()) and every.n_unique() == every.len()


# What a workbook states of numbers that it shows as amounts; they are stored as numbers.
AMOUNT: Final = "amount"


class Shape(NamedTuple):
    """What the values of a column have in common; empty values say nothing.

    `marked` tells that some have a sign that only amounts have, `zeros` that some whole number
    begins with 0; `most` is the width of the longest whole number, `others` the values that are
    no numbers and `few` all values, each as long as they are few (`few` also: short). `day_first`
    and `month_first` tell that all are dates so.
    """

    filled: bool = False
    numbers: bool = False
    others: frozenset[str] | None = frozenset()
    marked: bool = False
    zeros: bool = False
    most: int = 0
    month_first: bool = True
    day_first: bool = True
    coded: bool = True
    few: frozenset[str] | None = frozenset()

    def mark(self, stated: str) -> "Shape":
        """Return the shape of a column of which a workbook states this type."""
        return self._replace(marked=self.marked or stated == AMOUNT)


def measure(values: pl.Series, known: Shape | None = None) -> Shape:
    """Return the shape of a column's values, and of those before them of which `known` is told.

    Only what is still open is asked of the values: a large table has as many of them as letters.
    """
    known = known or Shape()
    bare = values.str.strip_chars()
    if known.few is not None:
        bare = bare.unique()
    filled = bare.filter(bare != "")
    if not filled.len():
        return known
    is_number = filled.str.contains(_NUMBER)
    few = None if known.few is None else _add_few(known.few, filled)
    month_first, day_first = _measure_dates(filled, known)
    return Shape(
        filled=True,
        numbers=known.numbers or is_number.any(),
        others=None if known.others is None else _add_others(known.others, filled, is_number),
        marked=known.marked or filled.filter(is_number).str.contains(_MARKED).any(),
        zeros=known.zeros or _have_zeros(filled),
        most=0 if few is None else max(known.most, _find_most(filled)),
        month_first=month_first,
        day_first=day_first,
        coded=known.coded and filled.str.contains(_CODED).all(),
        few=few,
    )


def _add_few(known: frozenset[str], filled: pl.Series) -> frozenset[str] | None:
    """The different values; None where they are many, or one is long or has a blank inside."""
    if filled.len() > _FEW_VALUES:
        return None
    both = known | frozenset(filled)
    is_short = all(len(one) <= _FLAG_WIDTH and len(one.split()) == 1 for one in filled)
    return both if is_short and len(both) <= _FEW_VALUES else None


def _add_others(
    known: frozenset[str], filled: pl.Series, is_number: pl.Series
) -> frozenset[str] | None:
    """The different values that are no numbers; None where they are many."""
    rest = filled.filter(~is_number)
    both = known | frozenset(rest.filter(~rest.str.contains(_NO_NUMBER)).unique())
    return both if len(both) <= _FEW_OTHERS else None


def _have_zeros(filled: pl.Series) -> bool:
    """Whether a whole number begins with 0."""
    some = filled.filter(filled.str.starts_with("0"))
    return bool(some.str.contains(r"\A0[0-9]+\z").any())


def _find_most(filled: pl.Series) -> int:
    """The width of the longest whole number, 0 where there is none."""
    whole = filled.filter(filled.str.contains(r"\A[0-9]+\z"))
    return max(map(len, whole), default=0)


def _measure_dates(filled: pl.Series, known: Shape) -> tuple[bool, bool]:
    """Whether all values are dates, read as month/day and as day/month."""
    both = known.month_first, known.day_first
    if not any(both) or not filled.str.contains(_DATED).all():
        return False, False
    days = filled.to_frame("value")
    first, second = (
        is_open and not days.select(_read_date(pl.col("value"), order)).to_series().has_nulls()
        for is_open, order in zip(both, (_MONTH_FIRST, _DAY_FIRST), strict=True)
    )
    return first, second


def find_type(name: str, shape: Shape) -> ColumnType:
    """Return the type of a column by its values, and by its name where digits alone say little."""
    words = _split_name(name)
    if not shape.filled or _names_text(words):
        return ColumnType.TEXT
    is_code = re.search(_SYSTEM_NAMES, words) is not None
    if (shape.month_first or shape.day_first) and not is_code:
        return ColumnType.DATE
    if not is_code and _is_number(words, shape):
        return ColumnType.NUMBER
    has_letters = shape.others != frozenset()
    if shape.few is not None and not is_code and (has_letters or shape.most == 1):
        return ColumnType.FLAG
    return ColumnType.IDENTIFIER if shape.coded else ColumnType.TEXT


def is_surely_text(name: str, shape: Shape) -> bool:
    """Return whether no further value can make a column anything but text."""
    words = _split_name(name)
    may_be_number = shape.others is not None and (
        not shape.others or re.search(_AMOUNT_NAMES, words) is not None
    )
    is_date = shape.month_first or shape.day_first
    is_open = may_be_number or is_date or shape.coded or shape.few is not None
    return _names_text(words) or not is_open


def _split_name(name: str) -> str:
    """A column's name as words parted by blanks."""
    return " ".join(re.sub(r"[_\-|/.:()]+", " ", fold_name(name)).split())


def _names_text(words: str) -> bool:
    return re.search(f"{PLACE_NAMES}|{_TEXT_NAMES}", words) is not None


def _is_number(words: str, shape: Shape) -> bool:
    """Whether numbers are amounts: not digits that name something."""
    if not shape.numbers or shape.others is None or shape.zeros:
        return False
    is_code = re.search(_CODE_NAMES, words) is not None and "number of" not in words
    if re.search(_AMOUNT_NAMES, words):
        return shape.marked or not is_code
    # Whole numbers may be codes of another list: 17 and 115 are two categories.
    return not (shape.others or is_code) and shape.marked


# How the parts of 3/4/2026 stand.
_MONTH_FIRST: Final = "%m/%d/"
_DAY_FIRST: Final = "%d/%m/"


def _read_date(value: pl.Expr, order: str) -> pl.Expr:
    """Return the days that `value` writes; null for what is no date."""
    day = value.str.replace(r"[T ]00:00.*", "").str.replace_all(" ", "-")
    forms = (
        (_ISO, "%Y-%m-%d"),
        (_COMPACT, "%Y%m%d"),
        (r"/[0-9]{4}\z", f"{order}%Y"),
        (r"/[0-9]{2}\z", f"{order}%y"),
        (r"-[0-9]{4}\z", "%d-%b-%Y"),
        (r"-[0-9]{2}\z", "%d-%b-%y"),
    )
    return pl.coalesce(
        pl.when(day.str.contains(pattern)).then(day.str.to_date(form, strict=False))
        for pattern, form in forms
    )


def normalize(value: pl.Expr, column: ColumnType, *, day_first: bool = False) -> pl.Expr:
    """Return what is compared of a column's values: the same text for equal ones."""
    bare = value.str.strip_chars()
    match column:
        case ColumnType.NUMBER:
            return pl.when(bare.str.contains(_NUMBER)).then(_spell_number(bare)).otherwise(bare)
        case ColumnType.DATE:
            day = _read_date(bare, _DAY_FIRST if day_first else _MONTH_FIRST)
            return pl.coalesce(day.dt.to_string("%Y-%m-%d"), bare)
        case _:
            # True, TRUE and true are what programs write for one value.
            is_truth = bare.str.contains(_TRUTH)
            plain = pl.when(is_truth).then(bare.str.to_uppercase()).otherwise(value)
            return pl.when(bare == "").then(pl.lit("")).otherwise(plain)


def _spell_number(bare: pl.Expr) -> pl.Expr:
    """A number with its digits alone, as -1179.5; 25% is 0.25.

    Each step takes the one before it once: Polars evaluates a step as often as it is named.
    """
    plain = (
        bare.str.replace_all(r"[^0-9.]", "")
        .str.replace(r"\A\.", "0.")
        .str.replace(r"(\..*?)0*\z", "$1")
        .str.strip_chars_end(".")
        .str.replace(r"\A0+([0-9])", "$1")
    )
    sign = pl.when(bare.str.contains(r"[(-]")).then(pl.lit("-")).otherwise(pl.lit(""))
    percent = pl.when(bare.str.contains("%")).then(pl.lit("%")).otherwise(pl.lit(""))
    spelled = (sign + plain + percent).map_batches(_divide_percents, pl.String)
    return spelled.str.replace(r"\A-0\z", "0")


def _divide_percents(numbers: pl.Series) -> pl.Series:
    """Write 25% as 0.25, digit by digit. Most columns have none, and cost one look."""
    is_percent = numbers.str.ends_with("%")
    if not is_percent.any():
        return numbers
    divided = (
        pl.first()
        .str.strip_chars_end("%")
        .str.replace(r"\A(-?)([0-9])(\.|\z)", "${1}0$2$3")
        .str.replace(r"\A(-?[0-9]*)([0-9]{2})(?:\.([0-9]*))?\z", "$1.$2$3")
        .str.replace(r"\A(-?)\.", "${1}0.")
        .str.replace(r"\.?0*\z", "")
    )
    return numbers.to_frame().select(pl.when(is_percent).then(divided).otherwise(pl.first()))[
        numbers.name
    ]


class Column(NamedTuple):
    """What was found of a column that differs: its type, and the differences that are none.

    `respelled` pairs are equal in other writing, such as `example`; `within` are as near as the
    user's tolerance allows. `single` are the values of both releases where each has only one in all
    of its rows, and `counts_rows` tells that it has a number of its own in each: no code is revised
    for that.
    """

    type: ColumnType
    respelled: int = 0
    example: tuple[str, str] = ("", "")
    within: int = 0
    single: tuple[str, str] | None = None
    counts_rows: bool = False


def weigh_pairs(
    pairs: pl.DataFrame, column: ColumnType, tolerance: float | None, *, day_first: bool
) -> tuple[pl.Series, Column]:
    """Return which of `pairs` (previous, current) differ in value, and what is told of the others.

    Pairs of empty values are equal, and nothing is told of them.
    """
    before, after = (
        normalize(pl.col(name), column, day_first=day_first) for name in ("previous", "current")
    )
    near = pl.lit(value=False)
    if column is ColumnType.NUMBER and tolerance is not None:
        share = subtract(pairs)["percent"].cast(pl.Float64).abs()
        near = pl.lit((share <= tolerance).fill_null(value=False))
    judged = pairs.select(
        "previous",
        "current",
        equal=before == after,
        told=(before == after) & (before != ""),
        near=near & (before != after),
    )
    respelled = judged.filter("told")
    example = respelled.select("previous", "current").row(0) if respelled.height else ("", "")
    found = Column(column, respelled.height, example, int(judged["near"].sum()))
    return ~(judged["equal"] | judged["near"]), found


def subtract(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the difference of each of `pairs` (previous, current) and its percent, as texts.

    The columns are `difference` and `percent` (of previous); null where either is no number, or too
    long to be computed to the last digit.
    """
    # Of two percentages the difference is in points: 5 from 25% to 30%.
    are_percents = pl.all_horizontal(pl.col("previous", "current").str.contains("%", literal=True))
    points = pl.when(are_percents).then(100).otherwise(1)
    numbers = pairs.select(
        before=_read_number(pl.col("previous")) * points,
        after=_read_number(pl.col("current")) * points,
    ).with_columns(difference=pl.col("after") - pl.col("before"))
    share = 100 * pl.col("difference").cast(pl.Float64) / pl.col("before").abs().cast(pl.Float64)
    percent = pl.when(pl.col("before") != 0).then(share.round(_PERCENT_DECIMALS)).cast(_ROUNDED)
    return numbers.select(
        difference=_write_number(pl.col("difference")), percent=_write_number(percent)
    )


_EXACT: Final = pl.Decimal(38, _DECIMALS)
_ROUNDED: Final = pl.Decimal(38, _PERCENT_DECIMALS)
_SHORT_NUMBER: Final = rf"\A(-?[0-9]{{1,16}}(?:\.[0-9]{{1,{_DECIMALS}}})?)\z"


def _read_number(value: pl.Expr) -> pl.Expr:
    bare = value.str.strip_chars()
    number = pl.when(bare.str.contains(_NUMBER)).then(bare)
    return _spell_number(number).str.extract(_SHORT_NUMBER).cast(_EXACT, strict=False)


def _write_number(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
