"""Titles of the ICD-10-CM sample: those of real codes are CMS's, the other codes are invented.

ICD-10-CM is in the public domain. A title whose sample differs between the years is in
`icd10cm.py`.
"""

_TEXT = """
A00|Cholera
A000|Cholera due to Vibrio cholerae 01, biovar cholerae
A001|Cholera due to Vibrio cholerae 01, biovar eltor
A002|Cholera due to Vibrio cholerae 0139
A003|Cholera with acute kidney failure
A004|Cholera carrier state with symptoms
A005|Cholera due to antibiotic-resistant strain
A006|Cholera with severe dehydration
A009|Cholera, unspecified
B20|Human immunodeficiency virus [HIV] disease
C7A|Malignant neuroendocrine tumors
C7A0|Malignant carcinoid tumors
C7A1|Malignant poorly differentiated neuroendocrine tumors
C7A2|Malignant neuroendocrine tumors of pancreas
C7A3|Malignant neuroendocrine tumors of lung
C7A4|Malignant neuroendocrine tumors of thymus
C7A5|Malignant neuroendocrine tumors of unknown primary site
C7A6|Malignant neuroendocrine tumors of adrenal gland
C7A9|Malignant neuroendocrine tumors, unspecified
D50|Iron deficiency anemia
D500|Iron deficiency anemia secondary to blood loss (chronic)
D501|Sideropenic dysphagia
D502|Iron deficiency anemia due to inadequate dietary intake
D503|Iron deficiency anemia due to intestinal malabsorption
D504|Iron deficiency anemia of pregnancy, resolved
D505|Iron deficiency anemia following bariatric surgery
D506|Iron deficiency anemia refractory to oral iron
D509|Iron deficiency anemia, unspecified
E08|Diabetes mellitus due to underlying condition
E080|Diabetes mellitus due to underlying condition with hyperosmolarity
E0800|Diabetes mellitus due to underlying condition with hyperosmolarity without nonketotic hyperglycemic-hyperosmolar coma (NKHHC)
E0801|Diabetes mellitus due to underlying condition with hyperosmolarity with coma
E0809|Diabetes mellitus due to underlying condition with hyperosmolarity, unspecified
E081|Diabetes mellitus due to underlying condition with ketoacidosis
E0810|Diabetes mellitus due to underlying condition with ketoacidosis without coma
E0811|Diabetes mellitus due to underlying condition with ketoacidosis with coma
E0819|Diabetes mellitus due to underlying condition with ketoacidosis, unspecified
E082|Diabetes mellitus due to underlying condition with kidney complications
E083|Diabetes mellitus due to underlying condition with ophthalmic complications
E084|Diabetes mellitus due to underlying condition with neurological complications
E085|Diabetes mellitus due to underlying condition with circulatory complications
E086|Diabetes mellitus due to underlying condition with other specified complications
E089|Diabetes mellitus due to underlying condition without complications
F10|Alcohol related disorders
F100|Alcohol use with acute intoxication only
F101|Alcohol abuse
F102|Alcohol dependence
F103|Alcohol use with withdrawal only
F104|Alcohol use with sleep disorder
F105|Alcohol use with mood disorder
F106|Alcohol use with amnestic disorder
F109|Alcohol use, unspecified
G43|Migraine
G430|Migraine without aura
G431|Migraine with aura
G432|Migraine with prolonged aura
G433|Migraine with brainstem aura
G434|Hemiplegic migraine
G435|Persistent migraine aura without cerebral infarction
G4350|Persistent migraine aura without cerebral infarction, not intractable
G4351|Persistent migraine aura without cerebral infarction, intractable
G4359|Persistent migraine aura without cerebral infarction, unspecified
G436|Persistent migraine aura with cerebral infarction
G439|Migraine, unspecified
H40|Glaucoma
H400|Glaucoma suspect
H401|Open-angle glaucoma
H402|Primary angle-closure glaucoma
H403|Glaucoma secondary to eye trauma
H404|Glaucoma secondary to eye inflammation
H405|Glaucoma secondary to other eye disorders
H4050|Glaucoma secondary to other eye disorders, unspecified eye
H4059|Glaucoma secondary to other eye disorders, bilateral
H406|Glaucoma secondary to drugs
H409|Unspecified glaucoma
I10|Essential (primary) hypertension
I21|Acute myocardial infarction
I210|ST elevation (STEMI) myocardial infarction of anterior wall
I2100|ST elevation (STEMI) myocardial infarction of anterior wall, vessel unspecified
I2101|ST elevation (STEMI) myocardial infarction involving left main coronary artery
I2109|ST elevation (STEMI) myocardial infarction involving other coronary artery of anterior wall
I211|ST elevation (STEMI) myocardial infarction of inferior wall
I2110|ST elevation (STEMI) myocardial infarction of inferior wall, vessel unspecified
I2111|ST elevation (STEMI) myocardial infarction involving right coronary artery
I2119|ST elevation (STEMI) myocardial infarction involving other coronary artery of inferior wall
I212|ST elevation (STEMI) myocardial infarction of other sites
I213|ST elevation (STEMI) myocardial infarction of unspecified site
I214|Non-ST elevation (NSTEMI) myocardial infarction
I215|Acute myocardial infarction due to coronary artery dissection
I216|Acute myocardial infarction following a procedure
I219|Acute myocardial infarction, unspecified
J20|Acute bronchitis
J200|Acute bronchitis due to Mycoplasma pneumoniae
J2000|Acute bronchitis due to Mycoplasma pneumoniae, severity unspecified
J2001|Acute bronchitis due to Mycoplasma pneumoniae, mild
J2009|Acute bronchitis due to Mycoplasma pneumoniae, severe
J201|Acute bronchitis due to Hemophilus influenzae
J2010|Acute bronchitis due to Hemophilus influenzae, severity unspecified
J2011|Acute bronchitis due to Hemophilus influenzae, mild
J2019|Acute bronchitis due to Hemophilus influenzae, severe
J202|Acute bronchitis due to streptococcus
J203|Acute bronchitis due to coxsackievirus
J204|Acute bronchitis due to parainfluenza virus
J205|Acute bronchitis due to respiratory syncytial virus
J206|Acute bronchitis due to rhinovirus
J209|Acute bronchitis, unspecified
J4B|Chronic airway disease following infection
J4B0|Chronic airway disease following influenza
J4B1|Chronic airway disease following tuberculosis
J4B2|Chronic airway disease following pertussis
J4B3|Chronic airway disease following measles
J4B4|Chronic airway disease following adenovirus infection
J4B5|Chronic airway disease following fungal infection
J4B6|Chronic airway disease following bacterial pneumonia
J4B9|Chronic airway disease following infection, unspecified
K6A|Functional disorders of rectum
K6A0|Rectal hyposensitivity
K6A1|Rectal hypersensitivity
K6A2|Delayed rectal emptying
K6A3|Rectal spasm with pain
K6A4|Fecal urgency without incontinence
K6A5|Fecal incontinence of liquid stool
K6A6|Fecal incontinence of solid stool
K6A9|Functional disorder of rectum, unspecified
K6B|Disorders of pelvic floor affecting defecation
K6B0|Pelvic floor dyssynergia
K6B1|Pelvic floor weakness following childbirth
K6B2|Pelvic floor weakness following surgery
K6B3|Pelvic floor spasm
K6B4|Perineal descent
K6B5|Rectocele with obstructed defecation
K6B6|Enterocele with obstructed defecation
K6B9|Disorder of pelvic floor affecting defecation, unspecified
L89|Pressure ulcer
L890|Pressure ulcer of elbow
L891|Pressure ulcer of back
L892|Pressure ulcer of hip
L893|Pressure ulcer of buttock
L894|Pressure ulcer of contiguous site of back, buttock and hip
L895|Pressure ulcer of ankle
L896|Pressure ulcer of heel
L899|Pressure ulcer of unspecified site
M1A|Chronic gout
M1A0|Idiopathic chronic gout
M1A00|Idiopathic chronic gout, unspecified site
M1A01|Idiopathic chronic gout, shoulder
M1A09|Idiopathic chronic gout, multiple sites
M1A1|Lead-induced chronic gout
M1A10|Lead-induced chronic gout, unspecified site
M1A11|Lead-induced chronic gout, shoulder
M1A19|Lead-induced chronic gout, multiple sites
M1A2|Drug-induced chronic gout
M1A3|Chronic gout due to renal impairment
M1A4|Other secondary chronic gout
M1A5|Chronic gout due to enzyme deficiency
M1A6|Chronic gout following organ transplant
M1A9|Chronic gout, unspecified
M79|Other and unspecified soft tissue disorders, not elsewhere classified
M790|Rheumatism, unspecified
M791|Myalgia
M792|Neuralgia and neuritis, unspecified
M793|Panniculitis, unspecified
M794|Hypertrophy of (infrapatellar) fat pad
M795|Residual foreign body in soft tissue
M796|Pain in limb, hand, foot, fingers and toes
M799|Soft tissue disorder, unspecified
N18|Chronic kidney disease (CKD)
N180|Chronic kidney disease, stage pending confirmation
N181|Chronic kidney disease, stage 1
N182|Chronic kidney disease, stage 2 (mild)
N183|Chronic kidney disease, stage 3 (moderate)
N184|Chronic kidney disease, stage 4 (severe)
N185|Chronic kidney disease, stage 5
N186|End stage renal disease
N189|Chronic kidney disease, unspecified
O48|Late pregnancy
O480|Post-term pregnancy
O481|Prolonged pregnancy
O482|Late pregnancy with decreased fetal movement
O483|Late pregnancy with low amniotic fluid
O484|Late pregnancy with placental aging
O485|Late pregnancy, induction declined
O486|Late pregnancy following assisted conception
O489|Late pregnancy, unspecified
QA0|Neurodevelopmental disorders related to specific genetic variants
QA00|Neurodevelopmental disorder related to variants of sodium channel genes
QA01|Neurodevelopmental disorder related to variants of potassium channel genes
QA02|Neurodevelopmental disorder related to variants of calcium channel genes
QA03|Neurodevelopmental disorder related to variants of synaptic genes
QA04|Neurodevelopmental disorder related to variants of chromatin genes
QA05|Neurodevelopmental disorder related to variants of transporter genes
QA06|Neurodevelopmental disorder related to variants of metabolic genes
QA09|Neurodevelopmental disorder related to specific genetic variant, unspecified
R07|Pain in throat and chest
R070|Pain in throat
R071|Chest pain on breathing
R072|Precordial pain
R073|Chest wall tenderness
R074|Chest pain lasting 20 minutes or longer
R075|Chest tightness at rest
R076|Chest pain on swallowing
R079|Chest pain, unspecified
R68|Other general symptoms and signs
R680|Hypothermia, not associated with low environmental temperature
R681|Nonspecific symptoms peculiar to infancy
R682|Dry mouth, unspecified
R683|Clubbing of fingers
R684|Excessive thirst following exertion
R685|Intolerance of cold
R686|Intolerance of heat
R689|General symptom or sign, unspecified
S72|Fracture of femur
S720|Fracture of head and neck of femur
S721|Pertrochanteric fracture
S722|Subtrochanteric fracture of femur
S723|Fracture of shaft of femur
S724|Fracture of lower end of femur
S725|Fracture of femur through bone cyst
S726|Fracture of femur through growth plate
S729|Unspecified fracture of femur
T36|Poisoning by, adverse effect of and underdosing of systemic antibiotics
T360|Poisoning by, adverse effect of and underdosing of penicillins
T361|Poisoning by, adverse effect of and underdosing of cephalosporins and other beta-lactam antibiotics
T362|Poisoning by, adverse effect of and underdosing of chloramphenicol group
T363|Poisoning by, adverse effect of and underdosing of macrolides
T364|Poisoning by, adverse effect of and underdosing of tetracyclines
T365|Poisoning by, adverse effect of and underdosing of aminoglycosides
T366|Poisoning by, adverse effect of and underdosing of rifampicins
T369|Poisoning by, adverse effect of and underdosing of unspecified systemic antibiotic
U07|Emergency use of U07
U070|Vaping-related disorder
U071|COVID-19
U072|Vaping-related disorder, resolved
U073|COVID-19 reinfection within 90 days
U074|COVID-19 with persistent viral shedding
U075|COVID-19 following complete vaccination
U076|COVID-19 rebound following antiviral treatment
U079|Emergency use of U07, unspecified
V00|Pedestrian conveyance accident
V000|Pedestrian on foot injured in collision with pedestrian conveyance
V001|Rolling-type pedestrian conveyance accident
V002|Gliding-type pedestrian conveyance accident
V003|Flat-bottomed pedestrian conveyance accident
V004|Motorized scooter accident
V005|Pedal-free balance vehicle accident
V006|Baby stroller accident
V009|Unspecified pedestrian conveyance accident
W00|Fall due to ice and snow
W000|Fall on same level due to ice and snow
W001|Fall from stairs and steps due to ice and snow
W002|Other fall from one level to another due to ice and snow
W003|Fall from ladder due to ice and snow, less than 2 meters
W004|Fall from vehicle due to ice and snow
W005|Fall from roof due to ice and snow
W006|Fall from bridge or ramp due to ice and snow
W009|Unspecified fall due to ice and snow
Y92|Place of occurrence of the external cause
Z3A|Weeks of gestation
Z3A0|Weeks of gestation of pregnancy, unspecified or less than 10 weeks
Z3A1|Weeks of gestation of pregnancy, weeks 10-19
Z3A2|Weeks of gestation of pregnancy, weeks 20-29
Z3A3|Weeks of gestation of pregnancy, weeks 30-39
Z3A4|Weeks of gestation of pregnancy, weeks 40 or greater
Z3A5|Weeks of gestation of pregnancy, weeks 43 or greater
Z3A6|Weeks of gestation of pregnancy, estimated by ultrasound only
Z3A9|Weeks of gestation of pregnancy, not documented
Z68|Body mass index [BMI]
Z680|Body mass index [BMI] below 21, adult
Z6800|Body mass index [BMI] below 20.0, adult
Z6801|Body mass index [BMI] 20.0-20.9, adult
Z6809|Body mass index [BMI] below 21, adult, value not recorded
Z681|Body mass index [BMI] 19.9 or less, adult
Z6810|Body mass index [BMI] 18.4 or less, adult
Z6811|Body mass index [BMI] 18.5-19.9, adult
Z6819|Body mass index [BMI] 19.9 or less, adult, value not recorded
Z682|Body mass index [BMI] 20-29, adult
Z683|Body mass index [BMI] 30-39, adult
Z684|Body mass index [BMI] 40 or greater, adult
Z685|Body mass index [BMI] pediatric
Z686|Body mass index [BMI], amputee adjusted
Z689|Body mass index [BMI], unspecified
"""  # noqa: E501 - a title is one line
TITLES = dict(line.split("|") for line in _TEXT.strip().splitlines())
