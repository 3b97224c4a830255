"""The areas of invented radiology and laboratory tests."""

from cpt_words import IMAGING, TESTING, areas

_RADIOLOGY = """
70010 | x-ray of {}; computed scan of {}; magnetic scan of {}; vessel scan of {} | skull, facial bones, jaw joint, sinuses, orbit, neck soft tissue, brain, inner ear, pituitary | contrast views
71045 | x-ray of {}; computed scan of {}; magnetic scan of {}; vessel scan of {} | chest, ribs, breastbone, lung apex, heart, thoracic aorta | contrast views
72020 | x-ray of {}; computed scan of {}; magnetic scan of {}; dye study of {} | neck spine, upper back, lower back, sacrum, pelvis, tail bone | contrast views
73000 | x-ray of {}; computed scan of {}; magnetic scan of {}; joint study of {} | collarbone, shoulder, upper arm, elbow, forearm, wrist, hand, finger, hip, thigh, knee, lower leg, ankle, foot, heel | contrast views
74018 | x-ray of {}; computed scan of {}; magnetic scan of {}; barium study of {}; dye study of {} | abdomen, esophagus, stomach, small bowel, colon, bile ducts, kidney, bladder, uterus | contrast views
75557 | vessel scan of {}; catheter dye study of {}; magnetic scan of {} | heart, aorta, renal artery, leg artery, arm artery, neck artery, portal vein, vena cava, lymph channels | contrast count
76000 | live x-ray guidance for {} | foreign body, joint injection, hardware, tube placement | time views
76000 | image processing of {}; x-ray of {} | specimen, outside images | views count
76506 | ultrasound of {} | newborn head, eye, neck, chest, breast, liver, kidney, bladder, ovary, scrotum, hip of infant, soft tissue | contrast count
76506 | ultrasound of {} | pregnancy, twin pregnancy, early pregnancy, fetal heart | count extent
76506 | ultrasound guidance for {} | needle placement, drainage, injection, seed placement | count time
77001 | image guidance for {} | central line, needle sampling, spinal injection, tumor heating, joint injection | count time
77046 | breast imaging of {} | one side, both sides, implant, dense tissue, surgical bed | views contrast
77071 | bone study of {}; bone density of {} | whole skeleton, growth plate, hip, spine, forearm | views age
77261 | radiation plan for {}; beam delivery to {}; seed placement in {}; image check of {} | brain, breast, chest, prostate, pelvis, spine, skin, limb | extent count
78012 | tracer scan of {}; function study of {}; emission scan of {} | thyroid, parathyroid, liver, spleen, gallbladder, stomach, heart muscle, lung, brain, bone, kidney, lymph nodes | contrast count
78012 | tracer treatment of {} | overactive thyroid, thyroid cancer, painful bone, liver tumor | count extent
"""  # noqa: E501 - an area is one line

_LABORATORY = """
80047 | group of tests for {} | kidney health, liver health, lipids, hepatitis, pregnancy, electrolytes | specimen
80143 | level of {}; free level of {} | amiodarone, caffeine, digoxin, gentamicin, lithium, phenytoin, tacrolimus, valproate, vancomycin, theophylline, lamotrigine, everolimus | specimen method
80305 | drug screen for {}; confirmation of {} | opioids, stimulants, sedatives, cannabinoids, alcohol markers, antidepressants, synthetic drugs, nicotine | specimen method count
80400 | stimulation test of {}; suppression test of {} | cortisol, growth hormone, thyrotropin, gonadotropin, insulin, aldosterone, glucagon | specimen count
80503 | pathologist opinion on {} | one specimen, several specimens, outside slides, difficult history | time
81000 | urine test for {}; urine microscopy for {} | sugar, protein, blood, bacteria, crystals, pregnancy | method
81105 | gene test for {}; family gene test for {}; carrier test for {} | clotting disorder, cystic fibrosis, breast cancer, colon cancer, muscle disease, hearing loss, blood cell antigens, drug metabolism, inherited anemia, kidney disease, fragile chromosome, leukemia marker, lung tumor, melanoma, thyroid tumor, immune rejection | variants specimen
81410 | gene panel for {}; whole genome study of {} | heart muscle disease, aortic disease, hearing loss, epilepsy, fetal chromosomes, solid tumor, blood cancer, newborn illness | variants specimen
81490 | risk score for {}; multi-marker score for {} | rheumatoid disease, coronary disease, breast cancer, prostate cancer, ovarian cancer, fetal defects, transplant rejection | specimen method
82009 | measurement of {}; quantity of {} |  acetone, albumin, aldosterone, ammonia, amylase, vitamin C, bilirubin, calcium, carotene, chloride, cholesterol, copper, cortisol, creatinine, ferritin, folate, gastrin, glucose, growth hormone, homocysteine, insulin, iron, lactate, lead, lipase, magnesium, mercury, myoglobin, osmolality, parathyroid hormone, phosphate, porphyrins, potassium, prolactin, selenium, sodium, testosterone, thyroxine, transferrin, triglycerides, troponin, urea, uric acid, vitamin B12, vitamin D, zinc | specimen method
85002 | count of {}; smear for {} | red cells, white cells, platelets, young red cells, parasites in blood | method specimen
85002 | activity of {}; inhibitor of {}; level of {} | factor VIII, factor IX, factor XI, fibrinogen, protein C, protein S, prothrombin, heparin, plasminogen | method specimen
86000 | antibody to {} | cell nucleus, thyroid tissue, islet cells, measles virus, mumps virus, rubella virus, hepatitis virus, herpes virus, Lyme bacteria, syphilis, toxoplasma, parvovirus, rabies virus, polio virus, tetanus toxin, phospholipid, stomach lining, heart muscle | method specimen
86000 | antigen of {}; quantity of {} | hepatitis virus, tumor marker, complement, immune globulin, interleukin, prostate cells, ovarian cells | method specimen
86000 | allergen antibody to {} | milk, egg, peanut, grass pollen, house dust mite, cat, mold, latex | method count
86000 | skin test for {} | tuberculosis, candida, histoplasma | count
86850 | blood bank test of {} | donor red cells, patient antibodies, crossmatch, newborn blood type | method count
86850 | preparation of {} | frozen plasma, platelets, split unit, washed red cells | method count
87003 | culture of {}; detection of {} by amplification; antigen detection of {}; typing of {}; resistance testing of {} | blood bacteria, stool bacteria, throat bacteria, urine bacteria, wound bacteria, fungi, tubercle bacteria, chlamydia, influenza virus, hepatitis virus, immunodeficiency virus, papilloma virus, herpes virus, coronavirus, parasites, malaria, streptococcus, staphylococcus | method specimen
88000 | examination after death of {} | whole body, brain, heart, infant, stillborn | extent
88104 | cell study of {}; screening smear of {}; flow study of {} | cervix, thyroid, sputum, urine, body fluid, lymph node, bone marrow | method count
88230 | chromosome study of {}; cell culture for chromosomes of {} | blood, amniotic fluid, bone marrow, solid tumor, skin | count method
88300 | tissue examination of {}; special stain of {}; frozen section of {}; tissue scan of {} | skin, breast, bowel, bone, nerve, muscle, lymph node | count method
88720 | test of {} | skin bilirubin, stomach fluid, nasal smear, joint fluid crystals, sweat chloride | method count
88720 | storage of {}; thawing of {}; analysis of {} | semen, eggs, embryos, ovarian tissue | method count
"""  # noqa: E501 - an area is one line

RADIOLOGY_AREAS = tuple(areas(_RADIOLOGY, IMAGING))
LABORATORY_AREAS = tuple(areas(_LABORATORY, TESTING))
