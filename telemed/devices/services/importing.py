"""Many devices at once."""

from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import bringing, tables
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.devices import sheet
from telemed.devices.models import Device
from telemed.devices.permissions import KEEPERS
from telemed.devices.services.keeping import register_device
from telemed.people.models import User


def import_devices(*, actor: User, content: bytes, only_good: bool = False) -> bringing.Brought:
    """All rows or none; or the good ones when that was chosen. Twice is once."""
    require_intention()
    require(actor.role in KEEPERS, _("The institution's administrator keeps its devices."))
    rows = tables.read(tables.decode(content), sheet.COLUMNS)
    here = Device.objects.filter(organisation=actor.acting_organisation, retired_at=None)
    there = set(here.values_list("serial", flat=True))
    brought, seen = bringing.Brought(), set[str]()
    for row in rows:
        sent, mistakes = sheet.shape(row)
        serial = sent.get("serial", "")
        if not mistakes and serial in seen:
            said = _("This serial number stands in the file twice.")
            mistakes = [tables.Mistake(row.number, "serial", said, sheet.COLUMNS)]
        elif not mistakes and serial in there:
            brought.known += 1
        elif not mistakes:
            register_device(actor=actor, **sent)
            brought.stored += 1
        seen.add(serial)
        brought.mistakes += mistakes
    brought.settle(only_good=only_good)
    audit.record(action="device.import", target=f"Device/{len(rows)} rows")
    return brought
