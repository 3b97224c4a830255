"""What a spreadsheet would run (OWASP ASVS 5.0 1.2.10; reliability.md, section 1).

Both patterns mean the same to Polars and to a browser, which writes the page's own CSV.
"""

from typing import Final

# Blanks and marks that nobody sees may stand in front of a sign.
_SIGN: Final = "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"

FORMULA: Final = rf"^[\s\p{{C}}]*{_SIGN}|^[\t\r\n\x00]"
# Where a spreadsheet parts cells at semicolons, as Excel does in much of Europe, or at tabs, a cell
# begins behind each of these too.
LATER_FORMULA: Final = rf'([;\t\r\n][\s\p{{C}}"]*)({_SIGN})'
