"""Links of guests, and what they open now."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from consult.guests.models import Link
from consult.guests.secrets import KIND
from consult.rooms.links import Standing, by_cookie
from consult.rooms.models import Participant, Role, Room
from consult.rooms.permissions import may_host
from consult.rooms.queries import get_participant
from telemed.core import moments
from telemed.core.errors import NotFound, require
from telemed.notifications.persons import Person
from telemed.people.models import User

SHOWN = [
    *("holder", "made_by__acting_as__organisation"),
    *("room__case__asking", "room__case__asked", "room__visit__organisation"),
]


def good_links() -> QuerySet[Link]:
    """Those that open their room now. Who is in stays until the room ends."""
    inside = Participant.objects.filter(
        room=OuterRef("room"), user=OuterRef("holder"), status=Participant.Status.ADMITTED
    )
    links = Link.objects.filter(Q(expires_at__gt=moments.now()) | Exists(inside), ended_at=None)
    return links.exclude(room__status=Room.Status.ENDED).filter(holder__is_active=True)


def get_link(token: str) -> Link:
    """Raises NotFound for what was never a link of ours."""
    link = Link.objects.select_related(*SHOWN).filter(digest=KIND.digest_of(token)).first()
    if link is None:
        raise NotFound(_("There is no such link. Look at the message again, or ring."))
    return link


def standing_of(link: Link, cookie: str) -> Standing:
    """As it is for this browser, now: an ended one was replaced where the guest has a good one."""
    good = good_links().filter(room=link.room_id, holder=link.holder_id)
    return link.standing(KIND.browser_of(cookie), is_over=not good.exists())


def find_entered(cookie: str, room_id: UUID) -> Link | None:
    """The link by which this browser entered that room, while it opens it."""
    entered = Link.objects.entered_by([KIND.browser_of(cookie)]).filter(room=room_id)
    return good_links().filter(pk__in=entered.values("pk")).select_related(*SHOWN).first()


def find_once_entered(cookie: str, room_id: UUID) -> Link | None:
    """The newest link by which this browser ever entered that room; its door says how it stands."""
    links = Link.objects.once_entered_by([KIND.browser_of(cookie)]).filter(room=room_id)
    return links.select_related(*SHOWN).order_by("-pk").first()


def glance_at_links(cookies: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """By cookie: all that a holder's right to be there follows from."""
    browsers = by_cookie(KIND, cookies)
    entered = Link.objects.entered_by(browsers)
    good = good_links().filter(pk__in=entered.values("pk")).order_by("pk")
    found: dict[str, tuple[Any, ...]] = {}
    for pk, browser in good.values_list("pk", "browser"):
        found[browsers[browser]] = (*found.get(browsers[browser], ()), pk)
    return found


def links_of(actor: User, room_id: UUID) -> list[tuple[Link, Participant]]:
    """The guests of a room by their links, for its hosts; those that were taken back are not."""
    place = get_participant(actor, room_id)
    require(may_host(place.role), _("Only the doctors and the coordinator of this case do that."))
    links = Link.objects.filter(room=room_id, ended_at=None).order_by("pk")
    places = {place.user_id: place for place in place.room.participants.all()}
    return [(link, places[link.holder_id]) for link in links.select_related("holder")]


def count_residents(room: Room, *, besides: User | None) -> int:
    """Who has a place as the patient, or for them."""
    places = room.participants.filter(role=Role.RESIDENT).exclude(status=Participant.Status.REMOVED)
    return places.exclude(user=besides).count() if besides else places.count()


def look_up(link_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """For the messages: whom a link is for and at which number, while it is good."""
    links = good_links().filter(pk__in=list(link_ids)).select_related("holder")
    return {
        link.pk: Person(name=link.holder.name, phone=link.phone, mobile=link.phone)
        for link in links
    }


def nobody_at(number: str) -> dict[UUID, Person]:
    """A guest answers nothing by SMS."""
    return {}
