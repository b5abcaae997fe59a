"""Reads of break-glass: one's own sessions, what is to be reviewed, and whether the right holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.consent.models import Basis, BreakGlass, BreakGlassReview, CareAccess
from records.mpi.models import Patient
from telemed.audit import queries as trace
from telemed.audit.models import AuditRow
from telemed.core.errors import Malformed, NotFound
from telemed.organisations.models import Organisation
from telemed.organisations.queries.distances import distance, locate
from telemed.oversight.queries.people import asked_by, county_of, people_at
from telemed.people.models import Practitioner, PractitionerRole, Role, User

Status = BreakGlass.Status
REVIEWERS = frozenset({Role.AUDITOR, Role.MEDICAL_OFFICE})
A_DAY = 3  # without an auditor: those that were found proper do not count
LOOK = timedelta(minutes=30)  # for which somebody who was looked up by number may be opened
PAGE, WAITING = 30, 200
SHOWN = 10  # of one person, for the resident
RELATIONS = {
    Basis.TREATING: gettext_lazy("treated there"),
    Basis.CASE: gettext_lazy("a consult with them"),
    Basis.BOOKED: gettext_lazy("a visit booked there"),
    Basis.SIGNED: gettext_lazy("signed with a family-doctor team there"),
    Basis.REFERRED: gettext_lazy("referred there"),
}
OPENED = 100  # lines of what was opened, for the reviewer


def find_open(actor: User, patient: Patient) -> BreakGlass | None:
    """The session under which this actor, for this institution, sees the person now."""
    mine = BreakGlass.objects.filter(
        Q(patient=patient) | Q(patient__merged_into=patient),
        actor=actor,
        organisation=actor.organisation_id,
        status=Status.ACTIVE,
    )
    return mine.filter(until__gt=timezone.now()).first()


def sessions_of(actor: User) -> list[BreakGlass]:
    """One's own of today and what still waits for its review, the newest first."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    waiting = Q(status__in=[Status.ACTIVE, Status.ENDED])
    mine = BreakGlass.objects.filter(Q(opened_at__gte=midnight) | waiting, actor=actor)
    return list(mine.select_related("patient").order_by("-opened_at")[:PAGE])


def opened_today(actor: User) -> int:
    """Those of this day that no reviewer has found proper."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = BreakGlass.objects.filter(actor=actor, opened_at__gte=midnight)
    return mine.exclude(status=Status.JUSTIFIED).count()


def why_suspended(actor: User) -> str:
    """Whether the right is suspended: asked of the facts, so that no job has to come first."""
    mine = BreakGlass.objects.filter(actor=actor)
    if mine.filter(status=Status.MISUSE).exists():
        return _("Your emergency access is suspended: one was found to be misuse.")
    late = timezone.now() - BreakGlass.REVIEWED_WITHIN
    if mine.filter(status__in=[Status.ACTIVE, Status.ENDED], opened_at__lte=late).exists():
        return _("Your emergency access is suspended pending review.")
    return ""


def looked_up(actor: User, patient_id: UUID) -> Patient:
    """Whom the actor looked up by a whole number just now. Nobody else is there."""
    since = timezone.now() - LOOK
    patient = Patient.objects.filter(pk=patient_id, merged_into=None).first()
    if patient is None or not trace.has_done(actor, "person.look", str(patient_id), since):
        raise NotFound(_("Not found, or not yours to know of."), path=f"Patient/{patient_id}")
    return patient


def licence_of(actor: User) -> Practitioner | None:
    rows = Practitioner.objects.filter(user=actor)
    return rows.select_related("user").prefetch_related("user__roles").first()


def who_reviews(organisation: Organisation) -> Organisation:
    """
    The institution itself where it has an auditor or a medical office; else the nearest hospital
    that it may ask and that has one.
    """
    if people_at([organisation.pk], REVIEWERS):
        return organisation
    asked = [agreement.asked for agreement in asked_by(organisation).select_related("asked")]
    home = organisation.division_id
    located = locate([home, *(one.division_id for one in asked)])

    def way(hospital: Organisation) -> tuple[float, int]:
        away = distance(located, home, hospital.division_id)
        return inf if away is None else away, hospital.number

    for hospital in sorted(asked, key=way):
        if people_at([hospital.pk], REVIEWERS):
            return hospital
    return organisation


def reviewers_of(glass: BreakGlass) -> list[User]:
    """The auditors of the institution that reviews; where it has none, its medical office."""
    auditors = people_at([glass.reviewing_id], {Role.AUDITOR})
    return auditors or people_at([glass.reviewing_id], {Role.MEDICAL_OFFICE})


def told_when_overdue(glass: BreakGlass) -> list[User]:
    """The auditors, the medical office and the head over them, and the county."""
    here = people_at([glass.reviewing_id], {*REVIEWERS, Role.HEAD})
    _county, people = county_of(glass.reviewing)
    return list({one.pk: one for one in [*here, *people]}.values())


def count_overdue(organisation_id: UUID) -> int:
    late = timezone.now() - BreakGlass.REVIEWED_WITHIN
    return _unreviewed(organisation_id).filter(opened_at__lte=late).count()


def to_review(actor: User) -> list[BreakGlass]:
    """What waits for the actor's institution, the oldest first: it has the least time left."""
    rows = _unreviewed(actor.organisation_id).select_related("actor", "organisation", "department")
    return list(rows.order_by("opened_at", "pk")[:WAITING])


def count_to_review(actor: User) -> int:
    return _unreviewed(actor.organisation_id).count()


def reviewed(actor: User, before: str = "") -> tuple[list[BreakGlass], str]:
    """A page of what was decided, the newest first, and the cursor of the next page."""
    rows = BreakGlass.objects.filter(
        reviewing=actor.organisation_id, status__in=[Status.JUSTIFIED, Status.MISUSE]
    ).select_related("actor", "organisation", "department")
    if before:
        rows = rows.filter(pk__lt=_uuid(before))
    page = list(rows.order_by("-id")[: PAGE + 1])
    return page[:PAGE], str(page[PAGE - 1].pk) if len(page) > PAGE else ""


def get_to_review(actor: User, break_glass_id: UUID, *, lock: bool = False) -> BreakGlass:
    """One that the actor's institution reviews, or has reviewed."""
    rows = BreakGlass.objects.select_related(
        "actor__acting_as", "patient", "organisation", "department", "reviewing"
    )
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    mine = rows.filter(pk=break_glass_id, reviewing=actor.organisation_id)
    glass = mine.first() if actor.role in REVIEWERS else None
    if glass is None:
        path = f"BreakGlass/{break_glass_id}"
        raise NotFound(_("Not found, or not yours to know of."), path=path)
    return glass


def reviews_of(glass: BreakGlass) -> list[BreakGlassReview]:
    """The first finding, and the second where somebody found otherwise."""
    return list(glass.reviews.select_related("reviewer").order_by("turn"))


def is_near(reviewer: User, glass: BreakGlass) -> bool:
    """Whether it is one's own, or of a department in which one works."""
    if reviewer.pk == glass.actor_id:
        return True
    if glass.department_id is None:
        return False
    mine = PractitionerRole.objects.filter(user=reviewer, department=glass.department_id)
    return mine.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())).exists()


def opened_under(glass: BreakGlass) -> list[AuditRow]:
    """What the doctor did under it, in order; never what stood there."""
    until = glass.ended_at or glass.until
    rows = trace.rows_about(str(glass.patient_id), since=glass.opened_at)
    mine = trace.by_actors(rows, [glass.actor_id]).filter(at__lte=until, reason=trace.EMERGENCY)
    return list(mine.order_by("at", "id")[:OPENED])


def relation_since(glass: BreakGlass) -> str:
    """Which relation of care the institution has by now, in words; empty: none."""
    rows = CareAccess.objects.in_force().filter(
        org=glass.organisation.number, patient=glass.patient.rid
    )
    basis = rows.exclude(basis=Basis.BREAK_GLASS).values_list("basis", flat=True).first()
    return str(RELATIONS[Basis(basis)]) if basis else ""


@dataclass(frozen=True)
class Emergency:
    """One emergency access as the resident reads it."""

    glass: BreakGlass
    views: int


def emergencies_of(patient: Patient) -> list[Emergency]:
    """The newest of one person; how often each looked."""
    rows = BreakGlass.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient))
    found = list(rows.select_related("actor", "organisation").order_by("-opened_at")[:SHOWN])
    if not found:
        return []
    since = min(glass.opened_at for glass in found)
    seen = _views(trace.rows_about(str(patient.pk), since=since), found)
    return [Emergency(glass, seen.get(str(glass.pk), 0)) for glass in found]


def _views(rows: QuerySet[AuditRow], found: list[BreakGlass]) -> dict[str, int]:
    """One query for all of them: each counts the rows of its actor within its time."""
    counts = {
        f"n{n}": Count(
            "id",
            filter=Q(
                actor_id=glass.actor.actor_id,
                at__gte=glass.opened_at,
                at__lte=glass.ended_at or glass.until,
            ),
        )
        for n, glass in enumerate(found)
    }
    read = rows.filter(reason=trace.EMERGENCY).exclude(action__startswith="breakglass.")
    said = read.aggregate(**counts)
    return {str(glass.pk): said[f"n{n}"] for n, glass in enumerate(found)}


def _unreviewed(organisation_id: UUID | None) -> QuerySet[BreakGlass]:
    waiting = [Status.ACTIVE, Status.ENDED]
    return BreakGlass.objects.filter(reviewing=organisation_id, status__in=waiting)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Malformed(_("There is no such page."), path="before") from None


def deadline_words(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"
