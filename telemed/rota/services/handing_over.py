"""From one shift to the next: nothing in hand is lost between two people."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import outbox, policies
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.people import open_work
from telemed.people.models import User
from telemed.rota import rules, staffing
from telemed.rota.clock_rows import ABSENT, start_absent_clock, start_end_clock
from telemed.rota.events import HandOverListed, IncomingAbsent, ShiftHandedOver
from telemed.rota.models import LONGEST, HandOver, HandOverItem, Rota, Shift

State = HandOverItem.State


def list_what_is_open(*, clock: Clock) -> None:
    """Shifts of this rota end soon: list what their people hold, then wait on."""
    require_intention()
    rota = Rota.objects.get(pk=clock.about)
    if rota.state != Rota.State.PUBLISHED:
        return
    now, before = timezone.now(), policies.value(rules.BEFORE_END, at=clock.created_at)
    ending = Shift.objects.filter(
        rota=rota,
        in_force=True,
        during__endswith__lte=now + before,
        during__endswith__gt=now - LONGEST / 2,
        hand_over=None,
    )
    for shift in ending.select_related("user", "rota__organisation").order_by("pk"):
        _list(shift)
    start_end_clock(rota=rota)


def take_item(*, actor: User, item_id: UUID) -> HandOverItem:
    """The incoming doctor answers for it from now on."""
    require_intention()
    item, hand_over = _locked_item(actor, item_id)
    _become_incoming(actor, hand_over)
    if item.state == State.TAKEN:
        return item
    _require_open(item)
    if not _is_held(hand_over, item):
        return _decide(item, State.SETTLED)
    open_work.move(
        actor=actor, user=hand_over.outgoing, to=actor, kind=item.kind, item_id=item.item
    )
    return _decide(item, State.TAKEN)


def keep_item(*, actor: User, item_id: UUID) -> HandOverItem:
    """The outgoing doctor finishes it."""
    require_intention()
    item, hand_over = _locked_item(actor, item_id)
    if actor.pk != hand_over.outgoing_id:
        raise Forbidden(_("Only who goes off duty can keep it."))
    if item.state == State.KEPT:
        return item
    _require_open(item)
    return _decide(item, State.KEPT)


def acknowledge(*, actor: User, hand_over_id: UUID) -> HandOver:
    """The incoming doctor is there and has seen everything: taken or kept, nothing in between."""
    require_intention()
    hand_over = _locked(actor, hand_over_id)
    _become_incoming(actor, hand_over)
    if hand_over.acknowledged_at:
        return hand_over
    for item in hand_over.items.filter(state=State.OPEN):
        if not _is_held(hand_over, item):
            _decide(item, State.SETTLED)
    if left := hand_over.items.filter(state=State.OPEN).count():
        raise Conflict(_("{n} items are not handed over.").format(n=left))
    hand_over.acknowledged_at = timezone.now()
    hand_over.save(update_fields=["acknowledged_at"])
    stop_clocks(about=hand_over.pk, kind=ABSENT)
    audit.record(action="shift.hand_over", target=hand_over)
    outbox.announce(ShiftHandedOver(hand_over_id=hand_over.pk))
    return hand_over


def miss_incoming(*, clock: Clock) -> None:
    """Nobody acknowledged in time: the coordinator hears of it."""
    require_intention()
    hand_over = HandOver.objects.get(pk=clock.about)
    if hand_over.acknowledged_at is None:
        outbox.announce(IncomingAbsent(hand_over_id=hand_over.pk))


def _list(shift: Shift) -> None:
    """Who has nothing in hand, or goes on without a pause, hands nothing over."""
    incoming = _next_person(shift)
    held = open_work.held_by(shift.user, at_hand_over=True)
    if not held or incoming == shift.user or _was_listed(shift):
        return
    hand_over = HandOver.objects.create(shift=shift, outgoing=shift.user, incoming=incoming)
    HandOverItem.objects.bulk_create(
        HandOverItem(
            hand_over=hand_over,
            kind=one.kind.name,
            item=one.item.id,
            label=one.item.label[:200],
            url=one.item.url,
            urgent=one.item.urgent,
        )
        for one in held
    )
    audit.record(action="shift.list", target=hand_over)
    start_absent_clock(hand_over=hand_over, ends_at=shift.ends_at)
    outbox.announce(HandOverListed(hand_over_id=hand_over.pk))


def _was_listed(shift: Shift) -> bool:
    """Under the version of the rota before this one."""
    others = HandOver.objects.filter(outgoing=shift.user_id)
    return others.filter(shift__during__endswith=shift.ends_at).exists()


def _next_person(shift: Shift) -> User | None:
    """Who is on the same call when this shift ends, first call before second."""
    found = _covering(shift, shift.ends_at)
    return found.user if found else None


def _covering(shift: Shift, moment: datetime) -> Shift | None:
    shifts = Shift.objects.at(shift.rota.organisation, moment).filter(specialty=shift.specialty)
    if not shift.specialty:
        shifts = shifts.filter(kind=Shift.Kind.DIRECTOR)
    ordered = list(shifts.select_related("user").order_by("kind", "pk"))
    same = [one for one in ordered if one.kind == shift.kind]
    return next(iter([*same, *ordered]), None)


def _locked(actor: User, hand_over_id: UUID) -> HandOver:
    hand_overs = HandOver.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=hand_over_id
    )
    hand_over = hand_overs.select_related("shift__rota__organisation", "outgoing").first()
    if hand_over is None or not may_see(actor, hand_over):
        raise NotFound(_("Not found, or not yours to know of."))
    return hand_over


def _locked_item(actor: User, item_id: UUID) -> tuple[HandOverItem, HandOver]:
    """The hand-over first, then the item: everybody locks in this order."""
    found = HandOverItem.objects.filter(pk=item_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."))
    hand_over = _locked(actor, found.hand_over_id)
    return HandOverItem.objects.select_for_update(no_key=True).get(pk=item_id), hand_over


def may_see(actor: User, hand_over: HandOver) -> bool:
    """The two; and, while nobody comes after, colleagues who could."""
    if actor.pk in (hand_over.outgoing_id, hand_over.incoming_id):
        return True
    return hand_over.incoming_id is None and not _why_not(actor, hand_over.shift)


def _become_incoming(actor: User, hand_over: HandOver) -> None:
    if hand_over.incoming_id is None and actor.pk != hand_over.outgoing_id:
        hand_over.incoming = actor
        hand_over.save(update_fields=["incoming"])
    if actor.pk != hand_over.incoming_id:
        raise Forbidden(_("Only who comes on duty can take over."))


def _why_not(actor: User, shift: Shift) -> str:
    organisation = shift.rota.organisation
    day = timezone.localdate()
    return staffing.why_not(actor, organisation, shift.kind, shift.specialty, day)


def _is_held(hand_over: HandOver, item: HandOverItem) -> bool:
    held = open_work.held_by(hand_over.outgoing, at_hand_over=True)
    return any((one.kind.name, one.item.id) == (item.kind, item.item) for one in held)


def _require_open(item: HandOverItem) -> None:
    if item.state != State.OPEN:
        sentence = _("This is decided already: {state}.")
        raise Conflict(sentence.format(state=item.get_state_display()))


def _decide(item: HandOverItem, state: str) -> HandOverItem:
    item.state, item.decided_at = state, timezone.now()
    item.save(update_fields=["state", "decided_at"])
    return item
