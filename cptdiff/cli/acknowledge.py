"""`cptdiff acknowledge`: changes of a run that somebody has seen, as lines for --acknowledge."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cptdiff.cli.commands import Command
from cptdiff.cli.delivering import write_stdout
from cptdiff.cli.options import read_day
from cptdiff.errors import Refused, find_nearest

if TYPE_CHECKING:
    from datetime import date

    from cptdiff.lists import Former

_COLUMNS: Final = ("code_set", "kind", "code", "change", "date", "who", "why", "fingerprint")


@click.command(
    cls=Command,
    short_help="Write down that changes of a run are known.",
    examples=(
        "cptdiff acknowledge run-2027 0030U --who Ann --why known --date 2027-01-08",
        "cptdiff acknowledge run-2027 0030U --who Ann --why known --date 2027-01-08 -o k.csv",
        "cptdiff diff old.zip new.zip --acknowledge k.csv --fail-on unexplained",
    ),
)
@click.argument("run_folder", type=click.Path(path_type=Path))
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@click.option("--who", required=True, metavar="NAME", help="Who knows of the changes.")
@click.option("--why", required=True, metavar="TEXT", help="Why they need no more attention.")
@click.option(
    "--date", "day", required=True, type=read_day, metavar="YYYY-MM-DD", help="When that was."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
    help="Add the lines to this CSV file, or make it. Default: standard output.",
)  # fmt: skip
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def acknowledge(run_folder: Path, codes: Sequence[str], **options: Any) -> None:  # noqa: ANN401 - click's options
    """Write a line for each change of CODE in RUN_FOLDER.

    `cptdiff diff --acknowledge FILE` leaves out these changes for --fail-on as long as the files
    show them as they are in RUN_FOLDER: each line has a fingerprint of its change.
    """
    from cptdiff.lists import read_former  # noqa: PLC0415 - imports polars

    run = read_former(run_folder, is_whole=False)
    day: date = options["day"]
    known = {"date": day.isoformat(), "who": options["who"].strip(), "why": options["why"].strip()}
    if not (known["who"] and known["why"]):
        raise click.UsageError("--who and --why need a text.")
    rows = [row | known for code in dict.fromkeys(codes) for row in _find_changes(run, code)]
    if options["output"] is None:
        write_stdout(_write_rows(rows, is_headed=True).encode())
    else:
        _add_rows(options["output"], rows)


def _find_changes(run: "Former", code: str) -> list[dict[str, str]]:
    """The changes of a code, which may be written with its dot."""
    listed = run.changes.to_dicts()
    spelled = {code, code.replace(".", "")}
    found = [row for row in listed if row["code"] in spelled]
    if not found:
        near = find_nearest(code, [row["code"] for row in listed])
        fix = f"did you mean {near}?" if near else "give a code that is in its changes.csv"
        raise Refused("E332", run.name, f"has no change of {code}", fix)
    names = ("kind", "code", "change", "fingerprint")
    return [{"code_set": run.code_set, **{name: row[name] for name in names}} for row in found]


def _write_rows(rows: Sequence[Mapping[str, str]], *, is_headed: bool, line_end: str = "\n") -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS, lineterminator=line_end)
    if is_headed:
        table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _add_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Put `rows` behind those of a file, all or none; what it has stays as it is."""
    from cptdiff.output.staging import write_targets  # noqa: PLC0415 - as above
    from cptdiff.output.targets import check_file, hold_target  # noqa: PLC0415
    from cptdiff.process.signals import release  # noqa: PLC0415

    with hold_target(path, check_file):
        data = path.read_bytes() if path.exists() else b""
        former = _decode(path, data)
        head = former.partition("\n")[0].strip()
        if head not in {"", ",".join(_COLUMNS)}:
            fix = "give a file that `cptdiff acknowledge` wrote, or a new one"
            raise Refused("E163", str(path), "has other columns than acknowledgements have", fix)
        line_end = "\r\n" if "\r\n" in former else "\n"
        gap = "" if not former or former.endswith("\n") else line_end
        text = f"{gap}{_write_rows(rows, is_headed=not head, line_end=line_end)}"
        write_targets({path: data + text.encode()})
    release()


def _decode(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fix = "save it as UTF-8 (in Excel: CSV UTF-8), then acknowledge again"
        raise Refused("E140", str(path), "is not UTF-8", fix) from error
