"""What lists add to what is written: their files in a run folder, or a folder of their own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cptdiff.options import ListOptions, Options, Presentation, name_path
from cptdiff.vocabulary import IMPACT_PREDICATE, MANIFEST

if TYPE_CHECKING:
    from cptdiff.impact import Impact
    from cptdiff.results import Results

# What can be written alone; a name with these suffixes stands for the first of its kind.
FILES: Final = (
    "impact.csv", "impact.html", "impact.xlsx", "impact.json", "causes.csv", "suggestions.csv",
    "lists.csv", "quarantine.csv", "worksheet.xlsx", "worksheet.csv",
)  # fmt: skip
BY_SUFFIX: Final = {f".{name}": f"impact.{name}" for name in ("html", "xlsx", "csv", "json")}
QUARANTINE: Final = "quarantine.csv"


class ListFile(NamedTuple):
    """A file of lists that is written beside the reports of a comparison, by its name."""

    file: str


def find_own_impact(results: "Results", options: Options) -> "Impact | None":
    """Return what a comparison does to the lists of `options`; None where there are none.

    Raise `CptdiffError` for what cannot be read, and where no list has a column of codes.
    """
    if not options.list_files:
        return None
    from cptdiff.impact import find_impact  # noqa: PLC0415 - without lists nothing needs it

    lists = options.lists._replace(decisions=_find_worksheets(options))
    return find_impact([results], [*map(str, options.list_files)], lists)


def _find_worksheets(options: Options) -> tuple[str, ...]:
    """The worksheets that were given; without any, the one of the earlier run, if it is filled in.

    Reviewers worked on that one too: beside one that came back it says the same, or less.
    """
    from cptdiff.impact import has_decisions  # noqa: PLC0415 - as above
    from cptdiff.lists import find_worksheet, part_decisions  # noqa: PLC0415 - as above

    _, given = part_decisions(options.decision_files)
    if given or options.since_folder is None:
        return tuple(map(str, given))
    former = find_worksheet(options.since_folder)
    return (str(former),) if former and has_decisions(str(former)) else ()


def render_reports(
    results: "Results", impact: "Impact | None", presentation: Presentation
) -> dict[str, bytes]:
    """Return the reports of a run folder by their names, those of lists among them.

    quarantine.csv has the rows of the releases first, then those of the lists.
    """
    from cptdiff.reports import render_all  # noqa: PLC0415 - --help stays light

    if impact is None:
        return render_all(results, presentation)
    from cptdiff.impact import render, write_sentence  # noqa: PLC0415 - as above

    files = render_all(replace(results, lists=write_sentence(impact)), presentation)
    excluded = results.quarantine if results.set_aside else None
    return files | render(impact, presentation, report="report.html", excluded=excluded)


def render_quarantine(
    results: "Results", impact: "Impact | None", presentation: Presentation
) -> bytes | None:
    """Return quarantine.csv with the rows of lists; None where lists add none."""
    if impact is None or not impact.aside.height:
        return None
    from cptdiff.impact import render  # noqa: PLC0415 - as above

    return render(impact, presentation, {QUARANTINE}, excluded=results.quarantine)[QUARANTINE]


def render_list_file(impact: "Impact", name: str, presentation: Presentation) -> bytes | None:
    """Return one file of lists; None where this run has no such file."""
    from cptdiff.impact import render  # noqa: PLC0415 - as above

    return render(impact, presentation, {name}).get(name)


def render_own_folder(
    impact: "Impact", options: ListOptions, presentation: Presentation
) -> dict[str, bytes]:
    """Return all files of a folder of lists: the tables, the manifest over them, its paragraph."""
    from cptdiff.impact import describe_run, render  # noqa: PLC0415 - as above
    from cptdiff.output import manifest  # noqa: PLC0415 - as above
    from cptdiff.versions import list_versions  # noqa: PLC0415 - as above

    files = render(impact, presentation)
    about = {"stamp": presentation.stamp or None, "tool": list_versions()}
    about |= describe_run(impact, describe_list_options(options))
    proof = manifest.write_statement(files, IMPACT_PREDICATE, about)
    return {**files, MANIFEST: proof, manifest.PARAGRAPH: manifest.write_paragraph(proof)}


def describe_list_options(options: ListOptions) -> dict[str, Any]:
    """Return the choices for lists; a file with groups by its base name."""
    choices = options._asdict()
    choices["decisions"] = [name_path(Path(one)) for one in options.decisions]
    if Path(options.group_by).is_file():
        choices["group_by"] = name_path(Path(options.group_by))
    return choices


def describe_lists(impact: "Impact | None", options: Options) -> Mapping[str, Any] | None:
    """Return what the manifest of a comparison says of its lists; None where there are none."""
    if impact is None:
        return None
    from cptdiff.impact import describe_run  # noqa: PLC0415 - as above

    about = describe_run(impact, describe_list_options(options.lists))
    return {name: value for name, value in about.items() if name not in {"schema_version", "runs"}}


def has_page(files: Iterable[str | None]) -> bool:
    """Return whether a page is among files; None is a folder with everything."""
    return any(file is None or file in PAGES for file in files)


PAGES: Final[Collection[str]] = ("report.html", "impact.html")
