"""A person at LibreOffice Calc: opens a workbook, types into cells, saves it under a name."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from tests.spreadsheets.calc import SOFFICE

_FORM = "Calc MS Excel 2007 XML"
_LIBRARY = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Desk"/>
</library:library>
"""
_MODULE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Desk"
 script:language="StarBasic">{}</script:module>
"""
_BASIC = """\
Sub Work
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
  sheet = book.Sheets.getByIndex(0)
{typed}
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName" : how(0).Value = "{form}"
  book.storeToURL("{target}", how())
  book.close(True)
  StarDesktop.terminate()
End Sub
"""


def type_into(
    source: Path, target: Path, folder: Path, cells: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Type `cells` (by their names, such as M2) into the first sheet, and save it as `target`.

    `folder` has LibreOffice's own profile. What is typed is read as a person's typing is.
    """
    typed = "\n".join(
        f'  sheet.getCellRangeByName("{name}").FormulaLocal = "{text}"'
        for name, text in cells.items()
    )
    basic = _BASIC.format(source=source.as_uri(), target=target.as_uri(), typed=typed, form=_FORM)
    profile = folder / "typing"
    home = profile / "user" / "basic" / "Standard"
    command = [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless",
               "--norestore"]  # fmt: skip
    if not home.exists():
        # The first start of a profile writes over its macros.
        subprocess.run([*command, "--terminate_after_init"], capture_output=True, timeout=300,
                       check=False)  # fmt: skip
    home.mkdir(parents=True, exist_ok=True)
    (home / "script.xlb").write_text(_LIBRARY, "utf-8")
    (home / "Desk.xba").write_text(_MODULE.format(escape(basic)), "utf-8")
    command.append("macro:///Standard.Desk.Work")
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert target.exists(), done.stdout + done.stderr
    return done
