"""A device was used, or why it was not."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core.errors import Invalid
from telemed.core.intentions import require_intention
from telemed.devices.models import Device, Reason
from telemed.devices.queries import get_device
from telemed.people.models import User

SHORTEST, LONGEST = 5, 200  # characters of another reason
FRESH = {"reason": "", "text": "", "reason_at": None}


def note_use(*, organisation_id: UUID, serials: Collection[str], at: datetime | None) -> int:
    """
    Something came from devices with these serial numbers; how many of them are registered.

    Called in the transaction that keeps what came. An older thing that comes late changes nothing.
    """
    require_intention()
    now = timezone.now()
    at = min(at or now, now)
    named = {serial.strip()[:64] for serial in serials if serial.strip()}
    if not named:
        return 0
    devices = Device.objects.filter(
        organisation=organisation_id, serial__in=named, retired_at=None
    ).order_by("pk")
    locked = list(devices.select_for_update(no_key=True).values_list("pk", flat=True))
    newer = Device.objects.filter(pk__in=locked).filter(Q(used_at=None) | Q(used_at__lt=at))
    newer.update(used_at=at, by_hand=False, **FRESH)
    return len(locked)


def say_used(*, actor: User, device_id: UUID) -> Device:
    """Used today, though nothing of it comes here: somebody says so, and it is noted who."""
    require_intention()
    device = get_device(actor, device_id, lock=True)
    device.used_at, device.by_hand = timezone.now(), True
    device.reason, device.text, device.reason_at = "", "", None
    device.save(update_fields=["used_at", "by_hand", *FRESH])
    audit.record(action="device.use", target=device)
    return device


def give_reason(*, actor: User, device_id: UUID, reason: str, text: str = "") -> Device:
    """Why it is not used. It can be said anew."""
    require_intention()
    device = get_device(actor, device_id, lock=True)
    text = text.strip()
    if reason not in Reason.values:
        raise Invalid(_("Choose one of the reasons."), path="reason")
    if len(text) > LONGEST:
        raise Invalid(_("At most {n} characters.").format(n=LONGEST), path="text")
    if reason == Reason.OTHER and len(text) < SHORTEST:
        message = _("Say which reason, in at least {n} characters.").format(n=SHORTEST)
        raise Invalid(message, path="text")
    if (device.reason, device.text) == (reason, text):
        return device
    device.reason, device.text, device.reason_at = reason, text, timezone.now()
    device.save(update_fields=["reason", "text", "reason_at"])
    audit.record(action="device.explain", target=device)
    return device
