"""Which preset a table's header is of, and what the table's key is by it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from cptdiff.codesets.presets import PRESETS, Preset
from cptdiff.columns import fold_name
from cptdiff.errors import Refused
from cptdiff.reading.archives import Member
from cptdiff.reading.headers import DEFAULT_KEY, Columns, join_words, list_starts, read_record
from cptdiff.reading.rows import HEADER_ROWS
from cptdiff.reading.sources import Bundle
from cptdiff.reading.text import find_marks
from cptdiff.vocabulary import NO_PRESET

_HEAD: Final = 64 * 1024
_SEPARATORS: Final = ",\t;|"
_WORDS: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789")
_TEXTS: Final = (".csv", ".tsv", ".tab", ".txt", ".psv")
_BOOKS: Final = (".xlsx", ".xlsm")
_OTHERS: Final = bytes(one for one in range(256) if one not in _WORDS)


def settle_text(place: str, data: bytes, columns: Columns) -> tuple[Columns, Preset | None]:
    """Return `columns` with the key of a table in a text, and the preset that says it.

    Raise `Refused` (E163) for a preset that the user named and the table is not of.
    """
    known = _list_candidates(columns)
    likely = _sift(data, known) if not columns.preset else known
    return settle(place, _list_rows(data) if likely else (), columns, likely)


def settle(
    place: str,
    rows: Iterable[Sequence[str]],
    columns: Columns,
    known: Sequence[Preset] | None = None,
) -> tuple[Columns, Preset | None]:
    """Return `columns` with the key of the table that begins with `rows`, and its preset.

    A key that the user named stays; without any it is the preset's, else `code`.
    """
    known = _list_candidates(columns) if known is None else known
    tops = [[join_words(cell) for cell in cells] for cells in rows] if known else []
    for cells in tops:
        names = [fold_name(cell) for cell in cells]
        fits = [(len(one.header), one, places) for one in known
                if not one.find_missing(names) and (places := one.find_keys(names))]  # fmt: skip
        if fits:
            _, preset, places = max(fits, key=lambda fit: fit[0])
            keys = columns.keys or tuple(_unwrap(cells[at]) for at in places)
            return columns._replace(keys=keys, goes_on=preset.has_long_header), preset
    if columns.preset in PRESETS:
        raise _refuse_other(place, PRESETS[columns.preset], tops)
    return columns._replace(keys=columns.keys or DEFAULT_KEY), None


# To look into a workbook takes a process of its own.
_MOST_WORKBOOKS: Final = 4


def find_tables(bundle: Bundle, preset: str) -> list[Member]:
    """Return the members that are tables of the preset, of any where it is empty; text first.

    Several are one table where their names differ only in the suffix. Raise `Refused` (E184) where
    there are two.
    """
    columns = Columns(preset=preset)
    if not _list_candidates(columns):
        return []
    texts = [one for one in bundle.members if one.base_name.lower().endswith(_TEXTS)]
    books = [one for one in bundle.members if one.base_name.lower().endswith(_BOOKS)]
    found = {one: known for one in texts if (known := _recognize_text(one.read(), columns))}
    if not found and len(books) <= _MOST_WORKBOOKS:
        found = {one: known for one in books if (known := _recognize_book(one, columns))}
    stems = {one.base_name.rpartition(".")[0].lower(): one for one in reversed(found)}
    if len(stems) > 1:
        raise _refuse_several(bundle, {one: found[one] for one in stems.values()})
    return [*stems.values()]


def _recognize_text(data: bytes, columns: Columns) -> Preset | None:
    try:
        return settle_text("", data, columns)[1]
    except Refused:
        return None


def _recognize_book(member: Member, columns: Columns) -> Preset | None:
    from cptdiff.reading.workbooks import open_book  # noqa: PLC0415 - where nothing else is found

    try:
        book = open_book(member.path, member.read())
        tops = [row.cells for sheet in book.sheets for row in sheet.rows[:HEADER_ROWS]]
        return settle("", tops, columns)[1]
    except Refused:
        return None


def _refuse_several(bundle: Bundle, found: Mapping[Member, Preset]) -> Refused:
    """The refusal of a folder or zip with several tables of publishers."""
    told = sorted(f"{one.path} ({preset.name})" for one, preset in found.items())
    wrong = f"contains {len(told):,} tables: {', '.join(told)}"
    names = sorted({preset.name for preset in found.values()})
    named = f"with --preset {names[0]}, or " if names[1:] else ""
    return Refused("E184", bundle.archive.name, wrong, f"choose one {named}with --member")


def _list_candidates(columns: Columns) -> list[Preset]:
    if columns.headless or columns.preset == NO_PRESET:
        return []
    return [PRESETS[columns.preset]] if columns.preset else [*PRESETS.values()]


def _sift(data: bytes, known: Sequence[Preset]) -> list[Preset]:
    """Those of `known` whose words all stand in the first 64 KiB, which is seen at once."""
    size, _, codec, _ = find_marks(data)
    head = data[size : size + _HEAD]
    plain = head if codec in {"", "utf-8"} else head.decode(codec, "ignore").encode()
    words = plain.lower().translate(None, _OTHERS)
    return [
        preset
        for preset in known
        if all(
            part.lower().encode().translate(None, _OTHERS) in words
            for pattern in preset.header
            for part in pattern.split("*")
        )
    ]


def _list_rows(data: bytes) -> Iterator[list[str]]:
    """What the first 50 lines of a text may be as rows, by each separator."""
    size, _, codec, _ = find_marks(data)
    head = data[size : size + _HEAD].decode(codec or "utf-8", "replace")
    for start in list_starts(head, HEADER_ROWS):
        for separator in _SEPARATORS:
            cells, _ = read_record(head, separator, start)
            if len(cells) > 1:
                yield cells


def _unwrap(name: str) -> str:
    """A name without the single quotes that some publishers put around all cells."""
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == "'" else name


def _refuse_other(place: str, preset: Preset, tops: Sequence[Sequence[str]]) -> Refused:
    """The refusal of a table that is not of the preset that the user named."""
    every = [preset.find_missing([fold_name(cell) for cell in cells]) for cells in tops]
    lacking = min(every, key=len, default=[*preset.header])
    wrong = f"has no header of the preset {preset.name} ({preset.label})"
    quoted = f"; columns missing: {', '.join(lacking)}" if lacking else ""
    return Refused("E163", place, wrong, f"leave out --preset {preset.name}", quoted)
