"""What a resident's phone keeps of a ticket."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scheduling.appointments.models import Appointment, Status
from telemed.web.qr import Code


def facts_of(appointment: Appointment, code: Code | None) -> dict[str, Any] | None:
    """For showing it without a line; None once there is nothing to show."""
    if appointment.status != Status.BOOKED:
        return None
    begin, end = (
        timezone.localtime(at) for at in (appointment.during.lower, appointment.during.upper)
    )
    video = _("By video, from home") if appointment.is_video else ""
    where = [
        video,
        appointment.organisation.name,
        appointment.department.name,
        appointment.examination,
    ]
    room = "" if appointment.is_video else appointment.period.session.room
    return {
        "id": str(appointment.pk),
        "day": f"{date_format(begin, 'MONTH_DAY_FORMAT')} {date_format(begin, 'l')}",
        "time": f"{begin:%H:%M}–{end:%H:%M}",
        "number": _("No. {n}").format(n=appointment.ticket),
        "who": appointment.patient.name,
        "where": " · ".join(filter(None, [*where, room])),
        "doctor": appointment.clinician.name if appointment.clinician else "",
        "phone": appointment.organisation.phone,
        "ends": end.isoformat(),
        "code": asdict(code) if code else None,
    }
