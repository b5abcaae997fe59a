"""Who may ask whom, why not, and whom else."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import NotFound
from telemed.core.intentions import Actor
from telemed.organisations.models import (
    Agreement,
    AgreementService,
    Department,
    Organisation,
    Service,
)
from telemed.organisations.permissions import AGREEMENT_READERS, OVERSEERS
from telemed.organisations.queries.distances import EARTH, distance, locate


def find_agreement(
    asking: Organisation, asked: Organisation, service: str = Service.CONSULT
) -> Agreement | None:
    """The agreement in force today between the two, or None."""
    return _in_force(asking, service, timezone.localdate()).filter(asked=asked).first()


def _in_force(asking: Organisation, service: str, day: date) -> QuerySet[Agreement]:
    included = AgreementService.objects.filter(agreement=OuterRef("pk"), service=service)
    agreements = Agreement.objects.in_force(day).filter(Exists(included), asking=asking)
    return agreements.select_related("asked").prefetch_related("services")


@dataclass(frozen=True)
class Partner:
    """A hospital that an institution has, or had, an agreement with."""

    organisation: Organisation
    agreement: Agreement
    in_force: bool
    service: str = Service.CONSULT

    @property
    def price(self) -> int:
        """In fen."""
        return self.agreement.price_of(self.service)

    @property
    def fee(self) -> str:
        """The price in yuan."""
        return f"{self.price / 100:.0f}"


def partners_with_state(asking: Organisation, service: str = Service.CONSULT) -> list[Partner]:
    """Whom it may ask today first, then those whose agreement ran out; the newest of each."""
    today = timezone.localdate()
    included = AgreementService.objects.filter(agreement=OuterRef("pk"), service=service)
    begun = Agreement.objects.filter(
        Exists(included), asking=asking, starts_on__lte=today, activated_at__isnull=False
    )
    newest: dict[UUID, Agreement] = {}
    for agreement in begun.select_related("asked").prefetch_related("services").order_by("-pk"):
        known = newest.get(agreement.asked_id)
        if known is None or (_holds(agreement, today) and not _holds(known, today)):
            newest[agreement.asked_id] = agreement
    partners = [
        Partner(agreement.asked, agreement, _holds(agreement, today), service)
        for agreement in newest.values()
    ]
    return sorted(partners, key=lambda p: (not p.in_force, p.organisation.number))


def partners_below(asked: Organisation, service: str = Service.CONSULT) -> list[Organisation]:
    """Who may ask this institution today: the clinics around a hospital."""
    included = AgreementService.objects.filter(agreement=OuterRef("pk"), service=service)
    agreements = Agreement.objects.in_force(timezone.localdate())
    rows = agreements.filter(Exists(included), asked=asked).select_related("asking")
    return list({one.asking_id: one.asking for one in rows.order_by("pk")}.values())


def _holds(agreement: Agreement, day: date) -> bool:
    active = agreement.state == Agreement.State.ACTIVE
    return active and agreement.starts_on <= day <= agreement.last_day


def why_no_agreement(
    asking: Organisation, asked: Organisation, service: str, day: date | None = None
) -> str:
    """
    One sentence that says why `asking` may not ask `asked` for a service on that day (today).

    Empty where it may: never had one, not yet in force, suspended, expired, not included.
    """
    day = day or timezone.localdate()
    between = Agreement.objects.filter(asking=asking, asked=asked).prefetch_related("services")
    agreements = list(between.order_by("-pk"))
    included = [a for a in agreements if any(s.service == service for s in a.services.all())]
    if any(_holds(a, day) for a in included):
        return ""
    if any(_holds(a, day) for a in agreements):
        refusal = _("The agreement with {org} does not include this service: {service}.")
        return refusal.format(org=asked.name, service=Service(service).label)
    return _why_not_in_force(included, asked, day)


def _why_not_in_force(agreements: list[Agreement], asked: Organisation, day: date) -> str:
    found = [reason for a in agreements if (reason := _reason(a, asked.name, day))]
    if not found:
        return _("There is no agreement with {org}.").format(org=asked.name)
    return min(found)[1]


def _reason(agreement: Agreement, org: str, day: date) -> tuple[int, str] | None:
    """How near it is to holding (lower is nearer), and what is in the way."""
    state = Agreement.State
    first, last = f"{agreement.starts_on:%Y-%m-%d}", f"{agreement.last_day:%Y-%m-%d}"
    match agreement.state:
        case state.SUSPENDED:
            return 0, _suspended(agreement, org)
        case state.ACTIVE | state.SIGNED if agreement.starts_on > day:
            return 1, _("The agreement with {org} is in force from {day}.").format(
                org=org, day=first
            )
        case state.TERMINATED:
            return 3, _("The agreement with {org} was terminated on {day}.").format(
                org=org, day=last
            )
        case state.ACTIVE | state.EXPIRED:
            return 2, _("The agreement with {org} ended on {day}.").format(org=org, day=last)
        case state.PROPOSED:
            return 4, _("The agreement with {org} is not signed yet.").format(org=org)
    return None


def _suspended(agreement: Agreement, org: str) -> str:
    step = agreement.steps.filter(action="suspend").order_by("-pk").first()
    if step is None:
        return _("The agreement with {org} is suspended.").format(org=org)
    since = f"{timezone.localdate(step.created_at):%Y-%m-%d}"
    return _("The agreement with {org} is suspended since {day}.").format(org=org, day=since)


@dataclass(frozen=True)
class Alternative:
    """Another institution that may be asked. `distance`: km as the crow flies, None: unknown."""

    organisation: Organisation
    agreement: Agreement
    price: int
    distance: int | None

    @property
    def fee(self) -> str:
        """The price in yuan."""
        return f"{self.price / 100:.0f}"


def alternatives(
    asking: Organisation, service: str, specialty: str = "", day: date | None = None
) -> list[Alternative]:
    """Who else may be asked for a service (of a specialty) on that day; the nearest first."""
    agreements = _in_force(asking, service, day or timezone.localdate())
    if specialty:
        held = Department.objects.filter(organisation=OuterRef("asked"), specialty=specialty)
        agreements = agreements.filter(Exists(held))
    found = list(agreements)
    there = locate([asking.division_id, *(agreement.asked.division_id for agreement in found)])
    known = [
        Alternative(
            a.asked,
            a,
            a.price_of(service),
            distance(there, asking.division_id, a.asked.division_id),
        )
        for a in found
    ]
    far = EARTH * 4
    return sorted(known, key=lambda a: (far if a.distance is None else a.distance, a.price))


def visible_to(actor: Actor) -> QuerySet[Agreement]:
    """Those of the own institution; all but drafts for who runs the province."""
    if actor.organisation_id is None:
        return Agreement.objects.none()
    own = Organisation.objects.filter(pk=actor.organisation_id).first()
    if own and own.kind == Organisation.Kind.AUTHORITY and actor.role in OVERSEERS:
        inside = Q(asking__division__code__startswith=own.division_id)
        inside |= Q(asked__division__code__startswith=own.division_id)
        return Agreement.objects.filter(inside).exclude(state=Agreement.State.DRAFT)
    if actor.role in AGREEMENT_READERS:
        return Agreement.objects.of(actor.organisation_id)
    return Agreement.objects.none()


def get_agreement(actor: Actor, agreement_id: UUID, *, lock: bool = False) -> Agreement:
    """One version that the actor may see. Hidden and absent look the same."""
    agreements = visible_to(actor).select_related("asking", "asked", "author", "suspended_by")
    if lock:
        agreements = agreements.select_for_update(of=("self",), no_key=True)
    agreement = agreements.prefetch_related("services").filter(pk=agreement_id).first()
    if agreement is None:
        raise NotFound(_("There is no such agreement."), path="agreement")
    return agreement


PAGE = 30


@dataclass(frozen=True)
class Page:
    """`after`: where the next page begins, None at the end."""

    rows: list[Agreement]
    after: UUID | None


def list_agreements(
    actor: Actor, *, state: str = "", service: str = "", text: str = "", after: UUID | None = None
) -> Page:
    """Newest first. `text` is part of the name of a side."""
    agreements = visible_to(actor)
    if state:
        agreements = agreements.filter(state=state)
    else:
        agreements = agreements.exclude(state=Agreement.State.COUNTERED)
    if service:
        agreements = agreements.filter(services__service=service)
    if text := text.strip():
        named = Q(asking__name__icontains=text) | Q(asked__name__icontains=text)
        initials = text.casefold()
        named |= Q(asking__pinyin_initials__startswith=initials)
        agreements = agreements.filter(named | Q(asked__pinyin_initials__startswith=initials))
    if after:
        agreements = agreements.filter(pk__lt=after)
    known = agreements.select_related("asking", "asked").prefetch_related("services")
    found = list(known.order_by("-pk")[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


SOON = timedelta(days=30)


def list_waiting(actor: Actor) -> list[Agreement]:
    """What a side has to look at: proposals, and what ends within 30 days."""
    if actor.role not in AGREEMENT_READERS:
        return []
    today = timezone.localdate()
    ending = Q(state=Agreement.State.ACTIVE, ends_on__range=(today, today + SOON))
    waiting = Agreement.objects.of(actor.organisation_id).filter(
        ending | Q(state=Agreement.State.PROPOSED)
    )
    known = waiting.select_related("asking", "asked").prefetch_related("services")
    return list(known.order_by("-state", "ends_on", "pk")[:PAGE])


def list_versions(actor: Actor, series: UUID) -> list[Agreement]:
    """All versions of one agreement that the actor may see, the newest first."""
    versions = visible_to(actor).filter(series=series).select_related("author")
    return list(versions.prefetch_related("services").order_by("-version"))
