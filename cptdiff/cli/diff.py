"""`cptdiff diff`: compare two releases."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cptdiff.cli.options import reading, reading_options
from cptdiff.errors import Refused, printable

if TYPE_CHECKING:
    from cptdiff.releases import Reading
    from cptdiff.reports import Report
    from cptdiff.results import Results

STDOUT: Final = Path("-")
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True},
    "head": {"bold": True},
    "doubt": {"fg": "yellow"},
    "text": {},
}
_BY_SUFFIX: Final = {".html": "report.html", ".csv": "changes.csv", ".json": "summary.json"}
_BY_FORMAT: Final = {
    "html": "report.html",
    "csv": "changes.csv",
    "fields": "fields.csv",
    "json": "summary.json",
}
# Names that the contract keeps for reports of their own.
_TO_COME: Final = frozenset({".xlsx", ".md", "changes.json", "crosswalk.csv"})
_DATE = click.DateTime(["%Y-%m-%d"])


@click.command(short_help="Compare two releases.")
@click.argument("previous", type=click.Path(path_type=Path))
@click.argument("current", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="report.html, changes.csv, fields.csv, summary.json or any name with such a suffix;"
    " - for stdout; any other PATH is a new folder with everything. Repeatable.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(_BY_FORMAT)),
    help="The report that goes to stdout with -o -. Default: csv.",
)
@click.option("--previous-date", type=_DATE, help="Previous's effective date.")
@click.option("--current-date", type=_DATE, help="Current's effective date.")
@click.option(
    "--sections",
    "sections_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own sections: CSV with start,end,category,section,subsection,group.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 when there are changes.")
@click.option("--quiet", is_flag=True, help="No summary on the terminal.")
@reading_options
def diff(previous: Path, current: Path, **options: Any) -> int:  # noqa: ANN401 - click's options
    """Compare two releases.

    PREVIOUS and CURRENT are each a file, a folder or a zip, just as the publisher ships it.
    """
    targets = _targets(options["outputs"], options["format_name"])
    found = _compared(previous, current, options)
    _deliver(found, targets, options)
    if not options["quiet"]:
        # The exit code speaks for the files, never for a terminal that was closed.
        with suppress(OSError):
            _summarise(found, err=any(path == STDOUT for path, _ in targets))
    if any(release.rows.quarantined for release in (found.changes.previous, found.changes.current)):
        return 3
    return int(options["exit_code"] and found.entries.height > 0)


def _targets(
    outputs: tuple[Path, ...], format_name: str | None
) -> list[tuple[Path, "Report | None"]]:
    """Each PATH with its report; None stands for a run folder. Refuses what cannot be written."""
    from cptdiff.evidence.writing import checked_target  # noqa: PLC0415 - --help stays light
    from cptdiff.reports import REPORTS  # noqa: PLC0415

    if format_name and STDOUT not in outputs:
        raise click.UsageError("--format goes with -o -.")
    if len({path.absolute() for path in outputs}) < len(outputs):
        raise click.UsageError("one -o PATH stands twice.")
    by_file = {report.file: report for report in REPORTS}
    targets: list[tuple[Path, Report | None]] = []
    for path in outputs:
        if path == STDOUT:
            targets.append((path, by_file[_BY_FORMAT[format_name or "csv"]]))
            continue
        file = path.name if path.name in by_file else _BY_SUFFIX.get(path.suffix.lower(), "")
        if path.name in _TO_COME or path.suffix.lower() in _TO_COME:
            raise click.UsageError(f"{path.name}: this report is not written yet.")
        checked_target(path, folder=not file)
        targets.append((path, by_file.get(file)))
    return targets


def _compared(previous: Path, current: Path, options: dict[str, Any]) -> "Results":
    from cptdiff.compare import compare  # noqa: PLC0415 - imports polars
    from cptdiff.releases import load  # noqa: PLC0415
    from cptdiff.releases.published import own_sections  # noqa: PLC0415
    from cptdiff.results import results  # noqa: PLC0415

    _distinct(previous, current, options["outputs"])
    sections = own_sections(options["sections_file"]) if options["sections_file"] else ()
    how = [_reading(options, side) for side in ("previous_date", "current_date")]
    with ThreadPoolExecutor(2) as both:
        releases = list(both.map(load, (previous, current), how))
    return results(compare(*releases), sections)


def _distinct(previous: Path, current: Path, outputs: tuple[Path, ...]) -> None:
    """Refuse one file given twice, and an output that would replace an input."""
    if not (_there(previous) and _there(current)):
        return
    if previous.samefile(current):
        wrong = "previous and current are one and the same"
        raise Refused("E305", str(current), wrong, "name two releases")
    for path in outputs:
        if _there(path) and any(path.samefile(given) for given in (previous, current)):
            raise Refused("E306", str(path), "is an input, not an output", "name another file")


def _there(path: Path) -> bool:
    """Whether `path` exists; one that may not be looked at is told when it is opened."""
    try:
        return path.exists()
    except OSError:
        return False


def _reading(options: dict[str, Any], side: str) -> "Reading":
    effective: datetime | None = options[side]
    return reading(options["code_set"], options["keys"], options["fields"], effective)


def _deliver(
    found: "Results", targets: list[tuple[Path, "Report | None"]], options: dict[str, Any]
) -> None:
    from cptdiff.evidence.writing import write_file, write_folder  # noqa: PLC0415 - as above

    rendered: list[tuple[Path, bytes | dict[str, bytes]]] = [
        (path, report.render(found) if report else _folder(found, options))
        for path, report in targets
    ]
    for path, data in rendered:
        if isinstance(data, dict):
            write_folder(path, data)
        elif path != STDOUT:
            write_file(path, data)
    # Last, so that a reader who closes the pipe leaves the files whole.
    for path, data in rendered:
        if path == STDOUT and isinstance(data, bytes):
            with suppress(BrokenPipeError):
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()


def _folder(found: "Results", options: dict[str, Any]) -> dict[str, bytes]:
    """All files of a run folder, the manifest last."""
    from cptdiff.evidence.manifest import manifest  # noqa: PLC0415 - as above
    from cptdiff.reports import QUARANTINE, REPORTS  # noqa: PLC0415

    aside = found.changes.previous.rows.quarantined + found.changes.current.rows.quarantined
    reports = (*REPORTS, QUARANTINE) if aside else REPORTS
    files = {report.file: report.render(found) for report in reports}
    told = {name: _plain(value) for name, value in options.items() if name not in _UNTOLD}
    return files | {"manifest.json": manifest(found, files, told)}


_UNTOLD: Final = frozenset({"outputs", "quiet", "debug", "format_name", "exit_code"})


def _plain(value: Any) -> Any:  # noqa: ANN401 - any option's value
    if isinstance(value, Path):
        return value.name
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else value


def _summarise(found: "Results", *, err: bool) -> None:
    from cptdiff.reports.terminal import render  # noqa: PLC0415 - as above

    for line in render(found):
        style = _STYLES[line.role]
        text = printable(line.text)
        click.echo(click.style(text, **style) if style else text, err=err)
