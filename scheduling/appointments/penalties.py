"""What stands against a person at a hospital, and what it means for booking there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from records.mpi.models import Patient
from scheduling.appointments import penalty_previews as previews
from scheduling.appointments.models import Appeal, Appointment, Block, Status, Strike
from scheduling.availability.models import Pool
from telemed.core import moments, policies
from telemed.core.errors import Conflict
from telemed.core.models import Calendar, Clock
from telemed.core.statements import look
from telemed.organisations.models import Organisation
from telemed.people.models import Role, User
from telemed.web.needs import Need

GROUP = gettext_lazy("Missed visits")
MISSED, LATE, LIMIT, WINDOW, BLOCK = (
    *("penalty.missed", "penalty.late", "penalty.limit"),
    *("penalty.window", "penalty.block"),
)
CANCELLATIONS, CANCEL_WINDOW, CANCEL_BLOCK = (
    *("penalty.cancellations", "penalty.cancel_window", "penalty.cancel_block"),
)
# The desk, the family doctor, referrals and emergencies are open to everybody always.
CLOSED = {
    Block.Kind.POINTS: {Pool.PUBLIC, Pool.PHONE},
    Block.Kind.CANCELLATIONS: {Pool.PUBLIC},
}
DECIDERS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
APPEAL = "penalty.appeal"  # its clock
OVER, WARN = 0, 1  # rungs: the time is over; a quarter of it is left
APPEAL_WITHIN, DECIDE = "penalty.appeal_within", "penalty.decide"
COUNTS_AT = "penalty.counts_at"
HOUR = timedelta(hours=1)
PAGE = 50


def define() -> None:
    """Called in ready()."""
    days = pgettext_lazy("unit", "d")
    points, blocked = Block.Kind.POINTS, Block.Kind.CANCELLATIONS
    for name, label, kind, default, unit, preview in (
        (
            *(MISSED, gettext_lazy("Points for a missed visit"), policies.Count(most=10), 2, ""),
            previews.keep_their_points,
        ),
        (
            *(LATE, gettext_lazy("Points for cancelling late"), policies.Count(most=10), 1, ""),
            previews.keep_their_points,
        ),
        (
            *(LIMIT, gettext_lazy("Points that limit booking"), policies.Count(least=1), 6, ""),
            previews.at_the_limit(WINDOW),
        ),
        (
            *(WINDOW, gettext_lazy("Points count for"), policies.Count(least=30, most=365)),
            *(180, days, previews.counted_for(WINDOW)),
        ),
        (
            *(BLOCK, gettext_lazy("Booking is limited for"), policies.Count(most=180), 90, days),
            previews.keep_their_end(points),
        ),
        (
            *(CANCELLATIONS, gettext_lazy("Cancellations that limit booking")),
            *(policies.Count(least=3), 10, "", previews.cancelled_often(CANCEL_WINDOW)),
        ),
        (
            *(CANCEL_WINDOW, gettext_lazy("Cancellations are counted for")),
            policies.Count(least=7, most=90),
            *(30, days, previews.cancelled_lately(CANCELLATIONS)),
        ),
        (
            *(CANCEL_BLOCK, gettext_lazy("After them booking is limited for")),
            *(policies.Count(most=90), 30, days, previews.keep_their_end(blocked)),
        ),
        (
            *(APPEAL_WITHIN, gettext_lazy("An appeal is possible for")),
            policies.Count(least=7, most=365),
            *(30, days, previews.may_appeal(APPEAL_WITHIN)),
        ),
    ):
        policies.define(
            name,
            label=label,
            kind=kind,
            default=default,
            group=GROUP,
            unit=unit,
            preview=preview,
        )
    policies.define(
        COUNTS_AT,
        label=gettext_lazy("Hour of the next day at which a missed visit counts"),
        kind=policies.Count(most=23),
        default=8,
        group=GROUP,
        preview=previews.not_counted_yet,
        help=gettext_lazy("Until then the desk corrects it without a trace."),
    )
    policies.define(
        DECIDE,
        label=gettext_lazy("Decision about an appeal"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=8 * HOUR, most=160 * HOUR),
        default=40 * HOUR,
        group=GROUP,
        preview=previews.undecided,
        help=gettext_lazy("Three quarters of it is the reminder; then the county hears of it."),
    )


def appeals_end_after(strike: Strike) -> int:
    """For how many days somebody may appeal, by the rule of the day on which it was noted."""
    days: int = policies.value(APPEAL_WITHIN, strike.organisation_id, strike.created_at)
    return days


@dataclass(frozen=True)
class Standing:
    """How many points count now, from how many on booking is limited, and for how many days."""

    points: int
    limit: int
    days: int
    adds: int  # what cancelling now would add

    @property
    def after(self) -> int:
        return self.points + self.adds

    @property
    def would_block(self) -> bool:
        return self.points < self.limit <= self.after


def standing_of(person_key: UUID, organisation_id: UUID) -> Standing:
    return Standing(
        points=points_of(person_key, organisation_id),
        limit=policies.value(LIMIT, organisation_id),
        days=policies.value(BLOCK, organisation_id),
        adds=policies.value(LATE, organisation_id),
    )


def points_of(person_key: UUID, organisation_id: UUID) -> int:
    since = timezone.localdate() - timedelta(days=policies.value(WINDOW, organisation_id))
    counted = Strike.objects.filter(
        person_key=person_key,
        organisation=organisation_id,
        state=Strike.State.COUNTED,
        day__gte=since,
    )
    return counted.aggregate(total=Sum("points"))["total"] or 0


def cancellations_of(person_key: UUID, organisation_id: UUID) -> int:
    """
    By the person or for them, of late; what the clinic cancelled is not counted, and a trip is
    counted once.
    """
    since = moments.now() - timedelta(days=policies.value(CANCEL_WINDOW, organisation_id))
    gone = Appointment.objects.filter(
        person_key=person_key,
        organisation=organisation_id,
        status=Status.CANCELLED,
        ended_because="",
        ticket__isnull=False,
        ended_at__gte=since,
    )
    return gone.values(one=Coalesce("trip", "pk")).distinct().count()


# Asked by every booking, so prepared.
BLOCKS = f"""
    SELECT kind, ends_at FROM appointments_block
    WHERE person_key = $1 AND organisation_id = $2 AND state = '{Block.State.ACTIVE}'
      AND ends_at > $3
    ORDER BY ends_at DESC
"""  # noqa: S608  the name of a state


def blocks_in_force(person_key: UUID, organisation_id: UUID) -> list[tuple[Block.Kind, datetime]]:
    """What is closed to somebody there now, and until when; the longest first."""
    rows = look(BLOCKS, person_key, organisation_id, moments.now())
    return [(Block.Kind(kind), ends_at) for kind, ends_at in rows]


def blocked_among(person_keys: Collection[UUID], organisation_id: UUID) -> set[UUID]:
    """Whose booking is limited there now: most of a list are not, and open_to() need not ask."""
    blocks = Block.objects.filter(
        person_key__in=person_keys,
        organisation=organisation_id,
        state=Block.State.ACTIVE,
        ends_at__gt=moments.now(),
    )
    return set(blocks.values_list("person_key", flat=True))


def open_to(patient: Patient, organisation_id: UUID, pools: Sequence[str]) -> Sequence[str]:
    """
    Of these pools those from which the person may book there now. Raises Conflict when a block
    leaves none.
    """
    blocks = blocks_in_force(patient.pk, organisation_id)
    if not blocks:
        return pools
    closed = {pool for kind, _until in blocks for pool in CLOSED[kind]}
    left = [pool for pool in pools if pool not in closed]
    if left:
        return left
    sentence = _(
        "Online booking is limited until {date}; appeal, use the desk or your family doctor."
    )
    until = date_format(timezone.localdate(blocks[0][1]), "MONTH_DAY_FORMAT")
    raise Conflict(sentence.format(date=until), path="period")


def is_counted(appointment: Appointment) -> bool:
    """Whether this is what counts, or will."""
    return Strike.objects.filter(appointment=appointment, state__in=Strike.STANDING).exists()


def strikes_of(patient: Patient) -> list[Strike]:
    """What was noted of a person, newest first, with what was said against it."""
    rows = Strike.objects.filter(person_key=patient.pk)
    related = rows.select_related("appointment__department", "organisation", "appeal")
    return list(related.order_by("-day", "-pk")[:PAGE])


def blocks_of(patient: Patient) -> list[Block]:
    """Those that hold now, or would without an appeal."""
    rows = Block.objects.filter(
        person_key=patient.pk, state__in=Block.STANDING, ends_at__gt=moments.now()
    )
    return list(rows.select_related("organisation").order_by("-ends_at"))


def may_decide(actor: User) -> bool:
    return actor.role in DECIDERS and actor.organisation_id is not None


def appeals_before(actor: User) -> QuerySet[Appeal]:
    """Those that this administrator or coordinator may see: of the own hospital."""
    rows = Appeal.objects.filter(strike__organisation=actor.organisation_id)
    return rows.select_related(
        "strike__appointment__department", "strike__patient", "strike__marked_by", "filed_by"
    )


def appeals_of_county(actor: User) -> QuerySet[Appeal]:
    """Undecided ones of the hospitals of a county, for its health authority's coordinator."""
    authority = actor.acting_organisation
    rows = Appeal.objects.filter(state=Appeal.State.FILED)
    if actor.role != Role.COORDINATOR or authority.kind != Organisation.Kind.AUTHORITY:
        return rows.none()
    there = rows.filter(strike__organisation__division__code__startswith=authority.division_id)
    return there.select_related("strike__organisation")


def past_its_time() -> Exists:
    """Of an appeal: it should have been decided by now."""
    over = Clock.objects.filter(about=OuterRef("pk"), kind=APPEAL, rung=OVER)
    return Exists(over.filter(due_at__lte=moments.now()))


def appeals_waiting(actor: User) -> Need | None:
    """On the first page of whoever decides them; red where the time of one is over."""
    if not may_decide(actor):
        return None
    waiting = appeals_before(actor).filter(state=Appeal.State.FILED)
    n = waiting.count()
    if not n:
        return None
    past = waiting.filter(past_its_time()).count()
    text = ngettext("{n} appeal waits", "{n} appeals wait", n).format(n=n)
    if past:
        late = ngettext("{n} past its time", "{n} past their time", past).format(n=past)
        text = _("{what}: {late}").format(what=text, late=late)
    return Need(text, reverse("booking:appeals"), "shield", late=bool(past))


@dataclass(frozen=True)
class Waived:
    """One entry of a preview. Whoever is not of that hospital sees no whole name."""

    day: date
    organisation: str
    department: str
    who: str
    kind: str


@dataclass(frozen=True)
class Waiver:
    """What a waiver would take back: how many entries of how many people, and the first of them."""

    entries: int
    people: int
    hospitals: int
    shown: list[Waived]


def is_of_county(actor: User) -> bool:
    """Acts for the health authority of a county or prefecture, whose hospitals it waives for."""
    own = actor.organisation
    return own is not None and own.kind == Organisation.Kind.AUTHORITY


def to_waive(actor: User, first: date, last: date) -> QuerySet[Strike]:
    """
    What is noted or counted of these days at the own hospital, or at those of the county that the
    own authority looks after, and was not taken back yet.
    """
    standing = Strike.objects.filter(day__range=(first, last), state__in=Strike.STANDING)
    if is_of_county(actor):
        code = actor.acting_organisation.division_id
        return standing.filter(organisation__division__code__startswith=code)
    return standing.filter(organisation=actor.organisation_id)


def waiver_of(actor: User, first: date, last: date) -> Waiver:
    """Before it is done: how many, and who."""
    rows = to_waive(actor, first, last)
    counted = rows.aggregate(
        entries=Count("pk"),
        people=Count("person_key", distinct=True),
        hospitals=Count("organisation", distinct=True),
    )
    related = rows.select_related("patient", "organisation", "appointment__department")
    whole = not is_of_county(actor)
    shown = [
        Waived(
            day=one.day,
            organisation=one.organisation.name,
            department=one.appointment.department.name,
            who=one.patient.name if whole else masked(one.patient.name),
            kind=str(one.get_kind_display()),
        )
        for one in related.order_by("organisation__name", "day", "pk")[:PAGE]
    ]
    return Waiver(**counted, shown=shown)


def masked(name: str) -> str:
    """The family name alone."""
    return f"{name[:1]}{'*' * max(len(name) - 1, 1)}"
