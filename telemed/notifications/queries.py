"""Reads that need a name: the inbox, and what the services of delivery look up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import Malformed, NotFound
from telemed.notifications import replies
from telemed.notifications.models import (
    Channel,
    Code,
    Delivery,
    Notification,
    Preference,
    State,
)
from telemed.notifications.permissions import CALLERS, may_phone
from telemed.notifications.persons import Person, find_people
from telemed.organisations.models import Organisation
from telemed.people.models import Role, User

SHOWS = {"": Q(), "unread": Q(read_at=None), "urgent": Q(urgent=True)}
TOGETHER = 20  # messages of one subject on the page
SILENT = timedelta(hours=24)
VERIFIABLE = (Channel.SMS, Channel.EMAIL)


@dataclass(frozen=True)
class Subject:
    """All that somebody was told about one thing; the newest first."""

    notes: list[Notification]

    @property
    def newest(self) -> Notification:
        return self.notes[0]

    @property
    def older(self) -> list[Notification]:
        return self.notes[1:]

    @property
    def unread(self) -> int:
        return sum(note.read_at is None for note in self.notes)

    @property
    def grade(self) -> str:
        """How much it presses, as long as somebody has not read it."""
        waiting = [note for note in self.notes if note.read_at is None]
        if any(note.urgent and note.pressing for note in waiting):
            return "emergency"
        return "urgent" if any(note.urgent for note in waiting) else "info"


@dataclass(frozen=True, kw_only=True)
class PhoneItem:
    """One call to make or made, with whom to ask for."""

    delivery: Delivery
    who: User | Person


def inbox(actor: User, *, show: str = "", page: str = "", limit: int = 20) -> list[Subject]:
    """By subject: those with something unread first, then the newest. One more than the limit."""
    if show not in SHOWS:
        raise Malformed(_("There is no such filter."), path="show")
    mine = Notification.objects.filter(SHOWS[show], recipient=actor)
    unread = Count("pk", filter=Q(read_at=None))
    subjects = (
        mine.values("about")
        .annotate(last=Max("created_at"), unread=unread)
        .annotate(waits=ExpressionWrapper(Q(unread__gt=0), output_field=BooleanField()))
        .order_by("-waits", "-last")
    )
    start = _page(page) * limit
    order = [row["about"] for row in subjects[start : start + limit + 1]]
    grouped: dict[UUID, list[Notification]] = {about: [] for about in order}
    for note in mine.filter(about__in=order).order_by("-id"):
        if len(grouped[note.about]) < TOGETHER:
            grouped[note.about].append(note)
    return [Subject(notes) for notes in grouped.values() if notes]


def _page(page: str) -> int:
    if not page:
        return 0
    if not (page.isascii() and page.isdigit() and len(page) < 4):
        raise Malformed(_("There is no such page."), path="page")
    return int(page)


def get_notification(actor: User, pk: UUID) -> Notification:
    """One of the actor's own messages."""
    found = Notification.objects.filter(recipient=actor, pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such message in your inbox."))
    return found


def lock_notification(pk: UUID) -> Notification:
    """For the clocks: against a reading at the same moment."""
    rows = Notification.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("recipient").get(pk=pk)


def preference_of(user: User | None) -> Preference:
    """How this person wants to be reached; the defaults where they said nothing."""
    if user is None:
        return Preference()
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def due_deliveries(limit: int = 100) -> list[UUID]:
    """What is to be sent now, and what a worker claimed and did not finish."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - Delivery.LEASE)
    due = Delivery.objects.filter(free, state=State.QUEUED, due_at__lte=now)
    return list(due.order_by("due_at").values_list("pk", flat=True)[:limit])


def silent_deliveries(limit: int = 200) -> list[UUID]:
    """SMS that were sent a day ago and of which no receipt came."""
    silent = Delivery.objects.filter(
        channel=Channel.SMS,
        state=State.SENT,
        sent_at__lt=timezone.now() - SILENT,
        notification__read_at=None,
    )
    return list(silent.order_by("pk").values_list("pk", flat=True)[:limit])


def callers_of(notification: Notification) -> list[UUID]:
    """Who may phone its reader: the desk that sent it, and the coordinators where they work."""
    where = Q(acting_as__organisation=notification.sender_id, acting_as__role__in=CALLERS)
    recipient = notification.recipient
    if recipient is not None and recipient.acting_as_id:
        here = Organisation.objects.filter(roles=recipient.acting_as_id)
        desk = [Role.COORDINATOR, Role.DIRECTOR]
        where |= Q(acting_as__organisation__in=here, acting_as__role__in=desk)
    callers = User.objects.filter(where, is_active=True)
    if recipient is not None:
        callers = callers.exclude(pk=recipient.pk)
    return list(callers.values_list("pk", flat=True))


def has_callers(organisation_id: UUID) -> bool:
    """Whether somebody there keeps a phone list."""
    there = User.objects.filter(acting_as__organisation=organisation_id, is_active=True)
    return there.filter(acting_as__role__in=CALLERS).exists()


def phone_list(actor: User, *, limit: int = 100) -> list[PhoneItem]:
    """Whom this desk has to phone: what is pressing first, then who waits longest."""
    if not may_phone(actor):
        raise NotFound(_("There is no phone list for your role."))
    rows = _phone_items(actor).filter(state=State.ON_PHONE_LIST)
    return _named(rows.order_by("-notification__pressing", "created_at")[:limit])


def phoned_lately(actor: User, *, limit: int = 10) -> list[PhoneItem]:
    """What this desk finished in the last half day."""
    ended = Q(state__in=[State.CALLED, State.UNREACHABLE])
    since = timezone.now() - timedelta(hours=12)
    rows = _phone_items(actor).filter(ended, ended_at__gt=since)
    return _named(rows.order_by("-ended_at")[:limit])


def _named(rows: Iterable[Delivery]) -> list[PhoneItem]:
    """With whom to ask for; without those who have died."""
    items = list(rows)
    people = find_people(
        {one.notification.person_id for one in items if one.notification.person_id}
    )
    named = []
    for one in items:
        note = one.notification
        who = note.recipient or (people.get(note.person_id) if note.person_id else None)
        if who is not None:
            named.append(PhoneItem(delivery=one, who=who))
    return named


def _phone_items(actor: User) -> Any:
    here = Q(notification__sender=actor.organisation_id)
    if actor.role == Role.DESK:  # residents only: of a case no word reaches the desk
        here &= Q(notification__recipient__acting_as=None)
    elif actor.role != Role.TOWNSHIP_DOCTOR:
        here |= Q(notification__recipient__acting_as__organisation=actor.organisation_id)
    return (
        Delivery.objects.filter(here, channel=Channel.PHONE)
        .exclude(notification__recipient=actor)
        .select_related("notification__recipient__acting_as__organisation")
        .annotate(tries=Count("calls", filter=Q(calls__created_at__gte=F("due_at"))))
    )


def get_phone_item(actor: User, delivery_id: UUID, *, lock: bool = False) -> Delivery:
    """One call that this desk may make."""
    found = None
    if may_phone(actor) and _phone_items(actor).filter(pk=delivery_id).exists():
        rows = Delivery.objects.select_related("notification__recipient")
        if lock:
            rows = rows.select_for_update(of=("self",), no_key=True)
        found = rows.filter(pk=delivery_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Delivery/{delivery_id}")
    return found


def find_code(actor: User, channel: str, *, lock: bool = False) -> Code | None:
    """The code that may still be typed in."""
    rows = Code.objects.select_for_update(no_key=True) if lock else Code.objects.all()
    return rows.filter(user=actor, channel=channel, used_at=None).first()


def digits_of(phone: str) -> str:
    """A number as it is kept, of one as a gateway writes it."""
    return phone.strip().removeprefix("+").removeprefix("86")


def owners_of_number(phone: str) -> list[User]:
    """Whose number that is, if they proved it; a family may share one."""
    digits = digits_of(phone)
    owners = User.objects.filter(phone=digits, phone_verified=True, is_active=True)
    return list(owners.order_by("pk")) if digits else []


def told_of(about: Iterable[UUID], template: str, *, turn: int) -> set[tuple[UUID, str]]:
    """Of these, what somebody was told of in that turn, each with where it led them."""
    rows = Notification.objects.filter(about__in=about, template=template, turn=turn)
    return set(rows.values_list("about", "url"))


def find_asked(
    users: list[User], person_ids: Iterable[UUID], since: datetime
) -> list[Notification]:
    """
    The newest question that went out by SMS to each of these accounts, and to each of these people
    by number where it is still open; the newest first.
    """
    told = Q(recipient__in=users) | Q(person_id__in=list(person_ids), read_at=None)
    asked = Notification.objects.select_related("recipient").filter(
        told,
        template__in=replies.questions(),
        deliveries__channel=Channel.SMS,
        deliveries__sent_at__gt=since,
    )
    newest: dict[UUID | None, Notification] = {}
    for one in asked.order_by("-deliveries__sent_at"):
        newest.setdefault(one.recipient_id or one.person_id, one)
    return list(newest.values())
