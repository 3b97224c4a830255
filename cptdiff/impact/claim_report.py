"""What is told and written of claims."""

import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from cptdiff.codesets import profile_of
from cptdiff.conditions import Condition
from cptdiff.impact.sentences import count_in_words
from cptdiff.impact.service_dates import Claims
from cptdiff.vocabulary import CLAIM_STATUSES, UNDATED

# Codes that are named on the terminal; by-code.csv has all.
_MOST: Final = 5
# `UNDATED` in words.
_WORDS: Final = {
    "no-date": "without a date of service",
    "out-of-range": "of a day that the releases do not cover",
}


def render_claims(claims: Claims, names: Collection[str], *, bom: bool = False) -> dict[str, bytes]:
    """Return those files of a run that `names` asks for."""
    tables = {
        "invalid.csv": claims.invalid,
        "by-code.csv": claims.by_code,
        "not-understood.csv": claims.not_understood,
    }
    files = {name: _write_csv(table, bom=bom) for name, table in tables.items() if name in names}
    if "invalid.parquet" in names:
        buffer = io.BytesIO()
        claims.invalid.write_parquet(buffer)
        files["invalid.parquet"] = buffer.getvalue()
    if "summary.json" in names:
        summary = json.dumps(summarize_claims(claims), ensure_ascii=False, indent=2)
        files["summary.json"] = f"{summary}\n".encode()
    return files


def _write_csv(table: pl.DataFrame, *, bom: bool) -> bytes:
    from cptdiff.reports.overview import guard_formulas  # noqa: PLC0415 - imports what judges

    buffer = io.BytesIO()
    days = pl.selectors.date().dt.to_string("%Y-%m-%d")
    guard_formulas(table.with_columns(days)).write_csv(buffer, include_bom=bom)
    return buffer.getvalue()


def render_seed(seed: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    """Return the tables of a query as CSV files by name: plain, for a database."""
    return {f"{name}.csv": table.write_csv().encode() for name, table in seed.items()}


def summarize_claims(claims: Claims) -> dict[str, Any]:
    """Return the counts: of lines by status, and what became of each column's cells."""
    counts = _count_lines(claims)
    judged = claims.invalid.filter(~pl.col("status").is_in(UNDATED))
    return {
        "invalid": {one: counts[one] for one in CLAIM_STATUSES if one not in UNDATED},
        "not_judged": {one: counts[one] for one in UNDATED},
        "lines": judged.select("file", "row").n_unique(),
        "codes": judged.select("code_set", "code").n_unique(),
        "charge": f"{claims.cents / 100:.2f}" if claims.cents else "",
        "columns": [count._asdict() for count in claims.counts],
        "columns_not_judged": list(claims.skipped),
    }


def _count_lines(claims: Claims) -> dict[str, int]:
    """The lines of each status: a line that has one twice is one line."""
    lines = claims.invalid.select("status", "file", "row").unique()
    return dict.fromkeys(CLAIM_STATUSES, 0) | dict(lines["status"].value_counts().iter_rows())


def state_verdict(claims: Claims) -> str:
    """Return what was found in a sentence without a period."""
    counts = summarize_claims(claims)
    if not counts["lines"]:
        if not any(one.valid for one in claims.counts):
            return "no code was judged"
        return "every code that was judged was valid on its date of service"
    told = [f"{n:,} {status}" for status, n in counts["invalid"].items() if n]
    charge = f", charged {claims.cents / 100:,.2f}" if claims.cents else ""
    lines = count_in_words(counts["lines"], "line", "lines")
    codes = count_in_words(counts["codes"], "code", "codes")
    return f"{lines} with {codes} not valid on the date of service{charge}: {', '.join(told)}"


def describe_claims(claims: Claims) -> Iterator[str]:
    """Yield what was found, for the terminal: the lines, by status, the worst codes, the cells."""
    yield state_verdict(claims)
    lines = _count_lines(claims)
    for status, words in _WORDS.items():
        if many := lines[status]:
            yield f"not judged: {count_in_words(many, 'line', 'lines')} {words}"
    judged = claims.by_code.filter(~pl.col("status").is_in(UNDATED))
    yield from _name_worst(judged)
    for name, one in zip(_name_columns(claims), claims.counts, strict=True):
        parts = [
            f"{one.valid:,} valid", f"{one.invalid:,} invalid",
            f"{one.not_judged:,} not judged" if one.not_judged else "", f"{one.blank:,} blank",
            f"{one.other:,} of another code set" if one.other else "",
            f"{one.not_understood:,} not understood" if one.not_understood else "",
        ]  # fmt: skip
        rows = count_in_words(one.rows, "line", "lines")
        yield f"{name}: {rows} = {' + '.join(filter(None, parts))}"
    if claims.skipped:
        names = ", ".join(claims.skipped)
        yield f"columns that were not judged, because no codes of their set are given: {names}"


def _name_columns(claims: Claims) -> Iterator[str]:
    """Each column; of one that is counted for several families also what it was judged as."""
    names = [f"{one.file}, {one.column}" for one in claims.counts]
    for name, code_sets in zip(names, claims.code_sets, strict=True):
        labels = " and ".join(profile_of(one).label for one in code_sets)
        yield f"{name} as {labels}" if names.count(name) > 1 else name


def _name_worst(judged: pl.DataFrame) -> Iterator[str]:
    """The codes of the most lines, with what the publisher names instead."""
    from cptdiff.reports.overview import write_code  # noqa: PLC0415 - imports what judges

    for row in judged.head(_MOST).iter_rows(named=True):
        code, *new = (
            write_code(row["code_set"], one) for one in (row["code"], *row["replacements"].split())
        )
        onward = f", now {' '.join(new)}" if new else ""
        yield f"  {code}: {row['lines']:,} {row['status']}{onward}"


def list_claim_reasons(
    claims: Claims, conditions: Sequence[Condition], excluded: Sequence[str] = ()
) -> tuple[int, list[str]]:
    """Return the exit code, and why it is not 0: cells that are no codes, conditions that hold.

    Conditions count lines; `invalid` those that were judged.
    `excluded` tell of releases that are not whole: their codes may seem to have ended.
    """
    strange = claims.not_understood.height
    judged = summarize_claims(claims)["lines"]
    sizes = _count_lines(claims) | {"invalid": judged, "not-understood": strange}
    met = [
        f"{sizes[one.subject]:,} {one.subject} (--fail-on {one.text})"
        for one in dict.fromkeys(conditions)
        if one.holds_for(sizes[one.subject])
    ]
    cells = "1 cell is" if strange == 1 else f"{strange:,} cells are"
    doubts = [f"{cells} not understood (not-understood.csv lists them)"] if strange else []
    doubts += excluded
    return 3 if doubts else int(bool(met)), [*doubts, *met]
