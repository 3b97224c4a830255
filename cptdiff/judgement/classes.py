"""The classes of revision: name, severity, expression, reason, examples.

A class is one row; docs/meaning.md says what the severities mean. An expression reads
`Marks` (differences.py). Of all classes that fit the highest severity wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from cptdiff.columns import PLACE_NAMES
from cptdiff.judgement.lexicon import ADD_ON, DOSE
from cptdiff.vocabulary import SEVERITIES

SEVERITY: Final = pl.Enum(SEVERITIES)

# Columns of a user's table that tell a status, where their name says it.
_STATUS_COLUMNS: Final = r"\b(?i:status( indicator)?|add-?on|fda( pending)?|telemedicine|mue|modifier[ -]?51( exempt)?)\b"  # noqa: E501 - one expression

# Below this share of words in common a code may mean something else now.
_REWORDING: Final = 0.3


@dataclass(frozen=True, eq=False, repr=False)
class RevisionClass:
    """One class: what it is called, how much it matters, when it fits, why, and two examples."""

    name: str
    severity: str
    fits: pl.Expr
    reason: str
    examples: tuple[tuple[str, str], ...] = ()


# Where blanks alone differ, nothing else does, whatever the column.
_is_spacing: Final = pl.col("same") == "white-space"
_differs: Final = ~_is_spacing.fill_null(value=False)
_of_wording: Final = (pl.col("role") == "wording") & _differs
# A place or status in a user's table is no wording.
_worded: Final = _of_wording & ~pl.col("name").str.contains(f"{PLACE_NAMES}|{_STATUS_COLUMNS}")


def _is_same_but_for(stage: str) -> pl.Expr:
    return _worded & (pl.col("same") == stage)


_shorter: Final = (pl.col("role") == "shorter") & _differs
_kept_share: Final = pl.col("kept") / (pl.col("kept") + pl.max_horizontal("lost", "gained"))
_is_place: Final = pl.col("name").str.contains(PLACE_NAMES)


def _says_add_on(name: str) -> pl.Expr:
    return pl.col(name).str.contains(ADD_ON)


CLASSES: Final = (
    RevisionClass(
        "reworded", "critical",
        _worded & (pl.col("lost") > 0) & (pl.col("gained") > 0) & (_kept_share < _REWORDING),
        "almost entirely reworded: it may now describe something different",
        (("Polishing of widget", "Removal of gauge under guidance"),
         ("Oiling of hinge, simple", "Bridge payment for a further session")),
    ),
    RevisionClass(
        "threshold", "high",
        (_worded | _shorter) & pl.any_horizontal("number", "comparator", "age"),
        "a number or limit changed (time, size, age, count, dose)",
        (("Polishing of widget; 15-29 minutes", "Polishing of widget; 20-29 minutes"),
         ("Widget less than 3 cm", "Widget greater than 3 cm")),
    ),
    RevisionClass(
        "logic", "high",
        (_worded & pl.any_horizontal("logic", "negation", "side", "crossed"))
        | (_shorter & pl.any_horizontal("negation", "side")),
        "a word that controls use changed (and/or, with/without, not, each, initial, left/right)",
        (("Polishing of widget with oil", "Polishing of widget without oil"),
         ("Oiling of hinge, unilateral", "Oiling of hinge, bilateral")),
    ),
    RevisionClass(
        "scope", "high",
        _worded & ((pl.col("scope") & ~pl.col("repeated"))
                   | (pl.col("bracket") & pl.col("current").str.contains(DOSE))),
        "wording that defines the code was added, removed or replaced",
        (("Polishing of widget", "Polishing of brass widget"),
         ("Oiling of hinge by brush", "Oiling of hinge by spray")),
    ),
    RevisionClass(
        "addon-status", "high",
        (_worded & (_says_add_on("previous") != _says_add_on("current")))
        | (_of_wording & pl.col("name").str.contains(_STATUS_COLUMNS)),
        "the add-on wording or a status changed: it affects what the code is billed with",
        (("Oiling of hinge", "Oiling of hinge (List separately in addition to primary procedure)"),
         ("Polishing; each additional widget (List separately in addition to code)",
          "Polishing; each additional widget")),
    ),
    RevisionClass(
        "re-used", "critical", pl.lit(value=False),
        "valid again with other words: what was true of the code before is not true now",
    ),
    RevisionClass(
        "reinstated", "high", pl.lit(value=False),
        "valid again after it was discontinued, so not a new code",
    ),
    RevisionClass(
        "example-list", "medium", _worded & pl.col("example"),
        "the examples changed",
        (("Polishing with brush (eg, nylon)", "Polishing with brush (eg, nylon, steel)"),
         ("Oiling of hinge (e.g., olive oil)", "Oiling of hinge")),
    ),
    RevisionClass(
        "parenthetical", "medium", _worded & pl.col("bracket"),
        "text in parentheses changed",
        (("Polishing of widget (shiny), each", "Polishing of widget, each"),
         ("Widget polish", "Widget polish (shining)")),
    ),
    RevisionClass(
        "value", "medium", (pl.col("role") == "value") & _differs,
        "a flag, a status or a date changed",
    ),
    RevisionClass(
        "rows", "medium", pl.col("role") == "rows",
        "a row of several with this key came or went",
    ),
    RevisionClass(
        "spelling", "low", _worded & pl.col("misspelled"),
        "spelling corrected",
        (("Widget recieved for polishing", "Widget received for polishing"),
         ("Haematite polish", "Hematite polish")),
    ),
    RevisionClass(
        "singular-plural", "low", _worded & pl.col("plural"),
        "singular or plural",
        (("Polishing of widgets", "Polishing of widget"),
         ("Widget vertebrae, polished", "Widget vertebra, polished")),
    ),
    RevisionClass(
        "word-order", "low", _worded & pl.col("reordered"),
        "same words in a different order",
        (("Polishing of widget, gauge or hinge", "Polishing of hinge, widget or gauge"),
         ("Widget, brass, polished", "Brass widget, polished")),
    ),
    RevisionClass(
        "paraphrase", "low", (_worded | _shorter) & pl.col("paraphrased"),
        "the same meaning in other words",
        (("Rust due to rain", "Rust from rain"),
         ("No polish needed", "Polish is not needed")),
    ),
    RevisionClass(
        "grammar", "low", _worded & pl.col("grammar"),
        "grammar or filler word",
        (("Polishing of the widget", "Polishing of widget"),
         ("Oiling of hinge as requested", "Oiling of hinge that was requested")),
    ),
    RevisionClass(
        "redundant", "low", _worded & (pl.col("redundant") | pl.col("repeated")),
        "a word that repeats what is already said",
        (("Polishing procedure of widget", "Polishing of widget"),
         ("Polishing to a shine, shine measured", "Polishing to a shine, measured")),
    ),
    RevisionClass(
        "short-medium-only", "low", _shorter,
        "only a short or medium descriptor changed (used on labels, superbills and interfaces)",
    ),
    RevisionClass(
        "moved", "low", _of_wording & _is_place,
        "moved within the code book; wording unchanged",
    ),
    RevisionClass(
        "abbreviation", "info",
        _is_same_but_for("abbreviation") | (_worded & pl.col("abbreviated")),
        "an abbreviation or symbol was spelled out, or the reverse",
        (("Polishing for 5 yrs, e.g., widget", "Polishing for 5 years, eg widget"),
         ("Widget at 5 percent & hinge", "Widget at 5% and hinge")),
    ),
    RevisionClass(
        "punctuation", "info", _is_same_but_for("punctuation"),
        "punctuation, parentheses or hyphens",
        (("Excision of widget", "Excision of widget,"), ("Gauge (digital)", "Gauge [digital]")),
    ),
    RevisionClass(
        "case", "info", _is_same_but_for("case"), "capitalization",
        (("POLISHING OF WIDGET", "Polishing of widget"), ("Type a hinge", "Type A hinge")),
    ),
    RevisionClass(
        "encoding", "info", _is_same_but_for("encoding"),
        "characters that look the same, such as curly and straight quotes",
        (("Widget\u2019s hinge", "Widget's hinge"), ("5\u201310 widgets", "5-10 widgets")),
    ),
    RevisionClass(
        "whitespace", "info", (pl.col("role") != "attribute") & _is_spacing, "spacing",
        (("Polishing  of widget", "Polishing of widget"), ("Widget , brass", "Widget, brass")),
    ),
    RevisionClass(
        "amount", "info", pl.col("role") == "amount", "an amount changed",
    ),
    RevisionClass(
        "attributes-only", "info", pl.col("role") == "attribute",
        "wording unchanged; another data field changed",
    ),
)  # fmt: skip


def override_severities(own: Mapping[str, str]) -> tuple[RevisionClass, ...]:
    """`CLASSES` with a user's own severities (name, severity)."""
    return tuple(replace(row, severity=own.get(row.name, row.severity)) for row in CLASSES)
