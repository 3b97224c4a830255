"""Whether a release is whole: what its own files prove, and the signs that rows are missing.

The figures come from real releases: ICD order numbers run 1, 2, 3 ... in 42 of 42 order files, the
current count of the addenda's footer equals the file in 33 of 33 zips, order and codes files agree
in 21 of 21, and no publisher's text lists a code twice.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from cptdiff.codesets.layout import FixedWidth, Workbook
from cptdiff.model import Break, RowCount
from cptdiff.reading.assemble import parse_date
from cptdiff.reading.rows import FEWEST_ROWS

if TYPE_CHECKING:
    from cptdiff.codesets import Profile
    from cptdiff.codesets.layout import Format
    from cptdiff.model import PublishedList, Total
    from cptdiff.reading.assemble import Entries
    from cptdiff.reading.lines import Lines
    from cptdiff.reading.rows import Table
    from cptdiff.reading.sources import Bundle
    from cptdiff.reading.text import Text


_ASIDE_SHARE: Final = 0.1
# So many codes in a row that a file lacks, or that stand twice in it, are no slip of the publisher.
NO_SLIP: Final = 5
# A file that lacks more of its sisters' codes is cut.
_SISTER_GAP_SHARE: Final = 0.01
# A report that lacks more of a release's codes lists changes only.
_UNLISTED_SHARE: Final = 0.01
# In real HCPCS releases at most 9.4 percent of the entries lie between two that were changed within
# the last year; half of an older release has none, half of a later one has hundreds too many.
_QUIET_SHARE: Final = 0.3
_FEWEST_CHANGES: Final = 50
_LATER_SHARE: Final = 0.03
_YEAR: Final = timedelta(days=366)
_YEAR_IN_NAME: Final = r"(?<![0-9])(?:19|20)[0-9]{2}"


class Content(NamedTuple):
    """One file of a release: where it lies, what was read of it, and what became of its rows.

    `aside` are those that were set aside.
    """

    place: str
    format: "Format"
    table: "Table"
    aside: pl.DataFrame
    rows: RowCount


class Material(NamedTuple):
    """A release's files and what was made of them.

    `entries` are all that were read, ended ones too; `lists` lie in the bundle.
    """

    bundle: "Bundle"
    contents: Sequence[Content]
    entries: "Entries"
    profile: "Profile"
    effective: date | None
    lists: Sequence["PublishedList"]


class Wholeness(NamedTuple):
    """The signs that a release is not whole; the file that proves that it is, or nothing."""

    breaks: tuple[Break, ...]
    proof: str


def find_line_breaks(text: "Text", lines: "Lines", layout: FixedWidth) -> tuple[Break, ...]:
    """Return the signs in a text of columns: a gap in its numbers, a last line without its end."""
    breaks = [*_find_number_break(text.place, lines, layout)]
    if layout.ended and not text.data.endswith(b"\n"):
        last = text.data.count(b"\n") + 1
        wrong = "the last line has no line end: the file is cut off"
        breaks.append(Break(f"{text.place}:{last}", wrong))
    return tuple(breaks)


def weigh(material: Material) -> Wholeness:
    """Return what the files of a release say of its wholeness, alone and beside one another."""
    name, profile = material.bundle.archive.name, material.profile
    proof = ""
    breaks = [sign for content in material.contents for sign in content.table.breaks]
    breaks += _find_much_aside(name, material.contents)
    for content in material.contents:
        breaks += _find_repeats(content, profile)
    if profile.sister_files:
        breaks += _find_sister_gaps(name, material.entries)
    if material.effective:
        breaks += _find_other_edition(name, material.entries.frame, material.effective)
    for compare in (_compare_codes, _compare_counts):
        signs, found = compare(material)
        breaks += signs
        proof = proof or found
    return Wholeness(tuple(breaks), "" if breaks else proof)


def find_commonest_fault(faults: Sequence[str]) -> tuple[str, int]:
    """Return the first fault of the slug for which most rows were set aside, and how many."""
    ((slug, many),) = Counter(fault.partition(":")[0] for fault in faults).most_common(1)
    return next(fault for fault in faults if fault.startswith(slug)), many


def _find_number_break(place: str, lines: "Lines", layout: FixedWidth) -> Iterator[Break]:
    """The first line whose number does not follow; an odd line between may hold one or two."""
    at = layout.number
    if at is None or not lines.data.height:
        return
    numbers = lines.data["text"].str.slice(at.start - 1, at.width).cast(pl.Int64)
    steps = numbers - numbers.shift(1, fill_value=0)
    for n in (steps != 1).arg_true():
        line, number, step = lines.data["line"][n], numbers[n], steps[n]
        above = lines.data["line"][n - 1] if n else 0
        odd = lines.odd["line"].is_between(above, line).sum()
        if odd and 1 <= step <= 2 * odd + 1:
            continue
        width = at.width or 0
        before = f"{number - step:0{width}}"
        if step < 1:
            wrong = (
                f"order numbers go back from {before} to {number:0{width}}: two files are joined"
            )
        else:
            lost = "1 line is" if step == 2 else f"{step - 1:,} lines are"  # noqa: PLR2004 - one lost
            way = f"go from {before} to" if n else "begin with"
            wrong = f"order numbers {way} {number:0{width}}: {lost} missing"
        yield Break(f"{place}:{line}", wrong)
        return


def _find_much_aside(place: str, contents: Sequence[Content]) -> Iterator[Break]:
    read = sum(content.table.read for content in contents)
    aside = sum(content.aside.height for content in contents)
    if read < FEWEST_ROWS or aside <= _ASIDE_SHARE * read:
        return
    fault, many = find_commonest_fault([one for c in contents for one in c.aside["fault"]])
    share = f"{aside:,} of {read:,} rows ({aside * 100 / read:.1f}%) are excluded"
    yield Break(place, f"{share}, most often ({many:,} rows) for this: {fault}")


def _find_repeats(content: Content, profile: "Profile") -> Iterator[Break]:
    """Several codes of a publisher's text that stand in it again, as where editions are joined."""
    is_list = content.format.content == "codes" and not isinstance(content.format.layout, Workbook)
    frame = content.table.frame
    is_each_kept = content.rows.kept == content.rows.read
    if not is_list or profile.is_own or is_each_kept:
        return
    again = frame.filter(~pl.struct("kind", "code").is_first_distinct())
    if again.height >= NO_SLIP:
        code, line = again["code"][0], again["line"][0]
        wrong = f"{again.height:,} codes are listed twice, the first is {code}"
        yield Break(f"{content.place}:{line}", f"{wrong}: two editions in one file")


def _find_sister_gaps(place: str, entries: "Entries") -> Iterator[Break]:
    """Codes that one of the descriptor files lacks: all hold the same (VA's loader asks for it).

    A few apart are told and not compared; many, or several in a row, are a file that is cut.
    """
    if not entries.gaps.height:
        return
    codes = entries.frame.filter(pl.col("kind") == "code")["code"].sort()
    for (field,), rows in entries.gaps.group_by("field", maintain_order=True):
        lacking = codes.is_in(rows["code"].implode())
        run = find_longest_run(lacking)
        if codes.len() >= FEWEST_ROWS and (
            run.length >= NO_SLIP or rows.height > _SISTER_GAP_SHARE * codes.len()
        ):
            first = codes.filter(lacking)[0]
            wrong = f"{rows.height:,} codes have no {field} descriptor, the first is {first}"
            yield Break(place, f"{wrong}: one of the files is cut off")


def _find_other_edition(place: str, frame: pl.DataFrame, effective: date) -> Iterator[Break]:
    """A stretch of a release in which nothing was changed in a year, or too much after it.

    Where entries have an `action_date`, as HCPCS's do.
    """
    if "action_date" not in frame.columns or frame.height < FEWEST_ROWS:
        return
    ordered = frame.sort(pl.col("kind") != "modifier", "code")
    acted = ordered.select(parse_date("action_date")).to_series()
    later = int((acted > effective).sum())
    if later > max(_LATER_SHARE * frame.height, _FEWEST_CHANGES):
        wrong = f"{later:,} entries were changed after {effective}, its effective date"
        yield Break(place, f"{wrong}: a later edition, or two in one file")
    quiet = ~(acted > effective - _YEAR).fill_null(value=False)
    run = find_longest_run(quiet)
    dated = frame.height - int(quiet.sum())
    if dated >= _FEWEST_CHANGES and run.length > _QUIET_SHARE * frame.height:
        first, last = ordered["code"][run.start], ordered["code"][run.start + run.length - 1]
        wrong = f"no entry from {first} to {last} was changed within a year, {dated:,} others were"
        yield Break(place, f"{wrong}: two editions in one file")


class Run(NamedTuple):
    """Neighbors that are alike: the place of the first, and how many."""

    start: int
    length: int


def find_longest_run(mask: pl.Series) -> Run:
    """Return the longest run of true values in `mask`; of equally long ones the first."""
    runs = mask.rle().struct.unnest()
    starts = runs["len"].cum_sum() - runs["len"]
    longest = runs.with_columns(starts.alias("start")).filter("value")
    if not longest.height:
        return Run(0, 0)
    at = longest["len"].arg_max() or 0
    return Run(longest["start"][at], longest["len"][at])


def _compare_counts(material: Material) -> tuple[list[Break], str]:
    """The entries against the count of their own addenda, or else of the codes file beside them.

    The second is what proves that they are whole, where they agree.
    """
    content, frame = material.contents[0], material.entries.frame
    held = {kind: int((frame["kind"] == kind).sum()) for kind in ("code", "header")}
    counts = [
        (total.kind, total.count, published.name)
        for published in material.lists
        if published.form == "addenda"
        for total in _find_own_totals(published, content.place)
    ]
    counts = counts or [*_count_twin(material, content)]
    for kind, many, name in counts:
        # A row that was set aside is told, and is not lost.
        if abs(held[kind] - many) > content.aside.height:
            wrong = f"has {held[kind]:,} {kind}s, but {name} counts {many:,}"
            return [Break(content.place, f"{wrong}: one of them is incomplete")], ""
    proofs = (name for kind, many, name in counts if kind == "code" and held[kind] == many)
    return [], next(proofs, "")


def _compare_codes(material: Material) -> tuple[list[Break], str]:
    """The entries against a transaction report beside them that lists all of them.

    CMS's reports of 2018 and 2019 name 6,558 of 6,559 and 6,800 of 6,800 entries, and no other. The
    second is the report that proves that they are whole.
    """
    reports = [one for one in material.lists if one.form == "transactions"]
    if not reports:
        return [], ""
    held = material.entries.frame["code"].unique()
    for published in reports:
        listed = published.changes["code"].unique()
        if not listed.len():
            continue
        beyond = int((~held.is_in(listed.implode())).sum())
        lost = listed.filter(~listed.is_in(held.implode())).sort()
        # A list of the changes alone says nothing of the others.
        if beyond > _UNLISTED_SHARE * held.len():
            continue
        if lost.len() >= NO_SLIP + material.contents[0].aside.height:
            wrong = (
                f"{lost.len():,} codes of {published.name} are not in it, the first is {lost[0]}"
            )
            place = material.contents[0].place
            return [
                Break(place, f"{wrong}: one of them is incomplete, or belongs to another release")
            ], ""
        if beyond < NO_SLIP:
            return [], published.name
    return [], ""


def _find_own_totals(published: "PublishedList", place: str) -> Iterator["Total"]:
    """What a footer says of the file at `place`, by its year: lists of other years lie beside it.

    A footer names the earlier file first.
    """
    current = {total.kind: total for total in published.totals if total.what == "entries"}
    years = re.findall(_YEAR_IN_NAME, place.rpartition("/")[2])
    for total in current.values():
        if re.findall(_YEAR_IN_NAME, total.file) == years[-1:]:
            yield total


def _count_twin(material: Material, content: Content) -> Iterator[tuple[str, int, str]]:
    """How many codes the file of the twin format has that lies beside, and its name."""
    twins = (form for form in material.profile.formats if form.name == content.format.twin)
    found = [
        member
        for form in twins
        for member in material.bundle.members
        if form.has_name(member.base_name)
    ]
    if len(found) == 1:
        data = found[0].read()
        yield "code", data.count(b"\n") + (not data.endswith(b"\n")), found[0].base_name
