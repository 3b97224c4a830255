"""--descriptors: what the licence keeps stands in no output of any sample pair."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cptdiff.comparison import compare
from cptdiff.judgement import judge
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from cptdiff.results import Choices, make_results
from cptdiff.vocabulary import CodeSet, Descriptors
from tests.licence.wording import Runs, leaks, runs, texts

Outputs = Callable[..., dict[str, str]]
Withheld = Callable[[tuple[str, ...], str], Runs]
Pair = tuple[str, ...]
either = pytest.mark.parametrize("descriptors", ["none", "short"])


@either
def test_no_output_holds_wording_that_was_withheld(
    outputs: Outputs, withheld: Withheld, pair: Pair, descriptors: str
) -> None:
    found = outputs(*pair, "--descriptors", descriptors)
    assert leaks(withheld(pair, descriptors), found) == {}


@either
def test_the_same_search_finds_the_wording_where_it_is_shown(
    outputs: Outputs, withheld: Withheld, pair: Pair, descriptors: str
) -> None:
    found = outputs(*pair, "--descriptors", "full")
    assert {"report.html", "changes.csv", "fields.csv"} <= set(
        leaks(withheld(pair, descriptors), found)
    )


@either
def test_nothing_that_reports_are_given_holds_the_wording(
    withheld: Withheld, pair: Pair, descriptors: str
) -> None:
    how = Reading(CodeSet.TABLE if "table" in pair else None)
    changes = compare(*(load(path, how) for path in pair[:2]))
    judgement = replace(judge(changes), classes=())  # whose examples are our own
    shown = make_results(changes, judgement, Choices(descriptors=Descriptors(descriptors)))
    assert withheld(pair, descriptors) & runs(texts(changes))
    assert not withheld(pair, descriptors) & runs(texts(shown))
    assert not withheld(pair, descriptors) & runs(texts(shown.quarantine))


@either
def test_what_changed_is_told_as_before(outputs: Outputs, pair: Pair, descriptors: str) -> None:
    full, less = outputs(*pair), outputs(*pair, "--descriptors", descriptors)
    assert full.keys() == less.keys()
    for name in ("changes.csv", "fields.csv", "crosswalk.csv", "reconciliation.csv"):
        assert full.get(name, "").count("\n") == less.get(name, "").count("\n")


@either
def test_the_page_and_the_terminal_say_that_wording_is_withheld(
    outputs: Outputs, pair: Pair, descriptors: str
) -> None:
    found = outputs(*pair, "--descriptors", descriptors)
    told = f"left out of all outputs (--descriptors {descriptors})"
    for name in ("report.html", "stdout", "summary.json"):
        assert told in " ".join(found[name].split())
    assert f'"descriptors": "{descriptors}"' in found["manifest.json"]
