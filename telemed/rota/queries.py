"""
Who is on duty, and what a person may see of a rota. Each is one query.

Whether a licence lets somebody act is `licences.why_not`: it may have ended since the rota was
published.
"""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import NotFound
from telemed.organisations.models import Organisation
from telemed.people.models import PractitionerRole, User
from telemed.rota.models import HandOver, Rota, Shift, Swap, month_of
from telemed.rota.permissions import KEEPERS, may_keep, may_read

CALLS = (Shift.Kind.FIRST_CALL, Shift.Kind.SECOND_CALL)
IN_CALLING_ORDER = ("kind", "during", "pk")  # first_call sorts before second_call


def on_duty(organisation: Organisation, specialty: str, at: datetime | None = None) -> list[User]:
    """Whom to call for a specialty, first call first; with licence and presence."""
    return [shift.user for shift in _calls(organisation, specialty, at)]


def called_now(
    organisations: Collection[UUID], specialty: str, at: datetime | None = None
) -> dict[UUID, set[UUID]]:
    """By institution, whom its rota calls now for a specialty; for any, where none is named."""
    moment = at or timezone.now()
    shifts = Shift.objects.everywhere(moment).filter(
        rota__organisation__in=organisations, kind__in=CALLS
    )
    if specialty:
        shifts = shifts.filter(specialty=specialty)
    called: dict[UUID, set[UUID]] = {}
    for organisation, user in shifts.values_list("rota__organisation", "user"):
        called.setdefault(organisation, set()).add(user)
    return called


def duty_director(organisation: Organisation, at: datetime | None = None) -> User | None:
    """Who steps in when nobody on duty answers."""
    shifts = Shift.objects.at(organisation, at or timezone.now())
    shift = shifts.filter(kind=Shift.Kind.DIRECTOR).select_related("user").first()
    return shift.user if shift else None


def is_on_duty(user: User, at: datetime | None = None) -> bool:
    """Whether a published shift of this person, anywhere, covers the moment."""
    mine = Shift.objects.filter(user=user, in_force=True)
    return mine.filter(during__contains=at or timezone.now()).exists()


def has_rota(organisation_id: UUID | None, at: datetime | None = None) -> bool:
    """Whether an institution has published the month of that moment."""
    month = month_of(at or timezone.now())
    published = Rota.objects.filter(organisation=organisation_id, state=Rota.State.PUBLISHED)
    return published.filter(month=month).exists()


def next_on_duty(
    organisation: Organisation, specialty: str, after: datetime | None = None
) -> Shift | None:
    """The first-call shift that begins next, with its person."""
    ahead = Shift.objects.filter(
        rota__organisation=organisation,
        in_force=True,
        specialty=specialty,
        kind=Shift.Kind.FIRST_CALL,
        during__startswith__gt=after or timezone.now(),
        user__is_active=True,
    )
    return ahead.select_related("user").order_by("during").first()


def duty_phone(organisation: Organisation, specialty: str = "", at: datetime | None = None) -> str:
    """The number to ring for a specialty: what the shift says, else the institution's."""
    said = _calls(organisation, specialty, at).exclude(phone="")
    return said.values_list("phone", flat=True).first() or organisation.phone


def _calls(organisation: Organisation, specialty: str, at: datetime | None) -> QuerySet[Shift]:
    shifts = Shift.objects.at(organisation, at or timezone.now())
    calls = shifts.filter(specialty=specialty, kind__in=CALLS)
    return calls.select_related("user__practitioner", "user__presence").order_by(*IN_CALLING_ORDER)


def get_rota(actor: User, rota_id: UUID, *, lock: bool = False) -> Rota:
    """A month of the actor's own institution; a draft only for who keeps it."""
    rotas = Rota.objects.filter(organisation=actor.organisation_id).select_related("organisation")
    if not may_keep(actor):
        rotas = rotas.exclude(state=Rota.State.DRAFT)
    if lock:
        rotas = rotas.select_for_update(of=("self",))  # with its key: a draft may be deleted
    rota = rotas.filter(pk=rota_id).first() if may_read(actor) else None
    if rota is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Rota/{rota_id}")
    return rota


def find_month(actor: User, month: date) -> dict[str, Rota]:
    """The draft and the published version of a month, by state, as far as the actor sees them."""
    if not may_read(actor):
        return {}
    states = [Rota.State.PUBLISHED, *([Rota.State.DRAFT] if may_keep(actor) else [])]
    rotas = Rota.objects.filter(organisation=actor.organisation_id, month=month, state__in=states)
    return {rota.state: rota for rota in rotas.select_related("organisation", "published_by")}


def shifts_of(user: User, *, limit: int = 60) -> list[Shift]:
    """The shifts of a person that have not ended, soonest first."""
    ahead = Shift.objects.filter(user=user, in_force=True, during__endswith__gt=timezone.now())
    return list(ahead.select_related("rota__organisation").order_by("during")[:limit])


def swaps_of(user: User, *, limit: int = 40) -> list[Swap]:
    """What this person asked or was asked, and waits for an answer; newest first."""
    waiting = Swap.objects.filter(Q(asked_by=user) | Q(colleague=user), state=Swap.State.ASKED)
    related = ("shift__rota__organisation", "in_return", "asked_by", "colleague")
    return list(waiting.select_related(*related).order_by("-pk")[:limit])


def swaps_in(rota: Rota, *, limit: int = 40) -> list[Swap]:
    """What changed hands in a month, and what is asked; for who keeps the rota."""
    shown = [Swap.State.ASKED, Swap.State.SWAPPED]
    swaps = Swap.objects.filter(shift__rota=rota, state__in=shown)
    related = ("shift", "in_return", "asked_by", "colleague")
    return list(swaps.select_related(*related).order_by("-pk")[:limit])


def get_any_rota(rota_id: UUID) -> Rota:
    """For the system's own steps (events), where no person asks."""
    return Rota.objects.select_related("organisation").get(pk=rota_id)


def get_swap(swap_id: UUID) -> Swap:
    """For the system's own steps (events), where no person asks."""
    related = ("shift__rota__organisation", "in_return", "asked_by", "colleague")
    return Swap.objects.select_related(*related).get(pk=swap_id)


def people_of(rota_id: UUID) -> list[User]:
    """Everybody who has a shift in a version of a rota."""
    shifts = Shift.objects.filter(rota=rota_id)
    return list(User.objects.filter(pk__in=shifts.values("user"), is_active=True).order_by("pk"))


def keepers_of(organisation: Organisation) -> list[User]:
    """Coordinators and duty directors of an institution, now."""
    held = PractitionerRole.objects.filter(
        organisation=organisation, role__in=KEEPERS, ends_on=None
    )
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def get_own_shift(actor: User, shift_id: UUID) -> Shift:
    """A shift in force of the actor's own."""
    shifts = Shift.objects.filter(pk=shift_id, user=actor, in_force=True)
    shift = shifts.select_related("rota__organisation", "user").first()
    if shift is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return shift


def find_shift(shift_id: UUID) -> Shift | None:
    return Shift.objects.filter(pk=shift_id, in_force=True).first()


def hand_overs_of(user: User, *, limit: int = 10) -> list[HandOver]:
    """What this person hands on or takes over and is not acknowledged yet."""
    waiting = HandOver.objects.filter(
        Q(outgoing=user) | Q(incoming=user), acknowledged_at=None
    ).select_related("shift", "outgoing", "incoming")
    return list(waiting.order_by("-pk")[:limit])


def get_hand_over(hand_over_id: UUID) -> HandOver:
    """Whether somebody may see it: `services.handing_over.may_see`. Raises NotFound."""
    related = ("shift__rota__organisation", "outgoing", "incoming")
    found = HandOver.objects.select_related(*related).filter(pk=hand_over_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return found


def calls_between(
    users: Collection[UUID], start: datetime, end: datetime
) -> list[tuple[UUID, datetime, datetime]]:
    """When each of several people has a shift, anywhere, between two moments."""
    shifts = Shift.objects.filter(
        user__in=users, in_force=True, during__overlap=DateTimeTZRange(start, end)
    )
    return [(shift.user_id, shift.starts_at, shift.ends_at) for shift in shifts.order_by("during")]
