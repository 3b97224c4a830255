"""Which report a path stands for, and its way into place: for the command line and for Python."""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cptdiff.errors import Refused
from cptdiff.output.impact import ListFile, describe_lists, has_page, render_reports
from cptdiff.vocabulary import MANIFEST

if TYPE_CHECKING:
    from cptdiff.impact import Impact
    from cptdiff.options import Options, Presentation
    from cptdiff.reports import Report
    from cptdiff.results import Results

Content = bytes | dict[str, bytes]
PAGE: Final = "report.html"
# What is written by the suffix of a path; the help, the refusal and docs/outputs.md name them.
_BY_SUFFIX: Final = {
    ".html": "report.html",
    ".csv": "changes.csv",
    ".xlsx": "changes.xlsx",
    ".json": "summary.json",
    ".md": "summary.md",
    ".parquet": "changes.parquet",
}
# What to write in the place of suffixes that people expect.
_REMEDIES: Final = {
    ".pdf": "write {page}, open it in a browser and print it to a PDF",
    ".xls": "end it in .xlsx",
    ".htm": "end it in .html",
    ".tsv": "end it in .csv",
    ".txt": "end it in .md or .csv",
}
*_OTHERS, _LAST = _BY_SUFFIX
SUFFIXES: Final = f"{', '.join(_OTHERS)} or {_LAST}"
_SEPARATORS: Final = ("/", os.sep)


def choose_report(given: str) -> "Report | None":
    """Return the report that the path `given` stands for; None stands for a run folder.

    Raise `Refused` for a suffix that no report has.
    """
    by_file = list_reports()
    return by_file.get(choose_name(given, by_file, _BY_SUFFIX))


def choose_name(given: str, files: Collection[str], by_suffix: Mapping[str, str]) -> str:
    """Return which of `files` the path `given` stands for; empty stands for a folder.

    Raise `Refused` for a suffix that stands for none.
    """
    path = Path(given)
    suffix = "" if is_folder(given) else path.suffix
    file = path.name if suffix and path.name in files else by_suffix.get(suffix.lower(), "")
    if suffix and not file:
        *others, last = by_suffix
        known = f"end it in {', '.join(others)} or {last}, or in / for a run folder"
        fix = _REMEDIES.get(suffix.lower(), known).format(page=by_suffix[".html"])
        raise Refused("E001", given, f"no report has the suffix {suffix}", fix)
    return file


def list_reports() -> "dict[str, Report]":
    """Return every report by its file."""
    from cptdiff.reports import ON_REQUEST, REPORTS  # noqa: PLC0415 - --help stays light

    return {report.file: report for report in (*REPORTS, *ON_REQUEST)}


def is_folder(given: str) -> bool:
    """Whether a path stands for a folder: it ends in / or has no suffix.

    What is no file's (2027.01, Dr. Who) belongs to a folder's name.
    """
    suffix = Path(given).suffix[1:]
    return given.endswith(_SEPARATORS) or not suffix.isalnum() or suffix.isdigit()


@contextmanager
def hold_paths(
    targets: "Sequence[tuple[Path, Report | ListFile | str | None]]",
) -> Iterator[None]:
    """Hold every file and folder (None, or no name), and refuse what cannot be written."""
    from cptdiff.output.targets import check_file, check_folder, hold_target  # noqa: PLC0415 - as above

    with ExitStack() as claims:
        for path, report in targets:
            claims.enter_context(hold_target(path, check_file if report else check_folder))
        yield


def check_templates(reports: "Iterable[Report | ListFile | None]") -> None:
    """Raise where a page is to be written, alone or in a run folder, and a template is damaged."""
    if has_page(report and report.file for report in reports):
        from cptdiff.reports.templates import check_shipped  # noqa: PLC0415 - imports jinja2

        check_shipped()


def spare_inputs(inputs: Sequence[Path], outputs: Iterable[Path]) -> None:
    """Refuse an output that would replace an input, or a file in a folder that is one."""
    given = [path for path in inputs if _is_there(path)]
    for path in (output for output in outputs if _is_there(output)):
        folders = [*path.resolve().parents]
        if any(path.samefile(one) or one.resolve() in folders for one in given):
            wrong = "is an input of this run"
            raise Refused("E306", str(path), wrong, "choose another name for the output")


def _is_there(path: Path) -> bool:
    """Whether `path` exists; one that may not be looked at is told when it is opened."""
    try:
        return path.exists()
    except OSError:
        return False


def render_run(
    found: "Results",
    presentation: "Presentation",
    options: "Options",
    origins: Mapping[str, str],
    impact: "Impact | None" = None,
) -> dict[str, bytes]:
    """Return all files of a run folder: the reports, the manifest over them, its paragraph.

    `impact` is what the comparison does to the user's own lists.
    """
    from cptdiff.output import manifest  # noqa: PLC0415 - as above
    from cptdiff.reports.templates import list_digests  # noqa: PLC0415

    files = render_reports(found, impact, presentation)
    digests = list_digests(presentation.templates)
    lists = describe_lists(impact, options)
    choice = manifest.Choice(options, presentation, origins, digests, lists)
    proof = manifest.write_manifest(found, files, choice)
    return files | {MANIFEST: proof, manifest.PARAGRAPH: manifest.write_paragraph(proof)}


def put_in_place(rendered: Mapping[Path, Content]) -> dict[Path, str]:
    """Write the files and folders, all or none; return the SHA-256 of each folder's manifest.

    The caller holds every target.
    """
    from cptdiff.output.staging import write_targets  # noqa: PLC0415 - as above

    if rendered:
        write_targets(rendered)
    return {
        path: hashlib.sha256(content[MANIFEST]).hexdigest()
        for path, content in rendered.items()
        if isinstance(content, dict)
    }
