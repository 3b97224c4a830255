"""Above its cap the page holds the gravest changes and says how many are only in changes.csv."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pytest

from cptdiff.comparison import compare as diff
from cptdiff.options import PLAIN, Shown
from cptdiff.pipeline import load_release as load
from cptdiff.reports import html
from cptdiff.results import Choices, Results, make_results
from cptdiff.vocabulary import SEVERITIES

SAMPLES = Path(__file__).parents[2] / "sample_releases"
Page = Callable[[], str]


@pytest.fixture(scope="module")
def found() -> Results:
    return make_results(diff(*(load(SAMPLES / f"cpt-{year}-legacy.zip") for year in (2026, 2027))))


@pytest.fixture
def page(found: Results) -> Page:
    return lambda: html.render(found, PLAIN).decode()


def told(page: str) -> tuple[int, int]:
    """The figures of the sentence about what is left out."""
    sentence = r"This page shows the ([\d,]+) most severe changes; ([\d,]+) more are only in"
    here, elsewhere = re.search(sentence, page).groups()  # type: ignore[union-attr]
    return int(here), int(elsewhere)


def assert_the_gravest(found: Results, page: str) -> None:
    codes = re.findall(r'<article id="cpt-(?:modifier-)?(\w+)"', page)
    ranks = {row["code"]: SEVERITIES.index(row["severity"]) if row["severity"] else -1
             for row in found.entries.to_dicts()}  # fmt: skip
    least = min(ranks[code] for code in codes)
    assert all(rank <= least for code, rank in ranks.items() if code not in codes)
    assert told(page) == (len(codes), found.entries.height - len(codes))


def test_a_page_below_the_cap_leaves_nothing_out(page: Page) -> None:
    assert page().count("<article") == 345
    assert "This page shows the" not in page()


@pytest.mark.parametrize("most", [1, 60, 344])
def test_no_more_changes_than_the_cap(
    found: Results, page: Page, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(html, "MOST", most)
    monkeypatch.setattr(html, "_SAMPLE", 50)
    assert page().count("<article") == most
    assert_the_gravest(found, page())


@pytest.mark.parametrize("bytes_", [80_000, 150_000, 200_000])
def test_no_more_bytes_than_the_cap(
    found: Results, page: Page, monkeypatch: pytest.MonkeyPatch, bytes_: int
) -> None:
    monkeypatch.setattr(html, "LARGEST", bytes_)
    text = page()
    assert bytes_ * 0.8 < len(text.encode()) <= bytes_
    assert_the_gravest(found, text)


def test_a_sample_tells_how_many_will_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "_SAMPLE", 50)
    monkeypatch.setattr(html, "LARGEST", 100_000)
    ranked = pl.DataFrame({"size": range(1000)})
    sizes: list[int] = []

    def size(row: Mapping[str, int]) -> int:
        sizes.append(row["size"])
        return row["size"]

    # The first 447 of them take 100,000 bytes.
    assert html.count_fitting(ranked, size) == pytest.approx(447, abs=20)
    assert len(sizes) < 50


def test_the_first_screen_counts_what_is_left_out_too(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = r"\d+ need a coder|\d+ critical or high revisions|\d+ deletions[^<]*"
    whole = re.findall(counts, page())
    monkeypatch.setattr(html, "MOST", 10)
    monkeypatch.setattr(html, "_SAMPLE", 5)
    cut = page()
    assert re.findall(counts, cut) == whole
    assert len(whole) == 3
    first = cut[cut.index("<header>") : cut.index("</header>")]
    assert told(first) == (10, 335)
    # No link leads to a filter that this page does not offer.
    for name in ("change", "review"):
        offered = set(re.findall(rf'name="{name}" value="(\w+)"', cut))
        assert set(re.findall(rf"[#;]{name}=(\w+)", cut)) <= offered != set()


def test_figures_say_of_how_many_where_not_all_were_asked_for(found: Results) -> None:
    asked = Choices(Shown(changes=("added",)))
    shown = html.render(make_results(found.changes, found.judgement, asked), PLAIN).decode()
    figures = re.findall(r"<b>([^<]*)</b> (\w+)", shown)
    assert figures == [("206", "Added"), ("0 of 54", "Deleted"), ("0 of 69", "Revised")]
    heads = re.findall(r'<th scope="col">.*?>(\w[^<]*)</a></th>', shown)
    assert heads == ["Added"]


def test_codes_without_a_change_never_take_the_room_of_changes(
    found: Results, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'data-unchanged="' in page()
    monkeypatch.setattr(html, "is_small", lambda _: False)
    full = page()
    assert 'data-unchanged="' not in full
    assert 'data-unseen=""' in full
    assert full.count("<article") == found.entries.height


def test_more_left_out_codes_than_a_page_bears_are_not_told_apart(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "MOST", 10)
    assert 'data-unseen="0' in page()
    monkeypatch.setattr(html, "_MOST_KNOWN", 100)
    assert "data-unseen" not in page().split("<script>")[0]
