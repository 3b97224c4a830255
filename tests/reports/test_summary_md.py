"""summary.md: short, whole, and only ever plain text where an input speaks."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest
from markdown_it import MarkdownIt

from cptdiff.errors import escape_controls
from cptdiff.options import PLAIN, Presentation
from cptdiff.reports.markdown import render
from cptdiff.results import Results
from tests.reports.conftest import PAIRS

Sample = Callable[[str], Results]
Texts = Callable[[Mapping[str, str], Mapping[str, str]], Results]

HOSTILE = (
    "@octocat and @org/team", "#123 GH-12 org/repo#7", "http://x.invalid/a?b=1 www.x.invalid",
    "someone@x.invalid mailto:someone@x.invalid", "[a](http://x.invalid) ![b](c.png) [1]: d",
    "<img src=x onerror=alert(1)> <!-- &amp; &#64; </h1>", "**bold** _it_ ~~gone~~ `a` ``", "$x$",
    "| cell | cell |", "# head", "- item", "+ item", "1. item", "12) item", "> quote", "=====",
    "``` fence", ":tada: :+1:", "a\nb\r\nc\n\n# d", "\\", "\\* \\<b>", "\u202eback\x07", "---",
    "*", "[x]", "[^1]", "<https://x.invalid>", "ftp://x.invalid", "xmpp:a@x.invalid",
)  # fmt: skip
# What GitHub would bring to life in text that is no markup any more.
LIVE = re.compile(r"@\w|#\d|\bGH-\d|\w+://|www\.|mailto:\w|xmpp:\w|:[\w+]+:", re.IGNORECASE)


class Page(HTMLParser):
    """The start tags and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(" ".join([tag, *(name for name, _ in attrs)]))

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markdown: bytes) -> Page:
    """Show it as GitHub would, links from bare addresses made."""
    return Page(MarkdownIt("gfm-like").render(markdown.decode()))


def says(results: Results, text: str) -> bytes:
    """Render with `text` wherever an input can speak."""
    changes = results.changes
    previous, current = (
        replace(release, name=text, archive=release.archive._replace(name=text))
        for release in (changes.previous, changes.current)
    )
    spoken = replace(
        results,
        changes=replace(changes, previous=previous, current=current),
        entries=results.entries.with_columns(pl.lit(text).alias("code"), family=pl.lit("")),
        doubts=(text, f"Words before {text} and after"),
    )
    return render(spoken, Presentation(notice=" ".join(text.split())))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_an_input_says_is_text_and_nothing_else(texts: Texts, text: str) -> None:
    results = texts({"A": "wax 5 cm"}, {"A": "wax 6 cm"})
    page, tame = shown(says(results, text)), shown(says(results, "tame"))
    assert page.tags == tame.tags
    plain = escape_controls(" ".join(text.split()))
    assert page.text.replace("\u200b", "") == tame.text.replace("tame", plain)
    assert not LIVE.search(page.text)


def test_a_notice_keeps_its_lines_and_paragraphs_and_is_text_too(texts: Texts) -> None:
    notice = "\n".join([*HOSTILE, "", *HOSTILE])
    found = render(texts({"A": "x"}, {"A": "y"}), Presentation(notice=notice))
    quoted = [line for line in found.decode().splitlines() if line.startswith(">")]
    assert len(quoted) == len(notice.splitlines())
    assert [line == ">" for line in quoted] == [not line for line in notice.splitlines()]
    quote = shown("\n".join(quoted).encode())
    assert quote.tags == ["blockquote", *["p"] * (1 + notice.count("\n\n"))]
    said = escape_controls(" ".join(notice.split()))
    assert " ".join(quote.text.replace("\u200b", "").split()) == said
    assert not LIVE.search(quote.text)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_summary_is_short_and_tells_every_doubt(sample: Sample, pair: str) -> None:
    results = sample(pair)
    found = render(results, Presentation(notice="Made-up notice")).decode()
    assert len(found.splitlines()) <= 60
    page = shown(found.encode())
    for doubt in results.doubts:
        assert doubt in page.text.replace("\u200b", "")
    assert found.endswith("\n> Made-up notice\n")
    assert found.count(" sha256 `") == 2


def test_the_counts_stand_in_a_table_and_the_gravest_below(sample: Sample) -> None:
    found = render(sample("cpt"), PLAIN).decode().splitlines()
    assert found[0] == "# CPT 2026 to CPT 2027"
    assert found[2].startswith("**345 changes, in effect from 2027-01-01")
    assert found[4].startswith("CPT: compared CPT 2026 (2026-01-01; cpt-2026-legacy.zip, sha256 `")
    assert "|  | added | deleted | revised | other data changed |" in found
    assert "| Codes | 206 | 54 | 69 | 12 |" in found
    at = found.index("## Look at these first (49 revisions, critical or high)")
    whole = found[at + 2 : found.index("", at + 2)]
    listed = [line for line in whole if line.startswith("- **")]
    assert len(listed) == 10
    grades = [re.search("; (critical|high); ", line)[1] for line in listed]  # type: ignore[index]
    assert grades == ["critical", "critical", *["high"] * 8]
    assert listed[2].endswith("; high; a negation came or went")
    assert any(line.endswith("; high; size now 10 times as much") for line in listed)
    assert "- ... and 39 more (all are in changes.csv and on the page)" in found


def test_a_replacement_reads_forward_with_the_wording_of_both_codes(sample: Sample) -> None:
    results = sample("hcpcs")
    found = render(results, PLAIN).decode().replace("\u200b", "")
    row = results.crosswalk.row(by_predicate=pl.col("code") == "A0248", named=True)
    assert row["descriptor"]
    assert row["replacement_descriptor"]
    last = results.deleted.row(by_predicate=pl.col("code") == "A0248", named=True)
    end = f" (last valid {last['last_valid_date']})" if last["last_valid_date"] else ""
    assert (
        f"- **A0248** {row['descriptor']}{end}: replaced by"
        f" **A0137** {row['replacement_descriptor']} (CMS cross-reference)"
    ) in found


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_an_edit_and_of_a_replacement_are_text_and_nothing_else(
    sample: Sample, text: str
) -> None:
    def spoil(said: str) -> Page:
        results = sample("hcpcs")
        words, both = pl.lit(json.dumps([said])), ("descriptor", "replacement_descriptor")
        spoken = replace(
            results,
            entries=results.entries.with_columns(gone=words, new=words),
            crosswalk=results.crosswalk.with_columns(pl.lit(said).alias(name) for name in both),
        )
        return shown(render(spoken, PLAIN))

    page, tame = spoil(text), spoil("tame")
    assert page.tags == tame.tags
    assert not LIVE.search(page.text)


def test_no_changes_is_said_first_and_without_a_table(texts: Texts) -> None:
    found = render(texts({"A": "x", "B": "y"}, {"A": "x", "B": "y"}), PLAIN).decode()
    assert found.splitlines()[2] == "**No changes: 2 entries compared.**"
    assert "|" not in found
