"""Which member of a bundle is read for what, and which release it is."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cptdiff.codesets import FORMATS
from cptdiff.codesets.layout import Columnar, Format, Own, Workbook
from cptdiff.errors import Refused
from cptdiff.model import PassedOver
from cptdiff.reading.sources import PARQUET, ZIP, Bundle, Member
from cptdiff.vocabulary import CodeSet

_HEAD: Final = 64 * 1024
_MAGIC: Final = ((ZIP[0], Workbook), (PARQUET, Columnar))

# Only layouts that no other format shares (a SHORTU cannot be told from a MEDU by its bytes).
_SIGNATURES: Final = {
    "cpt-consolidated": rb"(?im)^concept ?id\tcpt code\tlong\t",
    "cpt-clinician": rb"(?im)^concept ?id\tcpt code\tclinician descriptor id\t",
    "cpt-consumer": rb"(?im)^concept ?id\tcpt code\tconsumer friendly descriptor",
    "cpt-modifiers": rb"(?im)^concept ?id\tmodifier code\t",
    "cpt-pla": rb"<plaCodes",
    "cpt-longulf": rb"(?m)^[0-9]{4}[0-9AFMTU]01 .*[a-z]",
    "cpt-longuf": rb"(?m)^[0-9]{4}[0-9AFMTU]01 [^a-z]+$",
    # Two columns: many a list of more begins with five digits.
    "cpt-longult": rb"(?m)^[0-9]{4}[0-9AFMTU]\t[^\t\r\n]*[a-z][^\t\r\n]*(?=\r|$)",
    "cpt-longut": rb"(?m)^[0-9]{4}[0-9AFMTU]\t[^a-z\t\r\n]+(?=\r|$)",
    "hcpcs-anweb": rb"(?m)^(?:   [0-9A-Z]{2}|[A-V][0-9]{4})00100[37]",
    "icd10cm-order": rb"\A(?:\xef\xbb\xbf)?[0-9]{5} [A-Z][0-9A-Z]{2,6} +[01] ",
    "icd10pcs-order": rb"\A(?:\xef\xbb\xbf)?[0-9]{5} 0[0-9A-Z]{2,6} +[01] ",
}


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
    for name, mark in _SIGNATURES.items():
        if name in known and re.search(mark, head):
            return known[name]
    return None


# Why a member is not read, by what its name says; the first that fits.
_NOT_A_RELEASE: Final = (
    (
        r"addenda|addendum|errat(?:a|um)",
        "addenda: the publisher's list of changes, to check ours; no release",
    ),
    (r"corrections?", "corrections: explain where lists and files differ; no release"),
    (
        r"trans|changes_?by",
        "transaction report: the publisher's list of changes, to check ours; no release",
    ),
    (
        r"^(?:deleted|history)",
        "history: the publisher's list of changes, to check ours; no release",
    ),
    (r"read ?me|record ?layout|release notes|filelayout", "documentation"),
    (r"proc_notes|noc codes", "notes, no release"),
    (r".*\.(pdf|docx?|rtf|html?)$", "documentation"),
)
# Forms of workbooks that are not read.
_UNREAD: Final = (".xls", ".xlsb")


@dataclass(frozen=True)
class Use:
    """A member and the format by which it is read."""

    member: Member
    format: Format


@dataclass(frozen=True)
class Plan:
    """What will be read of a bundle, and what not."""

    code_set: CodeSet
    used: tuple[Use, ...]
    passed_over: tuple[PassedOver, ...]


def choose_members(bundle: Bundle, code_set: CodeSet | None) -> Plan:
    """The members to read, one for each content. Raises `Refused` where none or two are found."""
    uses = _candidates(bundle, code_set)
    if not uses:
        raise _nothing_known(bundle, code_set)
    found = _one_code_set(bundle, uses)
    chosen = _chosen(bundle, _one_bundle(uses))
    taken = {id(use.member) for use in chosen}
    rest = tuple(
        PassedOver(member.path, _why(member, uses, chosen))
        for member in bundle.members
        if id(member) not in taken
    )
    return Plan(found, chosen, (*rest, *bundle.odd))


def _candidates(bundle: Bundle, code_set: CodeSet | None) -> list[Use]:
    wanted = [f for f in FORMATS if f.code_set is (code_set or f.code_set)]
    if code_set is not CodeSet.TABLE:
        wanted = [f for f in wanted if f.code_set is not CodeSet.TABLE]
    uses = [
        Use(member, form)
        for member in bundle.members
        for form in wanted
        if re.fullmatch(form.names, member.base_name, re.IGNORECASE)
        and (form.code_set is CodeSet.TABLE or not _aside(member))
    ]
    if uses or not bundle.single or bundle.members[0].base_name.lower().endswith(_UNREAD):
        return uses
    form = recognize(bundle.members[0].read(), wanted)
    return [Use(bundle.members[0], form)] if form else []


def _one_code_set(bundle: Bundle, uses: list[Use]) -> CodeSet:
    found = sorted({use.format.code_set for use in uses})
    if len(found) > 1:
        names = " and ".join(code_set.label for code_set in found)
        fix = f"choose one with --code-set {found[0]}"
        raise Refused("E183", bundle.archive.name, f"holds {names}", fix)
    return found[0]


def _one_bundle(uses: list[Use]) -> list[Use]:
    """Legacy files add nothing to a release in the current format beside them."""
    if any(use.format.bundle == "current" and use.format.content == "codes" for use in uses):
        return [use for use in uses if use.format.bundle != "legacy"]
    return uses


def _chosen(bundle: Bundle, uses: list[Use]) -> tuple[Use, ...]:
    order = {form.name: rank for rank, form in enumerate(FORMATS)}
    contents = sorted({use.format.content for use in uses})
    best = []
    for content in contents:
        of_content = [use for use in uses if use.format.content == content]
        _one_edition(bundle, of_content)
        first = min(order[use.format.name] for use in of_content)
        best.append(_latest(bundle, [u for u in of_content if order[u.format.name] == first]))
    return tuple(sorted(best, key=lambda use: order[use.format.name]))


def _one_edition(bundle: Bundle, uses: list[Use]) -> None:
    """Refuse members of one content whose names tell different years or months."""
    editions = {_issue(use.member.base_name) for use in uses} - {""}
    if len(editions) > 1:
        paths = " and ".join(sorted(use.member.path for use in uses))
        raise Refused("E184", bundle.archive.name, f"two editions for one role: {paths}",
                      "name the one file or folder that you mean")  # fmt: skip


def _issue(name: str) -> str:
    """The year and quarter in a file name, without its `_vN` or date: 2026_jan."""
    bare = re.sub(r"_\d{8}(?!\d)", "", name.lower())
    year = re.search(r"(?<!\d)((?:19|20)\d\d|(?<=hcpc)\d\d)(?!\d)", bare)
    month = re.search(r"(?<![a-z])(jan|apr|jul|oct)", bare)
    return f"{year[1]}_{month[1] if month else ''}" if year else ""


def _latest(bundle: Bundle, uses: list[Use]) -> Use:
    """The highest `_vN` or date; of equal names the one under `Current Format`, else a refusal."""
    current = [u for u in uses if "current format" in (f.lower() for f in u.member.folders)]
    uses = current or uses
    newest = max(_edition(use.member.base_name) for use in uses)
    uses = [use for use in uses if _edition(use.member.base_name) == newest]
    if len(uses) > 1:
        paths = " and ".join(sorted(use.member.path for use in uses))
        raise Refused("E184", bundle.archive.name, f"two members for one role: {paths}",
                      "name the one file or folder that you mean")  # fmt: skip
    return uses[0]


def _edition(name: str) -> tuple[str, int]:
    """A sortable edition of a file name: its date as YYYYMMDD, then its `_vN`."""
    date = re.search(r"_(\d{2})(\d{2})(\d{4})(?!\d)", name)
    version = re.search(r"_v(\d+)(?!\d)", name, re.IGNORECASE)
    stamp = f"{date[3]}{date[1]}{date[2]}" if date else ""
    return stamp, int(version[1]) if version else 0


def _aside(member: Member) -> str:
    name = member.base_name
    return next((why for said, why in _NOT_A_RELEASE if re.search(said, name, re.IGNORECASE)), "")


def _why(member: Member, uses: list[Use], chosen: Iterable[Use]) -> str:
    known = [use for use in uses if use.member is member]
    if not known:
        return _aside(member) or "not a file that is known"
    rival = [use for use in chosen if use.format.content == known[0].format.content]
    return f"{rival[0].member.base_name} is read for the same content" if rival else (
        "legacy files add nothing to a release in the current format"
    )  # fmt: skip


def _nothing_known(bundle: Bundle, code_set: CodeSet | None) -> Refused:
    name = bundle.archive.name
    if not bundle.members:
        return Refused("E102", name, "holds no files", "name the release's folder or zip")
    old = [m.path for m in bundle.members if m.base_name.lower().endswith(_UNREAD)]
    if old:
        fix = "use the publisher's text file, or save it as .xlsx"
        suffix = old[0][old[0].rindex(".") :]
        kind = "binary" if suffix.lower() == ".xlsb" else "old Excel"
        return Refused("E130", name, f"{old[0]} is a workbook in the {kind} form ({suffix})", fix)
    nested = [m.path for m in bundle.members if m.base_name.lower().endswith(".zip")]
    if nested and not bundle.single:
        wrong = f"holds {nested[0]}, a zip in itself"
        return Refused("E185", name, wrong, "name that zip, unpacked from here")
    what = f"no file of a {code_set.label} release" if code_set else "no file of a known format"
    if bundle.single:
        wrong = f"is {what}" if code_set else "is not in a format cptdiff reads"
        fix = "see `cptdiff formats`, or use --code-set table --key COLUMN for a list of your own"
        return Refused("E163", name, wrong, fix)
    return Refused("E185", name, f"holds {what}", "see `cptdiff formats` for the files it reads")


_YEAR: Final = r"(?<!\d)((?:19|20)\d\d)(?!\d)"
_MONTH: Final = r"(?<![a-z])(jan(?:uary)?|apr(?:il)?|july?|oct(?:ober)?)(?![a-z])"
_MONTHS: Final = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_MONTH_NAMES: Final = {1: "January", 4: "April", 7: "July", 10: "October"}


@dataclass(frozen=True)
class Edition:
    """A release's name; its effective date where one was found."""

    name: str
    effective_date: date | None


def find_edition(bundle: Bundle, plan: Plan, preamble: str) -> Edition:
    """The edition that the used files' names, then the content, tell; never a file's time stamp."""
    title = plan.code_set.label
    if plan.code_set is CodeSet.TABLE:
        return Edition(bundle.archive.name, None)
    name_of = {CodeSet.CPT: _cpt, CodeSet.HCPCS: _hcpcs}.get(plan.code_set, _icd10)
    said = [_undated(name) for name in (*_names(bundle, plan), *_notices(preamble))]
    year = next(filter(None, map(_year, said)), None)
    if year is None:
        return Edition(f"{title} (edition not named)", None)
    # The member may name the year alone, and the zip around it the month.
    of_year = [name for name in said if _year(name) == year]
    return name_of(title, year, of_year)


def _names(bundle: Bundle, plan: Plan) -> Iterator[str]:
    """The used member's base name, its folders from the inside out, then the archive's name."""
    for use in plan.used[:1]:
        yield use.member.base_name
        yield from reversed(use.member.folders)
    yield bundle.archive.name


def _notices(preamble: str) -> Iterator[str]:
    """What a licence preamble says of the edition, such as "CPT(R) 2026"."""
    for match in re.finditer(r"CPT\W{0,4}(?:R\W{0,2})?\s*((?:19|20)\d\d)\b", preamble):
        yield match[1]


def _undated(said: str) -> str:
    """`said` without a date of eight digits, with HCPC18_ and 05anweb spelled out."""
    long = re.sub(r"(?i)^hcpc(\d\d)_", r"HCPC20\1_", re.sub(r"_\d{8}(?!\d)", "", said))
    return re.sub(r"(?i)^(\d\d)anweb", r"20\1 anweb", long)


def _year(said: str) -> int | None:
    years = {int(year) for year in re.findall(_YEAR, said)}
    return years.pop() if len(years) == 1 else None


def _month(said: list[str]) -> int:
    for name in said:
        if named := re.search(_MONTH, name.lower()):
            return _MONTHS[named[1][:3]]
    return 0


def _cpt(title: str, year: int, said: list[str]) -> Edition:
    for name in said:
        if update := re.search(r"update\W*(\d)(?!\d)", name, re.IGNORECASE):
            return Edition(f"{title} {year} update {update[1]}", None)
    return Edition(f"{title} {year}", date(year, 1, 1))


def _hcpcs(_title: str, year: int, said: list[str]) -> Edition:
    month = _month(said) or 1
    return Edition(f"HCPCS {year} {_MONTH_NAMES[month]}", date(year, month, 1))


def _icd10(title: str, year: int, said: list[str]) -> Edition:
    month = _month(said)
    if month in {1, 4, 7}:
        return Edition(f"{title} FY{year} {_MONTH_NAMES[month]}", date(year, month, 1))
    return Edition(f"{title} FY{year}", date(year - 1, 10, 1))
