"""The areas of invented visits, anesthesia, medicine, and of the codes with a letter."""

from cpt_words import CARE, PLAIN, PRODUCT, TESTING, areas

_VISITS = """
98000 | video visit about {}; telephone visit about {}; secure message exchange about {} | new complaint, lasting illness, medicine change, test results, care after hospital | problem time
99201 | office encounter about {}; follow-up encounter about {}; walk-in encounter about {} | new complaint, lasting illness, medicine change, test results, preventive care | problem time
99221 | hospital encounter about {}; observation encounter about {}; same-day hospital encounter about {} | acute illness, planned operation, new diagnosis, worsening illness | problem time
99242 | second opinion about {}; opinion for a colleague about {} | unclear diagnosis, surgery, complex treatment, test results | problem time
99281 | emergency encounter about {}; emergency encounter with observation about {} | minor injury, acute pain, trouble breathing, high fever, major trauma | problem age
99291 | bedside care of {}; transport care of {} | unstable adult, unstable child, unstable newborn | time
99304 | nursing facility encounter about {}; yearly facility review of {} | new admission, lasting illness, change of condition, planned discharge | problem time
99341 | home encounter about {}; residence encounter about {} | lasting illness, wound care, palliative needs, new complaint | problem time
99358 | extended work without the patient on {}; standby during {} | record review, complex planning, high risk birth, transfer of care | time count
99366 | team meeting about {}; case discussion about {} | complex child, complex adult, family concerns, discharge plans | time count
99381 | preventive encounter for {} | new patient, known patient, athlete, traveler | age time
99381 | advice to reduce risk of {} | tobacco use, heart disease, falls, infection | time count
99441 | telephone advice about {}; online advice about {} | minor complaint, medicine question, home readings, test results | time count
99460 | newborn care of {}; birth room support of {} | well newborn, small newborn, sick newborn, newborn after surgery | extent time
99483 | care planning for {}; monthly oversight of {} | memory loss, lasting illness, behavioral condition, complex needs | time count
99483 | transition care after {} | hospital stay, nursing facility stay, emergency visit | time count
"""  # noqa: E501 - an area is one line

_ANESTHESIA = """
00100 | anesthesia during surgery of {}; anesthesia during scope of {}; anesthesia during repair of {} | scalp, eye, ear, nose, mouth, face, jaw, skull, brain | age extent
00300 | anesthesia during surgery of {}; anesthesia during sampling of {}; anesthesia during repair of {} | neck, thyroid, chest wall, breast, collarbone, lung, heart, great vessels, esophagus | age extent
00600 | anesthesia during surgery of {}; anesthesia during injection of {}; anesthesia during fusion of {} | cervical spine, thoracic spine, lumbar spine, sacrum | age extent
00700 | anesthesia during surgery of {}; anesthesia during scope of {}; anesthesia during hernia repair of {} | upper abdomen, liver, stomach, lower abdomen, bowel, kidney, bladder, prostate, uterus, pelvis | age extent
01120 | anesthesia during surgery of {}; anesthesia during casting of {}; anesthesia during joint replacement of {} | pelvis, hip, thigh, knee, lower leg, ankle, foot | age extent
01610 | anesthesia during surgery of {}; anesthesia during casting of {}; anesthesia during vessel repair of {} | shoulder, upper arm, elbow, forearm, wrist, hand | age extent
01916 | anesthesia during imaging of {}; anesthesia during burn care of {}; anesthesia during birth with {} | vessels, head, small burn, large burn, planned delivery, urgent delivery | age time
99100 | anesthesia made harder by {} | extreme age, emergency, cooling of the body, planned low blood pressure | age
"""  # noqa: E501 - an area is one line

_MEDICINE = """
90460 | giving of {} with counseling; giving of {} at a clinic for many people | injected vaccine, oral vaccine, nasal vaccine | count age
90785 | talk therapy for {}; crisis intervention for {}; medication review for {}; magnetic treatment of {} | depression, anxiety, psychosis, eating disorder, substance use, family conflict | time session
90901 | biofeedback for {} | bladder control, headache, chronic pain | time session
90935 | dialysis for {}; dialysis training for {}; review of dialysis of {} | acute kidney injury, end stage disease, home patient, child, traveling patient | age session
91010 | pressure study of {}; acid study of {}; capsule imaging of {}; breath test for {} | esophagus, stomach, small bowel, colon, bacterial overgrowth | contrast session
92002 | eye examination for {}; field test for {}; photographs for {}; contact lens fitting for {} | new complaint, glaucoma, diabetes, cataract, corneal disease, low vision, retinal disease | session age
92502 | hearing test of {}; balance test of {} | adult, child, infant, hearing aid user | session time
92502 | speech evaluation of {}; swallowing study of {} | child, stroke survivor, adult after cancer surgery | session time
92502 | implant tuning of {}; implant evaluation of {} | child, adult | session time
92920 | opening of blocked {}; pressure study of {}; imaging inside {}; stent in {} | coronary artery, bypass graft, pulmonary artery | contrast count
92920 | ultrasound of {}; pressure study of {}; stress test of {}; mapping of rhythm of {} | right heart, left heart, heart chambers, heart valves | contrast session
92920 | device check of {}; reprogramming of {}; remote review of {} | pacemaker, defibrillator, loop recorder, heart pump | count session
93880 | ultrasound flow study of {}; pressure study of {} | neck arteries, arm arteries, leg arteries, leg veins, abdominal vessels, dialysis access | contrast count
94002 | ventilator management of {}; breathing test of {}; inhaled treatment of {}; oxygen study of {} | adult, child, newborn, asthma patient, patient with scarred lungs, home patient | session time
95004 | skin test for allergy to {}; food challenge for {}; allergy shots against {}; patch test for {} | pollen, foods, insect venom, drugs, molds, metals | count session
95249 | glucose monitoring of {}; sleep study of {}; brain wave study of {} | adult, child, home patient | session time
95249 | nerve conduction study of {}; muscle study of {}; motion analysis of {} | arm, leg, face, trunk, hand | session count
95249 | stimulator programming of {} | brain implant, spinal implant, nerve implant | session time
96040 | genetic counseling about {} | cancer risk, pregnancy, inherited heart disease | time session
96040 | memory testing for {}; development screening for {}; attention testing for {} | head injury, dementia, autism, learning problems | time session
96040 | health behavior advice on {} | weight, pain, diabetes, sleep | time session
96360 | infusion of {}; injection of {}; pump refill with {} | fluids, antibiotic, cancer drug, hormone, biologic, pain medicine | time count
96567 | light treatment of {}; photographs of {}; laser treatment of {} | acne, psoriasis, precancerous skin, vitiligo, moles | size session
97010 | exercise for {}; hands-on therapy for {}; needling for {}; electrical stimulation for {} | neck pain, back pain, shoulder injury, knee injury, hand injury | time session
97010 | gait training after {}; work conditioning after {}; fitting of brace after {}; balance training after {} | stroke, amputation, burns, hip fracture, knee replacement | time session
97010 | nutrition advice for {}; group education on {} | diabetes, weight loss, kidney disease | time session
98925 | bone and joint treatment of {}; soft tissue treatment of {} | spine, limbs, rib cage | count time
98925 | self-care education on {}; remote monitoring of {} | blood pressure, breathing, blood sugar, pain | session time
99000 | handling of {}; special report on {}; review of {} | specimen, claim form, home readings, remote data, night call | time count
99151 | light sedation for {}; poisoning treatment for {}; pressurized oxygen for {} | child, adult, emergency patient, wound patient | age time
99500 | home visit for {}; medication review for {} | newborn care, wound care, infusion, ventilator care, new medicines, many medicines | time session
"""  # noqa: E501 - an area is one line

_PRODUCTS = """
90281 | antibody product against {}; injection of antibodies against {} | hepatitis virus, rabies virus, tetanus toxin, chickenpox virus, snake venom, cytomegalovirus | dose age
90476 | vaccine against {}; combined vaccine against {} and one more disease; live vaccine against {}; inactivated vaccine against {} | influenza, hepatitis, measles, typhoid, rabies, cholera, meningitis, pneumonia, polio, yellow fever, encephalitis, shingles | dose age
91300 | vaccine against {}; updated vaccine against {} | seasonal coronavirus, pandemic coronavirus | dose age
"""  # noqa: E501 - an area is one line

# Sections whose codes end with a letter.
_LETTERS = {
    "Category II": (
        """
0001F | record of {}; advice given on {}; plan made for {}; screening done for {}; target reached for {} | blood pressure, tobacco use, fall risk, kidney function, asthma control, eye examination, foot examination, aspirin use, depression, pain, blood sugar, cholesterol, vaccination, hearing loss, bone density, weight, medication list, wound healing | result age
""",  # noqa: E501 - an area is one line
        PLAIN,
    ),
    "Category III": (
        """
0001T | implantation of wireless sensor in {}; reading of wireless sensor in {}; removal of wireless sensor from {} | pulmonary artery, left atrium, bladder, front chamber of eye, aortic graft, knee implant | approach count
0001T | focused ultrasound of {}; freezing of {} through the skin; robotic needle placement in {}; computer analysis of images of {}; pulsed field destruction of {}; injection of tiny radioactive beads in {} | liver tumor, prostate, thyroid nodule, breast lesion, kidney tumor, lung nodule, pancreatic tumor, fibroid | approach count extent
0001T | gene therapy injection in {}; optical scan of {}; stem cell treatment of {} | retina, cornea, knee cartilage, diabetic wound, heart muscle, spinal disc, inner ear | extent count
0001T | implantation of stimulator for {}; remote tuning of stimulator for {}; exchange of stimulator for {} | vagus nerve, bladder nerve, breathing nerve, brain target, tongue nerve, pelvic nerve, stomach nerve | approach count
0001T | three-dimensional model of {}; virtual planning of surgery of {}; computer analysis of flow in {} | coronary artery, mitral valve, aortic root, carotid artery, brain aneurysm, kidney artery | contrast count
""",  # noqa: E501 - an area is one line
        CARE,
    ),
    "Proprietary Laboratory Analyses": (
        """
0001U | gene expression profile of {}; tumor DNA in blood for {}; methylation analysis for {}; protein signature of {}; sequencing panel for {} | breast cancer, colon cancer, lung cancer, prostate cancer, thyroid nodule, bladder cancer, melanoma, lymphoma, ovarian mass, brain tumor, kidney tumor | variants method
0001U | drug response panel for {} | epilepsy, depression, pain, blood thinners, heart disease, cancer drugs, anesthesia | variants specimen
0001U | sequencing panel for {}; repeat length analysis for {}; carrier panel for {} | inherited heart disease, epilepsy, hearing loss, muscle disease, kidney disease, vision loss, preterm birth | variants specimen
0001U | antibody panel for {}; protein signature of {}; cell response test for {} | autoimmune disease, kidney transplant, heart transplant, liver scarring, dementia, celiac disease, allergy | specimen method
0001U | rapid pathogen panel for {}; resistance panel for {} | lung infection, wound infection, urinary infection, blood infection, joint infection, nail infection, tick bite | specimen method
""",  # noqa: E501 - an area is one line
        TESTING,
    ),
    "Pathology and Laboratory": (
        """
0001M | risk score for {}; algorithm result for {} | liver scarring, heart failure, ovarian mass, transplant rejection, cancer return, preterm birth | specimen method
""",  # noqa: E501 - an area is one line
        TESTING,
    ),
    "Medicine": (
        """
0001A | giving of coronavirus vaccine, {}; giving of updated coronavirus vaccine, {} | first product, second product, third product, child product, infant product, protein product | dose age
""",  # noqa: E501 - an area is one line
        PLAIN,
    ),
}

VISIT_AREAS = tuple(areas(_VISITS, CARE))
ANESTHESIA_AREAS = tuple(areas(_ANESTHESIA, PLAIN))
MEDICINE_AREAS = (*areas(_MEDICINE, CARE), *areas(_PRODUCTS, PRODUCT))
LETTER_AREAS = {
    section: tuple(areas(text, details)) for section, (text, details) in _LETTERS.items()
}
