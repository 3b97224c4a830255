"""Which member or neighbor is a list of changes, and which reader reads it."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from cptdiff.codesets import Profile, list_formats, profile_of
from cptdiff.codesets.lists import MARKS
from cptdiff.errors import Refused
from cptdiff.lists.addenda import read_addenda
from cptdiff.lists.columns import is_workbook
from cptdiff.lists.cpt_link import read_history
from cptdiff.lists.hcpcs import read_corrections, read_transactions
from cptdiff.lists.own import read_listed
from cptdiff.model import Note, PublishedList, Stated
from cptdiff.reading import Bundle, Member, open_bundle


def add_addenda(path: Path | None, bundle: Bundle, profile: Profile) -> Bundle:
    """`bundle` and, where it is a release's file by itself, the addenda beside it.

    There is nothing beside what a caller holds in memory, which has no path.

    One that cannot be opened is left out: the comparison does not need it.
    """
    if not (path and bundle.single and profile.addenda):
        return bundle
    name = re.fullmatch(profile.addenda.release, _fold_name(bundle.archive.name))
    if not name:
        return bundle
    wanted = {name.expand(addenda) for addenda in profile.addenda.names}
    try:
        files = sorted(file for file in path.parent.iterdir() if _fold_name(file.name) in wanted)
        found = [member for file in files for member in open_bundle(file).members]
    except (OSError, Refused):
        return bundle
    return bundle._replace(members=(*bundle.members, *found), single=not found)


def _fold_name(name: str) -> str:
    return re.sub(r"[-_ ]+", "_", name.lower())


List = TypeVar("List", PublishedList, PublishedList | None)

_READERS: Final[dict[str, Callable[[str, str, bytes], PublishedList]]] = {
    "addenda": read_addenda,
    "corrections": read_corrections,
    "transactions": read_transactions,
    "history": read_history,
}
_HEAD: Final = 64 * 1024
_DOCUMENTATION: Final = r"(?i)read ?me|\.(?:pdf|docx?|rtf|html?)$"
_OWN: Final = r"(?i).*\.(?:csv|tsv|tab|psv|xlsx)"


def read_lists_beside(bundle: Bundle, profile: Profile) -> Stated:
    """The lists in a release's own bundle; one that cannot be read is told in the notes.

    A workbook is read only where no text says the same, or its twin as text cannot be read.
    """
    lists: list[PublishedList] = []
    failures = Stated()
    for form in profile.lists:
        members = [member for member in bundle.members if _find_form(member, profile) == form]
        read = partial(_read, form, bundle)
        found, failed = _try_reading(read, _prefer_texts(members))
        twins = {twin for text in failed for twin in _find_twins(text, members)}
        more, torn = _try_reading(read, [one for one in members if one in twins])
        found |= more
        for one in found.values():
            if not any(_are_same(one, other) for other in lists):
                lists.append(one)
        failures += _describe_failures(failed | torn, members, found)
    return Stated(tuple(lists)) + failures


def read_published(path: str | Path, code_set: str) -> Stated:
    """The lists at `path`: a file, a folder or a zip of several.

    Raises `Refused` where one cannot be read and has no twin that can, or none is found (E330).
    """
    bundle, profile = open_bundle(Path(path)), profile_of(code_set)
    read, failed = _try_reading(partial(_read_candidate, bundle, profile), bundle.members)
    found = {member: one for member, one in read.items() if one}
    told = Stated()
    for member, error in failed.items():
        alike = [
            one for one in bundle.members if _find_form(one, profile) == _find_form(member, profile)
        ]
        if not any(twin in found for twin in _find_twins(member, alike)):
            raise error
        told += _describe_failures({member: error}, alike, found)
    strange = [member.base_name for member, one in read.items() if not one]
    notes = tuple(
        Note("list", f"{name} is not a list of changes and is not used")
        for name in strange
        if not re.search(_DOCUMENTATION, name)
    )
    if not found:
        wrong = f"contains no list of changes for {profile.label}"
        raise Refused(
            "E330",
            bundle.archive.name,
            wrong,
            "give a list with a column for the code and one for the change",
        )
    return Stated(tuple(found.values()), notes=notes) + told


def _try_reading(
    read: Callable[[Member], List], members: Iterable[Member]
) -> tuple[dict[Member, List], dict[Member, Refused]]:
    """What `read` makes of each member, and why it could not."""
    found, failed = {}, {}
    for member in members:
        try:
            found[member] = read(member)
        except Refused as error:
            failed[member] = error
    return found, failed


def _find_twins(member: Member, alike: Sequence[Member]) -> list[Member]:
    """The same list as a workbook or as text: of one name, or the only other one of its form."""
    others = [one for one in alike if _is_workbook(one) != _is_workbook(member)]
    named = [one for one in others if _find_stem(one) == _find_stem(member)]
    return named or (others if len(alike) == 2 else [])  # noqa: PLR2004 - a pair


def _describe_failures(
    failed: Mapping[Member, Refused], alike: Sequence[Member], found: Collection[Member]
) -> Stated:
    """What is told of those that could not be read, and which twin is used instead."""
    notes = []
    for member, error in failed.items():
        twin = next((one.base_name for one in _find_twins(member, alike) if one in found), "")
        instead = f" (its twin {twin} is used)" if twin else ""
        text = f"{member.base_name} could not be read as a list{instead}: {error.wrong}"
        notes.append(Note("list", text, quoted=error.quoted))
    return Stated(notes=tuple(notes))


def _read_candidate(bundle: Bundle, profile: Profile, member: Member) -> PublishedList | None:
    if _is_release(member):
        return None
    form = _find_form(member, profile) or _guess_form(member, profile)
    if form:
        return _read(form, bundle, member)
    place = _name_place(bundle, member)
    if bundle.single:
        return read_listed(place, member.base_name, member.read(), profile)
    if re.fullmatch(_OWN, member.base_name):
        try:
            return read_listed(place, member.base_name, member.read(), profile)
        except Refused as error:
            # A release that lies beside the lists has no such columns.
            if error.slug != "E163":
                raise
    return None


def _is_release(member: Member) -> bool:
    """Whether the name is a release's: HCPCS's own has a code and an action column, too."""
    named = (form.names for form in list_formats() if not profile_of(form.code_set).is_own)
    return any(re.fullmatch(names, member.base_name, re.IGNORECASE) for names in named)


def _find_form(member: Member, profile: Profile) -> str:
    """The form that the name tells."""
    return next(
        (
            form
            for form, names in profile.lists.items()
            if re.fullmatch(names, member.base_name, re.IGNORECASE)
        ),
        "",
    )


def _guess_form(member: Member, profile: Profile) -> str:
    data = member.read()[:_HEAD]
    if is_workbook(data):
        return ""
    head = data.decode("cp1252", "replace").replace("\r\n", "\n")
    return next(
        (form for form in profile.lists if re.search(MARKS[form], head)),
        "",
    )


def _read(form: str, bundle: Bundle, member: Member) -> PublishedList:
    found = _READERS[form](_name_place(bundle, member), member.base_name, member.read())
    return replace(found, notes=tuple(n._replace(place=member.base_name) for n in found.notes))


def _name_place(bundle: Bundle, member: Member) -> str:
    return bundle.archive.name if bundle.single else f"{bundle.archive.name}!{member.path}"


def _prefer_texts(members: Iterable[Member]) -> list[Member]:
    """`members` without workbooks where a text says the same."""
    every = list(members)
    texts = [member for member in every if not _is_workbook(member)]
    return texts or every


def _is_workbook(member: Member) -> bool:
    """Whether the name is a workbook's."""
    return member.base_name.lower().endswith(".xlsx")


def _find_stem(member: Member) -> str:
    return member.base_name.rpartition(".")[0].lower()


def _are_same(one: PublishedList, other: PublishedList) -> bool:
    return one.form == other.form and one.totals == other.totals and (
        one.changes.height == other.changes.height
        and one.changes.sort("kind", "code", "field").equals(
            other.changes.sort("kind", "code", "field")
        )
    )  # fmt: skip
