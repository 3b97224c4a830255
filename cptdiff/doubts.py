"""What a reader must know before trusting the list: the sentences of the report's first screen."""

from collections.abc import Iterable
from typing import Final

from cptdiff.coverage import not_compared
from cptdiff.judgement.announced import Announced
from cptdiff.judgement.judge import Judgement
from cptdiff.model import Changes, Release
from cptdiff.summary import identical
from cptdiff.vocabulary import CodeSet, Descriptors

_PRINT_ONLY = (
    "Changes of guidelines, parenthetical notes and symbols (add-on, telemedicine, resequenced,"
    " ...) are in the book only; the data files cannot show them"
)

_WITHHELD: Final = {
    Descriptors.SHORT: "All descriptors but the short ones",
    Descriptors.NONE: "Descriptors",
}
# Any column of a user's own may hold the publisher's wording.
_OF_A_TABLE: Final = {
    Descriptors.SHORT: "All values but the keys and the short descriptors",
    Descriptors.NONE: "All values but the keys",
}

# So many rows are told of in a sentence.
_FEW = 3


def doubts(
    changes: Changes, judgement: Judgement, totals: Announced | None, choices: Iterable[str]
) -> tuple[str, ...]:
    """The sentences, the gravest first; `choices` tell what is not shown."""
    both = (("Previous", changes.previous), ("Current", changes.current))
    told = [*choices, *(_aside(side, release) for side, release in both)]
    if identical(changes):
        told.append("The inputs are byte-identical")
    told += [_undated(side, release) for side, release in both]
    told += [_sentence(note) for note in (*changes.notes, *judgement.notes)]
    told += [_sentence(text) for text in (*_disagreed(judgement), *_gaps(totals))]
    told += [f"{side}: {note}" for side, release in both for note in release.notes]
    told += _absent(changes)
    return tuple(f"{sentence}." for sentence in told if sentence)


def limits(changes: Changes) -> tuple[str, ...]:
    """Those of the doubts that tell what was not, or could not be, compared."""
    told = [_sentence(note) for note in not_compared(changes.previous, changes.current)]
    return tuple(f"{sentence}." for sentence in (*told, *_absent(changes)))


def left_out(descriptors: Descriptors, code_set: CodeSet) -> str:
    """The sentence for readers who would miss the wording; empty where nothing is withheld."""
    if descriptors is Descriptors.FULL:
        return ""
    asked = f"left out of all outputs, as was asked (--descriptors {descriptors})"
    if code_set is not CodeSet.TABLE:
        return f"{_WITHHELD[descriptors]} are {asked}"
    which = _OF_A_TABLE[descriptors]
    return f"{which} are {asked}; a key is shown as it is, whatever words it holds"


def _absent(changes: Changes) -> Iterable[str]:
    """What the files of neither release hold."""
    if changes.current.code_set is CodeSet.CPT:
        if not any("pla" in side.carries for side in (changes.previous, changes.current)):
            yield "PLA codes (0001U and up) are not in the files of either release: not compared"
        yield _PRINT_ONLY


def _aside(side: str, release: Release) -> str:
    count = release.rows.quarantined
    if not count:
        return ""
    rows = "1 row was" if count == 1 else f"{count:,} rows were"
    places = release.set_aside.select("member", "line", "fault").head(_FEW).iter_rows()
    told = [f"{row_place(member, line)}: {fault}" for member, line, fault in places]
    more = [f"{count - _FEW:,} more"] if count > _FEW else []
    where = "; ".join(told + more)
    return f"{side}: {rows} set aside and not compared, see a run folder's quarantine.csv ({where})"


def row_place(member: str, line: int | None) -> str:
    """A row of `member`, as a spreadsheet names it where that is one's sheet."""
    if line is None:
        return member
    return f"{member}!A{line}" if member.endswith("]") else f"{member} line {line}"


def _disagreed(judgement: Judgement) -> Iterable[str]:
    """What does not agree with the publisher's own lists, and what they say of themselves."""
    agreement = judgement.reconciliation
    if agreement.unexplained:
        many = _many(agreement.unexplained, "disagreement")
        yield f"{many} with the publisher's own list without a known cause, see reconciliation.csv"
    yield from agreement.doubts


def _gaps(totals: Announced | None) -> Iterable[str]:
    if totals is not None and totals.unexplained:
        names = ", ".join(totals.unexplained)
        yield f"the totals announced for {names} are not met, and nothing explains the whole gap"


def _many(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def _undated(side: str, release: Release) -> str:
    if release.effective_date or release.code_set is CodeSet.TABLE:
        return ""
    return f"{side}: no effective date found; give --{side.lower()}-date YYYY-MM-DD"


def _sentence(note: str) -> str:
    """`note` with a capital, unless a file's name leads it."""
    return note if "." in note.partition(" ")[0] else note[:1].upper() + note[1:]
