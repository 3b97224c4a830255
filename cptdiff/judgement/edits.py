"""Revised texts cut to what differs, each distinct edit looked at once."""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import polars as pl

from cptdiff.judgement.differences import Edit, Marks, classify_edit
from cptdiff.judgement.forms import is_inner_slip, is_typing_slip
from cptdiff.judgement.lexicon import DOSE, LETTERED, SYMBOLS, WEIGHTLESS
from cptdiff.judgement.paraphrases import restate
from cptdiff.judgement.wording import DELETED, INSERTED, count_common, merge_pieces
from cptdiff.judgement.words import BRACKET, EXAMPLE
from cptdiff.model import DESCRIPTORS, OWN, Changes, Common

Texts = Sequence[pl.Series | Common]

_NEAR: Final = 120
_BEGINNINGS: Final = ("eg", *sorted(said for said, means in SYMBOLS.items() if means == "eg"))
_EXAMPLE_STARTS: Final = rf"(?i)\b(?:{'|'.join(map(re.escape, _BEGINNINGS))})(?:\W[^;()\[\]]*)?$"
_WEIGHTLESS: Final = rf"(?i)\b(?:{'|'.join(sorted(WEIGHTLESS))})\b"
_BEFORE_LETTER: Final = rf"(?i)\b(?:{'|'.join(LETTERED)}|part)[\s-]*$"
_NUMBER: Final = r"^-?[\d,]*\.?\d+$"
_EDIT: Final = ("before", "after", "place", "near")
_TYPES: Final = {
    str: pl.String(), bool: pl.Boolean(), int: pl.Int64(), float: pl.Float64(),
    list[str]: pl.List(pl.String()),
}  # fmt: skip
# A column for each field of `Marks`.
MARKS: Final = pl.Schema({name: _TYPES[kind] for name, kind in Marks.__annotations__.items()})
# Columns of which one that is true makes a revision high, and what a second look writes anew.
_GRAVE: Final = (
    *(pl.col(n) for n in ("number", "comparator", "negation", "side", "age", "logic", "crossed")),
    pl.col("scope") & ~pl.col("repeated"),
)
_AGAIN: Final = (*(n for n in MARKS if n not in {"same", "slips"}), "repeated", "misspelled")
_ROW: Final = "row"
# The roles of descriptors; the values of other columns are no wording.
_WORDED: Final = ("wording", "shorter")


class Vocabulary(NamedTuple):
    """The texts of both releases: a word that still stands in current's was not mended."""

    current: Texts = ()
    previous: Texts = ()


def collect_vocabulary(changes: Changes) -> Vocabulary:
    """Return the texts of both releases; of a revised entry a shorter one says nothing new."""
    revised = changes.revised_current.select("kind", "code")
    return Vocabulary(
        *(
            (*_list_texts(release.records, revised), release.common)
            for release in (changes.current, changes.previous)
        )
    )


def _list_texts(entries: pl.DataFrame, revised: pl.DataFrame) -> Texts:
    names = [name for name in entries.columns if name in DESCRIPTORS or name.startswith(OWN)]
    shorter = [name for name in names if name in DESCRIPTORS[1:]]
    others = entries.select("kind", "code", *shorter).join(revised, on=["kind", "code"], how="anti")
    return tuple(others[name] if name in shorter else entries[name] for name in names)


def mark_revisions(rows: pl.DataFrame, vocabulary: Vocabulary | None = None) -> pl.DataFrame:
    """`rows` (previous, current, role) with before and after, what differs of both; and `MARKS`.

    `gone` and `new` are the texts within them that went and came, as JSON lists.
    `repeated` tells that the one word lost or gained stands in the rest too, `misspelled` that a
    pair of like words is one word. `paraphrased` tells that both say in other words what would
    change the meaning; the other marks are then of what differs beside it.
    """
    known = vocabulary or Vocabulary()
    marked = _judge_slips(_mark(rows), known).with_columns(paraphrased=pl.lit(value=False))
    return _look_twice(marked.with_row_index(_ROW), known).drop(_ROW)


def _look_twice(marked: pl.DataFrame, known: Vocabulary) -> pl.DataFrame:
    """`marked` with the milder marks of grave revisions that say the same in other words."""
    grave = marked.filter(pl.col("role").is_in(_WORDED) & pl.any_horizontal(_GRAVE))
    texts = grave.select(_ROW, "role", "previous", "current")
    # Many codes share an edit of the same wording.
    say = cache(restate)
    both = [(row, role, *say(one, other)) for row, role, one, other in texts.iter_rows()]
    changed = [row for row in both if row[2]]
    if not changed:
        return marked
    plainer = pl.DataFrame(changed, texts.schema, orient="row")
    again = _judge_slips(_mark(plainer), known)
    mild = again.filter(~pl.any_horizontal(_GRAVE).fill_null(value=False))
    # What is the same once it is said in the same words still is said in others.
    milder = mild.select(_ROW, *_AGAIN, same=pl.lit("", pl.String), paraphrased=pl.lit(value=True))
    return marked.update(milder, on=_ROW, how="left")


def _mark(rows: pl.DataFrame) -> pl.DataFrame:
    cut = _cut(rows)
    joined = cut.join(_classify_edits(cut), on=_EDIT, how="left", maintain_order="left")
    around = pl.col("head") + pl.col("tail")
    elsewhere = around.str.count_matches(r"\b[A-Za-z]\w*") - around.str.count_matches(_WEIGHTLESS)
    return joined.with_columns(
        (pl.col("kept") + elsewhere.cast(pl.Int64)).alias("kept"),
        _repeats_stem(around).alias("repeated"),
        _list_or_one("gone", "before"),
        _list_or_one("new", "after"),
    )


def _list_or_one(pieces: str, text: str) -> pl.Expr:
    """The pieces of wording; a value of another kind has none."""
    found = pl.when(pl.col("role") != "value").then(pieces)
    return pl.coalesce(found, _list_one(text)).alias(pieces)


def _classify_edits(cut: pl.DataFrame) -> pl.DataFrame:
    """The distinct edits with their marks, gone and new; of two plain numbers the values tell."""
    judged = cut.filter(pl.col("role").is_in([*_WORDED, "value"]))
    edits = judged.select(_EDIT).unique(maintain_order=True)
    before, after = (
        pl.col(name).str.replace_all(",", "").cast(pl.Float64, strict=False) for name in _EDIT[:2]
    )
    is_number = pl.all_horizontal(pl.col("before", "after").str.contains(_NUMBER))
    same = pl.when(before == after).then(pl.lit("abbreviation")).otherwise(pl.lit(""))
    ratio = pl.when(before > 0, after > 0).then(after / before).otherwise(0.0)
    numbers = edits.filter(is_number).with_columns(
        same=same, number=before != after, ratio=ratio, measure=pl.lit(""), step=pl.lit("moved")
    )
    worded = edits.filter(~is_number)
    found = [vars(classify_edit(Edit(*edit))) for edit in worded.iter_rows()]
    lists = [_list_values(edit[0], edit[1]) for edit in worded.iter_rows()]
    looked = worded.hstack(pl.DataFrame(found, MARKS)).hstack(
        pl.DataFrame(lists, {"gone": pl.String, "new": pl.String}, orient="row")
    )
    return pl.concat([looked, numbers], how="diagonal")


def _list_values(before: str, after: str) -> tuple[str, str]:
    """The texts that went and those that came, each as a JSON list."""
    found = merge_pieces(before, after)
    gone, new = (
        [text for text in (piece.text.strip() for piece in found if piece.role == role) if text]
        for role in (DELETED, INSERTED)
    )
    return json.dumps(gone, ensure_ascii=False), json.dumps(new, ensure_ascii=False)


def _list_one(name: str) -> pl.Expr:
    """A value as the only member of a JSON list; nothing as an empty one."""
    quoted = (
        pl.col(name)
        .str.replace_all("\\", "\\\\", literal=True)
        .str.replace_all('"', '\\"', literal=True)
    )
    return pl.when(pl.col(name) == "").then(pl.lit("[]")).otherwise(pl.format('["{}"]', quoted))


def _cut(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with head, before, after, tail, place and near."""
    both = rows.select(
        "previous",
        "current",
        plain=pl.all_horizontal(pl.col("previous", "current").str.contains(_NUMBER))
        | pl.col("role").is_in(["amount", "value", "rows"]),
    )
    count = cache(count_common)
    ends = [(0, 0) if plain else count(one, other) for one, other, plain in both.iter_rows()]
    shape = {"start": pl.Int64, "end": pl.Int64}
    sized = rows.hstack(pl.DataFrame(ends, shape, orient="row"))
    start, end = pl.col("start"), pl.col("end")
    middles = [
        pl.col(name).str.slice(start, pl.col(name).str.len_chars() - start - end).alias(alias)
        for name, alias in (("previous", "before"), ("current", "after"))
    ]
    cut = sized.with_columns(
        *middles,
        pl.col("previous").str.slice(0, start).alias("head"),
        pl.col("previous").str.slice(pl.col("previous").str.len_chars() - end).alias("tail"),
    ).drop("start", "end")
    opens = pl.any_horizontal(pl.col("before", "after").str.contains(r"[(\[]"))
    last = pl.col("head").str.tail(_NEAR).str.to_lowercase()
    near = pl.when(opens | _begins_with_letter()).then(last).otherwise(pl.lit(""))
    return cut.with_columns(_locate_edit(pl.col("head")).alias("place"), near.alias("near"))


def _begins_with_letter() -> pl.Expr:
    """Whether the edit begins with a letter behind a word that such a letter names: type A."""
    lone = pl.any_horizontal(pl.col("before", "after").str.contains(r"^[\s-]*[A-Za-z]\b"))
    return lone & pl.col("head").str.contains(_BEFORE_LETTER)


def _locate_edit(head: pl.Expr) -> pl.Expr:
    """Whether what follows `head` stands in an example list or in brackets that are still open."""
    for _ in range(3):
        head = head.str.replace_all(r"[(\[][^()\[\]]*[)\]]", "")
    return (
        pl.when(head.str.contains(_EXAMPLE_STARTS)).then(pl.lit(EXAMPLE))
        .when(head.str.contains(r"[(\[]")).then(pl.lit(BRACKET))
        .otherwise(pl.lit(""))
    )  # fmt: skip


def _repeats_stem(around: pl.Expr) -> pl.Expr:
    """Whether the lone word, of which only its stem counts, stands around the edit too."""
    stem = pl.col("lone").str.head(6)
    long_enough = stem.str.len_chars() >= 5  # noqa: PLR2004 - a stem
    return (pl.col("scope") & long_enough & around.str.to_lowercase().str.contains(
        r"\b" + stem
    )).fill_null(value=False)  # fmt: skip


def _judge_slips(rows: pl.DataFrame, known: Vocabulary) -> pl.DataFrame:
    """`rows` with misspelled; a pair that is two words makes `scope` true."""
    pairs = rows["slips"].explode().drop_nulls().unique().sort().to_list()
    alive = _find_used(sorted({pair.split(" ")[0] for pair in pairs}), known.current)
    two = [pair for pair in pairs if pair.split(" ")[0] in alive]
    has = pl.col("slips").list.len().fill_null(0) > 0
    # Beside a dose it is a drug's name, and there may be another drug but one letter apart.
    drugs = _list_two_drugs(pairs, known.previous)
    is_two = (_has_any(two) | (_has_any(drugs) & pl.col("current").str.contains(DOSE))).fill_null(
        value=False
    )
    return rows.with_columns(
        ((has & ~is_two) | pl.col("respelled")).alias("misspelled"),
        (pl.col("scope") | is_two).alias("scope"),
    )


def _has_any(pairs: list[str]) -> pl.Expr:
    """Whether one of `pairs` is among the slips."""
    return pl.col("slips").list.set_intersection(pl.lit(pairs, pl.List(pl.String))).list.len() > 0


def _list_two_drugs(pairs: Sequence[str], previous: Texts) -> list[str]:
    """Those of `pairs` that would be two drugs: short names, or two that `previous` had."""
    both = {pair: pair.split(" ") for pair in pairs}
    inner = {pair: two[1] for pair, two in both.items() if is_inner_slip(*two)}
    used = _find_used(sorted(set(inner.values())), previous)
    return [
        pair
        for pair, two in both.items()
        if not (is_typing_slip(*two) or (pair in inner and two[1] not in used))
    ]


def _find_used(words: list[str], texts: Texts) -> tuple[str, ...]:
    """Those of `words` that stand in `texts`, in order."""
    left = list(words)
    for text in texts if words else ():
        for values in text.search(words) if isinstance(text, Common) else [text]:
            lines = values.filter(values.str.contains_any(words, ascii_case_insensitive=True))
            left = [w for w in left if not lines.str.contains(rf"(?i)\b{w}\b").any()]
            if not left:
                return tuple(words)
    return tuple(w for w in words if w not in left)
