"""The page of a history and the page of a code, read as people read them."""

from pathlib import Path

import pytest

from cptdiff.history import Editions, find_life, make_timeline
from cptdiff.history.page import render_history, render_life
from cptdiff.model import Note
from cptdiff.options import PLAIN
from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.history.test_timeline import CONVERSION, edition

NARROW, PHONE, WIDE = 320, 390, 1280
CODES = 40


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the pages of three releases: codes end, come back, are re-used, added and reworded."""
    many = [{"code": f"1{number:04}"} for number in range(CODES)]
    reworded = [row | {"long": "Polishing of widget and gauge"} for row in many]
    editions = Editions("cpt", "CPT", CONVERSION, (
        edition("2024-01-01", [{"code": "00001"}, {"code": "00002"}, {"code": "00003"}, *many]),
        edition("2026-01-01", reworded, [("00001", "00004"), ("00004", "00005"),
                                         ("00004", "00001")]),
        edition("2027-01-01", [
            {"code": "00002", "long": "Burial of horse carts"}, {"code": "00003"},
            {"code": "00005"}, *reworded,
            *({"code": f"2{number:04}"} for number in range(CODES)),
        ]),
    ), (Note("gap", "not covered: no release between 2024-01-01 and 2026-01-01"),))  # fmt: skip
    timeline = make_timeline(editions)
    home = tmp_path_factory.mktemp("history")
    pages = {
        "history": render_history(editions, timeline, PLAIN),
        "ended": render_life(editions, find_life(timeline, "00001"), PLAIN),
        "reused": render_life(editions, find_life(timeline, "00002"), PLAIN),
    }
    for name, page in pages.items():
        (home / f"{name}.html").write_bytes(page)
    return {name: home / f"{name}.html" for name in pages}


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["history", "ended", "reused"])
def test_the_pages_have_no_violation(
    name: str, scheme: str, written: dict[str, Path], open_page: Open
) -> None:
    opened = open_page(written[name], color_scheme=scheme)
    assert violations(opened.page) == []
    # With all folds open.
    opened.overflow_at(NARROW)
    assert violations(opened.page) == []


@pytest.mark.parametrize("name", ["history", "ended", "reused"])
def test_the_pages_are_no_wider_than_the_window_and_load_nothing(
    name: str, written: dict[str, Path], open_page: Open
) -> None:
    opened = open_page(written[name])
    assert opened.overflow_at(NARROW, PHONE, WIDE) == {NARROW: 0, PHONE: 0, WIDE: 0}
    assert opened.requests == [written[name].as_uri()]
    assert opened.said == []


def test_without_a_script_a_figure_leads_to_its_codes_and_the_rest_opens(
    written: dict[str, Path], open_page: Open
) -> None:
    page = open_page(written["history"], java_script_enabled=False).page
    page.get_by_role("link", name="40 reworded").click()
    assert page.locator(":target").inner_text() == "Reworded codes (40)"
    section = page.get_by_role("region", name="Reworded codes")
    assert section.locator("article:visible").count() == 15
    section.get_by_text("25 more").click()
    assert section.locator("article:visible").count() == CODES
