"""`cptdiff since`: what is new in one run folder beside another."""

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cptdiff.cli.commands import Command, Words
from cptdiff.cli.delivering import write_stdout
from cptdiff.errors import Refused, escape_controls

if TYPE_CHECKING:
    import polars as pl

    from cptdiff.lists import Former

_WIDTH: Final = 80


@click.command(
    cls=Command,
    short_help="Compare the changes of two run folders.",
    examples=("cptdiff since run-2027 run-2027-errata",),
)
@click.argument("earlier", type=click.Path(path_type=Path))
@click.argument("later", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_name",
    type=Words(["text", "csv", "json"]),
    default="text",
    help="What goes to standard output. Default: text.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything differs.")
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def since(earlier: Path, later: Path, format_name: str, *, exit_code: bool, debug: bool) -> int:
    """List what is new, withdrawn or changed in the run LATER since the run EARLIER.

    EARLIER and LATER are run folders, for example before and after the publisher corrected a
    release. `cptdiff diff --since EARLIER` puts the same list into a new run folder.
    """
    del debug  # looked for by whoever shows the traceback
    from cptdiff.known import compare_runs  # noqa: PLC0415
    from cptdiff.lists import read_former  # noqa: PLC0415 - imports polars

    before, after = read_former(earlier), read_former(later)
    if before.code_set != after.code_set:
        wrong = f"is a run of {after.code_set}, not of {before.code_set}"
        raise Refused("E342", after.name, wrong, "give two runs of the same code set")
    found = compare_runs(before.changes, after.changes, after.code_set, wordless=False)
    write_stdout(_write(before, after, found, format_name).encode("utf-8", "backslashreplace"))
    return int(exit_code and found.height > 0)


def _write(before: "Former", after: "Former", found: "pl.DataFrame", format_name: str) -> str:
    if format_name == "json":
        return _write_json(before, after, found)
    if format_name == "csv":
        from cptdiff.reports.overview import guard_formulas  # noqa: PLC0415 - imports polars

        return guard_formulas(found).write_csv()
    from cptdiff.reports.known import make_listing  # noqa: PLC0415 - as above

    head = f"{after.name} since {before.name} ({before.previous} to {before.current})"
    listing = make_listing(head, found, after.code_set)
    lines = textwrap.wrap(escape_controls(listing.head), _WIDTH)
    for code, *texts in listing.rows:
        told = escape_controls(f"{code}: {', '.join(filter(None, texts))}")
        lines += textwrap.wrap(told, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"


def _write_json(before: "Former", after: "Former", found: "pl.DataFrame") -> str:
    from cptdiff.known import STATUSES, count_statuses  # noqa: PLC0415 - as above

    content: dict[str, Any] = {
        "schema_version": 1,
        "code_set": after.code_set,
        **{
            side: {
                "name": run.name,
                "previous": run.previous,
                "current": run.current,
                "manifest_sha256": run.digest,
            }
            for side, run in (("earlier", before), ("later", after))
        },
        "counts": count_statuses(found, STATUSES),
        "changes": found.drop("code_set").to_dicts(),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
