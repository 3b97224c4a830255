"""`cptdiff diff`: compare two releases."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cptdiff.cli.comparing import compared
from cptdiff.cli.delivering import BY_FORMAT, STDOUT, deliver, held, named_targets, send, showing
from cptdiff.cli.guarding import guard_options
from cptdiff.cli.judging import fails, judging_options
from cptdiff.cli.opening import open_page, opening_option, page_among
from cptdiff.cli.options import DAY, reading_options
from cptdiff.cli.presenting import presentation, presenting_options
from cptdiff.errors import CptdiffError, printable
from cptdiff.licence import Descriptors

if TYPE_CHECKING:
    from cptdiff.presentation import Presentation
    from cptdiff.results import Results

_STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True},
    "head": {"bold": True},
    "doubt": {"fg": "yellow"},
    "text": {},
}


@click.command(short_help="Compare two releases.")
@click.argument("previous", type=click.Path(path_type=Path))
@click.argument("current", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(),
    metavar="PATH",
    help="report.html, changes.csv, changes.xlsx, summary.json, summary.md or any name with such a"
    " suffix; fields.csv, crosswalk.csv, reconciliation.csv, quarantine.csv, changes.json by these"
    " names; - for stdout. A PATH without a suffix (2027.01 has none), or ending in /, is a new"
    " folder with everything. Repeatable.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(BY_FORMAT)),
    help="The report that goes to stdout with -o -. Default: csv.",
)
@click.option("--previous-date", type=DAY, metavar="YYYY-MM-DD", help="Previous's effective date.")
@click.option("--current-date", type=DAY, metavar="YYYY-MM-DD", help="Current's effective date.")
@click.option(
    "--sections",
    "sections_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own sections: CSV with start,end,category,section,subsection,group.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 when there are changes.")
@click.option("--quiet", is_flag=True, help="No summary on the terminal.")
@judging_options
@opening_option
@presenting_options
@guard_options
@reading_options
def diff(previous: Path, current: Path, **options: Any) -> int:  # noqa: ANN401 - click's options
    """Compare two releases.

    PREVIOUS and CURRENT are each a file, a folder or a zip, just as the publisher ships it.
    """
    targets = named_targets(options["outputs"], options["format_name"])
    page = page_among(targets) if options["open_page"] else None
    with held(targets):
        presented = presentation(options)
        found = _compared(previous, current, options)
        code = _exit_code(found, options)
        to_stdout = deliver(found, targets, presented, options)
    # The files are whole, and the exit code speaks for them, whatever becomes of the rest.
    files = [path for path, _ in targets if path != STDOUT]
    with showing("stdout", files):
        send(to_stdout)
    if not options["quiet"]:
        with showing("the summary", files):
            _summarise(found, presented, err=len(files) < len(targets))
    if page:
        with showing("the page on the screen", files):
            open_page(page)
    return code


def _exit_code(found: "Results", options: Mapping[str, Any]) -> int:
    """Of a comparison that was made (contract.md, "Exit codes")."""
    if found.doubtful:
        return 3
    changed = options["exit_code"] and found.entries.height > 0
    return int(changed or fails(found, options["conditions"]))


def _compared(previous: Path, current: Path, options: Mapping[str, Any]) -> "Results":
    try:
        return compared(previous, current, options)
    except CptdiffError as error:
        if options["descriptors"] == Descriptors.FULL:
            raise
        # Nor does --debug show it.
        raise error.unquoted() from None
    except (OSError, MemoryError):
        raise
    except Exception as error:
        if options["descriptors"] == Descriptors.FULL:
            raise
        # A library may quote what it stumbled over.
        raise RuntimeError(type(error).__name__) from None


def _summarise(found: "Results", presented: "Presentation", *, err: bool) -> None:
    from cptdiff.reports.terminal import render  # noqa: PLC0415 - imports polars

    for line in render(found, presented):
        style = _STYLES[line.role]
        text = printable(line.text)
        click.echo(click.style(text, **style) if style else text, err=err)
