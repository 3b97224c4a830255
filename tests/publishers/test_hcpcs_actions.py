import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from oracles import Key, Sets
from oracles_hcpcs import Entries, with_action
from publisher_pairs import CORRECTIONS_2018, HCPCS, HCPCS_2018, HCPCS_2019, Bundle
from publisher_runs import Run

PAIR = "HCPCS 2018 to 2019"
ReadHcpcs = Callable[[Bundle], Entries]

CORRECTED = "corrected between the annual files"
REUSED = "withdrawn by correction, the number used again for something else"
EARLY = "stood in the 2018 file, ahead of its add date"
DURING = "added during the year and reworded since: the letter tells the latest only"
CAME_AND_WENT = "added and ended during the year"
DROPPED = "dropped without a termination date"
SILENT = "a slip of the pen mended, no word said"


def codes(text: str, cause: str) -> dict[Key, str]:
    return {("code", code): cause for code in text.split()}


def modifiers(text: str, cause: str) -> dict[Key, str]:
    return {("modifier", code): cause for code in text.split()}


# For each change: the publisher's letters for it, and the entries where letter and fact differ.
EXCEPTIONS: dict[str, tuple[str, dict[Key, str]]] = {
    "added": (
        "AR",
        codes("G9868 G9869 G9870", CORRECTED)
        | codes("Q2041", DURING)
        | codes("G9890 G9891", REUSED)
        | modifiers("QQ VM", EARLY),
    ),
    "deleted": (
        "D",
        codes("C9030 C9031 C9032 C9033 C9463 C9464 C9465 C9466 C9467 C9468", CAME_AND_WENT)
        | codes("C9469 C9750 K0903 Q9993 Q9994 Q9995", CAME_AND_WENT)
        | codes("G9976 G9977", DROPPED)
        | modifiers("DA", DROPPED),
    ),
    "revised": (
        "BCS",
        codes("G0279 G9367 G9368 G9637 G9638 G9481 G9482 G9483 G9484 G9485", CORRECTED)
        | codes("G9486 G9487 G9488 G9489 G9490", CORRECTED)
        | codes("G9890 G9891", REUSED)
        | codes("G9801 G9898", SILENT)
        | codes("Q2041", DURING),
    ),
    "revised_attributes_only": ("FPT", codes("C9488 C9745 C9746 C9747", CORRECTED)),
}


@pytest.mark.parametrize("change", EXCEPTIONS)
def test_the_action_codes_say_the_same_but_for_known_entries(
    changed: Callable[[str], Sets], read_hcpcs: ReadHcpcs, change: str
) -> None:
    letters, known = EXCEPTIONS[change]
    differ = changed(PAIR)[change] ^ with_action(read_hcpcs(HCPCS_2019), letters)
    assert differ == known.keys()


def test_the_codes_that_came_and_went_are_the_transient_ones(
    changed: Callable[[str], Sets],
) -> None:
    _, known = EXCEPTIONS["deleted"]
    assert changed(PAIR)["transient"] == {key for key in known if known[key] == CAME_AND_WENT}


def test_every_other_entry_has_the_letter_for_no_change(
    by_the_rule: Callable[[str], Sets], read_hcpcs: ReadHcpcs
) -> None:
    touched = frozenset[Key]().union(*by_the_rule(PAIR).values())
    current = read_hcpcs(HCPCS_2019)
    letters = {key: current[key].action for key in current.keys() - touched}
    others = {key for key, letter in letters.items() if letter != "N"}
    assert others == modifiers("QQ VM", EARLY).keys()


def test_what_was_corrected_stands_in_the_corrections() -> None:
    with zipfile.ZipFile(CORRECTIONS_2018) as archive:
        lists = [archive.read(name) for name in archive.namelist() if name.endswith(".prn")]
    listed = set(re.findall(r"(?m)^ +([A-V]\d{4}) ", b"".join(lists).decode("cp1252")))
    causes = [known for _, known in EXCEPTIONS.values()]
    corrected = {
        code for known in causes for (_, code), why in known.items() if why in {CORRECTED, REUSED}
    }
    assert corrected <= listed


def test_what_was_dropped_is_in_the_earlier_file_alone(read_hcpcs: ReadHcpcs) -> None:
    previous, current = map(read_hcpcs, HCPCS)
    _, known = EXCEPTIONS["deleted"]
    assert previous.keys() - current.keys() == {key for key in known if known[key] == DROPPED}


def test_a_deletion_is_terminated_or_absent(
    compared: Callable[[str], Run], read_hcpcs: ReadHcpcs
) -> None:
    current = read_hcpcs(HCPCS_2019)
    for key, row in compared(PAIR).of("deleted").items():
        assert row["reason"] == ("terminated" if key in current else "absent"), key


def test_a_deletion_takes_effect_on_the_day_after_the_last(
    compared: Callable[[str], Run], read_hcpcs: ReadHcpcs
) -> None:
    current = read_hcpcs(HCPCS_2019)
    for key, row in compared(PAIR).of("deleted").items():
        first_day_without = date.fromisoformat(HCPCS_2019.effective)
        if key in current:
            last = date.fromisoformat(current[key].terminated)
            first_day_without = last + timedelta(days=1)
        assert row["effective_date"] == first_day_without.isoformat(), key


def test_the_last_valid_date_is_the_one_that_cms_states(
    compared: Callable[[str], Run], read_hcpcs: ReadHcpcs
) -> None:
    current = read_hcpcs(HCPCS_2019)
    for change in ("deleted", "transient"):
        for key, row in compared(PAIR).of(change).items():
            stated = current[key].terminated if key in current else ""
            assert row["last_valid_date"].replace("-", "") == stated, key


def test_an_addition_takes_effect_on_its_add_date(
    compared: Callable[[str], Run], read_hcpcs: ReadHcpcs
) -> None:
    current = read_hcpcs(HCPCS_2019)
    for key, row in compared(PAIR).of("added").items():
        assert row["effective_date"].replace("-", "") == current[key].added, key
        assert row["reason"] == "", key


def test_the_descriptors_are_joined_from_all_their_lines(
    compared: Callable[[str], Run], read_hcpcs: ReadHcpcs
) -> None:
    previous, current = (read_hcpcs(bundle) for bundle in (HCPCS_2018, HCPCS_2019))
    for key, row in compared(PAIR).of("revised").items():
        ours = (row["previous_descriptor"], row["current_descriptor"])
        assert ours == (previous[key].long, current[key].long), key
