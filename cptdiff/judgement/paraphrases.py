"""One meaning in other words: what may be said either way, read as one wording.

Each rule holds for the words around it, not for a word alone: "from" is a cause where the other
wording says "due to" of the same thing, and where nothing is taken from anywhere. What a rule does
not know stays as it is, and is graded as it stands.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from rapidfuzz.distance import Indel

from cptdiff.judgement.forms import JOINING, is_turned
from cptdiff.judgement.lexicon import (
    BOUNDARIES,
    FUNCTION,
    OCCURRENCES,
    QUALIFIERS,
    STATEMENTS,
    TAKINGS,
    TROUBLES,
)
from cptdiff.judgement.words import find_control

Rule = Callable[[str, str], str]

_CAUSES: Final = (
    "owing to", "because of", "caused by", "resulting from", "as a result of", "secondary to",
)  # fmt: skip
_TIMES: Final = ("minute", "hour", "day", "week", "month", "year")
_TIME: Final = f"(?:{'|'.join(_TIMES)})"
_EXAMPLE: Final = r"(?:e\.?\s?g\b\.?|for example\b)"
# After a list of examples something must follow that "including" cannot have governed.
_CLOSES: Final = r"\s*(?:[,;:.)\]]|$|(?:with|without|when|if|for|by|in|at|per|on|unless|but)\b)"
_GOVERNS: Final = r"(?<!not )(?<!without )\b"
_IN_BRACKETS: Final = rf"[(\[]\s*{_EXAMPLE}[^()\[\]]*[)\]]"
_EXAMPLES: Final = rf"{_GOVERNS}(?:including|to include|such as)"
_VAGUE: Final = r"(?:part|site|area|region|portion|location|aspect|segment|section|surface|level)"
_UNSPECIFIED: Final = r"unsp(?:ec(?:ified)?)?"
# Letters that are no unit, no multiplier and no misread digit.
_STRAY: Final = r"[acefjnprtuvx]"
_AGES: Final = ("older", "younger")
_OR_AGE: Final = r"(?:and|or) (?:older|younger)\b"
# Words of which one must be in a text for a rule to fit; the rule; what it makes of the text.
_TEXT_RULES: Final = (
    (_CAUSES, rf"\b(?:{'|'.join(_CAUSES)})\b", "due to"),
    (("such as", "includ"), rf"{_EXAMPLES}\s*[,:]?\s*(?={_IN_BRACKETS}{_CLOSES})", ""),
    (("including",), rf"{_GOVERNS}including\s*,?\s*(?={_EXAMPLE})", ""),
    (("including",), rf"\b({_EXAMPLE}\s*,?\s*)including\s+", r"\1"),
    (_TIMES, rf"(?<![\w.,/])(\d+){_STRAY}(?= {_TIME}s\b|-{_TIME}\b)", r"\1"),
    ((" of ",), rf"\b{_UNSPECIFIED} (?={_VAGUE} of (?:the )?{_UNSPECIFIED}\b)", ""),
    (_AGES, rf"\b(?:aged?|ages) (?=\d+ {_TIME}s? {_OR_AGE})", ""),
    ((" of age ",), rf"\b(\d+ {_TIME}s?) of age (?={_OR_AGE})", r"\1 "),
    (("n't",), r"\b(is|are|was|were|do|does|did)n't\b", r"\1 not"),
    (("not have",), r"\b(?:does|do|did) not have (?:any |an? )?", "has no "),
    (("absent",), r"\babsent\b(?! from)", "not present"),
    (("not able",), r"\bnot able\b", "unable"),
    (("absence", "any"), r"\b(?:in the absence of|without any)\b", "without"),
)


@cache
def _compile_text_rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def restate(previous: str, current: str) -> tuple[str, str]:
    """Return both wordings with what they say alike in the same words; nothing where none is.

    What is said in the same words brings them closer: no restatement does else.
    """
    texts = [" ".join(text.casefold().split()) for text in (previous, current)]
    one, other = map(_settle, texts)
    for rule in _RULES:
        one = rule(one, other)
        other = rule(other, one)
    if [one, other] == texts or Indel.distance(one, other) >= Indel.distance(*texts):
        return "", ""
    return one, other


def _settle(text: str) -> str:
    """Return `text` with each saying in its plainest form."""
    for keys, pattern, said in _TEXT_RULES:
        # A loop, since it is run for every text: `any` takes four times as long.
        for key in keys:
            if key in text:
                text = _compile_text_rule(pattern).sub(said, text)
                break
    return _settle_negations(text) if any(key in text for key in _DENYING) else text


# A thing denied: "no review needed", "does not need review", "without need for review".
_THING: Final = r"((?:[a-z][a-z-]* ){1,5}?)"
_LAST_THING: Final = r"([a-z][a-z-]*(?: [a-z][a-z-]*){0,4}?)(?=[,;:.)]|$)"
_LEAD: Final = (
    r"((?:^|[,;:(] ?|\bthere (?:is|are|was|were) |\b(?:with|when|where|if|but|because|as|since) ))"
)
_BEING: Final = r"(?:(?:is|are|was|were|be|being|to be|has been|have been) )?"
_DENYING: Final = ("no ", "not ", " need ")
_NEED: Final = r"(?:need|require)"


@cache
def _compile_negations() -> tuple[tuple[re.Pattern[str], str, int], ...]:
    """Expressions, what each becomes, and which group is the thing denied."""
    occurs = f"({'|'.join(sorted(OCCURRENCES))})"
    lone = rf"\b(?:(?:does|do|did|will) not {_NEED}|not (?:need|requir)ing"
    need = r"(?:no|without(?: the)?|without any) need (?:for|of)"
    return (
        (re.compile(rf"{_LEAD}no {_THING}{_BEING}{occurs}\b"), r"\1\2not \3", 2),
        (re.compile(rf"{lone}|{need}) {_LAST_THING}"), r"\1 not needed", 1),
    )


def _settle_negations(text: str) -> str:
    """Return `text` with "X not needed" for what denies that there is, was or need be an X."""
    for pattern, said, thing in _compile_negations():
        for found in reversed(list(pattern.finditer(text))):
            if _is_plain_thing(found[thing]):
                text = text[: found.start()] + found.expand(said) + text[found.end() :]
    text = re.sub(r"\bnot (?:been |being )?(?:required|necessary)\b", "not needed", text)
    text = re.sub(r"\bnot (?:been |being )?done\b", "not performed", text)
    return text.replace("with no ", "without ")


def _is_plain_thing(thing: str) -> bool:
    """Whether a denial reaches all of `thing`: no list, no second denial, nothing that bounds.

    No evidence that a thing was done is not evidence that it was not.
    """
    words = thing.split()
    if words[0] in STATEMENTS and words[1:2] not in ([], ["of"]):
        return False
    return not any(
        word in BOUNDARIES or word in JOINING or word in FUNCTION or find_control(word)
        for word in words
        if word not in {"of", "the"}
    )


def _match_cause(text: str, other: str) -> str:
    """Return `text` with "due to" for "from", "complicating" for "in", where `other` has these."""
    for thing in _list_followers(other, "due to"):
        at = _find_phrase(text, f"from {thing}")
        if at >= 0 and not _takes(text[:at]):
            text = f"{text[:at]}due to{text[at + len('from') :]}"
    for thing in _list_followers(other, "complicating"):
        at = _find_phrase(text, f"in {thing}")
        if at >= 0 and not _takes(text[:at]):
            text = f"{text[:at]}complicating{text[at + len('in') :]}"
    return text


def _takes(head: str) -> bool:
    """Whether `head` tells of an act, out of which or to which something may be taken."""
    return any(
        word.startswith(TAKINGS)
        or word.endswith(("tomy", "stomy", "plasty", "scopy", "pexy", "graphy", "centesis"))
        or (word.endswith("ing") and word not in TROUBLES)
        for word in re.findall(r"[a-z]+", head)
    )


def _list_followers(text: str, phrase: str) -> Iterator[str]:
    """Yield the word behind each `phrase`, an article before it counted in; never a number."""
    at = _find_phrase(text, phrase)
    while at >= 0:
        start = at + len(phrase) + 1
        found = re.compile(r"(?:the |an? )?[^\W\d_][^\W_-]*").match(text, start)
        if found:
            yield found[0]
        at = _find_phrase(text, phrase, start)


def _find_phrase(text: str, phrase: str, start: int = 0) -> int:
    """Return where `phrase` stands in whole words, or -1."""
    at = text.find(phrase, start)
    while at >= 0:
        end = at + len(phrase)
        if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            return at
        at = text.find(phrase, at + 1)
    return -1


def _match_denial(text: str, other: str) -> str:
    """Return `text` with the denial of a word as `other` has it: no and without, non- and not."""
    for thing in _list_followers(other, "without"):
        at = _find_phrase(text, f"no {thing}")
        if at >= 0:
            text = f"{text[:at]}without{text[at + len('no') :]}"
    for thing in _list_followers(other, "not"):
        article, _, word = thing.rpartition(" ")
        for non in ("non", "non-"):
            denied = f"{article} {non}{word}".lstrip()
            at = _find_phrase(text, denied)
            if at >= 0:
                text = f"{text[:at]}not {thing}{text[at + len(denied) :]}"
    return text


# What is the same place from either side, and what happens to a joint.
_STRUCTURES: Final = (
    r"(?:joint|ligament|articulation|junction|syndesmosis|symphysis|synchondrosis|suture|membrane"
    r"|angle|groove|recess|septum|space|fistula|disc|disk|capsule|cartilage|fold|pouch|sulcus"
    r"|fissure|arthrodesis|arthroplasty|dislocation|subluxation|sprain|disarticulation)s?\b"
)


def _match_compounds(text: str, other: str) -> str:
    """Return `text` with the halves of a joint's or a ligament's name in the order of `other`."""
    sides = [{word.strip("(),;:.[]") for word in side.split()} for side in (text, other)]
    for word in sorted(filter(_is_compound, sides[0] - sides[1])):
        turned = next((one for one in sorted(sides[1] - sides[0]) if is_turned(word, one)), "")
        named = rf"\b{word}(?:[ -]+[a-z]+){{0,2}}?[ -]+{_STRUCTURES}|{_STRUCTURES}, {word}\b"
        if turned and re.search(named, text):
            text = re.sub(rf"\b{word}\b", turned, text)
    return text


def _is_compound(word: str) -> bool:
    """Whether `word` has letters enough around an o to be made of two."""
    return "o" in word[3:-3] and word.replace("-", "").isalpha() and word.isascii()


_AFTER: Final = r"((?:[a-z][a-z-]* ){1,3})[(\[]([a-z-]+(?: [a-z-]+)?)[)\]]"
_BEFORE: Final = r"[(\[]([a-z-]+(?: [a-z-]+)?)[)\]] ([a-z][a-z-]*(?: [a-z][a-z-]*){0,2})"


def _match_brackets(text: str, other: str) -> str:
    """Return `text` with words in brackets where `other` has them without, beside the same words.

    Not words that control the meaning or define a service: for them the brackets count.
    """
    if text.count("(") + text.count("[") <= other.count("(") + other.count("["):
        return text
    for found in re.finditer(_AFTER, text):
        words, note = found[1].split(), found[2]
        for at in range(len(words)):
            phrase = " ".join(words[at:])
            if _may_move(note, words[at:]) and _find_phrase(other, f"{note} {phrase}") >= 0:
                return text.replace(f"{phrase} {found[0][len(found[1]) :]}", f"{note} {phrase}", 1)
    for found in re.finditer(_BEFORE, text):
        note, words = found[1], found[2].split()
        for end in range(len(words), 0, -1):
            phrase = " ".join(words[:end])
            said = f"{phrase} {note}"
            is_there = any(_find_phrase(other, one) >= 0 for one in (said, f"{phrase}, {note}"))
            if _may_move(note, words[:end]) and is_there:
                return text.replace(f"{found[0][: len(note) + 2]} {phrase}", said, 1)
    return text


def _may_move(note: str, words: list[str]) -> bool:
    said = note.split()
    return not any(
        word in BOUNDARIES or word in JOINING or find_control(word) for word in (*said, *words)
    ) and not any(word in QUALIFIERS or word.startswith("non") or word == "eg" for word in said)


_RULES: Final[tuple[Rule, ...]] = (
    _match_cause,
    _match_denial,
    _match_compounds,
    _match_brackets,
)
