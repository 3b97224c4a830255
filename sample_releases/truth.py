"""The form in which the generator tells what it decided."""

from collections.abc import Iterable, Sequence
from typing import Any

Truth = dict[str, Any]


def pair(previous: str, current: Sequence[str]) -> Truth:
    """Return which files are compared."""
    return {"previous": previous, "current": list(current)}


def changes(
    added: Iterable[str] = (),
    deleted: Iterable[str] = (),
    revised: Iterable[str] = (),
    attributes: Iterable[str] = (),
    transient: Iterable[str] = (),
) -> dict[str, list[str]]:
    """Return the changed codes of one kind, each list sorted."""
    return {
        "added": sorted(added),
        "deleted": sorted(deleted),
        "revised": sorted(revised),
        "revised_attributes_only": sorted(attributes),
        "transient": sorted(transient),
    }
