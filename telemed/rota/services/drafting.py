"""Writing the draft of a month."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User
from telemed.rota import staffing
from telemed.rota.coverage import days_of, month_before, next_month
from telemed.rota.models import LONGEST, Rota, Shift, month_of
from telemed.rota.permissions import may_keep
from telemed.rota.queries import get_rota

YEAR = timedelta(days=366)


def open_draft(*, actor: User, month: date) -> Rota:
    """The draft of a month, which begins as a copy of what is published. One for everybody."""
    require_intention()
    require(may_keep(actor), _("Coordinators and duty directors keep the rota."))
    today = timezone.localdate()
    if not month_of(timezone.now()) <= month <= today + YEAR:
        raise Invalid(_("A rota is written for this month or a later one."), path="month")
    mine = Rota.objects.filter(organisation=actor.organisation_id, month=month)
    draft, new = mine.get_or_create(
        state=Rota.State.DRAFT,
        defaults={"organisation": actor.acting_organisation, "month": month},
    )
    if new:
        published = mine.filter(state=Rota.State.PUBLISHED).first()
        Shift.objects.bulk_create(
            Shift(
                rota=draft,
                user_id=shift.user_id,
                kind=shift.kind,
                specialty=shift.specialty,
                during=shift.during,
                phone=shift.phone,
                copied_from=shift,
            )
            for shift in (published.shifts.all() if published else [])
        )
        audit.record(action="rota.draft", target=draft)
    return draft


def discard_draft(*, actor: User, rota_id: UUID) -> Rota:
    """Throw the draft away; what is published stays."""
    require_intention()
    draft = lock_draft(actor, rota_id)
    audit.record(action="rota.discard", target=draft)
    draft.shifts.all().delete()
    draft.delete()
    return draft


def add_shift(
    *,
    actor: User,
    rota_id: UUID,
    user_id: UUID,
    kind: str,
    specialty: str,
    starts_at: datetime,
    ends_at: datetime,
    phone: str = "",
) -> Shift:
    """Put somebody on duty in the draft."""
    require_intention()
    draft = lock_draft(actor, rota_id)
    person = User.objects.filter(pk=user_id).select_related("practitioner").first()
    if person is None:
        raise NotFound(_("Choose a person from the list."), path="user")
    _require_span(draft, starts_at, ends_at)
    if (kind == Shift.Kind.DIRECTOR) != (specialty == ""):
        raise Invalid(_("A call needs a specialty; a director has none."), path="specialty")
    staffing.require_able(person, draft, kind, specialty, starts_at)
    staffing.require_free(person, draft, (starts_at, ends_at))
    shift = _create(draft, person, kind, specialty, starts_at, ends_at, phone)
    audit.record(action="shift.add", target=shift)
    return shift


def remove_shift(*, actor: User, shift_id: UUID) -> Rota:
    """Take somebody off the draft again."""
    require_intention()
    shift = Shift.objects.filter(pk=shift_id).select_related("rota").first()
    if shift is None:
        raise NotFound(_("Not found, or not yours to know of."))
    draft = lock_draft(actor, shift.rota_id)
    audit.record(action="shift.remove", target=shift)
    shift.delete()
    return draft


@dataclass
class Copied:
    """What came over from the month before, and what could not."""

    shifts: int = 0
    left_out: list[str] = field(default_factory=list)


def copy_last_month(*, actor: User, rota_id: UUID) -> Copied:
    """
    Fill a draft from the published month before, weekday by weekday.

    A shift whose person left, lost the licence or is on elsewhere stays out and is named.
    """
    require_intention()
    draft = lock_draft(actor, rota_id)
    before = Rota.objects.filter(
        organisation=draft.organisation_id,
        month=month_before(draft.month),
        state=Rota.State.PUBLISHED,
    ).first()
    if before is None:
        raise Conflict(_("The month before is not published, so there is nothing to copy."))
    by_day: dict[date, list[Shift]] = {}
    people = "user__practitioner", "user"
    shifts = before.shifts.select_related(*people).prefetch_related("user__roles")
    for shift in shifts.order_by("kind", "specialty", "during"):
        by_day.setdefault(timezone.localdate(shift.starts_at), []).append(shift)
    taken = _Taken(draft)
    copied = Copied()
    for day in days_of(draft.month):
        source = _same_weekday(day, before.month)
        for shift in by_day.get(source, []):
            _copy(draft, shift, day - source, taken, copied)
    Shift.objects.bulk_create(taken.new)
    audit.record(action="rota.copy", target=draft)
    return copied


class _Taken:
    """What a draft has, and what is being added, by lane and by person."""

    def __init__(self, draft: Rota) -> None:
        self.new: list[Shift] = []
        self.lanes: dict[tuple[str, str], list[Shift]] = {}
        self.people: dict[UUID, list[Shift]] = {}
        others = Shift.objects.filter(
            in_force=True,
            during__overlap=(_start(draft.month), _start(next_month(draft.month)) + LONGEST),
        ).exclude(rota__organisation=draft.organisation_id, rota__month=draft.month)
        for shift in [*draft.shifts.all(), *others]:
            self.put(shift, shift.rota_id == draft.pk)

    def put(self, shift: Shift, in_lane: bool = True) -> None:
        self.people.setdefault(shift.user_id, []).append(shift)
        if in_lane:
            self.lanes.setdefault((shift.kind, shift.specialty), []).append(shift)

    def has_lane(self, shift: Shift) -> bool:
        return _meets(self.lanes.get((shift.kind, shift.specialty), []), shift)

    def has_person(self, shift: Shift) -> bool:
        return _meets(self.people.get(shift.user_id, []), shift)


def _copy(draft: Rota, shift: Shift, shift_by: timedelta, taken: _Taken, copied: Copied) -> None:
    span = (shift.starts_at + shift_by, shift.ends_at + shift_by)
    copy = Shift(
        rota=draft,
        user=shift.user,
        kind=shift.kind,
        specialty=shift.specialty,
        during=DateTimeTZRange(*span),
        phone=shift.phone,
    )
    if taken.has_lane(copy):
        return  # somebody is on already: what was written by hand stays
    day = timezone.localdate(span[0])
    against = staffing.why_not(shift.user, draft.organisation, shift.kind, shift.specialty, day)
    if not against and taken.has_person(copy):
        against = _("{who} is on duty elsewhere at that time.").format(who=shift.user)
    if against:
        copied.left_out.append(f"{staffing.span_words(span)} {shift.label} {shift.user}: {against}")
        return
    taken.put(copy)
    taken.new.append(copy)
    copied.shifts += 1


def _meets(others: list[Shift], shift: Shift) -> bool:
    return any(o.starts_at < shift.ends_at and shift.starts_at < o.ends_at for o in others)


def _same_weekday(day: date, month: date) -> date:
    """The day four weeks earlier, or five where that is not yet in the month before."""
    source = day - timedelta(days=28)
    return source if source < next_month(month) else day - timedelta(days=35)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def lock_draft(actor: User, rota_id: UUID) -> Rota:
    """The actor's institution's draft, locked, or the refusal."""
    draft = get_rota(actor, rota_id, lock=True)
    require(may_keep(actor), _("Coordinators and duty directors keep the rota."))
    if draft.state != Rota.State.DRAFT:
        raise Conflict(_("This version is published; change the draft of the next one."))
    return draft


def _require_span(draft: Rota, starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Invalid(_("A shift ends after it begins."), path="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Invalid(_("A shift lasts 24 hours at most."), path="ends_at")
    if month_of(starts_at) != draft.month:
        raise Invalid(_("That day is not in this month."), path="starts_at")


def _create(
    draft: Rota,
    person: User,
    kind: str,
    specialty: str,
    starts_at: datetime,
    ends_at: datetime,
    phone: str,
) -> Shift:
    sentence = _("{who} is on duty elsewhere at that time.")
    with refusing(nobody_is_twice_in_a_rota=Conflict(sentence.format(who=person), path="user")):
        return Shift.objects.create(
            rota=draft,
            user=person,
            kind=kind,
            specialty=specialty,
            during=DateTimeTZRange(starts_at, ends_at),
            phone=phone.strip(),
        )
