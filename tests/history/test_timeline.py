"""Spells of validity: from the dates of files, and from what each release holds."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptdiff.history import (
    SPELLS,
    Edition,
    Editions,
    find_life,
    find_valid,
    make_timeline,
    narrow,
    widen,
)
from cptdiff.history.editions import RECORDS

REAL = Path(__file__).parents[2].parent / "shared" / "releases"
LINKS = {"code": pl.String, "replacement": pl.String}
CONVERSION = (r"^\d{4}T$", r"^\d{5}$")


def day(text: str) -> date:
    return date.fromisoformat(text)


def edition(
    at: str, rows: Iterable[dict[str, Any]], links: Iterable[tuple[str, str]] = ()
) -> Edition:
    defaults = {"kind": "code", "state": "valid", "long": "Polishing of widget", "replacements": ""}
    records = pl.DataFrame([defaults | row for row in rows], schema=RECORDS)
    return Edition(
        f"Widgets {at}", f"{at}.zip", day(at), "", records.sort("kind", "code"),
        pl.DataFrame([*links], LINKS, orient="row"), ("long",),
    )  # fmt: skip


def history(*editions: Edition) -> pl.DataFrame:
    return make_timeline(Editions("cpt", "CPT", CONVERSION, editions, ()))


def spells(timeline: pl.DataFrame, code: str, *columns: str) -> list[tuple[Any, ...]]:
    return timeline.filter(pl.col("code") == code).select(columns).rows()


FROM, TO = "valid_from", "valid_to"
OPEN = date(9999, 12, 31)


def test_a_code_without_dates_is_valid_from_the_release_that_first_has_it() -> None:
    found = history(
        edition("2025-01-01", [{"code": "00001"}]),
        edition("2026-01-01", [{"code": "00001"}, {"code": "00002"}]),
        edition("2027-01-01", [{"code": "00002"}]),
    )
    assert spells(found, "00001", FROM, TO, "began", "ended", "basis_from", "basis_to") == [
        (day("2025-01-01"), day("2026-12-31"), "", "deleted", "first release",
         "last seen, 2026-01-01 to 2027-01-01"),
    ]  # fmt: skip
    assert spells(found, "00002", FROM, TO, "began", "ended", "basis_from", "basis_to") == [
        (day("2026-01-01"), OPEN, "added", "", "first seen, 2025-01-01 to 2026-01-01", "open"),
    ]


def test_a_life_is_the_same_from_only_the_codes_that_replacements_tie_to_it() -> None:
    """0001T became 00001; that and 00009 gave way to 00002; 00003 and 00004 name each other."""
    chain = [{"code": "0001T"}, {"code": "00009"}, {"code": "00003"}, {"code": "00007"}]
    whole = Editions("cpt", "CPT", CONVERSION, (
        edition("2025-01-01", chain),
        edition("2026-01-01", [
            {"code": "00001"}, {"code": "00007", "long": "Waxing"}, {"code": "00004"},
            {"code": "00003", "state": "ended", "end_date": day("2025-06-30"),
             "replacements": "00004"},
        ], [("0001T", "00001"), ("00009", "00002")]),
        edition("2027-01-01", [
            {"code": "00002"}, {"code": "00007"},
            {"code": "00001", "state": "ended", "end_date": day("2026-12-31"),
             "replacements": "00002"},
            {"code": "00004", "state": "ended", "end_date": day("2026-12-31"),
             "replacements": "00003"},
        ]),
    ), ())  # fmt: skip
    groups = [{"0001T", "00001", "00002", "00009"}, {"00003", "00004"}, {"00007"}]
    ties = {code: group for group in groups for code in group}
    timeline = make_timeline(whole)
    assert {*timeline["code"]} == {*ties}
    for code, tied in ties.items():
        few = narrow(whole, code)
        assert {name for one in few.editions for name in one.records["code"]} == tied
        life = find_life(timeline, code)
        assert find_life(make_timeline(few), code) == life
        assert life.spells
    assert narrow(whole, "00008") is whole


@pytest.mark.parametrize(
    ("words", "began"),
    [("Polishing of the widget", "reinstated"), ("Burial of horse carts", "re-used")],
)
def test_a_code_that_comes_back_is_reinstated_and_with_other_words_reused(
    words: str, began: str
) -> None:
    found = history(
        edition("2025-01-01", [{"code": "00001"}]),
        edition("2026-01-01", [{"code": "00002"}]),
        edition("2027-01-01", [{"code": "00001", "long": words}]),
    )
    assert spells(found, "00001", "spell", FROM, TO, "began") == [
        (1, day("2025-01-01"), day("2025-12-31"), ""),
        (2, day("2027-01-01"), OPEN, began),
    ]


def test_dates_of_the_file_decide_between_two_releases() -> None:
    found = history(
        edition("2025-01-01", [{"code": "J1", "add_date": day("1994-01-01")}]),
        edition("2026-01-01", [
            {"code": "J1", "state": "ended", "add_date": day("1994-01-01"),
             "end_date": day("2025-06-30"), "replacements": "J3 J4"},
            {"code": "J2", "state": "ended", "add_date": day("2025-04-01"),
             "end_date": day("2025-09-30")},
            {"code": "J3", "add_date": day("2025-07-01")},
            {"code": "J4", "state": "future", "add_date": day("2026-04-01")},
        ]),
    )  # fmt: skip
    assert spells(found, "J1", FROM, TO, "ended", "replaced_by", "basis_to") == [
        (day("1994-01-01"), day("2025-06-30"), "terminated", "J3 J4", "file"),
    ]
    # In no release valid on its day: it came and went.
    assert spells(found, "J2", FROM, TO) == [(day("2025-04-01"), day("2025-09-30"))]
    assert spells(found, "J3", FROM, TO, "basis_from") == [(day("2025-07-01"), OPEN, "file")]
    assert spells(found, "J4", FROM, TO) == [(day("2026-04-01"), OPEN)]


def test_a_date_that_a_release_contradicts_is_told_and_the_release_decides_its_day() -> None:
    found = history(
        edition("2025-01-01", [{"code": "J2"}]),
        edition("2026-01-01", [
            {"code": "J1", "add_date": day("2025-01-01")},
            {"code": "J2", "state": "ended", "end_date": day("2024-12-31")},
        ]),
    )  # fmt: skip
    assert spells(found, "J1", FROM, "basis_from", "disagreement") == [
        (
            day("2025-01-02"),
            "release",
            "added 2025-01-01 by the file, but not in Widgets 2025-01-01",
        )
    ]
    assert spells(found, "J2", FROM, TO, "disagreement")[0] == (
        day("2025-01-01"), day("2025-01-01"),
        "ended 2024-12-31 by the file, but valid in Widgets 2025-01-01",
    )  # fmt: skip


def test_a_code_that_ended_and_began_between_two_releases_that_hold_it_has_a_gap() -> None:
    start = day("1994-01-01")
    found = history(
        edition("2026-01-01", [{"code": "J1", "add_date": start, "end_date": day("2026-03-31")}]),
        edition("2027-01-01", [{"code": "J1", "add_date": day("2026-10-01")}]),
    )
    assert spells(found, "J1", "spell", FROM, TO, "basis_from", "basis_to") == [
        (1, start, day("2026-03-31"), "file", "file"), (2, day("2026-10-01"), OPEN, "file", "open"),
    ]  # fmt: skip


def test_an_ended_code_that_begins_again_has_two_spells() -> None:
    ended = {
        "code": "J1", "state": "ended", "add_date": day("1994-01-01"),
        "end_date": day("2013-12-31"),
    }  # fmt: skip
    found = history(
        edition("2022-01-01", [ended]),
        edition("2023-01-01", [ended]),
        edition("2024-01-01", [{"code": "J1", "add_date": day("2023-07-01")}]),
    )
    assert spells(found, "J1", "spell", FROM, TO, "began", "ended") == [
        (1, day("1994-01-01"), day("2013-12-31"), "added", "terminated"),
        (2, day("2023-07-01"), OPEN, "reinstated", ""),
    ]


def test_a_code_that_becomes_a_header_and_a_code_again_is_told_as_such() -> None:
    found = history(
        edition("2025-10-01", [{"code": "T436"}]),
        edition("2026-10-01", [{"code": "T436", "kind": "header"}, {"code": "T4361"}]),
        edition("2027-10-01", [{"code": "T436"}]),
    )
    assert spells(found, "T436", "kind", FROM, "began", "ended") == [
        ("code", day("2025-10-01"), "", "became header"),
        ("code", day("2027-10-01"), "became code", ""),
        ("header", day("2026-10-01"), "became header", "became code"),
    ]


def test_a_temporary_code_that_names_its_successor_was_converted() -> None:
    found = history(
        edition("2026-01-01", [{"code": "0001T"}]),
        edition("2027-01-01", [{"code": "00991"}, {"code": "00992"}], [("0001T", "00991")]),
    )
    assert spells(found, "0001T", "ended", "replaced_by") == [("deleted", "00991")]
    assert spells(found, "00991", "began") == [("converted",)]
    assert spells(found, "00992", "began") == [("added",)]


def test_each_wording_of_a_spell_is_kept_with_its_release() -> None:
    found = history(
        edition("2025-01-01", [{"code": "00001", "long": "Polishing"}]),
        edition("2026-01-01", [{"code": "00001", "long": "Polishing"}]),
        edition("2027-01-01", [{"code": "00001", "long": "Polishing of widget"}]),
    )
    assert found["wordings"].to_list() == [
        [
            {"day": day("2025-01-01"), "text": "Polishing"},
            {"day": day("2027-01-01"), "text": "Polishing of widget"},
        ]
    ]
    assert found["descriptor"].to_list() == ["Polishing of widget"]


def test_the_wide_form_has_one_row_for_a_code_however_often_it_came_back() -> None:
    years = [edition(f"{year}-01-01", [{"code": "00001"}]) for year in (2020, 2022, 2024, 2026)]
    others = [edition(f"{year}-01-01", [{"code": "00002"}]) for year in (2021, 2023, 2025, 2027)]
    both = sorted([*years, *others], key=lambda one: one.day)
    wide = widen(history(*both))
    assert wide["spells"].to_list() == [4, 4]
    assert wide.columns[4:12] == ["f1", "t1", "f2", "t2", "f3", "t3", "f4", "t4"]
    assert wide.row(0, named=True)["t4"] == day("2026-12-31")
    assert wide["basis"].to_list() == ["first-seen", "first-seen"]


CODES = ("A1", "A2", "A3")
states = st.sampled_from(["", "valid", "ended", "future"])
days = st.dates(date(2019, 1, 1), date(2026, 1, 1))


HELD = st.tuples(states, st.none() | days, days)


@given(st.lists(st.tuples(HELD, HELD, HELD), min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_a_timeline_read_at_the_day_of_a_release_is_that_release(
    seen: list[tuple[tuple[str, date | None, date], ...]],
) -> None:
    """Whatever dates the files state: no spell of a code overlaps another one either."""
    editions = []
    for at, states in enumerate(seen):
        on = date(2020 + at, 1, 1)
        rows = [
            {"code": code, "state": state, "add_date": min(add, on) if add and state == "valid"
             else add if state != "future" else max(add or on, date(2020 + at, 1, 2)),
             "end_date": end if state == "ended" and end < on else None}
            for code, (state, add, end) in zip(CODES, states, strict=True)
            if state and (state != "ended" or end < on)
        ]  # fmt: skip
        editions.append(edition(str(on), rows))
    found = history(*editions)
    assert found.schema == SPELLS
    for one in editions:
        held = one.records.filter(pl.col("state") == "valid")["code"].to_list()
        assert find_valid(found, one.day)["code"].to_list() == held
    for _, own in found.group_by("kind", "code"):
        ends = own.sort("spell")
        assert (ends[FROM] <= ends[TO]).all()
        assert (ends[FROM][1:] > ends[TO][:-1]).all()


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the publishers' releases are not here: {REAL}")
@pytest.mark.parametrize(("folder", "releases"), [("hcpcs", 2), ("icd10cm", 4), ("icd10pcs", 2)])
def test_a_timeline_of_real_releases_is_each_of_them_on_its_day(folder: str, releases: int) -> None:
    from cptdiff.history import read_histories, require_one  # noqa: PLC0415 - reads nothing before

    found = require_one(read_histories([str(REAL / folder)], {}))
    assert len(found.editions) == releases
    timeline = make_timeline(found)
    for one in found.editions:
        held = one.records.filter(pl.col("state") == "valid").select("kind", "code").sort(pl.all())
        assert find_valid(timeline, one.day).select("kind", "code").equals(held)


def test_a_release_that_is_no_release_has_a_place(tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    from cptdiff import CptdiffError  # noqa: PLC0415
    from cptdiff.history import read_histories, require_one  # noqa: PLC0415

    with pytest.raises(CptdiffError, match="no release"):
        require_one(read_histories([str(tmp_path)], {}))
