"""Plain edits: both wordings of a pair mean the same, so either way they are info or low.

Written by hand by kind. Every descriptor and every name is invented.
"""

Pair = tuple[str, str]

COMPOUNDS: list[Pair] = [
    ("Polishing of tibiogauge joint", "Polishing of gaugotibial joint"),
    ("Sprain of widgohingeal ligament of rim", "Sprain of hingeowidgal ligament of rim"),
    ("Oiling, brassocuffal joint, open", "Oiling, cuffobrassal joint, open"),
    ("Crack of rimobarral articulation", "Crack of barrorimal articulation"),
    ("Repair of pinnolevar space", "Repair of levopinnal space"),
    ("Suture of valvogaugic junction", "Suture of gaugovalvar junction"),
    ("Rust of gaugo-widgal joint", "Rust of widgo-gaugal joint"),
    ("Check of springocogal joint, 2 views", "Check of cogospringal joint, 2 views"),
    ("Fusion of platorimal and plain hinges, platorimal joint",
     "Fusion of rimoplatal and plain hinges, rimoplatal joint"),
    ("Rimobarral arthrodesis of hinge, open", "Barrorimal arthrodesis of hinge, open"),
    ("Polish of joint, tibiogauge", "Polish of joint, gaugotibial"),
    ("Opening of the leverocuffar membrane", "Opening of the cuffoleverar membrane"),
]  # fmt: skip
LETTERS: list[Pair] = [
    ("Injection, gaugofilgrastim, 5 mg", "Injection, gaugofligrastim, 5 mg"),
    ("Injection, hingeparrin sodium, 10 mg", "Injection, hingeparin sodium, 10 mg"),
    ("Infusion, brassotrexatium, 20 mg", "Infusion, brassotrxatium, 20 mg"),
    ("Injection, widgetoparzole, 40 mg", "Injection, widgetoprazole, 40 mg"),
    ("Tablet, polishomycidone, oral, 5 mg", "Tablet, polishomicidone, oral, 5 mg"),
    ("Injection, gaugolinumuabine, per 10 mg", "Injection, gaugolinumabine, per 10 mg"),
    ("Injection, wiidgetaxel, 1 mg", "Injection, widgetaxel, 1 mg"),
    ("Rimographic plethismography of hinge", "Rimographic plethysmography of hinge"),
    ("Polishing with gaugoscopically fitted rim", "Polishing with gaugoscopicaly fitted rim"),
    ("Widgetochondroplasty of the hinge", "Widgetochondrplasty of the hinge"),
    ("Barrel spectrophotmetry", "Barrel spectrophotometry"),
    ("Injection, cuffodexamethosone, 4 mg", "Injection, cuffodexamethasone, 4 mg"),
    ("Oil, levocuffalosamine, 100 ml", "Oil, levocufalosamine, 100 ml"),
    ("Injection, hingecilline, 5 mg", "Injection, hingecillin, 5 mg"),
    ("Infusion of gaugobuline, 1 g", "Infusion of gaugobulin, 1 g"),
    ("Fitting of widget adaptor", "Fitting of widget adapter"),
    ("Injection, springopamide, 1 mg", "Injection, sprinogpamide, 1 mg"),
    ("Test for antigaugolysin antibodys", "Test for antigaugolysin antibodies"),
]
CAUSES: list[Pair] = [
    ("Rust from rain", "Rust due to rain"),
    ("Crack of hinge from long wear, first visit", "Crack of hinge due to long wear, first visit"),
    ("Hinge failure due to cold", "Hinge failure caused by cold"),
    ("Hinge failure resulting from cold", "Hinge failure due to cold"),
    ("Stiffness of rim secondary to dust", "Stiffness of rim due to dust"),
    ("Stiffness of rim because of dust", "Stiffness of rim from dust"),
    ("Injury of rim from the fall of a gauge", "Injury of rim due to the fall of a gauge"),
    ("Squeak in assembly", "Squeak complicating assembly"),
    (
        "Other rust in assembly, unspecified term",
        "Other rust complicating assembly, unspecified term",
    ),
    (
        "Hinge disease in the season, third phase",
        "Hinge disease complicating the season, third phase",
    ),
    ("Bleeding from brass ulcer", "Bleeding due to brass ulcer"),
    ("Pre-existing rust in assembly", "Pre-existing rust complicating assembly"),
    ("Dent owing to frost", "Dent due to frost"),
    ("Dent as a result of frost", "Dent from frost"),
]
QUALIFIERS: list[Pair] = [
    ("Crack of unspecified part of unspecified hinge", "Crack of part of unspecified hinge"),
    ("Unspecified site of unspecified rim, dry", "Site of unspecified rim, dry"),
    ("Rust of unspecified region of the unspecified rim",
     "Rust of region of the unspecified rim"),
    ("Crack of unspecified portion of unspecified side of hinge",
     "Crack of portion of unspecified side of hinge"),
    ("Wear of unspecified surface of unspecified cog", "Wear of surface of unspecified cog"),
    ("Wear of unspecified level of unspecified cog", "Wear of level of unspecified cog"),
    ("Widget polish, age 5 years or older", "Widget polish, 5 years or older"),
    ("Widget polish, 5 years of age or older", "Widget polish, 5 years or older"),
    ("Widget polish, 18 years of age and older", "Widget polish, age 18 years and older"),
    ("Oiling, aged 3 months or younger", "Oiling, 3 months or younger"),
]  # fmt: skip
BRACKETS: list[Pair] = [
    ("Polishing of hinge (brass) rim", "Polishing of brass hinge rim"),
    ("Hinge (slow) wear", "Slow hinge wear"),
    ("Gauge widget (lever) check", "Gauge lever widget check"),
    ("Rust of widget [rim]", "Rust of widget rim"),
    ("Rust of widget (rim)", "Rust of rim widget"),
    ("(Brass) hinge polish", "Brass hinge polish"),
    ("(Brass) hinge polish", "Hinge, brass, polish"),
    ("Hinge (solid brass) polish", "Solid brass hinge polish"),
    ("Squeak (whistle) of widget", "Squeak whistle of widget"),
    ("Crack of rim (nickel), dry", "Crack of nickel rim, dry"),
    ("Fitting of cuff (felt) with oil", "Fitting of felt cuff with oil"),
]
NEGATIONS: list[Pair] = [
    ("No review needed", "Review is not needed"),
    ("Hinge check, no review needed", "Hinge check, review not needed"),
    ("Widget seen, no oil given", "Widget seen, oil was not given"),
    ("No rust present", "Rust not present"),
    ("No check of hinge performed", "Check of hinge not performed"),
    ("No polish documented, dry hinge", "Polish was not documented, dry hinge"),
    ("Polish not required", "Polish not needed"),
    ("Hinge, no oil required", "Hinge, oil is not necessary"),
    ("Visit with no review needed", "Visit with review not needed"),
    ("Hinge not requiring oil", "Hinge oil not needed"),
    ("Rim check, no need for oil", "Rim check, oil not needed"),
    ("Rim that does not need oil", "Rim that does not require oil"),
    ("Polishing with no oil", "Polishing without oil"),
    ("Polishing, no oil", "Polishing, without oil"),
    ("Hinge not able to turn", "Hinge unable to turn"),
    ("Hinge cannot turn", "Hinge can not turn"),
    ("Crack of rim, not displaced", "Crack of rim, nondisplaced"),
    ("Crack of rim, non-displaced", "Crack of rim, not displaced"),
    ("Owner is not a smoker", "Owner is a nonsmoker"),
    ("Owner does not have a brass hinge", "Owner has no brass hinge"),
    ("Rust absent", "Rust not present"),
    ("Wax wasn't used", "Wax was not used"),
    ("Polish in the absence of oil", "Polish without oil"),
]
STRAYS: list[Pair] = [
    ("Polish, 12x weeks", "Polish, 12 weeks"),
    ("Polish for 30n minutes, dry", "Polish for 30 minutes, dry"),
    ("Gauge of 24a hours", "Gauge of 24 hours"),
    ("Gauge of more than 6t months", "Gauge of more than 6 months"),
    ("A 12x-week course", "A 12-week course"),
    ("Oil, 5 years, 2v visits, 7p days", "Oil, 5 years, 2v visits, 7 days"),
]
EXAMPLES: list[Pair] = [
    ("Brush, including (e.g., nylon, wool)", "Brush (e.g., nylon, wool)"),
    ("Brush including (eg, nylon), dry", "Brush (eg, nylon), dry"),
    ("Brush, including, e.g., nylon", "Brush, e.g., nylon"),
    ("Brush (e.g., including nylon)", "Brush (e.g., nylon)"),
    ("Brushes to include (e.g., nylon)", "Brushes (e.g., nylon)"),
    ("Brush such as (e.g., nylon)", "Brush (e.g., nylon)"),
]
MIXED: list[Pair] = [
    ("Rust from rain, no review needed", "Rust due to rain, review not needed"),
    ("Hinges, including (e.g., brass), polished", "Hinge (eg, brass), polished"),
    ("The crack of unspecified part of unspecified hinge", "Crack of part of unspecified hinge"),
]
# An article beside a word that a letter may name.
ARTICLES: list[Pair] = [
    ("Polishing of a widget", "Polishing of widget"),
    ("Type of a hinge", "Type of hinge"),
    ("Type of a hinge", "Type of the hinge"),
    ("In part a result of rust", "In part result of rust"),
    ("Rust of any type, a hinge polished", "Rust of any type, hinge polished"),
    ("A level check of rim", "Level check of rim"),
    ("Check at a level of rim", "Check at level of rim"),
    ("A type A hinge", "Type A hinge"),
    ("Check of a group A hinge", "Check of group A hinge"),
    ("Oil of class A for a hinge", "Oil of class A for hinge"),
    ("Hepatitis of an oiled rim", "Hepatitis of oiled rim"),
    ("Vitamin oil in a tin", "Vitamin oil in tin"),
    ("Type B virus of the hinge", "Type B virus of hinge"),
]
KINDS = {
    "compounds": COMPOUNDS, "letters": LETTERS, "causes": CAUSES, "qualifiers": QUALIFIERS,
    "brackets": BRACKETS, "negations": NEGATIONS, "strays": STRAYS, "examples": EXAMPLES,
    "mixed": MIXED, "articles": ARTICLES,
}  # fmt: skip
