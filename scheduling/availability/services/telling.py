"""Telling who keeps the sessions that a doctor may see nobody."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from scheduling.availability.landing import unlicensed_on
from scheduling.availability.models import Session, State
from scheduling.availability.to_stop import sessions_to_stop
from telemed.core import moments
from telemed.core.intentions import require_intention
from telemed.notifications.network import people_at
from telemed.notifications.services import notify
from telemed.organisations.models import Organisation
from telemed.people.models import Role, User

STOPPERS = (Role.DESK, Role.COORDINATOR, Role.HEAD)
TURNS = 32_000  # a day as a small number


def tell_to_stop(*, organisation_id: UUID, doctor_id: UUID) -> None:
    """The desk, the coordinators and the head; nothing where all is stopped meanwhile."""
    require_intention()
    groups = sessions_to_stop(organisation_id)
    group = next((one for one in groups if one.doctor.pk == doctor_id), None)
    if group is None:
        return
    facts = {"n": len(group.lines), "who": group.doctor.name, "reason": group.why}
    _tell(organisation_id, STOPPERS, "session.to_stop", group.doctor, "/sessions/to-stop/", facts)


def tell_withheld(*, organisation_id: UUID, doctor_id: UUID) -> None:
    """The administrators, once a day and doctor."""
    require_intention()
    rows = Session.objects.filter(
        organisation=organisation_id,
        clinician=doctor_id,
        state=State.PLANNED,
        release_at__lte=moments.now(),
        during__endswith__gt=moments.now(),
    ).select_related("clinician__practitioner", "department", "organisation")
    reasons = [unlicensed_on(one, one.day) for one in rows.order_by("during")]
    why = [reason for reason in reasons if reason]
    doctor = User.objects.filter(pk=doctor_id).first()
    if not why or doctor is None:
        return
    facts = {"n": len(why), "who": doctor.name, "reason": why[0]}
    url = f"/staff/{doctor.pk}/"
    _tell(organisation_id, (Role.ADMINISTRATOR,), "session.withheld", doctor, url, facts)


def _tell(
    organisation_id: UUID,
    roles: Sequence[str],
    template: str,
    doctor: User,
    url: str,
    facts: dict[str, Any],
) -> None:
    turn = timezone.localdate().toordinal() % TURNS
    organisation = Organisation.objects.get(pk=organisation_id)
    for recipient in people_at(organisation, roles):
        notify(
            recipient=recipient,
            template=template,
            about=doctor.pk,
            url=url,
            turn=turn,
            desk=organisation_id,
            **facts,
        )
