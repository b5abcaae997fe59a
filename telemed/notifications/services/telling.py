"""Telling people, once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core import moments, policies
from telemed.core.clocks import start_clock
from telemed.core.doorbells import ring_group
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar
from telemed.notifications import messages, rules, silent
from telemed.notifications.messages import PRESSING, Urgency
from telemed.notifications.models import Channel, Delivery, Notification, State
from telemed.notifications.persons import find_person
from telemed.notifications.queries import callers_of
from telemed.notifications.services.channels import open_channel
from telemed.notifications.working import is_working_now
from telemed.organisations.models import Organisation
from telemed.people.models import User

SECOND, PHONE = "notification.second", "notification.phone"


def notify(
    *,
    recipient: User,
    template: str,
    about: UUID,
    url: str,
    turn: int = 0,
    pressing: bool = False,
    desk: UUID | None = None,
    **facts: Any,
) -> Notification | None:
    """
    Put a message in somebody's inbox; None when they were told already, or nobody writes to them.

    The class of the template decides what happens when it is not read. `pressing`: it is about
    an emergency, a critical value or a visit within a day, and waits for no working hours. `desk`:
    the institution that phones who does not read it; the actor's own unless another is named.
    """
    actor = require_intention().actor
    messages.check(template, facts)
    resident = recipient.acting_as_id is None
    if resident and silent.is_silent(recipient.pk):
        return None
    urgency = messages.get_message(template).urgency_for(resident=resident)
    notification = _kept(
        urgency,
        pressing,
        {"recipient": recipient, "template": template, "about": about, "turn": turn},
        {"facts": facts, "url": url, "sender_id": desk or actor.organisation_id},
    )
    if notification is None:
        return None
    _set_out(notification, urgency, resident)
    ring_inbox(recipient.pk)
    return notification


def notify_person(
    *,
    person_id: UUID,
    template: str,
    about: UUID,
    desk: UUID,
    turn: int = 0,
    pressing: bool = False,
    rings_later: bool = False,
    **facts: Any,
) -> Notification | None:
    """
    The same to somebody without an account: an SMS to the number in the index; what is urgent is
    on the phone list of `desk` at once where there is no number, and otherwise after its time.

    None when they were told already, or have died. `rings_later`: a clock of the caller's puts it
    on the phone list, so that an SMS, which nobody can see read, has its time first. `phone` is a
    fact of its own: the desk's number.
    """
    require_intention()
    person = find_person(person_id)
    if person is None:
        return None
    number = Organisation.objects.values_list("phone", flat=True).get(pk=desk)
    facts = {"phone": number or _("the desk"), **facts}
    messages.check(template, facts, by_number=True)
    urgency = messages.get_message(template).urgency_for(resident=True)
    notification = _kept(
        urgency,
        pressing,
        {"person_id": person_id, "template": template, "about": about, "turn": turn},
        {"facts": facts, "sender_id": desk},
    )
    if notification is None or urgency == Urgency.QUIET:
        return notification
    if person.mobile:
        open_channel(notification)
        if urgency in PRESSING and not rings_later:
            start_waiting(notification, PHONE, rules.phone_after(urgency))
    elif urgency in PRESSING:
        to_phone_list(notification)
    return notification


def _kept(
    urgency: Urgency, pressing: bool, told: dict[str, Any], said: dict[str, Any]
) -> Notification | None:
    """`told` whom of what, once; None when they were told already. `said` goes with it."""
    said |= {
        "urgent": urgency in PRESSING,
        "pressing": pressing or urgency == Urgency.EMERGENCY,
    }
    notification, new = Notification.objects.get_or_create(**told, defaults=said)
    return notification if new else None


def to_phone_list(notification: Notification) -> None:
    """Once; the desks that may phone look again."""
    require_intention()
    _delivery, new = Delivery.objects.get_or_create(
        notification=notification,
        channel=Channel.PHONE,
        defaults={"state": State.ON_PHONE_LIST},
    )
    if new:
        for caller in callers_of(notification):
            ring_inbox(caller)


def list_again(call: Delivery) -> None:
    """Somebody has to phone after all, or once more: what was tried before does not count."""
    require_intention()
    if call.state == State.ON_PHONE_LIST:
        return
    call.become(State.ON_PHONE_LIST)
    call.due_at, call.ended_at = timezone.now(), None
    call.save(update_fields=["state", "due_at", "ended_at"])
    for caller in callers_of(call.notification):
        ring_inbox(caller)


def _set_out(notification: Notification, urgency: Urgency, resident: bool) -> None:
    Delivery.objects.create(
        notification=notification,
        channel=Channel.IN_APP,
        state=State.SENT,
        sent_at=moments.now(),
    )
    if urgency == Urgency.EMERGENCY or (urgency == Urgency.NORMAL and resident):
        open_channel(notification)
    if urgency in PRESSING:
        start_waiting(notification, PHONE, rules.phone_after(urgency))
    if urgency == Urgency.URGENT:
        start_waiting(notification, SECOND, policies.value(rules.SECOND))


def start_waiting(notification: Notification, kind: str, allowance: timedelta) -> None:
    """Off shift the time runs only in working hours, unless the matter is pressing."""
    require_intention()
    at_once = notification.pressing or is_working_now(notification.recipient)
    start_clock(
        kind=kind,
        about=notification.pk,
        allowance=allowance,
        calendar=Calendar.WALL if at_once else Calendar.WORKING,
    )


def ring_inbox(user_id: UUID) -> None:
    """Make the pages of that account look again."""
    require_intention()
    ring_group(Notification.group(user_id), type="inbox.rang")
