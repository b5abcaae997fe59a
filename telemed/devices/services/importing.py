"""Many devices at once."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import tables
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.devices import sheet
from telemed.devices.models import Device
from telemed.devices.permissions import KEEPERS
from telemed.devices.services.keeping import register_device
from telemed.people.models import User


class Mistaken(Conflict):
    """Rows are wrong, and nothing was stored. `mistakes` says which and why."""

    def __init__(self, mistakes: list[tables.Mistake]) -> None:
        sentence = _("{n} mistakes; nothing is stored. Mend them or choose only the good rows.")
        super().__init__(sentence.format(n=len(mistakes)), path="file")
        self.mistakes = mistakes


@dataclass
class Brought:
    """What a file brought: new devices, those that were there already, and rows left out."""

    stored: int = 0
    known: int = 0
    mistakes: list[tables.Mistake] = field(default_factory=list)


def import_devices(*, actor: User, content: bytes, only_good: bool = False) -> Brought:
    """All rows or none; or the good ones when that was chosen. Twice is once."""
    require_intention()
    require(actor.role in KEEPERS, _("The institution's administrator keeps its devices."))
    rows = tables.read(tables.decode(content), sheet.COLUMNS)
    here = Device.objects.filter(organisation=actor.acting_organisation, retired_at=None)
    there = set(here.values_list("serial", flat=True))
    brought, seen = Brought(), set[str]()
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
    if brought.mistakes and not (only_good and brought.stored + brought.known):
        raise Mistaken(brought.mistakes)
    audit.record(action="device.import", target=f"Device/{len(rows)} rows")
    return brought
