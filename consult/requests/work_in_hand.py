"""What a doctor has in hand of cases, for who closes an account or hands a shift over."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.requests.models import HELD, UNANSWERED, Case, Kind, Offer
from consult.requests.services import give_case, move_case, move_offer, move_seat
from telemed.core.intentions import Actor
from telemed.people import open_work
from telemed.people.models import User
from telemed.people.open_work import Item

AT_ONCE = 100  # things of one sort that a list shows
SEAT = Q(role=Offer.Role.EXPERT) | Q(case__kind=Kind.MDT, case__status__in=UNANSWERED)
TO_COME = Q(case__status__in=[*UNANSWERED, *HELD])


def register() -> None:
    """Called in ready(): what is held, what is asked, and seats in joint consults."""
    open_work.register("case", held, move, label=gettext_lazy("consults"), giver=give)
    open_work.register("case.offer", asked, move_asked, label=gettext_lazy("consults to answer"))
    open_work.register(
        "case.seat", seated, move_seated, label=gettext_lazy("seats in joint consults")
    )


def held(user: User) -> Iterable[Item]:
    """The cases that this doctor holds and that are not signed yet."""
    for case in Case.objects.filter(holder=user, status__in=HELD).order_by("pk")[:AT_ONCE]:
        yield _item(case.pk, case, case.get_status_display())


def asked(user: User) -> Iterable[Item]:
    """What they were asked and have not answered, taking over included."""
    for offer in _offers(user, status__in=Offer.WAITING):
        yield _item(offer.pk, offer.case, _("not answered yet"))


def seated(user: User) -> Iterable[Item]:
    """Their seats in joint consults: the chair's too, until enough have accepted."""
    for offer in _offers(user, SEAT, status=Offer.Status.ACCEPTED):
        yield _item(offer.pk, offer.case, offer.get_specialty_display())


def _offers(user: User, *also: Q, **wanted: object) -> Iterable[Offer]:
    offers = Offer.objects.filter(TO_COME, *also, doctor=user, **wanted).select_related("case")
    return offers.order_by("pk")[:AT_ONCE]


def _item(key: UUID, case: Case, state: str) -> Item:
    label = _("{no}, {kind}, {state}").format(
        no=case.number, kind=case.get_kind_display(), state=state
    )
    return Item(id=key, label=label, url=f"/cases/{case.pk}/", urgent=case.is_emergency)


def move(actor: Actor, user: User, to: User, item_id: UUID) -> None:
    """Who takes it has it at once; asked by somebody else, it stays until they accept."""
    move_case(actor=actor, holder=user, to=to, case_id=item_id)


def give(actor: Actor, user: User, to: User, item_id: UUID, reason: str) -> None:
    """Who leaves holds it no longer; the colleague has it at once."""
    give_case(actor=actor, holder=user, to=to, case_id=item_id, reason=reason)


def move_asked(actor: Actor, user: User, to: User, item_id: UUID) -> None:
    """Who takes it has accepted; asked by somebody else, they answer in place of the other."""
    move_offer(actor=actor, doctor=user, to=to, offer_id=item_id)


def move_seated(actor: Actor, user: User, to: User, item_id: UUID) -> None:
    """Who takes the seat sits in it at once; asked by somebody else, once they accept."""
    move_seat(actor=actor, doctor=user, to=to, offer_id=item_id)
