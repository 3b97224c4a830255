from collections.abc import Callable
from pathlib import Path

import pytest
from oracles import CHANGES, Key, Sets
from oracles_hcpcs import Entries, compare, read_workbook
from publisher_pairs import HCPCS, Bundle
from publisher_runs import Run, diff

PAIR = "HCPCS 2018 to 2019"

# Where the two workbooks differ in another way than the two text files do.
ONE_SPACED = "the 2018 workbook alone makes one blank of two"
SHIFTED = "the 2019 workbook alone has a fourth type of service"
SPACED_CODES = (
    "A4221 C9738 G0490 G0492 G0501 G9678 G9703 G9712 G9776 G9909 G9911 G9916 G9943 G9944"
    " L3760 L5668 S3620"
)
EXCEPTIONS: dict[str, dict[Key, str]] = {
    "added": {},
    "deleted": {},
    "revised": {
        **{("code", code): ONE_SPACED for code in SPACED_CODES.split()},
        **{("modifier", code): ONE_SPACED for code in ("K2", "K3", "TC")},
    },
    "revised_attributes_only": {("code", code): SHIFTED for code in ("E0210", "E0776")},
    "transient": {},
}
# Their one row with record id 4: the end of a text that is too long for one cell of the 2019
# workbook. It belongs to the row above and is no second entry.
CONTINUED: list[Key] = [("code", "G0503")]


def workbook(bundle: Bundle) -> str:
    return bundle.member.replace(".txt", ".xlsx")


@pytest.fixture(scope="module")
def books(extract: Callable[[Bundle, str], Path]) -> list[Path]:
    return [extract(bundle, workbook(bundle)) for bundle in HCPCS]


@pytest.fixture(scope="module")
def by_openpyxl(books: list[Path]) -> list[tuple[Entries, list[Key]]]:
    return [read_workbook(book.read_bytes()) for book in books]


@pytest.fixture(scope="module")
def compared_books(books: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Run:
    previous, current = books
    return diff(previous, current, tmp_path_factory.mktemp("books") / "run")


@pytest.fixture(scope="module", params=["by the rule", "by cptdiff"])
def changed_books(request: pytest.FixtureRequest) -> Sets:
    if request.param == "by cptdiff":
        run: Run = request.getfixturevalue("compared_books")
        return run.sets()
    (previous, _), (current, _) = request.getfixturevalue("by_openpyxl")
    return compare(previous, current, (HCPCS.previous.effective, HCPCS.current.effective))


@pytest.mark.parametrize("change", CHANGES)
def test_the_workbooks_change_as_the_text_files_do_but_for_known_entries(
    changed_books: Sets, by_the_rule: Callable[[str], Sets], change: str
) -> None:
    assert changed_books[change] ^ by_the_rule(PAIR)[change] == EXCEPTIONS[change].keys()


def test_the_workbooks_hold_the_entries_of_the_text_files(
    by_openpyxl: list[tuple[Entries, list[Key]]], read_hcpcs: Callable[[Bundle], Entries]
) -> None:
    for bundle, (entries, _) in zip(HCPCS, by_openpyxl, strict=True):
        assert entries.keys() == read_hcpcs(bundle).keys()


def test_text_of_a_workbook_and_its_twin_differs_in_blanks_at_most(
    by_openpyxl: list[tuple[Entries, list[Key]]], read_hcpcs: Callable[[Bundle], Entries]
) -> None:
    for bundle, (entries, _) in zip(HCPCS, by_openpyxl, strict=True):
        for key, entry in read_hcpcs(bundle).items():
            assert entries[key].long.split() == entry.long.split(), key
            assert entries[key].short == entry.short, key


def test_one_text_goes_on_in_a_second_row_of_the_workbook(
    by_openpyxl: list[tuple[Entries, list[Key]]],
) -> None:
    assert [continued for _, continued in by_openpyxl] == [[], CONTINUED]


def test_a_row_that_goes_on_is_no_row_of_its_own(compared_books: Run) -> None:
    whole = {"read": 6_800, "kept": 6_800, "collapsed": 0, "quarantined": 0}
    rows = compared_books.summary()["rows"]["current"]
    assert {name: rows[name] for name in whole} == whole
