"""cptdiff.toml: named jobs, what each of them compares, and with which options."""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from cptdiff.errors import Refused, find_nearest

JOBS: Final = "jobs"
DEFAULTS: Final = "defaults"
PAIR: Final = ("previous", "current")
INPUTS: Final = ("releases", *PAIR)
_JOB_NAME: Final = re.compile(r"[A-Za-z0-9][\w-]*", re.ASCII)
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_FIX_PATH: Final = r"write paths with / or in single quotes, such as 'C:\releases'"


class Setting(NamedTuple):
    """How many values an option takes: none (a flag), one or several."""

    is_several: bool
    is_flag: bool


class Value(NamedTuple):
    """What a job sets, as the command line would have it, and the part of the file that says so."""

    value: Any
    part: str


class Job(NamedTuple):
    """A comparison by name. `inputs` has releases, or previous and current; `options` the rest.

    All is as it stands in the file: paths are relative to its folder.
    """

    name: str
    place: str
    inputs: Mapping[str, Value]
    options: Mapping[str, Value]


class Config(NamedTuple):
    """The jobs of a file, in its order."""

    path: Path
    jobs: tuple[Job, ...]

    def find_path(self, text: str) -> str:
        """Return a path, or a pattern of paths, of the file as seen from the current folder."""
        home = self.path.parent
        text = os.path.expanduser(text)  # noqa: PTH111 - it may end in a slash
        return text if home == Path() else os.path.join(home, text)  # noqa: PTH118 - as above

    def choose_jobs(self, names: Sequence[str]) -> tuple[Job, ...]:
        """Return the jobs of these names, or all. Raise `Refused` for an unknown one."""
        known = [job.name for job in self.jobs]
        for name in names:
            if name not in known:
                fix = _suggest(name, known) or f"use one of {', '.join(known)}"
                raise Refused("E001", "--job", f"{self.path} has no job {name}", fix)
        return tuple(job for job in self.jobs if not names or job.name in names)


def read_config(path: Path, settings: Mapping[str, Setting]) -> Config:
    """Return the jobs of the file at `path`; `settings` are the options that a job may set.

    Raise `Refused` where there is no such file (E360), or it is not what a job needs (E361).
    """
    tables = _read_toml(path)
    for name in tables:
        if name not in {DEFAULTS, JOBS}:
            fix = _suggest(name, (DEFAULTS, JOBS)) or f"write a job as [{JOBS}.{name}]"
            raise _refuse(str(path), f"{name} is not a part of this file", fix)
    defaults = _read_part(path, DEFAULTS, tables.get(DEFAULTS, {}), settings)
    for name in PAIR:
        if name in defaults:
            fix = "give it in the job"
            raise _refuse(f"{path} [{DEFAULTS}]", f"{name} belongs to one job", fix)
    jobs = tables.get(JOBS)
    if not isinstance(jobs, dict) or not jobs:
        fix = f"add a job, such as [{JOBS}.cpt]; `cptdiff init` writes a file with jobs"
        raise _refuse(str(path), "has no jobs", fix)
    return Config(path, tuple(_read_job(path, *job, defaults, settings) for job in jobs.items()))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().removeprefix(_BYTE_ORDER_MARK).decode()
        return tomllib.loads(text)
    except FileNotFoundError as error:
        fix = "run `cptdiff init FOLDER` with the folder of your releases, or give --config FILE"
        raise Refused("E360", str(path), "no such file", fix) from error
    except OSError as error:
        wrong = f"cannot be read ({error.strerror})"
        raise Refused(
            "E360", str(path), wrong, "give the file of the jobs: --config FILE"
        ) from error
    except UnicodeDecodeError as error:
        raise _refuse(str(path), "is not UTF-8", "save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        fix = (
            _FIX_PATH if "\\" in str(error) else "correct that line; https://toml.io has the rules"
        )
        raise _refuse(str(path), f"is not TOML: {error}", fix) from error


def _read_job(
    path: Path, name: str, table: object, defaults: Mapping[str, Value],
    settings: Mapping[str, Setting],
) -> Job:  # fmt: skip
    part = f"{JOBS}.{name}"
    place = f"{path} [{part}]"
    if not _JOB_NAME.fullmatch(name):
        wrong = "the name of a job is made of letters, digits, - and _"
        raise _refuse(place, wrong, "rename it")
    own = _read_part(path, part, table, settings)
    has_pair = [each for each in PAIR if each in own]
    if has_pair and "releases" in own:
        wrong = f"has both releases and {has_pair[0]}"
        raise _refuse(place, wrong, "keep releases, or previous and current")
    if len(has_pair) == 1:
        lacking = next(each for each in PAIR if each not in own)
        raise _refuse(place, f"has {has_pair[0]}, but no {lacking}", f"add {lacking}")
    values = {**defaults, **own}
    wanted = PAIR if has_pair else ("releases",)
    if "releases" in wanted and "releases" not in values:
        fix = "add releases = FOLDER, or previous and current"
        raise _refuse(place, "does not say what to compare", fix)
    inputs = {key: values[key] for key in wanted}
    return Job(name, place, inputs, {k: v for k, v in values.items() if k not in INPUTS})


def _read_part(
    path: Path, part: str, table: object, settings: Mapping[str, Setting]
) -> dict[str, Value]:
    place = f"{path} [{part}]"
    if not isinstance(table, dict):
        raise _refuse(place, "is not a table of keys and values", f"write [{part}] above its keys")
    known = {"releases": Setting(is_several=True, is_flag=False), **settings}
    known |= dict.fromkeys(PAIR, Setting(is_several=False, is_flag=False))
    found = {}
    for key, value in table.items():
        if key not in known:
            fix = _suggest(key, known) or "see `cptdiff run --help` for the options that it may set"
            raise _refuse(place, f"{key} is not known", fix)
        found[key] = Value(_read_value(f"{place} {key}", value, known[key]), part)
    return found


def _read_value(place: str, value: object, setting: Setting) -> Any:  # noqa: ANN401 - what click reads
    """`value` as the command line would have it: texts, or whether a flag is set."""
    if setting.is_flag:
        if isinstance(value, bool):
            return value
        raise _refuse(place, f"is {_quote(value)}", "write true or false")
    if isinstance(value, dict):
        pairs = [f"{name}={_read_text(place, number)}" for name, number in value.items()]
        return pairs if setting.is_several else ",".join(pairs)
    if isinstance(value, list):
        if not setting.is_several:
            raise _refuse(place, "is a list, but takes one value", "give one value in quotes")
        return [_read_text(place, one) for one in value]
    text = _read_text(place, value)
    return [text] if setting.is_several else text


def _read_text(place: str, value: object) -> str:
    match value:
        case str() if value:
            return value
        case datetime():
            pass
        case date():
            return value.isoformat()
        case bool():
            pass
        case int() | float():
            return write_number(value)
    raise _refuse(place, f"is {_quote(value)}", "give a text in quotes, a number or a date")


def write_number(number: float) -> str:
    """Return `number` with all of its digits, as a file of jobs and the command line take it."""
    return str(number).removesuffix(".0")


def _quote(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case dict():
            return "a table"
        case list():
            return "a list"
    return str(value)


def _suggest(word: str, known: Iterable[str]) -> str:
    """What to do about an unknown word: the nearest known one; empty where none is near."""
    near = find_nearest(word, known)
    return f"did you mean {near}?" if near else ""


def _refuse(place: str, wrong: str, fix: str) -> Refused:
    return Refused("E361", place, wrong, fix)
