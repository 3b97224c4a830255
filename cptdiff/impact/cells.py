"""What the cells of a code column say: codes with their modifiers, or nothing that can be judged.

Each different cell is read once, however many lines have it. A cell is blank (empty, or a filler
such as N/A), understood as a whole, or set aside with the reason; nothing else can become of it.
"""

from collections.abc import Collection
from typing import Final, NamedTuple

import polars as pl

from cptdiff.vocabulary import CodeSet

# What a column holds: codes of procedures and supplies; modifiers; codes of ICD-10, where only the
# releases may tell diagnoses from procedures. Any other name is a code set of others.
PROCEDURE: Final = "procedure"
# The same, of a column whose numbers of 7 digits are no codes with a modifier.
UNSPLIT: Final = "procedure, 7 digits whole"
_PROCEDURES: Final = (PROCEDURE, UNSPLIT)
MODIFIER: Final = "modifier"
ICD: Final = "icd10"
CM: Final = str(CodeSet.ICD10CM)
PCS: Final = str(CodeSet.ICD10PCS)
_OF_ICD: Final = (ICD, CM, PCS)
_CPT, _HCPCS = str(CodeSet.CPT), str(CodeSet.HCPCS)
# Code sets that no release has: drugs, and codes that states and payers make.
NDC: Final = "ndc"
LOCAL: Final = "local"

# Modifiers of CPT, for lists that are judged without a release of CPT. Codes only.
_CPT_TEXT: Final = (
    "22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82"
    " 90 91 92 93 95 96 97 99 1P 2P 3P 8P P1 P2 P3 P4 P5 P6"
)
# Modifiers of HCPCS that lists often have, for those that are judged without a release of HCPCS.
_HCPCS_TEXT: Final = (
    "AA AD AI AS AT CH CI CJ CK CL CM CN CO CQ CR CS CT E1 E2 E3 E4 F1 F2 F3 F4 F5 F6 F7 F8 F9 FA"
    " FX FY G0 GA GC GE GN GO GP GQ GT GU GX GY GZ JG JW JZ KX LC LD LM LT NU PN PO PT Q5 Q6 QK QS"
    " QW QX QY QZ RC RI RR RT SG SL TA TB TC T1 T2 T3 T4 T5 T6 T7 T8 T9 UE XE XP XS XU"
)
_COMMON: Final = frozenset(f"{_CPT_TEXT} {_HCPCS_TEXT}".split())

# One row for each code of a cell: `form` is code, modifier, range or family. A range goes from
# `code` to `last`; a family is all codes that begin with `code`.
TOKENS: Final = pl.Schema({
    "text": pl.String, "system": pl.String, "form": pl.String, "code_set": pl.String,
    "code": pl.String, "last": pl.String, "modifiers": pl.String,
})  # fmt: skip
# One row for each different cell: `fate` is blank, understood or aside. `is_split` tells that 7
# digits were read as a code and a modifier.
FATES: Final = pl.Schema({
    "text": pl.String, "system": pl.String, "fate": pl.String, "why": pl.String,
    "is_split": pl.Boolean,
})  # fmt: skip


class Cells(NamedTuple):
    """What was made of different cells (`FATES`, `TOKENS`)."""

    fates: pl.DataFrame
    tokens: pl.DataFrame


_SPACE: Final = r"[\s\x{00A0}\x{2000}-\x{200B}\x{202F}\x{FEFF}]+"
_DASH: Final = r"[\x{2010}-\x{2015}\x{2212}]"
# How spreadsheets keep a code as text: ="00100", '00100.
_TEXT_MARK: Final = r"""^(?:="([^"]*)"|'(.*))$"""
_WHOLE_NUMBER: Final = r"^([0-9]+)\.0+$"
_FILLER: Final = (
    r"^(?:[-_.*/\\=~ ]*|0+|#?N ?/ ?A|N\.A\.|NA|NONE|NULL|\((?:BLANK|NULL|NONE|EMPTY|N/A)\)"
    r"|NO CODE|NOT APPLICABLE)$"
)
_NDC: Final = r"^(?:[0-9]{9,11}|[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2})$"
_LABEL: Final = r"^(?:CPT|HCPCS?)(?:-4)?[ :#=]+"
_CODE: Final = r"(?:[A-Z][0-9]{4}|[0-9]{4}[0-9FTUMA])"
_RANGE: Final = rf"\b({_CODE}) ?(?:-|TO|THRU|THROUGH) ?({_CODE})\b"
_WORDS: Final = r"\b(?:OR|AND)\b"
_SEPARATORS: Final = r"[ ,;|/+&()\-]+"
_GLUED: Final = rf"^({_CODE})((?:[A-Z0-9]{{2}}){{0,4}})$"
_TWO: Final = r"^[A-Z0-9]{2}$"
_SEVEN: Final = r"^[0-9]{7}$"
_ICD_CODE: Final = r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?"
_PCS_CODE: Final = r"[0-9A-HJ-NP-Z]{3,7}"
_ICD_RANGE: Final = rf"\b({_ICD_CODE}) ?(?:-|TO|THRU|THROUGH) ?({_ICD_CODE})\b"
_ICD_SEPARATORS: Final = r"[ ,;|/+&()]+"
_ICD_ALL: Final = rf"^({_ICD_CODE}|{_PCS_CODE})(\.?[-*%]+)?\.?$"
_MARK: Final = "~"
_CELL: Final = ("text", "system")
Words = pl.DataFrame


def read_cells(cells: pl.DataFrame, modifiers: Collection[str] = ()) -> Cells:
    """Return what `cells` say (columns text and system, each pair once).

    `modifiers` are those of the releases: where nothing separates two characters from the code
    before them, they are a modifier only if they are known as one.
    """
    known = sorted(_COMMON.union(modifiers))
    bare = cells.select(*_CELL, _clean(pl.col("text")).alias("bare"))
    filled = bare.filter(~pl.col("bare").str.contains(_FILLER))
    is_procedure = pl.col("system").is_in(_PROCEDURES)
    is_drug = is_procedure & pl.col("bare").str.contains(_NDC)
    is_icd = pl.col("system").is_in(_OF_ICD)
    ours = filled.filter(~is_drug & pl.col("system").is_in([*_PROCEDURES, MODIFIER]))
    words = pl.concat([
        _part_procedures(ours.filter(is_procedure), known),
        _part_modifiers(ours.filter(pl.col("system") == MODIFIER)),
        _part_icd(filled.filter(is_icd)),
        _take_whole(filled.filter(is_drug), pl.lit(NDC)),
        _take_whole(filled.filter(~pl.col("system").is_in([*_PROCEDURES, MODIFIER, *_OF_ICD])),
                    pl.col("system")),
    ])  # fmt: skip
    return Cells(_decide_fates(bare, words), _list_tokens(words))


def are_split(texts: pl.Series) -> bool:
    """Return whether numbers of 7 digits in a column are codes with their modifiers.

    By chance a third of them end in one, as charge numbers do and dental codes behind a prefix, so
    most of the different ones have to.
    """
    seven = texts.str.strip_chars().str.replace(_WHOLE_NUMBER, "${1}").unique()
    ends = seven.filter(seven.str.contains(_SEVEN)).str.slice(5)
    return 2 * ends.is_in(sorted(_COMMON)).sum() >= ends.len()


def _clean(text: pl.Expr) -> pl.Expr:
    """`text` in capitals, any run of blanks as one, without what a spreadsheet put around it."""
    plain = (
        text.str.replace_all(_SPACE, " ").str.replace_all(_DASH, "-").str.strip_chars(" ")
        .str.to_uppercase()
    )  # fmt: skip
    bare = plain.str.replace(_TEXT_MARK, "${1}${2}").str.strip_chars(" ")
    return bare.str.replace(_WHOLE_NUMBER, "${1}")


# One row for each word of a cell; `wrong` says what is wrong with it, empty where nothing is;
# `more` are the modifiers that are glued to it.
_TEXT_COLUMNS: Final = (*_CELL, "bare", "form", "code_set", "code", "last", "wrong")
_WORD: Final = pl.Schema(
    dict.fromkeys(_TEXT_COLUMNS, pl.String()) | {"at": pl.UInt32(), "more": pl.List(pl.String)}
)
_NO_MODIFIERS: Final = pl.lit([], pl.List(pl.String))


def _split(cells: pl.DataFrame, text: pl.Expr, separators: str) -> pl.DataFrame:
    """`cells` with a row for each `word`, and its place."""
    words = text.str.replace_all(separators, " ").str.strip_chars(" ").str.split(" ")
    return cells.with_columns(words.alias("word")).explode("word").with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).over(_CELL).alias("at")
    )  # fmt: skip


def _part_procedures(cells: pl.DataFrame, known: Collection[str]) -> Words:
    """The words of cells with codes of CPT and HCPCS: codes, ranges, modifiers."""
    text = (
        pl.col("bare").str.replace(_LABEL, "").str.replace_all(_RANGE, f"${{1}}{_MARK}${{2}}")
        .str.replace_all(_WORDS, " ")
    )  # fmt: skip
    word = pl.col("word")
    split = _split(cells, text, _SEPARATORS).with_columns(
        word.str.split_exact(_MARK, 1).struct.rename_fields(["first", "last"]).alias("ends"),
        word.str.extract(_GLUED, 1).alias("code"),
        word.str.extract(_GLUED, 2).fill_null("").str.extract_all("..").alias("more"),
    )
    last = pl.col("ends").struct.field("last")
    is_known = pl.col("more").list.eval(pl.element().is_in(known)).list.all()
    is_code = pl.col("code").is_not_null()
    is_whole = (pl.col("system") == UNSPLIT) & word.str.contains(_SEVEN)
    wrong = (
        pl.when(is_whole).then(pl.format("{} is not a code: like other numbers of 7 digits in the"
                                         " column, it may not end in a modifier", word))
        .when(last.is_not_null() | (is_code & is_known)).then(pl.lit(""))
        .when(is_code).then(pl.format("ends in {}, which is not a known modifier",
                                      pl.col("more").list.join("")))
        .when(word.str.contains(_TWO) & (pl.col("at") > 0)).then(pl.lit(""))
        .otherwise(pl.format("{} is not a code", word))
    )  # fmt: skip
    form = (
        pl.when(last.is_not_null()).then(pl.lit("range")).when(is_code).then(pl.lit("code"))
        .otherwise(pl.lit(MODIFIER))
    )  # fmt: skip
    code = pl.coalesce(pl.when(last.is_not_null()).then(pl.col("ends").struct.field("first")),
                       "code", word)  # fmt: skip
    return _shape(split, form, _name_code_set(code), code, last.fill_null(""), wrong)


def _name_code_set(code: pl.Expr) -> pl.Expr:
    """The code set of a procedure code or of a modifier, by its letters."""
    return (
        pl.when(code.str.contains(_TWO)).then(
            pl.when(code.str.contains("^[0-9]|^P[1-6]$")).then(pl.lit(_CPT))
            .otherwise(pl.lit(_HCPCS)))
        .when(code.str.contains("^[0-9]")).then(pl.lit(_CPT))
        .when(code.str.contains("^[W-Z]")).then(pl.lit(LOCAL))
        .otherwise(pl.lit(_HCPCS))
    )  # fmt: skip


def _part_modifiers(cells: pl.DataFrame) -> Words:
    split = _split(cells, pl.col("bare"), _SEPARATORS).with_columns(_NO_MODIFIERS.alias("more"))
    word = pl.col("word")
    wrong = pl.when(word.str.contains(_TWO)).then(pl.lit("")).otherwise(
        pl.format("{} is not a modifier", word)
    )  # fmt: skip
    return _shape(split, pl.lit(MODIFIER), _name_code_set(word), word, pl.lit(""), wrong)


def _part_icd(cells: pl.DataFrame) -> Words:
    """The words of cells with codes of ICD-10, with or without their dot."""
    text = pl.col("bare").str.replace_all(_ICD_RANGE, f"${{1}}{_MARK}${{2}}")
    text = text.str.replace_all(_WORDS, " ")
    word = pl.col("word")
    ends = word.str.split_exact(_MARK, 1).struct.rename_fields(["first", "last"])
    split = _split(cells, text, _ICD_SEPARATORS).with_columns(
        ends.alias("ends"),
        word.str.extract(_ICD_ALL, 1).alias("code"),
        word.str.extract(_ICD_ALL, 2).alias("rest"),
        _NO_MODIFIERS.alias("more"),
    )
    last = pl.col("ends").struct.field("last").str.replace(".", "", literal=True)
    is_range = last.is_not_null()
    form = (
        pl.when(is_range).then(pl.lit("range")).when(pl.col("rest").is_not_null())
        .then(pl.lit("family")).otherwise(pl.lit("code"))
    )  # fmt: skip
    # A word without a digit is no code, though procedures may be any letters.
    is_code = pl.col("code").str.contains("[0-9]").fill_null(value=False)
    wrong = pl.when(is_range | is_code).then(pl.lit("")).otherwise(
        pl.format("{} is not a code", word)
    )  # fmt: skip
    first = pl.when(is_range).then(pl.col("ends").struct.field("first"))
    code = pl.coalesce(first, "code", word).str.replace(".", "", literal=True)
    return _shape(split, form, pl.col("system"), code, last.fill_null(""), wrong)


def _take_whole(cells: pl.DataFrame, code_set: pl.Expr) -> Words:
    """Cells of code sets that no release has: each is one code."""
    whole = cells.with_columns(pl.lit(0, pl.UInt32).alias("at"), _NO_MODIFIERS.alias("more"))
    return _shape(whole, pl.lit("code"), code_set, pl.col("bare"), pl.lit(""), pl.lit(""))


def _shape(  # noqa: PLR0913, PLR0917 - the columns of a word
    split: pl.DataFrame, form: pl.Expr, code_set: pl.Expr, code: pl.Expr, last: pl.Expr,
    wrong: pl.Expr,
) -> Words:  # fmt: skip
    made = {"form": form, "code_set": code_set, "code": code, "last": last, "wrong": wrong}
    return split.with_columns(expr.alias(name) for name, expr in made.items()).select(*_WORD)


def _decide_fates(bare: pl.DataFrame, words: Words) -> pl.DataFrame:
    """What became of each cell: it is understood where each of its words is."""
    is_wrong = pl.col("wrong") != ""
    is_split = pl.col("bare").first().str.contains(_SEVEN) & (pl.col("system") == PROCEDURE).first()
    found = words.group_by(_CELL).agg(
        pl.col("wrong").filter(is_wrong).first().fill_null("").alias("why"),
        is_split.fill_null(value=False).alias("is_split"),
    )
    read = bare.join(found, on=_CELL, how="left")
    fate = (
        pl.when(pl.col("why").is_null()).then(pl.lit("blank")).when(pl.col("why") == "")
        .then(pl.lit("understood")).otherwise(pl.lit("aside"))
    )  # fmt: skip
    return read.select(
        *_CELL, fate.alias("fate"), pl.col("why").fill_null(""),
        (pl.col("is_split") & (fate == "understood")).fill_null(value=False).alias("is_split"),
    )  # fmt: skip


def _list_tokens(words: Words) -> pl.DataFrame:
    """The codes, and the modifiers for themselves, of the cells that are understood."""
    sound = words.filter((pl.col("wrong") == "").all().over(_CELL)).sort(*_CELL, "at")
    is_modifier = pl.col("form") == MODIFIER
    lead = sound.with_columns((~is_modifier).cum_sum().over(_CELL).alias("lead"))
    own = pl.when(is_modifier).then(pl.concat_list("code")).otherwise("more")
    joined = lead.with_columns(own.alias("more")).with_columns(
        pl.col("more").explode().drop_nulls().str.join(";").over(*_CELL, "lead").alias("modifiers")
    )
    codes = joined.filter(~is_modifier).with_columns(pl.col("modifiers").fill_null(""))
    single = joined.select(*_CELL, pl.col("more").alias("code")).explode("code").drop_nulls()
    modifiers = single.unique(maintain_order=True).with_columns(
        pl.lit(MODIFIER).alias("form"), _name_code_set(pl.col("code")).alias("code_set"),
        pl.lit("").alias("last"), pl.lit("").alias("modifiers"),
    )  # fmt: skip
    return pl.concat([codes.select(*TOKENS), modifiers.select(*TOKENS)])
