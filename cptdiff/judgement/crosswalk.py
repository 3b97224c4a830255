"""What replaces each deleted code, each answer with its evidence.

The rungs are tried in turn, strongest evidence first; a code that one answers goes no further, so
that no guess stands beside an official answer. A guess is a candidate for a coder to review.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Final, NamedTuple, TypeAlias

import polars as pl

from cptdiff.judgement.candidates import Candidate, Case, Key
from cptdiff.judgement.hierarchy import find_in_hierarchy
from cptdiff.judgement.similarity import (
    find_conversions,
    find_identical,
    find_similar,
    find_unlisted,
)
from cptdiff.judgement.stated_links import find_publisher_links, find_user_links
from cptdiff.model import CROSSWALK, Changes, Stated
from cptdiff.sections import Sections

REVIEW: Final = "needs coder review"


class Rung(NamedTuple):
    """One kind of evidence. `find` gets the case and the keys of the entries without an answer.

    Of one entry's candidates the best `most` are kept. `confidence` is stated, strong or
    candidate, and `note` the evidence in our words, where a candidate does not bring its own.
    """

    basis: str
    confidence: str
    most: int
    note: str
    find: Callable[[Case, Collection[Key]], Iterable[Candidate]]


# An official answer is never cut; ICD-10-CM has divided one code into 50.
RUNGS: Final = (
    Rung("publisher", "stated", 1000, "", find_publisher_links),
    Rung("user", "stated", 1000, "", find_user_links),
    Rung("identical-text", "strong", 5, "same wording", find_identical),
    Rung("hierarchy", "strong", 80, "new code in the same category", find_in_hierarchy),
    Rung("conversion", "candidate", 3, "new Category I code, similar wording", find_conversions),
    Rung("similar-text", "candidate", 10, "similar wording", find_similar),
    Rung("unlisted", "candidate", 1, "unlisted code of the section", find_unlisted),
)


class Answer(NamedTuple):
    """A candidate with the number and the basis of the rung that found it."""

    rung: int
    basis: str
    found: Candidate


Answers: TypeAlias = list[Answer]


def find_replacements(
    changes: Changes, stated: Stated, sections: Sections, rungs: tuple[Rung, ...] = RUNGS
) -> pl.DataFrame:
    """`CROSSWALK`: ranked replacements of each deleted code and modifier, sorted by its full key.

    `sections` are those of the code set. A code without any has one row with relation none; a
    deleted header has rows only where a link is stated, and so has what came and went between the
    releases.
    """
    case = Case(changes, stated, sections)
    answers, ends = _climb_rungs(case, rungs)
    answers, dead = _follow_deletions(answers, ends)
    return pl.DataFrame(list(_write_rows(case, answers, dead)), CROSSWALK, orient="row")


def _climb_rungs(case: Case, rungs: tuple[Rung, ...]) -> tuple[Answers, Answers]:
    """The rungs' answers, and the stated ones that current does not hold.

    What came and went between the releases has only stated ones.
    """
    passing = set(case.list_transient())
    open_ = set(case.list_deleted()) | passing
    answers: Answers = []
    ends: Answers = []
    for number, rung in enumerate(rungs):
        if rung.confidence != "stated":
            open_ -= passing
        if not open_:
            break
        found = sorted(rung.find(case, open_), key=_order_by_score)
        counts: Counter[Key] = Counter()
        for one in found:
            whole = one._replace(
                confidence=one.confidence or rung.confidence, note=one.note or rung.note
            )
            if one.end:
                ends.append(Answer(number, rung.basis, whole))
            elif counts[one.key] < rung.most:
                counts[one.key] += 1
                answers.append(Answer(number, rung.basis, whole))
        open_ -= counts.keys()
    return answers, ends


def _order_by_score(one: Candidate) -> tuple[Key, float, str]:
    return one.key, -one.score, one.replacement


def _follow_deletions(answers: Answers, ends: Answers) -> tuple[Answers, Answers]:
    """`answers` with chains that go on through this pair's deletions; the ends that lead nowhere.

    A stated replacement that is itself deleted between the two releases leads to what replaces
    that one; the answer is worth no more than its weakest link.
    """
    further: dict[Key, Answers] = {}
    for one in answers if ends else ():
        if one.found.replacement:
            further.setdefault(one.found.key, []).append(one)
    led: Answers = []
    dead: Answers = []
    named: dict[Key, int] = {}
    for end in ends:
        kind, code, passed = end.found[:3]
        onward = [one for one in further.get((kind, passed), ()) if one.found.replacement != code]
        if not onward:
            dead.append(end)
            continue
        named.setdefault(end.found.key, end.rung)
        led += [one._replace(found=_lead_on(end.found, one.found)) for one in onward]
    kept = [one for one in answers if one.rung <= named.get(one.found.key, one.rung)]
    return kept + led, dead


def _lead_on(end: Candidate, onward: Candidate) -> Candidate:
    """Return what replaces the stated replacement `end` as an answer in its place."""
    trail = f"{end.trail} by way of {end.replacement}"
    return onward._replace(code=end.code, note=end.note, quoted=end.quoted, trail=trail)


def _write_rows(case: Case, answers: Answers, dead: Answers) -> Iterable[tuple[object, ...]]:
    """Yield `CROSSWALK`: at least one row for each code and modifier, ranked and with notes."""
    ends: dict[Key, set[str]] = {}
    for one in dead:
        text = f"; {one.found.replacement} is itself no longer valid: dead end"
        ends.setdefault(one.found.key, set()).add(text)
    by_key: dict[Key, Answers] = {
        key: [] for key in (*case.list_deleted(), *ends) if key in ends or key[0] != "header"
    }
    for one in answers:
        by_key.setdefault(one.found.key, []).append(one)
    ranked = {key: _rank_answers(some) for key, some in sorted(by_key.items())}
    counts = _count_partners(one for some in ranked.values() for one in some)
    for key, some in ranked.items():
        trail = "".join(sorted(ends.get(key, ())))
        if not some:
            yield *key, "", 1, "none", "none", "", REVIEW, "", trail
        for rank, (_, basis, found) in enumerate(some, 1):
            relation = _relate(basis, found, counts)
            yield (
                *key, found.replacement, rank, relation, basis, found.confidence, found.note,
                found.quoted, found.trail + trail,
            )  # fmt: skip


def _rank_answers(answers: Answers) -> Answers:
    """The best answer for each replacement; that there is none counts where nothing else does."""
    once: dict[str, Answer] = {}
    for one in answers:
        once.setdefault(one.found.replacement, one)
    if len(once) > 1:
        once.pop("", None)
    return sorted(once.values(), key=lambda one: (one.rung, *_order_by_score(one.found)))


# What the basis alone says; elsewhere the numbers on both sides do.
_BY_BASIS: Final = {"identical-text": "same", "similar-text": "possible", "unlisted": "unlisted"}


def _count_partners(answers: Iterable[Answer]) -> Counter[tuple[str, Key]]:
    """How many replacements an entry has ("to"), and how many entries a replacement ("from")."""
    counts: Counter[tuple[str, Key]] = Counter()
    for _, basis, found in answers:
        if found.replacement and basis not in _BY_BASIS:
            counts["to", found.key] += 1
            counts["from", (found.kind, found.replacement)] += 1
    return counts


def _relate(basis: str, found: Candidate, counts: Counter[tuple[str, Key]]) -> str:
    """Return none, same, possible, unlisted, converted, split (1:n), merged (n:1) or replaced-by.

    Category III codes are converted to Category I.
    """
    if not found.replacement:
        return "none"
    if basis in _BY_BASIS:
        return _BY_BASIS[basis]
    if basis == "conversion" or (_is_category_three(found.code) and _is_number(found.replacement)):
        return "converted"
    if counts["to", found.key] > 1:
        return "split"
    return "merged" if counts["from", (found.kind, found.replacement)] > 1 else "replaced-by"


def _is_category_three(code: str) -> bool:
    return code.endswith("T") and _is_number(f"0{code[:-1]}")


def _is_number(code: str) -> bool:
    return len(code) == _WIDTH and code.isascii() and code.isdecimal()


# Of a CPT code, in characters.
_WIDTH: Final = 5


def write_notes(crosswalk: pl.DataFrame) -> pl.DataFrame:
    """`crosswalk` (`CROSSWALK`) with one `note` for people: the evidence, dead ends, review."""
    stated = pl.col("confidence") == "stated"
    none = pl.when(stated & (pl.col("replacement") == "")).then(pl.lit("states no replacement"))
    guess = pl.when(pl.col("confidence").is_in(["strong", "candidate"])).then(pl.lit(REVIEW))
    evidence = pl.when(pl.col("quoted") == "").then("note").otherwise("quoted") + pl.col("trail")
    whole = pl.concat_str([none, evidence, guess], separator="; ", ignore_nulls=True)
    return crosswalk.with_columns(whole.alias("note")).drop("quoted", "trail")
