"""The pages that a one-time link opens: its door, the waiting room and the room itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from consult.rooms import queries
from consult.rooms.links import Kind, OneTimeLink, Standing, new_browser
from consult.rooms.models import Participant, Room
from consult.rooms.permissions import role_at
from consult.rooms.views import rooms as pages
from consult.rooms.views.guests import KEPT_OUT
from telemed.audit import refusals
from telemed.core.errors import DomainError, NotFound
from telemed.core.intentions import System, intention

STATUS = {Standing.ELSEWHERE: 409, Standing.REPLACED: 410, Standing.OVER: 410}
LIFE = 24 * 3600  # seconds
L = TypeVar("L", bound=OneTimeLink)


@dataclass(frozen=True)
class Linked(Generic[L]):
    """
    One kind of links, and the namespace of their addresses. The slice says which link a token or a
    cookie is, what entering and knocking do, and what stands at the door and in the waiting room.
    """

    kind: Kind
    space: str
    get: Callable[[str], L]
    find_entered: Callable[[str, UUID], L | None]
    find_once_entered: Callable[[str, UUID], L | None]
    standing: Callable[[L, str], Standing]
    enter: Callable[..., Room]
    knock: Callable[..., Participant]
    at_door: Callable[[L], dict[str, Any]]
    waiting_words: Callable[[Participant], dict[str, str]]
    more: Callable[[dict[str, Any]], None] = lambda context: None  # changes to the room's page

    def urls(self, letter: str) -> list[URLPattern]:
        """Short: they stand in an SMS."""
        looked_at = require_http_methods(["GET", "HEAD", "POST"])
        room = f"{letter}/room/<uuid:room_id>/"
        return [
            path(room, require_GET(self.room), name="room"),
            path(f"{room}waiting/", require_GET(self.waiting), name="waiting"),
            path(f"{room}state/", require_GET(self.state), name="state"),
            path(f"{letter}/<str:token>/", looked_at(self.door), name="door"),
        ]

    def door(self, request: HttpRequest, token: str) -> HttpResponse:
        """Looking uses nothing up, because programs that preview messages look too."""
        with intention(self._nobody, door="web"):
            link = self.get(token)
        if request.method == "POST":
            return self._enter(request, link)
        return self._door(request, link)

    def into(self, room: Room, cookie: str) -> HttpResponse:
        """There, with the cookie that from now on opens it."""
        answer = redirect(f"{self.space}:room", room.pk)
        answer.set_cookie(
            self.kind.cookie,
            cookie,
            max_age=LIFE,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return answer

    def cookie_of(self, request: HttpRequest) -> str:
        """The browser's own, or a new one."""
        return request.COOKIES.get(self.kind.cookie) or new_browser()

    def room(self, request: HttpRequest, room_id: UUID) -> HttpResponse:
        """The room for who entered; until they are let in, the waiting room."""
        try:
            link = self._entered(request, room_id)
        except NotFound:
            once = self._once_entered(request, room_id)
            if once is None:
                raise
            return redirect(self.path_of(once))  # the door says what became of it
        with intention(link.holder, door="web"):
            place = self.knock(actor=link.holder, room_id=room_id)
            found = place.room
            role = role_at(found.matter, link.holder, place)
        if found.status == Room.Status.ENDED:
            return redirect(self.path_of(link))
        if place.status in KEPT_OUT:
            context = self.at_door(link) | {"room": found, "words": self.waiting_words(place)}
            return private(render(request, f"{self.space}/waiting.html", context))
        context = pages.about(found, back=self.path_of(link))
        context |= pages.beside_nothing()
        context |= pages.page(request, found, link.holder, role, {"studies": []})
        context["data"] |= {
            "socket": f"/ws/{self.space}/{room_id}/",
            "state": reverse(f"{self.space}:state", args=[room_id]),
            "back": self.path_of(link),
            "enters": True,
        }
        self.more(context)
        return private(pages.show(request, context))

    def waiting(self, request: HttpRequest, room_id: UUID) -> HttpResponse:
        """Asked every few seconds by the waiting room."""
        link = self._entered(request, room_id)
        with intention(link.holder, door="web"):
            place = self.knock(actor=link.holder, room_id=room_id)
        over = place.status in KEPT_OUT or place.room.status == Room.Status.ENDED
        return JsonResponse({"may_enter": not over, **self.waiting_words(place)})

    def state(self, request: HttpRequest, room_id: UUID) -> HttpResponse:
        """204 while one may be in the room; the script asks when its socket is refused."""
        link = self._entered(request, room_id)
        with intention(link.holder, door="web"):
            queries.check_entry(link.holder, room_id)
        return HttpResponse(status=204)

    def path_of(self, link: L) -> str:
        return reverse(f"{self.space}:door", args=[self.kind.token_of(link.pk)])

    @property
    def _nobody(self) -> System:
        """Before it is known whose a link is."""
        return System(f"{self.kind.cookie}-links")

    def _enter(self, request: HttpRequest, link: L) -> HttpResponse:
        cookie = self.cookie_of(request)
        try:
            with intention(link.holder, door="web"):
                entered = self.enter(actor=link.holder, link=link, cookie=cookie)
        except DomainError as error:
            action = f"{self.kind.cookie}.enter"
            refusals.note(link.holder, door="web", action=action, error=error)
            with intention(self._nobody, door="web"):
                link.refresh_from_db()
            return self._door(request, link)
        return self.into(entered, cookie)

    def _door(self, request: HttpRequest, link: L) -> HttpResponse:
        with intention(link.holder, door="web"):
            standing = self.standing(link, request.COOKIES.get(self.kind.cookie, ""))
            context = self.at_door(link) | {"standing": standing}
        page = render(request, f"{self.space}/door.html", context, status=STATUS.get(standing, 200))
        return private(page)

    def _once_entered(self, request: HttpRequest, room_id: UUID) -> L | None:
        with intention(self._nobody, door="web"):
            return self.find_once_entered(request.COOKIES.get(self.kind.cookie, ""), room_id)

    def _entered(self, request: HttpRequest, room_id: UUID) -> L:
        """Raises NotFound: another's, taken back, replaced, over, or never entered here."""
        with intention(self._nobody, door="web"):
            link = self.find_entered(request.COOKIES.get(self.kind.cookie, ""), room_id)
        if link is None:
            raise NotFound(_("Your link opens this room no longer."), path=f"Room/{room_id}")
        return link


def private(answer: HttpResponse) -> HttpResponse:
    """Kept nowhere, found by no search."""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
