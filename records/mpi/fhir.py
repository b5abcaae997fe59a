"""People of the index as the world sees them."""

from fhir.resources.R4B.patient import Patient as PatientResource

from records.mpi.models import Pair, Patient
from telemed.core.publication import Json, Mapping

# HL7 China, core-patient 2024: the resident identity number (居民身份证).
ID_CARD_SYSTEM = "urn:oid:2.16.840.1.113883.2.23.1.19.1"
TEMPORARY_SYSTEM = "http://telemed.example/temporary-number"
RENDERED = "http://hl7.org/fhir/StructureDefinition/rendered-value"


def to_fhir(patient: Patient) -> PatientResource:
    facts = {
        "id": patient.fhir_id,
        "active": patient.merged_into_id is None,
        "identifier": _identifiers(patient),
        "name": [{"use": "official", "text": patient.name}],
        "telecom": [{"system": "phone", "value": patient.phone}] if patient.phone else None,
        "gender": patient.sex,
        "birthDate": patient.birth_date,
        "deceasedDateTime": patient.deceased_on,
        "address": [{"text": patient.address, "country": "CN"}] if patient.address else None,
        "managingOrganization": _managing(patient),
        "link": _links(patient),
    }
    return PatientResource.model_validate(facts)


def _identifiers(patient: Patient) -> list[Json] | None:
    """
    The number is masked with the standard's rendered-value: it is sealed in our own tables and
    must not lie in clear beside them. People are found by it on the search page, by its hash.
    """
    if not patient.id_card_tail:
        return _temporary(patient)
    masked = {"extension": [{"url": RENDERED, "valueString": patient.id_card_masked}]}
    card: Json = {"use": "official", "system": ID_CARD_SYSTEM, "_value": masked}
    return [card, *(_temporary(patient) or [])]


def _temporary(patient: Patient) -> list[Json] | None:
    """Ours to give, and secret to nobody: it says only that somebody came without an ID."""
    if not patient.temporary_no:
        return None
    use = "temp" if patient.is_temporary else "old"
    return [{"use": use, "system": TEMPORARY_SYSTEM, "value": patient.temporary_no}]


def _links(patient: Patient) -> list[Json] | None:
    """A merged record names the one that stays; that one names what it replaces."""
    if patient.merged_into:
        return [_link(patient.merged_into, "replaced-by")]
    replaced = patient.merged_from.order_by("pk") if patient.has_merged else []
    linked = [*patient.pairs_as_one.filter(state=Pair.State.LINKED).select_related("other")]
    also = [pair.other for pair in linked]
    linked = [*patient.pairs_as_other.filter(state=Pair.State.LINKED).select_related("one")]
    also += [pair.one for pair in linked]
    links = [_link(p, "replaces") for p in replaced] + [_link(p, "seealso") for p in also]
    return links or None


def _link(other: Patient, kind: str) -> Json:
    return {"other": {"reference": f"Patient/{other.fhir_id}"}, "type": kind}


def _managing(patient: Patient) -> Json | None:
    organisation = patient.managing_organisation
    if organisation is None:
        return None
    return {"reference": f"Organization/{organisation.pk}", "display": organisation.name}


PATIENT = Mapping(model=Patient, resource_type="Patient", build=to_fhir)
