"""Random releases of each kind, and the files that hold them as their publishers ship them."""

import csv
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from cptdiff import CodeSet
from cptdiff.reading import Reading

# New examples on every run at a desk; the same ones in CI, where a find would hit a bystander.
IN_CI = os.environ.get("CI") == "true"
settings.register_profile("cptdiff", deadline=None, max_examples=100, derandomize=IN_CI)
settings.load_profile("cptdiff")
csv.register_dialect("even", lineterminator="\n")
csv.register_dialect("odd", delimiter=";", quoting=csv.QUOTE_ALL)

# Near misses, so that both sides often hold the same text or almost; then anything at all.
BAD = "0099X"
_NEAR = ("Polish widget", "polish widget", "Polish  widget", "Polish widget.", 'Polish 6" widget')
_ODD = "\x0b\x0c\x85\u2028\u00a0\ufeff"
_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Cs"))
_WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)


@dataclass(frozen=True)
class Row:
    """One entry as its publisher tells it; dates as YYYYMMDD."""

    kind: str
    code: str
    fields: dict[str, str]
    added: str = ""
    ended: str = ""

    def valid_on(self, day: date) -> bool:
        """Tell whether the entry is valid: the end date is its last valid day."""
        return not self.ended or self.ended >= f"{day:%Y%m%d}"


@dataclass(frozen=True, repr=False)
class Kit:
    """One code set: its rows, a code that it does not know, how a year's rows are written."""

    rows: st.SearchStrategy[Row]
    always: tuple[Row, ...]
    bad: str
    write: Callable[[Path, int, Sequence[Row]], Path]
    effective: Callable[[int], date] = lambda year: date(year, 1, 1)
    reading: Reading = field(default_factory=Reading)
    files: Callable[[Row], int] = lambda _: 1

    def releases(self) -> st.SearchStrategy[list[Row]]:
        """Give releases: each code once, in any order, never without a row of each kind."""
        unique = st.lists(self.rows, max_size=8, unique_by=lambda row: row.code)
        return unique.map(lambda rows: [*self.always, *rows]).flatmap(st.permutations)

    def doubtful(self) -> st.SearchStrategy[list[Row]]:
        """Give what should not be shipped: codes twice with equal or other text, bad codes."""
        more = st.sampled_from([*self.always, replace(self.always[0], code=self.bad)])
        rows = st.lists(self.rows | more, max_size=12)
        return rows.map(lambda rows: [*self.always, *rows])


def _texts(odd: str = "", longest: int | None = None) -> st.SearchStrategy[str]:
    """Texts without padding; `odd` are control characters that must do no harm."""
    letters = _LETTERS | st.sampled_from(odd) if odd else _LETTERS
    anything = st.text(letters, max_size=(longest or 100) - 2)
    return st.sampled_from(_NEAR) | anything.map(lambda text: f"P{text}.")


def _rows(
    kinds: Sequence[str], codes: str, fields: dict[str, st.SearchStrategy[str]], dates: str = ""
) -> st.SearchStrategy[Row]:
    days = st.tuples(*[st.sampled_from(["", *dates.split()])] * 2).map(sorted)
    texts = st.fixed_dictionaries(fields)
    of = st.tuples(st.sampled_from(kinds), st.sampled_from(codes.split()), texts, days)
    return of.map(lambda drawn: Row(*drawn[:3], *drawn[3]))


def _lines(path: Path, lines: Iterable[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    return path


def _wrapped(text: str, width: int) -> list[str]:
    """Break `text` at its single blanks; a longer word is broken nowhere else."""
    lines = [""]
    for word in text.split(" "):
        fits = len(lines[-1]) + 1 + len(word) <= width
        lines[-1:] = [f"{lines[-1]} {word}".lstrip(" ")] if fits else [lines[-1], word]
    return [line for line in lines if line]


def _table(folder: Path, year: int, rows: Sequence[Row]) -> Path:
    """Write another dialect and another order of columns each year."""
    path = _lines(folder / f"list-{year}.csv", [])
    names = ["code", "text", "kind"] if year % 2 else ["kind", "text", "code"]
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, names, dialect="odd" if year % 2 else "even")
        writer.writeheader()
        writer.writerows({"code": row.code, **row.fields} for row in rows)
    return path


def _order(folder: Path, year: int, rows: Sequence[Row]) -> Path:
    lines = (
        f"{number:05} {row.code:<7} {int(row.kind == 'code')} {row.fields['short']:<60}"
        f" {row.fields['long']}"
        for number, row in enumerate(rows, year)
    )
    return _lines(folder / f"icd10cm_order_{year}.txt", lines)


def _hcpcs(folder: Path, year: int, rows: Sequence[Row]) -> Path:
    return _lines(folder / f"HCPC{year}_JAN_ANWEB.txt", [x for row in rows for x in _record(row)])


def _record(row: Row) -> list[str]:
    first, further = ("3", "4") if row.kind == "code" else ("7", "8")
    pieces = _wrapped(row.fields["long"], 80) or [""]
    lines = [
        f"{row.code:>5}{n * 100:05}{further if n > 1 else first}{piece}"
        for n, piece in enumerate(pieces, 1)
    ]
    tail = f"{row.fields['short']:<28}{row.fields['price1']:<2}".ljust(177)
    lines[0] = f"{lines[0]:<91}{tail}{row.added:<8}{'':<8}{row.ended:<8}N"
    return lines


def _legacy(folder: Path, year: int, rows: Sequence[Row]) -> Path:
    home = folder / f"CPT {year}"
    codes = [row for row in rows if row.kind == "code" and not row.code.endswith("U")]
    _lines(home / "LONGULT.txt", (f"{row.code}\t{row.fields['long']}" for row in codes))
    # Ascending, as AMA writes them, bad codes last: above a stray blank line a bad row looks like
    # a preamble of one line, and three rows in any order like its address.
    codes = sorted(codes, key=lambda row: (row.code == BAD, row.code))
    _lines(home / "MEDU.txt", (f"{row.code} {row.fields['medium']:<48}" for row in codes))
    _lines(home / "SHORTU.txt", (f"{row.code} {row.fields['short']}" for row in codes))
    pla = [_element(row) for row in rows if row.kind == "code" and row.code.endswith("U")]
    _lines(home / "CPTPLA", ["<plaCodes>", *pla, "</plaCodes>"])
    prose = [line for row in rows if row.kind == "modifier" for line in _paragraph(row)]
    _lines(home / "MODUL.txt", ["Appendix A", "", "Modifiers", "", *prose])
    return home


def _element(row: Row) -> str:
    tags = {"long": "cdDesc", "medium": "cdMDesc", "short": "cdSDesc"}
    texts = "".join(f"<{t}>{escape(row.fields[name])}</{t}>" for name, t in tags.items())
    return f'<plaCode cdCode="{row.code}" cdId="9">{texts}</plaCode>'


def _paragraph(row: Row) -> list[str]:
    return [*_wrapped(f"{row.code} {row.fields['short']}: {row.fields['long']}", 40), ""]


def _cpt() -> Kit:
    texts = {"long": _texts(), "medium": _texts(longest=48), "short": _texts(longest=28)}
    letters = st.text("abcxyz12", min_size=1, max_size=12)
    said = {"short": letters, "long": st.lists(letters, min_size=1, max_size=12).map(" ".join)}
    codes = _rows(["code"], "00100 00990 0991T 0042T 0001F 0009M 0001A 0002U 0991U", texts)
    same = dict.fromkeys(texts, "Polish")
    modifier = Row("modifier", "22", {"short": "Polish", "long": "widget"})
    always = (*(Row("code", code, same) for code in ("10004", "10005", "0001U")), modifier)
    rows = codes | _rows(["modifier"], "23 25 91 99", said)
    return Kit(rows, always, BAD, _legacy, files=lambda r: 3 if r.code[4:].strip("U") else 1)


def _icd() -> Kit:
    texts = {"short": _texts(_ODD, 60), "long": _texts(_ODD)}
    rows = _rows(["code", "header"], "A00 A000 C7A C7A0 M1A O9A1 Z3A42 U071", texts)
    same = Row("code", "B999", dict.fromkeys(texts, "Polish"))
    always = (same, replace(same, kind="header", code="B99"))
    return Kit(rows, always, "#", _order, lambda year: date(year - 1, 10, 1))


def _kits() -> dict[str, Kit]:
    text = st.sampled_from(["", *_NEAR]) | st.text(_LETTERS | st.sampled_from('\n",;' + _ODD))
    rows = _rows(["code"], "00100 a A é 1e5 -1 =2", {"text": text, "kind": text})
    anchor = Row("code", "always", {"text": "x", "kind": "y"})
    days = "20251231 20260101 20260102 20261231 20270101 20270102 20280101"
    words = st.sampled_from(_NEAR[:2]) | st.lists(_WORDS, min_size=1, max_size=40).map(" ".join)
    said = {"long": words, "short": _texts(longest=28), "price1": st.sampled_from(["", "00"])}
    same = Row("code", "A9999", {"long": "Polish", "short": "POLISH", "price1": ""})
    both = (same, replace(same, kind="modifier", code="E1"))
    hcpcs = _rows(["code"], "A0001 G0001 G0002 Q0001", said, days)
    hcpcs |= _rows(["modifier"], "A1 LT 1P", said, days)
    return {
        "table": Kit(rows, (anchor,), "", _table, reading=Reading(CodeSet.TABLE)),
        "icd": _icd(),
        "hcpcs": Kit(hcpcs, both, "ZZ999", _hcpcs),
        "cpt": _cpt(),
    }


@pytest.fixture(scope="session", params=list(_kits()))
def kit(request: pytest.FixtureRequest) -> Kit:
    """Give each code set in turn."""
    return _kits()[request.param]
