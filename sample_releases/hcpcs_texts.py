"""Texts of the HCPCS sample: those of real codes are CMS's, the other codes are invented.

CMS's own level II codes are in the public domain; the dental ones (D) are not, and none is here.
Where a line has no short text, one is made of its long text.
"""

_TEXT = """
A0100|Non-emergency transportation; taxi|Nonemergency transport taxi
A0137|Nonemergency transportation; escort of patient, each 30 minutes
A0174|Nonemergency transportation; wheelchair van, second passenger, per trip
A0211|Ambulance service, neonatal isolette, per transport
A0248|Nonemergency transportation; escort of patient, per hour
A0285|Ambulance service, oxygen and supplies, life sustaining situation, per hour
A0322|Nonemergency transportation; mileage beyond county line, per mile
A0359|Ambulance service, bariatric stretcher, per transport
A0396|Als specialized service disposable supplies; esophageal intubation|Als esophageal intub suppls
A0433|Advanced life support, level 2 (als 2)|Als 2
A0470|Ambulance waiting time, each 30 minutes after the first hour
A0507|Ambulance waiting time, per hour
B0100|Enteral formula, intact nutrients, for children, 100 calories = 1 unit
B0137|Enteral feeding tube, silicone, low profile, each
B0174|Enteral feeding supply kit; pump fed, per week
B0211|Enteral formula, thickened, for dysphagia, 100 calories = 1 unit
B0248|Parenteral nutrition solution; amino acids, 4%, 1000 ml = 1 unit
B0285|Parenteral nutrition administration kit, per week
B0322|Enteral formula, ready to hang, 300 ml
B0359|Enteral nutrition infusion pump, portable, rental, per month
B0396|Gastrostomy pad
B0433|Parenteral nutrition solution; lipids, 20%, 250 ml = 1 unit
B0470|Enteral formula, additive for enteral formula (e.g., fiber), per gram
B0507|Enteral feeding tube connector, each
C0100|Catheter, balloon dilatation, drug coated, below the knee
C0137|Stent, biliary, resorbable, with delivery system
C0174|Graft, bone void filler, injectable, per 5 ml
C0211|Catheter, mapping, cardiac, basket type, single use
C0248|Graft, bone void filler, injectable, per 3 ml
C0285|Lead, neurostimulator, four contacts, test stimulation
C0322|Endoscope, duodenal, disposable tip, single use
C0359|Valve, endobronchial, with delivery catheter
C0396|Closure device, vascular, resorbable plug
C0433|Guide wire, pressure sensing, coronary
C0470|Needle, brachytherapy, interstitial, each
C0507|Introducer sheath, steerable, other than peel-away
E0100|Cane, includes canes of all materials, adjustable or fixed, with tip|Cane adjust/fixed with tip
E0137|Transfer bench, heavy duty, any width, for tub or toilet with or without commode opening
E0174|Commode chair with lifting seat, electric, each
E0211|Bath lift, battery powered, with back rest
E0248|Transfer bench, heavy duty, for tub or toilet with or without commode opening|Hdtrans bench w/wo comm open
E0285|Hospital bed, pediatric, with enclosure, without mattress
E0322|Rollator with padded seat, with brake
E0359|Oxygen concentrator, portable, pulse dose, rental, per month
E0396|Turntable
E0433|Portable liquid oxygen system, rental; home liquefier used to fill portable liquid oxygen containers, includes portable containers, regulator, flowmeter, humidifier, cannula or mask and tubing, with or without supply reservoir and contents gauge|Portable liquid oxygen sys
E0470|Respiratory assist device, bi-level pressure capability, without backup rate feature, used with noninvasive interface, e.g., nasal or facial mask (intermittent assist device with continuous positive airway pressure device)|Rad w/o backup non-inv intfc
E0507|Patient lift, ceiling mounted, with track, includes sling and remote control, rental, per month, when ordered by the treating practitioner and fitted in the home by the supplier
G0100|Annual review of opioid agreement, with urine screen ordered
G0137|Intensive outpatient services; weekly bundle, minimum of 9 services over a 7 contiguous day period
G0174|Screening for unmet social needs, with referral, 10 to 20 minutes
G0211|Review of remote fall sensor data, per month
G0248|Demonstration, prior to initiation of home inr monitoring, for patient with either mechanical heart valve(s), chronic atrial fibrillation, or venous thromboembolism who meets medicare coverage criteria, under the direction of a physician; includes: face-to-face demonstration of use and care of the inr monitor, obtaining at least one blood sample, provision of instructions for reporting home inr test results, and documentation of patient's ability to perform testing and report results|Demonstrate use home inr mon
G0285|Counseling before low dose scan for lung cancer, group session
G0322|Collection of physiologic data at home by remote monitoring; 15 minutes
G0359|Advance care planning, group session, per participant
G0396|Alcohol and/or substance (other than tobacco) abuse structured assessment (e.g., audit, dast), and brief intervention 15 to 30 minutes|Alcohol/subs interv 15-30mn
G0433|Infectious agent antibody detection by enzyme-linked immunosorbent assay (elisa) technique, hiv-1 and/or hiv-2, screening|Elisa hiv-1/hiv-2 screen
G0470|Federally qualified health center (fqhc) visit, mental health, established patient; a medically-necessary, face-to-face mental health encounter (one-on-one) between an established patient and a fqhc practitioner during which time one or more fqhc services are rendered and includes a typical bundle of medicare-covered services that would be furnished per diem to a patient receiving a mental health visit|Fqhc visit, mh estab pt
G0507|Care management services for behavioral health conditions, second clinician, per month
H0100|Behavioral health screening by peer specialist, each
H0137|Alcohol and drug recovery coaching, group, per hour
H0174|Mobile crisis response, two person team, per diem
H0211|Family support training, per 15 minutes
H0248|Behavioral health day treatment, summer program, per diem
H0285|Supported housing, tenancy visit, per month
H0322|Psychosocial rehabilitation group
H0359|Respite care, not in the home, behavioral health, per hour
H0396|Medication reminder service, nonface-to-face, per week
H0433|Sober living residence, per diem
H0470|School based counseling, small group, per 30 minutes
H0507|Wellness assessment by nurse, behavioral health clinic
J3600|Injection, ferric polysucrose, 25 mg
J3637|Injection, ceftoribactam, 5 mg
J3674|Injection, anti-interleukin 41 antibody, 1 mg
J3711|Injection, hyaluronate, thin gel, for intra-articular use, per dose
J3748|Injection, ceftoribactam, 25 mg
J3785|Injection, long-acting insulin analog, per 100 units
J3822|Injection, immune globulin, subcutaneous, 200 mg
J3859|Injection, levothyroxine, not otherwise specified, 10 mcg
J3896|Inhalation solution, tobramycin analog, unit dose form, 150 mg
J3933|Injection, coagulation factor x concentrate, per i.u.
J3970|Injection, vitamin d, oil depot, 5,000 units
J4007|Injection, botulinum toxin type c, 1 unit
K0100|Wheelchair accessory, arm trough with elbow support, each
K0137|Wheelchair accessory, anti-rollback device, pair
K0174|Power wheelchair accessory, joystick, heavy duty
K0211|Wheelchair component, foot box, pediatric
K0248|Wheelchair accessory, ventilator tray, fixed
K0285|Power wheelchair accessory, seat elevation motor, replacement only
K0322|Wheelchair accessory, lap belt with padded clasp, each
K0359|Wheelchair accessory, solid back insert, planar, width less than 20 inches
K0396|Portable ramp, folding, for wheelchair, per foot
K0433|Wheelchair component, caster fork, replacement only, each
K0470|Wheelchair accessory, tray with clear top
K0507|Wheelchair accessory, arm trough, each
L0100|Cervical orthosis, soft, infant size, prefabricated
L0137|Cervical orthosis, rigid, with chin cup, custom fabricated
L0174|Cervical, collar, semi-rigid, thermoplastic foam, two piece with thoracic extension, prefabricated, off-the-shelf|Cerv sr 2pc thor ext pre ots
L0211|Thoracic rib belt, elastic, extra wide
L0248|Cervical orthosis, wire frame, adjustable
L0285|Lumbar orthosis, flexible, with heat panel
L0322|Lumbar orthosis
L0359|Addition to lumbar orthosis, abdominal panel, elastic
L0396|Addition to cervical orthosis, foam liner, replacement
L0433|Thoracic orthosis, posture strap, prefabricated
L0470|Tlso, triplanar control, rigid posterior frame and flexible soft anterior apron with straps, closures and padding, extends from sacrococcygeal junction to scapula, lateral strength provided by pelvic, thoracic, and lateral frame pieces, rotational strength provided by subclavicular extensions, restricts gross trunk motion in sagittal, coronal, and transverse planes, provides intracavitary pressure to reduce load on the intervertebral disks, includes fitting and shaping the frame, prefabricated, includes fitting and adjustment|Tlso rigid frame pre subclav
L0507|Addition to spinal orthosis, side pad, each
M0100|Intragastric hypothermia using gastric freezing|Intragastric hypothermia
M0137|Infusion of monoclonal antibody in the home or residence, any product, includes monitoring after the infusion
M0174|Pain management plan documented at first visit
M0211|Injection of preventive antibody, clinic, includes observation
M0248|Infusion of monoclonal antibody in the home or residence, includes monitoring after the infusion
M0285|Functional status measured at discharge
M0322|Home visit for infusion teaching, per visit
M0359|Prolonged observation after vaccine reaction, per hour
M0396|Patient reported outcome collected after joint replacement
M0433|Telephone follow-up after outpatient infusion
M0470|Oral antiviral dispensing with counseling, per course
M0507|Cardiac rehabilitation session, home based, supervised by video
P0100|Cord blood screening, per unit
P0137|Red blood cells, washed twice, each unit
P0174|Platelets, pathogen reduced, half dose, each unit
P0211|Fresh frozen plasma, pediatric split unit
P0248|Whole blood, low titer group o, each unit
P0285|Travel allowance, specimen collection, per mile
P0322|Catheterization for collection of specimen, home visit
P0359|Congo red stain, blood, screening
P0396|Cryoprecipitate, pooled, each pool
P0433|Granulocytes, irradiated, each unit
P0470|Hair analysis for heavy metals
P0507|Plasma, convalescent, each unit
Q0100|Casting supplies, short leg walking cast, bariatric, plaster
Q0137|Antibody injection for prevention, 300 mg
Q0174|Thiethylperazine maleate, 10 mg, oral, fda approved prescription anti-emetic, for use as a complete therapeutic substitute for an iv anti-emetic at the time of chemotherapy treatment, not to exceed a 48 hour dosage regimen|Thiethylperazine maleate10mg
Q0211|Antibody injection for prevention, 600 mg
Q0248|Injection, contrast microspheres for ultrasound, per ml
Q0285|Skin substitute, amniotic sheet, per square centimeter
Q0322|Skin substitute gel
Q0359|Low osmolar contrast material, 200 mg/ml iodine, per ml
Q0396|Cast supplies, hip spica, child, fiberglass
Q0433|Power module for ventricular assist device, replacement only
Q0470|Oral anti-emetic, not otherwise specified, 2 mg
Q0507|Miscellaneous supply or accessory for use with an external ventricular assist device|Misc sup/acc ext vad
R0100|Transportation of portable ultrasound equipment to nursing home, per trip
R0137|Transportation of portable x-ray equipment, second patient seen, same address
R0174|Set up of portable bone density scanner, per site
R0211|Transportation of portable echocardiogram equipment, per trip
R0248|Transportation of portable EKG to home, per patient
R0285|Transportation of portable EKG to facility, more than one patient seen
R0322|Mobile mammography unit, site visit, per day
R0359|Transportation of portable x-ray equipment, rural, over 50 miles
R0396|Transportation of portable EEG equipment, per trip
R0433|Set up of portable dental x-ray, per patient
R0470|Mobile CT unit, site visit, per day
R0507|Transportation of portable vascular ultrasound, per trip
S0100|Acupressure wrist band, pair
S0137|Didanosine (ddi), 25 mg|Didanosine, 25 mg
S0174|Dolasetron mesylate, oral 50 mg (for circumstances falling under the medicare statute, use q0180)|Dolasetron 50 mg
S0211|Home infusion nursing, holiday visit
S0248|Lactation class, group, per session
S0285|Colonoscopy consultation performed prior to a screening colonoscopy procedure|Cnslt before screen colonosc
S0322|Follow-up call to caregiver of program member
S0359|Massage for lymphedema, home, per 15 minutes
S0396|Diabetic foot kit, sterile
S0433|Second opinion by mail, imaging only
S0470|Nutrition class, group, per session
S0507|Fitting of cranial helmet, follow-up visit
T0100|Waiver services; home modifications, bathroom, per job
T0137|Sign language interpreter, remote, per 15 minutes
T0174|Personal care services, night shift, per 15 minutes
T0211|Private duty nursing, two children in one home, per hour
T0248|Case management, targeted, per week
T0285|Adult day care services, with bathing, per half day
T0322|Hand splint fitting in the home
T0359|Home delivered meals, therapeutic diet, per meal
T0396|Emergency response device, installation
T0433|Diaper, adult, overnight, small, each
T0470|Habilitation, prevocational, waiver, per 15 minutes
T0507|Parent coaching, waiver, per session
U0100|Laboratory test, respiratory virus panel, drive-through collection
U0137|Laboratory test, antibody titer, dried blood spot
U0174|Laboratory test, pooled saliva, public health, per pool
U0211|Laboratory test, wastewater linked case finding, per specimen
U0248|Laboratory test, mosquito borne virus, rapid, any method
U0285|Laboratory test, virus culture, high containment
U0322|Laboratory test, variant typing, any method
U0359|Specimen handling, courier, same day
U0396|Laboratory test, antigen, self-collected, supervised by video
U0433|Laboratory test, tick borne panel, rapid
U0470|Specimen collection, roadside, per person
U0507|Laboratory test, neutralizing antibody, any method
V0100|Frames, safety, adult, purchases
V0137|Lens, single vision, high index 1.7, per lens
V0174|Low vision aid, electronic magnifier, hand held
V0211|Contact lens, scleral, prosthetic, per lens
V0248|Occluder lens, colored, per lens
V0285|Hearing aid, bone anchored, softband
V0322|Tint, photochromic, per lens
V0359|Hearing aid battery, rechargeable, each
V0396|Prism, press-on, per lens
V0433|Ear mold, swim, each
V0470|Assistive listening device, remote microphone
V0507|Progressive lens, short corridor, per lens
A1|Dressing for one wound|Dressing for one wound
A2|Dressing for two wounds|Dressing for two wounds
A3|Dressing for three wounds|Dressing for three wounds
AQ|Physician providing a service in an unlisted health professional shortage area (hpsa)|Physician service hpsa area
BA|Item furnished in conjunction with parenteral enteral nutrition (pen) services|Item w pen services
E1|Upper left, eyelid|Upper left eyelid
GA|Waiver of liability statement issued as required by payer policy, individual case|Liability waiver ind case
GB|Claim being re-submitted for payment because it is no longer covered under a global payment demonstration|Claim resubmitted
GC|This service has been performed in part by a resident under the direction of a teaching physician|Resident/teaching phys serv
GQ|Via asynchronous telecommunications system|Telehealth store and forward
JW|~
JZ|Zero drug amount discarded/not administered to any patient
KX|Requirements specified in the medical policy have been met|Documentation on file
LT|Left side (used to identify procedures performed on the left side of the body)|Left side
QA|Prescribed amounts of stationary oxygen for daytime use while at rest and nighttime use differ and the average of the two amounts is less than 1 liter per minute (lpm)|Avg sta day/night o2 < 1 lpm
QB|Prescribed amounts of stationary oxygen for daytime use while at rest and nighttime use differ and the average of the two amounts exceeds 4 liters per minute (lpm) and portable oxygen is prescribed|Avg day/nite o2 > 4 lpm/port
RT|Right side (used to identify procedures performed on the right side of the body)|Right side
SA|Nurse practitioner rendering service in collaboration with a physician|Nurse practitioner w physici
TC|Technical component; under certain circumstances, a charge may be made for the technical component alone;  under those circumstances the technical component charge is identified by adding modifier 'tc' to the usual procedure number; technical component charges are institutional charges and not billed separately by physicians; however, portable x-ray suppliers only bill for technical component and should utilize modifier tc; the charge data from portable x-ray suppliers will then be used to build customary and prevailing profiles|Technical component
U1|Medicaid level of care 1, as defined by each state|M/caid care lev 1 state def
X1|Continuous/broad services: for reporting services by clinicians, who provide the principal care for a patient, with no planned endpoint of the relationship; services in this category represent comprehensive care, dealing with the entire scope of patient problems, either directly or in a care coordination role; reporting clinician service examples include, but are not limited to: primary care, and clinicians providing comprehensive care to patients in addition to specialty care|Continuous/broad services
"""  # noqa: E501 - an entry is one line
TEXTS = {
    code: tuple(texts) for code, *texts in (line.split("|") for line in _TEXT.strip().splitlines())
}
