"""`cptdiff worksheet merge`: worksheets that come back from reviewers, as one."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cptdiff.cli.commands import Command, Group
from cptdiff.cli.delivering import (
    STDOUT,
    echo_lines,
    tell_if_unshown,
    tell_result,
    tell_rows,
    write_stdout,
)
from cptdiff.cli.options import add_limit_option
from cptdiff.cli.references import read_runs
from cptdiff.errors import Refused
from cptdiff.output.delivery import Content, hold_paths, put_in_place, spare_inputs
from cptdiff.process.lines import FORMS
from cptdiff.process.progress import enter_stage, show_progress
from cptdiff.process.signals import release

if TYPE_CHECKING:
    from cptdiff.impact import Merged

_WIDTH: Final = 80
_SUFFIXES: Final = (".xlsx", ".csv")


@click.group(cls=Group, short_help="Merge worksheets that reviewers filled in.")
def worksheet() -> None:
    """Take back the worksheets of `cptdiff impact` that reviewers filled in."""


@worksheet.command(
    cls=Command,
    short_help="Merge worksheets that reviewers filled in.",
    examples=(
        "cptdiff worksheet merge radiology.xlsx lab.csv --run run-2027 -o merged.xlsx",
        "cptdiff worksheet merge impact-2027/worksheet.csv 'returned/*.xlsx' -o merged.csv",
        "cptdiff worksheet merge errata/worksheet.xlsx --since merged.csv -o merged-2.xlsx",
        "cptdiff worksheet merge merged.csv --run run-2027 --require-complete --quiet",
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--run",
    "runs",
    multiple=True,
    metavar="RUN",
    callback=read_runs,
    help="Look new codes up in this run folder, or in two releases as PREVIOUS:CURRENT. One for"
    " each code set.",
)
@click.option(
    "--since",
    "former",
    multiple=True,
    metavar="FORMER",
    help="A merged worksheet of before: its decisions stand again where the facts of the line are"
    " the same; where they are not, the line is open again. Repeatable.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(),
    metavar="PATH",
    help="Write the merged worksheet as .xlsx or .csv. - is CSV on standard output. Repeatable.",
)
@click.option(
    "--excel",
    is_flag=True,
    help="Start CSV files with a byte order mark, so that Excel shows accents correctly.",
)
@click.option(
    "--require-complete",
    is_flag=True,
    help="Exit with 1 while a line with a code that is not valid any more has no decision,"
    " decisions differ, or lines"
    " are in no file.",
)
@add_limit_option
@click.option("--quiet", is_flag=True, help="Print no summary.")
@click.option(
    "--log-format",
    type=click.Choice(list(FORMS)),
    default="text",
    show_default=True,
    help="How standard error is written: text for people, or json: one JSON object a line.",
)
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def merge(files: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click's options
    """Merge worksheets: one decision for each line, conflicts, what has to be asked back.

    FILE is a worksheet that `cptdiff impact` wrote and reviewers filled in, as .xlsx or CSV. Give
    the original worksheet.csv too, and lines that nobody sent back are counted as open.
    """
    targets = [(path, _check_target(path)) for path in dict.fromkeys(options["outputs"])]
    paths = [(Path(path), suffix) for path, suffix in targets if Path(path) != STDOUT]
    with hold_paths(paths), show_progress(is_wanted=not options["quiet"]):
        releases = [part for run in options["runs"] for part in (run, *run.split(":"))]
        read = [Path(one) for one in (*files, *options["former"], *releases) if one]
        spare_inputs(read, [path for path, _ in paths])
        from cptdiff.impact import (  # noqa: PLC0415 - imports polars
            explain_merge,
            merge_files,
            render_merge,
        )

        enter_stage("reading")
        found = merge_files(files, options["former"], options["runs"])
        code, reasons = explain_merge(found, require_complete=options["require_complete"])
        enter_stage("rendering")
        made: dict[Path, Content] = {
            Path(path): render_merge(found, suffix, bom=options["excel"])
            for path, suffix in targets
        }
        to_stdout = made.pop(STDOUT, b"")
        put_in_place(made)
    release()
    with tell_if_unshown("stdout", [*made]):
        write_stdout(bytes(to_stdout) if isinstance(to_stdout, bytes) else b"")
    if not options["quiet"]:
        with tell_if_unshown("the summary", [*made]):
            _show(found, err=bool(to_stdout))
        tell_rows(found.faults)
    if code or (made and not options["quiet"]):
        _tell(found, code, reasons, [*made])
    return code


def _check_target(given: str) -> str:
    """Return the suffix that says what is written. Raise `Refused` for any other."""
    if Path(given) == STDOUT:
        return _SUFFIXES[-1]
    suffix = Path(given).suffix.lower()
    if suffix not in _SUFFIXES:
        what = f"nothing is written with the suffix {suffix}" if suffix else "has no suffix"
        raise Refused("E001", given, what, "end it in .xlsx or .csv")
    return suffix


def _show(found: "Merged", *, err: bool) -> None:
    from cptdiff.impact import list_merge_text  # noqa: PLC0415 - imports polars

    echo_lines(list_merge_text(found), err=err)


def _tell(found: "Merged", code: int, reasons: Sequence[str], wrote: Sequence[Path]) -> None:
    """Tell in one line what was merged or why `code`, and what was written."""
    from cptdiff.impact import write_merge_sentence  # noqa: PLC0415 - imports polars

    wrote_files = dict.fromkeys(wrote)
    tell_result(write_merge_sentence(found), code, reasons, wrote_files, counts=found.summary)
