"""What the clocks of an unread message do."""

from telemed.core import moments, policies
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.notifications import rules
from telemed.notifications.models import Channel, Delivery, Notification, State
from telemed.notifications.queries import lock_notification, preference_of
from telemed.notifications.services.channels import hold_if_quiet, open_channel, ring_courier
from telemed.notifications.services.telling import (
    PHONE,
    SECOND,
    start_waiting,
    to_phone_list,
)
from telemed.notifications.working import is_working_now


def send_second(*, clock: Clock) -> None:
    """Nobody read it in time: the same message goes out on a second channel."""
    require_intention()
    notification = lock_notification(clock.about)
    if notification.read_at:
        return
    if _must_wait(notification):
        start_waiting(notification, SECOND, policies.value(rules.SECOND))
        return
    if not notification.deliveries.filter(channel__in=[Channel.SMS, Channel.EMAIL]).exists():
        open_channel(notification)


def put_on_phone_list(*, clock: Clock) -> None:
    """Still nobody read it: somebody has to phone."""
    require_intention()
    notification = lock_notification(clock.about)
    if notification.read_at:
        return
    if _must_wait(notification):
        start_waiting(notification, PHONE, rules.phone_after(notification.urgency))
        return
    to_phone_list(notification)


def _must_wait(notification: Notification) -> bool:
    return not notification.pressing and not is_working_now(notification.recipient)


def release_held(*, clock: Clock) -> None:
    """
    The quiet hours are over: of all that was held about one thing the newest goes out.

    Locked in one order, so that the clocks of one subject take turns and the last finds nothing.
    """
    require_intention()
    notification = lock_notification(clock.about)
    held = Delivery.objects.select_for_update(of=("self",), no_key=True).filter(
        state=State.HELD,
        notification__recipient=notification.recipient_id,
        notification__person_id=notification.person_id,
        notification__about=notification.about,
    )
    in_order = list(held.select_related("notification__recipient").order_by("pk"))
    if not in_order:
        return
    *older, newest = in_order
    now = moments.now()
    for delivery in older:
        delivery.become(State.STOPPED)
        delivery.ended_at, delivery.error = now, "merged"
        delivery.save(update_fields=["state", "ended_at", "error"])
    newest.become(State.QUEUED)
    newest.due_at = now
    newest.save(update_fields=["state", "due_at"])
    if not hold_if_quiet(newest, preference_of(newest.notification.recipient)):
        ring_courier()
