"""Options that commands share, and what becomes of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cptdiff.codesets import CodeSet
from cptdiff.repairs import Repair

if TYPE_CHECKING:
    from cptdiff.releases import Reading

Command = TypeVar("Command", bound=Callable[..., Any])
DAY: Final = click.DateTime(["%Y-%m-%d"])


def reading_options(command: Command) -> Command:
    """--code-set, --key, --field, --repair and --debug."""
    for option in (
        click.option(
            "--repair", "repairs", multiple=True, metavar="NAME",
            type=click.Choice([each.value for each in Repair]),
            help="Mend what a spreadsheet spoiled: leading-zeros puts back those of CPT codes (100"
            " for 00100), lists each, and ends with 3.",
        ),
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


def reading(options: Mapping[str, Any], effective: datetime | None = None) -> "Reading":
    """How to read a release, by the options. Raises click's usage error where they clash."""
    from cptdiff.releases import Columns, Reading  # noqa: PLC0415 - imports polars

    code_set, keys, fields = options["code_set"], options["keys"], options["fields"]
    if (keys or fields) and code_set != CodeSet.TABLE:
        raise click.UsageError("--key and --field go with --code-set table.")
    for option, names in (("--key", keys), ("--field", fields)):
        if len({name.strip().casefold() for name in names}) < len(names):
            raise click.UsageError(f"one {option} stands twice.")
    return Reading(
        code_set=CodeSet(code_set) if code_set else None,
        effective_date=effective.date() if effective else None,
        columns=Columns(keys or ("code",), fields),
        repairs=tuple(map(Repair, options["repairs"])),
    )
