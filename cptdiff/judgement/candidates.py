"""A deleted code, the new ones beside it, and how their wordings clash."""

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.model import Changes, Release, Stated, pick_longest
from cptdiff.sections import PLACES, Sections, place_codes


class Axis(NamedTuple):
    """One opposition: each value with the words that name it; `silent` where none is named.

    Two entries clash where both have a value and the values differ; one that is silent with an
    empty value clashes with none.
    """

    name: str
    values: tuple[tuple[str, str], ...]
    silent: str = ""


AXES: Final = (
    Axis("side", (("right", r"\b(?:right|rt)\b"), ("left", r"\b(?:left|lt)\b"))),
    Axis(
        "sides",
        (
            ("one", r"\b(?:unilateral|right|left|rt|lt|one side)\b"),
            ("both", r"\b(?:bilateral|both|bilat)\b"),
        ),
    ),
    Axis("having", (("with", r"\bwith\b|\bw/(?:[^o]|o\w)"), ("without", r"\bwithout\b|\bw/o\b"))),
    Axis(
        "age",
        (
            (
                "child",
                (
                    r"\b(?:child\w*|pa?ediatric|infants?|newborns?|neonat\w*|fetal|adolescents?)\b"
                    r"|\b(?:younger|less) than (?:age )?\d+|\bunder (?:age )?\d+ years"
                    r"|\bage \d+ (?:years )?(?:and|or) (?:under|younger)"
                ),
            ),
            (
                "adult",
                (
                    r"\badults?\b|\b(?:age )?\d+ (?:years )?(?:of age )?(?:and|or) (?:over|older)\b"
                    r"|\bover (?:age )?\d+ years"
                ),
            ),
        ),
    ),
    Axis(
        "use",
        (("add-on", r"\beach additional\b|\badd[- ]on\b|\blist separately\b|\bin addition to\b"),),
        silent="primary",
    ),
    Axis(
        "encounter",
        (
            ("initial", r"\binitial\b"),
            ("subsequent", r"\bsubsequent\b"),
            ("sequela", r"\bsequelae?\b"),
        ),
    ),
)


def _find_value(axis: Axis) -> pl.Expr:
    named = [
        pl.when(pl.col("text").str.contains(pattern)).then(pl.lit(value)).otherwise(pl.lit(""))
        for value, pattern in axis.values
    ]
    value = pl.concat_str(named, separator=" ").str.strip_chars(" ")
    return pl.when(value == "").then(pl.lit(axis.silent)).otherwise(value).alias(axis.name)


# A kind and a code.
Key = tuple[str, str]


class Subject(NamedTuple):
    """An entry as the rungs see it.

    `text` is the longest descriptor in lower case, `words` the same without punctuation. The names
    of `AXES` follow, then `segments`, the cuts of its code set in one text, and `PLACES`.
    """

    kind: str
    code: str
    text: str
    words: str
    side: str
    sides: str
    having: str
    age: str
    use: str
    encounter: str
    segments: str
    category: str
    section: str
    subsection: str
    group: str

    @property
    def key(self) -> Key:
        """Its kind and code."""
        return self[:2]

    def clashes(self, other: "Subject") -> bool:
        """Whether the two clash on any axis."""
        both = zip(self[_VALUES], other[_VALUES], strict=True)
        return any(one and another and one != another for one, another in both)


_VALUES: Final = slice(4, 4 + len(AXES))


class Candidate(NamedTuple):
    """A replacement that a rung finds.

    `score` ranks, highest first; a `confidence` or a `note` that is empty is the rung's own;
    `quoted` is what a table says in the note's place, and `trail` goes on from it. `end` marks a
    stated replacement that current does not hold.
    """

    kind: str
    code: str
    replacement: str
    score: float = 1.0
    confidence: str = ""
    note: str = ""
    quoted: str = ""
    trail: str = ""
    end: bool = False

    @property
    def key(self) -> Key:
        """The kind and code that it replaces."""
        return self.kind, self.code


KEY: Final = ("kind", "code")
# So many entries, evenly taken, tell how seldom a word is.
_SAMPLE: Final = 10_000
# "Not otherwise specified" is said of things that have nothing to do with each other.
_EMPTY: Final = frozenset({"not", "otherwise", "specified", "classified"})


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """One comparison as the rungs see it; `sections` are those of the code set."""

    changes: Changes
    stated: Stated
    sections: Sections

    @property
    def profile(self) -> Profile:
        """How both releases' code set behaves."""
        return self.changes.current.profile

    @property
    def deleted(self) -> list[Subject]:
        """Deleted codes and modifiers, sorted by their keys."""
        return self._subjects[0]

    @property
    def added(self) -> list[Subject]:
        """Added codes and modifiers, sorted by their keys."""
        return self._subjects[1]

    def list_deleted(self) -> list[Key]:
        """Return the keys of all deleted entries, headers too."""
        return self.changes.deleted.select(KEY).rows()

    def list_transient(self) -> list[Key]:
        """Return the keys of the entries that came and went between the releases."""
        return self.changes.transient.select(KEY).rows()

    @cached_property
    def current(self) -> pl.DataFrame:
        """What a code can be replaced by: kind and code of current's codes and modifiers."""
        return _drop_headers(self.changes.current.entries).select(KEY)

    @cached_property
    def word_weights(self) -> "Weights":
        """How seldom each word is among current's entries."""
        entries = self.changes.current.entries
        text = pick_longest(self.changes.current, entries.columns).alias("text")
        step = max(entries.height // _SAMPLE, 1)
        sample = entries.select(text).to_series().gather_every(step)
        counts, whole = _count_words(sample), max(sample.len(), 1)
        by_word = {
            word: 0.0 if word in _EMPTY else math.log(whole / number) for word, number in counts
        }
        return Weights(by_word, max(by_word.values(), default=0.0))

    def list_previous(self, categories: Collection[str]) -> list[Subject]:
        """Previous's codes in these ICD-10 categories (three characters), without places."""
        previous = self.changes.previous
        entries = previous.entries.filter(
            (pl.col("kind") == "code") & pl.col("code").str.head(3).is_in(categories)
        )
        return _list_subjects(add_words(entries, previous), self.profile)

    def add_places(self, entries: pl.DataFrame) -> pl.DataFrame:
        """`entries` (kind, code) with `PLACES`."""
        return place_codes(entries, self.sections).select(*entries.columns, *PLACES)

    @cached_property
    def _subjects(self) -> tuple[list[Subject], list[Subject]]:
        """Both sides at once: a frame takes longer to make than its rows."""
        changes = self.changes
        gone = add_words(_drop_headers(changes.deleted), changes.previous)
        new = add_words(_drop_headers(changes.added), changes.current)
        both = self.add_places(pl.concat([gone, new]))
        found = _list_subjects(both, self.profile)
        return sorted(found[: gone.height]), sorted(found[gone.height :])


class Weights(NamedTuple):
    """The logarithm of how seldom each word is; one that is not known weighs the most."""

    by_word: dict[str, float]
    most: float

    def sum_up(self, words: Iterable[str]) -> float:
        """Return the weight of all `words`."""
        return sum(self.by_word.get(word, self.most) for word in words)


# Of ASCII, what words are made of in lower case, and a blank for all else.
_LETTERS: Final = bytes(
    ord(chr(byte).lower()) if chr(byte).isalnum() or byte == ord("\n") else ord(" ")
    for byte in range(0x80)
).ljust(0x100)


def _count_words(texts: pl.Series) -> Iterator[tuple[str, int]]:
    """Each word of `texts` with the number of texts that have it."""
    joined = "\n".join(texts)
    # Four times as fast as an expression, where nothing but plain letters is to be told apart.
    if joined.isascii() and joined.count("\n") == max(texts.len() - 1, 0):
        plain = joined.encode("ascii").translate(_LETTERS).decode("ascii")
        words = pl.Series(plain.split("\n"), dtype=pl.String)
    else:
        words = texts.to_frame("text").select(_drop_punctuation(pl.col("text"))).to_series()
    listed = words.str.split(" ").list.unique().explode(empty_as_null=True)
    counts = listed.rename("word").value_counts(name="entries").iter_rows()
    return ((word, number) for word, number in counts if word)


def add_words(entries: pl.DataFrame, release: Release) -> pl.DataFrame:
    """kind, code, text (the longest descriptor) and words (lower case, without punctuation)."""
    text = pick_longest(release, entries.columns)
    lower = text.str.to_lowercase().alias("text")
    return entries.select(*KEY, lower, _drop_punctuation(text).alias("words"))


def _drop_punctuation(text: pl.Expr) -> pl.Expr:
    words = text.str.to_lowercase().str.replace_all(r"[^\p{Alphabetic}\p{N}]+", " ")
    return words.str.strip_chars(" ")


def _list_subjects(entries: pl.DataFrame, profile: Profile) -> list[Subject]:
    """`entries` (`add_words`, and `PLACES` where they have any) as subjects."""
    segments = [pl.col("code").str.slice(one.start, one.width) for one in profile.segments]
    found = entries.select(
        pl.col("kind").cast(pl.String),
        "code",
        "text",
        "words",
        *map(_find_value, AXES),
        pl.concat_str(segments, separator=" ").alias("segments")
        if segments
        else pl.lit("").alias("segments"),
        *(name if name in entries.columns else pl.lit("").alias(name) for name in PLACES),
    )
    return list(map(Subject._make, found.rows()))


def _drop_headers(entries: pl.DataFrame) -> pl.DataFrame:
    """Headers are no codes that a bill could hold."""
    return entries.filter(pl.col("kind") != "header")
