"""How the reports are presented: the options and what becomes of them."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from cptdiff.licence import Descriptors
from cptdiff.presentation import Presentation

Command = TypeVar("Command", bound=Callable[..., Any])
# What can only be meant as a file: a path's beginning; one word with a suffix or a slash that is no
# address of the web; words that end as a document's name does. "Acme Inc." and "... at acme.org"
# are texts.
_FILE: Final = re.compile(
    r"""(?ix)
    (?: / | \.{1,2}[/\\] | ~[\w.-]*/ | [a-z]:[/\\] | \\\\ ) .*
    | (?! .*(?: :// | www\. ) ) (?: \S*\w\.\w{1,5} | \S+/\S+
        | .*\w\.(?: txt | text | md | rst | pdf | docx? | odt | rtf | html? | xml | csv ) )
    """
)


def presenting_options(command: Command) -> Command:
    """--descriptors, --notice, --template and --excel."""
    for option in (
        click.option(
            "--descriptors", type=click.Choice([each.value for each in Descriptors]),
            default=Descriptors.FULL.value, show_default=True,
            help="The descriptors that the outputs show: what your licence lets you pass on. short"
            " leaves the short ones, of a table the columns that are called so (short, Short Name),"
            " none leaves codes, dates, figures and our own words; a table's keys always stay.",
        ),
        click.option(
            "--notice", metavar="TEXT|FILE", callback=_notice,
            help="The licence notice that your agreement asks for: a file's name, or the text"
            " itself. It ends each report for people.",
        ),
        click.option(
            "--excel", is_flag=True,
            help="Begin each CSV with the byte order mark by which Excel knows UTF-8.",
        ),
        click.option(
            "--template", "template_folder", metavar="DIR",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="Your own templates, searched before the shipped ones; templates/README.md tells"
            " their names and what they are given.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def presentation(options: Mapping[str, Any]) -> Presentation:
    """What the user chose.

    Raises `Refused` for a notice that cannot be read or printed, and for templates that fail.
    """
    notice, own = options["notice"], options["template_folder"]
    if notice:
        from cptdiff.releases.published import own_notice  # noqa: PLC0415 - imports polars

        notice = own_notice(notice)
    if own:
        from cptdiff.reports.templates import checked  # noqa: PLC0415 - imports jinja2

        checked(own)
    return Presentation(notice or "", own, options["excel"])


def _notice(
    _context: click.Context, _option: click.Parameter, given: str | None
) -> Path | str | None:
    """A path where there is such a file, or where it can only be meant as one; else the text."""
    if not given:
        return given
    try:
        is_there = Path(given).exists()
    except OSError:  # longer than any name
        is_there = False
    return Path(given) if is_there or _FILE.fullmatch(given) else given
