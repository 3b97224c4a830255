"""The sentences of the first screen: what a reader must know before relying on the results."""

from collections.abc import Iterable

from cptdiff.fields import describe_partial
from cptdiff.judgement import Announced, Judgement, Reconciliation
from cptdiff.model import Changes, Release
from cptdiff.summary import are_identical

# So many rows are told of in a sentence.
_FEW = 3


def list_doubts(
    changes: Changes, judgement: Judgement, totals: Announced | None, choices: Iterable[str]
) -> tuple[str, ...]:
    """The sentences, the gravest first; `choices` tell what is not shown."""
    both = _name_sides(changes)
    zeros = [note for note in changes.notes if note.kind == "zeros"]
    sentences = [*map(str, zeros), _capitalize(describe_partial(changes)), *choices]
    sentences += [_describe_aside(side, release) for side, release in both]
    if are_identical(changes):
        sentences.append("The inputs are byte-identical")
    sentences += [_describe_undated(side, release) for side, release in both]
    others = (note for note in (*changes.notes, *judgement.notes) if note not in zeros)
    sentences += [_capitalize(str(note)) for note in others]
    agreement = judgement.reconciliation
    sentences += [_describe_unexplained(agreement), *map(str, agreement.doubts)]
    sentences += map(_capitalize, _describe_gaps(totals))
    sentences += [f"{side}: {note}" for side, release in both for note in release.notes]
    sentences += _list_absent(changes)
    return tuple(f"{sentence}." for sentence in sentences if sentence)


def find_tables(changes: Changes, judgement: Judgement) -> dict[str, str]:
    """By doubt the table that lists what it is about, by the name of its file without suffix."""
    tables = {_describe_aside(*side): "quarantine" for side in _name_sides(changes)}
    tables[_describe_unexplained(judgement.reconciliation)] = "reconciliation"
    return {f"{sentence}.": table for sentence, table in tables.items() if sentence}


def _name_sides(changes: Changes) -> tuple[tuple[str, Release], ...]:
    return ("Previous", changes.previous), ("Current", changes.current)


def list_limits(changes: Changes) -> tuple[str, ...]:
    """Those of the doubts that tell what was not, or could not be, compared."""
    sentences = [_capitalize(str(note)) for note in changes.notes if note.kind == "uncompared"]
    return tuple(f"{sentence}." for sentence in (*sentences, *_list_absent(changes)))


def _list_absent(changes: Changes) -> Iterable[str]:
    """What the files of neither release hold."""
    profile = changes.current.profile
    for part in profile.parts:
        if not any(part.name in side.carries for side in (changes.previous, changes.current)):
            yield part.absent
    if profile.blind_spot:
        yield profile.blind_spot


def _describe_aside(side: str, release: Release) -> str:
    count = release.rows.quarantined
    if not count:
        return ""
    rows = "1 row was" if count == 1 else f"{count:,} rows were"
    places = release.set_aside.select("member", "line", "fault").head(_FEW).iter_rows()
    faults = [f"{name_place(member, line)}: {fault}" for member, line, fault in places]
    more = [f"{count - _FEW:,} more"] if count > _FEW else []
    where = "; ".join(faults + more)
    return f"{side}: {rows} excluded and not compared ({where})"


def name_place(member: str, line: int | None) -> str:
    """A row of `member`, as a spreadsheet names it where that is one's sheet."""
    if line is None:
        return member
    return f"{member}!A{line}" if member.endswith("]") else f"{member} line {line}"


def _describe_unexplained(agreement: Reconciliation) -> str:
    """How many differences have no cause, where a list says something else than the files."""
    whole, other = agreement.unexplained, agreement.contradicted
    if not other:
        return ""
    many = "1 difference" if whole == 1 else f"{whole:,} differences"
    says = f"{other:,} where the list says something else than the files"
    more = f", {whole - other:,} not announced" if whole > other else ""
    return f"{many} from the publisher's list without an explanation ({says}{more})"


def _describe_gaps(totals: Announced | None) -> Iterable[str]:
    if totals is not None and totals.unexplained:
        names = ", ".join(totals.unexplained)
        yield f"counts of {names} differ from the announced totals without an explanation"


def _describe_undated(side: str, release: Release) -> str:
    if release.effective_date or release.profile.is_own:
        return ""
    return f"{side}: no effective date found; add --{side.lower()}-date YYYY-MM-DD"


def _capitalize(note: str) -> str:
    """`note` with a capital, unless a file's name leads it."""
    return note if "." in note.partition(" ")[0] else note[:1].upper() + note[1:]
