"""What visits by video add to a ticket, a doctor's day, and to who is known where."""

from datetime import date

from consult.requests.models import OVER, Case
from consult.visits.permissions import is_ahead, is_open, works_on
from consult.visits.queries import is_own
from records.mpi.models import Patient
from scheduling.appointments.models import Appointment
from scheduling.appointments.permissions import may_see_visit
from scheduling.availability.models import Period
from telemed.core import moments
from telemed.people.models import User


def may_enter(actor: User, visit: Appointment) -> bool:
    return is_open(visit, moments.now()) and is_own(actor, visit)


def waits_for_the_time(actor: User, visit: Appointment) -> bool:
    now = moments.now()
    return is_ahead(visit, now) and not is_open(visit, now) and is_own(actor, visit)


def may_make_link(actor: User, visit: Appointment) -> bool:
    return is_ahead(visit, moments.now()) and works_on(actor, visit)


def may_receive(actor: User, visit: Appointment) -> bool:
    """The doctor goes into the room from a quarter of an hour before, too."""
    return is_open(visit, moments.now()) and may_see_visit(actor, visit)


def had_consult(patient: Patient, period: Period, since: date) -> bool:
    """A closed consult about this person, answered by this department's specialty here."""
    closed = Case.objects.filter(
        patient=patient.merged_into_id or patient.pk,
        asked=period.organisation_id,
        specialty=period.department.specialty,
        status__in=OVER,
        opinion_version__gt=0,
        steps__to_status__in=OVER,
        steps__at__date__gte=since,
    )
    return closed.exists()
