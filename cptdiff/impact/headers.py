"""Where the header of a list stands, and which of its columns hold codes: by name and by content.

Lists are not made for machines: titles stand above the header, it may take two rows, it may be
missing, and a sheet beside the list may have a header but no codes.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from cptdiff.columns import fold_name
from cptdiff.impact.cells import ICD, MODIFIER, PROCEDURE
from cptdiff.impact.forms import find_form
from cptdiff.vocabulary import CodeSet

# How many rows are searched for the header.
HEADER_ROWS: Final = 45
Row = tuple[int, Sequence[str]]

_PROCEDURE_NAMES: Final = (
    r"(?:^|[^a-z])(?:cpt|hcpcs?)(?![a-z])|^(?:cpt|hcpcs?|cpthcpcs)codes?$|cpt.?4"
    r"|^cod_dtl_ext_id$|^code ?\| ?\d+$"
)
# What a column that holds codes is called, the first that fits.
_CALLED: Final = (
    (MODIFIER, r"^(?:cpt |hcpcs )?mod(?:ifier)?s?(?:[ _]?\d+)?$|\bmodifiers?\b"),
    (str(CodeSet.ICD10PCS), r"\bpcs\b"),
    (ICD, r"\bicd|\bdx\b|\bdiag"),
    (PROCEDURE, _PROCEDURE_NAMES),
)  # fmt: skip
# What stands beside a code, and may be called after it.
_BESIDE: Final = (
    r"desc|price|amount|\bamt|cost|\bfee\b|qty|quant|\bunits?\b|date|count|\bname|title|type|status"
    r"|charge(?! ?code| ?#| ?no)|rate\b|flag|[$%]"
)
_MODIFIERS: Final = r"(?:[ ,;|/-]*[A-Z0-9]{2}){0,4}"
_PROCEDURE: Final = re.compile(rf"(?:[A-Z][0-9]{{4}}|[0-9]{{4}}[0-9FTUMA]){_MODIFIERS}")
# Codes that are no plain numbers, which may be prices or numbers of charges.
_PLAIN: Final = re.compile(rf"(?:[A-V][0-9]{{4}}|[0-9]{{4}}[FTUMA]){_MODIFIERS}")
_ICD: Final = re.compile(
    r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?(?:\.?[-*%])?|(?=.*[0-9])[0-9A-HJ-NP-Z]{7}"
)
# What stands in rows, and no name of a column: a code, or a number that is no year.
_DATUM: Final = re.compile(
    r"(?!(?:19|20)[0-9]{2}$)(?:[-+$(]*[0-9][0-9,.]*[)%]*|[A-Z][0-9]{4}|[0-9]{4}[A-Z])"
)
_TWO: Final = re.compile(r"[A-Z0-9]{2}(?:[ ,;|/-]+[A-Z0-9]{2})*")
_FORMS: Final = {PROCEDURE: _PROCEDURE, MODIFIER: _TWO}
# So many cells, and such a share of the filled ones, tell codes where no name does.
_FEWEST_CODES: Final = 3
_SURE_SHARE: Final = 0.05
_LEAST_SHARE: Final = 0.3
# Of a column that is called so, half are codes, and a fifth are sure to be.
_PLAIN_NAME: Final = re.compile(
    r"(?:(?:proc(?:edure)?|service|billing|concept)[ _]?)?(?:codes?|cd)"
)
_PLAIN_SURE: Final = 0.2
_HALF: Final = 0.5
_NUMBER: Final = re.compile(r"[-+$(]*[0-9][0-9,.]*[)%]*")
_FEWEST_CELLS: Final = 2
# A longer text is no name: titles and notes above a table speak of codes, too.
_LONGEST_NAME: Final = 45


class Header(NamedTuple):
    """Where a header stands: its name for each column, its last row (0: there is none).

    `systems` has what each column holds that is called after codes and holds some, by its place.
    """

    line: int
    names: tuple[str, ...]
    systems: dict[int, str]


class Wanted(NamedTuple):
    """What the user names: code columns by name or pattern, and columns of modifiers."""

    codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()

    def find_system(self, name: str) -> str | None:
        """What the user says that a column holds; empty where only its content tells.

        A pattern does not mean the column beside that names the code set.
        """
        if fold_name(name).endswith("|type") and fold_name(name) not in map(fold_name, self.codes):
            return None
        for system, patterns in ((MODIFIER, self.modifiers), ("", self.codes)):
            if any(fnmatchcase(fold_name(name), fold_name(one)) for one in patterns):
                return system
        return None


def name_system(name: str) -> str:
    """Return what a column holds by its name; empty where it is not called after codes."""
    words = fold_name(name)
    if len(words) > _LONGEST_NAME:
        return ""
    for system, pattern in _CALLED:
        if re.search(pattern, words):
            return "" if re.search(_BESIDE, words) else system
    return ""


def is_code(cell: str, system: str) -> bool:
    """Return whether a cell looks like a code of `system`."""
    return _FORMS.get(system, _ICD).fullmatch(cell.strip().upper()) is not None


def find_header(
    rows: Sequence[Row], wanted: Wanted, known: Collection[str], *, is_square: bool = False
) -> Header | None:
    """Return the header of `rows`; None where no column holds codes.

    The first row counts that has a column called after codes, with a code below it, or that has a
    `wanted` one. Where there is none, codes may be told by their content: letters and digits, or
    codes that are `known`. In a text, which `is_square`, most rows have the header's width.
    """
    top = rows[:HEADER_ROWS]
    for at, (_, cells) in enumerate(top):
        names = [join_words(cell) for cell in cells]
        systems = _find_columns(names, rows[at + 1 :], wanted)
        if systems:
            return _finish_header(rows, at, systems, is_square=is_square)
    if wanted.codes:
        return None
    for at, (_, cells) in enumerate(top):
        if systems := _find_plain(cells, rows[at + 1 :], known):
            return _finish_header(rows, at, systems, is_square=is_square)
    return _find_by_content(rows, known, is_square=is_square)


def _find_columns(names: Sequence[str], below: Sequence[Row], wanted: Wanted) -> dict[int, str]:
    """The columns that hold codes, of a row that may be a header; none where it is not."""
    if wanted.codes:
        found = {at: wanted.find_system(name) for at, name in enumerate(names) if name}
        said = {at: system for at, system in found.items() if system is not None}
        return said if any(system == "" for system in said.values()) else {}
    if form := find_form(names):
        return form.find_systems(names)
    if any(map(_DATUM.fullmatch, names)):
        return {}
    called = {at: name_system(name) for at, name in enumerate(names) if name}
    told = {at: system for at, system in called.items()
            if system and _has_codes(below, at, system)}  # fmt: skip
    if all(system == MODIFIER for system in told.values()):
        return {}
    # A title has one cell where a table has several.
    is_title = sum(map(bool, names)) < _FEWEST_CELLS
    return (
        {} if is_title and any(sum(map(bool, row)) >= _FEWEST_CELLS for _, row in below) else told
    )


def _find_plain(
    cells: Sequence[str], below: Sequence[Row], known: Collection[str]
) -> dict[int, str]:
    """The columns that are just called Code or the like, and hold little else than codes."""
    places = [at for at, name in enumerate(cells) if _PLAIN_NAME.fullmatch(fold_name(name))]
    return {at: "" for at in places if _share_codes(below, at, known, _PLAIN_SURE) >= _HALF}


def _has_codes(below: Iterable[Row], at: int, system: str) -> bool:
    return any(at < len(cells) and is_code(cells[at], system) for _, cells in below)


def _find_by_content(
    rows: Sequence[Row], known: Collection[str], *, is_square: bool
) -> Header | None:
    width = max((len(cells) for _, cells in rows), default=0)
    shares = {at: _share_codes(rows, at, known) for at in range(width)}
    best = max(shares, key=lambda at: (shares[at], -at), default=0)
    if shares.get(best, 0) < _LEAST_SHARE:
        return None
    first = next(n for n, (_, cells) in enumerate(rows)
                 if best < len(cells) and looks_sure(cells[best], known))  # fmt: skip
    texts = [_count_texts(cells) for _, cells in rows[: min(first, HEADER_ROWS)]]
    systems = {best: ""}
    if not texts or max(texts) == 0:
        full = _find_width([], rows) if is_square else width
        return Header(0, tuple(_name_places([""] * full)), systems)
    return _finish_header(rows, texts.index(max(texts)), systems, is_square=is_square)


def _share_codes(rows: Sequence[Row], at: int, known: Collection[str], least: float = 0.0) -> float:
    """How much of a column has the form of codes; nothing where few of them are sure to be any."""
    cells = [row[at].strip() for _, row in rows if at < len(row) and row[at].strip()]
    sure = sum(looks_sure(cell, known) for cell in cells)
    fewest = least * len(cells) if least else min(_FEWEST_CODES, len(rows))
    if not cells or sure < max(fewest, _SURE_SHARE * len(cells)):
        return 0.0
    return sum(is_code(cell, PROCEDURE) or looks_sure(cell, known) for cell in cells) / len(cells)


def looks_sure(cell: str, known: Collection[str]) -> bool:
    """Return whether a cell is a code by its letters and digits, or because a release has it."""
    said = cell.strip().upper()
    return _PLAIN.fullmatch(said) is not None or said.replace(".", "") in known


def _count_texts(cells: Sequence[str]) -> int:
    """How many cells of a row may be names of columns; none where one is a number."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    has_number = any(_NUMBER.fullmatch(cell) for cell in filled)
    return 0 if has_number or len(filled) < min(_FEWEST_CELLS, len(cells)) else len(filled)


def _finish_header(
    rows: Sequence[Row], at: int, systems: dict[int, str], *, is_square: bool
) -> Header:
    """The header whose first row is `at`, with the rows below that carry on its names."""
    cells, below = rows[at][1], rows[at + 1 :]
    width = _find_width(cells, below) if is_square else max(len(row) for _, row in rows[at:])
    names = _take_names(cells, width)
    while at + 1 < len(rows) and _carries_on(rows[at + 1][1], systems):
        at += 1
        more = _take_names(rows[at][1], width)
        names = [" ".join(filter(None, both)) for both in zip(names, more, strict=True)]
    return Header(rows[at][0], tuple(_name_places(names)), systems)


def _find_width(cells: Sequence[str], below: Sequence[Row]) -> int:
    """The width of most rows below a header, unless the header has names beyond it."""
    named = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
    widths = Counter(len(row) for _, row in below if row)
    commonest = max(widths, key=lambda width: (widths[width], width), default=len(cells))
    return commonest if commonest >= named else len(cells)


def _carries_on(cells: Sequence[str], systems: dict[int, str]) -> bool:
    """Whether a row below a header is a part of it: words where codes should stand, no number."""
    leads = [join_words(cells[at]) if at < len(cells) else "" for at in systems]
    is_word = all(re.fullmatch(r"[A-Za-z][A-Za-z .()/#-]*", lead) for lead in leads)
    return is_word and _count_texts(cells) >= _FEWEST_CELLS and not any(
        is_code(lead, PROCEDURE) or lead.upper() in {"NA", "N/A", "NONE", "NULL"} for lead in leads
    )  # fmt: skip


def _take_names(cells: Sequence[str], width: int) -> list[str]:
    return [join_words(cell) for cell in [*cells, *[""] * width][:width]]


def join_words(cell: str) -> str:
    """Return a name on one line, a run of blanks as one."""
    return " ".join(cell.split())


def _name_places(names: Sequence[str]) -> list[str]:
    """`names`, a column without one by its letter, the second of one name with its number."""
    found: list[str] = []
    counts: dict[str, int] = {}
    for at, name in enumerate(names):
        full = name or f"column {name_letter(at)}"
        counts[fold_name(full)] = number = counts.get(fold_name(full), 0) + 1
        found.append(full if number == 1 else f"{full} ({number})")
    return found


def name_letter(at: int) -> str:
    """Return the letter of a column in a spreadsheet, from 0: A, B, ..., AA."""
    letters, rest = "", at + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
