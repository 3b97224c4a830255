"""Which lists are found, lists of the user's own, and what is refused."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cptdiff import CodeSet, CptdiffError
from cptdiff.lists import read_published
from cptdiff.model import PublishedList, Stated
from cptdiff.pipeline import load_release as load

CPT, HCPCS, CM = CodeSet.CPT, CodeSet.HCPCS, CodeSet.ICD10CM
Make = Callable[..., Path]
Read = Callable[[str, bytes | str, CodeSet], PublishedList]
AsFile = Callable[[str, list[list[str]]], bytes]
PRINTED = "  CODE           ACTION        EFF DATE\n\n  A0001  DELETE\n"
REPORT = " HCPCS/MOD      TYPE OF CHANGE\n   E1          ADD\n   A0001       No Change\n"


def tagged(tag: str, body: str) -> str:
    return f"{tag}:".ljust(13) + body + "\r\n"


def cm(tag: str, code: str, title: str, flag: str = "1 ") -> str:
    return tagged(tag, f"{flag}{code:<7} {title:<60} {title}")


def told(found: PublishedList) -> list[tuple[str, str]]:
    return found.changes.select("code", "change").rows()


OWN = [
    ["CPT Code", "Change Type", "Effective Date"],
    ["00990", "New", "1/1/2026"], ["00991", "terminated", ""], ["00992", "C", ""],
    ["0001t", "Revised", ""], ["00993", "No change", ""], ["00990", "New", "1/1/2026"],
]  # fmt: skip


@pytest.mark.parametrize("name", ["mine.csv", "mine.tsv", "mine.xlsx"])
def test_a_list_of_the_users_own_needs_a_code_and_a_change_column(
    read: Read, as_file: AsFile, name: str
) -> None:
    found = read(name, as_file(name, OWN), CPT)
    assert told(found) == [
        ("00990", "added"), ("00991", "deleted"), ("00992", "revised"), ("0001T", "revised"),
        ("00993", "none"),
    ]  # fmt: skip
    assert (found.form, found.whole) == ("list", True)


def test_icd_codes_of_a_list_may_have_their_dot(read: Read) -> None:
    found = read("mine.csv", "code,action\nA01.1,A\n", CM)
    assert told(found) == [("A011", "added")]


# File, content, what the error says.
REFUSED: dict[str, tuple[CodeSet, str, bytes | str | Mapping[str, str], str]] = {
    "no change column": (CPT, "a.csv", "code,text\n00990,Polish\n", "E163.*code, text"),
    "a word that is not known": (CPT, "a.csv", "code,change\n00990,moved\n", "E330.*:2: .*moved"),
    "a kind that is not known": (CPT, "a.csv", "code,change,kind\n00990,A,leaf\n", "E330.*leaf"),
    "a code of another set": (CPT, "a.csv", "code,change\nA0001,A\n", "E330.*A0001.*CPT"),
    "broken quotes": (CPT, "a.csv", 'code,change\n"0,A\n', "E153"),
    "a picture": (CPT, "a.csv", b"\x89PNG....", "E130"),
    "no list in a folder": (CPT, "f", {"x.txt": "words", "README.txt": "x"}, "E330.*no list"),
    "a release": (HCPCS, "HCPC2027_JAN_ANWEB.txt", "HCPC,ACTION CD\nA0001,A\n", "E330.*no list"),
    "half a revision": (CM, "icd10cm_order_addenda_2027.txt",
                        cm("Revise from", "A01", "P"), "E330.*:1: .*A01 is incomplete"),
    "a revision of two codes": (CM, "icd10cm_order_addenda_2027.txt",
                                cm("Revise from", "A01", "P")
                                + cm("Revise to", "A02", "P"), "E330.*:2: .*A02 is incomplete"),
    "a line of no kind": (CM, "icd10cm_order_addenda_2027.txt",
                          cm("Add", "A01", "P") + "Moved: A02\r\n", "E330.*:2: .*Moved"),
    "a flag missing": (CM, "icd10cm_order_addenda_2027.txt",
                       cm("Add", "A01", "P") + cm("Add", "A02", "P", ""),
                       "E330.*:2: .*flag"),
    "an empty addenda": (CM, "icd10cm_order_addenda_2027.txt", "Codes\r\n", "E330.*no change"),
    "corrections without columns": (HCPCS, "x_Corrections.prn", "A0001 DELETE\n",
                                    "E330.*names of its columns"),
    "corrections without a code": (HCPCS, "x_Corrections.prn", PRINTED.replace("A0001", "all"),
                                   "E330.*no line that begins with a code"),
    "a report without columns": (HCPCS, "x_Trans.prn", "A0001 ADD\n", "E330.*names of its columns"),
    "a history without dates": (CPT, "History.txt", "Concept Id\tCPT Code\n1\t00990\n", "E160"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_list_is_refused_with_its_place(make: Make, tmp_path: Path, case: str) -> None:
    code_set, name, content, said = REFUSED[case]
    with pytest.raises(CptdiffError, match=said):
        read_published(make(tmp_path / name, content), code_set)


def test_a_folder_or_zip_may_hold_several_lists(make: Make, tmp_path: Path) -> None:
    files = {"V1_Corrections.prn": PRINTED, "sub/V2_Corrections.prn": PRINTED, "note.txt": "prose"}
    folder = make(tmp_path / "several", files)
    archive = tmp_path / "several.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    for path in (folder, archive):
        found = read_published(path, HCPCS)
        assert [one.name for one in found.lists] == ["V1_Corrections.prn", "V2_Corrections.prn"]
        assert tuple(map(str, found.notes)) == (
            "note.txt is not a list of changes and is not used",
        )


ORDER = f"00001 A01     1 {'Polish':<60} Polish\r\n"
ADDENDA = cm("Add", "A01", "Polish")


def beside(make: Make, folder: Path, files: Mapping[str, str], named: str = "") -> Stated:
    return load(make(folder, files) / named).stated


@pytest.mark.parametrize(
    ("order", "addenda"),
    [
        ("icd10cm_order_2027.txt", "icd10cm_order_addenda_2027.txt"),
        ("icd10cm-order-April-1-2027.txt", "icd10cm-order-addenda-April-1-2027.txt"),
        ("ICD10CM_Order_2027.TXT", "icd10cm-order-addenda-2027.txt"),
    ],
)
def test_addenda_are_found_in_the_bundle_and_beside_the_one_file_that_is_named(
    make: Make, tmp_path: Path, order: str, addenda: str
) -> None:
    files = {order: ORDER, addenda: ADDENDA}
    for named in ("", order):
        found = beside(make, tmp_path / f"r{named}", files, named)
        assert [one.name for one in found.lists] == [addenda]


def test_addenda_of_another_edition_are_not_those_of_the_file_that_is_named(
    make: Make, tmp_path: Path
) -> None:
    files = {
        "icd10cm_order_2027.txt": ORDER,
        "icd10cm_order_addenda_2026.txt": ADDENDA,
        "icd10cm_codes_addenda_2027.txt": ADDENDA,
        "order_addenda_2027.txt": ADDENDA,
    }
    assert beside(make, tmp_path / "r", files, "icd10cm_order_2027.txt").lists == ()


def test_pcs_addenda_have_no_prefix(make: Make, tmp_path: Path) -> None:
    order = f"00001 0X1     0 {'Widget':<60} Widget\r\n"
    files = {
        "icd10pcs_order_2027.txt": order,
        "order_addenda_2027.txt": cm("Add", "0X1", "W", ""),
    }
    for named in ("", "icd10pcs_order_2027.txt"):
        found = beside(make, tmp_path / f"r{named}", files, named)
        assert [one.name for one in found.lists] == ["order_addenda_2027.txt"]


def test_a_list_beside_a_release_that_cannot_be_read_is_told_and_stops_nothing(
    make: Make, tmp_path: Path
) -> None:
    files = {"icd10cm_order_2027.txt": ORDER, "icd10cm_order_addenda_2027.txt": "prose"}
    found = beside(make, tmp_path / "r", files)
    assert found.lists == ()
    assert "icd10cm_order_addenda_2027.txt could not be read as a list" in str(found.notes[0])


def test_twins_of_one_report_are_one_list(make: Make, tmp_path: Path, as_file: AsFile) -> None:
    record = f"A000100100{'3'}{'Polish':<281}N\r\n"
    turned = "".join(
        [REPORT.splitlines(keepends=True)[0], *REPORT.splitlines(keepends=True)[:0:-1]]
    )
    grid = [["HCPC", "ACTION CD"], ["A0001", "A"]]
    folder = make(
        tmp_path / "r",
        {
            "HCPC2027_JAN_ANWEB.txt": record,
            "Changes_by_ActionCode.prn": REPORT,
            "Changes_by_HCPCSCode.prn": turned,
            "HCPC2027_Trans_Alpha.xlsx": as_file("b.xlsx", grid),
        },
    )
    assert [one.name for one in load(folder).stated.lists] == ["Changes_by_ActionCode.prn"]
