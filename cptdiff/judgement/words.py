"""What kind of word a word is, and what a change of it means."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from typing import Final, NamedTuple

from cptdiff.judgement.lexicon import (
    ABBREVIATIONS,
    AGES,
    COMPARATORS,
    LETTERED,
    LOGIC,
    NEGATIONS,
    NUMBERS,
    SIDES,
    SYMBOLS,
    UNITS,
    WEIGHTLESS,
)
from cptdiff.judgement.wording import is_mark, list_marks

_CONTROLS: Final = (
    ("negation", NEGATIONS),
    ("side", SIDES),
    ("age", AGES),
    ("comparator", COMPARATORS),
    ("logic", LOGIC),
)
# Of a word in several the first counts.
_CONTROL_BY_WORD: Final = {word: name for name, words in _CONTROLS[::-1] for word in words}
# The combining class of marks that go through what they stand on.
_OVERLAY: Final = 1
# A list's "or", a unit and a number's name are no signs of how things relate.
_PLAIN_SIGNS: Final = frozenset("/%#")


def find_control(word: str) -> str:
    """Return what `word` controls: negation, side, age, comparator, logic, number; or nothing.

    Such a word is no slip of another and no form of it.
    """
    if name := _CONTROL_BY_WORD.get(word):
        return name
    if is_struck(word):
        return "negation"
    if has_digit(word):
        return "number"
    return "comparator" if is_sign(word) else ""


def is_struck(word: str) -> bool:
    """Whether a stroke goes through `word`, which denies it: \u2260; or it is the sign of "not"."""
    if word.isascii():
        return False
    parts = unicodedata.normalize("NFD", word)
    return any(unicodedata.combining(part) == _OVERLAY for part in parts) or word == "\u00ac"


def is_sign(word: str) -> bool:
    """Whether `word` is a sign that tells how things relate or what they are counted in."""
    return not (word[0].isalnum() or has_digit(word) or word in _PLAIN_SIGNS)


def is_weighty(word: str) -> bool:
    """Whether a word tells what the code names."""
    if is_sign(word) and word not in COMPARATORS:
        return False
    return word not in WEIGHTLESS and not has_digit(word)


def has_digit(word: str) -> bool:
    """Whether a digit stands anywhere in `word`."""
    return not word.isalpha() and any(map(str.isdigit, word))


def find_digits(words: Iterable[str]) -> list[str]:
    """The runs of digits in `words`: B 12 and B12 have the same, 1 23 and 123 have not."""
    return [run for word in words for run in re.findall(r"\d+", word)]


OPEN: Final = ""
BRACKET: Final = "("
EXAMPLE: Final = "eg"
COMMA: Final = ","
APART: Final = ";"

# Characters that are one and the same to a reader.
_LOOKALIKES: Final = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u00b4": "'", "`": "'", "\u02bc": "'",
     "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u2032": "'",
     "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
     "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", "\u034f": "",
     "\u2044": "/", "\u2215": "/", "\u2216": "\\", "\u2217": "*", "\u2219": "\u00b7",
     "\u2223": "|", "\u2236": ":", "\u223c": "~", "\u00d7": "x", "\u03b1": "alpha",
     "\u03b2": "beta", "\u03b3": "gamma", "\u03b4": "delta", "\u2122": "", "\u00ae": "",
     "\u00a9": "", **{chr(at): "" for at in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}}
)  # fmt: skip
# What UTF-8 looks like when it was read as Windows-1252.
_MOJIBAKE: Final = ("\u00c3", "\u00c2", "\u00e2\u20ac")
# Runs of raised, of lowered characters, and each other one that is not ASCII.
_KEEP: Final = re.compile(
    r"[\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d61\u1d9b-\u1dbf\u2070-\u207f]+"
    r"|[\u2080-\u208e]+|[^\x00-\x7f]"
)
_ORDINALS: Final = frozenset({"st", "nd", "rd", "th", "a", "o"})
_ENDS_NUMBER: Final = re.compile(r"\d[.,]?$")
# A raised minus behind a letter is no hyphen.
CHARGE: Final = "\u02d7"
# A stroke between two numbers is no "or": 1/2.
RATIO: Final = "\u2044"
_RATIO: Final = re.compile(r"(?<=\d)\s*/\s*(?=\d)")
_NOT: Final = re.compile(r"!(?=[<>=\u2264\u2265])|(?<![^\s=])/(?==)")
_ABOUT: Final = re.compile(r"(?<!\d)(?<!\d\s)~(?=\s*[\d.])")
# Feet and inches, but not what stands within quotation marks.
_LENGTH: Final = re.compile(r"""((?<!\w)(["'])[^"']*\2)|(?<=\d)["'](?![^\W\d])""")
_PRIMES: Final = {"'": "\u2032", '"': "\u2033"}


def _match_phrase(text: str) -> str:
    left = r"(?<!\w)" if text[0].isalnum() else ""
    right = r"(?!\w)" if text[-1].isalnum() else ""
    return left + re.escape(text).replace(r"\ ", r"\s+") + right


_PHRASES: Final = re.compile("|".join(map(_match_phrase, sorted(SYMBOLS, key=len, reverse=True))))
_MANY: Final = re.compile(r"(?<=\w)\((s|es)\)")
# A denial that stands or not: with(out), (non)displaced.
_MAYBE: Final = re.compile(r"(?<=\w)[(\[](?:out|less)[)\]]|[(\[](?:non|un|not)-?[)\]]-?(?=\w)")
_RANGE: Final = re.compile(r"(?<=\d)\s*-\s*(?=\d)")
_POSSESSIVE: Final = re.compile(r"(?<=\w)'s\b|(?<=s)'(?!\w)")
# What mathematics, money, measures and arrows say without a word; no bracket, rule or ornament.
_SIGNS: Final = (
    r"<>=%#/+^\u00a2-\u00a5\u00ac\u00b0\u00b1\u00f7\u02d7\u03f6\u0606-\u0608\u2030-\u2033\u2044\u2052"
    r"\u20a0-\u20cf\u2100-\u214f\u2190-\u2307\u230c-\u2328\u232b-\u23ff\u25b7\u25c1\u25f8-\u25ff"
    r"\u2600-\u26ff\u2713-\u2718\u27c0-\u27e5\u27f0-\u27ff\u2900-\u2982\u2999-\u29fb\u29fe-\u2bff"
    "\U0001eef0\U0001eef1"
)
_STROKES: Final = "\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20e6\u20ea\u20eb"


def _match_tokens(marks: str) -> re.Pattern[str]:
    """Tokens, of which each letter and sign may carry `marks`: all, or none for the quicker look.

    Marks on a number, and a stroke through anything, are signs of their own.
    """
    carried = f"[{marks}]*" if marks else ""
    lone = rf"|(?<=\d)[{marks}]+|[{_STROKES}]" if marks else ""
    letters, any_letters = rf"(?:[^\W\d_]{carried})+", rf"(?:[^\W_]{carried})"
    return re.compile(
        rf"(?P<named>and/or|with/without|{letters}\d{carried}{any_letters}*)"
        r"|(?P<number>\d+(?:st|nd|rd|th|a)\b|(?:(?<!\d\s)(?<![\w)])-(?=[\d.]))?"
        r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.?\d+))"
        rf"|(?P<word>{any_letters}+)|(?P<sign>[{_SIGNS}]{carried}{lone})"
        r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<stop>;)|(?P<comma>,)"
    )


_TOKEN: Final = _match_tokens("")
_MARKED_TOKEN: Final = cache(lambda: _match_tokens(list_marks()))
_BEFORE_UNITS: Final = frozenset({"per", "/", "square", "cubic"})
# Units behind a number only; elsewhere they are other words.
_UNITS_IN_PLACE: Final = frozenset({"in", "m", "l", "g", "min", "mo", "view", "second", "unit"})
_BREAKS: Final = {"comma": COMMA, "open": APART, "close": APART, "stop": APART}
# Tokens that are no words.
_POINTS: Final = frozenset(_BREAKS)
_BEGINS_EXAMPLE: Final = frozenset({"eg"})


class Word(NamedTuple):
    """A word in its one spelling; `place` is OPEN, BRACKET or EXAMPLE.

    A `unit` follows a number; `after` is what parts the word from the one before it: nothing, a
    comma, or a bracket or semicolon.
    """

    text: str
    place: str
    unit: bool = False
    after: str = ""


def fold_look_alikes(text: str) -> str:
    """`text` with one spelling for characters that look the same."""
    if any(mark in text for mark in _MOJIBAKE):
        text = _mend_encoding(text)
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        # In one piece first: what a stroke goes through is no lookalike of anything.
        whole = unicodedata.normalize("NFC", text).translate(_LOOKALIKES)
        text = unicodedata.normalize("NFKC", _KEEP.sub(_fold_characters, whole))
    text = _ABOUT.sub("\u2248", _NOT.sub("\u00ac", text.translate(_LOOKALIKES)))
    text = _RATIO.sub(RATIO, text)
    return _LENGTH.sub(lambda found: found[1] or _PRIMES[found[0]], text)


def _fold_characters(found: re.Match[str]) -> str:
    """Characters in their plain form, a number among them parted from the numbers beside it."""
    run, at, end = found[0], found.start(), found.end()
    before, after = found.string[at - 1 : at], found.string[end : end + 1]
    shown = unicodedata.normalize("NFKC", run)
    if run.isdecimal():
        return shown
    kind = unicodedata.decomposition(run[0]).split(" ")[0]
    counts = any(map(str.isalnum, shown)) and shown not in _ORDINALS
    if kind == "<super>" and before.isdigit() and counts:
        shown = f"^{shown}"
    elif kind in {"<super>", "<sub>"}:
        shown = shown.replace("\u2212", CHARGE)
    if before.isnumeric() and shown[:1].isdecimal():
        shown = f" {shown}"
    if after.isnumeric() and _ENDS_NUMBER.search(shown):
        shown = f"{shown} "
    return shown


def _mend_encoding(text: str) -> str:
    """UTF-8 that was once read as Windows-1252, read as what it is; other text as it stands."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def strip_to_words(text: str) -> list[str]:
    """The words, numbers and signs of a plain text, in lower case, no punctuation."""
    folded = text.casefold()
    tokens = _choose_expression(folded).finditer(folded)
    return [_plain_number(token[0]) for token in tokens if token.lastgroup not in _POINTS]


def has_optional_plural(text: str) -> bool:
    """Whether a plural stands in brackets: widget(s)."""
    return _MANY.search(text) is not None


def count_optional_denials(text: str) -> int:
    """How many words are denied or not in one: with(out), (non)displaced."""
    return len(_MAYBE.findall(text.casefold()))


# Of a part only a capital is one: "in part a result".
_PART: Final = r"(?:[Pp]art|PART)[\s-]+[A-Z]"
_LETTERED: Final = re.compile(
    rf"(?<!\w)(?:(?i:{'|'.join(LETTERED)})[\s-]+[A-Za-z]|{_PART})(?!\w|['\u2019]|\.\w)"
)
# What makes one word of such a letter, which is no article, unit or abbreviation.
_LETTER: Final = "letter"


def is_letter_name(word: str) -> bool:
    """Whether `word` is a single letter that names something (`name_letters`)."""
    return word[1:] == _LETTER


def name_letters(text: str, near: str) -> str:
    """`text` with each letter that names something as a word; `near` are the words before it."""
    lead = "".join(f"{word} " for word in near.split()[-1:])
    return _LETTERED.sub(rf"\g<0>{_LETTER}", lead + text)[len(lead) :]


def split_words(text: str, place: str) -> list[Word]:
    """The words of a plain text that begins at `place`: symbols, units and numbers spelled out."""
    spoken = _PHRASES.sub(_spell_out, _MANY.sub(r"\1", text.casefold()))
    spoken = _RANGE.sub(" to ", _POSSESSIVE.sub("", spoken))
    found: list[Word] = []
    for word in _scan_words(spoken, place):
        counted = bool(found) and (found[-1].text[-1].isdigit() or found[-1].text in _BEFORE_UNITS)
        found.append(_unify_spelling(word, counted=counted))
    return found


def _spell_out(match: re.Match[str]) -> str:
    return f" {SYMBOLS[' '.join(match[0].split())]} "


def _scan_words(text: str, place: str) -> Iterator[Word]:
    """Words with their places; brackets are counted from the one that `place` tells."""
    around = [place] if place else []
    after = ""
    for found in _choose_expression(text).finditer(text):
        token, group = found[0], found.lastgroup or ""
        match group:
            case "open":
                around.append(EXAMPLE if around[-1:] == [EXAMPLE] else BRACKET)
            case "close":
                del around[-1:]
            case "comma":
                pass
            case "stop":
                around = [kept for kept in around if kept == BRACKET]
            case _:
                if token in _BEGINS_EXAMPLE:
                    around = [*around[:-1], EXAMPLE]
                yield Word(_plain_number(token), around[-1] if around else OPEN, after=after)
        kind = _BREAKS.get(group, "")
        after = APART if kind and after == APART else kind


def _choose_expression(text: str) -> re.Pattern[str]:
    """The expression for the tokens of `text`; to look for marks takes time that few texts need."""
    is_marked = not text.isascii() and any(map(is_mark, text))
    return _MARKED_TOKEN() if is_marked else _TOKEN


def _plain_number(token: str) -> str:
    """2.50 as 2.5, .5 as 0.5, 1,000 as 1000."""
    if not token[-1].isdigit() or token[0] not in "-.0123456789":
        return token
    sign, digits = token[: token[0] == "-"], token.lstrip("-").replace(",", "")
    if "." not in digits:
        return sign + digits
    whole, _, part = digits.partition(".")
    return sign + f"{whole or '0'}.{part}".rstrip("0").rstrip(".")


def _unify_spelling(word: Word, *, counted: bool) -> Word:
    text = word.text
    unit = UNITS.get(text) or UNITS.get(text.removesuffix("s"))
    if unit and (counted or text not in _UNITS_IN_PLACE):
        return word._replace(text=unit, unit=counted)
    text = NUMBERS.get(text, ABBREVIATIONS.get(text, text))
    return word._replace(text=text)
