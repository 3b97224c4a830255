"""A library: a folder of releases, which commands call by names such as hcpcs@2026.

`library.json` tells the form of the folder; each release has a folder of its own (see kept.py),
such as `hcpcs/2026-01-01-ab12cd34ef56`. There is no list of them beside the folders, which could
disagree: twenty runs may add releases at once, and one that is killed leaves each whole or absent.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from threading import Event
from typing import Final, NamedTuple

from cptdiff.codesets import PROFILES, Profile
from cptdiff.errors import EnvironmentFailed, Refused
from cptdiff.history.editions import Editions, Loaded, load_edition, read_histories
from cptdiff.history.kept import (
    SHORT,
    Kept,
    check_original,
    pack_release,
    read_kept,
    read_original,
    read_statement,
    repack_release,
)
from cptdiff.model import Note
from cptdiff.output.staging import write_targets
from cptdiff.output.targets import hold_target, path_beside, tell_failures
from cptdiff.versions import find_version

_MARK: Final = "library.json"
_FORM_KEY: Final = "cptdiff_library"
# Raise it when a folder of this form can no longer be read as it was.
_FORM: Final = 1
_REFERENCE: Final = re.compile(r"([A-Za-z0-9-]+)@([^/\\#]*)(?:#([0-9A-Fa-f]*))?")
_FOLDER: Final = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}-[0-9a-f]{{{SHORT}}}")
_WHEN: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", re.ASCII)
# Others that add the same release are waited for: so often, so many seconds.
_TIMES, _PAUSE = 1200, 0.05
_MOST: Final = 4


class Added(NamedTuple):
    """A release in the library, `others` of its code set and date, and `dated`: its file again.

    `dated` have the same bytes, and another date that was stated for them.

    It is new there, or was read again because another version of cptdiff had read it, or neither.
    """

    kept: Kept
    is_new: bool
    is_refreshed: bool
    others: tuple[Kept, ...]
    dated: tuple[Kept, ...]


def find_reference(word: str) -> re.Match[str] | None:
    """Return the parts of `word` (code set, date, digest) if it names a release in a library.

    A file or folder of that name is meant as such: ./hcpcs@2026 is always one.
    """
    parts = _REFERENCE.fullmatch(word)
    if parts is None or _find_profile(parts[1]) is None or Path(word).exists():
        return None
    return parts


def add_release(
    library: Path, path: Path, code_set: str | None = None, day: date | None = None
) -> Added:
    """Keep the release at `path`, of which `day` is the effective date if the user states it.

    The same bytes again change nothing. Raise `CptdiffError` for what is no release, has no date,
    or cannot be written.
    """
    loaded = load_edition(path, code_set, day)
    original = read_original(path, loaded)
    _prepare(library)
    home = library / loaded.profile.name
    with tell_failures(home, 0):
        home.mkdir(exist_ok=True)
    target = home / f"{loaded.edition.day}-{original.sha256[:SHORT]}"
    # One after the other for one date, so that it is known which one is the later.
    with _hold(home / str(loaded.edition.day)), _hold(target):
        every = [one for one in list_releases(library) if one.code_set == loaded.profile.name]
        same = [one for one in every if one.day == loaded.edition.day]
        own = next((one for one in same if one.folder == target), None)
        if own is None:
            posting = 1 + max((one.posting for one in same), default=0)
            files = pack_release(original, loaded, posting, is_stated=day is not None)
            write_targets({target: files})
    is_old = own is not None and own.version != find_version()
    if own is not None and is_old:
        _refresh(own, loaded)
    others = tuple(one for one in same if one is not own)
    dated = tuple(
        one for one in every if one.sha256 == original.sha256 and one.day != loaded.edition.day
    )
    return Added(read_statement(target), own is None, is_old, others, dated)


def _refresh(kept: Kept, loaded: Loaded) -> None:
    """Replace what another version of cptdiff read."""
    files = repack_release(kept, loaded)
    with ExitStack() as held:
        for name in files:
            held.enter_context(_hold(kept.folder / name))
        write_targets({kept.folder / name: data for name, data in files.items()})


def remove_release(library: Path, word: str) -> Kept:
    """Remove the release that `word` names. Raise `Refused` (E383) where it names none or several.

    Of two with one date neither is the one that is meant.
    """
    kept = _find_one(library, word, is_sure=True)
    with _hold(kept.folder), tell_failures(kept.folder, 0, "the release is still there"):
        # Absent from here on; what holds the folder removes it.
        kept.folder.rename(path_beside(kept.folder, "old"))
    return kept


def list_releases(library: Path) -> tuple[Kept, ...]:
    """Return the releases in `library` by code set and date, of one date the later one last.

    Raise `Refused` (E382) where it is none, has another form, or is damaged.
    """
    _check_mark(library)
    found = []
    try:
        homes = [library / name for name in PROFILES if (library / name).is_dir()]
        # File managers and servers put files of their own beside releases.
        folders = [one for home in homes for one in home.iterdir() if _FOLDER.fullmatch(one.name)]
    except OSError as error:
        wrong = f"cannot be read ({error.strerror})"
        raise Refused("E382", str(library), wrong, "check the folder") from error
    for folder in folders:
        try:
            found.append(read_statement(folder))
        except Refused:
            if folder.exists():  # no other run has just removed it
                raise
    return tuple(sorted(found, key=lambda one: (one.code_set, one.day, one.posting, one.sha256)))


def find_release(library: Path, word: str) -> tuple[Kept, str]:
    """Return the release that `word` names, and what to tell of others with its date, if any.

    Raise `Refused` (E383) where it names none, or several of different dates.
    """
    kept = _find_one(library, word, is_sure=False)
    digest = word.partition("#")[2]
    others = [] if digest else [
        one for one in list_releases(library)
        if (one.code_set, one.day) == (kept.code_set, kept.day) and one.folder != kept.folder
    ]  # fmt: skip
    return kept, _tell_others(kept, others) if others else ""


def find_original(library: Path, word: str) -> tuple[Path, list[str]]:
    """Return the publisher's file or folder of the release that `word` names, and what to tell.

    Raise `Refused` as `find_release` does, and where the file is not as it was kept (E382).
    """
    kept, told = find_release(library, word)
    notes = [told] if told else []
    if kept.is_stated:
        notes.append(f"{kept.reference}: {kept.day} was stated for {kept.original}: state it again")
    return check_original(kept).absolute(), notes


def read_releases(
    library: Path, places: Sequence[str], days: Mapping[str, date], code_set: str | None = None
) -> tuple[Editions, ...]:
    """Return the releases at `places`, by code set, as `read_histories` does.

    A place may name a release in the library; without any place all of them are meant. Raise
    `Refused` also where the library has none (E383), and for `days` without a path.
    """
    words = [one for one in places if find_reference(one)]
    paths = [one for one in places if one not in words]
    if days and not paths:
        wrong, fix = "is for files, not for releases in the library", "leave it out, or give files"
        raise Refused("E001", "--date", wrong, fix)
    found = [find_release(library, word) for word in words]
    for kept, _ in found:
        if code_set not in {None, kept.code_set}:
            wrong = f"is {PROFILES[kept.code_set].label}, not {code_set}"
            raise Refused("E303", kept.reference, wrong, "leave it out, or give another --code-set")
    if not places:
        found = list(_find_all(library, code_set))
    return read_histories(paths, days, code_set, _read_each(found))


def _read_each(found: Sequence[tuple[Kept, str]]) -> Iterator[Loaded]:
    # One that is named twice is read once.
    for kept, told in {one.folder: (one, told) for one, told in found}.values():
        loaded = read_kept(kept)
        notes = (Note("reading", told),) if told else ()
        yield loaded._replace(notes=(*loaded.notes, *notes))


def _find_all(library: Path, code_set: str | None) -> Iterator[tuple[Kept, str]]:
    """Every release, of one date the later one; with what to tell of the others."""
    by_date: dict[str, list[Kept]] = {}
    for one in list_releases(library):
        if code_set in {None, one.code_set}:
            by_date.setdefault(one.reference, []).append(one)
    if not by_date:
        of = f" of {PROFILES[code_set].label}" if code_set else ""
        fix = "add releases with `cptdiff library add RELEASE...`"
        raise Refused("E383", str(library), f"holds no release{of}", fix)
    for *others, last in by_date.values():
        yield last, _tell_others(last, others) if others else ""


def _tell_others(kept: Kept, others: Sequence[Kept]) -> str:
    names = ", ".join(f"#{one.sha256[:SHORT]}" for one in others)
    return (
        f"{kept.reference} is {kept.original} #{kept.sha256[:SHORT]}, which was added last;"
        f" also kept: {names}"
    )


def _find_one(library: Path, word: str, *, is_sure: bool) -> Kept:
    """The release that `word` names; of one date the later one, unless it must be sure."""
    parts = find_reference(word)
    profile = _find_profile(parts[1]) if parts else None
    when = _WHEN.fullmatch(parts[2]) if parts else None
    if parts is None or profile is None or when is None or parts[3] == "":
        wrong = "is not the name of a release in a library"
        fix = "write hcpcs@2026, hcpcs@2026-04, hcpcs@2026-04-01 or hcpcs@2026-04-01#ab12cd34"
        raise Refused("E383", word, wrong, fix)
    every = [one for one in list_releases(library) if one.code_set == profile.name]
    digest = (parts[3] or "").lower()
    found = [
        one for one in every
        if _is_in(one.day, when, profile) and one.sha256.startswith(digest)
    ]  # fmt: skip
    if not found:
        has = _list_names(every) or f"no release of {profile.label}"
        fix = "add it with `cptdiff library add RELEASE...`, or see `cptdiff library list`"
        raise Refused("E383", word, f"is not in {library}, which has {has}", fix)
    if len(found) > 1 and (is_sure or len({one.day for one in found}) > 1):
        wrong = f"may be {_list_names(found)}"
        raise Refused("E383", word, wrong, "name one of them")
    return found[-1]


def _is_in(day: date, when: re.Match[str], profile: Profile) -> bool:
    """Whether a date is in a year, a month or on a day; a fiscal year has its publisher's name."""
    year, month, number = (int(part) if part else None for part in when.groups())
    if month is None:
        is_fiscal = profile.year_start > (1, 1)
        return year == day.year + (is_fiscal and (day.month, day.day) >= profile.year_start)
    return (day.year, day.month) == (year, month) and number in {None, day.day}


def _list_names(found: Sequence[Kept]) -> str:
    """The names of the last of `found`, with digests where several have one date."""
    days = [one.reference for one in found]
    names = [
        one.full_reference if days.count(one.reference) > 1 else one.reference for one in found
    ]
    more = len(names) - _MOST
    return ", ".join(names[-_MOST:]) + (f" and {more:,} older" if more > 0 else "")


def _find_profile(name: str) -> Profile | None:
    """The code set that is called so, in any case and with or without hyphens."""
    profile = PROFILES.get(name.replace("-", "").lower())
    return None if profile is None or profile.is_own else profile


def _check_mark(library: Path) -> None:
    """Raise `Refused` (E382) where `library` is no library of this form."""
    try:
        form = json.loads((library / _MARK).read_bytes())[_FORM_KEY]
    except (FileNotFoundError, NotADirectoryError) as error:
        fix = "give paths of releases, run `cptdiff library add RELEASE...`, or add --library DIR"
        raise Refused("E382", str(library), "is not a library of releases", fix) from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        fix = f'write {{"{_FORM_KEY}": {_FORM}}} into it'
        raise Refused("E382", str(library / _MARK), "is damaged", fix) from error
    if form != _FORM:
        wrong = f"has the form {form}, which this version of cptdiff does not know"
        fix = "use the version that wrote it, or another folder with --library"
        raise Refused("E382", str(library), wrong, fix)


def _prepare(library: Path) -> None:
    """Make `library` where it is not there. Raise where another file or folder is."""
    if library.exists() and not library.is_dir():
        raise Refused("E382", str(library), "is a file", "name a folder with --library")
    with tell_failures(library, 0):
        library.mkdir(parents=True, exist_ok=True)
        is_used = any(not _is_hidden(one) for one in library.iterdir())
    mark = library / _MARK
    if not mark.exists():
        if is_used:
            fix = "name a new folder with --library"
            raise Refused("E382", str(library), "has other files and is no library", fix)
        content = json.dumps({_FORM_KEY: _FORM}) + "\n"
        with _hold(mark):
            write_targets({mark: content.encode()})
    _check_mark(library)


@contextmanager
def _hold(target: Path) -> Iterator[None]:
    """Hold `target`; wait while another run does."""
    with ExitStack() as held:
        for left in reversed(range(_TIMES)):
            try:
                held.enter_context(hold_target(target, lambda _: None))
                break
            except EnvironmentFailed as error:
                if error.slug != "E405" or not left:
                    raise
                Event().wait(_PAUSE)
        yield


def _is_hidden(path: Path) -> bool:
    """Whether it is a lock, or what a run has not finished or is removing."""
    return path.name.startswith(".")
