"""Short names of what is measured most, by LOINC code, in the reader's language."""

from django.utils.translation import gettext_lazy, pgettext_lazy

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
BLOOD_PRESSURE = {"85354-9", "55284-4"}
GLOMERULAR = frozenset(
    {"33914-3", "48642-3", "48643-1", "62238-1", "69405-9", "88293-6", "98979-8", "50210-4"}
)
INR = frozenset({"6301-6", "34714-6", "46418-0"})
PREGNANCY = "82810-3"

NAMES = {
    **dict.fromkeys(BLOOD_PRESSURE, gettext_lazy("Blood pressure")),
    **dict.fromkeys(GLOMERULAR, pgettext_lazy("laboratory", "eGFR")),
    **dict.fromkeys(INR, pgettext_lazy("laboratory", "INR")),
    SYSTOLIC: gettext_lazy("Systolic pressure"),
    DIASTOLIC: gettext_lazy("Diastolic pressure"),
    "8867-4": gettext_lazy("Heart rate"),
    "9279-1": gettext_lazy("Respiratory rate"),
    "8310-5": gettext_lazy("Temperature"),
    "2708-6": gettext_lazy("Oxygen saturation"),
    "59408-5": gettext_lazy("Oxygen saturation"),
    "8302-2": gettext_lazy("Height"),
    "29463-7": gettext_lazy("Weight"),
    "39156-5": gettext_lazy("Body mass index"),
    "72514-3": gettext_lazy("Pain (0 to 10)"),
    "72166-2": gettext_lazy("Smoking"),
    PREGNANCY: gettext_lazy("Pregnancy"),
    "4548-4": gettext_lazy("Haemoglobin A1c"),
    "2339-0": gettext_lazy("Glucose"),
    "2345-7": gettext_lazy("Glucose"),
    "1558-6": gettext_lazy("Fasting glucose"),
    "2823-3": gettext_lazy("Potassium"),
    "6298-4": gettext_lazy("Potassium"),
    "2951-2": gettext_lazy("Sodium"),
    "2947-0": gettext_lazy("Sodium"),
    "2160-0": gettext_lazy("Creatinine"),
    "38483-4": gettext_lazy("Creatinine"),
    "14682-9": gettext_lazy("Creatinine"),
    "2093-3": gettext_lazy("Total cholesterol"),
    "2571-8": gettext_lazy("Triglycerides"),
    "18262-6": gettext_lazy("LDL cholesterol"),
    "13457-7": gettext_lazy("LDL cholesterol"),
    "2085-9": gettext_lazy("HDL cholesterol"),
    "6690-2": gettext_lazy("White cells"),
    "789-8": gettext_lazy("Red cells"),
    "718-7": gettext_lazy("Haemoglobin"),
    "4544-3": gettext_lazy("Haematocrit"),
    "787-2": pgettext_lazy("laboratory", "MCV"),
    "785-6": pgettext_lazy("laboratory", "MCH"),
    "786-4": pgettext_lazy("laboratory", "MCHC"),
    "21000-5": pgettext_lazy("laboratory", "RDW"),
    "777-3": gettext_lazy("Platelets"),
    "32207-3": pgettext_lazy("laboratory", "PDW"),
    "32623-1": pgettext_lazy("laboratory", "MPV"),
    "6598-7": gettext_lazy("Troponin T"),
    "10839-9": gettext_lazy("Troponin I"),
    "89579-7": gettext_lazy("Troponin I"),
    "30934-4": pgettext_lazy("laboratory", "BNP"),
    "33762-6": pgettext_lazy("laboratory", "NT-proBNP"),
    "1988-5": gettext_lazy("C-reactive protein"),
    "1742-6": pgettext_lazy("laboratory", "ALT"),
    "1920-8": pgettext_lazy("laboratory", "AST"),
}
VITAL_SIGNS = BLOOD_PRESSURE | {
    *(SYSTOLIC, DIASTOLIC, "8867-4", "9279-1", "8310-5", "2708-6", "59408-5"),
    *("8302-2", "29463-7", "39156-5", "72514-3"),
}
