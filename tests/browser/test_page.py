import hashlib
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from tests.browser.conftest import Open
from tests.browser.opened import Opened, Table
from tests.browser.reports import PAIRS, UNCHANGED, Report

SAMPLES = (*PAIRS, UNCHANGED)
LISTS = ("added", "deleted", "revised", "attributes", "transient")  # by the ids of their headings
COUNTED = {
    "Added": "added",
    "Deleted": "deleted",
    "Revised": "revised",
    "Attributes only": "revised_attributes_only",
    "Transient": "transient",
}
KINDS = {"Codes": "code", "Headers": "header", "Modifiers": "modifier"}
_ENTRIES = """articles => articles.map(article => [
    article.querySelector("h3 code").textContent,
    [...article.querySelectorAll(".tag")].map(tag => tag.textContent),
    [...article.querySelectorAll(".wording")].map(wording => wording.textContent)])"""
_IDS = "() => [...document.querySelectorAll('[id]')].map(element => element.id)"
_LABELS = """() => [...document.querySelectorAll("[aria-labelledby]")]
    .map(element => element.getAttribute("aria-labelledby"))"""

ReportOf = Callable[[str], Report]
View = Callable[[Report], Opened]
Counts = dict[str, int]


class Shown(NamedTuple):
    """An entry as the page lists it."""

    kind: str
    code: str
    wordings: list[str]


def shown_under(opened: Opened, change: str) -> list[Shown]:
    found = opened.page.locator(f"section[aria-labelledby={change}] article")
    return [
        Shown(kind_of(tags), code, [guarded(wording) for wording in wordings])
        for code, tags, wordings in found.evaluate_all(_ENTRIES)
    ]


def kind_of(tags: list[str]) -> str:
    return next((tag for tag in tags if tag in KINDS.values()), "code")


def guarded(wording: str) -> str:
    """Put before a would-be formula the apostrophe that it has in the CSV files."""
    return "'" * bool(re.match(r"\s*[=+\-@]", wording)) + wording


def rows_under(report: Report, change: str) -> list[dict[str, str]]:
    wanted = {"attributes": ("revised", True)}.get(change, (change, False))
    return [
        row
        for row in report.changes()
        if (row["change"], row["reason"] == "attributes-only") == wanted
    ]


def expected_wordings(report: Report, change: str) -> dict[tuple[str, str], list[str]]:
    """Old and new wording of each changed field, sorted by field; else the one descriptor."""
    fields = report.fields()
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows_under(report, change):
        entry = row["kind"], row["code"]
        alone = row["current_descriptor"] or row["previous_descriptor"]
        pairs = fields.get(entry, []) if change in {"revised", "attributes"} else []
        found[entry] = [wording for pair in pairs for wording in pair] or [alone]
    return found


def sorted_by_pair(wordings: list[str]) -> list[str]:
    pairs = sorted(zip(wordings[::2], wordings[1::2], strict=False))
    return [wording for pair in pairs for wording in pair] or wordings


def numbers(table: Table) -> list[tuple[str, Counts]]:
    """By row the counts that are not naught."""
    heads, *rows = table
    columns = [(at, COUNTED[head]) for at, head in enumerate(heads) if head in COUNTED]
    return [
        (row[0], not_naught({name: int(row[at].replace(",", "")) for at, name in columns}))
        for row in rows
    ]


def not_naught(counts: dict[str, Any]) -> Counts:
    return {name: counts[name] for name in COUNTED.values() if counts.get(name)}


@pytest.fixture
def cpt(report_of: ReportOf) -> Report:
    return report_of("CPT")


@pytest.fixture(params=SAMPLES)
def report(request: pytest.FixtureRequest, report_of: ReportOf) -> Report:
    return report_of(request.param)


@pytest.fixture
def opened(report: Report, view: View) -> Opened:
    return view(report)


@pytest.mark.parametrize("where", ["title", "h1"])
def test_title_and_heading_say_what_is_compared(cpt: Report, view: View, where: str) -> None:
    (text,) = view(cpt).texts(where)
    assert [name for name in ("CPT 2026", "CPT 2027") if name not in text] == [], text


def test_the_page_shows_both_releases_with_dates_and_digests(cpt: Report, view: View) -> None:
    sides = view(cpt).sides()
    for side, path, year in (("Previous", cpt.previous, 2026), ("Current", cpt.current, 2027)):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        for told in (f"CPT {year}", f"{year}-01-01", path.name, digest):
            assert told in sides[side]


def test_every_file_that_was_read_is_named_with_its_digest(report: Report, opened: Opened) -> None:
    sides = opened.sides()
    for side in ("previous", "current"):
        for source in report.summary()[side]["sources"]:
            assert source["member"] in sides[side.title()]
            assert source["sha256"] in sides[side.title()]


def test_the_counts_are_those_of_the_summary(report: Report, opened: Opened) -> None:
    shown = {
        KINDS[kind]: counts
        for table in opened.tables("section[aria-labelledby=counts] table")[:1]
        for kind, counts in numbers(table)
    }
    summary = {kind: not_naught(counts) for kind, counts in report.summary()["counts"].items()}
    assert {kind: counts for kind, counts in shown.items() if counts} == {
        kind: counts for kind, counts in summary.items() if counts
    }


def test_the_section_table_is_that_of_the_summary(report: Report, opened: Opened) -> None:
    tables = opened.tables("section[aria-labelledby=counts] table")[1:]
    shown = [row for table in tables for row in numbers(table)]
    assert shown == [
        (row["section"], not_naught(row))
        for row in report.summary()["by_section"]
        if row["section"] and row["kind"] != "modifier"
    ]


@pytest.mark.parametrize("change", LISTS)
def test_every_change_is_on_the_page_in_old_and_new_wording(
    report: Report, opened: Opened, change: str
) -> None:
    shown = shown_under(opened, change)
    found = {(one.kind, one.code): one.wordings for one in shown}
    assert len(found) == len(shown), "an entry stands twice"
    if change in {"revised", "attributes"}:
        found = {entry: sorted_by_pair(wordings) for entry, wordings in found.items()}
    assert found == expected_wordings(report, change)


def test_the_lists_are_tried_on_pairs_that_fill_them(report_of: ReportOf) -> None:
    filled = {change for change in LISTS for name in SAMPLES if rows_under(report_of(name), change)}
    assert filled == set(LISTS)


def test_a_page_without_changes_says_so_first(report_of: ReportOf, view: View) -> None:
    opened = view(report_of(UNCHANGED))
    assert "No changes" in opened.texts("body > header")[0]
    assert opened.page.locator("article").count() == 0


def test_the_page_is_the_same_without_javascript(
    report: Report, opened: Opened, open_page: Open
) -> None:
    without = open_page(report.page, java_script_enabled=False)
    assert without.page.inner_text("body") == opened.page.inner_text("body")
    assert opened.page.locator("script").count() == 0


def test_the_files_read_open_without_javascript(cpt: Report, open_page: Open) -> None:
    page = open_page(cpt.page, java_script_enabled=False).page
    member = page.locator("details li").first
    assert not member.is_visible()
    page.locator("summary").first.click()
    assert member.is_visible()


def test_the_page_asks_for_nothing_and_says_nothing(report: Report, opened: Opened) -> None:
    assert opened.requests == [report.page.as_uri()]
    assert opened.said == []
    assert opened.dialogs == []


def test_the_page_does_not_scroll_sideways(report: Report, open_page: Open) -> None:
    wider = open_page(report.page).overflow_at(320, 390, 1280)
    assert wider == {320: 0, 390: 0, 1280: 0}


def test_headings_are_in_order(opened: Opened) -> None:
    tags = opened.page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
        "headings => headings.map(heading => heading.tagName)"
    )
    levels = [int(tag[1]) for tag in tags]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_tables_have_header_cells_for_every_row_and_column(opened: Opened) -> None:
    for table in opened.page.locator("table").all():
        columns = table.locator("thead tr > :not(:first-child)").count()
        rows = table.locator("tbody tr").count()
        assert table.locator("thead th[scope=col]").count() >= columns > 0
        assert table.locator("tbody tr > th[scope=row]:first-child").count() == rows > 0


def test_the_page_tells_its_language(opened: Opened) -> None:
    assert opened.page.locator("html").get_attribute("lang") == "en"


def test_ids_are_unique_and_labels_point_at_them(opened: Opened) -> None:
    ids = opened.page.evaluate(_IDS)
    assert len(ids) == len(set(ids))
    assert set(opened.page.evaluate(_LABELS)) <= set(ids)
