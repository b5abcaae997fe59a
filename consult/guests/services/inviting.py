"""A host asks somebody in who has no account, and takes it back."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.guests.models import Link
from consult.guests.permissions import MOST_RESIDENTS, may_come_as
from consult.guests.queries import count_residents, good_links
from consult.guests.secrets import KIND
from consult.rooms import services as rooms
from consult.rooms.models import Participant, Removal, Role, Room
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.intentions import require_intention
from telemed.notifications.queries import digits_of
from telemed.notifications.services import notify_person, settle
from telemed.notifications.services.preferring import PHONE
from telemed.people.models import User

LONGEST_NAME = 60


def invite(
    *, actor: User, room_id: UUID, name: str, phone: str, role: str, agreed: bool = False
) -> Link:
    """
    A place and its link, which goes out by SMS. Who is asked in already under that number keeps
    both: the link that they have is answered.

    Raises Invalid for what is no name, number or role and for an observer whom the patient did not
    agree to, Conflict where the room is full or the patient's side is there already.
    """
    require_intention()
    host = rooms.lock_host(actor, room_id)
    name, phone = _checked_name(name), _checked_phone(phone)
    rooms.check_coming(role, agreed=agreed, among=may_come_as(host.room.matter))
    if present := good_links().filter(room=host.room, phone=phone).first():
        return present
    holder = _find_holder(host.room, name, phone)
    _check_residents(host.room, role, besides=holder)
    _end(host.room, phone=phone)  # one that ran out, of whoever had that number
    holder = holder or rooms.make_holder(kind=KIND, name=name)
    rooms.seat_guest(host=host, user=holder, role=role, agreed=agreed, by_link=True)
    return _make(host, holder, phone)


def renew(*, actor: User, room_id: UUID, user_id: UUID) -> Link:
    """A new link to the same place; the former one opens nothing any more."""
    require_intention()
    host = rooms.lock_host(actor, room_id)
    former = _newest(host.room, user_id)
    role = host.room.participants.get(user=former.holder).role
    _check_residents(host.room, role, besides=former.holder)
    _end(host.room, holder=former.holder_id)
    _end(host.room, phone=former.phone)
    rooms.seat_guest(host=host, user=former.holder, role=role, agreed=False, by_link=True)
    return _make(host, former.holder, former.phone)


def take_back(*, actor: User, room_id: UUID, user_id: UUID) -> None:
    """The guest is not awaited any more; who is in is put out. Done twice, it is done once."""
    require_intention()
    host = rooms.lock_host(actor, room_id)
    _newest(host.room, user_id)
    rooms.remove_participant(
        actor=actor, room_id=room_id, user_id=user_id, reason=Removal.DONE
    )  # which ends the link: following.py


def end_links(room: Room, **whose: object) -> None:
    """Of a locked room: nobody is told any more, and nobody comes in by them."""
    require_intention()
    _end(room, **whose)


def _end(room: Room, **whose: object) -> None:
    links = list(Link.objects.filter(room=room, ended_at=None, **whose))
    rooms.end_links(links)
    for link in links:
        settle(about=link.pk)


def _make(host: Participant, holder: User, phone: str) -> Link:
    link = Link(room=host.room, holder=holder, phone=phone, made_by=host.user)
    link.expires_at = moments.now() + Link.GOOD_FOR
    rooms.keep_link(kind=KIND, link=link)
    patient_id = host.room.matter.patient_id
    audit.record(action="guest.link_make", target=f"GuestLink/{link.pk}", patient_id=patient_id)
    organisation = host.user.acting_organisation
    notify_person(
        person_id=link.pk,
        template="room.invite",
        about=link.pk,
        desk=organisation.pk,
        pressing=True,
        rings_later=True,  # the host is there, and reads the link out
        org=organisation.name,
    )
    return link


def _newest(room: Room, user_id: UUID) -> Link:
    links = Link.objects.filter(room=room, holder=user_id).select_related("holder")
    link = links.order_by("-pk").first()
    if link is None:
        raise NotFound(_("Nobody like that was asked into this room by a link."), path="user")
    return link


def _check_residents(room: Room, role: str, *, besides: User | None) -> None:
    if role == Role.RESIDENT and count_residents(room, besides=besides) >= MOST_RESIDENTS:
        said = _("The patient's side has its {n} places already.").format(n=MOST_RESIDENTS)
        raise Conflict(said, path="role")


def _find_holder(room: Room, name: str, phone: str) -> User | None:
    """Who comes once more keeps their place in the log."""
    links = Link.objects.filter(room=room, phone=phone, holder__name=name)
    link = links.select_related("holder").order_by("-pk").first()
    return link.holder if link else None


def _checked_name(name: str) -> str:
    if not name.strip():
        raise Invalid(_("Enter the name of your guest."), path="name")
    return name.strip()[:LONGEST_NAME]


def _checked_phone(phone: str) -> str:
    digits = digits_of(phone.replace(" ", "").replace("-", ""))
    if not PHONE.fullmatch(digits):
        raise Invalid(_("This is no mobile number: eleven digits, from 13 to 19."), path="phone")
    return digits
