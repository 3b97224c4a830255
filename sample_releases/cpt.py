"""Decide what the two invented CPT releases say and how they differ."""

from dataclasses import replace

from cpt_codes import Phrases, find_areas, invent_slots
from cpt_edits import EDITS, Edit
from cpt_odd import FAMILY, FAMILY_AFTER, FAMILY_BEFORE, ODD_ADDED, ODD_TEXTS
from cpt_plan import Entry, Plan, first_entry, one_example_more, tier_text
from cpt_ranges import CATEGORY_3, CHANGES, EM, LAB, MEDICINE, PLA, RADIOLOGY, SURGERY
from dice import Dice
from words import Words

CONSUMER_EDITS = 12
LONG_TEXTS = 5
CONVERTED = ((SURGERY, 3), (RADIOLOGY, 1), (MEDICINE, 2))
RENUMBERED = ((SURGERY, 2), (RADIOLOGY, 1), (MEDICINE, 1))
FIRST_NEW = {CATEGORY_3: "0964T", PLA: "0521U"}
NEW_DATES = {PLA: ("20260401", "20260701", "20261001", "20270101")}
NEW_DATE = "20270101"


def plan_cpt(seed: str) -> Plan:
    """Return both CPT releases and the truth about their difference."""
    return _Planner(seed).decide()


class _Planner:
    """Draws the changes, section by section, until the counts are met."""

    def __init__(self, seed: str) -> None:
        self._dice = Dice(seed)
        self._phrases = Phrases(self._dice)
        slots = invent_slots(self._dice, self._phrases)
        self._slots = {slot.code: slot for slot in slots}
        self._free = set(self._slots)
        self._plan = Plan({slot.code: first_entry(slot) for slot in slots})
        self._plan.current = dict(self._plan.previous)

    def decide(self) -> Plan:
        plan = self._plan
        self._long_texts()
        self._change_sections()
        self._pair_conversions()
        self._pair_renumberings()
        self._odd_texts()
        self._consumer_texts()
        for code in plan.added:
            del plan.previous[code]
        for code in plan.deleted:
            del plan.current[code]
        return plan

    def _put(self, entry: Entry) -> None:
        self._plan.previous[entry.code] = self._plan.current[entry.code] = entry
        self._free.discard(entry.code)

    def _revise(self, code: str, kind: str, before: Words, after: Words) -> None:
        entry = self._plan.current[code]
        self._put(replace(entry, words=before))
        self._plan.current[code] = replace(entry, words=after, effective=NEW_DATE)
        self._plan.revised[code] = kind

    def _long_texts(self) -> None:
        codes = [code for code in self._slots if "81400" <= code <= "81408"][-LONG_TEXTS:]
        for level, code in enumerate(codes, 1):
            words = tier_text(level, self._dice)
            self._put(replace(self._plan.current[code], words=words))
        words = self._plan.current[codes[-1]].words
        self._revise(codes[-1], "examples in a very long text", words, one_example_more(words))

    def _change_sections(self) -> None:
        self._revise_family()
        self._revise_family()
        done = {EM: len(FAMILY), LAB: 1}
        for section, change in CHANGES.items():
            self._add(section, change.added)
            self._plan.deleted += self._take(section, change.deleted)
            codes = self._take(section, change.revised - done.get(section, 0))
            for code, edit in zip(codes, EDITS.get(section, ()), strict=True):
                self._edit(code, edit)

    def _revise_family(self) -> None:
        for code, slot in self._slots.items():
            if slot.common == FAMILY_BEFORE:
                self._revise(code, "family", slot.words, FAMILY_AFTER.then(slot.own))

    def _take(self, section: str, count: int) -> list[str]:
        """Draw unchanged codes of section, each of another family."""
        free = [c for c in self._slots if c in self._free and self._slots[c].section == section]
        free = [code for code in free if code[-1] not in "AM"]
        families = {self._slots[code].family: code for code in self._dice.draw(free, len(free))}
        taken = self._dice.draw(list(families.values()), count)
        self._free.difference_update(taken)
        return sorted(taken)

    def _add(self, section: str, count: int) -> None:
        first = FIRST_NEW.get(section)
        if first is None:
            taken = self._take(section, count)
        else:
            taken = [c for c in self._slots if c >= first and self._slots[c].section == section]
        for place, code in enumerate(taken):
            dates = NEW_DATES.get(section, (NEW_DATE,))
            entry = self._plan.current[code]
            self._put(replace(entry, effective=dates[place * len(dates) // len(taken)]))
        self._plan.added += taken

    def _edit(self, code: str, edit: Edit) -> None:
        slot = self._slots[code]
        areas = find_areas(slot.section, code)
        common = self._phrases.fresh(areas[0]) if edit.rewritten else slot.common
        self._revise(code, edit.kind, slot.common.then(edit.before), common.then(edit.after))

    def _in(self, codes: list[str], section: str) -> list[str]:
        paired = {new for _, new in self._plan.converted + self._plan.renumbered}
        return [c for c in codes if self._slots[c].section == section and c not in paired]

    def _pair_conversions(self) -> None:
        old_codes = iter(self._in(self._plan.deleted, CATEGORY_3)[::2])
        for section, count in CONVERTED:
            for new in self._in(self._plan.added, section)[:count]:
                old = next(old_codes)
                # The wording is of the place that the Category I code has.
                words = self._plan.current[new].words
                longer = words._replace(long=f"{words.long}, with standard monitoring")
                self._put(replace(self._plan.previous[old], words=words))
                self._put(replace(self._plan.current[new], words=longer))
                self._plan.converted.append((old, new))

    def _pair_renumberings(self) -> None:
        for section, count in RENUMBERED:
            for _ in range(count):
                old, new = self._find_nearest(section)
                gone, entry = self._plan.previous[old], self._plan.current[new]
                slot = replace(entry.slot, concept=gone.slot.concept)
                self._put(replace(gone, slot=slot, effective=NEW_DATE))
                self._plan.renumbered.append((old, new))

    def _find_nearest(self, section: str) -> tuple[str, str]:
        """Return the deleted and the added code that lie nearest, so that one wording fits both."""
        gone, new = self._in(self._plan.deleted, section), self._in(self._plan.added, section)
        paired = {old for old, _ in self._plan.renumbered}
        pairs = [(old, code) for old in gone if old not in paired for code in new]
        return min(pairs, key=lambda pair: (abs(int(pair[0]) - int(pair[1])), pair))

    def _odd_texts(self) -> None:
        new = self._in(self._plan.added, MEDICINE)
        places = [(code, words) for code, words in zip(new, ODD_ADDED, strict=False)]
        sections = (SURGERY, MEDICINE, PLA) * len(ODD_TEXTS)
        for section, words in zip(sections, ODD_TEXTS, strict=False):
            places += [(code, words) for code in self._take(section, 1)]
        for code, words in places:
            self._put(replace(self._plan.current[code], words=words))

    def _consumer_texts(self) -> None:
        for code in self._take(SURGERY, CONSUMER_EDITS // 2) + self._take(
            MEDICINE, CONSUMER_EDITS // 2
        ):
            entry = self._plan.current[code]
            text = entry.consumer.replace("Plain summary", "Summary for patients")
            self._plan.current[code] = replace(entry, consumer=text)
            self._plan.consumer_only.append(code)
