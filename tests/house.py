"""The rules of the house, held by machine: `python tests/house.py` lists what breaks them.

A file is one concept of 100 to 450 lines; functions are named by a verb in the present tense; a new
code set is a declaration in `codesets/`, not a hunt; what a comment cites is in the repository.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "cptdiff"
LONGEST_FILE: Final = 600
LONGEST_FUNCTION: Final = 60
SMALL_FILE: Final = 100
MOST_MENTIONS: Final = 15
# Small files with a single importer that stay: data, what runs in another process, what keeps a
# library or a command off the main path.
APART: Final = {
    "cptdiff.accepted": "one concept, beside known",
    "cptdiff.api": "imported by Python users only",
    "cptdiff.api_claims": "imported by Python users only, with a cluster",
    "cptdiff.cli.acknowledge": "a command",
    "cptdiff.cli.classes": "a command",
    "cptdiff.cli.claims": "a command",
    "cptdiff.cli.formats": "a command",
    "cptdiff.cli.history": "a command",
    "cptdiff.cli.init": "a command",
    "cptdiff.cli.inspect": "a command",
    "cptdiff.cli.opening": "imported with --open only",
    "cptdiff.cli.show": "a command",
    "cptdiff.cli.since": "a command",
    "cptdiff.cli.verify": "a command",
    "cptdiff.codesets.lists": "data",
    "cptdiff.codesets.table": "data",
    "cptdiff.impact.owners": "names of files, apart from what is in them",
    "cptdiff.impact.workbook": "imports xlsxwriter",
    "cptdiff.lists.accepted": "the reader of one kind of list",
    "cptdiff.lists.cpt_link": "the reader of one publisher's list",
    "cptdiff.output.claims": "what a folder of claims has",
    "cptdiff.output.manifest": "written for run folders only",
    "cptdiff.history.forms": "what is written, beside what is shown",
    "cptdiff.history.lines": "what is told, beside what is known",
    "cptdiff.impact.claim_report": "what is told of claims, beside how they are judged",
    "cptdiff.isolated.child": "runs in another process",
    "cptdiff.isolated.masks": "runs in another process",
    "cptdiff.isolated.old_workbook": "runs in another process",
    "cptdiff.isolated.parquet": "runs in another process",
    "cptdiff.reports.worksheet": "the writer of one workbook",
    "cptdiff.reading.parquet": "imported for Parquet files only",
    "cptdiff.reading.xml": "the reader of one layout",
}
# Past forms that are no English nouns or verbs of the present.
PAST: Final = frozenset(
    {
        "begun", "broken", "chosen", "done", "drawn", "found", "given", "gone",
        "heard", "held", "hidden", "kept", "known", "left", "lost", "made", "meant", "met", "paid",
        "ran", "said", "seen", "sent", "shown", "sold", "sought", "spelled", "spoken", "swept",
        "taken", "thought", "told", "torn", "withdrawn", "withheld", "written",
    }
)  # fmt: skip
PRESENT: Final = frozenset({"feed", "need", "seed", "speed", "embed"})
# Parts whose private functions and methods are still named by participles.
OLD_NAMES: Final = ("cptdiff.cli", "cptdiff.reports")
# Modules that other parts import beside a part's door, its `__init__`, and why.
DOORS: Final = {
    "cptdiff.codesets.layout": "what the reader of a layout is told",
    "cptdiff.codesets.presets": "imported for tables only",
    "cptdiff.codesets.lists": "what the reader of a published list is told",
    "cptdiff.history.page": "imports jinja2",
    "cptdiff.judgement.causes": "reports mark one of them",
    "cptdiff.judgement.reconcile": "reports show its facts",
    "cptdiff.judgement.wording": "reports draw its pieces",
    "cptdiff.jobs.config": "imported for one command",
    "cptdiff.jobs.folders": "as above; needs no Polars, which no fork survives",
    "cptdiff.jobs.releases": "as above, in the process of a job",
    "cptdiff.jobs.starter": "imported for one command",
    "cptdiff.output.choices": "what Python users chose is told as what was typed",
    "cptdiff.output.delivery": "the help names its suffixes, and imports no more",
    "cptdiff.output.claims": "as the next one",
    "cptdiff.output.impact": "the commands name its files, and import no more",
    "cptdiff.output.manifest": "imported for run folders only",
    "cptdiff.output.rerun": "imported for one option of a command",
    "cptdiff.output.staging": "imports what only writing needs",
    "cptdiff.output.targets": "the watching process needs it after a failure only",
    "cptdiff.output.verify": "imported for one command",
    "cptdiff.process.failure": "imported before any library",
    "cptdiff.process.lines": "imported before any library",
    "cptdiff.process.progress": "as above",
    "cptdiff.process.signals": "imported before any library",
    "cptdiff.process.supervise": "imported before any library",
    "cptdiff.reading.workbooks": "imported for workbooks only",
    "cptdiff.reports.cells": "what a workbook of lists looks like; imports xlsxwriter",
    "cptdiff.reports.html": "imports jinja2, as pages of lists do",
    "cptdiff.reports.page": "what tables of pages are given",
    "cptdiff.reports.xlsx": "imported for workbooks of lists only; imports xlsxwriter",
    "cptdiff.reports.overview": "imported for one command",
    "cptdiff.reports.known": "imported for one command",
    "cptdiff.reports.templates": "imported for templates of the user's own",
    "cptdiff.reports.worksheet": "imported for one command",
    "cptdiff.reports.terminal": "imported for the terminal only",
}
_MENTION: Final = re.compile(r"\bCodeSet\.[A-Z]")
_DOCUMENT: Final = re.compile(r"\b[\w/-]+\.md\b")
_SOURCE: Final = re.compile(r"\b[\w/]+\.py\b")
# Numbers that tell a place in a document without its name: (row 7), section 1.7, (4.1),
# "# 8.3: ...". With a name before them they are fine: (ECMA-376 part 1, 18.8.30).
_NUMBER: Final = re.compile(
    r"\(rows? [0-9]+\b|\b[Ss]ection [0-9]+|\([0-9]{1,2}(?:\.[0-9]{1,2})+(?:\)|,| and )"
    r"|^#\s*[0-9]+\.[0-9]+[,;:]"
)


class Module(NamedTuple):
    """A file of the package: its dotted name, its text and what it parses to."""

    name: str
    path: Path
    text: str
    tree: ast.Module


def read_modules() -> list[Module]:
    """Return all files of the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text("utf-8")
        found.append(Module(name, path, text, ast.parse(text)))
    return found


def find_faults(modules: list[Module]) -> Iterator[str]:
    """Yield a line for each place where a rule is broken."""
    importers = count_importers(modules)
    for module in modules:
        place = module.path.relative_to(ROOT)
        size = module.text.count("\n")
        if size > LONGEST_FILE:
            yield f"{place}: {size} lines, more than {LONGEST_FILE}: two concepts?"
        is_door = module.path.name in {"__init__.py", "__main__.py"}
        if size < SMALL_FILE and not is_door and module.name not in APART:
            only = importers.get(module.name, set())
            if len(only) == 1:
                yield f"{place}: {size} lines and one importer: merge it into {only.pop()}"
        yield from find_function_faults(module)
        yield from find_unknown_documents(module)
        yield from find_unknown_places(module)
        yield from find_side_doors(module, modules)
    mentions = sum(
        len(_MENTION.findall(module.text))
        for module in modules
        if not module.name.startswith(("cptdiff.codesets", "cptdiff.vocabulary"))
    )
    if mentions > MOST_MENTIONS:
        yield f"CodeSet.X stands {mentions} times outside codesets/, more than {MOST_MENTIONS}"


def count_importers(modules: list[Module]) -> dict[str, set[str]]:
    """Return the modules that import each module."""
    names = {module.name for module in modules}
    found: dict[str, set[str]] = {}
    for module in modules:
        for target, _ in list_imports(module, names):
            found.setdefault(target, set()).add(module.name)
    return found


def list_imports(module: Module, names: set[str]) -> Iterator[tuple[str, int]]:
    """Yield each module that `module` imports from, and the line."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            yield whole if whole in names else node.module, node.lineno


def find_side_doors(module: Module, modules: list[Module]) -> Iterator[str]:
    """Yield imports from another part that pass by its door."""
    own = module.name.split(".")[:2]
    for target, line in list_imports(module, {one.name for one in modules}):
        path = target.split(".")
        is_inner = path[0] == "cptdiff" and len(path) > len(["cptdiff", "part"])
        if is_inner and path[:2] != own and target not in DOORS:
            place = f"{module.path.relative_to(ROOT)}:{line}"
            yield f"{place}: imports {target}: import it from {'.'.join(path[:2])}"


def find_function_faults(module: Module) -> Iterator[str]:
    """Yield functions and methods that are too long or named by a participle."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            place = f"{module.path.relative_to(ROOT)}:{node.lineno}"
            if size > LONGEST_FUNCTION:
                yield f"{place}: {node.name} has {size} lines, more than {LONGEST_FUNCTION}"
            if is_participle(node.name) and not is_property(node) and not is_exempt(module, node):
                yield f"{place}: {node.name} is a participle: name it by a verb in the present"


def is_participle(name: str) -> bool:
    """Whether a function's name, private or not, begins with a participle."""
    first = name.lstrip("_").partition("_")[0]
    return first in PAST or (first.endswith("ed") and first not in PRESENT)


def is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method is read like data, and named like it."""
    names = {one.id for one in node.decorator_list if isinstance(one, ast.Name)}
    return not names.isdisjoint({"property", "cached_property"})


def is_exempt(module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is a private one or a method in a part that still has old names."""
    is_public = node in module.tree.body and not node.name.startswith("_")
    return module.name.startswith(OLD_NAMES) and not is_public


def find_unknown_documents(module: Module) -> Iterator[str]:
    """Yield documents that are cited and are not in the repository."""
    for name in sorted(set(_DOCUMENT.findall(module.text))):
        if not any((ROOT / folder / name).exists() for folder in (".", "docs", "templates")) and (
            name not in REPORTS
        ):
            yield f"{module.path.relative_to(ROOT)}: cites {name}, which is not in the repository"


def find_unknown_places(module: Module) -> Iterator[str]:
    """Yield comments and docstrings that cite a missing module, or a number of no document."""
    place = module.path.relative_to(ROOT)
    for line, text in list_remarks(module):
        for name in _SOURCE.findall(text):
            if not any(any(ROOT.glob(f"{folder}/{name}")) for folder in CODE):
                yield f"{place}:{line}: cites {name}, which is not in the repository"
        for found in _NUMBER.findall(text):
            yield f"{place}:{line}: cites {found}: name the document, which is in the repository"


def list_remarks(module: Module) -> Iterator[tuple[int, str]]:
    """Yield the comments and docstrings of a module, each with its line."""
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.lineno, str(node.value.value)


# Where modules that a comment may cite are.
CODE: Final = (".", "cptdiff", "cptdiff/*", "tests", "tests/*", "sample_releases")
# Reports whose names end as a document's.
REPORTS: Final = frozenset({"summary.md"})


def main() -> int:
    """Print the faults; return 1 where there are any."""
    faults = list(find_faults(read_modules()))
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
