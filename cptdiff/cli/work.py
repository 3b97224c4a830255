"""The jobs of `cptdiff run`, each in a process of its own, and the line that tells of each."""

import hashlib
import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cptdiff.cli.delivering import Compared, name_output, render_folder
from cptdiff.cli.diff import Outcome, find_reasons, tell_run, warn_of_decisions
from cptdiff.cli.options import read_presentation
from cptdiff.cli.references import find_path
from cptdiff.errors import escape_controls
from cptdiff.output.impact import find_own_impact
from cptdiff.process.failure import show_traceback, tell_failure
from cptdiff.process.lines import choose_stages, name_job, say
from cptdiff.process.progress import show_progress
from cptdiff.process.signals import SIGNALS, Stopped, resume
from cptdiff.process.supervise import run_apart
from cptdiff.vocabulary import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cptdiff.cli.run import Plan
    from cptdiff.jobs.config import Job
    from cptdiff.jobs.folders import Former
    from cptdiff.results import Results

# From nothing to look at, over what a person should look at, to what failed; then what stopped it.
_BADNESS: Final = (0, 1, 3, 2, 4, 70)
_SIGNAL_EXIT: Final = 128


def run_jobs(plans: "Sequence[Plan]", *, is_dry: bool) -> int:
    """Run the jobs one after the other and return the worst of their exit codes.

    A job that fails does not stop the next one; a signal stops them all.
    """
    worst, left = 0, [plan.job.name for plan in plans]
    for plan in plans:
        try:
            code = _run_job(plan, is_dry=is_dry)
        except Stopped as stopped:  # between two jobs
            code = stopped.exit_code
        else:
            left.pop(0)
        worst = max(worst, code, key=_rank)
        if code - _SIGNAL_EXIT in SIGNALS:
            if left:
                line = f"cptdiff: stopped; jobs that did not run: {', '.join(left)}"
                say(line, "stopped", "error", exit_code=code, left=left)
            break
    return worst


def _rank(code: int) -> int:
    return _BADNESS.index(code) if code in _BADNESS else _SIGNAL_EXIT + code


def _run_job(plan: "Plan", *, is_dry: bool) -> int:
    """The exit code of one job; what fails is told in a line with its name."""
    is_debugging = plan.context.params["debug"]

    def work() -> int:
        try:
            with plan.context.scope(cleanup=False):
                return _do_job(plan, is_dry=is_dry)
        except BaseException as error:  # noqa: BLE001 - whatever happened has an exit code
            if is_debugging:
                show_traceback()
            return tell_failure(error, plan.job.name)

    name_job(plan.job.name)
    choose_stages(is_verbose=plan.context.params["verbose"])
    try:
        return run_apart(work, f"job {plan.job.name}", is_quiet=not is_debugging)
    finally:
        name_job("")


def _do_job(plan: "Plan", *, is_dry: bool) -> int:
    """Compare, and write a run folder unless the last one is the same."""
    from cptdiff.jobs import folders  # noqa: PLC0415 - in the process of a job only
    from cptdiff.jobs.releases import find_pair  # noqa: PLC0415 - imports polars
    from cptdiff.pipeline import compare_releases  # noqa: PLC0415

    presentation = read_presentation(plan.context.params)
    job = _find_releases(plan)
    pair = find_pair(plan.config, job, plan.options.code_set, plan.options.members)
    is_watched = not (plan.context.params["quiet"] or plan.context.params["verbose"])
    warn_of_decisions(plan.options)
    with show_progress(is_wanted=is_watched):
        results = compare_releases(*pair, plan.options)
        found = Compared(results, find_own_impact(results, plan.options))
        files = render_folder(found, presentation, plan.options)
    base = _name_folder(plan, results)
    with nullcontext() if is_dry else folders.hold_names(base):
        last, target = folders.find_next(base)
        former = folders.compare_runs(last, files[MANIFEST]) if last else None
        is_same = former is not None and not former.difference
        if not (is_same or is_dry):
            folders.write_run(base, target, files)
    if former and is_same:
        return _tell_same(plan, results, former)
    try:
        resume()
    except Stopped as stopped:
        line = f"cptdiff: job {plan.job.name}: stopped; the files are complete"
        say(line, "stopped", "error", exit_code=stopped.exit_code)
        return stopped.exit_code
    digest = hashlib.sha256(files[MANIFEST]).hexdigest()
    outcome = f"would write {target}" if is_dry else f"wrote {name_output(target, digest)}"
    beside = f" beside {former.path}, {former.difference}" if former else ""
    code, reasons = find_reasons(found, plan.context.params)
    if code or not plan.context.params["quiet"]:
        wrote = {} if is_dry else {target: digest}
        tell_run(found, code, reasons, Outcome(f"{outcome}{beside}", wrote), plan.job.name)
    return code


def _find_releases(plan: "Plan") -> "Job":
    """The job, with the paths of releases in the library in the place of their names."""

    def find(word: str) -> str:
        is_there = os.path.lexists(plan.config.find_path(word))
        return word if is_there else str(find_path(word))

    inputs = {
        key: said._replace(value=[*map(find, said.value)])
        if key == "releases"
        else said._replace(value=find(said.value))
        for key, said in plan.job.inputs.items()
    }
    return plan.job._replace(inputs=inputs)


def _name_folder(plan: "Plan", found: "Results") -> Path:
    """The run folder of these releases, if it is the first."""
    from cptdiff.jobs.folders import name_side  # noqa: PLC0415 - as above

    previous, current = (
        name_side(release.name, release.effective_date)
        for release in (found.changes.previous, found.changes.current)
    )
    values = {"job": plan.job.name, "code_set": found.changes.current.code_set}
    return Path(plan.pattern.format_map(values | {"previous": previous, "current": current}))


def _tell_same(plan: "Plan", found: "Results", former: "Former") -> int:
    if not plan.context.params["quiet"]:
        title = f"{found.changes.previous.name} to {found.changes.current.name}"
        line = f"cptdiff: job {plan.job.name}: up to date: {former.path} ({title})"
        names = (found.changes.previous.name, found.changes.current.name)
        fields = dict(zip(("previous", "current"), names, strict=True))
        say(escape_controls(line), "up-to-date", exit_code=0, folder=str(former.path), **fields)
    return 0
