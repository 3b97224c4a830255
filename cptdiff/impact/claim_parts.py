"""The Parquet files of a folder of claims: one table, though parts may differ in their types.

What one part writes as dates and the next one as moments, or leaves empty, is one column all the
same. Then all parts are read as the type that holds what each of them has.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

# The number of a line below the header.
ROW: Final = "cptdiff_row"
Types = Mapping[str, pl.DataType]


class Part(NamedTuple):
    """One Parquet file and the types of its columns."""

    path: Path
    types: Types


def list_parts(file: Path) -> list[Path]:
    """Return a Parquet file, or those of a folder in the order of their names."""
    return [file] if file.is_file() else sorted(file.rglob("*.parquet"))


def read_parts(folder: Path) -> list[Part]:
    """Return the parts of a folder with the columns that they and their folders have."""
    return [
        Part(path, {**pl.read_parquet_schema(path), **find_partitions(folder, path)})
        for path in list_parts(folder)
    ]


def find_partitions(folder: Path, part: Path) -> dict[str, pl.DataType]:
    """Return the columns that the folders of a part name, as in year=2026: all are texts."""
    folders = part.relative_to(folder).parts[:-1]
    return {name.partition("=")[0]: pl.String() for name in folders if "=" in name}


def merge_types(parts: Sequence[Types]) -> dict[str, pl.DataType]:
    """Return the type of each column that holds what all `parts` have in it."""
    names = dict.fromkeys(name for types in parts for name in types)
    return {
        name: _merge([types[name] for types in parts if name in types])
        for name in names
    }  # fmt: skip


def _merge(kinds: Sequence[pl.DataType]) -> pl.DataType:
    """One type for all; days and moments are moments, and texts are what else differs."""
    filled = [kind for kind in kinds if kind != pl.Null]
    texts = (pl.String, pl.Categorical, pl.Enum)
    if not filled or any(isinstance(kind, texts) for kind in filled):
        return pl.String()
    if all(kind == filled[0] for kind in filled):
        return filled[0]
    is_day = all(isinstance(kind, pl.Date | pl.Datetime) for kind in filled)
    return pl.Datetime("us") if is_day else pl.String()


def list_mixed(parts: Sequence[Part]) -> set[str]:
    """Return the columns that are of several types, or that the first part does not have."""
    first = parts[0].types
    return {
        name for part in parts for name, kind in part.types.items()
        if name not in first or first[name] != kind
    }  # fmt: skip


def scan_mixed(folder: Path, parts: Sequence[Part], types: Types) -> pl.LazyFrame:
    """Return the lines of `parts` with the columns of `types`, cast, and `ROW`."""
    sizes = pl.collect_all(pl.scan_parquet(one.path, glob=False).select(pl.len()) for one in parts)
    lines, start = [], 1
    for part, size in zip(parts, sizes, strict=True):
        keys = find_partitions(folder, part.path)
        scanned = pl.scan_parquet(
            part.path, row_index_name=ROW, row_index_offset=start, glob=False,
            hive_partitioning=bool(keys), hive_schema=keys or None,
        )  # fmt: skip
        columns = [
            (pl.col(name) if name in part.types else pl.lit(None)).cast(kind).alias(name)
            for name, kind in types.items()
        ]
        lines.append(scanned.select(ROW, *columns))
        start += int(size.item())
    return pl.concat(lines)
