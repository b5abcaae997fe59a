"""Two taps: the link, and Enter."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.rooms import services as rooms
from consult.rooms.links import Standing
from consult.rooms.models import Participant, Room
from consult.visits.models import Link
from consult.visits.permissions import opens_at
from consult.visits.queries import standing_of
from consult.visits.secrets import KIND
from scheduling.appointments.services import attending
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Gone
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import User


def enter(*, actor: User, link: Link, cookie: str) -> Room:
    """
    Bind the link to this browser and knock; doing it again in the same browser is done once.

    Raises Conflict before the time and in another browser, Gone for what was replaced or is over.
    """
    require_intention()
    visit = attending.lock_visit(link.visit_id)
    link = Link.objects.select_related("holder").get(pk=link.pk)
    link.visit = visit
    _refuse(standing_of(link, cookie), link)
    if not rooms.bind_link(kind=KIND, link=link, cookie=cookie):
        _refuse(Standing.ELSEWHERE, link)
    attending.arrive_by_video(visit)
    room = rooms.room_for_visit(visit=visit, by=actor)
    rooms.seat_resident(room_id=room.pk, user=actor)
    audit.record(action="visit.enter", target=f"VisitLink/{link.pk}", patient_id=visit.patient_id)
    return room


def knock(*, actor: User, room_id: UUID) -> Participant:
    """Opening the page knocks; the doctor who is not there is told, once for each time."""
    require_intention()
    before = Participant.objects.filter(room=room_id, user=actor).first()
    place = rooms.knock(actor=actor, room_id=room_id)
    visit = place.room.visit
    knocked = before is not None and before.status != place.status == Participant.Status.WAITING
    if knocked and visit and visit.clinician:
        notify(
            recipient=visit.clinician,
            template="visit.waiting",
            about=visit.pk,
            url=place.room.path,
            time=f"{timezone.localtime(visit.during.lower):%H:%M}",
        )
    return place


def _refuse(standing: Standing, link: Link) -> None:
    match standing:
        case Standing.EARLY:
            time = f"{timezone.localtime(opens_at(link.visit)):%H:%M}"
            raise Conflict(_("Opens at {time}.").format(time=time), path="link")
        case Standing.ELSEWHERE:
            raise Conflict(_("This link was used on another phone or computer."), path="link")
        case Standing.REPLACED:
            raise Gone(_("This link was replaced by a newer one."), path="link")
        case Standing.OVER:
            raise Gone(_("This visit is over, or does not take place."), path="link")
