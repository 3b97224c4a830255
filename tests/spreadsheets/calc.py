"""LibreOffice Calc, without a window: what it makes of files."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

SOFFICE = Path("/usr/bin/soffice")
_TO = "fods:OpenDocument Spreadsheet Flat XML"
# Separators, quoted fields as text, blanks trimmed; special numbers and formulas are on.
_FROM = "Text - txt - csv (StarCalc):{},34,76,1,,0,{},true,true,false,{},-1,true"
# How a CSV is imported: as by a double click, then as the boxes of the import's window can stand.
# Separators are comma, or comma, semicolon and tab, which that window has ticked.
SETTINGS = {
    "by default": "",
    "quoted fields as text": _FROM.format("44", "true", "false"),
    "nothing as text": _FROM.format("44", "false", "true"),
    "at every separator": _FROM.format("44/59/9", "false", "true"),
    "at semicolons": _FROM.format("59", "false", "true"),
}
_FORMULA = re.compile(r'table:formula="([^"]*)"')
_TYPE = re.compile(r'office:value-type="([^"]*)"')
_TEXT = re.compile(r"<text:p>([^<]*)</text:p>")


class Sheets(NamedTuple):
    """What one file became: its live formulas, the types of its cells, the text that they show."""

    formulas: list[str]
    types: set[str]
    texts: list[str]


def opened(files: Iterable[Path], folder: Path, setting: str = "") -> dict[str, Sheets]:
    """Open files of different names in Calc; give by name what they became."""
    listed = list(files)
    command = [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += [f"--infilter={setting}"] if setting else []
    command += ["--convert-to", _TO, "--outdir", str(folder), *map(str, listed)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=600, check=False)
    made = {path.name: folder / f"{path.stem}.fods" for path in listed}
    assert all(path.exists() for path in made.values()), done.stdout + done.stderr
    return {name: _sheets(path.read_text("utf-8")) for name, path in made.items()}


def _sheets(text: str) -> Sheets:
    return Sheets(_FORMULA.findall(text), set(_TYPE.findall(text)), _TEXT.findall(text))
