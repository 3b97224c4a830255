"""Options that commands share, and what becomes of them."""

from collections.abc import Callable, Mapping, Sequence
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
    """--code-set, --key, --field, --encoding, --repair and --debug."""
    for option in (
        click.option(
            "--repair", "repairs", multiple=True, metavar="NAME",
            type=click.Choice([each.value for each in Repair]),
            help="Mend what a spreadsheet spoiled: leading-zeros puts back those of CPT codes (100"
            " for 00100), lists each, and ends with 3.",
        ),
        click.option(
            "--encoding", "encodings", multiple=True, metavar="[previous=|current=]NAME",
            help="How text is encoded where it is not UTF-8, such as cp1252 (table only).",
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


def reading(
    options: Mapping[str, Any], effective: datetime | None = None, encoding: str = ""
) -> "Reading":
    """How to read a release, by the options. Raises click's usage error where they clash."""
    from cptdiff.releases import Columns, Reading  # noqa: PLC0415 - imports polars

    code_set, keys, fields = options["code_set"], options["keys"], options["fields"]
    if (keys or fields or encoding) and code_set != CodeSet.TABLE:
        raise click.UsageError("--key, --field and --encoding go with --code-set table.")
    for option, names in (("--key", keys), ("--field", fields)):
        if len({name.strip().casefold() for name in names}) < len(names):
            raise click.UsageError(f"one {option} stands twice.")
    return Reading(
        code_set=CodeSet(code_set) if code_set else None,
        effective_date=effective.date() if effective else None,
        columns=Columns(keys or ("code",), fields),
        encoding=encoding,
        repairs=tuple(map(Repair, options["repairs"])),
    )


def encoding_of(encodings: Sequence[str], *sides: str) -> Sequence[str]:
    """The encoding named for each of `sides`, or for all; empty where none is.

    Raises click's usage error where one is named twice, or for a side that there is not.
    """
    named: dict[str, str] = {}
    for said in encodings:
        side, _, name = said.rpartition("=")
        if (side and side not in sides) or not name:
            raise click.UsageError(f"--encoding {said} is not {_ways(sides)}.")
        for one in [side] if side else sides or [""]:
            if one in named:
                raise click.UsageError("--encoding says twice how one side is encoded.")
            named[one] = name
    return [named.get(side, "") for side in sides or [""]]


def _ways(sides: Sequence[str]) -> str:
    return " or ".join(["NAME", *(f"{side}=NAME" for side in sides)])
