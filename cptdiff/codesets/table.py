"""A table of the user's own."""

from typing import Final

from cptdiff.codesets.layout import Columnar, Format, Own, Workbook
from cptdiff.codesets.profile import Profile
from cptdiff.vocabulary import CodeSet


def _make_format(name: str, names: str, example: str, layout: Own | Workbook | Columnar) -> Format:
    source = "docs/tables.md"
    return Format(name, CodeSet.TABLE, "codes", names, layout, source, {}, example, ansi=False)


_FORMATS: Final = (
    _make_format("table-text", r".*\.(csv|tsv|tab|txt|psv)", "any .csv, .tsv or .txt", Own()),
    _make_format("table-xlsx", r".*\.xls[xm]", "any .xlsx", Workbook({}, ())),
    _make_format("table-parquet", r".*\.(parquet|pq)", "any .parquet", Columnar()),
)

PROFILE: Final = Profile(name=CodeSet.TABLE, label="Table", formats=_FORMATS, is_own=True)
