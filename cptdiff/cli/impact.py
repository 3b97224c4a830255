"""`cptdiff impact`: what a comparison does to the user's own lists."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cptdiff.cli.commands import Command
from cptdiff.cli.delivering import (
    STDOUT,
    Delivery,
    add_stamp_option,
    echo_lines,
    hold_targets,
    pair_outputs,
    put_out,
    show,
    take_list_file,
    tell_result,
    tell_rows,
)
from cptdiff.cli.lists import add_list_options, read_list_options
from cptdiff.cli.options import add_limit_option, add_looks_options, read_presentation
from cptdiff.cli.references import read_runs
from cptdiff.conditions import Condition
from cptdiff.output.delivery import Content, choose_name, spare_inputs
from cptdiff.output.impact import BY_SUFFIX, FILES, ListFile, render_own_folder
from cptdiff.process.lines import FORMS
from cptdiff.process.progress import enter_stage, show_progress

if TYPE_CHECKING:
    from cptdiff.impact import Impact
    from cptdiff.options import ListOptions, Presentation


def _read_list_conditions(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[Condition, ...]:
    if not words:
        return ()
    from cptdiff.conditions import read_condition  # noqa: PLC0415
    from cptdiff.impact import SUBJECTS  # noqa: PLC0415 - imports polars

    return tuple(read_condition(word, subjects=SUBJECTS) for word in words)


@click.command(
    cls=Command,
    short_help="Find out what a comparison does to your lists.",
    examples=(
        "cptdiff impact run-2027 --list chargemaster.csv -o impact-2027",
        "cptdiff impact old.zip:new.zip --list 'lists/*.csv' --suggest",
        "cptdiff impact run-2027 --list chargemaster.csv --group-by Dept -o impact.csv",
        "cptdiff impact run-2027 --list chargemaster.csv --fail-on deleted --quiet",
    ),
)
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", callback=read_runs)
@add_list_options("--sheet", is_required=True)
@click.option(
    "--decisions",
    multiple=True,
    metavar="FILE",
    help="A worksheet that came back, or that `cptdiff worksheet merge` wrote: lines are marked as"
    " decided, open, conflicting or reopened. Repeatable.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(),
    metavar="PATH",
    help=f"Write {', '.join(FILES)} by its name, any other .html, .xlsx or .csv as impact, or"
    " a new folder with everything, the pages of owners too. - is impact.csv on standard output."
    " Repeatable.",
)
@add_looks_options
@click.option(
    "--fail-on",
    "conditions",
    multiple=True,
    metavar="CONDITION",
    callback=_read_list_conditions,
    help="Exit with 1 if this condition is met for the lines, such as deleted, not-valid,"
    ' unknown, touched, high, "revised>50" or set-aside. Repeatable. All: docs/impact.md.',
)
@click.option("--quiet", is_flag=True, help="Print no summary.")
@click.option(
    "--log-format",
    type=click.Choice(list(FORMS)),
    default="text",
    show_default=True,
    help="How standard error is written: text for people, or json: one JSON object a line.",
)
@add_limit_option
@add_stamp_option
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def impact(runs: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click's options
    """List the lines of your lists that a new release touches.

    RUN is a run folder of `cptdiff diff -o FOLDER`, or two releases as PREVIOUS:CURRENT, such as
    hcpcs@2026:hcpcs@2027 from your library (`cptdiff library`). Give one
    for each code set in your lists: codes of the others are counted, not judged.
    """
    chosen, lists = read_list_options(options), [*map(str, options["list_files"])]
    targets = pair_outputs(options["outputs"], _choose_file)
    with hold_targets(targets), show_progress(is_wanted=not options["quiet"]):
        presentation = read_presentation(options)
        read = (*lists, *options["decisions"])
        _spare(runs, read, [path for path, _ in targets if path != STDOUT])
        from cptdiff.impact import (  # noqa: PLC0415 - imports polars
            find_impact,
            list_reasons,
            refuse_unjudged,
        )

        found = find_impact(runs, lists, chosen)
        refuse_unjudged(found)
        code, reasons = list_reasons(found, options["conditions"])
        delivery = _deliver(found, targets, chosen, presentation)
    show(delivery, lambda err: _show(found, err=err), is_quiet=options["quiet"])
    if found.review and not options["quiet"]:
        tell_rows(found.review.faults)
    if code or (delivery.wrote and not options["quiet"]):
        _tell(found, code, reasons, delivery.wrote)
    return code


def _choose_file(given: str) -> ListFile | None:
    """The file that a path stands for; none for a folder."""
    name = FILES[0] if Path(given) == STDOUT else choose_name(given, FILES, BY_SUFFIX)
    return ListFile(name) if name else None


def _spare(runs: Sequence[str], lists: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuse an output that would replace an input."""
    releases = [part for run in runs for part in (run, *run.split(":"))]
    spare_inputs([Path(one) for one in (*releases, *lists) if one], outputs)


def _deliver(
    found: "Impact",
    targets: Sequence[tuple[Path, ListFile | None]],
    chosen: "ListOptions",
    presentation: "Presentation",
) -> Delivery:
    """Write all files or none."""
    enter_stage("rendering")
    rendered: dict[Path, Content] = {
        path: take_list_file(found, one.file, path, presentation)
        if one
        else render_own_folder(found, chosen, presentation)
        for path, one in targets
    }
    return put_out(rendered)


def _show(found: "Impact", *, err: bool) -> None:
    from cptdiff.impact import list_text  # noqa: PLC0415 - imports polars

    echo_lines(list_text(found), err=err)


def _tell(
    found: "Impact", code: int, reasons: Sequence[str], wrote: Mapping[Path, str | None]
) -> None:
    """Tell in one line what was found or why `code`, and what was written."""
    from cptdiff.impact import write_sentence  # noqa: PLC0415 - imports polars

    tell_result(write_sentence(found), code, reasons, wrote)
