"""The page for those who read it without a script, a mouse, colours or a screen."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.opened import Opened
from tests.browser.reports import Report

ReportOf = Callable[[str], Report]
HostileReportOf = Callable[[str, str], Report]
_STYLES = """properties => [...document.querySelectorAll("del, ins")].map(
    mark => [mark.tagName, ...properties.map(name => getComputedStyle(mark)[name])].join(" "))"""

_BOTH = """() => [...document.querySelectorAll(".both")].map(both => {
    const without = mark => [...both.childNodes].filter(node => node.localName !== mark)
        .map(node => node.textContent).join("")
    const previous = both.nextElementSibling, current = previous.nextElementSibling
    return [previous.textContent, current.textContent, without("ins"), without("del")]
})"""


@pytest.fixture
def cpt(report_of: ReportOf) -> Report:
    return report_of("CPT")


@pytest.fixture
def plain(cpt: Report, open_page: Open) -> Opened:
    """The page where scripts are forbidden."""
    return open_page(cpt.page, java_script_enabled=False)


def is_in_sight(opened: Opened, selector: str) -> bool:
    box = opened.page.locator(selector).bounding_box()
    size = opened.page.viewport_size
    return bool(box and size and -1 <= box["y"] < size["height"])


def test_without_a_script_every_entry_is_there_and_the_form_is_not(
    cpt: Report, plain: Opened
) -> None:
    rows = cpt.changes()
    assert plain.texts("article h3") == [row["code"] for row in rows]
    assert plain.page.locator("article").last.is_visible()
    assert not plain.page.locator("form").is_visible()
    (told,) = plain.texts("noscript")
    assert f". {len(rows)} changes are listed below" in told


def test_without_a_script_addresses_lead_to_entries_and_links_to_the_list(plain: Opened) -> None:
    plain.page.click('.attention a:has-text("33019")')
    assert is_in_sight(plain, "#cpt-33019")
    plain.page.click(".figures .deleted a")
    assert is_in_sight(plain, "#changes")


def test_without_a_script_the_files_read_open(plain: Opened) -> None:
    member = plain.page.locator(".release li").first
    assert not member.is_visible()
    plain.page.locator(".release summary").first.click()
    assert member.is_visible()


def test_the_keyboard_alone_filters_opens_and_downloads(cpt: Report, open_page: Open) -> None:
    page = open_page(cpt.page).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the changes"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.type("wound")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "sort"
    page.keyboard.press("ArrowDown")
    assert page.input_value("#sort") == "severity"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator('input[value="added"]').is_checked()
    assert page.inner_text("#shown") == (
        f"{page.locator('article').count()} of 345 changes: change Added; words wound;"
        " sorted by severity, most severe first"
    )
    while page.evaluate("document.activeElement.id") != "download":
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body"), "the focus is lost"
    with page.expect_download():
        page.keyboard.press("Enter")
    assert "q=wound" in page.evaluate("location.href")


def test_the_focus_can_be_seen_wherever_it_is(cpt: Report, open_page: Open) -> None:
    page = open_page(cpt.page).page
    for _ in range(40):
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "3px", page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize("media", ["screen", "print"])
def test_marks_are_told_apart_without_colour(cpt: Report, open_page: Open, media: str) -> None:
    opened = open_page(cpt.page)
    opened.page.emulate_media(media=media)  # type: ignore[arg-type]
    styles = set(opened.page.evaluate(_STYLES, ["textDecorationLine", "fontWeight"]))
    assert styles == {"DEL line-through 400", "INS underline 600"}


def test_marks_are_spoken(cpt: Report, open_page: Open) -> None:
    page = open_page(cpt.page).page
    spoken = page.evaluate(
        "() => ['del', 'ins'].map(name => document.querySelector(name))"
        ".map(mark => [getComputedStyle(mark, '::before').content, mark.textContent.includes('[')])"
    )
    assert spoken == [['"[deleted: "', False], ['"[inserted: "', False]]


def test_the_dark_page_is_dark_and_the_light_one_light(cpt: Report, open_page: Open) -> None:
    brightness = {}
    for scheme in ("light", "dark"):
        page = open_page(cpt.page, color_scheme=scheme).page
        colours = page.evaluate(
            "() => { const style = getComputedStyle(document.body);"
            " return [style.backgroundColor, style.color] }"
        )
        paper, ink = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours)
        brightness[scheme] = paper - ink
    assert brightness["light"] > 500
    assert brightness["dark"] < -500


def test_the_page_does_not_scroll_sideways_at_twice_its_size(
    report_of: ReportOf, open_page: Open
) -> None:
    opened = open_page(report_of("ICD-10-CM").page)
    assert opened.overflow_at(640) == {640: 0}


def printed(opened: Opened, folder: Path) -> list[str]:
    """Print the page and give the text of each sheet."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not here: install the package poppler-utils")
    opened.page.pdf(path=folder / "page.pdf", format="Letter")
    command = ["pdftotext", "-layout", str(folder / "page.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    return text.split("\f")[:-1]


def test_on_paper_stand_the_evidence_every_entry_and_the_numbers_of_sheets(
    cpt: Report, open_page: Open, tmp_path: Path
) -> None:
    sheets = printed(open_page(cpt.page), tmp_path)
    whole = "\n".join(sheets)
    for row in cpt.changes():
        assert re.search(rf"\b{row['code']}\b", whole)
    for side in ("previous", "current"):
        assert cpt.summary()[side]["sha256"] in re.sub(r"\s", "", whole)
    assert "Filter and sort" not in whole
    assert [sheet.strip().splitlines()[-1].strip() for sheet in sheets] == [
        f"{at} / {len(sheets)}" for at in range(1, len(sheets) + 1)
    ]


def test_no_entry_is_cut_in_two_on_paper(cpt: Report, open_page: Open, tmp_path: Path) -> None:
    sheets = printed(open_page(cpt.page, fragment="change=revised"), tmp_path)
    codes = "|".join(row["code"] for row in cpt.changes())
    sections = "|".join({re.escape(row["section"]) for row in cpt.changes()})
    listed = sheets[1 : next(at for at, sheet in enumerate(sheets) if RELEASES in sheet)]
    # Below the names of the releases.
    firsts = [sheet.split("CPT 2027", 1)[1].strip().splitlines()[0] for sheet in listed]
    assert len(firsts) > 2
    assert [one for one in firsts if not re.match(rf"({codes})\b|({sections})$", one)] == []


RELEASES = "Where the changes are"


def test_every_sheet_names_both_releases(cpt: Report, open_page: Open, tmp_path: Path) -> None:
    sheets = printed(open_page(cpt.page), tmp_path)
    heads = {sheet.strip().splitlines()[0].strip() for sheet in sheets}
    assert heads == {"CPT: CPT 2026 to CPT 2027"}


def test_on_paper_the_changes_are_a_list_for_each_change(
    cpt: Report, open_page: Open, tmp_path: Path
) -> None:
    rows = Counter(
        "attributes" if row["reason"] else row["change"]
        for row in cpt.changes()
        if row["change"] != "deleted"
    )
    deleted = sum(row["change"] == "deleted" for row in cpt.changes())
    whole = "\n".join(printed(open_page(cpt.page), tmp_path))
    assert re.findall(
        r"^ *((?:Added|Deleted|Revised|Other)[\w ]*) \((\d+)\)$", whole, re.MULTILINE
    ) == [
        ("Added", f"{rows['added']}"),
        ("Deleted", f"{deleted}"),
        ("Revised", f"{rows['revised']}"),
        ("Other data changed", f"{rows['attributes']}"),
    ]


@pytest.mark.parametrize("pair", ["CPT", "HCPCS", "ICD-10-CM"])
def test_on_paper_both_wordings_are_one_text(
    pair: str, report_of: ReportOf, open_page: Open
) -> None:
    page = open_page(report_of(pair).page).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    told = page.evaluate(_BOTH)
    assert len(told) > 5
    for previous, current, without_inserted, without_deleted in told:
        assert (without_inserted, without_deleted) == (previous, current)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".both, .lot").count() == 0
    assert page.evaluate("document.querySelectorAll('article .place').length") > 0


def test_after_printing_the_list_is_as_it_was(report_of: ReportOf, open_page: Open) -> None:
    page = open_page(report_of("HCPCS").page).page
    # All that the list is; its text as laid out would leave out what is not on the screen yet.
    before = page.inner_html("#list")
    for event in ("beforeprint", "afterprint"):
        page.evaluate("event => dispatchEvent(new Event(event))", event)
    assert page.inner_html("#list") == before


@pytest.mark.parametrize("pair", ["CPT", "HCPCS", "ICD-10-CM"])
def test_the_list_is_on_the_first_screen_and_on_a_phone_within_two(
    pair: str, report_of: ReportOf, open_page: Open
) -> None:
    for width, height, room in ((1280, 900, 900), (390, 844, 2 * 844)):
        opened = open_page(report_of(pair).page, viewport={"width": width, "height": height})
        for selector in ("#words", "article >> nth=0"):
            box = opened.page.locator(selector).bounding_box()
            assert box
            assert box["y"] + min(box["height"], 40) <= room, (width, selector, box)


def test_a_filtered_list_is_printed_as_it_is_filtered(
    cpt: Report, open_page: Open, tmp_path: Path
) -> None:
    opened = open_page(cpt.page, fragment="severity=critical")
    whole = "\n".join(printed(opened, tmp_path))
    assert "2 of 345 changes: severity critical" in whole
    assert "pericardium" in whole
    assert "nodule" not in whole


def test_a_long_list_is_printed_whole(hostile_report_of: HostileReportOf, open_page: Open) -> None:
    opened = open_page(hostile_report_of("bundles", "tame").page)
    every = len(hostile_report_of("bundles", "tame").changes())
    assert opened.page.locator("article").count() == 500 < every
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.page.locator("article").count() == every


def test_a_long_list_shows_more_when_asked(
    hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    opened = open_page(hostile_report_of("bundles", "tame").page)
    every = len(hostile_report_of("bundles", "tame").changes())
    assert opened.texts("#shown") == [f"{every:,} changes; first 500 shown"]
    opened.page.click("text=Show 500 more")
    assert opened.page.locator("article").count() == 1000
    focused = opened.page.locator("article").nth(500).locator("h3 a")
    assert focused.evaluate("link => link === document.activeElement")
    opened.page.click("text=Show all")
    assert opened.page.locator("article").count() == every
    assert not opened.page.locator("#more").is_visible()


def test_an_entry_far_down_is_shown_by_its_address(
    hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    report = hostile_report_of("bundles", "tame")
    row = report.changes()[1700]
    opened = open_page(report.page, fragment=f"cpt-{row['code']}")
    opened.page.wait_for_selector(".here")
    assert is_in_sight(opened, f"#cpt-{row['code']}")
