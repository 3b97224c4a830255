"""Replacements by wording: alike texts of one section."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from cptdiff.judgement.candidates import KEY, Candidate, Case, Key, Subject, Weights
from cptdiff.judgement.hierarchy import pair_relatives
from cptdiff.model import pick_longest

# Of 100: the words of the shorter text found in the longer one. A quick sieve, no judgement.
_SIEVE: Final = 60.0
# Of one added code's likenesses, what stays behind the best by more than this is none.
_BEST: Final = 0.95
# And of one deleted code's likenesses.
_NEAR: Final = 0.7
# More pairs in one place than this are no change that a coder reviews code by code.
_MOST_PAIRS: Final = 2_000_000

# Subjects by what two of a pair must have in common.
Groups: TypeAlias = Mapping[tuple[str, ...], list[Subject]]
Pair: TypeAlias = tuple[Subject, Subject]


def find_alike(case: Case, old: Groups, new: Groups, least: float) -> list[Candidate]:
    """Return pairs of `old` and `new` from one group that have much the same words.

    The score, from `least` to 1, is the weight of the shared words: half as part of both texts,
    half as part of the shorter one. Pairs that clash on an axis are none, and of the pairs with
    one replacement, or with one deleted code, only those count that are near the best.
    """
    pairs = {(one.key, other.key): (one, other) for one, other in _sieve_pairs(old, new)}
    fit = [pair for pair in pairs.values() if not pair[0].clashes(pair[1])]
    if not fit:
        return []
    scores = _score_pairs(fit, case.word_weights)
    best: dict[tuple[int, Key], float] = {}
    for pair, score in zip(fit, scores, strict=True):
        for side, one in enumerate(pair):
            best[side, one.key] = max(best.get((side, one.key), 0.0), score)
    return [
        Candidate(one.kind, one.code, other.code, score)
        for (one, other), score in zip(fit, scores, strict=True)
        if score >= max(least, best[1, other.key] * _BEST, best[0, one.key] * _NEAR)
    ]


def group_subjects(subjects: Iterable[tuple[tuple[str, ...], Subject]]) -> Groups:
    """Return the subjects that have words by their groups, sorted by their keys."""
    groups: dict[tuple[str, ...], list[Subject]] = {}
    for group, one in sorted(subjects, key=lambda each: each[1].key):
        if one.words:
            groups.setdefault(group, []).append(one)
    return groups


def _sieve_pairs(old: Groups, new: Groups) -> Iterator[Pair]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - start-up stays light

    for group in sorted(old.keys() & new.keys()):
        said, says = old[group], new[group]
        if len(said) * len(says) > _MOST_PAIRS:
            continue
        texts = [one.words for one in says]
        for one in said:
            near = process.extract_iter(
                one.words, texts, scorer=fuzz.token_set_ratio, score_cutoff=_SIEVE
            )
            yield from ((one, says[at]) for _, _, at in near)


def _score_pairs(pairs: Collection[Pair], weights: Weights) -> list[float]:
    words = {one.words: frozenset(one.words.split(" ")) for pair in pairs for one in pair}
    whole = {text: weights.sum_up(sorted(some)) for text, some in words.items()}
    return [
        _score_pair(
            whole[one.words],
            whole[other.words],
            weights.sum_up(sorted(words[one.words] & words[other.words])),
        )
        for one, other in pairs
    ]


def _score_pair(one: float, other: float, shared: float) -> float:
    shorter = min(one, other)
    return round((2 * shared / (one + other) + shared / shorter) / 2, 4) if shorter else 0.0


def find_unlisted(case: Case, open_: Collection[Key]) -> Iterator[Candidate]:
    """Yield current's unlisted code of the narrowest place that holds the deleted code.

    Of several the next one by number, for a subsection's unlisted code stands at its end.
    """
    lost = [one for one in case.deleted if one.key in open_ and one.section]
    if not (case.profile.unlisted and lost):
        return
    entries = case.changes.current.entries
    text = pick_longest(case.changes.current, entries.columns).str.to_lowercase()
    named = entries.filter(text.str.contains(case.profile.unlisted)).select(KEY)
    there = case.add_places(named).rows()
    first = case.profile.unlisted_start
    for one in lost:
        wide = (one.kind, one.category, one.section)
        near = [
            (_rate_place(one, code, (subsection, group)), code)
            for kind, code, category, section, subsection, group in there
            if (kind, category, section) == wide and code[:first] == one.code[:first]
        ]
        if near:
            yield Candidate(*one.key, min(near)[1])


def _rate_place(lost: Subject, code: str, narrow: tuple[str, str]) -> tuple[int, bool, int]:
    """How near an unlisted code is, the nearest first: by place, the next one, by number."""
    same = sum(
        one == other for one, other in zip((lost.subsection, lost.group), narrow, strict=True)
    )
    numbers = [re.search(r"[0-9]+", each) for each in (lost.code, code)]
    apart = [int(number[0]) for number in numbers if number]
    return -same, code < lost.code, abs(apart[0] - apart[1]) if all(numbers) else -1


# The lowest score of a candidate that is reported.
_LEAST: Final = 0.6
# Words that more entries than this share name none of them.
_COMMON: Final = 5
# A sibling's new section is searched too: codes with these first characters are siblings.
_SIBLINGS: Final = 4
# What an ICD-10-CM class of the rest holds depends on its neighbors, not on its words.
_REST: Final = "other"


def find_identical(case: Case, open_: Collection[Key]) -> Iterator[Candidate]:
    """Yield the same words, without case and punctuation, under a new code (renumbered).

    An ICD-10-CM child that repeats the words of the code that it divides is one of several: that
    is for the hierarchy to tell.
    """
    counts = [Counter((one.kind, one.words) for one in side) for side in (case.deleted, case.added)]
    named = {key for key in counts[0] if key[1] and all(0 < n[key] <= _COMMON for n in counts)}
    if not named:
        return
    is_tree = case.profile.tree
    divided = pair_relatives(case.deleted, case.added) if is_tree else ()
    new: dict[Key, list[str]] = {}
    for one in case.added:
        new.setdefault((one.kind, one.words), []).append(one.code)
    for one in case.deleted:
        key = (one.kind, one.words)
        if one.key not in open_ or key not in named:
            continue
        if is_tree and _REST in one.words.split(" "):
            continue
        for code in new[key]:
            if (one.code, code) not in divided:
                yield Candidate(*one.key, code)


def find_conversions(case: Case, open_: Collection[Key]) -> list[Candidate]:
    """Return temporary codes whose words came back under a permanent code anywhere."""
    if not case.profile.conversion:
        return []
    temporary, permanent = map(re.compile, case.profile.conversion)
    old = (one for one in case.deleted if one.key in open_ and temporary.search(one.code))
    new = (one for one in case.added if permanent.search(one.code))
    before, after = (
        group_subjects(((one.kind, one.use), one) for one in side) for side in (old, new)
    )
    return find_alike(case, before, after, _LEAST)


def find_similar(case: Case, open_: Collection[Key]) -> list[Candidate]:
    """Return added codes of the same section with much the same words.

    Also of a section that a sibling was renumbered into; never a code that is another one's
    renumbering.
    """
    renumbered = list(find_identical(case, {one.key for one in case.deleted}))
    taken = {(one.kind, one.replacement) for one in renumbered}
    sections = {one.key: one.section for one in case.added}
    moved: dict[Key, set[str]] = {}
    for each in renumbered:
        siblings = (each.kind, each.code[:_SIBLINGS])
        moved.setdefault(siblings, set()).add(sections[each.kind, each.replacement])
    homes = []
    for one in case.deleted:
        if one.key in open_:
            near = moved.get((one.kind, one.code[:_SIBLINGS]), set())
            there = near | {one.section} - {""}
            homes += [
                ((one.kind, section, one.use, one.segments), one) for section in sorted(there)
            ]
    new = (
        ((one.kind, one.section, one.use, one.segments), one)
        for one in case.added
        if one.key not in taken
    )
    return find_alike(case, group_subjects(homes), group_subjects(new), _LEAST)
