"""A device comes into the register, and leaves it."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core.errors import Conflict, Forbidden, require
from telemed.core.intentions import refusing, require_intention
from telemed.devices.models import Device
from telemed.devices.permissions import KEEPERS, may_keep
from telemed.devices.queries import get_device
from telemed.people.models import User


def register_device(*, actor: User, kind: str, name: str, serial: str, place: str = "") -> Device:
    """In the own institution. Raises Conflict where that serial number is registered already."""
    require_intention()
    require(actor.role in KEEPERS, _("The institution's administrator keeps its devices."))
    twice = Conflict(_("A device with this serial number is registered already."), path="serial")
    with refusing(one_device_a_serial=twice):
        device = Device.objects.create(
            organisation=actor.acting_organisation,
            kind=kind,
            name=name.strip(),
            serial=serial.strip(),
            place=place.strip(),
        )
    audit.record(action="device.register", target=device)
    return device


def retire_device(*, actor: User, device_id: UUID) -> Device:
    """It is no longer there; its history stays, and its serial number is free again."""
    require_intention()
    device = get_device(actor, device_id, lock=True)
    if not may_keep(actor, device.organisation):
        raise Forbidden(_("The institution's administrator keeps its devices."))
    if device.tickets.filter(closed_at=None).exists():
        raise Conflict(_("A fault of it is still open; close that first."), path="ticket")
    device.retired_at = timezone.now()
    device.save(update_fields=["retired_at"])
    audit.record(action="device.retire", target=device)
    return device
