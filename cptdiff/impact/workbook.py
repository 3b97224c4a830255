"""impact.xlsx: causes first, then owners, lists and lines, the worst first; a matrix code by list.

Codes are text cells, counts and amounts numbers.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

import polars as pl

from cptdiff.impact.overview import (
    CODE,
    COUNTS,
    count_by,
    list_places,
    rank_causes,
    rank_lines,
    tabulate_codes,
)
from cptdiff.impact.run import Impact
from cptdiff.impact.sentences import NO_OWNER, has_owners, list_notes, write_sentence
from cptdiff.impact.tables import IMPACT, INNER
from cptdiff.impact.worksheet import MARKS
from cptdiff.options import Presentation
from cptdiff.reports.cells import MARKED, compare_marked, compare_plain
from cptdiff.reports.overview import BEFORE
from cptdiff.reports.xlsx import Line, Table, fit_table, list_block, split_texts, write_book
from cptdiff.versions import list_versions

# Of a sheet ("Excel specifications and limits"); the matrix has a column for each list.
_COLUMNS: Final = 16_000
_MONEY: Final = ("exposure",)


def render_workbook(impact: Impact, presentation: Presentation) -> bytes:
    """Return the workbook; the same bytes from the same run."""
    ranked = rank_lines(impact.touched)
    fits = [fit_table(table) for table in _list_tables(impact, ranked)]
    sentences = [sentence for _, several in fits for sentence in several]
    compare = cache(compare_marked) if ranked.height <= MARKED else compare_plain
    title = "; ".join(f"{run.previous} to {run.current}" for run in impact.runs)
    lines = _list_lines(impact, presentation, sentences)
    tables = [table for table, _ in fits]
    return write_book((f"Impact of {title}", presentation.notice), lines, tables, compare)


def _list_lines(impact: Impact, presentation: Presentation, sentences: list[str]) -> Iterator[Line]:
    """The sheet Summary: the sentence first."""
    yield "title", ["What has to be looked at in your lists"]
    yield "text", [f"{write_sentence(impact)}."]
    runs = [[f"{run.previous} to {run.current}", run.current_date] for run in impact.runs]
    yield from list_block(["Compared", "effective"], runs)
    notes = [f"{note[:1].upper()}{note[1:]}." for note in list_notes(impact)]
    yield from list_block([BEFORE], split_texts(*notes, *sentences))
    passed = [[f"{name}: {why}"] for name, why in impact.passed]
    yield from list_block(["Passed over"], passed)
    yield from list_block(["Notice"], split_texts(presentation.notice))
    tool = ", ".join(f"{name} {version}" for name, version in list_versions().items())
    yield from list_block(["Made by"], [[tool]])


def _list_tables(impact: Impact, ranked: pl.DataFrame) -> Iterator[Table]:
    none = "No line uses a code that changed."
    causes = rank_causes(impact.causes, ranked).drop("rank")
    counted = ("codes", "lines", "lists", "groups")
    yield Table("Causes", "causes.csv", causes, none, 1, counted, _MONEY)
    if has_owners(impact):
        owners = count_by(ranked, "group").with_columns(pl.col("group").replace("", NO_OWNER))
        owners = owners.rename({"group": "owner"})
        yield Table("Owners", "impact.csv", owners, none, 1, COUNTS, _MONEY)
    lists = count_by(ranked, "list", "sheet")
    yield Table("Lists", "impact.csv", lists, none, 2, COUNTS, _MONEY)
    if len(list_places(ranked)) > 1:
        matrix = tabulate_codes(ranked)
        matrix = matrix.select(matrix.columns[:_COLUMNS])
        places = [name for name in matrix.columns if name not in {*CODE, "status", "severity"}]
        own = tuple(places)
        yield Table("Code by list", "impact.csv", matrix, none, len(CODE), places, own=own)
    lines = ranked.drop(*INNER, "rank", "place")
    ours = (*IMPACT, *MARKS.values()) if impact.review else IMPACT
    own = tuple(name for name in lines.columns if name not in ours)
    yield Table("Lines", "impact.csv", lines, none, 5, ("line",), _MONEY, own=own)
    if impact.suggestions is not None:
        told = "No new code is suggested."
        yield Table("Suggestions", "suggestions.csv", impact.suggestions, told, 3, (), ("share",))
    told = "Every cell was understood."
    yield Table("Set aside", "quarantine.csv", impact.aside, told, 0, ("line",))
    numbers = [name for name, kind in impact.listing.schema.items() if kind == pl.Int64]
    yield Table("How lists were read", "lists.csv", impact.listing, told, 2, numbers)
