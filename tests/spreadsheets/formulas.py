"""Text that a spreadsheet takes for more than text: formulas, numbers, dates, and odd words.

`SHORT` fits wherever a release has a word. `BROKEN` holds tabs and line ends, which only a quoted
cell of a table can.
"""

_CALLS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "=SUM(1;1)",
    '=HYPERLINK("http://127.0.0.1:9/","x")',
    '=WEBSERVICE("http://127.0.0.1:9/")',
    '=IMPORTXML("http://127.0.0.1:9/","//a")',
    '=DDE("soffice";"x";"A1")',
    "=cmd|' /C calc'!A0",
    "@cmd|' /C calc'!A0",
    "=INDIRECT(\"'file:///etc/passwd'#$Sheet1.A1\")",
    "='file:///etc/passwd'#$passwd.A1",
    "=NOW()",
    "=A1",
    "{=1+1}",
    "=-1",
    "=+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "+A1",
    "-A1",
    "@A1",
    "==1+1",
    "='1'+1",
    '=CHAR(64)&"x"',
    "=TRUE()",
)
_BEFORE = (
    " ", "  ", "\u00a0", "\u2003", "\u3000", "\u2028", "\u0085", "\u200b", "\u200e", "\u2060",
    "\ufeff", "\u00ad", "\u180e", "'", '"', "''", '""', "\\", "x;", "x;;", "x; ", 'x;"', 'x;"";"',
    ";", "|", "x|", ":", "(", "`",
)  # fmt: skip
_OTHER_SIGNS = (
    "\uff1d1+1", "\uff0b1+1", "\uff0d1+1", "\uff20SUM(1)", "\ufe661+1", "\ufe621+1", "\ufe631+1",
    "\ufe6bSUM(1)", "\u22121+1", "\u20131+1", "\u02d71+1",
)  # fmt: skip
# Codes that a spreadsheet makes numbers, dates or truths of; one that is meant well is a formula.
CODES = (
    "00100", "1E005", "001E5", "9E9", "1.00E+05", "0x1F", "1/2", "2026-01-02", "01-02", "MAR1",
    "12:30", "TRUE", "1,000", "$5", "50%", "007", "0042T", '="00100"',
)  # fmt: skip
_NAUGHTY = (
    "NULL", "null", "None", "nil", "undefined", "NaN", "#N/A", "#REF!", "#DIV/0!", "Infinity",
    "-1", "-0", "- a dash first", "--", "---", "+", "-", "@", "=", "'", "''", '"', '""', "\\",
    "\\n", "%s", "%n", "{0}", "$(x)", "../../x", "con", "aux", "-- DROP x", "' OR 1=1 --",
    "\u202ecba", "\U0001f4a9", "e\u0301", "\u00e9", "\ufdd0", "\uff41", "\u0130", "\u00df",
    "z\u0335\u0336\u0337", "a" * 300, "sep=;", "ID", "PK", "; =1+1", "x,=1+1", 'x","=1+1',
    "x';=1+1", '";=1+1;"', "';=1+1;'", 'x;"=1+1"',
)  # fmt: skip
SHORT = tuple(
    dict.fromkeys(
        (*_CALLS, *(f"{before}=1+1" for before in _BEFORE), *_OTHER_SIGNS, *CODES, *_NAUGHTY)
    )
)
BROKEN = tuple(
    before + formula
    for before in (
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\t \t",
        "x\t",
        "x\n",
        "x\r",
        'x"\n',
        "x\r\n",
        "\v",
        "\f",
    )
    for formula in ("=1+1", "@SUM(1,1)")
)
