"""What stands in the way of a session: another of the same doctor or in the same room."""

from datetime import datetime
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scheduling.availability.models import RUNNING, Session
from telemed.core.errors import Conflict


def when(session: Session) -> str:
    """The day and the hours, as they stand on the grid."""
    begin, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{date_format(begin, 'MONTH_DAY_FORMAT')} {begin:%H:%M}–{end:%H:%M}"


def find_clash(
    *,
    organisation_id: UUID,
    clinician_id: UUID | None,
    room: str,
    starts_at: datetime,
    ends_at: datetime,
    besides: UUID | None = None,
) -> Session | None:
    """The first session of that doctor, or in that room, that overlaps; `besides` the own."""
    same = Q(pk__in=[])
    if clinician_id:
        same |= Q(clinician=clinician_id)
    if room:
        same |= Q(organisation=organisation_id, room=room)
    running = Session.objects.filter(same, state__in=RUNNING)
    running = running.exclude(pk=besides) if besides else running
    running = running.filter(during__overlap=DateTimeTZRange(starts_at, ends_at))
    return running.select_related("department", "organisation").order_by("during").first()


def clash_of(session: Session, besides: UUID | None = None) -> Session | None:
    """What overlaps a session that is not kept yet."""
    return find_clash(
        besides=besides,
        organisation_id=session.organisation_id,
        clinician_id=session.clinician_id,
        room=session.room,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )


def overlaps(what: str) -> Conflict:
    """The refusal, which names the other one."""
    return Conflict(_("Overlaps the session {when}.").format(when=what), path="starts")


def overlap_of(other: Session) -> Conflict:
    """With its day, hours and department, so that it is found on the grid."""
    return overlaps(f"{when(other)} {other.department.name}")


def someone_was_quicker() -> dict[str, Conflict]:
    """For refusing(): the database's last word, where two plan the same hour at once."""
    sentence = _("Somebody has just planned another session in these hours; look again.")
    return {
        name: Conflict(sentence, path="starts")
        for name in ("nobody_is_in_two_sessions", "no_room_has_two_sessions")
    }
