"""When a visit by video can be entered, and who may make its link. Pure."""

from datetime import datetime, timedelta

from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.permissions import is_clerk_of, may_see_visit
from telemed.people.models import User

EARLY = timedelta(minutes=15)  # before the time
COMES = [Status.BOOKED, Status.ARRIVED, Status.CALLED, Status.IN_VISIT]


def opens_at(visit: Appointment) -> datetime:
    return visit.during.lower - EARLY


def is_open(visit: Appointment, now: datetime) -> bool:
    """From a quarter of an hour before to the session's end; who is with the doctor stays."""
    if not visit.is_video or visit.status not in COMES or now < opens_at(visit):
        return False
    return now <= visit.period.session.ends_at or visit.status == Status.IN_VISIT


def is_ahead(visit: Appointment, now: datetime) -> bool:
    """It stands, and can be entered now or later."""
    return is_open(visit, now) or (
        visit.is_video and visit.status == Status.BOOKED and now < opens_at(visit)
    )


def works_on(actor: User, visit: Appointment) -> bool:
    """The desk of the hospital, and the doctor whose visit it is."""
    return is_clerk_of(actor, visit.organisation_id) or may_see_visit(actor, visit)
