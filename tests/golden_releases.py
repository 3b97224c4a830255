"""Pairs of releases for the goldens: a few invented entries each, every kind of change among them.

What a pair is compared with besides (lists beside the current release, files of options) comes
with it.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

Files = Mapping[str, str]


class Pair(NamedTuple):
    """Both releases as folders of files by name, files of options, and the options."""

    previous: tuple[str, Files]
    current: tuple[str, Files]
    more: Files
    options: tuple[str, ...]

    def words(self, folder: Path) -> list[str]:
        """Write the files; give the words that compare the two releases."""
        for name, files in (self.previous, self.current, ("", self.more)):
            for file, text in files.items():
                (folder / name).mkdir(exist_ok=True)
                (folder / name / file).write_bytes(text.encode())
        paths = [str(folder / name) for name in (self.previous[0], self.current[0])]
        return [*paths, *(str(folder / one) if one in self.more else one for one in self.options)]


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\r\n" for line in lines)


def _tabbed(*lines: str) -> str:
    """Lines like `00990|Polish`, tabs for bars."""
    return _lines(line.replace("|", "\t") for line in lines)


_CPT = (
    "10004|Anchor of the widget", "10005|Anchors of another kind", "10006|Scraping of rust",
    "20004|Winding of springs", "20005|Winding of springs, each additional hour",
)  # fmt: skip
_CONSUMER = "Concept Id|CPT Code|Consumer Friendly Descriptor"
# It leaves one revision out and names one that was not made.
_NAMED = {
    "ADDED": "00989 00991", "DELETED": "00990 00992 00993", "REVISED": "00994 00995 00996 10006",
}  # fmt: skip
_HISTORY = (
    "Date|Change Type|Concept Id|CPT Code|Level|Prior Value|Current Value|Instruction",
    *(f"20270101|{word}|1|{code}|I|||" for word in _NAMED for code in _NAMED[word].split(" ")),
)
CPT = Pair(
    previous=("CPT 2026", {
        "LONGULT.txt": _tabbed(
            "00990|Polishing of brass widget with wax", "00992|Rubbing of widget, first side",
            "00993|Nothing like the others", "00994|Rinsing of sieve, 5 cm or less",
            "00995|Brushing (eg, nylon)", "00996|Oiling of hinge, dry; hot",
            "00997|Oiling of hinge, dry; cold", "00998|Buffing of  widgets", *_CPT,
        ),
        "MEDU.txt": _lines(["00994 RINSING SIEVE 5 CM/<", "10004 ANCHOR WIDGET"]),
        "ConsumerDescriptor.txt": _tabbed(_CONSUMER, "1|10005|Anchors", "2|20004|Springs"),
        "MODUL.txt": _lines(["Appendix A", "", "22 More Polish: When the widget is done."]),
    }),
    current=("CPT 2027", {
        "LONGULT.txt": _tabbed(
            "00989|Rubbing of widget, both sides", "00991|Polishing of brass widget with wax",
            "00994|Rinsing of sieve, 6 cm or less", "00995|Brushing (eg, nylon, steel)",
            "00996|Oiling of hinge, wet; hot", "00997|Oiling of hinge, wet; cold",
            "00998|Buffing of widgets", "0099|Cut short", *_CPT,
        ),
        "MEDU.txt": _lines(["00994 RINSING SIEVE 6 CM/<", "10004 ANCHOR WDGT"]),
        "ConsumerDescriptor.txt": _tabbed(_CONSUMER, "1|10005|Heavy anchors", "2|20004|Springs"),
        "MODUL.txt": _lines(["Appendix A", "", "22 More Polish: When the widget is not done.", "",
                             "23 Less Polish: When the widget is dull."]),
        "History_DTK_tab.txt": _tabbed(*_HISTORY),
    }),
    more={"mine.csv": "old code,new code,note\n00992,00989,told by the maker\n"},
    options=("--crosswalk", "mine.csv", "--expect", "added=3,deleted=3"),
)  # fmt: skip


def _record(
    code: str, long: str, price: str = "00", dates: str = "20200101||N", xref: str = ""
) -> str:
    """A record of 320 columns; `dates` are those of adding and end, then the action's code."""
    added, ended, action = dates.split("|")
    columns = {
        1: code.rjust(5), 6: "00100", 11: "7" if len(code) == len("E1") else "3", 12: long,
        92: long[:28].strip(), 120: price, 205: xref, 269: added, 277: ended or added, 285: ended,
        293: action,
    }  # fmt: skip
    line = " " * 320
    for start, text in columns.items():
        line = line[: start - 1] + text + line[start - 1 + len(text) :]
    return line


HCPCS = Pair(
    previous=("HCPCS 2026", {"HCPC2026_JAN_ANWEB.txt": _lines([
        _record("A0001", "Widget collar, 5 cm, each"), _record("A0002", "Widget sling"),
        _record("A0003", "Widget wax, per tin"), _record("A0004", "Widget rope, dry"),
        _record("A0005", "Widget chain"), _record("A0006", "Widget lamp, red"),
        _record("A0008", "Widget bell", "00", "20200101|20250630|N"),
        _record("E1", "Upper left, widget"), _record("E2", "Lower left, widget"),
    ])}),
    current=("HCPCS 2027", {"HCPC2027_JAN_ANWEB.txt": _lines([
        _record("A0001", "Widget collar, 6 cm, each", dates="20200101||C"),
        _record("A0002", "Widget sling", "11", "20200101||P"),
        _record("A0003", "Widget wax, per tin", "00", "20200101|20261231|D", "A0010"),
        _record("A0004", "Widget rope, wet"),
        _record("A0006", "Widget lamp, green", "00", "20200101|20260630|D"),
        _record("A0007", "Widget of a summer", "00", "20260401|20260930|D"),
        _record("A0008", "Widget bell", dates="20200101||R"),
        _record("A0010", "Widget polish, per tin", "00", "20270101||A"),
        _record("A0011", "Widget chain, long", "00", "20270101||A"),
        _record("A00", "Cut short"),
        _record("E1", "Upper left widget"), _record("E3", "Middle, widget", "00", "20270101||A"),
    ])}),
    more={},
    options=(),
)  # fmt: skip


def _order(entries: str) -> str:
    """Rows like `1 A000 Text` (0 for a header), parted by slashes."""
    rows = [entry.split(" ", 2) for entry in entries.split("/")]
    return _lines(
        f"{number:05} {code:<7} {flag} {text[:60]:<60} {text}"
        for number, (flag, code, text) in enumerate(rows, 1)
    )


def _addenda(entries: str) -> str:
    """Lines like `Add 1 A000 Text`, parted by slashes."""
    told = [entry.split(" ", 3) for entry in entries.split("/")]
    tags = {"From": "Revise from", "To": "Revise to"}
    return _lines(
        f"{tags.get(tag, tag) + ':':<13}{flag} {code:<7} {text[:60]:<60} {text}"
        for tag, flag, code, text in told
    )


ICD10CM = Pair(
    previous=("ICD-10-CM 2026", {"icd10cm_order_2026.txt": _order(
        "0 A00 Creak of grommet/1 A000 Creak of left grommet/1 A001 Creak of right grommet"
        "/0 A01 Rust of hinge/1 A010 Rust of hinge, mild/1 A011 Rust of hinge, severe"
        "/1 A02 Damp of flange/1 A03 Wobble/0 A04 Dust of sprocket"
        "/1 A040 Dust of sprocket, dry/1 A05 Drip of valve without noise"
    )}),
    current=("ICD-10-CM 2027", {
        "icd10cm_order_2027.txt": _order(
            "0 A00 Squeak of grommet/1 A000 Squeak of left grommet/1 A001 Squeak of right grommet"
            "/0 A01 Rust of hinge/1 A010 Rust of hinge, mild/0 A011 Rust of hinge, severe"
            "/1 A0110 Rust of hinge, severe, indoors/1 A0111 Rust of hinge, severe, outdoors"
            "/0 A02 Damp of flange/1 A020 Damp of flange, once/1 A04 Dust of sprocket"
            "/1 A05 Drip of valve with noise/1 A06 Wobble/1 a0 Cut short"
        ),
        "icd10cm_order_addenda_2027.txt": _addenda(
            "Add 1 A0110 Rust of hinge, severe, indoors/Add 1 A06 Wobble"
            "/Delete 1 A03 Wobble/Add 1 A07 Hum of wire"
            "/From 1 A05 Drip of valve without noise/To 1 A05 Drip of valve with noise"
        ),
    }),
    more={"own.csv": "previous code,current code\nA02,A020\n"},
    options=("--crosswalk", "own.csv"),
)  # fmt: skip
ICD10PCS = Pair(
    previous=("ICD-10-PCS 2026", {"icd10pcs_order_2026.txt": _order(
        "0 001 Attic Machine, Polishing/1 0010070 Polishing of Left Widget, Open"
        "/1 0010071 Polishing of Right Widget, Open/1 0010072 Polishing of Widget, Shut"
        "/0 002 Attic Machine, Grinding/1 0020070 Grinding of Widget with Stone"
        "/1 0020071 Grinding of Widget with Sand"
    )}),
    current=("ICD-10-PCS 2027", {
        "icd10pcs_order_2027.txt": _order(
            "0 001 Attic Machine, Polishing/1 0010070 Polishing of Left Widget, Open Hatch"
            "/1 0010071 Polishing of Right Widget, Open Hatch/1 0010073 Polishing of Widget, Ajar"
            "/0 002 Attic Machines, Grinding/1 0020070 Grinding of Widget with Stone"
            "/1 0020072 Grinding of Widget with Sand/1 00200I2 A letter that is none"
        ),
        "order_addenda_2027.txt": _addenda(
            "Add 1 0010073 Polishing of Widget, Ajar/Delete 1 0010072 Polishing of Widget, Shut"
        ),
    }),
    more={},
    options=(),
)  # fmt: skip
TABLE = Pair(
    previous=("prices-2026", {"prices.csv": (
        'code,short,price,room\n00100,"Collar, 2"" wide",12.50,1\n00101,Sling,3.00,1\n'
        "00102,Wax,=1+1,2\n00103,Rope,1,2\n00104,Bell,,2\n00106,Lamp,9,2\n"
    )}),
    current=("prices-2027", {"prices.csv": (
        'code,short,price,shelf\n00100,"Collar, 3"" wide",12.50,A\n00101,Sling,3.10,A\n'
        "00102,Wax,-2,B\n00105,Chain,7,B\n00104,Bell,0,B\n,Nameless,1,B\n00103,Rope,1,2,3\n"
    )}),
    more={},
    options=("--code-set", "table"),
)  # fmt: skip
PAIRS = {"cpt": CPT, "hcpcs": HCPCS, "icd10cm": ICD10CM, "icd10pcs": ICD10PCS, "table": TABLE}
