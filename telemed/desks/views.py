"""The shared desk of this browser: who sits here, and who comes next."""

from uuid import UUID

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from telemed.core.doorbells import ring_group
from telemed.core.doors import form_at
from telemed.core.errors import NotFound
from telemed.core.intentions import System, intention
from telemed.core.sockets import account_group
from telemed.desks import forms, queries, services
from telemed.desks.middleware import COOKIE
from telemed.desks.models import Desk, Seat
from telemed.people import sessions, signing
from telemed.people.models import User
from telemed.people.queries import find_key
from telemed.people.refusals import counting_wrong_pins
from telemed.people.sessions import SignedIn

BY_PIN = "by_pin"  # in the session: no password opened it
NOBODY = System("shared-desk")
DAY = 24 * 3600  # seconds; a place lasts no longer than its day anyway


@sensitive_post_parameters()
@form_at("desks:desk")
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Who may take this browser over with a PIN; also where nobody is signed in."""
    found = queries.find_desk(_token(request))
    if request.method == "POST":
        if found is None:
            raise NotFound(_("This browser is no shared desk."), path="desk")
        return _take_over(request, found)
    me = request.user if isinstance(request.user, User) else None
    seats = queries.seats_of(found) if found else []
    context = {
        "desk": found,
        "seats": seats,
        "others": [seat for seat in seats if me is None or seat.user_id != me.pk],
        "mine": next((seat for seat in seats if me and seat.user_id == me.pk), None),
        "elsewhere": [s for s in queries.own_seats(me) if s.desk != found] if me else [],
        "may_sit": bool(me and queries.may_sit(me)),
        "has_pin": bool(me and find_key(me)),
        "by_pin": request.session.get(BY_PIN, False),
    }
    return render(request, "desks/desk.html", context)


def _take_over(request: HttpRequest, found: Desk) -> HttpResponse:
    seat_id, pin = forms.TakeOverForm(request.POST).read()
    seat = queries.get_seat(found, seat_id)
    user, before = seat.user, request.user if isinstance(request.user, User) else None
    try:
        with counting_wrong_pins(user, door="web"), intention(user, door="web"):
            services.take_over(actor=user, token=_token(request), seat_id=seat_id, pin=pin)
    except signing.WrongPin:
        with intention(before or NOBODY, door="web"):
            services.note_wrong_pin(seat=seat)
        raise
    _change_over(request, seat, user)
    messages.success(request, _("You work as {who} now.").format(who=user.name))
    return redirect("/")


def _change_over(request: HttpRequest, seat: Seat, user: User) -> None:
    """Nothing of the session before is kept: who left has none, and their sockets close."""
    _forget(request)
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[BY_PIN] = True
    request.session.save()
    sessions.enlist(request)
    with intention(user, door="web"):
        services.note_session(seat_id=seat.pk, session_key=request.session.session_key or "")


def _forget(request: HttpRequest) -> None:
    before = request.user.pk
    auth.logout(request)
    if before:
        ring_group(account_group(before), type="account.doubted")


@login_required
@form_at("desks:desk")
@require_POST
def join(request: SignedIn) -> HttpResponse:
    """From now on one comes back to this browser with the PIN, until midnight."""
    with intention(request.user, door="web"):
        token, _seat = services.join_desk(
            actor=request.user,
            token=_token(request),
            by_pin=request.session.get(BY_PIN, False),
            user_agent=request.headers.get("User-Agent", ""),
        )
    response = redirect("desks:desk")
    response.set_cookie(
        COOKIE,
        token,
        max_age=DAY,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@login_required
@form_at("desks:desk")
@require_POST
def leave(request: SignedIn) -> HttpResponse:
    """Nobody sits here until somebody's PIN opens it."""
    with intention(request.user, door="web"):
        services.note_leaving(token=_token(request))
    _forget(request)
    return redirect("desks:desk")


@login_required
@form_at("desks:desk")
@require_POST
def end(request: SignedIn, seat_id: UUID) -> HttpResponse:
    """A place of one's own is given up, here or at another desk."""
    with intention(request.user, door="web"):
        services.end_seat(actor=request.user, seat_id=seat_id)
    messages.success(request, _("The place is given up; your PIN opens nothing there."))
    return redirect("desks:desk")


def _token(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")[:100]
