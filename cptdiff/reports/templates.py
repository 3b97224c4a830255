"""Where templates/ lies, the jinja2 environment, and templates of the user's own."""

import base64
import hashlib
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2 import TemplateSyntaxError as SyntaxFault

from cptdiff.errors import CptdiffError, Refused

_PACKAGE: Final = Path(__file__).parents[1]
_SUFFIXES: Final = {".html", ".css", ".js"}
_PAGE: Final = "report.html"
_NAMED: Final = re.compile(r"""\{%-?\s*(?:from|include|import|extends)\s+["']([^"']+)""")
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
    return Environment(
        loader=FileSystemLoader([own, find_directory()] if own else [find_directory()]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def list_names() -> list[str]:
    """The templates that there are."""
    return sorted(path.name for path in find_directory().iterdir() if path.suffix != ".md")


def check_shipped() -> None:
    """Raise `CptdiffError` where a shipped template, or one that it names, is missing or damaged.

    The installer's record tells what was shipped; a checkout has none.
    """
    shipped = make_environment(None)
    waiting, seen = [_PAGE], set[str]()
    try:
        for name, digest in _recorded().items():
            if _digest(find_directory() / name) != digest:
                raise _damaged(f"the template {name} is not as it was shipped")
        while waiting:
            name = waiting.pop()
            seen.add(name)
            shipped.get_template(name)
            text = (find_directory() / name).read_text("utf-8")
            waiting += [named for named in _NAMED.findall(text) if named not in seen]
    except (OSError, ValueError, TemplateError) as error:
        raise _damaged(f"a template is missing or damaged ({error})") from error


def _recorded() -> dict[str, str]:
    """By name the SHA-256 that the installer noted of each template."""
    noted = {}
    try:
        files = distribution("cptdiff").files or ()
    except PackageNotFoundError:
        return {}
    for file in files:
        if file.hash and Path(str(file.locate())).parent == find_directory():
            # RECORD holds the digest in base64 without its padding.
            noted[file.name] = base64.urlsafe_b64decode(f"{file.hash.value}=").hex()
    return noted


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _damaged(wrong: str) -> CptdiffError:
    fix = "reinstall cptdiff; templates of your own go with --template"
    return CptdiffError("E701", "cptdiff", wrong, fix)


def check_own(own: Path) -> None:
    """Raise `Refused` where nothing in the folder is a template of ours, or one is faulty."""
    found = [name for name in list_names() if (own / name).is_file()]
    if not found:
        wrong = f"no template of this name: {', '.join(list_names())}"
        raise Refused("E321", own.name, wrong, "name a folder with at least one of them")
    for name, path in _files(own).items():
        try:
            path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise Refused("E320", name, "is not UTF-8", "save it as UTF-8") from error
    with tell_faults(own):
        for name in found:
            make_environment(own).get_template(name)


def list_digests(own: Path | None) -> dict[str, str]:
    """By name the SHA-256 of each template that the page can be made with, one's own included."""
    shipped = {name: find_directory() / name for name in list_names()}
    files = shipped | (_files(own) if own else {})
    return {name: _digest(path) for name, path in sorted(files.items())}


def _files(own: Path) -> dict[str, Path]:
    """By name all that the user's templates can include."""
    return {
        path.relative_to(own).as_posix(): path
        for path in sorted(own.rglob("*"))
        if path.is_file() and path.suffix in _SUFFIXES
    }


@contextmanager
def tell_faults(own: Path | None) -> Iterator[None]:
    """A fault in one of the user's templates becomes `Refused`; in one of ours it is a bug."""
    try:
        yield
    except Exception as error:
        place = _place(error, own) if own else ""
        if not place and isinstance(error, TemplateError):
            raise _damaged(f"a template fails ({error})") from error
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
