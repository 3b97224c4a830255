"""One text for each value of a typed column, whoever wrote it and however it is stored."""

from decimal import Decimal
from typing import Final

import polars as pl

# How Polars has an INTERVAL, of which it can read no value.
_INTERVAL: Final = ("months", "days", "nanoseconds")
_MOST_DIGITS: Final = 38
# No float of more digits is a whole number for certain.
_LARGEST_WHOLE: Final = 2**53
_TRUTHS: Final = {True: "TRUE", False: "FALSE"}
_NAMES: Final[tuple[tuple[type[pl.DataType], str], ...]] = (
    (pl.String, "text"),
    (pl.Categorical, "text"),
    (pl.Enum, "text"),
    (pl.Boolean, "true or false"),
    (pl.Date, "date"),
    (pl.Datetime, "date and time"),
    (pl.Time, "time of day"),
    (pl.Duration, "duration"),
    (pl.Binary, "bytes"),
    (pl.Null, ""),
)
# Of a UUID, and of each part of its text.
_UUID_BYTES: Final = 16
_UUID: Final = r"\A(.{8})(.{4})(.{4})(.{4})(.{12})\z"


def describe_type(kind: pl.DataType) -> str:
    """Return what the values of a column are, in a word or two; empty where it has none."""
    if kind.is_numeric():
        return "number"
    named = next((name for one, name in _NAMES if isinstance(kind, one)), "list or structure")
    return "interval" if is_unreadable(kind) else named


def is_nested(kind: pl.DataType) -> bool:
    """Return whether the values of a column are lists or structures."""
    return kind.is_nested() or describe_type(kind) == "list or structure"


def is_unreadable(kind: pl.DataType) -> bool:
    """Return whether Polars cannot read the values of a column."""
    if isinstance(kind, pl.Decimal):
        return (kind.precision or 0) > _MOST_DIGITS
    return isinstance(kind, pl.Struct) and tuple(one.name for one in kind.fields) == _INTERVAL


def write_text(column: pl.Series, beyond: pl.Series | None = None) -> pl.Series:
    """Return `column` as text; `beyond` has the moments of a column of INT96.

    Days are 2026-01-31, moments 2026-01-31 08:00:00, those of a time zone in UTC with +00:00;
    truths are TRUE and FALSE, as spreadsheets have them. Floats have no exponent, and whole
    ones no fraction. Lists and structures are JSON, bytes their letters or digits.
    """
    match column.dtype:
        case pl.Datetime():
            return _write_datetime(column, beyond)
        case pl.Boolean():
            return column.replace_strict(_TRUTHS, return_dtype=pl.String)
        case pl.Duration():
            return column.dt.to_string("iso")
        case pl.Binary():
            return _write_bytes(column)
        case kind if kind.is_float():
            return _write_float(column)
    return _write_json(column) if is_nested(column.dtype) else column.cast(pl.String)


def _write_json(column: pl.Series) -> pl.Series:
    held = column.alias("v").to_frame().select(pl.struct("v").struct.json_encode()).to_series()
    text = held.str.strip_prefix('{"v":').str.strip_suffix("}")
    return text.zip_with(column.is_not_null(), pl.Series([None], dtype=pl.String))


def _write_datetime(column: pl.Series, beyond: pl.Series | None) -> pl.Series:
    """The moments of `column` in one form, whatever unit the file counts them in.

    A midnight without a time zone is its day.
    """
    text = _write_moment(column)
    if beyond is None:
        return text
    # Rounding alone makes one microsecond.
    is_cut = (column.cast(pl.Int64) // 1000 - beyond.cast(pl.Int64)).abs() > 1
    return _write_moment(beyond).zip_with(is_cut.fill_null(value=False), text)


def _write_moment(column: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone:
        column = column.dt.convert_time_zone("UTC")
    return (
        column.cast(pl.String)
        .str.replace(r"(\.[0-9]*?)0+($|[+-])", "${1}${2}")
        .str.replace(r"\.($|[+-])", "${1}")
        .str.replace(" 00:00:00$", "")
    )


def _write_float(column: pl.Series) -> pl.Series:
    """Floats in plain digits; a whole number without a fraction, as workbooks have it."""
    text = column.cast(pl.String)
    is_whole = (column == column.round()) & (column.abs() < _LARGEST_WHOLE)
    whole = column.cast(pl.Int64, strict=False).cast(pl.String)
    text = whole.zip_with(is_whole.fill_null(value=False), text)
    long = text.filter(text.str.contains("e", literal=True)).unique()
    return text.replace({number: f"{Decimal(number):f}" for number in long}) if long.len() else text


def _write_bytes(column: pl.Series) -> pl.Series:
    """Bytes that are letters as those, others in hexadecimal digits, a UUID in its parts."""
    try:
        return column.cast(pl.String)
    except pl.exceptions.PolarsError:
        digits = column.bin.encode("hex")
    if (column.bin.size() == _UUID_BYTES).all():
        return digits.str.replace(_UUID, "${1}-${2}-${3}-${4}-${5}")
    return digits
