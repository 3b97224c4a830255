"""Which field decides how much a revision matters, and what an entry's row tells of it."""

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

sys.path.append(str(Path(__file__).parent))  # as in test_triples.py

from sides import ATTRIBUTES, Texts, release

from cptdiff import Changes, CodeSet
from cptdiff.comparison import compare
from cptdiff.judgement import Given, judge
from cptdiff.results import list_entries

Make = Callable[..., Path]
Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]

# Fields of one code before and after; its severity and classes.
FIELDS: dict[str, tuple[Texts, Texts, str, str]] = {
    "the long one decides": (
        {"long": "Polish, dry", "short": "Dry"}, {"long": "Polish,  dry", "short": "Wet 5"},
        "info", "whitespace",
    ),
    "the long one alone": (
        {"long": "Polish, 5 cm", "short": "Dry"}, {"long": "Polish, 6 cm", "short": "Dry"},
        "high", "threshold",
    ),
    "the short one alone": (
        {"long": "Polish", "short": "Dry"}, {"long": "Polish", "short": "Wet"},
        "low", "short-medium-only",
    ),
    "the medium one alone": (
        {"long": "Polish", "medium": "Dry"}, {"long": "Polish", "medium": "Wet"},
        "low", "short-medium-only",
    ),
    "blanks of the short one alone": (
        {"long": "Polish", "short": "Dry 5 cm"}, {"long": "Polish", "short": "Dry  5 cm"},
        "info", "whitespace",
    ),
    "a number of the short one": (
        {"long": "Polish", "short": "Dry 5 cm"}, {"long": "Polish", "short": "Dry 6 cm"},
        "high", "threshold;short-medium-only",
    ),
    "a side of the short one": (
        {"long": "Polish", "short": "Dry left"}, {"long": "Polish", "short": "Dry right"},
        "high", "logic;short-medium-only",
    ),
    "a negation of the medium one": (
        {"long": "Polish", "medium": "Polish no oil"}, {"long": "Polish", "medium": "Polish oil"},
        "high", "logic;short-medium-only",
    ),
    "logic of the short one": (
        {"long": "Polish", "short": "Oil and wax"}, {"long": "Polish", "short": "Oil or wax"},
        "low", "short-medium-only",
    ),
    "an age in the short one": (
        {"long": "Polish", "short": "Oil adult"}, {"long": "Polish", "short": "Oil child"},
        "high", "threshold;short-medium-only",
    ),
    "the medium one where there is no long one": (
        {"medium": "Polish with oil", "short": "Dry"}, {"medium": "Polish or oil", "short": "Dry"},
        "high", "logic",
    ),
    "the short one beside a medium one without a long one": (
        {"medium": "Polish", "short": "Dry"}, {"medium": "Polish", "short": "Wet"},
        "low", "short-medium-only",
    ),
    "the short one where it is the only one": (
        {"short": "Polish of widget"}, {"short": "Polish of brass widget"}, "high", "scope",
    ),
    "a price": ({"long": "Polish", "price1": "00"}, {"long": "Polish", "price1": "11"},
                "info", "attributes-only"),
    "a price beside a comma": (
        {"long": "Polish dry", "price1": "00"}, {"long": "Polish, dry", "price1": "11"},
        "info", "punctuation",
    ),
    "a number in a text for patients": (
        {"long": "Polish", "consumer": "Lasts 5 days"}, {"long": "Polish", "consumer": "Lasts 6"},
        "info", "attributes-only",
    ),
    "the gravest class first, each once": (
        {"long": "Polish of the widgets, 5 cm", "short": "Oil"},
        {"long": "Polish of brass widget, 6 cm", "short": "Wax"},
        "high", "threshold;scope;singular-plural;grammar",
    ),
}  # fmt: skip
# Columns of a user's table.
COLUMNS: dict[str, tuple[Texts, Texts, str, str]] = {
    "a section": ({"Section": "Oil"}, {"Section": "Wax"}, "low", "moved"),
    "a numbered chapter": ({"chapter": "5"}, {"chapter": "6"}, "low", "moved"),
    "a section that went": ({"Section": "Oil"}, {"Section": ""}, "low", "moved"),
    "a status": ({"Status indicator": "A"}, {"Status indicator": "B"}, "medium", "value"),
    "a status in words": ({"Status": "active"}, {"Status": "held"}, "high", "addon-status"),
    "blanks behind a status": ({"Status": "x"}, {"Status": "x "}, "info", "whitespace"),
    "a status in two words": ({"Status": "x y"}, {"Status": "xy"}, "high", "addon-status"),
    "a status of digits in two": ({"Status": "1 2"}, {"Status": "12"}, "high", "addon-status"),
    "blanks in a section": ({"Section": "Oil"}, {"Section": "Oil  "}, "info", "whitespace"),
    "blanks in the words of an add-on": (
        {"text": "List separately"}, {"text": "List  separately"}, "info", "whitespace",
    ),
    "a price": ({"Price": "10.00"}, {"Price": "12.50"}, "info", "amount"),
    "a date": ({"Since": "2026-01-01"}, {"Since": "2026-04-01"}, "medium", "value"),
    "a text": ({"text": "Polish"}, {"text": "polish"}, "info", "case"),
    "a text beside a price and a status": (
        {"text": "Polish", "Price": "1.5", "SI": "G"},
        {"text": "polish", "Price": "2.5", "SI": "K"},
        "medium", "value;case;amount",
    ),
    "two columns": (
        {"Section": "Oil", "text": "Polish"}, {"Section": "Wax", "text": "polish"},
        "low", "moved;case",
    ),
}  # fmt: skip


def both(previous: Texts, current: Texts, code_set: CodeSet = CodeSet.CPT) -> Changes:
    return compare(release(previous, code_set), release(current, code_set))


def entry(changes: Changes) -> dict[str, str]:
    row: dict[str, str]
    (row,) = list_entries(changes, judge(changes)).iter_rows(named=True)
    return row


@pytest.mark.parametrize("case", FIELDS.values(), ids=FIELDS)
def test_the_longest_descriptor_of_both_releases_decides(
    case: tuple[Texts, Texts, str, str],
) -> None:
    previous, current, severity, classes = case
    row = entry(both(previous, current))
    assert (row["severity"], row["classes"]) == (severity, classes)
    worded = {name for name in previous if previous[name] != current[name]} - set(ATTRIBUTES)
    assert row["reason"] == ("" if worded else "attributes-only")


@pytest.mark.parametrize("case", COLUMNS.values(), ids=COLUMNS)
def test_every_column_of_a_table_counts(case: tuple[Texts, Texts, str, str]) -> None:
    previous, current, severity, classes = case
    named = [{f"={name}": text for name, text in side.items()} for side in (previous, current)]
    row = entry(both(named[0], named[1], CodeSet.TABLE))
    assert (row["severity"], row["classes"]) == (severity, classes)


def test_each_class_of_an_entry_has_its_reason() -> None:
    found = judge(both({"long": "Polish of 5 widgets"}, {"long": "Polish of 6 widget"})).entries
    (classes, reasons) = found.select("classes", "reasons").row(0)
    assert classes == "threshold;singular-plural"
    assert reasons == (
        "a number or limit changed (time, size, age, count, dose); singular or plural"
    )


def test_severities_of_ones_own_decide_and_order_the_classes() -> None:
    changes = both({"long": "Polish of the widgets"}, {"long": "Polish of widget"})
    own = Given(severities={"grammar": "critical", "singular-plural": "medium"})
    found = judge(changes, own).entries
    assert found.select("severity", "classes").row(0) == ("critical", "grammar;singular-plural")


def test_what_came_back_is_high_and_so_is_what_went_and_no_other_addition(
    cptdiff: Run, make: Make, rows: Rows, tmp_path: Path
) -> None:
    sides = {
        "2026": ("A0009 20251231", "A0001", "A9999"),
        "2027": ("A0009 ", "A0002", "A0003 20260930", "A9999"),
    }
    files = [make(tmp_path / f"HCPC{y}_JAN_ANWEB.txt", hcpcs(*codes)) for y, codes in sides.items()]
    cptdiff("diff", *files, "-o", tmp_path / "changes.csv")
    found = {
        row["code"]: (row["change"], row["severity"], row["classes"])
        for row in rows(tmp_path / "changes.csv")
    }
    assert found == {
        "A0001": ("deleted", "high", "candidate-replacement"),
        "A0002": ("added", "", ""),
        "A0003": ("transient", "", ""),
        "A0009": ("added", "high", "reinstated"),
    }


def hcpcs(*codes: str) -> str:
    """Write records; a code's end may stand behind it, and what does not end is newly added."""
    lines = []
    for told in codes:
        code, _, end = told.partition(" ")
        added = "20260401" if code in {"A0002", "A0003"} else "20200101"
        words = f"{'Polish of brass hinge':<80}{'Polish':<177}"
        lines.append(f"{code}001003{words}{added:<16}{end:<8}N")
    return "".join(f"{line}\r\n" for line in lines)
