"""A wording as the words that carry its meaning, each in one spelling and with its place."""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import Final, NamedTuple

from cptdiff.judgement.revision.lexicon import ABBREVIATIONS, NUMBERS, SYMBOLS, UNITS

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
     "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "",
     "\u2044": "/", "\u00d7": "x", "\u03b1": "alpha", "\u03b2": "beta", "\u03b3": "gamma",
     "\u03b4": "delta", "\u2122": "", "\u00ae": "", "\u00a9": ""}
)  # fmt: skip
# What UTF-8 looks like when it was read as Windows-1252.
_BROKEN: Final = ("\u00c3", "\u00c2", "\u00e2\u20ac")
_FRACTION: Final = re.compile(r"(?<=\d)[\u00bc-\u00be\u2150-\u215e]")
_RAISED: Final = re.compile(r"(?<=\d)[\u00b2\u00b3\u00b9\u2070-\u2079]+")


def _phrase(text: str) -> str:
    left = r"(?<!\w)" if text[0].isalnum() else ""
    right = r"(?!\w)" if text[-1].isalnum() else ""
    return left + re.escape(text).replace(r"\ ", r"\s+") + right


_PHRASES: Final = re.compile("|".join(map(_phrase, sorted(SYMBOLS, key=len, reverse=True))))
_MANY: Final = re.compile(r"(?<=\w)\((s|es)\)")
_RANGE: Final = re.compile(r"(?<=\d)\s*-\s*(?=\d)")
_POSSESSIVE: Final = re.compile(r"(?<=\w)'s\b|(?<=s)'(?!\w)")
_TOKEN: Final = re.compile(
    r"(?P<named>and/or|with/without|[^\W\d_]+\d[^\W_]*)"
    r"|(?P<number>\d+(?:st|nd|rd|th)\b|(?:(?<!\d\s)(?<![\w)])-(?=[\d.]))?"
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.?\d+))"
    r"|(?P<word>[^\W_]+)|(?P<sign>[<>≤≥=±%#°/+])|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<stop>;)|(?P<comma>,)"
)
_BEFORE_UNITS: Final = frozenset({"per", "/", "square", "cubic"})
# Units behind a number only; elsewhere they are other words.
_UNITS_IN_PLACE: Final = frozenset({"in", "m", "l", "g", "min", "mo", "view", "second", "unit"})
_BREAKS: Final = {"comma": COMMA, "open": APART, "close": APART, "stop": APART}
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


def plain(text: str) -> str:
    """`text` with one spelling for characters that look the same."""
    if any(mark in text for mark in _BROKEN):
        text = _mended(text)
    if "&" in text:
        text = unescape(text)
    text = _FRACTION.sub(lambda match: f" {unicodedata.normalize('NFKC', match[0])}", text)
    raised = _RAISED.sub(lambda match: "^" + match[0], text.translate(_LOOKALIKES))
    return unicodedata.normalize("NFKC", raised).translate(_LOOKALIKES)


def _mended(text: str) -> str:
    """UTF-8 that was once read as Windows-1252, read as what it is; other text as it stands."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def bare(text: str) -> list[str]:
    """The words, numbers and signs of a plain text, in lower case, no punctuation."""
    return [word.text for word in _scanned(text.casefold(), OPEN)]


def optional_plural(text: str) -> bool:
    """Whether a plural stands in brackets: widget(s)."""
    return _MANY.search(text) is not None


def words(text: str, place: str) -> list[Word]:
    """The words of a plain text that begins at `place`: symbols, units and numbers spelled out."""
    spoken = _PHRASES.sub(_spelled, _MANY.sub(r"\1", text.casefold()))
    spoken = _RANGE.sub(" to ", _POSSESSIVE.sub("", spoken))
    found: list[Word] = []
    for word in _scanned(spoken, place):
        counted = bool(found) and (found[-1].text[-1].isdigit() or found[-1].text in _BEFORE_UNITS)
        found.append(_one_spelling(word, counted=counted))
    return found


def _spelled(match: re.Match[str]) -> str:
    return f" {SYMBOLS[' '.join(match[0].split())]} "


def _scanned(text: str, place: str) -> Iterator[Word]:
    """Words with their places; brackets are counted from the one that `place` tells."""
    around = [place] if place else []
    after = ""
    for found in _TOKEN.finditer(text):
        token = found[0]
        match found.lastgroup:
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
                yield Word(_number(token), around[-1] if around else OPEN, after=after)
        kind = _BREAKS.get(found.lastgroup or "", "")
        after = APART if kind and after == APART else kind


def _number(token: str) -> str:
    """2.50 as 2.5, .5 as 0.5, 1,000 as 1000."""
    if not token[-1].isdigit() or token[0] not in "-.0123456789":
        return token
    sign, digits = token[: token[0] == "-"], token.lstrip("-").replace(",", "")
    if "." not in digits:
        return sign + digits
    whole, _, part = digits.partition(".")
    return sign + f"{whole or '0'}.{part}".rstrip("0").rstrip(".")


def _one_spelling(word: Word, *, counted: bool) -> Word:
    text = word.text
    unit = UNITS.get(text) or UNITS.get(text.removesuffix("s"))
    if unit and (counted or text not in _UNITS_IN_PLACE):
        return word._replace(text=unit, unit=counted)
    text = NUMBERS.get(text, ABBREVIATIONS.get(text, text))
    return word._replace(text=text)
