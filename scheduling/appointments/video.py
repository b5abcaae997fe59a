"""
Which visits may be by video (互联网诊疗管理办法): the follow-up of what a department knows, or the
own family doctor's. Who else knows a person (a closed consult, a contract) says so in ready().
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.mpi.models import Patient
from scheduling.appointments import previews
from scheduling.appointments.models import Appointment, Mode, Status
from scheduling.availability.models import Kind, Period
from scheduling.availability.rules import GROUP
from telemed.core import policies
from telemed.core.errors import Conflict
from telemed.organisations.models import Specialty

Tie = Callable[[Patient, Period, date], bool]
KNOWN_WITHIN, RING_AFTER = "video.known_within", "video.ring_after"
YOUNGEST = 6  # years; before that a paediatrician's only (互联网诊疗管理办法 art. 18)
CHILDRENS = (Specialty.PAEDIATRICS, Specialty.GENERAL)
_ties: list[Tie] = []


def define() -> None:
    """Called in ready()."""
    policies.define(
        KNOWN_WITHIN,
        label=gettext_lazy("Visits by video: seen here within"),
        kind=policies.Count(least=1, most=36),
        default=12,
        group=GROUP,
        unit=gettext_lazy("months"),
        preview=previews.seen_by_video,
        help=gettext_lazy(
            "A first visit is always in person; the own family doctor's is excepted."
        ),
    )

    policies.define(
        RING_AFTER,
        label=gettext_lazy("Visits by video: ring who has not come after"),
        kind=policies.Count(least=5, most=60),
        default=10,
        group=GROUP,
        unit=gettext_lazy("minutes"),
        preview=previews.rung_by_video,
        help=gettext_lazy("Without a call that had no answer, nobody counts as not having come."),
    )


def ring_from(appointment: Appointment) -> datetime:
    """From then on whoever has not come is rung, before that counts as not coming."""
    minutes = policies.value(RING_AFTER, appointment.organisation_id)
    begins: datetime = appointment.during.lower
    return begins + timedelta(minutes=minutes)


def register(tie: Tie) -> None:
    """Called in ready(): whether that doctor or department knows the person, since that day."""
    _ties.append(tie)


def is_video(period: Period) -> bool:
    return period.session.kind == Kind.VIDEO


def mode_of(period: Period) -> Mode:
    """The session says how its visits are."""
    return Mode.VIDEO if is_video(period) else Mode.IN_PERSON


def why_not(patient: Patient, period: Period) -> str:
    """Why this person can't have that visit by video; "" where it may be."""
    if _is_small(patient, period) and period.department.specialty not in CHILDRENS:
        return _("A child under 6 is seen by video by a paediatrician or family doctor only.")
    months = policies.value(KNOWN_WITHIN, period.organisation_id)
    since = months_before(timezone.localdate(), months)
    if _was_seen(patient, period, since) or any(tie(patient, period, since) for tie in _ties):
        return ""
    sentence = _(
        "A first visit is in person. By video: who was seen in {place} within {n} months, or by"
        " the own family doctor."
    )
    return sentence.format(place=period.department.name, n=months)


def require_known(patient: Patient, period: Period) -> None:
    """Raises a Conflict that says why; a visit in person is never refused here."""
    if is_video(period) and (reason := why_not(patient, period)):
        raise Conflict(reason, path="period")


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the 28th."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, min(day.day, 28))


def _is_small(patient: Patient, period: Period) -> bool:
    born, day = patient.birth_date, timezone.localdate(period.starts_at)
    if born is None:
        return False
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < YOUNGEST


def _was_seen(patient: Patient, period: Period, since: date) -> bool:
    """In person: one video visit does not vouch for the next."""
    seen = Appointment.objects.filter(
        person_key=patient.merged_into_id or patient.pk,
        department=period.department_id,
        status=Status.FULFILLED,
        mode=Mode.IN_PERSON,
        day__gte=since,
    )
    return seen.exists()
