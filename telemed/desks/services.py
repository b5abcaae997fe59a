"""Taking a place at a desk, changing over, and leaving it."""

from secrets import token_urlsafe
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import policies
from telemed.core.doorbells import ring_group
from telemed.core.errors import Conflict, Forbidden, NotFound, require
from telemed.core.intentions import require_intention
from telemed.core.sockets import account_group
from telemed.desks import queries, rules
from telemed.desks.models import Desk, Seat
from telemed.people import signing
from telemed.people.models import User
from telemed.people.queries import find_key


def join_desk(*, actor: User, token: str, by_pin: bool, user_agent: str = "") -> tuple[str, Seat]:
    """
    A place for the rest of the day at the desk with this cookie, or at a new one; its cookie.

    `by_pin`: who comes was let in by a PIN, which gives no new place.
    """
    require_intention()
    here = actor.acting_organisation
    require(
        bool(policies.value(rules.SHARED, here.pk)), _("Your institution does not share desks.")
    )
    require(queries.may_sit(actor), _("Only doctors share a desk, never who keeps accounts."))
    require(not by_pin, _("Sign in with your password first, then take a place here."))
    if find_key(actor) is None:
        raise Conflict(
            _("Set a signing PIN first; with it you come back to this desk."), path="pin"
        )
    desk = queries.find_desk(token)
    if desk is None or desk.organisation_id != here.pk:
        token = token_urlsafe(32)
        desk = Desk.objects.create(organisation=here, digest=queries.digest_of(token))
    desk = Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
    today = timezone.localdate()
    desk.seats.filter(ended_at=None, day__lt=today).update(ended_at=timezone.now())
    seat = desk.seats.filter(user=actor, ended_at=None).first()
    if seat is None:
        if desk.seats.filter(ended_at=None).count() >= queries.MOST:
            raise Conflict(_("{n} people share this desk already.").format(n=queries.MOST))
        seat = Seat.objects.create(desk=desk, user=actor, day=today, user_agent=user_agent[:200])
        audit.record(action="desk.join", target=desk)
    return token, seat


def take_over(*, actor: User, token: str, seat_id: UUID, pin: str) -> Seat:
    """
    The actor takes the desk over with their PIN.

    The door opens the session; a wrong PIN it counts, as for `signing.sign`.
    """
    require_intention()
    seat = _seat(token, seat_id)
    if seat.user_id != actor.pk:
        raise NotFound(_("Nobody of that name has a place at this desk today."), path="seat")
    signing.check_pin(user=actor, pin=pin)
    audit.record(action="desk.take_over", target=seat.desk)
    return seat


def _seat(token: str, seat_id: UUID) -> Seat:
    desk = queries.find_desk(token)
    if desk is None:
        raise NotFound(_("This browser is no shared desk."), path="desk")
    return queries.get_seat(desk, seat_id)


def note_session(*, seat_id: UUID, session_key: str) -> None:
    """Which session a PIN opened, so that it ends with the place."""
    require_intention()
    Seat.objects.filter(pk=seat_id).update(session_key=session_key)


def note_wrong_pin(*, seat: Seat) -> None:
    """Who sat there then (the actor) tried a PIN for somebody."""
    require_intention()
    audit.record(action="desk.wrong_pin", target=seat.user, refused="forbidden")


def note_leaving(*, token: str) -> None:
    """The actor goes, and may come back with the PIN."""
    require_intention()
    desk = queries.find_desk(token)
    seated = desk and desk.seats.filter(user=_actor(), ended_at=None, day=timezone.localdate())
    if not desk or not seated or not seated.exists():
        raise Conflict(_("You have no place at this desk; sign out instead."), path="desk")
    audit.record(action="desk.leave", target=desk)


def _actor() -> User:
    actor = require_intention().actor
    if not isinstance(actor, User):
        raise Forbidden(_("Only people sit at a desk."))
    return actor


def end_seat(*, actor: User, seat_id: UUID) -> None:
    """One's own place, from anywhere: the PIN opens nothing there, and what it opened closes."""
    require_intention()
    seats = Seat.objects.select_for_update(no_key=True).filter(user=actor, pk=seat_id)
    if not seats.exists():
        raise NotFound(_("You have no such place."), path="seat")
    if _end(seats.filter(ended_at=None)):
        audit.record(action="desk.end", target=f"Seat/{seat_id}")


def end_seats(*, user: User, session_key: str = "") -> None:
    """All places of an account, or the one that its browser holds under that key."""
    require_intention()
    seats = Seat.objects.filter(user=user, ended_at=None)
    _end(seats.filter(session_key=session_key) if session_key else seats)


def leave_on_sign_out(*, user: User, token: str) -> None:
    """Who signs out at a desk has no place there any more."""
    require_intention()
    desk = queries.find_desk(token)
    if desk:
        _end(desk.seats.filter(user=user, ended_at=None))


def _end(seats: QuerySet[Seat]) -> int:
    found = list(seats)
    keys = [seat.session_key for seat in found if seat.session_key]
    Session.objects.filter(session_key__in=keys).delete()
    Seat.objects.filter(pk__in=[seat.pk for seat in found]).update(ended_at=timezone.now())
    for user_id in {seat.user_id for seat in found}:
        ring_group(account_group(user_id), type="account.doubted")
    return len(found)
