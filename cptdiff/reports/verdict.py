"""The verdict: how many changes, from when on, and how many of them need a person."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import polars as pl

from cptdiff.reports.overview import write_code
from cptdiff.results import Results
from cptdiff.summary import REVIEWS, say_reviews
from cptdiff.vocabulary import SETTLED


class Review(NamedTuple):
    """Changes that need a person for one reason, as in "55 deletions without ..."."""

    name: str
    text: str


class Verdict(NamedTuple):
    """The sentence that says what a release means, in parts that a page can link.

    As in "345 changes", "in effect from 2027-01-01" (a table may have no date), "104 need a
    coder", the reasons, and "97 decisions" where one edit stands in several codes (else empty).
    `settled` are those that would, but that somebody has settled: "2 acknowledged".
    """

    changes: str
    effective: str
    review: str
    reviews: Sequence[Review]
    decisions: str
    settled: Sequence[Review]


_REVISED: Final = ("critical or high revision", "critical or high revisions")
_REINSTATED: Final = ("code valid again", "codes valid again")
_UNANSWERED: Final = (
    "deletion without a stated replacement",
    "deletions without a stated replacement",
)
_DELETED: Final = ("deletion", "deletions")


def make_verdict(results: Results) -> Verdict | None:
    """Return the verdict on the changes that are shown; nothing where none is."""
    number = results.entries.height
    if not number:
        return None
    counts = results.shown["review"]
    review, decisions = say_reviews(counts, results.person)
    names = {
        "revised": _REVISED,
        "deleted": _UNANSWERED if results.has_crosswalk else _DELETED,
        "reinstated": _REINSTATED,
    }
    return Verdict(
        changes=_count(number, ("change", "changes")),
        effective=_say_effect(results),
        review=review,
        reviews=[
            Review(name, _count(counts[name], names[name])) for name in REVIEWS if counts[name]
        ],
        decisions=decisions,
        settled=[Review(name, f"{counts[name]:,} {name}") for name in SETTLED if counts[name]],
    )


def say_verdict(verdict: Verdict) -> str:
    """Return the whole verdict in words."""
    reasons = ", ".join(one.text for one in verdict.reviews)
    once = f" ({verdict.decisions}: the same edit counts once)" if verdict.decisions else ""
    needed = f"{verdict.review}{once}" + (f": {reasons}" if reasons else "")
    begin = ", ".join(filter(None, (verdict.changes, verdict.effective)))
    settled = ", ".join(one.text for one in verdict.settled)
    return f"{begin}. {needed}." + (f" Not counted: {settled}." if settled else "")


class Finding(NamedTuple):
    """What the publisher did not announce, as in "30 changes" and "9 critical or high".

    `head` names the finding, `codes` are these entries.
    """

    head: str
    text: str
    about: str
    codes: Sequence[str]


# The lists that publishers themselves ship.
_SHIPPED: Final = frozenset({"addenda", "transactions", "action codes"})


def find_unannounced(results: Results) -> Finding | None:
    """Return what changed though no list of the publisher says so; nothing where all is said."""
    found = results.unannounced
    if not found.height:
        return None
    profile = results.changes.current.profile
    forms = {one.form for one in results.judgement.reconciliation.lists}
    name = profile.publisher if profile.publisher and forms <= _SHIPPED else "the publisher"
    grave = found.filter(pl.col("severity").is_in(["critical", "high"])).height
    explained = int(found["explained"].sum())
    about = (f"{grave:,} critical or high" if grave else "",
             f"{explained:,} with an explanation" if explained else "")  # fmt: skip
    return Finding(
        head=f"Not announced by {name}",
        text=_count(found.height, ("change", "changes")),
        about=", ".join(filter(None, about)),
        codes=[write_code(profile.name, code) for code in found["code"]],
    )


def _count(number: int, names: tuple[str, str]) -> str:
    return f"{number:,} {names[number != 1]}"


def _say_effect(results: Results) -> str:
    """From when on the changes hold, and how many have another day; a table may have no date."""
    date = results.changes.current.effective_date
    if date is None:
        return "" if results.changes.current.profile.is_own else "no effective date found"
    days = results.entries.select(pl.col("effective_date").fill_null(""))["effective_date"]
    others = int((days != date.isoformat()).sum())
    rest = f" ({others:,} on other dates)" if others else ""
    return f"in effect from {date.isoformat()}{rest}"
