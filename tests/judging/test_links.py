"""Links of the page lead to entries that it shows, whatever was chosen."""

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Make = Callable[..., Path]
Run = Callable[..., CompletedProcess[str]]
Pair = tuple[str, ...]

ORDER = {
    2026: ("0 A00 Rust of rim", "1 A000 Rust of rim, hot", "1 A001 Rust of rim, cold",
           "1 B990 Dry squeak of hinge", "1 B999 Anchor"),
    2027: ("0 A00 Decay of rim", "1 A000 Decay of rim, hot", "1 A001 Decay of rim, cold",
           "1 C000 Dry squeak of hinge", "1 B999 Anchor"),
}  # fmt: skip
CHOICES = [
    (), ("--only", "added"), ("--only", "deleted"), ("--only", "revised"), ("--only", "header"),
    ("--only", "revised,code"), ("--only", "code"), ("--min-severity", "high"),
]  # fmt: skip


@pytest.fixture
def orders(make: Make, tmp_path: Path) -> Pair:
    """Write two order files: an edit of a header is repeated in its codes, one code moves."""
    paths = []
    for year, entries in ORDER.items():
        told = [entry.split(" ", 2) for entry in entries]
        text = "".join(
            f"{n:05} {code:<7} {flag} {t:<60} {t}\r\n" for n, (flag, code, t) in enumerate(told, 1)
        )
        paths.append(make(tmp_path / "in" / f"icd10cm_order_{year}.txt", text))
    return str(paths[0]), str(paths[1])


def page_of(cptdiff: Run, words: Pair, folder: Path) -> str:
    done = cptdiff("diff", *words, "-o", folder / "x.html")
    assert done.returncode == 0, done.stderr
    return (folder / "x.html").read_text("utf-8")


@pytest.mark.parametrize("choice", CHOICES, ids=" ".join)
def test_every_link_leads_to_something_on_the_page(
    cptdiff: Run, orders: Pair, pair: Pair, tmp_path: Path, choice: Pair
) -> None:
    for words in (orders, pair):
        page = page_of(cptdiff, (*words, *choice), tmp_path)
        links = set(re.findall(r'href="#([^"]*)"', page))
        assert links <= set(re.findall(r'\bid="([^"]*)"', page))


def test_the_codes_of_a_family_link_to_its_header(
    cptdiff: Run, orders: Pair, tmp_path: Path
) -> None:
    page = page_of(cptdiff, orders, tmp_path)
    link = 'Same edit in 3 codes, starting with <a href="#icd10cm-header-A00">A00</a>'
    assert page.count(link) == 3
    page = page_of(cptdiff, (*orders, "--only", "code"), tmp_path)
    assert page.count("Same edit in 3 codes, starting with A00<") == 2


def test_a_replacement_is_linked_where_it_is_shown(
    cptdiff: Run, orders: Pair, tmp_path: Path
) -> None:
    link = '<b>Possible replacement:</b> <a href="#icd10cm-C000">C00.0</a>'
    assert link in page_of(cptdiff, orders, tmp_path)
    page = page_of(cptdiff, (*orders, "--only", "deleted"), tmp_path)
    assert '<p class="why to"><b>Possible replacement:</b> C00.0' in page
    assert "#icd10cm-C000" not in page
