"""Options that commands share, and what becomes of them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cptdiff.codesets import CodeSet

if TYPE_CHECKING:
    from cptdiff.releases import Reading

Command = TypeVar("Command", bound=Callable[..., Any])
DAY: Final = click.DateTime(["%Y-%m-%d"])


def reading_options(command: Command) -> Command:
    """--code-set, --key, --field and --debug."""
    for option in (
        click.option(
            "--field", "fields", multiple=True, metavar="COLUMN",
            help="A column to compare (table only; repeatable). Default: all but the key.",
        ),
        click.option(
            "--key", "keys", multiple=True, metavar="COLUMN",
            help="The column that identifies a row (table only; repeatable). Default: code.",
        ),
        click.option(
            "--code-set", type=click.Choice([code_set.value for code_set in CodeSet]),
            help="What the files are, where names and content do not say it.",
        ),
        click.option("--debug", is_flag=True, help="Show the traceback of an error."),
    ):  # fmt: skip
        command = option(command)
    return command


def reading(
    code_set: str | None,
    keys: tuple[str, ...],
    fields: tuple[str, ...],
    effective: datetime | None = None,
) -> "Reading":
    """How to read a release, by the options. Raises click's usage error where they clash."""
    from cptdiff.releases import Columns, Reading  # noqa: PLC0415 - imports polars

    if (keys or fields) and code_set != CodeSet.TABLE:
        raise click.UsageError("--key and --field go with --code-set table.")
    for option, names in (("--key", keys), ("--field", fields)):
        if len({name.strip().casefold() for name in names}) < len(names):
            raise click.UsageError(f"one {option} stands twice.")
    day: date | None = effective.date() if effective else None
    return Reading(CodeSet(code_set) if code_set else None, day, Columns(keys or ("code",), fields))
