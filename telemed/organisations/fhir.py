"""Institutions as the world sees them."""

from fhir.resources.R4B.organization import Organization

from telemed.core.publication import Mapping
from telemed.organisations.models import Organisation


def to_fhir(organisation: Organisation) -> Organization:
    return Organization(id=str(organisation.pk), active=organisation.active, name=organisation.name)


ORGANISATION = Mapping(model=Organisation, resource_type="Organization", build=to_fhir)
