"""A few booked visits, so that a resident's, a desk's and a doctor's pages show some: synthetic."""

from collections.abc import Callable, Iterator
from functools import partial

from django.utils import timezone

from records.mpi.models import Patient
from scheduling.appointments import services as appointments
from scheduling.appointments.models import Appointment
from scheduling.availability.models import BOOKABLE, Period, Pool
from scheduling.availability.queries import open_periods
from telemed.demo import province
from telemed.demo.accounts import get_user
from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import User

RESIDENT = "吴金花"
FROM_AFAR = 6
REASONS = ["头晕 1 周", "复查血压", "咳嗽、气短", "膝盖痛", "术后复查", "睡不好"]
Act = tuple[User, Callable[[], object]]


def story() -> Iterator[Act]:
    """Who books for whom; the door opens an intention for each."""
    if Appointment.objects.exists():
        return
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    asker, resident, desk = (get_user(name) for name in ("township", "resident", "desk"))
    ahead = list(
        open_periods([Pool.PUBLIC])
        .filter(organisation=hospital, clinician__isnull=False)
        .select_related("department")
    )
    own = Patient.objects.get(user=resident)
    first = next((one for one in ahead if one.department.specialty == Specialty.NEUROLOGY), None)
    if first:
        yield resident, partial(_book, resident, own, first, "手麻，想再看看")
    patients = list(
        Patient.objects.filter(managing_organisation=asker.organisation_id)
        .exclude(name=RESIDENT)
        .order_by("pinyin", "pk")[: 2 * FROM_AFAR]
    )
    for patient, period, reason in zip(patients, ahead[1::3], REASONS, strict=False):
        yield asker, partial(_book, asker, patient, period, reason)
    for patient, period in zip(patients[FROM_AFAR:], _today(hospital), strict=False):
        yield desk, partial(_book, desk, patient, period, "")


def _today(hospital: Organisation) -> list[Period]:
    """What is left of today, where the desk still gives out places."""
    now = timezone.localtime()
    return list(
        Period.objects.filter(
            organisation=hospital,
            session__day=now.date(),
            ends_at__gt=now,
            state__in=BOOKABLE,
            clinician__isnull=False,
            pools__pool=Pool.WALK_IN,
            pools__taken=0,
            pools__places__gt=0,
        ).order_by("starts_at", "pk")[:FROM_AFAR]
    )


def _book(actor: User, patient: Patient, period: Period, reason: str) -> Appointment:
    return appointments.book(actor=actor, patient=patient, period_id=period.pk, reason=reason)
