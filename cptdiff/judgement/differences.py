"""Two wordings, what differs between them, and what is left when the known is taken away."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from cptdiff.judgement.forms import (
    JOINING,
    crosses,
    is_inflected,
    is_initials,
    is_plural,
    is_respelled,
    is_slip,
    strip_accents,
)
from cptdiff.judgement.lexicon import BOUNDARIES, DENIALS, FUNCTION, QUALIFIERS, REDUNDANT
from cptdiff.judgement.measures import compare_amounts
from cptdiff.judgement.words import (
    BRACKET,
    CHARGE,
    EXAMPLE,
    OPEN,
    RATIO,
    Word,
    count_optional_denials,
    find_control,
    find_digits,
    fold_look_alikes,
    has_digit,
    has_optional_plural,
    is_letter_name,
    is_weighty,
    name_letters,
    split_words,
    strip_to_words,
)

# Signs that stand for these words between two things.
_SLASH: Final = frozenset({"or", "and/or", "per"})
_SIGN_WORDS: Final = {"/": _SLASH, RATIO: _SLASH, "+": frozenset({"and", "plus"})}
_ONE_STEM: Final = ("includ", "exclud")

Run = tuple[list[Word], list[Word]]


@dataclass
class Residue:
    """`lost` and `gained` words; how many of substance were kept; what explained the others.

    `likenesses` are plural, respelled, grammar, abbreviated; `slips` are pairs "old new" that may
    be one word misspelled.
    """

    lost: list[Word] = field(default_factory=list)
    gained: list[Word] = field(default_factory=list)
    kept: int = 0
    likenesses: set[str] = field(default_factory=set)
    slips: list[str] = field(default_factory=list)


def find_residue(previous: Sequence[Word], current: Sequence[Word], near: str) -> Residue:
    """What is left over of the two; `near` are the words right before them."""
    found = Residue()
    found.kept = sum(is_weighty(word) for word in _list_kept(previous, current))
    ahead = near.split()
    texts = [word.text for word in current]
    for gone, new, at in _find_runs(previous, current):
        if not (gone and new) and _is_spelling_out(gone or new, current if gone else previous):
            found.likenesses.add("abbreviated")
        else:
            _explain_run(gone, new, [*ahead, *texts[:at]], found)
    return found


def _list_steps(
    previous: Sequence[Word], current: Sequence[Word]
) -> list[tuple[str, slice, slice]]:
    """An example is not the thing itself: a word keeps its place only among its like."""
    placed = [[(word.text, word.place == EXAMPLE) for word in side] for side in (previous, current)]
    return [
        (step.tag, slice(step.src_start, step.src_end), slice(step.dest_start, step.dest_end))
        for step in Indel.opcodes(*placed)
    ]


def _list_kept(previous: Sequence[Word], current: Sequence[Word]) -> Iterator[str]:
    for tag, before, _ in _list_steps(previous, current):
        if tag == "equal":
            yield from (word.text for word in previous[before])


def _find_runs(
    previous: Sequence[Word], current: Sequence[Word]
) -> Iterator[tuple[list[Word], list[Word], int]]:
    """Runs of words that differ, with where they begin in `current`."""
    pending: Run = ([], [])
    at = 0
    for tag, before, after in _list_steps(previous, current):
        if tag == "equal":
            yield *pending, at
            pending, at = ([], []), after.stop
        else:
            pending[0].extend(previous[before])
            pending[1].extend(current[after])
    yield *pending, at


def _explain_run(gone: list[Word], new: list[Word], ahead: Sequence[str], found: Residue) -> None:
    """Add to `found` the likenesses in one run of differing words, and what none explains."""
    texts = [[word.text for word in run] for run in (gone, new)]
    if "".join(texts[0]) == "".join(texts[1]) and find_digits(texts[0]) == find_digits(texts[1]):
        return
    if any(len(one) == 1 and is_initials(one[0], other) for one, other in (texts, texts[::-1])):
        found.likenesses.add("abbreviated")
        return
    for run in (gone, new):
        if len(run) == 1 and run[0].place == BRACKET and _is_abbreviation(run[0].text, ahead):
            run.clear()
            found.likenesses.add("abbreviated")
    pairs = _pair_words(gone, new)
    alike = [pair for pair in pairs if _is_one(pair[0].text, pair[1].text, found)]
    matched = {id(word) for pair in alike for word in pair}
    found.lost.extend(word for word in gone if id(word) not in matched)
    found.gained.extend(word for word in new if id(word) not in matched)


def _is_spelling_out(run: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether a run that `other` lacks is what an abbreviation stands for that it has."""
    spelled = [word.text for word in run]
    short = (word.text for word in other if word.text not in BOUNDARIES)
    return any(is_initials(text, spelled) for text in short)


def _is_abbreviation(short: str, ahead: Sequence[str]) -> bool:
    """Whether the words right before a bracket have these initials."""
    most = min(len(ahead), 2 * len(short))
    return any(is_initials(short, ahead[-n:]) for n in range(2, most + 1))


def _pair_words(gone: Sequence[Word], new: Sequence[Word]) -> list[tuple[Word, Word]]:
    """The words of one run but function words, pairwise where both sides have as many."""
    sides = [[word for word in run if word.text not in FUNCTION] for run in (gone, new)]
    if len(sides[0]) == len(sides[1]):
        return list(zip(*sides, strict=True))
    plurals = ((one, other) for one in sides[0] for other in sides[1])
    return [pair for pair in plurals if is_plural(pair[0].text, pair[1].text)][:1]


def _is_one(one: str, other: str, found: Residue) -> bool:
    """Whether the two are one word; `found` gets the likeness that makes them so."""
    if one == other:
        return True
    if one in _SIGN_WORDS.get(other, ()) or other in _SIGN_WORDS.get(one, ()):
        found.likenesses.add("abbreviated")
    elif has_digit(one + other) or find_control(one) != find_control(other):
        return False
    elif is_plural(one, other):
        found.likenesses.add("plural")
    elif is_respelled(one, other):
        found.likenesses.add("respelled")
    elif any(one.startswith(stem) and other.startswith(stem) for stem in _ONE_STEM):
        found.likenesses.add("grammar")
    elif find_control(one):
        return False
    elif is_slip(one, other):
        found.slips.append(f"{one} {other}")
    elif is_inflected(one, other):
        found.likenesses.add("grammar")
    else:
        return False
    return True


_SPACING: Final = (*((f" {sign}", sign) for sign in ",;:.)]"), ("( ", "("), ("[ ", "["))


class Edit(NamedTuple):
    """The differing middle of two wordings, and what stands before it.

    `place` tells whether the middle begins inside brackets or an example list; `near` are the last
    words before it where it opens a bracket, for initials, or where it begins with a letter, which
    may be a name.
    """

    previous: str
    current: str
    place: str = OPEN
    near: str = ""


@dataclass
class Marks:
    """What was found; each name is a column that the classes' expressions read.

    `same` is the first normalization after which both are equal. `slips` are pairs that may be one
    word misspelled. `lone` is the only word that was lost, for those who know the rest.
    `lost`, `gained` and `kept` count the middle's words of substance. `measure` tells what kind of
    number moved, `step` and `ratio` how (measures.py).
    """

    same: str = ""
    number: bool = False
    comparator: bool = False
    negation: bool = False
    side: bool = False
    age: bool = False
    logic: bool = False
    crossed: bool = False
    reordered: bool = False
    plural: bool = False
    respelled: bool = False
    grammar: bool = False
    redundant: bool = False
    abbreviated: bool = False
    scope: bool = False
    example: bool = False
    bracket: bool = False
    slips: list[str] = field(default_factory=list)
    lone: str = ""
    lost: int = 0
    gained: int = 0
    kept: int = 0
    measure: str = ""
    step: str = ""
    ratio: float = 0.0


def classify_edit(edit: Edit) -> Marks:
    """Return the marks of `edit`: the normalization that undoes it, or all that differs."""
    before, after = fold_look_alikes(edit.previous), fold_look_alikes(edit.current)
    previous, current = (
        split_words(name_letters(text, edit.near), edit.place) for text in (before, after)
    )
    if count_optional_denials(before) != count_optional_denials(after):
        return Marks(negation=True)
    same = _find_normalization(edit, before, after)
    if same:
        return Marks(same=same, bracket=_list_qualifiers(previous) != _list_qualifiers(current))
    if [word.text for word in previous] == [word.text for word in current]:
        return Marks(same="abbreviation")
    if _drop_spaces(strip_accents(before)) == _drop_spaces(strip_accents(after)):
        return Marks(respelled=True)
    left = find_residue(previous, current, edit.near)
    if not (left.lost or left.gained or left.likenesses or left.slips):
        return Marks(same="punctuation")
    found = Marks(kept=left.kept, slips=left.slips)
    for likeness in left.likenesses:
        setattr(found, likeness, True)
    _weigh_rest(left, previous, current, found)
    return found


def _list_qualifiers(side: Sequence[Word]) -> list[Word]:
    """Return the words that define the service even in brackets: approach, depth, setting."""
    return [word for word in side if word.text in QUALIFIERS]


def _find_normalization(edit: Edit, before: str, after: str) -> str:
    """The first normalization after which the two are one."""
    if _drop_spaces(edit.previous) == _drop_spaces(edit.current):
        return "white-space"
    one, other = _drop_spaces(before), _drop_spaces(after)
    if one.replace(CHARGE, "-") == other.replace(CHARGE, "-"):
        return "encoding"
    if one.casefold() == other.casefold():
        return "case"
    words = strip_to_words(before), strip_to_words(after)
    is_same = words[0] == words[1] or _is_compound(before, after, words)
    return "punctuation" if is_same else ""


def _is_compound(before: str, after: str, sides: tuple[list[str], list[str]]) -> bool:
    """Whether the two differ only in where words part: post surgery, post-surgery, postsurgery.

    `sides` are their words.
    """
    if has_optional_plural(before) or has_optional_plural(after):
        return False
    return "".join(sides[0]) == "".join(sides[1]) and find_digits(sides[0]) == find_digits(sides[1])


def _drop_spaces(text: str) -> str:
    spaced = " ".join(text.split())
    for apart, close in _SPACING:
        spaced = spaced.replace(apart, close)
    return spaced


def _weigh_rest(
    left: Residue, previous: Sequence[Word], current: Sequence[Word], found: Marks
) -> None:
    """Mark what the words left over are; those on both sides have only moved."""
    moved = Counter(w[:2] for w in left.lost) & Counter(w[:2] for w in left.gained)
    lost, gained = _drop_moved(left.lost, moved), _drop_moved(left.gained, moved)
    if moved:
        skipped = {word.text for word in (*lost, *gained)}
        found.reordered = True
        found.crossed = crosses(
            *([w for w in side if w.text not in skipped] for side in (previous, current))
        )
    for word in (*lost, *gained):
        _mark(word, found)
    found.logic |= _closes_list(lost, gained)
    found.negation |= any(_is_negation(one.text, other.text) for one in lost for other in gained)
    if found.number:
        found.measure, found.step, found.ratio = compare_amounts(previous, current)
    heavy = [[w.text for w in side if is_weighty(w.text)] for side in (lost, gained)]
    found.lost, found.gained = map(len, heavy)
    if (found.lost, found.gained) == (1, 0):
        found.lone = heavy[0][0]


def _closes_list(lost: Sequence[Word], gained: Sequence[Word]) -> bool:
    """Whether examples became the thing itself or the reverse: eg to ie, or "eg" alone dropped."""
    sides = [{(word.text, word.place == EXAMPLE) for word in side} for side in (lost, gained)]
    if any((text, not is_example) in sides[1] for text, is_example in sides[0]):
        return True
    examples = [{text for text, is_example in side if is_example} for side in sides]
    return {"eg"} in examples


def _is_negation(one: str, other: str) -> bool:
    """Whether one of the two is the other with a prefix that denies it: nondisplaced."""
    return any(prefix + one == other or prefix + other == one for prefix in DENIALS)


def _drop_moved(listed: Iterable[Word], moved: Counter[tuple[str, str]]) -> list[Word]:
    left = Counter(moved)
    kept = []
    for word in listed:
        if left[word[:2]] > 0:
            left[word[:2]] -= 1
        else:
            kept.append(word)
    return kept


def _mark(word: Word, found: Marks) -> None:
    """Mark what it means that `word` was lost or gained."""
    text, controls = word.text, find_control(word.text)
    if text in FUNCTION:
        found.grammar = True
    elif word.place == EXAMPLE and (text in JOINING or text == "eg"):
        found.example = True
    elif text == "/":
        found.abbreviated = True
    elif word.unit or has_digit(text):
        found.number = True
    elif controls:
        setattr(found, controls, True)
    elif text in REDUNDANT:
        found.redundant = True
    elif word.place == EXAMPLE:
        found.example = True
    elif word.place == BRACKET and not _is_defining(text):
        found.bracket = True
    else:
        found.scope = True


def _is_defining(text: str) -> bool:
    """Whether a word defines the service even in brackets."""
    return text in QUALIFIERS or text.startswith("non") or is_letter_name(text)
