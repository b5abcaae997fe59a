"""Where a patient goes: the nearest hospital with a department that takes such an emergency."""

from dataclasses import dataclass
from uuid import UUID

from scheduling.greens.models import Kind
from scheduling.greens.plans import SPECIALTIES
from telemed.organisations.models import Department, Organisation
from telemed.organisations.queries import partners_with_state

COUNTY, PREFECTURE = 6, 4  # digits of a division's code
SHOWN = 12


@dataclass(frozen=True)
class Target:
    """One hospital, and the department that takes each kind."""

    organisation: Organisation
    departments: dict[str, Department]

    def takes(self, kind: str) -> Department | None:
        return self.departments.get(kind)


def targets_for(sending: Organisation) -> list[Target]:
    """
    Hospitals of the prefecture and those with an agreement, which none of this needs; those of the
    own county first, then who has an agreement.
    """
    partners = {one.organisation.pk for one in partners_with_state(sending) if one.in_force}
    wanted = {specialty for few in SPECIALTIES.values() for specialty in few}
    near = sending.division_id[:PREFECTURE]
    rows = Department.objects.filter(
        specialty__in=wanted,
        organisation__active=True,
        organisation__kind=Organisation.Kind.HOSPITAL,
    ).exclude(organisation=sending)
    there = rows.filter(organisation__division__code__startswith=near) | rows.filter(
        organisation__in=partners
    )
    found: dict[UUID, list[Department]] = {}
    for department in there.select_related("organisation").order_by("pk"):
        found.setdefault(department.organisation_id, []).append(department)
    targets = [Target(few[0].organisation, _by_kind(few)) for few in found.values()]
    county = sending.division_id[:COUNTY]
    targets.sort(
        key=lambda one: (
            not one.organisation.division_id.startswith(county),
            one.organisation.pk not in partners,
            one.organisation.name,
        )
    )
    return targets[:SHOWN]


def find_target(sending: Organisation, kind: str, wanted: UUID | None) -> Department | None:
    """That hospital's department, or the nearest one's; None where nobody takes such a patient."""
    for target in targets_for(sending):
        department = target.takes(kind)
        if department and wanted in (None, target.organisation.pk):
            return department
    return None


def _by_kind(departments: list[Department]) -> dict[str, Department]:
    by_specialty = {one.specialty: one for one in reversed(departments)}
    found = {}
    for kind in Kind:
        fits = [by_specialty[one] for one in SPECIALTIES[kind] if one in by_specialty]
        if fits:
            found[kind.value] = fits[0]
    return found
