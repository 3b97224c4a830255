"""Where invented CPT codes lie, and how many of them change."""

from typing import NamedTuple


class Band(NamedTuple):
    """A run of code numbers and how many of them are taken."""

    section: str
    low: int
    high: int
    taken: int
    letter: str = ""


class Change(NamedTuple):
    """How many codes of a section are added, deleted and revised."""

    added: int
    deleted: int
    revised: int


EM = "Evaluation and Management"
ANESTHESIA = "Anesthesia"
SURGERY = "Surgery"
RADIOLOGY = "Radiology"
LAB = "Pathology and Laboratory"
MEDICINE = "Medicine"
CATEGORY_2 = "Category II"
CATEGORY_3 = "Category III"
PLA = "Proprietary Laboratory Analyses"

# The shape of a real year, by section.
CHANGES = {
    EM: Change(2, 1, 17),
    ANESTHESIA: Change(0, 0, 0),
    SURGERY: Change(11, 11, 28),
    RADIOLOGY: Change(2, 2, 6),
    LAB: Change(43, 1, 9),
    MEDICINE: Change(18, 9, 4),
    CATEGORY_2: Change(0, 0, 1),
    CATEGORY_3: Change(45, 23, 1),
    PLA: Change(85, 7, 3),
}


def _bands(section: str, text: str, letter: str = "") -> tuple[Band, ...]:
    numbers = [tuple(int(number) for number in part.split("-")) for part in text.split()]
    return tuple(Band(section, low, high, count, letter) for low, high, count in numbers)


# low-high-count; the counts include what is added in the current release.
BANDS = (
    *_bands(EM, "99210-99499-150 98000-98016-17"),
    *_bands(ANESTHESIA, "100-1999-270 99100-99140-4"),
    *_bands(
        SURGERY,
        "10004-10021-8 10030-19499-420 20100-29999-1500 30000-32999-330 33016-37799-720 "
        "38100-38999-60 39000-39599-22 40490-49999-850 50010-53899-320 54000-55899-190 "
        "55920-55920-1 55970-55980-2 56405-58999-250 59000-59899-60 60000-60699-40 "
        "61000-64999-600 65091-68899-290 69000-69979-110 69990-69990-1",
    ),
    *_bands(
        RADIOLOGY,
        "70010-76499-330 76506-76999-60 77001-77022-10 77046-77067-12 77071-77092-10 "
        "77261-77799-80 78012-79999-130",
    ),
    *_bands(
        LAB,
        "80047-80081-12 80143-80299-60 80305-80377-60 80400-80439-35 80503-80506-4 "
        "81000-81099-16 81105-81399-230 81400-81408-9 81410-81471-45 81490-81599-35 "
        "82009-84999-520 85002-85999-150 86000-86849-240 86850-86999-45 87003-87999-280 "
        "88000-88229-40 88230-88299-25 88300-88399-40 88720-89398-75",
    ),
    *_bands(LAB, "1-20-18", "M"),
    *_bands(
        MEDICINE,
        "90281-90399-20 90460-90475-8 90476-90759-85 90785-90899-30 90901-90913-3 "
        "90935-90999-16 91010-91299-25 91300-91322-20 92002-92499-70 92502-92700-70 "
        "92920-93799-170 93880-93998-25 94002-94799-50 95004-95199-30 95249-96020-110 "
        "96040-96171-40 96360-96549-35 96567-96999-20 97010-97814-80 98925-98981-25 "
        "99000-99091-25 99151-99199-15 99500-99607-22",
    ),
    *_bands(MEDICINE, "1-174-42", "A"),
    *_bands(
        CATEGORY_2,
        "1-15-8 500-584-40 1000-1505-90 2000-2060-30 3006-3776-190 4000-4563-120 "
        "5005-5250-20 6005-6150-35 7010-7025-4 9001-9007-4",
        "F",
    ),
    *_bands(CATEGORY_3, "42-963-480 964-1008-45", "T"),
    *_bands(PLA, "1-520-460 521-605-85", "U"),
)
