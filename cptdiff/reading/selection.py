"""The member of a folder or zip, and the sheet of a workbook, that the user names."""

import os
import stat
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Final

from cptdiff.errors import Refused, find_nearest
from cptdiff.reading.archives import Member

# So many names are listed in a message.
_MOST: Final = 6


def match_names(wanted: str, names: Sequence[str]) -> list[int]:
    """Return which of `names` are meant: the same one, else in any case, else by * and ?."""
    folded, lower = wanted.strip().casefold(), [name.strip().casefold() for name in names]
    for found in (
        [at for at, name in enumerate(names) if name == wanted],
        [at for at, name in enumerate(lower) if name == folded],
    ):
        if found:
            return found
    return [at for at, name in enumerate(lower) if fnmatchcase(name, folded)]


def select_members(place: str, members: Sequence[Member], wanted: str) -> tuple[Member, ...]:
    """Return the members whose path or base name is meant. Raise `Refused` (E189) for none."""
    paths = [member.path for member in members]
    for names in (paths, [PurePosixPath(path).name for path in paths]):
        if found := match_names(wanted, names):
            return tuple(members[at] for at in found)
    near = find_nearest(wanted, paths)
    fix = f"did you mean {near}?" if near else f"use one of {list_names(paths)}"
    raise Refused("E189", place, f"has no member {wanted}", fix)


def find_member(members: Sequence[Member], several: Sequence[str]) -> str:
    """Return the first of `several` names that one of `members` has; empty where none has."""
    paths = [member.path for member in members]
    names = [PurePosixPath(path).name for path in paths]
    found = (one for one in several if one and (match_names(one, paths) or match_names(one, names)))
    return next(found, "")


def list_names(names: Sequence[str]) -> str:
    """Return the first of `names`, and how many more there are."""
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more:,} more" if more > 0 else "")


def split_member(path: Path) -> tuple[Path, str]:
    """Return the file that `path` leads into, and the member behind it: release.zip/list.txt.

    The member is empty where `path` leads to a file or folder of its own, or to nothing.
    """
    if _is_there(path):
        return path, ""
    for parent in path.parents:
        if _is_there(parent):
            inner = path.relative_to(parent).as_posix()
            return (parent, inner) if _is_file(parent) else (path, "")
    return path, ""


def _is_there(path: Path) -> bool:
    """Whether the system knows `path`; also where it may not be read."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False
