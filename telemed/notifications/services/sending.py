"""
A message on its way out: claimed, sent by a door without a transaction, marked.

A worker that dies between sending and marking leaves a claim that runs out; the next one sends
again under the same key, and the gateway keeps the two apart.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from telemed.core import moments
from telemed.core.intentions import require_intention
from telemed.notifications import messages
from telemed.notifications.gateways import Outgoing, Receipt
from telemed.notifications.messages import PRESSING
from telemed.notifications.models import Channel, Delivery, Notification, State
from telemed.notifications.queries import preference_of, silent_deliveries
from telemed.notifications.services.channels import hold_if_quiet, number_or_address, open_channel
from telemed.notifications.services.telling import to_phone_list
from telemed.notifications.working import is_working_now

LINK = 9  # bytes; 12 characters
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)


def claim(*, delivery_id: UUID) -> Outgoing | None:
    """What to send, for one worker at a time; None when it is not to be sent (any more)."""
    require_intention()
    row = _lock(delivery_id, skip=True)
    now = moments.now()
    if row is None or row.state != State.QUEUED or row.due_at > now:
        return None
    if row.claimed_at and row.claimed_at > now - Delivery.LEASE:
        return None
    notification = row.notification
    preference = preference_of(notification.recipient)
    refused = preference.urgent_only and notification.may_be_refused
    if notification.read_at or refused or not _is_there(notification):
        _stop(row)
        return None
    if hold_if_quiet(row, preference):
        return None
    to = number_or_address(notification, row.channel, preference)
    if not to or row.attempts >= Delivery.ATTEMPTS:
        _fail(row, "tried too often" if to else "no address")
        return None
    row.claimed_at, row.attempts = now, row.attempts + 1
    opens = notification.url or messages.get_message(notification.template).address
    row.link = row.link or (secrets.token_urlsafe(LINK) if opens else None)
    row.save(update_fields=["claimed_at", "attempts", "link"])
    return outgoing(row, to)


def outgoing(row: Delivery, to: str) -> Outgoing:
    """The message as its channel says it, in the language of who gets it."""
    require_intention()
    notification = row.notification
    recipient = notification.recipient
    language = recipient.language if recipient else settings.LANGUAGE_CODE
    link = link_of(row)
    text = messages.render_short(
        notification.template,
        notification.facts,
        language=language,
        link=link,
        by_number=recipient is None,
    )
    if row.channel == Channel.EMAIL and link and link not in text:
        text = f"{text}\n{link}"
    params = {name: str(value) for name, value in notification.facts.items()}
    return Outgoing(
        channel=row.channel,
        key=str(row.pk),
        to=to,
        text=text,
        template=notification.template,
        params={**params, "link": link},
        attempt=row.attempts,
    )


def _is_there(notification: Notification) -> bool:
    """Nobody writes to a closed account, or to the number of who has died."""
    if notification.recipient is not None:
        return notification.recipient.is_active
    return notification.addressee is not None


def link_of(row: Delivery) -> str:
    """Its one-use address, good for a day, or the message's own; empty: nothing to open."""
    if not row.link:
        return ""
    own = messages.get_message(row.notification.template).address
    path = own(row.notification.about) if own else reverse("message_link", args=[row.link])
    return settings.PUBLIC_URL.rstrip("/") + path


def mark_sent(*, delivery_id: UUID, receipt: Receipt) -> None:
    """The gateway took it."""
    require_intention()
    row = _lock(delivery_id)
    if row is None or row.state not in (State.QUEUED, State.STOPPED):
        return
    row.become(State.SENT)
    row.sent_at, row.claimed_at, row.ended_at = moments.now(), None, None
    row.gateway_id, row.parts = receipt.gateway_id[:64], receipt.parts
    if receipt.delivered:
        row.become(State.DELIVERED)
        row.delivered_at = row.sent_at
    row.save()


def retry_later(*, delivery_id: UUID, error: str) -> None:
    """The gateway does not answer now: again in a while, and after the last try otherwise."""
    require_intention()
    row = _lock(delivery_id)
    if row is None or row.state != State.QUEUED:
        return
    if row.attempts >= Delivery.ATTEMPTS:
        _fail(row, error)
        return
    pause = min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE)
    jitter = secrets.randbelow(1000) / 1000
    row.due_at, row.claimed_at = moments.now() + pause * (1 + jitter / 4), None
    row.error = error[:60]
    row.save(update_fields=["due_at", "claimed_at", "error"])


def give_up(*, delivery_id: UUID, error: str) -> None:
    """This channel will not do: the next one, and for what is urgent the phone."""
    require_intention()
    row = _lock(delivery_id)
    if row and row.state in (State.QUEUED, State.SENT):
        _fail(row, error)


def give_up_silent() -> int:
    """What was sent a day ago without a receipt did not arrive; where receipts come at all."""
    require_intention()
    silent = silent_deliveries() if settings.SMS_WEBHOOK_SECRET else []
    for delivery_id in silent:
        give_up(delivery_id=delivery_id, error="no receipt")
    return len(silent)


def _lock(delivery_id: UUID, *, skip: bool = False) -> Delivery | None:
    rows = Delivery.objects.select_for_update(of=("self",), skip_locked=skip, no_key=True)
    return rows.select_related("notification__recipient").filter(pk=delivery_id).first()


def _stop(row: Delivery) -> None:
    row.become(State.STOPPED)
    row.ended_at, row.claimed_at = moments.now(), None
    row.save(update_fields=["state", "ended_at", "claimed_at"])


def _fail(row: Delivery, error: str) -> None:
    row.become(State.FAILED)
    row.ended_at, row.claimed_at, row.error = moments.now(), None, error[:60]
    row.save(update_fields=["state", "ended_at", "claimed_at", "error"])
    notification = row.notification
    if notification.read_at or open_channel(notification):
        return
    at_once = notification.pressing or is_working_now(notification.recipient)
    if notification.urgency in PRESSING and at_once:
        to_phone_list(notification)
