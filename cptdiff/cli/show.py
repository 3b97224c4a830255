"""`cptdiff show`: the life of one code."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cptdiff.cli.commands import Command
from cptdiff.cli.delivering import (
    STDOUT,
    choose_file,
    echo_lines,
    pair_outputs,
    put_out,
)
from cptdiff.cli.history import add_release_options, finish, read_given
from cptdiff.cli.options import (
    add_limit_option,
    add_page_options,
    read_day,
    read_presentation,
)
from cptdiff.cli.references import add_library_option
from cptdiff.errors import Refused, find_nearest
from cptdiff.options import Presentation
from cptdiff.output.delivery import Content, hold_paths, spare_inputs
from cptdiff.process.progress import enter_stage, show_progress
from cptdiff.process.signals import release

if TYPE_CHECKING:
    import polars as pl

    from cptdiff.history import Editions, Life

_PAGE: Final = "code.html"
_BY_SUFFIX: Final = {".html": _PAGE}

# A code that was meant begins like the one that was typed.
_LEAD: Final = 2


@click.command(
    cls=Command,
    short_help="Show the life of one code.",
    examples=(
        "cptdiff show 99202 releases/",
        "cptdiff show 99202",
        "cptdiff show 0071T cpt-2026.zip cpt-2027.zip --as-of 2026-12-31",
        "cptdiff show 0071T releases/ -o 0071T.html",
    ),
)
@click.argument("code", metavar="CODE")
@click.argument("releases", nargs=-1, metavar="[RELEASE...]")
@click.option(
    "--as-of",
    type=read_day,
    metavar="YYYY-MM-DD",
    help="First say whether the code was valid on this day.",
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
    help="Also write the page of the code: any name that ends in .html, or - for standard output."
    " Repeatable.",
)
@add_page_options
@click.option("--quiet", is_flag=True, help="Print nothing but the page, if it goes there.")
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def show(code: str, releases: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click's options
    """Show when CODE was valid, how its wording changed, and what replaced it.

    RELEASE is a release as for `cptdiff diff`, or a folder with several zips; without any, all
    releases in your library (`cptdiff library`).
    """
    targets = pair_outputs(options["outputs"], lambda one: choose_file(one, (_PAGE,), _BY_SUFFIX))
    files = [(path, name) for path, name in targets if path != STDOUT]
    with hold_paths(files), show_progress(is_wanted=not options["quiet"]):
        spare_inputs([Path(one) for one in releases], [path for path, _ in files])
        presentation = read_presentation({**options, "excel": False, "stamp": ""})
        enter_stage("reading")
        from cptdiff.history import choose_holder, find_life, make_timeline, narrow  # noqa: PLC0415

        editions = choose_holder(read_given(releases, options), code)
        timeline = make_timeline(narrow(editions, code))
        life = find_life(timeline, code)
        if not life.spells:
            raise _refuse_code(life.code, timeline, editions.label)
        rendered: dict[Path, Content] = {
            path: _render_page(editions, life, options["as_of"], presentation)
            for path, _ in targets
        }
        delivery = put_out(rendered)
    release()
    return finish(
        delivery,
        editions,
        lambda err: _show(editions, life, options["as_of"], err=err),
        is_quiet=options["quiet"],
    )


def _refuse_code(code: str, timeline: "pl.DataFrame", label: str) -> Refused:
    """The refusal of a code that no release has, with the nearest one."""
    alike = timeline.filter(timeline["code"].str.starts_with(code[:_LEAD]))["code"]
    near = find_nearest(code, alike.unique().sort().to_list())
    fix = f"did you mean {near}?" if near else "check the code, or add older releases"
    return Refused("E381", code, f"is in none of the releases of {label}", fix)


def _render_page(
    editions: "Editions", life: "Life", day: date | None, presentation: Presentation
) -> bytes:
    from cptdiff.history.page import render_life  # noqa: PLC0415 - imports jinja2

    return render_life(editions, life, presentation, day)


def _show(editions: "Editions", life: "Life", day: date | None, *, err: bool) -> None:
    """Tell the life of the code, and what is in doubt."""
    from cptdiff.history import describe_life  # noqa: PLC0415 - imports polars

    echo_lines(describe_life(life, editions, day), err=err)
    echo_lines((f"- {note}" for note in editions.notes), err=err)
