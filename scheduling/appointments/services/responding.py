"""Questions to whoever booked or waits, and their answers, as other systems read them."""

from scheduling.appointments.models import Appointment, Response
from scheduling.appointments.permissions import is_clerk_of
from telemed.core import moments, publication
from telemed.core.intentions import require_intention
from telemed.notifications.persons import Speaker, Voice

Status, By = Response.Status, Response.By


def ask(appointment: Appointment, about: Response.About) -> Response:
    """Of a locked booking: it is offered this time. What stands already is asked anew."""
    require_intention()
    response = _open(appointment) or Response(appointment=appointment)
    new = response._state.adding
    response.about = about
    _put_times(response, appointment)
    response.save()
    publication.publish(response, new=new)
    return response


def answer(
    appointment: Appointment, about: Response.About, status: Response.Status, by: Voice | None
) -> None:
    """
    Of a locked booking, before its time changes. `by` is nobody where the time to answer ran out.
    """
    require_intention()
    response = _open(appointment)
    if response is None:  # asked before questions were kept
        response = Response(appointment=appointment, about=about)
        _put_times(response, appointment)
    new = response._state.adding
    response.status, response.said_at = status, moments.now()
    response.said_by = _who(appointment, by)
    response.save()
    publication.publish(response, new=new)


def withdraw(appointment: Appointment) -> None:
    """The clinic takes place after all: as it was accepted when it was booked."""
    require_intention()
    if response := _open(appointment):
        response.status, response.said_by = Status.ACCEPTED, By.CLINIC
        response.starts_at, response.ends_at = appointment.during.lower, appointment.during.upper
        response.said_at = moments.now()
        response.save()
        publication.publish(response)


def _open(appointment: Appointment) -> Response | None:
    rows = Response.objects.filter(appointment=appointment, status=Status.OPEN)
    found = rows.select_for_update(no_key=True).first()
    if found:
        found.appointment = appointment
    return found


def _put_times(response: Response, appointment: Appointment) -> None:
    if response.about == Response.About.STOP:
        plan = appointment.plan_period
        times = (plan.starts_at, plan.ends_at) if plan else (None, None)
    else:
        times = (appointment.during.lower, appointment.during.upper)
    response.starts_at, response.ends_at = times


def _who(appointment: Appointment, by: Voice | None) -> Response.By:
    if by is None:
        return By.NOBODY
    if is_clerk_of(by, appointment.organisation_id):
        return By.DESK
    if isinstance(by, Speaker):
        return By.SELF
    return By.SELF if by.pk == appointment.patient.user_id else By.OTHER
