"""What goes and what comes, and what is told to replace what; every text is invented."""

from tests.crosswalk.made import Texts

POLISH = "Polishing of a brass widget with wax"
# Name, code set, what goes, what comes, the rows.
GUESSES: tuple[tuple[str, str, Texts, Texts, list[str]], ...] = (
    (
        "the same words under another code, punctuation and case aside",
        "cpt",
        {"00990": "Polishing of widget, simple"},
        {"00991": "POLISHING OF WIDGET; SIMPLE"},
        ["00990 same 00991 identical-text"],
    ),
    (
        "the same words in another section",
        "cpt",
        {"00990": POLISH},
        {"33333": POLISH},
        ["00990 same 33333 identical-text"],
    ),
    (
        "a modifier by a modifier, not by a code",
        "hcpcs",
        {"ZA": POLISH},
        {"ZB": POLISH, "A0001": POLISH},
        ["ZA same ZB identical-text"],
    ),
    (
        "words that many entries share name none of them",
        "cpt",
        {f"0099{n}": "Reserved for later polishing" for n in range(6)},
        {"33333": "Reserved for later polishing"},
        [f"0099{n} none none" for n in range(6)],
    ),
    (
        "a code that became a header, by its new children",
        "icd10cm",
        {"A990": "Widget fever"},
        {"=A990": "Widget fever", "A9901": "Widget fever, mild", "A9902": "Brass fever"},
        ["A990 split A9901 hierarchy", "A990 split A9902 hierarchy"],
    ),
    (
        "a placeholder that was filled, the seventh character kept",
        "icd10cm",
        {
            "T994XXA": "Burn by wax, initial encounter",
            "T994XXD": "Burn by wax, subsequent encounter",
        },
        {
            "T9940XA": "Burn by wax, unspecified, initial encounter",
            "T9941XA": "Burn by hot wax, initial encounter",
            "T9940XD": "Burn by wax, unspecified, subsequent encounter",
        },
        [
            "T994XXA split T9940XA hierarchy",
            "T994XXA split T9941XA hierarchy",
            "T994XXD replaced-by T9940XD hierarchy",
        ],
    ),
    (
        "a placeholder inside, what stands behind it kept",
        "icd10cm",
        {
            "T404X1A": "Poisoning by polish, accidental, initial encounter",
            "T404X2A": "Poisoning by polish, assault, initial encounter",
        },
        {
            "T40411A": "Poisoning by brass polish, accidental, initial encounter",
            "T40412A": "Poisoning by brass polish, assault, initial encounter",
        },
        [
            "T404X1A replaced-by T40411A hierarchy",
            "T404X2A replaced-by T40412A hierarchy",
        ],
    ),
    (
        "children whose header became a code",
        "icd10cm",
        {"=H994": "Dizzy", "H9941": "Dizzy, right ear", "H9942": "Dizzy, left ear"},
        {"H994": "Dizzy"},
        ["H9941 merged H994 hierarchy", "H9942 merged H994 hierarchy"],
    ),
    (
        "children whose header became a code with placeholders",
        "icd10cm",
        {"V9901XA": "Hit by a van", "V9901XD": "Hit by a van, later", "V9902XA": "Hit by a cart"},
        {"V990XXA": "Hit by a vehicle", "V990XXD": "Hit by a vehicle, later"},
        [
            "V9901XA merged V990XXA hierarchy",
            "V9901XD replaced-by V990XXD hierarchy",
            "V9902XA merged V990XXA hierarchy",
        ],
    ),
    (
        "a new neighbor that the divided code held before",
        "icd10cm",
        {"Q991": "Bent toe, one side", "Q992": "Webbed knee"},
        {
            "=Q991": "Bent toe, one side",
            "Q9911": "Bent great toe, one side",
            "Q993": "Bent small toe, one side",
            "Q992": "Webbed knee",
        },
        ["Q991 split Q9911 hierarchy", "Q991 split Q993 hierarchy"],
    ),
    (
        "a new neighbor that another code held before",
        "icd10cm",
        {"Q991": "Bent toe", "Q998": "Webbed knee"},
        {
            "=Q991": "Bent toe",
            "Q9911": "Bent great toe",
            "Q994": "Webbed knee, thin",
            "Q998": "Webbed knee",
        },
        ["Q991 replaced-by Q9911 hierarchy"],
    ),
    (
        "a child with the words of the code that it divides is one of several",
        "icd10cm",
        {"P998": "Other spots"},
        {"=P998": "Other spots", "P9981": "Red spots", "P9988": "Other spots"},
        ["P998 split P9981 hierarchy", "P998 split P9988 hierarchy"],
    ),
    (
        "a class of the rest in a family that moved, by what was taken out of it too",
        "icd10cm",
        {
            "T99040A": "Crack around a brass joint of the knee",
            "T99048A": "Crack around another brass joint, other",
        },
        {
            "M9901XA": "Crack around a brass joint of the knee",
            "M9902XA": "Crack around another brass joint, ankle",
            "M998XXA": "Crack around another brass joint, other",
        },
        [
            "T99040A same M9901XA identical-text",
            "T99048A possible M998XXA similar-text",
            "T99048A possible M9902XA similar-text",
        ],
    ),
    (
        "ICD-10-PCS: another value of one axis",
        "icd10pcs",
        {"5A15223": "Oxygenation of a widget, steady"},
        {"5A1522F": "Oxygenation, widget, middle", "5A1522G": "Oxygenation, widget, edge"},
        ["5A15223 split 5A1522F hierarchy", "5A15223 split 5A1522G hierarchy"],
    ),
    (
        "ICD-10-PCS: not by another approach",
        "icd10pcs",
        {"0W4M0Z0": "Creation of a handle, open approach"},
        {"0W4M3Z0": "Creation of a handle, keyhole approach"},
        ["0W4M0Z0 none none"],
    ),
    (
        "Category III to Category I in any section",
        "cpt",
        {"0990T": "Percutaneous polishing of a brass widget by laser"},
        {"33333": "Polishing of brass widget, percutaneous, by laser, single"},
        ["0990T converted 33333 conversion"],
    ),
    (
        "alike words in the same section",
        "cpt",
        {"00990": POLISH},
        {"00995": POLISH + ", by hand", "00996": "Grinding of a steel tube"},
        ["00990 possible 00995 similar-text"],
    ),
    (
        "alike words in another section are none",
        "cpt",
        {"00990": POLISH},
        {"33333": POLISH + ", by hand"},
        ["00990 none none"],
    ),
    (
        "of two the one with the likelier words",
        "cpt",
        {"00990": POLISH, "00991": "Polishing of a brass lever with wax"},
        {"00995": POLISH + ", by hand"},
        ["00990 possible 00995 similar-text", "00991 none none"],
    ),
    (
        "no code that is another one's renumbering",
        "cpt",
        {"00990": POLISH, "00991": POLISH + ", by hand"},
        {"00995": POLISH},
        ["00990 same 00995 identical-text", "00991 none none"],
    ),
    (
        "none that stays far behind the best",
        "cpt",
        {"00990": "Polishing of brass widgets and levers by wax"},
        {
            "00995": "Polishing of brass widgets and levers by wax, long",
            "00996": "Polishing of brass bowls, levers and pots",
        },
        ["00990 possible 00995 similar-text"],
    ),
    (
        "words that say nothing make nothing alike",
        "hcpcs",
        {"J0990": "Brass wax, not otherwise specified"},
        {"J0995": "Iron oil, not otherwise specified"},
        ["J0990 none none"],
    ),
    (
        "the next unlisted code of several",
        "cpt",
        {"00990": POLISH},
        {"00985": "Unlisted polish", "01990": "Unlisted wax", "01999": "Unlisted procedure"},
        ["00990 unlisted 01990 unlisted"],
    ),
    (
        "the section's unlisted code",
        "cpt",
        {"00990": POLISH},
        {"01999": "Unlisted made-up procedure", "69979": "Unlisted procedure, handles"},
        ["00990 unlisted 01999 unlisted"],
    ),
    ("nothing", "cpt", {"00990": POLISH}, {}, ["00990 none none"]),
    (
        "no rows for a header",
        "icd10cm",
        {"=A99": "Fevers", "A990": "Fever"},
        {},
        ["A990 none none"],
    ),
    (
        "a table of the user's own, by equal words only",
        "table",
        {"K01": POLISH, "K02": "Grinding of a steel tube"},
        {"L01": POLISH, "L02": "Grinding of a steel tube, long"},
        ["K01 same L01 identical-text", "K02 none none"],
    ),
)
