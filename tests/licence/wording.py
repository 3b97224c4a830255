"""The wording of releases, and what of it stands in an output: runs of three words in a row."""

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import polars as pl

from cptdiff.codesets import PROFILES
from cptdiff.model import OWN, Release

RUN = 3
LEAST = 12
# Files of cells: the words of two cells make no run.
SEPARATORS = {".csv": ",", ".tsv": "\t", ".psv": "|"}
Runs = frozenset[str]


def runs(texts: Iterable[str]) -> Runs:
    """Every three words in a row that are long enough to be nobody else's, in small letters."""
    found: set[str] = set()
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        rows = zip(*(words[at:] for at in range(RUN)), strict=False)
        found.update(run for row in rows if len(run := " ".join(row)) >= LEAST)
    return frozenset(found)


def wording(release: Release) -> tuple[Runs, Runs]:
    """Of all descriptors and other texts; and of the short ones alone."""
    frames = (release.entries, release.ended)
    names = {name for frame in frames for name, dtype in frame.schema.items() if dtype == pl.String}
    # A user's own columns are texts, whatever they are called.
    texts = names - {"code", *PROFILES["hcpcs"].wordless}
    short = {name for name in texts if name.removeprefix(OWN).lower() == "short"}
    every, brief = (
        runs(text for frame in frames for name in chosen for text in frame[name].drop_nulls())
        for chosen in (texts, short)
    )
    return every, brief


def read(path: Path) -> str:
    """An output as a reader sees it: a page without its tags, the cells of a table."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return shown("\n".join(book.read(name).decode() for name in book.namelist()))
    text = path.read_text("utf-8")
    if path.suffix in SEPARATORS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATORS[path.suffix])
        return "\n".join(cell for row in rows for cell in row)
    return shown(text) if path.suffix == ".html" else text


def shown(page: str) -> str:
    bare = re.sub(r"</?(?:del|ins|mark|b|i|em|strong)\b[^>]*>", "", " ".join(page.split()))
    return html.unescape(re.sub(r"<[^>]*>", " \n", bare))


def leaks(wording: Runs, outputs: Mapping[str, str]) -> dict[str, list[str]]:
    """By output what stands there of `wording`, the first five."""
    found = {name: sorted(wording & runs(text.split("\n")))[:5] for name, text in outputs.items()}
    return {name: some for name, some in found.items() if some}


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever reports are given
    """Every text in `value`, as deep as it goes."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, pl.DataFrame):
        for column in value.select(pl.selectors.string()):
            yield from column.drop_nulls()
    elif isinstance(value, Mapping):
        yield from texts([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
