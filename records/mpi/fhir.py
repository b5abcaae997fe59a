"""People of the index as the world sees them."""

from datetime import datetime, timedelta

from django.utils import timezone
from fhir.resources.R4B.patient import Patient as PatientResource
from fhir.resources.R4B.relatedperson import RelatedPerson

from records.mpi.models import Kin, Pair, Patient, Relation
from telemed.core.publication import Json, Mapping

# HL7 China, core-patient 2024: the resident identity number (居民身份证).
ID_CARD_SYSTEM = "urn:oid:2.16.840.1.113883.2.23.1.19.1"
TEMPORARY_SYSTEM = "http://telemed.example/temporary-number"
HEALTH_CARD_SYSTEM = "http://telemed.example/health-card"
BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"
ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
KIN = {
    Kin.MOTHER: "MTH",
    Kin.FATHER: "FTH",
    Kin.GRANDPARENT: "GRPRN",
    Kin.GRANDCHILD: "GRNDCHILD",
    Kin.SPOUSE: "SPS",
    Kin.CHILD: "CHILD",
    Kin.SIBLING: "SIB",
    Kin.OTHER: "FAMMEMB",
}
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
        "_birthDate": _birth_time(patient),
        "multipleBirthInteger": _order(patient),
        "deceasedDateTime": patient.deceased_on,
        "address": [{"text": patient.address, "country": "CN"}] if patient.address else None,
        "managingOrganization": _managing(patient),
        "link": _links(patient),
    }
    return PatientResource.model_validate(facts)


def _birth_time(patient: Patient) -> Json | None:
    if patient.birth_time is None or patient.birth_date is None:
        return None
    born = timezone.make_aware(datetime.combine(patient.birth_date, patient.birth_time))
    return {"extension": [{"url": BIRTH_TIME, "valueDateTime": born}]}


def _order(patient: Patient) -> int | None:
    """Of a first child nobody knows yet whether a second follows."""
    order = patient.birth_order
    return order if order and order > 1 else None


def _identifiers(patient: Patient) -> list[Json] | None:
    """
    Numbers are masked with the standard's rendered-value: they are sealed in our own tables and
    must not lie in clear beside them. People are found by them on the search page, by their hash.
    """
    found = []
    if patient.id_card_tail:
        found.append(_masked(ID_CARD_SYSTEM, patient.id_card_masked, "official"))
    cards = patient.health_cards.filter(active=True) if not patient._state.adding else []
    found += [_masked(HEALTH_CARD_SYSTEM, card.masked, "secondary") for card in cards]
    return [*found, *_temporary(patient)] or None


def _masked(system: str, masked: str, use: str) -> Json:
    shown = {"extension": [{"url": RENDERED, "valueString": masked}]}
    return {"use": use, "system": system, "_value": shown}


def _temporary(patient: Patient) -> list[Json]:
    """Ours to give, and secret to nobody: it says only that somebody came without an ID."""
    if not patient.temporary_no:
        return []
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


def to_plain(patient: Patient) -> Json:
    """The same of somebody new, who has no family, merges or other numbers; a test compares."""
    given = {
        "id": patient.fhir_id,
        "active": True,
        "identifier": (
            [_masked(ID_CARD_SYSTEM, patient.id_card_masked, "official")]
            if patient.id_card_tail
            else None
        ),
        "name": [{"use": "official", "text": patient.name}],
        "telecom": [{"system": "phone", "value": patient.phone}] if patient.phone else None,
        "gender": str(patient.sex),
        "birthDate": patient.birth_date.isoformat() if patient.birth_date else None,
        "address": [{"text": patient.address, "country": "CN"}] if patient.address else None,
        "managingOrganization": _managing(patient),
    }
    return {name: value for name, value in given.items() if value is not None}


PATIENT = Mapping(model=Patient, resource_type="Patient", build=to_fhir, plain_new=to_plain)


def relation_to_fhir(relation: Relation) -> RelatedPerson:
    """Who acts for a patient; of the numbers nothing, and of the papers nothing."""
    delegate, last = relation.delegate, relation.ends_on
    if last:
        last = max(relation.starts_on, last - timedelta(days=1))  # FHIR counts the last day in
    codes = [KIN[Kin(relation.kin)], "GUARD" if relation.is_guardian else "POWATT"]
    return RelatedPerson.model_validate(
        {
            "id": str(relation.pk),
            "active": relation.is_in_force,
            "patient": {"reference": f"Patient/{relation.subject.fhir_id}"},
            "relationship": [{"coding": [{"system": ROLES, "code": code}]} for code in codes],
            "name": [{"text": delegate.name}],
            "telecom": [{"system": "phone", "value": delegate.phone}] if delegate.phone else None,
            "gender": delegate.sex,
            "period": {"start": relation.starts_on, "end": last},
        }
    )


RELATED = Mapping(model=Relation, resource_type="RelatedPerson", build=relation_to_fhir)
