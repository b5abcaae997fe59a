"""Green channels that somebody may see, and their stamps."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.greens.models import OPEN, Green, Stamp
from scheduling.greens.permissions import STAFF
from scheduling.greens.policies import ACKNOWLEDGE
from scheduling.referrals import queries as referrals
from scheduling.referrals.models import Referral, Round
from scheduling.referrals.models import Status as Referred
from telemed.core.clocks import find_next
from telemed.core.errors import NotFound
from telemed.people.models import User

READ_WITH = (
    *("referral__patient", "referral__sending", "referral__sender"),
    *("referral__organisation", "referral__department", "acknowledged_by", "ended_by"),
)
LIST, RECENT = 100, 20


def visible_to(actor: User) -> QuerySet[Green]:
    """Those of the referrals that this account may know of; a page for who works on it."""
    if actor.role not in STAFF:
        return Green.objects.none()
    mine = referrals.visible_to(actor).values("pk")
    return Green.objects.filter(referral__in=mine).select_related(*READ_WITH)


def get_green(actor: User, green_id: UUID, *, lock: bool = False) -> Green:
    """One that the actor may know of. Hidden and absent look the same."""
    found = visible_to(actor).filter(pk=green_id).first()
    if found and lock:
        lock_green(green_id)
        found = visible_to(actor).filter(pk=green_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Green/{green_id}")
    return found


def lock_green(green_id: UUID) -> Green:
    """The referral first, then this row: the order of everybody. For a clock or an event alone."""
    referral_id = Green.objects.filter(pk=green_id).values_list("referral", flat=True).get()
    Referral.objects.select_for_update(no_key=True).get(pk=referral_id)
    Green.objects.select_for_update(no_key=True).get(pk=green_id)
    return Green.objects.select_related(*READ_WITH).get(pk=green_id)


def find_by_referral(referral_id: UUID) -> UUID | None:
    return Green.objects.filter(referral=referral_id).values_list("pk", flat=True).first()


def stamps_of(green: Green, *, all_of_them: bool = False) -> list[Stamp]:
    """Those that count; with the corrected ones, in the order in which they were made."""
    rows = green.stamps.select_related("by", "organisation", "corrected_by")
    if not all_of_them:
        rows = rows.filter(corrected_by=None)
    return list(rows.order_by("created_at", "pk"))


def moments_of(green: Green) -> dict[str, datetime]:
    """When each station was stamped."""
    return {one.station: one.at for one in stamps_of(green)}


def board_of(actor: User) -> list[Green]:
    """What is open, the longest under way first."""
    rows = visible_to(actor).filter(status__in=OPEN).prefetch_related("stamps")
    return list(rows.order_by("contact_at", "pk")[:LIST])


def recent_of(actor: User) -> list[Green]:
    rows = visible_to(actor).exclude(status__in=OPEN)
    return list(rows.order_by("-contact_at", "-pk")[:RECENT])


def live_of(actor: User, patient: Patient) -> Green | None:
    """What is open about that person."""
    rows = visible_to(actor).filter(referral__person_key=patient.pk, status__in=OPEN)
    return rows.order_by("-contact_at").first()


def is_missed(green: Green) -> bool:
    """On the road for longer than was said; nobody has entered what became of them."""
    return green.is_open and green.referral.status == Referred.NOT_ARRIVED


def open_of(person_key: UUID) -> list[UUID]:
    rows = Green.objects.filter(referral__person_key=person_key, status__in=OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def called_rounds(green: Green) -> list[Round]:
    """Who was called and may acknowledge."""
    return referrals.open_rounds(green.referral)


def acknowledge_by(green: Green) -> datetime | None:
    """Until when; afterwards the next rung of its ladder."""
    clock = find_next(green.pk, ACKNOWLEDGE)
    return clock.due_at if clock else None
