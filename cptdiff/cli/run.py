"""`cptdiff run`: the jobs of cptdiff.toml, one after the other."""

import copy
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from glob import has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from cptdiff.cli.commands import Command, Misuse
from cptdiff.cli.delivering import ORIGINS
from cptdiff.cli.diff import diff
from cptdiff.cli.options import is_file_name, read_options
from cptdiff.cli.references import VARIABLE as LIBRARY
from cptdiff.conditions import Condition
from cptdiff.errors import CptdiffError, Refused, find_nearest

if TYPE_CHECKING:
    from cptdiff.jobs.config import Config, Job, Setting
    from cptdiff.options import Options

_WORDS: Final = "cptdiff.words"
_VARIABLE: Final = "CPTDIFF_"
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
# Of `cptdiff diff`, what a job says in another way.
_NOT_SHARED: Final = frozenset({"previous", "current", "outputs", "format_name", "open_page"})
# What belongs to the command and not to a job.
_NOT_IN_FILE: Final = frozenset(
    {"config", "names", "is_dry", "is_printing", "debug", "help", "log_format"}
)


class _Run(Command):
    """A command that is read once more for each job, with what the job says as its defaults."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options. What stands alone is refused with the option that was meant."""
        ctx.meta[_WORDS] = [*args]
        _trim_environment()
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            option = "--config" if Path(rest[0]).suffix else "--job"
            fix = f"write `cptdiff run {option} {rest[0]}`"
            raise Misuse(f"{rest[0]} stands alone.", fix, ctx)
        return rest

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return all options, with those of `cptdiff diff` from the first time on."""
        if not any(option.name == "code_set" for option in self.params):
            self.params += _share_options()
            _add_variables(self.params)
        return super().get_params(ctx)


class Plan(NamedTuple):
    """A job that was checked: click's parameters for it, its options, the names of its folders."""

    config: "Config"
    job: "Job"
    context: click.Context
    options: "Options"
    pattern: str


def _complete_job(context: click.Context, _option: click.Parameter, beginning: str) -> list[str]:
    from cptdiff.jobs.config import read_config  # noqa: PLC0415 - for this command only

    path = context.params.get("config") or Path("cptdiff.toml")
    try:
        names = [job.name for job in read_config(path, _list_settings()).jobs]
    except CptdiffError:
        return []
    return [name for name in names if name.startswith(beginning)]


@click.command(
    cls=_Run,
    context_settings={"allow_extra_args": True},
    short_help="Run the jobs of cptdiff.toml.",
    examples=(
        "cptdiff run --dry-run",
        "cptdiff run --job cpt --descriptors short --quiet",
    ),
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default="cptdiff.toml",
    show_default=True,
    metavar="FILE",
    help="The file with the jobs; `cptdiff init` writes one.",
)
@click.option(
    "--job",
    "names",
    multiple=True,
    metavar="NAME",
    shell_complete=_complete_job,
    help="Run only this job. Repeatable.",
)
@click.option(
    "--dry-run",
    "is_dry",
    is_flag=True,
    help="Compare, and say what would be written; write nothing.",
)
@click.option(
    "--print-config",
    "is_printing",
    is_flag=True,
    help="Print every value of each job and where it comes from; run nothing.",
)
@click.option(
    "--output",
    metavar="PATTERN",
    default="reports/{job}/{current}",
    show_default=True,
    help="The run folder of a job, with {job}, {code_set}, {previous} and {current} (the dates of"
    " the releases, else their names). The next one of the same name ends in -2.",
)
def run(config: Path, names: Sequence[str], *, is_dry: bool, is_printing: bool, **_: Any) -> int:  # noqa: ANN401 - click's options
    """Run the jobs of a file: compare what is new, and write a run folder for each job.

    A job whose last run folder has the same inputs and options is up to date and ends with 0:
    --fail-on and --exit-code are asked only when a folder is written. A job that fails does not
    stop the next one. The exit code is the worst of all jobs, in this order: 0, 1, 3, 2, 4, 70,
    stopped by a signal.

    The other options are those of `cptdiff diff`, and replace what the file says. An environment
    variable such as CPTDIFF_FAIL_ON also replaces it, but not an option.
    """
    from cptdiff.jobs.config import read_config  # noqa: PLC0415 - for this command only
    from cptdiff.jobs.folders import check_places  # noqa: PLC0415

    context = click.get_current_context()
    _check_environment()
    settings = _list_settings()
    found = read_config(config, settings)
    plans = [_plan_job(context, found, job) for job in found.jobs]
    check_places(
        config,
        {plan.job.name: plan.pattern for plan in plans},
        {plan.job.name: plan.options.code_set for plan in plans},
    )
    chosen = found.choose_jobs(names)
    plans = [plan for plan in plans if plan.job in chosen]
    if is_printing:
        click.echo("\n\n".join("\n".join(_print_job(plan)) for plan in plans))
        return 0
    from cptdiff.cli.work import run_jobs  # noqa: PLC0415 - as above

    return run_jobs(plans, is_dry=is_dry)


def _share_options() -> Iterator[click.Parameter]:
    """Yield the options of `cptdiff diff`, as options of this command."""
    for option in diff.params:
        if option.name not in _NOT_SHARED:
            own = copy.copy(option)
            if isinstance(own, click.Option) and own.name == "quiet":
                own.help = "Print a line only for jobs whose exit code is not 0."
            yield own


def _name_key(option: click.Parameter) -> str:
    """The name of an option in the file and, in capitals, in the environment."""
    return max(option.opts, key=len).removeprefix("--").replace("-", "_")


def _add_variables(options: Sequence[click.Parameter]) -> None:
    for option in options:
        known = option.envvar or ()
        more = (known,) if isinstance(known, str) else tuple(known)
        option.envvar = [f"{_VARIABLE}{_name_key(option).upper()}", *more]


def _list_settings() -> "dict[str, Setting]":
    from cptdiff.jobs.config import Setting  # noqa: PLC0415 - as above

    return {
        _name_key(option): Setting(option.multiple, bool(getattr(option, "is_flag", False)))
        for option in run.get_params(click.Context(run))
        if option.name not in _NOT_IN_FILE
    }


def _trim_environment() -> None:
    """Take the blanks around our variables away; a blank one is not set."""
    for name in [name for name in os.environ if name.startswith(_VARIABLE)]:
        value = os.environ[name].strip()
        if value:
            os.environ[name] = value
        else:
            del os.environ[name]


def _check_environment() -> None:
    """Refuse a variable that looks like one of ours: whoever set it relies on it."""
    known = {f"{_VARIABLE}{_name_key(option).upper()}" for option in run.params} | {LIBRARY}
    for name in sorted(os.environ):
        if name.startswith(_VARIABLE) and name not in known:
            near = find_nearest(name, sorted(known))
            fix = f"did you mean {near}? Otherwise unset it" if near else "unset it"
            raise Refused(
                "E361", name, "is an environment variable that cptdiff does not know", fix
            )


def _plan_job(context: click.Context, config: "Config", job: "Job") -> Plan:
    """Check everything that a job says. Raise `Refused` with the place in the file."""
    from cptdiff.jobs.folders import check_pattern  # noqa: PLC0415 - as above

    options = {_name_key(option): option for option in run.params}
    told = {
        str(options[key].name): _locate(config, options[key], value.value)
        for key, value in job.options.items()
    }
    try:
        inner = run.make_context(
            "run", [*context.meta[_WORDS]], parent=context.parent, default_map=told
        )
        chosen = read_options(inner.params)
    except click.UsageError as error:
        fix = getattr(error, "fix", "") or "correct it; see `cptdiff run --help`"
        raise Refused("E361", job.place, error.format_message().rstrip("."), fix) from error
    except CptdiffError as error:
        place = f"{job.place}: {error.place}"
        raise type(error)(error.slug, place, error.wrong, error.fix, error.quoted) from error
    for option in run.params:
        _check_files(job, option, inner.params[str(option.name)])
    _check_inputs(job, chosen)
    pattern = inner.params["output"]
    if _find_source(inner, "output") in {"config", "default"}:
        pattern = config.find_path(pattern)
    check_pattern(pattern, f"{job.place} output")
    return Plan(config, job, inner, chosen, pattern.rstrip("/"))


def _locate(config: "Config", option: click.Parameter, value: Any) -> Any:  # noqa: ANN401 - what click reads
    """`value`, with paths as seen from the current folder."""
    if isinstance(option.type, click.Path):
        return [*map(config.find_path, value)] if option.multiple else config.find_path(value)
    if option.name == "notice":
        path = config.find_path(value)
        return path if is_file_name(value) or os.path.isfile(path) else value  # noqa: PTH113 - may be any text
    if option.name == "group_by":
        path = config.find_path(value)
        return path if os.path.isfile(path) else value  # noqa: PTH113 - as above
    return value


def _check_files(job: "Job", option: click.Parameter, value: object) -> None:
    """Refuse a file of an option that is not there; what is to be compared may still come."""
    if option.name in _NOT_IN_FILE:
        return
    for path in value if isinstance(value, tuple) else (value,):
        if isinstance(path, Path) and not (os.path.lexists(path) or has_magic(str(path))):
            wrong = f"{_name_key(option)}: no such file: {path}"
            raise Refused("E361", job.place, wrong, "correct the path, or put the file there")


def _check_inputs(job: "Job", options: "Options") -> None:
    if "releases" not in job.inputs:
        return
    from cptdiff.codesets import PROFILES  # noqa: PLC0415 - as above

    dated = ", ".join(name for name, profile in PROFILES.items() if not profile.is_own)
    if options.code_set is None:
        wrong = "releases needs a code_set: a folder may hold several"
        raise Refused("E361", job.place, wrong, f"add code_set, one of {dated}")
    if PROFILES[options.code_set].is_own:
        wrong = "releases finds the latest by date, and a table of your own has none"
        raise Refused("E361", job.place, wrong, "give previous and current instead")
    if options.previous_date or options.current_date:
        wrong = "previous_date and current_date work only with previous and current"
        raise Refused("E361", job.place, wrong, "leave them out, or name the two releases")


def _find_source(context: click.Context, name: str) -> str:
    source = context.get_parameter_source(name)
    return ORIGINS.get(source, "default") if source else "default"


def _print_job(plan: Plan) -> Iterator[str]:
    """Yield the lines of a job as the file would have them, each with where its value is from."""
    yield f"[jobs.{plan.job.name}]"
    lines = [
        (f"{key} = {_write_value(value.value)}", f"{plan.config.path} [{value.part}]")
        for key, value in plan.job.inputs.items()
    ]
    unset = []
    for option in run.params:
        name = str(option.name)
        if name in _NOT_IN_FILE:
            continue
        key, value = _name_key(option), plan.context.params[name]
        source = _find_source(plan.context, name)
        said = plan.job.options.get(key)
        where = {
            "flag": f"option {max(option.opts, key=len)}",
            "environment": f"environment {_find_variable(option)}",
            "config": f"{plan.config.path} [{said.part}]" if said else "",
            "default": "default",
        }[source]
        value = plan.pattern if name == "output" else value
        written = _write_value(value)
        if written:
            lines.append((f"{key} = {written}", where))
        else:
            unset.append(key)
    yield from (f"{line}  # {where}" for line, where in lines)
    yield from (f"# {key}: not set" for key in unset)


def _find_variable(option: click.Parameter) -> str:
    names = [option.envvar] if isinstance(option.envvar, str) else [*(option.envvar or ())]
    return next((name for name in names if os.environ.get(name)), names[0])


def _write_key(name: str) -> str:
    """A key as TOML: in quotes, if it has more than letters, digits, - and _."""
    import json  # noqa: PLC0415 - here only; its texts are those of TOML

    return name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _write_value(value: object) -> str:
    """A value as TOML; empty for one that is not set."""
    import json  # noqa: PLC0415 - as above

    from cptdiff.jobs.config import write_number  # noqa: PLC0415 - as above

    match value:
        case None | "" | () | []:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return write_number(value)
        case Mapping():
            pairs = (f"{_write_key(name)} = {_write_value(one)}" for name, one in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else ""
        case Condition():
            value = value.text
        case list() | tuple():
            return f"[{', '.join(map(_write_value, value))}]"
    return json.dumps(str(value), ensure_ascii=False)
