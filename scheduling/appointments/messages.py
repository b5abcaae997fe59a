"""What is said about a booking; the patient is never named."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("appointment.booked", _("Booked {time}, {org}, no. {n} {link}"), "N")
    register("appointment.moved", _("Moved to {time}, {org}, no. {n} {link}"), "N")
    register("appointment.cancelled", _("Your booking {time} at {org} is cancelled"), "N")
    register("appointment.withdrawn", _("{org} cancelled your booking {time}: {reason}"), "U")
    register("appointment.remind", _("Reminder: {time}, {org}, no. {n}; bring your ID"), "N")
    register(
        "appointment.noshow",
        _("Missed {time}. If wrong, appeal {link}"),
        "N",
        by_number=_("Missed {time}. If wrong, phone {phone}"),
    )
    register("waitlist.joined", _("You are on the list for {date}; we will tell you {link}"), "N")
    register(
        "waitlist.offer",
        _("A place: {time}, {org}. Reply 1 within {n} min {link}"),
        "U",
        by_number=_("A place: {time}, {org}. Within {n} min reply 1 or phone {phone}"),
    )
    register(
        "waitlist.late",
        _("The offer ended; you are still on the list {link}"),
        "N",
        by_number=_("The offer ended; you are still on the list"),
    )
    register(
        "penalty.blocked",
        _("Online booking limited until {date}; the desk is open {link}"),
        "N",
        by_number=_("Online booking limited until {date}; the desk is open"),
    )
    register("penalty.lifted", _("Corrected: your booking is not limited"), "N")
    register("penalty.undecided", _("An appeal at {org} waits: decide by {time} {link}"), "N")
    register("penalty.overdue", _("An appeal at {org} was due {time}; decide it now {link}"), "U")
    register(
        "stop.notice",
        _("{org} is off {date}: 1 take {time}, 2 choose, 3 cancel {link}"),
        "U",
        by_number=_("{org} is off {date}. 1 take {time}, 2 call me, 3 cancel; {phone}"),
    )
    register(
        "stop.choose",
        _("{org} is off at {time}; choose another time {link}"),
        "U",
        by_number=_("{org} is off at {time}. Another time: 2 call me, or phone {phone}"),
    )
    register(
        "stop.stay",
        _("{org} is off {time}. 1 wait for {who}, 2 choose, 3 cancel {link}"),
        "U",
        by_number=_("{org} is off {time}. 1 wait for {who}, 2 call me, 3 cancel; {phone}"),
    )
    register(
        "stop.stays",
        _("You are first in line with {who}: we book you and tell you {link}"),
        "N",
        by_number=_("You are first in line with {who}: we book you and tell you"),
    )
    register(
        "clinic.notice",
        _("{org} cannot see you {date}. 1 {time}, 2 other, 3 cancel {link}"),
        "U",
        by_number=_("{org} cannot see you {date}. 1 {time}, 2 call me, 3 cancel; {phone}"),
    )
    register(
        "clinic.choose",
        _("{org} cannot see you {time}; choose another time {link}"),
        "U",
        by_number=_("{org} cannot see you {time}. Another time: 2 call me, or {phone}"),
    )
    register(
        "stop.call",
        _("{org} phones you about another time {link}"),
        "N",
        by_number=_("{org} phones you about another time, or phone {phone}"),
    )
    register("stop.rebooked", _("Moved to {time}, {org}, no. {n} {link}"), "U")
    register("stop.undone", _("{time} at {org} is on again; your no. {n} is kept"), "U")
    register("batch.received", _("{n} booked for {date} by {who}, {org} {link}"), "N")
    register("batch.booked", _("{n} booked for {date} at {org}, by one list {link}"), "N")
    register("trip.booked", _("One trip {time}, {org}: {n} stops, first {place} {link}"), "N")
    register("trip.moved", _("Trip moved to {time}, {org}: {n} stops, first {place} {link}"), "N")
    register("trip.cancelled", _("Your trip {time} to {org} is cancelled: {n} stops"), "N")
    register("trip.remind", _("Reminder: one trip {time}, {org}, {n} stops; bring your ID"), "N")
    register(
        "trip.notice",
        _("{place} off {date}, {n} stay. 1 {time}, 2 other, 3 cancel {link}"),
        "U",
        by_number=_("{place} off {date}, {n} stay. 1 {time}, 2 call me, 3 cancel; {phone}"),
    )
    register(
        "trip.stopped",
        _("{place} off {time}, {n} others stay. 2 choose, 3 cancel {link}"),
        "U",
        by_number=_("{place} off {time}, {n} others stay. Another time: 2 call me; {phone}"),
    )
