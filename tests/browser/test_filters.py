"""The list as its readers use it: what changes.csv says of the same filter is the judge."""

import csv
import html
import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

from cptdiff import load
from tests.browser.conftest import Open
from tests.browser.opened import Opened
from tests.browser.reports import Report, Row, compare_samples

ReportOf = Callable[[str], Report]
Make = Callable[..., Path]
FILTERS = ("change", "severity", "section", "class", "kind", "replacement", "review")
SEVERITIES = ("critical", "high", "medium", "low", "info", "")
PAIRS = ("CPT", "HCPCS", "ICD-10-CM")


def values(row: Row, replacements: dict[tuple[str, str], str]) -> dict[str, set[str]]:
    """What each filter finds the row by."""
    change = "attributes" if row["reason"] == "attributes-only" else row["change"]
    return {
        "change": {change},
        "severity": {row["severity"]},
        "section": {row["section"]},
        "class": set(row["classes"].split(";")),
        "kind": {row["kind"]},
        "replacement": {replacements.get((row["kind"], row["code"]), "")},
        "review": {review(row, replacements)},
    }


def review(row: Row, replacements: dict[tuple[str, str], str]) -> str:
    """Why the row needs a coder, if it does."""
    if row["change"] == "deleted":
        stated = replacements.get((row["kind"], row["code"])) == "stated"
        return "" if stated or row["kind"] == "header" else "deleted"
    if row["change"] == "revised":
        return "revised" if row["severity"] in {"critical", "high"} else ""
    return "reinstated" if row["reason"] == "reinstated" else ""


def replacements_of(report: Report) -> dict[tuple[str, str], str]:
    """Stated, candidate or none, by crosswalk.csv."""
    found: dict[tuple[str, str], str] = {}
    with (report.folder / "crosswalk.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            word = "none" if not row["replacement"] else "candidate"
            word = "stated" if word != "none" and row["confidence"] == "stated" else word
            key = row["kind"], row["code"]
            found[key] = max(
                found.get(key, ""), word, key=("", "none", "candidate", "stated").index
            )
    return found


def expected(report: Report, chosen: dict[str, set[str]]) -> list[str]:
    replaced = replacements_of(report)
    return [
        row["code"]
        for row in report.changes()
        if all(values(row, replaced)[name] & wanted for name, wanted in chosen.items())
    ]


def codes(opened: Opened) -> list[str]:
    read = "found => found.map(one => one.dataset.code ?? one.querySelector('h3').textContent)"
    found: list[str] = opened.page.locator("article").evaluate_all(read)
    return found


def choose(opened: Opened, chosen: dict[str, set[str]]) -> None:
    """Tick these boxes, as a reader does."""
    for name, wanted in chosen.items():
        for value in sorted(wanted):
            box = opened.page.locator(f'input[name="{name}"][value="{value}"]')
            fold = opened.page.locator("details", has=box)
            if not box.is_visible():
                fold.locator("summary").click()
            box.check()


def clear(opened: Opened) -> None:
    opened.page.click("button[type=reset]")
    opened.page.wait_for_function("() => !location.hash")


def options(opened: Opened, name: str) -> dict[str, int]:
    """The choices of a filter with the numbers beside them."""
    found = opened.page.locator(f'label:has(input[name="{name}"])').evaluate_all(
        "labels => labels.map(label => [label.firstChild.value, label.lastChild.textContent])"
    )
    return {value: int(number.split()[0].replace(",", "")) for value, number in found}


@pytest.fixture(params=PAIRS)
def report(request: pytest.FixtureRequest, report_of: ReportOf) -> Report:
    return report_of(request.param)


@pytest.fixture
def opened(report: Report, open_page: Open) -> Iterator[Opened]:
    opened = open_page(report.page, viewport={"width": 1280, "height": 900})
    yield opened
    assert opened.said == []
    assert len(opened.requests) == 1


@pytest.fixture
def cpt(report_of: ReportOf, open_page: Open) -> Opened:
    return open_page(report_of("CPT").page, viewport={"width": 1280, "height": 900})


def test_each_choice_finds_what_changes_csv_says_and_as_many_as_it_tells(
    report: Report, opened: Opened
) -> None:
    tried = 0
    for name in FILTERS:
        for value, number in options(opened, name).items():
            choose(opened, {name: {value}})
            found = codes(opened)
            assert found == expected(report, {name: {value}}), (name, value)
            assert len(found) == number
            clear(opened)
            tried += 1
    assert tried > 10
    assert codes(opened) == [row["code"] for row in report.changes()]


@pytest.mark.parametrize("pair", list(combinations(FILTERS, 2)), ids="-".join)
def test_two_filters_both_hold_and_choices_of_one_add_up(
    pair: tuple[str, str], report_of: ReportOf, cpt: Opened
) -> None:
    report = report_of("CPT")
    found = 0
    firsts, seconds = (list(options(cpt, name)) for name in pair)
    for first in firsts[-2:]:
        chosen = {pair[0]: {first}, pair[1]: set(seconds[:-1] or seconds)}
        choose(cpt, chosen)
        assert codes(cpt) == expected(report, chosen)
        found += len(codes(cpt))
        clear(cpt)
    # Low severities never need a coder, and few deletions have a replacement of each kind.
    assert found or {"replacement", "review"} & set(pair)


def test_the_status_tells_how_many_match(report: Report, opened: Opened) -> None:
    every = len(report.changes())
    assert opened.texts("#shown") == [f"{every} changes"]
    choose(opened, {"change": {"added"}})
    number = len(expected(report, {"change": {"added"}}))
    assert opened.texts("#shown") == [f"{number} of {every} changes: change Added"]
    opened.page.fill("#words", "C44")
    opened.page.select_option("#sort", "section")
    (told,) = opened.texts("#shown")
    assert told.endswith("changes: change Added; words C44; sorted by section")
    assert opened.page.locator("#shown").get_attribute("role") == "status"


@pytest.mark.parametrize("words", ["wound", "WOUND closure", "w/control", "33716", "without"])
def test_words_find_codes_and_wording_in_any_case(
    words: str, report_of: ReportOf, cpt: Opened
) -> None:
    report = report_of("CPT")
    fields = report.fields()
    cpt.page.fill("#words", words)
    found = []
    for row in report.changes():
        told = [row["code"], row["previous_descriptor"], row["current_descriptor"]]
        if row["change"] == "revised":
            told += [text for pair in fields[row["kind"], row["code"]] for text in pair]
        if all(word in "\n".join(told).lower() for word in words.lower().split()):
            found.append(row["code"])
    assert codes(cpt) == found
    assert found


def test_a_range_finds_the_codes_between(report_of: ReportOf, cpt: Opened) -> None:
    listed = [row["code"] for row in report_of("CPT").changes() if row["kind"] == "code"]
    first, last = listed[40], listed[90]
    cpt.page.fill("#words", f"{first.lower()}-{last.lower()}")
    assert [code for code in codes(cpt) if first <= code <= last] == codes(cpt)
    assert {first, last} <= set(codes(cpt))


@pytest.mark.parametrize("by", ["severity", "section", "change"])
def test_sorting_keeps_the_order_of_codes_within_equals(
    by: str, report_of: ReportOf, cpt: Opened
) -> None:
    rows = report_of("CPT").changes()
    sections = list(options(cpt, "section"))
    changes = ("deleted", "revised", "attributes", "added", "transient")
    ranks: dict[str, Callable[[Row], int]] = {
        "severity": lambda row: SEVERITIES.index(row["severity"]),
        "section": lambda row: sections.index(row["section"]),
        "change": lambda row: changes.index(min(values(row, {})["change"])),
    }
    cpt.page.select_option("#sort", by)
    assert codes(cpt) == [row["code"] for row in sorted(rows, key=ranks[by])]
    cpt.page.select_option("#sort", "")
    assert codes(cpt) == [row["code"] for row in rows]


def test_the_address_holds_the_state_and_brings_it_back(cpt: Opened, open_page: Open) -> None:
    choose(cpt, {"change": {"revised", "deleted"}, "section": {"Surgery"}})
    cpt.page.fill("#words", "removal W/")
    cpt.page.select_option("#sort", "severity")
    told = urlsplit(cpt.page.evaluate("location.href"))
    assert sorted(parse_qsl(told.fragment)) == [
        ("change", "deleted"), ("change", "revised"), ("q", "removal W/"),
        ("section", "Surgery"), ("sort", "severity"),
    ]  # fmt: skip
    again = open_page(Path(told.path), fragment=told.fragment)
    assert codes(again) == codes(cpt)
    assert codes(again)
    assert again.page.input_value("#words") == "removal W/"
    assert again.page.input_value("#sort") == "severity"


def test_going_back_in_the_address_goes_back_in_the_list(cpt: Opened) -> None:
    # The list follows the address, which a browser tells of some moments later.
    shown = cpt.page.locator("#shown")
    cpt.page.click(".verdict a >> nth=1")
    expect(shown).to_have_text(re.compile(r"^\d+ of 345 changes: "))
    grave, told = codes(cpt), cpt.texts("#shown")[0]
    cpt.page.click(".figures .deleted a")
    expect(shown).not_to_have_text(told)
    assert codes(cpt) != grave
    cpt.page.go_back()
    expect(shown).to_have_text(told)
    assert codes(cpt) == grave


@pytest.mark.parametrize("fragment", ["q=%", "%", "no-such", "=&=", "sort=no-such"])
def test_an_address_that_says_nothing_does_no_harm(
    fragment: str, report_of: ReportOf, open_page: Open
) -> None:
    opened = open_page(report_of("CPT").page, fragment=fragment)
    assert opened.said == []
    opened.page.fill("#words", "wound")
    assert codes(opened)


@pytest.mark.parametrize(
    ("fragment", "named"),
    [("change=no-such&severity=high", "change no-such"), ("section=Nowhere", "section Nowhere"),
     ("cpt-99999", "cpt-99999")],
)  # fmt: skip
def test_an_address_of_what_is_not_on_the_page_says_so(
    fragment: str, named: str, report_of: ReportOf, open_page: Open
) -> None:
    opened = open_page(report_of("CPT").page, fragment=fragment)
    assert opened.texts("#shown") == [f"Not on this page: {named}"]
    assert codes(opened) == []
    opened.page.click("button[type=reset]")
    opened.page.wait_for_selector("article")
    assert opened.texts("#shown") == ["345 changes"]


def test_links_of_the_first_screen_list_what_they_count(opened: Opened) -> None:
    links = opened.page.locator(".figures a, .verdict a").all()
    for link in links:
        told = link.inner_text().split()[0]
        extra = link.locator("xpath=..").locator(".others").all_text_contents()
        number = int(told.replace(",", "")) + sum(
            int(word.replace(",", "")) for text in extra for word in text.split() if word.isdigit()
        )
        link.click()
        # The list follows the address, which a browser tells of some moments later.
        expect(opened.page.locator("#shown"), told).to_have_text(re.compile(rf"^{number:,} "))
    assert len(links) > 3


def test_every_entry_has_an_address_that_leads_to_it(report: Report, open_page: Open) -> None:
    row = report.changes()[-3]
    kind = "" if row["kind"] == "code" else f"{row['kind']}-"
    address = f"{row['code_set']}-{kind}{row['code']}"
    opened = open_page(report.page, fragment=address)
    entry = opened.page.locator(f"#{address}")
    assert entry.locator("h3").text_content() == row["code"]
    top = entry.evaluate("entry => entry.getBoundingClientRect().top")
    bottom = opened.page.evaluate("innerHeight")
    assert 0 <= top < bottom
    opened.page.wait_for_selector(f"#{address}.here")
    assert entry.locator("h3 a").evaluate("link => link === document.activeElement")


def place_of(opened: Opened, address: str) -> float:
    entry = opened.page.locator(f"#{address}")
    top: float = entry.evaluate("entry => entry.getBoundingClientRect().top")
    return top


def test_an_address_that_the_filter_hides_is_shown_all_the_same(cpt: Opened) -> None:
    choose(cpt, {"change": {"deleted"}})
    hidden = "cpt-33019"
    assert not cpt.page.locator(f"#{hidden}").count()
    cpt.page.evaluate("address => { location.hash = address }", hidden)
    cpt.page.wait_for_selector(f"#{hidden}.here")
    cpt.page.wait_for_timeout(100)
    assert cpt.page.evaluate("location.href").endswith(f"#{hidden}")
    assert 0 <= place_of(cpt, hidden) < 900
    assert cpt.texts("#shown") == ["345 changes"]


def test_going_back_from_an_entry_goes_back_to_the_place(cpt: Opened) -> None:
    cpt.page.evaluate("() => { location.hash = 'change=added&change=deleted' }")
    link = cpt.page.locator(".why a[href='#cpt-0605U']").last
    link.scroll_into_view_if_needed()
    before = cpt.page.evaluate("scrollY")
    link.click()
    cpt.page.wait_for_selector("#cpt-0605U.here")
    cpt.page.go_back()
    cpt.page.wait_for_function("before => Math.abs(scrollY - before) < 5", arg=before)


def test_a_word_with_a_hyphen_is_no_range_of_codes(report_of: ReportOf, open_page: Open) -> None:
    opened = open_page(report_of("ICD-10-CM").page)
    opened.page.fill("#words", "long-term")
    assert codes(opened) == []


@pytest.mark.parametrize("form", ["range", "dotted", "dotted lower"])
def test_icd_codes_are_found_as_people_write_them(
    form: str, report_of: ReportOf, open_page: Open
) -> None:
    report = report_of("ICD-10-CM")
    listed = [row["code"] for row in report.changes()]
    long = next(code for code in listed if len(code) > 3)
    opened = open_page(report.page)
    if form == "range":
        opened.page.fill("#words", f"{long[:3]}-{long[0]}99")
        assert codes(opened) == [c for c in listed if long[:3] <= c[:3] <= f"{long[0]}99"]
    else:
        dotted = f"{long[:3]}.{long[3:]}"
        opened.page.fill("#words", dotted.lower() if "lower" in form else dotted)
        assert codes(opened) == [code for code in listed if code.startswith(long)]
        assert opened.texts("article h3")[0].startswith(dotted)


def test_links_to_families_and_replacements_lead_to_entries(
    report_of: ReportOf, cpt: Opened
) -> None:
    addresses = cpt.page.locator(".why a, .attention li > a").evaluate_all(
        "links => links.map(link => link.getAttribute('href').slice(1))"
    )
    ids = cpt.page.locator("article").evaluate_all("articles => articles.map(one => one.id)")
    assert set(addresses) <= set(ids)
    replaced = {
        code
        for row in report_of("CPT").changes()
        for code in row["replacements"].split(";")
        if code
    }
    assert replaced <= {address.removeprefix("cpt-") for address in addresses}


def test_the_list_is_copied_as_text(cpt: Opened, report_of: ReportOf) -> None:
    cpt.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(cpt, {"severity": {"critical"}})
    cpt.page.click("#copy")
    cpt.page.wait_for_function("() => document.getElementById('done').textContent")
    assert cpt.texts("#done") == ["Copied: 2 changes"]
    copied = cpt.page.evaluate("navigator.clipboard.readText()")
    told = [row for row in report_of("CPT").changes() if row["severity"] == "critical"]
    for row in told:
        for text in (row["code"], row["previous_descriptor"], row["current_descriptor"]):
            assert text in copied
    assert copied.startswith(
        "CPT: changes from CPT 2026 to CPT 2027 (2 of 345 changes: severity critical)"
    )


def test_the_list_is_copied_where_the_clipboard_is_forbidden(cpt: Opened) -> None:
    cpt.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    cpt.page.evaluate(
        "() => document.addEventListener('copy', () => { window.copied = `${getSelection()}`"
        " || document.activeElement.value })"
    )
    cpt.page.click("#copy")
    cpt.page.wait_for_function("() => document.getElementById('done').textContent")
    assert cpt.page.evaluate("window.copied").count("\n") > 600
    assert cpt.page.locator("textarea:not([name])").count() == 0


def downloaded(opened: Opened, name: str = "changes.csv") -> bytes:
    with opened.page.expect_download() as caught:
        opened.page.click("#download")
    assert caught.value.suggested_filename == name
    return Path(caught.value.path()).read_bytes()


def test_the_whole_list_is_downloaded_as_changes_csv_is(report: Report, opened: Opened) -> None:
    assert downloaded(opened) == (report.folder / "changes.csv").read_bytes()


def test_a_table_is_downloaded_as_changes_csv_is(report_of: ReportOf, open_page: Open) -> None:
    report = report_of("a table")
    opened = open_page(report.page)
    assert downloaded(opened) == (report.folder / "changes.csv").read_bytes()


def test_a_filtered_and_sorted_list_is_downloaded_as_it_is_shown(
    report_of: ReportOf, cpt: Opened
) -> None:
    choose(cpt, {"change": {"revised"}, "section": {"Surgery"}})
    cpt.page.select_option("#sort", "severity")
    rows = list(csv.DictReader(io.StringIO(downloaded(cpt, "changes-filtered.csv").decode())))
    assert [row["code"] for row in rows] == codes(cpt)
    assert all(row in report_of("CPT").changes() for row in rows)
    assert without_repeats(row["section"] for row in rows) == ["Surgery"]


def without_repeats(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


@pytest.mark.parametrize(
    ("name", "options"),
    [("CPT", ()), ("CPT", ("--only", "added")), ("CPT", ("--only", "revised,modifier")),
     ("ICD-10-PCS", ("--only", "code")), ("a table", ("--only", "deleted"))],
)  # fmt: skip
def test_every_link_to_a_filter_lists_something(
    name: str, options: tuple[str, ...], open_page: Open, tmp_path: Path
) -> None:
    opened = open_page(compare_samples(name, tmp_path, *options).page)
    links = opened.page.locator('a[href*="="]')
    addresses = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert addresses
    for address in sorted(set(addresses)):
        opened.page.evaluate("address => { location.hash = address }", address)
        opened.page.wait_for_timeout(20)
        assert codes(opened), f"{address}: {opened.texts('#shown')}"


def unchanged_of(report: Report, number: int) -> list[str]:
    """Codes of both releases without a change, from all over the code set."""
    page = report.page.read_text("utf-8")
    (packed,) = re.findall(r'data-unchanged="([^"]*)"', page)
    lines = [line.split(" ") for line in html.unescape(packed).split("\n")]
    codes = [start + rest for start, *rests in lines for rest in rests]
    return codes[:: len(codes) // number][:number]


@pytest.mark.parametrize("between", ["\n", ",", " ", "; ", "\r\n", ", "])
def test_a_pasted_list_finds_each_of_its_codes_and_says_what_became_of_the_others(
    between: str, report_of: ReportOf, cpt: Opened
) -> None:
    report = report_of("CPT")
    changed = [row["code"] for row in report.changes() if row["kind"] == "code"][10:60:10]
    unchanged = unchanged_of(report, 4)
    cpt.page.fill("#words", between.join([*unchanged, *changed, "99999"]))
    assert codes(cpt) == changed
    assert cpt.texts("#shown") == [f"{len(changed)} of 345 changes: any of 10 codes"]
    assert cpt.texts("#asked > p") == [
        "10 codes: 4 unchanged, 5 changed, 1 valid in neither release",
        f"Unchanged: {', '.join(unchanged)}",
        "Valid in neither release: 99999",
    ]


def test_the_unchanged_codes_are_those_of_both_releases(report_of: ReportOf) -> None:
    report = report_of("CPT")
    sides = [load(path).entries["code"] for path in (report.previous, report.current)]
    changed = {row["code"] for row in report.changes()}
    both = set(sides[0]) & set(sides[1]) - changed
    assert set(unchanged_of(report, len(both))) == both


def test_the_codes_of_a_list_keep_their_order_of_the_page_and_other_filters_hold(
    report_of: ReportOf, cpt: Opened
) -> None:
    rows = [row for row in report_of("CPT").changes() if row["kind"] == "code"]
    some = [row["code"] for row in rows[10:100:10]]
    choose(cpt, {"change": {"added"}})
    cpt.page.fill("#words", " ".join(reversed(some)))
    added = [row["code"] for row in rows if row["change"] == "added" and row["code"] in some]
    assert codes(cpt) == added
    assert cpt.texts("#asked > p")[0] == f"{len(some)} codes: {len(some)} changed"


def test_icd_codes_of_a_list_may_have_their_dot_and_ranges_stand_among_them(
    report_of: ReportOf, open_page: Open
) -> None:
    report = report_of("ICD-10-CM")
    listed = [row["code"] for row in report.changes()]
    long = [code for code in listed if len(code) > 3]
    first, last = long[0], long[-1]
    opened = open_page(report.page)
    opened.page.fill(
        "#words", f"{first[:3]}.{first[3:].lower()}\n{last}, {listed[5][:3]}-{listed[9][:3]}"
    )
    assert codes(opened) == [
        code
        for code in listed
        if code in {first, last} or listed[5][:3] <= code[:3] <= listed[9][:3]
    ]
    opened.page.fill("#words", "Z99.8 Z99.89X")
    (told, *_) = opened.texts("#asked > p")
    assert told.startswith("2 codes: ")
    assert "Z99.89X" in opened.texts("#asked > p")[-1]


def test_one_code_without_a_change_is_said_to_have_none(report_of: ReportOf, cpt: Opened) -> None:
    (one,) = unchanged_of(report_of("CPT"), 1)
    cpt.page.fill("#words", one)
    assert cpt.texts("#asked > p") == ["1 code: 1 unchanged", f"Unchanged: {one}"]
    cpt.page.fill("#words", "wound")
    assert cpt.texts("#asked > p") == []


def test_the_address_keeps_a_list_of_codes(
    report_of: ReportOf, cpt: Opened, open_page: Open
) -> None:
    listed = [row["code"] for row in report_of("CPT").changes()]
    cpt.page.fill("#words", f"{listed[3]}\n{listed[7]}\n99999")
    told = urlsplit(cpt.page.evaluate("location.href"))
    again = open_page(Path(told.path), fragment=told.fragment)
    assert codes(again) == [listed[3], listed[7]]
    assert again.texts("#asked > p")[0] == "3 codes: 2 changed, 1 valid in neither release"


def test_a_code_that_a_filter_left_out_is_not_called_unchanged(
    open_page: Open, tmp_path: Path
) -> None:
    report = compare_samples("CPT", tmp_path, "--only", "added")
    with (tmp_path / "run" / "changes.csv").open(encoding="utf-8", newline="") as lines:
        added = next(csv.DictReader(lines))["code"]
    opened = open_page(report.page)
    opened.page.fill("#words", f"{added} 33019")
    assert opened.texts("#asked > p")[0] == "2 codes: 1 changed, 1 changed, but not on this page"


@pytest.mark.parametrize("words", ["of to", "wound 33716", "left or right"])
def test_words_stay_words_that_must_all_occur(words: str, cpt: Opened) -> None:
    cpt.page.fill("#words", words)
    assert cpt.texts("#asked > p") == []
    assert cpt.texts("#shown")[0].endswith(f"words {words}")


def test_a_long_answer_can_be_opened(report_of: ReportOf, cpt: Opened) -> None:
    many = unchanged_of(report_of("CPT"), 60)
    cpt.page.fill("#words", "\n".join(many))
    assert cpt.texts("#asked > p") == ["60 codes: 60 unchanged"]
    assert not cpt.page.locator("#asked details > p").is_visible()
    cpt.page.click("#asked summary")
    assert cpt.texts("#asked details > p") == [", ".join(many)]


def test_keys_of_a_table_are_found_as_they_are_written(
    report_of: ReportOf, open_page: Open
) -> None:
    report = report_of("a table")
    listed = [row["code"] for row in report.changes()]
    opened = open_page(report.page)
    opened.page.fill("#words", f"{listed[0]}\n{listed[1]}\nNOSUCH1")
    assert codes(opened) == listed[:2]
    assert opened.texts("#asked > p")[0].startswith("3 codes: 2 changed, 1 ")


def test_codes_of_another_code_set_may_stand_in_a_list(
    report_of: ReportOf, open_page: Open
) -> None:
    report = report_of("HCPCS")
    listed = [row["code"] for row in report.changes() if row["kind"] == "code"][:2]
    opened = open_page(report.page)
    opened.page.fill("#words", f"{listed[0]}\n99213\n{listed[1]}")
    assert codes(opened) == listed
    assert opened.texts("#asked > p")[-1] == "In another code set (CPT): 99213"


@pytest.mark.parametrize("paste", ["{0} ZZZZZ", "{0}\n{1} Final reports\nZZZZZ", "{0}, reports"])
def test_what_is_no_code_in_a_list_is_named_and_hides_none_of_the_codes(
    paste: str, report_of: ReportOf, open_page: Open
) -> None:
    report = report_of("HCPCS")
    listed = [row["code"] for row in report.changes() if row["kind"] == "code"][:2]
    opened = open_page(report.page)
    opened.page.fill("#words", paste.format(*listed))
    asked = [code for code in listed if code in paste.format(*listed)]
    assert codes(opened) == asked
    told = opened.texts("#asked > p")
    assert f"{len(asked)} changed" in told[0]
    assert told[-1].startswith("Not a code: ") or "ZZZZZ" in told[-1]


def test_what_the_publisher_did_not_announce_is_listed(
    report_of: ReportOf, make: Make, open_page: Open, tmp_path: Path
) -> None:
    """Of the sample's changes the list names all but the added ones."""
    rows = report_of("CPT").changes()
    lines = [f"{row['code']},{row['change']}" for row in rows if row["change"] != "added"]
    listed = make(tmp_path / "list.csv", "\n".join(["code,change", *lines, ""]))
    report = compare_samples("CPT", tmp_path, "--published", f"{listed}")
    added = [row["code"] for row in rows if row["change"] == "added"]
    opened = open_page(report.page)
    opened.page.click(".finding a >> nth=0")
    expect(opened.page.locator("#shown")).to_have_text(re.compile(rf"^{len(added)} of "))
    assert codes(opened) == added
    assert set(opened.texts("article .tags i:last-child")) == {"not announced"}
    assert report.summary()["reconciliation"]["not_announced"] == len(added)


@pytest.mark.parametrize("asked", ["99213", "99213, 99214", "99213 A0248"])
def test_codes_of_a_neighboring_code_set_are_told_to_be_of_another_one(
    asked: str, report_of: ReportOf, open_page: Open
) -> None:
    opened = open_page(report_of("HCPCS").page)
    opened.page.fill("#words", asked)
    told = opened.texts("#asked > p")
    named = [code for code in ("99213", "99214") if code in asked]
    assert f"{len(named)} in another code set (CPT)" in told[0]
    assert f"In another code set (CPT): {', '.join(named)}" in told
    assert not any("neither release" in text for text in told)


def test_a_modifier_as_the_files_write_it_finds_itself_alone(
    report_of: ReportOf, open_page: Open
) -> None:
    report = report_of("CPT")
    (modifier, *_) = (row["code"] for row in report.changes() if row["kind"] == "modifier")
    opened = open_page(report.page)
    opened.page.fill("#words", modifier)
    assert codes(opened) == [modifier]
    assert opened.texts("#shown")[0].endswith(f": modifier {modifier}")


def test_the_filter_of_severities_says_how_many_are_deletions(
    report: Report, opened: Opened
) -> None:
    rows = [row for row in report.changes() if row["severity"] == "high"]
    gone = sum(row["change"] == "deleted" for row in rows)
    told = opened.page.locator("label", has=opened.page.locator("[name=severity][value=high]"))
    assert told.locator("i").text_content() == f"{len(rows)} ({gone} deleted)"
