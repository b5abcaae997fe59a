"""Institutions as the world sees them."""

from fhir.resources.R4B.address import Address
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.contactpoint import ContactPoint
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.organization import Organization

from telemed.core.publication import Mapping
from telemed.organisations.models import Organisation

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
