"""What both releases carry, and so can be compared; what only one carries, in words."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from cptdiff.model import OWN, Release

_PARTS: Final = {
    "code": "Codes",
    "header": "Headers",
    "modifier": "Modifiers",
    "pla": "PLA codes",
}


def name_pair(previous: Release, current: Release) -> str:
    """Both files or folders as the user named them: the place of what is wrong with a pair."""
    return f"{previous.archive.name} and {current.archive.name}"


def shared_fields(previous: Release, current: Release) -> dict[str, tuple[str, ...]]:
    """By part that both releases carry, the fields that both carry, in current's order."""
    return {
        part: tuple(name for name in fields if name in previous.carries[part])
        for part, fields in current.carries.items()
        if part in previous.carries
    }


def not_compared(previous: Release, current: Release) -> tuple[str, ...]:
    """What only one of the two releases carries, one sentence each."""
    notes = []
    for part in sorted({*previous.carries, *current.carries}):
        if part not in previous.carries or part not in current.carries:
            only = current if part in current.carries else previous
            count = only.entries.filter(pl.col("part") == part).height
            notes.append(f"{_PARTS[part]} are in {only.name} only ({count:,}): not compared")
        else:
            notes += _fields_of_one(previous, current.carries, part)
            notes += _fields_of_one(current, previous.carries, part)
    return tuple(notes)


def _fields_of_one(only: Release, other: Mapping[str, tuple[str, ...]], part: str) -> list[str]:
    names = sorted(set(only.carries[part]) - set(other[part]))
    return [
        f"column {name.removeprefix(OWN)} is in {only.name} only: not compared"
        if name.startswith(OWN)
        else f"field {name} of {_PARTS[part]} is in {only.name} only: not compared"
        for name in names
    ]
