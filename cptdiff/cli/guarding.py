"""--allow and --limit: what a user knows better than a guard."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cptdiff.judgement.guard.names import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cptdiff.formats.ranges import Range
    from cptdiff.model import Changes

Command = TypeVar("Command", bound=Callable[..., Any])


def guard_options(command: Command) -> Command:
    """--allow (`allowed`: names) and --limit (`limits`: percent by name)."""
    movable = [f"{name} {limit:g}" for name, limit in LIMITS.items() if limit is not None]
    for option in (
        click.option(
            "--limit", "limits", multiple=True, metavar="GUARD=PERCENT", callback=_limits,
            help=f"Move a guard's limit ({', '.join(movable)}). Repeatable.",
        ),
        click.option(
            "--allow", "allowed", multiple=True, metavar="GUARD", type=click.Choice(list(LIMITS)),
            help=f"Compare in spite of a guard: {', '.join(LIMITS)}. Repeatable.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def guarded(
    changes: "Changes", sections: "Iterable[Range]", options: Mapping[str, Any]
) -> tuple["Changes", tuple[str, ...]]:
    """`changes` with the doubts that were overridden among its notes; and those doubts.

    Raises `Refused` for a guard that was not.
    """
    from cptdiff.judgement.guards import checked  # noqa: PLC0415 - imports polars
    from cptdiff.sections import ranges  # noqa: PLC0415

    known = ranges(changes.current.code_set, sections)
    overridden = checked(changes, options["limits"], options["allowed"], known)
    return replace(changes, notes=(*overridden, *changes.notes)), overridden


def _limits(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> dict[str, float]:
    """Percent by guard. Raises click's usage error for what is no limit, or stands twice."""
    found: dict[str, float] = {}
    for word in words:
        name, _, percent = word.partition("=")
        if LIMITS.get(name) is None:
            movable = ", ".join(name for name, limit in LIMITS.items() if limit is not None)
            raise click.UsageError(f"--limit {word}: the guards with a limit are {movable}.")
        if name in found:
            raise click.UsageError(f"--limit {name} stands twice.")
        found[name] = _percent(word, percent)
    return found


def _percent(word: str, text: str) -> float:
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        percent = -1
    if not 0 <= percent <= 100:  # noqa: PLR2004 - percent
        raise click.UsageError(f"--limit {word}: give a number of percent, 0 to 100.")
    return percent
