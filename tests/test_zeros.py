"""Keys of a table that lost their leading zeros in one file: told first, restored if asked."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff import CptdiffError, diff, load
from cptdiff.__main__ import run
from cptdiff.results import Results

Make = Callable[[Path, str], Path]
Compare = Callable[..., Results]
WHOLE = "code,fee\n00100,1.50\n00102,2.50\n99213,3.50\n99214,4.50\nJ0001,5.50\n"
LOST = "code,fee\n100,1.50\n102,2.75\n99213,3.50\n99214,4.50\nJ0001,5.50\n104,9.50\n"
REPAIR = {"repair": "leading-zeros"}


@pytest.fixture
def compare(tmp_path: Path, make: Make) -> Compare:
    def run_diff(before: str, after: str, **more: object) -> Results:
        pair = [make(tmp_path / f"{n}.csv", text) for n, text in (("a", before), ("b", after))]
        return diff(*pair, **{"code_set": "table", **more})  # type: ignore[arg-type]

    return run_diff


def test_keys_without_their_zeros_are_told_first_with_the_repair(compare: Compare) -> None:
    """Another doubt does not come before it: a row is excluded too."""
    found = compare(WHOLE, LOST + "105,1,2\n")
    assert found.doubts[0] == (
        "2 keys differ between the two files only in leading zeros (00100 and 100, ...), so that"
        " each counts as deleted and as added: export the column as Text on both sides, or add"
        " --repair leading-zeros."
    )
    assert sum("leading zeros" in doubt for doubt in found.doubts) == 1


@pytest.mark.parametrize(
    "other",
    [
        WHOLE.replace("00100", "100").replace("00102", "000102"),
        WHOLE.replace("00100", "0100").replace("99213", "099213"),
        WHOLE.replace("00100", "00100.0"),
    ],
    ids=["zeros lost on both sides", "other widths", "decimals"],
)
def test_a_repair_that_would_be_refused_is_not_advised(compare: Compare, other: str) -> None:
    found = compare(WHOLE, other)
    assert found.doubts[0].endswith(" as added: export the column as Text on both sides.")
    with pytest.raises(CptdiffError, match="E219"):
        compare(WHOLE, other, **REPAIR)


@pytest.mark.parametrize("turned", [1, -1])
@pytest.mark.parametrize("form", ["100", "00100.0"])
def test_a_run_over_keys_that_match_only_without_zeros_ends_with_3(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str], turned: int, form: str
) -> None:
    texts = WHOLE, WHOLE.replace("00100", form)
    pair = [make(tmp_path / f"{n}.csv", text) for n, text in enumerate(texts[::turned])]
    assert run(["diff", *map(str, pair), "--code-set", "table", "--quiet"]) == 3
    assert "keys that match only without their zeros: 1" in capsys.readouterr().err


def test_zeros_are_restored_in_all_keys_of_the_file_that_lost_them(compare: Compare) -> None:
    found = compare(WHOLE, LOST, **REPAIR)
    assert found.entries.select("code", "change").rows() == [
        ("00102", "revised"), ("00104", "added"),
    ]  # fmt: skip
    assert found.repaired == 3
    assert any("leading zeros restored: 3 (00100 for 100, " in doubt for doubt in found.doubts)
    back = compare(LOST, WHOLE, **REPAIR)
    assert back.entries.select("code", "change").rows() == [
        ("00102", "revised"), ("00104", "deleted"),
    ]  # fmt: skip


def test_a_run_with_restored_zeros_ends_with_3_and_lists_each_key(
    make: Make, tmp_path: Path
) -> None:
    pair = make(tmp_path / "a.csv", WHOLE), make(tmp_path / "b.csv", LOST)
    out = tmp_path / "out"
    words = [*map(str, pair), "--code-set", "table", "--repair", "leading-zeros", "--quiet"]
    assert run(["diff", *words, "-o", str(out)]) == 3
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    restored = manifest["predicate"]["inputs"]["current"]["normalised"]
    assert [(one["found"], one["code"]) for one in restored] == [
        ("100", "00100"), ("102", "00102"), ("104", "00104"),
    ]  # fmt: skip
    rows = csv.DictReader(io.StringIO((out / "changes.csv").read_text("utf-8")))
    assert [row["code"] for row in rows] == ["00102", "00104"]


def test_each_column_of_a_key_gets_its_own_zeros(compare: Compare) -> None:
    head, keys = "rev,site,fee\n", ["rev", "site"]
    texts = (
        f"{head}0450,001,1\n0360,012,2\n1000,003,3\n",
        f"{head}450,1,1\n360,12,2\n1000,3,4\n",
    )
    found = compare(*texts, key=keys, **REPAIR)
    assert found.entries.select("code", "change").rows() == [("1000|003", "revised")]
    told = compare(*texts, key=keys, allow=("code-set", "deleted-share")).doubts
    assert any(doubt.endswith("or add --repair leading-zeros.") for doubt in told)


def test_zeros_are_restored_in_keys_with_several_rows(compare: Compare) -> None:
    head = "code,mod,fee\n"
    found = compare(
        f"{head}00100,26,1.50\n00100,TC,2.50\n99213,,1\n",
        f"{head}100,26,1.50\n100,TC,3.50\n99213,,1\n",
        **REPAIR,
    )
    assert found.fields.select("code", "field", "previous", "current").rows() == [
        ("00100", "fee", "2.50", "3.50"),
    ]  # fmt: skip


def test_a_key_of_an_excluded_row_is_not_compared_in_either_form(compare: Compare) -> None:
    found = compare(WHOLE, LOST.replace("102,2.75", "102,2.75,more"), **REPAIR)
    assert found.entries.select("code", "change").rows() == [("00104", "added")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (WHOLE + "123,1\n", LOST + "123,1\n"),
        (WHOLE, LOST + "123456,1\n"),
        (WHOLE, WHOLE.replace("00100", "100.0")),
    ],
    ids=["several widths", "a longer one", "decimals"],
)
def test_zeros_of_which_no_width_tells_are_not_guessed(
    compare: Compare, before: str, after: str
) -> None:
    with pytest.raises(CptdiffError, match=r"E219.* nothing says how many are missing"):
        compare(before, after, **REPAIR)


def test_a_key_that_would_be_another_one_is_refused(compare: Compare) -> None:
    with pytest.raises(CptdiffError, match=r"E209.*100 would be 00100, which is a key too"):
        compare(WHOLE, LOST + "00100,7\n", **REPAIR)


def test_keys_that_lost_nothing_stay_as_they_are(compare: Compare) -> None:
    other = WHOLE.replace("2.50", "2.75") + "123,1\n"
    found = compare(WHOLE, other, **REPAIR)
    assert found.entries.select("code", "change").rows() == [("00102", "revised"), ("123", "added")]
    assert not found.repaired


def test_a_table_by_itself_does_not_tell_its_zeros(make: Make, tmp_path: Path) -> None:
    path = make(tmp_path / "a.csv", LOST)
    with pytest.raises(CptdiffError, match=r"E219.*a table by itself does not say") as caught:
        load(path, code_set="table", repair="leading-zeros")
    assert caught.value.fix == "leave out repair"


def test_where_most_keys_lost_their_zeros_the_refusal_names_the_repair(compare: Compare) -> None:
    texts = ["code,x\n" + "".join(f"{n:0{w}},x\n" for n in range(100, 130)) for w in (5, 1)]
    with pytest.raises(CptdiffError, match=r"E304") as caught:
        compare(*texts)
    assert 'repair="leading-zeros"' in caught.value.fix
    assert not compare(*texts, **REPAIR).entries.height
