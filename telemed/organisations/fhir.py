"""Institutions as the world sees them."""

from fhir.resources.R4B.address import Address
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.contactpoint import ContactPoint
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.organization import Organization
from fhir.resources.R4B.organizationaffiliation import OrganizationAffiliation
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.reference import Reference

from telemed.core.publication import Mapping
from telemed.organisations.models import Agreement, Organisation, Service

SERVICE = "urn:telemed:agreement-service"
NUMBER, KIND = "urn:telemed:organisation", "urn:telemed:organisation-kind"


def to_fhir(organisation: Organisation) -> Organization:
    kind = Organisation.Kind(organisation.kind)
    phone = ContactPoint(system="phone", use="work", value=organisation.phone or None)
    return Organization(
        id=str(organisation.pk),
        active=organisation.active,
        identifier=[Identifier(system=NUMBER, value=str(organisation.number))],
        type=[CodeableConcept(coding=[Coding(system=KIND, code=kind.value)], text=str(kind.label))],
        name=organisation.name,
        telecom=[phone] if organisation.phone else None,
        address=[Address(district=organisation.division.name, country="CN")],
    )


ORGANISATION = Mapping(model=Organisation, resource_type="Organization", build=to_fhir)


def agreement_to_fhir(agreement: Agreement) -> OrganizationAffiliation:
    """Who may ask (participating) whom; active while it is in force."""
    return OrganizationAffiliation(
        id=str(agreement.pk),
        active=agreement.state == Agreement.State.ACTIVE,
        period=Period.model_validate(
            {"start": agreement.starts_on.isoformat(), "end": agreement.last_day.isoformat()}
        ),
        organization=_reference(agreement.asked),
        participatingOrganization=_reference(agreement.asking),
        code=[
            CodeableConcept(
                coding=[Coding(system=SERVICE, code=line.service)],
                text=str(Service(line.service).label),
            )
            for line in agreement.services.all()
        ],
    )


def _reference(organisation: Organisation) -> Reference:
    return Reference(reference=f"Organization/{organisation.pk}", display=organisation.name)


AGREEMENT = Mapping(
    model=Agreement, resource_type="OrganizationAffiliation", build=agreement_to_fhir
)
