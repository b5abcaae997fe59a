"""A licence's life: entered, verified by a second person, suspended, ended."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import outbox, policies, publication
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.models import Calendar, Clock, ClockState
from telemed.people import events
from telemed.people.models import CLINICAL, Practitioner, Role, User
from telemed.staff import queries, rules
from telemed.staff.models import Entry
from telemed.staff.permissions import administers

END = "licence.end"
MORNING = time(8)
State = Practitioner.State


def enter_licence(
    *,
    actor: User,
    user_id: UUID,
    title: str,
    licence_no: str,
    specialty: str,
    practising_since: date,
    licensed_until: date,
) -> Entry:
    """The administrator writes down what the paper says; the same again renews a licence."""
    require_intention()
    user = queries.get_staff(actor, user_id, lock=True)
    _require_administrator(actor, user)
    return write_entry(
        actor=actor,
        user=user,
        title=title,
        licence_no=licence_no,
        specialty=specialty,
        practising_since=practising_since,
        licensed_until=licensed_until,
    )


def write_entry(
    *,
    actor: User,
    user: User,
    title: str,
    licence_no: str,
    specialty: str,
    practising_since: date,
    licensed_until: date,
) -> Entry:
    """The entry itself, for those who have asked whether the actor may make it."""
    require_intention()
    _require_sound(user, licence_no, practising_since, licensed_until)
    waits = Conflict(_("An entry for this person waits to be verified already."))
    with refusing(one_licence_entry_waits=waits):
        entry = Entry.objects.create(
            user=user,
            title=title,
            licence_no=licence_no.strip(),
            specialty=specialty,
            practising_since=practising_since,
            licensed_until=licensed_until,
            entered_by=actor,
        )
    audit.record(action="licence.enter", target=entry)
    return entry


def verify_licence(*, actor: User, entry_id: UUID) -> Practitioner:
    """The medical office has seen the paper: from now on the licence counts."""
    require_intention()
    entry = queries.get_entry(actor, entry_id, lock=True)
    if entry.state == Entry.State.VERIFIED and entry.verified_by_id == actor.pk:
        return Practitioner.objects.get(user=entry.user_id)  # done already
    _require_other_person(actor, entry)
    if entry.licensed_until < timezone.localdate():
        raise Conflict(_("The licence ended on {date}.").format(date=entry.licensed_until))
    taken = Conflict(_("This licence number belongs to somebody else."), path="licence_no")
    with refusing(people_practitioner_licence_no_key=taken):
        practitioner = _carry_over(entry)
    _decide(entry, Entry.State.VERIFIED, actor)
    audit.record(action="licence.verify", target=practitioner)
    watch_licence(practitioner=practitioner)
    _publish(practitioner)
    outbox.announce(events.LicenceVerified(**_ids(practitioner)))
    return practitioner


def send_back(*, actor: User, entry_id: UUID, reason: str) -> Entry:
    """Something is wrong with the entry; the administrator enters it again."""
    require_intention()
    entry = queries.get_entry(actor, entry_id, lock=True)
    _require_other_person(actor, entry)
    entry.reason = require_reason(reason)
    _decide(entry, Entry.State.REFUSED, actor)
    audit.record(action="licence.send_back", target=entry, reason=entry.reason)
    return entry


def suspend_licence(*, actor: User, user_id: UUID, reason: str) -> Practitioner:
    """Its holder may not act for now; what they hold goes back by the event."""
    require_intention()
    practitioner = _held(actor, user_id, or_auditor=True)
    if practitioner.state == State.SUSPENDED:
        return practitioner
    _require_state(practitioner, State.ACTIVE)
    _become(practitioner, State.SUSPENDED, require_reason(reason), "licence.suspend")
    outbox.announce(events.LicenceSuspended(**_ids(practitioner)))
    return practitioner


def resume_licence(*, actor: User, user_id: UUID, reason: str) -> Practitioner:
    require_intention()
    practitioner = _held(actor, user_id)
    if practitioner.state == State.ACTIVE:
        return practitioner
    _require_state(practitioner, State.SUSPENDED)
    if practitioner.licensed_until < timezone.localdate():
        raise Conflict(_("It ended meanwhile; it has to be renewed."))
    said = require_reason(reason)
    _become(practitioner, State.ACTIVE, "", "licence.resume", said)
    outbox.announce(events.LicenceResumed(**_ids(practitioner)))
    return practitioner


def revoke_licence(*, actor: User, user_id: UUID, reason: str) -> Practitioner:
    """For good; a new licence is entered and verified like a first one."""
    require_intention()
    practitioner = _held(actor, user_id)
    if practitioner.state == State.REVOKED:
        return practitioner
    _require_state(practitioner, State.ACTIVE, State.SUSPENDED, State.EXPIRED)
    _become(practitioner, State.REVOKED, require_reason(reason), "licence.revoke")
    stop_clocks(about=practitioner.pk, kind=END)
    outbox.announce(events.LicenceExpired(**_ids(practitioner)))
    return practitioner


def watch_licence(*, practitioner: Practitioner) -> None:
    """
    Warn before the end as the rule says, and end it after its last day.

    A warning whose day has passed is not given again, except the last one that is due now.
    """
    require_intention()
    stop_clocks(about=practitioner.pk, kind=END)
    now = timezone.now()
    last = practitioner.licensed_until
    warnings: tuple[int, ...] = policies.value(rules.WARNINGS)
    moments = [_at(last - timedelta(days=days), MORNING) for days in warnings]
    moments.append(_at(last + timedelta(days=1), time()))
    past = [rung for rung, moment in enumerate(moments) if moment <= now]
    for rung, moment in enumerate(moments):
        if moment > now or rung == max(past, default=-1):
            wait = max(moment - now, timedelta())
            start_clock(
                kind=END, about=practitioner.pk, allowance=wait, calendar=Calendar.WALL, rung=rung
            )


def watch_unwatched(*, limit: int = 200) -> int:
    """Licences that came by import or from before: they get their clocks, some at a time."""
    require_intention()
    watched = Clock.objects.filter(kind=END, state=ClockState.RUNNING).values("about")
    unwatched = Practitioner.objects.filter(state=State.ACTIVE).exclude(pk__in=watched)
    found = list(unwatched.order_by("pk")[:limit])
    for practitioner in found:
        watch_licence(practitioner=practitioner)
    return len(found)


def licence_clock(*, clock: Clock) -> None:
    """A warning is due, or the last day is over."""
    require_intention()
    practitioner = Practitioner.objects.select_for_update(no_key=True).get(pk=clock.about)
    if practitioner.state not in (State.ACTIVE, State.SUSPENDED):
        return
    left = (practitioner.licensed_until - timezone.localdate()).days
    if left >= 0:
        outbox.announce(events.LicenceEnding(**_ids(practitioner), days=left))
        return
    _become(practitioner, State.EXPIRED, practitioner.state_reason, "licence.expire")
    outbox.announce(events.LicenceExpired(**_ids(practitioner)))


def _require_administrator(actor: User, user: User) -> None:
    places = [r.organisation for r in queries.roles_of(user) if r.ends_on is None]
    allowed = any(administers(actor, place) for place in places)
    require(allowed, _("Only the administrator of the institution does this."))
    require(user != actor, _("Nobody decides about themselves."))


def _require_sound(user: User, licence_no: str, since: date, until: date) -> None:
    number = licence_no.strip()
    if not 6 <= len(number) <= 20 or not number.isalnum():
        raise Invalid(_("A licence number has 6 to 20 letters and digits."), path="licence_no")
    if since > timezone.localdate():
        raise Invalid(_("Practice cannot begin in the future."), path="practising_since")
    if until <= since:
        raise Invalid(_("The licence ends before practice begins."), path="licensed_until")
    if until < timezone.localdate():
        raise Invalid(_("This licence has ended already."), path="licensed_until")
    if Practitioner.objects.filter(licence_no=number).exclude(user=user).exists():
        raise Conflict(_("This licence number belongs to somebody else."), path="licence_no")
    today = timezone.localdate()
    if not any(role.role in CLINICAL and role.is_current(today) for role in user.roles.all()):
        raise Conflict(_("This person holds no doctor's role; give the role first."))


def _require_other_person(actor: User, entry: Entry) -> None:
    if entry.entered_by_id == actor.pk:
        raise Forbidden(_("Who entered it cannot verify it."))
    require(entry.user_id != actor.pk, _("Nobody decides about themselves."))
    if entry.state != Entry.State.WAITING:
        sentence = _("This entry is decided already: {state}.")
        raise Conflict(sentence.format(state=entry.get_state_display()))


def _carry_over(entry: Entry) -> Practitioner:
    facts = {
        name: getattr(entry, name)
        for name in ("title", "licence_no", "specialty", "practising_since", "licensed_until")
    }
    practitioner, _new = Practitioner.objects.update_or_create(
        user=entry.user, defaults={**facts, "state": State.ACTIVE, "state_reason": ""}
    )
    return practitioner


def _decide(entry: Entry, state: str, actor: User) -> None:
    entry.state, entry.verified_by, entry.decided_at = state, actor, timezone.now()
    entry.save(update_fields=["state", "verified_by", "decided_at", "reason"])


def _held(actor: User, user_id: UUID, *, or_auditor: bool = False) -> Practitioner:
    """The licence, locked, of somebody whom this medical office answers for."""
    practitioner = (
        Practitioner.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .filter(user=user_id)
        .first()
    )
    if practitioner is None or not _answers_for(actor, practitioner.user, or_auditor):
        raise NotFound(_("Not found, or not yours to know of."), path=f"User/{user_id}")
    require(practitioner.user_id != actor.pk, _("Nobody decides about themselves."))
    return practitioner


def _answers_for(actor: User, user: User, or_auditor: bool) -> bool:
    if or_auditor and actor.role == Role.AUDITOR:  # after misuse
        return user.roles.filter(organisation=actor.organisation_id, ends_on=None).exists()
    return queries.may_verify(actor, user)


def _require_state(practitioner: Practitioner, *states: str) -> None:
    if practitioner.state not in states:
        sentence = _("This licence is {state}; that is not possible now.")
        raise Conflict(sentence.format(state=practitioner.get_state_display()))


def _become(
    practitioner: Practitioner, state: str, reason: str, action: str, said: str = ""
) -> None:
    practitioner.state, practitioner.state_reason = state, reason
    practitioner.save(update_fields=["state", "state_reason"])
    audit.record(action=action, target=practitioner, reason=said or reason)
    _publish(practitioner)


def _publish(practitioner: Practitioner) -> None:
    publication.publish(practitioner)
    for role in practitioner.user.roles.filter(role__in=CLINICAL).select_related(
        "organisation", "user__practitioner"
    ):
        publication.publish(role)


def _ids(practitioner: Practitioner) -> dict[str, UUID]:
    return {"practitioner_id": practitioner.pk, "user_id": practitioner.user_id}


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def require_reason(text: str, shortest: int = 4) -> str:
    """A reason that says something."""
    reason = text.strip()
    if len(reason) < shortest:
        sentence = _("Give a reason of at least {n} characters.")
        raise Invalid(sentence.format(n=shortest), path="reason")
    return reason[:300]
