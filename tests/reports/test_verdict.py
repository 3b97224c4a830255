"""The verdict counts what a person has to decide on, each edit once, and says from when on."""

from collections.abc import Callable, Mapping

import polars as pl
import pytest

from cptdiff.options import PLAIN
from cptdiff.reports import html, markdown, terminal
from cptdiff.reports.verdict import make_verdict, say_verdict
from cptdiff.results import Results
from cptdiff.summary import review_as

Sample = Callable[[str], Results]
Texts = Callable[[Mapping[str, str], Mapping[str, str]], Results]


def entry(change: str, **told: str) -> dict[str, str]:
    plain = {"kind": "code", "reason": "", "severity": "", "replacement": "", "review_status": ""}
    return {**plain, "change": change, **told}


@pytest.mark.parametrize(
    ("row", "review"),
    [
        (entry("revised", severity="critical"), "revised"),
        (entry("revised", severity="high", kind="header"), "revised"),
        (entry("revised", severity="high", reason="attributes-only"), "revised"),
        (entry("revised", severity="medium"), ""),
        (entry("revised", severity="info"), ""),
        (entry("deleted", severity="high", replacement="none"), "deleted"),
        (entry("deleted", severity="high", replacement="candidate"), "deleted"),
        (entry("deleted", severity="high", replacement=""), "deleted"),
        (entry("deleted", severity="high", kind="modifier", replacement="none"), "deleted"),
        (entry("deleted", severity="high", replacement="stated"), ""),
        (entry("deleted", severity="high", kind="header"), ""),
        (entry("added"), ""),
        (entry("added", severity="high", reason="reinstated"), "reinstated"),
        (entry("transient"), ""),
        (entry("revised", severity="high", review_status="acknowledged"), "acknowledged"),
        (entry("deleted", severity="high", review_status="decided"), "decided"),
        (entry("revised", severity="high", review_status="void"), "revised"),
        (entry("revised", severity="high", review_status="reopened"), "revised"),
        (entry("revised", severity="low", review_status="acknowledged"), ""),
    ],
)
def test_what_needs_a_coder_is_what_nobody_answered(row: dict[str, str], review: str) -> None:
    assert pl.DataFrame([row]).select(review_as()).item() == review


@pytest.mark.parametrize("code_set", ["cpt", "hcpcs", "icd10cm", "icd10pcs", "table"])
def test_the_verdict_adds_up_with_the_summary(code_set: str, sample: Sample) -> None:
    found = sample(code_set)
    review = found.summary["review"]
    assert review["revised"] == found.grave.height
    assert review["entries"] == review["revised"] + review["deleted"] + review["reinstated"]
    assert 0 < review["decisions"] <= review["entries"]
    verdict = make_verdict(found)
    assert verdict
    assert verdict.changes == f"{found.entries.height:,} changes"
    assert verdict.review.startswith(f"{review['entries']:,} need ")
    assert [one.text.split()[0] for one in verdict.reviews] == [
        f"{review[one.name]:,}" for one in verdict.reviews
    ]


def test_one_edit_in_several_codes_is_one_decision(sample: Sample) -> None:
    found = sample("cpt")
    saved = found.grave.height - found.grave["edit"].n_unique()
    review = found.summary["review"]
    assert saved > 0
    assert review["decisions"] == review["entries"] - saved


def test_the_verdict_says_from_when_on_and_how_many_have_another_day(sample: Sample) -> None:
    found = sample("hcpcs")
    others = found.entries.filter(pl.col("effective_date") != "2027-01-01").height
    verdict = make_verdict(found)
    assert others
    assert verdict
    assert verdict.effective == f"in effect from 2027-01-01 ({others} on other dates)"


def test_of_a_table_a_decision_is_asked_for(texts: Texts) -> None:
    verdict = make_verdict(texts({"A": "one", "B": "two"}, {"B": "two"}))
    assert verdict
    assert say_verdict(verdict) == ("1 change. 1 needs a decision: 1 deletion.")


def test_where_nothing_waits_the_verdict_says_so(texts: Texts) -> None:
    verdict = make_verdict(texts({"A": "one"}, {"A": "one", "B": "two"}))
    assert verdict
    assert say_verdict(verdict) == ("1 change. None needs a decision.")


def test_without_changes_there_is_no_verdict(texts: Texts) -> None:
    assert make_verdict(texts({"A": "one"}, {"A": "one"})) is None


def test_page_terminal_and_markdown_begin_with_it(sample: Sample) -> None:
    found = sample("hcpcs")
    verdict = make_verdict(found)
    assert verdict
    told = say_verdict(verdict)
    lines = [line.text for line in terminal.render(found, PLAIN)]
    assert told in " ".join(lines[1:4])
    assert markdown.render(found, PLAIN).decode().splitlines()[2] == f"**{told}**"
    page = html.render(found, PLAIN).decode()
    assert page.index(verdict.review) < page.index('class="figures"')
