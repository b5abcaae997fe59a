"""What the rota announces, told to those whom it concerns."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from telemed.core import outbox
from telemed.notifications.services import notify
from telemed.people.models import User
from telemed.rota import events, queries
from telemed.rota.coverage import next_month
from telemed.rota.models import HandOver, HandOverItem, Rota, Swap

Payload = dict[str, Any]
MINE = "/rota/mine/"


def subscribe() -> None:
    """Called in ready()."""
    outbox.subscribe(events.RotaPublished, tell_who_is_on_it)
    outbox.subscribe(events.RotaMissing, tell_who_keeps_it)
    outbox.subscribe(events.SwapAsked, tell_the_colleague)
    outbox.subscribe(events.ShiftSwapped, tell_who_asked)
    outbox.subscribe(events.SwapDeclined, tell_who_asked_no)
    outbox.subscribe(events.HandOverListed, tell_both)
    outbox.subscribe(events.IncomingAbsent, tell_that_nobody_came)


def tell_who_is_on_it(payload: Payload) -> None:
    rota = queries.get_any_rota(UUID(payload["rota_id"]))
    if rota.state != Rota.State.PUBLISHED:
        return  # a newer version has its own message
    for person in queries.people_of(rota.pk):
        notify(
            recipient=person,
            template="rota.published",
            about=rota.pk,
            url=MINE,
            date=rota.month.isoformat(),
        )


def tell_who_keeps_it(payload: Payload) -> None:
    rota = queries.get_any_rota(UUID(payload["rota_id"]))
    ahead = next_month(rota.month)
    for keeper in queries.keepers_of(rota.organisation):
        notify(
            recipient=keeper,
            template="rota.missing",
            about=rota.pk,
            url=f"/rota/{ahead.year}/{ahead.month}/",
            date=ahead.isoformat(),
        )


def tell_the_colleague(payload: Payload) -> None:
    swap = queries.get_swap(UUID(payload["swap_id"]))
    if swap.state == Swap.State.ASKED:
        _tell(swap, swap.colleague, "shift.swap", swap.asked_by)


def tell_who_asked(payload: Payload) -> None:
    swap = queries.get_swap(UUID(payload["swap_id"]))
    _tell(swap, swap.asked_by, "shift.swapped", swap.colleague)


def tell_who_asked_no(payload: Payload) -> None:
    swap = queries.get_swap(UUID(payload["swap_id"]))
    _tell(swap, swap.asked_by, "shift.swap_declined", swap.colleague)


def tell_both(payload: Payload) -> None:
    """Who goes and who comes see the same list."""
    hand_over = queries.get_hand_over(UUID(payload["hand_over_id"]))
    for person in filter(None, [hand_over.outgoing, hand_over.incoming]):
        _tell_urgently(hand_over, person, "shift.handover")


def tell_that_nobody_came(payload: Payload) -> None:
    hand_over = queries.get_hand_over(UUID(payload["hand_over_id"]))
    if hand_over.acknowledged_at:
        return  # just in time
    for keeper in queries.keepers_of(hand_over.shift.rota.organisation):
        _tell_urgently(hand_over, keeper, "shift.absent")


def _tell_urgently(hand_over: HandOver, recipient: User, template: str) -> None:
    open_items = hand_over.items.filter(state=HandOverItem.State.OPEN)
    concerned = recipient.pk in (hand_over.outgoing_id, hand_over.incoming_id)
    notify(
        recipient=recipient,
        template=template,
        about=hand_over.pk,
        url=f"/rota/hand-overs/{hand_over.pk}/" if concerned else "/rota/",
        urgent=True,
        n=open_items.count(),
        who=str(hand_over.outgoing),
        time=f"{timezone.localtime(hand_over.shift.ends_at):%H:%M}",
    )


def _tell(swap: Swap, recipient: User, template: str, who: User) -> None:
    time = f"{timezone.localtime(swap.shift.starts_at):%m-%d %H:%M}"
    notify(recipient=recipient, template=template, about=swap.pk, url=MINE, who=str(who), time=time)
