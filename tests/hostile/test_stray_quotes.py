"""A quote that opens no cell: the rows down to the next quote are never lost in silence."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff import CodeSet
from cptdiff.errors import Refused
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Columns, Reading
from tests.conftest import Content

Make = Callable[[Path, Content], Path]
WIDE = "code,name,price\n"
LIST = "Concept Id,CPT Code,Long,Medium,Short\n"


def rows(first: int, last: int, row: str = "A{n:03},thing {n}\n") -> str:
    return "".join(row.format(n=n) for n in range(first, last))


# By what happens: a table, the line that is named.
SWALLOWED: dict[str, tuple[str, int]] = {
    "an inch mark before and one behind": (
        f'code,name\nA001,"6 inch tube\n{rows(2, 24)}A024,tube of 9"\n{rows(25, 30)}', 2,
    ),
    "one row": ('code,name\nA001,x\nA002,"6 inch\nA003,9"\nA004,y\n', 3),
    "a cell that is a quote": ('code,name\nA001,"\nA002,b\nA003,"\nA004,y\n', 2),
    "empty cells in quotes between": (
        'code,name,more\nA001,"6 inch,x\nA002,"",y\nA003,9",z\nA004,y,z\n', 2,
    ),
    "the middle column": (f'{WIDE}A001,"6,1\nA002,x,2\nA003,9",3\nA004,z,4\n', 2),
    "another column": (f'{WIDE}A001,"6,1\nA002,x,2\nA003,y,9"\nA004,z,4\n', 2),
    "the key's column": ('code,name\nA001,x\n"A002,y\nA003,z\nA004",a\nA005,b\n', 3),
    "the key behind": ('name,code\n"6 inch,A001\n9",A002\nx,A003\n', 2),
    "a key of two columns": (
        'code,mod,name\nA001,,"6\nA002,LT,x\nA003,RT,9"\nA004,LT,y\n', 2,
    ),
    "semicolons": (f'code;name\nA001;"6\n{rows(2, 9)}A009;9"\n'.replace(",", ";"), 2),
    "tabs": (f'code\tname\nA001\t"6\n{rows(2, 9)}A009\t9"\tx\n'.replace(",", "\t"), 2),
    "carriage returns": ('code,name\rA001,"6\rA002,x\rA003,9"\rA004,y\r', 2),
    "a blank line between": ('code,name\nA001,"6\nA002,x\n\nA003,9"\nA004,y\n', 2),
    "a short row between": (f'{WIDE}A001,a,"6\nA002,x\nA003,x,y\nA004,x,9"\nA005,a,b\n', 2),
    "longer keys than all others": (
        'code,name\n8,x\n9,"6\n10,x\n11,x\n12,9"\n', 3,
    ),
    "words for keys": ('name,note\nOak,"6\nElm,x\nAsh,9"\nYew,y\n', 2),
    "padded amounts": ('code,price\nA001, 1.00\nA002,"\nA003, 3.00\nA004,"\nA005, 5.00\n', 3),
    "the header": ('code,"name\nA001,x\nA002,9"\nA003,y\n', 1),
    "twice": ('code,name\nA001,"6\nA002,9"\nA003,"6\nA004,9"\nA005,x\n', 2),
}  # fmt: skip
SOUND: dict[str, tuple[str, int]] = {
    "an address": ('code,place\nA001,"1 Mill Road\nSpringfield, IL\nUSA"\nA002,x\n', 2),
    "an address as wide as the table": (
        'code,a,place\nA001,x,"Unit 5, Mill Road, West\nSpringfield, IL, 62701"\nA002,x,y\n', 2,
    ),
    "prose with one comma a line": (
        'code,note\nA001,"First, this\nSecond, that\nThird, the rest"\nA002,x\n', 2,
    ),
    "prose of words where words are keys": (
        'name,note\nOak,"old, tall\nElm, too\nAsh, as well"\nYew,x\n', 2,
    ),
    "commas without blanks": ('code,note\nA001,"red,green\nblue,grey"\nA002,x\n', 2),
    "decimal commas": ('code,dose\n101,"2 mg\n12,5"\n102,x\n', 2),
    "codes of the table": ('code,note\nA001,"see\nA002,A003\nA003,A004"\nA002,x\nA003,y\n', 3),
    "two codes in a cell": ('code,name\n"A001\nA002",x\nA003,y\n', 2),
    "two codes and a third": ('code,name\n"A001, A002\nA004",x\nA003,y\n', 2),
    "lines before the key": ('note,code\n"one\ntwo",A001\nx,A002\n', 2),
    "a comma before the key": ('note,code\n"one,two\nthree",A001\nx,A002\n', 2),
    "one line among many": (
        'code,note\nA001,"see\nwhat is said of\nA009,b\nand of others"\nA002,x\n', 2,
    ),
    "quotes in a cell": ('code,name\nA001,"a ""6"" tube\nB,""x"", y"\nA002,x\n', 2),
    "the header": ('code,"name,\nin full"\nA001,x\nA002,y\n', 2),
    "a header first": ('"CPT/\nHCPCS",code\nx,A001\ny,A002\n', 2),
}  # fmt: skip


def read(make: Make, folder: Path, text: str, *, folded: bool = False) -> int:
    names = re.split(r"\W", "".join(text.splitlines(keepends=True)[:2]))
    keys = tuple(name for name in ("code", "mod") if name in names) or ("name",)
    reading = Reading(CodeSet.TABLE, columns=Columns(keys))
    data = text.replace("\n", "\r\n") if folded else text
    return load(make(folder / "t.csv", data), reading).rows.kept


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("case", SWALLOWED.values(), ids=SWALLOWED)
def test_a_quoted_cell_that_holds_rows_is_refused(
    make: Make, tmp_path: Path, case: tuple[str, int], *, folded: bool
) -> None:
    text, line = case
    with pytest.raises(
        Refused, match=rf"E120.*t\.csv:{line}: .*looks like more rows .*double each"
    ):
        read(make, tmp_path, text, folded=folded)


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("case", SOUND.values(), ids=SOUND)
def test_a_cell_of_several_lines_is_read(
    make: Make, tmp_path: Path, case: tuple[str, int], *, folded: bool
) -> None:
    text, number = case
    assert read(make, tmp_path, text, folded=folded) == number


def test_a_publishers_quoted_list_is_looked_at_too(make: Make, tmp_path: Path) -> None:
    lost = f'{LIST}1,00100,"6 inch,a,b\n2,00102,x,a,b\n3,00103,9",a,b\n4,00104,y,a,b\n'
    with pytest.raises(Refused, match=r"E120.*List\.csv:2: .*further lines: 2"):
        load(make(tmp_path / "ConsolidatedCodeList.csv", lost))
    sound = f'{LIST}1,00100,"6 inch,\none, two",a,b\n4,00104,y,a,b\n'
    assert load(make(tmp_path / "ConsolidatedCodeList.csv", sound)).rows.kept == 2


def test_an_inch_mark_anywhere_in_a_table_loses_no_row_in_silence(
    make: Make, tmp_path: Path
) -> None:
    dice = random.Random(5)  # noqa: S311 - the same tables each time
    for _ in range(100):
        lines = [f"A{n:03},thing {n},{n}.00" for n in range(dice.randrange(8, 40))]
        first, last = sorted(dice.sample(range(len(lines)), 2))
        lines[first] = lines[first].replace("thing", '"thing')
        lines[last] = lines[last].replace(f"thing {last}", f'thing {last}"')
        with pytest.raises(Refused, match="E120"):
            read(make, tmp_path, WIDE + "\n".join(lines) + "\n")
