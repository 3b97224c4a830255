"""Timelines that `cptdiff history` wrote, read back to judge claims by them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from cptdiff.codesets import PROFILES, profile_of
from cptdiff.errors import Refused
from cptdiff.history.forms import About, take_valid, widen
from cptdiff.model import ValidCodes

_KEY: Final = ("code_set", "kind", "code")
_LONG: Final = (
    *_KEY, "spell", "valid_from", "valid_to", "replaced_by", "basis_from", "basis_to", "covered",
    "excluded",
)  # fmt: skip
_WIDE: Final = (*_KEY, "spells", "f1", "t1", "basis", "replaced_by", "covered", "excluded")
_DAYS: Final = re.compile("valid_(?:from|to)|[ft][0-9]+")
_AGAIN: Final = "write it again with `cptdiff history`"


def read_valid_codes(files: Sequence[Path]) -> list[ValidCodes]:
    """Return the codes of files that `render` wrote, long or wide, by code set; no modifiers.

    Raise `Refused` for a file that is no such file, for one with the codes of a single day, for one
    that a spreadsheet changed, and for two of one code set.
    """
    found: dict[str, tuple[str, ValidCodes]] = {}
    for file in files:
        wide = _read_wide(file)
        for code_set in wide["code_set"].unique().sort():
            if other := found.get(code_set):
                wrong = f"has {profile_of(code_set).label}, as {other[0]} has"
                raise Refused("E371", file.name, wrong, "give one of them")
            part = wide.filter(pl.col("code_set") == code_set)
            _check_codes(file.name, code_set, part)
            found[code_set] = file.name, _take(file.name, code_set, part)
    return [found[name][1] for name in sorted(found)]


def _read_wide(file: Path) -> pl.DataFrame:
    """The rows of a file in the wide form, sorted, with `covered`."""
    frame = _read_frame(file)
    is_long = "valid_from" in frame.columns
    missing = [name for name in (_LONG if is_long else _WIDE) if name not in frame.columns]
    if missing:
        wrong = f"is no timeline that cptdiff wrote: it has no column {missing[0]}"
        raise Refused("E163", file.name, wrong, "write one with `cptdiff history`")
    if not frame.height:
        raise Refused("E111", file.name, "holds no codes", _AGAIN)
    if strange := sorted(set(map(str, frame["code_set"])) - set(PROFILES)):
        wrong = f"has the code set {strange[0]}, which cptdiff does not know"
        raise Refused("E163", file.name, wrong, _AGAIN)
    typed = _type_days(file.name, frame)
    if not is_long:
        return typed.sort("kind", "code")
    ordered = typed.sort(*_KEY, "spell")
    about = ordered.select("code_set", *About._fields).unique()
    return widen(ordered).join(about, on="code_set", maintain_order="left")


def _read_frame(file: Path) -> pl.DataFrame:
    """The columns of a file that a timeline needs; those of a CSV file are texts."""
    try:
        if file.suffix.lower() in {".parquet", ".pq"}:
            lines = pl.scan_parquet(file, glob=False)
        else:
            lines = pl.scan_csv(file, infer_schema=False, glob=False)
        names = lines.collect_schema().names()
        wanted = [name for name in names if name in {*_LONG, *_WIDE} or _DAYS.fullmatch(name)]
        return (
            lines.select(pl.col(wanted)).with_columns(pl.selectors.string().fill_null("")).collect()
        )
    except pl.exceptions.PolarsError as error:
        raise Refused("E215", file.name, "cannot be read as a table", _AGAIN) from error
    except OSError as error:
        wrong = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise Refused("E101", str(file), wrong, "check the path") from error


def _type_days(file: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with days as dates, and whole numbers of spells."""
    texts = [n for n in frame.columns if _DAYS.fullmatch(n) and frame[n].dtype == pl.String]
    numbers = [name for name in ("spell", "spells") if name in frame.columns]
    typed = frame.with_columns(
        pl.col(texts).str.to_date("%Y-%m-%d", strict=False),
        pl.col(numbers).cast(pl.Int64, strict=False),
    )
    for name in (*texts, *numbers):
        lost = typed.filter(typed[name].is_null() & (frame[name].cast(pl.String) != "")).height
        if lost or (name in {*_LONG, *_WIDE} and typed[name].null_count()):
            wrong = (
                f"has another value in {name} than cptdiff wrote: a spreadsheet may have changed it"
            )
            raise Refused("E216", file, wrong, _AGAIN)
    return typed


def _check_codes(file: str, code_set: str, wide: pl.DataFrame) -> None:
    """Refuse a file whose codes a spreadsheet shortened."""
    form = rf"\A(?:{profile_of(code_set).grammar['code']})\z"
    strange = wide.filter(pl.col("kind") == "code", ~pl.col("code").str.contains(form))["code"]
    if strange.len():
        label = profile_of(code_set).label
        wrong = f"has {strange[0]}, which is no code of {label}: a spreadsheet may have changed it"
        raise Refused("E203", file, wrong, _AGAIN)


def _take(file: str, code_set: str, wide: pl.DataFrame) -> ValidCodes:
    """The codes of a file, whose rows tell all the same of its releases."""
    told = wide.select(About._fields).unique().rows()
    if told and not told[0][0]:
        wrong = "has the codes of one day only, not every time that a code was valid"
        raise Refused("E163", file, wrong, "write it with `cptdiff history` without --as-of")
    try:
        (about,) = told
        return take_valid(wide.drop(About._fields), code_set, About(*about))
    except ValueError as error:
        wrong = "does not tell in the column covered which days its releases cover"
        raise Refused("E163", file, wrong, _AGAIN) from error
