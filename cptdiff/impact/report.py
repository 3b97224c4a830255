"""What an impact run says and writes: the sentence first, its tables, its summary."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from cptdiff.conditions import SEVERITY, Condition
from cptdiff.impact.causes import write_amount
from cptdiff.impact.facts import (
    ATTRIBUTES,
    DELETED,
    ENDED,
    FAMILY,
    NEW,
    OTHER,
    REVISED,
    STATUSES,
    TOUCHED,
    TRANSIENT,
    UNKNOWN,
)
from cptdiff.impact.run import Impact
from cptdiff.reports.overview import guard_formulas
from cptdiff.vocabulary import SEVERITIES

SUMMARY: Final = "impact.json"
ANY: Final = "touched"
ASIDE: Final = "set-aside"
# What --fail-on may ask of lists.
SUBJECTS: Final = (*TOUCHED, ANY, ASIDE, *SEVERITIES)
# By status what a line uses, for one code and for several.
_PHRASES: Final = {
    DELETED: ("deleted code", "deleted codes"),
    ENDED: ("code that had ended before", "codes that had ended before"),
    REVISED: ("revised code", "revised codes"),
    FAMILY: ("family of codes that changed", "families of codes that changed"),
    TRANSIENT: ("code added and discontinued between the releases",
                "codes added and discontinued between the releases"),
    NEW: ("code that is new", "codes that are new"),
    ATTRIBUTES: ("code of which only other data changed", "codes of which only other data changed"),
    UNKNOWN: ("code that neither release has", "codes that neither release has"),
}  # fmt: skip
_MOST_CAUSES: Final = 10
_MOST_NAMES: Final = 10
_MOST_LISTS: Final = 20


def render(impact: Impact, *, bom: bool = False) -> dict[str, bytes]:
    """Return the files of an impact run by their names, but for the manifest."""
    tables = {
        "impact.csv": impact.touched.drop("cents"),
        "causes.csv": impact.causes,
        "lists.csv": impact.listing,
    }
    if impact.suggestions is not None:
        tables["suggestions.csv"] = impact.suggestions
    if impact.aside.height:
        tables["quarantine.csv"] = impact.aside
    files = {name: _write_table(table, bom=bom) for name, table in tables.items()}
    summary = json.dumps(summarize(impact), ensure_ascii=False, indent=2) + "\n"
    return files | {SUMMARY: summary.encode()}


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
        "touched_lines": _count_lines(impact.touched),
        "by_status": {status: _count_status(impact, status) for status in STATUSES},
        "by_severity": by_severity,
        "cells": count_cells(impact.listing),
        "rows_excluded": int(impact.listing["rows_excluded"].sum()),
        "causes": impact.causes.height,
        "suggestions": None if impact.suggestions is None else impact.suggestions.height,
        "notes": [*list_notes(impact)],
    }  # fmt: skip


def count_cells(listing: pl.DataFrame) -> dict[str, int]:
    """Return the cells of all lists by what became of them."""
    names = ("cells", "blank", "understood", "set_aside")
    return {name: int(listing[name].sum()) for name in names}


def _count_lines(touched: pl.DataFrame) -> int:
    return int(touched.select(pl.struct("list", "sheet", "line").n_unique()).item())


def _count_status(impact: Impact, status: str) -> dict[str, Any]:
    """Lines, different codes, and the exposure of the lines (null without volume and price)."""
    rows = impact.touched.filter(pl.col("status") == status)
    lines = int(impact.listing[status].sum())
    if status not in TOUCHED:
        return {"lines": lines}
    codes = rows.select(pl.struct("code_set", "part", "code").n_unique()).item()
    return {"lines": lines, "codes": codes, "exposure": _sum_exposure(rows) or None}


def _count_severities(impact: Impact) -> dict[str, int]:
    return {
        name: _count_lines(impact.touched.filter(pl.col("severity") == name))
        for name in reversed(SEVERITIES)
    }


def _sum_exposure(rows: pl.DataFrame) -> str:
    """The exposure of different lines, with two decimals; empty where none has any."""
    once = rows.unique(("list", "sheet", "line")).filter(pl.col("cents").is_not_null())
    return once.select(write_amount(pl.col("cents").sum())).item() if once.height else ""


def write_sentence(impact: Impact) -> str:
    """Return the first sentence: how many lines use how many codes that changed."""
    lists = len({*impact.listing["list"]})
    start = f"{_count(impact.lines, 'line', 'lines')} in {_count(lists, 'list', 'lists')}"
    found = [_describe(impact, status) for status in TOUCHED if _has(impact, status)]
    if not found:
        return f"{start}: no line uses a code that changed"
    return f"{start}: {', '.join(found)}"


def _has(impact: Impact, status: str) -> bool:
    return bool(impact.listing[status].sum())


def _describe(impact: Impact, status: str) -> str:
    counts = _count_status(impact, status)
    one, several = _PHRASES[status]
    verb = "uses" if counts["lines"] == 1 else "use"
    told = f"{counts['lines']:,} {verb} {_count(counts['codes'], one, several)}"
    amount = counts["exposure"]
    if amount:
        told += f" (exposure ${round(float(amount)):,})"
    if status == REVISED:
        critical = impact.touched.filter(
            pl.col("status") == REVISED, pl.col("severity") == SEVERITIES[-1]
        )
        many = critical.select(pl.struct("code_set", "part", "code").n_unique()).item()
        told += f", {many:,} of them critical" if many else ""
    return told


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def list_notes(impact: Impact) -> Iterator[str]:
    """Yield what to know before relying on the tables."""
    cells, listing = count_cells(impact.listing), impact.listing
    if cells["set_aside"]:
        many = _count(cells["set_aside"], "cell is", "cells are")
        yield f"{many} not understood and not judged; quarantine.csv lists them"
    if rows := int(listing["rows_excluded"].sum()):
        many = _count(rows, "row was", "rows were")
        yield f"{many} excluded and not judged; quarantine.csv lists them"
    if split := int(listing["read_as_code_and_modifier"].sum()):
        many = _count(split, "cell of 7 digits was", "cells of 7 digits were")
        yield f"{many} read as a code and its modifier"
    if other := int(listing[OTHER].sum()):
        many = _count(other, "line has", "lines have")
        yield f"{many} codes of code sets that were not given, which are not judged"
    if _has(impact, UNKNOWN):
        yield (
            "a code that neither release has may have ended long ago (CMS drops old ended codes"
            " from its file), or was never valid"
        )
    if impact.more:
        yield f"{impact.more:,} more suggestions are left out"
    for run in impact.runs:
        yield from (f"{run.previous} to {run.current}: {doubt}" for doubt in run.doubts)


def list_text(impact: Impact) -> Iterator[str]:
    """Yield the lines for the terminal."""
    yield f"{write_sentence(impact)}."
    runs = "; ".join(f"{run.previous} to {run.current}" for run in impact.runs)
    yield f"Compared: {runs}"
    yield from _list_causes(impact)
    yield from _list_lists(impact)
    if notes := [*list_notes(impact)]:
        yield "Before you rely on this"
        yield from (f"  - {note[:1].upper()}{note[1:]}." for note in notes)


def _list_lists(impact: Impact) -> Iterator[str]:
    """How the lists were read, and what was passed over."""
    yield "Lists"
    for row in impact.listing.head(_MOST_LISTS).iter_rows(named=True):
        place = f"{row['list']}[{row['sheet']}]" if row["sheet"] else row["list"]
        header = f"header in row {row['header_line']}" if row["header_line"] else "no header"
        yield (
            f"  {place}: {header}, codes in {row['columns'].replace(';', ', ')}:"
            f" {row['cells']:,} cells = {row['blank']:,} blank + {row['understood']:,} understood"
            f" + {row['set_aside']:,} set aside"
        )
    if impact.listing.height > _MOST_LISTS:
        yield f"  ... and {impact.listing.height - _MOST_LISTS:,} more (lists.csv)"
    for name, why in impact.passed[:_MOST_NAMES]:
        yield f"  {name}: passed over ({why})"
    if len(impact.passed) > _MOST_NAMES:
        yield f"  ... and {len(impact.passed) - _MOST_NAMES:,} more passed over"


def _list_causes(impact: Impact) -> Iterator[str]:
    if not impact.causes.height:
        return
    yield "Lines by cause"
    for row in impact.causes.head(_MOST_CAUSES).iter_rows(named=True):
        then = f"; possible replacements: {row['replacements']}" if row["replacements"] else ""
        yield f"  {row['lines']:>6,}  {row['cause']}{then}"
    if impact.causes.height > _MOST_CAUSES:
        yield f"  ... and {impact.causes.height - _MOST_CAUSES:,} more causes (causes.csv)"


def list_reasons(impact: Impact, conditions: Sequence[Condition]) -> tuple[int, list[str]]:
    """Return the exit code of an impact run, and why it is not 0."""
    doubts = [doubt for run in impact.runs for doubt in run.doubts]
    aside = count_cells(impact.listing)["set_aside"]
    rows = int(impact.listing["rows_excluded"].sum())
    if aside or rows:
        told = [_count(aside, "cell", "cells")] if aside else []
        told += [_count(rows, "row", "rows")] if rows else []
        doubts.append(f"{' and '.join(told)} of the lists set aside (quarantine.csv lists them)")
    met = [
        f"{_describe_subject(one, count)} (--fail-on {one.text})"
        for one in dict.fromkeys(conditions)
        if one.holds_for(count := _count_subject(impact, one))
    ]
    return 3 if doubts else int(bool(met)), [*doubts, *met]


def _describe_subject(condition: Condition, count: int) -> str:
    if condition.subject == ASIDE:
        return f"{_count(count, 'cell', 'cells')} set aside"
    lines = _count(count, "line", "lines")
    if condition.subject == SEVERITY:
        return f"{lines} of severity {' or '.join(condition.levels)}"
    return f"{lines} touched" if condition.subject == ANY else f"{lines} {condition.subject}"


def _count_subject(impact: Impact, condition: Condition) -> int:
    """How many lines there are of what a condition names; of set-aside, cells."""
    match condition.subject:
        case subject if subject == ASIDE:
            return count_cells(impact.listing)["set_aside"]
        case subject if subject == ANY:
            return _count_lines(impact.touched)
        case subject if subject == SEVERITY:
            levels = pl.col("severity").is_in(condition.levels)
            return _count_lines(impact.touched.filter(levels))
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
                 "quarantine.csv": impact.aside.height},
        "notes": summary["notes"],
    }  # fmt: skip
