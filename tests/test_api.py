"""The Python API: plain words in, the command line's counts and guards out."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

import cptdiff as library
from cptdiff import CodeSet, CptdiffError

Run = Callable[..., CompletedProcess[str]]

BEFORE = pl.DataFrame({"id": ["1", "2", "3"], "rate": [1.5, 2.0, 3.0], "text": ["a", "b", "c"]})
AFTER = pl.DataFrame({"id": ["1", "2", "4"], "rate": [1.5, 2.5, 3.0], "text": ["a", "b", "c"]})


@pytest.fixture(scope="module")
def pair() -> tuple[Path, Path]:
    home = Path(__file__).parents[1] / "sample_releases"
    return home / "cpt-2026-legacy.zip", home / "cpt-2027-legacy.zip"


def test_counts_are_those_of_the_command_line(cptdiff: Run, pair: tuple[Path, Path]) -> None:
    results = library.diff(*pair)
    told = json.loads(cptdiff("diff", *pair, "-o", "-", "--format", "json").stdout)
    for change, entries in (
        ("added", results.added), ("deleted", results.deleted), ("revised", results.revised),
        ("revised_attributes_only", results.attributes_only), ("transient", results.transient),
    ):  # fmt: skip
        assert entries.height == sum(counts[change] for counts in told["counts"].values())
    assert results.summary | {"notice": ""} == told


def test_a_release_that_was_loaded_is_compared_as_it_is(pair: tuple[Path, Path]) -> None:
    previous, current = map(library.load, pair)
    results = library.diff(previous, current)
    assert previous.code_set is CodeSet.CPT
    assert results.changes.current is current
    assert results.added.height == 206 + 2


def test_plain_words_stand_for_enums_dates_and_single_names(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,rate\n1,2\n")
    release = library.load(path, code_set="table", key="id", effective_date="2026-01-01")
    assert (release.code_set, release.effective_date) == (CodeSet.TABLE, date(2026, 1, 1))
    assert release.entries["code"].to_list() == ["1"]


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"code_set": "ICD"}, r"error\[E001\]: code_set: ICD is not a code set"),
        ({"current_date": "1/1/2026"}, r"error\[E001\]: date: 1/1/2026 is not a date"),
        ({"only": "gone"}, r"error\[E001\]: options: gone is not known"),
        ({"key": "id"}, r"error\[E001\]: options: --key, --field and --encoding work only with"),
    ],
)
def test_a_wrong_word_is_one_line(
    pair: tuple[Path, Path], choices: dict[str, str], told: str
) -> None:
    with pytest.raises(CptdiffError, match=told):
        library.diff(*pair, **choices)  # type: ignore[arg-type] # wrong on purpose


def test_a_frame_is_a_table() -> None:
    results = library.diff(BEFORE, AFTER, key="id", allow="deleted-share")
    assert [frame["code"].to_list() for frame in (results.added, results.deleted)] == [["4"], ["3"]]
    rows = results.fields.select("code", "field", "previous", "current").rows()
    assert rows == [("2", "rate", "2.0", "2.5")]


def test_a_guard_holds_for_the_library_too(pair: tuple[Path, Path]) -> None:
    with pytest.raises(CptdiffError, match=r"E301.*--allow swapped"):
        library.diff(*reversed(pair))
    assert library.diff(*reversed(pair), allow="swapped").overridden


def test_withheld_wording_is_in_no_table(pair: tuple[Path, Path]) -> None:
    results = library.diff(*pair, descriptors="none")
    assert set(results.entries["current_descriptor"]) == {""}


def test_what_a_notebook_shows_is_short(pair: tuple[Path, Path]) -> None:
    results = library.diff(*pair)
    assert repr(results).startswith("<CPT 2026 to CPT 2027: 208 added, 55 deleted, ")
    assert len(repr(results)) < 120
    assert "<td>206</td>" in results._repr_html_()
    assert repr(results.changes.current) == "<CPT 2027, 2027-01-01: 11,387 codes, 67 modifiers>"


def test_a_filter_changes_the_tables_and_not_the_counts(pair: tuple[Path, Path]) -> None:
    results = library.diff(*pair, only="deleted")
    assert (results.added.height, results.summary["counts"]["code"]["added"]) == (0, 206)
    assert results.summary["shown"]["counts"]["code"] | {"deleted": 0} == dict.fromkeys(
        ("added", "deleted", "revised", "revised_attributes_only", "transient"), 0
    )
    assert repr(results) == "<CPT 2026 to CPT 2027: 0 added, 55 deleted, 0 revised>"
    none = repr(library.diff(*pair, only="transient"))
    assert none.endswith("None of the 345 changes match the filter>")


def test_one_entry_is_told_in_the_singular() -> None:
    release = library.load(BEFORE.head(1), key="id")
    assert repr(release).endswith(": 1 code>")


def test_nothing_changed_is_said_with_what_was_compared() -> None:
    assert repr(library.diff(BEFORE, BEFORE, key="id")).endswith("No changes: 3 entries compared>")
