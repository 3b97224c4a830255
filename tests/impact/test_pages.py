"""The page, the workbook and the pages of owners show the lines of impact.csv, and no others."""

import html
import json
import re
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

import openpyxl
import pytest

from cptdiff.impact.owners import name_files
from cptdiff.impact.worklist import Cause, Code, Swap, Work
from cptdiff.reports.templates import find_directory
from tests.impact.conftest import pack, read_rows

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Runs = Callable[[str], Path]
Pick = Callable[[str, str], list[str]]

BAD = '<script>alert("1")</script>'
OWNERS = ("Radiology", "RADIOLOGY.", "../../etc", "", BAD)


class Made(NamedTuple):
    """What a run wrote, and its rows."""

    folder: Path
    rows: Rows


@pytest.fixture(scope="module")
def made(runs: Runs, pick: Pick, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Judge two lists with five owners: each touched code stands on a line of its own."""
    from cptdiff.__main__ import run as run_command  # noqa: PLC0415 - after the fixtures

    home = tmp_path_factory.mktemp("pages")
    statuses = ("deleted", "revised", "attributes-only", "ended-before", "unchanged", "added")
    codes = [code for status in statuses for code in pick("hcpcs", status)[:9]]
    lines = [
        [f"I-{n:03}", OWNERS[n % 5], f"{BAD} {n}", code, "10.00", f"{n}"]
        for n, code in enumerate([*codes, "A9999", codes[0], "what?"])
    ]
    head = ["Item No", "Dept", "Description", "HCPCS", "Price", "Volume"]
    (home / "one.csv").write_bytes(pack("one.csv", [head, *lines]))
    (home / "two.csv").write_bytes(pack("two.csv", [head, *lines[:12]]))
    words = ["--list", home / "one.csv", "--list", home / "two.csv", "--group-by", "Dept",
             "--volume-column", "Volume", "--price-column", "Price", "--suggest"]  # fmt: skip
    assert run_command(["impact", *map(str, [runs("hcpcs"), *words, "-o", home / "out"])]) == 3
    return Made(home / "out", read_rows(home / "out" / "impact.csv"))


def list_items(page: str) -> list[str]:
    return re.findall(r"<td><bdi>(I-[0-9]{3})</bdi></td>", page)


def read_page(path: Path) -> str:
    return path.read_text("utf-8")


def test_each_owner_gets_exactly_the_lines_of_impact_csv(made: Made) -> None:
    summary = json.loads((made.folder / "impact.json").read_text("utf-8"))
    pages = {one["owner"]: one["page"] for one in summary["owners"]}
    assert {*pages} == {*OWNERS}
    for owner, page in pages.items():
        wanted = sorted(row["line_id"] for row in made.rows if row["group"] == owner)
        assert sorted(list_items(read_page(made.folder / page))) == wanted
    written = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*/*")}
    sheets = {f"{page.removesuffix('.html')}.xlsx" for page in pages.values()}
    assert written == {*pages.values()} | sheets


def test_the_page_lists_every_line_and_leads_to_every_owner(made: Made) -> None:
    page = read_page(made.folder / "impact.html")
    assert sorted(list_items(page)) == sorted(row["line_id"] for row in made.rows)
    links = re.findall(r'href="(by-owner/[^"]+)"', page)
    assert all((made.folder / link).is_file() for link in links)
    assert len(links) == len(OWNERS)
    here = {*re.findall(r' id="([^"]+)"', page)}
    assert {*re.findall(r'href="#([^"]+)"', page)} <= here


def test_the_sentence_stands_first_on_page_terminal_and_in_the_summary(
    made: Made, runs: Runs, pick: Pick, cptdiff: Run
) -> None:
    gone = len(pick("hcpcs", "deleted")[:9])
    start = f"60 lines in 2 lists: {2 * gone + 1} use {gone} deleted codes"
    verdict = json.loads((made.folder / "impact.json").read_text("utf-8"))["verdict"]
    assert verdict.startswith(f"{start} (exposure $")
    page = read_page(made.folder / "impact.html")
    assert html.unescape(page).index(verdict) < page.index("<table")
    home = made.folder.parent
    told = cptdiff("impact", runs("hcpcs"), "--list", home / "one.csv", "--list", home / "two.csv")
    assert told.stdout.replace("\n    ", " ").startswith(f"{start}, ")


def test_the_worst_come_first(made: Made) -> None:
    page = read_page(made.folder / "impact.html")
    order = ["Deleted codes", "Codes that had ended before", "Revised codes", "Codes that are new",
             "Codes of which only other data changed"]  # fmt: skip
    at = [page.index(f">{title}</h2>") for title in order]
    assert at == sorted(at)
    revised = page[at[2] : at[3]]
    ranks = ["critical", "high", "medium", "low", "info"]
    grave = [ranks.index(one) for one in re.findall(r'</b><b class="(\w+)">', revised)]
    assert all(one <= other for one, other in pairwise(grave))


def test_hostile_text_stays_text_and_pages_load_nothing(made: Made) -> None:
    pages = [made.folder / "impact.html", *(made.folder / "by-owner").glob("*.html")]
    assert len(pages) == 1 + len(OWNERS)
    for path in pages:
        page = read_page(path)
        assert "<script" not in page
        assert html.escape(BAD, quote=False).replace('"', "&#34;") in page
        assert not re.search(r' (?:src|style|on\w+)=|url\(|href="(?!#|by-owner/)', page)
        assert "default-src 'none'; style-src 'sha256-" in page


def test_verify_sees_a_page_of_an_owner_that_was_changed(made: Made, cptdiff: Run) -> None:
    assert cptdiff("verify", made.folder).returncode == 0
    page = made.folder / "by-owner" / "no-owner.html"
    before = page.read_bytes()
    page.write_bytes(before + b" ")
    told = cptdiff("verify", made.folder)
    page.write_bytes(before)
    assert told.returncode != 0
    assert "by-owner/no-owner.html" in told.stdout + told.stderr


def test_the_same_run_writes_the_same_bytes(made: Made, runs: Runs, cptdiff: Run) -> None:
    home = made.folder.parent
    words = ["--list", home / "two.csv", "--list", home / "one.csv", "--group-by", "Dept",
             "--volume-column", "Volume", "--price-column", "Price", "--suggest"]  # fmt: skip
    assert cptdiff("impact", runs("hcpcs"), *words, "-o", home / "again").returncode == 3
    for path in (one for one in made.folder.rglob("*") if one.is_file()):
        same = home / "again" / path.relative_to(made.folder)
        assert same.read_bytes() == path.read_bytes(), path.name


def test_the_workbook_has_codes_as_text_and_numbers_as_numbers(made: Made) -> None:
    book = openpyxl.load_workbook(made.folder / "impact.xlsx")
    assert book.sheetnames == [
        "Summary", "Causes", "Owners", "Lists", "Code by list", "Lines", "Suggestions", "Set aside",
        "How lists were read",
    ]  # fmt: skip
    head, *lines = book["Lines"].iter_rows(values_only=True)
    found = [dict(zip(head, line, strict=True)) for line in lines]
    assert sorted(str(row["Charge or item"]) for row in found) == sorted(
        r["line_id"] for r in made.rows
    )
    assert all(isinstance(row["Code"], str) and isinstance(row["Line"], int) for row in found)
    sums = [row["Exposure"] for row in found]
    assert sum(map(float, filter(None, sums))) == sum(float(r["exposure"]) for r in made.rows)
    matrix = [*book["Code by list"].iter_rows(values_only=True)]
    assert matrix[0][5:] == ("one.csv ", "two.csv ")
    assert sum(row[6] or 0 for row in matrix[1:]) == sum(r["list"] == "two.csv" for r in made.rows)
    assert book["Set aside"].max_row == 2


def test_a_single_file_is_written_by_its_suffix(made: Made, runs: Runs, cptdiff: Run) -> None:
    home = made.folder.parent
    words = ["impact", runs("hcpcs"), "--list", home / "two.csv", "--group-by", "Dept", "--quiet"]
    done = cptdiff(*words, "-o", home / "my.html", "-o", home / "my.xlsx")
    assert done.returncode == 0, done.stderr
    assert "by-owner/" not in read_page(home / "my.html")
    assert zipfile.is_zipfile(home / "my.xlsx")


def test_of_a_code_with_many_lines_the_page_shows_some_and_says_so(
    runs: Runs, pick: Pick, cptdiff: Run, tmp_path: Path
) -> None:
    gone = pick("hcpcs", "deleted")[0]
    lines = [["HCPCS", "Item No", "Dept"], *([gone, f"I-{n:03}", "Lab"] for n in range(40))]
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", lines))
    words = ["--list", tmp_path / "cdm.csv", "--group-by", "Dept", "-o", tmp_path / "out"]
    assert cptdiff("impact", runs("hcpcs"), *words).returncode == 0
    page = read_page(tmp_path / "out" / "impact.html")
    assert len(list_items(page)) == 10
    assert "40 lines with" in page
    assert "30 more in impact.csv" in page
    assert len(list_items(read_page(tmp_path / "out" / "by-owner" / "Lab.html"))) == 40


def test_more_owners_than_pages_are_named_all_the_same(
    runs: Runs, pick: Pick, cptdiff: Run, tmp_path: Path
) -> None:
    gone = pick("hcpcs", "deleted")[0]
    lines = [["HCPCS", "Item No"], *([gone, f"I-{n:03}"] for n in range(503))]
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", lines))
    words = ["--list", tmp_path / "cdm.csv", "--group-by", "Item No", "-o", tmp_path / "out"]
    assert cptdiff("impact", runs("hcpcs"), *words).returncode == 0
    page = read_page(tmp_path / "out" / "impact.html")
    assert "3 owners have no page" in page
    assert len(re.findall('href="by-owner/', page)) == 500
    paragraph = (tmp_path / "out" / "summary.txt").read_text("utf-8")
    assert re.search(r"by-owner/\s\([0-9,]+\s+files\)", paragraph)
    assert "I-000" not in paragraph
    assert cptdiff("verify", tmp_path / "out").returncode == 0


@pytest.mark.parametrize(
    ("owners", "files"),
    [
        (["RADIOLOGY"], ["RADIOLOGY"]),
        (["Radiology", "RADIOLOGY.", "radiology-2"], ["RADIOLOGY", "Radiology-2", "radiology-2-2"]),
        (["../../etc/passwd", "/", "..", "C:\\x"], ["owner", "owner-2", "etc-passwd", "C-x"]),
        (["", "no-owner"], ["no-owner", "no-owner-2"]),
        (["CON", "lpt1", "nul.txt"], ["owner-CON", "owner-lpt1", "nul-txt"]),
        (["Radiología", "放射科", "a" * 300], ["Radiologia", "owner", "a" * 60]),
    ],
)
def test_files_of_owners_are_safe_and_unique(owners: list[str], files: list[str]) -> None:
    found = name_files(owners)
    assert {*found} == {*owners}
    assert sorted(found.values()) == sorted(f"by-owner/{file}.html" for file in files)
    assert name_files(owners[::-1]) == found


def test_the_readme_names_every_type_of_the_pages_and_its_fields() -> None:
    text = (
        (find_directory() / "README.md").read_text("utf-8").partition("## Variables of impact")[2]
    )
    for kind in (Cause, Code, Swap, Work):
        row = re.search(rf"^\| `{kind.__name__}` \| (.*) \|$", text, re.MULTILINE)
        assert row is not None
        named = {*re.findall(r"`([a-z]+)`", row[1])}
        assert named == {*kind._fields}
