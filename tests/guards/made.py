"""Small invented releases, as many entries as a guard needs."""

from collections.abc import Iterable, Mapping

Files = Mapping[str, str]

TEXT = "Made-up pain of widget #"
GOUT = "Made-up gout of widget #"
WHOLE = "Made-up pain of widget #, gauge and sprocket, with or without polish"


def rows(first: int, last: int, text: str = TEXT, letter: str = "M", flag: int = 1) -> list[str]:
    """Rows of an order file from M010, say, to before M020."""
    return [
        f"{letter}{n:03}    {flag} {'Short':<60} {text.replace('#', str(n))}"
        for n in range(first, last)
    ]


def icd(*groups: list[str]) -> Files:
    lines = [row for group in groups for row in group]
    text = "".join(f"{at:05} {row}\r\n" for at, row in enumerate(lines, 1))
    return {"icd10cm_order_{year}.txt": text}


def hcpcs(first: int, last: int, price: str = "", end: str = "") -> Files:
    records = "".join(
        f"G{n:04}001003{'Made-up polish':<80}{'Polish':<28}{price:<165}{end:<8}N\r\n"
        for n in range(first, last)
    )
    return {"HCPC{year}_JAN_ANWEB.txt": records}


def numbers(first: int, last: int, letter: str = "") -> Iterable[str]:
    return (f"{n:04}{letter}" if letter else f"{n:05}" for n in range(first, last))


def cpt(*groups: Iterable[str], home: str = "CPT {year}", pla: int = 0) -> Files:
    """A legacy bundle of these codes, with some in a PLA file."""
    text = "".join(f"{code}\tMade-up polish\r\n" for group in groups for code in group)
    codes = "".join(
        f'<plaCode cdCode="{code}" cdId="{code[:4]}"><cdDesc>Test</cdDesc></plaCode>\n'
        for code in numbers(1, pla + 1, "U")
    )
    more = {f"{home}/CPTPLA": f"<plaCodes>\n{codes}</plaCodes>\n"} if pla else {}
    return {f"{home}/LONGULT.txt": text, **more}


def current_format(*groups: Iterable[str]) -> Files:
    codes = "".join(f"1\t{code}\tMade-up polish\n" for group in groups for code in group)
    return {"CPT {year}/ConsolidatedCodeList.txt": f"Concept Id\tCPT Code\tLong\n{codes}"}


def undated(*groups: Iterable[str]) -> Files:
    return cpt(*groups, home=".")


def own(*keys: str) -> Files:
    """A table of these keys."""
    return {"list.csv": "code,text\n" + "".join(f"{key},Made-up polish\n" for key in keys)}


HUNDRED, TWENTY = rows(0, 100), rows(0, 20)
