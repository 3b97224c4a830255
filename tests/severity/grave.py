"""Revisions that change what is covered, near misses among them (see mild.py)."""

from mild import Triple

THRESHOLD: list[Triple] = [
    ("Polishing; 15-29 minutes", "Polishing; 20-29 minutes", "threshold", "high"),
    ("Polishing, 15 minutes", "Polishing, 20 minutes", "threshold", "high"),
    ("Polishing, 15 minutes", "Polishing, 15 hours", "threshold", "high"),
    ("Widget less than 3 cm", "Widget greater than 3 cm", "threshold", "high"),
    ("Widget 2.5 cm", "Widget 25 cm", "threshold", "high"),
    ("Widget 2.5 cm", "Widget 2.5 mm", "threshold", "high"),
    ("Oil, 10 mg", "Oil, 10 mcg", "threshold", "high"),
    ("Polishing, up to 1 month", "Polishing, up to 30 days", "threshold", "high"),
    ("One or more widgets", "Two or more widgets", "threshold", "high"),
    ("Widget, age 5 years or older", "Widget, age 5 years or younger", "threshold", "high"),
    ("Polish for adult", "Polish for child", "threshold", "high"),
    ("Gauge score = 190", "Gauge score <= 190", "threshold", "high"),
    ("Gauge reading of -2.5", "Gauge reading of 2.5", "threshold", "high"),
    ("Widgets 1 to 4", "Widgets 4 to 1", "logic;word-order", "high"),
    ("Polishing, first widget", "Polishing, second widget", "threshold", "high"),
    ("Brush (eg, 5 mm)", "Brush (eg, 6 mm)", "threshold", "high"),
    ("Polish, 12 turns", "Polish, 10 or 20 turns", "threshold;logic", "high"),
    ("Polish, 12 3 turns", "Polish, 1 23 turns", "threshold", "high"),
    ("Hinge 5 3", "Hinge 53", "threshold", "high"),
]
LOGIC: list[Triple] = [
    ("Polishing with oil", "Polishing with or without oil", "logic", "high"),
    ("Polishing with oil", "Polishing without oil", "logic", "high"),
    ("Oiling of hinge, unilateral", "Oiling of hinge, bilateral", "logic", "high"),
    ("Left hinge", "Right hinge", "logic", "high"),
    ("Oiling of widget and hinge", "Oiling of widget or hinge", "logic", "high"),
    ("Widget not polished", "Widget polished", "logic", "high"),
    ("Displaced widget", "Nondisplaced widget", "logic;scope", "high"),
    ("Pressure on widget", "Non-pressure on widget", "logic", "high"),
    ("Initial polish of widget", "Subsequent polish of widget", "logic", "high"),
    ("Oiling, including brush", "Oiling, excluding brush", "logic", "high"),
    ("Oiling of hinge", "Oiling of hinge, each", "logic", "high"),
    ("Oil without squeak, with rust", "Oil with squeak, without rust", "logic;word-order", "high"),
    ("Rust of widget with squeak of hinge", "Rust of hinge with squeak of widget",
     "logic;word-order", "high"),
    ("Left arm, right leg of widget", "Right arm, left leg of widget", "logic;word-order", "high"),
    ("Polish (with wax)", "Polish (without wax)", "logic", "high"),
    ("Proximal hinge", "Distal hinge", "logic", "high"),
]  # fmt: skip
SCOPE: list[Triple] = [
    ("Polishing of widget", "Polishing of brass widget", "scope", "high"),
    ("Oiling of hinge by brush", "Oiling of hinge by spray", "scope", "high"),
    ("Incision of widget rim, deep", "Excision of widget rim, deep", "scope", "high"),
    ("Widget of ileum, polished", "Widget of ilium, polished", "scope", "high"),
    ("Hyperpolished widget rim", "Hypopolished widget rim", "scope", "high"),
    ("Widgotomy of the long hinge", "Widgostomy of the long hinge", "scope", "high"),
    ("Intrahinge oil of the widget", "Interhinge oil of the widget", "scope", "high"),
    ("Widget polish, 5 ml", "Widget polish (brillo), 5 ml", "scope;parenthetical", "high"),
    ("Widget repair (open)", "Widget repair", "scope", "high"),
    ("Current brass owners", "Current owners (eg, brass, steel)", "logic;scope;example-list",
     "high"),
    ("Oiling of hinge", "Oiling of hinge (List separately in addition to primary)",
     "addon-status;logic;parenthetical", "high"),
]  # fmt: skip
CLOSED: list[Triple] = [
    ("Acidity, unspecified", "Acidity in nurseries, unspecified", "scope", "high"),
    (
        "Brush (eg, nylon, wool)",
        "Brush (ie, nylon, wool)",
        "logic;example-list;parenthetical",
        "high",
    ),
    ("Brush (eg, nylon, wool)", "Brush (nylon, wool)", "logic;example-list;parenthetical", "high"),
    ("Widget polish (nontraumatic)", "Widget polish", "scope", "high"),
    ("Injection, polumab, 10 mg", "Injection, polimab, 10 mg", "scope", "high"),
    ("Widget shine, quantitative", "Widget shine, qualitative", "scope", "high"),
]
REWORDED: list[Triple] = [
    ("Polishing of widget", "Removal of gauge under guidance", "reworded", "critical"),
    ("Dulled rim check done", "Bridge payment for a further lesson", "reworded", "critical"),
    ("Brillo, per square centimeter", "Wax plate, per square centimeter", "reworded", "critical"),
]
