"""Smallest valid resources."""

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


def concept(text="", *codings):
    made = {"coding": [{"system": s, "code": c} for s, c in codings]} if codings else {}
    return {**made, "text": text} if text else made


def condition(text, clinical="active", **more):
    status = {"coding": [{"code": clinical}]}
    return {
        "resourceType": "Condition",
        "code": concept(text),
        "clinicalStatus": status,
        **more,
    }


def allergy(text, *codings, **more):
    return {"resourceType": "AllergyIntolerance", "code": concept(text, *codings), **more}


def statement(text, status="active", **more):
    return {
        "resourceType": "MedicationStatement",
        "status": status,
        "medicationCodeableConcept": concept(text),
        **more,
    }


def request(text, status="active", **more):
    return {
        "resourceType": "MedicationRequest",
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": concept(text),
        **more,
    }


def observation(code, value=None, unit="", at="2026-11-10", category="laboratory", **more):
    made = {
        "resourceType": "Observation",
        "status": "final",
        "category": [concept("", (CATEGORY, category))],
        "code": concept("", (LOINC, code)),
        "effectiveDateTime": at,
        **more,
    }
    if value is not None:
        made["valueQuantity"] = {"value": value, **({"unit": unit} if unit else {})}
    return made


def pressure(upper, lower, at="2026-11-14"):
    parts = [
        {"code": concept("", (LOINC, code)), "valueQuantity": {"value": value, "unit": "mm[Hg]"}}
        for code, value in (("8480-6", upper), ("8462-4", lower))
    ]
    return observation("85354-9", at=at, category="vital-signs", component=parts)
