"""A colleague writes along: asked by who holds the case, who alone signs."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.opinions.models import CoWriter
from consult.opinions.queries import co_writers_of, to_ask_along
from consult.opinions.services import leases
from consult.opinions.services.drafting import case_of_holder, case_of_writer, find_open_draft
from consult.requests import permissions
from consult.requests.models import HELD, Case
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import User


def ask_co_writer(*, actor: User, case_id: UUID, user_id: UUID) -> CoWriter:
    """Asking somebody who writes along already changes nothing."""
    require_intention()
    case = case_of_holder(actor, case_id)
    _check_open(case)
    known = CoWriter.objects.filter(case=case, writer=user_id, ended_at=None).first()
    if known and known.asked_by_id == actor.pk and known.organisation_id == case.asked_id:
        return known
    colleague = next((one for one in to_ask_along(case) if one.doctor.pk == user_id), None)
    if colleague is None:
        message = _("Only a specialist of your hospital with a live licence can write along.")
        raise Invalid(message, path="user_id")
    if known:  # asked by who held the case before
        known.ended_at = timezone.now()
        known.save(update_fields=["ended_at"])
    asked = CoWriter.objects.create(
        case=case, writer=colleague.doctor, organisation=case.addressee, asked_by=actor
    )
    audit.record(action="opinion.ask_co_writer", target=case)
    notify(  # about the writer's part, not the case: its asking side reads who was told of that
        recipient=colleague.doctor,
        template="opinion.write_along",
        about=asked.pk,
        url=f"/cases/{case.pk}/",
        pressing=case.is_emergency,
        no=case.number,
        who=actor.name,
    )
    leases.ring_writers(case)
    return asked


def drop_co_writer(*, actor: User, case_id: UUID, user_id: UUID) -> None:
    """Taken back by who holds it, or given up by who writes along; what they saved stays."""
    require_intention()
    case = case_of_writer(actor, case_id)
    own = actor.pk == user_id
    require(
        own or permissions.is_holder(actor, case), _("Only who holds the consult takes it back.")
    )
    row = CoWriter.objects.filter(case=case, writer=user_id, ended_at=None).first()
    if row is None:
        return
    leases.ring_writers(case)
    leases.leave(case, row.writer)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    if case.holder and not co_writers_of(case):
        leases.leave(case, case.holder)  # nobody is kept out any more
    audit.record(action="opinion.drop_co_writer", target=case)


def _check_open(case: Case) -> None:
    """There is a text to write. Raises Conflict."""
    draft = find_open_draft(case)
    if draft is None and case.status not in HELD and not case.is_withdrawn:
        raise Conflict(_("This consult can't be answered any more."), path="status")
