"""The areas of invented surgery: what is done, and where."""

from cpt_words import SURGICAL, areas

_BONE = (
    "realignment of broken {}; removal of cyst of {}; sampling of {}; "
    "correction of deformity of {}; removal of dead tissue of {}; lengthening of {}; "
    "bone graft to {}; removal of plate of {}; reshaping of {} by cutting"
)
_JOINT = (
    "fusion of worn {}; release of tight {}; drainage of {}; repair of loose ligament of {}; "
    "exchange of implant of {}; setting of dislocated {}; removal of lining of {}; "
    "replacement of {}; injection of {} with numbing drug; removal of loose pieces from {}"
)
_SOFT = (
    "repair of torn tendon of {}; drainage of deep abscess of {}; transfer of tendon of {}; "
    "removal of soft tissue mass of {}; retrieval of embedded foreign body of {}; "
    "release of tight muscle of {}; removal of inflamed bursa of {}; sampling of muscle of {}"
)
_GUT = (
    "removal of polyp of {}; closure of leak of {}; bypass of blocked segment of {}; "
    "control of bleeding of {}; widening of stricture of {}; sampling of lining of {}; "
    "partial removal of {}; reconnection of divided ends of {}; placement of stent in {}; "
    "inspection of {} with brushings; repair of perforation of {}; marking of tumor of {}"
)
_VESSELS = (
    "bypass of blocked segment of {}; removal of clot from {}; repair of aneurysm of {}; "
    "placement of stent in {}; balloon widening of {}; patch repair of {}; ligation of {}; "
    "placement of catheter in {}; exchange of graft of {}; repair of injury of {}; "
    "removal of plaque from {}; plugging of abnormal branch of {}"
)

_TEXT = f"""
10004 | needle sampling of nodule of {{}}; removal of cells with a fine needle from {{}} | neck, breast, armpit, groin | count
10030 | drainage of fluid pocket of {{}}; opening of infected cyst of {{}}; removal of dead tissue of {{}}; shave removal of raised growth of {{}}; removal of noncancerous growth of skin of {{}}; removal of skin cancer of {{}} with clear edges; closure of wound of {{}} in layers; stapled closure of wound of {{}}; destruction of warts of {{}} by freezing | scalp, forehead, cheek, ear, neck, shoulder, upper arm, forearm, hand, chest wall, back, abdomen, buttock, thigh, lower leg, foot | size count extent
14000 | rotation of nearby skin to cover defect of {{}}; thin skin graft to {{}}; full thickness skin graft to {{}}; muscle flap to {{}}; burn dressing of {{}}; removal of scar of {{}}; tissue expander under skin of {{}}; laser treatment of scar of {{}} | scalp, face, neck, chest, back, arm, hand, thigh, leg, foot | size extent
19000 | removal of lump of {{}}; drainage of cyst of {{}}; rebuilding of {{}} after cancer surgery; sampling of marked lesion of {{}}; reduction of {{}}; lift of {{}} | breast, nipple, milk duct, breast implant pocket | approach count extent
20100 | exploration of penetrating wound of {{}}; injection of tender point of {{}}; harvest of bone graft from {{}}; removal of buried wire from {{}}; application of external frame to {{}}; sampling of muscle of {{}}; injection of joint of {{}} | neck, chest, abdomen, arm, thigh, hip, shin, heel, wrist | count extent
21000 | {_BONE} | lower jaw, upper jaw, cheekbone, orbit rim, nasal bone, skull base | fixation
21000 | {_JOINT} | jaw joint | approach extent
21000 | {_SOFT} | face, scalp, jaw muscle | size extent count
21500 | {_BONE} | breastbone, upper rib, lower rib | fixation
21500 | {_JOINT} | collarbone joint | approach extent
21500 | {_SOFT} | neck, chest wall | size extent count
21900 | {_SOFT} | upper back, lower back, flank | size extent count
22000 | fusion of {{}} from behind; fusion of {{}} from the front; removal of bone spur of {{}}; placement of rods along {{}}; filling of collapsed body of {{}}; exchange of disc of {{}}; removal of hardware of {{}} | upper cervical spine, lower cervical spine, upper thoracic spine, lower thoracic spine, lumbar spine, lumbosacral joint | count approach
22900 | {_SOFT} | abdominal wall, lower abdomen, groin | size extent count
23000 | {_BONE} | shoulder blade, collarbone, upper humerus | fixation
23000 | {_JOINT} | shoulder joint, collarbone joint | approach extent
23000 | {_SOFT} | shoulder, rotator cuff, armpit | size extent count
23930 | {_BONE} | humeral shaft, lower humerus, upper radius, upper ulna | fixation
23930 | {_JOINT} | elbow joint | approach extent
23930 | {_SOFT} | elbow, upper arm, biceps | size extent count
25000 | {_BONE} | radial shaft, ulnar shaft, carpal bone, lower radius | fixation
25000 | {_JOINT} | wrist joint, lower forearm joint | approach extent
25000 | {_SOFT} | forearm, wrist | size extent count
26010 | {_BONE} | metacarpal bone, thumb bone, finger bone, fingertip bone | fixation
26010 | {_JOINT} | finger joint, thumb joint, knuckle joint | approach extent
26010 | {_SOFT} | palm, thumb, index finger, ring finger | size extent count
26990 | {_BONE} | pelvic bone, tail bone, hip socket rim, femoral neck | fixation
26990 | {_JOINT} | hip joint, pelvic joint | approach extent
26990 | {_SOFT} | hip, pelvis, buttock | size extent count
27300 | {_BONE} | femoral shaft, lower femur, kneecap | fixation
27300 | {_JOINT} | knee joint, kneecap joint | approach extent
27300 | {_SOFT} | thigh, knee, hamstring | size extent count
27600 | {_BONE} | tibial shaft, fibular shaft, ankle bone | fixation
27600 | {_JOINT} | ankle joint, lower leg joint | approach extent
27600 | {_SOFT} | calf, ankle, heel cord | size extent count
28000 | {_BONE} | heel bone, midfoot bone, metatarsal bone, great toe bone, lesser toe bone | fixation
28000 | {_JOINT} | great toe joint, lesser toe joint, midfoot joint | approach extent
28000 | {_SOFT} | foot, great toe, sole of foot | size extent count
29000 | application of cast to {{}}; application of splint to {{}}; strapping of {{}}; removal of cast of {{}}; wedging of cast of {{}} | shoulder, forearm, hand, hip, leg, ankle, toe | age extent
29800 | joint scope of {{}} with trimming of cartilage; joint scope of {{}} with removal of loose pieces; joint scope of {{}} with repair of lining; joint scope of {{}} for diagnosis | jaw joint, shoulder, elbow, wrist, hip, knee, ankle, great toe joint | extent count
30000 | drainage of blood clot of {{}}; removal of growth of {{}}; reshaping of {{}}; packing of {{}} for bleeding; closure of hole of {{}}; scope of {{}} with sampling; widening of {{}}; removal of scar bands of {{}} | nasal septum, nasal turbinate, outer nose, maxillary sinus, frontal sinus, ethmoid sinus, sphenoid sinus | extent approach
31300 | removal of tumor of {{}}; scope of {{}} with laser; widening of narrowed {{}}; placement of tube in {{}}; repair of injured {{}}; injection of {{}}; retrieval of foreign body from {{}} | larynx, vocal fold, trachea, main bronchus, segmental bronchus | approach extent
32000 | drainage of fluid of {{}}; partial removal of {{}}; removal of adhesions of {{}}; sampling of {{}} with needle; repair of air leak of {{}}; resection of wedge of {{}}; scope of {{}} for diagnosis | pleura, right lung, left lung, upper lobe, lower lobe, chest wall lining | approach extent
33016 | drainage of {{}}; window in {{}}; repair of injury of {{}}; removal of {{}} | pericardium, thickened pericardium | approach extent
33016 | closure of hole of {{}}; patch repair of {{}} for birth defect; widening of hole of {{}} | atrial septum, ventricular septum | age graft
33016 | replacement of {{}}; repair of {{}}; widening of narrowed {{}}; repair of {{}} for birth defect; removal of growth of {{}} | aortic valve, mitral valve, tricuspid valve, pulmonary valve | approach age
33016 | placement of lead in {{}}; exchange of lead of {{}}; removal of lead from {{}}; placement of pump in {{}}; removal of growth of {{}}; burning of abnormal path in {{}} | right ventricle, left ventricle, right atrium, left atrium, coronary sinus | approach count
34001 | {_VESSELS} | carotid artery, subclavian artery, arm artery, thoracic aorta, abdominal aorta, renal artery, iliac artery, femoral artery, popliteal artery, tibial artery, visceral artery | graft approach
36000 | placement of line in {{}}; collection of blood from {{}}; exchange of port of {{}}; removal of line of {{}}; injection of dye in {{}}; repair of dialysis access of {{}}; creation of dialysis access of {{}} | scalp vein, arm vein, neck vein, umbilical vein, foot vein, forearm artery, central vein | age approach count
37140 | {_VESSELS} | portal vein, vena cava, iliac vein, femoral vein, saphenous vein, perforator vein, temporal artery | graft approach
38100 | removal of {{}}; repair of torn {{}}; sampling of {{}}; drainage of abscess of {{}}; mapping of {{}} with dye; harvest of cells from {{}} | spleen, neck lymph node, axillary lymph node, groin lymph node, bone marrow, thoracic duct, pelvic lymph node | extent approach
39000 | exploration of {{}}; removal of mass of {{}}; repair of hernia of {{}}; tacking of loose {{}} | front mediastinum, rear mediastinum, diaphragm, crus of diaphragm | approach age
40490 | repair of cleft of {{}}; removal of growth of {{}}; drainage of abscess of {{}}; closure of cut of {{}}; reshaping of {{}} | upper lip, lower lip, vestibule of mouth, inner cheek | extent size
41000 | removal of growth of {{}}; drainage of abscess of {{}}; release of tight {{}}; sampling of {{}}; graft to {{}}; repair of {{}} | tongue, floor of mouth, gum, tooth socket, tongue base | extent size
42000 | removal of growth of {{}}; repair of cleft of {{}}; removal of stone of {{}}; drainage of abscess of {{}}; widening of {{}}; removal of {{}} | soft palate, hard palate, parotid gland, salivary duct, tonsil, adenoid, pharynx wall | age extent
43000 | {_GUT} | upper esophagus, middle esophagus, lower esophagus, esophageal junction | approach extent
43500 | {_GUT} | stomach body, pylorus, gastric sleeve, stomach fundus, feeding tube tract | approach extent
44005 | {_GUT} | duodenum, jejunum, ileum, cecum, ascending colon, transverse colon, descending colon, stoma | approach extent
44900 | removal of {{}}; drainage of abscess of {{}} | appendix, ruptured appendix, appendix stump | approach age
45000 | {_GUT} | rectum, sigmoid colon, rectal stump | approach extent
46000 | removal of hemorrhoid of {{}}; closure of fistula of {{}}; drainage of abscess of {{}}; repair of tear of {{}}; tightening of {{}} | anal canal, anal margin, anal sphincter | extent count
47000 | sampling of {{}}; removal of tumor of {{}}; drainage of cyst of {{}}; heat treatment of tumor of {{}}; repair of tear of {{}} | right liver lobe, left liver lobe, liver edge, liver capsule | approach extent
47400 | removal of stone of {{}}; drainage of {{}}; bypass of blocked {{}}; removal of {{}}; exchange of tube of {{}}; widening of {{}} | gallbladder, common bile duct, hepatic duct, cystic duct | approach graft
48000 | drainage of cyst of {{}}; partial removal of {{}}; removal of stones of {{}}; bypass of duct of {{}} | pancreatic head, pancreatic tail, pancreatic duct | approach extent
49000 | repair of hernia of {{}}; drainage of fluid of {{}}; removal of scar bands of {{}}; exploration of {{}}; repair of hernia of {{}} with mesh; removal of mass of {{}} | groin, navel, abdominal wall, femoral canal, old incision, pelvis, peritoneum | approach size age
50010 | removal of stone of {{}}; drainage of {{}}; sampling of {{}}; partial removal of {{}}; repair of injured {{}}; freezing of tumor of {{}}; scope of {{}} through an opening | right kidney, left kidney, renal pelvis, donor kidney, kidney cyst | approach extent
50600 | removal of stone of {{}}; placement of stent in {{}}; reimplantation of {{}}; widening of {{}}; repair of {{}} | upper ureter, lower ureter, ureteral opening | approach extent
51000 | removal of tumor of {{}}; drainage of {{}}; repair of {{}}; scope of {{}} with sampling; pressure study of {{}}; injection of {{}}; sling for support of {{}} | bladder, bladder neck, urachus, bladder wall | approach extent
53000 | widening of stricture of {{}}; repair of {{}}; removal of growth of {{}}; drainage of abscess of {{}}; injection of bulking agent in {{}} | front urethra, rear urethra, urethral opening, prostatic urethra | approach size
54000 | repair of curve of {{}}; removal of growth of {{}}; repair of birth defect of {{}}; implant in {{}}; removal of {{}} | penis, foreskin | extent age
54000 | removal of {{}}; drainage of {{}}; tacking of {{}}; sampling of {{}}; repair of {{}} | testis, epididymis, scrotum, vas deferens, spermatic cord | extent age approach
54000 | sampling of {{}}; removal of {{}}; destruction of {{}} by heat; drainage of abscess of {{}} | prostate, seminal vesicle | approach extent
55920 | placement of needles in {{}} for radiation | pelvic organs | count
55970 | staged operation for change of {{}} | sex | extent
56405 | drainage of abscess of {{}}; removal of growth of {{}}; repair of tear of {{}}; sampling of {{}} | vulva, perineum, vagina, cervix | extent size
56405 | support of prolapsed {{}}; sling under {{}}; mesh repair of {{}} | vagina, bladder base, pelvic floor | approach extent
56405 | removal of {{}}; sampling of lining of {{}}; scope of {{}}; removal of growth of {{}} | uterus, uterine cavity, fallopian tube, ovary | approach extent
59000 | sampling of fluid of {{}}; care before and after birth of {{}}; ultrasound guided procedure on {{}} | pregnancy, twin pregnancy, early pregnancy | extent age
59000 | removal of {{}}; control of bleeding after removal of {{}} | ectopic pregnancy, retained placenta | approach extent
60000 | removal of {{}}; drainage of cyst of {{}}; sampling of {{}}; exploration of {{}} | thyroid lobe, thyroid isthmus, parathyroid gland, adrenal gland, thymus, carotid body | approach extent
61000 | removal of tumor of {{}}; drainage of blood of {{}}; placement of shunt in {{}}; clipping of aneurysm of {{}}; opening of bone over {{}}; placement of electrode in {{}}; repair of leak of {{}}; drainage of cyst of {{}} | frontal lobe, temporal lobe, brain ventricle, cerebellum, pituitary, skull base, dura, brain stem | extent approach age
62000 | injection of pain relief in {{}}; removal of bone over {{}}; decompression of {{}}; placement of pump catheter in {{}}; removal of tumor of {{}}; placement of stimulator over {{}}; drainage of fluid of {{}} | cervical spinal canal, thoracic spinal canal, lumbar spinal canal, epidural space, sacral canal, nerve root | count approach
64400 | numbing injection of {{}}; repair of cut {{}}; release of trapped {{}}; graft to {{}}; destruction of {{}} by heat; placement of stimulator near {{}} | facial nerve, median nerve, ulnar nerve, radial nerve, sciatic nerve, femoral nerve, tibial nerve, rib nerve, sympathetic chain, brachial plexus | count approach
65091 | removal of foreign body of {{}}; repair of cut of {{}}; transplant of {{}}; removal of growth of {{}}; drainage of {{}}; laser treatment of {{}}; implant in {{}} | eyeball, cornea, front chamber, sclera, iris, ciliary body | extent approach
66800 | removal of {{}}; exchange of {{}}; repositioning of {{}}; opening of cloudy capsule behind {{}} | lens, lens implant | approach extent
66800 | laser treatment of {{}}; repair of {{}}; injection of drug over {{}}; drainage of fluid under {{}}; freezing of {{}} | retina, macula, choroid | extent count
66800 | removal of {{}}; injection of drug in {{}} | vitreous, vitreous scar | extent approach
67300 | tightening of {{}}; weakening of {{}}; transfer of {{}}; repair of injured {{}} | inner eye muscle, outer eye muscle, oblique eye muscle | count age
67300 | exploration of {{}}; decompression of {{}}; removal of growth of {{}}; drainage of {{}} | orbit, optic nerve sheath | extent approach
67300 | removal of growth of {{}}; repair of turned {{}}; lift of drooping {{}}; closure of cut of {{}}; reshaping of {{}} | upper eyelid, lower eyelid, eyelid margin | extent size
68000 | removal of growth of {{}}; graft to {{}}; widening of {{}}; closure of {{}}; drainage of {{}}; stent in {{}} | conjunctiva, tear gland, tear sac, tear duct, tear opening | extent age
69000 | drainage of {{}}; removal of growth of {{}}; rebuilding of {{}}; closure of cut of {{}}; removal of wax or object from {{}} | outer ear, ear canal | age extent
69000 | tube in {{}}; repair of {{}}; removal of scar of {{}}; opening of {{}} | eardrum, eardrum graft | age extent
69000 | implant in {{}}; exploration of {{}}; removal of growth of {{}}; rebuilding of {{}} | middle ear, mastoid, inner ear, stapes | age approach extent
69990 | use of operating microscope for {{}} | delicate repair | time
"""  # noqa: E501 - an area is one line
SURGERY_AREAS = tuple(areas(_TEXT, SURGICAL))
