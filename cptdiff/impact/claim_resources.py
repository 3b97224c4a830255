"""Claims in FHIR: the codes of ExplanationOfBenefit resources as lines of a table.

One resource a line (ndjson), as Blue Button, BCDA, AB2D, DPC and payers' CARIN interfaces give
them. Items, diagnoses and procedures are lines, whose columns have names that `find_columns` knows.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.impact.cells import CM, PCS, PROCEDURE
from cptdiff.impact.forms import CODE_SETS

_Fields = Mapping[str, pl.DataType | type[pl.DataType]]
SUFFIXES: Final = (".ndjson", ".jsonl")
# Lines that are tried at once in search of one that is broken.
_BATCH: Final = 1_000
_RESOURCES: Final = ("ExplanationOfBenefit", "Claim")
# The columns of codes, by what `CODE_SETS` calls their code set.
_COLUMNS: Final = {PROCEDURE: "hcpcs_code", CM: "diagnosis_code", PCS: "icd10pcs_code"}
_SYSTEMS: Final = {
    **{system: _COLUMNS[name] for system, name in CODE_SETS.items() if name in _COLUMNS},
    "https://www.cms.gov/medicare/coding/icd10": _COLUMNS[PCS],
    "https://bluebutton.cms.gov/resources/codesystem/hcpcs": _COLUMNS[PROCEDURE],
}
# Blue Button calls ICD-10-CM so in diagnoses, and ICD-10-PCS in procedures.
_ICD: Final = "http://hl7.org/fhir/sid/icd-10"
# The elements in their order, and which codes have the system above, or none.
_ELEMENTS: Final = {
    "diagnosis": (_COLUMNS[CM], _COLUMNS[CM]),
    "procedure": (_COLUMNS[PCS], None),
    "item": (None, _COLUMNS[PROCEDURE]),
    "addItem": (None, _COLUMNS[PROCEDURE]),
}
_SERVICES: Final = ("item", "addItem")
# What Blue Button calls the charge of a line; rates and payments are "submitted" there too.
_CHARGES: Final = tuple(
    f"https://bluebutton.cms.gov/resources/variables/{name}"
    for name in ("rev_cntr_tot_chrg_amt", "line_sbmtd_chrg_amt")
)
_PERIOD: Final = pl.Struct({"start": pl.String, "end": pl.String})
_CODINGS: Final = pl.List(pl.Struct({"system": pl.String, "code": pl.String}))
_CONCEPT: Final = pl.Struct({"coding": _CODINGS})
_MONEY: Final = pl.Struct({"value": pl.Float64})
# `service` is what `productOrService` was called before FHIR R4.
_SERVICE: Final[_Fields] = {"productOrService": _CONCEPT, "service": _CONCEPT}
_DETAIL: Final[_Fields] = {"sequence": pl.Int64, **_SERVICE}
_ITEM: Final[_Fields] = {
    **_SERVICE,
    "servicedDate": pl.String,
    "servicedPeriod": _PERIOD,
    "net": _MONEY,
    "adjudication": pl.List(pl.Struct({"category": _CONCEPT, "amount": _MONEY})),
    "detail": pl.List(pl.Struct({**_DETAIL, "subDetail": pl.List(pl.Struct(_DETAIL))})),
}
_SCHEMA: Final = pl.Schema({
    "resourceType": pl.String(),
    "id": pl.String(),
    "type": _CONCEPT,
    "subType": _CONCEPT,
    "billablePeriod": _PERIOD,
    "supportingInfo": pl.List(
        pl.Struct({"category": _CONCEPT, "code": _CONCEPT, "timingPeriod": _PERIOD})
    ),
    "diagnosis": pl.List(pl.Struct({"sequence": pl.Int64, "diagnosisCodeableConcept": _CONCEPT})),
    "procedure": pl.List(pl.Struct(
        {"sequence": pl.Int64, "date": pl.String, "procedureCodeableConcept": _CONCEPT}
    )),
    "item": pl.List(pl.Struct({"sequence": pl.Int64, **_ITEM})),
    "addItem": pl.List(pl.Struct(_ITEM)),
})  # fmt: skip
_KIND: Final = {"resourceType": pl.String}
_TEXT: Final = pl.col("json").str.strip_prefix("\ufeff")
# A type of bill that says inpatient, where the claim says so in a word.
_INPATIENT: Final = "11"
_COMMON: Final = (
    "claim_id", "resource_line", "claim_start_date", "claim_end_date", "discharge_date",
    "bill_type_code",
)  # fmt: skip


def read_resources(file: Path) -> pl.DataFrame:
    """Return the lines of the claims in `file`, in its order; all but charge_amount are texts.

    Columns: claim_id, resource_line (of the file), element (diagnosis, procedure, item, item.detail
    and so on), element_sequence (2.1 is the first detail of the second item), hcpcs_code,
    diagnosis_code, icd10pcs_code, service_date, claim_start_date, claim_end_date, discharge_date,
    bill_type_code, charge_amount. An element whose codes are all of other systems (NDC, revenue
    codes, ICD-9) is a line without codes; one with several codes is several lines. Raise `Refused`
    where there is no claim, no element, or a line is no JSON.
    """
    claims = _read_claims(file)
    lines = pl.concat(_list_codes(claims, name) for name in _ELEMENTS)
    if not lines.height:
        wrong = "holds claims of FHIR without items, diagnoses and procedures"
        raise Refused("E163", file.name, wrong, "give claims with codes")
    return lines.sort("resource_line", maintain_order=True).select(
        "claim_id", pl.col("resource_line").cast(pl.String), "element",
        pl.col("sequence").alias("element_sequence"),
        *(pl.when(pl.col("column") == name).then("code").alias(name) for name in _COLUMNS.values()),
        "service_date", *_COMMON[2:], "charge_amount",
    )  # fmt: skip


def _read_claims(file: Path) -> pl.DataFrame:
    """One row for each claim: its elements, and what its lines have in common (`_COMMON`)."""
    # Much faster than `scan_ndjson`, for which the lines would be the same.
    lines = pl.scan_lines(file, name="json", row_index_name="resource_line", row_index_offset=1)
    try:
        claims = _decode_all(lines)
    except pl.exceptions.PolarsError as error:
        place = f"{file.name}:{_find_broken(file)}"
        wrong, fix = "is not a resource of FHIR in JSON", "export it again, one resource a line"
        raise Refused("E215", place, wrong, fix) from error
    if not claims.height:
        fix = "give resources of the type ExplanationOfBenefit or Claim, one a line"
        raise Refused("E163", file.name, "holds no claim of FHIR", fix)
    period = pl.col("billablePeriod").struct
    bills = _find_info("typeofbill").struct.field("code").struct.field("coding")
    bill = bills.list.first().struct.field("code")
    words = pl.concat_list(
        pl.col(name).struct.field("coding").fill_null([]) for name in ("type", "subType")
    ).list.eval(pl.element().struct.field("code").str.to_lowercase())
    stay = _find_info("admissionperiod").struct.field("timingPeriod")
    return claims.select(
        *_ELEMENTS,
        "resource_line",
        pl.col("id").alias("claim_id"),
        period.field("start").alias("claim_start_date"),
        period.field("end").alias("claim_end_date"),
        stay.struct.field("end").alias("discharge_date"),
        pl.when(bill.str.contains(r"\A0?[1-9][0-9]")).then(bill)
        .when(words.list.contains("inpatient")).then(pl.lit(_INPATIENT)).alias("bill_type_code"),
    )  # fmt: skip


def _decode_all(lines: pl.LazyFrame) -> pl.DataFrame:
    """The claims among the lines, by element.

    Other resources may have elements of the same names and of other shapes: where that is so, they
    are set aside first, which takes twice the time.
    """
    filled = lines.filter(_TEXT.str.strip_chars() != "")
    is_claim = pl.col("resourceType").is_in(_RESOURCES)
    try:
        return _decode(filled).filter(is_claim).collect(engine="streaming")
    except pl.exceptions.PolarsError:
        kind = _TEXT.str.json_decode(pl.Struct(_KIND)).struct.field("resourceType")
        claims = filled.filter(kind.is_in(_RESOURCES))
        return _decode(claims).collect(engine="streaming")


def _decode(lines: pl.LazyFrame) -> pl.LazyFrame:
    return lines.with_columns(_TEXT.str.json_decode(pl.Struct(_SCHEMA))).unnest("json")


def _find_broken(file: Path) -> int:
    """The number of the first line that is no resource; many are tried at once."""
    with file.open("rb") as stream:
        numbered = enumerate(stream, 1)
        while batch := [*islice(numbered, _BATCH)]:
            if not _is_whole(batch):
                return next(number for number, line in batch if not _is_whole([(number, line)]))
    return 1


def _is_whole(batch: Sequence[tuple[int, bytes]]) -> bool:
    try:
        texts = [line.decode() for _, line in batch]
        _decode_all(pl.LazyFrame({"resource_line": 0, "json": texts}))
    except (UnicodeDecodeError, pl.exceptions.PolarsError):
        return False
    return True


def _find_info(category: str) -> pl.Expr:
    """The first supporting information of a category."""
    return _choose("supportingInfo", category).list.first()


def _choose(name: str, *categories: str) -> pl.Expr:
    """The members of a list that are of one of the categories."""
    codings = pl.element().struct.field("category").struct.field("coding")
    codes = codings.list.eval(pl.element().struct.field("code"))
    fits = pl.any_horizontal(codes.list.contains(one) for one in categories)
    return pl.col(name).list.filter(fits)


def _find_charge() -> pl.Expr:
    """The charge of an item: what is called so, else the only amount submitted, else its net."""
    amounts = _choose("adjudication", "submitted")
    only = pl.when(amounts.list.len() == 1).then(amounts.list.first())
    called = _choose("adjudication", *_CHARGES).list.first()
    values = [one.struct.field("amount").struct.field("value") for one in (called, only)]
    return pl.coalesce(*values, pl.col("net").struct.field("value"))


def _list_codes(claims: pl.DataFrame, name: str) -> pl.DataFrame:
    """The lines of one kind of element: `_COMMON`, element, sequence, column, code, date, charge.

    `column` is the one that the code gets; it and `code` are null for codes of other systems.
    """
    elements = _list_elements(claims, name).with_row_index("at")
    coded = elements.select("at", "codings").explode("codings").unnest("codings")
    system = pl.col("system").str.to_lowercase()
    of_icd, of_none = (pl.lit(column, pl.String) for column in _ELEMENTS[name])
    column = (
        pl.when(system.is_null()).then(of_none)
        .when(system == _ICD).then(of_icd)
        .otherwise(system.replace_strict(_SYSTEMS, default=None, return_dtype=pl.String))
    ).alias("column")  # fmt: skip
    # One code may stand with its dot and without.
    bare = pl.col("code").str.to_uppercase().str.replace_all(".", "", literal=True).alias("bare")
    known = (
        coded.select("at", column, "code", bare)
        .drop_nulls()
        .unique(("at", "column", "bare"), keep="first", maintain_order=True)
    )
    return (
        elements.join(known, on="at", how="left", maintain_order="left_right")
        .select(*_COMMON, "element", "sequence", "column", "code", "service_date", "charge_amount")
    )  # fmt: skip


def _list_elements(claims: pl.DataFrame, name: str) -> pl.DataFrame:
    """One row for each element of a kind: `_COMMON`, codings, its sequence, date and charge."""
    own = claims.select(*_COMMON, name).explode(name).filter(pl.col(name).is_not_null())
    parts = own.unnest(name)
    if name in _SERVICES:
        return _list_services(parts, name)
    day = pl.col("date") if name == "procedure" else pl.lit(None, pl.String)
    return parts.select(
        *_COMMON,
        pl.lit(name).alias("element"),
        pl.col("sequence").cast(pl.String),
        pl.col(f"{name}CodeableConcept").struct.field("coding").alias("codings"),
        day.alias("service_date"),
        pl.lit(None, pl.Float64).alias("charge_amount"),
    )


def _list_services(items: pl.DataFrame, name: str) -> pl.DataFrame:
    """As above, of items, of their details, and of the details of these.

    A detail has the date of its item, whose charge has those of all its details in it.
    """
    day = pl.coalesce("servicedDate", pl.col("servicedPeriod").struct.field("start"))
    sequence = pl.col("sequence") if "sequence" in items.columns else pl.lit(None)
    level = items.with_columns(
        day.alias("service_date"),
        _find_charge().alias("charge_amount"),
        sequence.cast(pl.String).alias("sequence"),
    )
    found = [_take_level(level, name)]
    for inner in ("detail", "subDetail"):
        name = f"{name}.{inner}"
        outer = level.select(*_COMMON, "service_date", inner, outer="sequence")
        parts = outer.explode(inner).filter(pl.col(inner).is_not_null()).unnest(inner)
        path = pl.concat_str("outer", "sequence", separator=".", ignore_nulls=True)
        no_charge = pl.lit(None, pl.Float64).alias("charge_amount")
        level = parts.with_columns(path.alias("sequence"), no_charge)
        found.append(_take_level(level, name))
    return pl.concat(found)


def _take_level(level: pl.DataFrame, name: str) -> pl.DataFrame:
    codings = pl.coalesce("productOrService", "service").struct.field("coding").alias("codings")
    element = pl.lit(name).alias("element")
    return level.select(*_COMMON, element, "sequence", codings, "service_date", "charge_amount")
