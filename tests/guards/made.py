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
    return hcpcs_of(record(n, price=price, end=end) for n in range(first, last))


def hcpcs_of(records: Iterable[str]) -> Files:
    return {"HCPC{year}_JAN_ANWEB.txt": "".join(records)}


def record(number: int, price: str = "", add: str = "", action: str = "", end: str = "") -> str:
    """Write one entry; dates as YYYYMMDD."""
    words = f"G{number:04}001003{'Made-up polish':<80}{'Polish':<28}"
    return f"{words}{price:<149}{add:<8}{action:<8}{end:<8}N\r\n"


def report(numbers: Iterable[int]) -> Files:
    """Write a transaction report that names these entries."""
    lines = "".join(f"G{n:04}              No Change\r\n" for n in numbers)
    return {"HCPC{year}_Trans.prn": f"HCPCS/MOD      TYPE OF CHANGE\r\n{lines}"}


def addenda(year: int, codes: int, headers: int = 0) -> Files:
    """Write the footer that counts the entries of a year's order file."""
    files = f"icd10cm_order_{year - 1}.txt", f"icd10cm_order_{year}.txt"
    counts = "".join(
        f"{title}\r\n  {many:5} {title.lower()} in {files[0]}\r\n"
        f"  {many:5} {title.lower()} in {files[1]}\r\n"
        "      0 additions\r\n      0 deletions\r\n      0 revisions\r\n"
        for title, many in (("Headers", headers), ("Codes", codes))
    )
    return {"icd10cm_order_addenda_{year}.txt": counts}


def codes_file(lines: list[str]) -> Files:
    """Write the codes file of these rows of an order file."""
    return {"icd10cm_codes_{year}.txt": "".join(f"{row[:8]}{row[71:]}\r\n" for row in lines)}


def sisters(codes: Iterable[str], in_medium: Iterable[str], home: str = "CPT {year}") -> Files:
    """Write a legacy bundle of a long and a medium descriptor file."""
    medium = "".join(f"{code} MADE-UP POLISH\r\n" for code in in_medium)
    return {**cpt(codes, home=home), f"{home}/MEDU.txt": medium}


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


def table(keys: Iterable[int]) -> Files:
    return {"list.csv": "code,text\r\n" + "".join(f"{n},Made-up polish {n}\r\n" for n in keys)}


def gap(files: Files, line: int) -> Files:
    """Leave out a line, counted from 0, of the only file."""
    ((name, text),) = files.items()
    lines = text.splitlines(keepends=True)
    return {name: "".join(lines[:line] + lines[line + 1 :])}


def own(*keys: str) -> Files:
    """A table of these keys."""
    return {"list.csv": "code,text\n" + "".join(f"{key},Made-up polish\n" for key in keys)}


HUNDRED, TWENTY = rows(0, 100), rows(0, 20)
