"""`cptdiff history`: when each code was valid, over many releases."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cptdiff.cli.commands import Command
from cptdiff.cli.delivering import (
    STDOUT,
    Delivery,
    choose_file,
    echo_lines,
    name_output,
    pair_outputs,
    put_out,
    show,
)
from cptdiff.cli.options import (
    add_limit_option,
    add_page_options,
    read_day,
    read_presentation,
)
from cptdiff.cli.references import add_library_option
from cptdiff.codesets import PROFILES
from cptdiff.options import Presentation
from cptdiff.output.delivery import Content, hold_paths, spare_inputs
from cptdiff.process.lines import say
from cptdiff.process.progress import enter_stage, show_progress
from cptdiff.process.signals import release

if TYPE_CHECKING:
    import polars as pl

    from cptdiff.history import Editions

# What is written by its name; another .csv or .parquet is a timeline.
_PAGE: Final = "history.html"
FILES: Final = ("timeline.csv", "timeline.parquet", "wide.csv", "wide.parquet", _PAGE)
_BY_SUFFIX: Final = {".csv": FILES[0], ".parquet": FILES[1], ".html": _PAGE}
_OWN: Final = tuple(str(name) for name, profile in PROFILES.items() if profile.is_own)


def _choose_file(given: str) -> str:
    """The file that a path stands for: hcpcs-wide.csv is a wide.csv."""
    wide = re.search(r"(?:^|[^a-z])(wide\.(?:csv|parquet))$", Path(given).name.lower())
    return wide[1] if wide else choose_file(given, FILES, _BY_SUFFIX)


def read_days(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> dict[str, date]:
    """Return the effective dates that --date states, by file name or path."""
    found = {}
    for word in words:
        name, mark, day = word.rpartition("=")
        if not (mark and name):
            raise click.BadParameter(f"{word} is not FILE=YYYY-MM-DD.")
        found[str(Path(name))] = read_day(day)
    return found


def add_release_options(command: Any) -> Any:  # noqa: ANN401 - click's decorators
    """Add the options that tell which releases there are."""
    for option in (
        click.option(
            "--date",
            "days",
            multiple=True,
            metavar="FILE=YYYY-MM-DD",
            callback=read_days,
            help="The effective date of the release in FILE, if cptdiff does not find it or finds"
            " another one. Repeatable.",
        ),
        click.option(
            "--code-set",
            type=click.Choice([str(name) for name in PROFILES if str(name) not in _OWN]),
            help="The code set, if a file or folder holds several.",
        ),
    ):
        command = option(command)
    return command


@click.command(
    cls=Command,
    short_help="Show when each code was valid, over many releases.",
    examples=(
        "cptdiff history releases/ -o timeline.csv",
        "cptdiff history cpt-2026.zip cpt-2027.zip -o wide.parquet",
        "cptdiff history releases/ -o history.html",
        "cptdiff history cpt@2026 cpt@2027 -o timeline.parquet",
        "cptdiff history releases/ --as-of 2026-06-30 -o valid.csv",
    ),
)
@click.argument("releases", nargs=-1, metavar="[RELEASE...]")
@click.option(
    "--as-of",
    type=read_day,
    metavar="YYYY-MM-DD",
    help="Only the codes that were valid on this day.",
)
@add_release_options
@add_library_option
@add_limit_option
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="PATH",
    help=f"Write {', '.join(FILES)} by its name: timeline has a row for each time that a code was"
    " valid, wide (also hcpcs-wide.csv) a row for each code, the page what happened. Any other .csv"
    " or .parquet is a timeline, any other .html the page; - is timeline.csv on standard output."
    " Repeatable.",
)
@add_page_options
@click.option(
    "--excel",
    is_flag=True,
    help="Start each CSV file with a byte order mark, so that Excel shows accents correctly.",
)
@click.option("--quiet", is_flag=True, help="Print no summary.")
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def history(releases: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click's options
    """Show from when to when each code was valid, over the releases of one code set.

    RELEASE is a release as for `cptdiff diff`, or a folder with several zips; without any, all
    releases in your library (`cptdiff library`). A code is valid on
    the day of a release if the release says so; between releases the file's own dates decide, and
    where it has none, the day of the release that first has or no longer has the code.
    """
    targets = pair_outputs(options["outputs"], _choose_file)
    files = [(path, name) for path, name in targets if path != STDOUT]
    with hold_paths(files), show_progress(is_wanted=not options["quiet"]):
        spare_inputs([Path(one) for one in releases], [path for path, _ in files])
        presentation = read_presentation({**options, "stamp": ""})
        enter_stage("reading")
        from cptdiff.history import (  # noqa: PLC0415 - imports polars
            describe,
            find_gap,
            find_valid,
            make_timeline,
            render,
            require_one,
        )

        editions = require_one(read_given(releases, options))
        enter_stage("comparing")
        timeline = make_timeline(editions)
        shown, about = timeline, describe(editions)
        if day := options["as_of"]:
            shown = find_valid(timeline, day, find_gap(editions.days, day))
            # What holds the codes of one day does not tell when they were valid.
            about = about._replace(covered="")
        enter_stage("rendering")
        rendered: dict[Path, Content] = {
            path: _render_page(editions, timeline, options["as_of"], presentation)
            if name == _PAGE
            else render(_choose_rows(timeline, shown, name), name, about, bom=options["excel"])
            for path, name in targets
        }
        delivery = put_out(rendered)
    release()
    return finish(
        delivery,
        editions,
        lambda err: _show(editions, timeline, options["as_of"], err=err),
        is_quiet=options["quiet"],
    )


def finish(
    delivery: Delivery, editions: "Editions", describe: Callable[[bool], None], *, is_quiet: bool
) -> int:
    """Show what `describe` tells, say what was written, and return the exit code."""
    show(delivery, describe, is_quiet=is_quiet)
    if delivery.wrote and not is_quiet:
        say(f"cptdiff: wrote {', '.join(name_output(path, None) for path in delivery.wrote)}")
    return 3 if any(note.kind == "excluded" for note in editions.notes) else 0


def _render_page(
    editions: "Editions", timeline: "pl.DataFrame", day: date | None, presentation: Presentation
) -> bytes:
    from cptdiff.history.page import render_history  # noqa: PLC0415 - imports jinja2

    return render_history(editions, timeline, presentation, day)


def read_given(releases: Sequence[str], options: Mapping[str, Any]) -> "tuple[Editions, ...]":
    """Return the releases by code set: those at the paths or of the names given, else all."""
    from cptdiff.history import read_releases  # noqa: PLC0415 - imports polars

    return read_releases(options["library"], releases, options["days"], options.get("code_set"))


def _choose_rows(timeline: "pl.DataFrame", shown: "pl.DataFrame", name: str) -> "pl.DataFrame":
    """The spells of a day; of its codes all spells where a row has them all."""
    if not name.startswith("wide"):
        return shown
    return timeline.join(shown.select("kind", "code"), on=["kind", "code"], how="semi")


def _show(editions: "Editions", timeline: "pl.DataFrame", day: date | None, *, err: bool) -> None:
    """Tell releases, codes and what is in doubt."""
    from cptdiff.history import describe_timeline  # noqa: PLC0415 - imports polars

    echo_lines(describe_timeline(editions, timeline, day), err=err)
