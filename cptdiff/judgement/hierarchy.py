"""Replacements by the ICD-10 hierarchy: what is new beside or below a deleted code."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from cptdiff.judgement.candidates import Candidate, Case, Key, Subject

# A demoted neighbor is likelier the one that was divided than a code that was left alone.
_DELETION_BONUS: Final = 0.1
# Scores this near the best are no worse than it.
_AS_GOOD: Final = 0.02
# Where ICD-10-CM may have a placeholder X, counted from 0.
_PLACEHOLDERS: Final = (3, 4, 5)
_WIDTH: Final = 7
_CATEGORY: Final = 3


def find_in_hierarchy(case: Case, open_: Collection[Key]) -> list[Candidate]:
    """Return added codes that took a deleted code's place in the tree."""
    sides = ([one for one in side if one.kind == "code"] for side in (case.deleted, case.added))
    deleted, added = sides
    if case.profile.axes:
        pairs = _pair_one_axis_apart(deleted, added, case.profile.axes)
    elif case.profile.tree:
        pairs = _pair_family(case, deleted, added)
    else:
        pairs = iter(())
    return [one for one in pairs if one.key in open_]


def find_relatives(
    case: Case, deleted: Iterable[Subject], added: Iterable[Subject]
) -> Iterator[Candidate]:
    """Yield ICD-10-CM pairs among neighbors in the tree.

    For each added code that no deleted one leads to by its spelling: the codes of previous below
    the nearest header above it, the likeliest by its words; told where that one was deleted.
    """
    gone = {one.code for one in deleted}
    categories = sorted({code[:_CATEGORY] for code in gone})
    reshaped = [one for one in added if one.code[:_CATEGORY] in categories]
    if not reshaped:
        return
    below: dict[str, list[Subject]] = {}
    for one in case.list_previous(categories):
        for length in range(_CATEGORY, _WIDTH):
            # Of a code that ends before, the whole: it begins as no longer code does.
            below.setdefault(f"{length} {one.code[:length]}", []).append(one)
    for new in reshaped:
        near = _find_nearest(new, below)
        if gone.isdisjoint(one.code for one in near):
            continue
        for old, score in _choose_likeliest(new, near, gone):
            # Below what the spelling ties together.
            yield Candidate("code", old.code, new.code, score / 2, "candidate")


def _find_nearest(new: Subject, below: dict[str, list[Subject]]) -> list[Subject]:
    """Return the codes below the nearest header with any that fit."""
    for length in reversed(range(_CATEGORY, _WIDTH)):
        near = [
            old
            for old in below.get(f"{length} {new.code[:length]}", ())
            if _has_like_extension(old, new) and not old.clashes(new)
        ]
        if near:
            return near
    return []


def _has_like_extension(old: Subject, new: Subject) -> bool:
    one, other = old.segments, new.segments
    return not one or not other or one == other


def _choose_likeliest(
    new: Subject, near: Iterable[Subject], gone: Collection[str]
) -> list[tuple[Subject, float]]:
    """Return the deleted ones among the likeliest, with their likeness."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - start-up stays light

    scores = [(old, fuzz.token_set_ratio(old.words, new.words) / 100) for old in near]
    weighed = [
        (score + (_DELETION_BONUS if old.code in gone else 0.0), old, score)
        for old, score in scores
    ]
    best = max(weight for weight, _, _ in weighed)
    return [
        (old, score)
        for weight, old, score in weighed
        if weight >= best - _AS_GOOD and old.code in gone
    ]


def pair_relatives(deleted: Iterable[Subject], added: Sequence[Subject]) -> set[tuple[str, str]]:
    """Return ICD-10-CM pairs (code, replacement) that the spelling alone ties together.

    New children of a code that became a header (A04.7 to A04.71); codes that fill a placeholder
    X, the seventh character kept (T81.4XXA to T81.40XA); a header that became a code in the place
    of its children (H81.41 to H81.4).
    """
    pairs: set[tuple[str, str]] = set()
    codes = {one.code for one in deleted}
    by_stem: dict[tuple[str, str], list[str]] = {}
    for new in added:
        pairs.update((head, new.code) for head in _list_heads(new.code) if head in codes)
        by_stem.setdefault((_cut_to_stem(new.code), new.segments), []).append(new.code)
    masks = set()
    for old in deleted:
        for head in _list_heads(_cut_to_stem(old.code)):
            pairs.update((old.code, code) for code in by_stem.get((head, old.segments), ()))
        masks.add(_find_placeholders(old.code))
    for mask in masks - {()}:
        filled: dict[str, list[str]] = {}
        for new in added:
            if len(new.code) == _WIDTH:
                filled.setdefault(_drop_characters(new.code, mask), []).append(new.code)
        pairs.update(
            (old.code, code)
            for old in deleted
            if _find_placeholders(old.code) == mask
            for code in filled.get(_drop_characters(old.code, mask), ())
        )
    return pairs


def _pair_family(
    case: Case, deleted: Sequence[Subject], added: Sequence[Subject]
) -> Iterator[Candidate]:
    certain = pair_relatives(deleted, added)
    yield from (Candidate("code", *pair) for pair in sorted(certain))
    led = {replacement for _, replacement in certain}
    if deleted:
        yield from find_relatives(case, deleted, [one for one in added if one.code not in led])


def _cut_to_stem(code: str) -> str:
    """The code without its seventh character and the placeholders before it."""
    return code[:-1].rstrip("X") if len(code) == _WIDTH else code


def _list_heads(code: str) -> list[str]:
    """Each shorter beginning of `code` that is still a category."""
    return [code[:length] for length in range(_CATEGORY, min(_WIDTH, len(code)))]


def _find_placeholders(code: str) -> tuple[int, ...]:
    """Where a code of full length has its placeholders."""
    return tuple(at for at in _PLACEHOLDERS if code[at] == "X") if len(code) == _WIDTH else ()


def _drop_characters(code: str, at: Collection[int]) -> str:
    return "".join(character for place, character in enumerate(code) if place not in at)


def _pair_one_axis_apart(
    deleted: Iterable[Subject], added: Iterable[Subject], axes: Iterable[int]
) -> Iterator[Candidate]:
    """Yield pairs of one table that differ in one value."""
    pairs: list[tuple[str, str]] = []
    for axis in axes:
        apart: dict[str, list[Subject]] = {}
        for new in added:
            apart.setdefault(new.code[:axis] + new.code[axis + 1 :], []).append(new)
        for old in deleted:
            near = apart.get(old.code[:axis] + old.code[axis + 1 :], ())
            pairs += [(old.code, new.code) for new in near if not old.clashes(new)]
    note = "differs in one character of its table"
    for code, replacement in sorted({*pairs}):
        yield Candidate("code", code, replacement, confidence="candidate", note=note)
