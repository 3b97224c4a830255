"""The code that a row which is set aside probably has: it is compared on neither side.

Nothing is repaired by this; a guess that is wrong leaves one code less compared, and the report
tells that the row was set aside. Without it that code would pass for a deletion.
"""

import re
import unicodedata
from typing import Final

from cptdiff.releases.code_faults import SHORTENED
from cptdiff.vocabulary import CodeSet

# Letters of codes as Cyrillic and Greek keyboards write them.
_ALIKE: Final = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425"
    "\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7",
    "ABEKMHOPCTXABEHIKMNOPTX",
)


def likely_code(text: str, kind: str, code_set: CodeSet) -> str:
    """The code that `text` stands for, as far as it can be told; of a user's table `text` itself.

    Of scientific notation and dates it cannot be told.
    """
    if code_set is CodeSet.TABLE:
        return text
    shown = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in shown)
    code = re.sub(r"[^0-9A-Z.,]", "", digits.upper())
    code = re.sub(r"(?<=[0-9])\.0+$|,", "", code).replace(".", "")
    if code_set is CodeSet.CPT and kind == "code" and re.fullmatch(SHORTENED, code):
        return code.zfill(5)
    return code
