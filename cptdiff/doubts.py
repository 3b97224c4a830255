"""What a reader must know before trusting the list: the sentences of the report's first screen."""

from cptdiff.codesets import CodeSet
from cptdiff.model import Changes, Release
from cptdiff.summary import identical

_PRINT_ONLY = (
    "Changes of guidelines, parenthetical notes and symbols (add-on, telemedicine, resequenced,"
    " ...) are in the book only; the data files cannot show them"
)


def doubts(changes: Changes) -> tuple[str, ...]:
    """The sentences, the gravest first."""
    both = (("Previous", changes.previous), ("Current", changes.current))
    told = [_aside(side, release) for side, release in both]
    if identical(changes):
        told.append("The inputs are byte-identical")
    told += [_undated(side, release) for side, release in both]
    told += [_sentence(note) for note in changes.notes]
    told += [f"{side}: {note}" for side, release in both for note in release.notes]
    if changes.current.code_set is CodeSet.CPT:
        if not any("pla" in release.carries for _, release in both):
            told.append(
                "PLA codes (0001U and up) are not in the files of either release: not compared"
            )
        told.append(_PRINT_ONLY)
    return tuple(f"{sentence}." for sentence in told if sentence)


def _aside(side: str, release: Release) -> str:
    count = release.rows.quarantined
    if not count:
        return ""
    rows = "1 row was" if count == 1 else f"{count:,} rows were"
    codes = release.set_aside["raw"].str.head(20).head(3).to_list()
    return f"{side}: {rows} set aside and not compared, see quarantine.csv ({'; '.join(codes)})"


def _undated(side: str, release: Release) -> str:
    if release.effective_date or release.code_set is CodeSet.TABLE:
        return ""
    return f"{side}: no effective date found; give --{side.lower()}-date YYYY-MM-DD"


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:]
