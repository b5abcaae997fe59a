"""Phoning those who did not read what is urgent."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Invalid
from telemed.core.intentions import require_intention
from telemed.notifications.models import Call, Delivery, State
from telemed.notifications.queries import callers_of, get_phone_item
from telemed.notifications.services.telling import ring_inbox
from telemed.people.models import User

SPOKE = 30  # characters


def record_call(*, actor: User, delivery_id: UUID, result: str, spoke_with: str = "") -> Delivery:
    """
    Who was reached, or not. Reached ends it; the third call in vain does too.

    Raises NotFound for what is not this desk's, Conflict when somebody else settled it meanwhile.
    """
    require_intention()
    return _note(actor, get_phone_item(actor, delivery_id, lock=True), result, spoke_with)


def note_call(*, actor: User, delivery_id: UUID, result: str, spoke_with: str = "") -> Delivery:
    """The same where a slice above has decided that this actor rings."""
    require_intention()
    rows = Delivery.objects.select_for_update(of=("self",), no_key=True).select_related(
        "notification__recipient"
    )
    return _note(actor, rows.get(pk=delivery_id), result, spoke_with)


def _note(actor: User, delivery: Delivery, result: str, spoke_with: str) -> Delivery:
    if result not in Call.Result.values:
        raise Invalid(_("Choose how the call went."), path="result")
    spoke_with = spoke_with.strip()[:SPOKE]
    if result == Call.Result.RELAYED and not spoke_with:
        raise Invalid(_("Say who passes it on."), path="spoke_with")
    over = result in Call.DONE or delivery.calls_in_vain() + 1 >= Call.TRIES
    target = State.CALLED if result in Call.DONE else State.UNREACHABLE
    if over or delivery.state != State.ON_PHONE_LIST:
        delivery.become(target)
    Call.objects.create(delivery=delivery, by=actor, result=result, spoke_with=spoke_with)
    if over:
        delivery.ended_at = timezone.now()
        delivery.save(update_fields=["state", "ended_at"])
        stop_clocks(about=delivery.notification_id)
    audit.record(action="notification.call", target=delivery, reason=result)
    for caller in callers_of(delivery.notification):
        if caller != actor.pk:
            ring_inbox(caller)
    return delivery
