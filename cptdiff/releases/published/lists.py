"""Which member is a list of changes, and which reader reads it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from cptdiff.codesets import CodeSet
from cptdiff.errors import Refused
from cptdiff.formats import FORMATS
from cptdiff.formats.published import MARKS, NAMES
from cptdiff.releases.published.addenda import addenda
from cptdiff.releases.published.columns import is_workbook
from cptdiff.releases.published.corrections import corrections
from cptdiff.releases.published.history import history
from cptdiff.releases.published.listed import listed
from cptdiff.releases.published.transactions import transactions
from cptdiff.releases.sources import Bundle, Member, opened
from cptdiff.stated import PublishedList, Stated

_READERS: Final[dict[str, Callable[[str, str, bytes], PublishedList]]] = {
    "addenda": addenda,
    "corrections": corrections,
    "transactions": transactions,
    "history": history,
}
_HEAD: Final = 64 * 1024
_DOCUMENTATION: Final = r"(?i)read ?me|\.(?:pdf|docx?|rtf|html?)$"
_OWN: Final = r"(?i).*\.(?:csv|tsv|tab|psv|xlsx)"


def lists_beside(bundle: Bundle, code_set: CodeSet) -> Stated:
    """The lists in a release's own bundle; one that cannot be read is told in the notes."""
    lists: list[PublishedList] = []
    notes: list[str] = []
    quotes: list[str] = []
    for form in NAMES:
        for member in _texts_first(m for m in bundle.members if _form(m, code_set) == form):
            try:
                found = _read(form, _place(bundle, member), member)
            except Refused as error:
                notes.append(f"{member.base_name} could not be read as a list: {error.said}")
                quotes.append(error.quoted)
                continue
            if not any(_same(found, other) for other in lists):
                lists.append(found)
    return Stated(tuple(lists), notes=tuple(notes), quotes=tuple(quotes))


def published(path: str | Path, code_set: CodeSet) -> Stated:
    """The lists at `path`: a file, a folder or a zip of several.

    Raises `Refused` where one cannot be read, or none is found (E330).
    """
    bundle = opened(Path(path))
    lists: list[PublishedList] = []
    notes: list[str] = []
    for member in bundle.members:
        found = _given(bundle, member, code_set)
        if found:
            lists.append(found)
        elif not re.search(_DOCUMENTATION, member.base_name):
            notes.append(f"{member.base_name} is no list of changes: not used")
    if not lists:
        wrong = f"holds no list of changes for {code_set.label}"
        raise Refused("E330", bundle.archive.name, wrong, "give a list with a code and a change")
    return Stated(tuple(lists), notes=tuple(notes))


def _given(bundle: Bundle, member: Member, code_set: CodeSet) -> PublishedList | None:
    if _is_release(member):
        return None
    place = _place(bundle, member)
    form = _form(member, code_set) or _form_by_content(member, code_set)
    if form:
        return _read(form, place, member)
    if bundle.single:
        return listed(place, member.base_name, member.read(), code_set)
    if re.fullmatch(_OWN, member.base_name):
        try:
            return listed(place, member.base_name, member.read(), code_set)
        except Refused as error:
            # A release that lies beside the lists has no such columns.
            if error.slug != "E163":
                raise
    return None


def _is_release(member: Member) -> bool:
    """Whether the name is a release's: HCPCS's own has a code and an action column, too."""
    named = (form.names for form in FORMATS if form.code_set is not CodeSet.TABLE)
    return any(re.fullmatch(names, member.base_name, re.IGNORECASE) for names in named)


def _form(member: Member, code_set: CodeSet) -> str:
    """The form that the name tells."""
    return next(
        (
            form
            for form, names in NAMES.items()
            if code_set in names and re.fullmatch(names[code_set], member.base_name, re.IGNORECASE)
        ),
        "",
    )


def _form_by_content(member: Member, code_set: CodeSet) -> str:
    data = member.read()[:_HEAD]
    if is_workbook(data):
        return ""
    head = data.decode("cp1252", "replace").replace("\r\n", "\n")
    return next(
        (form for form, mark in MARKS.items() if code_set in NAMES[form] and re.search(mark, head)),
        "",
    )


def _read(form: str, place: str, member: Member) -> PublishedList:
    found = _READERS[form](place, member.base_name, member.read())
    return replace(found, notes=tuple(f"{member.base_name}: {note}" for note in found.notes))


def _place(bundle: Bundle, member: Member) -> str:
    return bundle.archive.name if bundle.single else f"{bundle.archive.name}!{member.path}"


def _texts_first(members: Iterable[Member]) -> list[Member]:
    """`members` without workbooks where a text says the same (contract.md, "Which file")."""
    every = list(members)
    texts = [member for member in every if not member.base_name.lower().endswith(".xlsx")]
    return texts or every


def _same(one: PublishedList, other: PublishedList) -> bool:
    return one.form == other.form and one.totals == other.totals and (
        one.changes.height == other.changes.height
        and one.changes.sort("kind", "code", "field").equals(
            other.changes.sort("kind", "code", "field")
        )
    )  # fmt: skip
