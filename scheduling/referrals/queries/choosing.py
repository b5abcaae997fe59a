"""Where a patient may be sent, and what is free there for referrals."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from records.mpi.models import Patient
from scheduling.availability.models import Period, Pool
from scheduling.availability.queries import open_periods
from scheduling.referrals.models import Referral
from scheduling.registration.queries import current_of, doctor_now
from telemed.organisations.models import Department, Organisation
from telemed.organisations.queries import partners_below, partners_with_state
from telemed.people.models import User

SHOWN = 200  # departments of all partners that are looked at
PLACES = 12  # that an accepting desk chooses from


@dataclass(frozen=True)
class Choice:
    """A department that may be asked, and the first place that it keeps for referrals, if any."""

    department: Department
    first: Period | None

    @property
    def organisation(self) -> Organisation:
        return self.department.organisation


def choices_for(
    sending: Organisation, specialty: str = "", without: Collection[UUID] = ()
) -> list[Choice]:
    """
    The departments of every hospital with an agreement in force: those of the specialty first,
    then those of the own county, then who has a place soonest.
    """
    partners = [one.organisation.pk for one in partners_with_state(sending) if one.in_force]
    there = Department.objects.filter(organisation__in=partners, organisation__active=True)
    there = there.exclude(organisation__in=without).select_related("organisation")
    found = list(there.order_by("pk")[:SHOWN])
    first = first_places([one.pk for one in found])
    county = sending.division_id[:6]

    def rank(choice: Choice) -> tuple[bool, bool, bool, float, str, str]:
        place = choice.first.starts_at.timestamp() if choice.first else 0
        return (
            bool(specialty) and choice.department.specialty != specialty,
            not choice.organisation.division_id.startswith(county),
            choice.first is None,
            place,
            choice.organisation.name,
            choice.department.name,
        )

    return sorted((Choice(one, first.get(one.pk)) for one in found), key=rank)


def family_clinic(patient: Patient) -> UUID | None:
    """Where the family doctor of this person is."""
    contract = current_of(patient)
    return contract.team.organisation_id if contract else None


def family_doctor(patient: Patient) -> User | None:
    """Whom the contract of today names, else who leads that team."""
    contract = current_of(patient)
    return doctor_now(contract) if contract else None


def choices_below(
    hospital: Organisation, patient: Patient, without: Collection[UUID] = ()
) -> list[Choice]:
    """
    The departments of every clinic that has an agreement with the hospital: the one of the family
    doctor first, then the one that keeps the record, then those of the patient's county.
    """
    clinics = [one.pk for one in partners_below(hospital)]
    there = Department.objects.filter(organisation__in=clinics, organisation__active=True)
    there = there.exclude(organisation__in=[*without, hospital.pk])
    own = family_clinic(patient)
    keeper = patient.managing_organisation
    county = keeper.division_id[:6] if keeper else hospital.division_id[:6]

    def rank(choice: Choice) -> tuple[bool, bool, bool, str, str]:
        where = choice.organisation
        return (
            where.pk != own,
            keeper is None or where.pk != keeper.pk,
            not where.division_id.startswith(county),
            where.name,
            choice.department.name,
        )

    found = there.select_related("organisation").order_by("pk")[:SHOWN]
    return sorted((Choice(one, None) for one in found), key=rank)


def first_places(departments: Iterable[UUID]) -> dict[UUID, Period]:
    """By department, the first period that has a free place for referrals."""
    wanted = open_periods([Pool.REFERRAL]).filter(department__in=list(departments))
    first = wanted.order_by("department", "starts_at", "pk").distinct("department")
    return {period.department_id: period for period in first.select_related("clinician")}


def next_choice(referral: Referral) -> Choice | None:
    """The next hospital that has such a department and was not asked yet; down, none."""
    if referral.is_down:
        return None
    asked = list(referral.rounds.values_list("organisation", flat=True))
    specialty = referral.department.specialty
    for choice in choices_for(referral.sending, specialty, without=asked):
        if choice.department.specialty == specialty:
            return choice
    return None
