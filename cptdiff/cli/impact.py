"""`cptdiff impact`: what a comparison does to the user's own lists."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cptdiff.cli.commands import Command, Misuse
from cptdiff.cli.delivering import (
    STDOUT,
    add_stamp_option,
    echo_lines,
    name_output,
    tell_if_unshown,
    tell_rows,
    write_stdout,
)
from cptdiff.conditions import Condition
from cptdiff.errors import Refused, escape_controls
from cptdiff.options import ListOptions, Presentation, name_path
from cptdiff.output.delivery import Content, hold_paths, put_in_place, spare_inputs
from cptdiff.process.lines import FORMS, say
from cptdiff.process.progress import enter_stage, show_progress
from cptdiff.process.signals import release
from cptdiff.vocabulary import IMPACT_PREDICATE, MANIFEST

if TYPE_CHECKING:
    from cptdiff.impact import Impact

# What an impact run can write alone; a name with these suffixes stands for the first of its kind.
FILES: Final = (
    "impact.csv", "impact.html", "impact.xlsx", "impact.json", "causes.csv", "suggestions.csv",
    "lists.csv", "quarantine.csv", "worksheet.xlsx", "worksheet.csv",
)  # fmt: skip
_BY_SUFFIX: Final = {f".{name}": f"impact.{name}" for name in ("html", "xlsx", "csv", "json")}
_SEPARATORS: Final = ("/", "\\")


def _read_list_conditions(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[Condition, ...]:
    if not words:
        return ()
    from cptdiff.conditions import read_condition  # noqa: PLC0415
    from cptdiff.impact import SUBJECTS  # noqa: PLC0415 - imports polars

    return tuple(read_condition(word, subjects=SUBJECTS) for word in words)


def read_names(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the names that commas separate, each once."""
    names = [name.strip() for word in words for name in word.split(",")]
    return tuple(dict.fromkeys(filter(None, names)))


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
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--list",
    "lists",
    multiple=True,
    required=True,
    metavar="FILE|PATTERN",
    help="Your list: a workbook, a CSV or other text table, Parquet, JSON, a folder or zip of"
    " these, or a pattern in quotes, such as 'lists/*.xlsx'. - is standard input. Repeatable.",
)
@click.option(
    "--sheet",
    "list_sheets",
    multiple=True,
    metavar="NAME",
    help="Read only this sheet of workbooks. Repeatable. Default: all visible sheets with codes.",
)
@click.option(
    "--code-column",
    "code_columns",
    multiple=True,
    metavar="NAME|PATTERN",
    help="A column with codes, if cptdiff does not find it, such as 'code|*'. Repeatable.",
)
@click.option(
    "--code-set-column",
    default="",
    metavar="NAME",
    help="The column that names the code set of the codes in a line: CPT, HCPCS, ICD-10-CM, NDC.",
)
@click.option(
    "--modifier-column",
    "modifier_columns",
    multiple=True,
    metavar="NAME",
    help="A column with modifiers, if cptdiff does not find it. Repeatable.",
)
@click.option(
    "--keep",
    multiple=True,
    metavar="COLUMNS",
    callback=read_names,
    help="Columns of the lists to repeat in impact.csv, separated by commas.",
)
@click.option(
    "--group-by",
    default="",
    metavar="COLUMN|COLUMN:N|FILE",
    help="Who owns a line: a column, its first N characters, or a CSV file with two columns: a"
    " column of the list (or COLUMN:N) and the group.",
)
@click.option(
    "--volume-column",
    default="",
    metavar="COLUMN",
    help="How often a line is used; with --price-column the exposure is volume times price.",
)
@click.option(
    "--price-column",
    default="",
    metavar="COLUMN",
    help="The price of a line.",
)
@click.option(
    "--suggest",
    is_flag=True,
    help="Also suggest new codes that a list may need: replacements of its deleted codes, and codes"
    " most of whose neighbors it has.",
)
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
@click.option(
    "--excel",
    is_flag=True,
    help="Start each CSV file with a byte order mark, so that Excel shows accents correctly.",
)
@click.option(
    "--fail-on",
    "conditions",
    multiple=True,
    metavar="CONDITION",
    callback=_read_list_conditions,
    help="Exit with 1 if this condition is met for the lines, such as deleted, ended-before,"
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
@add_stamp_option
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def impact(runs: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click's options
    """List the lines of your lists that a new release touches.

    RUN is a run folder of `cptdiff diff -o FOLDER`, or two releases as PREVIOUS:CURRENT. Give one
    for each code set in your lists: codes of the others are counted, not judged.
    """
    chosen = _read_list_options(options)
    targets = [_name_target(given) for given in options["outputs"]]
    files = [(path, name) for path, name in targets if path != STDOUT]
    with hold_paths(files), show_progress(is_wanted=not options["quiet"]):
        read = (*options["lists"], *options["decisions"])
        _spare(runs, read, [path for path, _ in files])
        from cptdiff.impact import find_impact, list_reasons  # noqa: PLC0415 - imports polars

        found = find_impact(runs, options["lists"], chosen)
        code, reasons = list_reasons(found, options["conditions"])
        to_stdout, wrote = _write(found, targets, chosen, options)
    release()
    with tell_if_unshown("stdout", [*wrote]):
        write_stdout(to_stdout)
    if not options["quiet"]:
        with tell_if_unshown("the summary", [*wrote]):
            _show(found, err=bool(to_stdout))
    if found.review and not options["quiet"]:
        tell_rows(found.review.faults)
    if code or (wrote and not options["quiet"]):
        _tell(found, code, reasons, wrote)
    return code


def _read_list_options(options: Mapping[str, Any]) -> ListOptions:
    """Return the choices for lists. Raise click's usage error where they clash."""
    if bool(options["volume_column"]) != bool(options["price_column"]):
        wrong = "--volume-column and --price-column work only together."
        raise Misuse(wrong, "give both: exposure is volume times price")
    named = {**options, "sheets": options["list_sheets"]}
    return ListOptions(**{name: named[name] for name in ListOptions._fields})


def _name_target(given: str) -> tuple[Path, str]:
    """The path, and the file that it stands for; empty for a folder."""
    path = Path(given)
    if path == STDOUT:
        return path, FILES[0]
    suffix = "" if given.endswith(_SEPARATORS) else path.suffix.lower()
    if not suffix[1:].isalnum() or suffix[1:].isdigit():
        return path, ""
    name = path.name if path.name in FILES else _BY_SUFFIX.get(suffix, "")
    if not name:
        fix = "end it in .html, .xlsx, .csv or .json, or in / for a folder with everything"
        raise Refused("E001", given, f"nothing is written with the suffix {suffix}", fix)
    return path, name


def _spare(runs: Sequence[str], lists: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuse an output that would replace an input."""
    releases = [part for run in runs for part in (run, *run.split(":"))]
    spare_inputs([Path(one) for one in (*releases, *lists) if one], outputs)


def _write(
    found: "Impact", targets: Sequence[tuple[Path, str]], chosen: ListOptions,
    options: Mapping[str, Any],
) -> tuple[bytes, dict[Path, str | None]]:  # fmt: skip
    """Write all files or none; return what goes to stdout, and each path with its digest."""
    from cptdiff.impact import render  # noqa: PLC0415 - imports polars

    enter_stage("rendering")
    presentation = Presentation(bom=options["excel"])
    names = None if any(not name for _, name in targets) else {name for _, name in targets}
    files = render(found, presentation, names)
    rendered: dict[Path, Content] = {}
    for path, name in targets:
        if not name:
            rendered[path] = _add_proof(found, files, chosen, options["stamp"])
        elif name not in files:
            why = "add --suggest" if name == "suggestions.csv" else "leave it out"
            raise Refused("E001", str(path), f"there is no {name} in this run", why)
        else:
            rendered[path] = files[name]
    to_stdout = rendered.pop(STDOUT, b"")
    digests = put_in_place(rendered)
    return bytes(to_stdout) if isinstance(to_stdout, bytes) else b"", {
        path: digests.get(path) for path in rendered
    }


def _add_proof(
    found: "Impact", files: Mapping[str, bytes], chosen: ListOptions, stamp: str
) -> dict[str, bytes]:
    """All files of a folder: the tables, the manifest over them, its paragraph."""
    from cptdiff.impact import describe_run  # noqa: PLC0415 - imports polars
    from cptdiff.output import manifest  # noqa: PLC0415 - as above
    from cptdiff.versions import list_versions  # noqa: PLC0415 - as above

    choices = chosen._asdict()
    choices["decisions"] = [name_path(Path(one)) for one in chosen.decisions]
    if Path(chosen.group_by).is_file():
        choices["group_by"] = name_path(Path(chosen.group_by))
    about = {"stamp": stamp or None, "tool": list_versions()} | describe_run(found, choices)
    proof = manifest.write_statement(files, IMPACT_PREDICATE, about)
    return {**files, MANIFEST: proof, manifest.PARAGRAPH: manifest.write_paragraph(proof)}


def _show(found: "Impact", *, err: bool) -> None:
    from cptdiff.impact import list_text  # noqa: PLC0415 - imports polars

    echo_lines(list_text(found), err=err)


def _tell(
    found: "Impact", code: int, reasons: Sequence[str], wrote: Mapping[Path, str | None]
) -> None:
    """Tell in one line what was found or why `code`, and what was written."""
    from cptdiff.impact import write_sentence  # noqa: PLC0415 - imports polars

    outputs = ", ".join(name_output(*one) for one in wrote.items())
    told = "; ".join(filter(None, [*reasons, f"wrote {outputs}" if outputs else ""]))
    start = f"exit code {code}" if code else write_sentence(found)
    say(
        escape_controls(f"cptdiff: {start}: {told}" if code else f"cptdiff: {start}; {told}"),
        "result",
        "warning" if code else "info",
        exit_code=code,
        reasons=list(reasons),
        wrote=[{"path": str(path), "manifest": sha256} for path, sha256 in wrote.items()],
    )
