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
LISTS = ("added", "deleted", "revised", "attributes", "transient")
COUNTED = {
    "Added": "added",
    "Deleted": "deleted",
    "Revised": "revised",
    "Other data changed": "revised_attributes_only",
    "Added and discontinued between releases": "transient",
}
_ENTRIES = """articles => articles.map(article => [
    article.dataset.kind ?? "code",
    article.dataset.code ?? article.querySelector("h3").textContent,
    [...article.querySelectorAll(article.querySelector("dd") ? "dd" : ".wording")]
        .map(wording => wording.textContent)])"""
_BARS = """table => [...table.tBodies[0].rows].filter(row => row.querySelector("rect")).map(row => [
    [...row.querySelectorAll("td")].map(cell => Number(cell.textContent.replace(",", ""))),
    [...row.querySelectorAll("rect")].map(rect => Number(rect.getAttribute("width")))])"""
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
    found = opened.page.locator(f"article[data-change={change}]")
    return [
        Shown(kind, code, [guarded(wording) for wording in wordings])
        for kind, code, wordings in found.evaluate_all(_ENTRIES)
    ]


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


def test_the_figures_are_those_of_the_summary(report: Report, opened: Opened) -> None:
    shown = {}
    figure = rf"([\d,]+) ({'|'.join(sorted(COUNTED, key=len, reverse=True))})(?: and (.*))?"
    for line in opened.texts(".figures li"):
        number, label, others = re.fullmatch(figure, line).groups()  # type: ignore[union-attr]
        shown[COUNTED[label]] = (int(number.replace(",", "")), others or "")
    counts = report.summary()["counts"]
    for name, (codes, others) in shown.items():
        assert codes == counts["code"][name]
        for kind in ("header", "modifier"):
            told = re.search(rf"([\d,]+) {kind}", others)
            assert (int(told[1].replace(",", "")) if told else 0) == counts[kind][name]
    left_out = set(COUNTED.values()) - set(shown)
    assert not any(counts[kind][name] for kind in counts for name in left_out)


def test_the_section_table_is_that_of_the_summary(report: Report, opened: Opened) -> None:
    tables = opened.tables("section[aria-labelledby=counts] table")
    shown = [row for table in tables if table[0][0].startswith("Section") for row in numbers(table)]
    assert shown == [
        (labelled(row), not_naught(row))
        for row in report.summary()["by_section"]
        if row["section"] and row["kind"] != "modifier"
    ]


def labelled(row: dict[str, Any]) -> str:
    group = row["group"] if row["group"] != row["section"] else ""
    return f"{row['section']} ({group})" if group else row["section"]


def test_every_bar_is_as_long_as_its_counts(cpt: Report, view: View) -> None:
    for table in view(cpt).page.locator("table.drawn").all():
        rows = table.evaluate(_BARS)
        most = max(sum(counts) for counts, _ in rows)
        for counts, widths in rows:
            expected = [100 * count / most for count in counts if count]
            assert widths == pytest.approx(expected, abs=0.01)


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
        columns = table.locator("thead tr > *").count()
        rows = table.locator("tbody tr").count()
        assert table.locator("thead th[scope=col]").count() == columns > 0
        assert table.locator("tbody tr > th[scope=row]:first-child").count() == rows > 0


def test_the_page_tells_its_language(opened: Opened) -> None:
    assert opened.page.locator("html").get_attribute("lang") == "en"


def test_ids_are_unique_and_labels_point_at_them(opened: Opened) -> None:
    ids = opened.page.evaluate(_IDS)
    assert len(ids) == len(set(ids))
    assert set(opened.page.evaluate(_LABELS)) <= set(ids)
