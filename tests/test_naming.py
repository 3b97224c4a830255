"""What a release is called, from when it holds, and which files of a bundle are read for it."""

import csv
import os
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from cptdiff import CptdiffError
from cptdiff.codesets import PROFILES
from cptdiff.comparison import compare as diff
from cptdiff.history import read_histories, require_one
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading, identify_release
from cptdiff.results import make_results

REAL = Path(__file__).parents[2] / "shared" / "releases"
Named = tuple[str, str, str, str, int, int]

TAB, PLAIN, FIXED = "00990\tPolish\n", "00990 POLISH\n", "0099001 Polish\n"
HCPCS, ORDER, CODES, PCS = (
    "A0001001003x",
    "00001 A000    1 x\n",
    "A000    x\n",
    "00001 0016070 1 x\n",
)
UPDATED = f"{ORDER}00002 Z28310  1 y\n"
LIST = "Concept Id\tCPT Code\tLong\n1\t00990\tPolish\n"
MODIFIERS = (
    "ConceptID\tModifier Code\tLevel I/II\tModifier Descriptor Effective\tModifier Name\t"
    "Modifier Description\tSection (Main Section)\n1\t22\tI\t\tBent\tPolish\tLevel I\n"
)
CONSUMER = "Concept Id\tCPT Code\tConsumer Friendly Descriptor\n1\t00990\tPolish\n"
CLINICIAN = "Concept Id\tCPT Code\tClinician Descriptor Id\tClinician Descriptor\n1\t00990\t9\tx\n"
PLA = '<plaCodes><plaCode cdCode="0001U" cdId="1"><cdDesc>Polish</cdDesc></plaCode></plaCodes>'
WHOLE, PRIMARY = "2026 CPT Standard Annual Update", "Current Format/Primary Data Files"
TITLES = "Zip File 5 2021 ICD-10-PCS Order File (Long and Abbreviated Titles)"

# Archive ("" for a bare file, no .zip for a folder), member, content; name, year and month.
NAMED: tuple[Named, ...] = (
    (WHOLE, f"{PRIMARY}/ConsolidatedCodeList.txt", LIST, "CPT 2026", 2026, 1),
    ("x.zip", f"{WHOLE}/{PRIMARY}/Consolidated_Code_List.txt", LIST, "CPT 2026", 2026, 1),
    ("cpt.zip", "CPT 2024 Data Files/SHORTU.txt", PLAIN, "CPT 2024", 2024, 1),
    ("CPT 2022 Data Files.zip", "standard/LONGULT.txt", TAB, "CPT 2022", 2022, 1),
    ("cpt-2027-legacy", "standard/LONGULT.txt", TAB, "CPT 2027", 2027, 1),
    ("", "LONGULT.txt", f"Licence of CPT® 2026\n\n{TAB}", "CPT 2026", 2026, 1),
    ("", "LONGULT.txt", f"CPT(R) 2025, 1977\n\n{TAB}", "CPT 2025", 2025, 1),
    ("", "HCPC2026_APR_ANWEB.txt", HCPCS, "HCPCS 2026 April", 2026, 4),
    ("october-2026-alpha-numeric-hcpcs-file.zip", "HCPC2026_OCT_ANWEB_v2.txt", HCPCS,
     "HCPCS 2026 October", 2026, 10),
    ("", "HCPC2026_OCT_ANWEB_09232026.txt", HCPCS, "HCPCS 2026 October", 2026, 10),
    ("", "HCPC2026_JUL_ANWEB_06172026.txt", HCPCS, "HCPCS 2026 July", 2026, 7),
    ("", "HCPC2026_JAN_ANWEB_01122026.txt", HCPCS, "HCPCS 2026 January", 2026, 1),
    ("", "HCPC2020_APRIL_ANWEB_w_disclaimer_v5.txt", HCPCS, "HCPCS 2020 April", 2020, 4),
    ("", "HCPC2020_ANWEB_w_disclaimer.txt", HCPCS, "HCPCS 2020 January", 2020, 1),
    ("", "HCPC2021_APR_CONTR_ANWEB.txt", HCPCS, "HCPCS 2021 April", 2021, 4),
    ("", "HCPC2019_CONTR_ANWEB.txt", HCPCS, "HCPCS 2019 January", 2019, 1),
    ("", "HCPC2018_CONTR_ANWEB_disc.txt", HCPCS, "HCPCS 2018 January", 2018, 1),
    ("", "HCPC2015_CONTR_ANWEB_v2.txt", HCPCS, "HCPCS 2015 January", 2015, 1),
    ("", "HCPC17_CONTR_ANWEB.txt", HCPCS, "HCPCS 2017 January", 2017, 1),
    ("anhcpc05.zip", "05anweb.txt", HCPCS, "HCPCS 2005 January", 2005, 1),
    ("2018-icd-10-code-descriptions.zip", "icd10cm_order_2018.txt", ORDER,
     "ICD-10-CM FY2018", 2017, 10),
    ("", "icd10cm-order-2024.txt", ORDER, "ICD-10-CM FY2024", 2023, 10),
    ("", "icd10cm_codes_2018.txt", CODES, "ICD-10-CM FY2018", 2017, 10),
    ("", "icd10cm_order_2021jan.txt", ORDER, "ICD-10-CM FY2021 January", 2021, 1),
    ("", "icd10cm-order-April-1-2026.txt", ORDER, "ICD-10-CM FY2026 April", 2026, 4),
    ("", "icd10cm-order-April-2025.txt", ORDER, "ICD-10-CM FY2025 April", 2025, 4),
    ("april-1-2023-code-descriptions-tabular-order.zip",
     "Code Descriptions/icd10cm_order_2023.txt", ORDER, "ICD-10-CM FY2023 April", 2023, 4),
    # The updates that name no month: by a code that only they have.
    ("", "icd10cm_order_2022.txt", UPDATED, "ICD-10-CM FY2022 April", 2022, 4),
    ("", "icd10cm_codes_2022.txt", CODES + "Z28310  y\n", "ICD-10-CM FY2022 April", 2022, 4),
    ("", "icd10cm_order_2022.txt", UPDATED.replace("Z28310 ", "z28.310"),
     "ICD-10-CM FY2022 April", 2022, 4),
    ("", "icd10cm_order_2022.txt", ORDER.replace("x", "as Z28310 has it"),
     "ICD-10-CM FY2022", 2021, 10),
    ("", "icd10cm_order_2023.txt", UPDATED, "ICD-10-CM FY2023", 2022, 10),
    ("2023-code-descriptions-tabular-order-updated-01112023.zip", "icd10cm_order_2023.txt",
     UPDATED.replace("Z28310", "Z556  "), "ICD-10-CM FY2023 April", 2023, 4),
    ("2021-code-descriptions-tabular-order-updated-12162020.zip", "icd10cm_order_2021.txt",
     UPDATED.replace("Z28310", "J1282 "), "ICD-10-CM FY2021 January", 2021, 1),
    ("", "icd10pcs_order_2022.txt", PCS + "00002 XW013V7 1 y\n",
     "ICD-10-PCS FY2022 April", 2022, 4),
    ("2025-code-descriptions-tabular-order.zip", "icd10cm_order_2025.txt", ORDER,
     "ICD-10-CM FY2025", 2024, 10),
    ("x.zip", f"{TITLES}/icd10pcs_order_2021.txt", PCS, "ICD-10-PCS FY2021", 2020, 10),
    ("icd10pcs_codes_2021_0.zip", "icd10pcs_codes_2021.txt", "0016070 x\n",
     "ICD-10-PCS FY2021", 2020, 10),
)  # fmt: skip
PLA_HOME = "standard/Proprietary Laboratory Analyses (PLA) Codes"


def anweb(*names: str) -> dict[str, str]:
    return {f"HCPC2026_{name}": HCPCS for name in names}


# Members by what they hold; those that are read.
CHOSEN: dict[str, tuple[dict[str, str], set[str]]] = {
    "current over legacy": (
        {"N/Current Format/ConsolidatedCodeList.txt": LIST, "N/CPTPLA": PLA,
         "N/Current Format/Modifiers.txt": MODIFIERS, "N/Legacy Format/LONGULT.txt": TAB,
         "N/Legacy Format/MEDU.txt": PLAIN, "N/Legacy Format/MODUL.txt": "x"},
        {"N/Current Format/ConsolidatedCodeList.txt", "N/Current Format/Modifiers.txt"}),
    "one name in both formats": (
        {"Current Format/ClinicianDescriptor.txt": CLINICIAN, "ConsolidatedCodeList.txt": LIST,
         "Legacy Format/ClinicianDescriptor.txt": CLINICIAN},
        {"Current Format/ClinicianDescriptor.txt", "ConsolidatedCodeList.txt"}),
    "LONGULT first": (
        {"LONGULT.txt": TAB, "LONGULF.txt": FIXED, "LONGUT.txt": TAB, "MEDU.txt": PLAIN},
        {"LONGULT.txt", "MEDU.txt"}),
    "LONGULF second": (
        {"LONGULF.txt": FIXED, "LONGUT.txt": TAB, "LONGUF.txt": FIXED}, {"LONGULF.txt"}),
    "LONGUT third": ({"LONGUT.txt": TAB, "LONGUF.txt": FIXED}, {"LONGUT.txt"}),
    "any case, any depth": (
        {"a/b/STANDARD/longult.TXT": TAB, "a/b/c/Medu.Txt": PLAIN, f"{PLA_HOME}/cptpla": PLA,
         "CPT 2026 README.pdf": "x", "notes.txt": "x"},
        {"a/b/STANDARD/longult.TXT", "a/b/c/Medu.Txt", f"{PLA_HOME}/cptpla"}),
    "XML over its twin": (
        {"LONGULT.txt": TAB, f"{PLA_HOME}/CPTPLA": PLA, f"{PLA_HOME}/CPTPLATab.txt": "x",
         f"{PLA_HOME}/CPTPLAChanges.txt": "x"}, {"LONGULT.txt", f"{PLA_HOME}/CPTPLA"}),
    "text over workbook": (
        {"LONGULT.txt": TAB, "C/ConsumerDescriptor.txt": CONSUMER, "C/ConsumerDescriptor.xlsx": ""},
        {"LONGULT.txt", "C/ConsumerDescriptor.txt"}),
    "text over csv": (
        {"ConsolidatedCodeList.txt": LIST, "ConsolidatedCodeList.csv": "",
         "ConsolidatedCodeList.xlsx": ""}, {"ConsolidatedCodeList.txt"}),
    "what CMS ships in a quarter": (
        anweb("APR_ANWEB.txt", "APR_ANWEB.xlsx", "APR_ANWEB_Transaction Report_v4.xlsx",
              "APR_Corrections_09102026.xlsx", "recordlayout.txt")
        | {"NOC codes_APR2026.xlsx": "", "proc_notes_APR2026.txt": "", "Changes_by_Code.prn": ""},
        {"HCPC2026_APR_ANWEB.txt"}),
    "_v2 over none": (
        anweb("OCT_ANWEB.txt", "OCT_ANWEB_v2.txt"), {"HCPC2026_OCT_ANWEB_v2.txt"}),
    "_v10 over _v9": (
        anweb("OCT_ANWEB_v10.txt", "OCT_ANWEB_v9.txt"), {"HCPC2026_OCT_ANWEB_v10.txt"}),
    "a date over none": (
        anweb("JUL_ANWEB.txt", "JUL_ANWEB_06172026.txt"), {"HCPC2026_JUL_ANWEB_06172026.txt"}),
    "the later date": (anweb("JAN_ANWEB_12312025.txt", "JAN_ANWEB_01122026.txt"),
        {"HCPC2026_JAN_ANWEB_01122026.txt"}),
    "order over codes, no addenda": (
        {"D/icd10cm_order_2026.txt": ORDER, "D/icd10cm_order_addenda_2026.txt": ORDER,
         "D/icd10cm_codes_2026.txt": CODES, "D/icd10cm_codes_addenda_2026.txt": CODES,
         "D/icd10OrderFiles.pdf": "x"}, {"D/icd10cm_order_2026.txt"}),
    "hyphens": ({"icd10cm-order-2026.txt": ORDER, "icd10cm-order-addenda-2026.txt": ORDER},
        {"icd10cm-order-2026.txt"}),
    "PCS addenda have no prefix": (
        {"icd10pcs_order_2026.txt": PCS, "order_addenda_2026.txt": PCS},
        {"icd10pcs_order_2026.txt"}),
}  # fmt: skip
REFUSED = (
    ({"a/LONGULT.txt": TAB, "b/LONGULT.txt": TAB}, r"E184.*a/LONGULT\.txt and b/LONGULT\.txt"),
    ({f"{n}/Current Format/ConsolidatedCodeList.txt": LIST for n in "ab"}, "E184.*a/.*b/"),
    ({"LONGULT.txt": TAB, "icd10cm_order_2026.txt": ORDER}, "E183.*CPT.*ICD-10-CM"),
    ({"notes.txt": "x", "a/b.pdf": "x"}, "E185"),
)


def written(home: Path, archive: str, files: Mapping[str, str]) -> Path:
    """The files in a zip or a folder called `archive`, or without it the one file."""
    if archive.endswith(".zip"):
        with zipfile.ZipFile(home / archive, "w") as bundle:
            for name, text in files.items():
                bundle.writestr(name, text)
        return home / archive
    for name, text in files.items():
        (home / archive / name).parent.mkdir(parents=True, exist_ok=True)
        (home / archive / name).write_text(text, "utf-8")
    return home / (archive or next(iter(files)))


@pytest.mark.parametrize("case", NAMED, ids=lambda case: f"{case[0]}-{case[1]}")
def test_name_and_date_come_from_names_and_content(case: Named, tmp_path: Path) -> None:
    archive, member, text, name, year, month = case
    release = load(written(tmp_path, archive, {member: text}))
    assert (release.name, release.effective_date) == (name, date(year, month, 1))


def test_the_codes_that_tell_an_update_begin_with_it_by_the_publishers_own_table() -> None:
    table = REAL / "icd10cm" / "conversion-table-through-2023.csv"
    if not table.is_file():
        pytest.skip(f"{table.name} is absent from ../shared/releases")
    with table.open(encoding="utf-8-sig") as lines:
        dates = {row["current_code"].replace(".", ""): row["effective_year"]
                 for row in csv.DictReader(lines)}  # fmt: skip
    found = {
        one.code: f"{date(one.year, one.month, 1)} 00:00:00" for one in PROFILES["icd10cm"].updates
    }
    assert found == {code: dates[code] for code in found}
    assert len(found) == 3


def test_a_release_of_october_and_the_update_of_april_may_have_one_name(tmp_path: Path) -> None:
    october = written(tmp_path, "october", {"icd10cm_order_2022.txt": ORDER})
    april = written(tmp_path, "april", {"icd10cm_order_2022.txt": UPDATED})
    found = [identify_release(path) for path in (october, april)]
    assert [one.effective_date for one in found if one] == [date(2021, 10, 1), date(2022, 4, 1)]
    assert require_one(read_histories([str(april), str(october)], {})).days == (
        date(2021, 10, 1), date(2022, 4, 1),
    )  # fmt: skip


def test_without_an_edition_there_is_no_date_whatever_the_time_stamp(tmp_path: Path) -> None:
    path = written(tmp_path, "", {"order.txt": ORDER})
    os.utime(path, (1_790_000_000, 1_790_000_000))
    release = load(path)
    assert (release.name, release.effective_date) == ("ICD-10-CM (edition not named)", None)
    assert [d for d in make_results(diff(release, release)).doubts if "no effective date" in d]


def test_a_date_that_the_user_gives_wins(tmp_path: Path) -> None:
    path = written(tmp_path, "", {"icd10cm_order_2026.txt": ORDER})
    given = date(2026, 2, 1)
    assert load(path, Reading(effective_date=given)).effective_date == given


@pytest.mark.parametrize("archive", ["folder", "bundle.zip"])
@pytest.mark.parametrize("case", CHOSEN)
def test_one_file_is_read_for_each_content_and_the_rest_is_passed_over(
    case: str, archive: str, tmp_path: Path
) -> None:
    files, used = CHOSEN[case]
    release = load(written(tmp_path, archive, files))
    assert {source.member for source in release.sources} == used
    assert {passed.member for passed in release.passed_over} == set(files) - used
    assert all(passed.why for passed in release.passed_over)


@pytest.mark.parametrize("archive", ["folder", "bundle.zip"])
@pytest.mark.parametrize(("files", "words"), REFUSED)
def test_what_could_be_meant_in_two_ways_is_refused(
    files: dict[str, str], words: str, archive: str, tmp_path: Path
) -> None:
    with pytest.raises(CptdiffError, match=words):
        load(written(tmp_path, archive, files))


def test_a_file_that_is_set_aside_whole_leaves_the_others(tmp_path: Path) -> None:
    files = {"LONGULT.txt": TAB, "MEDU.txt": PLAIN + PLAIN.replace("POLISH", "GRIND")}
    release = load(written(tmp_path, "folder", files))
    assert (release.entries.height, release.rows.quarantined) == (1, 2)
