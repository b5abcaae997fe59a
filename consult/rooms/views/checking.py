"""What the ready check asks of us before its person comes in."""

from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consult.rooms import queries, ways
from telemed.core.errors import TooLarge
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

MOST = 512_000  # bytes of one try


@login_required
@require_GET
def relays(request: SignedIn, room_id: UUID) -> HttpResponse:
    """The servers over which one hears oneself, for who may enter now."""
    with intention(request.user, door="web"):
        queries.check_entry(request.user, room_id)
    servers, _seconds = ways.relays(uuid4())
    return _unkept(JsonResponse({"servers": servers}))


@login_required
@require_POST
def measure(request: SignedIn, room_id: UUID) -> HttpResponse:
    """Takes bytes and forgets them: the page measures how long they were under way."""
    if int(request.headers.get("Content-Length") or 0) > MOST:
        raise TooLarge(_("This is more than a line is measured with."))
    with intention(request.user, door="web"):
        queries.check_entry(request.user, room_id)
    return _unkept(HttpResponse(status=204))


def _unkept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
