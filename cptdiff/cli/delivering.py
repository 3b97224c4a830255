"""Where the reports go: each PATH of -o, checked before anything is read, written at the end."""

import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import click
from click.core import ParameterSource

from cptdiff.errors import CptdiffError, Refused, escape_controls
from cptdiff.options import Options
from cptdiff.output.delivery import (
    Content,
    check_templates,
    choose_report,
    hold_paths,
    list_reports,
    put_in_place,
    render_run,
)
from cptdiff.output.impact import FILES, QUARANTINE, ListFile, render_list_file, render_quarantine
from cptdiff.process.lines import say, tell_stage
from cptdiff.process.progress import enter_stage
from cptdiff.process.signals import release

if TYPE_CHECKING:
    from cptdiff.impact import Impact
    from cptdiff.options import Presentation
    from cptdiff.reports import Report
    from cptdiff.results import Results

Command = TypeVar("Command", bound=Callable[..., Any])
T = TypeVar("T")
# Where an output goes, and which report it is; None stands for a run folder.
Target = tuple[Path, "Report | ListFile | None"]
STDOUT: Final = Path("-")
_WIDTH: Final = 80
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
# So many rows that cannot be used are told one by one.
_MOST_ROWS: Final = 50
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Where a choice that is no default comes from, in the words of the manifest.
ORIGINS: Final = {
    ParameterSource.COMMANDLINE: "flag",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.DEFAULT_MAP: "config",
}


class Delivery(NamedTuple):
    """What was delivered: the bytes for stdout, and each path with the SHA-256 of its manifest.

    Only a run folder has a manifest; None stands for none.
    """

    stdout: bytes
    wrote: Mapping[Path, str | None]
    has_stdout: bool


class Compared(NamedTuple):
    """What a comparison found, and what it does to the user's own lists, if there are any."""

    results: "Results"
    impact: "Impact | None" = None


def add_stamp_option(command: Command) -> Command:
    """Add --stamp."""
    return click.option(
        "--stamp", metavar="TIME", envvar="SOURCE_DATE_EPOCH", callback=_read_stamp,
        help="The time that the manifest of a run folder tells, such as 2027-01-05T08:30:00Z, or"
        " seconds since 1970. Default: SOURCE_DATE_EPOCH if it is set, otherwise none.",
    )(command)  # fmt: skip


def _read_stamp(_context: click.Context, _option: click.Parameter, text: str | None) -> str:
    """The time in UTC, to the second; empty where none is given."""
    if not text:
        return ""
    try:
        if text.isascii() and text.isdecimal():
            moment = _EPOCH + timedelta(seconds=int(text))
        else:
            moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        moment = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    except (ValueError, OverflowError):
        wrong = f"--stamp or SOURCE_DATE_EPOCH: {text} is not a time, such as 2027-01-05T08:30:00Z."
        raise click.UsageError(wrong) from None
    return f"{moment.isoformat()}Z"


def name_targets(
    outputs: tuple[str, ...], format_name: str | None, *, has_lists: bool = False
) -> "list[Target]":
    """Each PATH with its report; None stands for a run folder.

    With lists a name such as impact.html stands for the file of lists. Raises `Refused` for a
    suffix that no report has.
    """
    if format_name and STDOUT not in map(Path, outputs):
        raise click.UsageError("--format works only with -o -.")

    def choose(given: str) -> "Report | ListFile | None":
        if Path(given) == STDOUT:
            return list_reports()[BY_FORMAT[format_name or "csv"]]
        name = Path(given).name
        is_of_lists = has_lists and name in FILES and name not in list_reports()
        return ListFile(name) if is_of_lists else choose_report(given)

    return pair_outputs(outputs, choose)


def pair_outputs(outputs: Sequence[str], choose: Callable[[str], T]) -> list[tuple[Path, T]]:
    """Return each PATH of -o with what it stands for. Raise click's usage error for twins."""
    paths = [Path(given) for given in outputs]
    # Path.resolve raises where links lead back to themselves.
    if len({os.path.realpath(path) for path in paths}) < len(paths):
        raise click.UsageError("the same -o PATH is given twice.")
    return [(path, choose(given)) for path, given in zip(paths, outputs, strict=True)]


def choose_file(given: str, files: Sequence[str], by_suffix: Mapping[str, str]) -> str:
    """Return the one of `files` that the path of an -o stands for; - is the first one.

    Raise `Refused` for a suffix in which nothing is written.
    """
    path = Path(given)
    name = files[0] if path == STDOUT else by_suffix.get(path.suffix.lower(), "")
    name = path.name if path.name in files else name
    if not name:
        fix = (
            f"end it in {' or '.join(by_suffix)}" if by_suffix else f"name it {' or '.join(files)}"
        )
        raise Refused("E001", given, "nothing is written in this form", fix)
    return name


@contextmanager
def hold_targets(targets: "Sequence[Target]") -> Iterator[None]:
    """Hold every file and folder among the targets, and refuse what cannot be written."""
    with hold_paths([target for target in targets if target[0] != STDOUT]):
        check_templates(report for _, report in targets)
        yield
    release()


def put_out(rendered: dict[Path, Content]) -> Delivery:
    """Write the files and folders, all or none, and return what goes to stdout."""
    has_stdout = STDOUT in rendered
    to_stdout = rendered.pop(STDOUT, b"")
    digests = put_in_place(rendered)
    wrote = {path: digests.get(path) for path in rendered}
    return Delivery(to_stdout if isinstance(to_stdout, bytes) else b"", wrote, has_stdout)


def show(delivery: Delivery, summarize: Callable[[bool], None], *, is_quiet: bool) -> None:
    """Send to stdout what belongs there, then the summary, on stderr where stdout has data.

    The files are whole by now, and the exit code speaks for them, whatever becomes of the rest.
    """
    files = [*delivery.wrote]
    with tell_if_unshown("stdout", files):
        write_stdout(delivery.stdout)
    if not is_quiet:
        with tell_if_unshown("the summary", files):
            summarize(delivery.has_stdout)


def deliver(
    found: "Compared",
    targets: "Sequence[Target]",
    presentation: "Presentation",
    options: Options,
) -> Delivery:
    """Write the files and folders, all or none, and give what goes to stdout."""
    enter_stage("rendering")
    rendered: dict[Path, Content] = {}
    for path, report in targets:
        if report is None:
            rendered[path] = render_folder(found, presentation, options)
            continue
        if isinstance(report, ListFile):
            content = take_list_file(found.impact, report.file, path, presentation)
        else:
            rows = report.file == QUARANTINE and render_quarantine(*found, presentation)
            content = rows or report.render(found.results, presentation)
        _tell_files({report.file: content})
        rendered[path] = content
    return put_out(rendered)


def take_list_file(
    impact: "Impact | None", name: str, path: Path, presentation: "Presentation"
) -> bytes:
    """Return the file of lists with this name. Raise `Refused` where the run has none."""
    content = render_list_file(impact, name, presentation) if impact else None
    if content is None:
        fix = "add --suggest" if name == "suggestions.csv" else "leave it out"
        raise Refused("E001", str(path), f"there is no {name} in this run", fix)
    return content


def tell_rows(errors: Sequence[CptdiffError]) -> None:
    """Tell in a line for each row what is wrong with it, of rows that are not used."""
    for error in errors[:_MOST_ROWS]:
        fields = {"slug": error.slug, "place": error.place, "fix": error.fix}
        say(str(error), "row", "warning", **fields)
    if len(errors) > _MOST_ROWS:
        more = len(errors) - _MOST_ROWS
        say(f"cptdiff: note: {more:,} more rows cannot be used; the merged worksheet lists them")


def name_output(path: Path, digest: str | None) -> str:
    """Return the path of an output, of a run folder with the SHA-256 of its manifest."""
    return f"{path} (SHA-256 of manifest.json: {digest})" if digest else str(path)


def tell_result(
    found: str,
    code: int,
    reasons: Sequence[str],
    wrote: Mapping[Path, str | None],
    **fields: object,
) -> None:
    """Say in one line what was `found`, or why the exit code is `code`, and what was written.

    `wrote` has the SHA-256 of the manifest for a folder; `fields` stand in the log beside it.
    """
    outputs = ", ".join(name_output(*one) for one in wrote.items())
    told = [*reasons, f"wrote {outputs}" if outputs else ""]
    start = f"exit code {code}: " if code else ""
    line = f"cptdiff: {start}{'; '.join(filter(None, ['' if code else found, *told]))}"
    listed = [{"path": str(path), "manifest": sha256} for path, sha256 in wrote.items()]
    level = "warning" if code else "info"
    say(escape_controls(line), "result", level, exit_code=code, reasons=[*reasons], wrote=listed,
        **fields)  # fmt: skip


def write_stdout(data: bytes) -> None:
    """Write to stdout, if it is there."""
    if sys.stdout is not None and data:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def echo_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Show lines, each broken at the width of a terminal and indented as it begins."""
    for line in lines:
        bare = line.lstrip(" ")
        indent = " " * (len(line) - len(bare))
        for part in textwrap.wrap(
            escape_controls(bare), _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ",
            break_long_words=False, break_on_hyphens=False,
        ):  # fmt: skip
            click.echo(part, err=err)


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
        told = f"cptdiff: note: {what} could not be written ({why}); the files are complete"
        say(told, level="warning")


def render_folder(
    found: "Compared", presentation: "Presentation", options: Options
) -> dict[str, bytes]:
    """Return the files of a run folder, with the origins of the options of this command."""
    enter_stage("rendering")
    files = render_run(found.results, presentation, options, _find_origins(), found.impact)
    _tell_files(files)
    return files


def _tell_files(files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        size = len(content)
        tell_stage("render", f"{name}: {size:,} bytes", file=name, bytes=size)


def _find_origins() -> dict[str, str]:
    """Where the options of the command come from that are no defaults."""
    context = click.get_current_context()
    sources = {name: context.get_parameter_source(name) for name in context.params}
    return {name: ORIGINS[source] for name, source in sources.items() if source in ORIGINS}
