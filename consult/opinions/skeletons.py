"""
The templates an opinion is started from: which facts stand in its findings, then a text with
blanks. Data alone; phrasing.py puts them together.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from telemed.organisations.models import Specialty

WHO = ("person", "reason", "aim", "problems", "medicines", "allergies")
PICTURES = ("ecg", "measured")


@dataclass(frozen=True)
class Template:
    """
    Msgids of a text with blanks. `facts` stand above the findings, a line each, in this order;
    those of `kept` only where there are any.
    """

    key: str
    name: str
    findings: str
    conclusion: str
    recommendations: str
    facts: tuple[str, ...]
    kept: tuple[str, ...] = PICTURES


# How each fact is said: its line, or a blank where it is not known.
LINES = {
    "person": gettext_noop("Patient: {}"),
    "reason": gettext_noop("Complaint: {}"),
    "aim": gettext_noop("Asked: {}"),
    "problems": gettext_noop("Conditions: {}"),
    "medicines": gettext_noop("Medicines: {}"),
    "allergies": gettext_noop("Allergies: {}"),
    "vitals": gettext_noop("Vital signs: {}"),
    "results": gettext_noop("Results: {}"),
    "pressure": gettext_noop("Blood pressure: {}"),
    "pulse": gettext_noop("Heart rate: {}"),
    "breathing": gettext_noop("Temperature, breathing, oxygen: {}"),
    "weight": gettext_noop("Weight and height: {}"),
    "sugar": gettext_noop("Blood sugar: {}"),
    "heart": gettext_noop("Troponin and BNP: {}"),
    "kidneys": gettext_noop("Kidneys and potassium: {}"),
    "lipids": gettext_noop("Blood lipids: {}"),
    "blood": gettext_noop("Blood count and CRP: {}"),
    "clotting": gettext_noop("INR and platelets: {}"),
    "images": gettext_noop("Images: {}"),
    "ecg": gettext_noop("ECG, measured: {}"),
    "measured": gettext_noop("Key images: {}"),
}

GENERAL = Template(
    key="general",
    name=gettext_noop("General consult"),
    findings=gettext_noop("History and findings as sent by the asking side; seen live: ____"),
    conclusion=gettext_noop("Considered: ____"),
    recommendations=gettext_noop(
        "1. Treatment: ____\n2. Further tests: ____\n3. Watch for: ____; call again if it occurs."
    ),
    facts=(*WHO, "vitals", "results", "images"),
)
STROKE = Template(
    key="head_ct",
    name=gettext_noop("Head CT, acute symptoms"),
    findings=gettext_noop(
        "Head CT without contrast: no / a hyperdense area in ____; midline ____; "
        "ventricles and cisterns ____."
    ),
    conclusion=gettext_noop("Considered: ____; haemorrhage is / is not shown on the CT."),
    recommendations=gettext_noop(
        "1. Blood pressure target ____\n2. Transfer: now / not needed; by ____\n"
        "3. Repeat CT after ____ hours, at once if consciousness gets worse."
    ),
    facts=(*WHO, "pressure", "sugar", "clotting", "images"),
)
CHEST = Template(
    key="chest",
    name=gettext_noop("Chest CT"),
    findings=gettext_noop("Chest CT: ____ in the ____ lobe, size ____ mm, density ____ HU."),
    conclusion=gettext_noop("Considered: ____"),
    recommendations=gettext_noop("1. Treatment: ____\n2. Repeat CT after ____ months."),
    facts=(*WHO, "breathing", "blood", "images"),
)
CHEST_PAIN = Template(
    key="chest_pain",
    name=gettext_noop("Chest pain with ECG"),
    findings=gettext_noop(
        "Pain since ____, now ____.\n"
        "ECG: rhythm ____; ST segment ____ in leads ____; compared with an earlier one ____."
    ),
    conclusion=gettext_noop(
        "Considered: ____; an acute coronary syndrome is likely / not likely because of ____."
    ),
    recommendations=gettext_noop(
        "1. Antiplatelets and anticoagulant: ____\n2. Reperfusion: ____; transfer: now / not "
        "needed; by ____\n3. ECG again after ____ minutes, troponin after ____ hours\n"
        "4. Watch for: ____; call again if it occurs."
    ),
    facts=(*WHO, "pressure", "pulse", "heart", "kidneys", "images", "ecg"),
)
ECG = Template(
    key="ecg",
    name=gettext_noop("ECG"),
    findings=gettext_noop(
        "ECG: rhythm ____, rate ____/min, axis ____; PR ____ ms, QRS ____ ms, QTc ____ ms; "
        "ST and T ____."
    ),
    conclusion=gettext_noop("ECG: ____. Considered: ____"),
    recommendations=gettext_noop(
        "1. Treatment: ____\n2. ECG again: ____\n3. Watch for: ____; call again if it occurs."
    ),
    facts=(*WHO, "pulse", "kidneys", "images", "ecg"),
)
HYPERTENSION = Template(
    key="hypertension",
    name=gettext_noop("Hypertension"),
    findings=gettext_noop("Measured at home: ____; symptoms ____; heart, kidneys and eyes ____."),
    conclusion=gettext_noop("Hypertension grade ____, cardiovascular risk ____. Considered: ____"),
    recommendations=gettext_noop(
        "1. Blood pressure target ____\n2. Medicines: ____\n3. Further tests: ____\n"
        "4. Blood pressure again after ____ weeks; refer if ____."
    ),
    facts=(*WHO, "pressure", "pulse", "weight", "kidneys", "sugar", "lipids"),
)
DIABETES = Template(
    key="diabetes",
    name=gettext_noop("Diabetes mellitus"),
    findings=gettext_noop("Low blood sugar ____; feet ____; eyes ____; injections ____."),
    conclusion=gettext_noop("Diabetes type ____, HbA1c target ____. Considered: ____"),
    recommendations=gettext_noop(
        "1. Medicines: ____\n2. Food and movement: ____\n3. Further tests: ____\n"
        "4. Blood sugar again after ____ weeks; refer if ____."
    ),
    facts=(*WHO, "sugar", "kidneys", "lipids", "weight", "pressure"),
)
CHILD = Template(
    key="child",
    name=gettext_noop("Child, acutely ill"),
    findings=gettext_noop(
        "General state ____; skin ____; breathing ____; drinks ____, passes urine ____; "
        "vaccinated ____."
    ),
    conclusion=gettext_noop("Considered: ____; danger signs: ____"),
    recommendations=gettext_noop(
        "1. Medicines, dose by weight: ____\n2. Fluids: ____\n3. Further tests: ____\n"
        "4. See again after ____ hours, at once if ____."
    ),
    facts=(*WHO, "weight", "breathing", "pulse", "blood", "images"),
)
PREGNANCY = Template(
    key="pregnancy",
    name=gettext_noop("Pregnancy"),
    findings=gettext_noop(
        "Weeks ____, by ____; pregnancies ____, births ____; fetal heart ____/min; fundus ____ cm; "
        "bleeding ____; contractions ____; protein in urine ____."
    ),
    conclusion=gettext_noop("Considered: ____; risk of this pregnancy: ____"),
    recommendations=gettext_noop(
        "1. Treatment: ____\n2. Ultrasound and tests: ____\n3. Birth: where ____, when ____\n"
        "4. Come at once if ____."
    ),
    facts=(*WHO, "pressure", "pulse", "weight", "blood", "sugar", "images"),
)
ABDOMEN = Template(
    key="abdomen",
    name=gettext_noop("Acute abdomen"),
    findings=gettext_noop(
        "Pain ____ since ____; guarding ____; bowel sounds ____; last meal ____; last operation "
        "____."
    ),
    conclusion=gettext_noop("Considered: ____; an operation is / is not indicated."),
    recommendations=gettext_noop(
        "1. Nothing by mouth ____; fluids ____; antibiotics ____\n"
        "2. Transfer: now / not needed; by ____\n"
        "3. Examine again after ____ hours, at once if ____."
    ),
    facts=(*WHO, "vitals", "blood", "kidneys", "images"),
)
INJURY = Template(
    key="injury",
    name=gettext_noop("Injury or fracture"),
    findings=gettext_noop(
        "Injured by ____ at ____; swelling ____, deformity ____, wound ____; pulse and feeling "
        "beyond it ____. X-ray: ____."
    ),
    conclusion=gettext_noop("Considered: ____; displaced ____; open ____."),
    recommendations=gettext_noop(
        "1. Splint: ____\n2. Pain ____; tetanus ____\n3. Transfer: now / not needed; by ____\n"
        "4. X-ray again after ____ days, at once if ____."
    ),
    facts=(*WHO, "vitals", "blood", "images"),
)
TEMPLATES = (
    *(GENERAL, STROKE, CHEST, CHEST_PAIN, ECG, HYPERTENSION, DIABETES),
    *(CHILD, PREGNANCY, ABDOMEN, INJURY),
)
# What each specialty is offered, best first; every list ends with what fits anything.
BY_SPECIALTY = {
    Specialty.GENERAL: (HYPERTENSION, DIABETES),
    Specialty.INTERNAL: (HYPERTENSION, DIABETES, CHEST_PAIN),
    Specialty.CARDIOLOGY: (CHEST_PAIN, ECG, HYPERTENSION),
    Specialty.NEUROLOGY: (STROKE,),
    Specialty.NEUROSURGERY: (STROKE,),
    Specialty.RESPIRATORY: (CHEST,),
    Specialty.SURGERY: (ABDOMEN,),
    Specialty.ORTHOPAEDICS: (INJURY,),
    Specialty.OBSTETRICS: (PREGNANCY,),
    Specialty.PAEDIATRICS: (CHILD,),
    Specialty.EMERGENCY: (CHEST_PAIN, STROKE, INJURY, ABDOMEN),
    Specialty.RADIOLOGY: (STROKE, CHEST),
}
