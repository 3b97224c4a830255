"""The invented vocabulary: widget-like nonsense, no publisher's wording."""

from typing import NamedTuple

MEDIUM_WIDTH = 48
SHORT_WIDTH = 28


class Words(NamedTuple):
    """One text in the three lengths that CPT has."""

    long: str
    medium: str
    short: str

    def then(self, own: "Words | None") -> "Words":
        """Return the full text of a child: this common portion, `;`, its own portion."""
        if own is None:
            return self
        return Words(
            f"{self.long}; {own.long}",
            f"{self.medium} {own.medium}",
            f"{self.short} {own.short}",
        )


def upper(text: str) -> str:
    """Return text in upper case, all of it still in Windows-1252 (the micro sign stays)."""
    return "µ".join(part.upper() for part in text.split("µ"))


def brief(word: str, width: int) -> str:
    """Return word in upper case, cut to width by dropping vowels from its end."""
    letters = list(upper(word))
    for place in range(len(letters) - 1, 0, -1):
        if len(letters) > width and letters[place] in "AEIOU":
            del letters[place]
    return "".join(letters[:width])


def listed(text: str) -> tuple[str, ...]:
    """Return the words of text."""
    return tuple(text.split())


def phrase(verb: str, site: str, thing: str, detail: str = "") -> Words:
    """Return a common portion such as `Polishing of tarsal widget, any grade of cloth`."""
    act = verb.split(maxsplit=1)[0]
    return Words(
        f"{verb} {site} {thing}{detail}",
        f"{brief(act, 10)} {brief(site, 8)} {brief(thing, 8)}",
        f"{brief(act, 5)} {brief(site, 4)} {brief(thing, 5)}",
    )


SITES = listed(
    "tarsal nasal dorsal femoral palmar lumbar costal ulnar radial plantar apical basal mural "
    "septal temporal frontal crural jugal sural vagal hallux pollex nuchal buccal labral "
    "glenoid cuboid scaphoid hyoid deltoid mastoid petrous vomer lacrimal carinal hilar"
)
PARTS = listed(
    "widget grommet sprocket flange gasket spindle bobbin ratchet toggle ferrule bushing "
    "washer dowel pulley gimbal trunnion lever cotter shim hinge"
)
STUFFS = listed(
    "lint resin grease soot varnish pollen starch solder chalk wax tallow pumice lacquer "
    "graphite dust putty rosin borax"
)
_CRAFTS = listed(
    "Polishing Grinding Waxing Tightening Winding Splicing Riveting Burnishing Dusting "
    "Threading Buffing Bracing Soldering Crimping Trimming Shimming Sanding Bolting Greasing "
    "Knotting Etching Plating Tuning Rinsing Hoisting"
)
VERBS = {
    "Evaluation and Management": ("Parley about", "Roundtable on", "Walkaround of"),
    "Anesthesia": ("Anesthesia for",),
    "Surgery": tuple(f"{verb} of" for verb in _CRAFTS),
    "Radiology": ("Imaging of", "Glowgraphy of", "Echosketch of", "Shadowgram of"),
    "Pathology and Laboratory": ("Assay of", "Count of", "Titer of", "Smear of", "Weighing of"),
    "Medicine": ("Exercise of", "Tracing of", "Warming of", "Stretching of", "Infusion of"),
    "Category II": ("Logbook entry on", "Reminder about", "Tally of"),
    "Category III": ("Photonic tuning of", "Magnetic sorting of", "Robotic waxing of"),
    "Proprietary Laboratory Analyses": ("Sequencing of", "Profiling of", "Fingerprint of"),
}
DETAILS = (
    "",
    "",
    "",
    ", including oiling of the housing and a spin test when performed",
    ", any grade of cloth",
    " and adjoining bearings, with or without replacement of the dust cover",
    ", per workbench session",
    " (eg, after storage, shipment, or a long winter)",
    ", with interpretation of the hum and a signed bench report",
    " or its housing, by any person trained in the use of a feather duster and a small mirror",
)
LABORATORY = ("Pathology and Laboratory", "Proprietary Laboratory Analyses")


def _own(*rows: str) -> tuple[Words, ...]:
    return tuple(Words(*(part.strip() for part in row.split("|"))) for row in rows)


SUFFIXES = (
    _own(
        "simple|SIMPLE|SMPL",
        "intermediate|INTERMEDIATE|INTRM",
        "complex|COMPLEX|CPLX",
        "complex, with inspection|CPLX W/INSPECTION|CPLX INSP",
    ),
    _own(
        "2.5 cm or less|2.5 CM OR LESS|2.5 CM/<",
        "2.6 cm to 5.0 cm|2.6 CM-5.0 CM|2.6-5.0 CM",
        "5.1 cm to 7.5 cm|5.1 CM-7.5 CM|5.1-7.5 CM",
        "7.6 cm to 12.5 cm|7.6 CM-12.5 CM|7.6-12.5CM",
        "over 12.5 cm|OVER 12.5 CM|>12.5 CM",
    ),
    _own(
        "first piece|FIRST PIECE|1ST PC",
        "second piece|SECOND PIECE|2ND PC",
        "third piece|THIRD PIECE|3RD PC",
        "each additional piece|EA ADDL PIECE|EA ADDL PC",
    ),
    _own(
        "first hour|FIRST HOUR|1ST HOUR",
        "each additional 15 minutes|EA ADDL 15 MIN|EA ADD 15M",
        "each additional 30 minutes|EA ADDL 30 MIN|EA ADD 30M",
    ),
    _own(
        "open|OPEN|OPEN",
        "closed|CLOSED|CLSD",
        "through a keyhole|KEYHOLE|KYHL",
        "through a keyhole, with lamp|KEYHOLE W/LAMP|KYHL LAMP",
        "from below|FROM BELOW|BELOW",
    ),
    _own(
        "without oil|W/O OIL|W/O OIL",
        "with oil|W/OIL|W/OIL",
        "without oil, followed by oil|W/O & W/OIL|W/O&W/OIL",
        "limited|LIMITED|LMTD",
        "complete|COMPLETE|COMPL",
    ),
    _own(
        "manual|MANUAL|MANL",
        "automated|AUTOMATED|AUTO",
        "automated, with microscope|AUTO W/MICROSCOPE|AUTO MICRO",
        "qualitative|QUALITATIVE|QUAL",
        "quantitative|QUANTITATIVE|QUAN",
        "semiquantitative|SEMIQUANTITATIVE|SEMIQUAN",
    ),
)
