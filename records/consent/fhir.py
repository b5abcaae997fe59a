"""A consent as the world sees it (workflows.md 16). The signature itself stays in this house."""

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.consent import Consent as ConsentResource
from fhir.resources.R4B.consent import ConsentProvision, ConsentVerification
from fhir.resources.R4B.reference import Reference

from records.consent.models import Consent
from telemed.core.publication import Mapping

SCOPES = "http://terminology.hl7.org/CodeSystem/consentscope"
CATEGORIES = "http://terminology.hl7.org/CodeSystem/consentcategorycodes"
POLICIES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def to_fhir(consent: Consent) -> ConsentResource:
    patient = Reference(reference=f"Patient/{consent.patient.fhir_id}")
    given = consent.given_at
    return ConsentResource(
        id=str(consent.pk),
        status=_status(consent),
        scope=_coded(SCOPES, "treatment"),
        category=[_coded(CATEGORIES, "medical")],
        patient=patient,
        dateTime=given or consent.refused_at or consent.created_at,
        performer=_performers(consent, patient),
        organization=[Reference(reference=f"Organization/{consent.organisation_id}")],
        policyRule=_coded(POLICIES, "OPTIN"),  # ppc-1: a policy or a rule
        verification=[
            ConsentVerification(
                verified=True,
                verifiedWith=Reference(display=str(consent.get_relation_display())),
                verificationDate=given,
            )
        ]
        if given
        else None,
        provision=ConsentProvision(type="permit"),
    )


def _performers(consent: Consent, patient: Reference) -> list[Reference] | None:
    if consent.signed_under_id:
        return [Reference(reference=f"RelatedPerson/{consent.signed_under_id}")]
    return [patient] if consent.relation == Consent.Relation.SELF else None


def _status(consent: Consent) -> str:
    """Deferred in an emergency, it is only proposed until somebody signs."""
    if consent.withdrawn_at:
        return "inactive"
    if consent.is_refused:
        return "rejected"
    return "active" if consent.given_at else "proposed"


def _coded(system: str, code: str) -> CodeableConcept:
    return CodeableConcept(coding=[Coding(system=system, code=code)])


CONSENT = Mapping(model=Consent, resource_type="Consent", build=to_fhir)
