"""Where templates/ lies, the jinja2 environment, and templates of the user's own.

A wheel holds the templates as Python modules too (hatch_build.py), and a run compiles none of them;
a checkout compiles them in memory, each when it is used.
"""

import base64
import hashlib
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    ModuleLoader,
    StrictUndefined,
    TemplateError,
)
from jinja2 import TemplateSyntaxError as SyntaxFault

from cptdiff.errors import CptdiffError, Refused

_PACKAGE: Final = Path(__file__).parents[1]
_SUFFIXES: Final = {".html", ".css", ".js"}
NAMES: Final = (
    "alone.html",
    "code.html",
    "compared.html",
    "entry.html",
    "filters.html",
    "first.html",
    "frame.html",
    "history.css",
    "history.html",
    "impact.css",
    "impact.html",
    "known.html",
    "lines.html",
    "notes.html",
    "owner.html",
    "report.css",
    "report.html",
    "report.js",
    "table.html",
)
_FIX: Final = "mend or remove it; README.md beside the shipped templates names the variables"


def find_directory() -> Path:
    """The shipped folder, else the one beside the package in a checkout."""
    shipped = _PACKAGE / "templates"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "templates"


@cache
def make_environment(own: Path | None) -> Environment:
    """Every variable escaped, whatever the file's suffix; an unknown name is an error.

    Templates of the user's `own` folder stand before the shipped ones.
    """
    shipped = _find_shipped()
    return _environment(ChoiceLoader([FileSystemLoader(own), shipped]) if own else shipped)


def _environment(loader: BaseLoader) -> Environment:
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _find_shipped() -> BaseLoader:
    compiled = find_directory() / "compiled"
    return ModuleLoader(compiled) if compiled.is_dir() else FileSystemLoader(find_directory())


def compile_shipped(target: Path) -> None:
    """Write the templates as Python modules into `target`, for `make_environment` in a wheel."""
    sources = _environment(FileSystemLoader(find_directory()))
    sources.compile_templates(target, zip=None, ignore_errors=False, filter_func=NAMES.__contains__)


def check_shipped() -> None:
    """Raise `CptdiffError` where a shipped template is missing or damaged."""
    shipped = make_environment(None)
    try:
        for name in NAMES:
            shipped.get_template(name)
    except (OSError, ValueError, SyntaxError, TemplateError) as error:
        raise _fail_shipped(f"a template is missing or damaged ({error})") from error


def _fail_shipped(wrong: str) -> CptdiffError:
    fix = "reinstall cptdiff; templates of your own go with --template"
    return CptdiffError("E701", "cptdiff", wrong, fix)


def check_own(own: Path) -> None:
    """Raise `Refused` where nothing in the folder is a template of ours, or one is faulty."""
    found = [name for name in NAMES if (own / name).is_file()]
    if not found:
        wrong = f"no template of this name: {', '.join(NAMES)}"
        raise Refused("E321", own.name, wrong, "give a folder with at least one of them")
    for name, path in _files(own).items():
        try:
            path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise Refused("E320", name, "is not UTF-8", "save it as UTF-8") from error
    with tell_faults(own):
        for name in found:
            make_environment(own).get_template(name)


def list_digests(own: Path | None) -> dict[str, str]:
    """By name the SHA-256 of each of the user's own templates; the version tells the shipped."""
    files = _files(own) if own else {}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(files.items())
    }


def _files(own: Path) -> dict[str, Path]:
    """By name all that the user's templates can include."""
    return {
        path.relative_to(own).as_posix(): path
        for path in sorted(own.rglob("*"))
        if path.is_file() and path.suffix in _SUFFIXES
    }


def render_styled(
    template: str, style: str, variables: Mapping[str, Any], own: Path | None
) -> bytes:
    """Return a page without a script as UTF-8; its policy allows the text of the `style` alone.

    Raise `Refused` for a fault in one of the user's `own` templates.
    """
    with tell_faults(own):
        templates = make_environment(own)
        text = templates.get_template(style).render(variables)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        policy = {"css": f"sha256-{digest}"}
        return templates.get_template(template).render(variables, policy=policy).encode()


@contextmanager
def tell_faults(own: Path | None) -> Iterator[None]:
    """A fault in one of the user's templates becomes `Refused`; in one of ours it is a bug."""
    try:
        yield
    except Exception as error:
        place = _place(error, own) if own else ""
        if not place and isinstance(error, TemplateError):
            raise _fail_shipped(f"a template fails ({error})") from error
        if not place:
            raise
        raise Refused("E320", place, f"the template fails ({error})", _FIX) from error


def _place(error: Exception, own: Path) -> str:
    """File and line in the user's own templates; empty where the fault is not theirs."""
    if isinstance(error, SyntaxFault):
        return f"{error.name}:{error.lineno}"
    frames = [
        (Path(frame.filename), frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).suffix in _SUFFIXES
    ]
    theirs = [(path, line) for path, line in frames if path.is_relative_to(own)]
    if theirs or (frames and isinstance(error, TemplateError)):
        path, line = (theirs or frames)[-1]
        return f"{path.name}:{line}"
    return ""
