"""Clinicians and their roles as the world sees them."""

from datetime import date

from django.utils.functional import Promise
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.humanname import HumanName
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.practitioner import Practitioner as PractitionerResource
from fhir.resources.R4B.practitioner import PractitionerQualification
from fhir.resources.R4B.practitionerrole import PractitionerRole as PractitionerRoleResource
from fhir.resources.R4B.reference import Reference

from telemed.core.publication import Mapping
from telemed.organisations.models import Specialty
from telemed.people.models import Practitioner, PractitionerRole, Role

LICENCE, ROLE, SPECIALTY = "urn:telemed:licence", "urn:telemed:role", "urn:telemed:specialty"


def practitioner_to_fhir(practitioner: Practitioner) -> PractitionerResource:
    licence = Identifier(system=LICENCE, value=practitioner.licence_no)
    return PractitionerResource(
        id=str(practitioner.pk),
        active=practitioner.user.is_active and _may_practise(practitioner),
        identifier=[licence],
        name=[HumanName(text=practitioner.user.name)],
        qualification=[
            PractitionerQualification(
                identifier=[licence],
                code=CodeableConcept(text=str(Practitioner.Title(practitioner.title).label)),
                period=_days(practitioner.practising_since, practitioner.licensed_until),
            )
        ],
    )


def role_to_fhir(role: PractitionerRole) -> PractitionerRoleResource:
    """A role without a licence behind it (a coordinator's) has no practitioner, but a name."""
    practitioner = getattr(role.user, "practitioner", None)
    reference = f"Practitioner/{practitioner.pk}" if practitioner else None
    return PractitionerRoleResource(
        id=str(role.pk),
        active=role.user.is_active and role.ends_on is None and _may_practise(practitioner),
        period=_days(role.starts_on, role.ends_on),
        practitioner=Reference(reference=reference, display=role.user.name),
        organization=Reference(
            reference=f"Organization/{role.organisation_id}", display=role.organisation.name
        ),
        code=[_concept(ROLE, role.role, Role(role.role).label)],
        specialty=[
            _concept(SPECIALTY, practitioner.specialty, Specialty(practitioner.specialty).label)
        ]
        if practitioner
        else None,
    )


def _may_practise(practitioner: Practitioner | None) -> bool:
    """A role without a licence behind it needs none."""
    return practitioner is None or practitioner.state == Practitioner.State.ACTIVE


def _days(start: date, end: date | None) -> Period:
    """A period known by the day."""
    return Period.model_validate({"start": start, "end": end})


def _concept(system: str, code: str, text: str | Promise) -> CodeableConcept:
    return CodeableConcept(coding=[Coding(system=system, code=code)], text=str(text))


PRACTITIONER = Mapping(model=Practitioner, resource_type="Practitioner", build=practitioner_to_fhir)
PRACTITIONER_ROLE = Mapping(
    model=PractitionerRole, resource_type="PractitionerRole", build=role_to_fhir
)
