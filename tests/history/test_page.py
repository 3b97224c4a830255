"""The page of a history and the page of a code: the counts, the lists and what each says."""

import html
import itertools
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.history import Edition, Editions, find_life, make_timeline, read_histories, require_one
from cptdiff.history import page as pages
from cptdiff.history.life import Step
from cptdiff.history.page import render_history, render_life
from cptdiff.model import Note
from cptdiff.options import PLAIN, Presentation
from cptdiff.reports.templates import find_directory
from tests.history.test_timeline import CONVERSION, REAL, day, edition

Run = Callable[..., CompletedProcess[str]]
BAD = '<script>alert("1")</script>'
WIDGET = "Polishing of widget, 15-29 minutes"


def make(*editions: Edition, notes: tuple[Note, ...] = ()) -> Editions:
    return Editions("cpt", "CPT", CONVERSION, editions, notes)


def show_history(editions: Editions, on: date | None = None) -> str:
    return render_history(editions, make_timeline(editions), PLAIN, on).decode()


def show_life(editions: Editions, code: str, on: date | None = None) -> str:
    return render_life(editions, find_life(make_timeline(editions), code), PLAIN, on).decode()


def read_text(page: str) -> str:
    """The words of a page, without its elements and its style."""
    bare = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())


def list_tables(page: str) -> list[list[list[str]]]:
    """The cells of each table, row by row."""
    return [
        [[read_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
         for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
        for table in re.findall(r"<table.*?</table>", page, re.DOTALL)
    ]  # fmt: skip


@pytest.fixture
def life() -> Editions:
    """Five releases: codes that end, come back, are re-used, converted, reworded; one cycle."""
    return make(
        edition("2022-01-01", [
            {"code": "00001", "long": WIDGET}, {"code": "0001T", "long": "Trial of gauge"},
            {"code": "00005", "long": "Burial of horse carts"}, {"code": "00006"},
            {"code": "22", "kind": "modifier"},
        ]),
        edition("2023-01-01", [
            {"code": "00001", "long": WIDGET.replace("15", "20")},
            {"code": "0001T", "long": "Trial of gauge"}, {"code": "00006"},
        ]),
        edition("2024-01-01", [
            {"code": "00001", "long": WIDGET.replace("15", "20")}, {"code": "00002"},
            {"code": "00005", "long": "Mending of clock with new spring"},
        ], [("0001T", "00002"), ("0001T", "00003")]),
        edition("2025-01-01", [
            {"code": "00003"}, {"code": "00006"},
            {"code": "00005", "long": "Mending of clock with new spring"},
        ], [("00001", "00003"), ("00001", "99999"), ("00002", "00003")]),
        edition("2026-01-01", [
            {"code": "00004"}, {"code": "00006"},
            {"code": "00005", "long": "Mending of clock with new spring"},
        ], [("00003", "00004"), ("00003", "00001")]),
        notes=(Note("gap", "not covered: nothing really"),),
    )  # fmt: skip


def test_the_page_counts_what_happened_release_by_release(life: Editions) -> None:
    page = show_history(life, day("2023-06-30"))
    assert list_tables(page)[0] == [
        ["Release", "Valid", "Re-used", "Ended", "Came back", "Converted", "Added", "Reworded"],
        ["Widgets 2022-01-01 2022-01-01", "4", "", "", "", "", "", ""],
        ["Widgets 2023-01-01 2023-01-01", "3", "", "1", "", "", "", "1"],
        ["Widgets 2024-01-01 2024-01-01", "3", "1", "2", "", "1", "", ""],
        ["Widgets 2025-01-01 2025-01-01", "3", "", "2", "1", "", "1", ""],
        ["Widgets 2026-01-01 2026-01-01", "3", "", "1", "", "", "1", ""],
    ]  # fmt: skip
    text = read_text(page)
    assert "3 codes valid on 2026-01-01 (Widgets 2026-01-01). Since 2022-01-01: 1 re-used" in text
    assert "3 codes valid on 2023-06-30." in text
    assert "6 ended and 1 modifier" in text
    assert "Not covered: nothing really." in text


def test_each_event_is_listed_with_its_day_and_its_words(life: Editions) -> None:
    text = read_text(show_history(life))
    assert "Re-used codes (1)" in text
    assert "00005 Valid from 2024-01-01 Burial Mending of horse carts clock with new spring" in text
    assert "0001T Last valid date 2023-12-31 Trial of gauge Replaced by 00002, 00003" in text
    assert "00002 Valid from 2024-01-01 Polishing of widget Replaces 0001T" in text
    assert "22 modifier Last valid date 2022-12-31" in text
    assert "00001 From 2023-01-01 Polishing of widget, 15 20 -29 minutes" in text
    assert text.index("Re-used codes") < text.index("Ended codes") < text.index("Added codes")


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the publishers' releases are not here: {REAL}")
@pytest.mark.parametrize("files", ["icd10cm/*code*.zip", "hcpcs/201?-Alpha*.zip"])
def test_the_codes_of_a_release_are_those_before_and_what_began_without_what_ended(
    files: str,
) -> None:
    editions = require_one(read_histories(sorted(map(str, REAL.glob(files))), {}))
    (heads, *rows) = list_tables(show_history(editions))[0]
    number = {name: at for at, name in enumerate(heads)}
    came = [
        number[n]
        for n in ("Added", "Converted", "Became billable", "Came back", "Re-used")
        if n in number
    ]
    went = [number[name] for name in ("Ended", "Became headers") if name in number]
    counts = [[int(cell.replace(",", "") or 0) for cell in row[1:]] for row in rows]
    valid = [row[0] for row in counts]
    for at, row in enumerate(counts[1:], 1):
        begun = sum(row[column - 1] for column in came) - sum(row[column - 1] for column in went)
        assert valid[at] == valid[at - 1] + begun
    assert len(rows) == len(editions.editions)


def test_the_page_of_very_many_codes_stays_small_and_says_what_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "_MOST", 20)
    editions = make(
        edition("2025-01-01", [{"code": "00001"}]),
        edition("2026-01-01", [{"code": f"{number:05}"} for number in range(1, 101)]),
    )
    page = show_history(editions)
    text = read_text(page)
    assert "99 added" in text
    assert page.count("<article>") == 20
    assert "79 more, with earlier dates, are only in timeline.csv." in text


def test_a_code_is_told_from_its_verdict_to_its_last_replacements(life: Editions) -> None:
    text = read_text(show_life(life, "0001T", day("2023-12-31")))
    assert text.startswith("0001T in CPT, 5 releases")
    order = [
        "0001T on 2023-12-31: valid.",
        (
            "0001T is not valid for dates of service on or after 2024-01-01 (last valid date"
            " 2023-12-31)."
        ),
        "Valid from 2022-01-01 to 2023-12-31",
        "Start : in the first release read, Widgets 2022-01-01; it may be older.",
        "End : deleted; last seen in Widgets 2023-01-01.",
        "What replaced it",
        "00002 valid from 2024-01-01 to 2024-12-31 Polishing of widget",
        "00003 valid from 2025-01-01 to 2025-12-31 Polishing of widget",
        "00004 valid from 2026-01-01 on Polishing of widget",
    ]
    at = [text.index(part) for part in order]
    assert at == sorted(at)
    assert "00003 valid from 2025-01-01 to 2025-12-31; see above" in text


def test_replacements_that_lead_back_are_told_once(life: Editions) -> None:
    found = find_life(make_timeline(life), "00001")
    assert [(step.depth, step.code, step.is_open, step.is_again) for step in found.successors] == [
        (1, "00003", False, False), (2, "00001", False, True), (2, "00004", True, False),
        (1, "99999", False, False),
    ]  # fmt: skip
    assert found.successors[3].validity == "in none of these releases"
    assert [step.code for step in found.predecessors] == ["00003"]


def test_a_replacement_of_another_code_set_says_whose_it_is() -> None:
    row = {"code": "C1000", "replacements": "77046 C2000"}
    gone = row | {"state": "ended", "end_date": day("2025-06-30")}
    editions = make(edition("2025-01-01", [row]), edition("2026-01-01", [gone]))
    hcpcs = editions._replace(code_set="hcpcs", label="HCPCS Level II", conversion=None)
    steps = find_life(make_timeline(hcpcs), "C1000").successors
    assert [step.validity for step in steps] == [
        "CPT code; verify in CPT", "in none of these releases",
    ]  # fmt: skip
    assert "Replaced by 77046 (CPT code; verify in CPT), C2000" in read_text(show_history(hcpcs))


def test_replacements_that_meet_again_and_again_are_each_followed_once() -> None:
    layers = [[f"{layer:02}{number:03}" for number in range(3)] for layer in range(20)]
    pairs = [(one, other) for lower, upper in itertools.pairwise(layers)
             for one in lower for other in upper]  # fmt: skip
    codes = [{"code": code} for layer in layers for code in layer]
    editions = make(edition("2025-01-01", codes), edition("2026-01-01", [{"code": "99999"}], pairs))
    steps = find_life(make_timeline(editions), "00000").successors
    assert len(steps) == 3 + 18 * 9
    assert sum(not step.is_again for step in steps) == 19 * 3


def test_a_reused_code_says_that_it_was_something_else_with_a_redline(life: Editions) -> None:
    page = show_life(life, "00005")
    text = read_text(page)
    assert "00005 is valid in the latest release" in text
    assert "Before 2024-01-01 it described something else." in text
    assert '<b class="critical">critical</b>' in page
    assert "<del>Burial</del><ins>Mending</ins> of <del>horse carts</del>" in page


def test_each_release_says_what_it_has_of_a_code() -> None:
    row = {"code": "J1", "add_date": day("2024-07-01"), "end_date": day("2025-06-30")}
    editions = make(
        edition("2023-01-01", [{"code": "J2"}]),
        edition("2024-01-01", [row | {"state": "future"}]),
        edition("2025-01-01", [row]),
        edition("2026-01-01", [row | {"state": "ended"}]),
        edition("2027-01-01", [{"code": "J1", "kind": "header"}]),
    )
    table = list_tables(show_life(editions, "J1"))[-1]
    assert [row[2] for row in table[1:]] == [
        "not in it", "begins 2024-07-01", "valid", "ended 2025-06-30", "header",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("A02", "is valid in the latest release, Widgets 2026-01-01 (2026-01-01); no end is"),
        ("A03", ("is valid in the latest release, Widgets 2026-01-01 (2026-01-01); its last valid"
                " date is 2026-03-31.")),
        ("A04", "is not billable since 2026-01-01: it is a header"),
        ("A05", "is not valid before 2026-04-01."),
        ("A06", "is not valid for dates of service on or after 2026-01-01"),
    ],
)  # fmt: skip
def test_the_verdict_fits_what_became_of_the_code(code: str, verdict: str) -> None:
    editions = make(
        edition("2025-01-01", [{"code": "A04"}, {"code": "A06"}]),
        edition("2026-01-01", [
            {"code": "A02"}, {"code": "A03", "end_date": day("2026-03-31")},
            {"code": "A04", "kind": "header"},
            {"code": "A05", "state": "future", "add_date": day("2026-04-01")},
        ]),
    )  # fmt: skip
    assert f"{code} {verdict}" in read_text(show_life(editions, code))


def test_what_happened_while_no_release_is_read_is_not_guessed() -> None:
    editions = make(
        edition("2020-01-01", [{"code": "00001"}, {"code": "00002"}]),
        edition("2024-01-01", [{"code": "00002"}, {"code": "00003"}]),
    )
    text = read_text(show_life(editions, "00001", day("2022-06-30")))
    unknown = "not known: it changed between 2020-01-01 and 2024-01-01, without a release."
    assert f"00001 on 2022-06-30: {unknown}" in text
    assert (
        "00001 is not valid for dates of service on or after 2024-01-01; it ended on a day after"
        " 2020-01-01 that no release tells."
    ) in text
    assert "last seen in Widgets 2020-01-01; no release after it until 2024-01-01." in text
    text = read_text(show_life(editions, "00003", day("2022-06-30")))
    assert f"00003 on 2022-06-30: {unknown}" in text
    assert "first seen in Widgets 2024-01-01; no release before it since 2020-01-01." in text
    text = read_text(show_life(editions, "00002", day("2022-06-30")))
    assert "00002 on 2022-06-30: valid." in text
    late = read_text(show_life(editions, "00002", day("2026-06-30")))
    assert "00002 on 2026-06-30: valid by the latest release read, Widgets 2024-01-01." in late


def test_hostile_text_stays_text_and_the_pages_load_nothing() -> None:
    editions = make(
        edition("2025-01-01", [{"code": "00001", "long": BAD}, {"code": "00002", "long": BAD}]),
        edition("2026-01-01", [{"code": "00001", "long": f"{BAD} again"}]),
        notes=(Note("gap", BAD),),
    )
    for page in (show_history(editions), show_life(editions, "00001")):
        assert "<script" not in page
        assert html.escape(BAD, quote=False).replace('"', "&#34;") in page
        assert not re.search(r' (?:src|style|on\w+)=|url\(|href="(?!#)', page)
        assert "default-src 'none'; style-src 'sha256-" in page


def test_the_notice_stands_on_both_pages(life: Editions) -> None:
    looks = Presentation(notice="Wording by permission")
    timeline = make_timeline(life)
    assert b"Wording by permission" in render_history(life, timeline, looks)
    assert b"Wording by permission" in render_life(life, find_life(timeline, "00001"), looks)


def test_the_readme_of_the_templates_names_every_variable_and_field(
    life: Editions, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: set[str] = {"policy"}
    monkeypatch.setattr(pages, "render_styled", lambda _a, _b, names, _own: given.update(names))
    render_history(life, make_timeline(life), PLAIN)
    render_life(life, find_life(make_timeline(life), "00001"), PLAIN)
    text = (find_directory() / "README.md").read_text("utf-8").split("## Variables")[3]
    intro = {*re.findall(r"`([a-z_]+)`", text.split("| variable")[0])}
    rows = re.findall(r"^\| (`.*?) \| (.*) \|$", text, re.MULTILINE)
    names = {one for name, _ in rows for one in re.findall(r"`([a-z_]+)`", name)}
    assert intro | names == given
    for kind in (pages.Happening, pages.Event, pages.Stretch, Step):
        told = next(fields for name, fields in rows if name == f"`{kind.__name__}`")
        assert {*re.findall(r"`([a-z_]+)`", told)} == {*kind._fields}


def test_the_commands_write_their_pages(samples: Path, tmp_path: Path, cptdiff: Run) -> None:
    pair = (samples / "cpt-2026-legacy.zip", samples / "cpt-2027-legacy.zip")
    done = cptdiff("history", *pair, "-o", tmp_path / "any.html", "--notice", "By permission")
    assert done.returncode == 0
    page = (tmp_path / "any.html").read_text("utf-8")
    # sample_releases/README.md: 206 added, 54 deleted.
    assert "206 added" in read_text(page)
    assert "54 ended" in read_text(page)
    assert "By permission" in page
    again = cptdiff("history", *reversed(pair), "-o", tmp_path / "again.html", "--notice",
                    "By permission")  # fmt: skip
    assert again.returncode == 0
    assert (tmp_path / "again.html").read_text("utf-8") == page
    done = cptdiff("show", "0071T", *pair, "-o", tmp_path / "0071T.html")
    assert done.returncode == 0
    assert f"wrote {tmp_path / '0071T.html'}" in done.stderr
    assert done.stdout.startswith("0071T is ")
    assert "0071T in CPT" in (tmp_path / "0071T.html").read_text("utf-8")
    done = cptdiff("show", "0071T", *pair, "-o", "-", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (tmp_path / "0071T.html").read_text("utf-8")


def test_a_page_in_another_form_is_refused_before_anything_is_read(cptdiff: Run) -> None:
    done = cptdiff("show", "0071T", "nothing.zip", "-o", "0071T.pdf")
    assert done.returncode == 2
    assert "end it in .html" in done.stderr
