"""The options for the user's own lists, and click's parameters as `ListOptions`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from cptdiff.cli.commands import Misuse
from cptdiff.options import ListOptions

Command = TypeVar("Command", bound=Callable[..., Any])


def read_names(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the names that commas separate, each once."""
    names = [name.strip() for word in words for name in word.split(",")]
    return tuple(dict.fromkeys(filter(None, names)))


def add_list_options(sheet: str, *, is_required: bool) -> Callable[[Command], Command]:
    """Add --list and the options that belong to it; `sheet` is what that of sheets is called."""
    options = (
        click.option(
            "--list", "list_files", multiple=True, required=is_required, metavar="FILE|PATTERN",
            type=click.Path(path_type=Path),
            help="Your list: a workbook, a CSV or other text table, Parquet, JSON, a folder or zip"
            " of these, or a pattern in quotes, such as 'lists/*.xlsx'."
            f"{' - is standard input.' if is_required else ''} Repeatable.",
        ),
        click.option(
            sheet, "list_sheets", multiple=True, metavar="NAME",
            help="Read only this sheet of workbooks with lists. Repeatable. Default: all visible"
            " sheets with codes.",
        ),
        click.option(
            "--code-column", "code_columns", multiple=True, metavar="NAME|PATTERN",
            help="A column with codes, if cptdiff does not find it, such as 'code|*'. Repeatable.",
        ),
        click.option(
            "--code-set-column", default="", metavar="NAME",
            help="The column that names the code set of the codes in a line: CPT, HCPCS,"
            " ICD-10-CM, NDC.",
        ),
        click.option(
            "--modifier-column", "modifier_columns", multiple=True, metavar="NAME",
            help="A column with modifiers, if cptdiff does not find it. Repeatable.",
        ),
        click.option(
            "--keep", multiple=True, metavar="COLUMNS", callback=read_names,
            help="Columns of the lists to repeat in impact.csv, separated by commas.",
        ),
        click.option(
            "--group-by", default="", metavar="COLUMN|COLUMN:N|FILE",
            help="Who owns a line: a column, its first N characters, or a CSV file with two"
            " columns: a column of the list (or COLUMN:N) and the group.",
        ),
        click.option(
            "--volume-column", default="", metavar="COLUMN",
            help="How often a line is used; with --price-column the exposure is volume times"
            " price.",
        ),
        click.option("--price-column", default="", metavar="COLUMN", help="The price of a line."),
        click.option(
            "--id-column", default="", metavar="COLUMN",
            help="The column that identifies a line, if cptdiff does not find a charge number.",
        ),
        click.option(
            "--suggest", is_flag=True,
            help="Also suggest new codes that a list may need: replacements of its deleted codes,"
            " and codes most of whose neighbors it has.",
        ),
    )  # fmt: skip

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def read_list_options(parameters: Mapping[str, Any]) -> ListOptions:
    """Return the choices for lists. Raise click's usage error where they clash."""
    if bool(parameters["volume_column"]) != bool(parameters["price_column"]):
        wrong = "--volume-column and --price-column work only together."
        raise Misuse(wrong, "give both: exposure is volume times price")
    named = {"decisions": (), **parameters, "sheets": parameters["list_sheets"]}
    chosen = ListOptions(**{name: named[name] for name in ListOptions._fields})
    if not parameters["list_files"] and chosen != ListOptions():
        several = "--list-sheet, --code-column, --keep, --group-by, --suggest and the like"
        raise Misuse(f"{several} work only with --list.", "add --list FILE")
    return chosen


def expand_lists(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the files that patterns stand for. Raise `Refused` (E101) where one fits none."""
    if not files:
        return ()
    from cptdiff.impact import expand_patterns  # noqa: PLC0415 - imports polars

    return tuple(map(Path, expand_patterns(map(str, files))))
