"""`cptdiff claims`: lines whose code was not valid on the date of service."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from cptdiff.cli.commands import Command, Misuse
from cptdiff.cli.delivering import (
    STDOUT,
    add_stamp_option,
    choose_file,
    echo_lines,
    pair_outputs,
    put_out,
    show,
    tell_if_unshown,
    tell_result,
    write_stdout,
)
from cptdiff.cli.history import read_days, read_given
from cptdiff.cli.lists import read_names
from cptdiff.cli.options import add_limit_option
from cptdiff.cli.references import add_library_option, is_library_named
from cptdiff.codesets import profile_of
from cptdiff.conditions import Condition, read_condition
from cptdiff.errors import Refused
from cptdiff.output.claims import BY_SUFFIX, FILES, Given, render_claims_folder
from cptdiff.output.delivery import Content, hold_paths, is_folder, put_in_place, spare_inputs
from cptdiff.process.progress import enter_stage, show_progress
from cptdiff.process.signals import release
from cptdiff.vocabulary import CLAIM_STATUSES, ENGINES

if TYPE_CHECKING:
    from cptdiff.history import Editions
    from cptdiff.impact import Claims, Named
    from cptdiff.model import ValidCodes

# Those without lines: the numbers of claim and line need not be read for them.
_COUNTS: Final = ("by-code.csv", "summary.json")
# What is written with --sql.
_SEEDS: Final = ("codes.csv", "headers.csv", "calendar.csv")
# What --sql has no use for, by the name of the parameter.
_JUDGING: Final = {
    "engine": "--engine",
    "conditions": "--fail-on",
    "excel": "--excel",
    "stamp": "--stamp",
}
_SUBJECTS: Final = ("invalid", "not-understood", *CLAIM_STATUSES)


def _read_conditions(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[Condition, ...]:
    return tuple(read_condition(word, subjects=_SUBJECTS) for word in words)


@click.command(
    cls=Command,
    short_help="Find claim lines whose code was not valid on the day.",
    examples=(
        "cptdiff claims claims.csv --release cpt-2026.zip --release cpt-2027.zip -o invalid.csv",
        "cptdiff claims claims/ --release releases/ -o by-code.csv -o invalid.parquet",
        "cptdiff claims claims.csv --library library -o invalid.parquet",
        (
            "cptdiff claims lines.csv --timeline wide.csv --code-column 'Proc*=procedure'"
            " --date-column DOS"
        ),
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--release",
    "releases",
    multiple=True,
    metavar="PATH",
    help="A release, or a folder with several: of each code set in the claims; or a name such as"
    " hcpcs@2026. Repeatable. Default: all releases in the library.",
)
@add_library_option
@click.option(
    "--timeline",
    "timelines",
    multiple=True,
    metavar="FILE",
    help="Instead of releases: a timeline or wide file that `cptdiff history` wrote. Repeatable.",
)
@click.option(
    "--date",
    "days",
    multiple=True,
    metavar="FILE=YYYY-MM-DD",
    callback=read_days,
    help="The effective date of the release in FILE, if cptdiff does not find it. Repeatable.",
)
@click.option(
    "--code-column",
    "codes",
    multiple=True,
    metavar="NAME|PATTERN",
    help="A column of codes, such as 'hcpcs_*' or Condition=diagnosis. Default: found by the names"
    " of common models.",
)
@click.option(
    "--date-column",
    default="",
    metavar="NAME",
    help="The date of service of a line. Default: found by name; else the claim's first day.",
)
@click.option(
    "--through-column",
    default="",
    metavar="NAME",
    help="The last day of a claim: it decides for the diagnoses of inpatient bills.",
)
@click.option(
    "--bill-type-column",
    default="",
    metavar="NAME",
    help="The type of bill, which tells inpatient bills: 11x, 18x, 21x, 41x.",
)
@click.option(
    "--keep",
    multiple=True,
    metavar="COLUMNS",
    callback=read_names,
    help="Columns to repeat in the invalid lines, separated by commas. Numbers of claim and line"
    " are repeated where they are found; nothing else is, for it may name patients.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="PATH",
    help=f"Write {', '.join(FILES)} by its name, any other .csv or .parquet as the invalid lines,"
    " or a new folder with everything. - is invalid.csv on standard output. Repeatable.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    help="What judges the lines, with the same answers: Polars (default), or DuckDB, which is"
    " installed by: pip install 'cptdiff[duckdb]'.",
)
@click.option(
    "--sql",
    is_flag=True,
    help="Judge nothing: print the query for a database instead. -o codes.csv, headers.csv and"
    " calendar.csv write the tables that it reads beside the lines.",
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
    callback=_read_conditions,
    help=f'Exit with 1 if this condition is met, such as invalid or "ended>100". One of'
    f" {', '.join(_SUBJECTS)}. Repeatable.",
)
@add_limit_option
@add_stamp_option
@click.option("--quiet", is_flag=True, help="Print no summary.")
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def claims(files: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click's options
    """List the lines of claims whose code was not valid on the date of service.

    FILE is a CSV or other text table, a Parquet file, a folder of Parquet files, or FHIR ndjson.
    Procedures are judged by the date of the line, diagnoses by the first day of the claim, those of
    inpatient bills by the last one.
    """
    _refuse_idle(options)
    if options["sql"]:
        return _write_sql(files, options)
    targets = pair_outputs(options["outputs"], _choose_file)
    held = [(path, name) for path, name in targets if path != STDOUT]
    inputs = _list_inputs(files, options)
    with hold_paths(held), show_progress(is_wanted=not options["quiet"]):
        spare_inputs(inputs, [path for path, _ in held])
        _spare_folders(files, [path for path, _ in held])
        has_ids = any(name not in _COUNTS for _, name in targets)
        columns = _read_columns(options)._replace(has_ids=has_ids)
        found, notes, excluded = _judge(files, columns, options)
        enter_stage("rendering")
        from cptdiff.impact import describe_claims, list_claim_reasons, render_claims  # noqa: PLC0415

        content = render_claims(found, {name for _, name in targets}, bom=options["excel"])
        rendered: dict[Path, Content] = {
            path: content[name]
            if name
            else render_claims_folder(found, _list_given(files, notes, options))
            for path, name in targets
        }
        code, reasons = list_claim_reasons(found, options["conditions"], excluded)
        delivery = put_out(rendered)
    release()
    lines = [*describe_claims(found), *notes]
    show(delivery, lambda err: echo_lines(lines, err=err), is_quiet=options["quiet"])
    if code or (delivery.wrote and not options["quiet"]):
        tell_result("", code, reasons, delivery.wrote)
    return code


def _refuse_idle(options: Any) -> None:  # noqa: ANN401 - click's options
    """Refuse options that would do nothing."""
    if options["days"] and not options["releases"]:
        wrong, fix = "--date is for files that --release names.", "leave it out, or add --release"
        raise Misuse(wrong, fix)
    source = click.get_current_context().get_parameter_source
    for name, option in _JUDGING.items():
        if options["sql"] and source(name) is ParameterSource.COMMANDLINE:
            raise Misuse(f"{option} does nothing with --sql, which judges nothing.", "leave it out")


def _choose_file(given: str) -> str:
    """The file that a path stands for; empty for a folder."""
    if is_folder(given) and Path(given) != STDOUT:
        return ""
    return choose_file(given, FILES, BY_SUFFIX)


def _list_given(files: Sequence[str], notes: Sequence[str], options: Any) -> Given:  # noqa: ANN401
    """What the manifest of a folder tells of the command line."""
    inputs = {"FILE": files, "--release": options["releases"], "--timeline": options["timelines"]}
    days = {name: str(day) for name, day in sorted(options["days"].items())}
    names = ("codes", "date_column", "through_column", "bill_type_column", "keep")
    chosen = {name: options[name] for name in names if options[name]} | {"days": days}
    return Given(inputs, chosen, notes, options["stamp"], options["excel"])


def _list_inputs(files: Sequence[str], options: Any) -> list[Path]:  # noqa: ANN401
    return [Path(one) for one in (*files, *options["releases"], *options["timelines"])]


def _spare_folders(files: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuse an output in a folder of claims: the next run would read it."""
    folders = [Path(one).resolve() for one in files if Path(one).is_dir()]
    for path in outputs:
        if any(folder in path.resolve().parents for folder in folders):
            wrong = "lies in a folder of claims, which the next run would read"
            raise Refused("E306", str(path), wrong, "write it to another folder")


def _judge(
    files: Sequence[str],
    columns: "Named",
    options: Any,  # noqa: ANN401 - click's options
) -> "tuple[Claims, list[str], list[str]]":
    """What is invalid, what is told of the releases, and which of them are not whole."""
    from cptdiff.impact import judge_claims  # noqa: PLC0415 - imports polars

    valid, told = _read_codes(options)
    enter_stage("comparing")
    found = judge_claims([Path(one) for one in files], valid, columns, options["engine"])
    used = {name for names in found.code_sets for name in names}
    # What was passed over in a folder is a note of each code set.
    notes = dict.fromkeys(note for name, notes in told if name in used for note in notes)
    # Codes of releases that are not whole may seem to have ended.
    excluded = [one.excluded for one in valid if one.excluded and one.code_set in used]
    return found, [*notes], excluded


def _write_sql(files: Sequence[str], options: Any) -> int:  # noqa: ANN401
    """Print the query for the first file; write the tables that it reads."""
    if len(files) > 1:
        raise Misuse("--sql is of one file.", "give the one whose columns the query is to name")
    targets = pair_outputs(options["outputs"], lambda one: choose_file(one, _SEEDS, {}))
    with hold_paths(targets), show_progress(is_wanted=not options["quiet"]):
        spare_inputs(_list_inputs(files, options), [path for path, _ in targets])
        from cptdiff.impact import make_seed, render_seed, write_claims_sql  # noqa: PLC0415

        valid, _ = _read_codes(options)
        query = write_claims_sql(Path(files[0]), valid, _read_columns(options))
        seed = render_seed(make_seed(valid))
        put_in_place({path: seed[name] for path, name in targets})
    release()
    with tell_if_unshown("stdout", [path for path, _ in targets]):
        write_stdout(query.encode())
    if targets and not options["quiet"]:
        tell_result("", 0, [], dict.fromkeys(path for path, _ in targets))
    return 0


def _read_codes(options: Any) -> "tuple[list[ValidCodes], list[tuple[str, list[str]]]]":  # noqa: ANN401
    """The codes to judge by, and what is told of the releases of each code set."""
    enter_stage("reading")
    from cptdiff.history import (  # noqa: PLC0415 - imports polars
        list_valid_codes,
        read_valid_codes,
    )

    is_wanted = options["releases"] or not options["timelines"] or is_library_named()
    editions = read_given(options["releases"], options) if is_wanted else ()
    stored = read_valid_codes([Path(one) for one in options["timelines"]])
    valid = [list_valid_codes(one) for one in editions]
    both = {one.code_set for one in valid} & {one.code_set for one in stored}
    if both:
        wrong = f"has {profile_of(min(both)).label}, as the releases have"
        raise Refused("E371", "--timeline", wrong, "give one of them")
    told = [(one.code_set, [*_list_notes(one)]) for one in editions]
    told += [(one.code_set, [*_describe_stored(one)]) for one in stored]
    return [*valid, *stored], told


def _read_columns(options: Any) -> "Named":  # noqa: ANN401 - click's options
    from cptdiff.impact import Named  # noqa: PLC0415 - imports polars

    return Named(
        options["codes"], options["date_column"], options["through_column"],
        options["bill_type_column"], options["keep"],
    )  # fmt: skip


def _list_notes(one: "Editions") -> Iterator[str]:
    days = f"{one.days[0]} to {one.days[-1]}" if len(one.days) > 1 else str(one.days[0])
    yield f"{one.label}: releases of {days}"
    for note in one.notes:
        yield f"- {note}"


def _describe_stored(one: "ValidCodes") -> Iterator[str]:
    """Tell the releases of a timeline, and what they do not cover."""
    days = f"{one.first} to {one.last}" if one.first < one.last else str(one.first)
    yield f"{profile_of(one.code_set).label}: releases of {days}"
    for start, end in one.gaps[:-1]:
        yield f"- not covered: no release from {start} to {end}"
    if one.excluded:
        yield f"- {one.excluded}"
