"""Lists in forms that publishers and tools define: hospital prices, value sets, concept sets."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.impact.conftest import pack

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Runs = Callable[[str], Path]
Judge = Callable[..., Rows]
Pick = Callable[[str, str], list[str]]
Read = Callable[[Path], Rows]

EXAMPLES = Path(__file__).parents[3] / "shared" / "lists" / "price_transparency"
NAMES = {
    "2": ("V2.0.0_Tall_CSV_Format_Example.csv", "V2.0.0_Wide_CSV_Format_Example.csv",
          "V2.0.0_JSON_Format_Example.json"),
    "3": ("V3.0.0_Tall_CSV_Format_Example.csv", "V3.0.0_Wide_CSV_Format_Example.csv",
          "v3_json_format_example.json"),
}  # fmt: skip
PAYERS = ("Payer One", "Payer Two")
ITEM = ("description", "code|1", "code|1|type", "code|2", "code|2|type", "modifiers", "setting")


@pytest.fixture
def gone(pick: Pick) -> list[str]:
    return pick("hcpcs", "deleted")[:4]


def flatten(name: str) -> str:
    """A name without a dot, which is a folder's."""
    return f"out-{name.replace('.', '-')}"


def check_law(listed: dict[str, str]) -> None:
    parts = ("blank", "understood", "set_aside")
    assert int(listed["cells"]) == sum(int(listed[name]) for name in parts)


def list_items(gone: list[str]) -> list[tuple[str, ...]]:
    """Invented items: a revenue code before the code, a drug code after it, modifiers."""
    return [
        ("scan", "0611", "RC", gone[0], "HCPCS", "", "outpatient"),
        ("scan, both sides", gone[1], "HCPCS", "", "", "50|62", "outpatient"),
        ("injection", gone[2], "HCPCS", "12345-6789-01", "NDC", "", "both"),
        ("bed", "0120", "RC", "", "", "", "inpatient"),
        ("stay", "470", "MS-DRG", "", "", "", "inpatient"),
        ("on both sides", "", "", "", "", "50", "both"),
    ]


def write_csv(items: Sequence[tuple[str, ...]], *, tall: bool, mark: str) -> bytes:
    facts = [["hospital_name", "version"], ["Made-up Hospital", "3.0.0"]]
    prices = ["payer_name", "plan_name", "standard_charge|negotiated_dollar"]
    if not tall:
        prices = [f"standard_charge|{payer}|Plan|negotiated_dollar" for payer in PAYERS]
    header = [name.replace("|", mark) for name in (*ITEM, *prices)]
    rows = []
    for item in items:
        if tall:
            rows += [[*item, payer, "Plan", "12.50"] for payer in PAYERS]
        else:
            rows.append([*item, "12.50", "13.50"])
    width = len(header)
    table = [*([*row, *[""] * (width - len(row))] for row in facts), header, *rows]
    return pack("x.csv", table)


def write_json(items: list[tuple[str, ...]], name: str) -> bytes:
    """The same items; a second charge for the inpatients changes no line."""
    entries: list[dict[str, Any]] = []
    alone: list[dict[str, Any]] = []
    for item in items:
        told = dict(zip(ITEM, item, strict=True))
        codes = [{"code": told[f"code|{n}"], "type": told[f"code|{n}|type"]} for n in (1, 2)]
        codes = [one for one in codes if one["code"]]
        text = {"description": told["description"], "setting": told["setting"]}
        if not codes:
            alone.append({**text, "code": told["modifiers"], "modifier_payer_information": []})
            continue
        charge: dict[str, Any] = {"setting": told["setting"], "gross_charge": 99.5}
        if told["modifiers"]:
            charge[name] = told["modifiers"].split("|")
        charges = [charge, {**charge, "setting": "other"}]
        entries.append({**text, "code_information": codes, "standard_charges": charges})
    whole = {"version": "3.0.0", "standard_charge_information": entries,
             "modifier_information": alone}  # fmt: skip
    return json.dumps(whole).encode()


def test_hospital_prices_are_the_same_lines_in_every_form(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    items = list_items(gone)
    files = {
        "tall.csv": write_csv(items, tall=True, mark="|"),
        "blanks.csv": write_csv(items, tall=True, mark=" | "),
        "wide.csv": write_csv(items, tall=False, mark="|"),
        "two.json": write_json(items, "modifiers"),
        "three.json": write_json(items, "modifier_code"),
    }
    told = {}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        found = impact(runs("hcpcs"), "--list", tmp_path / name, name=flatten(name))
        (listed,) = rows(tmp_path / flatten(name) / "lists.csv")
        check_law(listed)
        counts = [listed[part] for part in ("lines", "cells", "blank", "understood", "deleted")]
        told[name] = (counts, [(row["code"], row["modifiers"], row["status"]) for row in found])
    assert told["tall.csv"] == (
        ["6", "18", "9", "9", "3"],
        [(gone[0], "", "deleted"), (gone[1], "50;62", "deleted"), (gone[2], "", "deleted")],
    )
    assert all(one == told["tall.csv"] for one in told.values())


def widen(body: Sequence[Sequence[str]], payers: int, note: str) -> bytes:
    """Items with two columns for each payer, as wide files have them."""
    prices = [
        column
        for n in range(payers)
        for column in (
            f"standard_charge|Payer {n}|Plan|negotiated_dollar",
            f"additional_payer_notes|Payer {n}|Plan",
        )
    ]
    facts = [["hospital_name", "version"], ["Made-up Hospital", "2.0.0"]]
    rows = [[*item, *((f"{at}.50", note) * payers)] for at, item in enumerate(body)]
    return pack("x.csv", [*facts, [*ITEM, *prices], *rows])


@pytest.mark.parametrize("note", ["fee", "of, quoted", "on two\nlines"])
def test_what_payers_pay_is_read_where_it_is_asked_for(  # noqa: PLR0913, PLR0917
    gone: list[str], runs: Runs, impact: Judge, rows: Read, note: str, tmp_path: Path
) -> None:
    for name, payers in (("wide.csv", 2), ("bare.csv", 0)):
        (tmp_path / name).write_bytes(widen(list_items(gone), payers, note))
    bare = impact(runs("hcpcs"), "--list", tmp_path / "bare.csv", name="out-bare")
    assert [row["code"] for row in bare] == gone[:3]
    price = "standard_charge|Payer 1|Plan|negotiated_dollar"
    asked = ("--keep", price.upper(), "--price-column", price, "--volume-column", "code|2")
    wide = impact(runs("hcpcs"), "--list", tmp_path / "wide.csv", *asked, name="out-wide")
    assert [row[price.upper()] for row in wide] == ["0.50", "1.50", "2.50"]
    plain = impact(runs("hcpcs"), "--list", tmp_path / "wide.csv", name="out-plain")
    same = [name for name in bare[0] if name not in {"list", "line"}]
    assert [[row[name] for name in same] for row in plain] == [
        [row[name] for name in same] for row in bare
    ]
    (told, alone) = (rows(tmp_path / f"out-{one}" / "lists.csv")[0] for one in ("plain", "bare"))
    check_law(told)
    assert told | {"list": ""} == alone | {"list": ""}


def test_a_wide_file_of_many_megabytes_loses_no_line(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    items = [(f"item {n}", gone[n % 2], "HCPCS", "", "", "", "both") for n in range(20_000)]
    (tmp_path / "wide.csv").write_bytes(widen(items, 2, "made up " * 110))
    assert (tmp_path / "wide.csv").stat().st_size > 34 * 1024 * 1024
    found = impact(runs("hcpcs"), "--list", tmp_path / "wide.csv")
    assert [int(row["line"]) for row in found] == [*range(4, 20_004)]
    assert [row["code"] for row in found] == [item[1] for item in items]
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    assert (listed["lines"], listed["deleted"]) == ("20000", "20000")


def test_rows_for_further_payers_are_counted_and_keep_their_first_place(
    gone: list[str], runs: Runs, rows: Read, cptdiff: Run, tmp_path: Path
) -> None:
    (tmp_path / "tall.csv").write_bytes(write_csv(list_items(gone), tall=True, mark="|"))
    words = ("--list", tmp_path / "tall.csv", "-o", tmp_path / "out")
    said = " ".join(cptdiff("impact", runs("hcpcs"), *words).stdout.split())
    assert "6 rows repeat an item for another payer" in said
    assert [row["line"] for row in rows(tmp_path / "out" / "impact.csv")] == ["4", "6", "8"]
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    assert (listed["lines"], listed["rows_repeated"], listed["header_line"]) == ("6", "6", "3")


def test_an_item_of_json_is_named_by_its_place_and_what_is_none_is_set_aside(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    content = json.loads(write_json(list_items(gone), "modifier_code"))
    content["standard_charge_information"][1:1] = [7, {"code_information": "A0001"}]
    (tmp_path / "x.json").write_text(json.dumps(content), "utf-8-sig")
    found = impact(runs("hcpcs"), "--list", tmp_path / "x.json", code=3)
    assert [(row["line"], row["line_id"], row["code"]) for row in found] == [
        ("1", "item 1", gone[0]), ("4", "item 4", gone[1]), ("5", "item 5", gone[2]),
    ]  # fmt: skip
    aside = rows(tmp_path / "out" / "quarantine.csv")
    assert [(row["line"], row["fault"][:4], row["raw"]) for row in aside] == [
        ("2", "E374", "7"), ("3", "E374", '{"code_information": "A0001"}'),
    ]  # fmt: skip
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    assert (listed["lines"], listed["rows_excluded"]) == ("6", "2")


def test_prices_that_are_cut_off_are_refused(
    gone: list[str], runs: Runs, cptdiff: Run, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_bytes(write_json(list_items(gone), "modifiers")[:-40])
    done = cptdiff("impact", runs("hcpcs"), "--list", tmp_path / "x.json")
    assert done.returncode == 2
    assert "error[E130]: x.json: is not valid JSON. Fix: get the file again" in done.stderr


def test_codes_that_come_late_in_a_column_of_prices_are_found(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    items = [(f"bed {n}", f"{n:04}", "RC", "", "", "", "") for n in range(1, 3001)]
    items.append(("late", gone[0], "HCPCS", "", "", "", ""))
    (tmp_path / "x.csv").write_bytes(write_csv(items, tall=False, mark="|"))
    (found,) = impact(runs("hcpcs"), "--list", tmp_path / "x.csv")
    assert (found["line"], found["code"]) == ("3004", gone[0])
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    assert (listed["columns"], listed["other-code-set"]) == ("code|1;code|2;modifiers", "3000")


@pytest.mark.parametrize("version", NAMES)
def test_the_examples_of_cms_have_the_same_codes_in_every_form(
    version: str, runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    if not EXAMPLES.exists():
        pytest.skip("../shared/lists is absent")
    told = []
    for name in NAMES[version]:
        # No sample has these codes: all of them touch their lines.
        words = (runs("hcpcs"), runs("cpt"), "--list", EXAMPLES / name)
        found = impact(*words, name=flatten(name))
        assert {row["status"] for row in found} == {"unknown"}
        (listed,) = rows(tmp_path / flatten(name) / "lists.csv")
        check_law(listed)
        assert listed["set_aside"] == "0"
        told.append({(row["code_set"], row["part"], row["code"]) for row in found})
    assert told[0] == told[1] == told[2]
    assert len(told[0]) > 3


def read_codes(found: Rows) -> list[tuple[str, str, str]]:
    return [(row["sheet"], row["code_set"], row["code"]) for row in found]


def test_a_value_set_of_fhir_is_its_expansion(
    pick: Pick, runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    gone = pick("hcpcs", "deleted")
    hcpcs = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    dead = pick("icd10cm", "deleted")[0]
    contains: list[dict[str, Any]] = [
        {"display": "made up", "abstract": True, "contains": [
            {"system": hcpcs, "code": gone[0], "display": "made up"}]},
        {"system": "http://snomed.info/sct", "code": "73211009"},
        {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": dead},
    ]  # fmt: skip
    content = {
        "resourceType": "ValueSet", "name": "MadeUp", "expansion": {"contains": contains},
        "compose": {"include": [{"system": hcpcs, "concept": [{"code": gone[1]}]}]},
    }  # fmt: skip
    (tmp_path / "x.json").write_text(json.dumps(content), "utf-8")
    found = impact(runs("hcpcs"), runs("icd10cm"), "--list", tmp_path / "x.json")
    assert [(row["line"], row["code"]) for row in found] == [("2", gone[0]), ("4", dead)]
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    check_law(listed)
    counts = [listed[name] for name in ("lines", "blank", "other-code-set")]
    assert counts == ["4", "1", "1"]


def test_what_a_value_set_is_composed_of_is_read_without_its_rules(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    system = "urn:oid:2.16.840.1.113883.6.285"
    rule = {"property": "concept", "op": "is-a", "value": "x"}
    compose = {
        "include": [{"system": system, "concept": [{"code": one} for one in gone[:3]]},
                    {"system": system, "filter": [rule]}, {"system": system}],
        "exclude": [{"system": system, "concept": [{"code": gone[1]}]}],
    }  # fmt: skip
    entries = [{"resource": {"resourceType": "ValueSet", "id": name, "compose": compose}}
               for name in ("one", "two", "two", None)]  # fmt: skip
    bundle = {"resourceType": "Bundle", "entry": entries}
    (tmp_path / "x.json").write_text(json.dumps(bundle), "utf-8")
    found = impact(runs("hcpcs"), "--list", tmp_path / "x.json", code=3)
    one = [("one", "hcpcs", code) for code in gone[:3]]
    assert read_codes(found)[:3] == one
    assert {row["sheet"] for row in found} == {"one", "two (2)", "two (3)", "set"}
    aside = rows(tmp_path / "out" / "quarantine.csv")
    assert [row["fault"] for row in aside if row["member"] == "one"] == [
        "E374: is a rule, not a code", "E374: stands for a whole code system",
    ]  # fmt: skip
    listed = rows(tmp_path / "out" / "lists.csv")[0]
    counts = [listed[name] for name in ("lines", "rows_not_included", "rows_excluded")]
    assert counts == ["3", "1", "2"]


def test_concept_sets_of_ohdsi_are_read_in_each_of_their_forms(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    vocabularies = ("HCPCS", "HCPCS", "SNOMED")
    codes = [gone[0], gone[1], "73211009"]
    items = [
        {"concept": {"CONCEPT_CODE": code, "VOCABULARY_ID": vocabulary, "CONCEPT_NAME": "made up"},
         "isExcluded": code == gone[1], "includeDescendants": True, "includeMapped": False}
        for code, vocabulary in zip(codes, vocabularies, strict=True)
    ]  # fmt: skip
    table = [["Concept Id", "Concept Code", "Concept Name", "Vocabulary", "Exclude"]] + [
        [str(n), code, "made up", vocabulary, "YES" if code == gone[1] else "NO"]
        for n, (code, vocabulary) in enumerate(zip(codes, vocabularies, strict=True))
    ]
    contents: dict[str, bytes] = {
        "items.json": json.dumps({"items": items}).encode(),
        "set.json": json.dumps({"name": "x", "expression": {"items": items}}).encode(),
        "cohort.json": json.dumps({"ConceptSets": [{"expression": {"items": items}}]}).encode(),
        "atlas.csv": pack("atlas.csv", table),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
        (found,) = impact(runs("hcpcs"), "--list", tmp_path / name, name=flatten(name))
        assert (found["code"], found["line"]) == (gone[0], "2" if name == "atlas.csv" else "1")
        (listed,) = rows(tmp_path / flatten(name) / "lists.csv")
        counts = [listed[part] for part in ("lines", "rows_not_included", "other-code-set")]
        assert counts == ["2", "1", "1"]


def test_the_workbook_of_a_value_set_is_read_below_its_facts(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    facts = [["Value Set Name", "Made up"], ["OID", "1.2.3"], *[["", ""]] * 9]
    head = ["Code", "Description", "Code System", "Code System Version", "Code System OID"]
    lines = [[gone[0], "x", "HCPCS Level II", "2026", "x"], ["73211009", "x", "SNOMEDCT", "", ""],
             ["12345", "x", "CPT", "2026", "x"]]  # fmt: skip
    (tmp_path / "x.xlsx").write_bytes(pack("x.xlsx", [*facts, head, *lines]))
    (found,) = impact(runs("hcpcs"), "--list", tmp_path / "x.xlsx")
    assert (found["line"], found["code"]) == ("13", gone[0])
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    counts = [listed[part] for part in ("header_line", "columns", "other-code-set")]
    assert counts == ["12", "Code", "2"]


@pytest.mark.parametrize(
    ("first", "last", "form"),
    [("From", "To", "{y}-{m}-{d}"), ("Eff Date", "Term Date", "{m}/{d}/{y}"),
     ("begin_date", "end_date", "{y}{m}{d}")],
)  # fmt: skip
def test_lines_of_a_fee_schedule_that_had_ended_are_not_judged(  # noqa: PLR0913, PLR0917
    first: str, last: str, form: str, pick: Pick, runs: Runs, impact: Judge, rows: Read,
    tmp_path: Path,
) -> None:  # fmt: skip
    code = pick("hcpcs", "deleted")[0]

    def day(y: str, m: str, d: str) -> str:
        return form.format(y=y, m=m, d=d)

    ends = [day("2025", "06", "30"), day("2026", "12", "31"), day("2027", "01", "01"),
            day("2078", "12", "31"), "", "12/31/78"]  # fmt: skip
    lines = [[code, "26", "11", "12.50", day("2024", "01", "31"), end] for end in ends]
    table = [["Code", "Mod", "Place", "Fee", first, last], *lines]
    (tmp_path / "fees.csv").write_bytes(pack("fees.csv", table))
    found = impact(runs("hcpcs"), "--list", tmp_path / "fees.csv")
    assert [(row["line"], row["modifiers"]) for row in found] == [
        (str(line), "26") for line in (4, 5, 6, 7)
    ]
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    assert (listed["lines"], listed["rows_ended"], listed["columns"]) == ("4", "2", "Code;Mod")


def test_a_json_array_of_codes_is_read(
    gone: list[str], runs: Runs, impact: Judge, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_text(json.dumps([*gone, "12345", "", "\ud800"]), "utf-8")
    found = impact(runs("hcpcs"), "--list", tmp_path / "x.json", code=3)
    assert [(row["line"], row["code"]) for row in found] == [
        (str(n), code) for n, code in enumerate(gone, 1)
    ]


@pytest.fixture
def paste(
    runs: Runs, tmp_path: Path, process: Callable[..., CompletedProcess[str]]
) -> Callable[[str, int], Rows]:
    """Give a text on standard input; return impact.csv."""
    script = (
        "import os, sys; os.dup2(os.open(sys.argv[1], os.O_RDONLY), 0);"
        "from cptdiff.__main__ import run; sys.exit(run(sys.argv[2:]))"
    )

    def judge(text: str, code: int = 0) -> Rows:
        (tmp_path / "codes.txt").write_text(text, "utf-8")
        words = ("impact", runs("hcpcs"), runs("icd10cm"), "--list", "-", "-o", "-", "--quiet")
        done = process("-c", script, tmp_path / "codes.txt", *words)
        assert done.returncode == code, done.stderr
        return [*csv.DictReader(io.StringIO(done.stdout))]

    return judge


def test_codes_are_pasted_in_lines_and_words(
    gone: list[str], pick: Pick, paste: Callable[..., Rows]
) -> None:
    dead = pick("icd10cm", "deleted")[0]
    text = f"12345, {gone[0]} LT,{gone[1]};{dead[:3]}.{dead[3:]}\n\n{gone[2]}-59\t{gone[3]}\n"
    found = {(row["line"], row["code"], row["modifiers"]) for row in paste(text)}
    assert found == {
        ("1", gone[0], "LT"), ("1", gone[1], ""), ("1", dead, ""), ("3", gone[2], "59"),
        ("3", gone[3], ""),
    }  # fmt: skip


def test_a_pasted_word_that_is_no_code_is_set_aside_alone(
    gone: list[str], paste: Callable[..., Rows]
) -> None:
    found = paste(" ".join([*gone, "A024"]), 3)
    assert sorted(row["code"] for row in found) == gone
    content = json.dumps(
        {
            "resourceType": "ValueSet",
            "expansion": {
                "contains": [
                    {
                        "code": gone[0],
                        "system": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
                    }
                ]
            },
        }
    )
    assert [row["code"] for row in paste(content)] == gone[:1]
