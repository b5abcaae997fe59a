"""Writing an agreement: draft, propose, counter, reject."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from telemed.core import outbox
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import Actor, refusing, require_intention
from telemed.core.reasons import checked_reason
from telemed.organisations.events import AgreementProposed, AgreementRejected
from telemed.organisations.models import (
    Agreement,
    AgreementService,
    Organisation,
    Service,
)
from telemed.organisations.models.agreements import AgreementState as State
from telemed.organisations.models.agreements import day_range
from telemed.organisations.permissions import (
    AGREEMENT_WRITERS,
    may_answer_agreement,
    may_write_agreement,
)
from telemed.organisations.queries.agreements import get_agreement
from telemed.organisations.services.steps import take_step

MOST_PRICE = 10_000_000  # fen
LONGEST_TEXT = 8_000
SHORTEST_TEXT = 20
FULL = 100


@dataclass(frozen=True, kw_only=True)
class Line:
    """One service: price in fen a unit, and the shares in per cent."""

    service: str
    price: int
    unit: str = AgreementService.Unit.CASE
    asking_share: int = 0
    asked_share: int = FULL
    platform_share: int = 0


@dataclass(frozen=True, kw_only=True)
class Content:
    """What the two sides agree on."""

    starts_on: date
    ends_on: date
    text: str
    lines: tuple[Line, ...]
    asking_contact: str = ""
    asked_contact: str = ""
    platform: bool = False


def draft_agreement(
    *, actor: Actor, asking: Organisation, asked: Organisation, content: Content
) -> Agreement:
    """A new agreement; only the writer's side sees it until it is proposed."""
    require_intention()
    may = actor.role in AGREEMENT_WRITERS and actor.organisation_id in (asking.pk, asked.pk)
    require(may, _not_yours())
    if asking.pk == asked.pk:
        raise Invalid(_("Choose another institution."), path="partner")
    agreement = Agreement(asking=asking, asked=asked, version=1, state=State.DRAFT)
    return _write(actor, agreement, content, "draft")


def renew_agreement(*, actor: Actor, agreement_id: UUID, content: Content) -> Agreement:
    """A draft of the next version of an agreement that was signed; the old one holds until then."""
    require_intention()
    old = get_agreement(actor, agreement_id, lock=True)
    require(may_write_agreement(actor, old), _not_yours())
    if old.state not in {State.ACTIVE, State.SUSPENDED, State.EXPIRED, State.TERMINATED}:
        raise Conflict(_("Only an agreement that was in force can be renewed."), path="state")
    return _write(actor, _next_version(old), content, "draft")


def revise_draft(*, actor: Actor, agreement_id: UUID, content: Content) -> Agreement:
    require_intention()
    agreement = get_agreement(actor, agreement_id, lock=True)
    require(may_write_agreement(actor, agreement), _not_yours())
    if agreement.state != State.DRAFT:
        raise Conflict(_("It was proposed already; write a counter-proposal."), path="state")
    return _write(actor, agreement, content, "revise")


def propose_agreement(*, actor: Actor, agreement_id: UUID) -> Agreement:
    """From here the text stands: both sides see it, and what is signed is this."""
    require_intention()
    agreement = get_agreement(actor, agreement_id, lock=True)
    require(may_write_agreement(actor, agreement), _not_yours())
    agreement.become(State.PROPOSED, pgettext("verb", "propose"))
    return _propose(actor, agreement, "propose")


def counter_agreement(*, actor: Actor, agreement_id: UUID, content: Content) -> Agreement:
    """The other side's own text, as the next version; the first can no longer be signed."""
    require_intention()
    old = get_agreement(actor, agreement_id, lock=True)
    require(may_answer_agreement(actor, old), _("The side that proposed it waits for an answer."))
    old.become(State.COUNTERED, pgettext("verb", "counter"))
    take_step(actor=actor, agreement=old, action="counter", fields=())
    agreement = _write(actor, _next_version(old), content, "draft")
    agreement.become(State.PROPOSED, pgettext("verb", "propose"))
    return _propose(actor, agreement, "propose")


def reject_agreement(*, actor: Actor, agreement_id: UUID, reason: str) -> Agreement:
    require_intention()
    agreement = get_agreement(actor, agreement_id, lock=True)
    require(
        may_answer_agreement(actor, agreement),
        _("The side that proposed it waits for an answer."),
    )
    reason = checked_reason(reason)
    agreement.become(State.REJECTED, pgettext("verb", "reject"))
    take_step(actor=actor, agreement=agreement, action="reject", reason=reason, fields=())
    outbox.announce(AgreementRejected(agreement_id=agreement.pk, by=str(actor.organisation_id)))
    return agreement


def check_overlap(agreement: Agreement) -> None:
    """Refuses when another agreement that is signed or in force has one of its services."""
    others = AgreementService.objects.filter(
        asking=agreement.asking,
        asked=agreement.asked,
        service__in=[line.service for line in agreement.services.all()],
        during__overlap=day_range(agreement.starts_on, agreement.ends_on),
        agreement__state__in=[State.SIGNED, State.ACTIVE],
    )
    if others.exclude(agreement__series=agreement.series).exists():
        raise overlap()


def overlap() -> Conflict:
    return Conflict(_("An agreement for this service is already in force."), path="services")


def _not_yours() -> str:
    return _("Agreements are written by the administrator or coordinator of either side.")


def _next_version(old: Agreement) -> Agreement:
    newest = Agreement.objects.filter(series=old.series).order_by("-version").first() or old
    return Agreement(
        asking=old.asking,
        asked=old.asked,
        series=old.series,
        version=newest.version + 1,
        state=State.DRAFT,
    )


def _write(actor: Actor, agreement: Agreement, content: Content, action: str) -> Agreement:
    """Everything anew, the services too."""
    _check(content)
    agreement.author_id = actor.organisation_id
    agreement.starts_on, agreement.ends_on = content.starts_on, content.ends_on
    agreement.text = "\n".join(content.text.strip().splitlines())  # browsers send \r\n
    agreement.asking_contact = content.asking_contact.strip()
    agreement.asked_contact = content.asked_contact.strip()
    agreement.platform = content.platform
    with refusing(
        one_version_on_the_table=Conflict(
            _("Another version is waiting already; open that one."), path="state"
        )
    ):
        agreement.save()
    agreement.services.all().delete()
    AgreementService.objects.bulk_create(
        AgreementService(
            agreement=agreement,
            asking=agreement.asking,
            asked=agreement.asked,
            during=day_range(content.starts_on, content.ends_on),
            **vars(line),
        )
        for line in content.lines
    )
    agreement = get_agreement(actor, agreement.pk)
    take_step(actor=actor, agreement=agreement, action=action, fields=())
    return agreement


def _propose(actor: Actor, agreement: Agreement, action: str) -> Agreement:
    if agreement.ends_on < timezone.localdate():
        raise Invalid(_("The last day has passed."), path="ends_on")
    check_overlap(agreement)
    agreement.author_id = actor.organisation_id
    agreement.digest = agreement.compute_digest()
    take_step(actor=actor, agreement=agreement, action=action, fields=("author", "digest"))
    outbox.announce(AgreementProposed(agreement_id=agreement.pk, by=str(actor.organisation_id)))
    return agreement


def _check(content: Content) -> None:
    if content.ends_on < content.starts_on:
        raise Invalid(_("The last day is before the first."), path="ends_on")
    length = len(content.text.strip())
    if not SHORTEST_TEXT <= length <= LONGEST_TEXT:
        refusal = _("The text has {n} characters; it needs {least} to {most}.")
        bounds = {"least": SHORTEST_TEXT, "most": LONGEST_TEXT}
        raise Invalid(refusal.format(n=length, **bounds), path="text")
    if not content.lines:
        raise Invalid(_("Choose at least one service."), path="services")
    if len({line.service for line in content.lines}) < len(content.lines):
        raise Invalid(_("Each service once."), path="services")
    for line in content.lines:
        _check_line(line, content.platform)


def _check_line(line: Line, platform: bool) -> None:
    if line.service not in Service.values or line.unit not in AgreementService.Unit.values:
        raise Invalid(_("There is no such service."), path="services")
    if not 0 <= line.price <= MOST_PRICE:
        raise Invalid(_("The price is out of bounds."), path=f"price_{line.service}")
    shares = (line.asking_share, line.asked_share, line.platform_share)
    if min(shares) < 0 or sum(shares) != FULL:
        raise Invalid(_("The shares must add up to 100 %."), path=f"shares_{line.service}")
    if line.platform_share and not platform:
        refusal = _("The platform takes a share only as a party to the agreement.")
        raise Invalid(refusal, path=f"shares_{line.service}")
