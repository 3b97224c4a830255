"""Releases of one code, its fields in literal form."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from cptdiff import CodeSet, Release
from cptdiff.model import DESCRIPTORS, ENTRIES, KIND, SET_ASIDE, Archive

Texts = Mapping[str, str]
ATTRIBUTES = ("price1", "consumer")


def release(texts: Texts, code_set: CodeSet) -> Release:
    """Build a release of one code; a publisher's has all descriptors, empty where not named."""
    names = tuple(texts) if code_set is CodeSet.TABLE else (*DESCRIPTORS, *ATTRIBUTES)
    row = {"kind": "code", "code": "00990", "part": "code", "add_date": None, "end_date": None}
    frame = pl.DataFrame([row | {name: texts.get(name, "") for name in names}])
    entries = frame.cast({name: ENTRIES[name] for name in ENTRIES})
    return Release(
        code_set=code_set,
        name="list",
        effective_date=date(2027, 1, 1),
        archive=Archive("list.txt", None, None),
        entries=entries,
        ended=entries.clear(),
        set_aside=pl.DataFrame(schema=SET_ASIDE),
        set_aside_codes=pl.DataFrame(schema={"kind": KIND, "code": pl.String}),
        carries={"code": names},
        sources=(),
        passed_over=(),
        notes=(),
    )
