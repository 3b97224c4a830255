"""Replacements of real releases, against what the publishers say."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from oracles import CM_ADDENDA, Entries, read_addenda
from oracles_conversion import (
    Official,
    Row,
    before,
    billable,
    official,
    order_file,
    read_table,
)
from publisher_pairs import CM_2018, CM_2019, CM_2024, HCPCS, RELEASES, Bundle

from cptdiff import Changes
from cptdiff.comparison import compare
from cptdiff.judgement.crosswalk import RUNGS, Rung, find_replacements, write_notes
from cptdiff.lists.crosswalks import read_crosswalk
from cptdiff.model import Stated
from cptdiff.pipeline import load_release as load
from cptdiff.sections import list_ranges

TABLE = RELEASES / "icd10cm" / "conversion-table-through-2023.csv"
BY_TEXT = tuple(
    rung for rung in RUNGS if rung.basis in {"identical-text", "conversion", "similar-text"}
)
ReadOrder = Callable[[Bundle], Entries]
Load = Callable[[str], Changes]


class Measured(NamedTuple):
    """Deleted codes with an official replacement; those of them with all; candidates; official."""

    codes: int
    complete: int
    candidates: int
    official: int

    @property
    def recall(self) -> float:
        """Give the share of codes with every official replacement among their candidates."""
        return self.complete / self.codes

    @property
    def precision(self) -> float:
        """Give the share of candidates that are official."""
        return self.official / self.candidates


# What the program finds without the table. FY2017 and FY2023 are made from the next year's release
# and its addenda; FY2023 is the April release, as NCHS's addenda has it.
BY_EVERYTHING = {
    "2017 to 2018": Measured(34, 34, 144, 143),
    "2018 to 2019": Measured(51, 50, 168, 160),
    "2023 to 2024": Measured(24, 24, 91, 90),
}
BY_TEXT_ALONE = {
    "2017 to 2018": Measured(34, 11, 71, 68),
    "2018 to 2019": Measured(51, 23, 112, 98),
    "2023 to 2024": Measured(24, 6, 51, 50),
}


@pytest.fixture(scope="session")
def icd(read_order: ReadOrder, tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Compare two years of ICD-10-CM."""

    def made(current: Bundle, year: int) -> Path:
        addenda = read_addenda(current.text(current.addenda), CM_ADDENDA)
        path = tmp_path_factory.mktemp("made") / f"icd10cm_order_{year}.txt"
        text = order_file(before(read_order(current), addenda))
        path.write_bytes(text.encode("cp1252"))
        return path

    sides: dict[str, Callable[[], tuple[Path, Path]]] = {
        "2017 to 2018": lambda: (made(CM_2018, 2017), CM_2018.path()),
        "2018 to 2019": lambda: (CM_2018.path(), CM_2019.path()),
        "2023 to 2024": lambda: (made(CM_2024, 2023), CM_2024.path()),
        "2018 to 2024": lambda: (CM_2018.path(), CM_2024.path()),
    }
    return cache(lambda name: compare(*map(load, sides[name]())))


@pytest.fixture(scope="session")
def table() -> list[Row]:
    """Read the conversion table."""
    return read_table(TABLE)


def told(changes: Changes, table: list[Row]) -> Official:
    """Say what the table says of a pair's deleted codes."""
    previous, current = changes.previous, changes.current
    assert previous.effective_date
    assert current.effective_date
    gone = frozenset(changes.deleted.filter(kind="code")["code"])
    return official(table, gone, previous.effective_date, current.effective_date)


def found(
    changes: Changes, stated: Stated | None = None, rungs: tuple[Rung, ...] = RUNGS
) -> pl.DataFrame:
    """Ask for replacements."""
    places = list_ranges(changes.current.code_set)
    return write_notes(find_replacements(changes, stated or Stated(), places, rungs))


def measured(rows: pl.DataFrame, told: Official) -> Measured:
    """Count what was found against what is official."""
    candidates = {code: set[str]() for code in told}
    for code, replacement in rows.select("code", "replacement").iter_rows():
        if code in told and replacement:
            candidates[code].add(replacement)
    return Measured(
        len(told),
        sum(told[code] <= candidates[code] for code in told),
        sum(map(len, candidates.values())),
        sum(len(told[code] & candidates[code]) for code in told),
    )


@pytest.mark.parametrize("pair", BY_EVERYTHING)
def test_without_the_table_nearly_all_official_replacements_are_candidates(
    pair: str, icd: Load, table: list[Row]
) -> None:
    figures = measured(found(icd(pair)), told(icd(pair), table))
    assert figures == BY_EVERYTHING[pair]
    assert figures.recall >= 0.95
    assert figures.precision >= 0.85


@pytest.mark.parametrize("pair", BY_TEXT_ALONE)
def test_by_wording_alone_fewer_are_found_and_most_are_right(
    pair: str, icd: Load, table: list[Row]
) -> None:
    figures = measured(found(icd(pair), rungs=BY_TEXT), told(icd(pair), table))
    assert figures == BY_TEXT_ALONE[pair]
    assert figures.precision >= 0.85


@pytest.mark.parametrize("pair", BY_EVERYTHING)
def test_every_deleted_code_has_a_row_and_no_other_entry_has_one(pair: str, icd: Load) -> None:
    changes = icd(pair)
    rows = found(changes)
    assert set(rows["code"]) == set(changes.deleted.filter(kind="code")["code"])
    assert not rows.select("kind", "code", "replacement").is_duplicated().any()
    candidates = set(rows["replacement"]) - {""}
    assert candidates <= set(changes.added.filter(kind="code")["code"])


def test_with_the_table_the_answers_are_the_tables(icd: Load, table: list[Row]) -> None:
    changes = icd("2018 to 2019")
    given = read_crosswalk(TABLE, changes.current.code_set, "user")
    rows = found(changes, Stated(crosswalks=(given,)))
    answers = rows.group_by("code").agg(pl.col("replacement")).iter_rows()
    assert {code: frozenset(new) for code, new in answers} == told(changes, table)
    assert set(rows["basis"]) == {"publisher"}
    assert set(rows["confidence"]) == {"stated"}


def test_over_several_years_the_table_is_followed_to_codes_that_are_valid(
    icd: Load, table: list[Row], read_order: ReadOrder
) -> None:
    changes = icd("2018 to 2024")
    given = read_crosswalk(TABLE, changes.current.code_set, "user")
    rows = found(changes, Stated(crosswalks=(given,))).filter(basis="publisher")
    valid = billable(read_order(CM_2024))
    assert set(rows["replacement"]) <= valid
    for code, successors in told(changes, table).items():
        assert successors & valid <= set(rows.filter(code=code)["replacement"])
    # K35.2 was divided in 2018, and one of its parts again in 2023.
    parts = rows.filter(code="K352")
    assert parts["replacement"].to_list() == [
        "K35200", "K35201", "K35209", "K35210", "K35211", "K35219",
    ]  # fmt: skip
    assert "by way of K3520" in parts["note"][0]


@pytest.fixture(scope="session")
def hcpcs() -> Changes:
    """Compare two years of HCPCS."""
    return compare(*(load(bundle.path()) for bundle in HCPCS))


@pytest.fixture(scope="session")
def cross_references() -> dict[str, list[str]]:
    """Read XREF (columns 205 to 229) of every record of current that has ended."""
    records = (line.ljust(320) for line in HCPCS.current.text().splitlines())
    first = [line for line in records if line[10] in "37" and line[5:10].isdigit()]
    columns = range(204, 229, 5)
    return {
        line[:5].strip(): [line[at : at + 5] for at in columns if line[at : at + 5].strip()]
        for line in first
        if line[284:292].strip("0 ")
    }


def test_the_cross_references_of_hcpcs_are_told_as_they_stand(
    hcpcs: Changes, cross_references: dict[str, list[str]]
) -> None:
    rows = found(hcpcs).filter(basis="publisher")
    told: dict[str, list[str]] = {}
    for code, replacement in rows.select("code", "replacement").iter_rows():
        told.setdefault(code, []).append(replacement)
    gone = set(hcpcs.deleted["code"])
    named = {code: new for code, new in cross_references.items() if code in gone and new}
    assert {code: new for code, new in told.items() if code in gone} == named
    assert len(named) == 15
    # Codes that came and went between the releases. One names a code that is not valid either, and
    # one a code that passed too, whose own replacement is told.
    passing = set(hcpcs.transient["code"])
    named = {code: new for code, new in cross_references.items() if code in passing and new}
    named["C9469"] = cross_references[named["C9469"][0]]
    assert {code: new for code, new in told.items() if code in passing} == {
        code: new for code, new in named.items() if code != "C9468"
    }
    assert (len(named), set(told) <= gone | passing) == (15, True)


def test_without_cross_references_the_wording_finds_the_same_codes(
    hcpcs: Changes, cross_references: dict[str, list[str]]
) -> None:
    rows = found(hcpcs, rungs=RUNGS[1:])
    added = set(hcpcs.added["code"])
    here = {c: n for c, n in cross_references.items() if set(n) & added and c in set(rows["code"])}
    best = {c: rows.filter(code=c)["replacement"].to_list() for c in here}
    assert best == here
    assert len(here) == 10
