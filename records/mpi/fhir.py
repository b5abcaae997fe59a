"""People of the index as the world sees them."""

from fhir.resources.R4B.patient import Patient as PatientResource

from records.mpi.models import Patient
from telemed.core.publication import Json, Mapping

# HL7 China, core-patient 2024: the resident identity number (居民身份证).
ID_CARD_SYSTEM = "urn:oid:2.16.840.1.113883.2.23.1.19.1"
RENDERED = "http://hl7.org/fhir/StructureDefinition/rendered-value"


def to_fhir(patient: Patient) -> PatientResource:
    facts = {
        "id": patient.fhir_id,
        "active": True,
        "identifier": _identifiers(patient),
        "name": [{"use": "official", "text": patient.name}],
        "telecom": [{"system": "phone", "value": patient.phone}] if patient.phone else None,
        "gender": patient.sex,
        "birthDate": patient.birth_date,
        "deceasedDateTime": patient.deceased_on,
        "address": [{"text": patient.address, "country": "CN"}] if patient.address else None,
        "managingOrganization": _managing(patient),
    }
    return PatientResource.model_validate(facts)


def _identifiers(patient: Patient) -> list[Json] | None:
    """
    The number is masked with the standard's rendered-value: it is sealed in our own tables and
    must not lie in clear beside them. People are found by it on the search page, by its hash.
    """
    if not patient.id_card_tail:
        return None
    masked = {"extension": [{"url": RENDERED, "valueString": patient.id_card_masked}]}
    return [{"use": "official", "system": ID_CARD_SYSTEM, "_value": masked}]


def _managing(patient: Patient) -> Json | None:
    organisation = patient.managing_organisation
    if organisation is None:
        return None
    return {"reference": f"Organization/{organisation.pk}", "display": organisation.name}


PATIENT = Mapping(model=Patient, resource_type="Patient", build=to_fhir)
