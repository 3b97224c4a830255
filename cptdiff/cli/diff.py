"""`cptdiff diff`: compare two releases."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from cptdiff.cli.commands import Command, Words
from cptdiff.cli.delivering import (
    BY_FORMAT,
    Compared,
    add_stamp_option,
    deliver,
    echo_lines,
    hold_targets,
    name_output,
    name_targets,
    show,
    tell_if_unshown,
    tell_rows,
)
from cptdiff.cli.lists import add_list_options
from cptdiff.cli.opening import add_opening_option, find_page, open_page
from cptdiff.cli.options import (
    SIDES,
    add_column_options,
    add_guard_options,
    add_judging_options,
    add_presenting_options,
    add_reading_options,
    read_day,
    read_options,
    read_presentation,
)
from cptdiff.cli.references import ReleasePath
from cptdiff.conditions import list_met
from cptdiff.errors import escape_controls
from cptdiff.options import Options
from cptdiff.output.delivery import SUFFIXES, spare_inputs
from cptdiff.output.impact import find_own_impact
from cptdiff.process.lines import FORMS, choose_stages, is_json, say
from cptdiff.process.progress import show_progress

if TYPE_CHECKING:
    from cptdiff.options import Presentation
    from cptdiff.results import Results


class Outcome(NamedTuple):
    """What became of a comparison: in words, and what was written, run folders with their digest.

    The digest is the SHA-256 of the manifest.
    """

    told: str
    wrote: Mapping[Path, str | None]


_STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True},
    "head": {"bold": True},
    "doubt": {"fg": "yellow"},
    "text": {},
}


@click.command(
    cls=Command,
    short_help="Compare two releases.",
    examples=(
        "cptdiff diff old.zip new.zip -o report.html",
        "cptdiff diff old.zip new.zip -o run-2027 --quiet --fail-on unexplained",
        "cptdiff diff old.zip new.zip --min-severity high -o changes.xlsx",
        "cptdiff diff old.csv new.csv --code-set table --key code -o -",
    ),
)
@click.argument("previous", type=ReleasePath())
@click.argument("current", type=ReleasePath())
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(),
    metavar="PATH",
    help=f"Write a report; repeatable. A name ending in {SUFFIXES} is that"
    " one report. fields.csv, codes.csv, crosswalk.csv, reconciliation.csv, quarantine.csv,"
    " changes.json and fields.parquet are the reports of these names. A name without a suffix, or"
    " ending in /, is a new folder with everything; so is a name that ends in a number, such as"
    " 2027.01. - is standard output.",
)
@click.option(
    "--format",
    "format_name",
    type=Words(list(BY_FORMAT)),
    help="The report that -o - writes to standard output. Default: csv.",
)
@click.option(
    "--previous-date",
    type=read_day,
    metavar="YYYY-MM-DD",
    help="The effective date of PREVIOUS, if cptdiff does not find it.",
)
@click.option(
    "--current-date",
    type=read_day,
    metavar="YYYY-MM-DD",
    help="The effective date of CURRENT, if cptdiff does not find it.",
)
@click.option(
    "--sections",
    "sections_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own sections: a CSV with the columns start, end and section, and optionally"
    " category, subsection and group.",
)
@click.option(
    "--history",
    "history_paths",
    type=ReleasePath(),
    multiple=True,
    metavar="PATH",
    help="A release before PREVIOUS, or a folder with several. A code of theirs that is back in"
    " CURRENT is then reinstated (high), with other words re-used (critical), and not new."
    " Repeatable.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there are changes.")
@click.option(
    "--quiet",
    is_flag=True,
    help="Print no summary. One line on standard error still says why an exit code is not 0.",
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Also tell on standard error, in a line for each stage, what was read and found.",
)
@click.option(
    "--log-format",
    type=Words(list(FORMS)),
    default="text",
    show_default=True,
    help="How standard error is written: text for people, or json: one JSON object a line.",
)
@add_list_options("--list-sheet", is_required=False)
@add_judging_options
@add_opening_option
@add_presenting_options
@add_stamp_option
@add_guard_options
@add_column_options
@add_reading_options(*SIDES)
def diff(previous: Path, current: Path, **options: Any) -> int:  # noqa: ANN401 - click's options
    """Compare two releases; PREVIOUS is the earlier one.

    PREVIOUS and CURRENT are each a file, a folder or a zip, just as the publisher ships it, or the
    name of a release in your library (`cptdiff library`), such as hcpcs@2026.
    """
    chosen = read_options(options)
    choose_stages(is_verbose=options["verbose"])
    has_lists = bool(chosen.list_files)
    targets = name_targets(options["outputs"], options["format_name"], has_lists=has_lists)
    page = find_page(targets) if options["open_page"] else None
    is_watched = not (options["quiet"] or options["verbose"])
    with hold_targets(targets), show_progress(is_wanted=is_watched):
        presentation = read_presentation(options)
        inputs = [previous, current, *_given_files(options), *chosen.list_files]
        spare_inputs(inputs, map(Path, options["outputs"]))
        warn_of_decisions(chosen)
        results = _compare(previous, current, chosen)
        found = Compared(results, find_own_impact(results, chosen))
        code, reasons = find_reasons(found, options)
        delivery = deliver(found, targets, presentation, chosen)
    show(delivery, lambda err: _summarise(found, presentation, err=err), is_quiet=options["quiet"])
    if found.impact and found.impact.review and not options["quiet"]:
        tell_rows(found.impact.review.faults)
    if code or (delivery.wrote and not options["quiet"]):
        told = ", ".join(name_output(*one) for one in delivery.wrote.items())
        tell_run(found, code, reasons, Outcome(f"wrote {told}" if told else "", delivery.wrote))
    if page:
        with tell_if_unshown("the page on the screen", [*delivery.wrote]):
            open_page(page)
    return code


def warn_of_decisions(options: Options) -> None:
    """Say so where decisions in the workbooks of an earlier run are not used."""
    folder = options.since_folder
    if folder is None:
        return
    from cptdiff.lists import WORKBOOK, WORKSHEET, is_edited  # noqa: PLC0415 - imports polars

    sheets = (WORKSHEET, str(Path(WORKSHEET).with_suffix(".xlsx"))) if options.list_files else ()
    for name in (WORKBOOK, *sheets):
        book = folder / name
        if is_edited(folder, name) and not any(
            path.exists() and path.samefile(book) for path in options.decision_files
        ):
            told = f"{book} was edited after the run; to keep its decisions, add --decisions {book}"
            say(escape_controls(f"cptdiff: warning: {told}"), level="warning")


def find_reasons(compared: Compared, options: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Return the exit code of a comparison that was made, and why it is not 0."""
    found = compared.results
    doubts = [*_list_doubts(found), *_list_doubts_of_lists(compared)]
    many = found.whole.height + found.single
    changes = "1 change" if many == 1 else f"{many:,} changes"
    met = [f"{changes} (--exit-code)"] if options["exit_code"] and many else []
    met += list_met(found, options["conditions"])
    return 3 if doubts else int(bool(met)), [*doubts, *met]


def _list_doubts(found: "Results") -> Iterator[str]:
    """Yield why a person has to look before the reports are used."""
    from cptdiff.zeros import find_respelled_keys  # noqa: PLC0415 - imports polars

    if found.partial:
        yield found.partial
    respelled = find_respelled_keys(found.changes).height
    if respelled:
        yield f"keys that match only without their zeros: {respelled:,}"
    if excluded := found.accepted.excluded:
        rows = "1 row was" if excluded == 1 else f"{excluded:,} rows were"
        yield f"{rows} excluded (quarantine.csv in a run folder lists them)"
    if found.repaired:
        yield f"leading zeros were restored in {found.repaired:,} of the codes"
    yield from found.overridden


def _list_doubts_of_lists(compared: Compared) -> Sequence[str]:
    if compared.impact is None:
        return ()
    from cptdiff.impact import list_doubts  # noqa: PLC0415 - imports polars

    return list_doubts(compared.impact)


def tell_run(
    compared: Compared, code: int, reasons: Sequence[str], outcome: Outcome, job: str = ""
) -> None:
    """Tell in one line what was compared, what was found or why `code`, what was written."""
    from cptdiff.reports.terminal import describe_run  # noqa: PLC0415 - imports polars

    found = compared.results
    parts = [*reasons, _say_filter(found), _say_lists(compared), outcome.told]
    told = "; ".join(filter(None, parts))
    title = f"{found.changes.previous.name} to {found.changes.current.name}"
    line = f"exit code {code}: {title}: {told}" if code else f"{describe_run(found)}; {told}"
    say(
        escape_controls(f"cptdiff: {f'job {job}: ' if job else ''}{line}"),
        "result",
        "warning" if code else "info",
        exit_code=code,
        code_set=found.changes.current.code_set,
        previous=found.changes.previous.name,
        current=found.changes.current.name,
        changes=found.whole.height,
        reasons=reasons,
        wrote=[{"path": str(path), "manifest": sha256} for path, sha256 in outcome.wrote.items()],
    )


def _say_lists(compared: Compared) -> str:
    if compared.impact is None:
        return ""
    from cptdiff.impact import write_sentence  # noqa: PLC0415 - imports polars

    return write_sentence(compared.impact)


def _say_filter(found: "Results") -> str:
    notice = found.filter_notice
    return notice[:1].lower() + notice[1:]


def _compare(previous: Path, current: Path, options: Options) -> "Results":
    from cptdiff.pipeline import compare_releases  # noqa: PLC0415 - imports polars

    return compare_releases(previous, current, options)


def _given_files(options: Mapping[str, Any]) -> Iterator[Path]:
    """The files and folders that options name; outputs are texts still."""
    for value in options.values():
        several = value if isinstance(value, tuple) else (value,)
        yield from (path for path in several if isinstance(path, Path))


def _summarise(compared: Compared, presentation: "Presentation", *, err: bool) -> None:
    from cptdiff.reports.terminal import render  # noqa: PLC0415 - imports polars

    found = compared.results
    if err and is_json():
        text = "\n".join(escape_controls(line.text) for line in render(found, presentation))
        say(text, "summary")
        return
    for line in render(found, presentation):
        style = _STYLES[line.role]
        text = escape_controls(line.text)
        click.echo(click.style(text, **style) if style else text, err=err)
    if compared.impact is not None:
        from cptdiff.impact import list_text  # noqa: PLC0415 - imports polars

        click.echo(err=err)
        click.echo(click.style("Your lists", **_STYLES["head"]), err=err)
        echo_lines(list_text(compared.impact, is_alone=False), err=err)
