"""Everything that changes the register."""

from telemed.devices.services.faults import close_ticket, note_link, open_ticket
from telemed.devices.services.importing import import_devices
from telemed.devices.services.keeping import register_device, retire_device
from telemed.devices.services.using import give_reason, note_use, say_used

__all__ = [
    "close_ticket",
    "give_reason",
    "import_devices",
    "note_link",
    "note_use",
    "open_ticket",
    "register_device",
    "retire_device",
    "say_used",
]
