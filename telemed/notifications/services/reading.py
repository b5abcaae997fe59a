"""Knowing ends all other ways of telling."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Gone, NotFound
from telemed.core.intentions import require_intention
from telemed.notifications.models import Channel, Delivery, Notification, State
from telemed.notifications.queries import callers_of
from telemed.notifications.services.telling import list_again, ring_inbox, to_phone_list
from telemed.people.models import User

UNDO = timedelta(minutes=10)
LINK_LIFE = timedelta(hours=24)


def mark_read(*, actor: User, about: UUID | None = None, pk: UUID | None = None) -> datetime | None:
    """
    Opening the subject settles its messages; what else was on its way about them stops.

    Answers the moment, by which it can be taken back; None when nothing waited.
    """
    require_intention()
    mine = Notification.objects.waiting().filter(recipient=actor)
    if about:
        mine = mine.filter(about=about)
    if pk:
        mine = mine.filter(pk=pk)
    read = list(mine.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    if not read:
        return None
    now = timezone.now()
    Notification.objects.filter(pk__in=read).update(read_at=now)
    deliveries = Delivery.objects.filter(notification__in=read)
    _stop_pending(deliveries, now)
    seen = deliveries.filter(channel=Channel.IN_APP, state=State.SENT)
    seen.update(state=State.READ, read_at=now)
    stop_clocks(about=read)
    ring_inbox(actor.pk)
    return now


def mark_answered(question: Notification) -> None:
    """By SMS: whoever answers has read it, with an account or without."""
    require_intention()
    if question.recipient:
        mark_read(actor=question.recipient, pk=question.pk)
        return
    now = timezone.now()
    Notification.objects.filter(pk=question.pk, read_at=None).update(read_at=now)
    _stop_pending(Delivery.objects.filter(notification=question), now)
    stop_clocks(about=question.pk)


def keep_open(question: Notification) -> Delivery:
    """
    Answered from a number, with what an SMS cannot settle: another answer still counts, and
    somebody phones, also where the answer or an earlier call took them off the list.
    """
    require_intention()
    Notification.objects.filter(pk=question.pk).update(read_at=None)
    to_phone_list(question)
    calls = Delivery.objects.select_for_update(no_key=True)
    call = calls.get(notification=question, channel=Channel.PHONE)
    list_again(call)
    return call


def mark_unread(*, actor: User, read_at: datetime) -> int:
    """Take back what was marked as read at that moment. Nobody is told again by other ways."""
    require_intention()
    now = timezone.now()
    if read_at < now - UNDO:
        raise Conflict(_("That was too long ago to take back."), path="read_at")
    mine = Notification.objects.filter(recipient=actor, read_at=read_at)
    again = list(mine.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Notification.objects.filter(pk__in=again).update(read_at=None)
    shown = Delivery.objects.filter(notification__in=again, channel=Channel.IN_APP)
    shown.filter(state=State.READ).update(state=State.SENT, read_at=None)
    if again:
        ring_inbox(actor.pk)
    return len(again)


def settle(*, about: UUID, recipient: User | None = None, template: str = "") -> int:
    """
    Nobody has to act on it any more: what was urgent about it is not sent and nobody is phoned.

    What residents are told goes out nevertheless: it says what happened.
    """
    require_intention()
    told = Notification.objects.filter(about=about, urgent=True)
    if recipient:
        told = told.filter(recipient=recipient)
    if template:
        told = told.filter(template=template)
    pending = told.filter(deliveries__state__in=Delivery.PENDING) | told.waiting()
    over = list(pending.distinct().values_list("pk", flat=True))
    if over:
        _stop_pending(Delivery.objects.filter(notification__in=over), timezone.now())
        stop_clocks(about=over)
    return len(over)


def hush(*, recipient: User) -> int:
    """Nobody writes to them any more: nothing is sent that is still on its way."""
    require_intention()
    told = Notification.objects.filter(recipient=recipient)
    over = list(told.filter(deliveries__state__in=Delivery.PENDING).values_list("pk", flat=True))
    _stop_pending(Delivery.objects.filter(notification__in=over), timezone.now())
    stop_clocks(about=list(told.waiting().values_list("pk", flat=True)))
    return len(over)


def _stop_pending(deliveries: QuerySet[Delivery], now: datetime) -> None:
    """In one order for everybody; what a worker has on the wire is marked by that worker."""
    pending = deliveries.filter(state__in=Delivery.PENDING)
    locked = pending.select_for_update(of=("self",), no_key=True).order_by("pk")
    stopped = list(locked.select_related("notification__recipient"))
    deliveries.filter(pk__in=[row.pk for row in stopped]).update(state=State.STOPPED, ended_at=now)
    for row in stopped:
        if row.channel == Channel.PHONE:
            for caller in callers_of(row.notification):
                ring_inbox(caller)


def follow_link(*, actor: User, link: str) -> Notification:
    """The address in an SMS: once, within a day, by who got it."""
    require_intention()
    rows = Delivery.objects.select_for_update(of=("self",), no_key=True).select_related(
        "notification"
    )
    row = rows.filter(link=link, notification__recipient=actor).first()
    if row is None:
        raise NotFound(_("This link is not for you. Look into your own messages."))
    over = row.sent_at is not None and row.sent_at < timezone.now() - LINK_LIFE
    if over or row.link_used_at:
        raise Gone(_("This link was used or is older than a day. Look into your messages."))
    row.link_used_at = timezone.now()
    if row.state in (State.SENT, State.DELIVERED):
        row.become(State.READ)
        row.read_at = row.link_used_at
    row.save(update_fields=["link_used_at", "state", "read_at"])
    mark_read(actor=actor, pk=row.notification_id)
    return row.notification
