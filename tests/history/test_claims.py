"""Claims by date of service, against a judge in plain Python."""

import json
import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import polars as pl
import pytest

from cptdiff import CptdiffError
from cptdiff.impact import Claims, Named, describe_claims, judge_claims, make_seed, write_claims_sql
from cptdiff.impact.claim_files import find_columns
from cptdiff.impact.service_sql import write_form
from cptdiff.model import ValidCodes

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
Spells = dict[str, list[tuple[date, date]]]
FIRST, LAST, OPEN = date(2024, 1, 1), date(2026, 1, 1), date(9999, 12, 31)
# By code: its spells. A0002 came back, A0004 has not begun, A0005 ended before the first release.
SPELLS: Spells = {
    "A0001": [(date(2000, 1, 1), OPEN)],
    "A0002": [(date(2000, 1, 1), date(2024, 6, 30)), (date(2025, 7, 1), OPEN)],
    "A0003": [(date(2024, 4, 1), date(2025, 3, 31))],
    "A0004": [(date(2026, 4, 1), OPEN)],
    "A0005": [(date(2000, 1, 1), date(2019, 12, 31))],
}


def valid_codes(
    code_set: str = "hcpcs", spells: Spells | None = None, headers: Sequence[str] = ()
) -> ValidCodes:
    rows: list[list[Any]] = []
    for code, own in (spells or SPELLS).items():
        days = [day for spell in own for day in spell]
        rows.append([code, len(own), *days, *[None] * (6 - len(days)), "file"])
    names = ["code", "spells", "f1", "t1", "f2", "t2", "f3", "t3", "basis"]
    kinds = [pl.String, pl.Int64, *[pl.Date] * 6, pl.String]
    wide = pl.DataFrame(rows, dict(zip(names, kinds, strict=True)), orient="row")
    replaced = pl.DataFrame({"code": ["A0003"], "replaced_by": ["A0002"]})
    return ValidCodes(
        code_set, wide, pl.DataFrame({"code": [*headers]}, {"code": pl.String}), replaced,
        FIRST, LAST,
    )  # fmt: skip


def judge(path: Path, *valid: ValidCodes, keep: tuple[str, ...] = ()) -> Claims:
    return judge_claims([path], valid or [valid_codes()], Named(keep=keep))


def write(path: Path, header: str, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in (header, *lines)))
    return path


def expect(code: str, day: date | None) -> str:
    """What is wrong with a code on a day; empty where nothing is."""
    if day is None:
        return "no-date"
    if day < FIRST:
        return "out-of-range"
    spells = SPELLS.get(code)
    if spells is None:
        return "unknown"
    if any(start <= day <= end for start, end in spells):
        return ""
    if day < spells[0][0]:
        return "not-yet"
    return "ended" if day > spells[-1][1] else "gap"


def make_lines(number: int) -> list[tuple[str, str, str]]:
    """Codes and dates as files have them, good and bad, with what is right."""
    dice = random.Random(7)  # noqa: S311 - the same lines each time
    lines = []
    for _ in range(number):
        code = dice.choice([*SPELLS, "A0009", "99213", "", "  ", "99"])
        day: date | None = date(2023, 10, 1) + timedelta(days=dice.randrange(1000))
        assert day
        text = dice.choice(
            [day.isoformat()] * 6
            + [f"{day:%Y%m%d}", f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day.year}",
               f"{day:%d-%b-%Y}", f"{day:%d-%b-%Y}".upper(), f"{day} 00:00:00",
               f"{day}\t", "", "2025-02-30"]
        )  # fmt: skip
        if text in ("", "2025-02-30"):
            day = None
        around = [f" {code}", f"{code} ", f"{code}\t", f"\t {code}", f"\u00a0{code}\u00a0"]
        spelled = dice.choice([code, code, code.lower(), *around])
        if not code.strip() or code == "99213":
            right = ""
        else:
            right = "not understood" if code == "99" else expect(code, day)
        lines.append((spelled, text, right))
    return lines


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_each_line_is_judged_as_by_hand(form: str, tmp_path: Path) -> None:
    lines = make_lines(4000)
    path = tmp_path / f"claims.{form}"
    frame = pl.DataFrame(
        {"hcpcs_code": [a for a, _, _ in lines], "service_date": [b for _, b, _ in lines]}
    )
    frame.write_csv(path) if form == "csv" else frame.write_parquet(path)
    found = judge(path)
    right = {row: status for row, (_, _, status) in enumerate(lines, 1) if status}
    assert dict(found.invalid.select("row", "status").iter_rows()) == {
        row: status for row, status in right.items() if status != "not understood"
    }
    assert found.not_understood["row"].to_list() == [
        row for row, status in right.items() if status == "not understood"
    ]
    (count,) = found.counts
    assert count.rows == 4000 == sum(count[3:])
    assert count.valid == sum(1 for code, _, status in lines
                              if not status and code.strip() not in ("", "99213"))  # fmt: skip
    assert found.by_code["lines"].sum() == found.invalid.height


def test_dates_that_are_dates_are_judged_as_those_that_are_texts(tmp_path: Path) -> None:
    texts = pl.DataFrame({
        "hcpcs_code": ["A0003", "A0003", "A0002", "A0001"],
        "service_date": ["2025-03-31", "2025-04-01", "2024-12-31", None],
    })  # fmt: skip
    texts.write_parquet(tmp_path / "texts.parquet")
    days = texts.with_columns(pl.col("service_date").str.to_date())
    days.write_parquet(tmp_path / "days.parquet")
    days.with_columns(pl.col("service_date").cast(pl.Datetime).dt.offset_by("15h")).write_parquet(
        tmp_path / "moments.parquet"
    )
    found = [
        judge(tmp_path / f"{name}.parquet").invalid.drop("file").rows()
        for name in ("texts", "days", "moments")
    ]
    assert found[0] == found[1] == found[2]
    assert [row[5] for row in found[0]] == ["ended", "gap", "no-date"]


def test_a_line_without_a_date_of_its_own_has_that_of_its_claim(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.csv", "claim_id,hcpcs_code,claim_line_start_date,claim_start_date",
        "C1,A0003,,2025-04-01", "C2,A0003,2025-03-31,2025-04-01", "C3,A0003,2025-04-01,2025-03-01",
    )  # fmt: skip
    assert judge(path).invalid["claim_id"].to_list() == ["C1", "C3"]


def test_the_diagnoses_of_inpatient_bills_are_of_the_day_of_discharge(tmp_path: Path) -> None:
    diagnoses = valid_codes("icd10cm", {"A010": [(date(2024, 10, 1), OPEN)]}, ["A01"])
    path = write(
        tmp_path / "c.csv",
        "claim_id,diagnosis_code_1,diagnosis_code_2,claim_start_date,claim_end_date,bill_type_code",
        "C1,A01.0,,2024-09-28,2024-10-02,111", "C2,A010,,2024-09-28,2024-10-02,131",
        "C3,A010,A01,2024-10-05,2024-10-06,0131", "C4,A010,,2024-09-28,2024-10-02,0111",
    )  # fmt: skip
    found = judge(path, diagnoses).invalid
    assert found.select("claim_id", "position", "status", "carc").rows() == [
        ("C2", "diagnosis_code_1", "not-yet", "146"), ("C3", "diagnosis_code_2", "header", "146"),
    ]  # fmt: skip


def test_columns_without_a_release_are_named_and_not_judged(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.csv", "hcpcs_code,diagnosis_code_1,service_date", "A0003,A010,2025-06-01"
    )
    found = judge(path)
    assert found.skipped == ("c.csv: diagnosis_code_1 (diagnosis)",)
    assert found.invalid["status"].to_list() == ["ended"]


def test_only_what_names_no_patient_is_kept_unless_asked(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.csv", "CLM_ID,PATIENT,HCPCS_CD,CLM_FROM_DT", "C1,Anna,A0003,20250601"
    )
    assert judge(path).invalid.columns[:4] == ["file", "row", "CLM_ID", "position"]
    assert "PATIENT" in judge(path, keep=("patient",)).invalid.columns


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"hcpcs_code": [1], "service_date": ["2025-01-01"]}, "stores the codes of hcpcs_code"),
        ({"hcpcs_code": ["A0001"], "service_date": [20250101]}, "stores the dates of service_date"),
        ({"hcpcs_code": ["A0001"]}, "no column with the date of service"),
        ({"service_date": ["2025-01-01"]}, "no column of codes"),
        ({"diagnosis_code": ["A01"], "service_date": ["2025-01-01"]}, "codes of hcpcs"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_refused_by_name(
    columns: dict[str, list[Any]], said: str, tmp_path: Path
) -> None:
    pl.DataFrame(columns).write_parquet(tmp_path / "c.parquet")
    with pytest.raises(CptdiffError, match=said):
        judge(tmp_path / "c.parquet")


def test_a_moment_in_a_time_zone_has_no_day(tmp_path: Path) -> None:
    day = pl.Series([date(2025, 1, 1)]).cast(pl.Datetime("us", "UTC"))
    pl.DataFrame({"hcpcs_code": ["A0001"], "service_date": day}).write_parquet(
        tmp_path / "c.parquet"
    )
    with pytest.raises(CptdiffError, match="whose day depends on the place"):
        judge(tmp_path / "c.parquet")


def test_a_file_that_is_no_table_is_told_in_one_line(tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", "hcpcs_code,service_date", "A0001,2025-01-01,more,cells")
    with pytest.raises(CptdiffError, match=r"E152.*more cells than its header"):
        judge(path)


def test_a_folder_of_parts_is_one_table(tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    folder.mkdir()
    for part in "ab":
        pl.DataFrame({"hcpcs_code": ["A0001", "A0003"], "dos": ["2025-06-01"] * 2}).write_parquet(
            folder / f"part-{part}.parquet"
        )
    assert judge(folder).invalid["row"].to_list() == [2, 4]


def test_the_command_writes_lines_codes_and_counts(
    tmp_path: Path, samples: Path, cptdiff: Run, rows: Rows
) -> None:
    timeline = tmp_path / "timeline.csv"
    releases = [samples / f"hcpcs-{year}-january.zip" for year in (2026, 2027)]
    cptdiff("history", *releases, "-o", timeline)
    ended = next(
        row for row in rows(timeline)
        if row["kind"] == "code" and row["ended"] and row["valid_to"] > "2026-01-01"
    )  # fmt: skip
    day = date.fromisoformat(ended["valid_to"])
    path = write(
        tmp_path / "claims.csv", "claim_id,hcpcs,dos,charge",
        f"C1,{ended['code']},{day},10",
        f"C2,{ended['code']},{day + timedelta(days=1)},\"$1,020.50\"",
    )  # fmt: skip
    out = [tmp_path / name for name in ("invalid.csv", "by-code.csv", "summary.json")]
    given = [word for one in releases for word in ("--release", one)]
    done = cptdiff(
        "claims", path, *given, "--fail-on", "ended", *[w for o in out for w in ("-o", o)]
    )
    assert done.returncode == 1
    assert "exit code 1: 1 ended (--fail-on ended)" in done.stderr
    assert "1 line with 1 code not valid on the date of service, charged 1,020.50" in (
        " ".join(done.stdout.split())
    )
    (line,) = rows(out[0])
    assert (line["claim_id"], line["status"], line["valid_to"], line["carc"]) == (
        "C2", "ended", str(day), "181",
    )  # fmt: skip
    assert rows(out[1])[0]["charge"] == "1020.50"
    assert json.loads(out[2].read_text())["invalid"]["ended"] == 1


def run_sqlite(query: str, lines: pl.DataFrame, seed: dict[str, pl.DataFrame]) -> list[Any]:
    with closing(sqlite3.connect(":memory:")) as base:
        for name, table in {"lines": lines.with_row_index("cptdiff_row", 1), **seed}.items():
            names = ", ".join(f'"{column}"' for column in table.columns)
            marks = ", ".join("?" * table.width)
            base.execute(f"CREATE TABLE {name} ({names})")
            insert = f"INSERT INTO {name} VALUES ({marks})"  # noqa: S608 - names of ours
            base.executemany(insert, table.rows())
        base.execute("CREATE INDEX texts ON calendar (text)")
        base.execute("CREATE INDEX own ON codes (code)")
        return base.execute(query).fetchall()


def test_the_query_gives_the_same_lines_in_another_engine(tmp_path: Path) -> None:
    """With blanks, bad dates, lower case, lost zeros, codes of other sets and that came back."""
    lines = pl.DataFrame(
        {"claim_id": [f"C{n}" for n in range(1500)],
         "hcpcs_code": [code for code, _, _ in make_lines(1500)],
         "service_date": [text for _, text, _ in make_lines(1500)]}
    )  # fmt: skip
    path = tmp_path / "c.parquet"
    lines.write_parquet(path)
    gaps = ((date(2024, 7, 1), date(2024, 12, 31)), (date(2026, 5, 1), date.max))
    valid = replace(valid_codes(), gaps=gaps)
    query = write_claims_sql(path, [valid], Named())
    rows = run_sqlite(query, lines, make_seed([valid]))
    found = judge(path, valid)
    ours = {
        (row["row"], row["claim_id"], row["code"], row["date_used"], row.get("status"))
        for table in (found.invalid, found.not_understood)
        for row in table.iter_rows(named=True)
    }
    strange = set(found.not_understood["row"])
    theirs = {
        (row[0], row[1], row[3], row[4] or "", None if row[0] in strange else row[6])
        for row in rows
    }
    assert theirs == ours
    assert len(rows) == len(theirs) > 500


@pytest.mark.parametrize(
    ("code", "fits"),
    [("99213", True), ("0001F", True), ("9921", False), ("A9213", False), ("0001X", False)],
)
def test_a_form_of_codes_is_sql_without_expressions(code: str, fits: bool) -> None:  # noqa: FBT001
    form = write_form("code", "[0-9]{4}[0-9AFMTU]")
    with closing(sqlite3.connect(":memory:")) as base:
        query = f"SELECT {form} FROM (SELECT ? AS code)"  # noqa: S608 - as above
        assert base.execute(query, [code]).fetchone() == (fits,)


def test_the_command_prints_the_query_and_writes_its_tables(
    tmp_path: Path, samples: Path, cptdiff: Run
) -> None:
    path = write(tmp_path / "c.csv", "claim_id,hcpcs,dos", "C1,A0001,2026-06-01")
    codes = tmp_path / "codes.csv"
    release = samples / "hcpcs-2027-january.zip"
    done = cptdiff("claims", path, "--release", release, "--sql", "-o", codes)
    assert done.returncode == 0
    assert done.stdout.startswith("SELECT used.cptdiff_row, used.keep_1, 'hcpcs' AS code_column")
    assert codes.read_text().startswith("billed_as,code,spells,f1,t1")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--sql", "--engine", "polars"), "--engine does nothing with --sql"),
        (("--sql", "--fail-on", "ended"), "--fail-on does nothing with --sql"),
        (("--timeline", "wide.csv", "--date", "foo.zip=2018-01-01"), "--date is for files"),
    ],
)
def test_options_that_would_do_nothing_are_refused(
    options: tuple[str, ...], said: str, tmp_path: Path, cptdiff: Run
) -> None:
    path = write(tmp_path / "c.csv", "claim_id,hcpcs,dos", "C1,A0001,2026-06-01")
    done = cptdiff("claims", path, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_each_code_set_has_a_first_release_of_its_own(tmp_path: Path) -> None:
    older = valid_codes("cpt", {"00991": [(date(2020, 1, 1), OPEN)]})
    newer = replace(valid_codes(), first=date(2025, 1, 1))
    path = write(
        tmp_path / "c.csv", "hcpcs,dos", "00991,2024-06-01", "A0001,2024-06-01", "A0009,2024-06-01"
    )
    assert judge(path, older, newer).invalid.select("code", "status").rows() == [
        ("A0001", "out-of-range"), ("A0009", "out-of-range"),
    ]  # fmt: skip


def test_a_decimal_number_is_no_code_and_stands_as_it_is(tmp_path: Path) -> None:
    codes = valid_codes("cpt", {"16240": [(date(2020, 1, 1), OPEN)]})
    path = write(tmp_path / "c.csv", "cpt,dos", "1624.0,2025-06-01")
    assert judge(path, codes).not_understood["code"].to_list() == ["1624.0"]


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", "hcpcs,hcpcs,dos", "A0001,A0003,2025-06-01")
    with pytest.raises(CptdiffError, match=r"E162.*two columns hcpcs"):
        judge(path)


def test_a_line_is_charged_once_and_parentheses_are_less_than_nothing(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.csv", "hcpcs_1,hcpcs_2,dos,charge", 'A0003,A0005,2025-06-01,"1,000.10"',
        "A0003,,2025-06-01,(50.00)", "A0003,,,7",
    )  # fmt: skip
    found = judge(path)
    # The last line has no date: nothing says that it will be denied.
    assert found.cents == 95010
    assert dict(zip(found.invalid["status"], found.invalid["carc"], strict=True)) == {
        "ended": "181", "no-date": "",
    }  # fmt: skip


def test_what_a_message_says_quotes_no_cell(tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", "patient,hcpcs,dos", '"SMITH,A0003,2025-06-01')
    with pytest.raises(CptdiffError) as caught:
        judge(path)
    assert "SMITH" not in str(caught.value)


@pytest.mark.parametrize("name", ["status", "code", "date_used", "limit", "interval", "a b", "Ü"])
def test_a_column_to_keep_may_have_any_name(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", f"{name},hcpcs,dos", "mine,A0003,2025-06-01")
    (row,) = judge(path, keep=(name,)).invalid.iter_rows(named=True)
    assert row.get(f"{name} (claim)", row.get(name, "")) == "mine"
    assert row["status"] == "ended"


def test_moments_and_days_of_one_digit_are_dates(tmp_path: Path) -> None:
    texts = ["2025-03-31 14:30:00", "2025-03-31T00:00:00Z", "3/31/2025", "2025/03/31", "31MAR2025"]
    path = write(tmp_path / "c.csv", "hcpcs,dos", *(f"A0003,{text}" for text in texts))
    assert judge(path).counts[0].valid == len(texts)


def test_the_last_day_of_an_inpatient_claim_is_the_first_that_is_filled(tmp_path: Path) -> None:
    codes = valid_codes("icd10cm", {"A010": [(date(2020, 10, 1), date(2024, 9, 30))]})
    header = "diagnosis_code_1,claim_start_date,discharge_date,claim_end_date"
    path = write(
        tmp_path / "c.csv", f"{header},CLM_FAC_TYPE_CD,CLM_SRVC_CLSFCTN_TYPE_CD",
        "A010,2024-09-01,,2024-10-31,2,1", "A010,2024-09-01,,2024-10-31,1,3",
    )  # fmt: skip
    assert judge(path, codes).invalid["row"].to_list() == [1]


def test_codes_have_their_dot_for_people_only(tmp_path: Path) -> None:
    codes = valid_codes("icd10cm", {"A0101": [(date(2020, 10, 1), date(2024, 9, 30))]})
    codes = replace(codes, replacements=pl.DataFrame({"code": ["A0101"], "replaced_by": ["A0102"]}))
    path = write(tmp_path / "c.csv", "dx1,dos", "A01.01,2025-06-01")
    found = judge(path, codes)
    assert "  A01.01: 1 ended, now A01.02" in [*describe_claims(found)]
    assert found.by_code.select("code", "replacements").rows() == [("A0101", "A0102")]


def test_a_code_that_became_a_header_is_told_as_one(tmp_path: Path) -> None:
    codes = valid_codes("icd10cm", {"A010": [(date(2020, 10, 1), date(2024, 9, 30))]}, ["A010"])
    path = write(tmp_path / "c.csv", "dx1,dos", "A010,2025-06-01")
    assert judge(path, codes).invalid["status"].to_list() == ["header"]


def test_folders_that_name_a_column_and_files_of_patterns_are_taken_as_they_are(
    tmp_path: Path,
) -> None:
    for day in ("2025-03-31", "2025-04-01"):
        folder = tmp_path / "claims" / f"dos={day}"
        folder.mkdir(parents=True)
        pl.DataFrame({"hcpcs": ["A0003"]}).write_parquet(folder / "part.parquet")
    assert judge(tmp_path / "claims").invalid["date_used"].to_list() == ["2025-04-01"]
    odd = write(tmp_path / "a[1].csv", "hcpcs,dos", "A0003,2025-04-01")
    assert judge(odd).invalid.height == 1


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    files = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        files.append(write(tmp_path / folder / "c.csv", "hcpcs,dos", "A0003,2025-04-01"))
    found = judge_claims(files, [valid_codes()], Named())
    assert found.invalid["file"].to_list() == ["a/c.csv", "b/c.csv"]


# Two years with a gap of three before the last one; B00 begins and B01 ends in the gap.
ORDER = {2018: ("A01", "B01"), 2019: ("A01", "B01"), 2023: ("A01", "B00")}


@pytest.fixture
def orders(tmp_path: Path) -> list[Path]:
    paths = []
    for year, codes in ORDER.items():
        path = tmp_path / f"icd10cm_order_{year}.txt"
        titles = [*codes, *(f"C{number:02}" for number in range(40))]
        lines = [f"{at:05} {c:<7} 1 {c:<60} {c}" for at, c in enumerate(titles, 1)]
        path.write_text("".join(f"{line}\r\n" for line in lines))
        paths.append(path)
    return paths


def test_a_timeline_gives_the_answers_of_its_releases(
    orders: list[Path], tmp_path: Path, samples: Path, cptdiff: Run
) -> None:
    hcpcs = [samples / f"hcpcs-{year}-january.zip" for year in (2026, 2027)]
    claims = tmp_path / "claims.csv"
    codes = pl.concat([pl.Series(["A01", "B00", "B01", "Z99"])] * 8)
    days = [date(2018, 4, 1) + timedelta(days=97 * at) for at in range(32)]
    pl.DataFrame({"dx1": codes, "hcpcs": ["A0021", "E0100"] * 16, "dos": days}).write_csv(claims)
    releases = [word for path in (*orders, *hcpcs) for word in ("--release", path)]
    names = ("invalid.csv", "by-code.csv", "summary.json")
    outputs = [word for name in names for word in ("-o", tmp_path / name)]
    assert cptdiff("claims", claims, *releases, *outputs).returncode == 0
    right = [(tmp_path / name).read_bytes() for name in names]
    for form in ("timeline.csv", "timeline.parquet", "wide.csv", "wide.parquet"):
        stored = []
        for code_set, given in (("icd10cm", orders), ("hcpcs", hcpcs)):
            (tmp_path / code_set).mkdir(exist_ok=True)
            stored += ["--timeline", tmp_path / code_set / form]
            cptdiff("history", *given, "-o", stored[-1])
        done = cptdiff("claims", claims, *stored, *outputs)
        assert done.returncode == 0, done.stderr
        assert "- not covered: no release from 2019-10-01 to 2022-09-30" in done.stdout
        assert [(tmp_path / name).read_bytes() for name in names] == right, form


def test_a_code_that_moved_in_a_gap_between_releases_is_not_judged_there(
    orders: list[Path], tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    claims = write(
        tmp_path / "claims.csv", "dx1,dos",
        "A01,2021-06-01",  # before and after it: valid
        "B00,2019-09-30",  # a year after a release that does not have it
        "B00,2019-10-01", "B00,2022-09-30", "B00,2022-10-01",
        "B01,2019-09-30", "B01,2019-10-01", "B01,2022-09-30", "B01,2022-10-01",
        "Z99,2019-09-30", "Z99,2021-06-01", "Z99,2023-03-31", "Z99,2023-04-01",
        "A01,2030-06-01",
    )  # fmt: skip
    out = tmp_path / "invalid.csv"
    given = [word for path in orders for word in ("--release", path)]
    done = cptdiff("claims", claims, *given, "-o", out)
    assert "  B01: 1 ended" in done.stdout
    assert [(int(row["row"]), row["status"], row["carc"]) for row in rows(out)] == [
        (2, "not-yet", "146"), (3, "out-of-range", ""), (4, "out-of-range", ""),
        (7, "out-of-range", ""), (8, "out-of-range", ""), (9, "ended", "146"),
        (10, "unknown", "146"), (11, "out-of-range", ""), (12, "unknown", "146"),
        (13, "out-of-range", ""),
    ]  # fmt: skip
    assert "not judged: 6 lines of a day that the releases do not cover" in done.stdout


@pytest.mark.parametrize(
    ("form", "change", "said"),
    [
        ("wide.csv", ("2017-10-01,", "10/1/2017,"), "another value in f1"),
        ("timeline.csv", (",1,2017-10-01,", ",one,2017-10-01,"), "another value in spell"),
        ("wide.csv", ("icd10cm,code,C01", "icd10cm,code,1"), "1, which is no code of ICD-10-CM"),
        ("wide.csv", ("icd10cm,code,C01", "icd11,code,C01"), "the code set icd11"),
        ("wide.csv", ("covered", "other"), "no column covered"),
        ("timeline.csv", ("2022-10-01/2022-10-01", "x"), "which days its releases cover"),
    ],
)
def test_a_timeline_that_was_changed_is_refused(
    form: str, change: tuple[str, str], said: str, orders: list[Path], cptdiff: Run
) -> None:
    path = orders[0].with_name(form)
    claims = write(path.with_name("claims.csv"), "dx1,dos", "A01,2018-06-01")
    cptdiff("history", *orders, "-o", path)
    path.write_text(path.read_text().replace(*change))
    done = cptdiff("claims", claims, "--timeline", path)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_timeline_tells_that_a_release_was_not_whole(
    orders: list[Path], tmp_path: Path, cptdiff: Run
) -> None:
    with orders[0].open("a") as stream:
        stream.write(f"00099 {'A!1':<7} 1 {'Bad':<60} Bad\r\n")
    claims = write(tmp_path / "claims.csv", "dx1,dos", "A01,2018-06-01")
    assert cptdiff("history", *orders, "-o", tmp_path / "wide.csv").returncode == 3
    given = [word for path in orders for word in ("--release", path)]
    for words in (given, ["--timeline", tmp_path / "wide.csv"]):
        done = cptdiff("claims", claims, *words)
        assert done.returncode == 3
        assert "exit code 3: icd10cm_order_2018.txt: 1 row was excluded" in done.stderr


def test_one_code_set_has_one_history(orders: list[Path], tmp_path: Path, cptdiff: Run) -> None:
    claims = write(tmp_path / "claims.csv", "dx1,dos", "A01,2018-06-01")
    wide = tmp_path / "wide.csv"
    cptdiff("history", *orders, "-o", wide)
    both = cptdiff("claims", claims, "--timeline", wide, "--release", orders[0])
    assert "--timeline: has ICD-10-CM, as the releases have. Fix: give one of them" in both.stderr
    none = cptdiff("claims", claims, "--library", tmp_path / "none")
    assert none.returncode == 2
    assert "none: is not a library of releases. Fix: give paths of releases" in none.stderr
    cptdiff("history", *orders, "--as-of", "2018-01-01", "-o", wide)
    day = cptdiff("claims", claims, "--timeline", wide)
    assert "has the codes of one day only" in day.stderr


@pytest.mark.parametrize(
    "text",
    [
        '"Charge, in dollars";"HCPCS";"DOS";"Name, first, last"\n1;A0003;2025-04-01;x\n',
        "HCPCS;DOS;Charge, in dollars, of the line, and no more\nA0003;2025-04-01;1\n",
        'HCPCS|DOS|"Note, of several\nlines"\nA0003|2025-04-01|"a, b,\nc, d"\n',
        "HCPCS\tDOS\nA0003\t2025-04-01\n",
        'Note,HCPCS,DOS\n"a; b; c; d",A0003,2025-04-01\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_text_table_is_read_by_its_own_separator_and_encoding(
    text: str, encoding: str, tmp_path: Path
) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path = tmp_path / "claims.csv"
    path.write_bytes(mark + text.encode(encoding))
    assert judge(path).invalid.select("row", "status").rows() == [(1, "ended")]


def test_wide_text_without_a_mark_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes("hcpcs,dos\nA0003,2025-04-01\n".encode("utf-16-le"))
    with pytest.raises(CptdiffError, match=r"E141"):
        judge(tmp_path / "c.csv")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_table_without_lines_is_refused(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"c.{form}"
    frame = pl.DataFrame(schema={"hcpcs": pl.String, "dos": pl.String})
    frame.write_csv(path) if form == "csv" else frame.write_parquet(path)
    with pytest.raises(CptdiffError, match=r"E111.*has a header but no lines"):
        judge(path)


# Headers as the models write them, with what their columns are.
MODELS: dict[str, tuple[list[str], dict[str, str], list[str]]] = {
    "Tuva medical_claim": (
        ["claim_id", "claim_line_number", "claim_type", "patient_id", "member_id",
         "claim_start_date", "claim_end_date", "claim_line_start_date", "claim_line_end_date",
         "admission_date", "discharge_date", "discharge_disposition_code", "bill_type_code",
         "ms_drg_code", "revenue_center_code", "hcpcs_code", "hcpcs_modifier_1", "paid_amount",
         "charge_amount", "diagnosis_code_type", *(f"diagnosis_code_{n}" for n in range(1, 26)),
         *(f"diagnosis_poa_{n}" for n in range(1, 26)), "procedure_code_type",
         *(f"procedure_code_{n}" for n in range(1, 26)),
         *(f"procedure_date_{n}" for n in range(1, 26))],
        {"hcpcs_code": "procedure", **{f"diagnosis_code_{n}": "diagnosis" for n in range(1, 26)},
         **{f"procedure_code_{n}": "inpatient procedure" for n in range(1, 26)}},
        ["claim_line_start_date", "claim_start_date", "discharge_date", "claim_end_date"],
    ),
    "OMOP procedure_occurrence": (
        ["procedure_occurrence_id", "person_id", "procedure_concept_id", "procedure_date",
         "procedure_datetime", "procedure_end_date", "procedure_type_concept_id",
         "modifier_concept_id", "quantity", "provider_id", "visit_occurrence_id",
         "procedure_source_value", "procedure_source_concept_id", "modifier_source_value"],
        {"procedure_source_value": "inpatient procedure"}, ["procedure_date"],
    ),
    "OMOP condition_occurrence": (
        ["condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date",
         "condition_start_datetime", "condition_end_date", "condition_type_concept_id",
         "condition_status_concept_id", "stop_reason", "condition_source_value",
         "condition_source_concept_id", "condition_status_source_value"],
        {"condition_source_value": "diagnosis"}, ["condition_start_date"],
    ),
    "DE-SynPUF outpatient": (
        ["DESYNPUF_ID", "CLM_ID", "SEGMENT", "CLM_FROM_DT", "CLM_THRU_DT", "PRVDR_NUM",
         "CLM_PMT_AMT", "AT_PHYSN_NPI", *(f"ICD9_DGNS_CD_{n}" for n in range(1, 11)),
         *(f"ICD9_PRCDR_CD_{n}" for n in range(1, 7)), "NCH_BENE_PTB_DDCTBL_AMT",
         "ADMTNG_ICD9_DGNS_CD", *(f"HCPCS_CD_{n}" for n in range(1, 46))],
        {**{f"HCPCS_CD_{n}": "procedure" for n in range(1, 46)},
         **{f"ICD9_DGNS_CD_{n}": "ICD-9" for n in range(1, 11)},
         **{f"ICD9_PRCDR_CD_{n}": "ICD-9" for n in range(1, 7)}, "ADMTNG_ICD9_DGNS_CD": "ICD-9"},
        ["CLM_FROM_DT", "CLM_THRU_DT"],
    ),
    "RIF carrier": (
        ["BENE_ID", "CLM_ID", "CLM_FROM_DT", "CLM_THRU_DT", "PRNCPAL_DGNS_CD",
         "PRNCPAL_DGNS_VRSN_CD", "ICD_DGNS_CD1", "ICD_DGNS_VRSN_CD1", "LINE_NUM",
         "LINE_1ST_EXPNS_DT", "LINE_LAST_EXPNS_DT", "HCPCS_CD", "HCPCS_1ST_MDFR_CD",
         "LINE_SBMTD_CHRG_AMT", "LINE_ICD_DGNS_CD", "LINE_ICD_DGNS_VRSN_CD"],
        {"PRNCPAL_DGNS_CD": "diagnosis", "ICD_DGNS_CD1": "diagnosis", "HCPCS_CD": "procedure",
         "LINE_ICD_DGNS_CD": "diagnosis"},
        ["LINE_1ST_EXPNS_DT", "CLM_FROM_DT", "CLM_THRU_DT"],
    ),
    "RIF inpatient": (
        ["BENE_ID", "CLM_ID", "CLM_FROM_DT", "CLM_THRU_DT", "CLM_FAC_TYPE_CD",
         "CLM_SRVC_CLSFCTN_TYPE_CD", "CLM_ADMSN_DT", "NCH_BENE_DSCHRG_DT", "ADMTG_DGNS_CD",
         "PRNCPAL_DGNS_CD", "ICD_DGNS_CD25", "FST_DGNS_E_CD", "ICD_DGNS_E_CD12",
         "ICD_PRCDR_CD25", "PRCDR_DT25", "CLM_LINE_NUM", "REV_CNTR", "HCPCS_CD",
         "REV_CNTR_TOT_CHRG_AMT"],
        {**dict.fromkeys(("ADMTG_DGNS_CD", "PRNCPAL_DGNS_CD", "ICD_DGNS_CD25", "FST_DGNS_E_CD",
                          "ICD_DGNS_E_CD12"), "diagnosis"),
         "ICD_PRCDR_CD25": "inpatient procedure", "HCPCS_CD": "procedure"},
        ["CLM_FROM_DT", "NCH_BENE_DSCHRG_DT", "CLM_THRU_DT"],
    ),
    "BFD claim lines": (
        ["CLM_UNIQ_ID", "CLM_LINE_NUM", "CLM_FROM_DT", "CLM_LINE_FROM_DT", "CLM_LINE_THRU_DT",
         "CLM_LINE_HCPCS_CD", "HCPCS_1_MDFR_CD", "CLM_LINE_SBMT_CHRG_AMT"],
        {"CLM_LINE_HCPCS_CD": "procedure"}, ["CLM_LINE_FROM_DT", "CLM_FROM_DT"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_the_columns_of_common_models_are_found(model: str) -> None:
    names, codes, dates = MODELS[model]
    found = find_columns("c.csv", names, Named())
    assert dict(found.codes) == codes
    assert list(found.dates) == dates


CPT, CM = "http://www.ama-assn.org/go/cpt", "http://hl7.org/fhir/sid/icd-10-cm"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
PCS, ICD = "http://www.cms.gov/Medicare/Coding/ICD10", "http://hl7.org/fhir/sid/icd-10"


def concept(*codings: tuple[str, str]) -> dict[str, Any]:
    """A concept of FHIR; a coding without a system says none."""
    return {"coding": [{"system": s, "code": c} if s else {"code": c} for s, c in codings]}


def stay() -> dict[str, Any]:
    """An inpatient stay over the first of October, as CARIN payers give it."""
    admission = {"start": "2024-09-28", "end": "2024-10-02T10:00:00-05:00"}
    return {
        "resourceType": "ExplanationOfBenefit", "id": "stay", "patient": {"reference": "Patient/1"},
        "type": concept(("http://terminology.hl7.org/CodeSystem/claim-type", "institutional")),
        "subType": concept(("C4BBInstitutionalClaimSubType", "inpatient")),
        "billablePeriod": {"start": "2024-09-28", "end": "2024-10-05"},
        "supportingInfo": [
            {"sequence": 1, "category": concept(("", "clmrecvddate")), "timingDate": "2024-11-01"},
            {"category": concept(("", "admissionperiod")), "timingPeriod": admission},
        ],
        "diagnosis": [
            {"sequence": 1, "diagnosisCodeableConcept": concept((CM, "A01.0"), (ICD, "A010"))},
            {"sequence": 2, "diagnosisCodeableConcept": concept((f"{ICD[:-2]}9-cm", "4019"))},
        ],
        "procedure": [{"sequence": 1, "date": "2024-09-29T00:00:00+00:00",
                       "procedureCodeableConcept": concept((PCS, "0DTJ4ZZ"), (ICD, "0DTJ4ZZ"))}],
        "item": [{"sequence": 1, "productOrService": concept(("absent", "not-applicable"))}],
    }  # fmt: skip


def visit(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - what FHIR has
    """A visit with two items."""
    submitted = {"category": concept(("", "submitted")), "amount": {"value": 12.25}}
    paid = {"category": concept(("", "benefit")), "amount": {"value": 1}}
    period = {"start": "2025-03-31", "end": "2025-04-01"}
    items = [
        {"sequence": 1, "productOrService": concept((HCPCS, "A0003"), ("local", "X")),
         "servicedDate": "2025-04-01", "adjudication": [paid, submitted], "net": {"value": 7}},
        {"sequence": 2, "productOrService": concept(("", "A0003")), "servicedPeriod": period},
        {"sequence": 3, "service": concept((HCPCS, "A0003")), "net": {"value": 7.5}},
    ]  # fmt: skip
    return {"resourceType": "ExplanationOfBenefit", "id": "visit", "item": items,
            "billablePeriod": {"start": "2025-04-02"}, **more}  # fmt: skip


def write_resources(path: Path, *resources: dict[str, Any]) -> Path:
    return write(path, *map(json.dumps, ({"resourceType": "Patient", "id": "1"}, *resources)))


def test_explanations_of_benefit_are_judged_by_their_elements(tmp_path: Path) -> None:
    path = write_resources(tmp_path / "eob.ndjson", stay(), visit())
    # Both are judged by the day of discharge; the procedure was valid on its own day.
    cm = valid_codes("icd10cm", {"A010": [(date(2024, 10, 1), date(2024, 10, 4))]})
    pcs = valid_codes("icd10pcs", {"0DTJ4ZZ": [(date(2020, 1, 1), date(2024, 9, 30))]})
    found = judge(path, valid_codes(), cm, pcs)
    keys = ("claim_id", "resource_line", "element", "element_sequence", "status", "date_used")
    assert found.invalid.select(keys).rows() == [
        ("stay", "2", "procedure", "1", "ended", "2024-10-02"),
        ("visit", "3", "item", "1", "ended", "2025-04-01"),
        ("visit", "3", "item", "3", "ended", "2025-04-02"),
    ]
    assert found.cents == 1225 + 750
    counts = {one.column: (one.rows, one.blank, one.valid, one.invalid) for one in found.counts}
    assert counts == {
        "diagnosis_code": (7, 6, 1, 0), "icd10pcs_code": (7, 6, 0, 1), "hcpcs_code": (7, 4, 1, 2),
    }  # fmt: skip


def test_the_type_of_bill_of_a_resource_decides_where_it_is_one(tmp_path: Path) -> None:
    cm = valid_codes("icd10cm", {"A010": [(date(2024, 10, 1), OPEN)]})
    bill = {"category": concept(("", "typeofbill")), "code": concept(("", "131"))}
    outpatient = stay() | {"id": "out", "supportingInfo": [bill]}
    path = write_resources(tmp_path / "eob.ndjson", outpatient)
    assert judge(path, cm).invalid.select("claim_id", "status").rows() == [("out", "not-yet")]


@pytest.mark.parametrize(
    ("amounts", "cents"),
    [
        (
            [("submitted", "rev_cntr_rate_amt", 5), ("submitted", "rev_cntr_tot_chrg_amt", 9.85)],
            985,
        ),
        ([("submitted", "line_sbmtd_chrg_amt", 12), ("benefit", "line_nch_pmt_amt", 3)], 1200),
        ([("submitted", "a", 5), ("submitted", "b", 6)], 0),
        ([("benefit", "a", 5)], 0),
    ],
)
def test_the_charge_of_an_item_is_what_blue_button_calls_so(
    amounts: list[tuple[str, str, float]], cents: int, tmp_path: Path
) -> None:
    variables = "https://bluebutton.cms.gov/resources/variables"
    parts = [
        {"category": concept(("", kind), ("", f"{variables}/{name}")), "amount": {"value": value}}
        for kind, name, value in amounts
    ]
    item = {"productOrService": concept((HCPCS, "A0003")), "adjudication": parts}
    path = write_resources(tmp_path / "eob.ndjson", visit(item=[item]))
    assert judge(path).cents == cents


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '{"resourceType": "ExplanationOfBenefit", "id": ',
            "E215.* eob.ndjson:1: is not a resource of FHIR",
        ),
        ('{"resourceType": "ExplanationOfBenefit", "item": {"a": 1}}', "E215"),
        ('{"resourceType": "Claim", "id": "1"}', "E163.*without items, diagnoses and procedures"),
        ('{"resourceType": "Patient", "name": "SMITH"}', "E163.*holds no claim of FHIR"),
        ("[]", "E215"),
    ],
)
def test_what_is_no_claim_of_fhir_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = write(tmp_path / "eob.ndjson", text)
    with pytest.raises(CptdiffError, match=said) as caught:
        judge(path)
    assert "SMITH" not in str(caught.value)


def test_other_resources_of_any_shape_are_passed_over(tmp_path: Path) -> None:
    encounter = {"resourceType": "Encounter", "id": 7, "type": [{"coding": []}], "item": "A0003"}
    path = write_resources(tmp_path / "eob.ndjson", encounter, visit(), encounter)
    rows = judge(path).invalid.select("resource_line", "element_sequence").rows()
    assert rows == [("3", "1"), ("3", "3")]


def test_a_broken_line_among_many_is_told_by_its_number(tmp_path: Path) -> None:
    lines = [json.dumps(visit())] * 1_200
    lines[1_099] = lines[1_099][:-5]
    path = write(tmp_path / "eob.ndjson", *lines)
    with pytest.raises(CptdiffError, match=r"E215.* eob\.ndjson:1100: "):
        judge(path)


def test_codes_in_the_details_of_items_and_in_added_items_are_judged(tmp_path: Path) -> None:
    group, code = concept(("local", "group")), concept((HCPCS, "A0003"))
    inner = {"sequence": 3, "productOrService": code}
    detail = {"sequence": 2, "productOrService": code, "net": {"value": 4}, "subDetail": [inner]}
    item = {"sequence": 1, "productOrService": group, "servicedDate": "2025-04-01",
            "net": {"value": 9}, "detail": [{"sequence": 1}, detail]}  # fmt: skip
    added = {"productOrService": group, "detail": [{"productOrService": code}]}
    path = write_resources(tmp_path / "eob.ndjson", visit(item=[item], addItem=[added]))
    found = judge(path)
    assert found.invalid.select("element", "element_sequence", "status", "date_used").rows() == [
        ("item.detail", "1.2", "ended", "2025-04-01"),
        ("item.detail.subDetail", "1.2.3", "ended", "2025-04-01"),
        ("addItem.detail", "", "ended", "2025-04-02"),
    ]
    # The item, whose charge holds those of its details, has no code.
    assert found.cents == 0


def test_procedures_of_omop_are_of_all_code_sets(tmp_path: Path) -> None:
    names = ["procedure_occurrence_id", "procedure_date", "procedure_source_value"]
    both = [("procedure_source_value", "procedure"),
            ("procedure_source_value", "inpatient procedure")]  # fmt: skip
    assert [*find_columns("c.csv", names, Named()).codes] == both
    named = Named(codes=("procedure_source*",))
    assert [*find_columns("c.csv", names, named).codes] == both
    path = write(
        tmp_path / "c.csv", ",".join(names), "1,2025-04-01,A0003", "2,2025-04-01,0DTJ4ZZ",
        "3,2025-04-01,A0001", "4,2025-04-01,0DTJ4ZX", "5,2025-04-01,?", "6,2025-04-01,99213",
    )  # fmt: skip
    pcs = valid_codes("icd10pcs", {"0DTJ4ZZ": [(date(2020, 1, 1), date(2024, 9, 30))],
                                   "0DTJ4ZX": [(date(2020, 1, 1), OPEN)]})  # fmt: skip
    found = judge(path, valid_codes(), pcs)
    assert found.invalid.select("row", "code_set", "status", "carc").rows() == [
        (1, "hcpcs", "ended", "181"), (2, "icd10pcs", "ended", "181"),
    ]  # fmt: skip
    # Each counts the codes of the other one, and of CPT, apart; neither understands "?".
    assert [one[2:] for one in found.counts] == [(6, 0, 3, 1, 1, 0, 1), (6, 0, 3, 1, 1, 0, 1)]
    assert found.not_understood["row"].to_list() == [5]
    told = [line.partition(":")[0] for line in describe_claims(found) if "6 lines" in line]
    name = "c.csv, procedure_source_value as"
    assert told == [f"{name} HCPCS Level II", f"{name} ICD-10-PCS"]


def test_releases_that_no_column_needs_are_not_told(
    tmp_path: Path, samples: Path, orders: list[Path], cptdiff: Run
) -> None:
    path = write(tmp_path / "c.csv", "claim_id,hcpcs,dos", "C1,A0100,2026-12-27")
    releases = (samples / "hcpcs-2027-january.zip", *orders)
    done = cptdiff("claims", path, *(x for one in releases for x in ("--release", one)))
    assert "HCPCS Level II: releases of 2027-01-01" in done.stdout
    assert "ICD-10-CM" not in done.stdout


def test_columns_of_icd9_are_told_and_not_judged(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.csv", "CLM_ID,CLM_FROM_DT,ICD9_DGNS_CD_1,HCPCS_CD_1,HCPCS_CD_2",
        "1,20250401,4019,A0001,A0003",
    )  # fmt: skip
    found = judge(path)
    assert found.skipped == ("c.csv: ICD9_DGNS_CD_1 (ICD-9)",)
    assert found.invalid.select("CLM_ID", "position", "date_used", "status").rows() == [
        ("1", "HCPCS_CD_2", "20250401", "ended")
    ]


def test_many_columns_of_text_are_judged_as_those_of_parquet(tmp_path: Path) -> None:
    """Blank cells, codes of other sets in both cases, and dates that make a steady code odd."""
    diagnoses = valid_codes("icd10cm", {"A010": [(date(2020, 10, 1), OPEN)]}, ["A01"])
    lines = make_lines(600)
    frame = pl.DataFrame(
        {f"hcpcs_{number}": [lines[(row * number) % 600][0] for row in range(600)]
         for number in (1, 7, 11)}
        | {f"dx{number}": [("A01.0", "a010", "A01", "", "7")[(row + number) % 5]
                           for row in range(600)] for number in range(1, 26)}
        | {"dos": [text for _, text, _ in lines], "patient": ["Anna, B."] * 600}
    )  # fmt: skip
    frame.write_csv(tmp_path / "c.csv")
    frame.write_parquet(tmp_path / "c.parquet")
    found = [judge(tmp_path / f"c.{kind}", valid_codes(), diagnoses) for kind in ("csv", "parquet")]
    for tables in zip(*((one.invalid, one.not_understood) for one in found), strict=True):
        assert tables[0].drop("file").equals(tables[1].drop("file"))
    assert [count[1:] for count in found[0].counts] == [count[1:] for count in found[1].counts]
    assert len(found[0].counts) == 28
    for count in found[0].counts:
        cells = frame[count.column].str.strip_chars()
        assert count.rows == 600 == sum(count[3:])
        assert count.blank == (cells == "").sum()
        assert count.other == (cells == "99213").sum()


def test_nothing_is_left_of_what_was_set_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    judge(write(tmp_path / "c.csv", "hcpcs,dos", "A0003,2025-06-01"))
    with pytest.raises(CptdiffError, match="E152"):
        judge(write(tmp_path / "d.csv", "hcpcs,dos", "A0001,2025-01-01,more,cells"))
    assert not [*room.iterdir()]


def test_a_disk_without_room_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("parquet: No space left on device (os error 28)")

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", fail)
    path = write(tmp_path / "c.csv", "hcpcs,dos", "A0003,2025-06-01")
    with pytest.raises(CptdiffError, match="free some space, or name a folder in TMPDIR") as caught:
        judge(path)
    assert caught.value.exit_code == 4


def test_a_folder_has_all_files_and_the_proof_of_what_was_read(
    tmp_path: Path, orders: list[Path], cptdiff: Run
) -> None:
    claims = write(tmp_path / "claims.csv", "dx1,dos", "A01,2018-03-01", "Z99,2018-03-01", "?,")
    out = tmp_path / "claims-2018"
    done = cptdiff("claims", claims, "--release", orders[0], "-o", out, "--stamp", "0")
    assert done.returncode == 3
    assert {one.name for one in out.iterdir()} == {
        "invalid.csv", "invalid.parquet", "by-code.csv", "not-understood.csv", "summary.json",
        "manifest.json", "summary.txt",
    }  # fmt: skip
    run = json.loads((out / "manifest.json").read_text())["predicate"]
    read = {(one["option"], one["file"], one["size"]) for one in run["inputs"]}
    assert read == {
        ("FILE", "claims.csv", claims.stat().st_size),
        ("--release", "icd10cm_order_2018.txt", orders[0].stat().st_size),
    }
    assert run["notes"] == ["ICD-10-CM: releases of 2017-10-01"]
    assert (run["verdict"], run["stamp"]) == (
        "1 line with 1 code not valid on the date of service: 1 unknown", "1970-01-01T00:00:00Z",
    )  # fmt: skip
    text = " ".join((out / "summary.txt").read_text().split())
    assert text.startswith(f"Claims: {run['verdict']}. Cells not understood: 1;")
    assert str(tmp_path) not in (out / "manifest.json").read_text()
    assert cptdiff("verify", out).returncode == 0
    again = cptdiff("verify", out, "--against", orders[0], orders[1])
    assert "is of claims, not of two releases" in again.stderr
    # A row that is taken out is found, with a manifest that was made to fit too.
    invalid = out / "invalid.csv"
    invalid.write_text(invalid.read_text().splitlines(keepends=True)[0])
    told = cptdiff("verify", out)
    assert told.returncode == 1
    assert "invalid.csv: has 0 rows; manifest.json states 1" in told.stdout


def test_two_runs_write_the_same_folder(tmp_path: Path, orders: list[Path], cptdiff: Run) -> None:
    claims = write(tmp_path / "claims.csv", "dx1,dos", "A01,2018-06-01", "Z99,2018-06-01")
    for name in ("one", "two"):
        cptdiff("claims", claims, "--release", orders[0], "-o", f"{tmp_path / name}/")
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two
    refused = cptdiff("claims", claims, "--release", orders[0], "-o", tmp_path / "x.docx")
    assert (refused.returncode, "E001" in refused.stderr) == (2, True)
