"""impact.html, and the page of each owner: what lines have to be looked at, and why.

templates/README.md documents what the templates get.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.impact.facts import (
    TOUCHED,
)
from cptdiff.impact.overview import (
    CODE,
    COUNTS,
    CRITICAL,
    add_amounts,
    count_by,
    count_codes,
    count_lines,
    list_places,
    rank_causes,
    rank_lines,
    tabulate_codes,
)
from cptdiff.impact.owners import name_files
from cptdiff.impact.review import tell_states
from cptdiff.impact.run import Impact
from cptdiff.impact.sentences import (
    NO_OWNER,
    describe_lines,
    has_owners,
    list_notes,
    write_money,
    write_sentence,
)
from cptdiff.impact.worklist import (
    LABELS,
    LOOKS,
    has_more,
    list_works,
    name_code,
    shorten_list,
    write_count,
)
from cptdiff.impact.worksheet import DECIDED, OPEN, STATES
from cptdiff.options import Presentation
from cptdiff.reports.html import escape_css
from cptdiff.reports.page import Head, Row, Table, Tally
from cptdiff.reports.templates import render_styled
from cptdiff.versions import find_version

# What a page can show and still open at once; all is in impact.csv.
_MOST_CODES: Final = 1_000
_MOST_LINES: Final = 10
_MOST_OWN_LINES: Final = 5_000
_MOST_ROWS: Final = 200
# So many causes are in sight, the others can be opened.
_AT_ONCE: Final = 15
_MOST_LISTS: Final = 12


_HEADS: Final = {"lines": "Lines", "codes": "Codes", CRITICAL: "Critical", "exposure": "Exposure",
                 **{name: label.capitalize() for name, label in LABELS.items()}}  # fmt: skip


class Owner(NamedTuple):
    """An owner with the counts of its lines; `file` is empty where it has no page."""

    name: str
    file: str
    numbers: Sequence[str]


class Reason(NamedTuple):
    """A row of the table of causes; `address` is empty where its lines are not on the page."""

    address: str
    title: str
    replacements: str
    numbers: Sequence[str]


def render_page(
    impact: Impact, presentation: Presentation, report: str = "", *, is_folder: bool = False
) -> bytes:
    """Return impact.html; in a folder it leads to the pages of the owners, and to the `report`."""
    ranked = rank_lines(impact.touched)
    files = name_owners(impact) if is_folder else {}
    variables = {"report": report, **_make_variables(impact, ranked, files)}
    return _write("impact.html", variables, impact, presentation)


def render_owners(impact: Impact, presentation: Presentation) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the page of each owner."""
    ranked = rank_lines(impact.touched)
    for owner, file in name_owners(impact).items():
        own = ranked.filter(pl.col("group") == owner)
        variables = _describe_owner(owner, own)
        yield file, _write("owner.html", variables, impact, presentation)


def name_owners(impact: Impact) -> dict[str, str]:
    """Return the path of each owner's page; those of the worst lines, where there are too many."""
    return name_files(count_by(impact.touched, "group")["group"]) if has_owners(impact) else {}


def _write(
    template: str, variables: Mapping[str, Any], impact: Impact, presentation: Presentation
) -> bytes:
    """A page as UTF-8, in the same style as the page of a comparison."""
    runs = [f"{run.previous} to {run.current}" for run in impact.runs]
    common = {
        "runs": [(run.previous, run.current, run.current_date) for run in impact.runs],
        "releases": _join([run.current for run in impact.runs]),
        "running": escape_css(f"{variables.get('owner', 'Your lists')}: {'; '.join(runs)}"),
        "notice": presentation.notice,
        "version": find_version(),
    }
    return render_styled(template, "impact.css", {**common, **variables}, presentation.templates)


def _join(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _make_variables(
    impact: Impact, ranked: pl.DataFrame, files: Mapping[str, str]
) -> dict[str, Any]:
    """What templates/README.md documents of impact.html."""
    shown = ranked.filter(pl.struct(CODE).rle_id() < _MOST_CODES)
    here = {*shown["rank"]}
    causes, heads = _list_reasons(impact, ranked, here)
    owners, owner_heads = _list_owners(impact, files)
    works, columns = list_works(shown, _MOST_LINES)
    return {
        "verdict": f"{write_sentence(impact)}.",
        "notes": [f"{note[:1].upper()}{note[1:]}." for note in list_notes(impact)],
        "figures": _list_figures(ranked),
        "review": _tabulate_review(impact),
        "causes": causes,
        "cause_heads": heads,
        "at_once": _AT_ONCE,
        "more_causes": write_count(impact.causes.height - len(causes)),
        "owners": owners,
        "owner_heads": owner_heads,
        "without_page": write_count(len(owners) - len(files)) if files else "",
        "lists": _tabulate_lists(impact, ranked),
        "matrix": _tabulate_matrix(ranked),
        "works": works,
        "heads": columns,
        "left_out": write_count(count_codes(ranked) - count_codes(shown)),
        "suggestions": _tabulate_suggestions(impact),
        "tables": [*_tabulate_rest(impact)],
    }


def _describe_owner(owner: str, own: pl.DataFrame) -> dict[str, Any]:
    """What templates/README.md documents of owner.html."""
    shown = own.head(_MOST_OWN_LINES)
    works, heads = list_works(shown, _MOST_OWN_LINES, is_own=True)
    lines = count_lines(own)
    word = "line needs" if lines == 1 else "lines need"
    return {
        "owner": owner or "Lines without an owner",
        "verdict": f"{lines:,} {word} a look: {', '.join(describe_lines(own))}.",
        "figures": _list_figures(own),
        "works": works,
        "heads": heads,
        "left_out": write_count(own.height - shown.height),
    }


def _list_figures(ranked: pl.DataFrame) -> list[Tally]:
    figures = []
    for status in TOUCHED:
        rows = ranked.filter(pl.col("status") == status)
        if rows.height:
            amount = write_money(add_amounts(rows))
            codes = count_codes(rows)
            others = f"{codes:,} {'code' if codes == 1 else 'codes'}"
            others += f", {amount}" if amount else ""
            number, label = f"{count_lines(rows):,}", LABELS[status]
            figures.append(Tally(status, LOOKS[status], label, number, others))
    return figures


def _list_reasons(
    impact: Impact, ranked: pl.DataFrame, here: set[int]
) -> tuple[list[Reason], list[str]]:
    """The causes, the worst first, and the heads of their numbers."""
    causes = rank_causes(impact.causes, ranked).head(_MOST_ROWS)
    # One list is all there is, and no word.
    least = {"lines": 0, "codes": 0, "lists": 1, "groups": 0, "exposure": 0}
    names = [name for name, number in least.items() if has_more(causes[name], number)]
    heads = [{"groups": "Owners"}.get(name, name.capitalize()) for name in names]
    reasons = [
        Reason(
            f"cause-{row['rank']}" if row["rank"] in here else "", row["cause"],
            shorten_list(row["replacements"].split(";")),
            [write_money(row[n]) if n == "exposure" else f"{row[n]:,}" for n in names],
        )
        for row in causes.iter_rows(named=True)
    ]  # fmt: skip
    return reasons, heads


def _list_owners(impact: Impact, files: Mapping[str, str]) -> tuple[list[Owner], list[str]]:
    if not has_owners(impact):
        return [], []
    counts = count_by(impact.touched, "group")
    names = _choose_counts(counts)
    owners = [
        Owner(row["group"] or NO_OWNER, files.get(row["group"], ""), _write_counts(row, names))
        for row in counts.iter_rows(named=True)
    ]
    return owners, [_HEADS[name] for name in names]


def _tabulate_review(impact: Impact) -> Table | None:
    """How many lines of each owner, or of each status without any, are decided and open."""
    if not impact.review:
        return None
    by = "group" if has_owners(impact) else "status"
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, state in impact.touched.select(by, "review_status").iter_rows():
        counts[name][state] += 1
    states = [state for state in STATES if state in {DECIDED, OPEN} or impact.review.counts[state]]
    # Who has most to decide comes first.
    order = sorted(counts, key=lambda name: (counts[name][DECIDED] - counts[name].total(), name))
    rows = [
        Row(
            [(LABELS[name] if by == "status" else name) or NO_OWNER],
            [f"{counts[name][state]:,}" for state in states],
        )
        for name in order
    ]
    heads = [Head(state.capitalize(), "", "") for state in states]
    told = f"{tell_states(impact.review.counts)}. worksheet.csv has the decisions."
    first = "Owner" if by == "group" else "Status"
    return Table("Decisions on touched lines", [first], heads, rows, note=told)


def _choose_counts(counts: pl.DataFrame) -> list[str]:
    """The columns of `COUNTS` that tell anything."""
    return [name for name in COUNTS if has_more(counts[name], 0)]


def _write_counts(row: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    return [write_money(row[n]) if n == "exposure" else f"{row[n]:,}" for n in names]


def _tabulate_lists(impact: Impact, ranked: pl.DataFrame) -> Table | None:
    """The touched lines of each list; none where there is a single one."""
    if impact.listing.height < 2:  # noqa: PLR2004 - one list is the whole
        return None
    counts = count_by(ranked, "place")
    names = _choose_counts(counts)
    rows = [Row([row["place"]], _write_counts(row, names)) for row in counts.iter_rows(named=True)]
    heads = [Head(_HEADS[name], "", "") for name in names]
    note = f"{counts.height:,} of {impact.listing.height:,} lists have lines to look at."
    return Table("Touched lines of each list, the worst first", ["List"], heads, rows, note=note)


def _tabulate_matrix(ranked: pl.DataFrame) -> Table | None:
    """How many lines of each list have each code; none where one list has all."""
    places = list_places(ranked)
    if len(places) < 2:  # noqa: PLR2004 - as above
        return None
    shown = ranked.filter(pl.col("place").is_in(places[:_MOST_LISTS]))
    codes = tabulate_codes(shown).head(_MOST_ROWS)
    names = [name for name in codes.columns if name not in {*CODE, "status", "severity"}]
    rows = [
        Row([name_code(row), LABELS[row["status"]]],
            [f"{int(row[name]):,}" if row[name] else "" for name in names])
        for row in codes.iter_rows(named=True)
    ]  # fmt: skip
    told = [f"the {_MOST_LISTS} lists with most lines"] if len(places) > _MOST_LISTS else []
    told += [f"the {_MOST_ROWS} worst codes"] if count_codes(shown) > _MOST_ROWS else []
    note = f"Here are {' and '.join(told)}; impact.xlsx has all." if told else ""
    heads = [Head(name.removesuffix(" "), "", "") for name in names]
    return Table("Lines of each list by code", ["Code", "Status"], heads, rows,
                 folded=len(rows) > _MOST_LINES, note=note)  # fmt: skip


def _tabulate_suggestions(impact: Impact) -> Table | None:
    """New codes that lists may need; none where none are suggested."""
    if impact.suggestions is None or not impact.suggestions.height:
        return None
    names = ["code", "descriptor", "list", "why", "because"]
    labels = ["Code", "Wording", "List", "Why", "Listed codes"]
    spaced = pl.col("because").str.replace_all(";", ", ")
    shown = impact.suggestions.head(_MOST_ROWS).with_columns(spaced)
    note = _say_cut(impact.suggestions.height, "suggestions.csv")
    return Table(
        "New codes that your lists may need", labels, [], _list_rows(shown, names), note=note
    )


def _tabulate_rest(impact: Impact) -> Iterator[Table]:
    """What was set aside, how the lists were read, what was passed over."""
    if impact.aside.height:
        names = ["source", "member", "line", "column", "raw", "fault"]
        labels = ["List", "Sheet", "Row", "Column", "As it stands", "Problem"]
        shown = impact.aside.head(_MOST_ROWS).with_columns(
            pl.col("fault").str.replace(r"^E\d+: ", ""), pl.col("line").cast(pl.String)
        )
        note = _say_cut(impact.aside.height, "quarantine.csv")
        rows = _list_rows(shown, names)
        yield Table("Not understood and not judged", labels, [], rows, note=note, address="aside")
    heads = ["Lines", "Cells", "Blank", "Understood", "Set aside"]
    numbers = [head.lower().replace(" ", "_") for head in heads]
    rows = [
        Row([row["list"] + (f"[{row['sheet']}]" if row["sheet"] else ""),
             row["columns"].replace(";", ", ")], [f"{row[name]:,}" for name in numbers])
        for row in impact.listing.head(_MOST_ROWS).iter_rows(named=True)
    ]  # fmt: skip
    note = "Of each list, cells = blank + understood + set aside."
    note += f" {_say_cut(impact.listing.height, 'lists.csv')}"
    columns = [Head(name, "", "") for name in heads]
    labels = ["List", "Columns with codes"]
    yield Table("How your lists were read", labels, columns, rows, note=note.strip())
    if impact.passed:
        passed = [Row([name, why], []) for name, why in impact.passed[:_MOST_ROWS]]
        note = _say_cut(len(impact.passed), "impact.json")
        yield Table("Files and sheets passed over", ["File", "Why"], [], passed, note=note)


def _list_rows(frame: pl.DataFrame, names: Sequence[str]) -> list[Row]:
    return [Row(list(cells), []) for cells in frame.select(names).iter_rows()]


def _say_cut(rows: int, file: str) -> str:
    return f"The first {_MOST_ROWS} of {rows:,}; all are in {file}." if rows > _MOST_ROWS else ""
