"""How invented CPT wording is put together: areas of the code numbers, and parts of descriptors."""

from collections.abc import Iterator
from typing import NamedTuple

from words import FILLERS, Words, listed, squeeze, upper

_COMMON_MEDIUM, _COMMON_SHORT = 25, 16
_KEPT = 4


class Area(NamedTuple):
    """A run of codes from `first` on, and what descriptors there are made of.

    Several areas may have one `first`. `{}` in an act stands for a site. `owns` names the `OWNS` of
    which children are made.
    """

    first: str
    acts: tuple[str, ...]
    sites: tuple[str, ...]
    details: tuple[str, ...]
    owns: tuple[str, ...]


def areas(text: str, details: tuple[str, ...]) -> Iterator[Area]:
    """Return the areas of text: `FIRST | act; act | site, site | owns` on each line."""
    for line in text.strip().splitlines():
        first, acts, sites, owns = (part.strip() for part in line.split("|"))
        yield Area(
            first,
            tuple(act.strip() for act in acts.split(";")),
            tuple(site.strip() for site in sites.split(",")),
            details,
            listed(owns),
        )


def common(act: str, site: str, detail: str) -> Words:
    """Return a common portion such as `Drainage of deep abscess of forearm, any method`."""
    long = act.format(site)
    brief = [upper(word.strip("(),")) for word in long.split() if word.lower() not in FILLERS]
    brief = brief if len(brief) <= _KEPT else [*brief[: _KEPT - 1], brief[-1]]
    return Words(
        f"{long[0].upper()}{long[1:]}{detail}",
        squeeze(brief, _COMMON_MEDIUM),
        squeeze(brief, _COMMON_SHORT),
    )


SURGICAL = (
    "",
    "",
    "",
    ", including closure of the wound",
    ", any method",
    ", with or without placement of a drain",
    ", with imaging guidance and a written report",
    " (eg, after injury, infection, or an earlier operation)",
    ", separate from any other operation in the same area",
)
IMAGING = (
    "",
    "",
    ", with comparison to earlier images",
    " (eg, for pain, swelling, or follow-up)",
    ", with interpretation and a written report",
    ", real time, with stored images",
)
TESTING = (
    "",
    "",
    "",
    ", any method",
    " (eg, to confirm or monitor disease)",
    ", with interpretation and report",
    ", including preparation of the specimen",
)
CARE = (
    "",
    "",
    ", per session",
    ", with a written plan of care",
    " (eg, after illness, injury, or surgery)",
    ", with interpretation and report",
    ", by a clinician trained in the method",
)
PRODUCT = ("", "", ", single dose container", ", multiple dose container", ", with adjuvant")
PLAIN = ("", "", " (eg, at start of care or yearly)", ", as written in the record")


def _own(*rows: str) -> tuple[Words, ...]:
    return tuple(Words(*(part.strip() for part in row.split("|"))) for row in rows)


# The own portions of children: long, medium, short.
OWNS = {
    "extent": _own(
        "limited|LIMITED|LMTD",
        "of moderate extent|MODERATE EXTENT|MOD EXT",
        "extensive|EXTENSIVE|EXTNSV",
        "extensive, with tissue transfer|EXTENSIVE W/TRANSFER|EXT TRNSF",
    ),
    "size": _own(
        "up to 1.5 cm|UP TO 1.5 CM|TO 1.5 CM",
        "1.6 cm to 4.0 cm|1.6 CM-4.0 CM|1.6-4.0 CM",
        "4.1 cm to 8.0 cm|4.1 CM-8.0 CM|4.1-8.0 CM",
        "8.1 cm to 15.0 cm|8.1 CM-15.0 CM|8.1-15.0CM",
        "over 15.0 cm|OVER 15.0 CM|>15.0 CM",
    ),
    "count": _own(
        "first site|FIRST SITE|1ST SITE",
        "second site|SECOND SITE|2ND SITE",
        "third site|THIRD SITE|3RD SITE",
        "each site after the third|EA SITE AFTER 3RD|EA ADDL ST",
    ),
    "time": _own(
        "first hour|FIRST HOUR|1ST HOUR",
        "each added 15 minutes|EA ADDED 15 MIN|EA ADD 15M",
        "each added 30 minutes|EA ADDED 30 MIN|EA ADD 30M",
    ),
    "approach": _own(
        "open|OPEN|OPEN",
        "percutaneous|PERCUTANEOUS|PERQ",
        "through an endoscope|THRU ENDOSCOPE|ENDOSC",
        "through an endoscope, with stent|THRU ENDOSCOPE W/STENT|ENDO STNT",
        "robot assisted|ROBOT ASSISTED|ROBOT",
    ),
    "fixation": _own(
        "closed, with splint or cast|CLOSED W/SPLINT|CLSD SPLT",
        "closed, under anesthesia|CLOSED W/ANESTHESIA|CLSD ANES",
        "with pins through the skin|W/PERCUT PINS|PERQ PINS",
        "open, with plate or rod|OPEN W/PLATE|OPN PLATE",
    ),
    "graft": _own(
        "without graft|W/O GRAFT|W/O GRFT",
        "with vein graft|W/VEIN GRAFT|VEIN GRFT",
        "with synthetic graft|W/SYNTHETIC GRAFT|SYN GRFT",
        "with patch|W/PATCH|PATCH",
    ),
    "contrast": _own(
        "no contrast|NO CONTRAST|NO CONTR",
        "with contrast|W/CONTRAST|W/CONTR",
        "no contrast, then with contrast|W/O THEN W/CONTRAST|W/O&W/CON",
        "limited study|LIMITED STUDY|LMTD",
        "complete study|COMPLETE STUDY|COMPL",
    ),
    "views": _own(
        "one view|ONE VIEW|1 VIEW",
        "two views|TWO VIEWS|2 VIEWS",
        "three views|THREE VIEWS|3 VIEWS",
        "four or more views|4 OR MORE VIEWS|4/> VIEWS",
    ),
    "method": _own(
        "manual|MANUAL|MANL",
        "automated|AUTOMATED|AUTO",
        "automated, with microscopic review|AUTO W/MICRO REVIEW|AUTO MICR",
        "qualitative|QUALITATIVE|QUAL",
        "quantitative|QUANTITATIVE|QUAN",
        "semiquantitative|SEMIQUANTITATIVE|SEMIQUAN",
    ),
    "specimen": _own(
        "serum or plasma|SERUM OR PLASMA|SERUM",
        "urine|URINE|URINE",
        "whole blood|WHOLE BLOOD|BLOOD",
        "spinal fluid|SPINAL FLUID|CSF",
        "other body fluid|OTHER BODY FLUID|OTH FLUID",
    ),
    "variants": _own(
        "one listed variant|ONE LISTED VARIANT|1 VARIANT",
        "two to ten listed variants|2-10 LISTED VARIANTS|2-10 VRNT",
        "all coding regions|ALL CODING REGIONS|ALL RGNS",
        "change in copy number|COPY NUMBER CHANGE|COPY NUM",
    ),
    "session": _own(
        "initial assessment|INITIAL ASSESSMENT|INIT",
        "repeat assessment|REPEAT ASSESSMENT|REPEAT",
        "group of two or more|GROUP OF 2 OR MORE|GROUP",
        "by video|BY VIDEO|VIDEO",
    ),
    "age": _own(
        "younger than 2 years|YOUNGER THAN 2 YEARS|<2 YRS",
        "2 years through 11 years|2-11 YEARS|2-11 YRS",
        "12 years through 17 years|12-17 YEARS|12-17 YRS",
        "18 years or older|18 YEARS OR OLDER|18/> YRS",
    ),
    "dose": _own(
        "half dose|HALF DOSE|1/2 DOSE",
        "full dose|FULL DOSE|FULL DOSE",
        "full dose, preservative free|FULL DOSE NO PRSV|NO PRSV",
        "booster dose|BOOSTER DOSE|BOOSTER",
    ),
    "problem": _own(
        "one minor problem|ONE MINOR PROBLEM|1 MINOR",
        "two or more minor problems|2+ MINOR PROBLEMS|2+ MINOR",
        "one lasting illness|ONE LASTING ILLNESS|1 LASTING",
        "worsening illness|WORSENING ILLNESS|WORSENING",
        "danger to life|DANGER TO LIFE|DANGER",
    ),
    "result": _own(
        "within target|WITHIN TARGET|IN TARGET",
        "above target|ABOVE TARGET|ABOVE TGT",
        "below target|BELOW TARGET|BELOW TGT",
        "not measured|NOT MEASURED|NOT MEAS",
    ),
}
