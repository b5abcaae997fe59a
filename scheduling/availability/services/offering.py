"""Who offers what, where and how much of it: checked once, for a template and for a session."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability.models import Kind
from telemed.core.errors import Invalid, NotFound
from telemed.people.models import CLINICAL, PractitionerRole, User

MOST = 200  # places in one period
SHORTEST, LONGEST = 5, 240  # minutes of a period


@dataclass(frozen=True, kw_only=True)
class Offer:
    """As it was sent. Without a doctor, the department, a machine or a room is booked."""

    department_id: UUID
    clinician_id: UUID | None = None
    capacity: int
    period_minutes: int = 30
    kind: str = Kind.CLINIC
    service: str = ""
    room: str = ""


def checked_offer(actor: User, offer: Offer, starts: time, ends: time) -> dict[str, Any]:
    """The fields of a template or a session, or the refusal that names what is wrong."""
    organisation = actor.acting_organisation
    department = organisation.departments.filter(pk=offer.department_id).first()
    if department is None:
        raise NotFound(_("Choose a department from the list."), path="department")
    if offer.kind not in Kind.values:
        raise Invalid(_("Choose what kind of session it is."), path="kind")
    if ends <= starts:
        raise Invalid(_("A session ends after it begins."), path="ends")
    _require_periods(offer, starts, ends)
    if offer.kind == Kind.EXAMINATION and not offer.service.strip():
        raise Invalid(_("Say which examination is done."), path="service")
    return {
        "department": department,
        "clinician": _clinician(organisation.pk, offer.clinician_id),
        "capacity": offer.capacity,
        "period_minutes": offer.period_minutes,
        "kind": offer.kind,
        "service": offer.service.strip(),
        "room": offer.room.strip(),
    }


def _require_periods(offer: Offer, starts: time, ends: time) -> None:
    if not 1 <= offer.capacity <= MOST:
        sentence = _("Between 1 and {most} places in each period.")
        raise Invalid(sentence.format(most=MOST), path="capacity")
    if not SHORTEST <= offer.period_minutes <= LONGEST:
        sentence = _("A period lasts {least} to {most} minutes.")
        raise Invalid(sentence.format(least=SHORTEST, most=LONGEST), path="period_minutes")
    whole = datetime.combine(date.min, ends) - datetime.combine(date.min, starts)
    if whole < timedelta(minutes=offer.period_minutes):
        raise Invalid(_("Not even one period fits between these hours."), path="ends")


def _clinician(organisation_id: UUID, clinician_id: UUID | None) -> User | None:
    if clinician_id is None:
        return None
    today = timezone.localdate()
    roles = PractitionerRole.objects.filter(
        organisation=organisation_id, user=clinician_id, role__in=CLINICAL
    )
    held = [role for role in roles.select_related("user__practitioner") if role.is_current(today)]
    if not held:
        raise NotFound(_("Choose a doctor from the list."), path="clinician")
    return held[0].user
