"""The page of an impact run and the pages of owners, read as people read them."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.payloads import TEMPLATES
from tests.browser.reports import ROOT, SAMPLES

OWNER = "Operating-Room"
PDFTOTEXT = shutil.which("pdftotext")
NARROW, PHONE, WIDE = 320, 390, 1280


class Impact(NamedTuple):
    """The folder of an impact run, and what its impact.csv says."""

    folder: Path
    rows: list[dict[str, str]]

    @property
    def pages(self) -> dict[str, Path]:
        """The page for all, and one for an owner."""
        return {
            "all": self.folder / "impact.html",
            "owner": self.folder / "by-owner" / f"{OWNER}.html",
        }


def judge(folder: Path, *words: str | Path, code: int) -> Impact:
    """Call the command as its users do."""
    pairs = [
        f"{SAMPLES / f'{name}'.format(2026)}:{SAMPLES / f'{name}'.format(2027)}"
        for name in ("cpt-{}-legacy.zip", "hcpcs-{}-january.zip")
    ]
    done = subprocess.run(
        [sys.executable, "-m", "cptdiff", "impact", *pairs, *map(str, words), "-o", str(folder)],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    with (folder / "impact.csv").open(encoding="utf-8", newline="") as lines:
        return Impact(folder, list(csv.DictReader(lines)))


@pytest.fixture(scope="module")
def impact(tmp_path_factory: pytest.TempPathFactory) -> Impact:
    """Judge the sample chargemaster, once."""
    words: list[str | Path] = [
        *("--list", SAMPLES / "chargemaster-2026.csv", "--group-by", "Department Name"),
        *("--volume-column", "Annual Volume", "--price-column", "Price", "--suggest"),
    ]
    return judge(tmp_path_factory.mktemp("impact") / "out", *words, code=3)


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize(("name", "scheme"), [("all", "light"), ("owner", "dark")])
def test_the_pages_have_no_violation(
    name: str, scheme: str, impact: Impact, open_page: Open
) -> None:
    opened = open_page(impact.pages[name], color_scheme=scheme)
    # With all folds open.
    opened.overflow_at(NARROW)
    assert violations(opened.page) == []


@pytest.mark.parametrize("name", ["all", "owner"])
def test_the_pages_are_no_wider_than_the_window_and_load_nothing(
    name: str, impact: Impact, open_page: Open
) -> None:
    opened = open_page(impact.pages[name])
    assert opened.overflow_at(NARROW, PHONE, WIDE) == {NARROW: 0, PHONE: 0, WIDE: 0}
    assert opened.requests == [impact.pages[name].as_uri()]
    assert opened.said == []


def test_without_a_script_an_owner_is_found_and_every_line_of_theirs_read(
    impact: Impact, open_page: Open
) -> None:
    opened = open_page(impact.pages["all"], java_script_enabled=False)
    page = opened.page
    page.get_by_role("link", name="Operating Room").click()
    page.wait_for_url("**/by-owner/Operating-Room.html")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Operating Room: ")
    shown = page.locator("tbody tr").all_inner_texts()
    wanted = [row["line_id"] for row in impact.rows if row["group"] == "Operating Room"]
    assert sorted(text.split("\t")[1] for text in shown) == sorted(wanted)
    assert not page.get_by_text("Reviewed by").is_visible()


def test_a_keyboard_leads_from_the_sentence_to_the_lines(impact: Impact, open_page: Open) -> None:
    page = open_page(impact.pages["all"]).page
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the lines"
    page.locator("table a").first.focus()
    page.keyboard.press("Enter")
    target = page.locator(":target")
    assert target.inner_text() == page.locator("table a").first.inner_text()
    summary = page.locator("article summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("article table").first.is_visible()


@pytest.mark.skipif(not PDFTOTEXT, reason="pdftotext is not here")
def test_on_paper_each_line_of_an_owner_has_room_for_a_decision(
    impact: Impact, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(impact.pages["owner"]).page
    page.emulate_media(media="print")
    page.pdf(path=tmp_path / "owner.pdf", format="Letter", prefer_css_page_size=True)
    done = subprocess.run(
        [PDFTOTEXT or "", "-layout", tmp_path / "owner.pdf", "-"],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    for row in impact.rows:
        assert (row["line_id"] in done.stdout) == (row["group"] == "Operating Room")
    assert done.stdout.count("Decision") == page.locator("article").count()
    assert "Reviewed by" in done.stdout
    pages = done.stdout.count("\f")
    assert 1 <= pages <= 5


@pytest.mark.skipif(os.name == "nt", reason="a name that Windows has not")
def test_owners_and_lines_that_are_markup_stay_text(open_page: Open, tmp_path: Path) -> None:
    lines = [["Item No", "Dept", "Description", "CPT"]]
    payloads = [text.replace("RUN", "window.__xss=1") for text in TEMPLATES[:60:3]]
    lines += [[f"{n}", text, text, "31566"] for n, text in enumerate(payloads)]
    with (tmp_path / "cdm.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    words = ("--list", tmp_path / "cdm.csv", "--group-by", "Dept", "--keep", "Dept")
    found = judge(tmp_path / "out", *words, code=0)
    owners = sorted((found.folder / "by-owner").glob("*.html"))
    assert len(owners) == len(set(payloads))
    for path in (found.pages["all"], *owners[::6]):
        opened = open_page(path)
        assert opened.injected() is None
        assert (opened.said, opened.dialogs) == ([], [])
        assert len(opened.requests) == 1
