"""Devices for those who may look: which are idle, and what is known of a clinic."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core import policies
from telemed.core.errors import Invalid, NotFound
from telemed.devices import rules
from telemed.devices.models import Device, LinkTest, Ticket
from telemed.devices.permissions import RUNNING, sees_devices
from telemed.organisations.models import Agreement, Organisation
from telemed.people.models import Role, User

PAGE = 30
LAST_TESTS, LAST_TICKETS = 30, 20
MOST = 300  # devices of one institution on its page
SINCE = Coalesce(F("used_at"), F("created_at"))


def institutions_of(actor: User) -> QuerySet[Organisation]:
    """
    An authority's people: those in their place. A hospital's coordinators: their own and who may
    ask it. Those who run an institution: their own.
    """
    here = actor.organisation
    places = Organisation.objects.filter(active=True)
    if here is None or not sees_devices(actor):
        return places.none()
    if here.kind == Organisation.Kind.AUTHORITY:
        return places.filter(division__code__startswith=here.division_id.rstrip("0"))
    own = Q(pk=here.pk)
    if actor.role == Role.COORDINATOR:
        agreed = Agreement.objects.in_force(timezone.localdate()).filter(asked=here)
        return places.filter(own | Q(pk__in=agreed.values("asking")))
    return places.filter(own) if actor.role in RUNNING else places.none()


def get_institution(actor: User, organisation_id: UUID) -> Organisation:
    """One that the actor may look at. Hidden and absent look the same."""
    found = institutions_of(actor).filter(pk=organisation_id).select_related("division").first()
    if found is None:
        raise NotFound(_("There is no such institution."), path="organisation")
    return found


def get_device(actor: User, device_id: UUID, *, lock: bool = False) -> Device:
    """One device in use that the actor may look at. Hidden, retired and absent look the same."""
    devices = Device.objects.filter(
        retired_at=None, organisation__in=institutions_of(actor).values("pk")
    ).select_related("organisation")
    if lock:
        devices = devices.select_for_update(of=("self",), no_key=True)
    found = devices.filter(pk=device_id).first()
    if found is None:
        raise NotFound(_("There is no such device."), path="device")
    return found


def idle_before(at: datetime | None = None) -> datetime:
    """Whose last use lies before that moment is idle, now or at a moment that is over."""
    return (at or timezone.now()) - policies.value(rules.IDLE)


@dataclass(frozen=True)
class Line:
    """A device as lists show it."""

    device: Device
    days: int
    idle: bool
    ticket: bool


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    idle: int
    after: str


def list_devices(actor: User, *, show: str = "", text: str = "", after: str = "") -> Page:
    """Whose last use is longest ago first, a page at a time. `show` is "", "idle" or "ticket"."""
    seen = _known().filter(organisation__in=institutions_of(actor).values("pk"))
    idle = seen.filter(Q(since__lt=idle_before()))
    found = seen
    if show == "idle":
        found = idle
    elif show == "ticket":
        found = seen.filter(Q(open_ticket=True))
    if text:
        named = Q(name__icontains=text) | Q(serial__icontains=text)
        found = found.filter(named | Q(organisation__name__icontains=text))
    if after:
        since, last = _mark(after)
        found = found.filter(Q(since__gt=since) | Q(since=since, pk__gt=last))
    rows = list(found.order_by(F("since").asc(), "pk")[: PAGE + 1])
    lines = _lines(rows[:PAGE])
    return Page(lines, idle.count(), str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")


def idle_in(prefix: str, actor: User, limit: int = 10) -> tuple[list[Line], int]:
    """The longest idle in a place, for the page of silent institutions, and how many there are."""
    seen = _known().filter(organisation__in=institutions_of(actor).values("pk"))
    idle = seen.filter(Q(since__lt=idle_before()))
    if prefix:
        idle = idle.filter(organisation__division__code__startswith=prefix)
    return _lines(list(idle.order_by(F("since").asc(), "pk")[:limit])), idle.count()


@dataclass(frozen=True)
class Standing:
    """How many devices of an institution stood idle, of how many, and for how many it said why."""

    idle: int
    all: int
    said: int


def idle_at(moment: datetime) -> dict[UUID, Standing]:
    """By institution, those idle at a moment that is over and not used since."""
    stands = Q(since__lt=idle_before(moment))
    there = _known().filter(organisation__active=True, created_at__lt=moment)
    counted = (
        there.order_by()
        .values("organisation")
        .annotate(
            idle=Count("pk", filter=stands),
            all=Count("pk"),
            said=Count("pk", filter=stands & ~Q(reason="")),
        )
    )
    rows = counted.filter(idle__gt=0).values_list("organisation", "idle", "all", "said")
    return {owner: Standing(*counts) for owner, *counts in rows}


def _known() -> QuerySet[Device]:
    waiting = Ticket.objects.filter(device=OuterRef("pk"), closed_at=None)
    facts: dict[str, Any] = {"since": SINCE, "open_ticket": Exists(waiting)}
    devices = Device.objects.filter(retired_at=None).annotate(**facts)
    return devices.select_related("organisation__division")


def _lines(devices: list[Device]) -> list[Line]:
    now, limit = timezone.now(), idle_before()
    return [
        Line(
            device=one,
            days=(now - (one.used_at or one.created_at)) // timedelta(days=1),
            idle=(one.used_at or one.created_at) < limit,
            ticket=bool(getattr(one, "open_ticket", False)),
        )
        for one in devices
    ]


def _mark(after: str) -> tuple[datetime, UUID]:
    try:
        found = Device.objects.filter(pk=UUID(after)).first()
    except ValueError:
        found = None
    if found is None:
        raise Invalid(_("This page of the list does not exist."), path="after")
    return found.used_at or found.created_at, found.pk


@dataclass(frozen=True)
class Clinic:
    """What is known of one institution's devices and line."""

    organisation: Organisation
    lines: list[Line]
    tickets: list[Ticket]
    done: list[Ticket]
    tests: list[LinkTest]

    @property
    def link_ticket(self) -> bool:
        """Somebody looks after the line already."""
        return any(ticket.device_id is None for ticket in self.tickets)

    @property
    def reportable(self) -> bool:
        """Whether anything is left that nobody looks after."""
        return not self.link_ticket or any(not line.ticket for line in self.lines)


def look_at(organisation: Organisation) -> Clinic:
    devices = _known().filter(organisation=organisation).order_by(F("since").asc(), "pk")[:MOST]
    tickets = Ticket.objects.filter(organisation=organisation).select_related(
        "device", "opened_by", "closed_by"
    )
    tests = LinkTest.objects.filter(organisation=organisation).select_related("user")
    return Clinic(
        organisation=organisation,
        lines=_lines(list(devices)),
        tickets=list(tickets.filter(closed_at=None).order_by("-pk")[:LAST_TICKETS]),
        done=list(tickets.exclude(closed_at=None).order_by("-pk")[:LAST_TICKETS]),
        tests=list(tests.order_by("-pk")[:LAST_TESTS]),
    )
