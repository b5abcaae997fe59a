"""A booking as a calendar file (RFC 5545), for the phone's own reminder."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments.models import Appointment

LONGEST = 74  # octets of a line before it is folded (RFC 5545 3.1)


def to_ics(appointments: Iterable[Appointment]) -> str:
    """
    A visit, or all stops of a trip. Nobody is named in it: a phone's calendar is read by others.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Telemed//Booking//ZH",
        *(line for one in appointments for line in _event(one)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(appointment: Appointment) -> list[str]:
    title = _("Visit: {place}").format(place=appointment.errand)
    note = _("No. {n}; bring your ID card").format(n=appointment.ticket)
    return [
        "BEGIN:VEVENT",
        f"UID:{appointment.pk}@telemed",
        f"DTSTAMP:{_utc(timezone.now())}",
        f"DTSTART:{_utc(appointment.during.lower)}",
        f"DTEND:{_utc(appointment.during.upper)}",
        f"SUMMARY:{_text(title)}",
        f"LOCATION:{_text(appointment.organisation.name)}",
        f"DESCRIPTION:{_text(note)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(title)}",
        "TRIGGER:-PT2H",
        "END:VALARM",
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line is longer than 75 octets, and no character is cut."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > LONGEST:
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
