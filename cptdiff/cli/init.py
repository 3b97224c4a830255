"""`cptdiff init`: a first file of jobs."""

from pathlib import Path

import click

from cptdiff.cli.commands import Command
from cptdiff.errors import escape_controls
from cptdiff.process.lines import say
from cptdiff.process.signals import release


@click.command(
    cls=Command,
    short_help="Write a first cptdiff.toml.",
    examples=("cptdiff init releases",),
)
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default="cptdiff.toml",
    show_default=True,
    metavar="FILE",
    help="The file to write. It must not exist yet.",
)
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def init(folder: Path, config: Path, *, debug: bool) -> int:
    """Write a first file of jobs for the releases in FOLDER, with comments.

    FOLDER is the current folder if none is given. `cptdiff run` runs the jobs.
    """
    del debug  # looked for by whoever shows the traceback
    from cptdiff.jobs.starter import write_start  # noqa: PLC0415 - imports polars

    start = write_start(folder, config)
    release()
    several = "the jobs" if len(start.jobs) > 1 else "the job"
    told = f"wrote {config}" + (f" with {several} {', '.join(start.jobs)}" if start.jobs else "")
    if start.undecided:
        told += f"; its comments say what to decide for {', '.join(start.undecided)}"
    where = "" if config == Path("cptdiff.toml") else f" --config {config}"
    following = f"run: cptdiff run{where} --dry-run" if start.jobs else f"edit {config}"
    say(escape_controls(f"cptdiff: {told}. Next, {following}"))
    return 0
