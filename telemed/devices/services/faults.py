"""A fault is reported and mended; the line is measured."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.intentions import refusing, require_intention
from telemed.devices.models import LinkTest, Ticket
from telemed.devices.queries import get_device, get_institution, institutions_of
from telemed.people.models import User

SHORTEST, LONGEST = 5, 200


def open_ticket(
    *, actor: User, organisation_id: UUID, text: str, device_id: UUID | None = None
) -> Ticket:
    """Of one device, or of the line. Raises Conflict where somebody looks after it already."""
    require_intention()
    organisation = get_institution(actor, organisation_id)
    device = get_device(actor, device_id) if device_id else None
    if device and device.organisation_id != organisation.pk:
        raise NotFound(_("There is no such device."), path="device")
    twice = Conflict(_("This fault was reported already and is still open."), path="text")
    with refusing(one_open_ticket_a_thing=twice):
        ticket = Ticket.objects.create(
            organisation=organisation, device=device, text=_said(text, "text"), opened_by=actor
        )
    audit.record(action="device.report", target=ticket)
    return ticket


def close_ticket(*, actor: User, ticket_id: UUID, done: str) -> Ticket:
    """Mended; what was done stays in the history. Closed twice is closed once."""
    require_intention()
    tickets = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=ticket_id, organisation__in=institutions_of(actor).values("pk")
    )
    ticket = tickets.first()
    if ticket is None:
        raise NotFound(_("There is no such report."), path="ticket")
    if ticket.closed_at:
        return ticket
    ticket.done, ticket.closed_at, ticket.closed_by = _said(done, "done"), timezone.now(), actor
    ticket.save(update_fields=["done", "closed_at", "closed_by"])
    audit.record(action="device.mend", target=ticket)
    return ticket


def note_link(*, actor: User, kbit_s: int, rtt_ms: int, lost: int, tries: int) -> LinkTest:
    """What a ready check measured where the actor works."""
    require_intention()
    if lost > tries:
        raise Invalid(_("More were lost than tried."), path="lost")
    test = LinkTest.objects.create(
        organisation=actor.acting_organisation,
        user=actor,
        kbit_s=kbit_s,
        rtt_ms=rtt_ms,
        lost=lost,
        tries=tries,
    )
    audit.record(action="link.test", target=test)
    return test


def _said(text: str, path: str) -> str:
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        message = _("Say it in {least} to {most} characters.")
        raise Invalid(message.format(least=SHORTEST, most=LONGEST), path=path)
    return text
