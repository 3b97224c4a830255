"""What the input says is shown and never done (reliability.md, G7)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.hostile import FILES, MEMBERS, entries
from tests.browser.opened import Opened
from tests.browser.payloads import PAYLOADS
from tests.browser.reports import Report

FORMS = ("bundles", "tables")
# What a page without escaping runs; the rest of the payloads wait for a click, or for a worse page.
AT_LEAST = 30
NAIVE = """<!doctype html><html lang="en"><title>{text}</title><style>{text}</style>
<h1 title="{text}">{text}</h1><p class={text}>{text}</p><!-- {text} -->
<p title='{text}'><a href="{text}">{text}</a></p><script>const said = "{text}"</script></html>"""

HostileReportOf = Callable[[str, str], Report]


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def hostile(form: str, hostile_report_of: HostileReportOf) -> Report:
    return hostile_report_of(form, "hostile")


def wordings(opened: Opened, code: str) -> list[str]:
    article = opened.page.locator("article").filter(has=opened.page.locator(f"text='{code}'"))
    return article.locator(".wording").all_text_contents()


def naive_page(folder: Path, text: str) -> Path:
    path = folder / "naive.html"
    path.write_text(NAIVE.replace("{text}", text), encoding="utf-8")
    return path


def has_run(opened: Opened) -> bool:
    return bool(opened.dialogs) or opened.injected() is not None


# With the page's own Content-Security-Policy switched off, escaping stands alone.
@pytest.mark.parametrize("bypass_csp", [False, True], ids=["as it is", "without its policy"])
def test_no_payload_runs(hostile: Report, open_page: Open, *, bypass_csp: bool) -> None:
    opened = open_page(hostile.page, bypass_csp=bypass_csp)
    assert opened.dialogs == []
    assert opened.injected() is None
    assert opened.requests == [hostile.page.as_uri()]
    assert opened.said == []


def test_payloads_add_no_element_and_no_attribute(
    form: str, hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    pages = [hostile_report_of(form, kind).page for kind in ("hostile", "tame")]
    hostile, tame = (open_page(page).skeleton() for page in pages)
    assert hostile == tame


def test_payloads_in_descriptors_are_shown_literally(
    hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    opened = open_page(hostile_report_of("bundles", "hostile").page)
    shown = dict(
        opened.page.locator("article").evaluate_all(
            """articles => articles.map(article => [article.querySelector("h3 code").textContent,
            [...article.querySelectorAll(".wording")].map(wording => wording.textContent)])"""
        )
    )
    assert shown == {
        entry.code: [wording for wording in (entry.previous, entry.current) if wording]
        for entry in entries(PAYLOADS)
    }


def test_payloads_in_section_titles_are_shown_literally(
    hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    opened = open_page(hostile_report_of("bundles", "hostile").page)
    table = opened.tables("section[aria-labelledby=counts] table")[1]
    assert [row[:2] for row in table[1:]] == [[text, f"{text} g"] for text in PAYLOADS]
    places = set(opened.texts(".place"))
    missing = [text for text in PAYLOADS if not any(f"{text}, {text} s" in one for one in places)]
    assert missing == []


def test_payloads_in_keys_columns_and_values_are_shown_literally(
    hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    opened = open_page(hostile_report_of("tables", "hostile").page)
    assert set(opened.texts("article h3 code")) == set(PAYLOADS)
    assert set(opened.texts("article dt")) == set(PAYLOADS)
    expected = {f"{text} {ending}" for text in PAYLOADS for ending in ("once", "now")}
    assert set(opened.texts("article .wording")) == expected


def test_payloads_in_file_names_are_shown_literally(
    form: str, hostile: Report, open_page: Open
) -> None:
    table = open_page(hostile.page).tables("section[aria-labelledby=releases] table")[0]
    assert all(FILES["hostile"] in " ".join(row) for row in table[1:])
    if form == "bundles":
        assert all(member in " ".join(row) for row in table[1:] for member in MEMBERS["hostile"])


def test_a_payload_in_the_title_is_shown_literally(
    hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    title = open_page(hostile_report_of("tables", "hostile").page).page.title()
    assert title.count(FILES["hostile"]) == 2


def test_payloads_do_not_make_the_page_scroll_sideways(hostile: Report, open_page: Open) -> None:
    opened = open_page(hostile.page, viewport={"width": 320, "height": 700})
    opened.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert opened.overflow() == 0


def test_a_naive_page_runs_the_payloads_so_that_this_harness_sees(
    open_page: Open, tmp_path: Path
) -> None:
    opened = [open_page(naive_page(tmp_path, text)) for text in PAYLOADS]
    ran = [one for one in opened if has_run(one)]
    assert len(ran) >= AT_LEAST
    assert any(len(one.requests) > 1 for one in opened), "no request was seen"
    assert any(one.said for one in opened), "no console message was seen"
