"""The releases of a history: found, read, put in order, and what lies between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, pairwise
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.errors import Refused
from cptdiff.model import DESCRIPTORS, Note, Release
from cptdiff.options import Options
from cptdiff.pipeline import list_releases, load_release, plan_readings

# Of each entry; `state` is valid, future (it begins after the release's date) or ended.
# `replacements` are the codes that its own row names, joined by a blank.
RECORDS: Final = pl.Schema(
    {
        "kind": pl.String,
        "code": pl.String,
        "state": pl.String,
        "add_date": pl.Date,
        "end_date": pl.Date,
        "long": pl.String,
        "medium": pl.String,
        "short": pl.String,
        "replacements": pl.String,
    }
)
# Pairs of one code and one replacement.
LINKS: Final = pl.Schema({"code": pl.String, "replacement": pl.String})
_XREF: Final = "^xref[1-5]$"
# Releases come once a year at the least: what lies further apart has a gap.
LONGEST: Final = 370


@dataclass(frozen=True, eq=False, repr=False)
class Edition:
    """One release as a history needs it; `records` has `RECORDS`, sorted by kind and code.

    `levels` are the descriptors that it carries, longest first; `links` (`LINKS`) what tables
    beside it state.
    """

    name: str
    file: str
    day: date
    sha256: str
    records: pl.DataFrame
    links: pl.DataFrame
    levels: tuple[str, ...]


class Loaded(NamedTuple):
    """A release as it was read: its code set, what a history needs of it, what is in doubt."""

    profile: Profile
    edition: Edition
    notes: tuple[Note, ...]


class Editions(NamedTuple):
    """The releases of one code set, by date, and what a reader must know of them."""

    code_set: str
    label: str
    conversion: tuple[str, str] | None
    editions: tuple[Edition, ...]
    notes: tuple[Note, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The effective dates, the oldest first."""
        return tuple(one.day for one in self.editions)

    @property
    def level(self) -> str:
        """The longest descriptor that all releases carry, else the longest one of the last."""
        both = (level for level in DESCRIPTORS if all(level in one.levels for one in self.editions))
        return next(both, self.editions[-1].levels[0])


def read_histories(
    places: Sequence[str],
    days: Mapping[str, date],
    code_set: str | None = None,
    kept: Iterable[Loaded] = (),
) -> tuple[Editions, ...]:
    """Return the releases at `places` by code set: files, zips, folders, folders of releases.

    `days` are effective dates that the user states (`find_day`); `kept` are releases that are
    read already. Raise `Refused` where there is no release, where one has no date, or has the date
    of another one.
    """
    notes: list[Note] = []
    paths = list_paths(places, days, code_set, notes) if places else []
    read = (load_edition(path, code_set, find_day(days, path)) for path in paths)
    found: dict[str, _Found] = {}
    for profile, edition, doubts in chain(kept, read):
        own = found.setdefault(str(profile.name), _Found(profile, {}, []))
        other = own.editions.setdefault(edition.day, edition)
        if other is not edition:
            own.notes.append(_compare_twins(other, edition))
        own.notes.extend(doubts)
    return tuple(_order(name, found[name], tuple(notes)) for name in sorted(found))


def require_one(found: Sequence[Editions]) -> Editions:
    """Return the releases in `found`. Raise `Refused` where they are of two code sets."""
    if len(found) > 1:
        one, other = found[:2]
        wrong = f"is {other.label}; {one.editions[0].file} is {one.label}"
        fix = "give releases of one code set, or choose it with --code-set"
        raise Refused("E303", other.editions[0].file, wrong, fix)
    return found[0]


def choose_holder(found: Sequence[Editions], code: str) -> Editions:
    """Return the one of `found` that has `code`; the only one also where it has not.

    Raise `Refused` where none of several has it, or more than one: E1234 may be of two code sets.
    """
    if len(found) == 1:
        return found[0]
    spelled = code.strip().upper()
    is_code = pl.col("code").str.replace_all(".", "", literal=True) == spelled.replace(".", "")
    holders = [one for one in found if any(e.records.filter(is_code).height for e in one.editions)]
    if len(holders) == 1:
        return holders[0]
    labels = " and ".join(one.label for one in holders or found)
    if holders:
        fix = f"choose one: --code-set {holders[0].code_set}"
        raise Refused("E303", spelled, f"is a code of {labels}", fix)
    raise Refused("E381", spelled, f"is in none of the releases of {labels}", "check the code")


def narrow(editions: Editions, code: str) -> Editions:
    """Return `editions` with what the life of `code` needs, all of it where none has the code.

    Those are its entries and the entries that replacements tie to it, over however many steps. The
    timeline of these few is that of the whole, and takes a fraction of the time.
    """
    bare = code.strip().upper().replace(".", "")
    is_code = pl.col("code").str.replace_all(".", "", literal=True) == bare
    pairs = pl.concat([_list_pairs(one) for one in editions.editions]).unique()
    near = pl.concat([one.records.filter(is_code).select("code") for one in editions.editions])
    if not near.height:
        return editions
    many = 0
    while near.height > many:
        near, many = near.unique(), near.n_unique()
        onward = pairs.join(near, on="code").select(code="replacement")
        back = pairs.join(near, left_on="replacement", right_on="code").select("code")
        near = pl.concat([near, onward, back]).unique()
    few = [
        replace(
            one,
            records=one.records.join(near, on="code", how="semi", maintain_order="left"),
            links=one.links.join(near, on="code", how="semi", maintain_order="left"),
        )
        for one in editions.editions
    ]
    return editions._replace(editions=tuple(few))


def _list_pairs(edition: Edition) -> pl.DataFrame:
    """Each code and each of its replacements (`LINKS`), of the rows and of the tables beside."""
    named = edition.records.filter(pl.col("replacements") != "").select(
        "code", pl.col("replacements").str.split(" ").alias("replacement")
    )
    return pl.concat([named.explode("replacement"), edition.links])


def load_edition(path: Path, code_set: str | None = None, day: date | None = None) -> Loaded:
    """Return the release at `path`, of which `day` is the effective date if the user states it.

    Raise `Refused` where it has no date, or is no release of a publisher.
    """
    options = Options(code_set=code_set, current_date=day)
    release = load_release(path, plan_readings(options)[1])
    return Loaded(release.profile, _make_edition(release, path), tuple(_list_doubts(release)))


class _Found(NamedTuple):
    """The releases of a code set as they are found, by date."""

    profile: Profile
    editions: dict[date, Edition]
    notes: list[Note]


def _order(code_set: str, found: _Found, notes: tuple[Note, ...]) -> Editions:
    editions = tuple(found.editions[day] for day in sorted(found.editions))
    whole = (*notes, *found.notes, *_list_gaps(editions))
    return Editions(code_set, found.profile.label, found.profile.conversion, editions, whole)


def list_paths(
    places: Sequence[str], days: Mapping[str, date], code_set: str | None, notes: list[Note]
) -> list[Path]:
    """Return each release at `places` once; a folder with zips is a folder of releases.

    What is passed over becomes one of `notes`. Raise `Refused` where there is no release, or a file
    in `days` is none of them.
    """
    found: dict[Path, Path] = {}
    for place in places:
        for path in _expand(Path(place), code_set, notes):
            found.setdefault(path.resolve(), path)
    if not found:
        place = ", ".join(places)
        raise Refused("E380", place, "holds no release", "give releases, or a folder of them")
    names = sorted(path.name for path in found.values())
    for name in days:
        if not any(_ends_in(path, name) for path in found):
            fix = f"give one of {', '.join(names)}"
            raise Refused("E001", "--date", f"{name} is none of the releases", fix)
    return [*found.values()]


def find_day(days: Mapping[str, date], path: Path) -> date | None:
    """Return the effective date that the user states for the release at `path`, if any.

    `days` has dates by file name, or by the end of a path where two files have one name: the
    longest end counts.
    """
    fits = [name for name in days if _ends_in(path.resolve(), name)]
    return days[max(fits, key=lambda name: len(Path(name).parts))] if fits else None


def _ends_in(path: Path, name: str) -> bool:
    """Whether a whole path is the one that `name` stands for, or ends in it."""
    parts = Path(name).parts
    return path.parts[-len(parts) :] == parts or path == Path(name).resolve()


def _expand(path: Path, code_set: str | None, notes: list[Note]) -> list[Path]:
    found, others = list_releases(path, code_set)
    notes.extend(Note("reading", "is no release and was passed over", name) for name in others)
    return found


def _make_edition(release: Release, path: Path) -> Edition:
    if release.profile.is_own:
        wrong = "is a plain table, which has no descriptors and dates of a code set"
        fix = "give a publisher's releases; `cptdiff diff` compares tables"
        raise Refused("E380", release.archive.name, wrong, fix)
    if release.effective_date is None:
        fix = f"add --date {path.name}=YYYY-MM-DD"
        raise Refused("E380", release.archive.name, "has no effective date", fix)
    levels = tuple(name for name in DESCRIPTORS if name in release.carries["code"])
    return Edition(
        release.name,
        path.name,
        release.effective_date,
        release.archive.sha256 or "",
        _list_records(release, release.effective_date),
        _list_links(release),
        levels or DESCRIPTORS[:1],
    )


def _list_records(release: Release, day: date) -> pl.DataFrame:
    """The entries of a release (`RECORDS`); one that is ended and valid at once is valid."""
    begins = (pl.col("add_date") > day).fill_null(value=False)
    future = pl.when(begins).then(pl.lit("future")).otherwise(pl.lit("valid"))
    sides = [
        side.select(
            pl.col("kind").cast(pl.String),
            "code",
            state.alias("state"),
            "add_date",
            "end_date",
            *(
                pl.col(name) if name in side.columns else pl.lit(None, pl.String).alias(name)
                for name in DESCRIPTORS
            ),
            _name_replacements(side),
        )
        for side, state in ((release.entries, future), (release.ended, pl.lit("ended")))
    ]
    return pl.concat(sides).unique(["kind", "code"], keep="first").sort("kind", "code")


def _name_replacements(frame: pl.DataFrame) -> pl.Expr:
    """The codes that HCPCS names in the row of an entry."""
    if "xref1" not in frame.columns:
        return pl.lit("").alias("replacements")
    named = pl.concat_str(pl.col(_XREF).str.strip_chars(), separator=" ", ignore_nulls=True)
    return named.str.replace_all(" +", " ").str.strip_chars().alias("replacements")


def _list_links(release: Release) -> pl.DataFrame:
    """The pairs of one code and one replacement that crosswalks beside a release state."""
    links = [table.links.select("code", "replacement") for table in release.stated.crosswalks]
    whole = pl.concat([pl.DataFrame(schema=LINKS), *links])
    is_plain = ~pl.col("code").str.contains("-", literal=True)
    is_other = pl.col("replacement") != pl.col("code")
    return whole.filter(is_plain, is_other, pl.col("replacement") != "").unique().sort(pl.all())


def _compare_twins(one: Edition, other: Edition) -> Note:
    """Tell of a release that is given twice. Raise `Refused` for another one of the same date."""
    # A folder has no digest.
    if (one.sha256 and one.sha256 == other.sha256) or one.records.equals(other.records):
        return Note("reading", f"is {one.file} again and was passed over", other.file)
    wrong = f"has the effective date of {one.file}, {one.day}, and other content"
    fix = f"leave one out, or state its date: --date {other.file}=YYYY-MM-DD"
    raise Refused("E380", other.file, wrong, fix)


def _list_doubts(release: Release) -> Iterator[Note]:
    """What makes a release less than whole."""
    if many := release.rows.quarantined:
        rows = "1 row was" if many == 1 else f"{many:,} rows were"
        place = release.archive.name
        yield Note("excluded", f"{rows} excluded (`cptdiff inspect` lists them)", place)
    for sign in release.breaks:
        yield Note("excluded", f"not whole: {sign.wrong}", sign.place)


def is_gap(one: Edition, other: Edition) -> bool:
    """Return whether releases are missing between these two."""
    return (other.day - one.day).days > LONGEST


def _list_gaps(editions: Sequence[Edition]) -> Iterator[Note]:
    """Tell the years between two releases of which there is none."""
    for one, other in pairwise(editions):
        if is_gap(one, other):
            text = (
                f"not covered: no release between {one.day} ({one.name}) and {other.day}"
                f" ({other.name}); codes that came and went between them are missing, and other"
                " changes are dated by the later one"
            )
            yield Note("gap", text)
