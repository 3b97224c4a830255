"""Which member of a bundle is read for what, and which release it is."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from cptdiff.codesets import Edition, Profile, list_formats, profile_of
from cptdiff.codesets.layout import Columnar, Format, Own, Workbook
from cptdiff.errors import Refused
from cptdiff.model import PassedOver
from cptdiff.reading.archives import Member
from cptdiff.reading.parts import are_parts, find_log, is_data, is_unfinished
from cptdiff.reading.selection import list_names, select_members
from cptdiff.reading.sources import PARQUET, ZIP, Bundle
from cptdiff.vocabulary import NO_PRESET

_HEAD: Final = 64 * 1024
_MAGIC: Final = ((ZIP[0], Workbook), (PARQUET, Columnar))


def recognize(data: bytes, formats: Iterable[Format]) -> Format | None:
    """The one of `formats` whose mark stands in the first 64 KiB.

    A workbook, a Parquet file or a user's own table has none: it is read as the one format of its
    kind, where there is but one to choose.
    """
    head = data[:_HEAD]
    known = {form.name: form for form in formats}
    layout = next((layout for magic, layout in _MAGIC if head.startswith(magic)), Own)
    alike = [form for form in known.values() if isinstance(form.layout, layout)]
    if len(alike) == 1:
        return alike[0]
    return next((form for form in known.values() if form.mark and re.search(form.mark, head)), None)


# Why a member is not read, by what its name says; the first that fits.
_LISTS: Final = (
    (
        r"addenda|addendum|errat(?:a|um)",
        "addenda: a list of changes to check against, not a release",
    ),
    (r"corrections?", "corrections: explain where lists and files differ, not a release"),
    (
        r"trans|changes_?by",
        "transaction report: a list of changes to check against, not a release",
    ),
    (
        r"^(?:deleted|history)",
        "history: a list of changes to check against, not a release",
    ),
)
_OTHER_TEXTS: Final = (
    (
        r"read[ _-]?me|(?:record|file)[ _-]?layout|release notes|data[ _-]?dictionary",
        "documentation",
    ),
    (r"proc_notes|noc codes", "notes, not a release"),
    (r".*\.(pdf|docx?|rtf|html?)$", "documentation"),
)
_NOT_A_RELEASE: Final = (*_LISTS, *_OTHER_TEXTS)
# Forms of workbooks that are not read.
_OTHER_FILES: Final = (".xls", ".xlsb")


class Use(NamedTuple):
    """A member and the format by which it is read."""

    member: Member
    format: Format


class Plan(NamedTuple):
    """What will be read of a bundle, and what not. The used members may be parts of one table."""

    code_set: str
    used: tuple[Use, ...]
    passed_over: tuple[PassedOver, ...]
    are_parts: bool = False


def choose_members(
    bundle: Bundle, code_set: str | None, wanted: str = "", preset: str = NO_PRESET
) -> Plan:
    """The members to read, one for each content; of those that are `wanted`, if any are.

    Where no code set is found and none was named, tables of the `preset` are, if it is not none;
    where that is named, they alone. Raises `Refused` where none or two are found.
    """
    every = bundle.members
    if wanted:
        bundle = _narrow(bundle, wanted)
    uses = _find_candidates(bundle, code_set, by_content=bool(wanted))
    is_named = preset not in {"", NO_PRESET}
    if (not uses and code_set is None) or (is_named and not bundle.single):
        uses = _find_tables(bundle, preset) or uses
    if not uses:
        raise _refuse_unknown(bundle, code_set)
    found = _check_code_set(bundle, uses)
    parts = _find_parts(bundle, uses) if profile_of(found).is_own else []
    if profile_of(found).is_own and not parts:
        uses = _choose_table(bundle, uses)
    chosen = tuple(parts) or _choose_uses(bundle, _prefer_current_format(uses))
    taken = {id(use.member) for use in chosen}
    rest = tuple(
        PassedOver(member.path, _explain_choice(member, uses, chosen, wanted))
        for member in every
        if id(member) not in taken
    )
    return Plan(found, chosen, (*rest, *bundle.odd), bool(parts))


def _narrow(bundle: Bundle, wanted: str) -> Bundle:
    """`bundle` with the members that the user wants."""
    name = bundle.archive.name
    if bundle.single:
        wrong = f"{name} is one file, not a folder or zip"
        fix = "leave out --member, or give it for the other file only"
        raise Refused("E001", "--member", wrong, fix)
    return bundle._replace(members=select_members(name, bundle.members, wanted))


def _find_parts(bundle: Bundle, uses: list[Use]) -> list[Use]:
    """The candidates for a user's table, if they are parts of one; none where they are not.

    Raise `Refused` (E185) for a folder whose files do not tell which rows are in force.
    """
    if bundle.single:
        return []
    if kind := find_log(bundle.members):
        wrong = f"is {kind}, whose files also hold rows that were removed"
        raise Refused("E185", bundle.archive.name, wrong, "export it to one file")
    if is_unfinished(bundle.members):
        wrong = "is a table that is not finished: it has _temporary, but no _SUCCESS"
        raise Refused("E185", bundle.archive.name, wrong, "wait until it is, then run again")
    tables = sorted(
        (use for use in uses if is_data(use.member) and not _is_document(use.member)),
        key=lambda use: use.member.path,
    )
    is_alike = len({use.format.name for use in tables}) == 1
    members = [use.member for use in tables]
    return tables if is_alike and are_parts(members, bundle.members) else []


def _choose_table(bundle: Bundle, uses: list[Use]) -> list[Use]:
    """The candidates for a user's table that are one table in several forms.

    Raise `Refused` (E184) where they are several tables: nothing says which one is meant.
    """
    tables = [u for u in uses if is_data(u.member) and not _is_document(u.member)] or uses
    stems = {re.sub(_ISSUE, "", PurePosixPath(use.member.base_name.lower()).stem) for use in tables}
    if len(stems) > 1:
        paths = sorted(use.member.path for use in tables)
        wrong = f"contains {len(paths):,} tables: {list_names(paths)}"
        raise Refused("E184", bundle.archive.name, wrong, "name one with --member")
    return tables


def _is_document(member: Member) -> bool:
    return any(re.search(said, member.base_name, re.IGNORECASE) for said, _ in _OTHER_TEXTS)


def _find_candidates(bundle: Bundle, code_set: str | None, *, by_content: bool) -> list[Use]:
    # A user's own table may have any name: it is one only where the user says so.
    own = code_set is not None and profile_of(code_set).is_own
    every = (form for form in list_formats() if profile_of(form.code_set).is_own == own)
    wanted = [form for form in every if form.code_set == (code_set or form.code_set)]
    uses = [
        Use(member, form)
        for member in bundle.members
        for name in (member.base_name,)
        for form in wanted
        if form.has_name(name) and (own or not _explain_aside(member))
    ]
    alone = len(bundle.members) == 1 and (bundle.single or by_content)
    if uses or not alone or bundle.members[0].base_name.lower().endswith(_OTHER_FILES):
        return uses
    form = recognize(bundle.members[0].read(), wanted)
    return [Use(bundle.members[0], form)] if form else []


def _find_tables(bundle: Bundle, preset: str) -> list[Use]:
    """The publishers' tables of `bundle` that are known by their header."""
    from cptdiff.reading.presets import find_tables  # noqa: PLC0415 - where nothing else is found

    own = [form for form in list_formats() if profile_of(form.code_set).is_own]
    return [
        Use(member, form)
        for member in find_tables(bundle, preset)
        for form in own
        if form.has_name(member.base_name)
    ]


def _check_code_set(bundle: Bundle, uses: list[Use]) -> str:
    found = sorted({use.format.code_set for use in uses})
    if len(found) > 1:
        names = " and ".join(profile_of(code_set).label for code_set in found)
        fix = f"choose one with --code-set {found[0]}"
        raise Refused("E183", bundle.archive.name, f"contains {names}", fix)
    return found[0]


def _prefer_current_format(uses: list[Use]) -> list[Use]:
    """Legacy files add nothing to a release in the current format beside them."""
    if any(use.format.bundle == "current" and use.format.content == "codes" for use in uses):
        return [use for use in uses if use.format.bundle != "legacy"]
    return uses


def _choose_uses(bundle: Bundle, uses: list[Use]) -> tuple[Use, ...]:
    order = {form.name: rank for rank, form in enumerate(list_formats())}
    contents = sorted({use.format.content for use in uses})
    best = []
    for content in contents:
        of_content = [use for use in uses if use.format.content == content]
        _check_edition(bundle, of_content)
        first = min(order[use.format.name] for use in of_content)
        best.append(
            _choose_latest(bundle, [u for u in of_content if order[u.format.name] == first])
        )
    return tuple(sorted(best, key=lambda use: order[use.format.name]))


_ONE: Final = "name the one to compare with --member"
# What a publisher adds to the name of a file that is given out again.
_ISSUE: Final = r"_v\d+(?!\d)|_\d{8}(?!\d)"


def _check_edition(bundle: Bundle, uses: list[Use]) -> None:
    """Refuse members of one content whose names tell different years or months."""
    editions = {_find_quarter(use.member.base_name) for use in uses} - {""}
    if len(editions) > 1:
        paths = " and ".join(sorted(use.member.path for use in uses))
        wrong = f"contains two editions of the same list: {paths}"
        raise Refused("E184", bundle.archive.name, wrong, _ONE)


def _find_quarter(name: str) -> str:
    """The year and quarter in a file name, without its `_vN` or date: 2026_jan."""
    bare = re.sub(r"_\d{8}(?!\d)", "", name.lower())
    year = re.search(r"(?<!\d)((?:19|20)\d\d|(?<=hcpc)\d\d)(?!\d)", bare)
    month = re.search(r"(?<![a-z])(jan|apr|jul|oct)", bare)
    return f"{year[1]}_{month[1] if month else ''}" if year else ""


def _choose_latest(bundle: Bundle, uses: list[Use]) -> Use:
    """The highest `_vN` or date; of equal names the one under `Current Format`, else a refusal."""
    current = [u for u in uses if "current format" in (f.lower() for f in u.member.folders)]
    uses = current or uses
    newest = max(find_issue(use.member.base_name) for use in uses)
    uses = [use for use in uses if find_issue(use.member.base_name) == newest]
    if len(uses) > 1:
        paths = " and ".join(sorted(use.member.path for use in uses))
        wrong = f"contains the same list twice: {paths}"
        raise Refused("E184", bundle.archive.name, wrong, _ONE)
    return uses[0]


def find_issue(name: str) -> tuple[str, int]:
    """Return what sorts issues of one release by name: a date as YYYYMMDD, then the `_vN`."""
    date = re.search(r"_(\d{2})(\d{2})(\d{4})(?!\d)", name)
    version = re.search(r"_v(\d+)(?!\d)", name, re.IGNORECASE)
    stamp = f"{date[3]}{date[1]}{date[2]}" if date else ""
    return stamp, int(version[1]) if version else 0


def _explain_aside(member: Member) -> str:
    name = member.base_name
    return next((why for said, why in _NOT_A_RELEASE if re.search(said, name, re.IGNORECASE)), "")


def _explain_choice(member: Member, uses: list[Use], chosen: Iterable[Use], wanted: str) -> str:
    if wanted and not any(use.member is member for use in uses):
        return f"not {wanted}, which --member names"
    known = [use for use in uses if use.member is member]
    if not known:
        return _explain_aside(member) or "not a file that cptdiff reads"
    rival = [use for use in chosen if use.format.content == known[0].format.content]
    return f"{rival[0].member.base_name} has the same content and is read instead" if rival else (
        "legacy file, not needed beside the current format"
    )  # fmt: skip


def _refuse_unknown(bundle: Bundle, code_set: str | None) -> Refused:
    name = bundle.archive.name
    if not bundle.members:
        return Refused("E102", name, "contains no files", "give the folder or zip of the release")
    old = [m.path for m in bundle.members if m.base_name.lower().endswith(_OTHER_FILES)]
    if old:
        fix = "use the publisher's text file, or save it as .xlsx"
        suffix = old[0][old[0].rindex(".") :]
        kind = "a binary" if suffix.lower() == ".xlsb" else "an old Excel"
        return Refused(
            "E130",
            name,
            f"{old[0]} is {kind} workbook ({suffix}), which cptdiff does not read",
            fix,
        )
    nested = [m.path for m in bundle.members if m.base_name.lower().endswith(".zip")]
    if nested and not bundle.single:
        return _refuse_nested(bundle, nested)
    label = f" as {profile_of(code_set).label}" if code_set else ""
    lists = [member.base_name for member in bundle.members if _is_list(member)]
    if bundle.single:
        wrong = f"is not in a format cptdiff reads{label}"
        own = "use --code-set table --key COLUMN for a list of your own"
        fix = f"see `cptdiff formats`, or {own}"
        return Refused("E163", name, wrong, _PUBLISHED if lists else fix)
    if lists:
        wrong = f"contains a list of changes ({lists[0]}), but no release{label}"
        return Refused("E185", name, wrong, _PUBLISHED)
    wrong = f"contains no file that cptdiff reads{label}"
    return Refused("E185", name, wrong, "see `cptdiff formats` for the files it reads")


_PUBLISHED: Final = "give the releases here, and the publisher's list of changes with --published"


def _is_list(member: Member) -> bool:
    """Whether the name of `member` is that of a publisher's list of changes."""
    named, other = (
        any(re.search(name, member.base_name, re.IGNORECASE) for name, _ in names)
        for names in (_LISTS, _OTHER_TEXTS)
    )
    return named and not other


def _refuse_nested(bundle: Bundle, nested: list[str]) -> Refused:
    """Return the refusal of a folder or zip that has zips in the place of a release."""
    is_folder = bundle.archive.size is None
    holder = "folder" if is_folder else "zip"
    if len(nested) == 1:
        wrong, which = f"contains a zip and no release: {nested[0]}", nested[0]
    else:
        wrong = f"contains {len(nested):,} zips and no release, the first is {nested[0]}"
        which = "one of its zips"
    fix = f"give {which}" if is_folder else f"unpack it, then give {which}"
    return Refused("E185", bundle.archive.name, f"the {holder} {wrong}", fix)


_YEAR: Final = r"(?<!\d)((?:19|20)\d\d)(?!\d)"


def find_edition(bundle: Bundle, plan: Plan, preamble: str, data: bytes | None = None) -> Edition:
    """The edition that the used files' names, then the content, tell; never a file's time stamp.

    `data` is what the first used file holds; without it the file is read where names do not do.
    """
    profile = profile_of(plan.code_set)
    if profile.is_own:
        return Edition(bundle.archive.name, None)
    notices = re.findall(profile.notice, preamble) if profile.notice else []
    said = [_spell_year(name, profile) for name in (*_list_names(bundle, plan), *notices)]
    year = next(filter(None, map(_read_year, said)), None)
    if year is None:
        return Edition(f"{profile.label} (edition not named)", None)
    # The member may name the year alone, and the zip around it the month.
    of_year = [name for name in said if _read_year(name) == year]

    def has_code(code: str) -> bool:
        return _holds_code(plan.used[0].member.read() if data is None else data, code)

    return profile.name_release(year, of_year, has_code)


def _holds_code(data: bytes, code: str) -> bool:
    """Whether a line has `code` in its place, in any case and with or without a dot."""
    dotted = rf"{code[:3]}\.?{code[3:]}"
    return bool(re.search(rf"(?mi)^(?:[0-9]{{5}} )?{dotted} ".encode(), data))


def _list_names(bundle: Bundle, plan: Plan) -> Iterator[str]:
    """The used member's base name, its folders from the inside out, then the archive's name."""
    for use in plan.used[:1]:
        yield use.member.base_name
        yield from reversed(use.member.folders)
    yield bundle.archive.name


def _spell_year(said: str, profile: Profile) -> str:
    """`said` without a date of eight digits, and with its year in four."""
    long = re.sub(r"_\d{8}(?!\d)", "", said)
    for short, spelled in profile.years:
        long = re.sub(short, spelled, long)
    return long


def _read_year(said: str) -> int | None:
    years = {int(year) for year in re.findall(_YEAR, said)}
    return years.pop() if len(years) == 1 else None
