"""Who may take a shift: the role, the licence gate, and the hours they are on already."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import Conflict
from telemed.organisations.models import Organisation
from telemed.people import licences
from telemed.people.models import Role, User
from telemed.rota.coverage import Span
from telemed.rota.models import Rota, Shift


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a shift; `why_not` says what speaks against it."""

    user: User
    why_not: str
    shifts: int  # in this month already


def staff_for(organisation: Organisation, kind: str, day: date) -> QuerySet[User]:
    """Accounts of the institution that hold the role a shift needs on that day."""
    role = Role.DIRECTOR if kind == Shift.Kind.DIRECTOR else Role.SPECIALIST
    holding = User.objects.filter(
        Q(roles__ends_on=None) | Q(roles__ends_on__gte=day),
        roles__organisation=organisation,
        roles__role=role,
        roles__starts_on__lte=day,
        is_active=True,
    )
    people = User.objects.filter(pk__in=holding.values("pk")).order_by("name", "pk")
    return people.select_related("practitioner").prefetch_related("roles")


def why_not(user: User, organisation: Organisation, kind: str, specialty: str, day: date) -> str:
    """The sentence that speaks against it; empty when nothing does."""
    if not user.is_active:
        return _("The account is closed.")
    if kind == Shift.Kind.DIRECTOR:
        held = (r for r in user.roles.all() if r.organisation_id == organisation.pk)
        if any(r.role == Role.DIRECTOR and r.is_current(day) for r in held):
            return ""
        return _("{who} is no duty director at {org}.").format(who=user, org=organisation)
    doctor = getattr(user, "practitioner", None)
    return licences.why_not(doctor, specialty, organisation, day, answering=True) or ""


def candidates(rota: Rota, kind: str, specialty: str, span: Span) -> list[Candidate]:
    """The institution's people for a shift: those who can, then by how few shifts they have."""
    day = timezone.localdate(span[0])
    people = staff_for(rota.organisation, kind, day)[:200]
    busy = {shift.user_id: shift for shift in _overlapping(rota, span)}
    counts = Counter(rota.shifts.values_list("user", flat=True))
    found = []
    for user in people:
        against = why_not(user, rota.organisation, kind, specialty, day)
        if not against and user.pk in busy:
            against = clash_words(busy[user.pk])
        found.append(Candidate(user, against, counts[user.pk]))
    return sorted(found, key=lambda one: (bool(one.why_not), one.shifts))


def find_clash(rota: Rota, user: User, span: Span) -> Shift | None:
    """A shift that this person has at that time: in the draft, or in force of another month."""
    return _overlapping(rota, span).filter(user=user).first()


def _overlapping(rota: Rota, span: Span) -> QuerySet[Shift]:
    """What is in force of the same month will be replaced by the draft."""
    same_month = Q(rota__organisation=rota.organisation_id, rota__month=rota.month)
    shifts = Shift.objects.filter(
        Q(rota=rota) | (Q(in_force=True) & ~same_month), during__overlap=span
    )
    return shifts.select_related("user", "rota__organisation")


def clash_words(shift: Shift) -> str:
    """Who is where and when already."""
    sentence = _("{who} is on duty already, {time}: {what} at {org}.")
    return sentence.format(
        who=shift.user,
        time=span_words((shift.starts_at, shift.ends_at)),
        what=shift.label,
        org=shift.rota.organisation.name,
    )


def span_words(span: Span) -> str:
    """Both ends of it; the second day is left out when it is the same."""
    start, end = (timezone.localtime(moment) for moment in span)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%m-%d %H:%M}"
    return f"{start:%m-%d %H:%M} – {until}"


def require_able(user: User, rota: Rota, kind: str, specialty: str, start: datetime) -> None:
    """Refuse whom role or licence keeps from the shift, with the sentence that says why."""
    day = timezone.localdate(start)
    if against := why_not(user, rota.organisation, kind, specialty, day):
        named = against if str(user) in against else f"{user}: {against}"
        raise Conflict(named, path="user")


def require_free(user: User, rota: Rota, span: Span) -> None:
    if clash := find_clash(rota, user, span):
        raise Conflict(clash_words(clash), path="user")


@dataclass(frozen=True)
class SwapOffer:
    """A colleague who could take a shift; `returns` are shifts of theirs I could take for it."""

    user: User
    returns: list[Shift]
    alone: bool  # they are free at that time, so nothing has to come in return


def swap_offers(shift: Shift, *, limit: int = 40) -> list[SwapOffer]:
    """Colleagues of the institution who pass the gate and are free; what they have ahead."""
    span = (shift.starts_at, shift.ends_at)
    day = timezone.localdate(shift.starts_at)
    organisation = shift.rota.organisation
    people = staff_for(organisation, shift.kind, day).exclude(pk=shift.user_id)[:200]
    able = [u for u in people if not why_not(u, organisation, shift.kind, shift.specialty, day)]
    now = timezone.now()
    theirs = Shift.objects.filter(user__in=able, in_force=True, during__endswith__gt=now)
    by_user: dict[UUID, list[Shift]] = {}
    for other in theirs.select_related("rota").order_by("during")[:2_000]:
        by_user.setdefault(other.user_id, []).append(other)
    mine = Shift.objects.filter(user=shift.user, in_force=True, during__endswith__gt=now)
    busy = [(one.starts_at, one.ends_at) for one in mine.exclude(pk=shift.pk)]
    offers = []
    for user in able:
        others = by_user.get(user.pk, [])
        in_the_way = [o for o in others if _meet((o.starts_at, o.ends_at), span)]
        returns = [o for o in others if _could_return(o, shift, in_the_way, busy, now)]
        if not in_the_way or returns:
            offers.append(SwapOffer(user, returns[:6], alone=not in_the_way))
    return offers[:limit]


def _could_return(
    other: Shift, shift: Shift, in_the_way: list[Shift], busy: list[Span], now: datetime
) -> bool:
    """Of the same kind of work, ahead, and I am free then; or else it is what stands in the way."""
    same = (other.specialty, other.rota.organisation_id) == (
        shift.specialty,
        shift.rota.organisation_id,
    )
    free = not any(_meet((other.starts_at, other.ends_at), span) for span in busy)
    return same and free and other.starts_at > now and in_the_way in ([], [other])


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
