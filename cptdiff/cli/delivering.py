"""Where the reports go: each PATH of -o, checked before anything is read, written at the end."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cptdiff.errors import Refused
from cptdiff.options import Options
from cptdiff.process.signals import release

if TYPE_CHECKING:
    from cptdiff.options import Presentation
    from cptdiff.reports import Report
    from cptdiff.results import Results

STDOUT: Final = Path("-")
PAGE: Final = "report.html"
_BY_SUFFIX: Final = {
    ".html": "report.html",
    ".csv": "changes.csv",
    ".xlsx": "changes.xlsx",
    ".json": "summary.json",
    ".md": "summary.md",
}
# Texts only: a workbook is nothing for a terminal or a pipe of lines.
BY_FORMAT: Final = {
    "html": "report.html",
    "csv": "changes.csv",
    "fields": "fields.csv",
    "crosswalk": "crosswalk.csv",
    "reconciliation": "reconciliation.csv",
    "json": "summary.json",
    "changes-json": "changes.json",
    "md": "summary.md",
}
_SEPARATORS: Final = ("/", os.sep)


def name_targets(
    outputs: tuple[str, ...], format_name: str | None
) -> "list[tuple[Path, Report | None]]":
    """Each PATH with its report; None stands for a run folder.

    Raises `Refused` for a suffix that no report has.
    """
    from cptdiff.reports import REPORTS  # noqa: PLC0415 - --help stays light

    paths = [Path(given) for given in outputs]
    if format_name and STDOUT not in paths:
        raise click.UsageError("--format works only with -o -.")
    # Path.resolve raises where links lead back to themselves.
    if len({(os.path.realpath(path.absolute().parent), path.name) for path in paths}) < len(paths):
        raise click.UsageError("the same -o PATH is given twice.")
    by_file = {report.file: report for report in REPORTS}
    targets: list[tuple[Path, Report | None]] = []
    for path, given in zip(paths, outputs, strict=True):
        if path == STDOUT:
            targets.append((path, by_file[BY_FORMAT[format_name or "csv"]]))
            continue
        suffix = "" if given.endswith(_SEPARATORS) else _file_type(path)
        file = path.name if suffix and path.name in by_file else _BY_SUFFIX.get(suffix.lower(), "")
        if suffix and not file:
            raise _unknown(given, suffix)
        targets.append((path, by_file.get(file)))
    return targets


def _file_type(path: Path) -> str:
    """The suffix as it stands: what is no file's (2027.01, Dr. Who) belongs to a folder's name."""
    suffix = path.suffix
    return suffix if suffix[1:].isalnum() and not suffix[1:].isdigit() else ""


def _unknown(given: str, suffix: str) -> Refused:
    *known, last = _BY_SUFFIX
    fix = f"end it in {', '.join(known)} or {last}, or in / for a run folder"
    return Refused("E001", given, f"no report has the suffix {suffix}", fix)


@contextmanager
def hold_targets(targets: "list[tuple[Path, Report | None]]") -> Iterator[None]:
    """Hold every file and folder among the targets, and refuse what cannot be written."""
    from cptdiff.output.targets import check_file, check_folder, hold_target  # noqa: PLC0415 - as above

    with ExitStack() as claims:
        for path, report in targets:
            if path != STDOUT:
                claims.enter_context(hold_target(path, check_file if report else check_folder))
        if any(report is None or report.file == PAGE for _, report in targets):
            from cptdiff.reports.templates import check_shipped  # noqa: PLC0415 - imports jinja2

            check_shipped()
        yield
    release()


def deliver(
    found: "Results",
    targets: "list[tuple[Path, Report | None]]",
    presentation: "Presentation",
    options: Options,
) -> bytes:
    """Write the files and folders, all or none, and give what goes to stdout."""
    from cptdiff.output.staging import write_targets  # noqa: PLC0415 - as above

    rendered: dict[Path, bytes | dict[str, bytes]] = {
        path: report.render(found, presentation)
        if report
        else _folder(found, presentation, options)
        for path, report in targets
    }
    to_stdout = rendered.pop(STDOUT, b"")
    if rendered:
        write_targets(rendered)
    return to_stdout if isinstance(to_stdout, bytes) else b""


def write_stdout(data: bytes) -> None:
    """Write to stdout, if it is there."""
    if sys.stdout is not None and data:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextmanager
def tell_if_unshown(what: str, files: Sequence[Path]) -> Iterator[None]:
    """Show `what` when `files` are in place: then a failure is told in a note, no more.

    Who closed a stream wants nothing. Without `files` a failure is one of the run.
    """
    try:
        yield
    except BrokenPipeError:
        return
    except BaseException as error:  # a panic of Polars is no Exception
        if not files:
            raise
        # A library may quote what it stumbled over.
        why = getattr(error, "strerror", None) or type(error).__name__
        with suppress(OSError, ValueError):
            told = f"cptdiff: note: {what} could not be written ({why}); the files are complete"
            click.echo(told, err=True)


def _folder(found: "Results", presentation: "Presentation", options: Options) -> dict[str, bytes]:
    """All files of a run folder, the manifest last."""
    from cptdiff.output.manifest import write_manifest  # noqa: PLC0415 - as above
    from cptdiff.reports import REPORTS  # noqa: PLC0415
    from cptdiff.reports.templates import list_digests  # noqa: PLC0415

    belonging = [report for report in REPORTS if report.belongs(found)]
    files = {report.file: report.render(found, presentation) for report in belonging}
    used = write_manifest(
        found, files, (options, presentation), list_digests(presentation.templates)
    )
    return files | {"manifest.json": used}
