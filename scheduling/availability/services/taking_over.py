"""A session goes to another doctor, while nobody is booked in it."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.availability import clashes
from scheduling.availability.landing import unlicensed_on
from scheduling.availability.models import Period, PeriodState, Session, State
from scheduling.availability.queries import counts_of
from scheduling.availability.services.moving import require_nobody
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.errors import Conflict, NotFound
from telemed.core.intentions import Actor, refusing, require_intention
from telemed.people.models import User


def take_over(*, actor: Actor, doctor: User, to: User, session_id: UUID) -> Session:
    """
    For whoever closes an account or moves its work. Raises SomebodyBooked where people are booked:
    they are offered another doctor by a stop.
    """
    require_intention()
    rows = Session.objects.select_for_update(of=["self"], no_key=True).filter(
        pk=session_id, clinician=doctor, organisation=actor.organisation_id
    )
    session = rows.select_related("department", "organisation").first()
    if session is None:
        raise NotFound(_("Not found, or not yours to know of."))
    if session.state not in (State.PLANNED, State.PUBLISHED) or session.application_id:
        raise session.out_of_turn()
    taken, _places = counts_of([session.pk]).get(session.pk, (0, 0))
    require_nobody(taken)
    session.clinician = to
    if why := unlicensed_on(session, session.day):
        raise Conflict(why, path="to")
    practitioner = getattr(to, "practitioner", None)
    session.title = practitioner.title if practitioner else ""
    periods = Period.objects.filter(session=session)
    list(periods.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    if session.held_up_at:
        periods.filter(state=PeriodState.STOPPED, capacity__gt=0).update(state=PeriodState.OPEN)
    session.held_up_at = None
    with refusing(**clashes.someone_was_quicker()):
        session.save(update_fields=["clinician", "title", "held_up_at"])
    periods.update(clinician=to)
    audit.record(action="session.take_over", target=session)
    publication.publish(session)
    return session
