"""What the input says is shown and never done."""

from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from tests.browser.conftest import Open
from tests.browser.hostile import FILES, MEMBERS, SOME, TEXTS, VALUES, entries
from tests.browser.opened import Opened
from tests.browser.payloads import PAYLOADS
from tests.browser.reports import Report

FORMS = ("bundles", "tables")
# What tells what the words mean depends on them, in number but not in kind: these do not.
_ACTIVE = (
    "BASE", "BODY", "BUTTON", "EMBED", "FORM", "FRAME", "H1", "HEAD", "HTML", "IFRAME", "IMG",
    "INPUT", "LINK", "MAIN", "MATH", "META", "OBJECT", "SCRIPT", "STYLE", "SVG", "TEMPLATE",
    "TITLE", "VIDEO",
)  # fmt: skip
# As many classes and severities as the words happen to have.
_COUNTED = ".drawn, #filters"
_REACHING_OUT = """() => ["href", "src", "action", "data", "srcdoc"].flatMap(
    name => [...document.querySelectorAll(`[${name}]`)].map(one => one.getAttribute(name))
).filter(value => !value.startsWith("#"))"""
# What a page says is what stands in it beside its scripts and styles.
_SAID = """() => {
    const page = document.body.cloneNode(true)
    page.querySelectorAll("script, style, template").forEach(one => one.remove())
    return page.textContent
}"""
# Each entry's code, and the entry without the words of the other side, whatever else it tells.
_ENTRIES = """other => [...document.querySelectorAll("article")].map(article => {
    const entry = article.cloneNode(true)
    entry.querySelectorAll(other).forEach(one => one.remove())
    return [entry.querySelector("h3").textContent, entry.textContent]
})"""

HostileReportOf = Callable[[str, str], Report]
View = Callable[[Report], Opened]


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def hostile(form: str, hostile_report_of: HostileReportOf) -> Report:
    return hostile_report_of(form, "hostile")


def said(opened: Opened) -> str:
    text: str = opened.page.evaluate(_SAID)
    return text


def as_parsed(text: str) -> str:
    """Give the text with the line ends that a browser reads."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def words(skeleton: Iterable[str]) -> Iterable[str]:
    """Give the names of elements and of attributes."""
    return (word for one in skeleton for word in one.split(" "))


def missing(texts: Iterable[str], place: str) -> list[str]:
    return [text for text in texts if text not in place]


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
    pages = [view(hostile_report_of(form, kind)) for kind in TEXTS]
    hostile, tame = (page.skeleton() for page in pages)
    assert {*words(hostile)} <= {*words(tame), "DEL", "INS", "open"}
    counts = [Counter(one for one in page.skeleton(_COUNTED) if one.split(" ")[0] in _ACTIVE)
              for page in pages]  # fmt: skip
    assert counts[0] == counts[1]


def test_no_attribute_of_the_page_leads_out_of_it(hostile: Report, view: View) -> None:
    assert view(hostile).page.evaluate(_REACHING_OUT) == []


@pytest.mark.parametrize(("side", "other"), [("previous", "ins"), ("current", "del")])
def test_payloads_in_descriptors_are_shown_literally(
    hostile_report_of: HostileReportOf, view: View, side: str, other: str
) -> None:
    opened = view(hostile_report_of("bundles", "hostile"))
    shown = opened.page.evaluate(_ENTRIES, other)
    by_code = dict(shown)
    found = entries(PAYLOADS)
    assert len(shown) == len(found)
    hidden = [e.code for e in found if getattr(e, side) not in by_code[e.code]]
    assert hidden == []


def test_payloads_in_section_titles_are_shown_literally(
    hostile_report_of: HostileReportOf, view: View
) -> None:
    place = said(view(hostile_report_of("bundles", "hostile")))
    assert missing([f"{text} s" for text in PAYLOADS], place) == []
    assert missing([f"{text} g" for text in PAYLOADS], place) == []


def test_payloads_in_keys_columns_and_values_are_shown_literally(
    hostile_report_of: HostileReportOf, view: View
) -> None:
    opened = view(hostile_report_of("tables", "hostile"))
    assert missing([*PAYLOADS, *SOME["hostile"]], said(opened)) == []
    for ending, other in (("once", "ins"), ("now", "del")):
        place = "\0".join(text for _, text in opened.page.evaluate(_ENTRIES, other))
        values = [f"{text}{ending}{text}" for text in VALUES["hostile"]]
        assert missing([f"{text} {ending}" for text in PAYLOADS], place) == []
        assert missing([as_parsed(value) for value in values], place) == []


def test_payloads_in_the_notice_are_shown_literally(
    hostile_report_of: HostileReportOf, view: View
) -> None:
    assert missing(SOME["hostile"], said(view(hostile_report_of("bundles", "hostile")))) == []


def test_payloads_in_file_names_are_shown_literally(form: str, hostile: Report, view: View) -> None:
    names = (FILES["hostile"], *(MEMBERS["hostile"] if form == "bundles" else ()))
    assert missing(names, said(view(hostile))) == []


def test_a_payload_in_the_title_is_shown_literally(
    hostile_report_of: HostileReportOf, view: View
) -> None:
    title = view(hostile_report_of("tables", "hostile")).page.title()
    assert title.count(" ".join(FILES["hostile"].split())) == 2


def test_payloads_do_not_make_the_page_scroll_sideways(hostile: Report, open_page: Open) -> None:
    assert open_page(hostile.page).overflow_at(320, 1280) == {320: 0, 1280: 0}
