"""Worksheets merged: one decision for each line, conflicts, what has to be asked back.

A line is decided where a reviewer decided and nobody else did otherwise. Decisions on earlier
worksheets stand again where the facts of the line are the same; where they are not, the line is
open again, with the reason.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import polars as pl

from cptdiff.errors import Refused
from cptdiff.impact.choices import (
    Choice,
    Fault,
    Known,
    Standing,
    check_codes,
    cut,
    has_days_first,
    name_system,
    quote_row,
    read_choice,
)
from cptdiff.impact.facts import GONE, Facts
from cptdiff.impact.lists import Input
from cptdiff.impact.replies import Line, Reply
from cptdiff.impact.worksheet import (
    COLUMNS,
    CONFLICTING,
    DECIDED,
    FACTS,
    FILLED,
    KEEP,
    MEANINGS,
    OPEN,
    REOPENED,
    REVIEWED,
    STATES,
    list_kept,
    read_number,
)

_LONGEST: Final = 40
_EDITED: Final = Fault(
    "E392", "cells that cptdiff wrote were changed",
    "restore them, or give the original worksheet.csv too",
)  # fmt: skip
_UNNUMBERED: Final = Fault(
    "E392", "the hidden column Row says nothing that cptdiff wrote",
    "restore it, or delete what it holds if the row is your own",
)  # fmt: skip


@dataclass
class Entry:
    """A line, with what reviewers decided on it (several where they differ) and what is wrong.

    `former` is what was decided before its facts changed; `conflict` what an earlier merge told.
    """

    line: Line
    choices: list[tuple[Choice, Line]] = field(default_factory=list)
    faults: list[tuple[Fault, Line]] = field(default_factory=list)
    state: str = OPEN
    former: str = ""
    conflict: str = ""

    @property
    def choice(self) -> Choice | None:
        """What holds."""
        return self.choices[0][0] if self.state == DECIDED else None


class Merged(NamedTuple):
    """Worksheets as one: `lines` has the columns of a worksheet and the user's own.

    `faults` has what has to be asked back, `conflicts` and `reopened` a sentence for each line,
    `unreturned` how many lines no file had, by worksheet. `elsewhere` counts the former decisions
    that are on no line. `unchecked` has new codes that could not be looked up with their code set
    where that was not given, with nothing where no releases were.
    """

    lines: pl.DataFrame
    entries: tuple[Entry, ...]
    inputs: tuple[Input, ...]
    faults: tuple[Refused, ...]
    conflicts: tuple[str, ...]
    reopened: tuple[str, ...]
    unreturned: Mapping[str, int]
    elsewhere: int
    unchecked: tuple[tuple[str, str], ...]

    @property
    def counts(self) -> dict[str, int]:
        """The lines by what has become of them."""
        found = Counter(entry.state for entry in self.entries)
        return {state: found[state] for state in STATES}

    @property
    def summary(self) -> dict[str, int]:
        """The counts of a review: lines by state, former decisions on no line, unusable rows."""
        return {**self.counts, "elsewhere": self.elsewhere, "unusable": self.unusable}

    @property
    def unusable(self) -> int:
        """How many rows cannot be used as written."""
        return len({error.place for error in self.faults})

    @property
    def undecided(self) -> list[Entry]:
        """The lines with a code that is not valid any more, and without a decision."""
        return [
            one for one in self.entries
            if one.state != DECIDED and one.line.cells["status"] in GONE
        ]  # fmt: skip

    @property
    def kept_deleted(self) -> int:
        """How many lines are to keep a code that is not valid any more."""
        return sum(
            one.choice is not None and one.choice.decision == KEEP
            and one.line.cells["status"] in GONE
            for one in self.entries
        )  # fmt: skip

    @property
    def unsigned(self) -> int:
        """How many decisions do not say who made them, or when."""
        choices = (one.choice for one in self.entries)
        return sum(one is not None and not (one.reviewer and one.date) for one in choices)


def merge_worksheets(
    replies: Sequence[Reply], former: Sequence[Reply] = (), facts: Facts | None = None
) -> Merged:
    """Return `replies` as one worksheet, with what was decided on `former` ones where that holds.

    `facts` of the releases tell whether a new code may be used.
    """
    entries = group_lines(replies)
    elsewhere = carry_decisions(entries, group_lines(former))
    own = list(dict.fromkeys(name for reply in replies for name in reply.own))
    return _finish(entries, replies, own, elsewhere, facts)


def review_lines(lines: pl.DataFrame, replies: Sequence[Reply], facts: Facts) -> Merged:
    """Return the worksheet `lines` with what was decided in `replies`, where that holds."""
    entries = [
        Entry(Line("", read_number(cells["row"]), is_intact=True, cells=cells))
        for cells in lines.iter_rows(named=True)
    ]
    earlier = group_lines(replies)
    elsewhere = carry_decisions(entries, earlier)
    found = _finish(entries, replies, list_kept(lines.columns), elsewhere, facts)
    faults = _list_faults([*earlier, *entries])
    return found._replace(faults=faults)


def _finish(
    entries: Sequence[Entry], replies: Sequence[Reply], own: Sequence[str], elsewhere: int,
    facts: Facts | None,
) -> Merged:  # fmt: skip
    unchecked = _check_new_codes(entries, facts)
    for entry in entries:
        settle_entry(entry)
    return Merged(
        make_table(entries, own),
        tuple(entries),
        tuple(reply.file for reply in replies),
        _list_faults(entries),
        tuple(_tell_conflict(one) for one in entries if one.state == CONFLICTING),
        tuple(f"{_name_line(one.line)}: {one.former}" for one in entries if one.former),
        _count_unreturned(entries),
        elsewhere,
        tuple(sorted(unchecked)),
    )


def _list_faults(entries: Sequence[Entry]) -> tuple[Refused, ...]:
    """What has to be asked back, each once."""
    faults = {(line.place, fault) for entry in entries for fault, line in entry.faults}
    ordered = sorted(faults, key=lambda one: (_sort_place(one[0]), one[1]))
    return tuple(Refused(fault.slug, place, fault.wrong, fault.fix) for place, fault in ordered)


def _sort_place(place: str) -> tuple[str, int]:
    file, _, row = place.rpartition(":")
    return file, int(row or 0)


def group_lines(replies: Sequence[Reply]) -> list[Entry]:
    """Return an entry for each line of the worksheets, whichever files have it, in their order."""
    groups: dict[tuple[str, int, int], list[tuple[Line, bool]]] = defaultdict(list)
    entries: list[Entry] = []
    for reply in sorted(replies, key=lambda one: one.file.file):
        is_day_first = has_days_first(reply.lines)
        for line in reply.lines:
            if line.number:
                groups[line.number].append((line, is_day_first))
            elif line.is_filled or any(line.cells.values()):
                entries.append(_read_added(line, is_day_first))
    numbered = [_read_group(group) for _, group in sorted(groups.items())]
    lists = {one.line.number[0]: one.line.cells["list"] for one in reversed(numbered)
             if one.line.number}  # fmt: skip
    numbered.sort(key=lambda one: (lists[one.line.number[0]], one.line.number)
                  if one.line.number else ("", ("", 0, 0)))  # fmt: skip
    return numbered + sorted(entries, key=lambda one: _sort_place(one.line.place))


def _read_group(group: Sequence[tuple[Line, bool]]) -> Entry:
    """The entry of the rows that are one line."""
    base = next((line for line, _ in group if line.is_intact), group[0][0])
    entry = Entry(base)
    for line, is_day_first in group:
        choice, faults = read_choice(line, is_day_first)
        if not base.is_intact:
            faults = [_EDITED, *faults]
        entry.faults += [(fault, line) for fault in faults]
        if choice.decision and base.is_intact:
            entry.choices.append((choice, line))
        elif not line.is_filled and line.cells["review_status"] == CONFLICTING:
            entry.conflict = line.cells["problem"] or "differed in an earlier merge"
        elif not line.is_filled:
            entry.former = entry.former or line.cells["former_decision"]
    return entry


def _read_added(line: Line, is_day_first: bool) -> Entry:  # noqa: FBT001
    """The entry of a row that a reviewer added."""
    entry = Entry(line)
    choice, faults = read_choice(line, is_day_first)
    if line.cells["row"]:
        faults = [_UNNUMBERED, *faults]
    entry.faults += [(fault, line) for fault in faults]
    if choice.decision and not line.cells["row"]:
        entry.choices.append((choice, line))
    return entry


def carry_decisions(entries: Sequence[Entry], earlier: Sequence[Entry]) -> int:
    """Give lines without a decision the one of an earlier worksheet, if their facts are the same.

    A row that cannot be used goes along as it was typed, with what is wrong. Where the facts are
    not the same, `former` says what was decided and what differs; a line that was open again
    stays so. Return how many earlier decisions are on no line.
    """
    for one in earlier:
        settle_entry(one)
    known = [one for one in earlier if one.state != OPEN or _list_unusable(one)]
    is_single = all(len({one.line.cells["list"] for one in each}) == 1
                    for each in (entries, earlier) if each)  # fmt: skip
    by_key: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for one in known:
        by_key[_make_key(one.line, is_single)].append(one)
    used: set[int] = set()
    for entry in entries:
        found = by_key.get(_make_key(entry.line, is_single), [])
        same = [one for one in found if one.line.cells["line"] == entry.line.cells["line"]]
        used.update(map(id, found))
        if found and not (entry.choices or entry.faults or entry.conflict):
            _carry_to(entry, same or found)
    return sum(id(one) not in used for one in known)


def _carry_to(entry: Entry, chosen: Sequence[Entry]) -> None:
    """Give `entry` what was decided on the `chosen` earlier ones, and what could not be used."""
    differs = _list_differences(entry.line, chosen[0].line)
    said = [choice.signed for one in chosen for choice, _ in one.choices]
    said += [quote_row(line) for one in chosen for _, line in _list_unusable(one)]
    if differs and said:
        told = " / ".join(dict.fromkeys(said))
        entry.former = f"{told}; changed since: {', '.join(differs)}"
    elif not differs:
        entry.choices = [pair for one in chosen for pair in one.choices]
        entry.conflict = next((one.conflict for one in chosen if one.conflict), "")
        entry.faults = [pair for one in chosen for pair in _list_unusable(one)]
    entry.former = entry.former or next((one.former for one in chosen if one.former), "")


def _list_unusable(entry: Entry) -> list[tuple[Fault, Line]]:
    """The rows that a reviewer filled in and that cannot be used, with what is wrong."""
    return [(fault, line) for fault, line in entry.faults if line.is_filled]


def _make_key(line: Line, is_single: bool) -> tuple[str, ...]:  # noqa: FBT001
    """What a line is known by: its code, and its charge number, else its text, else its place.

    With a single list on either side, the name of the list does not matter.
    """
    cells = {name: " ".join(cell.split()) for name, cell in line.cells.items()}
    where = cells["line_id"] or cells["line_text"] or f"line {cells['line']}"
    place = () if is_single else (cells["list"], cells["sheet"])
    return (*place, where, cells["code_set"], cells["part"], cells["code"])


def _list_differences(line: Line, former: Line) -> list[str]:
    """The facts of a line that are not as they were, with what they were."""
    found = []
    for name in FACTS:
        now, then = (" ".join(one.cells[name].split()) for one in (line, former))
        if now != then:
            is_short = max(len(now), len(then)) <= _LONGEST
            told = f" ({then or 'none'} -> {now or 'none'})" if is_short else ""
            found.append(f"{name.replace('_', ' ')}{told}")
    return found


def _check_new_codes(entries: Sequence[Entry], facts: Facts | None) -> set[tuple[str, str]]:
    """Take back decisions whose new code may not be used; return the codes not looked up."""
    wanted = {
        (choice.new_code, name_system(entry.line))
        for entry in entries for choice, _ in entry.choices if choice.new_code
    }  # fmt: skip
    listed: dict[str, Known] = {}
    for entry in entries:
        cells = entry.line.cells
        listed |= dict.fromkeys(filter(None, cells["replacements"].split(";")), Known("valid"))
    for entry in entries:
        cells = entry.line.cells
        if entry.line.number:
            listed[cells["code"]] = Known(
                cells["status"], cells["effective_date"], cells["last_valid_date"]
            )
    found = check_codes(wanted, facts, listed)
    for entry in entries:
        _check_entry(entry, found)
    return {
        (text, one.code_set)
        for (text, _), one in found.items() if not one.wrong and not one.is_checked
    }  # fmt: skip


def _check_entry(entry: Entry, found: Mapping[tuple[str, str], Standing]) -> None:
    sound = []
    for choice, line in entry.choices:
        standing = found.get((choice.new_code, name_system(entry.line)), Standing())
        own = entry.line.cells["code"]
        wrong = standing.wrong if choice.new_code else ""
        if choice.new_code and choice.new_code.replace(".", "") == own:
            wrong = wrong or f"{own} is the code that the line has"
        if wrong:
            fault = Fault("E391", f"{cut(choice.said)}: {wrong}", "enter a code that is valid")
            entry.faults.append((fault, line))
        else:
            sound.append((choice, line))
    entry.choices = sound


def settle_entry(entry: Entry) -> None:
    """Decide what has become of a line; of several that decided alike the last one stands first."""
    said = {(choice.decision, choice.new_code) for choice, _ in entry.choices}
    entry.choices.sort(key=lambda one: (one[0].date, one[0].reviewer, _sort_place(one[1].place)),
                       reverse=True)  # fmt: skip
    if len(said) > 1 or entry.conflict:
        entry.state = CONFLICTING
    elif said:
        entry.state = DECIDED
    else:
        entry.state = REOPENED if entry.former else OPEN


def _tell_conflict(entry: Entry) -> str:
    return f"{_name_line(entry.line)}: {_list_choices(entry)}"


def _list_choices(entry: Entry) -> str:
    told = sorted({(_sort_place(line.place), choice.signed, line.place)
                   for choice, line in entry.choices})  # fmt: skip
    return " / ".join([*filter(None, [entry.conflict]),
                       *(f"{signed}: {place}" for _, signed, place in told)])  # fmt: skip


def _name_line(line: Line) -> str:
    cells = line.cells
    sheet = f"[{cells['sheet']}]" if cells["sheet"] else ""
    place = f"{cells['list']}{sheet}:{cells['line']}" if cells["line"] else line.place
    told = " ".join(filter(None, (cells["line_id"], cells["code"])))
    return f"{place} ({told})" if told else place


def make_table(entries: Sequence[Entry], own: Sequence[str]) -> pl.DataFrame:
    """Return `entries` as a worksheet; `own` are the columns of the user's own."""
    at = COLUMNS.index("cell")
    columns = (*COLUMNS[:at], *own, *COLUMNS[at:])
    rows = [entry.line.cells | _tell_review(entry) for entry in entries]
    return pl.DataFrame(
        [[row.get(name, "") for name in columns] for row in rows],
        dict.fromkeys(columns, pl.String), orient="row",
    )  # fmt: skip


def _tell_review(entry: Entry) -> dict[str, str]:
    """The columns of a line that reviewers and cptdiff fill in."""
    told = dict.fromkeys((*FILLED, *REVIEWED), "")
    if entry.state == DECIDED:
        first, line = entry.choices[0]
        told |= first._asdict() | {"source": line.place}
        told["note"] = _join(choice.note for choice, _ in entry.choices)
    elif entry.state == CONFLICTING:
        told |= {"problem": _list_choices(entry), "source": ""}
    elif any(line.is_filled for _, line in entry.faults):
        # What has to be asked back stands as it was written.
        line = next(line for _, line in entry.faults if line.is_filled)
        told |= {name: line.cells[name] for name in FILLED} | {"source": line.place}
    elif entry.line.is_filled:
        told |= {name: entry.line.cells[name] for name in FILLED}
    faults = dict.fromkeys(
        f"{fault.slug}: {fault.wrong}{'' if line.place == told['source'] else f' ({line.place})'}"
        for fault, line in entry.faults
    )
    told["problem"] = "; ".join(filter(None, (told["problem"], *faults)))
    words, _ = MEANINGS.get(entry.line.cells["status"], ("", ""))
    told |= {"review_status": entry.state, "former_decision": entry.former}
    return told | {"status_in_words": words}


def _join(texts: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(filter(None, texts)))


def _count_unreturned(entries: Sequence[Entry]) -> dict[str, int]:
    """How many lines no file had, by the list of the worksheet."""
    found: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    for one in entries:
        if one.line.number:
            found[one.line.number[0], one.line.number[2]].append(one)
    missing: Counter[str] = Counter()
    for (_, whole), returned in found.items():
        missing[returned[0].line.cells["list"]] += whole - len(returned)
    return {name: number for name, number in sorted(missing.items()) if number > 0}
