#!/usr/bin/env bash
# XlsxWriter 3.3.1 writes a text that looks like one of Excel's codes (_xHHHH_) rightly as a plain
# string, and escapes it twice as a part of a rich string. A cell that holds the five letters of
# _x000D_, as cells that went through another spreadsheet often do, then reads as something else in
# each program:
#
#   cell "a _x000D_ b", written by    openpyxl 3.1.5      fastexcel 0.21.0     LibreOffice Calc
#   write_string                      a _x000D_ b         a _x000D_ b          a _x000D_ b
#   write_rich_string, two runs       a _x000D_ b!        a _x005F\r b!        a _x005F, line break
#
# openpyxl shows what was meant only because it decodes twice itself (it reads x_x005F_y, written
# rightly as a plain string, as x_y). Who marks words in bold changes the text that others load.
#
# Rule: ECMA-376 part 1, 22.9.2.19 (ST_Xstring): "_" before xHHHH_ is written as _x005F_, once.
# Needs python3 with venv and pip; tries LibreOffice too where soffice is there.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
  xlsxwriter==3.3.1 openpyxl==3.1.5 fastexcel==0.21.0 polars==2.1.0
cat >try.py <<'PY'
import zipfile

import openpyxl
import polars
import xlsxwriter

TEXT = "a _x000D_ b"
with xlsxwriter.Workbook("book.xlsx") as book:
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, TEXT)
    sheet.write_rich_string(0, 1, book.add_format({"bold": True}), TEXT, "!")
    sheet.write_string(0, 2, "x_x005F_y")
cells = openpyxl.load_workbook("book.xlsx").active[1]
first = [cell.value for cell in cells]
second = list(polars.read_excel("book.xlsx", has_header=False).row(0))
stored = zipfile.ZipFile("book.xlsx").read("xl/sharedStrings.xml").decode()
print("openpyxl: ", first)
print("fastexcel:", second)
print("stored twice escaped:", "_x005F_x005F_x000D_" in stored)
assert first == [TEXT, TEXT + "!", "x_y"], first
assert second == [TEXT, "a _x005F\r b!", "x_x005F_y"], second
assert "_x005F_x005F_x000D_" in stored
PY
env/bin/python try.py
if command -v soffice >/dev/null; then
  soffice "-env:UserInstallation=file://$work/profile" --headless \
    --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76' book.xlsx >/dev/null 2>&1
  cat book.csv
  [ "$(wc -l <book.csv)" -eq 2 ] || { echo "LibreOffice shows one line now" >&2; exit 1; }
fi
