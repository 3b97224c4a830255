"""What holds for every pair of releases, whatever stands in them."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptdiff import Changes, Release
from cptdiff.comparison import compare as diff
from cptdiff.pipeline import load_release as load
from cptdiff.results import make_results

if TYPE_CHECKING:
    from tests.properties.conftest import Kit, Row

Entries = dict[tuple[str, str], dict[str, str]]
YEARS = (2026, 2027)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


def read(kit: "Kit", folder: Path, year: int, rows: "list[Row]") -> Release:
    return load(kit.write(folder, year, rows), kit.reading)


def valid(kit: "Kit", year: int, rows: "list[Row]") -> Entries:
    return {(r.kind, r.code): r.fields for r in rows if r.valid_on(kit.effective(year))}


def entries(frame: pl.DataFrame, names: list[str]) -> Entries:
    """Pick the fields `names` of the entries in `frame`; a user's columns stand below "=name"."""
    of = {n: f"={n}" if f"={n}" in frame.columns else n for n in names}
    rows = frame.to_dicts()
    return {(row["kind"], row["code"]): {n: row[of[n]] for n in names} for row in rows}


def revised(changes: Changes) -> dict[tuple[str, str, str], tuple[str, str]]:
    rows = changes.revised.drop("label", "row_name").iter_rows()
    return {(k, code, name.removeprefix("=")): (old, new) for k, code, name, old, new in rows}


def applied(changes: Changes, previous: Entries) -> Entries:
    """Apply `changes` to `previous`, which must be as `changes` say that it was."""
    found = {key: dict(fields) for key, fields in previous.items()}
    for key in entries(changes.deleted, []):
        del found[key]
    for (kind, code, name), (old, new) in revised(changes).items():
        assert found[kind, code][name] == old
        found[kind, code][name] = new
    names = {kind: list(fields) for (kind, _), fields in previous.items()}
    for kind, code in entries(changes.added, []):
        assert (kind, code) not in found
        one = changes.added.filter(kind=kind, code=code)
        found |= entries(one, names[kind])
    return found


@given(data=st.data())
def test_the_changes_applied_to_previous_give_current(
    kit: "Kit", folder: Path, data: st.DataObject
) -> None:
    before, after = (data.draw(kit.releases(), str(year)) for year in YEARS)
    changes = diff(read(kit, folder, 2026, before), read(kit, folder, 2027, after))
    previous, current = valid(kit, 2026, before), valid(kit, 2027, after)
    assert applied(changes, previous) == current
    assert len(previous) - changes.deleted.height + changes.added.height == len(current)


@settings(max_examples=50)
@given(data=st.data())
def test_swapping_the_releases_swaps_what_was_added_and_deleted_and_both_texts(
    kit: "Kit", folder: Path, data: st.DataObject
) -> None:
    before, after = (read(kit, folder, year, data.draw(kit.releases())) for year in YEARS)
    forth, back = diff(before, after), diff(after, before)
    assert entries(forth.added, []) == entries(back.deleted, [])
    assert entries(forth.deleted, []) == entries(back.added, [])
    assert revised(forth) == {key: (old, new) for key, (new, old) in revised(back).items()}


@settings(max_examples=40)
@given(data=st.data())
def test_a_release_against_itself_in_another_order_has_no_changes(
    kit: "Kit", folder: Path, data: st.DataObject
) -> None:
    rows = data.draw(kit.releases())
    once = read(kit, folder, 2026, rows)
    again = read(kit, folder, 2026, data.draw(st.permutations(rows)))
    found = make_results(diff(once, again))
    assert not found.entries.height
    assert not found.fields.height


@settings(max_examples=25)  # four releases for each
@given(data=st.data())
def test_the_order_of_rows_does_not_matter(kit: "Kit", folder: Path, data: st.DataObject) -> None:
    pairs = [data.draw(kit.releases(), str(year)) for year in YEARS]
    others = [data.draw(st.permutations(rows)) for rows in pairs]
    found = [
        make_results(
            diff(*(read(kit, folder, y, rows) for y, rows in zip(YEARS, pair, strict=True)))
        )
        for pair in (pairs, others)
    ]
    assert found[0].entries.equals(found[1].entries)
    assert found[0].fields.equals(found[1].fields)
    assert found[0].sections.equals(found[1].sections)


@given(data=st.data())
def test_every_row_that_was_written_is_kept_collapsed_or_set_aside(
    kit: "Kit", folder: Path, data: st.DataObject
) -> None:
    rows = data.draw(kit.doubtful())
    path = kit.write(folder, 2026, rows)
    with_blank_lines(path, data.draw(st.lists(st.integers(0, 20), max_size=5)))
    release = load(path, kit.reading)
    counted = release.rows
    assert counted.read == sum(kit.files(row) for row in rows)
    assert counted.read == counted.kept + counted.collapsed + counted.quarantined
    assert counted.quarantined == release.set_aside.height


def with_blank_lines(path: Path, places: list[int]) -> None:
    """Put blank lines into the files, but not into prose, where they end a paragraph."""
    for file in [path] if path.is_file() else sorted(path.iterdir()):
        lines = file.read_bytes().split(b"\n")
        for place in places if file.name != "MODUL.txt" else ():
            lines.insert(min(place, len(lines) - 1), b"\r")
        file.write_bytes(b"\n".join(lines))
