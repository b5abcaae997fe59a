"""Making the link of a visit, and sending it."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.rooms import services as rooms
from consult.visits import clock_rows
from consult.visits.models import Link
from consult.visits.permissions import is_ahead, works_on
from consult.visits.queries import is_own, open_link_of, reached_at
from consult.visits.secrets import KIND
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.queries import get_appointment
from scheduling.appointments.services.attending import lock_visit
from scheduling.appointments.services.reminding import time_words
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.errors import Conflict, Forbidden, NotFound, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.notifications.services import notify
from telemed.people.models import User


def make_link(*, actor: User, visit_id: UUID) -> Link:
    """By the desk or the doctor, to be read out or sent: the former one opens nothing any more."""
    require_intention()
    get_appointment(actor, visit_id)
    visit = lock_visit(visit_id)
    require(works_on(actor, visit), _("The desk or the doctor makes a new link."))
    link = _replace(visit, by=actor)
    tell(visit)
    return link


def read_link(*, actor: User, visit_id: UUID) -> Link:
    """The open link of a visit, for who may make one; each look is traced."""
    require_intention()
    visit = get_appointment(actor, visit_id)
    require(works_on(actor, visit), _("The desk or the doctor makes a new link."))
    link = open_link_of(visit)
    if link is None:
        raise NotFound(_("This visit has no link now."), path="link")
    audit.record(
        action="visit.link_read", target=f"VisitLink/{link.pk}", patient_id=visit.patient_id
    )
    return link


def make_own_link(*, actor: User, visit_id: UUID) -> Link:
    """By who is signed in as the patient or acts for them: entered in this browser at once."""
    require_intention()
    get_appointment(actor, visit_id)
    visit = lock_visit(visit_id)
    if not is_own(actor, visit):
        raise Forbidden(_("The patient enters, or who acts for them."))
    return _replace(visit, by=actor)


def ensure_link(*, visit_id: UUID) -> Link | None:
    """One for a visit that stands; None where there is nothing (any more) to enter."""
    require_intention()
    visit = lock_visit(visit_id)
    if not is_ahead(visit, moments.now()):
        return None
    return open_link_of(visit) or _make(visit, by=None)


def tell(visit: Appointment, template: str = "visit.link", *, turn: int = 0) -> None:
    """The address goes out with the message; kept is where to find it."""
    require_intention()
    recipient, link = reached_at(visit), open_link_of(visit)
    if recipient is None or link is None:
        return
    notify(
        recipient=recipient,
        template=template,
        about=link.pk,
        url=f"/booking/{visit.pk}/",
        turn=turn,
        pressing=True,
        desk=visit.organisation_id,
        time=time_words(visit.during.lower),
        org=visit.organisation.name,
    )


def remind(*, clock: Clock) -> None:
    """A quarter of an hour before: the same link once more."""
    require_intention()
    visit = lock_visit(clock.about)
    if visit.status == Status.BOOKED and ensure_link(visit_id=visit.pk):
        tell(visit, "visit.soon", turn=clock.turn)


def end_links(visit: Appointment) -> None:
    """Of a locked visit: whoever is in by one of them is put out."""
    require_intention()
    rooms.end_links(Link.objects.filter(visit=visit, ended_at=None))


def _replace(visit: Appointment, *, by: User) -> Link:
    if not is_ahead(visit, moments.now()):
        raise Conflict(_("This visit by video does not stand any more."), path="status")
    end_links(visit)
    return _make(visit, by=by)


def _make(visit: Appointment, *, by: User | None) -> Link:
    link = Link(visit=visit, holder=_holder_of(visit), made_by=by)
    rooms.keep_link(kind=KIND, link=link)
    if not clock_rows.is_running(visit):
        clock_rows.start(visit)
    audit.record(
        action="visit.link_make", target=f"VisitLink/{link.pk}", patient_id=visit.patient_id
    )
    return link


def _holder_of(visit: Appointment) -> User:
    """One account for all links of a visit: the place in the room stays whose it was."""
    before = Link.objects.filter(visit=visit).select_related("holder").first()
    if before:
        return before.holder
    own = reached_at(visit)
    return rooms.make_holder(
        kind=KIND, name=visit.patient.name, language=own.language if own else ""
    )
