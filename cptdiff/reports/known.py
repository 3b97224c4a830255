"""What is new since an earlier run, and what was acknowledged, as several reports show it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cptdiff.known import count_statuses, tell_statuses
from cptdiff.reports.overview import write_code
from cptdiff.results import Results
from cptdiff.summary import COUNT_NAMES

if TYPE_CHECKING:
    import polars as pl

ACKNOWLEDGED: Final = "Acknowledged changes"
# What a status of an acknowledgement means to a reader.
_STATUSES: Final = {
    "acknowledged": "acknowledged",
    "void": "void: the change is not the same any more",
    "elsewhere": "not a change of this comparison",
}
ACCEPTED: Final = "Accepted rows"
_ACCEPTED_STATUSES: Final = {
    "accepted": "accepted",
    "void": "void: the row is not the same any more",
    "elsewhere": "not excluded in this comparison",
}
# What the columns of changes.csv are called.
_FACTS: Final = {
    "change": "kind of change",
    "reason": "reason",
    "previous_descriptor": "previous wording",
    "current_descriptor": "current wording",
    "effective_date": "effective date",
    "last_valid_date": "last valid date",
    "replacements": "stated replacements",
}


class Listing(NamedTuple):
    """A table for people: its head, the heads of its columns, its rows; what no row would mean."""

    head: str
    columns: tuple[str, ...]
    rows: list[list[str]]


def list_known(results: Results) -> Iterator[tuple[Listing | None, str]]:
    """Yield what people know already as tables, with the names of their files without suffix."""
    yield list_since(results), "since"
    yield list_acknowledged(results), "acknowledged"
    yield list_accepted(results), "accepted"


def list_since(results: Results) -> Listing | None:
    """Return what is new, withdrawn or changed since the earlier run; None without one."""
    former = results.known.former
    if former is None:
        return None
    head = f"Since {former.name} ({former.previous} to {former.current})"
    return make_listing(head, results.known.since, results.changes.current.code_set)


def make_listing(head: str, since: "pl.DataFrame", code_set: str) -> Listing:
    """Return `since` (`SINCE`) as a table; `head` begins its head."""
    rows = [
        [write_code(code_set, row["code"]), row["status"], _say_change(row), row["descriptor"]]
        for row in since.iter_rows(named=True)
    ]
    columns = ("Code", "Since then", "Change", "Wording")
    return Listing(f"{head}: {tell_statuses(since)}", columns, rows)


def _say_change(row: Mapping[str, Any]) -> str:
    change, former = (COUNT_NAMES.get(row[name], row[name]) for name in ("change", "former_change"))
    if row["status"] == "withdrawn":
        return f"was {former}"
    if change != former and former:
        return f"{change} (was {former})"
    facts = ", ".join(_FACTS.get(name, name) for name in row["differs"].split(";") if name)
    return f"{change}: {facts}" if facts else change


def list_acknowledged(results: Results) -> Listing | None:
    """Return the acknowledgements, those that hold no more first; None without any."""
    found = results.known.acknowledged
    if not found.height:
        return None
    counts = count_statuses(found, [*_STATUSES])
    told = ", ".join(
        f"{number:,} {'of other comparisons' if status == 'elsewhere' else status}"
        for status, number in counts.items()
        if number or status == "acknowledged"
    )
    code_set = results.changes.current.code_set
    rows = [
        [
            write_code(code_set, row["code"]), COUNT_NAMES.get(row["change"], row["change"]),
            _STATUSES[row["status"]], row["who"], row["date"], row["why"],
        ]
        for row in found.sort("status", *found.columns, descending=[True, *[False] * found.width])
        .iter_rows(named=True)
    ]  # fmt: skip
    columns = ("Code", "Change", "Status", "Who", "Date", "Why")
    return Listing(f"{ACKNOWLEDGED}: {told}", columns, rows)


def list_accepted(results: Results) -> Listing | None:
    """Return the acceptances of excluded rows, those that hold no more first; None without any."""
    found = results.accepted.rows
    if not found.height:
        return None
    counts = results.accepted.summarize()
    told = ", ".join(
        f"{number:,} {'not excluded here' if status == 'elsewhere' else status}"
        for status, number in counts.items()
        if number or status == "accepted"
    )
    rows = [
        [
            f"{row['member']} line {row['line']}", row["fault"], _ACCEPTED_STATUSES[row["status"]],
            row["who"], row["date"], row["why"],
        ]
        for row in found.sort("status", *found.columns, descending=[True, *[False] * found.width])
        .iter_rows(named=True)
    ]  # fmt: skip
    columns = ("Row", "Fault", "Status", "Who", "Date", "Why")
    return Listing(f"{ACCEPTED}: {told}", columns, rows)
