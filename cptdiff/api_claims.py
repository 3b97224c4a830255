"""What Python users call for claims in a cluster: `judge_claims_on_spark`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cptdiff.errors import Refused
from cptdiff.history import list_valid_codes, read_histories, read_valid_codes
from cptdiff.impact import Count, Named, judge_on_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def judge_claims_on_spark(  # noqa: PLR0913 - each an option of the command line, by keyword
    session: "SparkSession",
    claims: str,
    *,
    output: str,
    releases: Sequence[str | Path] = (),
    timelines: Sequence[str | Path] = (),
    code_columns: Sequence[str] = (),
    date_column: str = "",
    through_column: str = "",
    bill_type_column: str = "",
    keep: Sequence[str] = (),
) -> tuple[Count, ...]:
    """Judge claims in a Spark cluster as `cptdiff claims` does, and leave the result there.

    `claims` is a folder of Parquet files (a path or address that Spark can read) or the name of a
    table. `output` is a new folder: Parquet, partitioned by `status`, with the columns of
    invalid.csv; cells that are no codes have the status `not understood`. Only counts come back,
    one for each column of codes: rows = blank + other + valid + invalid + not_judged +
    not_understood.

    Raise `Refused` for what cannot be judged, `EnvironmentFailed` for a fault in Spark; then there
    is no folder.
    """
    editions = read_histories([str(one) for one in releases], {}) if releases else ()
    stored = read_valid_codes([Path(one) for one in timelines])
    valid = [*map(list_valid_codes, editions), *stored]
    if not valid:
        raise Refused("E001", "judge_claims_on_spark", "has no codes", "give releases or timelines")
    named = Named(tuple(code_columns), date_column, through_column, bill_type_column, tuple(keep))
    return judge_on_spark(session, claims, valid, named, output)
