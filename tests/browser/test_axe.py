"""The page has no violation that axe-core knows of; a page that has some shows that it looks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.reports import UNCHANGED, Report

pytestmark = pytest.mark.usefixtures("axe")

BAD = """<!doctype html><title>x</title><img src="x"><input><p style="color:#888">Pale words</p>"""


def test_a_bad_page_has_violations_by_rule_and_element(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "bad.html"
    path.write_text(BAD, encoding="utf-8")
    found = violations(open_page(path).page)
    assert found == sorted(found)
    assert {"html-has-lang: html", "image-alt: img", "label: input", "region: p"} <= {*found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["CPT", "HCPCS", "a table", UNCHANGED])
def test_the_page_has_no_violation(
    name: str, scheme: str, report_of: Callable[[str], Report], open_page: Open
) -> None:
    opened = open_page(report_of(name).page, color_scheme=scheme)
    assert violations(opened.page) == []
    opened.overflow_at(320)
    assert violations(opened.page) == []
