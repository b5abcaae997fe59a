"""
The code on a ticket: digits alone, because a scanner types them through whatever input method the
desk's computer has. It says which booking and which place, sealed, and nothing of the person.
"""

import re
from base64 import urlsafe_b64decode
from uuid import UUID

from scheduling.appointments.models import Appointment
from telemed.core.secrecy import keyed_hash

SEAL = 8  # bytes
DIGITS = 58  # of the 24 bytes of id and seal
_CODE = re.compile(rf"(?<![0-9])[0-9]{{{DIGITS}}}(?![0-9])")


def code_of(appointment: Appointment) -> str:
    """Another one after each move: the place is under the seal."""
    whole = int.from_bytes(appointment.pk.bytes + _seal(appointment), "big")
    return f"{whole:0{DIGITS}}"


def find_code(text: str) -> str:
    """The code in what a scanner typed, the whole address or the digits alone; "" without one."""
    found = _CODE.search(text)
    return found[0] if found else ""


def id_in(code: str) -> UUID | None:
    """Whose it claims to be; whether it is, is_of() says."""
    try:
        whole = int(code).to_bytes(16 + SEAL, "big")
    except (OverflowError, ValueError):
        return None
    return UUID(bytes=whole[:16])


def is_of(code: str, appointment: Appointment) -> bool:
    return code == code_of(appointment)


def _seal(appointment: Appointment) -> bytes:
    about = f"{appointment.pk}/{appointment.period_id}/{appointment.ticket}"
    return urlsafe_b64decode(keyed_hash(about, purpose="booking.code") + "=")[:SEAL]
