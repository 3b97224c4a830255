"""How the reports are presented: the options and what becomes of them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from cptdiff.presentation import Presentation

Command = TypeVar("Command", bound=Callable[..., Any])


def presenting_options(command: Command) -> Command:
    """--template and --excel."""
    for option in (
        click.option(
            "--excel", is_flag=True,
            help="Begin each CSV with the byte order mark by which Excel knows UTF-8.",
        ),
        click.option(
            "--template", "template_folder", metavar="DIR",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="Your own templates, searched before the shipped ones.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def presentation(options: Mapping[str, Any]) -> Presentation:
    """What the user chose. Raises `Refused` for templates that do not work."""
    own: Path | None = options["template_folder"]
    if own:
        from cptdiff.reports.templates import checked  # noqa: PLC0415 - imports jinja2

        checked(own)
    return Presentation(templates=own, bom=options["excel"])
