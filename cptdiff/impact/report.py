"""What an impact run writes and exits with: its files, its summary, the conditions it meets."""

import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import polars as pl

from cptdiff.conditions import SEVERITY, Condition
from cptdiff.errors import Refused
from cptdiff.impact.facts import GONE, STATUSES, TOUCHED
from cptdiff.impact.overview import add_amounts, count_by, count_codes, count_lines
from cptdiff.impact.owners import name_files
from cptdiff.impact.review import tell_faults
from cptdiff.impact.run import Impact
from cptdiff.impact.sentences import (
    count_cells,
    count_in_words,
    has_owners,
    list_notes,
    name_others,
    write_sentence,
)
from cptdiff.impact.tables import INNER
from cptdiff.options import PLAIN, Presentation
from cptdiff.reports.overview import guard_formulas
from cptdiff.vocabulary import SEVERITIES

PAGE: Final = "impact.html"
SUMMARY: Final = "impact.json"
WORKSHEET: Final = "worksheet.csv"
WORKBOOK: Final = "worksheet.xlsx"
# Nobody reviews more rows one by one; a folder has the workbook up to here.
_MOST_ROWS: Final = 50_000
# So many lists are named in an error.
_FEW: Final = 3
ANY: Final = "touched"
ASIDE: Final = "set-aside"
# Deleted, or ended before or between the releases.
NOT_VALID: Final = "not-valid"
# What --fail-on may ask of lists.
SUBJECTS: Final = (*TOUCHED, NOT_VALID, ANY, ASIDE, *SEVERITIES)


def render(
    impact: Impact,
    presentation: Presentation = PLAIN,
    names: Collection[str] | None = None,
    *,
    report: str = "",
    excluded: pl.DataFrame | None = None,
) -> dict[str, bytes]:
    """Return the files of an impact run by their names, but for the manifest; or those of `names`.

    Without names, as for a folder, the pages of the owners are among them. `report` is the page of
    the comparison in the same folder, `excluded` are the rows of the releases that were excluded.
    """
    aside = impact.aside
    if excluded is not None:
        aside = pl.concat([excluded, aside], how="diagonal_relaxed").select(aside.columns)
    tables = {
        "impact.csv": impact.touched.drop(INNER),
        "causes.csv": impact.causes,
        "lists.csv": impact.listing,
    }
    if impact.suggestions is not None:
        tables["suggestions.csv"] = impact.suggestions
    if aside.height:
        tables["quarantine.csv"] = aside
    makers: dict[str, Callable[[], bytes]] = {
        name: partial(_write_table, table, bom=presentation.bom) for name, table in tables.items()
    }
    makers[SUMMARY] = partial(_write_summary, impact)
    makers["impact.xlsx"] = partial(_write_workbook, impact, presentation)
    makers[WORKSHEET] = partial(_write_worksheet, impact, presentation)
    if impact.touched.height <= _MOST_ROWS or names is not None:
        makers[WORKBOOK] = partial(_write_review_book, impact)
    makers[PAGE] = partial(_write_page, impact, presentation, report, is_folder=names is None)
    files = {name: make() for name, make in makers.items() if names is None or name in names}
    if names is None and has_owners(impact):
        from cptdiff.impact.page import render_owners  # noqa: PLC0415 - imports jinja2

        files |= dict(render_owners(impact, presentation))
        if WORKBOOK in files:
            files |= dict(_write_own_books(impact))
    return files


def _write_own_books(impact: Impact) -> Iterator[tuple[str, bytes]]:
    """Yield a worksheet with the lines of each owner, beside the owner's page."""
    files = name_files(count_by(impact.touched, "group")["group"])
    for (owner,), lines in impact.worksheet.group_by("group", maintain_order=True):
        if page := files.get(str(owner)):
            yield f"{page.removesuffix('.html')}.xlsx", _write_review_book(impact, lines)


def _write_page(
    impact: Impact, presentation: Presentation, report: str, *, is_folder: bool
) -> bytes:
    from cptdiff.impact.page import render_page  # noqa: PLC0415 - imports jinja2

    return render_page(impact, presentation, report, is_folder=is_folder)


def _write_workbook(impact: Impact, presentation: Presentation) -> bytes:
    from cptdiff.impact.workbook import render_workbook  # noqa: PLC0415 - imports xlsxwriter

    return render_workbook(impact, presentation)


def _write_worksheet(impact: Impact, presentation: Presentation) -> bytes:
    from cptdiff.impact.worksheet import render_text  # noqa: PLC0415 - imports xlsxwriter

    return render_text(impact.worksheet, bom=presentation.bom)


def _write_review_book(impact: Impact, lines: pl.DataFrame | None = None) -> bytes:
    """The worksheet with these lines, or with all."""
    from cptdiff.impact.worksheet import render_book  # noqa: PLC0415 - imports xlsxwriter

    runs = "; ".join(f"{run.previous} to {run.current}" for run in impact.runs)
    return render_book(impact.worksheet if lines is None else lines, f"Worksheet: {runs}")


def _write_summary(impact: Impact) -> bytes:
    return (json.dumps(summarize(impact), ensure_ascii=False, indent=2) + "\n").encode()


def _write_table(table: pl.DataFrame, *, bom: bool) -> bytes:
    buffer = io.BytesIO()
    guard_formulas(table).write_csv(buffer, include_bom=bom)
    return buffer.getvalue()


def summarize(impact: Impact) -> dict[str, Any]:
    """Return impact.json: what was judged, by what, and the counts."""
    by_severity = _count_severities(impact)
    return {
        "schema_version": 1,
        "verdict": write_sentence(impact),
        "runs": [
            {"code_set": run.code_set, "previous": run.previous, "current": run.current,
             "effective_date": run.current_date or None, "manifest_sha256": run.digest or None}
            for run in impact.runs
        ],
        "lists": impact.listing.to_dicts(),
        "passed_over": [{"name": name, "why": why} for name, why in impact.passed],
        "lines": impact.lines,
        "judged_lines": impact.judged,
        "code_sets_not_given": [*impact.others],
        "touched_lines": count_lines(impact.touched),
        "by_status": {status: _count_status(impact, status) for status in STATUSES},
        "by_severity": by_severity,
        "cells": count_cells(impact.listing),
        "rows_excluded": int(impact.listing["rows_excluded"].sum()),
        "causes": impact.causes.height,
        "owners": list_owners(impact),
        "suggestions": None if impact.suggestions is None else impact.suggestions.height,
        "review": impact.review and impact.review.summary,
        "notes": [*list_notes(impact)],
    }  # fmt: skip


def list_owners(impact: Impact) -> list[dict[str, Any]]:
    """Return the owners, the worst first: name, lines, and the page in a folder."""
    if not has_owners(impact):
        return []
    counts = count_by(impact.touched, "group")
    files = name_files(counts["group"])
    return [
        {"owner": row["group"], "lines": row["lines"], "page": files.get(row["group"])}
        for row in counts.iter_rows(named=True)
    ]


def _count_status(impact: Impact, status: str) -> dict[str, Any]:
    """Lines, different codes, and the exposure of the lines (null without volume and price)."""
    rows = impact.touched.filter(pl.col("status") == status)
    lines = int(impact.listing[status].sum())
    if status not in TOUCHED:
        return {"lines": lines}
    return {"lines": lines, "codes": count_codes(rows), "exposure": add_amounts(rows) or None}


def _count_severities(impact: Impact) -> dict[str, int]:
    return {
        name: count_lines(impact.touched.filter(pl.col("severity") == name))
        for name in reversed(SEVERITIES)
    }


def refuse_unjudged(impact: Impact) -> None:
    """Raise `Refused` (E370) where lists have codes, and no line could be judged."""
    if impact.judged or not impact.others:
        return
    lists = "; ".join(name for name, _ in impact.unjudged[:_FEW])
    lines = count_in_words(impact.lines, "line", "lines")
    wrong = f"0 of {lines} could be judged: {name_others(impact)} codes were not given"
    fix = "give a comparison of each code set, as a run folder or PREVIOUS:CURRENT"
    raise Refused("E370", lists, wrong, fix)


def list_reasons(impact: Impact, conditions: Sequence[Condition]) -> tuple[int, list[str]]:
    """Return the exit code of an impact run, and why it is not 0."""
    doubts = [doubt for run in impact.runs for doubt in run.doubts] + list_doubts(impact)
    met = [
        f"{_describe_subject(one, count)} (--fail-on {one.text})"
        for one in dict.fromkeys(conditions)
        if one.holds_for(count := _count_subject(impact, one))
    ]
    return 3 if doubts else int(bool(met)), [*doubts, *met]


def list_doubts(impact: Impact) -> list[str]:
    """Return why a person has to look before the tables are used, but for the comparisons."""
    aside = count_cells(impact.listing)["set_aside"]
    rows = int(impact.listing["rows_excluded"].sum())
    told = [count_in_words(aside, "cell", "cells")] if aside else []
    told += [count_in_words(rows, "row", "rows")] if rows else []
    where = "of the lists set aside (quarantine.csv lists them)"
    doubts = [f"{' and '.join(told)} {where}"] if told else []
    return doubts + ([tell_faults(impact.review)] if impact.review and impact.review.faults else [])


def _describe_subject(condition: Condition, count: int) -> str:
    if condition.subject == ASIDE:
        return f"{count_in_words(count, 'cell', 'cells')} set aside"
    lines = count_in_words(count, "line", "lines")
    if condition.subject == SEVERITY:
        return f"{lines} of severity {' or '.join(condition.levels)}"
    words = {ANY: "touched", NOT_VALID: "with a code that is not valid any more"}
    return f"{lines} {words.get(condition.subject, condition.subject)}"


def _count_subject(impact: Impact, condition: Condition) -> int:
    """How many lines there are of what a condition names; of set-aside, cells."""
    match condition.subject:
        case subject if subject == ASIDE:
            return count_cells(impact.listing)["set_aside"]
        case subject if subject == ANY:
            return count_lines(impact.touched)
        case subject if subject == SEVERITY:
            levels = pl.col("severity").is_in(condition.levels)
            return count_lines(impact.touched.filter(levels))
        case subject if subject == NOT_VALID:
            return count_lines(impact.touched.filter(pl.col("status").is_in(GONE)))
        case subject:
            return int(impact.listing[subject].sum())


def describe_run(impact: Impact, choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return the predicate of the manifest: what was read and chosen, and the counts."""
    summary = summarize(impact)
    return {
        "schema_version": 1,
        "verdict": summary["verdict"],
        "options": dict(choices),
        "runs": [
            {**row, "inputs_sha256": list(run.inputs)}
            for row, run in zip(summary["runs"], impact.runs, strict=True)
        ],
        "inputs": [one._asdict() for one in impact.inputs],
        "lists": summary["lists"],
        "rows": {"impact.csv": impact.touched.height, "causes.csv": impact.causes.height,
                 "worksheet.csv": impact.touched.height, "quarantine.csv": impact.aside.height},
        "notes": summary["notes"],
    }  # fmt: skip
