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
# What a page without escaping runs at least; the rest wait for a worse page or another browser.
AT_LEAST = 40
# The parts of the page that tell what the words mean.
JUDGED = "del, ins, .why, .family, section[aria-labelledby=meaning]"
NAIVE = """<!doctype html><html lang="en"><title>{text}</title><style>{text}</style>
<h1 title="{text}">{text}</h1><p class={text}>{text}</p><!-- {text} -->
<p title='{text}'><a href="{text}">{text}</a></p><script>const said = "{text}"</script>
<script>{ const link = document.querySelector("a");
link?.protocol == "javascript:" && link.click() }</script></html>"""
NOWHERE = "http://127.0.0.1:9/"  # where the payloads reach out to
_REACHING_OUT = """() => ["href", "src", "action", "data", "srcdoc"].flatMap(
    name => [...document.querySelectorAll(`[${name}]`)].map(one => one.getAttribute(name))
).filter(value => !value.startsWith("#"))"""

HostileReportOf = Callable[[str, str], Report]
View = Callable[[Report], Opened]


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def hostile(form: str, hostile_report_of: HostileReportOf) -> Report:
    return hostile_report_of(form, "hostile")


def naive_page(folder: Path, text: str) -> Path:
    path = folder / "naive.html"
    path.write_text(NAIVE.replace("{text}", text), encoding="utf-8")
    return path


def has_run(opened: Opened, path: Path) -> bool:
    opened.dialogs.clear()
    opened.goto(path)
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
    form: str, hostile_report_of: HostileReportOf, view: View
) -> None:
    pages = [view(hostile_report_of(form, kind)) for kind in ("hostile", "tame")]
    hostile, tame = (page.skeleton(without=JUDGED) for page in pages)
    assert hostile == tame
    # What is left out here depends on the words, in number but not in kind.
    hostile, tame = (page.skeleton() for page in pages)
    assert set(hostile) <= {*tame, "DEL", "INS"}


def test_no_attribute_of_the_page_leads_out_of_it(hostile: Report, view: View) -> None:
    assert view(hostile).page.evaluate(_REACHING_OUT) == []


def test_payloads_in_descriptors_are_shown_literally(
    hostile_report_of: HostileReportOf, view: View
) -> None:
    opened = view(hostile_report_of("bundles", "hostile"))
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
    hostile_report_of: HostileReportOf, view: View
) -> None:
    opened = view(hostile_report_of("bundles", "hostile"))
    table = opened.tables("section[aria-labelledby=counts] table")[1]
    assert [row[:2] for row in table[1:]] == [[text, f"{text} g"] for text in PAYLOADS]
    places = set(opened.texts(".place"))
    missing = [text for text in PAYLOADS if not any(f"{text}, {text} s" in one for one in places)]
    assert missing == []


def test_payloads_in_keys_columns_and_values_are_shown_literally(
    hostile_report_of: HostileReportOf, view: View
) -> None:
    opened = view(hostile_report_of("tables", "hostile"))
    assert set(opened.texts("article h3 code")) == set(PAYLOADS)
    assert set(opened.texts("article dt")) == set(PAYLOADS)
    expected = {f"{text} {ending}" for text in PAYLOADS for ending in ("once", "now")}
    assert set(opened.texts("article .wording")) == expected


def test_payloads_in_file_names_are_shown_literally(form: str, hostile: Report, view: View) -> None:
    names = (FILES["hostile"], *(MEMBERS["hostile"] if form == "bundles" else ()))
    for told in view(hostile).sides().values():
        assert [name for name in names if name not in told] == []


def test_a_payload_in_the_title_is_shown_literally(
    hostile_report_of: HostileReportOf, view: View
) -> None:
    title = view(hostile_report_of("tables", "hostile")).page.title()
    assert title.count(" ".join(FILES["hostile"].split())) == 2


def test_payloads_do_not_make_the_page_scroll_sideways(hostile: Report, open_page: Open) -> None:
    assert open_page(hostile.page).overflow_at(320, 1280) == {320: 0, 1280: 0}


def test_a_naive_page_runs_the_payloads_so_that_this_harness_sees(
    open_page: Open, tmp_path: Path
) -> None:
    opened = open_page(naive_page(tmp_path, "tame"))
    opened.context.route(f"{NOWHERE}**", lambda route: route.fulfill(status=204))
    assert not has_run(opened, naive_page(tmp_path, "tame"))
    ran = [text for text in PAYLOADS if has_run(opened, naive_page(tmp_path, text))]
    assert len(ran) >= AT_LEAST
    assert any(url.startswith(NOWHERE) for url in opened.requests)
    assert opened.said
