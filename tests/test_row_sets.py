"""Several rows of one key in a user's table are compared as a set."""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff import diff
from cptdiff.__main__ import run
from cptdiff.results import Results

Make = Callable[[Path, str], Path]
Compare = Callable[..., Results]
FIELDS = ("code", "field", "previous", "current", "difference", "percent", "class", "severity")


@pytest.fixture
def compare(tmp_path: Path, make: Make) -> Compare:
    def run_diff(before: str, after: str, **more: object) -> Results:
        pair = [make(tmp_path / f"{n}.csv", text) for n, text in (("a", before), ("b", after))]
        return diff(*pair, **{"code_set": "table", **more})  # type: ignore[arg-type]

    return run_diff


def changes(found: Results) -> list[tuple[str, ...]]:
    return found.entries.select("code", "change", "severity", "classes", "fields").rows()


def fields(found: Results) -> list[tuple[str, ...]]:
    return found.fields.select(FIELDS).rows()


GROUPS = "code,group\nK1,17\nK2,18\nK2,85\nK3,19\n"
GROUPS_NOW = "code,group\nK1,17\nK2,86\nK2,18\nK4,19\nK4,85\n"


def test_a_row_that_went_and_one_that_came_show_the_cell_that_changed(compare: Compare) -> None:
    found = compare(GROUPS, GROUPS_NOW)
    assert [row[:2] for row in changes(found)] == [
        ("K2", "revised"), ("K3", "deleted"), ("K4", "added"),
    ]  # fmt: skip
    assert [row[:4] for row in fields(found)] == [("K2", "group", "85", "86")]


def test_an_entry_tells_the_values_of_all_of_its_rows(compare: Compare) -> None:
    many = "".join(f"K1,{n}\n" for n in range(10, 18))
    found = compare("code,name\nK2,x\n", f"code,name\nK2,x\n{many}", allow="code-set")
    (name,) = found.added["current_descriptor"]
    assert name == "10; 11; 12; 13; 14; 3 more"


FEES = "code,mod,fee\nK1,26,10.00\nK1,TC,5.00\nK2,,7.00\n"


def test_a_changed_amount_has_its_difference_and_percent_as_in_a_single_row(
    compare: Compare,
) -> None:
    found = compare(FEES, FEES.replace("10.00", "11.00"))
    assert fields(found) == [("K1", "fee", "10.00", "11.00", "1", "10", "amount", "info")]
    assert changes(found) == [("K1", "revised", "info", "amount", "fee")]


def test_the_reason_names_the_row_of_the_cell(compare: Compare) -> None:
    found = compare(FEES, FEES.replace("10.00", "11.00").replace("7.00", "8.00"))
    assert found.fields["why"].to_list() == [
        'an amount changed: ["10.00"] -> ["11.00"] (row: mod 26)',
        'an amount changed: ["7.00"] -> ["8.00"]',
    ]
    (moved,) = compare(GROUPS, GROUPS.replace("85", "86")).fields["why"]
    assert "row:" not in moved


def test_cells_of_several_rows_say_of_which_row_they_are(compare: Compare) -> None:
    found = compare(FEES, "code,mod,fee\nK2,,7.00\nK1,TC,6.00\nK1,26,11.00\n")
    assert [row[:6] for row in fields(found)] == [
        ("K1", "fee (mod 26)", "10.00", "11.00", "1", "10"),
        ("K1", "fee (mod TC)", "5.00", "6.00", "1", "20"),
    ]
    assert found.entries["fields"].to_list() == ["fee"]


def test_rows_without_a_partner_came_or_went_as_a_whole(compare: Compare) -> None:
    found = compare(GROUPS, "code,group\nK1,17\nK1,20\nK2,30\nK2,40\nK3,19\n")
    assert fields(found) == [
        ("K1", "row added", "", "group: 20", "", "", "rows", "medium"),
        ("K2", "row added (group 30)", "", "group: 30", "", "", "rows", "medium"),
        ("K2", "row added (group 40)", "", "group: 40", "", "", "rows", "medium"),
        ("K2", "row removed (group 18)", "group: 18", "", "", "", "rows", "medium"),
        ("K2", "row removed (group 85)", "group: 85", "", "", "", "rows", "medium"),
    ]
    assert found.summary["by_class"] == {"rows": 2}


def test_where_nothing_names_the_rows_the_likest_are_pairs(compare: Compare) -> None:
    """Amounts name no row, and no other column tells them apart."""
    head = "code,site,fee,weight\n"
    found = compare(
        f"{head}K1,x,1.00,10.5\nK1,x,2.00,20.5\nK1,x,2.00,30.5\n",
        f"{head}K1,x,1.00,11.5\nK1,x,3.00,20.5\nK1,x,4.00,40.5\n",
    )
    assert [row[1:4] for row in fields(found)] == [
        ("fee (1)", "2.00", "3.00"), ("fee (2)", "2.00", "4.00"),
        ("weight (1)", "10.5", "11.5"), ("weight (2)", "30.5", "40.5"),
    ]  # fmt: skip


def test_a_change_of_the_spelling_alone_is_none_in_any_row(compare: Compare) -> None:
    found = compare(FEES, FEES.replace("10.00", "$10").replace("5.00", "5"))
    assert not found.entries.height
    assert any("column fee: 2 values are equal" in doubt.lower() for doubt in found.doubts)


def test_a_tolerance_holds_in_any_row(compare: Compare) -> None:
    found = compare(FEES, FEES.replace("10.00", "10.01"), tolerance={"fee": 1})
    assert not found.entries.height


def test_the_order_of_rows_and_equal_rows_change_nothing(compare: Compare) -> None:
    head, *rows = FEES.splitlines(keepends=True)
    found = compare(FEES, "".join([head, *rows[::-1], rows[0], rows[0]]))
    assert not found.entries.height
    assert found.summary["rows"]["current"] == {
        "read": 5, "kept": 3, "collapsed": 2, "quarantined": 0,
    }  # fmt: skip


def test_rows_that_differ_only_where_nothing_is_compared_are_told_apart(compare: Compare) -> None:
    found = compare(FEES, FEES.replace("10.00", "11.00"), fields="fee")
    assert [row[:4] for row in fields(found)] == [("K1", "fee", "10.00", "11.00")]


def test_a_message_names_the_options_that_give_each_row_a_key_of_its_own(
    compare: Compare,
) -> None:
    found = compare(FEES, FEES.replace("10.00", "11.00"))
    told = (
        "1 key has several rows (K1), compared as sets of rows;"
        " --key code --key mod gives each row a key of its own."
    )
    assert found.doubts[0] == told
    better = compare(FEES, FEES.replace("10.00", "11.00"), key=["code", "mod"])
    assert not better.doubts
    assert fields(better) == [("K1|26", "fee", "10.00", "11.00", "1", "10", "amount", "info")]


COLUMNS = {
    "the first of two that do": (
        "code,fee,site,room\nK1,1.5,a,x\nK1,2.5,b,y\n", "--key code --key site",
    ),
    "no amount, though it would be shorter": (
        "code,fee,site,room\nK1,1.5,a,x\nK1,2.5,a,y\nK1,3.5,b,x\n",
        "--key code --key site --key room",
    ),
    "an amount where nothing else does": ("code,fee\nK1,1.5\nK1,2.5\n", "--key code --key fee"),
    "a name with a blank": (
        "code,Place of Service\nK1,11\nK1,22\n", '--key code --key "Place of Service"',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), COLUMNS.values(), ids=COLUMNS)
def test_the_fewest_columns_that_name_a_row_are_found(
    compare: Compare, text: str, told: str
) -> None:
    commas = text.partition("\n")[0].count(",")
    more = f"{text}K2{',' * commas}\n"
    for sides in ((text, more), (more, text)):
        doubts = compare(*sides, allow=("code-set", "deleted-share")).doubts
        assert any(f"; {told} gives each row a key of its own." in doubt for doubt in doubts)


def test_both_names_of_a_key_are_told_where_they_differ(compare: Compare) -> None:
    found = compare(FEES.replace("code", "id"), FEES.replace("10.00", "11.00"), key="id=code")
    assert "; --key id=code --key mod gives each row a key of its own." in found.doubts[0]


def test_rows_that_few_columns_cannot_tell_apart_are_told_so(compare: Compare) -> None:
    """Four columns of two values each, in all sixteen ways."""
    rows = "".join(f"K1,{n & 1},{n >> 1 & 1},{n >> 2 & 1},{n >> 3}\n" for n in range(16))
    found = compare(f"code,a,b,c,d\n{rows}", f"code,a,b,c,d\n{rows}K2,0,0,0,0\n")
    assert "; no two or three columns would give each row a key of its own." in found.doubts[0]


def test_a_run_over_several_rows_of_a_key_ends_with_0_and_shows_them_everywhere(
    make: Make, tmp_path: Path
) -> None:
    pair = make(tmp_path / "a.csv", GROUPS), make(tmp_path / "b.csv", GROUPS + "K2,99\n")
    out = tmp_path / "out"
    assert run(["diff", *map(str, pair), "--code-set", "table", "-o", str(out), "--quiet"]) == 0
    (row,) = csv.DictReader(io.StringIO((out / "fields.csv").read_text("utf-8")))
    assert (row["field"], row["current"], row["class"]) == ("row added", "group: 99", "rows")
    (change,) = json.loads((out / "changes.json").read_text("utf-8"))["changes"]
    assert [field["current"] for field in change["fields"]] == ["group: 99"]
    page = (out / "report.html").read_text("utf-8")
    assert "group: 99" in page
    assert not (out / "quarantine.csv").exists()


def test_inspect_tells_of_keys_with_several_rows(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path / "a.csv", GROUPS)
    assert run(["inspect", str(path), "--code-set", "table"]) == 0
    told = "1 key has several rows (2 rows); --key code --key group gives each row a key of its own"
    assert told in capsys.readouterr().out


@pytest.mark.parametrize("level", ["none", "short"])
def test_values_that_are_withheld_are_in_no_label_either(compare: Compare, level: str) -> None:
    text = "code,name\nK1,sepia\nK1,umber\n"
    now = "code,name\nK1,ochre\nK1,azure\n"
    found = compare(text, now, descriptors=level)
    told = json.dumps([found.entries.rows(), found.fields.rows(), found.summary, found.doubts])
    assert found.fields["field"].to_list() == [
        "row added (1)", "row added (2)", "row removed (1)", "row removed (2)",
    ]  # fmt: skip
    assert not any(word in told for word in ("sepia", "umber", "ochre", "azure"))
    assert found.changes.current.sets["=name"].to_list() == ["", ""]


@pytest.mark.parametrize("level", ["none", "short"])
def test_the_names_of_rows_are_withheld_as_all_other_values(compare: Compare, level: str) -> None:
    text = "code,tint,short\nK1,sepia,oil\nK1,umber,wax\nK2,ochre,tar\nK2,azure,ash\n"
    found = compare(text, text.replace("il", "ils").replace("ax", "axes"), descriptors=level)
    judged = found.judgement.fields, found.changes.revised, found.judgement.entries
    told = str([frame.rows() for frame in (found.fields, found.entries, *judged)])
    assert found.fields["field"].to_list() == ["short (1)", "short (2)"]
    assert found.fields["severity"].null_count() == 0
    assert ("oils" in told) == (level == "short")
    assert not any(word in told for word in ("sepia", "umber", "ochre", "azure"))


def random_rows(dice: random.Random) -> list[tuple[str, ...]]:
    """Give rows of few values, so that many share a key, in any order."""
    rows = {
        (f"K{dice.randrange(4)}", dice.choice("ab"), dice.choice("cd"), dice.choice(("1.5", "2.5")))
        for _ in range(dice.randrange(1, 12))
    }
    return dice.sample(sorted(rows), len(rows))


def test_an_entry_is_revised_where_its_set_of_rows_differs(compare: Compare) -> None:
    for number in range(25):
        dice = random.Random(number)  # noqa: S311 - the same tables each time
        sides = [random_rows(dice) for _ in range(2)]
        texts = ["code,x,y,fee\n" + "".join(",".join(row) + "\n" for row in s) for s in sides]
        allow = ("code-set", "deleted-share")
        found, back = compare(*texts, allow=allow), compare(*texts[::-1], allow=allow)
        sets = [
            {key: {row[1:] for row in side if row[0] == key} for key in {row[0] for row in side}}
            for side in sides
        ]
        told = dict(found.entries.select("code", "change").rows())
        assert told == {
            key: "added" if key not in sets[0] else "deleted" if key not in sets[1] else "revised"
            for key in {**sets[0], **sets[1]}
            if sets[0].get(key) != sets[1].get(key)
        }, number
        rows = found.fields.select("code", "field", "previous", "current")
        assert rows.select("code", "field").is_unique().all()
        assert balance(rows.rows()) == {
            key: len(sets[1][key]) - len(sets[0][key]) for key in told if told[key] == "revised"
        }, number
        turned = balance(back.fields.select(rows.columns).rows())
        assert turned == {key: -more for key, more in balance(rows.rows()).items()}


def balance(rows: list[tuple[str, ...]]) -> dict[str, int]:
    """By key, how many rows more came than went."""
    found = dict.fromkeys((row[0] for row in rows), 0)
    for code, field, *_ in rows:
        found[code] += field.startswith("row added") - field.startswith("row removed")
    return found
