"""What a review in the cold found: each once lost or invented a code."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from cptdiff import CodeSet, CptdiffError
from cptdiff.comparison import compare as diff
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading

Written = Callable[[str, dict[str, str]], Path]
LONG = "00100\tPolish\r\n00102\tGrind\r\n"
CONSUMER = "Concept Id\tCPT Code\tConsumer Friendly Descriptor\r\n1\t00100\tplain\r\n"
PLA = '<plaCodes><plaCode cdCode="0001U" cdId="9"><cdDesc>Test</cdDesc></plaCode></plaCodes>'
HEADER = ["HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "TERM DT"]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(name: str, files: dict[str, str]) -> Path:
        for file, text in files.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return tmp_path / name

    return write


def workbook(path: Path, rows: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADER, *rows]):
            sheet.write_row(number, 0, row)
    return path


def test_a_consumer_text_makes_no_pla_code(written: Written) -> None:
    told = {"LONGULT.txt": LONG, "ConsumerDescriptor.txt": CONSUMER + "2\t0001U\tplain\r\n"}
    changes = diff(load(written("a", told)), load(written("b", {**told, "CPTPLA": PLA})))
    assert (changes.added.height, changes.deleted.height) == (0, 0)
    assert any("PLA codes" in str(note) for note in changes.notes)
    assert any("ConsumerDescriptor" in str(note) for note in changes.previous.notes)


def test_a_stray_row_of_a_workbook_is_set_aside_and_joins_no_neighbor(tmp_path: Path) -> None:
    rows = [["A0001", "00100", "3", "Polish", "POLISH", ""], ["A0009", "00200", "4", "tail"]]
    rows += [["A0002", "00100", "3", "Grind", "GRIND", ""], ["A0002", "00200", "4", "and rinse"]]
    release = load(workbook(tmp_path / "HCPC2026_JAN_ANWEB.xlsx", rows))
    assert release.entries["long"].to_list() == ["Polish", "Grind and rinse"]
    assert (release.rows.read, release.rows.quarantined) == (3, 1)
    assert release.set_aside["fault"][0].startswith("E157: ")


def test_a_note_between_pages_loses_no_row(written: Written) -> None:
    rows = "".join(f"{code:05} POLISH {code}\r\n" for code in range(100, 120))
    text = f"Licence\r\n\r\n{rows}\r\nContinued below\r\n\r\n00200 LAST\r\n"
    release = load(written("a", {"MEDU.txt": text}))
    assert (release.entries.height, release.rows.quarantined) == (21, 1)
    assert release.set_aside["fault"][0].startswith("E150: ")


def test_releases_with_nothing_in_common_are_refused(written: Written) -> None:
    modifiers = "Appendix A\r\n\r\n22 Polish: more\r\n"
    previous = load(written("a", {"SHORTU.txt": "00100 POLISH\r\n"}))
    with pytest.raises(CptdiffError, match="E307"):
        diff(previous, load(written("b", {"MODUL.txt": modifiers})))


@pytest.mark.parametrize(
    "names",
    [
        ("HCPC2025_OCT_ANWEB_v2.txt", "HCPC2026_JAN_ANWEB.txt"),
        ("HCPC2026_JAN_ANWEB_01122026.txt", "HCPC2026_APR_ANWEB.txt"),
        ("HCPC2026_JAN_ANWEB.txt", "HCPC2027_JAN_ANWEB.xlsx"),
    ],
)
def test_two_editions_in_one_folder_are_refused(written: Written, names: tuple[str, str]) -> None:
    with pytest.raises(CptdiffError, match="E184"):
        load(written("a", dict.fromkeys(names, "A000100100" + "3Polish")))


def test_a_field_of_another_file_is_no_field_of_the_codes(written: Written) -> None:
    head = "Concept Id\tCPT Code\tLong"
    modifiers = "ConceptID\tModifier Code\tModifier Name\tModifier Description\n1\t22\tMore\tText\n"
    releases = [
        load(written(name, {"ConsolidatedCodeList.txt": codes, "Modifiers.txt": modifiers}))
        for name, codes in (
            ("a", f"{head}\tShort\n1\t00100\tPolish\tPOLISH\n"),
            ("b", f"{head}\n1\t00100\tPolish\n"),
        )
    ]
    assert not diff(*releases).revised.height


def test_a_line_that_cannot_be_read_makes_its_code_no_deletion(written: Written) -> None:
    previous = load(written("a", {"LONGULT.txt": LONG}))
    current = load(written("b", {"LONGULT.txt": LONG.replace("00102\t", "00102 ")}))
    assert not diff(previous, current).deleted.height


def test_a_table_of_keys_alone_is_compared(written: Written) -> None:
    reading = Reading(CodeSet.TABLE)
    home = written("a", {"1.csv": "code\nA\nB\n", "2.csv": "code\nA\nC\n"})
    changes = diff(load(home / "1.csv", reading), load(home / "2.csv", reading))
    assert changes.added["code"].to_list() == ["C"]
    assert changes.deleted["code"].to_list() == ["B"]


def test_a_wrong_termination_date_passes_for_no_valid_code(tmp_path: Path) -> None:
    rows = [["A0001", "00100", "3", "Polish", "POLISH", "20251399"]]
    rows += [["A0002", "00100", "3", "Grind", "GRIND", "20251231"]]
    release = load(workbook(tmp_path / "HCPC2026_JAN_ANWEB.xlsx", rows))
    assert release.set_aside.filter(pl.col("column") == "end_date").height == 1
    assert release.ended["code"].to_list() == ["A0002"]
