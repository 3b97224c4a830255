"""changes.json: exact values, in the form that its JSON Schema tells."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cptdiff.options import PLAIN, Presentation
from cptdiff.reports.json import render_changes as render
from cptdiff.results import Results
from tests.reports.conftest import PAIRS

Sample = Callable[[str], Results]
Texts = Callable[[Mapping[str, str], Mapping[str, str]], Results]

SCHEMA = json.loads((files("cptdiff") / "schemas" / "changes.schema.json").read_text("utf-8"))
CHECK = Draft202012Validator(SCHEMA)


def closed(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Give the schema without room for what it does not describe."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    whole = {name: closed(part) for name, part in schema.items()}
    return whole | {"additionalProperties": False} if "required" in schema else whole


# Ours has nothing but what the schema describes; a consumer's check lets the form grow.
EXACT = Draft202012Validator(closed(SCHEMA))


def read(results: Results, notice: str = "") -> dict[str, Any]:
    """Render, check against the schema, and give the content."""
    content: dict[str, Any] = json.loads(render(results, Presentation(notice=notice)))
    EXACT.validate(content)
    return content


def by_code(content: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["code"], one["change"]): one for one in content["changes"]}


def objects(schema: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any part of a schema
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)


def test_the_schema_is_one_describes_every_property_and_needs_them_all() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    found = list(objects(SCHEMA))
    assert len(found) >= 6
    for one in found:
        assert one["required"] == list(one["properties"])
        for name, told in one["properties"].items():
            assert len(told["description"]) > 5, name


@pytest.mark.parametrize("pair", PAIRS)
def test_a_sample_has_the_form_and_all_that_the_tables_have(sample: Sample, pair: str) -> None:
    results = sample(pair)
    content = read(results)
    told = content["changes"]
    assert len(told) == results.entries.height > 0
    columns = ("kind", "code", "change", "reason", "section", "severity", "family")
    assert [tuple(one[name] for name in columns) for one in told] == results.entries.select(
        columns
    ).rows()
    assert [";".join(one["classes"]) for one in told] == results.entries["classes"].to_list()
    fields = [(one["code"], field["field"]) for one in told for field in one["fields"]]
    assert fields == results.fields.select("code", "field").rows()
    codes = [(one["code"], to["code"] or "") for one in told for to in one["replacements"]]
    wanted = results.crosswalk.select("code", "replacement").rows()
    assert sorted(codes) == sorted(wanted)
    assert content["notes"] == list(results.doubts)


@pytest.mark.parametrize("pair", PAIRS)
def test_the_marks_joined_are_both_values(sample: Sample, pair: str) -> None:
    found = [field for one in read(sample(pair))["changes"] for field in one["fields"]]
    assert found
    for field in found:
        for side, other in (("previous", "inserted"), ("current", "deleted")):
            joined = "".join(text for role, text in field["marks"] if role != other)
            assert joined == field[side]


def test_a_change_tells_fields_dates_and_replacements(sample: Sample) -> None:
    told = by_code(read(sample("hcpcs")))
    gone, new = told["A0248", "deleted"], told["A0137", "added"]
    assert [(one["code"], one["relation"], one["basis"]) for one in gone["replacements"]] == [
        ("A0137", "replaced-by", "publisher")
    ]
    assert (gone["fields"], new["fields"], new["replacements"]) == ([], [], [])
    revised = told["B0322", "revised"]
    assert (revised["severity"], revised["effective_date"]) == ("high", "2027-01-01")
    assert {field["field"] for field in revised["fields"]} == {"long"}


def test_values_are_exact_and_no_spreadsheet_is_guarded_against(texts: Texts) -> None:
    before, after = '=1+1 "q" \u2028 \x01 </script>', "@SUM(A1)\r\n\U0001f9e0"
    content = read(texts({"00100": before, "B": "x"}, {"00100": after, "B": "x"}))
    (one,) = content["changes"]
    (field,) = one["fields"]
    assert (one["code"], field["previous"], field["current"]) == ("00100", before, after)
    assert (one["effective_date"], one["replacements"]) == (None, [])


def test_no_change_a_notice_and_nothing_but_are_told(texts: Texts) -> None:
    content = read(texts({"A": "x"}, {"A": "x"}), notice="Made-up\nnotice")
    assert (content["changes"], content["notice"]) == ([], "Made-up\nnotice")
    assert "The inputs are byte-identical." in content["notes"]
    assert render(texts({"A": "x"}, {"A": "x"}), PLAIN).endswith(b'"changes": []\n}\n')


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content.pop("notice"),
        lambda content: content["changes"][0].update(severity="grave"),
        lambda content: content["changes"][0].update(effective_date=""),
        lambda content: content["changes"][0]["fields"][0]["marks"].append(["gone", "x"]),
        lambda content: content["changes"][0]["fields"][0]["marks"].append(["same", "x", "y"]),
        lambda content: content["previous"].update(sha256="abc"),
    ],
)
def test_the_schema_finds_what_is_wrong(texts: Texts, spoil: Callable[[Any], object]) -> None:
    content = read(texts({"A": "x"}, {"A": "y"}))
    wrong = copy.deepcopy(content)
    spoil(wrong)
    assert CHECK.is_valid(content)
    assert not CHECK.is_valid(wrong)


def test_a_key_that_is_added_one_day_breaks_no_check_but_ours(texts: Texts) -> None:
    content = read(texts({"A": "x"}, {"A": "y"}))
    (change,) = content["changes"]
    for place in (content, content["previous"], change, change["fields"][0]):
        place["more"] = 1
        assert CHECK.is_valid(content)
        assert not EXACT.is_valid(content)
        del place["more"]
    assert EXACT.is_valid(content)
