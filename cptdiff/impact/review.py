"""What a merge of worksheets says and writes: the sentence first, conflicts, what is asked back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cptdiff.codesets import PROFILES
from cptdiff.impact.choices import ELSEWHERE
from cptdiff.impact.facts import read_facts
from cptdiff.impact.merge import Merged, merge_worksheets
from cptdiff.impact.replies import read_replies
from cptdiff.impact.worksheet import CONFLICTING, DECIDED, OPEN, STATES, render_book, render_text

_MOST: Final = 20
_FEW: Final = 5


def merge_files(
    files: Sequence[str], former: Sequence[str] = (), runs: Sequence[str] = ()
) -> Merged:
    """Return the worksheets `files` as one, with the decisions of `former` ones that still hold.

    `runs` (run folders, PREVIOUS:CURRENT pairs) tell whether new codes are valid. Raise `Refused`
    for a file that is no worksheet (E390), or that cannot be read.
    """
    facts = read_facts(runs) if runs else None
    return merge_worksheets(read_replies(files), read_replies(former), facts)


def render_merge(merged: Merged, suffix: str, *, bom: bool = False) -> bytes:
    """Return the merged worksheet as a workbook (.xlsx) or as CSV."""
    if suffix == ".xlsx":
        return render_book(merged.lines, f"Worksheet: {write_merge_sentence(merged)}")
    return render_text(merged.lines, bom=bom)


def list_merge_text(merged: Merged) -> Iterator[str]:
    """Yield the lines for the terminal."""
    yield f"{write_merge_sentence(merged)}."
    yield from _list_some("Conflicts", merged.conflicts)
    yield from _list_some("Open again", merged.reopened)
    undecided = sorted({one.line.cells["code"] for one in merged.undecided})
    if undecided:
        some = ", ".join(undecided[:_MOST]) + (" ..." if len(undecided) > _MOST else "")
        lines = count(len(merged.undecided), "line", "lines")
        yield f"Codes that are not valid any more, without a decision: {some} ({lines})"
    if notes := [*list_review_notes(merged)]:
        yield "Before you rely on this"
        yield from (f"  - {note[:1].upper()}{note[1:]}." for note in notes)


def _list_some(head: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        yield head
    yield from (f"  {text}" for text in texts[:_MOST])
    if len(texts) > _MOST:
        yield f"  ... and {len(texts) - _MOST:,} more (column review_status)"


def explain_merge(merged: Merged, *, require_complete: bool) -> tuple[int, list[str]]:
    """Return the exit code of a merge, and why it is not 0."""
    doubts = [*_list_doubts(merged)]
    open_ = [*_list_undecided(merged)] if require_complete else []
    return 3 if doubts else int(bool(open_)), [*doubts, *open_]


def _list_doubts(merged: Merged) -> Iterator[str]:
    if merged.faults:
        yield tell_faults(merged)
    if blind := [code for code, code_set in merged.unchecked if not code_set]:
        codes = count(len(blind), "new code was", "new codes were")
        yield f"{codes} not looked up ({', '.join(blind[:_FEW])}); add --run RUN"


def tell_faults(merged: Merged) -> str:
    """Return how many rows cannot be used."""
    return f"{count(merged.unusable, 'row', 'rows')} of worksheets cannot be used as written"


def _list_undecided(merged: Merged) -> Iterator[str]:
    if merged.undecided:
        lines = count(len(merged.undecided), "line", "lines")
        yield (
            f"{lines} with a code that is not valid any more and without a decision"
            " (--require-complete)"
        )
    if merged.counts[CONFLICTING]:
        lines = count(merged.counts[CONFLICTING], "line", "lines")
        yield f"{lines} with decisions that differ (--require-complete)"
    if missing := sum(merged.unreturned.values()):
        yield f"{count(missing, 'line', 'lines')} in no file (--require-complete)"


def count(number: int, one: str, several: str) -> str:
    """Return as in "3 lines"."""
    return f"{number:,} {one if number == 1 else several}"


def tell_states(counts: Mapping[str, int]) -> str:
    """Return as in "3 decided, 2 open"; a state that no line has is left out but the first two."""
    shown = [state for state in STATES if counts[state] or state in {DECIDED, OPEN}]
    return ", ".join(f"{counts[state]:,} {state}" for state in shown)


def write_merge_sentence(merged: Merged) -> str:
    """Return the first sentence of a merge."""
    files = count(len(merged.inputs), "file", "files")
    return f"{count(len(merged.entries), 'line', 'lines')} in {files}: {tell_states(merged.counts)}"


def _list_other_sets(merged: Merged) -> Iterator[str]:
    """Yield which new codes are of code sets whose releases were not given."""
    by_set: dict[str, list[str]] = {}
    for code, code_set in merged.unchecked:
        if code_set:
            by_set.setdefault(code_set, []).append(code)
    for code_set, codes in sorted(by_set.items()):
        some = ", ".join(codes[:_FEW]) + (" ..." if len(codes) > _FEW else "")
        many = count(len(codes), "new code is", "new codes are")
        if code_set == ELSEWHERE:
            yield f"{many} in no release that cptdiff reads ({some}); look it up yourself"
            continue
        label = PROFILES[code_set].label
        yield (
            f"{many} of {label} and not looked up ({some}); also give a comparison of {label}"
            " releases"
        )


def list_review_notes(merged: Merged) -> Iterator[str]:
    """Yield what to know before relying on a merge."""
    for name, number in merged.unreturned.items():
        yield (
            f"{count(number, 'line', 'lines')} of {name} in no file; give worksheet.csv of the"
            " impact run too"
        )
    if merged.kept_deleted:
        lines = count(merged.kept_deleted, "line keeps", "lines keep")
        yield (
            f"{lines} a code that is not valid any more: claims with it are rejected after its last"
            " valid date"
        )
    if merged.unsigned:
        lines = count(merged.unsigned, "decision does", "decisions do")
        yield f"{lines} not say who made it, or when"
    yield from _list_other_sets(merged)
    if merged.elsewhere:
        lines = count(merged.elsewhere, "former decision is", "former decisions are")
        yield f"{lines} on no line of these worksheets"
    added = sum(one.line.number is None for one in merged.entries)
    if added:
        yield f"{count(added, 'row was', 'rows were')} added by reviewers, and kept"
