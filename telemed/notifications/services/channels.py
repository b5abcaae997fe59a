"""Which way a message goes out next."""

from datetime import datetime

from telemed.core import moments
from telemed.core.clocks import start_clock
from telemed.core.doorbells import ring_task
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar
from telemed.notifications.messages import PRESSING
from telemed.notifications.models import Channel, Delivery, Notification, Preference, State
from telemed.notifications.persons import Person
from telemed.notifications.queries import preference_of
from telemed.people.models import User

QUIET = "notification.quiet"


def open_channel(notification: Notification) -> Delivery | None:
    """Queue it on the next channel that was not tried, in order of preference; None: no more."""
    require_intention()
    preference = preference_of(notification.recipient)
    if preference.urgent_only and notification.may_be_refused:
        return None
    tried = set(notification.deliveries.values_list("channel", flat=True))
    if notification.recipient is None:
        order: tuple[str, ...] = (Channel.SMS,)
    else:
        order = (preference.channel, Channel.SMS, Channel.EMAIL)
    following = next((Channel(channel) for channel in order if channel not in tried), None)
    if following is None:
        return None
    delivery = Delivery(notification=notification, channel=following)
    delivery.save()
    if not hold_if_quiet(delivery, preference):
        ring_courier()
    return delivery


def hold_if_quiet(delivery: Delivery, preference: Preference) -> bool:
    """What is not urgent waits for the morning; a clock releases it."""
    require_intention()
    now = moments.now()
    if delivery.notification.urgency in PRESSING:
        return False
    morning = preference.quiet_end(now)
    if morning is None:
        return False
    delivery.become(State.HELD)
    delivery.claimed_at = None
    delivery.save(update_fields=["state", "claimed_at"])
    _wake_at(delivery, morning, now)
    return True


def _wake_at(delivery: Delivery, morning: datetime, now: datetime) -> None:
    start_clock(
        kind=QUIET,
        about=delivery.notification_id,
        allowance=morning - now,
        calendar=Calendar.WALL,
    )


def ring_courier() -> None:
    """Wake the task that sends, after commit."""
    from telemed.notifications.tasks import deliver_task

    require_intention()
    ring_task(deliver_task)


def number_or_address(notification: Notification, channel: str, preference: Preference) -> str:
    """Of an account what it has proved; of whoever has none the number in the index."""
    if notification.recipient is not None:
        return address_of(notification.recipient, channel, preference)
    person = notification.addressee
    return person.mobile if isinstance(person, Person) and channel == Channel.SMS else ""


def address_of(user: User, channel: str, preference: Preference) -> str:
    """Where that person is reached; empty when nobody proved that it is theirs."""
    if channel == Channel.SMS:
        return user.phone if user.phone_verified else ""
    if channel == Channel.EMAIL:
        return user.email if user.email and user.email == preference.verified_email else ""
    return ""
